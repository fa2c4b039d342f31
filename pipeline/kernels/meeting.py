"""Which articles meet in a bucket, each pair once, with what their sketches share."""

import numpy as np
from numpy.typing import NDArray

from pipeline.kernels.compile import compiled, inlined
from pipeline.kernels.hashing import MIX_1, MIX_2, U0, U1, U8, U24, U32, U56, grow, pair_key


@inlined
def _zero_bytes(value):
    """The highest bit of each of the eight bytes that is zero."""
    low = np.uint64(0x7F7F7F7F7F7F7F7F)
    return ~(((value & low) + low) | value | low)


@inlined
def _count_bits(value):
    """How many of the eight highest bits are set."""
    return ((value >> np.uint64(7)) * np.uint64(0x0101010101010101)) >> U56


@inlined
def _agree(a, b, enough):
    """Whether two passages stand among the same landmarks.

    A context is two sets of up to four non-zero bytes, what stands before and what stands after. `enough` values must be
    in both, or as many as the smaller context has: all of an excerpt's landmarks are in the whole.
    """
    x, y = np.uint64(a), np.uint64(b)
    low, high = np.uint64(0x00FFFFFF00FFFFFF), np.uint64(0xFF000000FF000000)
    empty = _zero_bytes(x)
    found = U0
    for _ in range(4):
        found |= _zero_bytes(x ^ y)
        y = ((y & low) << U8) | ((y & high) >> U24)
    shared = _count_bits(found & ~empty)
    if shared >= enough:
        return True
    return shared >= 8 - max(_count_bits(empty), _count_bits(_zero_bytes(y)))


@inlined
def _glance(context):
    """A bit for each landmark of a context."""
    bits, rest = U0, np.uint64(context)
    for _ in range(8):
        bits |= np.uint64((rest & np.uint64(255)) != 0) << (rest & np.uint64(63))
        rest >>= U8
    return bits


@inlined
def _wanted(new_i, new_j, within):
    return within if new_i and new_j else (new_i or new_j)


@inlined
def _sort_together(keys, values, start, stop):
    """Sort a part of two arrays by (key, value), in place: Shell's sort, since parts are mostly short or in order."""
    gap = 1
    while 3 * gap < stop - start:
        gap = 3 * gap + 1
    while gap > 0:
        for i in range(start + gap, stop):
            key, value, j = keys[i], values[i], i - gap
            while j >= start and (keys[j] > key or (keys[j] == key and values[j] > value)):
                keys[j + gap], values[j + gap] = keys[j], values[j]
                j -= gap
            keys[j + gap], values[j + gap] = key, value
        gap //= 3


_BITS = 16  # of a filter for each row: one row in twelve passes without a partner


@inlined
def _bit(bucket, mask):
    place = (np.uint64(bucket) * MIX_2) >> np.uint64(20)
    return (place >> np.uint64(6)) & mask, U1 << (place & np.uint64(63))


@inlined
def _company(buckets, codes, is_new, within):
    """Which rows may share a bucket with a row that they may pair with, by two bit maps, and how many."""
    words = 64
    while 64 * words < _BITS * buckets.size:
        words *= 2
    once, twice, mask = np.zeros(words, np.uint64), np.zeros(words, np.uint64), np.uint64(words - 1)
    for turn in range(2):
        for i in range(buckets.size):
            if within or is_new[codes[i]] == (turn == 0):
                word, bit = _bit(buckets[i], mask)
                if (turn == 0) and not within:
                    once[word] |= bit
                elif once[word] & bit:
                    twice[word] |= bit
                elif within:
                    once[word] |= bit
        if within:
            break
    kept = np.zeros(buckets.size, np.bool_)
    n = 0
    for i in range(buckets.size):
        word, bit = _bit(buckets[i], mask)
        kept[i] = (twice[word] & bit) != 0
        n += kept[i]
    return kept, n


@inlined
def _together(buckets, codes, contexts, kept, n):
    """The kept rows with those of one bucket side by side: partitioned by hash, and each partition, in the cache, again."""
    bits = 0
    while bits < 12 and (1 << bits) * 256 < n:
        bits += 1
    shift = np.uint64(63 - bits)
    ends = np.zeros((1 << bits) + 1, np.int64)
    for i in range(buckets.size):
        if kept[i]:
            ends[((np.uint64(buckets[i]) * MIX_1) >> U1 >> shift) + U1] += 1
    for part in range(1 << bits):
        ends[part + 1] += ends[part]
    at = ends[:-1].copy()
    keys, its_codes, its_contexts = np.empty(n, np.int64), np.empty(n, np.int32), np.empty(n, np.int64)
    for i in range(buckets.size):
        if kept[i]:
            part = (np.uint64(buckets[i]) * MIX_1) >> U1 >> shift
            place = at[part]
            keys[place], its_codes[place], its_contexts[place] = buckets[i], codes[i], contexts[i]
            at[part] += 1
    largest = 0
    for part in range(1 << bits):
        largest = max(largest, ends[part + 1] - ends[part])
    spare = np.empty(largest, np.int64), np.empty(largest, np.int32), np.empty(largest, np.int64)
    counts = np.empty(257, np.int64)
    for part in range(1 << bits):
        start, stop = ends[part], ends[part + 1]
        _spread(keys[start:stop], its_codes[start:stop], its_contexts[start:stop], spare, counts)
    return keys, its_codes, its_contexts


@inlined
def _spread(keys, codes, contexts, spare, ends):
    """Sort rows by bucket, counting on eight bits of a hash and sorting the few of each count."""
    its_keys, its_codes, its_contexts = spare
    ends[:] = 0
    for i in range(keys.size):
        ends[((np.uint64(keys[i]) * MIX_2) >> U56) + U1] += 1
        its_keys[i], its_codes[i], its_contexts[i] = keys[i], codes[i], contexts[i]
    for n in range(256):
        ends[n + 1] += ends[n]
    for i in range(keys.size):
        n = (np.uint64(its_keys[i]) * MIX_2) >> U56
        place = ends[n]
        keys[place], codes[place], contexts[place] = its_keys[i], its_codes[i], its_contexts[i]
        ends[n] += 1
    first = np.int64(0)
    for n in range(256):
        last = ends[n]
        if last - first > 1:
            _sort_rows(keys, codes, contexts, first, last)
        first = last


@inlined
def _sort_rows(keys, codes, contexts, start, stop):
    """Sort a part of three arrays by (key, code, context), in place, as _sort_together."""
    gap = 1
    while 3 * gap < stop - start:
        gap = 3 * gap + 1
    while gap > 0:
        for i in range(start + gap, stop):
            key, code, context, j = keys[i], codes[i], contexts[i], i - gap
            while j >= start and (
                keys[j] > key
                or (keys[j] == key and (codes[j] > code or (codes[j] == code and contexts[j] > context)))
            ):
                keys[j + gap], codes[j + gap], contexts[j + gap] = keys[j], codes[j], contexts[j]
                j -= gap
            keys[j + gap], codes[j + gap], contexts[j + gap] = key, code, context
        gap //= 3


@inlined
def _without_repeats(codes, contexts, start, stop):
    """Drop the repeated members of a bucket that is in order; where they end."""
    end = start + 1
    for i in range(start + 1, stop):
        if codes[i] != codes[end - 1]:
            codes[end], contexts[end] = codes[i], contexts[i]
            end += 1
    return end


@inlined
def _slot_of_pair(pairs, key):
    """As _slot; two numbers are no hash, and are mixed first."""
    mask = np.uint64(pairs.size - 1)
    slot = (key * MIX_1) >> U32 & mask
    while pairs[slot] != 0 and pairs[slot] != key:
        slot = (slot + U1) & mask
    return slot


@inlined
def _collect(pairs, n, found):
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
def _doubled(pairs):
    grown = np.zeros(2 * pairs.size, np.uint64)
    for key in pairs:
        if key != 0:
            grown[_slot_of_pair(grown, key)] = key
    return grown


_AT_ONCE = 1 << 20  # pairs that are put by before they are told from those that were found before


@compiled
def pair(
    buckets: NDArray[np.int64],
    codes: NDArray[np.int32],
    contexts: NDArray[np.int64],
    days: NDArray[np.int64],
    today: np.int64,
    within: bool,
    limits: tuple[np.int64, np.int64],
    enough: int,
    partners: int,
) -> NDArray[np.uint64]:
    """Pairs of codes that share a bucket, as (higher code << 32 | lower code), each once, in no order.

    `days` are by code, and the codes of one day follow each other. `limits` are the sizes up to which all pairs of a
    bucket are looked at: of bands, of passages (whose buckets are odd). In a larger one of a band each meets the first few
    members; in a larger one of a passage those before it in the order of contexts. Of a passage each meets only the first few
    whose context agrees. A bucket alone decides who meets in it; without `within`, a bucket with each other day by itself.
    """
    is_new = days == today
    kept, n_rows = _company(buckets, codes, is_new, within)
    buckets, codes, contexts = _together(buckets, codes, contexts, kept, n_rows)
    pairs, n = np.zeros(1 << 16, np.uint64), np.int64(0)
    found, n_found = np.empty(_AT_ONCE, np.uint64), np.int64(0)
    glances, its_codes, its_contexts = np.empty(64, np.uint64), np.empty(64, np.int32), np.empty(64, np.int64)
    rule = limits[0], limits[1], enough, partners
    start = np.int64(0)
    while start < n_rows:
        stop = start + 1
        while stop < n_rows and buckets[stop] == buckets[start]:
            stop += 1
        end, is_passage = _without_repeats(codes, contexts, start, stop), (buckets[start] & 1) > 0
        if end - start > glances.size:
            size = 2 * (end - start)
            glances, its_codes, its_contexts = (
                np.empty(size, np.uint64),
                np.empty(size, np.int32),
                np.empty(size, np.int64),
            )
        first = start
        while first < end:
            last = first + 1
            while last < end and (within or days[codes[last]] == days[codes[first]]):
                last += 1
            if within or not is_new[codes[first]]:
                m = _members(codes, contexts, start, end, first, last, is_new, its_codes, its_contexts)
                room = m * (partners if is_passage else max(limits[0], partners))
                if n_found + room > found.size:
                    pairs, n = _collect(pairs, n, found[:n_found])
                    n_found, found = np.int64(0), grow(found, 0, room)
                n_found = _meet(
                    its_codes, its_contexts, m, is_passage, is_new, within, rule, glances, found, n_found
                )
            first = last
        start = stop
    pairs, n = _collect(pairs, n, found[:n_found])
    return pairs[pairs != 0]


@inlined
def _members(codes, contexts, start, end, first, last, is_new, its_codes, its_contexts):
    """Write the members of a bucket from first to last, and those that are new, in their order; how many."""
    m = np.int64(0)
    for i in range(start, end):
        if first <= i < last or is_new[codes[i]]:
            its_codes[m], its_contexts[m] = codes[i], contexts[i]
            m += 1
    return m


@inlined
def _meet(codes, contexts, size, is_passage, is_new, within, rule, glances, found, n):
    """Write the pairs of a bucket of so many members; how many are written then."""
    band_limit, limit, enough, partners = rule
    if not is_passage:
        return _meet_by_band(codes, size, is_new, within, partners if size > band_limit else size, found, n)
    if size > limit:
        _sort_together(contexts, codes, 0, size)
    return _meet_by_passage(codes, contexts, size, is_new, within, limit, enough, partners, glances, found, n)


@inlined
def _meet_by_band(codes, size, is_new, within, most, found, n):
    for i in range(1, size):
        for j in range(min(i, most)):
            if _wanted(is_new[codes[i]], is_new[codes[j]], within):
                found[n] = pair_key(codes[i], codes[j])
                n += 1
    return n


@inlined
def _meet_by_passage(codes, contexts, size, is_new, within, limit, enough, partners, glances, found, n):
    for i in range(size):
        glances[i] = _glance(contexts[i])
    for i in range(1, size):
        agreed, own = 0, glances[i]
        for j in range(max(0, i - limit), i):
            # At a glance: contexts that agree share two bits (of three landmarks, two of which may have one), or all of either.
            other = glances[j]
            both = own & other
            if both & (both - U1) == 0 and both != own and both != other:
                continue
            if not _wanted(is_new[codes[i]], is_new[codes[j]], within):
                continue
            if _agree(contexts[i], contexts[j], enough):
                found[n] = pair_key(codes[i], codes[j])
                n += 1
                agreed += 1
                if agreed == partners:
                    break
    return n
