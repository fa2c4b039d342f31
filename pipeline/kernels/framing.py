"""Frames: which numbers and names two texts have in the same place of the same words."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.kernels.compile import Matrix, compiled, inlined
from pipeline.kernels.hashing import LOWEST_BIT, SHINGLE_FACTOR, mix, slot_of, table_size
from pipeline.kernels.texts import NAME, NUMBER, Tokens

_EDGE = np.uint64(
    8
)  # stands before the first place of a text, and behind its last; numbers and names are places 1 and 2
_FACT = NUMBER | NAME


class Swaps(NamedTuple):
    """One row is a pair, one column a side.

    Swapped are the distinct numbers and names that the other text lacks, though it has the two places before them and the two
    behind. A cell is a run of numbers with the word before it.
    """

    tokens: Matrix[np.int32]  # all, in the text's order
    figures: Matrix[np.int32]  # those of them that are numbers
    named: Matrix[np.int32]  # those that are names
    numbers: Matrix[np.int32]  # swapped
    names: Matrix[np.int32]  # swapped
    words: Matrix[np.int32]  # distinct, no numbers, that the other lacks
    cells: Matrix[np.int32]  # distinct
    other_cells: Matrix[np.int32]  # those that the other lacks


def swapped(read: Tokens, left: NDArray[np.int64], right: NDArray[np.int64]) -> Swaps:
    """Each pair of texts by what stands in frames that both have.

    A place is a word; a run of numbers is one place, a run of names is one, and either equals any other.
    """
    counts = _count(read, left, right)
    return Swaps(*(counts[:, :, field] for field in range(counts.shape[2])))


@compiled
def _count(read: Tokens, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int32]:
    """The fields of Swaps, the last axis."""
    ends, hashes, marks = read
    counts = np.zeros((left.size, 2, 8), np.int32)
    for i in range(left.size):
        for side in range(2):
            mine, its = (left[i], right[i]) if side == 0 else (right[i], left[i])
            own, own_marks = hashes[ends[mine] : ends[mine + 1]], marks[ends[mine] : ends[mine + 1]]
            other, other_marks = hashes[ends[its] : ends[its + 1]], marks[ends[its] : ends[its + 1]]
            counts[i, side, 0] = own.size
            for j in range(own.size):
                counts[i, side, 1] += (own_marks[j] & NUMBER) > 0
                counts[i, side, 2] += (own_marks[j] & _FACT) == NAME
            found = _count_lacked(own, own_marks, other, other_marks)
            counts[i, side, 3], counts[i, side, 4], counts[i, side, 5] = found
            cells, other_cells = _cells(own, own_marks), _cells(other, other_marks)
            for key in cells:
                counts[i, side, 6] += key != 0
                counts[i, side, 7] += key != 0 and other_cells[slot_of(other_cells, key)] == 0
    return counts


@inlined
def _count_lacked(
    own: NDArray[np.uint64],
    marks: NDArray[np.uint8],
    theirs: NDArray[np.uint64],
    their_marks: NDArray[np.uint8],
) -> tuple[int, int, int]:
    """Of the distinct tokens that another text lacks: numbers and names in a frame of it, and all that are no numbers."""
    known, neighbours = _tokens(theirs), _neighbours(theirs, their_marks)
    places, place_of = _places(own, marks)
    framed, seen = np.zeros(table_size(own.size), np.uint64), np.zeros(table_size(own.size), np.uint64)
    numbers, names, words = 0, 0, 0
    for j in range(own.size):
        key = own[j] | LOWEST_BIT
        if known[slot_of(known, key)] != 0:
            continue
        if marks[j] & NUMBER == 0 and seen[slot_of(seen, key)] == 0:
            seen[slot_of(seen, key)] = key
            words += 1
        is_open = marks[j] & _FACT > 0 and framed[slot_of(framed, key)] == 0
        if is_open and _is_framed(places, place_of[j], neighbours):
            framed[slot_of(framed, key)] = key
            if marks[j] & NUMBER:
                numbers += 1
            else:
                names += 1
    return numbers, names, words


@inlined
def _cells(hashes: NDArray[np.uint64], marks: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """The distinct cells of a text as an open-addressed table."""
    keys = np.zeros(table_size(hashes.size), np.uint64)
    word, j = _EDGE, 0
    while j < hashes.size:
        if marks[j] & NUMBER == 0:
            word, j = hashes[j], j + 1
            continue
        state = word
        while j < hashes.size and marks[j] & NUMBER:
            state = state * SHINGLE_FACTOR + hashes[j]
            j += 1
        key = mix(state) | LOWEST_BIT
        keys[slot_of(keys, key)] = key
    return keys


@inlined
def _is_framed(places: NDArray[np.uint64], place: int, neighbours: NDArray[np.uint64]) -> bool:
    """Whether another text has the two places before one, and the two behind it."""
    before, behind = _two(places, place - 2), _two(places, place + 1)
    has_both: bool = (
        neighbours[slot_of(neighbours, before)] != 0 and neighbours[slot_of(neighbours, behind)] != 0
    )
    return has_both


@inlined
def _tokens(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The distinct tokens of a text as an open-addressed table."""
    keys = np.zeros(table_size(hashes.size), np.uint64)
    for j in range(hashes.size):
        key = hashes[j] | LOWEST_BIT
        keys[slot_of(keys, key)] = key
    return keys


@inlined
def _neighbours(hashes: NDArray[np.uint64], marks: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """The distinct pairs of neighbouring places of a text as an open-addressed table."""
    places, _ = _places(hashes, marks)
    keys = np.zeros(table_size(places.size), np.uint64)
    for first in range(places.size - 1):
        key = _two(places, first)
        keys[slot_of(keys, key)] = key
    return keys


@inlined
def _places(
    hashes: NDArray[np.uint64], marks: NDArray[np.uint8]
) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
    """The places of a text between two edges on either side, and the place of each token."""
    places, place_of = np.empty(hashes.size + 4, np.uint64), np.empty(hashes.size, np.int32)
    places[0], places[1] = _EDGE, _EDGE
    n, before = 2, 0
    for j in range(hashes.size):
        kind = NUMBER if marks[j] & NUMBER else marks[j] & NAME
        if kind == 0 or kind != before:
            places[n] = np.uint64(kind) if kind else hashes[j]
            n += 1
        place_of[j] = n - 1
        before = kind
    places[n], places[n + 1] = _EDGE, _EDGE
    return places[: n + 2], place_of


@inlined
def _two(places: NDArray[np.uint64], first: int) -> np.uint64:
    """A hash, never zero, of a place and the next."""
    return mix(places[first] * SHINGLE_FACTOR + places[first + 1]) | LOWEST_BIT
