"""Takedowns that break off: the next one ends them, and nothing is left of what was removed."""

import errno
import shutil
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from pipeline.model.contract import Contract, Row
from pipeline.model.errors import NewsfoldError
from pipeline.model.tables import MEMBERSHIPS, STORIES
from pipeline.upkeep import repair, takedown
from tests.conftest import published
from tests.removed_world import REMOVAL, repaired, small, take_down, traces
from tests.world import DAYS, Killed, Stage, World


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    return small(tmp_path, monkeypatch)


def read(world: World, contract: Contract, day: date) -> list[Row]:
    return world.desk().warehouse.read(contract, day).to_pylist()


@pytest.mark.parametrize("n", [1, 10, 25, 40, 60, 80, 100, 130, 160, 200])
def test_who_is_killed_on_the_way_is_finished_by_the_next_repair(world: World, n: int) -> None:
    for day in DAYS[:2]:
        world.remove(day, "a.jsonl")
    take_down(world, REMOVAL)

    def kill() -> None:
        raise Killed

    desk = world.desk(n, kill)
    try:
        list(repair.repair(desk, DAYS))
    except Killed:
        repaired(world)
    struck = published(world.root / "warehouse")

    assert [] == traces(world.root / "warehouse")
    assert [] == repaired(world)
    assert struck == published(world.root / "warehouse")
    members = [m for day in DAYS for row in read(world, STORIES, day) for m in row["members"]]
    places = [
        row["article_id"]
        for day in DAYS
        for row in read(world, MEMBERSHIPS, day)
        if row["kind"] not in {"refetch", "revision"}
    ]
    assert sorted(places) == sorted(members)


@pytest.mark.parametrize("first", [1, *(pytest.param(n, marks=pytest.mark.long) for n in range(2, 9))])
@pytest.mark.parametrize(
    "error", [Killed(), OSError(errno.EMFILE, "too many"), OSError(errno.EIO, "no answer")]
)
def test_a_strike_that_breaks_off_anywhere_is_finished_by_the_next(
    world: World, first: int, error: BaseException
) -> None:
    """Also one that met an error without breaking off: no row goes that was not removed."""
    take_down(world, REMOVAL)
    before, warehouse = world.root / "before", world.root / "warehouse"
    shutil.copytree(warehouse, before)
    takedown.strike(world.desk(), (REMOVAL,), DAYS[0])
    struck = published(warehouse)

    def fail() -> None:
        raise error

    for n in range(first, 1000, 8):
        shutil.rmtree(warehouse)
        shutil.copytree(before, warehouse)
        desk = world.desk(n, fail)
        with suppress(type(error), OSError, NewsfoldError):
            takedown.strike(desk, (REMOVAL,), DAYS[0])
        takedown.strike(world.desk(), (REMOVAL,), DAYS[0])
        assert struck == published(warehouse), n
        stage = desk.warehouse.storage
        if isinstance(stage, Stage) and stage.left > 0:  # it came through before its n-th step
            return
    pytest.fail("no end")
