"""Pictures of the explorer for `docs/explorer`, from made-up news: a day, a story and two articles; light, dark and narrow.

    python -m benchmarks.explorer_pictures [--out docs/explorer] [--warehouse W --landing L] [--every]

Without a warehouse, one of the ten days of `showcase.py` is made first (half a minute). With `--every`, every kind of page is taken, whole: to
look at after a change. It needs Chromium on the PATH.
"""

import argparse
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import uvicorn
from fastapi.testclient import TestClient
from playwright.sync_api import sync_playwright

from benchmarks import showcase
from pipeline.app import request
from pipeline.day.desk import WorkDesk
from pipeline.day.run import run_day
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.explorer.guard import Access
from pipeline.explorer.snapshot import Library
from pipeline.explorer.source import Source
from pipeline.explorer.web import create_app

SHAPES = {
    "light": {"color_scheme": "light", "viewport": {"width": 1000, "height": 960}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1000, "height": 960}},
    "narrow": {"color_scheme": "light", "viewport": {"width": 390, "height": 844}},
}
_SHOWN = ("day", "story", "pair")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=Path("docs/explorer"))
    parser.add_argument("--warehouse")
    parser.add_argument("--landing")
    parser.add_argument("--every", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        landing, warehouse = asked.landing, asked.warehouse
        if warehouse is None:
            landing, warehouse = made(Path(scratch))
        desk = request.desk(landing=landing, warehouse=warehouse)
        source = Source(Library(desk.warehouse), desk.settings, lambda: desk, request.today)
        paths = pages(TestClient(create_app(source, Access()), base_url="http://127.0.0.1"))
        chosen = paths if asked.every else {name: paths[name] for name in _SHOWN}
        asked.out.mkdir(parents=True, exist_ok=True)
        with served(source) as address:
            take(address, chosen, asked.out, whole=asked.every)


def made(root: Path) -> tuple[str, str]:
    """The landing zone and the warehouse of the showcase."""
    landing, warehouse = str(root / "landing"), str(root / "warehouse")
    known = request.desk(landing=landing, warehouse=warehouse)
    desk = WorkDesk(known.landing, known.warehouse, known.settings, EmbeddedEngine(1))
    for day in showcase.deliver(root / "landing"):
        run_day(desk, day)
    return landing, warehouse


def pages(client: Any) -> dict[str, str]:
    """The address of a page of each kind."""
    stories = client.get("/api/v1/stories").json()["items"]
    story = client.get(f"/api/v1/stories/{stories[0]['story_id']}").json()
    members = [m for g in story["groups"] for m in (g["head"], *g["copies"])]
    near = next((m for m in members if m["kind"] in {"excerpt", "near", "expanded"}), members[-1])
    report = next((m for m in members if m["kind"] == "report"), members[-1])
    articles = [client.get(f"/api/v1/articles/{m['article_id']}").json() for m in members]
    revised = next((one for one in articles if one["versions"]), articles[0])
    rejects = client.get("/api/v1/rejects").json()["items"]
    found = {
        "day": f"/days/{stories[0]['first_date']}",
        "stories": "/stories",
        "story": f"/stories/{stories[0]['story_id']}",
        "pair": f"/pairs/{near['article_id']}/{near['matched_id']}",
        "report": f"/pairs/{report['article_id']}/{report['matched_id']}",
        "article": f"/articles/{story['story']['story_id']}",
        "revised": f"/articles/{revised['article_id']}",
        "why": f"/articles/{report['article_id']}/why",
        "rejects": "/rejects",
        "thresholds": "/thresholds",
        "flows": "/flows",
        "health": "/health",
        "api": "/api",
        "none": "/stories?words=zzz",
        "error": "/nope",
    }
    for one in rejects[:1]:
        found["reject"] = f"/rejects/{one['day']}?{urlencode({'ref': one['raw_ref']})}"
    return found


@contextmanager
def served(source: Source) -> Iterator[str]:
    """The address at which the explorer answers meanwhile."""
    server = uvicorn.Server(uvicorn.Config(create_app(source, Access()), port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def take(address: str, paths: dict[str, str], out: Path, *, whole: bool) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for shape, given in SHAPES.items():
            context = browser.new_context(**given)
            page = context.new_page()
            for name, path in paths.items():
                page.goto(f"{address}{path}", wait_until="networkidle")
                page.screenshot(path=out / f"{name}-{shape}.png", full_page=whole)
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
