"""One deduplication tool over one corpus: `python copy_peers.py TOOL corpus.parquet labels.npy`.

Run by `copies.py peers`, in the environment of the tool; needs that tool, pyarrow and NumPy. Reads the column `text`,
writes a group number for each row. Every tool gets words, five in a shingle, a threshold of 0.5 and 25 bands of 5 rows, which
is what datasketch's search gives for 0.5 and 128 permutations (rensa's and FastSketchLSH's bands must divide these: 32 of 4). Each is used as
its own documentation shows; what groups pairs where the tool itself does not is a union-find or SciPy's components.
"""

import contextlib
import itertools
import pickle
import re
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

THRESHOLD, PERMUTATIONS, BANDS, ROWS, WORDS = 0.5, 128, 25, 5, 5
WORD = re.compile(r"\w+")


def main() -> None:
    tool, corpus, out = sys.argv[1:]
    np.save(out, TOOLS[tool](corpus))


def datasketch(corpus: str) -> np.ndarray:
    from datasketch import MinHash, MinHashLSH

    sets = [[s.encode() for s in shingles(text)] for text in texts(corpus)]
    index, together = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS), Union(len(sets))
    for n, sketch in enumerate(MinHash.bulk(sets, num_perm=PERMUTATIONS)):
        for other in index.query(sketch):
            together.join(n, other)
        index.insert(n, sketch, check_duplication=False)
    return together.labels()


def rensa(corpus: str) -> np.ndarray:
    from rensa import RMinHash, RMinHashLSH

    index = RMinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS, num_bands=32)
    sets = [shingles(text) for text in texts(corpus)]
    together = Union(len(sets))
    for n, sketch in enumerate(RMinHash.from_token_sets(sets, PERMUTATIONS, 1)):
        for other in index.query(sketch):
            together.join(n, other)
        index.insert(n, sketch)
    return together.labels()


def daft(corpus: str) -> np.ndarray:
    """Its minhash expression, then its group-by on each band."""
    import daft as df
    from daft import col, functions

    plain = functions.normalize(
        col("text"), remove_punct=True, lowercase=True, nfd_unicode=True, white_space=True
    )
    rows = df.read_parquet(corpus).select(plain.alias("text")).to_arrow().combine_chunks()
    frame = df.from_arrow(rows.append_column("row", [np.arange(rows.num_rows)]))
    hashed = frame.select(
        col("row"), functions.minhash(col("text"), num_hashes=BANDS * ROWS, ngram_size=WORDS).alias("m")
    )
    minima = hashed.to_arrow().combine_chunks()
    matrix = minima["m"].combine_chunks().flatten().to_numpy().reshape(-1, BANDS * ROWS)
    edges, number = [], minima["row"].combine_chunks().to_numpy()
    for band in range(BANDS):
        key = np.zeros(len(matrix), np.uint64)
        for slot in range(band * ROWS, band * ROWS + ROWS):
            key = key * np.uint64(0x9E3779B97F4A7C15) + matrix[:, slot]
        bands = df.from_pydict({"key": key, "row": number})
        met = bands.groupby("key").agg(functions.list_agg(col("row")).alias("rows"))
        edges += [(r[0], other) for r in met.to_pydict()["rows"] for other in r[1:]]
    return components(rows.num_rows, edges)


def gaoya(corpus: str) -> np.ndarray:
    """Its index of texts, whose tokens are runs of five words that it finds itself."""
    from gaoya.minhash import MinHashStringIndex

    index = MinHashStringIndex(
        32, THRESHOLD, BANDS, ROWS, None, "word", lowercase=True, ngram_range=(WORDS, WORDS)
    )
    rows = texts(corpus)
    index.par_bulk_insert_docs(list(range(len(rows))), rows)
    together = Union(len(rows))
    for n, found in enumerate(index.par_bulk_query(rows)):
        for other in found:
            together.join(n, other)
    return together.labels()


def fastsketchlsh(corpus: str) -> np.ndarray:
    """Its sketches and bands, on hashes of five words that Polars makes: what it wants as input is hashed sets."""
    from FastSketchLSH import LSH, FastSimilaritySketch

    data, starts = _polars_shingles(corpus)
    sketches = FastSimilaritySketch(size=PERMUTATIONS, seed=42).batch_csr(
        data, starts, prehashed=True, num_threads=1
    )
    index = LSH(num_perm=PERMUTATIONS, num_bands=32)
    index.insert(sketches)
    found, ends = index.query(sketches, format="csr")
    n = len(ends) - 1
    rows = np.repeat(np.arange(n), np.diff(ends.astype(np.int64)))
    return components(n, np.stack([rows, np.asarray(found, np.int64)], axis=1))


def _polars_shingles(corpus: str) -> tuple[np.ndarray, np.ndarray]:
    """Hashes of each text's runs of five words, text after text, and where each text's begin."""
    import polars as pl

    words = pl.col("text").str.to_lowercase().str.extract_all(r"\w+")
    rows = pl.read_parquet(corpus, columns=["text"]).select(words.alias("word")).with_row_index("row")
    each = rows.explode("word").with_columns(pl.col("word").hash().alias("hash"))
    mixed = pl.lit(0, pl.UInt64)
    for n in range(WORDS):
        later = pl.col("hash").shift(-n).fill_null(0)
        mixed = (mixed * pl.lit(0x9E3779B1, pl.UInt64)) ^ later
    within = (pl.col("row").shift(-(WORDS - 1)) == pl.col("row")).fill_null(value=False)
    first = pl.col("row").shift(1).ne_missing(pl.col("row"))  # a shorter text has one run of its words
    kept = each.select("row", mixed.alias("run"), within.alias("within"), first.alias("first"))
    kept = kept.filter(pl.col("within") | pl.col("first"))
    counts = np.bincount(kept["row"].to_numpy(), minlength=rows.height)
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.uint64)
    return kept["run"].to_numpy().astype(np.uint64), starts


def text_dedup(corpus: str) -> np.ndarray:
    """Its command, with the verification that its README shows."""
    import os
    import runpy

    n = pq.read_metadata(corpus).num_rows
    with tempfile.TemporaryDirectory() as scratch, contextlib.chdir(scratch):
        os.environ["HF_DATASETS_CACHE"], os.environ["HF_HUB_OFFLINE"] = f"{scratch}/cache", "1"
        Path("config.toml").write_text(TEXT_DEDUP.format(corpus=corpus), encoding="utf-8")
        sys.argv = ["minhash"]
        runpy.run_module("text_dedup.minhash", run_name="__main__")
        parents = pickle.loads(Path("out/clusters.pickle").read_bytes())  # noqa: S301  written above
    labels = np.arange(n)
    for row, parent in parents.items():
        labels[row] = n + parent
    return labels


TEXT_DEDUP = f"""
[input]
input_type = "local_files"
file_type = "parquet"
[input.read_arguments]
path = "parquet"
data_files = "{{corpus}}"
split = "train"
[algorithm]
algorithm_name = "minhash"
text_column = "text"
num_perm = {PERMUTATIONS}
threshold = {THRESHOLD}
ngram_size = {WORDS}
check_false_positive = true
num_proc = 2
[output]
output_dir = "out"
save_clusters = true
[debug]
enable_profiling = false
"""


def datatrove(corpus: str) -> np.ndarray:
    """Its four stages, the last one writing the clusters, two tasks where a stage may have two."""
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.dedup import (
        MinhashDedupBuckets,
        MinhashDedupCluster,
        MinhashDedupFilter,
        MinhashDedupSignature,
    )
    from datatrove.pipeline.dedup.minhash import MinhashConfig
    from datatrove.pipeline.readers import ParquetReader
    from datatrove.pipeline.writers import JsonlWriter

    rows, config = (
        pq.read_table(corpus, columns=["id", "text"]),
        MinhashConfig(n_grams=WORDS, num_buckets=BANDS, hashes_per_bucket=ROWS),
    )
    with tempfile.TemporaryDirectory() as at:
        half = (rows.num_rows + 1) // 2
        Path(f"{at}/in").mkdir()
        for task in range(2):
            pq.write_table(rows.slice(task * half, half), f"{at}/in/{task}.parquet")

        number = itertools.count()

        def run(*steps: object, tasks: int = 1) -> None:
            # In this process, whose time is measured; its logs go with the rest.
            logs = f"{at}/logs-{next(number)}"
            LocalPipelineExecutor(list(steps), tasks=tasks, workers=1, logging_dir=logs).run()

        run(ParquetReader(f"{at}/in"), MinhashDedupSignature(f"{at}/signatures", config=config), tasks=2)
        run(MinhashDedupBuckets(f"{at}/signatures", f"{at}/buckets", config=config), tasks=BANDS)
        run(MinhashDedupCluster(f"{at}/buckets", f"{at}/clusters", config=config, save_cluster_id=True))
        run(
            ParquetReader(f"{at}/in"),
            MinhashDedupFilter(f"{at}/clusters"),
            JsonlWriter(f"{at}/kept"),
            tasks=2,
        )
        labels = np.arange(rows.num_rows)
        for file in Path(f"{at}/clusters").glob("*.clusters"):
            for row, cluster in np.fromfile(file, "<u4").reshape(-1, 2).astype(np.int64):
                labels[int(file.stem) * half + row] = rows.num_rows + cluster
    return labels


def texts(corpus: str) -> list[str]:
    return pq.read_table(corpus, columns=["text"])["text"].to_pylist()


def shingles(text: str) -> set[str]:
    words = WORD.findall(text.lower())
    return {" ".join(words[n : n + WORDS]) for n in range(max(1, len(words) - WORDS + 1))}


class Union:
    """A union-find."""

    def __init__(self, n: int) -> None:
        self.root = list(range(n))

    def find(self, one: int) -> int:
        while self.root[one] != one:
            self.root[one] = one = self.root[self.root[one]]
        return one

    def join(self, one: int, other: int) -> None:
        self.root[self.find(one)] = self.find(other)

    def labels(self) -> np.ndarray:
        return np.array([self.find(n) for n in range(len(self.root))])


def components(n: int, edges: Iterable[tuple[int, int]] | np.ndarray) -> np.ndarray:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    pairs = edges if isinstance(edges, np.ndarray) else list(edges)
    left, right = np.array(pairs if len(pairs) else np.zeros((0, 2)), np.int64).T
    return connected_components(coo_array((np.ones(len(left)), (left, right)), (n, n)))[1]


TOOLS = {
    "datasketch": datasketch,
    "rensa": rensa,
    "daft": daft,
    "gaoya": gaoya,
    "fastsketchlsh": fastsketchlsh,
    "text-dedup": text_dedup,
    "datatrove": datatrove,
}

if __name__ == "__main__":
    main()
