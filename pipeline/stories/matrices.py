"""Vectors of terms as sparse rows that stand on one shelf: sums, products, and what is common taken out."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.kernels import probing, restricting, vectors
from pipeline.model.arrow import Booleans, Floats, Integers
from pipeline.store.shelf import Shelf

_ENTRIES_AT_ONCE = 1 << 18  # of rows that are gone through: 2 MB, and then what was looked at rests
_PAIRS_AT_ONCE = 1 << 15  # whose rows are looked at: as much
Lengths = NDArray[np.int32]
_NOTHING = np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, np.float32)
_LEAST = np.float32(1e-9)  # a product below says nothing


@dataclass(frozen=True)
class Vectors:
    """Sparse rows by number, their columns ascending. Several may stand in one place: a story of one article is that article."""

    shelf: Shelf
    begins: Integers
    lengths: Lengths
    width: int  # how many columns there are

    def __len__(self) -> int:
        return len(self.begins)

    def take(self, rows: Integers | slice) -> "Vectors":
        """Some rows. They stand where they stood."""
        return Vectors(self.shelf, self.begins[rows], self.lengths[rows], self.width)

    @classmethod
    def concat(cls, parts: "Sequence[Vectors]") -> "Vectors":
        """All rows of the parts, which are of one shelf."""
        shelf, width = parts[0].shelf, parts[0].width
        begins, lengths = ([getattr(part, name) for part in parts] for name in ("begins", "lengths"))
        return cls(shelf, np.concatenate(begins), np.concatenate(lengths), width)

    @classmethod
    def put(cls, shelf: Shelf, rows: restricting.Rows, width: int) -> "Vectors":
        """Rows that are put on a shelf."""
        ends = np.cumsum(rows.lengths, dtype=np.int64)
        place = shelf.add(rows.columns, rows.values)
        return cls(shelf, place + ends - rows.lengths, rows.lengths, width)

    def sparse(self) -> vectors.Sparse:
        return vectors.Sparse(self.begins, self.lengths, *self.shelf.entries())

    def row(self, n: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """The columns of a row, and its values."""
        own = slice(self.begins[n], self.begins[n] + self.lengths[n])
        columns, values = self.shelf.entries()
        return columns[own], values[own]

    def csr(self) -> Any:
        """The same as a matrix of SciPy's, which has no types of its own."""
        from scipy.sparse import csr_matrix

        starts = np.concatenate([[0], np.cumsum(self.lengths, dtype=np.int64)])
        at = np.arange(starts[-1]) + np.repeat(self.begins - starts[:-1], self.lengths)
        columns, values = self.shelf.entries()
        return csr_matrix((values[at], columns[at], starts), shape=(len(self), self.width))


def dots(one: Vectors, rows: Integers, other: Vectors, other_rows: Integers) -> Floats:
    """The dot products of `rows` of one matrix with `other_rows` of another, pair by pair."""
    its, their, found = one.sparse(), other.sparse(), [np.zeros(0)]
    for start in range(0, len(rows), _PAIRS_AT_ONCE):
        part = slice(start, start + _PAIRS_AT_ONCE)
        found.append(vectors.dots(its, rows[part], their, other_rows[part], one.width))
        one.shelf.rest()
    return np.concatenate(found)


def n_shared(matrix: Vectors, rows: Integers, others: Integers) -> Integers:
    """How many columns both rows of each pair have."""
    return vectors.n_shared(matrix.sparse(), rows, others, matrix.width)


def sums(
    matrix: Vectors,
    groups: Integers,
    n_groups: int,
    shares: Floats | Integers | None = None,
    rows: Integers | None = None,
) -> Vectors:
    """One row per group: the sum of its rows in `matrix` (of `rows`, if not all), each times its share (1 by default).

    A sum of one whole row is that row, where it stands; every other is put on the shelf. Rows are added in their order, in single
    precision, and a sum of zero has no entry.
    """
    each: NDArray[np.float32] = (np.ones(len(groups)) if shares is None else shares).astype(np.float32)
    rows = np.arange(len(groups)) if rows is None else rows
    whole = matrix.take(rows)
    order = np.argsort(groups, kind="stable")
    sizes = np.bincount(groups, minlength=n_groups)
    is_row = (sizes[groups] == 1) & (each == 1.0)
    is_row[is_row] = ~_have_zeros(whole.take(is_row))
    begins, lengths = np.zeros(n_groups, np.int64), np.zeros(n_groups, np.int32)
    begins[groups[is_row]], lengths[groups[is_row]] = whole.begins[is_row], whole.lengths[is_row]
    is_sum = np.ones(n_groups, bool)
    is_sum[groups[is_row]] = False
    own = order[is_sum[groups[order]]]
    put = _added_up(whole.take(own), sizes[is_sum], each[own])
    begins[is_sum], lengths[is_sum] = put.begins, put.lengths
    return Vectors(matrix.shelf, begins, lengths, matrix.width)


def _added_up(matrix: Vectors, sizes: Integers, shares: NDArray[np.float32]) -> Vectors:
    """The sums of rows that follow each other, so many for each sum, on the shelf."""
    starts = np.concatenate([[0], np.cumsum(sizes)])
    ends = np.concatenate([[0], np.cumsum(matrix.lengths, dtype=np.int64)])[starts]
    put = [Vectors.put(matrix.shelf, restricting.Rows(*_NOTHING), matrix.width)]
    for first, last in _bounds(ends[1:]):
        own = slice(starts[first], starts[last])
        rows = matrix.take(own).sparse()
        made = vectors.sums(rows, starts[first : last + 1] - starts[first], shares[own], matrix.width)
        added = restricting.Rows(np.diff(made.starts).astype(np.int32), made.columns, made.values)
        matrix.shelf.rest()
        put.append(Vectors.put(matrix.shelf, added, matrix.width))
    return Vectors.concat(put)


def held(matrix: Vectors) -> Integers:
    """How many rows have each column."""
    found = np.zeros(matrix.width, np.int64)
    for part in _parts(matrix):
        found += vectors.held(part.sparse(), matrix.width)
    return found


def most_alike(
    matrix: Vectors, others: Vectors, n_terms: int, common: int, n: int
) -> tuple[Integers, Integers]:
    """For each row, the n of `others` with which its weightiest terms have the greatest products: two arrays of row numbers, in order.

    It is looked up by `n_terms` at most, none of which more than `common` of the others have.
    """
    sizes = held(others)
    probes = vectors.heaviest(matrix.sparse(), sizes > common, n_terms)
    is_probed = np.zeros(matrix.width, bool)
    is_probed[probes.columns] = True
    place_of = np.where(is_probed, np.cumsum(is_probed) - 1, -1).astype(np.int32)
    probes = probes._replace(columns=place_of[probes.columns])
    turned = _turned(others, place_of, sizes[is_probed])
    found = probing.most_alike(probes, turned, len(others), n, _LEAST)
    return np.repeat(np.arange(len(matrix)), np.diff(found.starts)), found.rows.astype(np.int64)


def _turned(matrix: Vectors, place_of: Lengths, sizes: Integers) -> vectors.Holders:
    """Who has each of some columns, as many as `sizes` says: column c is row `place_of[c]`, none where this is below zero."""
    turned = vectors.Holders.room(sizes)
    ends, first = turned.starts[:-1].copy(), 0
    for part in _parts(matrix):
        vectors.turn(part.sparse(), first, place_of, ends, turned.rows, turned.values)
        first += len(part)
    return turned


def strip(matrix: Vectors, is_common: Booleans, norms: NDArray[np.float32] | None) -> None:
    """Take the common columns out of rows where they stand; with `norms`, each is then as long again as its own says."""
    first = 0
    for part in _parts(matrix):
        own = norms[first : first + len(part)] if norms is not None else np.zeros(0, np.float32)
        vectors.strip(part.begins, part.lengths, *part.shelf.entries(), is_common, own)
        first += len(part)


def _have_zeros(matrix: Vectors) -> Booleans:
    return np.concatenate([np.zeros(0, bool), *(vectors.have_zeros(p.sparse()) for p in _parts(matrix))])


def _parts(matrix: Vectors) -> Iterator[Vectors]:
    """The rows, some at a time; what was looked at rests before the next. Lengths that are written are those of the whole."""
    for first, last in _bounds(np.cumsum(matrix.lengths, dtype=np.int64)):
        yield matrix.take(slice(first, last))
        matrix.shelf.rest()


def _bounds(ends: Integers) -> Iterator[tuple[int, int]]:
    """Rows or groups, by how many entries there are up to the end of each, some at a time: the first, and where the next begin."""
    wanted = np.arange(0, int(ends[-1]) if len(ends) else 0, _ENTRIES_AT_ONCE)
    bounds = np.unique([0, *np.searchsorted(ends, wanted).tolist(), len(ends)]).tolist()
    yield from itertools.pairwise(bounds)
