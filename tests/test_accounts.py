"""What a run counts."""

from pathlib import Path

import pytest

from pipeline.day import accounts, run
from pipeline.day.publish import publish_day
from pipeline.model.kinds import Reject
from pipeline.model.tables import REJECTS, RUNS
from pipeline.upkeep import gate, quality
from tests.world import DAYS, World, be_quick


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A day with copies and a document without a text."""
    be_quick(monkeypatch)
    world = World(tmp_path)
    world.put(DAYS[0], "a.jsonl", [0, 1, 2, 5, 8])
    return world


def test_a_count_is_the_same_wherever_it_is_told(world: World) -> None:
    """Of the day that was made, in the row of its run, in that row's manifest, and for the gate."""
    desk = world.desk()
    made = run.cluster_day(desk, DAYS[0])
    counted, judged = accounts.count(made), gate.count(made)

    row = publish_day(desk, made).row

    told = accounts.counts_of(row)
    assert {"n_stage_faults": 0} == dict(told.items() - counted.items())
    assert told == accounts.recorded_counts(desk.warehouse.manifest(RUNS, DAYS[0]))
    assert judged == {name: told[name] for name in quality.JUDGED}
    assert 0 < told["n_stories"] < told["n_articles"] <= told["n_raw"]


def test_a_day_without_a_run_has_no_counts() -> None:
    assert {} == accounts.recorded_counts(None)


def test_only_what_the_machine_failed_to_read_is_a_fault_of_the_machine() -> None:
    reasons = [Reject.MACHINE_FAULT, Reject.NO_TEXT, Reject.MACHINE_FAULT, Reject.TIMEOUT]
    rows = [
        {"raw_ref": str(n), "stage": "read", "reason": reason, "detail": "", "ingest_date": DAYS[0]}
        for n, reason in enumerate(reasons)
    ]

    assert 2 == accounts.count_machine_faults(REJECTS.table(rows))
    assert 0 == accounts.count_machine_faults(REJECTS.empty())
