"""Products and heaviest terms of sparse vectors of integers."""

import numpy as np
from numpy.typing import NDArray

from pipeline.kernels.compile import compiled


@compiled
def dots(
    starts: NDArray[np.int32],
    columns: NDArray[np.int32],
    values: NDArray[np.float32],
    rows: NDArray[np.int64],
    other_starts: NDArray[np.int32],
    other_columns: NDArray[np.int32],
    other_values: NDArray[np.float32],
    other_rows: NDArray[np.int64],
    width: int,
) -> NDArray[np.float64]:
    """The product of `rows[n]` of one sparse matrix with `other_rows[n]` of another, for each n, summed in double.

    A row is written out once for all the pairs that follow each other with it.
    """
    out = np.zeros(len(rows))
    written = np.zeros(width)
    last = -1
    for n in range(len(rows)):
        row, other = rows[n], other_rows[n]
        if row != last:
            if last >= 0:
                for k in range(starts[last], starts[last + 1]):
                    written[columns[k]] = 0.0
            for k in range(starts[row], starts[row + 1]):
                written[columns[k]] = values[k]
            last = row
        total = 0.0
        for k in range(other_starts[other], other_starts[other + 1]):
            total += written[other_columns[k]] * other_values[k]
        out[n] = total
    return out


@compiled
def heaviest(
    starts: NDArray[np.int32],
    columns: NDArray[np.int32],
    values: NDArray[np.float32],
    is_left_out: NDArray[np.bool_],
    n: int,
) -> NDArray[np.bool_]:
    """Which entries of a sparse matrix are among the n greatest of their row, the first of equal ones first."""
    kept = np.zeros(len(values), np.bool_)
    for row in range(len(starts) - 1):
        places = np.arange(starts[row], starts[row + 1])
        places = places[~is_left_out[columns[places]]]
        order = np.argsort(-values[places], kind="mergesort")
        kept[places[order[:n]]] = True
    return kept
