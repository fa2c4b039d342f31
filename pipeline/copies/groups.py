"""Copy groups: which articles are one text.

Articles are taken in the order of `model.ids`. One joins the group of an earlier article only if it holds against the
group's origin, whatever led to the group. If it holds more than the origin, it must also hold against the
fullest text of the group: two long articles that share a brief are not one text. If the origin is itself a part
of a fuller text that came later, holding a quarter of the origin is enough for what stands in that fuller text. Where the origin
is an edited version, a quarter in the origin is enough for an excerpt of a member that is a copy of the whole.

A later capture of a page is in the group of the first one, whatever its text; and what is a copy of a later version of the
origin is in the origin's group, too.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline.model import arrow
from pipeline.model.arrow import Integers
from pipeline.model.ids import in_order
from pipeline.model.internal_tables import CANDIDATES
from pipeline.model.kinds import CAPTURES, LINK_KINDS, Kind
from pipeline.model.tables import LINKS, MEMBERSHIPS

if TYPE_CHECKING:
    from pipeline.kernels.placing import Groups, Links

IN_GROUP = pa.schema(
    [
        MEMBERSHIPS.schema.field(name)
        for name in (
            "article_id",
            "copy_id",
            "kind",
            "matched_id",
            "jaccard",
            "containment",
            "capture",
            "version",
        )
    ]
)
# What is asked of MEMBERSHIPS of the window.
PLACES = ("ingest_date", "article_id", "copy_id", "kind", "matched_id", "jaccard", "containment")
LEAST_SHARE = 0.25  # of the smaller of two cut versions, when a fuller text has both
_WHOLE = pa.array(
    [Kind.ORIGIN, Kind.REPORT, Kind.EXACT, Kind.NEAR, Kind.REFETCH], pa.string()
)  # the text of the group as a whole
_CAPTURES = pa.array(sorted(CAPTURES), pa.string())


def assign_copies(
    articles: pa.Table,
    candidates: pa.Table,
    earlier: pa.Table,
    captures: pa.Table,
    verify: Callable[[pa.Table], pa.Table],
) -> tuple[pa.Table, pa.Table]:
    """The copy group of each of a day's articles: (IN_GROUP, one row an article; LINKS, one row a compared pair).

    `articles` are the day's (article_id, ingest_date, published_at, published_precision, fetched_at), `earlier` the MEMBERSHIPS of the window
    before, the columns of PLACES. `captures` (TRACED) are those of the articles that are later captures of another of them or of one before; `candidates`
    have none of its pairs. `verify` makes LINKS of CANDIDATES: first of `candidates`, then of pairs whose links the placing looked for and
    did not find, until there are none. A pair that it gives no link, because a text is not there any more, counts as refused.
    """
    from pipeline.kernels import placing

    before = _by_day(earlier)
    n_before = before.num_rows
    own = _firsts_first(in_order(articles), captures)
    every = pa.chunked_array([*before["article_id"].chunks, *own.chunks], pa.string())
    ids: arrow.Array = every.combine_chunks()
    known = _groups_before(before, ids, captures)
    links, coded, missing = LINKS.empty(), _CODED_EMPTY, np.zeros(0, np.uint64)
    wanted, its_ids, its_codes = candidates, ids, np.arange(len(ids))
    while True:
        found = verify(wanted) if wanted.num_rows else LINKS.empty()
        more = _coded(found, its_ids, its_codes, n_before, links.num_rows)
        coded = coded.with_links(more).with_links(_refused(np.setdiff1d(missing, more.key)))
        links = pa.concat_tables([links, found])
        groups = placing.Groups(
            known.group.copy(), known.fullest.copy(), known.sizes.copy(), known.whole.copy(), known.first
        )
        placed = placing.place(coded.links(len(ids)), groups, n_before, LEAST_SHARE)
        missing = np.unique(placed.wanted)
        if not len(missing):
            found = _placed(ids, groups.group, links, coded.row, placed.links, n_before)
            return _with_captures(found, captures, earlier), links
        its_codes = np.concatenate([missing >> _32, missing & _LOW]).astype(np.int64)
        its_ids = ids.take(arrow.indices(its_codes))
        wanted = pa.table([its_ids[: len(missing)], its_ids[len(missing) :]], schema=CANDIDATES.schema)


def _by_day(places: pa.Table) -> pa.Table:
    """In the order of days and ids. The days of a window that are read one after the other stand in it already, and are not copied."""
    order = ["ingest_date", "article_id"]
    columns = [places[name].combine_chunks() for name in order]
    is_sorted = all(pc.all(pc.less_equal(one[:-1], one[1:])).as_py() is not False for one in columns)
    return places if is_sorted else places.sort_by(arrow.ascending(order))


_32, _LOW = np.uint64(32), np.uint64(0xFFFFFFFF)


@dataclass(frozen=True)
class _Coded:
    """Links between known articles in the order of (article, other), by the numbers of the articles."""

    key: NDArray[np.uint64]  # article << 32 | other
    kind: NDArray[np.uint8]
    jaccard: NDArray[np.float64]
    containment: NDArray[np.float64]
    row: NDArray[np.int64]  # in the table of links

    def with_links(self, more: "_Coded") -> "_Coded":
        """Both, in order; cheap where `more` are few, or all there are."""
        if not len(more.key) or not len(self.key):
            return self if len(self.key) else more
        at = np.searchsorted(self.key, more.key)
        return _Coded(*(np.insert(getattr(self, f.name), at, getattr(more, f.name)) for f in fields(self)))

    def links(self, n_articles: int) -> "Links":
        """What `placing` reads."""
        from pipeline.kernels.placing import Links

        counts = np.bincount((self.key >> _32).astype(np.int64), minlength=n_articles)
        starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
        return Links(starts, (self.key & _LOW).astype(np.int32), self.kind, self.jaccard, self.containment)


_CODED_EMPTY = _Coded(
    np.zeros(0, np.uint64), np.zeros(0, np.uint8), np.zeros(0), np.zeros(0), np.zeros(0, np.int64)
)


def _refused(keys: NDArray[np.uint64]) -> _Coded:
    n = len(keys)
    return _Coded(keys, np.zeros(n, np.uint8), np.zeros(n), np.zeros(n), np.zeros(n, np.int64))


def _coded(links: pa.Table, ids: arrow.Array, codes: Integers, n_before: int, first: int) -> _Coded:
    """Links by the numbers of their articles, which are `codes` of `ids`; those of articles that are not known are left out."""
    sides = [arrow.filled(arrow.find(links[name], ids), -1).to_numpy() for name in CANDIDATES.names]
    left, right = (np.where(at >= 0, codes[at], -1) for at in sides)
    known = np.flatnonzero((left >= n_before) & (right >= 0))
    keys = (left[known].astype(np.uint64) << _32) | right[known].astype(np.uint64)
    order = np.argsort(keys, kind="stable")
    at = known[order]
    jaccard, containment = (links[name].to_numpy()[at] for name in ("jaccard", "containment"))
    return _Coded(keys[order], _kind_codes(links["kind"])[at], jaccard, containment, at + first)


def _firsts_first(ids: arrow.ChunkedArray, captures: pa.Table) -> arrow.ChunkedArray:
    """A day's articles in their order, but later captures of a page after the first of them where that is of the day, too."""
    first = captures["first_id"].take(arrow.find(ids, captures["article_id"]))
    place = np.arange(len(ids))
    its_place = arrow.filled(arrow.find(first, ids), -1).to_numpy()
    is_late = its_place > place
    return ids.take(arrow.indices(np.lexsort((place, is_late, np.maximum(place, its_place)))))


def _groups_before(before: pa.Table, ids: arrow.Array, captures: pa.Table) -> "Groups":
    """The groups that the articles of the window are in; they come first among `ids`."""
    from pipeline.kernels.placing import Groups

    group = np.full(len(ids), -1, np.int64)
    n = before.num_rows
    group[:n] = arrow.filled(arrow.find(before["copy_id"], ids), -1).to_numpy()
    fullest, sizes = np.full(len(ids), -1, np.int64), np.zeros(len(ids))
    jaccard, containment = (arrow.filled(before[name], 0.0).to_numpy() for name in ("jaccard", "containment"))
    for x in np.flatnonzero(arrow.equals(before["kind"], Kind.EXPANDED).to_numpy() & (group[:n] >= 0)):
        size = 1 / (containment[x] / jaccard[x] - 1 + containment[x])
        if size > sizes[group[x]]:
            fullest[group[x]], sizes[group[x]] = x, size
    whole = np.zeros(len(ids), bool)
    whole[:n] = pc.is_in(before["kind"], _WHOLE).to_numpy()
    return Groups(group, fullest, sizes, whole, _first_captures(before, ids, captures))


def _first_captures(before: pa.Table, ids: arrow.Array, captures: pa.Table) -> Integers:
    """Of each later capture of a page the number of the first, as far as it is among `ids`; of all others -1."""
    first = np.full(len(ids), -1, np.int64)
    is_later = pc.is_in(before["kind"], _CAPTURES).to_numpy()
    at = np.flatnonzero(is_later)
    first[at] = arrow.filled(arrow.find(before["matched_id"].take(arrow.indices(at)), ids), -1).to_numpy()
    for x in at:  # in the order of days; within one, a chain may still lead on
        while first[x] >= 0 and first[first[x]] >= 0:
            first[x] = first[first[x]]
    own = arrow.find(captures["article_id"], ids).to_numpy()
    first[own] = arrow.filled(arrow.find(captures["first_id"], ids), -1).to_numpy()
    return first


def _kind_codes(kinds: arrow.ChunkedArray) -> NDArray[np.uint8]:
    values = pa.array(LINK_KINDS[1:], pa.string())
    return (arrow.filled(arrow.find(kinds, values), -1).to_numpy() + 1).astype(np.uint8)


def _placed(
    ids: arrow.Array, group: Integers, links: pa.Table, rows: Integers, chosen: Integers, n_before: int
) -> pa.Table:
    """IN_GROUP; `chosen` are places among the coded links, whose rows in the table of links are `rows`."""
    own, its_group, its_link = ids[n_before:], group[n_before:], chosen[n_before:]
    has_link = its_link >= 0
    at = np.zeros(len(own), np.int64)
    at[has_link] = rows[its_link[has_link]]
    link = arrow.indices(at, ~has_link)
    is_origin = its_group == np.arange(n_before, len(ids))
    kind = pc.if_else(
        pa.array(is_origin), Kind.ORIGIN.value, arrow.filled(links["kind"].take(link), Kind.NEAR.value)
    )
    columns = [own, ids.take(arrow.indices(its_group, its_group < 0)), kind]
    columns += [links[name].take(link) for name in ("other_id", "jaccard", "containment")]
    columns += [pa.nulls(len(own), IN_GROUP.field(name).type) for name in ("capture", "version")]
    return pa.table(columns, schema=IN_GROUP)


def _with_captures(placed: pa.Table, captures: pa.Table, earlier: pa.Table) -> pa.Table:
    """IN_GROUP with later captures of a page in the group of the first one, though its origin may be older than the window."""
    is_later = pc.is_in(placed["article_id"], value_set=captures["article_id"].combine_chunks())
    others = placed.filter(pc.invert(is_later))
    known = pa.concat_tables([t.select(["article_id", "copy_id"]) for t in (earlier, others)])
    group = known["copy_id"].take(arrow.find(captures["first_id"], known["article_id"]))
    columns = {name: captures[name] for name in IN_GROUP.names if name in captures.column_names}
    columns |= {"copy_id": group, "matched_id": captures["other_id"]}
    return pa.concat_tables([others, pa.table([columns[n] for n in IN_GROUP.names], schema=IN_GROUP)])
