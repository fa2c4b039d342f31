"""A warehouse that an earlier version wrote is read by this one and written again by `repair`; a later one is refused.

One fixture was written with contract version 0: links without containment_other, memberships and stories without
continues_id; the other with version 1: runs without stage_faults. Their texts are made up.
"""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from pipeline import read
from pipeline.app.cli import app
from pipeline.day import run
from pipeline.extract import batch
from pipeline.model.contract import VERSION
from pipeline.model.errors import ContractError
from pipeline.model.tables import LINKS, MEMBERSHIPS, RUNS, STORIES
from pipeline.upkeep import repair, status
from pipeline.upkeep.reasons import Why
from pipeline.upkeep.status import State
from tests.command import records
from tests.conftest import published
from tests.world import DAYS, World, at_once

FIXTURES = [Path(__file__).parent / "fixtures" / f"warehouse-{version}" for version in (0, 1)]


@pytest.fixture(params=FIXTURES, ids=lambda path: path.name)
def fixture(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fixture: Path) -> World:
    """A landing zone, and the warehouse that an earlier version made of it."""
    monkeypatch.setattr(batch, "guard", at_once)
    monkeypatch.setattr(os, "fsync", lambda _: None)
    world = World(tmp_path)
    shutil.copytree(fixture, world.root / "warehouse")
    world.put(DAYS[0], "a.jsonl", [0, 5])
    world.put(DAYS[1], "a.jsonl", [1, 8])
    return world


def test_the_fixture_is_of_an_earlier_contract(fixture: Path) -> None:
    """Else the tests below would show nothing."""
    metadata = pq.read_schema(fixture / "stories" / f"day={DAYS[0]}" / "part-0.parquet").metadata

    assert f"warehouse-{int(metadata[b'newsfold.contract_version'])}" == fixture.name
    assert int(metadata[b"newsfold.contract_version"]) < VERSION


def test_status_says_what_it_was_written_with(world: World, fixture: Path) -> None:
    found = status.status(world.desk())

    assert [s.state for s in found] == [State.STALE] * 2
    assert all(Why.CONTRACT.of(fixture.name[-1]) in s.reasons for s in found)


def test_a_run_of_before_stage_faults_says_nothing_of_them(world: World) -> None:
    """Null is not none: nobody looked."""
    found = read.table("runs", str(world.root / "warehouse"))

    assert [None, None] == found["stage_faults"].to_pylist() == found["n_stage_faults"].to_pylist()
    assert [2, 2] == found["n_articles"].to_pylist()


def test_stories_are_read_by_the_command_line_and_by_consumers(world: World) -> None:
    """A column that is not there yet is null."""
    uri = str(world.root / "warehouse")

    shown = CliRunner().invoke(app, ["stories", "--warehouse", uri, "--json"])
    found = read.table("stories", uri)

    assert shown.exit_code == 0, shown.output
    assert {s["story_id"] for s in records(shown.output)} == set(found["story_id"].to_pylist())
    assert {None} == set(found["continues_id"].to_pylist())
    assert STORIES.names == found.column_names[:-1]


@pytest.mark.parametrize("fixture", FIXTURES[:1], ids=lambda path: path.name)
def test_a_column_that_cannot_be_left_empty_is_refused_with_what_to_do(world: World) -> None:
    with pytest.raises(ContractError, match=r"contract version 0, this is .*repair"):
        world.desk().warehouse.read(LINKS, DAYS[1])


def test_repair_writes_it_again(world: World) -> None:
    """Afterwards it is what this version makes of the same landing zone."""
    list(repair.repair(world.desk(), DAYS[:2]))

    clean = world.desk(warehouse="clean")
    for day in DAYS[:2]:
        run.run_day(clean, day)
    assert published(world.root / "clean") == published(world.root / "warehouse")
    assert [s.state for s in status.status(world.desk())] == [State.FRESH] * 2


def test_a_day_can_be_added_to_it(world: World) -> None:
    """A new day reads the old ones as they are, and is stale once they are written again."""
    world.put(DAYS[2], "a.jsonl", [3, 6])

    run.run_day(world.desk(), DAYS[2])

    assert [s.state for s in status.status(world.desk())] == [State.STALE, State.STALE, State.FRESH]
    list(repair.repair(world.desk(), DAYS[:3]))
    assert {State.FRESH} == {s.state for s in status.status(world.desk())}


def test_consumers_read_two_versions_side_by_side(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the options that docs/consumers.md names the new column is there, null in the old rows; no row is lost without them."""
    world.put(DAYS[2], "a.jsonl", [3, 6])
    run.run_day(world.desk(), DAYS[2])
    monkeypatch.chdir(world.root)
    files, folder = "warehouse/memberships/day=*/part-0.parquet", "warehouse/memberships"
    newest = pq.read_schema(f"{folder}/day={DAYS[2]}/part-0.parquet")
    query = f"select continues_id from read_parquet('{files}', union_by_name = true)"  # noqa: S608 - a path of ours
    ours = read.table("memberships", "warehouse")

    assert ours.num_rows == pq.read_table(folder).num_rows == len(pd.read_parquet(folder)) == 6
    assert ours.num_rows == len(duckdb.connect().execute(query).fetchall())
    assert ours.num_rows == pq.read_table(folder, schema=newest)["continues_id"].null_count
    assert (6, 1) == (
        pl.scan_parquet(files, schema=pl.Schema(newest), missing_columns="insert", extra_columns="ignore")
        .select("continues_id")
        .collect()
        .shape
    )


def test_a_later_warehouse_is_not_written_into(world: World) -> None:
    """What a later version wrote is neither read as if it were ours nor replaced."""
    list(repair.repair(world.desk(), DAYS[:2]))
    warehouse = world.desk().warehouse
    for contract in (MEMBERSHIPS, RUNS):
        manifest = warehouse.manifest(contract, DAYS[1])
        assert manifest is not None
        warehouse.note(contract, DAYS[1], replace(manifest, contract_version=VERSION + 1))
    before = published(world.root / "warehouse")

    with pytest.raises(ContractError, match="written by a later newsfold"):
        run.run_day(world.desk(), DAYS[1])

    assert before == published(world.root / "warehouse")
