"""Text as tokens and shingles, in plain Python: the definition that the compiled kernel must equal.

A text is folded (Unicode NFKC, then full case folding; UAX 15 and 21) and cut into tokens. Letters, marks and
digits make words; runs of Han, Kana, Thai, Lao, Khmer and Burmese letters, which are written without spaces,
make overlapping bigrams of characters. Everything else divides. A shingle is a run of tokens that holds ten
units, where a word counts two and a bigram one: five words, or eleven characters of an unspaced script.

Shingles are hashed from the hashes of their tokens, so that each token is hashed once and not five times.
`shingle_hash` is the function to give to `datasketch.MinHash` as `hashfunc`.
"""

import unicodedata
from bisect import bisect_right
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

NORMALISER = "nfkc-casefold-1"  # changes with everything in this module that changes a hash

WORD_UNITS = 2
BIGRAM_UNITS = 1
SHINGLE_UNITS = 10

# Where no spaces stand between words. Digits in these blocks make words all the same.
UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Burmese
    (0x1780, 0x17FF),  # Khmer
    (0x3005, 0x3007),  # Han: iteration mark, closing mark, zero
    (0x3041, 0x30FF),  # Hiragana, Katakana
    (0x31F0, 0x31FF),  # Katakana extensions
    (0x3400, 0x4DBF),  # Han
    (0x4E00, 0x9FFF),  # Han
    (0xA9E0, 0xA9FF),  # Burmese
    (0xAA60, 0xAA7F),  # Burmese
    (0xF900, 0xFAFF),  # Han: compatibility
    (0x1B000, 0x1B16F),  # Kana
    (0x20000, 0x3FFFF),  # Han
)

_EDGES = [edge for low, high in UNSPACED for edge in (low, high + 1)]
# Long ranges whose characters are what they look like: nothing to ask `unicodedata` for.
_PLAIN = (
    (0x3400, 0x4DBF, 2),  # Han
    (0x4E00, 0x9FFC, 2),
    (0xAC00, 0xD7A3, 1),  # Hangul syllables
    (0xD800, 0xF8FF, 0),  # surrogates, private use
    (0x20000, 0x2A6DD, 2),  # Han
    (0x2A700, 0x2B734, 2),
    (0x2B740, 0x2B81D, 2),
    (0x2B820, 0x2CEA1, 2),
    (0x2CEB0, 0x2EBE0, 2),
    (0x30000, 0x3134A, 2),
)

MASK = (1 << 64) - 1
# Odd 64-bit multipliers: the golden ratio's, and those of MurmurHash3's 64-bit finaliser.
TOKEN_SEED = 0x9E3779B97F4A7C15
TOKEN_FACTOR = 0xD6E8FEB86659FD93
SHINGLE_FACTOR = 0x9E3779B97F4A7C15
MIX_1 = 0xFF51AFD7ED558CCD
MIX_2 = 0xC4CEB9FE1A85EC53

_NOTHING = frozenset(
    ("Cn", "Cc", "Co", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "So", "Zs", "Zl", "Zp")
)
# Classes of characters; the last two are added: may change with what stands before it; is a decimal digit.
BREAK, WORD, CHAR, IGNORED, EXPANDED, CONTEXT, DIGIT = 0, 1, 2, 3, 4, 8, 16
TABLE_SIZE = 0x32400  # what stands beyond it is no text but tags and selectors, at TAGS
TAGS = (0xE0000, 0xE0FFF)


def fold(text: str) -> str:
    """NFKC, then full case folding."""
    return unicodedata.normalize("NFKC", text).casefold()


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


def classify(character: str) -> int:
    """BREAK, WORD, CHAR (of an unspaced script) or IGNORED, for one folded character."""
    point, category = ord(character), unicodedata.category(character)
    if category == "Cf" or 0xFE00 <= point <= 0xFE0F or TAGS[0] <= point <= TAGS[1]:
        return IGNORED  # joiners, soft hyphens, variation selectors
    if category[0] not in "LMN":
        return BREAK
    inside = bisect_right(_EDGES, point) % 2 == 1
    return CHAR if inside and category != "Nd" else WORD


class Tables(NamedTuple):
    """What the kernel knows of Unicode, by code point below TABLE_SIZE.

    `fold` of an EXPANDED character is the place of its expansion in `expansions`: length, then code points.
    """

    classes: NDArray[np.uint8]
    folds: NDArray[np.int32]
    combining: NDArray[np.uint8]  # canonical combining class
    expansions: NDArray[np.int32]


@cache
def tables() -> Tables:
    """Built from `unicodedata` on first use, in some 0.1 s."""
    classes = np.zeros(TABLE_SIZE, np.uint8)
    folds = np.arange(TABLE_SIZE, dtype=np.int32)
    combining = np.zeros(TABLE_SIZE, np.uint8)
    expansions: list[int] = []
    plain = np.zeros(TABLE_SIZE, bool)
    plain[ord("\n")] = True
    for first, last, kind in _PLAIN:
        plain[first : last + 1] = True
        classes[first : last + 1] = kind
    points = np.flatnonzero(~plain).tolist()
    # A line feed composes with nothing and moves nothing: one call normalises all characters.
    normal = unicodedata.normalize("NFKC", "\n".join(map(chr, points))).split("\n")
    composing = _composing()
    for point, nfkc in zip(points, normal, strict=True):
        if len(nfkc) == 1 and unicodedata.category(nfkc) in _NOTHING:
            continue
        result = nfkc.casefold()
        if len(result) == 1:
            classes[point], folds[point] = classify(result), ord(result)
            if unicodedata.category(result) == "Nd":
                classes[point] |= DIGIT
        else:
            classes[point], folds[point] = EXPANDED, len(expansions)
            expansions += [len(result), *map(ord, result)]
        combining[point] = unicodedata.combining(nfkc[0])
        if nfkc[0] in composing or (len(nfkc) > 1 and any(map(unicodedata.combining, nfkc))):
            classes[point] |= CONTEXT
    return Tables(classes, folds, combining, np.array(expansions, np.int32))


def _composing() -> set[str]:
    """Characters that may compose with one before them: second parts of canonical pairs, and vowels and finals of Hangul."""
    parts = (unicodedata.decomposition(chr(p)).split() for p in range(0x11FFF) if not 0x3400 <= p < 0xF900)
    seconds = {chr(int(p[1], 16)) for p in parts if len(p) == 2 and p[0][0] != "<"}
    return seconds | {chr(p) for p in (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))}


def _units(text: str) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    run, kind = "", BREAK
    for character in [*fold(text), "\n"]:
        its_kind = classify(character)
        if its_kind == IGNORED:
            continue
        if its_kind != kind:
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
