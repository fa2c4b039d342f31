"""Which texts of another day meet the texts of a day, looked up in the day's buckets: the other day's own buckets are never gathered."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.kernels.compile import Matrix, compiled, inlined
from pipeline.kernels.gathering import bit_of, together, without_repeats
from pipeline.kernels.hashing import MIX_1, UPPER_HALF, grow, pair_key, table_size
from pipeline.kernels.meeting import Rule, agree, collect, end_of_bucket, glance, may_agree, meet, room_for
from pipeline.kernels.signing import Buckets, Passages, band_key, is_mine, write_contexts

# For each bucket: of the buckets that the day has not, one in seventeen is looked up in vain.
_FILTER_BITS = 16
_AT_ONCE = 1 << 20  # pairs that are collected before they are told from those that were found before


# The texts and contexts of the day, and of the other one.
_Sides = tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int32], NDArray[np.int64]]
_Hits = tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.uint64]]  # texts, contexts, glances at these


class Held(NamedTuple):
    """The buckets of a day's texts: those of bucket b stand from starts[b] to starts[b + 1]."""

    keys: NDArray[np.int64]  # by bucket
    starts: NDArray[np.int64]
    texts: NDArray[np.int32]
    contexts: NDArray[np.int64]
    glances: NDArray[np.uint64]  # of the contexts
    slots: NDArray[np.uint64]  # an open-addressed table of the keys
    numbers: NDArray[np.int32]  # of the bucket of each slot, -1 in those that are free
    filter: NDArray[np.uint64]  # a bit for each key


class Dealt(NamedTuple):
    """How buckets are made (see `signing.band`), and which part of them counts."""

    width: int
    landmark_rate: np.uint64
    part: np.uint64
    parts: np.uint64


@compiled
def hold(buckets: Buckets) -> Held:
    """The buckets of a day, to be looked up."""
    n = buckets.keys.size
    every = np.ones(n, np.bool_)
    keys, texts, contexts = together(buckets.keys, buckets.texts, buckets.contexts, every, n)
    starts, size, n_rows, start = np.empty(n + 1, np.int64), 0, 0, 0
    while start < n:
        stop = end_of_bucket(keys, start, n)
        key, end = keys[start], without_repeats(texts, contexts, start, stop)
        starts[size] = n_rows
        for i in range(start, end):
            texts[n_rows], contexts[n_rows] = texts[i], contexts[i]
            n_rows += 1
        keys[size] = key  # of a bucket that was read
        size += 1
        start = stop
    starts[size] = n_rows
    slots, numbers, bits = _table(keys, size)
    glances = np.empty(n_rows, np.uint64)
    for i in range(n_rows):
        glances[i] = glance(contexts[i])
    whole = keys[:size].copy(), starts[: size + 1].copy(), texts[:n_rows].copy(), contexts[:n_rows].copy()
    return Held(whole[0], whole[1], whole[2], whole[3], glances, slots, numbers, bits)


@inlined
def _table(
    keys: NDArray[np.int64], size: int
) -> tuple[NDArray[np.uint64], NDArray[np.int32], NDArray[np.uint64]]:
    words = 64
    while 64 * words < _FILTER_BITS * size:
        words *= 2
    bits, mask = np.zeros(words, np.uint64), np.uint64(words - 1)
    slots = np.zeros(table_size(size), np.uint64)
    numbers = np.full(slots.size, -1, np.int32)
    for bucket in range(size):
        word, bit = bit_of(keys[bucket], mask)
        bits[word] |= bit
        slot = _slot(slots, numbers, np.uint64(keys[bucket]))
        slots[slot], numbers[slot] = np.uint64(keys[bucket]), bucket
    return slots, numbers, bits


@inlined
def _slot(slots: NDArray[np.uint64], numbers: NDArray[np.int32], key: np.uint64) -> np.uint64:
    """Where a key stands in the table, or would stand. The highest bits of a passage are zero, so it is mixed first."""
    mask = np.uint64(slots.size - 1)
    slot = ((key * MIX_1) >> UPPER_HALF) & mask
    while numbers[slot] >= 0 and slots[slot] != key:
        slot = (slot + np.uint64(1)) & mask
    return slot


@compiled
def cross(
    held: Held,
    n_held: int,
    signatures: Matrix[np.uint32],
    words: NDArray[np.int64],
    passages: Passages,
    dealt: Dealt,
    rule: Rule,
) -> NDArray[np.uint64]:
    """Pairs of one of the `n_held` texts of the day and one of another day, as (number << 32 | other number), each once, in no order.

    As `meeting.pair` finds them without `within`, where texts of both days are numbered in their order and the other day is the earlier.
    """
    keys, starts, own_texts, own_contexts, own_glances, slots, numbers, bits = held
    bands, texts, contexts = _hits((slots, numbers, bits), signatures, words, passages, dealt)
    (texts, contexts, glances), ends = _by_bucket(bands, texts, contexts, keys.size)
    pairs, found, n, n_found = np.zeros(1 << 16, np.uint64), np.empty(_AT_ONCE, np.uint64), 0, 0
    n_others, first, enough = words.size, 0, rule.enough
    is_new = np.arange(n_others + n_held) >= n_others
    for bucket in range(keys.size):
        last, start, stop = ends[bucket], starts[bucket], starts[bucket + 1]
        if last == first:
            continue
        size, is_passage = last - first + stop - start, (keys[bucket] & 1) > 0
        room = size * max(rule.band_limit, rule.partners)
        if n_found + room > found.size:
            pairs, n = collect(pairs, n, found[:n_found])
            n_found, found = 0, grow(found, 0, room)
        is_many = size > (rule.passage_limit if is_passage else rule.band_limit)
        if is_many and is_passage:
            sides = own_texts[start:stop], own_contexts[start:stop], texts[first:last], contexts[first:last]
            n_found = _meet_many(sides, is_new, n_others, rule, found, n_found)
        end, most = (
            _end(first, last, is_passage, is_many, rule.partners),
            rule.partners if is_passage else size,
        )
        for i in range(start, stop):
            agreed, seen, context, text = 0, own_glances[i], own_contexts[i], n_others + own_texts[i]
            for j in range(first, end):
                if not is_passage or (may_agree(seen, glances[j]) and agree(context, contexts[j], enough)):
                    found[n_found] = pair_key(text, texts[j])
                    n_found += 1
                    agreed += 1
                    if agreed == most:
                        break
        first = last
    pairs, n = collect(pairs, n, found[:n_found])
    distinct: NDArray[np.uint64] = pairs[pairs != 0]
    return distinct


@inlined
def _end(first: int, last: int, is_passage: bool, is_many: bool, partners: int) -> int:
    """Where those of the hits from first to last end that each text of the day looks at."""
    if not is_many:
        return last
    return first if is_passage else min(last, first + partners)


@inlined
def _meet_many(
    sides: _Sides,
    is_new: NDArray[np.bool_],
    n_others: int,
    rule: Rule,
    found: NDArray[np.uint64],
    n: int,
) -> int:
    """Append the pairs of a passage's bucket that is over the limit; how many are found then."""
    own_texts, own_contexts, its_texts, its_contexts = sides
    first, size = its_texts.size, its_texts.size + own_texts.size
    glances, texts, contexts = room_for(size)
    for i in range(first):
        texts[i], contexts[i] = its_texts[i], its_contexts[i]
    for i in range(own_texts.size):
        texts[first + i], contexts[first + i] = n_others + own_texts[i], own_contexts[i]
    limits = rule.band_limit, rule.passage_limit, rule.enough, rule.partners
    return meet(texts, contexts, size, True, is_new, False, limits, glances, found, n)


@inlined
def _hits(
    table: tuple[NDArray[np.uint64], NDArray[np.int32], NDArray[np.uint64]],
    signatures: Matrix[np.uint32],
    words: NDArray[np.int64],
    passages: Passages,
    dealt: Dealt,
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64]]:
    """Of the buckets of some texts those that are held: bucket, text, context; the texts of a bucket in their order.

    A text's buckets are looked up together and without branches, so that the processor waits for memory once and not for each.
    """
    slots, numbers, bits = table
    ends, hashes = passages
    n_bands, mask = signatures.shape[1] // dealt.width, np.uint64(bits.size - 1)
    keys, places, near = np.empty(64, np.uint64), np.empty(64, np.int64), np.empty(64, np.int64)
    around = np.empty(64, np.int64)
    bands, texts, contexts = np.empty(1024, np.int32), np.empty(1024, np.int32), np.empty(1024, np.int64)
    n = 0
    for row in range(words.size):
        first, last = ends[row], ends[row + 1]
        room = n_bands + 1 + last - first
        if room > keys.size:
            keys, places = np.empty(2 * room, np.uint64), np.empty(2 * room, np.int64)
            near, around = np.empty(2 * room, np.int64), np.empty(2 * room, np.int64)
        m = _keys_of(signatures, words, row, hashes, first, last, dealt, keys, places)
        n_near = 0
        for i in range(m):
            word, bit = bit_of(int(keys[i]), mask)
            near[n_near] = i
            n_near += int((bits[word] & bit) != 0)
        bands, texts, contexts = grow(bands, n, n_near), grow(texts, n, n_near), grow(contexts, n, n_near)
        begun = n
        for j in range(n_near):
            slot = _slot(slots, numbers, keys[near[j]])
            bands[n], texts[n], contexts[n] = numbers[slot], row, places[near[j]]
            n += int(numbers[slot] >= 0)
        n = _without_repeats(bands, contexts, begun, n)
        if n > begun:
            write_contexts(hashes, first, last, dealt.landmark_rate, around)
        for i in range(begun, n):
            at = contexts[i]
            contexts[i] = around[at - first] if at >= 0 else np.int64(0)
    return bands[:n], texts[:n], contexts[:n]


@inlined
def _without_repeats(bands: NDArray[np.int32], places: NDArray[np.int64], first: int, last: int) -> int:
    """Drop a text's hits in a bucket in which it stands already; where the rest ends."""
    end = first
    for i in range(first, last):
        is_there = False
        for j in range(first, end):
            is_there |= bands[j] == bands[i]
        bands[end], places[end] = bands[i], places[i]
        end += int(not is_there)
    return end


@inlined
def _keys_of(
    signatures: Matrix[np.uint32],
    words: NDArray[np.int64],
    row: int,
    hashes: NDArray[np.int64],
    first: int,
    last: int,
    dealt: Dealt,
    keys: NDArray[np.uint64],
    places: NDArray[np.int64],
) -> int:
    """Write the buckets of a text that count, and of each passage its place (-1 of others); how many these are."""
    width, _, part, parts = dealt
    m = 0
    for k in range(signatures.shape[1] // width + 1):
        keys[m], places[m] = band_key(signatures, words, row, k, width), -1
        m += int(is_mine(keys[m], part, parts))
    for at in range(first, last):
        keys[m], places[m] = np.uint64(hashes[at]), at
        m += int(is_mine(keys[m], part, parts))
    return m


@inlined
def _by_bucket(
    buckets: NDArray[np.int32], texts: NDArray[np.int32], contexts: NDArray[np.int64], n_buckets: int
) -> tuple[_Hits, NDArray[np.int64]]:
    """Hits, those of one bucket side by side in their order; where those of each bucket end."""
    ends = np.zeros(n_buckets + 1, np.int64)
    for bucket in buckets:
        ends[bucket + 1] += 1
    for bucket in range(n_buckets):
        ends[bucket + 1] += ends[bucket]
    its_texts, its_contexts = np.empty(texts.size, np.int32), np.empty(texts.size, np.int64)
    glances = np.empty(texts.size, np.uint64)
    for i in range(buckets.size):
        place = ends[buckets[i]]
        its_texts[place], its_contexts[place], glances[place] = texts[i], contexts[i], glance(contexts[i])
        ends[buckets[i]] += 1
    return (its_texts, its_contexts, glances), ends
