"""Text as tokens and shingles, in plain Python: the definition that the compiled kernel must equal.

A text is folded (Unicode NFKC, then full case folding; UAX 15 and 21) and cut into tokens, as `scripts` says what
a word is; runs of letters of the scripts that are written without spaces make overlapping bigrams of characters.
Everything else divides. A shingle is a run of tokens that holds ten units, where a word counts two and a bigram
one: five words, or eleven characters of an unspaced script.

Shingles are hashed from the hashes of their tokens, so that each token is hashed once and not five times.
`shingle_hash` is the function to give to `datasketch.MinHash` as `hashfunc`.
"""

from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import unicodedata2
from numpy.typing import NDArray

from pipeline.text import scripts
from pipeline.text.scripts import BREAK, CHAR, END, IGNORED, MARK, WORD

NORMALISER = "nfkc-casefold-2"  # changes with everything in this module that changes a hash

WORD_UNITS = 2
BIGRAM_UNITS = 1
SHINGLE_UNITS = 10

MASK = (1 << 64) - 1
# Odd 64-bit multipliers: the golden ratio's, and those of MurmurHash3's 64-bit finaliser.
TOKEN_SEED = 0x9E3779B97F4A7C15
TOKEN_FACTOR = 0xD6E8FEB86659FD93
SHINGLE_FACTOR = 0x9E3779B97F4A7C15
MIX_1 = 0xFF51AFD7ED558CCD
MIX_2 = 0xC4CEB9FE1A85EC53

# Classes of characters, beside those of `scripts`; the last two are added: may change with what stands before it; is a
# decimal digit.
EXPANDED, CONTEXT, DIGIT = 4, 8, 16


def tokenise(text: str) -> list[str]:
    """The tokens of `text` in their order."""
    return [token for token, _ in _units(text)]


def shingles(text: str) -> list[bytes]:
    """The shingles of `text` in their order, repeated ones too: tokens joined by a space, in UTF-8.

    A text that holds less than ten units gives one shingle of what is there; a text without a token gives none.
    """
    found = _units(text)
    tokens = [token for token, _ in found]
    ends = np.concatenate(([0], np.cumsum([units for _, units in found], dtype=np.int64)))
    stops = np.searchsorted(ends, ends[:-1] + SHINGLE_UNITS)  # tokens before which a shingle is full
    spans = [(start, stop) for start, stop in enumerate(stops.tolist()) if stop <= len(tokens)]
    if tokens and not spans:
        spans = [(0, len(tokens))]
    return [" ".join(tokens[start:stop]).encode() for start, stop in spans]


def shingle_hash64(shingle: bytes) -> int:
    """The 64-bit hash of one shingle.

    Token: h = TOKEN_SEED; for each 8 bytes of its UTF-8 (little-endian, the last filled up with zeros)
    h = (h ^ chunk) * TOKEN_FACTOR and h = h ^ (h >> 32). Shingle: s = s * SHINGLE_FACTOR + h over its tokens, from 0,
    then MurmurHash3's 64-bit finaliser. All modulo 2^64.
    """
    state = 0
    for token in shingle.decode().split(" "):
        state = (state * SHINGLE_FACTOR + _token_hash(token)) & MASK
    return _mix(state)


def shingle_hash(shingle: bytes) -> int:
    """The low 32 bits of `shingle_hash64`: what MinHash is fed with."""
    return shingle_hash64(shingle) & 0xFFFFFFFF


class Tables(NamedTuple):
    """What the kernel knows of Unicode, by code point below END.

    `fold` of an EXPANDED character is the place of its expansion in `expansions`: length, then code points.
    """

    classes: NDArray[np.uint8]
    folds: NDArray[np.int32]
    combining: NDArray[np.uint8]  # canonical combining class
    expansions: NDArray[np.int32]


@cache
def tables() -> Tables:
    """Built on first use, in some 0.1 s."""
    classes, combining = np.zeros(END, np.uint8), np.zeros(END, np.uint8)
    for kind, characters in scripts.KINDS:
        classes[_points(characters)] = kind
    for point in _points(r"\P{ccc=0}"):
        combining[point] = unicodedata2.combining(chr(point))
    classes[_points(r"\p{Nd}")] |= DIGIT
    composing = set(_points(r"\p{NFC_QC=Maybe}"))
    classes[list(composing)] |= CONTEXT
    folds, expansions = np.arange(END, dtype=np.int32), list[int]()
    for point in _points(r"\p{NFKC_QC=No}\p{CWCM}"):
        if classes[point] == IGNORED:
            continue
        nfkc, result = unicodedata2.normalize("NFKC", chr(point)), scripts.fold(chr(point))
        if len(result) > 1:
            classes[point], folds[point] = EXPANDED, len(expansions)
            expansions += [len(result), *map(ord, result)]
        elif scripts.kind(result) == BREAK:  # the kernel knows these as they are written
            continue
        else:
            folds[point] = ord(result)
            classes[point] = scripts.kind(result) | (DIGIT if unicodedata2.category(result) == "Nd" else 0)
        combining[point] = unicodedata2.combining(nfkc[0])
        if _hangs_on_neighbours(nfkc, composing):
            classes[point] |= CONTEXT
    return Tables(classes, folds, combining, np.array(expansions, np.int32))


def _hangs_on_neighbours(nfkc: str, composing: set[int]) -> bool:
    """Whether an expansion composes with what stands before, has marks to be put in order, or may begin a reading."""
    is_marked = len(nfkc) > 1 and any(map(unicodedata2.combining, nfkc))
    return is_marked or ord(nfkc[0]) in composing or (len(nfkc) > 1 and "ぁ" <= nfkc[0] <= "ヿ")


def _points(characters: str) -> list[int]:
    return [p for first, stop in scripts.spans(characters) for p in range(first, stop)]


def _units(text: str) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    run, kind = "", BREAK
    for character in [*scripts.fold(text), "\n"]:
        its_kind = scripts.kind(character)
        if its_kind == IGNORED:
            continue
        if its_kind not in {kind, MARK}:
            found += _cut(run, kind)
            run, kind = "", its_kind
        run += character
    return found


def _cut(run: str, kind: int) -> list[tuple[str, int]]:
    if kind == WORD:
        return [(run, WORD_UNITS)]
    if kind == CHAR and len(run) == 1:
        return [(run, BIGRAM_UNITS)]
    return [(a + b, BIGRAM_UNITS) for a, b in pairwise(run)] if kind == CHAR else []


def _token_hash(token: str) -> int:
    state, content = TOKEN_SEED, token.encode()
    for start in range(0, len(content), 8):
        state ^= int.from_bytes(content[start : start + 8], "little")
        state = (state * TOKEN_FACTOR) & MASK
        state ^= state >> 32
    return state


def _mix(value: int) -> int:
    """MurmurHash3's 64-bit finaliser."""
    value ^= value >> 33
    value = (value * MIX_1) & MASK
    value ^= value >> 33
    value = (value * MIX_2) & MASK
    return value ^ (value >> 33)
