"""Summary: what a story looks like to its reader, from all its members."""

from typing import Any
import datetime as dt
from collections import Counter
from itertools import groupby
from urllib.parse import urlsplit

import pyarrow as pa

from pipeline.contracts import STORIES, Kind

COPIES = {Kind.EXACT, Kind.NEAR, Kind.EXCERPT, Kind.EXPANDED}
MAX_KEYWORDS = 8


def summarise(members: pa.Table) -> pa.Table:
    """MEMBERS -> STORIES: one row per story_id; all the members of a story must be in `members`."""
    rows = sorted((r for r in members.to_pylist() if r["kind"] != Kind.REFETCH), key=lambda r: (r["story_id"], _place(r)))
    return STORIES.table([_story(list(group)) for _, group in groupby(rows, lambda r: r["story_id"])])


def _place(row: dict[str, Any]) -> tuple[Any, ...]:
    end = dt.datetime.combine(row["ingest_date"], dt.time.max, dt.UTC)
    return row["ingest_date"], row["published_at"] or end, row["article_id"]


def _story(rows: list[dict[str, Any]]) -> dict[str, Any]:
    best = rows[0]
    published = [r["published_at"] for r in rows if r["published_at"]]
    outlets = sorted({o for r in rows if (o := _outlet(r))})
    scores = [r["story_score"] for r in rows if r["kind"] == Kind.REPORT]
    origin = next((r for r in rows if r["article_id"] == r["story_id"]), rows[0])
    words = Counter(k for r in rows for k in r["keywords"])
    return {
        "story_id": best["story_id"],
        "first_date": min(r["ingest_date"] for r in rows),
        "last_date": max(r["ingest_date"] for r in rows),
        "canonical_id": best["article_id"],
        "canonical_url": best["canonical_url"],
        "canonical_reason": "earliest",
        "title": best["title"],
        "lead": best["lead"],
        "languages": sorted({r["language"] for r in rows if r["language"]}),
        "n_articles": len(rows),
        "n_copies": sum(r["kind"] in COPIES for r in rows),
        "n_copy_groups": len({r["copy_id"] for r in rows}),
        "n_outlets": len(outlets),
        "first_published_at": min(published, default=None),
        "last_published_at": max(published, default=None),
        "members": [r["article_id"] for r in rows],
        "outlets": outlets,
        "keywords": [w for w, _ in sorted(words.items(), key=lambda w: (-w[1], w[0]))[:MAX_KEYWORDS]],
        "mean_score": round(sum(scores) / len(scores), 6) if scores else None,
        "weakest_score": min(scores, default=None),
        "continues_id": origin["continues_id"],
    }


def _outlet(row: dict[str, Any]) -> str | None:
    return row["outlet"] or (urlsplit(row["canonical_url"]).hostname if row["canonical_url"] else None)
