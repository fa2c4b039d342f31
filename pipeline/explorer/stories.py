"""The list of stories: filtered, sorted by newsrooms or size, page by page."""

from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.explorer import paging, search
from pipeline.explorer.models import Count, Hits, Stories, StoryHit, StoryLine
from pipeline.explorer.snapshot import Snapshot
from pipeline.model.arrow import counts, equals, flat, is_in, list_lengths, texts
from pipeline.model.ids import day_of
from pipeline.model.tables import STORIES
from pipeline.search.find import Found, Passing

Sort = Literal["newsrooms", "size", "new", "match"]
LINE = list(StoryLine.model_fields)
_BITS = 21  # of each count in a rank: more articles than a story ever has
_CAP = (1 << _BITS) - 1


@dataclass(frozen=True)
class Wanted:
    """Which stories are asked for: active between two days, in a language, from an outlet, of a size.

    With `words`, those with an article of these days, that language and outlet that has them all (pipeline.search).
    """

    first: date | None = None
    last: date | None = None
    language: str | None = None
    outlet: str | None = None
    least_articles: int = 1
    least_newsrooms: int = 0
    words: str = ""
    sort: Sort = "newsrooms"


def stories(
    snapshot: Snapshot,
    wanted: Wanted,
    limit: int,
    cursor: str | None = None,
    passing: Passing = nullcontext,
) -> Stories:
    """A page of the stories that are asked for; texts are read behind `passing`. Raises SettingsError for an invalid cursor."""
    after = paging.parse(cursor, (int, str))
    found = search.find(snapshot, wanted, passing) if wanted.words else None
    table = matching(snapshot, wanted, found)
    total = table.num_rows
    shown = _counted(table["languages"])
    rest = table if after is None else table.filter(_is_after(int(after[0]), str(after[1])))
    best = ordered(rest, limit + 1)
    more = best.num_rows > limit
    best = best.slice(0, limit)
    rows = best.to_pylist()
    last = (rows[-1]["rank"], rows[-1]["story_id"]) if more else None
    shows = {row["story_id"] for row in rows}
    chosen = [one for one in found.stories if one.story_id in shows] if found else []
    return Stories(
        publication=snapshot.publication,
        hits=search.hits(snapshot, wanted.words, chosen),
        searched=search.told(found) if found else None,
        items=[line(row) for row in rows],
        total=total,
        next_cursor=paging.spell(last) if last else None,
        languages=shown,
        left_out=sorted(snapshot.torn),
    )


def found_by_words(
    snapshot: Snapshot,
    wanted: Wanted,
    limit: int,
    cursor: str | None = None,
    passing: Passing = nullcontext,
) -> Hits:
    """A page of the stories that have the words, best first; as `stories`."""
    page = stories(snapshot, replace(wanted, sort="match"), limit, cursor, passing)
    return Hits(
        publication=page.publication,
        items=[
            StoryHit(story=one, best=page.hits[one.story_id])
            for one in page.items
            if one.story_id in page.hits
        ],
        total=page.total if page.searched else 0,
        next_cursor=page.next_cursor if page.searched else None,
        searched=page.searched or search.told(Found()),
        left_out=page.left_out,
    )


def matching(snapshot: Snapshot, wanted: Wanted, found: Found | None = None) -> pa.Table:
    """LINE of the stories that are asked for, with their `rank`, in no order; `found` has those with the words, if they are known."""
    if not wanted.words:
        days = [d for d in snapshot.days(STORIES) if wanted.last is None or d <= wanted.last]
        tables = [_filtered(table, _mask(table, wanted)) for table in snapshot.scan(STORIES, days, LINE)]
        whole = pa.concat_tables([STORIES.empty().select(LINE), *tables])
        return whole.append_column("rank", _rank(whole, wanted.sort))
    ranks = {one.story_id: one.rank for one in (found or search.find(snapshot, wanted)).stories}
    among = pa.array(sorted(ranks), pa.string())
    tables = [
        _filtered(some, _mask_of_size(some, wanted))
        for table in snapshot.scan(STORIES, sorted(set(map(day_of, ranks))), LINE)
        if (some := table.filter(is_in(table["story_id"], among))).num_rows
    ]
    whole = pa.concat_tables([STORIES.empty().select(LINE), *tables])
    by_match = pa.array([ranks[one] for one in texts(whole["story_id"])], pa.int64())
    return whole.append_column("rank", by_match if wanted.sort == "match" else _rank(whole, wanted.sort))


def ordered(table: pa.Table, limit: int) -> pa.Table:
    """The first rows by rank; ties end in the id."""
    keys: list[tuple[str, Any]] = [("rank", "descending"), ("story_id", "ascending")]
    if table.num_rows <= limit:
        return table.sort_by(keys)
    chosen: Any = pc.call_function("select_k_unstable", [table], pc.SelectKOptions(limit, keys))
    return table.take(chosen)


def line(row: dict[str, Any]) -> StoryLine:
    return StoryLine.model_validate({name: row[name] for name in LINE})


def _column(table: pa.Table, name: str) -> Any:
    """A column; compute functions know more types than their stubs."""
    return table[name]


def _filtered(table: pa.Table, mask: Any) -> pa.Table:
    return table if mask is None else table.filter(mask)


def _mask(table: pa.Table, wanted: Wanted) -> Any:
    """Which rows are asked for; None for all of them."""
    masks: list[Any] = []
    if wanted.first:
        masks.append(_at_least(_column(table, "last_date"), wanted.first))
    if wanted.language:
        masks.append(_has(_column(table, "languages"), wanted.language))
    if wanted.outlet:
        masks.append(_has(_column(table, "outlets"), wanted.outlet))
    of_size = _mask_of_size(table, wanted)
    masks += [] if of_size is None else [of_size]
    return reduce(pc.and_, masks) if masks else None


def _mask_of_size(table: pa.Table, wanted: Wanted) -> Any:
    masks: list[Any] = []
    if wanted.least_articles > 1:
        masks.append(_at_least(_column(table, "n_articles"), wanted.least_articles))
    if wanted.least_newsrooms > 0:
        n_newsrooms = pc.fill_null(_column(table, "n_newsrooms"), 0)
        masks.append(_at_least(n_newsrooms, wanted.least_newsrooms))
    return reduce(pc.and_, masks) if masks else None


def _at_least(values: Any, least: Any) -> Any:
    return pc.greater_equal(values, least)


def _has(lists: Any, value: str) -> Any:
    """Which lists have the value, whatever the case of its letters."""
    rows = np.repeat(np.arange(len(lists)), np.asarray(list_lengths(lists)))
    is_it = np.asarray(equals(pc.utf8_lower(flat(lists)), value.lower()), bool)
    found = np.zeros(len(lists), bool)
    found[rows[is_it]] = True
    return pa.array(found)


def _rank(table: pa.Table, sort: Sort) -> Any:
    """One number by which stories are sorted, the largest first: three counts, each in bits of its own."""
    newsrooms, groups, articles = (
        np.minimum(np.asarray(pc.fill_null(_column(table, name), 0), np.int64), _CAP)
        for name in ("n_newsrooms", "n_copy_groups", "n_articles")
    )
    if sort == "new":
        newsrooms = np.asarray(pc.cast(_column(table, "last_date"), pa.int32()), np.int64)
    first, third = (articles, newsrooms) if sort == "size" else (newsrooms, articles)
    return pa.array((((first << _BITS) + groups) << _BITS) + third, pa.int64())


def _is_after(rank: int, story_id: str) -> pc.Expression:
    """Which rows come after one in the order of the list."""
    tied = (pc.field("rank") == rank) & (pc.field("story_id") > story_id)
    return (pc.field("rank") < rank) | tied


def _counted(lists: Any, limit: int = 12) -> list[Count]:
    return counted(pc.list_flatten(lists), limit)


def counted(names: Any, limit: int) -> list[Count]:
    """The most frequent values of a column first; ties by name."""
    found = {name: n for name, n in counts(names).items() if name is not None}
    chosen = sorted(found.items(), key=lambda one: (-one[1], one[0]))[:limit]
    return [Count(name=name, n=n) for name, n in chosen]
