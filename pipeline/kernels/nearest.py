"""The greatest products of dense vectors, and products of sums of them, in whole numbers."""

import numpy as np
from numpy.typing import NDArray

from pipeline.kernels.compile import Matrix, compiled


@compiled
def products(
    one: Matrix[np.int32], rows: NDArray[np.int64], other: Matrix[np.int32], other_rows: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The product of row `rows[n]` of one matrix with row `other_rows[n]` of another, for each n."""
    out = np.zeros(len(rows), np.int64)
    for n in range(len(rows)):
        its, their = one[rows[n]], other[other_rows[n]]
        total = np.int64(0)
        for k in range(one.shape[1]):
            total += np.int64(its[k]) * np.int64(their[k])
        out[n] = total
    return out


@compiled
def greatest(values: Matrix[np.float32], n: int, least: float) -> Matrix[np.int64]:
    """For each row, the columns of its n greatest values that reach `least`, the greatest first and the first of equal ones; -1 for none."""
    found = np.full((values.shape[0], n), -1, np.int64)
    for row in range(values.shape[0]):
        kept = 0
        for column in range(values.shape[1]):
            value = values[row, column]
            if value < least or (kept == n and value <= values[row, found[row, n - 1]]):
                continue
            place = min(kept, n - 1)
            kept = min(kept + 1, n)
            while place > 0 and values[row, found[row, place - 1]] < value:
                found[row, place] = found[row, place - 1]
                place -= 1
            found[row, place] = column
    return found
