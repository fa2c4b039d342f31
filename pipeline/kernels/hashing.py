"""Hashes of tokens and shingles as `text.tokens` defines them, bit for bit, and tables that are addressed by hashes.

A number beside a hash is written as np.uint64: numba makes a float of an unsigned and a signed one.
"""

import numpy as np
from numpy.typing import NDArray

from pipeline.kernels.compile import Scalar, inlined
from pipeline.text import tokens

SHINGLE_FACTOR, TOKEN_FACTOR = np.uint64(tokens.SHINGLE_FACTOR), np.uint64(tokens.TOKEN_FACTOR)
MIX_1, MIX_2 = np.uint64(tokens.MIX_1), np.uint64(tokens.MIX_2)
# Of a hash: all bits zero, the lowest bit, how far down the upper half and the highest byte must be shifted.
ZERO, LOWEST_BIT = np.uint64(0), np.uint64(1)
UPPER_HALF, HIGHEST_BYTE = np.uint64(32), np.uint64(56)
_TOKEN_SEED = np.uint64(tokens.TOKEN_SEED)
_LOW_BYTES = np.array([(1 << 8 * n) - 1 for n in range(9)], np.uint64)  # masks of the lowest n bytes
_LEAST_SLOTS = 64


@inlined
def mix(value: np.uint64) -> np.uint64:
    """MurmurHash3's 64-bit finaliser."""
    value ^= value >> np.uint64(33)
    value *= MIX_1
    value ^= value >> np.uint64(33)
    value *= MIX_2
    return value ^ (value >> np.uint64(33))


@inlined
def _chunk(out: NDArray[np.uint8], start: int, stop: int) -> np.uint64:
    """The bytes of out[start:stop], at most 8, as one little-endian number; `out` goes on for 8 bytes more."""
    i = np.uint64(start)  # unsigned: numba then reads without looking for negative indices, in one load
    mask: np.uint64 = _LOW_BYTES[stop - start]
    return mask & (
        np.uint64(out[i])
        | np.uint64(out[i + np.uint64(1)]) << np.uint64(8)
        | np.uint64(out[i + np.uint64(2)]) << np.uint64(16)
        | np.uint64(out[i + np.uint64(3)]) << np.uint64(24)
        | np.uint64(out[i + np.uint64(4)]) << np.uint64(32)
        | np.uint64(out[i + np.uint64(5)]) << np.uint64(40)
        | np.uint64(out[i + np.uint64(6)]) << np.uint64(48)
        | np.uint64(out[i + np.uint64(7)]) << np.uint64(56)
    )


@inlined
def token_hash(out: NDArray[np.uint8], start: int, stop: int) -> np.uint64:
    """The hash of the token out[start:stop]; `out` goes on for 8 bytes more."""
    state = _TOKEN_SEED
    while stop - start > 8:
        state = (state ^ _chunk(out, start, start + 8)) * TOKEN_FACTOR
        state ^= state >> UPPER_HALF
        start += 8
    state = (state ^ _chunk(out, start, stop)) * TOKEN_FACTOR
    return state ^ (state >> UPPER_HALF)


@inlined
def table_size(n: int) -> int:
    """How many slots a table for n keys has: a power of two, so that at most half of them are taken."""
    size = _LEAST_SLOTS
    while size < 2 * n:
        size *= 2
    return size


@inlined
def slot_of(keys: NDArray[np.uint64], key: np.uint64) -> np.uint64:
    """Where a non-zero key stands in an open-addressed table, or would stand."""
    mask = np.uint64(keys.size - 1)
    slot = (key >> UPPER_HALF) & mask
    while keys[slot] != 0 and keys[slot] != key:
        slot = (slot + np.uint64(1)) & mask
    return slot


@inlined
def grow(values: NDArray[Scalar], filled: int, more: int) -> NDArray[Scalar]:
    """`values` with room for `more` beyond the first `filled`."""
    if filled + more <= values.size:
        return values
    grown = np.empty(2 * (filled + more), values.dtype)
    for i in range(filled):  # a slice would compile numba's message about shapes, for three seconds
        grown[i] = values[i]
    return grown


@inlined
def pair_key(one: int, other: int) -> np.uint64:
    """Two numbers below 2^32 as one: the higher in the upper half."""
    return (np.uint64(max(one, other)) << UPPER_HALF) | np.uint64(min(one, other))
