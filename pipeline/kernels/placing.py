"""Which copy group an article joins, given the accepted and refused links."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.kernels.compile import Written, compiled, inlined
from pipeline.kernels.hashing import grow, pair_key
from pipeline.model.kinds import LINK_KINDS, Kind

_EXACT, _NEAR, _EXCERPT = (LINK_KINDS.index(kind) for kind in (Kind.EXACT, Kind.NEAR, Kind.EXCERPT))
_EXPANDED = LINK_KINDS.index(Kind.EXPANDED)
# What stands between an article and a group
_REFUSED, _ACCEPTED, _UNKNOWN = 0, 1, 2
# Which group an article joins, of several: one with the same words, then any; the oldest of equals
_SAME_WORDS, _ANY = 0, 1


class Links(NamedTuple):
    """Links by (article, other): those of article x stand from starts[x] to starts[x + 1]. All are numbers of articles."""

    starts: NDArray[np.int64]
    others: NDArray[np.int32]
    kinds: NDArray[np.uint8]  # by number in LINK_KINDS
    jaccards: NDArray[np.float64]
    containments: NDArray[np.float64]  # of the article in the other


class Groups(NamedTuple):
    """Copy groups; each has the number of its origin. `place` fills in what later articles change."""

    group: Written[NDArray[np.int64]]  # by article; -1 where the origin is not at hand
    fullest: Written[NDArray[np.int64]]  # by group: the member that holds most beyond the origin, or -1
    sizes: Written[NDArray[np.float64]]  # by group: the size of that, with the origin's as 1
    whole: Written[NDArray[np.bool_]]  # by article: whether it is its origin's text as a whole
    first: NDArray[np.int64]  # by article: of a later capture of a page, the first one; else -1


class Placed(NamedTuple):
    """What `place` found."""

    links: NDArray[np.int64]  # by article: the link by which it joined; -1 for an origin
    wanted: NDArray[np.uint64]  # pairs, article << 32 | other, that were looked for and are no link yet


@compiled
def place(links: Links, groups: Groups, n_earlier: int, least_share: float) -> Placed:
    """Put articles into copy groups, one after the other, from number `n_earlier` on. Their numbers are their order in time.

    A later capture of a page comes after the first, whose group it is in.

    A text whose link with the origin was refused may yet join where `least_share` of it is in the origin: see `_is_held` and `_holds`.
    """
    starts, others, kinds, jaccards, containments = links
    group, fullest, sizes, whole, first = groups
    chosen = np.full(group.size, -1, np.int64)
    wanted, n_wanted = np.empty(64, np.uint64), 0
    for x in range(n_earlier, group.size):
        if first[x] >= 0:
            group[x] = group[first[x]]
            continue
        wanted = grow(wanted, n_wanted, 2 * (starts[x + 1] - starts[x]))
        best, link, n_wanted = _best(
            x,
            starts,
            others,
            kinds,
            jaccards,
            containments,
            group,
            fullest,
            whole,
            first,
            least_share,
            wanted,
            n_wanted,
        )
        group[x] = best if best >= 0 else x
        chosen[x] = link
        if best < 0:
            whole[x] = True
            continue
        n_wanted = _introduce(x, group, n_earlier, starts, others, kinds, wanted, n_wanted)
        is_of_origin = link >= 0 and others[link] == best
        whole[x] = is_of_origin and kinds[link] in (_EXACT, _NEAR)
        if is_of_origin and kinds[link] == _EXPANDED:
            size = _size(jaccards[link], containments[link])
            if fullest[best] < 0 or size > sizes[best]:
                fullest[best], sizes[best] = x, size
    return Placed(chosen, wanted[:n_wanted])


@inlined
def _best(
    x: int,
    starts: NDArray[np.int64],
    others: NDArray[np.int32],
    kinds: NDArray[np.uint8],
    jaccards: NDArray[np.float64],
    containments: NDArray[np.float64],
    group: NDArray[np.int64],
    fullest: NDArray[np.int64],
    whole: NDArray[np.bool_],
    first: NDArray[np.int64],
    least_share: float,
    wanted: NDArray[np.uint64],
    n_wanted: int,
) -> tuple[int, int, int]:
    """The group that x joins and the link by which it does, -1 for none; and how many pairs are wanted then."""
    best, best_rank, best_link = -1, _ANY, -1
    for at in range(starts[x], starts[x + 1]):
        g = group[others[at]]
        if kinds[at] == 0 or g < 0:
            continue
        is_version = first[others[at]] == g  # of the origin itself
        if is_version and g == best and jaccards[at] > jaccards[best_link]:
            best_rank, best_link = min(best_rank, _SAME_WORDS if kinds[at] == _EXACT else _ANY), at
        if best >= 0 and g >= best and best_rank < _ANY:
            continue
        link, state = _holds(x, g, starts, others, kinds, jaccards, containments, fullest, least_share)
        if is_version:
            link, state = at, _ACCEPTED
        elif state == _REFUSED:
            is_of_whole = kinds[at] == _EXCERPT and whole[others[at]]
            if not is_of_whole or not _is_held(x, g, starts, others, containments, least_share):
                continue
            link, state = at, _ACCEPTED
        if state == _UNKNOWN:
            asked = g if _link(starts, others, x, g) < 0 else fullest[g]
            wanted[n_wanted] = pair_key(x, asked)
            n_wanted += 1
        rank = _SAME_WORDS if state == _ACCEPTED and kinds[link] == _EXACT else _ANY
        if rank < best_rank or best < 0 or (rank == best_rank and g < best):
            best, best_rank, best_link = g, rank, link
    return best, best_link, n_wanted


@inlined
def _is_held(
    x: int,
    g: int,
    starts: NDArray[np.int64],
    others: NDArray[np.int32],
    containments: NDArray[np.float64],
    least_share: float,
) -> bool:
    """Whether the origin of group g, perhaps an edited version, holds `least_share` of x, which is an excerpt of the whole text."""
    own = _link(starts, others, x, g)
    return own >= 0 and containments[own] >= least_share


@inlined
def _holds(
    x: int,
    g: int,
    starts: NDArray[np.int64],
    others: NDArray[np.int32],
    kinds: NDArray[np.uint8],
    jaccards: NDArray[np.float64],
    containments: NDArray[np.float64],
    fullest: NDArray[np.int64],
    least_share: float,
) -> tuple[int, int]:
    """Whether x is a copy of the origin of group g and, where it holds more, of the group's fullest text; and the link that says so.

    Where x and the origin are parts of the fullest text, `least_share` of either in the other is enough.
    """
    origin = _link(starts, others, x, g)
    if origin < 0:
        return origin, _UNKNOWN
    if kinds[origin] != 0 and (kinds[origin] != _EXPANDED or fullest[g] < 0):
        return origin, _ACCEPTED
    if fullest[g] < 0 or fullest[g] == x:
        return origin, _REFUSED
    if kinds[origin] == 0 and _share_of_smaller(jaccards[origin], containments[origin]) < least_share:
        return origin, _REFUSED
    full = _link(starts, others, x, fullest[g])
    if full < 0:
        return full, _UNKNOWN
    is_copy = kinds[full] != 0 and (kinds[origin] != 0 or kinds[full] != _EXPANDED)
    return (origin if is_copy and kinds[origin] != 0 else full), _ACCEPTED if is_copy else _REFUSED


@inlined
def _introduce(
    x: int,
    group: NDArray[np.int64],
    n_earlier: int,
    starts: NDArray[np.int64],
    others: NDArray[np.int32],
    kinds: NDArray[np.uint8],
    wanted: NDArray[np.uint64],
    n_wanted: int,
) -> int:
    """Want the origins of x's group and of each other group that x has an accepted link with compared.

    Of a large bucket only some pairs are compared, and what came first may have met none of what came next.
    """
    for at in range(starts[x], starts[x + 1]):
        g = group[others[at]]
        later, earlier = max(g, group[x]), min(g, group[x])
        is_between_groups = kinds[at] != 0 and earlier >= 0 and later >= n_earlier and later != earlier
        if is_between_groups and _link(starts, others, later, earlier) < 0:
            wanted[n_wanted] = pair_key(later, earlier)
            n_wanted += 1
    return n_wanted


@inlined
def _link(starts: NDArray[np.int64], others: NDArray[np.int32], article: int, other: int) -> int:
    """Where the link of an article with another stands; -1 where there is none."""
    low, high = starts[article], starts[article + 1]
    while low < high:
        middle = (low + high) // 2
        if others[middle] < other:
            low = middle + 1
        else:
            high = middle
    found: int = low
    return found if found < starts[article + 1] and others[found] == other else -1


@inlined
def _share_of_smaller(jaccard: float, containment: float) -> float:
    """Which share of the smaller of two texts the other holds, from their Jaccard and the share of one that the other holds."""
    return max(containment, containment * _size(jaccard, containment))


@inlined
def _size(jaccard: float, containment: float) -> float:
    """Size of a set relative to another's, from their Jaccard and the share of it that the other holds."""
    return 1.0 / (containment / jaccard - 1.0 + containment) if jaccard > 0.0 else 0.0
