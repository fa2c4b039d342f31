"""Lists of hashes as sparse rows: only the hashes that have a column stay."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.kernels.compile import Written, compiled, inlined
from pipeline.kernels.hashing import MIX_1, table_size

_NONE = -1


class Lists(NamedTuple):
    """Lists of hashes: list i stands from ends[i] to ends[i + 1]. Each hash has a weight, and each list a factor to its weights."""

    ends: NDArray[np.int32]
    hashes: NDArray[np.int64]
    weights: NDArray[np.float32]
    factors: NDArray[np.float32]


class Rows(NamedTuple):
    """Rows that follow each other, by ascending column."""

    lengths: NDArray[np.int32]
    columns: NDArray[np.int32]
    values: NDArray[np.float32]


@compiled
def columns_of(hashes: NDArray[np.int64]) -> NDArray[np.int64]:
    """A table of the columns of some different hashes, which are their places among them.

    It is addressed by the hashes. A slot is two numbers side by side, so that one look into memory finds both: the hash and its
    column, -1 for none.
    """
    table = np.full(2 * table_size(len(hashes)), _NONE)
    for n in range(len(hashes)):
        slot = _slot(table, hashes[n])
        table[slot], table[slot + 1] = hashes[n], n
    return table


@compiled
def restrict(lists: Lists, table: NDArray[np.int64]) -> Rows:
    """Each list as a row with the weights of the hashes that have a column, each times the factor of its list."""
    ends, hashes, weights, factors = lists
    lengths = np.zeros(len(ends) - 1, np.int32)
    columns, values = np.empty(len(hashes), np.int32), np.empty(len(hashes), np.float32)
    size = 0
    for row in range(len(ends) - 1):
        first, last = size, _NONE
        is_sorted = True
        for k in range(ends[row], ends[row + 1]):
            place = table[_slot(table, hashes[k]) + 1]
            if place >= 0:
                columns[size], values[size] = place, weights[k] * factors[row]
                is_sorted &= place > last
                last = place
                size += 1
        if not is_sorted:
            _sort(columns, values, first, size)
        lengths[row] = size - first
    return Rows(lengths, columns[:size], values[:size])


@inlined
def _slot(table: NDArray[np.int64], value: int) -> int:
    """Where a hash stands in a table, or would stand. It is mixed first: the lower bits of some are alike."""
    mask = np.uint64(table.size - 1)
    slot = (np.uint64(value) * MIX_1) >> np.uint64(31) & mask & ~np.uint64(1)
    while table[slot + np.uint64(1)] >= 0 and table[slot] != value:
        slot = (slot + np.uint64(2)) & mask
    return int(slot)


@inlined
def _sort(
    columns: Written[NDArray[np.int32]], values: Written[NDArray[np.float32]], first: int, end: int
) -> None:
    """By column, equal ones as they stand."""
    for n in range(first + 1, end):
        column, value, place = columns[n], values[n], n
        while place > first and columns[place - 1] > column:
            columns[place], values[place] = columns[place - 1], values[place - 1]
            place -= 1
        columns[place], values[place] = column, value
