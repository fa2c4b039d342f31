"""Which texts of another day meet the texts of a day, looked up in the day's buckets: the other day's own buckets are never gathered."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.kernels.compile import Matrix, compiled, inlined
from pipeline.kernels.gathering import Rows, bit_of, cell_of, n_bits, together, without_repeats
from pipeline.kernels.hashing import grow, pair_key
from pipeline.kernels.meeting import Rule, agree, collect, end_of_bucket, glance, may_agree, meet, room_for
from pipeline.kernels.signing import Buckets, Passages, band_key, is_mine, words_key, write_contexts

# For each bucket: of the buckets that the day has not, one in seventeen is looked up in vain.
_FILTER_BITS = 16
_AT_ONCE = 1 << 20  # pairs that are collected before they are told from those that were found before


# The texts and contexts of the day, and of the other one.
_Sides = tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int32], NDArray[np.int64]]


class Held(NamedTuple):
    """The buckets of a day's texts: those of bucket b stand from starts[b] to starts[b + 1]."""

    keys: NDArray[np.int64]  # by bucket, in the order of their cells
    cells: NDArray[np.int32]  # the buckets of cell c are those from cells[c] to cells[c + 1]
    starts: NDArray[np.int64]
    texts: NDArray[np.int32]
    contexts: NDArray[np.int64]
    glances: NDArray[np.uint64]  # of the contexts
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
    every, bits = np.ones(n, np.bool_), n_bits(n)
    keys, texts, contexts = together(buckets.keys, buckets.texts, buckets.contexts, every, n, bits)
    starts, size, n_rows, start = np.empty(n + 1, np.int64), 0, 0, 0
    cells = np.zeros((256 << bits) + 1, np.int32)
    while start < n:
        stop = end_of_bucket(keys, start, n)
        key, end = keys[start], without_repeats(texts, contexts, start, stop)
        starts[size] = n_rows
        for i in range(start, end):
            texts[n_rows], contexts[n_rows] = texts[i], contexts[i]
            n_rows += 1
        keys[size] = key  # of a bucket that was read
        cells[cell_of(key, bits) + 1] += 1
        size += 1
        start = stop
    starts[size] = n_rows
    for cell in range(cells.size - 1):
        cells[cell + 1] += cells[cell]
    glances = np.empty(n_rows, np.uint64)
    for i in range(n_rows):
        glances[i] = glance(contexts[i])
    keys, starts = keys[:size].copy(), starts[: size + 1].copy()
    return Held(keys, cells, starts, texts[:n_rows].copy(), contexts[:n_rows].copy(), glances, _filter(keys))


@inlined
def _filter(keys: NDArray[np.int64]) -> NDArray[np.uint64]:
    words = 64
    while 64 * words < _FILTER_BITS * keys.size:
        words *= 2
    bits, mask = np.zeros(words, np.uint64), np.uint64(words - 1)
    for key in keys:
        word, bit = bit_of(key, mask)
        bits[word] |= bit
    return bits


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
    bits = _bits(held)
    keys, texts, contexts = _near(held, signatures, words, passages, dealt)
    pairs, found, n, n_found = np.zeros(1 << 16, np.uint64), np.empty(_AT_ONCE, np.uint64), 0, 0
    n_others, after = words.size, 0
    is_new = np.arange(n_others + n_held) >= n_others
    glances = np.empty(64, np.uint64)
    while after < keys.size:
        first, after = after, end_of_bucket(keys, after, keys.size)
        bucket, is_passage = _bucket(held, keys[first], bits), (keys[first] & 1) > 0
        if bucket < 0:
            continue
        last = without_repeats(texts, contexts, first, after)
        start, stop = held.starts[bucket], held.starts[bucket + 1]
        size = last - first + stop - start
        room = size * max(rule.band_limit, rule.partners)
        if n_found + room > found.size:
            pairs, n = collect(pairs, n, found[:n_found])
            n_found, found = 0, grow(found, 0, room)
        is_many = size > (rule.passage_limit if is_passage else rule.band_limit)
        own = held.texts[start:stop], held.contexts[start:stop]
        if is_many and is_passage:
            sides = own[0], own[1], texts[first:last], contexts[first:last]
            n_found = _meet_many(sides, is_new, n_others, rule, found, n_found)
            continue
        if is_many:
            last = min(last, first + rule.partners)
        sides = own[0], own[1], texts[first:last], contexts[first:last]
        if is_passage:
            glances = grow(glances, 0, size)
            n_found = _meet_few(sides, held.glances[start:stop], glances, n_others, rule, found, n_found)
        else:
            n_found = _meet_all(sides, n_others, found, n_found)
    pairs, n = collect(pairs, n, found[:n_found])
    distinct: NDArray[np.uint64] = pairs[pairs != 0]
    return distinct


@inlined
def _meet_all(sides: _Sides, n_others: int, found: NDArray[np.uint64], n: int) -> int:
    """Append the pairs of each text of the day with each of the others; how many are found then."""
    own_texts, _, its_texts, _ = sides
    for text in own_texts:
        for other in its_texts:
            found[n] = pair_key(n_others + text, other)
            n += 1
    return n


@inlined
def _meet_few(
    sides: _Sides,
    own_glances: NDArray[np.uint64],
    glances: NDArray[np.uint64],
    n_others: int,
    rule: Rule,
    found: NDArray[np.uint64],
    n: int,
) -> int:
    """Append the pairs of a passage's bucket up to the limit: of each text of the day with the first others whose contexts agree."""
    own_texts, own_contexts, its_texts, its_contexts = sides
    for j in range(its_texts.size):
        glances[j] = glance(its_contexts[j])
    for i in range(own_texts.size):
        agreed = 0
        for j in range(its_texts.size):
            if may_agree(own_glances[i], glances[j]) and agree(own_contexts[i], its_contexts[j], rule.enough):
                found[n] = pair_key(n_others + own_texts[i], its_texts[j])
                n += 1
                agreed += 1
                if agreed == rule.partners:
                    break
    return n


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
def _near(
    held: Held, signatures: Matrix[np.uint32], words: NDArray[np.int64], passages: Passages, dealt: Dealt
) -> Rows:
    """The buckets of some texts that are held, and a few others, by their bits; in the order of those that are held.

    A text's buckets are looked up together and without branches, so that the processor waits for memory once and not for each.
    """
    ends, hashes = passages
    n_bands, mask = signatures.shape[1] // dealt.width, np.uint64(held.filter.size - 1)
    its_keys, its_places, around = np.empty(64, np.uint64), np.empty(64, np.int64), np.empty(64, np.int64)
    keys, texts, contexts = np.empty(1024, np.int64), np.empty(1024, np.int32), np.empty(1024, np.int64)
    n = 0
    for row in range(words.size):
        first, last = ends[row], ends[row + 1]
        room = n_bands + 1 + last - first
        its_keys, its_places = grow(its_keys, 0, room), grow(its_places, 0, room)
        keys, texts, contexts = grow(keys, n, room), grow(texts, n, room), grow(contexts, n, room)
        around = grow(around, 0, room)
        m, begun = _keys_of(signatures, words, row, hashes, first, last, dealt, its_keys, its_places), n
        for i in range(m):
            word, bit = bit_of(int(its_keys[i]), mask)
            keys[n], texts[n], contexts[n] = np.int64(its_keys[i]), row, its_places[i]
            n += int((held.filter[word] & bit) != 0)
        if n > begun:
            write_contexts(hashes, first, last, dealt.landmark_rate, around)
        for i in range(begun, n):
            at = contexts[i]
            contexts[i] = around[at - first] if at >= 0 else np.int64(0)
    return together(keys[:n], texts[:n], contexts[:n], np.ones(n, np.bool_), n, _bits(held))


@inlined
def _bits(held: Held) -> int:
    """Into how many partitions the held buckets are put, as a power of two."""
    bits = 0
    while (256 << bits) < held.cells.size - 1:
        bits += 1
    return bits


@inlined
def _bucket(held: Held, key: int, bits: int) -> int:
    """The number of a held bucket; -1 of one that is not held."""
    cell = cell_of(key, bits)
    for bucket in range(held.cells[cell], held.cells[cell + 1]):
        if held.keys[bucket] == key:
            return int(bucket)
    return -1


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
    n_bands, m = signatures.shape[1] // width, 0
    for k in range(n_bands):  # apart from the bucket of all words, so that the loop has no branches
        keys[k] = band_key(signatures, row, k, width)
    keys[n_bands] = words_key(words, row)
    for k in range(n_bands + 1):
        keys[m], places[m] = keys[k], -1
        m += int(is_mine(keys[m], part, parts))
    for at in range(first, last):
        keys[m], places[m] = np.uint64(hashes[at]), at
        m += int(is_mine(keys[m], part, parts))
    return m
