"""Hashes of tokens and shingles, as `text.tokens` defines them, bit for bit."""

import numpy as np

from pipeline.kernels.compile import inlined
from pipeline.text import tokens

FACTOR = np.uint64(tokens.SHINGLE_FACTOR)
_SEED = np.uint64(tokens.TOKEN_SEED)
TOKEN_FACTOR = np.uint64(tokens.TOKEN_FACTOR)
MIX_1, MIX_2 = np.uint64(tokens.MIX_1), np.uint64(tokens.MIX_2)
U0, U1, U8, U16, U24, U32, U33, _40, _48, U56 = (np.uint64(n) for n in (0, 1, 8, 16, 24, 32, 33, 40, 48, 56))
UNITS, WORD_UNITS, BIGRAM_UNITS = tokens.SHINGLE_UNITS, tokens.WORD_UNITS, tokens.BIGRAM_UNITS
SHINGLE_WORDS = UNITS // WORD_UNITS  # which `_shingle_words` writes out
POWERS = np.array([pow(tokens.SHINGLE_FACTOR, n, 1 << 64) for n in range(UNITS + 1)], np.uint64)
_LOW_BYTES = np.array([(1 << 8 * n) - 1 for n in range(9)], np.uint64)
BRACKET = 40  # one that opens


@inlined
def mix(value):
    """MurmurHash3's 64-bit finaliser."""
    value ^= value >> U33
    value *= MIX_1
    value ^= value >> U33
    value *= MIX_2
    return value ^ (value >> U33)


@inlined
def _chunk(out, start, stop):
    """The bytes of out[start:stop], at most 8, as one little-endian number; `out` goes on for 8 bytes more."""
    i = np.uint64(start)  # unsigned: numba then reads without looking for negative indices, in one load
    return _LOW_BYTES[stop - start] & (
        np.uint64(out[i])
        | np.uint64(out[i + np.uint64(1)]) << U8
        | np.uint64(out[i + np.uint64(2)]) << U16
        | np.uint64(out[i + np.uint64(3)]) << U24
        | np.uint64(out[i + np.uint64(4)]) << U32
        | np.uint64(out[i + np.uint64(5)]) << _40
        | np.uint64(out[i + np.uint64(6)]) << _48
        | np.uint64(out[i + np.uint64(7)]) << U56
    )


@inlined
def token_hash(out, start, stop):
    state = _SEED
    while stop - start > 8:
        state = (state ^ _chunk(out, start, start + 8)) * TOKEN_FACTOR
        state ^= state >> U32
        start += 8
    state = (state ^ _chunk(out, start, stop)) * TOKEN_FACTOR
    return state ^ (state >> U32)


@inlined
def table_size(n):
    size = 64
    while size < 2 * n:
        size *= 2
    return size


@inlined
def slot_of(keys, key):
    """Where a non-zero key stands in an open-addressed table, or would."""
    mask = np.uint64(keys.size - 1)
    slot = (key >> U32) & mask
    while keys[slot] != 0 and keys[slot] != key:
        slot = (slot + U1) & mask
    return slot


@inlined
def grow(values, filled, more):
    """`values` with room for `more` beyond the first `filled`."""
    if filled + more <= values.size:
        return values
    grown = np.empty(2 * (filled + more), values.dtype)
    for i in range(filled):  # a slice would compile numba's message about shapes, for three seconds
        grown[i] = values[i]
    return grown


@inlined
def pair_key(one, other):
    return (np.uint64(max(one, other)) << U32) | np.uint64(min(one, other))


@inlined
def push(pairs, n, one, other):
    pairs = grow(pairs, n, 1)
    pairs[n] = pair_key(one, other)
    return pairs, n + 1
