"""A small warehouse to explore: two ordinary days, and one whose articles try everything that a page must not do."""

import json
import shutil
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from pipeline.day.run import run_day
from pipeline.store import layout
from pipeline.store.warehouse import Warehouse
from tests.test_source_health import keep, row
from tests.world import DAYS, World, be_quick

if TYPE_CHECKING:
    from pipeline.explorer.guard import Access
    from pipeline.explorer.limits import Rate
    from pipeline.explorer.snapshot import Library
    from pipeline.explorer.source import Source

FIRST, SECOND, HOSTILE = DAYS[0], DAYS[1], DAYS[2]
AFTER = HOSTILE + timedelta(5)
SCRIPT = "<script>alert('title')</script><img src=x onerror=alert(1)>"
LOADED = "http://198.51.100.9/track.png"
_BODY = (
    "The ferry Nordkap ran aground in fog off Landego with {n} passengers on board, the harbour office said on Monday.\n"
    "Captain Liv Hagerup told the radio that the rudder had not answered since the harbour of Moskenes. "
    + SCRIPT
)
HOSTILE_POOL: list[dict[str, Any]] = [
    {"title": f"{SCRIPT} \u202egnorw\u202c Nordkap", "text": _BODY.format(n=212), "outlet": "\"><b onmouseover='alert(2)'>Outlet"},
    {"title": "javascript links", "text": _BODY.format(n=9) + " " + "w" * 1_000_000, "url": "javascript:alert(3)", "outlet": "Echo"},
    {"title": '=HYPERLINK("http://x.example")', "text": _BODY.format(n=77) + "\u202e\u2066 turned \x07", "url": 'https://herald.example/x?a="><script>alert(4)</script>'},
    {"title": "{{ 7 * 7 }} {% raw %}", "text": _BODY.format(n=31) + f" <img src={LOADED}>", "outlet": "javascript:alert(5)"},
    {"title": "nul \x00 and \ud83d halves", "text": _BODY.format(n=55) + " \x00\x00 after NUL", "outlet": "o" * 100_000, "url": f"https://long.example/{'p' * 50_000}"},
    {"title": "t" * 1_000_000, "text": _BODY.format(n=44) + " " + " ".join(f"Word{n}x" for n in range(10_000)), "outlet": "Echo"},
    {"title": "short", "text": f"{SCRIPT} x"},
    {"url": "javascript:alert(6)", "text": "<b>x</b>"},
]  # fmt: skip


class Explored(NamedTuple):
    world: World
    library: "Library"
    source: "Source"


@pytest.fixture(scope="session")
def explored(tmp_path_factory: pytest.TempPathFactory) -> Explored:
    """The warehouse, published once; a test that changes it takes a copy."""
    with pytest.MonkeyPatch.context() as patch:
        be_quick(patch)
        world = World(tmp_path_factory.mktemp("explored") / "world")
        world.put(FIRST, "feed.jsonl", [0, 1, 2, 5, 6, 8, 10, 11])
        world.put(SECOND, "feed.jsonl", [3, 7, 12, 13, 14])
        desk = world.desk()
        folder = world.root / "landing" / f"day={HOSTILE}"
        folder.mkdir()
        lines = "\n".join(map(json.dumps, HOSTILE_POOL))
        (folder / "hostile<script>.jsonl").write_text(lines, encoding="utf-8")
        for day in (FIRST, SECOND, HOSTILE):
            run_day(desk, day)
        keep(
            desk.warehouse,
            row(SCRIPT, HOSTILE, "other_content", n_failed=3),
            row("o" * 2_000, HOSTILE, "silent"),
            row("\u202egnorw", HOSTILE, "moved"),
            row("Herald", HOSTILE, n_pages=1_234, median_lag_seconds=900),
        )
    return opened(world)  # behind the patches: the fixture lasts as long as all tests


def opened(world: World, warehouse: str = "warehouse") -> Explored:
    """The explorer of a world's warehouse."""
    from pipeline.explorer.snapshot import Library
    from pipeline.explorer.source import Source

    desk = world.desk(warehouse=warehouse)
    library = Library(Warehouse(desk.warehouse.storage))
    return Explored(world, library, Source(library, desk.settings, lambda: desk, lambda: AFTER))


def copied(explored: Explored, root: Path) -> World:
    """The world of its own for a test that changes it."""
    world = World(root)
    shutil.copytree(explored.world.root, root, dirs_exist_ok=True)
    (root / "warehouse" / layout.LANDING).unlink()  # it names the other landing zone
    return world


def client_of(
    source: "Source", access: "Access | None" = None, rate: "Rate | None" = None, **named: Any
) -> Any:
    """A client of the application, as a browser on this machine would ask."""
    from fastapi.testclient import TestClient

    from pipeline.explorer.guard import Access
    from pipeline.explorer.limits import Rate
    from pipeline.explorer.web import create_app

    app = create_app(source, access or Access(), rate or Rate(burst=1_000_000))
    return TestClient(app, base_url="http://127.0.0.1:8765", follow_redirects=False, **named)


def empty_source(root: Path) -> "Source":
    """The explorer of a warehouse without a day."""
    (root / "landing").mkdir(parents=True)
    return opened(World(root)).source
