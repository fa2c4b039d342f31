"""Damaged files of a warehouse: each place, damaged in each way, costs no more than the days that it belongs to."""

import errno
import shutil
from contextlib import nullcontext
from pathlib import Path
from typing import BinaryIO

import pytest

from pipeline.model.errors import (
    ContractError,
    DamagedError,
    InputChangedError,
    NewsfoldError,
    OvertakenError,
    PublishError,
)
from pipeline.model.internal_tables import BY_NAME
from pipeline.model.tables import ARTICLES
from pipeline.store import damage
from pipeline.store.local import LocalStorage
from pipeline.upkeep import repair, status
from pipeline.upkeep.status import State
from tests.conftest import published
from tests.damaged import DAMAGES, PLACES, TABLES, D, copied, place_of, quick, rot_end_of, three_days
from tests.world import DAYS, World


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patched:
        quick(patched)
        return three_days(tmp_path_factory.mktemp("made")).root


@pytest.fixture
def world(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    quick(monkeypatch)
    world = copied(made, tmp_path)
    assert [3 * [State.FRESH], 3 * [2]] == _seen(world)
    return world


def _seen(world: World) -> list[list[object]]:
    found = status.status(world.desk())
    return [[one.state for one in found], [one.counts["n_raw"] for one in found]]


@pytest.mark.parametrize("kind", DAMAGES)
@pytest.mark.parametrize("place", PLACES)
def test_a_damaged_file_costs_its_day_and_a_repair_gives_the_bytes_of_a_clean_pass(
    world: World, place: str, kind: str
) -> None:
    before = published(world.root / "warehouse")
    DAMAGES[kind](place_of(world, place))

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
    rot_end_of(path)

    with pytest.raises(DamagedError, match=f"{table} of {D}"):
        warehouse.read(contract, D)

    assert f"{table} is damaged" in list(map(str, status.status(world.desk(), [D])[0].reasons))
    list(repair.repair(world.desk(), DAYS[:3]))
    assert before == published(world.root / "warehouse")


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
    assert [] == [path for path in opened if path.endswith(".parquet") and "/index/" not in path]
    assert before == published(world.root / "warehouse")


def _every_kind(error: type[Exception]) -> list[type[Exception]]:
    return [error, *(kind for below in error.__subclasses__() for kind in _every_kind(below))]


@pytest.mark.parametrize(
    ("error", "is_damage"),
    [
        *((kind("it says itself what it is"), False) for kind in _every_kind(NewsfoldError)),
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


@pytest.mark.parametrize(
    ("error", "is_lost"),
    [
        (OSError("Corrupt page"), True),
        (ValueError("no JSON"), True),
        (DamagedError("damaged"), True),
        (InputChangedError("replaced"), True),
        (OvertakenError("replaced"), True),
        (ContractError("other columns"), True),
        (FileNotFoundError("gone"), True),
        (PublishError("the store does not answer"), False),
        (NewsfoldError("no room to put a table aside"), False),
        (OSError(errno.EMFILE, "too many open files"), False),
        (MemoryError(), False),
        (KeyboardInterrupt(), False),
    ],
)
def test_only_a_lost_file_is_passed_over(error: BaseException, is_lost: bool) -> None:
    told: list[Exception] = []
    with nullcontext() if is_lost else pytest.raises(type(error)), damage.skipped(told.append):
        raise error

    assert told == [error] * is_lost


def test_what_the_system_says_is_believed_the_second_time() -> None:
    """A file system over a network gives an input error, too, where its server did not answer in time."""
    said: list[Exception] = [OSError(errno.EIO, "bad sector")]

    def read() -> str:
        if said:
            raise said.pop()
        return "read"

    assert "read" == damage.twice(read)
    said += [OSError(errno.EIO, "bad sector")] * 2
    with pytest.raises(OSError, match="bad sector"):
        damage.twice(read)
    said += [ValueError("no JSON")]
    with pytest.raises(ValueError, match="no JSON"):
        damage.twice(read)


def test_a_table_that_could_not_be_read_for_a_moment_is_not_taken_for_damaged(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else what is made without its rows would be published over it."""
    warehouse, opened = world.desk().warehouse, LocalStorage.open

    def fail_once(storage: LocalStorage, path: str, version: str | None = None) -> BinaryIO:
        if path == warehouse.path(ARTICLES, D):
            monkeypatch.setattr(LocalStorage, "open", opened)
            raise OSError(errno.EIO, "no answer")
        return opened(storage, path, version)

    monkeypatch.setattr(LocalStorage, "open", fail_once)
    with pytest.raises(OSError, match="no answer"):
        warehouse.read(ARTICLES, D)
    assert warehouse.read(ARTICLES, D).num_rows
    assert 3 * [State.FRESH] == _seen(world)[0]
