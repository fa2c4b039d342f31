"""The explorer in a real browser: no dialog, no error, nothing that the policy blocks, nothing serious that axe-core finds."""

import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.chromium import faults_of
from tests.explored import FIRST, HOSTILE, LOADED, Explored, client_of

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("explorer")]
SCREENS = {"light": (1200, 900), "dark": (360, 740)}  # each scheme on one size: colours do not depend on it


@pytest.fixture(scope="module")
def address(explored: Explored) -> Iterator[str]:
    """The explorer, served."""
    import uvicorn

    from pipeline.explorer.guard import Access
    from pipeline.explorer.web import create_app

    server = uvicorn.Server(uvicorn.Config(create_app(explored.source, Access()), port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def paths(explored: Explored) -> list[str]:
    """Every kind of page, on the ordinary days and on the hostile one."""
    client = client_of(explored.source)
    found = [
        "/",
        "/stories",
        "/stories?words=nordkap",
        "/rejects",
        "/flows",
        "/thresholds",
        "/health",
        "/api",
        "/nope",
    ]
    for when in (FIRST, HOSTILE):
        asked = {"first": str(when), "last": str(when), "sort": "size"}
        story = client.get("/api/v1/stories", params=asked).json()["items"][0]["story_id"]
        groups = client.get(f"/api/v1/stories/{story}").json()["groups"]
        ids = [m["article_id"] for g in groups for m in (g["head"], *g["copies"])]
        found += [f"/days/{when}", f"/stories/{story}", f"/articles/{ids[-1]}", f"/pairs/{ids[0]}/{ids[-1]}"]
    return found


@pytest.mark.parametrize("scheme", sorted(SCREENS))
def test_no_page_does_what_an_article_says_and_every_page_can_be_used(
    browser: Any, address: str, paths: list[str], scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    width, height = SCREENS[scheme]
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": height})
    for path in paths:
        page = context.new_page()
        faults = faults_of(page, address)
        page.goto(f"{address}{path}")
        expected = ["404" in one for one in faults] if path == "/nope" else []  # Chromium notes the status
        assert [True] * len(expected) == expected, path
        assert len(expected) == len(faults), (path, faults)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
            f"{path} is wider than the screen"
        )
        serious = [
            v for v in Axe().run(page).response["violations"] if v["impact"] in {"serious", "critical"}
        ]
        assert [] == [(v["id"], v["nodes"][0]["html"][:200]) for v in serious], path
        page.close()
    context.close()


def test_no_hostile_article_and_no_hostile_document_does_anything(
    browser: Any, address: str, explored: Explored
) -> None:
    """Scripts in headlines, addresses that are scripts, marks of direction, words of a megabyte, NULs, ten thousand rare words."""
    client = client_of(explored.source)
    asked = {"first": str(HOSTILE), "last": str(HOSTILE), "limit": "200"}
    stories = [one["story_id"] for one in client.get("/api/v1/stories", params=asked).json()["items"]]
    found = [client.get(f"/api/v1/stories/{one}").json() for one in stories]
    ids = [m["article_id"] for s in found for g in s["groups"] for m in (g["head"], *g["copies"])]
    refs = [one["raw_ref"] for one in client.get("/api/v1/rejects", params=asked).json()["items"]]
    paths = [f"/stories/{one}" for one in stories] + [f"/articles/{one}" for one in ids]
    paths += [f"/rejects/{HOSTILE}?{urlencode({'ref': one})}" for one in refs]
    assert len(ids) > 5
    assert refs
    page = browser.new_page(viewport={"width": 390, "height": 844})
    faults = faults_of(page, address)
    for path in paths:
        page.goto(f"{address}{path}")
        assert "newsfold" in page.title()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    assert not faults
    page.close()


def test_the_policy_holds_where_markup_would_get_through(browser: Any, address: str) -> None:
    """Were a page to let markup through, the browser would still run and load nothing of it."""
    page = browser.new_page()
    refused: dict[str, str] = {}
    page.on("requestfailed", lambda request: refused.update({request.url: request.failure}))
    page.goto(f"{address}/stories")
    page.evaluate(
        "html => { document.querySelector('main').insertAdjacentHTML('beforeend', html); }",
        f"<img src='{LOADED}' onerror='window.ran = 1'><a id='bad' href='javascript:window.ran = 1'>x</a>",
    )
    page.click("#bad")
    page.wait_for_timeout(200)

    assert page.evaluate("window.ran") is None
    assert {LOADED: "csp"} == refused
    page.close()


def test_a_list_goes_on_where_it_ends_and_what_was_read_does_not_move(
    browser: Any, address: str, explored: Explored
) -> None:
    total = client_of(explored.source).get("/api/v1/stories").json()["total"]
    page = browser.new_page(viewport={"width": 900, "height": 500})
    page.goto(f"{address}/stories?limit=1")
    top = page.locator("ol.list > li").first
    before = top.bounding_box()

    page.wait_for_function("n => document.querySelectorAll('ol.list > li').length === n", arg=total)

    assert before == top.bounding_box()
    links = page.eval_on_selector_all("ol.list h2 a", "all => all.map(a => a.href)")
    assert total == len(set(links))
    page.close()


def test_times_are_told_in_the_zone_of_the_reader_beside_utc(
    browser: Any, address: str, paths: list[str]
) -> None:
    context = browser.new_context(timezone_id="Asia/Tokyo", locale="en-GB")
    page = context.new_page()
    client_path = next(path for path in paths if path.startswith("/stories/"))
    page.goto(f"{address}{client_path}")

    assert "Asia/Tokyo" in page.inner_text("footer")
    times = page.eval_on_selector_all("time .local", "all => all.map(t => t.parentElement.textContent)")
    assert all("UTC" in text for text in times)
    context.close()


def test_the_content_is_one_key_away(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}/stories")
    page.keyboard.press("Tab")
    assert "Skip to the content" == page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    assert "main" == page.evaluate("document.activeElement.id")
    page.close()
