"""Pairs of a day with its window, found where the window is read."""

import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from pipeline.copies import candidates
from pipeline.day import inputs, run, window_pairs
from pipeline.day.desk import WorkDesk
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.model.errors import InputChangedError
from pipeline.model.internal_tables import CANDIDATES, SIGNATURES
from pipeline.store.view import View
from tests.conftest import published
from tests.sharded import ShardedEngine
from tests.world import DAYS, World, be_quick


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """Three days that were run, each with a copy of the first."""
    be_quick(monkeypatch)
    world = World(tmp_path)
    for day, pages in zip(DAYS, ([0, 5, 8], [1, 12], [1, 0]), strict=False):
        world.put(day, "a.jsonl", pages)
        run.run_day(world.desk(), day)
    return world


def asked(world: World) -> tuple[WorkDesk, View, pa.Table]:
    desk = world.desk()
    return desk, inputs.view(desk.warehouse, desk.settings, DAYS[2]), desk.warehouse.read(SIGNATURES, DAYS[2])


def found(world: World) -> pa.Table | None:
    _, view, own = asked(world)
    return window_pairs.looked_up(ShardedEngine(), view, own, DAYS[:2])


def test_the_pairs_are_those_within_the_day_and_those_with_each_day_of_its_window(world: World) -> None:
    pairs = found(world)

    assert pairs is not None
    CANDIDATES.conform(pairs)
    assert {str(day).replace("-", "") for day in DAYS[:3]} == {i[:8] for i in pairs["other_id"].to_pylist()}
    assert pairs.num_rows == candidates.distinct(pairs).num_rows


@pytest.mark.parametrize("limit", ["FEW_ARTICLES", "PART_ARTICLES"])
def test_a_day_that_is_too_large_for_it_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(candidates, limit, 1)

    assert found(world) is None


def test_signatures_that_are_not_stored_say_so(world: World) -> None:
    warehouse = world.desk().warehouse
    warehouse.storage.delete(warehouse.path(SIGNATURES, DAYS[0]))

    assert found(world) is None


def test_signatures_that_go_while_a_run_reads_them_are_no_empty_window(world: World) -> None:
    class Late(ShardedEngine):
        def read(self, *read: Any) -> Any:
            desk.warehouse.storage.delete(desk.warehouse.path(SIGNATURES, DAYS[0]))
            return super().read(*read)

    desk, view, own = asked(world)

    with pytest.raises(InputChangedError, match="went while it was being read"):
        window_pairs.looked_up(Late(), view, own, DAYS[:2])


def test_what_travels_of_a_day_are_its_signatures_alone(world: World) -> None:
    _, _, own = asked(world)
    lookup = candidates.Lookup(own)
    size = len(pickle.dumps(lookup))
    lookup.across(own)

    assert size == len(pickle.dumps(lookup))


@pytest.mark.parametrize("few", [candidates.FEW_ARTICLES, 0])
def test_pairs_that_are_looked_up_or_dealt_out_give_the_bytes_of_one_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """On many machines, that is; on one nothing is dealt out."""
    be_quick(monkeypatch)
    monkeypatch.setattr(candidates, "FEW_ARTICLES", few)
    made = []
    for engine in (EmbeddedEngine(2), ShardedEngine()):
        world = World(tmp_path / type(engine).__name__)
        for day, pages in zip(DAYS, ([0, 5, 8, 3], [1, 12, 3], [1, 0, 6]), strict=False):
            world.put(day, "a.jsonl", pages)
            run.run_day(replace(world.desk(), engine=engine), day)
        made.append(published(world.root / "warehouse"))

    assert made[0] == made[1]


def test_damaged_signatures_of_the_window_are_made_again_and_cost_no_pair(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    be_quick(monkeypatch)
    made = []
    for is_damaged in (False, True):
        world = World(tmp_path / str(is_damaged))
        for day, pages in zip(DAYS, ([0, 5, 8, 3], [1, 12, 3], [1, 0, 6]), strict=False):
            world.put(day, "a.jsonl", pages)
            if is_damaged and day == DAYS[2]:
                file = world.root / "warehouse" / world.desk().warehouse.path(SIGNATURES, DAYS[0])
                content = bytearray(file.read_bytes())
                content[len(content) // 3] ^= 1
                file.write_bytes(content)
            run.run_day(replace(world.desk(), engine=ShardedEngine()), day)
        made.append(published(world.root / "warehouse"))

    assert made[0] == made[1]
