"""What two texts share: passages, shingles, facts."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.kernels.compile import Matrix, compiled, inlined
from pipeline.kernels.hashing import LOWEST_BIT, UPPER_HALF, ZERO, slot_of, table_size
from pipeline.kernels.reading import Reading, bloom_bit, bloom_word
from pipeline.kernels.signing import Passages
from pipeline.kernels.texts import NAME, NUMBER, Tokens


class Sketches(NamedTuple):
    """One side of some pairs: pair i has row signature_of[i] of the signatures, and passages of text passages_of[i]."""

    signatures: Matrix[np.uint32]
    signature_of: NDArray[np.int64]
    passages: Passages
    passages_of: NDArray[np.int64]


class FactCounts(NamedTuple):
    """One row is a pair, one column a side: the distinct numbers and names of a text, and those that the other lacks."""

    numbers: Matrix[np.int32]
    lacked_numbers: Matrix[np.int32]
    names: Matrix[np.int32]
    lacked_names: Matrix[np.int32]


class Compared(NamedTuple):
    """One row is a pair, one column a side."""

    shared: NDArray[np.int32]  # distinct shingles that both texts have
    plain: Matrix[np.int32]  # those of them that are plain in either text


@compiled
def sketches_agree(one: Sketches, other: Sketches, least_slots: int, least_share: float) -> NDArray[np.bool_]:
    """Of each pair: whether the signatures agree in so many slots, or so great a share of the passages of the text with fewer
    is in both, and one at least.
    """
    signatures, left, (ends, passages), its = one
    other_signatures, right, (other_ends, other_passages), their = other
    kept = np.zeros(left.size, np.bool_)
    for i in range(left.size):
        x, y, n = signatures[left[i]], other_signatures[right[i]], np.int32(0)
        for k in range(x.size):
            n += np.int32(x[k] == y[k])
        if n >= least_slots:
            kept[i] = True
            continue
        own = passages[ends[its[i]] : ends[its[i] + 1]]
        theirs = other_passages[other_ends[their[i]] : other_ends[their[i] + 1]]
        shared = np.int64(0)
        for j in range(own.size):
            for k in range(theirs.size):
                shared += np.int64(own[j] == theirs[k])
        kept[i] = shared >= max(least_share * min(own.size, theirs.size), 1.0)
    return kept


@compiled
def compare(read: Reading, left: NDArray[np.int64], right: NDArray[np.int64]) -> Compared:
    """Each pair of texts by its shingles. Pairs with the same left that follow each other share its table."""
    ends, shingles = read.shingles
    shared, plain = np.zeros(left.size, np.int32), np.zeros((left.size, 2), np.int32)
    keys, at = np.zeros(64, np.uint64), -1
    for i in range(left.size):
        if left[i] != at:
            at = left[i]
            keys = _sparse(shingles, ends[at], ends[at + 1], keys)
        shared[i], plain[i, 0], plain[i, 1] = _intersect(keys, shingles, ends[right[i]], ends[right[i] + 1])
    return Compared(shared, plain)


@compiled
def facts_of(read: Reading, left: NDArray[np.int64], right: NDArray[np.int64]) -> FactCounts:
    """Each pair of texts by its facts. What a text lacks: at least, since a Bloom filter says so."""
    ends, facts = read.facts
    blooms = read.blooms
    counts = _counts_for(left.size)
    numbers, lacked_numbers, names, lacked_names = counts
    for i in range(left.size):
        for side in range(2):
            mine, its = (left[i], right[i]) if side == 0 else (right[i], left[i])
            (
                numbers[i, side],
                lacked_numbers[i, side],
                names[i, side],
                lacked_names[i, side],
            ) = _count(facts, ends[mine], ends[mine + 1], blooms[its])
    return counts


@compiled
def may_hold(
    read: Reading, left: NDArray[np.int64], right: NDArray[np.int64], least: float
) -> NDArray[np.bool_]:
    """Of each pair of texts: whether the one with more tokens may have so great a share of the other's, by its Bloom filter. Where
    it may not, no more of either are in the same order in both.
    """
    ends, hashes, _ = read.tokens
    found = np.zeros(left.size, np.bool_)
    for i in range(left.size):
        one, other = left[i], right[i]
        if ends[one + 1] - ends[one] > ends[other + 1] - ends[other]:
            one, other = other, one
        size, lacked, place = ends[one + 1] - ends[one], 0, ends[one]
        while place < ends[one + 1] and size - lacked >= least * size:
            word, bit = bloom_word(hashes[place]), bloom_bit(hashes[place])
            lacked += (read.blooms[other, word] & bit) == 0
            place += 1
        found[i] = size - lacked >= least * size
    return found


@inlined
def _counts_for(n: int) -> FactCounts:
    return FactCounts(
        np.zeros((n, 2), np.int32),
        np.zeros((n, 2), np.int32),
        np.zeros((n, 2), np.int32),
        np.zeros((n, 2), np.int32),
    )


@inlined
def _sparse(
    shingles: NDArray[np.uint64], first: int, last: int, keys: NDArray[np.uint64]
) -> NDArray[np.uint64]:
    """The shingles of a text in a table with so much room that most stand where they are looked for first."""
    size = 4 * table_size(last - first)
    if keys.size == size:
        keys[:] = 0
    else:
        keys = np.zeros(size, np.uint64)
    mask = np.uint64(size - 1)
    for place in range(first, last):
        slot = (shingles[place] >> UPPER_HALF) & mask
        while keys[slot] != 0:
            slot = (slot + np.uint64(1)) & mask
        keys[slot] = shingles[place] | np.uint64(2 * (shingles[place] < 2))  # zero marks an empty slot
    return keys


@inlined
def _intersect(
    keys: NDArray[np.uint64], shingles: NDArray[np.uint64], first: int, last: int
) -> tuple[np.uint64, np.uint64, np.uint64]:
    """How many shingles of a text are in the table of another's, how many of them are plain there, how many plain here."""
    mask = np.uint64(keys.size - 1)
    shared, plain_there, plain_here = ZERO, ZERO, ZERO
    for place in range(first, last):
        value = shingles[place]
        slot = (value >> UPPER_HALF) & mask
        while keys[slot] != 0 and (keys[slot] ^ value) > LOWEST_BIT:
            slot = (slot + np.uint64(1)) & mask
        found = np.uint64(keys[slot] != 0)
        shared += found
        plain_there += keys[slot] & LOWEST_BIT
        plain_here += found & value
    return shared, plain_there, plain_here


@inlined
def _count(
    facts: NDArray[np.uint64], first: int, last: int, bloom: NDArray[np.uint64]
) -> tuple[int, int, int, int]:
    """Count numbers, numbers that are not in a Bloom filter, names, names that are not."""
    numbers, lacked_numbers, names, lacked_names = 0, 0, 0, 0
    for place in range(first, last):
        value = facts[place]
        lacks = (bloom[bloom_word(value)] & bloom_bit(value)) == 0
        if value & LOWEST_BIT:
            numbers += 1
            lacked_numbers += lacks
        else:
            names += 1
            lacked_names += lacks
    return numbers, lacked_numbers, names, lacked_names


@compiled
def lacking(read: Tokens, left: NDArray[np.int64], right: NDArray[np.int64]) -> FactCounts:
    """Each pair of texts by its facts, exactly."""
    ends, hashes, marks = read
    counts = _counts_for(left.size)
    numbers, lacked_numbers, names, lacked_names = counts
    for i in range(left.size):
        for side in range(2):
            mine, its = (left[i], right[i]) if side == 0 else (right[i], left[i])
            keys = _table(hashes, ends[its], ends[its + 1])
            own, kinds = _marked(hashes, marks, ends[mine], ends[mine + 1])
            for slot in range(own.size):
                if kinds[slot] & (NUMBER | NAME):
                    lacks = keys[slot_of(keys, own[slot])] == 0
                    if kinds[slot] & NUMBER:
                        numbers[i, side] += 1
                        lacked_numbers[i, side] += lacks
                    else:
                        names[i, side] += 1
                        lacked_names[i, side] += lacks
    return counts


@inlined
def _table(hashes: NDArray[np.uint64], first: int, last: int) -> NDArray[np.uint64]:
    """The distinct tokens of a text as an open-addressed table."""
    keys = np.zeros(table_size(last - first), np.uint64)
    for place in range(first, last):
        key = hashes[place] | LOWEST_BIT
        keys[slot_of(keys, key)] = key
    return keys


@inlined
def _marked(
    hashes: NDArray[np.uint64], marks: NDArray[np.uint8], first: int, last: int
) -> tuple[NDArray[np.uint64], NDArray[np.uint8]]:
    """As `_table`, and for each slot what its token is anywhere in the text."""
    keys = np.zeros(table_size(last - first), np.uint64)
    kinds = np.zeros(keys.size, np.uint8)
    for place in range(first, last):
        key = hashes[place] | LOWEST_BIT
        slot = slot_of(keys, key)
        keys[slot] = key
        kinds[slot] |= marks[place]
    return keys, kinds
