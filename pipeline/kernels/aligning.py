"""Words of two texts in one order: anchors, chains of them, and the longest common subsequence in the gaps."""

from typing import NamedTuple

import numpy as np
from numba import int64
from numpy.typing import NDArray

from pipeline.kernels.compile import Matrix, compiled, inlined
from pipeline.kernels.hashing import (
    HIGHEST_BYTE,
    LOWEST_BIT,
    MIX_1,
    SHINGLE_FACTOR,
    ZERO,
    slot_of,
    table_size,
)
from pipeline.kernels.texts import Tokens

_ANCHOR = 3  # tokens of an anchor: short enough to stand between two edits, long enough to be rare
_GAP = 64  # tokens, the bits of a word: longer gaps between anchors are not aligned but count as different
_REWRITTEN = 6  # tokens without a counterpart, in both texts, that make a gap a passage of its own


class Aligned(NamedTuple):
    """One row is a pair, one column a side; all are tokens."""

    sizes: Matrix[np.int32]
    matched: NDArray[np.int32]  # with a counterpart in the other text, in the same order
    rewritten: Matrix[np.int32]  # in passages that each text has in words of its own


@compiled
def align(read: Tokens, left: NDArray[np.int64], right: NDArray[np.int64]) -> Aligned:
    """Each pair of texts token by token. Pairs with the same left that follow each other share its table."""
    ends, hashes, _ = read
    sizes, matched = np.zeros((left.size, 2), np.int32), np.zeros(left.size, np.int32)
    rewritten = np.zeros((left.size, 2), np.int32)
    longest = 0
    for row in range(ends.size - 1):
        longest = max(longest, ends[row + 1] - ends[row])
    size = table_size(longest)
    keys, at = np.zeros(size, np.uint64), np.empty(size, np.int32)
    places, other_places = np.empty(longest + 1, np.int32), np.empty(longest + 1, np.int32)
    chain, tails = np.empty(longest + 1, np.int32), np.empty(longest + 1, np.int32)
    last, used = -1, size
    for i in range(left.size):
        one = hashes[ends[left[i]] : ends[left[i] + 1]]
        other = hashes[ends[right[i]] : ends[right[i] + 1]]
        if left[i] != last:
            last, used = left[i], table_size(one.size)
            _set_anchors(one, keys[:used], at)
        n = _anchors(other, keys[:used], at, places, other_places)
        n = _chain(places, n, tails, chain)
        sizes[i, 0], sizes[i, 1] = one.size, other.size
        matched[i], rewritten[i, 0], rewritten[i, 1] = _match(one, other, places, other_places, chain, n)
    return Aligned(sizes, matched, rewritten)


@inlined
def _set_anchors(one: NDArray[np.uint64], keys: NDArray[np.uint64], at: NDArray[np.int32]) -> None:
    """Where each run of _ANCHOR tokens stands in a text; -1 where it stands more than once."""
    keys[:] = 0
    for i in range(one.size - _ANCHOR + 1):
        key = _anchor(one, i)
        slot = slot_of(keys, key)
        at[slot] = i if keys[slot] == 0 else -1
        keys[slot] = key


@inlined
def _anchors(
    other: NDArray[np.uint64],
    keys: NDArray[np.uint64],
    at: NDArray[np.int32],
    places: NDArray[np.int32],
    other_places: NDArray[np.int32],
) -> int:
    """Runs that stand once in the first text: their places in both, in the order of the other; how many."""
    n = 0
    for j in range(other.size - _ANCHOR + 1):
        slot = slot_of(keys, _anchor(other, j))
        if keys[slot] != 0 and at[slot] >= 0:
            places[n], other_places[n] = at[slot], j
            n += 1
    return n


@inlined
def _anchor(text: NDArray[np.uint64], i: int) -> np.uint64:
    """A hash, never zero, of the tokens from place i on."""
    key: np.uint64 = text[i]
    for k in range(1, _ANCHOR):
        key = key * SHINGLE_FACTOR + text[i + k]
    return ((key ^ (key >> np.uint64(33))) * MIX_1) | LOWEST_BIT


@inlined
def _chain(places: NDArray[np.int32], n: int, tails: NDArray[np.int32], chain: NDArray[np.int32]) -> int:
    """Which of n anchors make a longest increasing run in both texts (Fredman 1975, by patience); how many."""
    previous, length = np.empty(n, np.int32), 0
    for i in range(n):
        value, low, high = places[i], 0, length
        if length and places[tails[length - 1]] < value:
            low = length
        else:
            while low < high:
                middle = (low + high) // 2
                if places[tails[middle]] < value:
                    low = middle + 1
                else:
                    high = middle
        previous[i] = tails[low - 1] if low > 0 else -1
        tails[low] = i
        length = max(length, low + 1)
    i = tails[length - 1] if length else -1
    for place in range(length - 1, -1, -1):
        chain[place] = i
        i = previous[i]
    return length


@inlined
def _match(
    one: NDArray[np.uint64],
    other: NDArray[np.uint64],
    places: NDArray[np.int32],
    other_places: NDArray[np.int32],
    chain: NDArray[np.int32],
    n: int,
) -> tuple[int, int, int]:
    """Match tokens along a chain of anchors, and in the gaps between them by longest common subsequence.

    Returns (tokens with a counterpart, rewritten in the one, rewritten in the other).
    """
    matched, rewritten, other_rewritten = 0, 0, 0
    p, q = 0, 0  # everything before is settled
    for place in range(n):
        i, j = places[chain[place]], other_places[chain[place]]
        stop, other_stop = i + _ANCHOR, j + _ANCHOR
        if i < p or j < q:  # overlaps the anchor before
            if i - p != j - q:
                continue
            i, j = p, q
        elif i > p or j > q:
            # Before the first anchor only what stands near it can belong to it.
            first_p, first_q = (max(p, i - _GAP), max(q, j - _GAP)) if place == 0 else (p, q)
            found = _common(one, first_p, i, other, first_q, j)
            matched += found
            if _is_rewritten(i - p, j - q, max(i - first_p, j - first_q), found):
                rewritten += i - p - found
                other_rewritten += j - q - found
        matched += stop - i
        p, q = stop, other_stop
    i, j = one.size, other.size
    if n > 0 and (i > p or j > q):
        # Nor behind the last.
        last_i, last_j = min(i, p + _GAP), min(j, q + _GAP)
        found = _common(one, p, last_i, other, q, last_j)
        matched += found
        if _is_rewritten(i - p, j - q, max(last_i - p, last_j - q), found):
            rewritten += i - p - found
            other_rewritten += j - q - found
    return matched, rewritten, other_rewritten


@inlined
def _is_rewritten(size: int, other_size: int, longest: int, found: int) -> bool:
    """Whether a gap with so many tokens in common is a passage that each text has in words of its own.

    Enough tokens of both have no counterpart, and less than nine twentieths of what was aligned has one.
    """
    return min(size, other_size) - found >= _REWRITTEN and 9 * longest > 20 * found


@inlined
def _common(
    one: NDArray[np.uint64], p: int, p_stop: int, other: NDArray[np.uint64], q: int, q_stop: int
) -> int:
    """Length of the longest common subsequence of two gaps; of a gap too long for that, of its equal ends.

    A row of the table is one word, a bit for each token of the other gap (Hyyrö, Bit-parallel LCS-length computation revisited, 2004).
    """
    n = 0
    while p < p_stop and q < q_stop and one[p] == other[q]:
        p, q, n = p + 1, q + 1, n + 1
    while p < p_stop and q < q_stop and one[p_stop - 1] == other[q_stop - 1]:
        p_stop, q_stop, n = p_stop - 1, q_stop - 1, n + 1
    size = q_stop - q
    if p == p_stop or size == 0 or p_stop - p > _GAP or size > _GAP:
        return n
    row = ~ZERO
    for i in range(p, p_stop):
        equal = ZERO
        for j in range(size):
            equal |= np.uint64(one[i] == other[q + j]) << np.uint64(j)
        both = row & equal
        row = (row + both) | (row - both)
    in_order: int = int64(_ones(~row))
    return n + in_order


@inlined
def _ones(value: np.uint64) -> np.uint64:
    """How many bits are set."""
    value -= (value >> np.uint64(1)) & np.uint64(0x5555555555555555)
    value = (value & np.uint64(0x3333333333333333)) + (
        (value >> np.uint64(2)) & np.uint64(0x3333333333333333)
    )
    value = (value + (value >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return (value * np.uint64(0x0101010101010101)) >> HIGHEST_BYTE
