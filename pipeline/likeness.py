"""Likeness: articles as sparse vectors, how near two of them are, and what the time between them takes away."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

FADE = 1.5  # windows of silence after which a likeness has fallen by a factor e
DECIMALS = 6  # scores are rounded before they are compared or kept: no last bit decides
_DAY_MICROSECONDS = 86_400_000_000
_FIRST_OR_LAST = np.array([True, False, True, False])


@dataclass(frozen=True)
class Articles:
    """Articles in time order; a row of `terms` (scipy CSR) is one article's vector."""

    ids: pa.Array
    delivered: Any  # days since 1970
    published: Any  # days since 1970, NaN when unknown
    terms: Any
    hashes: Any  # what the columns of `terms` stand for

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, rows: Any) -> "Articles":
        ids = self.ids.take(pa.array(rows))
        return Articles(ids, self.delivered[rows], self.published[rows], self.terms[rows], self.hashes)


def align(tables: list[pa.Table]) -> list[Articles]:
    """Tables of TERMS as articles whose vectors share columns: the terms of the first, which alone can be shared with it."""
    ordered = [_in_time_order(t) for t in tables]
    hashes = pc.unique(pc.list_flatten(ordered[0]["terms"])).sort()
    return [_articles(t, hashes) for t in ordered]


def dots(one: Any, rows: Any, other: Any, other_rows: Any) -> Any:
    """The products of `rows` of one matrix with `other_rows` of another, pair by pair."""
    from pipeline import kernel

    return kernel.dots(
        one.indptr,
        one.indices,
        one.data,
        rows,
        other.indptr,
        other.indices,
        other.data,
        other_rows,
        one.shape[1],
    )


def sums(matrix: Any, groups: Any, n_groups: int, shares: Any = None) -> Any:
    """A matrix with one row a group: the rows of `matrix` that are in it, summed, each times its share."""
    from scipy.sparse import csr_matrix

    shares = np.ones(len(groups)) if shares is None else shares
    picks = csr_matrix(
        (shares.astype(np.float32), (groups, np.arange(len(groups)))), shape=(n_groups, len(groups))
    )
    summed = (picks @ matrix).tocsr()
    summed.sort_indices()
    return summed


def spans(articles: Articles) -> Any:
    """First and last publication (NaN where unknown), first and last delivery, a row for each article."""
    published, delivered = articles.published, articles.delivered
    return np.stack([published, published, delivered, delivered], axis=1)


def joint_spans(each: Any, groups: Any, n_groups: int) -> Any:
    """The span of all members of each group; NaN for none."""
    found = np.full((n_groups, 4), np.nan)
    for column, first in enumerate(_FIRST_OR_LAST):
        (np.fmin if first else np.fmax).at(found[:, column], groups, each[:, column])
    return found


def joint_span(one: Any, two: Any) -> Any:
    return np.where(_FIRST_OR_LAST, np.fmin(one, two), np.fmax(one, two))


def spans_without_each(each: Any, groups: Any, n_groups: int) -> Any:
    """For each of some spans the joint span of all the others of its group."""
    found = np.full(each.shape, np.nan)
    for column, first in enumerate(_FIRST_OR_LAST):
        values = np.nan_to_num(each[:, column] if first else -each[:, column], nan=np.inf)
        order = np.lexsort((values, groups))
        ends = np.searchsorted(groups[order], np.arange(n_groups + 1))
        least = order[ends[:-1]]
        rest = values[least][groups]
        next_least = order[np.minimum(ends[:-1] + 1, len(order) - 1)]
        rest[least] = np.where(np.diff(ends) > 1, values[next_least], np.inf)
        found[:, column] = np.where(np.isinf(rest), np.nan, rest if first else -rest)
    return found


def silence(one: Any, two: Any) -> Any:
    """Days between spans, 0 where they overlap.

    By publication where both know one, else by delivery: like with like, so that an archive that was delivered
    on one day without dates is not torn apart.
    """
    published = np.maximum(two[..., 0] - one[..., 1], one[..., 0] - two[..., 1])
    delivered = np.maximum(two[..., 2] - one[..., 3], one[..., 2] - two[..., 3])
    gap = np.where(np.isnan(published), delivered, published)
    return np.maximum(0.0, np.nan_to_num(gap, nan=0.0))


def damping(days_silent: Any, window_days: float) -> Any:
    return np.exp(-days_silent / (FADE * window_days))


def _in_time_order(table: pa.Table) -> pa.Table:
    """By publication, at the end of its day what has none; then by id."""
    at = np.where(np.isnan(_published(table)), _delivered(table) + 1.0, _published(table))
    keys = pa.table({"at": pa.array(at, pa.float64()), "article_id": table["article_id"]})
    order = pc.sort_indices(keys, sort_keys=[("at", "ascending"), ("article_id", "ascending")])
    return table.select(["article_id", "ingest_date", "published_at", "terms", "weights"]).take(order)


def _articles(table: pa.Table, hashes: pa.Array) -> Articles:
    from scipy.sparse import csr_matrix

    columns = pc.fill_null(pc.index_in(_flat(table["terms"]), value_set=hashes), -1).to_numpy()
    lengths = pc.fill_null(pc.list_value_length(table["terms"]), 0).to_numpy()
    known = columns >= 0
    weights = _flat(table["weights"]).to_numpy()
    if not known.all():
        lengths = np.bincount(np.repeat(np.arange(table.num_rows), lengths)[known], minlength=table.num_rows)
        columns, weights = columns[known], weights[known]
    starts = np.concatenate([[0], np.cumsum(lengths)])
    matrix = csr_matrix((weights, columns, starts), shape=(table.num_rows, len(hashes)))
    matrix.sort_indices()
    return Articles(
        table["article_id"].combine_chunks(), _delivered(table), _published(table), matrix, hashes.to_numpy()
    )


def _flat(lists: pa.ChunkedArray) -> pa.Array:
    return pc.list_flatten(lists).combine_chunks()


def _delivered(table: pa.Table) -> Any:
    return pc.cast(table["ingest_date"], pa.int32()).to_numpy().astype(np.float64)


def _published(table: pa.Table) -> Any:
    microseconds = pc.cast(pc.cast(table["published_at"], pa.int64()), pa.float64(), safe=False)
    return pc.fill_null(microseconds, float("nan")).to_numpy() / _DAY_MICROSECONDS
