"""Vectors of terms as sparse matrices, one a row: sums, products, rows in another order, and what is put aside on disk."""

import itertools
from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.model.arrow import Booleans, Floats, Integers
from pipeline.store import spill

_ENTRIES_AT_ONCE = 1 << 20  # of a matrix, in 40 MB of scratch memory


class Matrix(Protocol):
    """What is used of SciPy's sparse matrices by rows (CSR), which have no types of their own."""

    data: NDArray[np.float32]
    indices: NDArray[np.int32]
    indptr: NDArray[np.int32]
    shape: tuple[int, int]

    @property
    def T(self) -> "Matrix": ...  # noqa: N802 - SciPy's name
    def __getitem__(self, rows: Integers | slice) -> "Matrix": ...
    def __matmul__(self, other: "Matrix") -> "Matrix": ...
    def copy(self) -> "Matrix": ...
    def eliminate_zeros(self) -> None: ...
    def multiply(self, other: object) -> "Matrix": ...
    def sort_indices(self) -> None: ...
    def sum(self, axis: int | None = None) -> NDArray[np.float32]: ...
    def toarray(self) -> NDArray[np.float32]: ...
    def tocoo(self) -> Any: ...
    def tocsr(self) -> "Matrix": ...


def put_aside(matrix: Matrix) -> Matrix:
    """The same matrix on a mapped file, if it is large: it takes no memory until it is read again."""
    from scipy.sparse import csr_matrix

    if len(matrix.data) < _ENTRIES_AT_ONCE:
        return matrix
    stored = spill.shelve(pa.table({"columns": matrix.indices, "values": matrix.data}))
    columns, values = (column.chunk(0).to_numpy() for column in stored.columns)  # not copied
    aside: Matrix = csr_matrix((values, columns, matrix.indptr), shape=matrix.shape)
    return aside


def in_order(parts: list[Matrix], order: Integers) -> Matrix:
    """The rows of all parts in an order. Each part is released once its rows stand in their places."""
    from scipy.sparse import csr_matrix

    width = parts[0].shape[1]
    lengths = np.concatenate([np.diff(part.indptr) for part in parts])[order]
    starts = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
    values, columns = np.empty(starts[-1], np.float32), np.empty(starts[-1], np.int32)
    place = np.empty(len(order), np.int64)
    place[order] = starts[:-1]
    done = 0
    while parts:
        part = parts.pop(0)
        n = part.shape[0]
        at = np.repeat(place[done : done + n] - part.indptr[:-1], np.diff(part.indptr))
        at += np.arange(len(part.data))
        values[at], columns[at] = part.data, part.indices
        done += n
    made: Matrix = csr_matrix((values, columns, starts), shape=(len(order), width))
    return made


def dots(one: Matrix, rows: Integers, other: Matrix, other_rows: Integers) -> Floats:
    """The dot products of `rows` of one matrix with `other_rows` of another, pair by pair."""
    from pipeline.kernels import vectors

    its, their = (vectors.Sparse(matrix.indptr, matrix.indices, matrix.data) for matrix in (one, other))
    return vectors.dots(its, rows, their, other_rows, one.shape[1])


def n_shared(matrix: Matrix, rows: Integers, others: Integers) -> Floats:
    """How many columns both rows of each pair have."""
    from pipeline.kernels import vectors

    ones = vectors.Sparse(matrix.indptr, matrix.indices, np.ones_like(matrix.data))
    return vectors.dots(ones, rows, ones, others, matrix.shape[1])


def sums(
    matrix: Matrix,
    groups: Integers,
    n_groups: int,
    shares: Floats | Integers | None = None,
    rows: Integers | None = None,
) -> Matrix:
    """A matrix with one row per group: the sum of its rows in `matrix` (of `rows`, if not all), each times its share (1 by default)."""
    from scipy.sparse import csr_matrix

    shares = np.ones(len(groups)) if shares is None else shares
    rows = np.arange(len(groups)) if rows is None else rows
    picks = csr_matrix((shares.astype(np.float32), (groups, rows)), shape=(n_groups, matrix.shape[0]))
    summed: Matrix = (picks @ matrix).tocsr()
    summed.sort_indices()
    return summed


def held(matrix: Matrix) -> Integers:
    """How many rows have each column."""
    found = np.zeros(matrix.shape[1], np.int64)
    for start in range(0, len(matrix.indices), _ENTRIES_AT_ONCE):
        found += np.bincount(matrix.indices[start : start + _ENTRIES_AT_ONCE], minlength=matrix.shape[1])
    return found


def strip(matrix: Matrix, is_common: Booleans, lengths: NDArray[np.float32] | None) -> None:
    """Take the common columns out of a matrix, some rows at a time."""
    starts, room = matrix.indptr, int(held(matrix)[~is_common].sum())
    values, columns, ends = np.empty(room, np.float32), np.empty(room, np.int32), np.zeros_like(starts)
    end = 0
    for first, last in _blocks(starts):
        own = slice(int(starts[first]), int(starts[last]))
        sizes = np.diff(starts[first : last + 1])
        of_part = None if lengths is None else lengths[first:last]
        its_columns = matrix.indices[own]
        made, kept = _stripped(matrix.data[own], is_common[its_columns], sizes, of_part)
        values[end : end + len(made)], columns[end : end + len(made)] = made, its_columns[kept]
        row_of = np.repeat(np.arange(last - first), sizes)[kept]
        ends[first + 1 : last + 1] = end + np.cumsum(np.bincount(row_of, minlength=last - first))
        end += len(made)
    matrix.data, matrix.indices, matrix.indptr = values[:end], columns[:end], ends


def _blocks(starts: NDArray[np.int32]) -> Iterator[tuple[int, int]]:
    """The rows of a matrix, some at a time: the first, and where the next block begins."""
    wanted = np.arange(0, int(starts[-1]), _ENTRIES_AT_ONCE)
    bounds = np.unique([0, *np.searchsorted(starts, wanted).tolist(), len(starts) - 1]).tolist()
    yield from itertools.pairwise(bounds)


def _stripped(
    data: NDArray[np.float32],
    common: Booleans,
    sizes: NDArray[np.int32],
    lengths: NDArray[np.float32] | None,
) -> tuple[NDArray[np.float32], Booleans]:
    """The values that stay of some rows, and which do."""
    row_of = np.repeat(np.arange(len(sizes)), sizes)
    lost = np.bincount(row_of[common], weights=data[common] ** 2.0, minlength=len(sizes))
    # Of a past vector, only the terms shared with the day are here, so its new length follows from what it lost.
    left = np.ones(len(sizes)) if lengths is None else np.sqrt(np.maximum(1.0 - lost / lengths**2, 1e-6))
    made = np.where(common, 0.0, data / left[row_of]).astype(np.float32)
    kept = made != 0.0
    return made[kept], kept
