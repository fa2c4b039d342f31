"""Summaries: the row of a story that readers see, from all its members of all days."""

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import groupby

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.model.arrow import texts
from pipeline.model.contract import TEXTS, Row
from pipeline.model.internal_tables import LEADS, MEMBERS
from pipeline.model.kinds import CAPTURES, COPIES, Kind
from pipeline.model.sorting import last_moments
from pipeline.model.tables import MEMBERSHIPS, OF_ARTICLE, STORIES
from pipeline.stories import canonical, headline, versions
from pipeline.stories.canonical import outlet_of
from pipeline.stories.sources import sources_of
from pipeline.text import sentences

ROWS_AT_ONCE = 10_000  # 20 MB of Python objects


def summarise(members: pa.Table) -> pa.Table:
    """MEMBERS -> STORIES: one row per story_id. All members of a story must be in `members`, in any order.

    Later captures of a page are not counted: the latest one may be what is read. Members are ordered by day, time of publication
    (a date without an hour counts as its end; where there is none, the end of the day), and id.
    """
    members = members.take(pc.sort_indices(members["story_id"]))
    latest = last_moments(members["published_at"], members["published_precision"])
    members = members.append_column(_AT, latest)
    found = [STORIES.empty()]
    for rows in map(pa.Table.to_pylist, whole_stories(members)):
        rows.sort(key=lambda row: (row["story_id"], *place(row, row[_AT])))
        stories = (_parted(group) for _, group in groupby(rows, lambda row: row["story_id"]))
        found.append(STORIES.table([_story(counted, later) for counted, later in stories if counted]))
    return pa.concat_tables(found)


_AT = "at"  # when a member counts as published


def _parted(rows: Iterable[Row]) -> tuple[list[Row], list[Row]]:
    """The rows that count, and the later captures of their pages."""
    counted: list[Row] = []
    later: list[Row] = []
    for row in rows:
        (later if row["kind"] in CAPTURES else counted).append(row)
    return counted, later


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


def with_scores(stories: pa.Table, members: pa.Table) -> pa.Table:
    """STORIES with the scores of those whose members (MEMBERS, all of a story) are given: nothing else in these is another."""
    ids, columns = texts(members["story_id"]), (members[n].to_pylist() for n in ("kind", "story_score"))
    said: dict[str, list[tuple[str, float | None]]] = {}
    for story, told in zip(ids, zip(*columns, strict=True), strict=True):
        said.setdefault(story, []).append(told)
    scores = {story: _scores(told) for story, told in said.items()}
    for name, score_of in (("mean_score", _mean), ("weakest_score", partial(min, default=None))):
        field = STORIES.schema.field(name)
        were = zip(texts(stories["story_id"]), stories[name].to_pylist(), strict=True)
        now = [score_of(scores[story]) if story in scores else score for story, score in were]
        stories = stories.set_column(STORIES.names.index(name), field, pa.array(now, field.type))
    return stories


def _scores(told: Iterable[tuple[str, float | None]]) -> list[float]:
    """Of the kinds and scores of members, the scores that a story's follow from."""
    return [score for kind, score in told if kind == Kind.REPORT and score is not None]


def _mean(scores: list[float]) -> float | None:
    return round(sum(sorted(scores)) / len(scores), 6) if scores else None


def leads_shown(articles: pa.Table) -> pa.Table:
    """The article_id and lead of ARTICLES to LEADS, row-wise."""
    shown = pa.array(map(lead_shown, articles["lead"].to_pylist()), pa.string())
    return pa.table([articles["article_id"], shown], schema=LEADS.schema)


def lead_shown(lead: str | None) -> str | None:
    """What of an article's lead a story can show: its first sentence. Of that, `summarise` makes what it would make of the lead."""
    if not lead:
        return lead
    found = sentences.first(lead)
    is_enough = found and sentences.first(found) == found  # not where a mark that nobody sees hid a stop
    return found if is_enough else lead


_ABOUT = [n for n in MEMBERS.names if n in OF_ARTICLE or n not in MEMBERSHIPS.names]  # what an article says


def whole_stories(members: pa.Table) -> Iterator[pa.Table]:
    """Slices that hold whole stories, in order. Rows as Python objects need ten times the memory."""
    stories = members["story_id"].combine_chunks()
    first = pc.not_equal(stories[1:], stories[:-1]).to_numpy(zero_copy_only=False)
    starts = np.append(np.flatnonzero(np.append(True, first)), members.num_rows)
    start = 0
    while start < members.num_rows:
        end = int(starts[np.searchsorted(starts, min(start + ROWS_AT_ONCE, members.num_rows))])
        yield members.slice(start, end - start)
        start = end


def place(row: Row, at: dt.datetime | None) -> tuple[dt.date, dt.datetime, str]:
    """By what the members of a story are put in order; `at` is when one counts as published."""
    end_of_day = dt.datetime.combine(row["ingest_date"], dt.time.max, dt.UTC)
    return row["ingest_date"], at or end_of_day, row["article_id"]


def _story(rows: list[Row], later: list[Row]) -> Row:
    best, reason = canonical.choose(rows, versions.revised(later))
    chosen, newest, more = versions.latest(best, later)
    keywords = headline.keywords_of(rows)
    headed = newest or headline.headline(rows, chosen, keywords) or chosen
    published = [(row[_AT], row["published_at"]) for row in rows if row["published_at"]]
    scores = _scores((row["kind"], row["story_score"]) for row in rows)
    outlets = sorted({outlet for row in rows if (outlet := outlet_of(row))})
    continues = [row["continues_id"] for row in rows if row["article_id"] == row["story_id"]]
    return {
        "story_id": chosen["story_id"],
        "first_date": rows[0]["ingest_date"],
        "last_date": rows[-1]["ingest_date"],
        "canonical_id": chosen["article_id"],
        "canonical_url": chosen["canonical_url"],
        "canonical_reason": ", ".join([reason, *more]),
        "title": headed["title"],
        "lead": sentences.first(chosen["lead"]) if chosen["lead"] else None,
        "languages": sorted({row["language"] for row in rows if row["language"]}),
        "n_articles": len(rows),
        "n_copies": sum(row["kind"] in COPIES for row in rows),
        "n_copy_groups": len({row["copy_id"] for row in rows}),
        "n_outlets": len(outlets),
        "first_published_at": min(published)[1] if published else None,
        "last_published_at": max((when for _, when in published), default=None),
        "members": [row["article_id"] for row in rows],
        "outlets": outlets,
        "keywords": keywords,
        "mean_score": _mean(scores),
        "weakest_score": min(scores, default=None),
        "continues_id": continues[0] if continues else None,
        "url": chosen["url"],
        "title_from": headed["article_id"] if headed["title"] else None,
        "label": headline.label_of(headed["title"], keywords, rows),
        **sources_of(rows),
        "saga_id": next((row["saga_id"] for row in rows if row["saga_id"]), None),
    }
