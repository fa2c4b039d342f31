"""MinHash signatures, sampled passages and bands of many texts at once."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.kernels.compile import Matrix, compiled, inlined
from pipeline.kernels.hashing import (
    LOWEST_BIT,
    MIX_1,
    MIX_2,
    TOKEN_FACTOR,
    UPPER_HALF,
    ZERO,
    grow,
    slot_of,
    table_size,
)
from pipeline.kernels.texts import Strings, longest_text, room_for, shingle, tokenise, words_hash
from pipeline.text import tokens

LANDMARKS = 4  # on each side of a passage: a byte of its context each


class Permutations(NamedTuple):
    """Of each slot of a signature: its hash is a*h + b, modulo 2^32."""

    a: NDArray[np.uint32]
    b: NDArray[np.uint32]


class Passages(NamedTuple):
    """Distinct sampled shingles of some texts, in their order: those of text i stand from ends[i] to ends[i + 1]."""

    ends: NDArray[np.int64]
    hashes: NDArray[np.int64]  # odd


class Signed(NamedTuple):
    """Some texts, a row each."""

    signatures: Matrix[np.uint32]
    words: NDArray[np.int64]  # hashes of all words in their order
    n_shingles: NDArray[np.int32]  # -1 for a text that must be normalised first
    passages: Passages


class Buckets(NamedTuple):
    """One row is a text in a bucket."""

    keys: NDArray[np.int64]  # of a band, or of all words: even; of a passage: odd
    texts: NDArray[np.int32]  # by number
    contexts: NDArray[np.int64]  # the landmarks around a passage; 0 in other buckets


@compiled
def sign(
    strings: Strings,
    rows: NDArray[np.int64],
    table: tokens.Tables,
    is_normal: bool,
    permutations: Permutations,
    sample_below: np.uint64,
) -> Signed:
    """Signatures of some texts. Passages are the shingles whose upper half is below `sample_below`."""
    data, offsets = strings
    a, b = permutations
    longest, total = longest_text(offsets, rows)
    room, unmarked = room_for(longest), np.empty(0, np.uint8)
    found, mixed = np.empty(2 * longest + 64, np.uint64), np.empty(2 * longest + 64, np.uint32)
    signatures = np.full((rows.size, a.size), 0xFFFFFFFF, np.uint32)
    words, counts = np.zeros(rows.size, np.int64), np.zeros(rows.size, np.int32)
    ends, passages = np.zeros(rows.size + 1, np.int64), np.empty(64 + total // 64, np.int64)
    filled, seen = 0, np.zeros(table_size(longest + 1), np.uint64)
    for i in range(rows.size):
        n = tokenise(data, offsets[rows[i]], offsets[rows[i] + 1], table, is_normal, room, unmarked)
        m = -1
        if n >= 0:
            m = shingle(room.hashes, room.units, n, found)
            words[i] = words_hash(room.hashes, n)
            _minima(found, m, a, b, mixed, signatures[i])
            passages = grow(passages, filled, m)
            filled = _sample(found, m, sample_below, seen, passages, filled)
        counts[i] = m
        ends[i + 1] = filled
    return Signed(signatures, words, counts, Passages(ends, passages[:filled]))


@inlined
def _minima(
    found: NDArray[np.uint64],
    m: int,
    a: NDArray[np.uint32],
    b: NDArray[np.uint32],
    mixed: NDArray[np.uint32],
    out: NDArray[np.uint32],
) -> None:
    """Datasketch's affine32: Murmur's 32-bit finaliser once, then a*h + b modulo 2^32, and the least of each.

    `mixed` has room for m + 3; four shingles at a time, so that a minimum is read and written once for four.
    """
    for j in range(m):
        h = np.uint32(found[j] & np.uint64(0xFFFFFFFF))
        h ^= h >> np.uint32(16)
        h = np.uint32(h * np.uint32(0x85EBCA6B))
        h ^= h >> np.uint32(13)
        h = np.uint32(h * np.uint32(0xC2B2AE35))
        mixed[j] = h ^ (h >> np.uint32(16))
    while m % 4 != 0:
        mixed[m] = mixed[m - 1]
        m += 1
    for j in range(0, m, 4):
        h, i, p, q = mixed[j], mixed[j + 1], mixed[j + 2], mixed[j + 3]
        for k in range(a.size):
            x = min(np.uint32(a[k] * h + b[k]), np.uint32(a[k] * i + b[k]))
            y = min(np.uint32(a[k] * p + b[k]), np.uint32(a[k] * q + b[k]))
            least = min(x, y)
            out[k] = min(out[k], least)


@inlined
def _sample(
    found: NDArray[np.uint64],
    m: int,
    below: np.uint64,
    seen: NDArray[np.uint64],
    passages: NDArray[np.int64],
    filled: int,
) -> int:
    """Append the sampled of m shingles, each once; `seen` is all zero, and left so."""
    first = filled
    for j in range(m):
        key = found[j] | LOWEST_BIT
        if (key >> UPPER_HALF) < below:
            slot = slot_of(seen, key)
            if seen[slot] == 0:
                seen[slot] = key
                passages[filled] = np.int64(key)
                filled += 1
    for place in range(filled - 1, first - 1, -1):  # in reverse, or a chain would break before its end
        seen[slot_of(seen, np.uint64(passages[place]))] = 0
    return filled


@compiled
def band(
    signatures: Matrix[np.uint32],
    words: NDArray[np.int64],
    passages: Passages,
    width: int,
    landmark_rate: np.uint64,
    part: np.uint64,
    parts: np.uint64,
) -> Buckets:
    """The buckets of some texts: one for each band of `width` slots, one for all words, one for each passage.

    Only the buckets of part number `part` of `parts`. Landmarks are one passage in `landmark_rate`, a power of two.
    """
    ends, hashes = passages
    n_bands = signatures.shape[1] // width
    size = words.size * (n_bands + 1) + hashes.size
    keys, texts, contexts = np.empty(size, np.int64), np.empty(size, np.int32), np.empty(size, np.int64)
    around, n = np.empty(64, np.int64), 0
    for row in range(words.size):
        for k in range(n_bands + 1):
            key = band_key(signatures, row, k, width) if k < n_bands else words_key(words, row)
            if is_mine(key, part, parts):
                keys[n], texts[n], contexts[n] = np.int64(key), row, 0
                n += 1
        first, last = ends[row], ends[row + 1]
        around = grow(around, 0, last - first)
        write_contexts(hashes, first, last, landmark_rate, around)
        for at in range(first, last):
            if is_mine(np.uint64(hashes[at]), part, parts):
                keys[n], texts[n], contexts[n] = hashes[at], row, around[at - first]
                n += 1
    return Buckets(keys[:n], texts[:n], contexts[:n])


@inlined
def band_key(signatures: Matrix[np.uint32], row: int, k: int, width: int) -> np.uint64:
    """The bucket of a text's band number k."""
    state = np.uint64(k + 1)
    for i in range(k * width, (k + 1) * width):
        state = (state ^ np.uint64(signatures[row, i])) * TOKEN_FACTOR
        state ^= state >> UPPER_HALF
    key: np.uint64 = (state * MIX_1) & ~LOWEST_BIT
    return key


@inlined
def words_key(words: NDArray[np.int64], row: int) -> np.uint64:
    """The bucket of all words of a text."""
    key: np.uint64 = (np.uint64(words[row]) * MIX_1) & ~LOWEST_BIT
    return key


@inlined
def is_mine(key: np.uint64, part: np.uint64, parts: np.uint64) -> np.bool_:
    """Whether a bucket falls into a part. A passage's highest bits are zero, since it was sampled by them: mix first."""
    found: np.bool_ = ((((key * MIX_2) >> np.uint64(33)) * parts) >> np.uint64(31)) == part
    return found


@inlined
def write_contexts(
    passages: NDArray[np.int64], first: int, last: int, rate: np.uint64, contexts: NDArray[np.int64]
) -> None:
    """Write the context of each passage of a text: short hashes of four landmarks before it, in the lower half, and of four after it. The
    nearest is the lowest byte of its half; where there are fewer, the rest is zero.
    """
    nearest = ZERO
    for at in range(first, last):
        contexts[at - first] = np.int64(nearest)
        nearest = _with_landmark(nearest, np.uint64(passages[at]), rate)
    nearest = ZERO
    for at in range(last - 1, first - 1, -1):
        contexts[at - first] |= np.int64(nearest << UPPER_HALF)
        nearest = _with_landmark(nearest, np.uint64(passages[at]), rate)


@inlined
def _with_landmark(nearest: np.uint64, passage: np.uint64, rate: np.uint64) -> np.uint64:
    """The landmarks that are nearest behind a passage: itself, if it is one, before those that were."""
    if (passage >> np.uint64(1)) & (rate - np.uint64(1)) != 0:
        return nearest
    short = passage % np.uint64(255) + np.uint64(1)
    return ((nearest << np.uint64(8)) | short) & np.uint64((1 << 8 * LANDMARKS) - 1)
