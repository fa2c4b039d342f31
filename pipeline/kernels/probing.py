"""Which rows are most alike by a few terms of each, looked up by who holds these."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.kernels.compile import Written, compiled, inlined
from pipeline.kernels.vectors import Compact, Holders

_NOBODY = np.int32(-1)


class Alike(NamedTuple):
    """For each probe the rows that are most like it, by ascending number: from starts[i] to starts[i + 1]."""

    starts: NDArray[np.int64]
    rows: NDArray[np.int32]


@compiled
def most_alike(probes: Compact, holders: Holders, n_rows: int, n: int, least: np.float32) -> Alike:
    """The n rows whose products with each probe are greatest, of those above `least`.

    The columns of the probes are those of `holders`. Products are
    added up column by column in single precision. Values are above zero. Of equal products at the end of the n those stay that a
    binary heap leaves, into which rows come last met first (that of `sparse_dot_topn`, with the standard library of GCC, by which ids
    were given before).
    """
    probe_starts, probe_columns, probe_values = probes
    starts, rows, values = holders
    n = min(n, n_rows)
    sums, met = np.zeros(n_rows, np.float32), np.empty(n_rows + 1, np.int32)
    kept, its_rows = np.empty(n, np.float32), np.empty(n, np.int32)
    ends, found, size = (
        np.zeros(len(probe_starts), np.int64),
        np.empty(n * (len(probe_starts) - 1), np.int32),
        0,
    )
    for probe in range(len(probe_starts) - 1):
        n_met = 0
        for k in range(probe_starts[probe], probe_starts[probe + 1]):
            column, weight = probe_columns[k], probe_values[k]
            for entry in range(2 * starts[column], 2 * starts[column + 1], 2):
                row, product = rows[entry], weight * values[entry + 1]
                before = sums[row]
                sums[row] = before + product
                met[n_met] = row
                n_met += (before == 0.0) & (product > 0.0)
        kept[:], its_rows[:] = least, _NOBODY
        for place in range(n_met - 1, -1, -1):
            row = met[place]
            if sums[row] > kept[0]:
                _replace_least(kept, its_rows, sums[row], row)
            sums[row] = 0.0
        its_rows.sort()
        for row in its_rows:
            found[size] = row
            size += int(row >= 0)
        ends[probe + 1] = size
    return Alike(ends, found[:size])


@inlined
def _replace_least(
    kept: Written[NDArray[np.float32]], rows: Written[NDArray[np.int32]], value: np.float32, row: int
) -> None:
    """Put a value in the place of the least of a heap: the last goes down from the top, then the new one up from the end."""
    last, hole = kept.size - 1, 0
    low, its_row = kept[last], rows[last]
    child = 2
    while child <= last:  # of the two below, the lesser moves up; the right one of equal ones
        if child == last or kept[child] > kept[child - 1]:
            child -= 1
        kept[hole], rows[hole] = kept[child], rows[child]
        hole = child
        child = 2 * hole + 2
    _rise(kept, rows, hole, low, its_row)
    _rise(kept, rows, last, value, row)


@inlined
def _rise(
    kept: Written[NDArray[np.float32]],
    rows: Written[NDArray[np.int32]],
    hole: int,
    value: np.float32,
    row: int,
) -> None:
    """Put a value into a hole of a heap, and past those above it that are greater."""
    while hole > 0 and kept[(hole - 1) // 2] > value:
        parent = (hole - 1) // 2
        kept[hole], rows[hole] = kept[parent], rows[parent]
        hole = parent
    kept[hole], rows[hole] = value, row
