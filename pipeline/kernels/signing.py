"""MinHash signatures, sampled passages and bands of many texts at once."""

import numpy as np
from numpy.typing import NDArray

from pipeline.kernels.compile import Matrix, compiled, inlined
from pipeline.kernels.hashing import MIX_1, MIX_2, TOKEN_FACTOR, U0, U1, U32, U33, grow, slot_of, table_size
from pipeline.kernels.texts import longest_text, room_for, shingle, tokenise, words_hash
from pipeline.text import tokens


@inlined
def _minima(found, m, a, b, mixed, out):
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
            out[k] = min(out[k], min(x, y))


@inlined
def _sample(found, m, below, seen, passages, filled):
    """Append the sampled of m shingles, each once; `seen` is all zero, and left so."""
    first = filled
    for j in range(m):
        key = found[j] | U1
        if (key >> U32) < below:
            slot = slot_of(seen, key)
            if seen[slot] == 0:
                seen[slot] = key
                passages[filled] = np.int64(key)
                filled += 1
    for place in range(filled - 1, first - 1, -1):  # in reverse, or a chain would break before its end
        seen[slot_of(seen, np.uint64(passages[place]))] = 0
    return filled


@compiled
def sign(
    data: NDArray[np.uint8],
    offsets: NDArray[np.int32],
    rows: NDArray[np.int64],
    table: tokens.Tables,
    is_normal: bool,
    a: NDArray[np.uint32],
    b: NDArray[np.uint32],
    sample_below: np.uint64,
) -> tuple[Matrix[np.uint32], NDArray[np.int64], NDArray[np.int32], NDArray[np.int64], NDArray[np.int64]]:
    """Signatures of some texts of an Arrow string buffer.

    Returns (signatures, words hashes, numbers of shingles, ends of passages by text, passages); the number is -1
    for a text that must be normalised first. Passages are the distinct shingles whose upper half is below
    `sample_below`, in their order; the lowest bit is set.
    """
    longest, total = longest_text(offsets, rows)
    room = room_for(longest)
    found, mixed = np.empty(2 * longest + 64, np.uint64), np.empty(2 * longest + 64, np.uint32)
    signatures = np.full((rows.size, a.size), 0xFFFFFFFF, np.uint32)
    words, counts = np.zeros(rows.size, np.int64), np.zeros(rows.size, np.int32)
    ends, passages = np.zeros(rows.size + 1, np.int64), np.empty(64 + total // 64, np.int64)
    filled, seen, unmarked = np.int64(0), np.zeros(table_size(longest + 1), np.uint64), np.empty(0, np.uint8)
    for i in range(rows.size):
        n = tokenise(
            data, np.int64(offsets[rows[i]]), np.int64(offsets[rows[i] + 1]), table, is_normal, room, unmarked
        )
        m = -1
        if n >= 0:
            m = shingle(room[0], room[1], n, found)
            words[i] = words_hash(room[0], n)
            _minima(found, m, a, b, mixed, signatures[i])
            passages = grow(passages, filled, m)
            filled = _sample(found, m, sample_below, seen, passages, filled)
        counts[i] = m
        ends[i + 1] = filled
    return signatures, words, counts, ends, passages[:filled]


@inlined
def _is_mine(bucket, part, parts):
    """A passage's highest bits are zero, since it was sampled by them: they are mixed first."""
    return ((((bucket * MIX_2) >> U33) * parts) >> np.uint64(31)) == part


@inlined
def _context(passages, first, last, at, rate):
    """Short hashes of the landmarks nearest before and after a passage, four each; zero where there is none."""
    context = U0
    for direction in range(2):
        i, found = at, 0
        while found < 4:
            i += 2 * direction - 1
            if i < first or i >= last:
                break
            value = np.uint64(passages[i])
            if (value >> U1) & (rate - U1) == 0:
                context |= (value % np.uint64(255) + U1) << np.uint64(32 * direction + 8 * found)
                found += 1
    return np.int64(context)


@compiled
def band(
    signatures: Matrix[np.uint32],
    words: NDArray[np.int64],
    ends: NDArray[np.int64],
    passages: NDArray[np.int64],
    width: int,
    rate: np.uint64,
    part: np.uint64,
    parts: np.uint64,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Buckets of signatures: (buckets, rows, contexts), of the bands of `width` slots and of all words even, of passages odd.

    Only the buckets of part number `part` of `parts`. The context of a passage says which landmarks, one passage in
    `rate` (a power of two), stand around it.
    """
    n_bands = signatures.shape[1] // width
    size = words.size * (n_bands + 1) + passages.size
    buckets, rows, contexts = np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size, np.int64)
    n = 0
    for row in range(words.size):
        for k in range(n_bands + 1):
            state = np.uint64(k + 1) if k < n_bands else np.uint64(words[row])
            for i in range(k * width, (k + 1) * width if k < n_bands else 0):
                state = (state ^ np.uint64(signatures[row, i])) * TOKEN_FACTOR
                state ^= state >> U32
            bucket = (state * MIX_1) & ~U1
            if _is_mine(bucket, part, parts):
                buckets[n], rows[n], contexts[n] = np.int64(bucket), row, 0
                n += 1
        for at in range(ends[row], ends[row + 1]):
            if _is_mine(np.uint64(passages[at]), part, parts):
                buckets[n], rows[n] = passages[at], row
                contexts[n] = _context(passages, ends[row], ends[row + 1], at, rate)
                n += 1
    return buckets[:n], rows[:n], contexts[:n]
