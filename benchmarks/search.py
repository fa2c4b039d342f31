"""Full-text search: what an index costs to build and to keep, and how fast queries are answered.

    python -m benchmarks.search --articles 100000 --days 60 [--queries 200] [--scan]

Articles are made up by a seed: 300 to 500 words of a vocabulary of 300,000, as often as Zipf's law says; one in ten is in Chinese characters.
They are published as tables in a folder that is removed. Queries are of words as frequent as people ask for them: not the hundred
most frequent, not those that occur once. Times of queries are those of `search.find` with what is shown of the ten best; the first
query, which opens the indexes, is told apart.
"""

import argparse
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.model.contract import Contract
from pipeline.model.tables import ARTICLES, MEMBERSHIPS
from pipeline.search import files
from pipeline.search.build import build
from pipeline.search.find import Searcher
from pipeline.search.hits import Wanted
from pipeline.search.query import parse
from pipeline.search.snippet import snippet
from pipeline.store.local import LocalStorage
from pipeline.store.warehouse import Warehouse

FIRST = date(2026, 1, 1)
_WORDS, _EXPONENT = 300_000, 1.1
_SYLLABLES = [
    "ka",
    "lo",
    "mi",
    "ren",
    "tu",
    "sha",
    "ver",
    "on",
    "dal",
    "pi",
    "est",
    "gor",
    "ula",
    "ne",
    "bri",
    "zo",
]
_SHOWN = 10


class Moment:
    """The warehouse as it stands: nobody replaces anything here."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._digests: dict[tuple[str, date], str] = {}

    def digest(self, contract: Contract, day: date) -> str:
        key = contract.name, day
        if key not in self._digests:
            self._digests[key] = self._warehouse.digest(contract, day)
        return self._digests[key]

    def read(
        self,
        contract: Contract,
        day: date,
        columns: Sequence[str] | None = None,
        where: pc.Expression | None = None,
    ) -> pa.Table:
        return self._warehouse.read(contract, day, list(columns or contract.names), where)


def vocabulary() -> list[str]:
    """Different words, the most frequent the shortest."""
    return ["".join(_SYLLABLES[int(digit, 16)] for digit in f"{n:x}") for n in range(_WORDS)]


def publish(warehouse: Warehouse, n_articles: int, n_days: int) -> None:
    random, words = np.random.default_rng(20), np.array(vocabulary(), object)
    weights = 1.0 / np.arange(1, _WORDS + 1) ** _EXPONENT
    bounds = np.cumsum(weights / weights.sum())
    for n in range(n_days):
        day, rows = FIRST + timedelta(n), []
        for k in range(n_articles // n_days):
            drawn = np.searchsorted(bounds, random.random(random.integers(300, 500)))
            title, text = " ".join(words[drawn[:8]]), " ".join(words[drawn])
            if k % 10 == 0:
                title, text = ("".join(chr(0x4E00 + i % 4_000) for i in some) for some in (drawn[:8], drawn))
            one = f"{day:%Y%m%d}{k:024x}"
            rows.append({"article_id": one, "ingest_date": day, "title": title, "text": text, "language": "zh" if k % 10 == 0 else "en",
                         "outlet": f"Outlet {k % 300}", "domain": f"outlet{k % 300}.example", "url": f"https://outlet{k % 300}.example/{k}",
                         "authors": [], "word_count": len(drawn), "text_digest": "0" * 32, "furniture_removed": [], "is_stub": False,
                         "extractor": "none", "raw_ref": f"{k}#0"})  # fmt: skip
        articles = pa.Table.from_pylist(
            [dict.fromkeys(ARTICLES.names) | row for row in rows], ARTICLES.schema
        )
        warehouse.publish(ARTICLES, day, articles)
        ids = articles["article_id"]
        stories = ids.take(pa.array(np.arange(len(ids)) // 3 * 3))
        places = [{"article_id": a, "ingest_date": day, "copy_id": a, "story_id": s, "kind": "report"} for a, s in zip(ids.to_pylist(), stories.to_pylist(), strict=True)]  # fmt: skip
        warehouse.publish(
            MEMBERSHIPS,
            day,
            pa.Table.from_pylist([dict.fromkeys(MEMBERSHIPS.names) | p for p in places], MEMBERSHIPS.schema),
        )


def queries(n: int) -> dict[str, list[str]]:
    """Queries of each kind."""
    random, words = np.random.default_rng(7), vocabulary()

    def some(least: int, most: int) -> list[str]:
        return [words[i] for i in random.integers(least, most, n)]

    pairs = list(zip(some(100, 3_000), some(100, 3_000), strict=True))
    return {
        "one word": some(100, 20_000),
        "two words": [f"{a} {b}" for a, b in pairs],
        "phrase": [f'"{a} {b}"' for a, b in pairs],
        "Chinese, two characters": [
            "".join(chr(0x4E00 + i) for i in random.integers(50, 1_500, 2)) for _ in range(n)
        ],
        "one of the hundred most frequent words": some(0, 100)[: max(5, n // 10)],
    }


def timed(ask: Callable[[str], object], asked: Sequence[str]) -> tuple[list[float], list[float]]:
    """Milliseconds of each query, the shortest first, by the clock and of all processors together."""
    found, cpu = [], []
    for query in asked:
        begun, used = time.perf_counter(), time.process_time()
        ask(query)
        found.append((time.perf_counter() - begun) * 1e3)
        cpu.append((time.process_time() - used) * 1e3)
    return sorted(found), sorted(cpu)


def told(took: list[float]) -> str:
    return f"p50 {statistics.median(took):.1f} ms, p95 {took[int(len(took) * 0.95)]:.1f} ms"


def measure(warehouse: Warehouse, days: list[date], n: int, *, scan: bool) -> None:
    searcher, moment = Searcher(warehouse.storage, Path(warehouse.storage.uri)), Moment(warehouse)

    def ask(written: str) -> None:
        query = parse(written)
        found = searcher.find(moment, days, query, Wanted())
        shown = searcher.shown(moment, [one.article_id for one in found.stories[:_SHOWN]])
        for row in shown.values():
            snippet(row["text"], query)

    print(f"first query, which opens every index: {timed(ask, ['kaka'])[0][0]:.0f} ms")
    for kind, asked in queries(n).items():
        took, cpu = timed(ask, asked)
        print(f"{kind}: {told(took)}; of CPU {told(cpu)}")
    print(
        f"memory of this process, at most: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"
    )
    if scan:
        for day in days:
            files.drop(warehouse.storage, day)
        took, cpu = timed(ask, queries(2)["one word"][:1])
        print(f"one word without an index: {took[0] / 1e3:.1f} s, {cpu[0] / 1e3:.1f} s of CPU")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--scan", action="store_true", help="Measure a query without an index, too.")
    chosen = parser.parse_args()
    root = Path(tempfile.mkdtemp(prefix="newsfold-search-"))
    try:
        warehouse = Warehouse(LocalStorage(root))
        publish(warehouse, chosen.articles, chosen.days)
        begun, cpu = time.perf_counter(), time.process_time()
        made = list(build(warehouse))
        seconds, cpu, thousands = (
            time.perf_counter() - begun,
            time.process_time() - cpu,
            chosen.articles / 1e3,
        )
        size = sum(one.size_bytes for one in made)
        tables = sum(entry.size_bytes for entry in warehouse.storage.walk(ARTICLES.name))
        print(f"built: {seconds / thousands:.2f} s, {cpu / thousands:.2f} s of CPU for 1,000 articles")
        print(
            f"size: {size / 1e6:.0f} MB, {size / chosen.articles / 1e3:.2f} KB an article; the table of articles has {tables / 1e6:.0f} MB"
        )
        measure(warehouse, [one.day for one in made], chosen.queries, scan=chosen.scan)
    finally:
        shutil.rmtree(root)


if __name__ == "__main__":
    main()
