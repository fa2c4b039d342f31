"""Which texts meet in a bucket, each pair once, with what their sketches share."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.kernels.compile import compiled, inlined
from pipeline.kernels.gathering import company, n_bits, sort_by_context, together, without_repeats
from pipeline.kernels.hashing import HIGHEST_BYTE, MIX_1, UPPER_HALF, ZERO, grow, pair_key
from pipeline.kernels.signing import LANDMARKS, Buckets

_AT_ONCE = 1 << 20  # pairs that are collected before they are told from those that were found before
_BYTE = np.uint64(8)  # bits


class Rule(NamedTuple):
    """Who meets in a bucket.

    In a bucket up to the limit all pairs are looked at. In a larger one of a band each text meets only the first
    `partners`; in a larger one of a passage only the `passage_limit` before it in the order of contexts are looked at. Of a
    passage each text meets only the first `partners` whose contexts agree with its own: `enough` landmarks are in both.
    """

    band_limit: int
    passage_limit: int
    enough: int
    partners: int


@compiled
def pair(
    buckets: Buckets, days: NDArray[np.int64], today: np.int64, within: bool, rule: Rule
) -> NDArray[np.uint64]:
    """Pairs of texts that share a bucket, as (higher number << 32 | lower number), each once, in no order.

    `days` are by text, and the numbers of the texts of one day follow each other. One text of each pair is of `today`. A
    bucket alone decides who meets in it. Without `within`, which leaves pairs of one day out, so does a bucket with each
    other day by itself.
    """
    band_limit, passage_limit, enough, partners = rule
    is_new = days == today
    kept, n_rows = company(buckets.keys, buckets.texts, is_new, within)
    keys, texts, contexts = together(
        buckets.keys, buckets.texts, buckets.contexts, kept, n_rows, n_bits(n_rows)
    )
    pairs, n = np.zeros(1 << 16, np.uint64), 0
    found, n_found = np.empty(_AT_ONCE, np.uint64), 0
    glances, its_texts, its_contexts = room_for(64)
    limits = band_limit, passage_limit, enough, partners
    start = 0
    while start < n_rows:
        stop = end_of_bucket(keys, start, n_rows)
        end, is_passage = without_repeats(texts, contexts, start, stop), (keys[start] & 1) > 0
        if end - start > glances.size:
            glances, its_texts, its_contexts = room_for(2 * (end - start))
        first = start
        while first < end:
            last = end if within else _end_of_day(texts, days, first, end)
            if within or not is_new[texts[first]]:
                m = _members(texts, contexts, start, end, first, last, is_new, its_texts, its_contexts)
                room = m * (partners if is_passage else max(band_limit, partners))
                if n_found + room > found.size:
                    pairs, n = collect(pairs, n, found[:n_found])
                    n_found, found = 0, grow(found, 0, room)
                n_found = meet(
                    its_texts, its_contexts, m, is_passage, is_new, within, limits, glances, found, n_found
                )
            first = last
        start = stop
    pairs, n = collect(pairs, n, found[:n_found])
    distinct: NDArray[np.uint64] = pairs[pairs != 0]
    return distinct


@inlined
def room_for(size: int) -> tuple[NDArray[np.uint64], NDArray[np.int32], NDArray[np.int64]]:
    """Scratch for so many texts of a bucket: glances, numbers, contexts."""
    return np.empty(size, np.uint64), np.empty(size, np.int32), np.empty(size, np.int64)


@inlined
def end_of_bucket(keys: NDArray[np.int64], start: int, n_rows: int) -> int:
    stop = start + 1
    while stop < n_rows and keys[stop] == keys[start]:
        stop += 1
    return stop


@inlined
def _end_of_day(texts: NDArray[np.int32], days: NDArray[np.int64], first: int, end: int) -> int:
    """Where the texts of a bucket end that are of the day of the first."""
    last = first + 1
    while last < end and days[texts[last]] == days[texts[first]]:
        last += 1
    return last


@inlined
def _members(
    texts: NDArray[np.int32],
    contexts: NDArray[np.int64],
    start: int,
    end: int,
    first: int,
    last: int,
    is_new: NDArray[np.bool_],
    its_texts: NDArray[np.int32],
    its_contexts: NDArray[np.int64],
) -> int:
    """Write the texts of a bucket from first to last, and those that are new, in their order; how many."""
    m = 0
    for i in range(start, end):
        if first <= i < last or is_new[texts[i]]:
            its_texts[m], its_contexts[m] = texts[i], contexts[i]
            m += 1
    return m


@inlined
def meet(
    texts: NDArray[np.int32],
    contexts: NDArray[np.int64],
    size: int,
    is_passage: bool,
    is_new: NDArray[np.bool_],
    within: bool,
    limits: tuple[int, int, int, int],
    glances: NDArray[np.uint64],
    found: NDArray[np.uint64],
    n: int,
) -> int:
    """Append the pairs of a bucket of so many texts; how many are found then."""
    band_limit, limit, enough, partners = limits
    if not is_passage:
        return _meet_by_band(texts, size, is_new, within, partners if size > band_limit else size, found, n)
    if size > limit:
        sort_by_context(contexts, texts, size)
    return _meet_by_passage(texts, contexts, size, is_new, within, limit, enough, partners, glances, found, n)


@inlined
def _meet_by_band(
    texts: NDArray[np.int32],
    size: int,
    is_new: NDArray[np.bool_],
    within: bool,
    most: int,
    found: NDArray[np.uint64],
    n: int,
) -> int:
    """Each text meets the first `most` of those before it."""
    for i in range(1, size):
        for j in range(min(i, most)):
            if _may_pair(is_new[texts[i]], is_new[texts[j]], within):
                found[n] = pair_key(texts[i], texts[j])
                n += 1
    return n


@inlined
def _meet_by_passage(
    texts: NDArray[np.int32],
    contexts: NDArray[np.int64],
    size: int,
    is_new: NDArray[np.bool_],
    within: bool,
    limit: int,
    enough: int,
    partners: int,
    glances: NDArray[np.uint64],
    found: NDArray[np.uint64],
    n: int,
) -> int:
    """Of the `limit` texts before it each meets the first `partners` whose contexts agree with its own."""
    for i in range(size):
        glances[i] = glance(contexts[i])
    for i in range(1, size):
        agreed, own = 0, glances[i]
        for j in range(max(0, i - limit), i):
            if not may_agree(own, glances[j]):
                continue
            if not _may_pair(is_new[texts[i]], is_new[texts[j]], within):
                continue
            if agree(contexts[i], contexts[j], enough):
                found[n] = pair_key(texts[i], texts[j])
                n += 1
                agreed += 1
                if agreed == partners:
                    break
    return n


@inlined
def _may_pair(new_i: bool, new_j: bool, within: bool) -> bool:
    """Whether one of two texts is new; `within` says whether both may be."""
    return within if new_i and new_j else (new_i or new_j)


@inlined
def glance(context: int) -> np.uint64:
    """A bit for each landmark of a context."""
    bits, rest = ZERO, np.uint64(context)
    for _ in range(2 * LANDMARKS):
        bits |= np.uint64((rest & np.uint64(255)) != 0) << (rest & np.uint64(63))
        rest >>= _BYTE
    return bits


@inlined
def may_agree(one: np.uint64, other: np.uint64) -> bool:
    """At a glance: contexts that agree share two bits (of three landmarks, two of which may have one), or all of either."""
    both = one & other
    return bool(both & (both - np.uint64(1)) != 0 or both in (one, other))


@inlined
def agree(a: int, b: int, enough: int) -> bool:
    """Whether two passages stand among the same landmarks.

    A context is two sets of up to four non-zero bytes, what stands before and what stands after. `enough` values must be
    in both, or as many as the smaller context has: all of an excerpt's landmarks are in the whole.
    """
    x, y = np.uint64(a), np.uint64(b)
    low, high = np.uint64(0x00FFFFFF00FFFFFF), np.uint64(0xFF000000FF000000)
    empty = _zero_bytes(x)
    found = ZERO
    for _ in range(LANDMARKS):
        found |= _zero_bytes(x ^ y)
        y = ((y & low) << _BYTE) | ((y & high) >> np.uint64(24))  # the bytes of each half, rotated
    shared = _count_bits(found & ~empty)
    if shared >= enough:
        return True
    return bool(shared >= 2 * LANDMARKS - max(_count_bits(empty), _count_bits(_zero_bytes(y))))


@inlined
def _zero_bytes(value: np.uint64) -> np.uint64:
    """The highest bit of each of the eight bytes that is zero."""
    low = np.uint64(0x7F7F7F7F7F7F7F7F)
    return ~(((value & low) + low) | value | low)


@inlined
def _count_bits(value: np.uint64) -> np.uint64:
    """How many of the eight bytes have their highest bit set; other bits are not."""
    return ((value >> np.uint64(7)) * np.uint64(0x0101010101010101)) >> HIGHEST_BYTE


@inlined
def collect(pairs: NDArray[np.uint64], n: int, found: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], int]:
    """Put pairs into an open-addressed table, which grows before it is half full: (table, pairs in it)."""
    for key in found:
        slot = _slot_of_pair(pairs, key)
        if pairs[slot] == 0:
            pairs[slot] = key
            n += 1
            if 2 * n >= pairs.size:
                pairs = _doubled(pairs)
    return pairs, n


@inlined
def _doubled(pairs: NDArray[np.uint64]) -> NDArray[np.uint64]:
    grown = np.zeros(2 * pairs.size, np.uint64)
    for key in pairs:
        if key != 0:
            grown[_slot_of_pair(grown, key)] = key
    return grown


@inlined
def _slot_of_pair(pairs: NDArray[np.uint64], key: np.uint64) -> np.uint64:
    """As `slot_of`; two numbers are no hash, and are mixed first."""
    mask = np.uint64(pairs.size - 1)
    slot = (key * MIX_1) >> UPPER_HALF & mask
    while pairs[slot] != 0 and pairs[slot] != key:
        slot = (slot + np.uint64(1)) & mask
    return slot
