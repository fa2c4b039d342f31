"""Rows of one bucket side by side, without those that stand in theirs alone."""

import numpy as np
from numpy.typing import NDArray

from pipeline.kernels.compile import inlined
from pipeline.kernels.hashing import HIGHEST_BYTE, MIX_1, MIX_2

_FILTER_BITS = 16  # for each row: one row in twelve passes without a partner
_PARTITION = 256  # rows of a partition, which then fits into the cache
_MOST_PARTITIONS = 12  # as a power of two

Rows = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int64]]  # keys, numbers of texts, contexts


@inlined
def company(
    keys: NDArray[np.int64], texts: NDArray[np.int32], is_new: NDArray[np.bool_], within: bool
) -> tuple[NDArray[np.bool_], int]:
    """Which rows may share a bucket with a row that they may pair with, by two bit maps, and how many these are."""
    words = 64
    while 64 * words < _FILTER_BITS * keys.size:
        words *= 2
    once, twice, mask = np.zeros(words, np.uint64), np.zeros(words, np.uint64), np.uint64(words - 1)
    if within:
        _mark_shared(keys, once, twice, mask)
    else:
        _mark_met(keys, texts, is_new, once, twice, mask)
    kept = np.zeros(keys.size, np.bool_)
    n = 0
    for i in range(keys.size):
        word, bit = bit_of(keys[i], mask)
        kept[i] = (twice[word] & bit) != 0
        n += kept[i]
    return kept, n


@inlined
def _mark_shared(
    keys: NDArray[np.int64], once: NDArray[np.uint64], twice: NDArray[np.uint64], mask: np.uint64
) -> None:
    """Mark the buckets of any row, and those of two."""
    for i in range(keys.size):
        word, bit = bit_of(keys[i], mask)
        if once[word] & bit:
            twice[word] |= bit
        else:
            once[word] |= bit


@inlined
def _mark_met(
    keys: NDArray[np.int64],
    texts: NDArray[np.int32],
    is_new: NDArray[np.bool_],
    once: NDArray[np.uint64],
    twice: NDArray[np.uint64],
    mask: np.uint64,
) -> None:
    """Mark the buckets of new texts, and those of them that another text stands in, too."""
    for i in range(keys.size):
        if is_new[texts[i]]:
            word, bit = bit_of(keys[i], mask)
            once[word] |= bit
    for i in range(keys.size):
        if not is_new[texts[i]]:
            word, bit = bit_of(keys[i], mask)
            if once[word] & bit:
                twice[word] |= bit


@inlined
def bit_of(key: int, mask: np.uint64) -> tuple[np.uint64, np.uint64]:
    """Where a bucket stands in a bit map: which word, and which bit of it."""
    place = (np.uint64(key) * MIX_2) >> np.uint64(20)
    return (place >> np.uint64(6)) & mask, np.uint64(1) << (place & np.uint64(63))


@inlined
def n_bits(n: int) -> int:
    """Into how many partitions `together` puts n rows, as a power of two."""
    bits = 0
    while bits < _MOST_PARTITIONS and (1 << bits) * _PARTITION < n:
        bits += 1
    return bits


@inlined
def cell_of(key: int, bits: int) -> int:
    """Where a bucket stands among the 256 cells of each of so many partitions: `together` puts rows in the order of these."""
    part, byte = _partition(key, np.uint64(63 - bits)), (np.uint64(key) * MIX_2) >> HIGHEST_BYTE
    return int((part << np.uint64(8)) | byte)


@inlined
def together(
    keys: NDArray[np.int64],
    texts: NDArray[np.int32],
    contexts: NDArray[np.int64],
    kept: NDArray[np.bool_],
    n: int,
    bits: int,
) -> Rows:
    """The n kept rows, those of one bucket side by side: partitioned by a hash, then each partition, in the cache, again."""
    shift = np.uint64(63 - bits)
    ends = np.zeros((1 << bits) + 1, np.int64)
    for i in range(keys.size):
        if kept[i]:
            ends[_partition(keys[i], shift) + np.uint64(1)] += 1
    for part in range(1 << bits):
        ends[part + 1] += ends[part]
    at = ends[:-1].copy()
    its_keys, its_texts, its_contexts = np.empty(n, np.int64), np.empty(n, np.int32), np.empty(n, np.int64)
    for i in range(keys.size):
        if kept[i]:
            its_part = _partition(keys[i], shift)
            place = at[its_part]
            its_keys[place], its_texts[place], its_contexts[place] = keys[i], texts[i], contexts[i]
            at[its_part] += 1
    largest = 0
    for part in range(1 << bits):
        largest = max(largest, ends[part + 1] - ends[part])
    spare = np.empty(largest, np.int64), np.empty(largest, np.int32), np.empty(largest, np.int64)
    counts = np.empty(257, np.int64)
    for part in range(1 << bits):
        start, stop = ends[part], ends[part + 1]
        _spread(its_keys[start:stop], its_texts[start:stop], its_contexts[start:stop], spare, counts)
    return its_keys, its_texts, its_contexts


@inlined
def _partition(key: int, shift: np.uint64) -> np.uint64:
    return (np.uint64(key) * MIX_1) >> np.uint64(1) >> shift


@inlined
def _spread(
    keys: NDArray[np.int64],
    texts: NDArray[np.int32],
    contexts: NDArray[np.int64],
    spare: Rows,
    ends: NDArray[np.int64],
) -> None:
    """Sort rows by bucket: count on eight bits of a hash, then sort the few of each count."""
    its_keys, its_texts, its_contexts = spare
    ends[:] = 0
    for i in range(keys.size):
        ends[((np.uint64(keys[i]) * MIX_2) >> HIGHEST_BYTE) + np.uint64(1)] += 1
        its_keys[i], its_texts[i], its_contexts[i] = keys[i], texts[i], contexts[i]
    for n in range(256):
        ends[n + 1] += ends[n]
    for i in range(keys.size):
        byte = (np.uint64(its_keys[i]) * MIX_2) >> HIGHEST_BYTE
        place = ends[byte]
        keys[place], texts[place], contexts[place] = its_keys[i], its_texts[i], its_contexts[i]
        ends[byte] += 1
    first = 0
    for n in range(256):
        last = ends[n]
        if last - first > 1:
            _sort_rows(keys, texts, contexts, first, last)
        first = last


@inlined
def _sort_rows(
    keys: NDArray[np.int64], texts: NDArray[np.int32], contexts: NDArray[np.int64], start: int, stop: int
) -> None:
    """Sort a part of three arrays by (key, text, context), in place, as `sort_by_context`."""
    gap = 1
    while 3 * gap < stop - start:
        gap = 3 * gap + 1
    while gap > 0:
        for i in range(start + gap, stop):
            key, text, context, j = keys[i], texts[i], contexts[i], i - gap
            while j >= start and (
                keys[j] > key
                or (keys[j] == key and (texts[j] > text or (texts[j] == text and contexts[j] > context)))
            ):
                keys[j + gap], texts[j + gap], contexts[j + gap] = keys[j], texts[j], contexts[j]
                j -= gap
            keys[j + gap], texts[j + gap], contexts[j + gap] = key, text, context
        gap //= 3


@inlined
def sort_by_context(contexts: NDArray[np.int64], texts: NDArray[np.int32], size: int) -> None:
    """Sort the first rows of two arrays by (context, text), in place: Shell's sort, since they are mostly few or in order."""
    gap = 1
    while 3 * gap < size:
        gap = 3 * gap + 1
    while gap > 0:
        for i in range(gap, size):
            context, text, j = contexts[i], texts[i], i - gap
            while j >= 0 and (contexts[j] > context or (contexts[j] == context and texts[j] > text)):
                contexts[j + gap], texts[j + gap] = contexts[j], texts[j]
                j -= gap
            contexts[j + gap], texts[j + gap] = context, text
        gap //= 3


@inlined
def without_repeats(texts: NDArray[np.int32], contexts: NDArray[np.int64], start: int, stop: int) -> int:
    """Drop the repeated texts of a bucket that is in order; where the rest ends."""
    end = start + 1
    for i in range(start + 1, stop):
        if texts[i] != texts[end - 1]:
            texts[end], contexts[end] = texts[i], contexts[i]
            end += 1
    return end
