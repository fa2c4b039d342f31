"""A day that is published while its documents still come."""

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.day import staged
from pipeline.day.run import cluster_day, run_day
from pipeline.model.tables import RUNS
from pipeline.upkeep import gate, repair, retention, status
from pipeline.upkeep.reasons import Why
from pipeline.upkeep.status import State
from tests.actions import documents
from tests.conftest import published
from tests.consumer import Consumer, tables
from tests.test_repair_sequences import scratch
from tests.world import DAYS, World, be_quick

DAY, NEXT = DAYS[:2]


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    be_quick(monkeypatch)


def _world(root: Path, *delivered: int) -> World:
    world = World(root)
    world.put(DAY, "a.jsonl", list(delivered))
    return world


@settings(
    max_examples=12,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(st.lists(documents, min_size=1, max_size=3), min_size=2, max_size=5))
def test_a_day_that_came_in_parts_is_at_its_end_as_one_that_was_run_once(parts: list[list[int]]) -> None:
    """Whoever follows the feed has the tables all the while."""
    with scratch("so-far") as root:
        world = _world(root, 0, 5)
        run_day(world.desk(), DAY)
        consumer = Consumer(root / "warehouse")
        for n, part in enumerate(parts):
            world.put(NEXT, f"{n}.jsonl", part)
            row = run_day(world.desk(), NEXT, so_far=True).row
            consumer.catch_up()
            assert not row["is_complete"]
            assert tables(root / "warehouse") == consumer.have
        run_day(world.desk(), NEXT)
        for day in (DAY, NEXT):
            assert run_day(world.desk(warehouse="clean"), day).row["is_complete"]

        assert published(root / "clean") == published(root / "warehouse")


def test_a_part_that_brings_nothing_writes_nothing(tmp_path: Path) -> None:
    world = _world(tmp_path, 0, 5)
    run_day(world.desk(), DAY, so_far=True)

    assert () == run_day(world.desk(), DAY, so_far=True).changed


def test_the_end_of_a_day_changes_its_run_alone_where_nothing_came(tmp_path: Path) -> None:
    world = _world(tmp_path, 0, 5)
    run_day(world.desk(), DAY, so_far=True)

    assert (RUNS.name,) == run_day(world.desk(), DAY).changed


def test_a_day_that_is_over_and_not_complete_is_stale_until_a_repair_completes_it(tmp_path: Path) -> None:
    world = _world(tmp_path, 0, 5)
    run_day(world.desk(), DAY, so_far=True)
    (today,) = status.status(world.desk(), [DAY], today=DAY)
    (tomorrow,) = status.status(world.desk(), [DAY], today=NEXT)

    assert (State.STALE, (Why.NOT_OVER.of(), Why.SO_FAR.of())) == (today.state, today.reasons)
    assert not today.is_due
    assert (State.STALE, (Why.SO_FAR.of(),)) == (tomorrow.state, tomorrow.reasons)
    assert "so far" == str(Why.SO_FAR.of())
    assert [] == list(repair.repair(world.desk(), [DAY], today=DAY))
    list(repair.repair(world.desk(), [DAY], today=NEXT))
    assert [State.FRESH] == [one.state for one in status.status(world.desk(), [DAY], today=NEXT)]


def test_a_day_after_one_that_is_completed_is_made_again(tmp_path: Path) -> None:
    world = _world(tmp_path, 0)
    run_day(world.desk(), DAY, so_far=True)
    world.put(NEXT, "a.jsonl", [1])
    run_day(world.desk(), NEXT)
    world.put(DAY, "b.jsonl", [5])
    list(repair.repair(world.desk(), [DAY, NEXT]))
    for day in (DAY, NEXT):
        run_day(world.desk(warehouse="clean"), day)

    assert published(tmp_path / "clean") == published(tmp_path / "warehouse")


def test_an_unfinished_day_is_no_measure_and_is_not_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its counts grow all day."""
    world = _world(tmp_path, 0, 5)
    run_day(world.desk(), DAY, so_far=True)
    seen: list[int] = []
    monkeypatch.setattr(gate.quality, "judge", lambda _counts, rows: seen.append(len(rows)) or ["odd"])
    made = cluster_day(world.desk(), DAY, so_far=True)
    gate.admit(world.desk(), made, with_range=True)
    assert [] == seen

    assert ["odd"] == gate.judge(world.desk().warehouse, NEXT, {})
    run_day(world.desk(), DAY)
    gate.judge(world.desk().warehouse, NEXT, {})
    assert [0, 1] == seen


def test_retention_does_not_count_a_day_that_is_not_complete(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.settings["window_days"] = 1
    for day in DAYS[:4]:
        world.put(day, "a.jsonl", [0])
        run_day(world.desk(), day, so_far=day == DAYS[3])
    due = partial(retention.due, world.desk().warehouse, world.desk().settings, 3)

    assert DAYS[0] == due(DAYS[3] + timedelta(days=1))
    run_day(world.desk(), DAYS[3])
    assert DAYS[1] == due(DAYS[3] + timedelta(days=1))


def test_a_staged_day_keeps_that_it_is_not_complete(tmp_path: Path) -> None:
    world = _world(tmp_path, 0)
    desk = world.desk()
    keys = {
        staged.put_down(desk.warehouse.storage, cluster_day(desk, DAY, so_far=so_far))
        for so_far in (True, False)
    }

    assert 2 == len(keys)
    assert {True, False} == {staged.pick_up(desk.warehouse.storage, key).so_far for key in keys}
