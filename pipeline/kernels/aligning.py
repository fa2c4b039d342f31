"""Words of two texts in one order: anchors, chains of them, and the longest common subsequence in the gaps."""

import numpy as np
from numpy.typing import NDArray

from pipeline.kernels.compile import Matrix, compiled, inlined
from pipeline.kernels.hashing import FACTOR, MIX_1, U0, U1, U33, U56, slot_of, table_size


@inlined
def _ones(value):
    """How many bits are set."""
    value -= (value >> U1) & np.uint64(0x5555555555555555)
    value = (value & np.uint64(0x3333333333333333)) + (
        (value >> np.uint64(2)) & np.uint64(0x3333333333333333)
    )
    value = (value + (value >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return (value * np.uint64(0x0101010101010101)) >> U56


_ANCHOR = 3  # tokens of an anchor: short enough to stand between two edits, long enough to be rare
_GAP = 64  # tokens, the bits of a word: longer gaps between anchors are not aligned but count as different
_REWRITTEN = 6  # tokens without a counterpart, in both texts, that make a gap a passage of its own


@compiled
def align(
    every: NDArray[np.uint64], ends: Matrix[np.int64], left: NDArray[np.int64], right: NDArray[np.int64]
) -> NDArray[np.int32]:
    """Each pair token by token; `every` and `ends` are the tokens of `read`. Pairs with the same left that follow each other
    share its table.

    Returns int32 (pairs, 2 sides, 3): tokens, tokens with a counterpart in the other text in the same order, tokens in
    passages that each text has in words of its own.
    """
    out = np.zeros((left.size, 2, 3), np.int32)
    longest = 0
    for row in range(ends.shape[1] - 1):
        longest = max(longest, ends[0, row + 1] - ends[0, row])
    size = table_size(longest)
    keys, at = np.zeros(size, np.uint64), np.empty(size, np.int32)
    anchors = np.empty((2, longest + 1), np.int32)
    chain, tails = np.empty(longest + 1, np.int32), np.empty(longest + 1, np.int32)
    last = np.int64(-1)
    used = size
    for i in range(left.size):
        one = every[ends[0, left[i]] : ends[0, left[i] + 1]]
        other = every[ends[0, right[i]] : ends[0, right[i] + 1]]
        if left[i] != last:
            last, used = left[i], table_size(one.size)
            _set_anchors(one, keys[:used], at)
        n = _anchors(other, keys[:used], at, anchors)
        n = _chain(anchors, n, tails, chain)
        out[i, 0, 0], out[i, 1, 0] = one.size, other.size
        _match(one, other, anchors, chain, n, out[i])
    return out


@inlined
def _set_anchors(one, keys, at):
    """Where each run of _ANCHOR tokens stands in a text; -1 where it stands more than once."""
    keys[:] = 0
    for i in range(one.size - _ANCHOR + 1):
        key = _anchor(one, i)
        slot = slot_of(keys, key)
        at[slot] = i if keys[slot] == 0 else -1
        keys[slot] = key


@inlined
def _anchors(other, keys, at, anchors):
    """Runs that stand once in the first text: their places in both, in the order of the other; how many."""
    n = 0
    for j in range(other.size - _ANCHOR + 1):
        slot = slot_of(keys, _anchor(other, j))
        if keys[slot] != 0 and at[slot] >= 0:
            anchors[0, n], anchors[1, n] = at[slot], j
            n += 1
    return n


@inlined
def _anchor(text, i):
    key = text[i]
    for k in range(1, _ANCHOR):
        key = key * FACTOR + text[i + k]
    return ((key ^ (key >> U33)) * MIX_1) | U1


@inlined
def _chain(anchors, n, tails, chain):
    """Which of n anchors make a longest increasing run in both texts (Fredman 1975, by patience); how many."""
    previous, length = np.empty(n, np.int32), 0
    for i in range(n):
        value, low, high = anchors[0, i], 0, length
        if length and anchors[0, tails[length - 1]] < value:
            low = length
        else:
            while low < high:
                middle = (low + high) // 2
                if anchors[0, tails[middle]] < value:
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
def _match(one, other, anchors, chain, n, out):
    """Match tokens along a chain of anchors, and in the gaps between them by longest common subsequence."""
    p, q = 0, 0  # everything before is settled
    for place in range(n + 1):
        is_end = place == n
        i = one.size if is_end else anchors[0, chain[place]]
        j = other.size if is_end else anchors[1, chain[place]]
        if not is_end and (i < p or j < q):  # overlaps the anchor before
            if i - p != j - q:
                continue
            i, j = p, q
        elif n > 0 and (i > p or j > q):
            # Before the first anchor and behind the last only what stands near it can belong to it.
            first_p, first_q = (max(p, i - _GAP), max(q, j - _GAP)) if place == 0 else (p, q)
            last_i, last_j = (min(i, p + _GAP), min(j, q + _GAP)) if is_end else (i, j)
            found = _common(one, first_p, last_i, other, first_q, last_j)
            out[0, 1] += found
            out[1, 1] += found
            longest = max(last_i - first_p, last_j - first_q)
            if min(i - p, j - q) - found >= _REWRITTEN and 9 * longest > 20 * found:
                out[0, 2] += i - p - found
                out[1, 2] += j - q - found
        if not is_end:
            stop = anchors[0, chain[place]] + _ANCHOR
            out[0, 1] += stop - i
            out[1, 1] += stop - i
            p, q = stop, anchors[1, chain[place]] + _ANCHOR


@inlined
def _common(one, p, p_stop, other, q, q_stop):
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
    row = ~U0
    for i in range(p, p_stop):
        equal = U0
        for j in range(size):
            equal |= np.uint64(one[i] == other[q + j]) << np.uint64(j)
        both = row & equal
        row = (row + both) | (row - both)
    return n + np.int64(_ones(~row))
