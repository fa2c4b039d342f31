"""The connected parts of a graph."""

import numpy as np
from numpy.typing import NDArray

from pipeline.kernels.compile import Written, compiled, inlined


@compiled
def connected(one: NDArray[np.int64], other: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """For each of n nodes, the lowest node that edges `one[k]`, `other[k]` lead to from it.

    Sets that are joined under their lowest member, with paths halved (Tarjan and van Leeuwen 1984).
    """
    above = np.arange(n)
    for k in range(len(one)):
        its, their = _lowest(above, one[k]), _lowest(above, other[k])
        above[max(its, their)] = min(its, their)
    for node in range(n):
        above[node] = above[above[node]]  # which stands before it, so it is settled
    return above


@inlined
def _lowest(above: Written[NDArray[np.int64]], node: int) -> int:
    while above[node] != node:
        above[node] = above[above[node]]
        node = above[node]
    return node
