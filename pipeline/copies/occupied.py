"""Which buckets of a window can matter to a day: those in which the day has an article.

A bucket of the window that the day is not in gives no pair. Nineteen of twenty are such, so they are left out where they are made, before
they are dealt out: what travels grows with the day, not with its window.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.copies.signatures import band
from pipeline.model.sorting import SLICE_ROWS

_PLACES = 16  # bits for each bucket at least, so that of the others at most one in sixteen is kept by chance
# 64 kB at least, and 32 MB at most, which travel with each task: enough for a day of 300,000. Of a larger one more are kept.
_LEAST, _MOST = 19, 28  # powers of two
# The odd number next to 2^64 over the golden ratio: Fibonacci hashing (Knuth).
_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Occupied:
    """The buckets that a day's articles are in, as a Bloom filter (1970) of one hash: none is missing, a few others count, too."""

    bits: NDArray[np.uint8]


def band_occupied(signatures: pa.Table, buckets: Occupied) -> pa.Table:
    """BUCKETS of the signatures of other days that are among the occupied."""
    every = band(signatures)
    at = _places(every, 8 * buckets.bits.size)
    bits = (buckets.bits[at >> np.uint64(3)] >> (at & np.uint64(7)).astype(np.uint8)) & np.uint8(1)
    return every.filter(pa.array(bits.view(np.bool_)))


def occupied(signatures: pa.Table) -> Occupied:
    """The buckets of a day's articles; these are in memory a slice at a time."""
    n_buckets = sum(made.num_rows for made in _slices(signatures))
    size = min(max((_PLACES * n_buckets).bit_length(), _LEAST), _MOST)
    is_occupied = np.zeros(1 << size, np.bool_)
    for buckets in _slices(signatures):
        is_occupied[_places(buckets, 1 << size)] = True
    return Occupied(np.packbits(is_occupied, bitorder="little"))


def _slices(signatures: pa.Table) -> Iterable[pa.Table]:
    for start in range(0, signatures.num_rows, SLICE_ROWS):
        yield band(signatures.slice(start, SLICE_ROWS))


def _places(buckets: pa.Table, size: int) -> NDArray[np.uint64]:
    """A number below `size`, a power of two, for each bucket: the highest bits of its mixed hash."""
    keys = buckets["bucket"].to_numpy().view(np.uint64)
    places: NDArray[np.uint64] = (keys * _MIX) >> np.uint64(65 - size.bit_length())
    return places
