"""Which copy group an article joins, given the accepted and refused links."""

import numpy as np
from numpy.typing import NDArray

from pipeline.kernels.compile import Written, compiled, inlined
from pipeline.kernels.hashing import push

# What stands between an article and a group, in `place`
_REFUSED, _ACCEPTED, _UNKNOWN = 0, 1, 2


@inlined
def _link(starts, others, article, other):
    """Where the link of an article with another stands; -1 where there is none."""
    low, high = starts[article], starts[article + 1]
    while low < high:
        middle = (low + high) // 2
        if others[middle] < other:
            low = middle + 1
        else:
            high = middle
    return low if low < starts[article + 1] and others[low] == other else -1


@inlined
def _size(jaccard, containment):
    """Size of a set relative to another's, from their Jaccard and the share of it that the other holds."""
    return 1.0 / (containment / jaccard - 1.0 + containment) if jaccard > 0.0 else 0.0


@compiled
def place(
    group: Written[NDArray[np.int64]],
    n_earlier: int,
    starts: NDArray[np.int64],
    others: NDArray[np.int32],
    kinds: NDArray[np.uint8],
    jaccards: NDArray[np.float64],
    containments: NDArray[np.float64],
    fullest: Written[NDArray[np.int64]],
    sizes: Written[NDArray[np.float64]],
    whole: Written[NDArray[np.bool_]],
    codes: tuple[np.uint8, np.uint8, np.uint8, np.uint8, np.uint8],
    least_share: float,
) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """Put articles into copy groups, one after the other; `group` is filled from n_earlier on.

    Articles are numbered in their order; a group has the number of its origin, -1 where that is not at hand. Links stand
    by (article, other); kinds are numbers, 0 for refused; `codes` are those of expanded, exact, refetch, excerpt and near. `fullest` and
    `sizes` are by group: its member that holds most beyond the origin (or -1), and how much larger it is. A text whose
    link with the origin was refused may yet hold `least_share` of it and stand in the fullest text; or, `least_share` of it
    being in the origin, be an excerpt of a member that is the origin's text as a whole (`whole`, by article).

    Returns (link by article or -1 for an origin, wanted pairs as article << 32 | other): a wanted pair was looked for and
    is no link yet.
    """
    expanded, exact, refetch, excerpt, near = codes
    chosen = np.full(group.size, -1, np.int64)
    wanted, n_wanted = np.empty(64, np.uint64), np.int64(0)
    for x in range(n_earlier, group.size):
        best, best_rank, best_link = np.int64(-1), 2, np.int64(-1)
        for at in range(starts[x], starts[x + 1]):
            g = group[others[at]]
            if kinds[at] == 0 or g < 0:
                continue
            if kinds[at] == refetch:
                if best_rank > 0:
                    best, best_rank, best_link = g, 0, at
                continue
            if best >= 0 and g >= best and best_rank < 2:
                continue
            link, state = _holds(
                x, g, starts, others, kinds, jaccards, containments, fullest, expanded, least_share
            )
            if state == _REFUSED:
                if kinds[at] != excerpt or not whole[others[at]]:
                    continue
                own = _link(starts, others, x, g)
                if own < 0 or containments[own] < least_share:
                    continue
                link, state = at, _ACCEPTED
            if state == _UNKNOWN:
                asked = g if _link(starts, others, x, g) < 0 else fullest[g]
                wanted, n_wanted = push(wanted, n_wanted, x, asked)
            rank = 1 if state == _ACCEPTED and kinds[link] == exact else 2
            if rank < best_rank or best < 0 or (rank == best_rank and g < best):
                best, best_rank, best_link = g, rank, link
        group[x] = best if best >= 0 else x
        chosen[x] = best_link
        if best >= 0:
            wanted, n_wanted = _introduce(x, group, n_earlier, starts, others, kinds, wanted, n_wanted)
        whole[x] = best < 0 or (
            others[best_link] == best and (kinds[best_link] == exact or kinds[best_link] == near)
        )
        if best >= 0 and best_link >= 0 and others[best_link] == best and kinds[best_link] == expanded:
            size = _size(jaccards[best_link], containments[best_link])
            if fullest[best] < 0 or size > sizes[best]:
                fullest[best], sizes[best] = x, size
    return chosen, wanted[:n_wanted]


@inlined
def _introduce(x, group, n_earlier, starts, others, kinds, wanted, n_wanted):
    """Want the origins of x's group and of each other group that x has an accepted link with compared.

    Of a large bucket only some pairs are compared, and what came first may have met none of what came next.
    """
    for at in range(starts[x], starts[x + 1]):
        g = group[others[at]]
        later, earlier = max(g, group[x]), min(g, group[x])
        if kinds[at] != 0 and earlier >= 0 and later >= n_earlier and later != earlier:
            if _link(starts, others, later, earlier) < 0:
                wanted, n_wanted = push(wanted, n_wanted, later, earlier)
    return wanted, n_wanted


@inlined
def _holds(x, g, starts, others, kinds, jaccards, containments, fullest, expanded, least_share):
    """Whether x is a copy of the text of group g, and the link that says so."""
    origin = _link(starts, others, x, g)
    if origin < 0:
        return origin, _UNKNOWN
    if kinds[origin] != 0 and (kinds[origin] != expanded or fullest[g] < 0):
        return origin, _ACCEPTED
    if fullest[g] < 0 or fullest[g] == x:
        return origin, _REFUSED
    if kinds[origin] == 0:
        share = max(
            containments[origin], containments[origin] * _size(jaccards[origin], containments[origin])
        )
        if share < least_share:
            return origin, _REFUSED
    full = _link(starts, others, x, fullest[g])
    if full < 0:
        return full, _UNKNOWN
    if kinds[full] == 0 or (kinds[origin] == 0 and kinds[full] == expanded):
        return full, _REFUSED
    return (origin if kinds[origin] != 0 else full), _ACCEPTED
