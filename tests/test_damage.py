"""Damaged files of a warehouse: each place, damaged in each way, costs no more than the days that it belongs to."""

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from pipeline.day.run import run_day
from pipeline.extract import batch
from pipeline.model.errors import DamagedError
from pipeline.model.internal_tables import BY_NAME
from pipeline.store import damage, notes
from pipeline.store.local import LocalStorage
from pipeline.upkeep import repair, status
from pipeline.upkeep.status import State
from tests.conftest import published
from tests.world import DAYS, World, at_once

D = DAYS[0]
TABLES = ("articles", "rejects", "links", "revisions", "flows", "memberships", "stories", "runs")
STATE = ("lines", "members", "signatures", "terms")
PLACES = {
    **{f"table {t}": f"{t}/day={D}/part-0.parquet" for t in TABLES},
    **{f"state {t}": f"_meta/state/{t}/day={D}/part-0.parquet" for t in STATE},
    **{f"manifest {t}": f"_meta/manifests/{t}/day={D}.json" for t in (*TABLES, *STATE)},
    "held": f"_meta/held/day={D}",
    "begun": f"_meta/begun/day={D}",
    "mark of retirement": "_meta/retired",
    "lock of a run": f"_meta/locks/run/{D}",
    "lock of stories": f"_meta/locks/stories/{D}",
}


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


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three days, run once in order; the second and third have parts in stories of the first."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(batch, "guard", at_once)
        patched.setattr(os, "fsync", lambda _: None)
        world = World(tmp_path_factory.mktemp("made"))
        world.put(DAYS[0], "a.jsonl", [0, 5])
        world.put(DAYS[1], "a.jsonl", [1, 8])
        world.put(DAYS[2], "a.jsonl", [2, 9])
        for day in DAYS[:3]:
            run_day(world.desk(), day)
    return world.root


@pytest.fixture
def world(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(batch, "guard", at_once)
    monkeypatch.setattr(os, "fsync", lambda _: None)
    world = World(tmp_path)
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    notes.note_landing(
        world.desk().warehouse.storage, (tmp_path / "landing").as_uri(), _landing_version(world)
    )
    list(repair.repair(world.desk(), DAYS[:3]))  # what was copied has other versions
    assert [3 * [State.FRESH], 3 * [2]] == _seen(world)
    return world


def _seen(world: World) -> list[list[object]]:
    found = status.status(world.desk())
    return [[one.state for one in found], [one.counts["n_raw"] for one in found]]


def _landing_version(world: World) -> str:
    return world.desk().warehouse.storage.version("_meta/landing.json")


@pytest.mark.parametrize("kind", DAMAGES)
@pytest.mark.parametrize("place", PLACES)
def test_a_damaged_file_costs_its_day_and_a_repair_gives_the_bytes_of_a_clean_pass(
    world: World, place: str, kind: str
) -> None:
    before = published(world.root / "warehouse")
    path = world.root / "warehouse" / PLACES[place]
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.write_bytes(b"{}")
    DAMAGES[kind](path)

    states = {one.day: one for one in status.status(world.desk())}
    assert set(states) == set(DAYS[:3])
    if place.startswith("table") or place in {"state lines", "state members"}:
        assert states[D].state is State.INCOMPLETE
        assert place.split()[1] in " ".join(map(str, states[D].reasons))

    list(repair.repair(world.desk(), DAYS[:3]))

    after = status.status(world.desk())
    assert [(one.state, one.reasons) for one in after] == [(State.FRESH, ())] * 3
    assert before == published(world.root / "warehouse")


@pytest.mark.parametrize("table", [*TABLES, "lines", "members"])
def test_rot_that_no_time_shows_is_seen_once_the_file_is_read(world: World, table: str) -> None:
    """The disk changed a bit; size, time and inode are those that the manifest names. Whoever reads the table finds out."""
    before = published(world.root / "warehouse")
    warehouse, contract = world.desk().warehouse, BY_NAME[table]
    path = world.root / "warehouse" / warehouse.path(contract, D)
    _rot(path)

    with pytest.raises(DamagedError, match=f"{table} of {D}"):
        warehouse.read(contract, D)

    assert f"{table} is damaged" in list(map(str, status.status(world.desk(), [D])[0].reasons))
    list(repair.repair(world.desk(), DAYS[:3]))
    assert before == published(world.root / "warehouse")


def _rot(path: Path) -> None:
    """Flip the bits of the last bytes, which say how long the footer is, and let the file look as it did."""
    status = path.stat()
    with path.open("r+b") as handle:
        handle.seek(-8, os.SEEK_END)
        handle.write(b"\xff\xff\xff\x7f")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def test_the_tables_of_a_copy_are_read_once_and_then_known(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Inodes are others, rows are the same: repair confirms each table in its manifest, and later looks open none."""
    world = World(tmp_path)
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    desk = world.desk()
    desk.warehouse.storage.delete("_meta/landing.json")
    before = published(world.root / "warehouse")
    list(repair.repair(desk, DAYS[:3]))

    opened: list[str] = []
    real = LocalStorage.open

    def counted(self: LocalStorage, path: str, version: str | None = None) -> BinaryIO:
        opened.append(path)
        return real(self, path, version)

    monkeypatch.setattr(LocalStorage, "open", counted)
    found = status.status(world.desk(), DAYS[:3])

    assert [State.FRESH] * 3 == [one.state for one in found]
    assert [] == [path for path in opened if path.endswith(".parquet")]
    assert before == published(world.root / "warehouse")


@pytest.mark.parametrize(
    ("error", "is_damage"),
    [
        (OSError("Corrupt page"), True),
        (OSError(errno.EIO, "bad sector"), True),
        (IsADirectoryError(errno.EISDIR, "a folder"), True),
        (ValueError("no JSON"), True),
        (FileNotFoundError("s3://bucket/key"), False),
        (TimeoutError("timed out"), False),
        (ConnectionResetError("peer"), False),
        (OSError(errno.EMFILE, "too many open files"), False),
        (OSError(errno.ESTALE, "stale handle"), False),
        (MemoryError(), False),
    ],
)
def test_what_a_machine_or_a_store_may_give_a_moment_later_is_no_damage(
    error: Exception, is_damage: bool
) -> None:
    """It would make days again that nothing is wrong with."""
    assert damage.is_damage(error) == is_damage
