"""The engine of many machines: what every engine promises, on Spark in one process and over Connect."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyspark")

from pipeline.day import run
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.model import tables
from pipeline.store.local import LocalStorage
from pipeline.upkeep import status
from tests import clusters
from tests.conftest import DAY, deliver, make_desk, published
from tests.test_engine import (
    test_a_frame_that_was_collected_may_be_used_again,
    test_a_keyed_stage_sees_the_rows_of_a_key_together,
    test_a_row_wise_stage_sees_every_row_once,
    test_a_union_has_all_rows,
    test_an_empty_frame_is_a_frame,
    test_pairs_get_the_columns_of_both_sides,
    test_parts_are_read_where_the_engine_wants,
    test_what_a_stage_raises_reaches_the_caller,
    test_what_breaks_its_contract_does_not_leave_a_stage,
)
from tests.test_faults import (
    test_a_group_goes_on_without_the_rows_on_which_the_stage_raises_alone,
    test_a_row_that_can_not_even_say_what_is_wrong_is_left_out,
)
from tests.topics import TOPICS, document

__all__ = [
    "test_a_frame_that_was_collected_may_be_used_again",
    "test_a_group_goes_on_without_the_rows_on_which_the_stage_raises_alone",
    "test_a_keyed_stage_sees_the_rows_of_a_key_together",
    "test_a_row_that_can_not_even_say_what_is_wrong_is_left_out",
    "test_a_row_wise_stage_sees_every_row_once",
    "test_a_union_has_all_rows",
    "test_an_empty_frame_is_a_frame",
    "test_pairs_get_the_columns_of_both_sides",
    "test_parts_are_read_where_the_engine_wants",
    "test_what_a_stage_raises_reaches_the_caller",
    "test_what_breaks_its_contract_does_not_leave_a_stage",
]

pytestmark = [
    pytest.mark.spark,
    pytest.mark.xdist_group("spark"),  # one JVM, not one for each worker
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java 17"),
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
]
MASTER = os.environ.get("NEWSFOLD_TEST_MASTER", "local[2]")


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from pipeline.engines.session import open_session

    with pytest.MonkeyPatch.context() as patch:
        for name, value in clusters.environment(tmp_path_factory.mktemp("conf")).items():
            patch.setenv(name, value)
        spark = open_session(MASTER)
        yield spark
        spark.stop()


@pytest.fixture
def engine(session: Any, tmp_path: Path) -> Any:
    from pipeline.engines.spark import SparkEngine

    return SparkEngine(session, LocalStorage(tmp_path / "warehouse"))


def test_the_seeds_give_the_bytes_of_the_embedded_engine(tmp_path: Path, engine: Any) -> None:
    shutil.copytree(clusters.SEEDS, tmp_path / "landing", ignore=shutil.ignore_patterns("expected"))
    results = []
    for name, one in (("expected", EmbeddedEngine(2)), ("warehouse", engine)):
        desk = make_desk(tmp_path, one, name)
        for day in status.days_delivered(desk):
            run.run_day(desk, day)
        results.append(published(desk.warehouse.storage.uri))

    assert len(tables.PUBLISHED) == len(results[0])
    assert results[0] == results[1]


def test_pages_that_change_give_the_bytes_of_the_embedded_engine(tmp_path: Path, engine: Any) -> None:
    """Versions within a day and over days, with a copy of one of them."""
    text = "\n".join(f"{s}." for s in TOPICS["flood"].split(". "))
    results = []
    for name, one in (("expected", EmbeddedEngine(2)), ("warehouse", engine)):
        desk = make_desk(tmp_path, one, name)
        for offset in range(2):
            day = DAY + timedelta(offset)
            pages = [
                document(
                    "flood",
                    text=text.replace("four hundred", f"{n}00"),
                    fetched_at=f"{day}T{7 + n:02}:00:00Z",
                )
                for n in range(3 * offset, 3 * offset + 3)
            ]
            deliver(
                desk,
                day,
                *pages,
                pages[-1] | {"url": f"https://echo{offset}.example/flood", "outlet": "Echo"},
            )
            run.run_day(desk, day)
        results.append(published(desk.warehouse.storage.uri))

    assert 5 == sum(desk.warehouse.read(tables.REVISIONS, DAY + timedelta(n)).num_rows for n in range(2))
    assert results[0] == results[1]


def test_flows_and_newsrooms_give_the_bytes_of_the_embedded_engine(tmp_path: Path, engine: Any) -> None:
    """Credits in words and by an address of another site, an agency that half of the copies state, over two days; then another
    outlets' file, under which the second day runs again.
    """
    text = "\n".join(f"{s}." for s in TOPICS["flood"].split(". "))
    html = "<html><head><link rel='canonical' href='https://post.com/1/flood'></head><body><article>{}</article></body></html>"
    files = ("domain,outlet,owner\npost.com,The Post,north\n", "domain,is_agency\npost.com,true\n")
    results = []
    for name, one in (("expected", EmbeddedEngine(2)), ("warehouse", engine)):
        for n, file in enumerate(files):
            (tmp_path / "houses.csv").write_text(file)
            desk = make_desk(tmp_path, one, name, outlets=str(tmp_path / "houses.csv"))
            for offset in range(n, 2):
                day = DAY + timedelta(offset)
                told = [
                    {
                        "url": f"https://echo{offset}.com/1",
                        "text": f"{text}\nOriginally published by The Post.",
                    },
                    {"url": f"https://globe{offset}.com/1", "text": f"{text}\n(AP)"},
                    {"url": f"https://star{offset}.com/1", "html": html.format(f"<p>{text}</p>")},
                ]
                deliver(desk, day, *told)
                run.run_day(desk, day)
            results.append(published(desk.warehouse.storage.uri))

    flows = [r for n in range(2) for r in desk.warehouse.read(tables.FLOWS, DAY + timedelta(n)).to_pylist()]
    assert {"stated", "unclear"} & {row["confidence"] for row in flows}
    assert results[:2] == results[2:]
    assert results[0] != results[1]


@pytest.mark.cluster
def test_two_days_give_the_bytes_of_the_embedded_engine(tmp_path: Path, engine: Any) -> None:
    """Two days, the second of which has copies of the first and a page that fails: the same bytes, and nothing left in staging."""
    results = []
    for name, one in (("expected", EmbeddedEngine(2)), ("warehouse", engine)):
        desk = make_desk(tmp_path, one, name)
        for offset in range(2):
            day = DAY + timedelta(offset)
            deliver(
                desk,
                day,
                *(document(t, n, url=f"https://o{n}.example/{t}/{offset}") for t in TOPICS for n in range(4)),
            )
            (tmp_path / f"landing/day={day}/broken.warc.gz").write_bytes(b"no such thing")
            run.run_day(desk, day)
        results.append(published(desk.warehouse.storage.uri))

    assert results[0] == results[1]
    assert 2 == desk.warehouse.read(tables.RUNS, DAY)["n_stories"].to_pylist()[0] - 1
    del desk
    assert [] == list((tmp_path / "warehouse/_meta/staging").rglob("*.arrow"))


def test_small_and_large_tables_give_the_bytes_of_the_embedded_engine(tmp_path: Path, engine: Any) -> None:
    """Small ones stay on the driver, and meet large ones on Spark."""
    from pipeline.engines.near_and_far import NearAndFar

    shutil.copytree(clusters.SEEDS, tmp_path / "landing", ignore=shutil.ignore_patterns("expected"))
    results = []
    for name, one in (
        ("expected", EmbeddedEngine(2)),
        ("warehouse", NearAndFar(EmbeddedEngine(2), lambda: engine, 4_000)),
    ):
        desk = make_desk(tmp_path, one, name)
        for day in status.days_delivered(desk):
            run.run_day(desk, day)
        results.append(published(desk.warehouse.storage.uri))

    assert results[0]
    assert results[0] == results[1]


def test_a_frame_that_was_made_is_not_made_again(tmp_path: Path, engine: Any) -> None:
    """A stage over a frame that was collected before starts from what was staged."""
    from tests.test_engine import NUMBERS, numbers

    marks = tmp_path / "calls"

    def noted(table: Any) -> Any:
        with marks.open("a") as file:
            file.write("x")
        return table

    frame = engine.map(noted, engine.load(numbers(10)), NUMBERS)
    engine.collect(frame)

    assert 10 == engine.collect(engine.map(lambda table: table, frame, NUMBERS)).num_rows
    assert 10 == engine.collect(frame).num_rows
    assert "x" == marks.read_text()


def test_what_is_collected_is_in_order_and_takes_no_memory(engine: Any) -> None:
    """The rows come back in the order of their contract's key, from all tasks, mapped from a file."""
    import pyarrow as pa

    from tests.test_engine import SUMS, numbers

    rows = numbers(50_000)
    backwards = engine.load(rows.take(pa.array(range(49_999, -1, -1))))
    before = pa.total_allocated_bytes()

    found = engine.collect(engine.map(lambda table: table, backwards, SUMS))

    assert rows["n"] == found["n"]
    assert pa.total_allocated_bytes() - before < 50_000


@pytest.mark.skipif(MASTER != "local[2]", reason="a Connect client has no context that could say it")
def test_jobs_are_called_by_the_stage_and_the_day(session: Any) -> None:
    """While they run: Spark's own pages show it. Other jobs of the session keep their names."""
    from pipeline.engines.engine import doing
    from pipeline.engines.session import named

    token = doing.set("verify 2026-03-05")
    try:
        with named(session):
            description = session.sparkContext.getLocalProperty("spark.job.description")
            assert {"verify 2026-03-05"} == session.getTags()
    finally:
        doing.reset(token)

    assert "verify 2026-03-05" == description
    assert set() == session.getTags()


def test_partitions_follow_from_cores_and_rows_unless_spark_is_told(session: Any) -> None:
    """Two cores take no 200 tasks for a day of 75 pages; a million articles' buckets take more than the cores need."""
    from pipeline.engines.shuffles import PARTITIONS, Shuffles

    before = session.conf.get(PARTITIONS, None)
    try:
        session.conf.set(PARTITIONS, "2")
        assert (2, 2, 2) == tuple(map(Shuffles(session).of, (75, 1_000_000, None)))
        session.conf.unset(PARTITIONS)
        found = Shuffles(session)
        assert (1, 4, 8, 62, 8) == tuple(map(found.of, (75, 1_000, 20_000, 1_000_000, None)))
        with found.dealt(1_000):
            assert "4" == session.conf.get(PARTITIONS)
        assert session.conf.get(PARTITIONS, None) is None
    finally:
        if before is not None:
            session.conf.set(PARTITIONS, before)


def test_it_tells_of_rows_as_they_are_staged(session: Any, tmp_path: Path) -> None:
    from pipeline.engines.spark import SparkEngine
    from tests.test_engine import NUMBERS, double, numbers

    told: list[tuple[str, int]] = []
    engine = SparkEngine(session, LocalStorage(tmp_path), lambda table, rows: told.append((table, rows)))

    engine.collect(engine.map(double, engine.load(numbers(3_000)), NUMBERS))

    assert {"numbers"} == {table for table, _ in told}
    assert 3_000 == sum(rows for _, rows in told)


@pytest.mark.skipif(MASTER != "local[2]", reason="this is that run")
@pytest.mark.parametrize(
    "chosen",
    [
        pytest.param(["-m", "spark and not cluster", "-k", "not bytes"], id="promises"),
        pytest.param(["-m", "", "-k", "bytes"], id="bytes", marks=pytest.mark.cluster),
    ],
)
def test_the_same_holds_over_spark_connect(tmp_path: Path, chosen: list[str]) -> None:
    """Every test above, in a process that talks to a Connect server and has no JVM of its own."""
    with clusters.connect_server(tmp_path) as url:
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", __file__, *chosen]
        env = clusters.environment(tmp_path / "client") | {"NEWSFOLD_TEST_MASTER": url}
        done = subprocess.run(
            command, env=env, cwd=clusters.ROOT, check=False, capture_output=True, text=True
        )

    said = done.stdout[-3000:] + (tmp_path / "log").read_text()[-2000:] if done.returncode else ""
    assert (0, "") == (done.returncode, said)
