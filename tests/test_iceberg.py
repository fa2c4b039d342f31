"""Published tables as Iceberg tables: read back with pyiceberg, now and as they were."""

import os
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest
from pyiceberg.catalog import load_catalog
from typer.testing import CliRunner

from pipeline.app.cli import app
from pipeline.day import run
from pipeline.extract import batch
from pipeline.model.errors import MissingInputError, PublishError, SettingsError
from pipeline.model.tables import FLOWS, HARVEST, JOURNALS, PUBLISHED, STORIES
from pipeline.store.local import LocalStorage
from pipeline.store.warehouse import Warehouse
from pipeline.upkeep import iceberg
from tests.command import records
from tests.conftest import published
from tests.test_source_health import row
from tests.world import DAYS, World, at_once


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """Two days; the second has a part in a story of the first."""
    monkeypatch.setattr(batch, "guard", at_once)
    monkeypatch.setattr(os, "fsync", lambda _: None)
    world = World(tmp_path)
    world.put(DAYS[0], "a.jsonl", [0, 5])
    world.put(DAYS[1], "a.jsonl", [1, 10])
    for day in DAYS[:2]:
        run.run_day(world.desk(), day)
    return world


def export(world: World) -> dict[str, Any]:
    return {one.table: one for one in iceberg.export(world.desk().warehouse)}


def table(world: World, name: str) -> Any:
    uri = iceberg.catalog_uri(world.desk().warehouse)
    return load_catalog("newsfold", type="sql", uri=uri).load_table(f"newsfold.{name}")


def rows(found: pa.Table, key: tuple[str, ...]) -> list[dict[str, Any]]:
    return found.sort_by([(k, "ascending") for k in key]).to_pylist()  # type: ignore[no-any-return]


def test_every_table_reads_back_as_it_is_published(world: World) -> None:
    export(world)

    warehouse = world.desk().warehouse
    assert 1 == warehouse.read(FLOWS, DAYS[1]).num_rows
    for contract in PUBLISHED:
        plain = pa.concat_tables([contract.empty(), *warehouse.scan(contract, DAYS)])
        assert rows(plain, contract.key) == rows(table(world, contract.name).scan().to_arrow(), contract.key)


def test_an_older_snapshot_stays_what_it_was(world: World) -> None:
    """After a late file the newest snapshot has the new rows, once each, and the one before has the old ones."""
    export(world)
    before = table(world, "stories").current_snapshot().snapshot_id
    old = rows(table(world, "stories").scan().to_arrow(), STORIES.key)

    world.put(DAYS[1], "late.jsonl", [8, 11])
    run.run_day(world.desk(), DAYS[1])
    done = export(world)["stories"]

    stories = table(world, "stories")
    new = rows(stories.scan().to_arrow(), STORIES.key)
    plain = pa.concat_tables(world.desk().warehouse.scan(STORIES, DAYS))
    assert (rows(plain, STORIES.key), old) == (
        new,
        rows(stories.scan(snapshot_id=before).to_arrow(), STORIES.key),
    )
    assert len(old) < len(new)
    assert (done.snapshot, 2) == (stories.current_snapshot().snapshot_id, len(stories.snapshots()))


def test_nothing_new_makes_no_snapshot(world: World) -> None:
    first = export(world)

    again = export(world)

    assert [()] * len(PUBLISHED) == [one.days for one in again.values()]
    assert [one.snapshot for one in first.values()] == [one.snapshot for one in again.values()]


def test_only_days_that_changed_are_replaced(world: World) -> None:
    export(world)
    world.put(DAYS[1], "late.jsonl", [9])
    run.run_day(world.desk(), DAYS[1])

    assert (DAYS[1],) == export(world)["articles"].days


def test_a_day_that_says_again_what_it_once_said_is_right(world: World) -> None:
    """A late file comes and goes: the file of the first edition is there already and is registered again."""
    first = export(world)
    for act in (lambda: world.put(DAYS[1], "late.jsonl", [8]), lambda: world.remove(DAYS[1], "late.jsonl")):
        act()
        run.run_day(world.desk(), DAYS[1])
        done = export(world)

    plain = pa.concat_tables(world.desk().warehouse.scan(STORIES, DAYS))
    assert rows(plain, STORIES.key) == rows(table(world, "stories").scan().to_arrow(), STORIES.key)
    assert first["stories"].snapshot != done["stories"].snapshot


def test_a_file_of_the_export_is_the_published_one(world: World) -> None:
    """It takes no room of its own, nothing stands under a table's folder, and readers of files see no difference."""
    before = published(world.root / "warehouse")

    export(world)

    root = world.root / "warehouse"
    (link,) = (root / "_meta/iceberg/data/articles" / f"day={DAYS[0]}").iterdir()
    assert link.samefile(root / "articles" / f"day={DAYS[0]}" / "part-0.parquet")
    assert before == published(root)


def test_a_day_without_a_manifest_is_exported_by_its_rows(world: World) -> None:
    warehouse = world.desk().warehouse
    warehouse.storage.delete(f"_meta/manifests/stories/day={DAYS[0]}.json")

    export(world)

    assert warehouse.read(STORIES, DAYS[0]).num_rows == table(world, "stories").scan().to_arrow().num_rows


def test_a_folder_that_a_killed_run_left_empty_is_passed_over(world: World) -> None:
    (world.root / "warehouse" / "stories" / f"day={DAYS[4]}").mkdir()

    assert 1 == export(world)["stories"].n_files


def test_polars_reads_it(world: World) -> None:
    export(world)

    found = pl.scan_iceberg(table(world, "memberships")).select("article_id").collect()

    assert found.height == 3  # of four documents one is a reject


def test_the_command_says_what_it_did(world: World) -> None:
    uri = str(world.root / "warehouse")

    done = CliRunner().invoke(app, ["export-iceberg", "--warehouse", uri, "--json"])

    assert 0 == done.exit_code, done.output
    said = {row["table"]: row for row in records(done.output)}
    assert [str(d) for d in DAYS[:2]] == said["newsfold.articles"]["days"]
    shown = CliRunner().invoke(app, ["export-iceberg", "--warehouse", uri])
    assert "nothing new" in shown.output
    assert "load_catalog" in shown.output


def test_a_warehouse_that_was_moved_is_refused_with_what_to_do(world: World) -> None:
    """The catalog names whole paths: it would show the files of the old place."""
    export(world)
    shutil.copytree(world.root / "warehouse", world.root / "moved")
    moved = Warehouse(LocalStorage(world.root / "moved"))

    with pytest.raises(PublishError, match=r"made for .*/warehouse/.*Remove .*moved/_meta/iceberg"):
        iceberg.export(moved)


def test_what_cannot_be_exported_is_said(tmp_path: Path) -> None:
    from pipeline.store.s3 import S3Storage

    with pytest.raises(MissingInputError, match="nothing is published"):
        iceberg.export(Warehouse(LocalStorage(tmp_path)))
    with pytest.raises(SettingsError, match="knows folders only"):
        iceberg.export(Warehouse(S3Storage("s3://news/warehouse")))


def test_the_journals_are_left_out(world: World) -> None:
    """The feed of changes and the accounts of harvests: they hold no day's rows, and an export alone changes nothing of them."""
    warehouse = world.desk().warehouse
    warehouse.publish(HARVEST, DAYS[0], HARVEST.table([row(day=DAYS[0])]))
    export(world)

    assert {"changes", "harvest"} <= set(warehouse.storage.folders(""))
    catalog = load_catalog("newsfold", type="sql", uri=iceberg.catalog_uri(warehouse))
    assert {("newsfold", contract.name) for contract in PUBLISHED} == set(catalog.list_tables("newsfold"))
    assert not {contract.name for contract in JOURNALS} & {contract.name for contract in PUBLISHED}
