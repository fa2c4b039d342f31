"""Articles on made-up texts, and how the tests have them placed in stories day by day."""

import datetime as dt
import random
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.model.internal_tables import TERMS
from pipeline.model.tables import ARTICLES
from pipeline.stories import assign, terms

Row = dict[str, Any]
Told = tuple[str, int, tuple[str, str], str | None]  # name, day, (title, text), language
FIRST = dt.date(2026, 3, 2)  # a Monday, as in the texts
THRESHOLD = 0.24
WINDOW_DAYS = 14


def day(n: int) -> dt.date:
    return FIRST + dt.timedelta(days=n)


def weighed(told: list[Told], *, dated: bool = True) -> pa.Table:
    names = ("article_id", "ingest_date", "published_at", "published_precision", "language", "title", "text")
    schema = pa.schema([ARTICLES.schema.field(n) for n in names])
    rows = [
        {
            "article_id": name,
            "ingest_date": day(n),
            "published_at": dt.datetime.combine(day(n), dt.time(8), dt.UTC) if dated else None,
            "language": language,
            "title": title,
            "text": text,
        }
        for name, n, (title, text), language in told
    ]
    return terms.weigh(pa.Table.from_pylist(rows, schema=schema))


def memberships(story_of: dict[str, str], saga_of: dict[str, str] | None = None) -> pa.Table:
    """The story of each article, and the saga of each story that has one."""
    ids, found = pa.array(list(story_of), pa.string()), pa.array(list(story_of.values()), pa.string())
    sagas = pa.array([(saga_of or {}).get(story) for story in story_of.values()], pa.string())
    return pa.table({"article_id": ids, "story_id": found, "saga_id": sagas})


def run_days(table: pa.Table, threshold: float = THRESHOLD) -> list[Row]:
    """Place a table of several days, day by day, as a pipeline does."""
    rows: list[Row] = []
    story_of: dict[str, str] = {}
    saga_of: dict[str, str] = {}
    for now in sorted(set(table["ingest_date"].to_pylist())):
        open_from, old_from = (now - dt.timedelta(days=n * WINDOW_DAYS) for n in (1, 2))
        placed = assign.assign_stories(
            of_days(table, now, now + dt.timedelta(days=1)),
            of_days(table, open_from, now),
            of_days(table, old_from, open_from),
            memberships(story_of, saga_of),
            day=now,
            threshold=threshold,
            window_days=WINDOW_DAYS,
        ).to_pylist()
        story_of |= {row["article_id"]: row["story_id"] for row in placed}
        saga_of |= {row["story_id"]: row["saga_id"] for row in placed}
        rows += placed
    return rows


def of_days(table: pa.Table, first: dt.date, end: dt.date) -> pa.Table:
    date = table["ingest_date"]
    return table.filter(pc.and_(pc.greater_equal(date, pa.scalar(first)), pc.less(date, pa.scalar(end))))


def groups(rows: list[Row]) -> set[frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row["story_id"], set()).add(row["article_id"])
    return {frozenset(members) for members in found.values()}


def told(**articles: tuple[int, tuple[str, str]] | tuple[int, tuple[str, str], str | None]) -> list[Told]:
    return [(name, a[0], a[1], a[2] if len(a) == 3 else "en") for name, a in articles.items()]


def joined(*named: str) -> frozenset[str]:
    return frozenset(named)


def drawn_articles(seed: int, n: int, n_events: int) -> pa.Table:
    """Random articles of a few events over four days, some without terms or dates."""
    rng = random.Random(seed)
    rows = []
    for i in range(n):
        event, n_terms = rng.randrange(n_events), rng.choice([0, 3, 8, 8, 8])
        chosen = sorted(
            {rng.choice([event * 10 + rng.randrange(8), 1000 + rng.randrange(30)]) for _ in range(n_terms)}
        )
        weights = np.array([rng.random() + 0.1 for _ in chosen], dtype=np.float32)
        date = day(rng.randrange(4))
        rows.append(
            {
                "article_id": f"{i:04d}",
                "ingest_date": date,
                "published_at": rng.choice(
                    [None, dt.datetime.combine(date, dt.time(rng.randrange(24)), dt.UTC)]
                ),
                "language": ("en", "en", None, "de")[i % 4],
                "terms": chosen,
                "weights": (weights / max(1e-9, float(np.sqrt((weights**2).sum())))).tolist(),
                "keywords": [],
                "names": [],
            }
        )
    return TERMS.table(rows)


def form(n: int, event: int) -> Row:
    """A made-up company's results: most of its weight lies on words that every such report has."""
    words = [*range(10), *range(1000 + 10 * event, 1010 + 10 * event)]
    weights = np.array([3.0] * 10 + [1.0] * 10, dtype=np.float32)
    return {
        "article_id": f"{n:05d}",
        "ingest_date": FIRST,
        "terms": words,
        "weights": (weights / np.sqrt((weights**2).sum())).tolist(),
        "names": [],
        "keywords": [],
    }
