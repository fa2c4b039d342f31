"""Similarity: articles as sparse vectors of terms, their dot products, and how similarity fades with the time between them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline.kernels import restricting
from pipeline.model.arrow import (
    Array,
    Booleans,
    ChunkedArray,
    Floats,
    Integers,
    as_lists,
    distinct,
    encoded,
    filled,
    find,
    flat,
    indices,
)
from pipeline.model.contract import TEXT
from pipeline.model.internal_tables import TERMS
from pipeline.model.sorting import DAY_MICROSECONDS, last_moments, likely_moments
from pipeline.store import spill
from pipeline.store.shelf import Shelf
from pipeline.stories import matrices
from pipeline.stories.headline_likeness import Headlines
from pipeline.stories.matrices import Vectors

SHORT = 40  # terms: a text of fewer is a headline, or little more
# Two reports of one event share the fewer of their terms, the fewer they have. So a vector of fewer than SHORT is longer than
# one, by this power of what it lacks: with ten terms by 23 %.
LENGTHEN = 0.15
FADE = 1.0  # after this many windows of silence, similarity has fallen by a factor e
MANY = 1_000  # with fewer articles in the window and the day, shares say little
# A term that more of the articles have belongs to a form, or to all news, and to no single event.
COMMON_SHARE = 0.05
DECIMALS = 6  # scores are rounded before they are compared or stored, so that no last bit decides


_ROWS_AT_ONCE = 2_000  # of TERMS: 3 MB, which a core has at hand


@dataclass(frozen=True)
class Articles:
    """Articles in time order. A row of `terms` is the vector of one article."""

    ids: Array
    delivered: Floats  # days since 1970
    published: Floats  # days since 1970, NaN when unknown
    terms: Vectors
    names: Vectors  # likewise, with the terms that the headline names
    has_names: Booleans  # whether the headline names any term, also one that is no column here
    hashes: Integers  # the hashes of the terms that the columns stand for
    n_terms: NDArray[np.int32]  # how many terms each has, also such as are no columns here
    tongues: Integers  # the language of each, as a bit; 0 where it is not known
    headlines: Headlines

    def __len__(self) -> int:
        return len(self.ids)

    def __add__(self, others: "Articles") -> "Articles":
        return Articles(
            pa.concat_arrays([self.ids, others.ids]),
            np.concatenate([self.delivered, others.delivered]),
            np.concatenate([self.published, others.published]),
            Vectors.concat([self.terms, others.terms]),
            Vectors.concat([self.names, others.names]),
            np.concatenate([self.has_names, others.has_names]),
            self.hashes,
            np.concatenate([self.n_terms, others.n_terms]),
            np.concatenate([self.tongues, others.tongues]),
            Headlines.concat([self.headlines, others.headlines]),
        )

    def take(self, rows: Integers) -> "Articles":
        return Articles(
            self.ids.take(indices(rows)),
            self.delivered[rows],
            self.published[rows],
            self.terms.take(rows),
            self.names.take(rows),
            self.has_names[rows],
            self.hashes,
            self.n_terms[rows],
            self.tongues[rows],
            self.headlines.take(rows),
        )


Tables: TypeAlias = "pa.Table | Iterable[pa.Table]"


def align(tables: Sequence[Tables]) -> list[Articles]:
    """Tables of TERMS as articles whose vectors share columns: the terms of the first table. No other term can be shared with it.

    A table may come in pieces. Of each only what has a column is kept, and the vectors of all stand on one shelf.
    """
    first, *others = tables
    rows = pa.concat_tables(_pieces(first))
    hashes = distinct(flat(rows["terms"]).combine_chunks()).sort().to_numpy()
    columns = Columns(Shelf(), restricting.columns_of(hashes), len(hashes))
    read = [_joined([_read(piece, columns) for piece in _pieces(table)]) for table in (rows, *others)]
    spoken = pa.chunked_array([c for piece in read for c in piece.about["language"].chunks], TEXT)
    languages = distinct(spoken.drop_null()).sort()
    headlines = Headlines.of_each([piece.about for piece in read])
    return [_articles(piece, hashes, languages, h) for piece, h in zip(read, headlines, strict=True)]


def _pieces(table: Tables) -> Iterator[pa.Table]:
    """Pieces of one chunk each; one of them at least."""
    batches = (
        rows
        for piece in ([table] if isinstance(table, pa.Table) else table)
        for rows in piece.to_batches(max_chunksize=_ROWS_AT_ONCE)
    )
    first = next(batches, None)
    yield TERMS.empty() if first is None else pa.Table.from_batches([first])
    for rows in batches:
        yield pa.Table.from_batches([rows])


def leave_out_common(today: Articles, past: Articles) -> None:
    """Remove from the vectors of a day and its window the terms that too many of them have; scale them to length one again.

    The results of many companies on one day, for example, share nearly all words that are rare in ordinary language.
    """
    n = len(today) + len(past)
    if n < MANY:
        return
    is_common = matrices.held(today.terms) + matrices.held(past.terms) > COMMON_SHARE * n
    if is_common.any():
        for articles in (today, past):
            matrices.strip(articles.terms, is_common, _lengths(articles.n_terms))
            matrices.strip(articles.names, is_common, None)


def numbered(stories: Array) -> tuple[Array, Integers]:
    """The ids of stories in order, and which of them each of `stories` is."""
    coded = encoded(stories)
    order = pc.sort_indices(coded.dictionary)
    place = np.empty(len(order), np.int64)
    place[order.to_numpy()] = np.arange(len(order))
    return coded.dictionary.take(order), place[coded.indices.to_numpy()]


def united(bits: Integers, groups: Integers, n_groups: int) -> Integers:
    """The bits that any of each group has."""
    found = np.zeros(n_groups, np.int64)
    np.bitwise_or.at(found, groups, bits)
    return found


def are_comparable(one: Integers | int, other: Integers | int) -> Booleans:
    """Whether two have a language in common. One of which no language is known may speak any."""
    found: Booleans = (np.bitwise_and(one, other) > 0) | np.equal(one, 0) | np.equal(other, 0)
    return found


def greatest(values: NDArray[np.int32], groups: Integers, n_groups: int) -> NDArray[np.int32]:
    """The greatest value of each group."""
    found = np.zeros(n_groups, np.int32)
    np.maximum.at(found, groups, values)
    return found


def spans(articles: Articles) -> Floats:
    """When articles appeared, one row each: first and last publication (NaN where unknown), first and last delivery, the
    number with a publication time, the number of articles.
    """
    published, delivered = articles.published, articles.delivered
    known = ~np.isnan(published)
    return np.stack([published, published, delivered, delivered, known, np.ones(len(articles))], axis=1)


def joint_spans(each: Floats, groups: Integers, n_groups: int) -> Floats:
    """The span of all members of each group."""
    found = np.full((n_groups, 6), np.nan)
    for column in range(4):
        (np.fmax if column % 2 else np.fmin).at(found[:, column], groups, each[:, column])
    for column in (4, 5):
        found[:, column] = np.bincount(groups, weights=each[:, column], minlength=n_groups)
    return found


def joint_span(one: Floats, two: Floats) -> Floats:
    found = one + two
    found[:4:2], found[1:4:2] = np.fmin(one[:4:2], two[:4:2]), np.fmax(one[1:4:2], two[1:4:2])
    return found


def spans_without_each(each: Floats, groups: Integers, n_groups: int) -> Floats:
    """For each span, the joint span of all others of its group."""
    found = joint_spans(each, groups, n_groups)[groups] - each
    for column in range(4):
        values = np.nan_to_num(-each[:, column] if column % 2 else each[:, column], nan=np.inf)
        order = np.lexsort((values, groups))
        ends = np.searchsorted(groups[order], np.arange(n_groups + 1))
        least = order[ends[:-1]]
        rest = values[least][groups]
        next_least = order[np.minimum(ends[:-1] + 1, len(order) - 1)]
        rest[least] = np.where(np.diff(ends) > 1, values[next_least], np.inf)
        found[:, column] = np.where(np.isinf(rest), np.nan, -rest if column % 2 else rest)
    return found


def fading(one: Floats, two: Floats, window_days: float) -> Floats:
    """The factor that the silence between spans leaves of a similarity: 1 where they overlap.

    Pairs in which both have a publication time are compared by it, all others by delivery. So an archive that was delivered on
    one day, with only some articles dated, stays together.
    """
    published = np.maximum(two[..., 0] - one[..., 1], one[..., 0] - two[..., 1])
    delivered = np.maximum(two[..., 2] - one[..., 3], one[..., 2] - two[..., 3])
    dated = one[..., 4] * two[..., 4] / np.maximum(1, one[..., 5] * two[..., 5])
    left = [np.exp(-np.maximum(0.0, gap) / (FADE * window_days)) for gap in (published, delivered)]
    return np.where(dated > 0, dated * np.nan_to_num(left[0]), 0.0) + (1.0 - dated) * left[1]


_ABOUT = ["article_id", "ingest_date", "published_at", "published_precision", "language", "vector"]


class Columns(NamedTuple):
    """Where vectors are put, and which hashes have a column in them."""

    shelf: Shelf
    table: Integers  # `restricting.columns_of`
    width: int


class _Piece(NamedTuple):
    """Some rows of TERMS: those columns that are kept as they are, and the lists as vectors."""

    about: pa.Table
    terms: Vectors
    names: Vectors
    n_terms: NDArray[np.int32]
    has_names: Booleans


def _read(table: pa.Table, columns: Columns) -> _Piece:
    terms, names, weights = (_one_chunk(table[name]) for name in ("terms", "names", "weights"))
    n_terms, n_names = (np.diff(lists.offsets.to_numpy()) for lists in (terms, names))
    ones = np.ones(len(table), np.float32), np.ones(n_names.sum(), np.float32)
    return _Piece(
        _about(table),
        _vectors(terms, flat(weights).to_numpy(), _lengths(n_terms), columns),
        _vectors(names, ones[1], ones[0], columns),
        n_terms,
        n_names > 0,
    )


def _one_chunk(lists: ChunkedArray) -> "pa.ListArray[Any]":
    """A column of a piece, which Arrow would copy to have it in one."""
    return as_lists(lists.chunk(0) if lists.num_chunks else lists)


def _vectors(
    lists: "pa.ListArray[Any]", weights: NDArray[np.float32], factors: NDArray[np.float32], columns: Columns
) -> Vectors:
    """One row for each list of hashes, with the weights of the hashes that have a column."""
    ends = lists.offsets.to_numpy()
    hashes = flat(cast("Array", lists)).to_numpy()
    rows = restricting.restrict(restricting.Lists(ends - ends[0], hashes, weights, factors), columns.table)
    return Vectors.put(columns.shelf, rows, columns.width)


def _about(table: pa.Table) -> pa.Table:
    """The columns that are kept; that of vectors only where there is one, since even a null takes the room of a vector."""
    has_vectors = table["vector"].null_count < len(table)
    return table.select(_ABOUT if has_vectors else [name for name in _ABOUT if name != "vector"])


def _joined(pieces: list[_Piece]) -> _Piece:
    """The pieces as one, in the order of time; the pieces are released."""
    about = pa.concat_tables([piece.about for piece in pieces], promote_options="default")
    order = _time_order(about)
    rows = order.to_numpy().astype(np.int64)
    n_terms = np.concatenate([piece.n_terms for piece in pieces])[rows]
    named = np.concatenate([piece.has_names for piece in pieces])[rows]
    terms = Vectors.concat([piece.terms for piece in pieces]).take(rows)
    names = Vectors.concat([piece.names for piece in pieces]).take(rows)
    pieces.clear()
    spill.give_back()
    return _Piece(about.take(order), terms, names, n_terms, named)


def _time_order(table: pa.Table) -> Array:
    """The rows in the order of the time of publication, then of the id; an article without a time stands at the end of its day, one
    without an hour at the end of its date.

    This is not the order of `model.ids`, in which copies are taken. That one goes by day first, and an article of today may have
    been published before one of yesterday; stories follow the order of events.
    """
    at = _days(last_moments(table["published_at"], table["published_precision"]))
    at = np.where(np.isnan(at), _delivered(table) + 1.0, at)
    keys = pa.table({"at": pa.array(at, pa.float64()), "article_id": table["article_id"]})
    return pc.sort_indices(keys, sort_keys=[("at", "ascending"), ("article_id", "ascending")])


def _articles(rows: _Piece, hashes: Integers, languages: Array, headlines: Headlines) -> Articles:
    about = rows.about
    return Articles(
        about["article_id"].combine_chunks(),
        _delivered(about),
        _days(likely_moments(about["published_at"], about["published_precision"])),
        rows.terms,
        rows.names,
        rows.has_names,
        hashes,
        rows.n_terms,
        _bits(find(about["language"], languages)),
        headlines,
    )


def _bits(numbers: ChunkedArray) -> Integers:
    """A bit for each number, none for null. A word has 63 beside its sign, so of more numbers several share one."""
    known = filled(pc.cast(numbers, pa.int64()), -1).to_numpy()
    found: Integers = np.where(known < 0, 0, np.left_shift(np.int64(1), known % 63))
    return found


def _lengths(n_terms: NDArray[np.int32]) -> NDArray[np.float32]:
    """The length of a vector of so many terms: 1 from SHORT on."""
    shorter = [round((SHORT / max(n, 1)) ** LENGTHEN, DECIMALS) for n in range(SHORT)]
    found: NDArray[np.float32] = np.array([*shorter, 1.0], np.float32)[np.minimum(n_terms, SHORT)]
    return found


def _delivered(table: pa.Table) -> Floats:
    found: Floats = pc.cast(table["ingest_date"], pa.int32()).to_numpy().astype(np.float64)
    return found


def _days(moments: ChunkedArray) -> Floats:
    """Days since 1970; NaN for a moment that is not known."""
    microseconds = pc.cast(pc.cast(moments, pa.int64()), pa.float64(), safe=False)
    found: Floats = filled(microseconds, float("nan")).to_numpy() / DAY_MICROSECONDS
    return found
