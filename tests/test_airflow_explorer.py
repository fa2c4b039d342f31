"""The explorer as people meet it in Airflow: log in, click it in the navigation, go from a day into a story.

It starts an API server on a database of its own, without a scheduler: a minute or two. `make soak-airflow` runs it.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.local_airflow import environment
from tests.chromium import chromium
from tests.explored import FIRST, HOSTILE, SECOND, Explored
from tests.live_airflow import ROOT, free_port, wait

pytestmark = [pytest.mark.soak, pytest.mark.xdist_group("airflow")]
USERS = {"admin": "admin-of-tests", "vera": "viewer-of-tests"}


@pytest.fixture(scope="module")
def address(explored: Explored, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where Airflow's API server is."""
    home, port = tmp_path_factory.mktemp("airflow"), free_port()
    (home / "passwords.json").write_text(json.dumps(USERS))
    env = environment(home, "", port) | {
        "NEWSFOLD_WAREHOUSE": explored.library.warehouse.storage.uri,
        "NEWSFOLD_LANDING": str(explored.world.root / "landing"),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "admin:admin,vera:viewer",
        "PYTHONPATH": str(ROOT),
    }
    program = str(Path(sys.executable).parent / "airflow")
    subprocess.run([program, "db", "migrate"], env=env, cwd=ROOT, check=True, capture_output=True)
    with (home / "log").open("wb") as log:
        server = subprocess.Popen([program, "api-server"], env=env, cwd=ROOT, stdout=log, stderr=log)
    try:
        wait(lambda: server.poll() is not None or answers(f"http://127.0.0.1:{port}"), 300, "the API server")
        assert server.poll() is None, (home / "log").read_text()[-2000:]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(60)


def answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/api/v2/version", timeout=10).is_success
    except httpx.HTTPError:
        return False


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    """A viewer's browser, logged in, at Airflow's first page."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(address)
    page.fill("input[name=username]", "vera")
    page.fill("input[name=password]", USERS["vera"])
    page.click("button[type=submit]")
    page.get_by_role("link", name="Stories").wait_for()
    yield page
    context.close()


def opened(page: Any) -> Any:
    """The explorer in its frame, from the navigation."""
    page.get_by_role("link", name="Stories").click()
    frame = page.frame_locator("iframe[title='Stories']")
    frame.locator("h1").wait_for()
    return frame


def test_a_viewer_goes_from_the_navigation_to_a_day_and_into_a_story(page: Any, address: str) -> None:
    faults: list[str] = []
    page.on(
        "console",
        lambda m: faults.append(m.text) if m.type == "error" and "/newsfold/" in m.location["url"] else None,
    )
    page.on("dialog", lambda dialog: faults.append(dialog.message))

    frame = opened(page)

    assert f"{HOSTILE.day}" in frame.locator("h1").inner_text()
    for day in (SECOND, FIRST):
        frame.locator("a[rel=prev]").click()
        frame.locator(f"h1:has-text('{day.day} March')").wait_for()
    frame.locator("ol.list h3 a").first.click()
    frame.get_by_role("heading", name="Who had it when").wait_for()
    assert [] == faults
    page.wait_for_url("**/plugin/newsfold/newsfold/stories/*")  # an address that can be shared
    shared = page.url
    page.goto(address)
    page.goto(shared)
    page.frame_locator("iframe").get_by_role("heading", name="Who had it when").wait_for()


def test_a_link_out_opens_a_tab_and_a_download_is_a_file(page: Any, address: str) -> None:
    """Airflow's frame allows no new tab, and most sites refuse to be shown in one."""
    frame = opened(page)
    frame.get_by_role("link", name="Stories", exact=True).click()
    with page.expect_download() as download:
        frame.get_by_role("link", name="CSV").click()
    assert "stories.csv" == download.value.suggested_filename
    asked = page.request.get(f"{address}/newsfold/api/v1/stories", params={"outlet": "Herald"})
    (story,) = asked.json()["items"]
    frame.locator(f"ol.list a[href$='{story['story_id']}']").click()
    frame.get_by_role("heading", name="The article to read").wait_for()
    with page.context.expect_page() as tab:
        frame.locator("a.out").first.click()
    assert page != tab.value
    frame.get_by_role("heading", name="The article to read").wait_for()


def test_without_a_login_the_browser_is_led_to_it_and_back(browser: Any, address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    answer = page.goto(f"{address}/newsfold/days/{FIRST}")
    assert 401 == answer.status
    page.click("a")
    page.fill("input[name=username]", "admin")
    page.fill("input[name=password]", USERS["admin"])
    page.click("button[type=submit]")

    page.wait_for_url(f"{address}/newsfold/days/{FIRST}")
    assert "From raw documents to stories" in page.content()
    context.close()


def test_a_program_sends_the_token_that_airflow_gave_it(address: str) -> None:
    said = {"username": "vera", "password": USERS["vera"]}
    given = httpx.post(f"{address}/auth/token", json=said, timeout=60).json()["access_token"]

    def status(**headers: str) -> int:
        return httpx.get(f"{address}/newsfold/api/v1/days", headers=headers, timeout=60).status_code

    assert [200, 401, 403] == [
        status(Authorization=f"Bearer {given}"),
        status(),
        status(Authorization="Bearer x"),
    ]
