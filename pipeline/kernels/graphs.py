"""The connected components of a graph, and the order in which a breadth-first search comes to its nodes."""

import numpy as np
from numpy.typing import NDArray

from pipeline.kernels.compile import Written, compiled, inlined


@compiled
def components(one: NDArray[np.int64], other: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """For each of n nodes, the lowest node of its component; edge k joins `one[k]` and `other[k]`.

    A union-find whose sets are named by their lowest node, with path halving (Tarjan and van Leeuwen 1984).
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


@compiled
def breadth_first(one: NDArray[np.int64], other: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """For each of n nodes, its place in the order of a breadth-first search along the edges `one[k]`, `other[k]`.

    Each component begins with its lowest node, and is whole before the next one begins.
    """
    starts, neighbours = _neighbours(one, other, n)
    place, order, n_reached = np.full(n, -1), np.empty(n, np.int64), 0
    for first in range(n):
        if place[first] >= 0:
            continue
        follows, place[first], order[n_reached] = n_reached, n_reached, first
        n_reached += 1
        while follows < n_reached:
            node = order[follows]
            follows += 1
            for end in neighbours[starts[node] : starts[node + 1]]:
                if place[end] < 0:
                    place[end], order[n_reached] = n_reached, end
                    n_reached += 1
    return place


@inlined
def _neighbours(
    one: NDArray[np.int64], other: NDArray[np.int64], n: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """`starts` and neighbours: those of node x stand at starts[x]:starts[x + 1]."""
    starts = np.zeros(n + 1, np.int64)
    for k in range(len(one)):
        starts[one[k] + 1] += 1
        starts[other[k] + 1] += 1
    starts = np.cumsum(starts)
    filled, found = starts.copy(), np.empty(2 * len(one), np.int64)
    for k in range(len(one)):
        found[filled[one[k]]] = other[k]
        filled[one[k]] += 1
        found[filled[other[k]]] = one[k]
        filled[other[k]] += 1
    return starts, found
