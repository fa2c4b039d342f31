"""Texts as tokens: UTF-8 buffers in; words, characters, hashes and facts out, as `text.tokens` defines them.

`text.tokens` defines in plain Python what these loops must equal, bit for bit.
"""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.kernels.compile import inlined
from pipeline.kernels.hashing import (
    BIGRAM_UNITS,
    BRACKET,
    FACTOR,
    POWERS,
    SHINGLE_WORDS,
    U0,
    U1,
    UNITS,
    WORD_UNITS,
    mix,
    token_hash,
)
from pipeline.model.arrow import memory
from pipeline.text import scripts, tokens

_BREAK, _WORD, _CHAR = scripts.BREAK, scripts.WORD, scripts.CHAR
_IGNORED, _MARK_OF = scripts.IGNORED, scripts.MARK
_EXPANDED, _CONTEXT, _DIGIT = tokens.EXPANDED, tokens.CONTEXT, tokens.DIGIT
_TAG_FIRST, _TAG_LAST = scripts.TAGS
_MOST_GROWTH = 11  # bytes of folded text per byte: U+FDFA, 3 bytes, becomes 33

# What a byte of folded text is, beside its class (0 to 2) in the two lowest bits
_IS_DIGIT, _IS_UPPER, _ENDS_SENTENCE, _ENDS_LINE, _QUOTES = 4, 8, 16, 32, 64
# Quotation marks as they stand in folded text: one that opens or closes by its place, «, one that opens, one that closes
_MARK, _GUILLEMET, _OPENING, _CLOSING = 34, 35, 60, 62

# What a token is, beyond its hash
NUMBER, NAME, QUOTED = 1, 2, 4


def buffers(texts: pa.Array) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """Data and offsets of a string array, whatever slice of them it shows; a null is an empty text."""
    _, offsets, data = texts.buffers()
    if not len(texts):
        return np.zeros(0, np.uint8), np.zeros(1, np.int32)
    bounds = np.frombuffer(memory(offsets), np.int32, len(texts) + 1, texts.offset * 4)
    return np.frombuffer(memory(data), np.uint8) if data is not None and data.size else np.zeros(
        0, np.uint8
    ), bounds


def normalised(texts: pa.Array, rows: NDArray[np.int64]) -> pa.Array:
    """These rows as `scripts.seen` has them: for texts with characters whose form depends on their neighbours."""
    return pa.array(map(scripts.seen, texts.take(pa.array(rows)).to_pylist()), pa.string())


@inlined
def _decode(data, at, stop):
    """A code point that takes more than one byte, and where the next begins."""
    first = np.int32(data[at])
    if first < 0xE0:
        size, point = 2, first & 0x1F
    elif first < 0xF0:
        size, point = 3, first & 0x0F
    else:
        size, point = 4, first & 0x07
    for n in range(at + 1, min(at + size, stop)):
        point = (point << 6) | (np.int32(data[n]) & 0x3F)
    return point, at + size


@inlined
def _encode(point, out, at):
    """Write a code point as UTF-8; where the next begins."""
    if point < 0x80:
        out[at] = point
        return at + 1
    if point < 0x800:
        out[at] = 0xC0 | (point >> 6)
        out[at + 1] = 0x80 | (point & 0x3F)
        return at + 2
    if point < 0x10000:
        out[at] = 0xE0 | (point >> 12)
        out[at + 1] = 0x80 | ((point >> 6) & 0x3F)
        out[at + 2] = 0x80 | (point & 0x3F)
        return at + 3
    out[at] = 0xF0 | (point >> 18)
    out[at + 1] = 0x80 | ((point >> 12) & 0x3F)
    out[at + 2] = 0x80 | ((point >> 6) & 0x3F)
    out[at + 3] = 0x80 | (point & 0x3F)
    return at + 4


@inlined
def _break(point):
    """What stands in folded text, and of what kind, for a character beyond ASCII that divides."""
    if (
        point == 0xFF08
        or point == 0x300A
        or point == 0xFE35
        or point == 0xFE59
        or point == 0x207D
        or point == 0x208D
    ):
        return BRACKET, 0
    if point == 0xA0 or point == 0x3000 or 0x2000 <= point <= 0x200A or point == 0x202F:
        return 32, 0
    if 0x201C <= point <= 0x201F or point == 0xBB:
        return _MARK, _QUOTES
    if point == 0xAB:
        return _GUILLEMET, _QUOTES
    if point == 0x300C or point == 0x300E:
        return _OPENING, _QUOTES
    if point == 0x300D or point == 0x300F:
        return _CLOSING, _QUOTES
    return 45, _ENDS_SENTENCE if point == 0x2026 or point == 0x3002 else 0


@inlined
def _ascii_end(data, at, stop):
    """Where the run of ASCII that begins at `at` ends; most of the bytes of most texts are in one."""
    while at + 8 <= stop:
        i = np.uint64(at)
        every = data[i] | data[i + np.uint64(1)] | data[i + np.uint64(2)] | data[i + np.uint64(3)]
        every |= (
            data[i + np.uint64(4)] | data[i + np.uint64(5)] | data[i + np.uint64(6)] | data[i + np.uint64(7)]
        )
        if every >= 128:
            break
        at += 8
    while at < stop and data[at] < 128:
        at += 1
    return at


@inlined
def _fold_ascii(data, out, kinds):
    """Fold ASCII without looking anything up, which the machine does for 32 bytes at once."""
    for i in range(data.size):
        byte = data[i]
        upper, lower = np.uint8(np.uint8(byte - 65) < 26), np.uint8(np.uint8(byte - 97) < 26)
        digit = np.uint8(np.uint8(byte - 48) < 10)
        ends = (
            np.uint8(byte == 46) | np.uint8(byte == 33) | np.uint8(byte == 63) | np.uint8(byte == 58)
        )  # . ! ? :
        out[i] = byte | np.uint8(upper << 5)
        kinds[i] = (
            (upper | lower | digit)
            | np.uint8(digit << 2)
            | np.uint8(upper << 3)
            | np.uint8(ends << 4)
            | np.uint8(np.uint8(byte == 10) << 5)
            | np.uint8(np.uint8(byte == 34) << 6)
        )


@inlined
def _fold(data, start, stop, table, is_normal, out, kinds):
    """Write data[start:stop] folded into `out`, what each byte is into `kinds`.

    Returns the number of bytes, or -1 for a text that must be normalised first.
    """
    size, order, at, opened = np.int64(0), 0, start, False
    while at < stop:
        first = at
        at = _ascii_end(data, first, stop)
        if at > first:
            _fold_ascii(data[first:at], out[size : size + at - first], kinds[size : size + at - first])
            size, order, opened = size + at - first, 0, data[at - 1] == BRACKET
        if at == stop:
            break
        raw, at = _decode(data, at, stop)
        if raw >= table.classes.size:
            if not _TAG_FIRST <= raw <= _TAG_LAST:
                order = 0
                out[size], kinds[size] = 45, 0
                size += 1
            continue
        kind, point = np.int64(table.classes[raw]), table.folds[raw]
        if kind == _WORD or kind == _CHAR:  # most characters: a letter that nothing beside it changes
            if opened and not is_normal and 0x3041 <= point <= 0x30FF:
                return -1  # Kana in brackets: a reading, perhaps
            after = _encode(point, out, size)
            kinds[size:after] = kind | (_IS_UPPER if point != raw else 0)
            size, order, opened = after, 0, False
            continue
        its_order = np.int64(table.combining[raw])
        if not is_normal and ((kind & _CONTEXT) or (0 < its_order < order and kind != _IGNORED)):
            return -1
        if kind == _IGNORED:  # as if it were not there
            continue
        order = its_order
        flags = (_IS_DIGIT if kind & _DIGIT else 0) | (_IS_UPPER if point != raw else 0)
        kind &= 7
        if kind == _EXPANDED:
            for n in range(point + 1, point + 1 + table.expansions[point]):
                part = table.expansions[n]
                size = _write(part, np.int64(table.classes[part]) & 7, flags, out, kinds, size)
        else:
            size = _write(point, kind, flags, out, kinds, size)
        opened = size > 0 and out[size - 1] == BRACKET
    return size


@inlined
def _write(point, kind, flags, out, kinds, size):
    """Append one folded character."""
    if kind == _MARK_OF and size > 0:
        kind = np.int64(kinds[size - 1]) & 3  # none after a break
    elif kind == _BREAK:
        out[size], kinds[size] = _break(point)
        return size + 1
    if kind == _WORD or kind == _CHAR:
        stop = _encode(point, out, size)
        kinds[size:stop] = kind | flags
        return stop
    return size


@inlined
def _edges(kinds, size, edges):
    """Where the class of the bytes changes, the beginning and the end included; how many there are, less one."""
    n, last = 0, np.uint8(255)
    for i in range(size):
        kind = kinds[i] & np.uint8(3)
        edges[n] = i
        n += kind != last
        last = kind
    edges[n] = size
    return n


@inlined
def _bigrams(out, start, stop, n, hashes, units):
    """Append the bigrams of a run of characters, or the one character that it is; the number of tokens then."""
    before, at = start, start
    while at < stop:
        after = at + 1
        while after < stop and (out[after] & 0xC0) == 0x80:
            after += 1
        if at > start or after == stop:
            hashes[n] = token_hash(out, before, after)
            units[n] = BIGRAM_UNITS
            n += 1
        before, at = at, after
    return n


@inlined
def _quotation(mark, before, is_word_next):
    """Whether text after this mark is quoted (QUOTED or 0).

    Which mark opens and which closes differs by language (“English”, „deutsch“, »deutsch«, « français », ”svenska”),
    so it is told from what stands beside the mark.
    """
    if mark == _OPENING or mark == _CLOSING:
        return QUOTED if mark == _OPENING else 0
    after_space = before <= 32 or before == 40 or before == 91  # ( [
    return QUOTED if after_space and (is_word_next or mark == _GUILLEMET) else 0


@inlined
def tokenise(data, start, stop, table, is_normal, room, marks):
    """Fill the first two arrays of `room`, and `marks` if it has room, with the tokens of data[start:stop].

    Returns their number, or -1 for a text that must be normalised first.
    """
    hashes, units, out, kinds, edges = room
    size = _fold(data, start, stop, table, is_normal, out, kinds)
    if size < 0:
        return -1
    marking, n = marks.size > 0, np.int64(0)
    quoted, opening = 0, True
    for edge in range(_edges(kinds, size, edges)):
        first, last = np.int64(edges[edge]), np.int64(edges[edge + 1])
        kind = kinds[first] & 3
        if kind == _WORD:
            hashes[n] = token_hash(out, first, last)
            units[n] = WORD_UNITS
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
            for i in range(first, last):
                if kinds[i] & _QUOTES:
                    before = out[i - 1] if i > 0 else 32
                    quoted = _quotation(out[i], before, i + 1 < size and (kinds[i + 1] & 3) > 0)
                    opening |= quoted > 0
                elif kinds[i]:
                    opening = True
                    quoted = 0 if kinds[i] == _ENDS_LINE else quoted
    return n


@inlined
def _fact(kind, opening):
    """NUMBER, NAME or 0 for a word, from its first byte; a capital that opens a sentence says nothing."""
    if kind & _IS_DIGIT:
        return NUMBER
    return NAME if kind & _IS_UPPER and not opening else 0


@inlined
def room_for(longest):
    """Scratch for texts of so many bytes; pages that are not written to take no memory."""
    most = _MOST_GROWTH * longest + 64
    return (
        np.empty(2 * longest + 64, np.uint64),
        np.empty(2 * longest + 64, np.uint8),
        np.empty(most, np.uint8),
        np.empty(most, np.uint8),
        np.empty(most, np.int32),
    )


@inlined
def shingle(hashes, units, n, out):
    """Fill `out` with the hashes of the shingles of n tokens; their number."""
    n_words = 0
    for i in range(n):
        n_words += units[i] == WORD_UNITS
    if n_words == n and n >= SHINGLE_WORDS:
        return _shingle_words(hashes, n, out)
    m, stop, held = 0, 0, 0
    state = U0
    for first in range(n):
        while stop < n and held < UNITS:
            state = state * FACTOR + hashes[stop]
            held += units[stop]
            stop += 1
        if held < UNITS:
            if first == 0:
                out[0] = mix(state)
                m = 1
            break
        out[m] = mix(state)
        m += 1
        state -= hashes[first] * POWERS[stop - first - 1]
        held -= units[first]
    return m


@inlined
def _shingle_words(hashes, n, out):
    """As _shingle where every token is a word: each sum by itself, so that none waits for the one before."""
    m = n - SHINGLE_WORDS + 1
    for first in range(m):
        i = np.uint64(first)
        out[first] = mix(
            hashes[i] * POWERS[4]
            + hashes[i + np.uint64(1)] * POWERS[3]
            + hashes[i + np.uint64(2)] * POWERS[2]
            + hashes[i + np.uint64(3)] * POWERS[1]
            + hashes[i + np.uint64(4)]
        )
    return m


@inlined
def words_hash(hashes, n):
    state = np.uint64(n)
    for i in range(n):
        state = state * FACTOR + hashes[i]
    return np.int64(mix(state) | U1)


@inlined
def longest_text(offsets, rows):
    longest, total = 0, 0
    for row in rows:
        size = offsets[row + 1] - offsets[row]
        longest = max(longest, size)
        total += size
    return longest, total
