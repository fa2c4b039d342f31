"""Characters as folded bytes: UTF-8 in, and for each byte of what comes out what kind of character it belongs to.

`text.scripts` and `text.tokens` define in plain Python what these loops must equal, bit for bit.
"""

import numpy as np
from numpy.typing import NDArray

from pipeline.kernels.compile import inlined
from pipeline.text import scripts, tokens

_BREAK, _WORD, _CHAR = scripts.BREAK, scripts.WORD, scripts.CHAR
_IGNORED, _MARK_OF = scripts.IGNORED, scripts.MARK
_EXPANDED, _CONTEXT, _DIGIT = tokens.EXPANDED, tokens.CONTEXT, tokens.DIGIT
_CLASS = 7  # the bits of a character's class, without the flags beside it
_TAG_FIRST, _TAG_LAST = scripts.TAGS
MOST_GROWTH = 11  # bytes of folded text per byte: U+FDFA, 3 bytes, becomes 33

# What a byte of folded text is: its class (0 to 2) in the two lowest bits, and beside it
WORD_OR_CHAR = 3
IS_DIGIT, IS_UPPER, _ENDS_SENTENCE, ENDS_LINE, QUOTES = 4, 8, 16, 32, 64
# Signs as they stand in folded text: spaces, quotation marks that open or close by their place, «, marks that open, marks that
# close, brackets that open, and all others. ASCII stands as it is.
SPACE, _MARK, GUILLEMET, OPENING, CLOSING, BRACKET, _SIGN = (ord(sign) for sign in ' "#<>(-')
_BRACKETS = tuple(ord(sign) for sign in "（《︵﹙⁽₍")
_SPACES = tuple(ord(sign) for sign in "\u00a0\u202f\u3000")
_OPENING_MARKS, _CLOSING_MARKS = tuple(ord(sign) for sign in "「『"), tuple(ord(sign) for sign in "」』")
_ENDS = tuple(ord(sign) for sign in "…。")


@inlined
def _decode(data: NDArray[np.uint8], at: int, stop: int) -> tuple[int, int]:
    """A code point that takes more than one byte, and where the next begins."""
    first = data[at]
    if first < 0xE0:
        size, point = 2, first & 0x1F
    elif first < 0xF0:
        size, point = 3, first & 0x0F
    else:
        size, point = 4, first & 0x07
    for n in range(at + 1, min(at + size, stop)):
        point = (point << 6) | (data[n] & 0x3F)
    return point, at + size


@inlined
def _encode(point: int, out: NDArray[np.uint8], at: int) -> int:
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
def _break(point: int) -> tuple[int, int]:
    """What stands in folded text, and of what kind, for a character beyond ASCII that divides."""
    if point in _BRACKETS:
        return BRACKET, 0
    if 0x2000 <= point <= 0x200A or point in _SPACES:
        return SPACE, 0
    mark = _quotation_mark(point)
    if mark:
        return mark, QUOTES
    return _SIGN, _ENDS_SENTENCE if point in _ENDS else 0


@inlined
def _quotation_mark(point: int) -> int:
    """What stands in folded text for a quotation mark beyond ASCII; 0 for any other character."""
    if 0x201C <= point <= 0x201F or point == 0xBB:  # “ ” „ ‟ »
        return _MARK
    if point == 0xAB:
        return GUILLEMET
    if point in _OPENING_MARKS:
        return OPENING
    return CLOSING if point in _CLOSING_MARKS else 0


@inlined
def _may_be_reading(point: int) -> bool:
    """Whether a character is Kana: behind a bracket that opens it may be the reading of the word before."""
    return 0x3041 <= point <= 0x30FF


@inlined
def _ascii_end(data: NDArray[np.uint8], at: int, stop: int) -> int:
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
def _fold_ascii(data: NDArray[np.uint8], out: NDArray[np.uint8], kinds: NDArray[np.uint8]) -> None:
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
def fold(
    data: NDArray[np.uint8],
    start: int,
    stop: int,
    table: tokens.Tables,
    is_normal: bool,
    out: NDArray[np.uint8],
    kinds: NDArray[np.uint8],
) -> int:
    """Write data[start:stop] folded into `out`, what each byte is into `kinds`.

    Returns the number of bytes, or -1 for a text that must be normalised first.
    """
    size, order, at, opened = 0, 0, start, False
    while at < stop:
        if data[at] < 128:
            first, at = at, _ascii_end(data, at, stop)
            _fold_ascii(data[first:at], out[size : size + at - first], kinds[size : size + at - first])
            size, order, opened = size + at - first, 0, data[at - 1] == BRACKET
            continue
        raw, at = _decode(data, at, stop)
        if raw >= table.classes.size:
            after = _write_beyond(raw, out, kinds, size)
            size, order = after, order if after == size else 0
            continue
        kind, point = table.classes[raw], table.folds[raw]
        if kind in (_WORD, _CHAR):  # most characters: a letter that nothing beside it changes
            if opened and not is_normal and _may_be_reading(point):
                return -1
            after = _encode(point, out, size)
            kinds[size:after] = kind | (IS_UPPER if point != raw else 0)
            size, order, opened = after, 0, False
            continue
        its_order = table.combining[raw]
        if not is_normal and ((kind & _CONTEXT) or (0 < its_order < order and kind != _IGNORED)):
            return -1
        if kind == _IGNORED:  # as if it were not there
            continue
        order = its_order
        flags = (IS_DIGIT if kind & _DIGIT else 0) | (IS_UPPER if point != raw else 0)
        kind &= _CLASS
        if kind == _EXPANDED:
            for n in range(point + 1, point + 1 + table.expansions[point]):
                part = table.expansions[n]
                size = _write(part, table.classes[part] & _CLASS, flags, out, kinds, size)
        else:
            size = _write(point, kind, flags, out, kinds, size)
        opened = size > 0 and out[size - 1] == BRACKET
    return size


@inlined
def _write_beyond(point: int, out: NDArray[np.uint8], kinds: NDArray[np.uint8], size: int) -> int:
    """Append what stands for a character beyond the tables: nothing for a tag or a selector, a sign for any other."""
    if _TAG_FIRST <= point <= _TAG_LAST:
        return size
    out[size], kinds[size] = _SIGN, 0
    return size + 1


@inlined
def _write(
    point: int, kind: int, flags: int, out: NDArray[np.uint8], kinds: NDArray[np.uint8], size: int
) -> int:
    """Append one folded character; how many bytes there are then."""
    if kind == _MARK_OF and size > 0:
        kind = kinds[size - 1] & WORD_OR_CHAR  # none after a break
    elif kind == _BREAK:
        out[size], kinds[size] = _break(point)
        return size + 1
    if kind in (_WORD, _CHAR):
        stop = _encode(point, out, size)
        kinds[size:stop] = kind | flags
        return stop
    return size
