"""A world in which a text is to be found: every place that it leaves traces in, and a search for it in every file of the warehouse."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipeline.day import run
from pipeline.model.removal import Removal, Target
from pipeline.store import removals
from pipeline.upkeep import repair
from tests.world import DAYS, World, be_quick

MARKER, TITLE = "quagmire", "Zeppelin"  # of the text and the headline that are to go
_SENTENCES = (
    "The quagmire below the Zeppelin hangar at Friedrichsruh swallowed two lorries of the firm Ostermann on Monday.",
    "Rescuers laid planks of larch across the quagmire, and pulled both drivers out with a rope from a balloon.",
    "The mayor, Greta Winkelried, said that the ground had been drained in 1911 and never looked at again since.",
    "Ostermann wants to pay for new drains, and the insurers have asked three geologists for their opinion on it.",
)
ADDRESS = "https://herald.example/quagmire-hangar"
REMOVAL = Removal(Target.ADDRESS, ADDRESS)


def document(address: str, *sentences: str, **more: Any) -> dict[str, Any]:
    return {
        "url": address,
        "text": "\n".join(sentences),
        "outlet": "Post",
        "fetched_at": "2026-03-05T10:00:00Z",
        **more,
    }


ORIGIN = document(ADDRESS, *_SENTENCES, title=f"{TITLE} hangar sinks", outlet="Herald")
REVISED = document(
    f"{ADDRESS}?utm_source=feed",
    _SENTENCES[0].replace("two lorries", "three lorries"),
    *_SENTENCES[1:],
    title=f"{TITLE} hangar sinks further",
    outlet="Herald",
    fetched_at="2026-03-06T10:00:00Z",
)
OTHERS = [
    document(
        f"https://post.example/{n}",
        f"The harbour{n} of town{n} sold boat{n} and crane{n} to uncle{n} for coins{n} on a rainy morning.",
        title=f"Boat{n}",
    )
    for n in range(8)
]
# Another newsroom's words of the same event: a report, which adds sentences to the story.
REPORT_ADDRESS = "https://courier.example/hangar"
REPORT = document(
    REPORT_ADDRESS,
    "Two Ostermann lorries sank below the Zeppelin hangar at Friedrichsruh, where mayor Greta Winkelried had warned of a quagmire.",
    "A balloon crew and planks of larch saved the drivers; the quagmire measures 4,312 square metres, surveyor Ilja Brandt found.",
    "Insurers of Ostermann have sent geologists, and Winkelried closes the drains of 1911 until they have reported.",
    title=f"Surveyor measures {TITLE} ground",
    outlet="Courier",
)
# Without the marker, so that what is left of the others' texts is no trace.
COPY = document("https://post.example/lorries", _SENTENCES[2], _SENTENCES[3], title="Drains of 1911")


def deliver(world: World, day: date, *documents: dict[str, Any], name: str = "a.jsonl") -> None:
    folder = world.root / world.landing / f"day={day}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("\n".join(map(json.dumps, documents)))


def small(root: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """`filled`, with windows of one day."""
    be_quick(monkeypatch)
    world = World(root)
    world.settings["window_days"] = 1
    return filled(world)


def filled(world: World) -> World:
    """Five days: the text on the first, an excerpt and a later version of the page on the second; others on all."""
    for n, day in enumerate(DAYS):
        deliver(world, day, OTHERS[n], *([ORIGIN] if not n else [REVISED, COPY] if n == 1 else []))
        run.run_day(world.desk(), day)
    return world


def take_down(world: World, *listed: Removal) -> None:
    removals.change(world.desk().warehouse.storage, lambda known: {*known, *listed})


def take_back(world: World) -> None:
    removals.change(world.desk().warehouse.storage, lambda _: set())


def repaired(world: World, **how: Any) -> list[date]:
    """The days that a repair runs."""
    desk = world.desk()
    return [found.day for found, _ in repair.repair(desk, repair.days_between(desk, None, None), **how)]


def traces(root: Path) -> list[str]:
    """The files that hold one of the words, in whatever case; Parquet decompressed, names of files and metadata too."""
    return sorted(p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file() and _has_trace(p))


def _has_trace(path: Path) -> bool:
    words = (MARKER.encode(), TITLE.lower().encode())
    content = path.read_bytes()
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        content += repr((table.to_pydict(), table.schema.metadata, pq.read_metadata(path).to_dict())).encode()
    if path.name.startswith("removed"):  # the list names the address
        content = content.replace(ADDRESS.encode(), b"")
    return any(word in content.lower() for word in words)
