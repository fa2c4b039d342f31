"""Repair: which days it runs, why, and what it leaves alone."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pipeline.app.cli import app
from pipeline.day import run as running
from pipeline.day.desk import Desk
from pipeline.day.result import Day, RunReport
from pipeline.day.run import run_day
from pipeline.model import versions
from pipeline.model.tables import ARTICLES
from pipeline.upkeep import repair, status
from pipeline.upkeep.reasons import Why
from pipeline.upkeep.status import State
from tests.command import records
from tests.conftest import published
from tests.world import DAYS, World, be_quick


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parse without child processes, and trust the machine not to lose power."""
    be_quick(monkeypatch)
    monkeypatch.setattr(versions, "RULES", dict(versions.RULES))


@pytest.fixture
def world(fast: None, tmp_path: Path) -> World:
    """Five days that were run in order, each with texts that have nothing to do with the others'."""
    world = World(tmp_path)
    for day, delivered in zip(DAYS, [[0], [5], [8], [3], [6]], strict=True):
        world.put(day, "a.jsonl", delivered)
        run_day(world.desk(), day)
    return world


def _invoke(world: World, *arguments: str) -> Any:
    places = ["--landing", str(world.root / "landing"), "--warehouse", str(world.root / "warehouse")]
    return CliRunner().invoke(
        app, [*arguments, *places], env={"NEWSFOLD_WINDOW_DAYS": "2", "NEWSFOLD_MIN_WORDS": "4"}
    )


def test_nothing_is_run_when_all_is_fresh(world: World) -> None:
    assert [] == list(repair.repair(world.desk(), DAYS))
    assert [] == repair.plan(world.desk(), DAYS)


def test_a_touched_file_with_the_same_content_stops_the_repair_at_its_day(world: World) -> None:
    """The re-run gives the same rows, so no later day is stale."""
    world.put(DAYS[0], "a.jsonl", [0])
    before = published(world.root / "warehouse")

    assert [DAYS[0]] == [found.day for found, _ in repair.repair(world.desk(), DAYS)]
    assert before == published(world.root / "warehouse")


def test_only_days_that_read_the_changed_one_are_run(world: World) -> None:
    """A late file on the second day: the first is not touched, the others have it in their two windows."""
    world.put(DAYS[1], "late.jsonl", [9])

    assert DAYS[1:] == [found.day for found, _ in repair.repair(world.desk(), DAYS)]


def test_stories_that_began_before_are_written_where_they_changed_and_only_there(world: World) -> None:
    """A late copy of the first day's text: that day's stories have a new member, no others' file is touched."""
    storage = world.desk().warehouse.storage
    before = {e.path: e.version for e in storage.walk("stories")}
    world.put(DAYS[1], "late.jsonl", [1])

    list(repair.repair(world.desk(), DAYS))

    after = {e.path: e.version for e in storage.walk("stories")}
    assert [f"stories/day={DAYS[0]}/part-0.parquet"] == sorted(p for p in after if before[p] != after[p])


def test_a_late_reject_makes_only_those_days_stale_that_read_its_lines(world: World) -> None:
    """It changes no article, so that days which read no more than articles and memberships of its day stay fresh."""
    world.put(DAYS[1], "late.jsonl", [10])

    assert DAYS[4] not in [found.day for found, _ in repair.repair(world.desk(), DAYS)]


def test_the_plan_says_what_and_why(world: World) -> None:
    world.put(DAYS[2], "late.jsonl", [9])
    world.put(DAYS[4], "late.jsonl", [1])

    plan = repair.plan(world.desk(), DAYS)

    assert [(DAYS[2], "run"), (DAYS[3], "if changed"), (DAYS[4], "run")] == [(s.day, s.action) for s in plan]
    assert ((Why.RAW_DOCUMENTS.of(),), (Why.READS.of(DAYS[2]),)) == (plan[0].reasons, plan[1].reasons)


def test_a_repair_leaves_a_day_to_a_run_that_was_faster(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It says so, goes on with the other days, and nothing of the faster one's is lost."""
    world.put(DAYS[4], "late.jsonl", [9])
    publish = running.publish_day

    def slowly(desk: Desk, made: Day) -> RunReport:
        monkeypatch.setattr(running, "publish_day", publish)
        world.put(DAYS[4], "later.jsonl", [7])
        run_day(world.desk(), DAYS[4])
        return publish(desk, made)

    monkeypatch.setattr(running, "publish_day", slowly)

    assert [] == list(repair.repair(world.desk(), DAYS))

    assert f"day={DAYS[4]} was left to another run" in caplog.text
    assert {State.FRESH} == {s.state for s in status.status(world.desk())}
    assert 3 == world.desk().warehouse.read(ARTICLES, DAYS[4]).num_rows


def test_a_range_is_repaired_alone(world: World) -> None:
    for day in DAYS[1:4]:
        world.put(day, "late.jsonl", [9])

    done = [
        found.day
        for found, _ in repair.repair(world.desk(), repair.days_between(world.desk(), DAYS[2], DAYS[2]))
    ]

    assert [DAYS[2]] == done


def test_the_command_plans_and_repairs(world: World) -> None:
    """A dry run says 3 when there is something to do and changes nothing; afterwards it says 0."""
    world.put(DAYS[4], "late.jsonl", [9])
    before = published(world.root / "warehouse")

    dry = _invoke(world, "repair", "--dry-run", "--json")
    assert (3, [str(DAYS[4])]) == (dry.exit_code, [step["day"] for step in records(dry.stdout)]), dry.output
    assert before == published(world.root / "warehouse")

    done = _invoke(world, "repair")
    assert 0 == done.exit_code, done.output
    assert f"{DAYS[4]}  stale" in done.output
    assert 0 == _invoke(world, "repair", "--dry-run").exit_code
