"""What happens to the files of a warehouse: they are damaged, they rot, they are copied. And a warehouse of three days to try it on."""

import io
import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import strategies as st
from pyarrow import ArrowException

from pipeline.day import inputs
from pipeline.day.desk import Desk
from pipeline.day.run import run_day
from pipeline.extract import batch
from pipeline.model.errors import DamagedError
from pipeline.model.internal_tables import SIGNATURES, TERMS
from pipeline.model.tables import STORIES
from pipeline.store import layout, notes, parquet
from pipeline.store.local import LocalStorage
from pipeline.store.warehouse import Warehouse
from pipeline.upkeep import repair, status
from pipeline.upkeep.verify import verify
from tests.conftest import published
from tests.world import DAYS, World, at_once

D = DAYS[0]
TABLES = ("articles", "rejects", "links", "revisions", "flows", "additions", "memberships", "stories", "runs")
STATE = ("lines", "members", "signatures", "terms")
PLACES = {
    **{f"table {t}": f"{t}/day={D}/part-0.parquet" for t in TABLES},
    **{f"state {t}": f"_meta/state/{t}/day={D}/part-0.parquet" for t in STATE},
    **{f"manifest {t}": f"_meta/manifests/{t}/day={D}.json" for t in (*TABLES, *STATE)},
    "extracted": f"_meta/state/extracted/day={D}/*.parquet",
    "search index": f"_meta/search/day={D}/0000-0000.db",
    "list of damaged state": "_meta/damaged.json",
    "held": f"_meta/held/day={D}",
    "begun": f"_meta/begun/day={D}",
    "mark of retirement": "_meta/retired",
    "lock of a run": f"_meta/locks/run/{D}",
    "lock of stories": f"_meta/locks/stories/{D}",
}


class _Bare(LocalStorage):
    """A folder without an index: whoever reads it must ask for every manifest."""

    def open(self, path: str, version: str | None = None) -> BinaryIO:
        if path.startswith(layout.INDEX):
            raise FileNotFoundError(path)
        return super().open(path, version)


def bare(desk: Desk) -> Desk:
    """A desk that reads the warehouse without its index."""
    storage = desk.warehouse.storage
    assert isinstance(storage, LocalStorage)
    return Desk(desk.landing, Warehouse(_Bare(storage.root)), desk.settings)


def place_of(world: World, name: str) -> Path:
    """The file of that place; one that a run does not leave there is put there."""
    path = world.root / "warehouse" / PLACES[name]
    path = next(iter(sorted(path.parent.glob(path.name))), path)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.write_bytes(b"{}")
    return path


def _flip(path: Path) -> None:
    """Flip a bit in the middle; of extracted documents the first one from there on which the rows depend."""
    data = path.read_bytes()
    for at in range(len(data) // 2, len(data)):
        changed = data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :]
        path.write_bytes(changed)
        if "extracted" not in path.parts or _says(changed) != _says(data):
            return


def _says(data: bytes) -> str | None:
    """The digest of the rows of a Parquet file; None where it can't be read."""
    try:
        return parquet.digest(parquet.read(io.BytesIO(data)))
    except (ArrowException, OSError, DamagedError):
        return None


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


def rot_end_of(path: Path) -> None:
    """Flip the bits of the last bytes, which say how long the footer is, and let the file look as it did."""
    status = path.stat()
    with path.open("r+b") as handle:
        handle.seek(-8, os.SEEK_END)
        handle.write(b"\xff\xff\xff\x7f")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


INDEX = f"{layout.INDEX}/*/MONTH.parquet"
_TABLES = (*inputs.OWN, STORIES, SIGNATURES, TERMS)
files = st.sampled_from(
    [
        *(f"{layout.table(contract)}/DAY/part-0.parquet" for contract in _TABLES),
        *(f"{layout.MANIFESTS}/{contract.name}/DAY.json" for contract in _TABLES),
        f"{layout.EXTRACTED}/DAY/*.parquet",
        f"{layout.SEARCH}/DAY/*.db",
        f"{layout.BEGUN}/DAY",
        f"{layout.HELD}/DAY",
        layout.DAMAGED,
        INDEX,
    ]
)


def damage(world: World, name: str, day: date, kind: str) -> None:
    """A file of the day is damaged, if it is there; the state of every day can be told all the same."""
    for path in _files_of(world, name, day):
        DAMAGES[kind](path)
    desk = world.desk()
    found = status.status(bare(desk))

    assert repair.days_between(desk, None, None) == [one.day for one in found]
    assert found == status.status(desk)


def rot(world: World, name: str, day: date, where: float, bit: int) -> None:
    """A bit of a file of the day has flipped, and nothing about the file shows it: whoever reads everything again finds it."""
    for path in _files_of(world, name, day):
        data, standing = bytearray(path.read_bytes()), path.stat()
        if data:
            data[int(where * len(data))] ^= 1 << bit
            with path.open("r+b") as handle:
                handle.write(data)
            os.utime(path, ns=(standing.st_atime_ns, standing.st_mtime_ns))
    read_again(world)


def _files_of(world: World, name: str, day: date) -> list[Path]:
    pattern = name.replace("DAY", f"day={day}").replace("MONTH", f"{day:%Y-%m}")
    return [path for path in sorted((world.root / "warehouse").glob(pattern)) if path.is_file()]


def read_again(world: World) -> None:
    """Whatever is wrong with a warehouse can be told, and telling it changes no table."""
    before = published(world.root / "warehouse")
    list(verify(world.desk().warehouse))

    assert before == published(world.root / "warehouse")


def copy(world: World) -> None:
    """The warehouse is a copy: the same bytes in files of other versions."""
    back_up(world, "copied")
    restore(world, "copied")


def back_up(world: World, to: str = "backup") -> None:
    """Every file is copied; a pipe, or links in a circle, are left out, as they are by most who copy."""
    top = world.root / "warehouse"
    shutil.rmtree(world.root / to, ignore_errors=True)
    for path in sorted(top.rglob("*")):
        target = world.root / to / path.relative_to(top)
        if path.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        elif path.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)


def restore(world: World, of: str = "backup") -> None:
    """The warehouse is as it was; documents and settings are those of now."""
    if (world.root / of).exists():
        shutil.rmtree(world.root / "warehouse", ignore_errors=True)
        (world.root / of).rename(world.root / "warehouse")


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
