"""What was parsed once is not parsed again."""

import os
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pytest

from pipeline.day import extract as extracting
from pipeline.day.run import cluster_day, run_day
from pipeline.extract import batch
from pipeline.extract.sandbox import Failure
from pipeline.model import versions
from pipeline.model.errors import InputChangedError
from pipeline.model.kinds import Reject
from pipeline.model.tables import ARTICLES, REJECTS
from pipeline.store.local import LocalStorage
from pipeline.upkeep import repair, status
from pipeline.upkeep.reasons import Why
from tests.conftest import published
from tests.world import DAYS, World, at_once


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many documents each call of the parser was given."""
    counts: list[int] = []

    def counting(function: str, limits: Any) -> Any:
        guard = at_once(function, limits)
        run = guard.run

        def counted(table: pa.Table, **arguments: Any) -> Any:
            counts.append(table.num_rows)
            return run(table, **arguments)

        guard.run = counted
        return guard

    monkeypatch.setattr(batch, "guard", counting)
    monkeypatch.setattr(os, "fsync", lambda _: None)
    return counts


def titles(world: World, day: date) -> list[str]:
    return sorted(world.desk().warehouse.read(ARTICLES, day)["title"].to_pylist())


def test_of_a_file_that_has_grown_only_the_new_documents_are_parsed(
    parsed: list[int], tmp_path: Path
) -> None:
    """The tables are what they are when everything is parsed at once."""
    world = World(tmp_path)
    world.put(DAYS[0], "a.jsonl", [0, 5])
    run_day(world.desk(), DAYS[0])
    world.grow(DAYS[0], "a.jsonl", 8)
    run_day(world.desk(), DAYS[0])

    assert [2, 1] == parsed

    run_day(world.desk(warehouse="clean"), DAYS[0])
    assert published(world.root / "clean") == published(world.root / "warehouse")


def test_documents_keep_their_place_when_others_go(parsed: list[int], tmp_path: Path) -> None:
    """A file that lost its first document: the others are known under their new numbers."""
    world = World(tmp_path)
    world.put(DAYS[0], "a.jsonl", [0, 5, 8])
    run_day(world.desk(), DAYS[0])
    world.put(DAYS[0], "a.jsonl", [5, 8])
    run_day(world.desk(), DAYS[0])

    assert [3] == [n for n in parsed if n]
    run_day(world.desk(warehouse="clean"), DAYS[0])
    assert published(world.root / "clean") == published(world.root / "warehouse")


@pytest.mark.parametrize(
    ("reason", "why"),
    [(Reject.TIMEOUT, Why.CAPPED), (Reject.MEMORY, Why.CAPPED), (Reject.MACHINE_FAULT, Why.FAULTY)],
)
def test_a_document_that_the_machine_struck_is_tried_again_and_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, reason: Reject, why: str
) -> None:
    """Its neighbours in the file are kept; the day says so until it is not struck any more."""
    tried = striking(monkeypatch, Failure(reason, "busy"), n_times=1)
    world = World(tmp_path)
    world.put(DAYS[0], "a.jsonl", [0, 5, 8])
    run_day(world.desk(), DAYS[0])

    assert [reason] == world.desk().warehouse.read(REJECTS, DAYS[0])["reason"].to_pylist()
    assert (why.of(),) == status.status(world.desk())[0].reasons

    run_day(world.desk(), DAYS[0])
    assert [3, 1] == tried
    assert 3 == len(titles(world, DAYS[0]))
    assert () == status.status(world.desk())[0].reasons


def test_a_document_that_crashes_the_parser_is_a_reject_that_stays(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It was tried alone before that was said of it: the day is fresh, and nothing is parsed again."""
    tried = striking(monkeypatch, Failure(Reject.CRASHED, "SIGSEGV"), n_times=1)
    world = World(tmp_path)
    world.put(DAYS[0], "a.jsonl", [0, 5, 8])
    run_day(world.desk(), DAYS[0])
    run_day(world.desk(), DAYS[0])

    assert [3] == tried
    assert ["crashed"] == world.desk().warehouse.read(REJECTS, DAYS[0])["reason"].to_pylist()
    assert () == status.status(world.desk())[0].reasons


@pytest.mark.parametrize("reason", [Reject.TIMEOUT, Reject.MEMORY])
def test_a_document_that_a_cap_strikes_in_three_runs_is_a_reject_that_stays(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, reason: Reject
) -> None:
    """Then its day is fresh, and nobody parses it again: not when its file is touched, nor for a late file. No row counts the runs."""
    tried = striking(monkeypatch, Failure(reason, "60 s"), n_times=100)
    world = World(tmp_path)
    world.put(DAYS[0], "a.jsonl", [0, 5, 8])
    seen = []
    for _ in range(5):
        list(repair.repair(world.desk(), DAYS[:1]))
        seen.append((status.status(world.desk())[0].reasons, published(world.root / "warehouse")))

    assert [(Why.CAPPED.of(),), (Why.CAPPED.of(),), (), (), ()] == [reasons for reasons, _ in seen]
    assert [seen[0][1]] * 5 == [files for _, files in seen]
    assert [3, 1, 1] == tried

    world.put(DAYS[0], "a.jsonl", [0, 5, 8])
    list(repair.repair(world.desk(), DAYS[:1]))
    world.put(DAYS[0], "a.jsonl", [8, 0, 5])
    list(repair.repair(world.desk(), DAYS[:1]))
    assert [3, 1, 1] == tried
    assert [f"day={DAYS[0]}/a.jsonl#1"] == world.desk().warehouse.read(REJECTS, DAYS[0])[
        "raw_ref"
    ].to_pylist()
    assert () == status.status(world.desk())[0].reasons


@pytest.mark.parametrize("change", ["cap", "rules"])
def test_a_document_that_was_given_up_is_tried_again_by_another_cap_and_by_other_rules(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, change: str
) -> None:
    """Three more times, or until it is read; meanwhile the day is stale."""
    tried = striking(monkeypatch, Failure(Reject.TIMEOUT, "60 s"), n_times=4)
    world = World(tmp_path)
    world.put(DAYS[0], "a.jsonl", [0, 5, 8])
    for _ in range(3):
        run_day(world.desk(), DAYS[0])
    if change == "cap":
        world.settings["max_cpu_seconds"] = 120
    else:
        monkeypatch.setitem(versions.RULES, "extract", versions.RULES["extract"] + 1)

    assert status.status(world.desk())[0].reasons
    (again,) = repair.repair(world.desk(), DAYS[:1])
    assert (Why.CAPPED.of(),) == status.status(world.desk())[0].reasons
    (again,) = repair.repair(world.desk(), DAYS[:1])
    assert "articles" in again[1].changed
    assert () == status.status(world.desk())[0].reasons
    assert (5, 1) == (len(tried), tried[-1])


def striking(monkeypatch: pytest.MonkeyPatch, failure: Failure, n_times: int) -> list[int]:
    """The first document of the first so many calls of the parser fails; returns how many documents each call is given."""
    tried: list[int] = []

    def guard(function: str, limits: Any) -> Any:
        here = at_once(function, limits)
        run = here.run

        def struck(table: pa.Table, **arguments: Any) -> Any:
            if not table.num_rows:
                return []
            tried.append(table.num_rows)
            results = run(table, **arguments)
            return [failure, *results[1:]] if len(tried) <= n_times else results

        here.run = struck
        return here

    monkeypatch.setattr(batch, "guard", guard)
    return tried


@pytest.mark.parametrize("after_bytes", [0, 1, 500])
@pytest.mark.parametrize("n_times", [1, 2])
def test_a_fault_that_passes_leaves_no_trace(
    parsed: list[int], tmp_path: Path, n_times: int, after_bytes: int
) -> None:
    """The file is read again when all others have been; what was read before the fault is not parsed twice."""
    world = World(tmp_path)
    world.put(DAYS[0], "a.jsonl", [0, 5, 8])
    world.put(DAYS[0], "b.jsonl", [6])
    world.fail(DAYS[0], "a.jsonl", n_times, after_bytes)
    run_day(world.desk(), DAYS[0])

    assert {0} == {n_left for n_left, _ in world.faults.values()}
    assert 4 == sum(parsed)
    assert () == status.status(world.desk())[0].reasons
    run_day(world.desk(warehouse="clean"), DAYS[0])
    assert published(world.root / "clean") == published(world.root / "warehouse")


def test_a_fault_that_stays_is_a_marked_row_until_a_run_reads_the_document(
    parsed: list[int], tmp_path: Path
) -> None:
    """The rest of the day is published; the day is stale, `repair` tries once, nothing of the fault is kept."""
    world = World(tmp_path)
    world.put(DAYS[0], "a.jsonl", [0, 5, 8])
    world.put(DAYS[0], "b.jsonl", [6])
    world.fail(DAYS[0], "a.jsonl", 100, 500)
    run_day(world.desk(), DAYS[0])

    reject = world.desk().warehouse.read(REJECTS, DAYS[0]).to_pylist()
    assert [("read", "machine_fault", "OSError: Input/output error")] == [
        (row["stage"], row["reason"], row["detail"]) for row in reject
    ]
    assert 97 == world.faults[f"day={DAYS[0]}/a.jsonl"][0]
    for n_left in (94, 91):
        (again,) = repair.repair(world.desk(), DAYS[:1])
        assert (Why.FAULTY.of(),) == again[0].reasons == status.status(world.desk())[0].reasons
        assert n_left == world.faults[f"day={DAYS[0]}/a.jsonl"][0]
        assert () == again[1].changed

    world.mend()
    assert 1 == len(list(repair.repair(world.desk(), DAYS[:1])))
    assert () == status.status(world.desk())[0].reasons
    assert 4 == sum(parsed)
    run_day(world.desk(warehouse="clean"), DAYS[0])
    assert published(world.root / "clean") == published(world.root / "warehouse")


def test_a_file_that_goes_between_listing_and_reading_makes_the_run_begin_again(
    parsed: list[int], tmp_path: Path
) -> None:
    """Also when there is a folder in its place by then: it is no document of the day."""
    world = World(tmp_path)
    for name in ("a.jsonl", "b.jsonl"):
        world.put(DAYS[0], name, [0 if name == "a.jsonl" else 5])

    class Listing(LocalStorage):
        n_opened = 0

        def open(self, path: str, version: str | None = None) -> BinaryIO:
            self.n_opened += 1
            if self.n_opened == 1:
                world.remove(DAYS[0], "a.jsonl")
                (self.root / path).mkdir()
            return super().open(path, version)

    desk = replace(world.desk(), landing=Listing(world.root / "landing"))
    run_day(desk, DAYS[0])

    assert ["Baltic Pulp buys Norrland Timber"] == titles(world, DAYS[0])
    assert 0 == world.desk().warehouse.read(REJECTS, DAYS[0]).num_rows
    assert () == status.status(world.desk())[0].reasons


@pytest.mark.parametrize("damage", [b"", b"PAR1", b"\0" * 3000])
def test_a_part_that_cannot_be_read_is_made_again(parsed: list[int], tmp_path: Path, damage: bytes) -> None:
    world = World(tmp_path)
    world.put(DAYS[0], "a.jsonl", [0, 5, 8])
    run_day(world.desk(), DAYS[0])
    (part,) = (world.root / "warehouse/_meta/state/extracted").rglob("*.parquet")
    part.write_bytes(damage)
    before = published(world.root / "warehouse")

    for _ in range(2):
        run_day(world.desk(), DAYS[0])

    assert [3, 3] == parsed
    assert before == published(world.root / "warehouse")


def test_a_file_that_changes_while_it_is_read_makes_the_run_begin_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, parsed: list[int]
) -> None:
    """What is published is of one version of it, and nothing of the other is kept."""
    world = World(tmp_path)
    world.put(DAYS[0], "a.jsonl", [0])
    real = batch.extract

    def replacing(raw: pa.Table, **rest: Any) -> pa.Table:
        if len(parsed) == 0:
            world.put(DAYS[0], "a.jsonl", [5, 8])
        return real(raw, **rest)

    monkeypatch.setattr(extracting, "extract", replacing)
    with pytest.raises(InputChangedError, match=r"a\.jsonl was replaced while it was being read"):
        cluster_day(world.desk(), DAYS[0])
    run_day(world.desk(), DAYS[0])

    assert 2 == len(titles(world, DAYS[0]))
