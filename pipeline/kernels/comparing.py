"""What two texts share: shingles, words, facts, passages."""

import numpy as np
from numpy.typing import NDArray

from pipeline.kernels.compile import Matrix, compiled, inlined
from pipeline.kernels.hashing import U0, U1, U8, U16, U32, UNITS, grow, slot_of, table_size
from pipeline.kernels.texts import NAME, NUMBER, QUOTED, longest_text, room_for, shingle, tokenise, words_hash
from pipeline.text import tokens


@compiled
def sketches(
    one: Matrix[np.uint32],
    left: NDArray[np.int64],
    one_ends: NDArray[np.int64],
    one_passages: NDArray[np.int64],
    its: NDArray[np.int64],
    other: Matrix[np.uint32],
    right: NDArray[np.int64],
    other_ends: NDArray[np.int64],
    other_passages: NDArray[np.int64],
    their: NDArray[np.int64],
    least_slots: int,
    least_share: float,
) -> NDArray[np.bool_]:
    """Of each pair: whether the signatures agree in so many slots, or so great a share of the passages of the text with fewer
    is in both, and one at least.

    The signatures of pair i are one[left[i]] and other[right[i]], the passages those at its[i] and their[i].
    """
    kept = np.zeros(left.size, np.bool_)
    for i in range(left.size):
        x, y, n = one[left[i]], other[right[i]], np.int32(0)
        for k in range(x.size):
            n += np.int32(x[k] == y[k])
        if n >= least_slots:
            kept[i] = True
            continue
        own = one_passages[one_ends[its[i]] : one_ends[its[i] + 1]]
        theirs = other_passages[other_ends[their[i]] : other_ends[their[i] + 1]]
        shared = np.int64(0)
        for j in range(own.size):
            for k in range(theirs.size):
                shared += np.int64(own[j] == theirs[k])
        kept[i] = shared >= max(least_share * min(own.size, theirs.size), 1.0)
    return kept


_BLOOM = 64  # words of 64 bits: some 5 % of them set by an article of 400 words


@compiled
def read(
    data: NDArray[np.uint8],
    offsets: NDArray[np.int32],
    rows: NDArray[np.int64],
    table: tokens.Tables,
    is_normal: bool,
) -> tuple[
    NDArray[np.int64],
    Matrix[np.int64],
    NDArray[np.uint64],
    NDArray[np.uint8],
    NDArray[np.uint64],
    NDArray[np.uint64],
    Matrix[np.uint64],
]:
    """What is compared of some texts, one after the other, in the order of `rows`.

    Returns (words hashes; ends of tokens, tokens, marks; ends of sets, sets; ends of facts, facts; Bloom filters of the
    tokens). A set holds the distinct shingles; the lowest bit says whether a shingle is plain: not all in quotation marks
    and not a run of names and numbers. Facts are the distinct tokens that are numbers (lowest bit set) or names. The words
    hash of a text that must be normalised first is 0, and its rest empty.
    """
    longest, total = longest_text(offsets, rows)
    room, found, its_marks = (
        room_for(longest),
        np.empty(2 * longest + 64, np.uint64),
        np.empty(2 * longest + 64, np.uint8),
    )
    words = np.zeros(rows.size, np.int64)
    ends = np.zeros((3, rows.size + 1), np.int64)
    every, marks = np.empty(64 + total // 5, np.uint64), np.empty(64 + total // 5, np.uint8)
    sets, facts = np.empty(64 + total // 5, np.uint64), np.empty(64 + total // 20, np.uint64)
    blooms = np.zeros((rows.size, _BLOOM), np.uint64)
    seen = np.zeros(table_size(2 * longest + 64), np.uint64)
    for i in range(rows.size):
        n_tokens, n_sets, n_facts = ends[0, i], ends[1, i], ends[2, i]
        n = tokenise(
            data,
            np.int64(offsets[rows[i]]),
            np.int64(offsets[rows[i] + 1]),
            table,
            is_normal,
            room,
            its_marks,
        )
        if n >= 0:
            hashes, units = room[0], room[1]
            words[i] = words_hash(hashes, n)
            every, marks = grow(every, n_tokens, n), grow(marks, n_tokens, n)
            for j in range(n):
                every[n_tokens + j], marks[n_tokens + j] = hashes[j], its_marks[j]
            n_tokens += n
            m = shingle(hashes, units, n, found)
            _mark_plain(found, units, its_marks, n, m)
            few = seen[: table_size(n)]
            sets, facts = grow(sets, n_sets, m), grow(facts, n_facts, n)
            n_sets = _distinct(found, m, few, sets, n_sets)
            n_facts = _facts_of(hashes, its_marks, n, few, facts, n_facts)
            for j in range(n):
                blooms[i, (hashes[j] >> U8) & np.uint64(_BLOOM - 1)] |= U1 << (
                    (hashes[j] >> U16) & np.uint64(63)
                )
        ends[0, i + 1], ends[1, i + 1], ends[2, i + 1] = n_tokens, n_sets, n_facts
    last = ends[:, rows.size]
    return words, ends, every[: last[0]], marks[: last[0]], sets[: last[1]], facts[: last[2]], blooms


@inlined
def _mark_plain(found, units, marks, n, m):
    """Write into the lowest bit of each shingle whether it is plain."""
    stop, held, quoted, facts = 0, 0, 0, 0
    for first in range(m):
        while stop < n and held < UNITS:
            held += units[stop]
            quoted += (marks[stop] & QUOTED) > 0
            facts += (marks[stop] & (NUMBER | NAME)) > 0
            stop += 1
        size = stop - first
        found[first] = (found[first] & ~U1) | np.uint64(quoted < size and 5 * facts < 4 * size)
        held -= units[first]
        quoted -= (marks[first] & QUOTED) > 0
        facts -= (marks[first] & (NUMBER | NAME)) > 0


@inlined
def _distinct(found, m, seen, sets, filled):
    """Append the distinct of m shingles to `sets`; `seen` has more than twice the room, is all zero, and left so."""
    for j in range(m):
        key = found[j] | U1
        slot = slot_of(seen, key)
        if seen[slot] == 0:
            seen[slot] = key
            sets[filled] = found[j]
            filled += 1
    seen[:] = 0
    return filled


@inlined
def _facts_of(hashes, marks, n, seen, facts, filled):
    """Append the distinct numbers and names of n tokens; `seen` as for _distinct."""
    for j in range(n):
        if marks[j] & (NUMBER | NAME):
            key = hashes[j] | U1
            slot = slot_of(seen, key)
            if seen[slot] == 0:
                seen[slot] = key
                facts[filled] = (hashes[j] & ~U1) | np.uint64((marks[j] & NUMBER) > 0)
                filled += 1
    seen[:] = 0
    return filled


@compiled
def compare(
    ends: Matrix[np.int64],
    sets: NDArray[np.uint64],
    facts: NDArray[np.uint64],
    blooms: Matrix[np.uint64],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
) -> Matrix[np.int32]:
    """Each pair by its sets and facts.

    Returns int32 (pairs, 11): shared shingles, those plain in the left, in the right; then for each side its distinct
    numbers, those of them that the other lacks, names, those of them that the other lacks (at least: by Bloom filter).
    Pairs with the same left that follow each other share its table.
    """
    out = np.zeros((left.size, 11), np.int32)
    keys, at = np.zeros(64, np.uint64), np.int64(-1)
    for i in range(left.size):
        if left[i] != at:
            at = left[i]
            keys = _sparse(sets, ends[1, at], ends[1, at + 1], keys)
        mask = np.uint64(keys.size - 1)
        shared, plain_left, plain_right = U0, U0, U0
        for place in range(ends[1, right[i]], ends[1, right[i] + 1]):
            value = sets[place]
            slot = (value >> U32) & mask
            while keys[slot] != 0 and (keys[slot] ^ value) > U1:
                slot = (slot + U1) & mask
            found = np.uint64(keys[slot] != 0)
            shared += found
            plain_left += keys[slot] & U1
            plain_right += found & value
        out[i, 0], out[i, 1], out[i, 2] = shared, plain_left, plain_right
        _lacking(facts, ends[2, left[i]], ends[2, left[i] + 1], blooms[right[i]], out[i, 3:7])
        _lacking(facts, ends[2, right[i]], ends[2, right[i] + 1], blooms[left[i]], out[i, 7:11])
    return out


@inlined
def _sparse(sets, first, last, keys):
    """The values of a set in a table with so much room that most stand where they are looked for first."""
    size = 4 * table_size(last - first)
    if keys.size == size:
        keys[:] = 0
    else:
        keys = np.zeros(size, np.uint64)
    mask = np.uint64(size - 1)
    for place in range(first, last):
        slot = (sets[place] >> U32) & mask
        while keys[slot] != 0:
            slot = (slot + U1) & mask
        keys[slot] = sets[place] | np.uint64(2 * (sets[place] < 2))  # zero marks an empty slot
    return keys


@inlined
def _lacking(facts, first, last, bloom, out):
    """Count numbers, numbers that are not in the filter, names, names that are not."""
    for place in range(first, last):
        value = facts[place]
        which = 0 if value & U1 else 2
        out[which] += 1
        out[which + 1] += (
            (bloom[(value >> U8) & np.uint64(_BLOOM - 1)] >> ((value >> U16) & np.uint64(63))) & U1
        ) == 0


@compiled
def lacking(
    every: NDArray[np.uint64],
    marks: NDArray[np.uint8],
    ends: Matrix[np.int64],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
) -> NDArray[np.int32]:
    """Each pair by its facts, exactly; `every`, `marks` and `ends` are the tokens of `read`.

    Returns int32 (pairs, 2 sides, 5): of distinct tokens numbers, numbers that the other text lacks, names, names that the
    other lacks, repeated words that the other lacks.
    """
    out = np.zeros((left.size, 2, 5), np.int32)
    for i in range(left.size):
        for side in range(2):
            mine, its = (left[i], right[i]) if side == 0 else (right[i], left[i])
            keys = np.zeros(table_size(ends[0, its + 1] - ends[0, its]), np.uint64)
            for place in range(ends[0, its], ends[0, its + 1]):
                keys[slot_of(keys, every[place] | U1)] = every[place] | U1
            own = np.zeros(table_size(ends[0, mine + 1] - ends[0, mine]), np.uint64)
            kinds, times = np.zeros(own.size, np.uint8), np.zeros(own.size, np.uint8)
            for place in range(ends[0, mine], ends[0, mine + 1]):
                slot = slot_of(own, every[place] | U1)
                own[slot] = every[place] | U1
                kinds[slot] |= marks[place]
                times[slot] = min(times[slot] + 1, 2)
            for slot in range(own.size):
                if own[slot] != 0:
                    lacks = keys[slot_of(keys, own[slot])] == 0
                    if kinds[slot] & (NUMBER | NAME):
                        which = 0 if kinds[slot] & NUMBER else 2
                        out[i, side, which] += 1
                        out[i, side, which + 1] += lacks
                    out[i, side, 4] += lacks and times[slot] > 1
    return out
