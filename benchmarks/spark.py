"""The engine of many machines, measured on one: what its stages cost, beside the embedded engine, and beside other ways on Spark.

    python benchmarks/spark.py stages CORPUS [--articles N] [--days D] [--master URL]   seconds and shuffled bytes by stage; same bytes?
    python benchmarks/spark.py peers CORPUS [--articles N]     newsfold, MLlib's MinHashLSH, plain PySpark: seconds and F1

CORPUS is a Parquet file with columns `id`, `title`, `text` and `group` (which copies belong together).
"""

import argparse
import json
import os
import resource
import sys
import tempfile
import time
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from pipeline import jobs  # noqa: E402 - it is run as a script
from pipeline.engines import open_engine  # noqa: E402
from pipeline.settings import load  # noqa: E402

FIRST = date(2026, 3, 5)
CONFIGURATION = {
    "spark.driver.memory": "1g",
    "spark.driver.host": "127.0.0.1",
    "spark.sql.shuffle.partitions": "8",
    "spark.ui.showConsoleProgress": "false",
}
SHINGLE, PERMUTATIONS, BANDS = 5, 128, 16  # of the plain implementation: what tutorials take


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("stages", "peers"))
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--days", type=int, default=1)
    parser.add_argument("--master", default="local[2]")
    parser.add_argument("--only", default="newsfold,plain,mllib")
    asked = parser.parse_args()
    corpus = pq.read_table(asked.corpus).slice(0, asked.articles)
    with tempfile.TemporaryDirectory() as scratch:
        _configure(Path(scratch))
        if asked.what == "stages":
            stages(Path(scratch), corpus, asked.days, asked.master)
        else:
            peers(Path(scratch), corpus, asked.only.split(","))


def stages(scratch: Path, corpus: pa.Table, days: int, master: str) -> None:
    _deliver(scratch, corpus, days)
    tables = {}
    for name, options in (("embedded", {}), ("spark", {"engine": "spark", "master": master})):
        begun = time.perf_counter()
        desk = _desk(scratch, name, **options)
        opened = time.perf_counter()
        for day in range(days):
            report = jobs.run_day(desk, FIRST + timedelta(day))
            seconds = "  ".join(f"{stage} {s:.1f}" for stage, s in report.seconds.items())
            print(f"{name} {report.day}  {report.row['n_articles']:,} articles  {seconds}", flush=True)
        ended = time.perf_counter()
        print(
            f"{name}: {ended - opened:.1f} s, and {opened - begun:.1f} s to start; driver at most {_peak_mb():,.0f} MB",
            flush=True,
        )
        tables[name] = {
            p.relative_to(scratch / name): p.read_bytes()
            for p in (scratch / name).rglob("*.parquet")
            if "_meta" not in p.parts
        }
    _shuffled(desk.engine.spark, corpus.num_rows)
    print("published bytes are", "the same" if tables["embedded"] == tables["spark"] else "NOT the same")
    desk.engine.spark.stop()


def peers(scratch: Path, corpus: pa.Table, chosen: list[str]) -> None:
    from pipeline.engines.spark import open_session

    spark = open_session("local[2]")
    ways: dict[str, Callable[[Any, pa.Table, Path], dict[str, str]]] = {
        "newsfold": _newsfold,
        "plain": _plain,
        "mllib": _mllib,
    }
    warm = corpus.slice(0, 200)
    gold = dict(zip(corpus["id"].to_pylist(), corpus["group"].to_pylist(), strict=True))
    for name in chosen:
        ways[name](spark, warm, scratch / "warm" / name)
        begun = time.perf_counter()
        found = ways[name](spark, corpus, scratch / name)
        seconds = time.perf_counter() - begun
        p, r, f1 = _pair_scores(found, gold)
        print(
            f"{name:10} {corpus.num_rows:,} articles  {seconds:7.1f} s  precision {p:.3f}  recall {r:.3f}  F1 {f1:.3f}",
            flush=True,
        )
    spark.stop()


def _newsfold(_: Any, corpus: pa.Table, scratch: Path) -> dict[str, str]:
    """The whole day: reading, extraction, cleaning, copies, stories, publication."""
    _deliver(scratch, corpus, 1)
    desk = _desk(scratch, "warehouse", engine="spark", master="local[2]")
    jobs.run_day(desk, FIRST)
    articles = desk.warehouse.read(jobs.ARTICLES, FIRST, ["article_id", "url"]).to_pylist()
    places = desk.warehouse.read(jobs.MEMBERSHIPS, FIRST, ["article_id", "copy_id"]).to_pylist()
    urls = {row["article_id"]: row["url"].rsplit("/", 1)[1] for row in articles}
    return {urls[row["article_id"]]: row["copy_id"] for row in places}


def _mllib(spark: Any, corpus: pa.Table, scratch: Path) -> dict[str, str]:
    """MLlib as its guide shows it: shingles hashed into a binary vector, MinHashLSH, a self-join by distance; then components."""
    from pyspark.ml.feature import HashingTF, MinHashLSH, NGram, RegexTokenizer
    from pyspark.sql import functions as F  # noqa: N812 - as everybody calls it

    frame = _frame(spark, corpus, scratch)
    words = RegexTokenizer(inputCol="text", outputCol="words", pattern="\\W+").transform(frame)
    shingles = (
        NGram(n=SHINGLE, inputCol="words", outputCol="shingles")
        .transform(words)
        .where(F.size("shingles") > 0)
    )
    vectors = HashingTF(numFeatures=1 << 20, binary=True, inputCol="shingles", outputCol="vector").transform(
        shingles
    )
    vectors = vectors.select("id", "vector").cache()
    model = MinHashLSH(inputCol="vector", outputCol="hashes", numHashTables=8, seed=1).fit(vectors)
    joined = model.approxSimilarityJoin(vectors, vectors, 0.5).where("datasetA.id < datasetB.id")
    edges = joined.selectExpr("datasetA.id as a", "datasetB.id as b").toArrow()
    vectors.unpersist()
    return _components(corpus["id"].to_pylist(), edges["a"].to_pylist(), edges["b"].to_pylist())


def _plain(spark: Any, corpus: pa.Table, scratch: Path) -> dict[str, str]:
    """What tutorials write: MinHash in a Python function, bands exploded, one group per band, components; nothing is verified."""
    generator = np.random.RandomState(1)  # as tutorials do
    a, b = generator.randint(1, 1 << 31, (2, PERMUTATIONS), dtype=np.int64).astype(np.uint64)

    def banded(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            ids, keys = [], []
            for one, text in zip(
                batch.column("id").to_pylist(), batch.column("text").to_pylist(), strict=True
            ):
                signature = _signature(text, a, b)
                ids += [one] * BANDS
                keys += [f"{n}:{part.tobytes().hex()}" for n, part in enumerate(signature.reshape(BANDS, -1))]
            yield pa.record_batch({"id": pa.array(ids, pa.string()), "band": pa.array(keys, pa.string())})

    bands = _frame(spark, corpus, scratch).mapInArrow(banded, "id string, band string")
    least = bands.groupBy("band").agg({"id": "min"}).withColumnRenamed("min(id)", "first")
    edges = bands.join(least, "band").where("id != first").select("id", "first").distinct().toArrow()
    return _components(corpus["id"].to_pylist(), edges["id"].to_pylist(), edges["first"].to_pylist())


def _signature(text: str, a: Any, b: Any) -> Any:
    words = text.lower().split()
    shingles = {" ".join(words[n : n + SHINGLE]) for n in range(max(1, len(words) - SHINGLE + 1))}
    hashes = np.array([hash(s) & 0xFFFFFFFF for s in shingles], np.uint64)  # Spark's workers share one seed
    return ((hashes[:, None] * a + b) % np.uint64((1 << 61) - 1) & np.uint64(0xFFFFFFFF)).min(axis=0)


def _components(ids: list[str], left: list[str], right: list[str]) -> dict[str, str]:
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    number = {one: n for n, one in enumerate(ids)}
    rows, columns = ([number[i] for i in side] for side in (left, right))
    _, labels = connected_components(
        coo_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(ids),) * 2), directed=False
    )
    return dict(zip(ids, map(str, labels), strict=True))


def _pair_scores(found: dict[str, str], gold: dict[str, int]) -> tuple[float, float, float]:
    """Precision, recall and F1 of pairs in one group."""

    def pairs(counts: Counter[Any]) -> int:
        return sum(n * (n - 1) // 2 for n in counts.values())

    label = {one: found.get(one, f"alone {one}") for one in gold}
    both = pairs(Counter((label[i], gold[i]) for i in gold))
    p, r = both / max(pairs(Counter(label.values())), 1), both / max(pairs(Counter(gold.values())), 1)
    return p, r, 2 * p * r / (p + r) if both else 0.0


def _frame(spark: Any, corpus: pa.Table, scratch: Path) -> Any:
    scratch.mkdir(parents=True, exist_ok=True)
    pq.write_table(corpus.select(["id", "text"]), scratch / "in.parquet", row_group_size=2_000)
    return spark.read.parquet(str(scratch / "in.parquet")).repartition(8)


def _shuffled(spark: Any, n_articles: int) -> None:
    """Bytes that went through shuffles, by the name that the engine gave its jobs, as Spark's own pages tell."""
    url = spark.sparkContext.uiWebUrl
    (application,) = _ask(f"{url}/api/v1/applications")
    told = defaultdict(Counter)
    for stage in _ask(f"{url}/api/v1/applications/{application['id']}/stages?status=complete"):
        name = (stage.get("description") or "?").split(" ")[0]
        told[name] += Counter(
            tasks=stage["numTasks"],
            written=stage["shuffleWriteBytes"],
            seconds=stage["executorRunTime"] / 1000,
        )
    for name, figures in told.items():
        print(
            f"  {name:10} {figures['tasks']:6,} tasks  {figures['seconds']:8.1f} task seconds  {figures['written'] / 1e6:9.1f} MB shuffled  "
            f"{figures['written'] / n_articles:9.0f} bytes an article"
        )


def _ask(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 - the driver's own page
        return json.load(answer)


def _configure(scratch: Path) -> None:
    folder = scratch / "conf"
    folder.mkdir()
    (folder / "spark-defaults.conf").write_text(
        "\n".join(f"{name} {value}" for name, value in CONFIGURATION.items())
    )
    os.environ |= {
        "SPARK_CONF_DIR": str(folder),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYTHONPATH": str(ROOT),
        "PYSPARK_PYTHON": sys.executable,
    }


def _desk(scratch: Path, name: str, **options: str) -> jobs.Desk:
    chosen = load(landing=str(scratch / "landing"), warehouse=str(scratch / name), **options)
    return jobs.open_desk(chosen, open_engine(chosen))


def _deliver(scratch: Path, corpus: pa.Table, days: int) -> None:
    for day in range(days):
        folder = scratch / f"landing/day={FIRST + timedelta(day)}"
        folder.mkdir(parents=True, exist_ok=True)
        for part in range(8):
            rows = (
                corpus.take(pa.array(range(day + part * days, corpus.num_rows, days * 8)))
                .select(["id", "title", "text"])
                .to_pylist()
            )
            lines = (
                json.dumps({"url": f"https://x.example/{r['id']}", "title": r["title"], "text": r["text"]})
                for r in rows
            )
            (folder / f"{part}.jsonl").write_text("\n".join(lines))


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
