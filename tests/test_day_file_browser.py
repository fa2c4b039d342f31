"""The file of a day in a real browser, opened from a folder: nothing leaves, nothing runs, everybody can use it."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.explorer.day_file import day_file
from tests import made_day
from tests.chromium import SCREENS, faults_of
from tests.explored import FIRST, HOSTILE, LOADED, Explored

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("explorer")]
OPENED = "document.querySelectorAll('details').forEach(one => { one.open = true; })"


@pytest.fixture(scope="module")
def files(explored: Explored, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Addresses of an ordinary day, a hostile one, and one with stories of every size, of hostile words."""
    folder = tmp_path_factory.mktemp("files")
    large = made_day.snapshot(folder / "large", [400, 9, *[3] * 120], made_day.LONG[:1_000])
    made = {
        "ordinary": explored.library.answer(lambda snapshot: day_file(snapshot, FIRST, 0.25)),
        "hostile": explored.library.answer(lambda snapshot: day_file(snapshot, HOSTILE, 0.25)),
        "large": day_file(large, made_day.DAY, 0.25),
    }
    for name, file in made.items():
        (folder / f"{name}.html").write_bytes(file.data)
    return {name: (folder / f"{name}.html").as_uri() for name in made}


@pytest.mark.parametrize("size", sorted(SCREENS))
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["ordinary", "hostile", "large"])
def test_nothing_leaves_nothing_runs_and_it_can_be_used(
    browser: Any, files: dict[str, str], name: str, scheme: str, size: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    width, height = SCREENS[size]
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": height})
    page = context.new_page()
    faults = faults_of(page, files[name])
    page.goto(files[name])
    page.evaluate(OPENED)

    assert [] == faults
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "wider than the screen"
    assert "rgb(21, 24, 27)" == page.evaluate(
        "getComputedStyle(document.documentElement).backgroundColor"
    ) or (scheme == "light"), "its styles are not allowed"
    found = Axe().run(page).response["violations"]
    assert [] == [
        (v["id"], v["nodes"][0]["html"][:200]) for v in found if v["impact"] in {"serious", "critical"}
    ]
    context.close()


def test_it_needs_no_script(browser: Any, files: dict[str, str]) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(files["ordinary"])
    page.locator("details > summary").first.click()

    assert page.locator("details .text").first.is_visible()
    context.close()


def test_the_policy_holds_where_markup_would_get_through(
    browser: Any, files: dict[str, str], tmp_path: Path
) -> None:
    """Were an article's markup let through, the browser would still run and load nothing of it."""
    source = Path(files["ordinary"].removeprefix("file://")).read_text()
    bad = f"<img src='{LOADED}' onerror='window.ran = 1'><script>window.ran = 2</script><style>body {{ color: red }}</style>"
    (tmp_path / "bad.html").write_text(source.replace("</main>", f"{bad}</main>"))
    page = browser.new_page()
    blocked: dict[str, str] = {}
    page.on("requestfailed", lambda request: blocked.update({request.url: request.failure}))
    page.goto((tmp_path / "bad.html").as_uri(), wait_until="load")

    assert page.evaluate("window.ran") is None
    assert "rgb(255, 0, 0)" != page.evaluate("getComputedStyle(document.body).color")
    assert {LOADED: "csp"} == blocked
    page.close()
