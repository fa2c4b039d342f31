"""Copy groups: which articles are one text.

Articles are taken in the order of time. One joins the group of an earlier article only if it holds against the
group's origin, whatever led to the group. If it holds more than the origin, it must also hold against the
fullest text of the group: two long articles that share a brief are not one text. If the origin is itself a part
of a fuller text that came later, holding a quarter of the origin is enough for what stands in that fuller text. Where the origin
is an edited version, a quarter in the origin is enough for an excerpt of a member that is a copy of the whole.
"""

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline.contracts import CANDIDATES, MEMBERSHIPS, Kind

PLACED = pa.schema(
    [
        MEMBERSHIPS.schema.field(name)
        for name in ("article_id", "copy_id", "kind", "matched_id", "jaccard", "containment")
    ]
)
LEAST_SHARE = 0.25  # of the smaller of two cut versions, when a fuller text has both

_KINDS = [None, Kind.EXACT, Kind.NEAR, Kind.EXCERPT, Kind.EXPANDED, Kind.REFETCH]
_CODES = tuple(
    np.int64(_KINDS.index(kind))
    for kind in (Kind.EXPANDED, Kind.EXACT, Kind.REFETCH, Kind.EXCERPT, Kind.NEAR)
)
_WHOLE = pa.array(
    [Kind.ORIGIN, Kind.REPORT, Kind.EXACT, Kind.NEAR, Kind.REFETCH], pa.string()
)  # the text of the group as a whole
Integers = NDArray[np.int64]


def assign_copies(articles: pa.Table, links: pa.Table, earlier: pa.Table) -> tuple[pa.Table, pa.Table]:
    """The copy group of each of a day's articles.

    `articles` are the day's (article_id, ingest_date, published_at, fetched_at), `links` all that were compared so far,
    `earlier` the MEMBERSHIPS of the window before. Returns (placed, wanted): PLACED, one row an article; and CANDIDATES
    whose links the placing looked for and did not find. While there are any, `placed` is provisional: verify them, add
    their links and call again.
    """
    from pipeline import kernel

    before = earlier.sort_by([("ingest_date", "ascending"), ("article_id", "ascending")])
    ids = pa.chunked_array(
        [*before["article_id"].chunks, *_in_time(articles).chunks], pa.string()
    ).combine_chunks()
    links, starts, others = _by_article(links, ids, before.num_rows)
    group, fullest, sizes = _groups_before(before, ids)
    whole = np.zeros(len(ids), bool)
    whole[: before.num_rows] = pc.is_in(before["kind"], _WHOLE).to_numpy()
    figures = [links[name].to_numpy() for name in ("jaccard", "containment")]
    kinds = _kind_codes(links["kind"])
    chosen, wanted = kernel.place(
        group, before.num_rows, starts, others, kinds, *figures, fullest, sizes, whole, _CODES, LEAST_SHARE
    )
    placed = _placed(ids, group, links, chosen, before.num_rows)
    pairs = np.unique(wanted)
    columns = [ids.take(pa.array(side)) for side in (pairs >> np.uint64(32), pairs & np.uint64(0xFFFFFFFF))]
    return placed, pa.table(columns, schema=CANDIDATES.schema)


def _in_time(articles: pa.Table) -> pa.ChunkedArray:
    """Ids in the order in which articles are taken; those of unknown time at the end of their day."""
    end = pa.scalar(datetime(9999, 1, 1, tzinfo=UTC), pa.timestamp("us", "UTC"))
    time = pc.coalesce(articles["published_at"], articles["fetched_at"], end)
    keys = pa.table({"day": articles["ingest_date"], "time": time, "id": articles["article_id"]})
    return keys.sort_by([(name, "ascending") for name in keys.column_names])["id"]


def _by_article(links: pa.Table, ids: pa.Array, n_before: int) -> tuple[pa.Table, Integers, Integers]:
    """Links between known articles in the order of (article, other): the table, where each article's begin, their others."""
    left, right = (pc.index_in(links[name], value_set=ids) for name in ("article_id", "other_id"))
    left, right = (pc.fill_null(at, -1).to_numpy().astype(np.int64) for at in (left, right))
    known = np.flatnonzero((left >= n_before) & (right >= 0))
    order = known[np.lexsort((right[known], left[known]))]
    starts = np.searchsorted(left[order], np.arange(len(ids) + 1))
    return links.select(_READ_OF_LINKS).take(pa.array(order)), starts, right[order]


_READ_OF_LINKS = ["other_id", "kind", "jaccard", "containment"]


def _groups_before(before: pa.Table, ids: pa.Array) -> tuple[Integers, Integers, NDArray[np.float64]]:
    """By article: the group it is in (-1: its origin is not in the window); by group: the fullest text and its size."""
    group = np.full(len(ids), -1, np.int64)
    n = before.num_rows
    found = pc.index_in(before["copy_id"], value_set=ids)
    group[:n] = pc.fill_null(found, -1).to_numpy()
    fullest, sizes = np.full(len(ids), -1, np.int64), np.zeros(len(ids))
    jaccard, containment = (pc.fill_null(before[name], 0.0).to_numpy() for name in ("jaccard", "containment"))
    for x in np.flatnonzero(pc.equal(before["kind"], Kind.EXPANDED).to_numpy() & (group[:n] >= 0)):
        size = 1 / (containment[x] / jaccard[x] - 1 + containment[x])
        if size > sizes[group[x]]:
            fullest[group[x]], sizes[group[x]] = x, size
    return group, fullest, sizes


def _kind_codes(kinds: pa.ChunkedArray) -> Integers:
    values = pa.array(_KINDS[1:], pa.string())
    return pc.fill_null(pc.add(pc.index_in(kinds, value_set=values), 1), 0).to_numpy().astype(np.int64)


def _placed(ids: pa.Array, group: Integers, links: pa.Table, chosen: Integers, n_before: int) -> pa.Table:
    own, its_group, its_link = ids[n_before:], group[n_before:], chosen[n_before:]
    link = pa.array(its_link, mask=its_link < 0)
    is_origin = its_group == np.arange(n_before, len(ids))
    kind = pc.if_else(
        pa.array(is_origin), Kind.ORIGIN.value, pc.coalesce(links["kind"].take(link), Kind.NEAR.value)
    )
    columns = [own, ids.take(pa.array(its_group)), kind]
    columns += [links[name].take(link) for name in ("other_id", "jaccard", "containment")]
    return pa.table(columns, schema=PLACED)
