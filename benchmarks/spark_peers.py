"""Other ways to find copies with Spark: MLlib's, and what tutorials write; each gives the label of each article's group."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

SHINGLE, PERMUTATIONS, BANDS = 5, 128, 16  # of the plain implementation: what tutorials take


def mllib(spark: Any, corpus: pa.Table, scratch: Path) -> dict[str, str]:
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


def plain(spark: Any, corpus: pa.Table, scratch: Path) -> dict[str, str]:
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


def pair_scores(found: dict[str, str], gold: dict[str, int]) -> tuple[float, float, float]:
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
