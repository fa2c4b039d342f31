"""What was parsed once is not parsed again."""

import os
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from pipeline import extract, jobs
from pipeline.contracts import ARTICLES, REJECTS, Reject
from pipeline.freshness import CAPPED
from pipeline.guard import Failure
from pipeline.store.storage import InputChangedError
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

    monkeypatch.setattr(extract, "guard", counting)
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
    jobs.run_day(world.desk(), DAYS[0])
    world.grow(DAYS[0], "a.jsonl", 8)
    jobs.run_day(world.desk(), DAYS[0])

    assert [2, 1] == parsed

    jobs.run_day(world.desk(warehouse="clean"), DAYS[0])
    assert published(world.root / "clean") == published(world.root / "warehouse")


def test_documents_keep_their_place_when_others_go(parsed: list[int], tmp_path: Path) -> None:
    """A file that lost its first document: the others are known under their new numbers."""
    world = World(tmp_path)
    world.put(DAYS[0], "a.jsonl", [0, 5, 8])
    jobs.run_day(world.desk(), DAYS[0])
    world.put(DAYS[0], "a.jsonl", [5, 8])
    jobs.run_day(world.desk(), DAYS[0])

    assert [3] == [n for n in parsed if n]
    jobs.run_day(world.desk(warehouse="clean"), DAYS[0])
    assert published(world.root / "clean") == published(world.root / "warehouse")


def test_a_document_that_a_machine_cap_struck_is_tried_again_and_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Its neighbours in the file are kept; the day says that a cap struck until it does not any more."""
    tried: list[int] = []

    def striking(function: str, limits: Any) -> Any:
        guard = at_once(function, limits)
        run = guard.run

        def struck(table: pa.Table, **arguments: Any) -> Any:
            tried.append(table.num_rows)
            results = run(table, **arguments)
            return [Failure(Reject.TIMEOUT, "busy"), *results[1:]] if len(tried) == 1 else results

        guard.run = struck
        return guard

    monkeypatch.setattr(extract, "guard", striking)
    world = World(tmp_path)
    world.put(DAYS[0], "a.jsonl", [0, 5, 8])
    jobs.run_day(world.desk(), DAYS[0])

    assert ["timeout"] == world.desk().warehouse.read(REJECTS, DAYS[0])["reason"].to_pylist()
    assert (CAPPED,) == jobs.status(world.desk())[0].reasons

    jobs.run_day(world.desk(), DAYS[0])
    assert [3, 1] == tried
    assert 3 == len(titles(world, DAYS[0]))
    assert () == jobs.status(world.desk())[0].reasons


def test_a_file_that_changes_while_it_is_read_makes_the_run_begin_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, parsed: list[int]
) -> None:
    """What is published is of one version of it, and nothing of the other is kept."""
    world = World(tmp_path)
    world.put(DAYS[0], "a.jsonl", [0])
    real = extract.extract

    def replacing(raw: pa.Table, **rest: Any) -> pa.Table:
        if len(parsed) == 0:
            world.put(DAYS[0], "a.jsonl", [5, 8])
        return real(raw, **rest)

    monkeypatch.setattr(extract, "extract", replacing)
    with pytest.raises(InputChangedError, match=r"a\.jsonl was replaced while it was being read"):
        jobs.cluster_day(world.desk(), DAYS[0])
    jobs.run_day(world.desk(), DAYS[0])

    assert 2 == len(titles(world, DAYS[0]))
