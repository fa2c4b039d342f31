"""The recipes of docs/consumers.md that keep a copy: run as they stand after everything that can happen, they have the tables."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from deltalake import DeltaTable
from pyiceberg.catalog import load_catalog

from pipeline import read
from pipeline.app.ddl import as_ddl
from pipeline.day.run import run_day
from pipeline.model import versions
from pipeline.model.removal import Removal, Target
from pipeline.model.tables import PUBLISHED
from pipeline.upkeep import iceberg, quality, retention
from tests import takedowns
from tests.actions import ACTIONS, repair_all
from tests.command import ROOT
from tests.live_airflow import postgres, postgres_programs
from tests.world import DAYS, World, be_quick

PAGE = (ROOT / "docs" / "consumers.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(python|sh|yaml)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
Tables = dict[str, list[str]]


def block(word: str) -> str:
    """The one recipe that has a word."""
    (text,) = [text for kind, text in BLOCKS if kind == "python" and word in text]
    return str(text)


def run(text: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(compile(text, "docs/consumers.md", "exec"), names)  # noqa: S102 - our own page
    return names


def _as_text(value: Any) -> str:
    if isinstance(value, datetime):  # a database has a time zone of its own
        return value.astimezone(UTC).isoformat()
    return str(value)


def spelt(rows: list[dict[str, Any]]) -> list[str]:
    """Rows as texts that are alike exactly where the rows are, sorted."""
    return sorted(json.dumps(row, default=_as_text, sort_keys=True) for row in rows)


def published(root: Path) -> Tables:
    return {one.name: spelt(read.table(one.name, str(root / "warehouse")).to_pylist()) for one in PUBLISHED}


# --- what happens to a warehouse --------------------------------------------------------------------------------------


def _runs(world: World) -> None:
    for day, documents in zip(
        DAYS, ([0, 5, 8, 11], [1, 2, 6, 12, 14], [3, 9, 13, 19], [15, 18]), strict=False
    ):
        world.put(day, "a.jsonl", documents)
        run_day(world.desk(), day)


def _nothing(_: World) -> None:
    pass


def _late_document(world: World) -> None:
    """It changes the day, and a story that goes on later."""
    world.put(DAYS[1], "late.jsonl", [4, 7, 10])
    run_day(world.desk(), DAYS[1])


def _repair(world: World) -> None:
    """Of every day, under another outlets' file and other rules."""
    ACTIONS["outlets"](world, 1)
    versions.RULES["copies"] += 1
    repair_all(world)


def _removal(world: World) -> None:
    takedowns.take_down(world, Removal(Target.ADDRESS, "https://post.example/flood"))
    repair_all(world)


def _retirement(world: World) -> None:
    """Of the first day's texts: the other three are kept."""
    desk = world.desk()
    first = retention.due(desk.warehouse, desk.settings, 3, DAYS[4])
    assert DAYS[1] == first
    retention.retire(desk.warehouse, first, 1)


def _another_day(world: World) -> None:
    world.put(DAYS[4], "a.jsonl", [16, 17, 20])
    run_day(world.desk(), DAYS[4])


HAPPENINGS: tuple[Callable[[World], None], ...] = (
    _runs, _nothing, _late_document, _repair, _removal, _retirement, _another_day,
)  # fmt: skip


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    be_quick(monkeypatch)
    monkeypatch.setattr(versions, "RULES", dict(versions.RULES))
    monkeypatch.setattr(quality, "LEAST_LOST", 99)
    world = World(tmp_path / "world")
    world.settings["window_days"] = 1
    monkeypatch.chdir(world.root)
    return world


def _follow(world: World, load: Callable[[], Tables]) -> None:
    """Each happening changes what is published, but the one in which nothing happens; the copy has it each time."""
    before: Tables = {}
    for happens in HAPPENINGS:
        happens(world)
        now = published(world.root)
        assert (now == before) == (happens is _nothing), happens.__name__
        copied = load()
        for name, rows in now.items():
            assert rows == copied[name], f"{name} after {happens.__name__}"
        before = now


# --- the recipes ------------------------------------------------------------------------------------------------------


def test_a_copy_in_duckdb_has_the_tables_after_whatever_happens(world: World) -> None:
    def load() -> Tables:
        with closing(run(block("news.duckdb"))["database"]) as database:
            return {
                c.name: spelt(database.sql(f"from {c.name}").to_arrow_table().to_pylist()) for c in PUBLISHED
            }

    _follow(world, load)


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A PostgreSQL server with the tables of `newsfold schema --format ddl`."""
    if postgres_programs() is None:
        pytest.skip("PostgreSQL's server is not installed")
    with postgres(tmp_path) as uri:
        plain = uri.replace("postgresql+psycopg2", "postgresql")
        monkeypatch.setenv("DATABASE_URL", plain)
        with psycopg.connect(plain) as connection:
            connection.execute(as_ddl())  # type: ignore[arg-type]
        yield plain


@pytest.mark.services
def test_a_copy_in_postgresql_has_the_tables_after_whatever_happens(world: World, database: str) -> None:
    def load() -> Tables:
        run(block("psycopg"))
        with psycopg.connect(database, row_factory=psycopg.rows.dict_row) as connection:
            return {c.name: spelt(connection.execute(f"table {c.name}").fetchall()) for c in PUBLISHED}  # type: ignore[arg-type]

    _follow(world, load)


def test_a_copy_in_delta_has_the_tables_after_whatever_happens(world: World) -> None:
    def load() -> Tables:
        run(block("deltalake"))
        return {c.name: spelt(_of_delta(world.root / "delta" / c.name, c.names)) for c in PUBLISHED}

    _follow(world, load)


def _of_delta(path: Path, names: list[str]) -> list[dict[str, Any]]:
    rows = DeltaTable(str(path)).to_pyarrow_table()
    return rows.select([*names, "day"]).to_pylist() if path.exists() else []


def test_iceberg_tables_are_the_published_ones_after_whatever_happens(world: World) -> None:
    def load() -> Tables:
        iceberg.export(world.desk().warehouse)
        catalog = load_catalog("newsfold", type="sql", uri=iceberg.catalog_uri(world.desk().warehouse))
        return {c.name: spelt(_of_iceberg(catalog, c.name)) for c in PUBLISHED}

    _follow(world, load)


def _of_iceberg(catalog: Any, name: str) -> list[dict[str, Any]]:
    """The rows, with the day of their partition, which is a column of theirs or in their ids."""
    rows = catalog.load_table(f"newsfold.{name}").scan().to_arrow().to_pylist()
    return [{**row, "day": _day_of(row)} for row in rows]


def _day_of(row: dict[str, Any]) -> date | None:
    for column in ("ingest_date", "first_date"):
        if column in row:
            return row[column]  # type: ignore[no-any-return]
    if "article_id" in row:
        return datetime.strptime(row["article_id"][:8], "%Y%m%d").date()  # noqa: DTZ007 - a date
    return None


# --- Prometheus -------------------------------------------------------------------------------------------------------


def test_a_file_for_prometheus_is_written_and_its_alerts_ask_for_what_is_in_it(
    world: World, tmp_path: Path
) -> None:
    """Also of a day that is late, where the command exits with 3."""
    _runs(world)
    (script,) = [text for kind, text in BLOCKS if kind == "sh" and "newsfold.prom" in text]
    (alerts,) = [text for kind, text in BLOCKS if kind == "yaml" and "alert:" in text]
    command = tmp_path / "bin" / "newsfold"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m pipeline "$@"\n')
    command.chmod(0o755)
    path = f"{command.parent}:{Path(shutil.which('mv') or '').parent}"

    done = subprocess.run(
        ["/bin/sh", "-ec", script.replace("\nmv", " || [ $? -eq 3 ]\nmv")], env={"PATH": path}, check=False
    )

    assert 0 == done.returncode
    told = set(re.findall(r"^(newsfold_\w+)\{", (world.root / "newsfold.prom").read_text(), re.MULTILINE))
    asked = set(re.findall(r"newsfold_\w+", alerts))
    assert {"newsfold_fresh"} < asked <= told
    assert not (world.root / "newsfold.prom.part").exists()
