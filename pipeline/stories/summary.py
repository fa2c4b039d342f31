"""Summaries: the row of a story that readers see, from all its members of all days."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from itertools import groupby

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.model.contract import TEXTS, Row
from pipeline.model.internal_tables import MEMBERS
from pipeline.model.kinds import COPIES, Kind
from pipeline.model.tables import MEMBERSHIPS, STORIES
from pipeline.text import lexicon, urls
from pipeline.text.matching import folded_words

MAX_KEYWORDS = 8
ROWS_AT_ONCE = 10_000  # 20 MB of Python objects
_BEFORE_AGENCY = re.compile(rf"^{lexicon.one_of(folded_words().before_agencies)} ")
_DATELINE = re.compile(r"^.{0,60}?\(([^()]{2,30})\)\s*[-–—:]")  # LONDON (Reuters) - …


def summarise(members: pa.Table) -> pa.Table:
    """MEMBERS -> STORIES: one row per story_id. All members of a story must be in `members`, in any order.

    Refetches are not counted. Members are ordered by day, time of publication (or the end of the day), and id.
    """
    counted = members.filter(pc.not_equal(members["kind"], pa.scalar(str(Kind.REFETCH))))
    counted = counted.take(pc.sort_indices(counted["story_id"]))
    found = [STORIES.empty()]
    for rows in map(pa.Table.to_pylist, _whole_stories(counted)):
        rows.sort(key=lambda row: (row["story_id"], *_place(row)))
        found.append(
            STORIES.table([_story(list(group)) for _, group in groupby(rows, lambda row: row["story_id"])])
        )
    return pa.concat_tables(found)


def plainly(good: pa.Table, bad: pa.Table) -> pa.Table:
    """MEMBERS -> STORIES for a story on some of whose members (`bad`) `summarise` raises.

    Of the bad ones, only the ids and places are read. They are members and are counted; what the story says comes from the
    others, if there are any.
    """
    about = {n: pa.nulls(bad.num_rows, MEMBERS.schema.field(n).type) for n in _ABOUT}
    about["is_stub"] = pa.repeat(True, bad.num_rows)
    empty = pa.scalar([], TEXTS)
    about |= {n: pa.repeat(empty, bad.num_rows) for n in ("authors", "keywords")}
    about["word_count"] = pa.repeat(pa.scalar(0, pa.int32()), bad.num_rows)
    columns = {n: about[n] if n in about else bad[n] for n in MEMBERS.names}
    return summarise(pa.concat_tables([good, pa.table(columns, schema=MEMBERS.schema)]))


_ABOUT = MEMBERS.names[len(MEMBERSHIPS.names) :]  # what an article says


def _whole_stories(members: pa.Table) -> Iterator[pa.Table]:
    """Slices that hold whole stories, in order. Rows as Python objects need ten times the memory."""
    stories = members["story_id"].combine_chunks()
    first = pc.not_equal(stories[1:], stories[:-1]).to_numpy(zero_copy_only=False)
    starts = np.append(np.flatnonzero(np.append(True, first)), members.num_rows)
    start = 0
    while start < members.num_rows:
        end = int(starts[np.searchsorted(starts, min(start + ROWS_AT_ONCE, members.num_rows))])
        yield members.slice(start, end - start)
        start = end


def _place(row: Row) -> tuple[dt.date, dt.datetime, str]:
    end_of_day = dt.datetime.combine(row["ingest_date"], dt.time.max, dt.UTC)
    return row["ingest_date"], row["published_at"] or end_of_day, row["article_id"]


def _story(rows: list[Row]) -> Row:
    canonical, reason = _canonical(rows)
    published = [row["published_at"] for row in rows if row["published_at"]]
    scores = [
        row["story_score"] for row in rows if row["kind"] == Kind.REPORT and row["story_score"] is not None
    ]
    outlets = sorted({outlet for row in rows if (outlet := _outlet(row))})
    continues = [row["continues_id"] for row in rows if row["article_id"] == row["story_id"]]
    return {
        "story_id": canonical["story_id"],
        "first_date": rows[0]["ingest_date"],
        "last_date": rows[-1]["ingest_date"],
        "canonical_id": canonical["article_id"],
        "canonical_url": canonical["canonical_url"],
        "canonical_reason": reason,
        "title": canonical["title"],
        "lead": canonical["lead"],
        "languages": sorted({row["language"] for row in rows if row["language"]}),
        "n_articles": len(rows),
        "n_copies": sum(row["kind"] in COPIES for row in rows),
        "n_copy_groups": len({row["copy_id"] for row in rows}),
        "n_outlets": len(outlets),
        "first_published_at": min(published, default=None),
        "last_published_at": max(published, default=None),
        "members": [row["article_id"] for row in rows],
        "outlets": outlets,
        "keywords": _keywords(rows),
        "mean_score": round(sum(sorted(scores)) / len(scores), 6) if scores else None,
        "weakest_score": min(scores, default=None),
        "continues_id": continues[0] if continues else None,
    }


def _canonical(rows: list[Row]) -> tuple[Row, str]:
    """The article to read, and why in words: a complete text, no teaser, from the agency that wrote it, else the earliest."""
    fuller = {row["copy_id"] for row in rows if row["kind"] == Kind.EXPANDED}
    ranks = [_rank(row, fuller) for row in rows]
    best_rank = min(ranks)
    best = rows[ranks.index(best_rank)]  # rows are in order: the earliest
    if len(rows) == 1:
        return best, "the only article"
    is_less, is_stub, _ = best_rank
    reasons = []
    if not is_less and not is_stub and any(part or stub for part, stub, _ in ranks):
        reasons.append("complete text")
    if agency := _agency(best):
        reasons.append(f"agency text ({agency})")
    if ranks.count(best_rank) > 1 or not reasons:
        reasons.append("earliest")
    return best, ", ".join(reasons)


def _rank(row: Row, fuller: set[str]) -> tuple[bool, bool, bool]:
    return _is_part(row, fuller), row["is_stub"], not _agency(row)


def _is_part(row: Row, fuller: set[str]) -> bool:
    """Whether an article is less than the whole text: an excerpt, or a brief that a fuller text of its copy group followed."""
    return row["kind"] == Kind.EXCERPT or (row["kind"] != Kind.EXPANDED and row["copy_id"] in fuller)


def _agency(row: Row) -> str | None:
    """The agency that the byline or the dateline names; null when neither names one."""
    dateline = _DATELINE.match(row["lead"] or "")
    named = [*row["authors"], *([dateline.group(1)] if dateline else [])]
    return next((name for name in named if _plain(name) in folded_words().agencies), None)


def _plain(name: str) -> str:
    return _BEFORE_AGENCY.sub("", name.casefold()).strip()


def _outlet(row: Row) -> str | None:
    """The publisher's name or, without one, the host of the address; null when neither is known."""
    if row["outlet"]:
        return str(row["outlet"])
    host = urls.domain_of(row["canonical_url"])
    return host.removeprefix("www.") if host else None


def _keywords(rows: list[Row]) -> list[str]:
    """The terms that most texts of the story share; of terms in equally many texts, the weightier come first."""
    texts: Counter[str] = Counter()
    weight: Counter[str] = Counter()
    spelt: dict[str, str] = {}
    for row in rows:
        for n, word in enumerate(row["keywords"]):
            key = word.casefold()
            texts[key] += 1
            weight[key] += len(row["keywords"]) - n
            spelt[key] = min(spelt.get(key, word), word)
    ranked = sorted(texts, key=lambda key: (-texts[key], -weight[key], key))
    return [spelt[key] for key in ranked[:MAX_KEYWORDS]]
