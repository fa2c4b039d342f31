"""Texts cut into words and numbers as the patterns of `stories.vocabulary` find them, each distinct one once."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.kernels.compile import compiled, inlined
from pipeline.kernels.hashing import ZERO, mix

# Kinds of characters; those from LETTER to LOW are of words.
OTHER, LETTER, DIGIT, LOW, APOSTROPHE, MARK = range(6)
_SPACE, _LINE = 32, 10
_NONE = -1
_FACTOR = np.uint64(0x100000001B3)  # FNV's prime


class Cut(NamedTuple):
    """Tokens of texts: those of text k from ends[k] to ends[k + 1], each with its number and whether another follows it directly,
    with one space between. The distinct tokens, in the order in which they come first: the language of each, and its letters (UTF-8)
    from letter_ends[n] to letter_ends[n + 1].
    """

    tokens: NDArray[np.int64]
    followed: NDArray[np.bool_]
    ends: NDArray[np.int64]
    languages: NDArray[np.int64]
    letters: NDArray[np.uint8]
    letter_ends: NDArray[np.int32]


@compiled
def cut(
    content: NDArray[np.uint8],
    content_ends: NDArray[np.int64],
    languages: NDArray[np.int64],
    is_cut: NDArray[np.bool_],
    kinds: NDArray[np.uint8],
    most: int,
) -> Cut:
    """The first tokens of texts, at most `most` of each; text k is content[content_ends[k]:content_ends[k + 1]], in UTF-8.

    A text that `is_cut` has a token on each line, with a space behind where another follows. `kinds` are those of characters, by
    code point; the same token of two of `languages` counts as two.
    """
    n = languages.size
    room = min(n * most, content.size)
    starts, stops = np.empty(room, np.int64), np.empty(room, np.int64)
    followed, ends, size = np.empty(room, np.bool_), np.zeros(n + 1, np.int64), 0
    for k in range(n):
        at, stop, last = content_ends[k], content_ends[k + 1], size + most
        while at < stop and size < last:
            end = _end_of_line(content, at, stop) if is_cut[k] else _end(content, at, stop, kinds)
            if end == _NONE:
                at += _kind(content, at, stop, kinds)[1]
                continue
            is_followed = content[end - 1] == _SPACE if is_cut[k] else _is_followed(content, end, stop, kinds)
            starts[size], followed[size] = at, is_followed
            stops[size] = end - 1 if is_cut[k] and is_followed else end
            size += 1
            at = end + 1 if is_cut[k] else end
        ends[k + 1] = size
    tokens, firsts, of = _numbered(content, starts, stops, ends, languages)
    letters, letter_ends = _spelt(content, starts[firsts], stops[firsts])
    return Cut(tokens, followed[:size].copy(), ends, languages[of], letters, letter_ends)


@inlined
def _kind(content: NDArray[np.uint8], at: int, stop: int, kinds: NDArray[np.uint8]) -> tuple[int, int]:
    """The kind of the character that begins there, and how many bytes it has; past the end of the text, OTHER."""
    if at >= stop:
        return OTHER, 1
    byte = np.int64(content[at])
    if byte < 0x80:
        return int(kinds[byte]), 1
    width = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
    point = byte & (0x7F >> width)
    for k in range(1, width):
        point = (point << 6) | (np.int64(content[at + k]) & 0x3F)
    return (int(kinds[point]) if point < kinds.size else OTHER), width


@inlined
def _is_of_word(content: NDArray[np.uint8], at: int, stop: int, kinds: NDArray[np.uint8]) -> bool:
    return LETTER <= _kind(content, at, stop, kinds)[0] <= LOW


@inlined
def _is_followed(content: NDArray[np.uint8], end: int, stop: int, kinds: NDArray[np.uint8]) -> bool:
    return end < stop and content[end] == _SPACE and _is_of_word(content, end + 1, stop, kinds)


@inlined
def _end_of_line(content: NDArray[np.uint8], at: int, stop: int) -> int:
    while at < stop and content[at] != _LINE:
        at += 1
    return at


@inlined
def _end(content: NDArray[np.uint8], at: int, stop: int, kinds: NDArray[np.uint8]) -> int:
    """Where the token that begins there ends; _NONE where none does."""
    kind = _kind(content, at, stop, kinds)[0]
    if kind == DIGIT:
        end = _end_of_number(content, at, stop, kinds)
        if end != _NONE:
            return end
    return _end_of_word(content, at, stop, kinds) if LETTER <= kind <= LOW else _NONE


@inlined
def _end_of_number(content: NDArray[np.uint8], at: int, stop: int, kinds: NDArray[np.uint8]) -> int:
    r"""Where `\d+(?:[.,]\d+)*` without a letter behind it ends. Before a letter the pattern gives back what it took last: a digit or,
    where that was the only one, the mark before it as well.
    """
    last, mark, n_digits = at, _NONE, 0
    while True:
        kind, width = _kind(content, at, stop, kinds)
        if kind == DIGIT:
            last, at, n_digits = at, at + width, n_digits + 1
        elif kind == MARK and _kind(content, at + width, stop, kinds)[0] == DIGIT:
            mark, at, n_digits = at, at + width, 0
        else:
            break
    if kind != LETTER:
        return at
    return last if n_digits > 1 else mark


@inlined
def _end_of_word(content: NDArray[np.uint8], at: int, stop: int, kinds: NDArray[np.uint8]) -> int:
    """Where a run of letters, digits and low lines ends, with the runs behind it that an apostrophe joins to it."""
    while True:
        kind, width = _kind(content, at, stop, kinds)
        is_joined = kind == APOSTROPHE and _is_of_word(content, at + width, stop, kinds)
        if not (LETTER <= kind <= LOW or is_joined):
            return at
        at += width


@inlined
def _numbered(
    content: NDArray[np.uint8],
    starts: NDArray[np.int64],
    stops: NDArray[np.int64],
    ends: NDArray[np.int64],
    languages: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The number of each token; of each distinct one, which token is the first and of which text."""
    size, slots = ends[-1], 1
    while slots < 2 * size:
        slots *= 2
    table, mask = np.zeros(slots, np.int32), np.uint64(slots - 1)  # numbers from 1
    tokens, firsts, of = np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size, np.int64)
    n = 0
    for k in range(languages.size):
        for token in range(ends[k], ends[k + 1]):
            slot = _hashed(content, starts[token], stops[token], languages[k]) & mask
            while table[slot] != 0 and not (
                languages[of[table[slot] - 1]] == languages[k]
                and _are_same(content, starts, stops, firsts[table[slot] - 1], token)
            ):
                slot = (slot + np.uint64(1)) & mask
            if table[slot] == 0:
                firsts[n], of[n] = token, k
                n += 1
                table[slot] = n
            tokens[token] = table[slot] - 1
    return tokens, firsts[:n], of[:n]


@inlined
def _hashed(content: NDArray[np.uint8], start: int, stop: int, language: int) -> np.uint64:
    state = ZERO | np.uint64(language)
    for at in range(start, stop):
        state = (state ^ np.uint64(content[at])) * _FACTOR
    return mix(state)


@inlined
def _are_same(
    content: NDArray[np.uint8], starts: NDArray[np.int64], stops: NDArray[np.int64], one: int, two: int
) -> bool:
    size, k = stops[one] - starts[one], 0
    if size != stops[two] - starts[two]:
        return False
    while k < size and content[starts[one] + k] == content[starts[two] + k]:
        k += 1
    return bool(k == size)


@inlined
def _spelt(
    content: NDArray[np.uint8], starts: NDArray[np.int64], stops: NDArray[np.int64]
) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """The letters of some tokens, and where those of each end."""
    letters, ends, size = np.empty((stops - starts).sum(), np.uint8), np.zeros(starts.size + 1, np.int32), 0
    for n in range(starts.size):
        for at in range(starts[n], stops[n]):
            letters[size] = content[at]
            size += 1
        ends[n + 1] = size
    return letters, ends
