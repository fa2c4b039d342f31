"""Products and heaviest terms of sparse vectors."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.kernels.compile import compiled


class Sparse(NamedTuple):
    """A matrix in compressed rows: the entries of row i stand from starts[i] to starts[i + 1]."""

    starts: NDArray[np.int32]
    columns: NDArray[np.int32]
    values: NDArray[np.float32]


@compiled
def dots(
    one: Sparse, rows: NDArray[np.int64], other: Sparse, other_rows: NDArray[np.int64], width: int
) -> NDArray[np.float64]:
    """The product of row `rows[n]` of one matrix with row `other_rows[n]` of another, for each n, summed in double.

    A row is written out once for all the pairs that follow each other with it. `width` is the number of columns.
    """
    starts, columns, values = one
    other_starts, other_columns, other_values = other
    out = np.zeros(len(rows))
    written = np.zeros(width)
    last = -1
    for n in range(len(rows)):
        row, its_row = rows[n], other_rows[n]
        if row != last:
            if last >= 0:
                for k in range(starts[last], starts[last + 1]):
                    written[columns[k]] = 0.0
            for k in range(starts[row], starts[row + 1]):
                written[columns[k]] = values[k]
            last = row
        total = 0.0
        for k in range(other_starts[its_row], other_starts[its_row + 1]):
            total += written[other_columns[k]] * other_values[k]
        out[n] = total
    return out


@compiled
def heaviest(matrix: Sparse, is_left_out: NDArray[np.bool_], n: int) -> NDArray[np.bool_]:
    """Which entries are among the n greatest of their row, the first of equal ones first.

    `is_left_out` says by column which entries do not count.
    """
    starts, columns, values = matrix
    kept = np.zeros(len(values), np.bool_)
    for row in range(len(starts) - 1):
        places = np.arange(starts[row], starts[row + 1])
        places = places[~is_left_out[columns[places]]]
        order = np.argsort(-values[places], kind="mergesort")
        kept[places[order[:n]]] = True
    return kept
