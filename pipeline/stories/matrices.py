"""Vectors of terms as sparse rows that stand on one shelf: sums, products, and what is common taken out."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.kernels import restricting, vectors
from pipeline.model.arrow import Booleans, Floats, Integers
from pipeline.store.shelf import Shelf

_ENTRIES_AT_ONCE = 1 << 23  # of rows that are gone through: 64 MB, and then what was looked at rests
Lengths = NDArray[np.int32]


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
    found = vectors.dots(one.sparse(), rows, other.sparse(), other_rows, one.width)
    one.shelf.rest()
    return found


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
    starts = np.concatenate([[0], np.cumsum(sizes[is_sum])])
    made = vectors.sums(whole.sparse(), own, starts, each[own], matrix.width)
    added = np.diff(made.starts).astype(np.int32)
    put = Vectors.put(matrix.shelf, restricting.Rows(added, made.columns, made.values), matrix.width)
    begins[is_sum], lengths[is_sum] = put.begins, put.lengths
    return Vectors(matrix.shelf, begins, lengths, matrix.width)


def held(matrix: Vectors) -> Integers:
    """How many rows have each column."""
    found = np.zeros(matrix.width, np.int64)
    for part in _parts(matrix):
        found += vectors.held(part.sparse(), matrix.width)
    return found


def holders(matrix: Vectors, wanted: Integers, sizes: Integers) -> Any:
    """Of each wanted column, by ascending number, the rows that have it, as a matrix of SciPy's. `sizes` is what `held` says of all."""
    from scipy.sparse import csr_matrix

    place_of = np.full(matrix.width, -1, np.int32)
    place_of[wanted] = np.arange(len(wanted))
    found = vectors.holders(matrix.sparse(), place_of, sizes[wanted])
    matrix.shelf.rest()
    return csr_matrix((found.values, found.columns, found.starts), shape=(len(wanted), len(matrix)))


def probes(matrix: Vectors, is_common: Booleans, n: int) -> tuple[Any, Integers]:
    """The rows reduced to their n weightiest entries whose columns are not common, as a matrix of SciPy's; and which columns it has,
    by ascending number: no others.
    """
    from scipy.sparse import csr_matrix

    found = vectors.heaviest(matrix.sparse(), is_common, n)
    is_probed = np.zeros(matrix.width, bool)
    is_probed[found.columns] = True
    columns = np.flatnonzero(is_probed)
    place_of = np.cumsum(is_probed) - 1
    made = csr_matrix(
        (found.values, place_of[found.columns], found.starts), shape=(len(matrix), len(columns))
    )
    return made, columns


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
    ends = np.cumsum(matrix.lengths, dtype=np.int64)
    wanted = np.arange(0, int(ends[-1]) if len(ends) else 0, _ENTRIES_AT_ONCE)
    bounds = np.unique([0, *np.searchsorted(ends, wanted).tolist(), len(ends)]).tolist()
    for first, last in itertools.pairwise(bounds):
        yield matrix.take(slice(first, last))
        matrix.shelf.rest()
