"""The five questions over a large warehouse in DuckDB: how long each takes, and how many lines of SQL it is.

    python -m benchmarks.views --articles 1000000 --days 60 [--warehouse DIR]

It makes the three tables that the views read, in the form that newsfold publishes: drawn rows, no texts. A copy is of the same day or of
up to three days before; a story has about three articles.
"""

import argparse
import datetime as dt
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from pipeline.model.contract import Contract
from pipeline.model.tables import MEMBERSHIPS, STORIES
from pipeline.newsfold_read import sql
from pipeline.store import layout, parquet

FIRST = dt.date(2026, 1, 1)
_WORDS = [
    f"{a}{b}"
    for a in ("ferry", "strike", "harbour", "budget", "storm", "match")
    for b in ("", "s", "er", "ing")
]
# Each question in one line, and the lines that it took with joins over the published tables alone.
QUESTIONS = {
    "copied_texts": ("SELECT * FROM copied_texts WHERE day = DATE '{last}' ORDER BY n_outlets DESC, n_copies DESC, copy_id LIMIT 20", 9),
    "first_with_story": ("SELECT * FROM first_with_story WHERE day = DATE '{last}' ORDER BY n_articles DESC, story_id LIMIT 20", 6),
    "story_growth": ("SELECT * FROM story_growth('{story}') ORDER BY hour", 10),
    "outlet_articles": ("SELECT * FROM outlet_articles WHERE outlet_id = 'outlet17.example' ORDER BY day, article_id", 5),
    "stories_about": ("SELECT * FROM stories_about('en', 'ferry strike') ORDER BY n_outlets DESC, story_id LIMIT 20", 7),
}  # fmt: skip


def make(root: Path, n_articles: int, n_days: int) -> str:
    """Write the tables; returns the id of a story of many articles."""
    rng, per_day, recent = np.random.default_rng(1), n_articles // n_days, np.array([], dtype="U32")
    largest = ""
    for n in range(n_days):
        day = FIRST + dt.timedelta(n)
        ids = np.sort([f"{day:%Y%m%d}{number:024x}" for number in rng.integers(1 << 62, size=per_day)])
        is_new = rng.random(per_day) < (0.35 if len(recent) else 1)
        known = np.concatenate([recent, ids[is_new]])
        story = np.where(is_new, ids, known[rng.integers(len(known), size=per_day)])
        largest = largest or str(ids[is_new][0])
        story = np.where(~is_new & (rng.random(per_day) < 0.02), largest, story)
        recent = known[-3 * per_day :]
        _write(root, MEMBERSHIPS, day, _memberships(rng, day, ids, story, is_new))
        _write(root, STORIES, day, _stories(rng, day, ids[is_new]))
    return largest


def _memberships(rng: Any, day: dt.date, ids: Any, story: Any, is_new: Any) -> dict[str, Any]:
    n, is_copy = len(ids), ~is_new & (rng.random(len(ids)) < 0.7)
    begins = np.datetime64(day, "us")
    return {
        "article_id": ids,
        "ingest_date": [day] * n,
        "copy_id": np.where(is_copy, story, ids),
        "story_id": story,
        "kind": np.where(is_new, "origin", np.where(is_copy, "near", "report")),
        "outlet_id": [f"outlet{k}.example" for k in rng.integers(2000, size=n)],
        "published_at": pa.array(begins + rng.integers(86_400_000_000, size=n).astype("m8[us]")).cast(pa.timestamp("us", "UTC")),
        "published_precision": ["minute"] * n,
    }  # fmt: skip


def _stories(rng: Any, day: dt.date, ids: Any) -> dict[str, Any]:
    n, words = len(ids), rng.integers(len(_WORDS), size=(len(ids), 6))
    said = [[_WORDS[k] for k in row] for row in words]
    return {
        "story_id": ids,
        "first_date": [day] * n,
        "last_date": [day] * n,
        "canonical_id": ids,
        "canonical_reason": ["earliest"] * n,
        "title": [" ".join(row[:4]).capitalize() for row in said],
        "label": [" ".join(row[2:5]) for row in said],
        "url": [f"https://outlet.example/{one}" for one in ids],
        "languages": [["en"] if k else ["de"] for k in rng.integers(3, size=n)],
        "n_articles": rng.integers(1, 9, size=n),
        "n_copies": [0] * n,
        "n_copy_groups": [1] * n,
        "n_outlets": rng.integers(1, 9, size=n),
        "members": [[one] for one in ids],
        "outlets": [[]] * n,
        "keywords": [row[3:] for row in said],
    }


def _write(root: Path, contract: Contract, day: dt.date, columns: dict[str, Any]) -> None:
    n = len(next(iter(columns.values())))
    arrays = [
        pa.array(columns[f.name], f.type) if f.name in columns else pa.nulls(n, f.type)
        for f in contract.schema
    ]
    path = root / layout.partition(contract, day)
    path.parent.mkdir(parents=True)
    with path.open("wb") as sink:
        parquet.write(contract, pa.table(arrays, schema=contract.schema), sink)


def measure(root: Path, story: str, n_days: int, tries: int = 7) -> None:
    """Print the time of each question: the median of some, in one connection."""
    database = duckdb.connect()
    database.execute(sql(str(root))).fetchall()
    last = FIRST + dt.timedelta(n_days - 2)
    for name, (query, n_before) in QUESTIONS.items():
        took, cpu = [], []
        for _ in range(tries):
            begun, used = time.perf_counter(), time.process_time()
            rows = database.execute(query.format(last=last, story=story)).fetchall()
            took.append(time.perf_counter() - begun)
            cpu.append(time.process_time() - used)
        print(f"{name:<18} {statistics.median(took) * 1000:6.0f} ms (least {min(took) * 1000:.0f}; CPU {statistics.median(cpu) * 1000:.0f})  {len(rows):>6,} rows  lines of SQL: {n_before} before, 1 after")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--days", type=int, default=60)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        story = make(Path(folder), chosen.articles, chosen.days)
        measure(Path(folder), story, chosen.days)


if __name__ == "__main__":
    main()
