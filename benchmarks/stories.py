"""How well stories are told apart, on labelled sets, and what a day costs.

    python benchmarks/stories.py             B-cubed, adjusted Rand index, pairs
    python benchmarks/stories.py --reuters   21,578 texts by their dates: seconds and memory a day, the largest story
    python benchmarks/stories.py --scale     200,000 made-up articles over 14 days

Calls the stages directly, day by day, as a run does. Data: NEWSFOLD_DATA (default ../shared/data); a set that
is not there is skipped. Dated sets by their dates, their undated articles left out; a set that is hardly
dated, on one day. The settings are the pipeline's defaults, one for all sets.
"""

import argparse
import datetime as dt
import gzip
import json
import os
import random
import resource
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from scores import adjusted_rand, b_cubed

from pipeline import stories, terms
from pipeline.contracts import ARTICLES, TERMS

Row = dict[str, Any]
DATA = Path(os.environ.get("NEWSFOLD_DATA", "../shared/data"))
THRESHOLD, WINDOW_DAYS = 0.24, 14
SIMPLE = {
    "news_cluster_g5w1h": (0.782, 0.658),
    "ecbplus": (0.888, 0.847),
    "allsides_full.dev": (0.871, 0.659),
}
HARDLY_DATED = {"ecbplus"}
COLUMNS = ("article_id", "ingest_date", "published_at", "language", "title", "text")
SOME_DAY = dt.date(2026, 3, 5)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--reuters", action="store_true")
    parser.add_argument("--scale", action="store_true")
    asked = parser.parse_args()
    if asked.reuters:
        measure_reuters()
    elif asked.scale:
        measure_scale()
    else:
        measure_sets()


def measure_sets() -> None:
    print(f"{'set':22}{'P':>7}{'R':>7}{'F1':>7}{'ARI':>7}{'found':>7}{'gold':>6}   simple method F1, ARI")
    f1s = []
    for name, simple in SIMPLE.items():
        rows = read(f"stories/{name}.jsonl.gz")
        if rows is None:
            continue
        dated = name not in HARDLY_DATED
        rows = [row for row in rows if row["date"] or not dated]
        story_of = run_days(weigh([article(row, dated=dated) for row in rows]))
        gold, found = [row["story"] for row in rows], [story_of[row["id"]] for row in rows]
        score, n_found, n_gold = b_cubed(gold, found), len(set(found)), len(set(gold))
        f1s.append(score.f1)
        figures = f"{score.precision:7.3f}{score.recall:7.3f}{score.f1:7.3f}{adjusted_rand(gold, found):7.3f}"
        print(f"{name:22}{figures}{n_found:7}{n_gold:6}   {simple[0]:.3f}, {simple[1]:.3f}")
    if f1s:
        print(f"mean F1 {sum(f1s) / len(f1s):.4f}, lowest {min(f1s):.3f}")
    for language in ("ru", "en"):
        measure_pairs(language)


def measure_pairs(language: str) -> None:
    """Whether two texts are one story: each pair on a day of its own, and all texts on one day."""
    pairs = read(f"stories/pairs_telegram_{language}.jsonl.gz")
    if pairs is None:
        return
    texts = sorted({(p[side]["title"], p[side]["text"]) for p in pairs for side in "ab"})
    ids = {text: f"{n:05d}" for n, text in enumerate(texts)}
    rows = [{"id": i, "title": t, "text": x, "lang": language, "date": None} for (t, x), i in ids.items()]
    table = weigh([article(row, dated=False) for row in rows])
    place = {article_id: n for n, article_id in enumerate(table["article_id"].to_pylist())}
    pooled = run_days(table)
    right_pooled = right_alone = 0
    for pair in pairs:
        one, two = (ids[pair[side]["title"], pair[side]["text"]] for side in "ab")
        alone = run_days(table.take(pa.array(sorted({place[one], place[two]}))))
        right_pooled += (pooled[one] == pooled[two]) == (pair["label"] == "same_story")
        right_alone += (alone[one] == alone[two]) == (pair["label"] == "same_story")
    n = len(pairs)
    print(
        f"pairs_telegram_{language}: accuracy {right_pooled / n:.3f} all on one day, {right_alone / n:.3f} pair by pair"
    )


def measure_reuters() -> None:
    rows = read("bulk/reuters21578.jsonl.gz")
    if rows is None:
        return
    rows = [row for row in rows if row.get("date") and row["text"]]
    begun = time.process_time()
    table = weigh([article(row | {"id": str(row["id"]), "lang": "en"}, dated=True) for row in rows])
    print(f"weigh: {1000 * (time.process_time() - begun) / len(rows):.2f} ms an article")
    story_of = run_days(table, report=True)
    titles = {str(row["id"]): row["title"] for row in rows}
    for story, n in Counter(story_of.values()).most_common(5):
        print(n, [titles[i] for i, s in story_of.items() if s == story][:8])


def measure_scale() -> None:
    run_days(pa.concat_tables(list(made_up(200_000 // 14, 14))), report=True)


def made_up(per_day: int, n_days: int) -> Iterator[pa.Table]:
    """Articles of 120 terms by Zipf's law; one in five tells of an event of its day, which share 20 rare terms."""
    rng = np.random.default_rng(1)
    for n in range(n_days):
        date = SOME_DAY + dt.timedelta(days=n)
        rows = []
        for i in range(per_day):
            own = (np.exp(rng.random(120) * np.log(400_000))).astype(np.int64)
            event = np.arange(20) + 10**9 + 20 * (n * per_day + int(rng.integers(per_day // 25)))
            found = np.unique(np.concatenate([own, event[rng.random(20) < 0.7]] if i % 5 == 0 else [own]))
            weights = np.log(found + 1.0).astype(np.float32)
            weights /= np.sqrt((weights**2).sum())
            rows.append(
                {
                    "article_id": f"{date:%Y%m%d}{i:08d}",
                    "ingest_date": date,
                    "terms": found,
                    "weights": weights,
                }
            )
        yield TERMS.table([row | {"keywords": []} for row in rows])


def run_days(table: pa.Table, *, report: bool = False) -> dict[str, str]:
    """Place a table day by day; article_id -> story_id."""
    dates = table["ingest_date"].to_pylist()
    rows_of: dict[dt.date, list[int]] = {}
    for n, date in enumerate(dates):
        rows_of.setdefault(date, []).append(n)
    story_of: dict[str, str] = {}
    for day, rows in sorted(rows_of.items()):
        window = table.take(_rows_between(rows_of, day, 1, WINDOW_DAYS))
        memory = table.take(_rows_between(rows_of, day, WINDOW_DAYS + 1, 2 * WINDOW_DAYS))
        known = window["article_id"].to_pylist() + memory["article_id"].to_pylist()
        places = pa.table(
            {
                "article_id": pa.array(known, pa.string()),
                "story_id": pa.array([story_of[i] for i in known], pa.string()),
            }
        )
        begun = time.process_time()
        placed = stories.assign_stories(
            table.take(pa.array(rows)),
            window,
            memory,
            places,
            day=day,
            threshold=THRESHOLD,
            window_days=WINDOW_DAYS,
        )
        story_of |= dict(zip(placed["article_id"].to_pylist(), placed["story_id"].to_pylist(), strict=True))
        if report:
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            print(
                f"{day} {len(rows):6} articles, window {len(window):7}: {time.process_time() - begun:6.2f} s CPU, peak {peak} MB"
            )
    return story_of


def _rows_between(rows_of: dict[dt.date, list[int]], day: dt.date, nearest: int, farthest: int) -> pa.Array:
    found = [
        n for back in range(farthest, nearest - 1, -1) for n in rows_of.get(day - dt.timedelta(days=back), [])
    ]
    return pa.array(found, pa.int64())


def article(row: Row, *, dated: bool) -> Row:
    at = dt.datetime.fromisoformat(row["date"]).replace(tzinfo=dt.UTC) if dated else None
    date = at.date() if at else SOME_DAY
    return dict(zip(COLUMNS, (row["id"], date, at, row["lang"], row["title"], row["text"]), strict=True))


def weigh(rows: list[Row]) -> pa.Table:
    schema = pa.schema([ARTICLES.schema.field(name) for name in COLUMNS])
    random.Random(0).shuffle(rows)  # noqa: S311  the order of rows must not matter
    return terms.weigh(pa.Table.from_pylist(rows, schema=schema))


def read(path: str) -> list[Row] | None:
    if not (DATA / path).exists():
        print(f"{path}: not found under {DATA}, skipped")
        return None
    with gzip.open(DATA / path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


if __name__ == "__main__":
    main()
