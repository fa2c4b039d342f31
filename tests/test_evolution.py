"""A warehouse that an earlier version wrote is read by this one and written again by `repair`; a later one is refused.

One fixture was written with contract version 0: links without containment_other, memberships and stories without
continues_id; the other with version 1: runs without stage_faults. Their texts are made up.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from pipeline import read
from pipeline.app.cli import app
from pipeline.day import inputs, run
from pipeline.extract import batch
from pipeline.model.contract import VERSION, Contract, form_of
from pipeline.model.errors import ContractError
from pipeline.model.internal_tables import INTERNAL, SIGNATURES, TERMS
from pipeline.model.tables import ARTICLES, LINKS, MEMBERSHIPS, PUBLISHED, RUNS, STORIES
from pipeline.store import parquet
from pipeline.store.manifest import digest_of
from pipeline.upkeep import repair, status
from pipeline.upkeep.reasons import Why
from pipeline.upkeep.status import State
from tests.command import records
from tests.conftest import published
from tests.damaged import copied, three_days
from tests.world import DAYS, World, at_once, be_quick

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


# --- one contract version, and files that say something else of themselves ---------------------------------------------


def _under(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """The same columns under another schema; `cast` keeps the metadata of the old one."""
    return pa.table(table.columns, schema=schema)


def _said(table: pa.Table, name: str, **of_column: str) -> pa.Table:
    """The table with other metadata of one column."""
    at = table.schema.get_field_index(name)
    field = table.schema.field(at)
    metadata = {
        **(field.metadata or {}),
        **{key.encode(): value.encode() for key, value in of_column.items()},
    }
    return _under(table, table.schema.set(at, field.with_metadata(metadata)))


def _nullable(table: pa.Table) -> pa.Table:
    at = table.schema.get_field_index("article_id")
    return _under(table, table.schema.set(at, table.schema.field(at).with_nullable(True)))


OLDER_FILES: dict[str, Callable[[pa.Table], pa.Table]] = {
    "a meaning in other words": lambda rows: _said(rows, "article_id", meaning="What it was called then."),
    "columns without meanings": lambda rows: _under(
        rows, pa.schema([field.remove_metadata() for field in rows.schema], rows.schema.metadata)
    ),
    "another field id": lambda rows: _said(rows, "article_id", **{"PARQUET:field_id": "77"}),
    "a column that may be null": _nullable,
    "nothing about the table": lambda rows: rows.replace_schema_metadata(
        {"newsfold.contract_version": str(VERSION)}
    ),
    "one thing more about the table": lambda rows: rows.replace_schema_metadata(
        {**rows.schema.metadata, b"made by": b"an earlier one"}
    ),
    "columns in another order": lambda rows: rows.select([*rows.column_names[1:], rows.column_names[0]]),
    "a column less": lambda rows: rows.drop_columns(["lead"]),
}


def _write_as_before(
    world: World, contract: Contract, make: Callable[[pa.Table], pa.Table], says: bool
) -> None:
    """Every file of a table as a version would have written it whose columns said other things; its manifest says so, or is older."""
    warehouse = world.desk().warehouse
    for day in DAYS[:3]:
        path = world.root / "warehouse" / warehouse.path(contract, day)
        rows, manifest = make(pq.read_table(path, partitioning=None)), warehouse.manifest(contract, day)
        path.unlink()
        pq.write_table(rows, path, compression="zstd")
        assert manifest is not None
        with path.open("rb") as source:
            of_bytes = digest_of(source)
        form = form_of(pq.read_schema(path)) if says else ""
        version, digest = warehouse.version(contract, day), parquet.digest(rows)
        as_before = replace(manifest, version=version, digest=digest, bytes_digest=of_bytes, form=form)
        warehouse.note(contract, day, as_before)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with pytest.MonkeyPatch.context() as patched:
        be_quick(patched)
        yield three_days(tmp_path_factory.mktemp("made") / "world")


@pytest.fixture
def three(made: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    be_quick(monkeypatch)
    return copied(made.root, tmp_path)


@pytest.mark.parametrize("kind", OLDER_FILES)
@pytest.mark.parametrize("says", [True, False], ids=["told", "not told"])
def test_files_that_say_something_else_of_themselves_are_written_again(
    three: World, kind: str, says: bool
) -> None:
    """Under the same contract version: the rows are those of a clean pass, and afterwards the bytes are, too."""
    before = published(three.root / "warehouse")
    _write_as_before(three, ARTICLES, OLDER_FILES[kind], says)
    assert before != published(three.root / "warehouse")

    found = status.status(three.desk())

    assert [s.state for s in found] == [State.STALE] * 3
    assert all(Why.SCHEMA.of("articles") in s.reasons for s in found)
    list(repair.repair(three.desk(), DAYS[:3]))
    assert before == published(three.root / "warehouse")
    assert [s.state for s in status.status(three.desk())] == [State.FRESH] * 3


_STORED = {c.name: c for c in (*PUBLISHED, *INTERNAL) if c in {*inputs.OWN, STORIES, SIGNATURES, TERMS}}


@pytest.mark.parametrize("name", _STORED)
def test_so_is_every_table_that_is_stored(three: World, name: str) -> None:
    """Published or not, and also stories, which several days make. State that runs compute again makes no day stale."""
    contract, storage = _STORED[name], three.desk().warehouse.storage
    before = {day: storage.read(three.desk().warehouse.path(contract, day)) for day in DAYS[:3]}
    _write_as_before(
        three, contract, lambda rows: _said(rows, rows.column_names[0], meaning="A thing."), True
    )

    is_due = contract not in {SIGNATURES, TERMS}
    assert is_due == any(Why.SCHEMA.of(name) in s.reasons for s in status.status(three.desk()))
    for day in DAYS[:3]:
        run.run_day(three.desk(), day)

    assert before == {day: storage.read(three.desk().warehouse.path(contract, day)) for day in DAYS[:3]}
    assert [run.run_day(three.desk(), day).changed for day in DAYS[:3]] == [()] * 3
