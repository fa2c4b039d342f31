"""Files of a warehouse of three days, and ways to damage them."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.day.run import run_day
from pipeline.extract import batch
from pipeline.store import notes
from pipeline.upkeep import repair
from tests.world import DAYS, World, at_once

D = DAYS[0]
TABLES = ("articles", "rejects", "links", "revisions", "flows", "memberships", "stories", "runs")
STATE = ("lines", "members", "signatures", "terms")
PLACES = {
    **{f"table {t}": f"{t}/day={D}/part-0.parquet" for t in TABLES},
    **{f"state {t}": f"_meta/state/{t}/day={D}/part-0.parquet" for t in STATE},
    **{f"manifest {t}": f"_meta/manifests/{t}/day={D}.json" for t in (*TABLES, *STATE)},
    "extracted": f"_meta/state/extracted/day={D}/*.parquet",
    "list of damaged state": "_meta/damaged.json",
    "held": f"_meta/held/day={D}",
    "begun": f"_meta/begun/day={D}",
    "mark of retirement": "_meta/retired",
    "lock of a run": f"_meta/locks/run/{D}",
    "lock of stories": f"_meta/locks/stories/{D}",
}


def place_of(world: World, name: str) -> Path:
    """The file of that place; one that a run does not leave there is put there."""
    path = world.root / "warehouse" / PLACES[name]
    path = next(iter(sorted(path.parent.glob(path.name))), path)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.write_bytes(b"{}")
    return path


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    if data:
        data[len(data) // 2] ^= 4
    path.write_bytes(data)


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "somebody's").write_bytes(b"x")


def _circle(path: Path) -> None:
    path.unlink()
    path.symlink_to(path)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "cut short": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "a bit flipped": _flip,
    "not UTF-8": lambda path: path.write_bytes(b"\xff\xfe\x00\xc3"),
    "null": lambda path: path.write_bytes(b"null"),
    "a list": lambda path: path.write_bytes(b'[{"a": 1}]'),
    "a folder": _folder,
    "a pipe": _pipe,
    "links in a circle": _circle,
}


def rot(path: Path) -> None:
    """Flip the bits of the last bytes, which say how long the footer is, and let the file look as it did."""
    status = path.stat()
    with path.open("r+b") as handle:
        handle.seek(-8, os.SEEK_END)
        handle.write(b"\xff\xff\xff\x7f")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def quick(patched: pytest.MonkeyPatch) -> None:
    """Parse without child processes, and trust the machine not to lose power."""
    patched.setattr(batch, "guard", at_once)
    patched.setattr(os, "fsync", lambda _: None)


def three_days(root: Path) -> World:
    """Three days, run once in order; the second and third have parts in stories of the first."""
    world = World(root)
    world.put(DAYS[0], "a.jsonl", [0, 5])
    world.put(DAYS[1], "a.jsonl", [1, 8])
    world.put(DAYS[2], "a.jsonl", [2, 9])
    for day in DAYS[:3]:
        run_day(world.desk(), day)
    return world


def copied(made: Path, root: Path) -> World:
    """A copy of a world, whose warehouse was repaired once: what was copied has other versions."""
    world = World(root)
    shutil.copytree(made, root, dirs_exist_ok=True)
    storage = world.desk().warehouse.storage
    notes.note_landing(storage, (root / "landing").as_uri(), storage.version("_meta/landing.json"))
    list(repair.repair(world.desk(), DAYS[:3]))
    return world
