"""Sparse vectors: their products, their heaviest terms, sums of them, and who has a term."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.kernels.compile import Written, compiled


class Sparse(NamedTuple):
    """Sparse rows wherever they stand: the entries of row i stand from begins[i] on, lengths[i] of them, by ascending column."""

    begins: NDArray[np.int64]
    lengths: NDArray[np.int32]
    columns: NDArray[np.int32]
    values: NDArray[np.float32]


class Compact(NamedTuple):
    """Rows that follow each other: the entries of row i stand from starts[i] to starts[i + 1]."""

    starts: NDArray[np.int64]
    columns: NDArray[np.int32]
    values: NDArray[np.float32]


class Holders(NamedTuple):
    """Who holds each of some columns: of column i the entries from starts[i] to starts[i + 1]. The row of entry e is rows[2 * e], and its
    value there values[2 * e + 1]: both look at one memory, so that one look into it finds both.
    """

    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    values: NDArray[np.float32]

    @classmethod
    def room(cls, sizes: NDArray[np.int64]) -> "Holders":
        """Room for so many holders of each column."""
        starts = np.concatenate([[0], np.cumsum(sizes)])
        memory = np.empty(2 * starts[-1], np.int32)
        return cls(starts, memory, memory.view(np.float32))


@compiled
def dots(
    one: Sparse, rows: NDArray[np.int64], other: Sparse, other_rows: NDArray[np.int64], width: int
) -> NDArray[np.float64]:
    """The product of row `rows[n]` of one matrix with row `other_rows[n]` of another, for each n, summed in double.

    A row is written out once for all the pairs that follow each other with it. `width` is the number of columns.
    """
    begins, lengths, columns, values = one
    other_begins, other_lengths, other_columns, other_values = other
    out = np.zeros(len(rows))
    written = np.zeros(width)
    last = -1
    for n in range(len(rows)):
        row, its_row = rows[n], other_rows[n]
        if row != last:
            if last >= 0:
                for k in range(begins[last], begins[last] + lengths[last]):
                    written[columns[k]] = 0.0
            for k in range(begins[row], begins[row] + lengths[row]):
                written[columns[k]] = values[k]
            last = row
        total = 0.0
        for k in range(other_begins[its_row], other_begins[its_row] + other_lengths[its_row]):
            total += written[other_columns[k]] * other_values[k]
        out[n] = total
    return out


@compiled
def n_shared(
    matrix: Sparse, rows: NDArray[np.int64], other_rows: NDArray[np.int64], width: int
) -> NDArray[np.int64]:
    """How many columns row `rows[n]` and row `other_rows[n]` have in common, for each n."""
    begins, lengths, columns, _ = matrix
    out = np.zeros(len(rows), np.int64)
    written_by = np.full(width, -1, np.int64)
    last = -1
    for n in range(len(rows)):
        row, its_row = rows[n], other_rows[n]
        if row != last:
            for k in range(begins[row], begins[row] + lengths[row]):
                written_by[columns[k]] = row
            last = row
        for k in range(begins[its_row], begins[its_row] + lengths[its_row]):
            out[n] += written_by[columns[k]] == row
    return out


@compiled
def heaviest(matrix: Sparse, is_left_out: NDArray[np.bool_], n: int) -> Compact:
    """The n greatest entries of each row, the first of equal ones first, in the order of their columns.

    `is_left_out` says by column which entries do not count.
    """
    begins, lengths, columns, values = matrix
    starts, size = np.zeros(len(begins) + 1, np.int64), 0
    its_columns, its_values = np.empty(n * len(begins), np.int32), np.empty(n * len(begins), np.float32)
    for row in range(len(begins)):
        places = np.arange(begins[row], begins[row] + lengths[row])
        places = places[~is_left_out[columns[places]]]
        order = np.argsort(-values[places], kind="mergesort")
        for place in np.sort(places[order[:n]]):
            its_columns[size], its_values[size] = columns[place], values[place]
            size += 1
        starts[row + 1] = size
    return Compact(starts, its_columns[:size], its_values[:size])


@compiled
def held(matrix: Sparse, width: int) -> NDArray[np.int64]:
    """How many rows have each column."""
    begins, lengths, columns, _ = matrix
    found = np.zeros(width, np.int64)
    for row in range(len(begins)):
        for k in range(begins[row], begins[row] + lengths[row]):
            found[columns[k]] += 1
    return found


@compiled
def turn(
    matrix: Sparse,
    first: int,
    place_of: NDArray[np.int32],
    ends: Written[NDArray[np.int64]],
    holders: Written[NDArray[np.int32]],
    held: Written[NDArray[np.float32]],
) -> None:
    """Write the transpose of some columns, the rows and values of `Holders`, in the order of the rows, which are numbered from `first` on.

    Column c becomes row `place_of[c]`, none where this is below zero; `ends` says which entry of each such row is the next.
    """
    begins, lengths, columns, values = matrix
    for row in range(len(begins)):
        for k in range(begins[row], begins[row] + lengths[row]):
            place = place_of[columns[k]]
            if place >= 0:
                end = ends[place]
                holders[2 * end], held[2 * end + 1] = first + row, values[k]
                ends[place] = end + 1


@compiled
def have_zeros(matrix: Sparse) -> NDArray[np.bool_]:
    """Which rows have an entry of zero."""
    begins, lengths, _, values = matrix
    found = np.zeros(len(begins), np.bool_)
    for row in range(len(begins)):
        for k in range(begins[row], begins[row] + lengths[row]):
            found[row] |= values[k] == 0.0
    return found


@compiled
def sums(
    matrix: Sparse,
    starts: NDArray[np.int64],
    shares: NDArray[np.float32],
    width: int,
) -> Compact:
    """For each group n the sum of the rows from starts[n] to starts[n + 1], each times its share, added in that order in single precision.

    Sums of zero are left out.
    """
    begins, lengths, columns, values = matrix
    room = int(lengths.sum())
    ends, size = np.zeros(len(starts), np.int64), 0
    its_columns, its_values = np.empty(room, np.int32), np.empty(room, np.float32)
    added, written_by = np.zeros(width, np.float32), np.full(width, -1, np.int64)
    for group in range(len(starts) - 1):
        first = size
        for n in range(starts[group], starts[group + 1]):
            for k in range(begins[n], begins[n] + lengths[n]):
                column = columns[k]
                if written_by[column] != group:
                    written_by[column], added[column] = group, np.float32(0.0)
                    its_columns[size] = column
                    size += 1
                added[column] += shares[n] * values[k]
        its_columns[first:size].sort()
        last, size = size, first
        for k in range(first, last):
            column = its_columns[k]
            if added[column] != 0.0:
                its_columns[size], its_values[size] = column, added[column]
                size += 1
        ends[group + 1] = size
    return Compact(ends, its_columns[:size], its_values[:size])


@compiled
def strip(
    begins: NDArray[np.int64],
    lengths: Written[NDArray[np.int32]],
    columns: Written[NDArray[np.int32]],
    values: Written[NDArray[np.float32]],
    is_common: NDArray[np.bool_],
    norms: NDArray[np.float32],
) -> None:
    """Take the common columns out of rows where they stand, and make each as long again as `norms` says; without these it gets shorter.

    Of a past vector only the terms shared with the day are here, so its new length follows from what it lost.
    """
    for row in range(len(begins)):
        first, lost = begins[row], 0.0
        for k in range(first, first + lengths[row]):
            if is_common[columns[k]]:
                lost += values[k] * values[k]
        left = 1.0
        if len(norms):
            left = np.sqrt(max(1.0 - lost / (norms[row] * norms[row]), 1e-6))
        end = first
        for k in range(first, first + lengths[row]):
            made = np.float32(values[k] / left)
            if not is_common[columns[k]] and made != 0.0:
                columns[end], values[end] = columns[k], made
                end += 1
        lengths[row] = end - first
