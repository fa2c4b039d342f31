"""Texts as tokens and shingles: UTF-8 buffers in; hashes, units and marks out.

`text.tokens` defines in plain Python what these loops must equal, bit for bit.
"""

from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.kernels.compile import inlined
from pipeline.kernels.folding import (
    BRACKET,
    CLOSING,
    ENDS_LINE,
    GUILLEMET,
    IS_DIGIT,
    IS_UPPER,
    MOST_GROWTH,
    OPENING,
    QUOTES,
    SPACE,
    WORD_OR_CHAR,
    fold,
)
from pipeline.kernels.hashing import LOWEST_BIT, SHINGLE_FACTOR, ZERO, mix, token_hash
from pipeline.model import arrow
from pipeline.text import scripts, tokens

_WORD, _CHAR = scripts.WORD, scripts.CHAR
UNITS = tokens.SHINGLE_UNITS
_WORD_UNITS, _BIGRAM_UNITS = tokens.WORD_UNITS, tokens.BIGRAM_UNITS
_SHINGLE_WORDS = UNITS // _WORD_UNITS  # which `_shingle_words` writes out
_POWERS = np.array([pow(tokens.SHINGLE_FACTOR, n, 1 << 64) for n in range(UNITS + 1)], np.uint64)
_OPENING_SQUARE = ord("[")

# What a token is, beyond its hash
NUMBER, NAME, QUOTED = 1, 2, 4


class Strings(NamedTuple):
    """The texts of an Arrow string array: text i is data[offsets[i]:offsets[i + 1]], in UTF-8."""

    data: NDArray[np.uint8]
    offsets: NDArray[np.int32]


class Tokens(NamedTuple):
    """The tokens of some texts: those of text i stand from ends[i] to ends[i + 1]."""

    ends: NDArray[np.int64]
    hashes: NDArray[np.uint64]
    marks: NDArray[np.uint8]  # NUMBER, NAME and QUOTED, added


class Room(NamedTuple):
    """Scratch for one text at a time."""

    hashes: NDArray[np.uint64]  # of its tokens
    units: NDArray[np.uint8]  # of its tokens
    folded: NDArray[np.uint8]
    kinds: NDArray[np.uint8]  # of the folded bytes
    edges: NDArray[np.int32]  # where runs of one class begin


def strings(texts: arrow.Array) -> Strings:
    """The memory of a string array, whatever slice of it the array shows; a null is an empty text."""
    _, offsets, data = texts.buffers()
    if not len(texts):
        return Strings(np.zeros(0, np.uint8), np.zeros(1, np.int32))
    has_data = data is not None and data.size
    return Strings(
        np.frombuffer(arrow.memory(data), np.uint8) if has_data else np.zeros(0, np.uint8),
        np.frombuffer(arrow.memory(offsets), np.int32, len(texts) + 1, texts.offset * 4),
    )


def normalised(texts: arrow.Array, rows: NDArray[np.int64]) -> arrow.Array:
    """These rows as `scripts.seen` writes them: for texts with characters whose form depends on their neighbours."""
    return pa.array(map(scripts.seen, arrow.texts(texts.take(arrow.indices(rows)))), pa.string())


@inlined
def _edges(kinds: NDArray[np.uint8], size: int, edges: NDArray[np.int32]) -> int:
    """Where the class of the bytes changes, the beginning and the end included; how many there are, less one."""
    n, last = 0, np.uint8(255)
    for i in range(size):
        kind = kinds[i] & np.uint8(WORD_OR_CHAR)
        edges[n] = i
        n += kind != last
        last = kind
    edges[n] = size
    return n


@inlined
def _bigrams(
    out: NDArray[np.uint8],
    start: int,
    stop: int,
    n: int,
    hashes: NDArray[np.uint64],
    units: NDArray[np.uint8],
) -> int:
    """Append the bigrams of a run of characters, or the one character that it is; the number of tokens then."""
    before, at = start, start
    while at < stop:
        after = at + 1
        while after < stop and (out[after] & 0xC0) == 0x80:
            after += 1
        if at > start or after == stop:
            hashes[n] = token_hash(out, before, after)
            units[n] = _BIGRAM_UNITS
            n += 1
        before, at = at, after
    return n


@inlined
def _quotation(mark: int, before: int, is_word_next: bool) -> int:
    """Whether text after this mark is quoted (QUOTED or 0).

    Which mark opens and which closes differs by language (“English”, „deutsch“, »deutsch«, « français », ”svenska”),
    so what stands beside the mark decides.
    """
    if mark in (OPENING, CLOSING):
        return QUOTED if mark == OPENING else 0
    after_space = before <= SPACE or before in (BRACKET, _OPENING_SQUARE)
    return QUOTED if after_space and (is_word_next or mark == GUILLEMET) else 0


@inlined
def tokenise(
    data: NDArray[np.uint8],
    start: int,
    stop: int,
    table: tokens.Tables,
    is_normal: bool,
    room: Room,
    marks: NDArray[np.uint8],
) -> int:
    """Fill the hashes and units of `room`, and `marks` if it has room, with the tokens of data[start:stop].

    Returns their number, or -1 for a text that must be normalised first.
    """
    hashes, units, out, kinds, edges = room
    size = fold(data, start, stop, table, is_normal, out, kinds)
    if size < 0:
        return -1
    marking, n = marks.size > 0, 0
    quoted, opening = 0, True
    for edge in range(_edges(kinds, size, edges)):
        first, last = edges[edge], edges[edge + 1]
        kind = kinds[first] & WORD_OR_CHAR
        if kind == _WORD:
            hashes[n] = token_hash(out, first, last)
            units[n] = _WORD_UNITS
            if marking:
                marks[n] = quoted | _fact(kinds[first], opening)
                opening = False
            n += 1
        elif kind == _CHAR:
            before = n
            n = _bigrams(out, first, last, n, hashes, units)
            if marking:
                marks[before:n] = quoted
                opening = False
        elif marking:
            quoted, opening = _divide(out, kinds, first, last, size, quoted, opening)
    return n


@inlined
def _divide(
    out: NDArray[np.uint8],
    kinds: NDArray[np.uint8],
    first: int,
    last: int,
    size: int,
    quoted: int,
    opening: bool,
) -> tuple[int, bool]:
    """What the signs out[first:last] make of what follows: whether it is quoted, whether it opens a sentence."""
    for i in range(first, last):
        if kinds[i] & QUOTES:
            before = out[i - 1] if i > 0 else SPACE
            quoted = _quotation(out[i], before, i + 1 < size and (kinds[i + 1] & WORD_OR_CHAR) > 0)
            opening |= quoted > 0
        elif kinds[i]:
            opening = True
            quoted = 0 if kinds[i] == ENDS_LINE else quoted
    return quoted, opening


@inlined
def _fact(kind: int, opening: bool) -> int:
    """NUMBER, NAME or 0 for a word, from its first byte; a capital that opens a sentence says nothing."""
    if kind & IS_DIGIT:
        return NUMBER
    return NAME if kind & IS_UPPER and not opening else 0


@inlined
def room_for(longest: int) -> Room:
    """Scratch for texts of so many bytes; pages that are not written to take no memory."""
    most = MOST_GROWTH * longest + 64
    return Room(
        np.empty(2 * longest + 64, np.uint64),
        np.empty(2 * longest + 64, np.uint8),
        np.empty(most, np.uint8),
        np.empty(most, np.uint8),
        np.empty(most, np.int32),
    )


@inlined
def shingle(hashes: NDArray[np.uint64], units: NDArray[np.uint8], n: int, out: NDArray[np.uint64]) -> int:
    """Fill `out` with the hashes of the shingles of n tokens; their number."""
    n_words = 0
    for i in range(n):
        n_words += units[i] == _WORD_UNITS
    if n_words == n and n >= _SHINGLE_WORDS:
        return _shingle_words(hashes, n, out)
    m, stop, held = 0, 0, 0
    state = ZERO
    for first in range(n):
        while stop < n and held < UNITS:
            state = state * SHINGLE_FACTOR + hashes[stop]
            held += units[stop]
            stop += 1
        if held < UNITS:
            if first == 0:
                out[0] = mix(state)
                m = 1
            break
        out[m] = mix(state)
        m += 1
        state -= hashes[first] * _POWERS[stop - first - 1]
        held -= units[first]
    return m


@inlined
def _shingle_words(hashes: NDArray[np.uint64], n: int, out: NDArray[np.uint64]) -> int:
    """As `shingle` where every token is a word: each sum by itself, so that none waits for the one before."""
    m = n - _SHINGLE_WORDS + 1
    for first in range(m):
        i = np.uint64(first)
        out[first] = mix(
            hashes[i] * _POWERS[4]
            + hashes[i + np.uint64(1)] * _POWERS[3]
            + hashes[i + np.uint64(2)] * _POWERS[2]
            + hashes[i + np.uint64(3)] * _POWERS[1]
            + hashes[i + np.uint64(4)]
        )
    return m


@inlined
def words_hash(hashes: NDArray[np.uint64], n: int) -> np.int64:
    """One hash, never zero, of n tokens in their order."""
    state = np.uint64(n)
    for i in range(n):
        state = state * SHINGLE_FACTOR + hashes[i]
    return np.int64(mix(state) | LOWEST_BIT)


@inlined
def longest_text(offsets: NDArray[np.int32], rows: NDArray[np.int64]) -> tuple[int, int]:
    """Bytes of the longest of these texts, and of all."""
    longest, total = 0, 0
    for row in rows:
        size = offsets[row + 1] - offsets[row]
        longest = max(longest, size)
        total += size
    return longest, total
