"""Text as the words that are looked up: those of `text.scripts`, with runs of letters cut where no space parts words.

Scripts that are written without spaces, and Korean, whose words carry their particles, give overlapping pairs of characters, and the last
character of each run alone: 東京都 is 東京, 京都, 都. So every character begins one word, a run of characters is a phrase, and one character is
the beginning of a word.
"""

from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise
from typing import NamedTuple

from pipeline.text import scripts

FORM = "words 1"  # changes with everything in this module that changes a word
_LONGEST = 100  # characters of a word; a longer one is no word of a language, and is known by its digest
KEPT = 40  # of these, so that words that begin alike stand together


class Piece(NamedTuple):
    """A folded word, or the part of it that is a run without spaces or is none."""

    text: str
    is_run: bool

    def words(self) -> list[str]:
        """As they stand in a text."""
        if not self.is_run:
            return [_short(self.text)]
        return [*(a + b for a, b in pairwise(self.text)), self.text[-1]]


class Word(NamedTuple):
    """A word as it is looked up, and where it stands in the text as it is written."""

    form: str
    start: int
    end: int


def words(text: str) -> list[str]:
    """The words of a text in their order."""
    return [word for piece in pieces(text) for word in piece.words()]


def pieces(text: str) -> list[Piece]:
    """What the words of a text are cut from."""
    return [piece for word in scripts.words(scripts.fold(text)) for piece in _cut(word)]


def placed(text: str) -> Iterator[Word]:
    """The words of a text with their places in it; where folding drops what stands between two words (a reading in brackets), they are
    two all the same.
    """
    for start, end in scripts.word_spans(text):
        written = text[start:end]
        found = _placed_cached(written) if end - start <= _LONGEST else _placed(written)
        for form, first, stop in found:
            yield Word(form, start + first, start + stop)


def _placed(written: str) -> tuple[Word, ...]:
    """The words that one word gives, with their places in it."""
    found, cut, at = [], pieces(written), 0
    origins = _origins(written, "".join(piece.text for piece in cut))
    for piece in cut:
        stop = at + len(piece.text)
        for n, word in enumerate(piece.words()):
            first, last = (at + n, at + n + len(word) - 1) if piece.is_run else (at, stop - 1)
            found.append(Word(word, origins[first][0], origins[last][1]))
        at = stop
    return tuple(found)


_placed_cached = lru_cache(maxsize=50_000)(_placed)  # words of a language come again and again


def _origins(written: str, folded: str) -> list[tuple[int, int]]:
    """From where to where the character stands that each folded one was made of; the whole where that is not known."""
    if len(written) == len(folded):
        return [(n, n + 1) for n in range(len(folded))]
    parts = [scripts.without_points(scripts.fold(character)) for character in written]
    if "".join(parts) != folded:
        return [(0, len(written))] * len(folded)
    return [(n, n + 1) for n, part in enumerate(parts) for _ in part]


def _cut(word: str) -> Iterator[Piece]:
    if scripts.is_plain(word):
        yield Piece(word, False)
        return
    for n, part in enumerate(scripts.GRAMMED.split(word)):
        if part:
            yield Piece(part, n % 2 == 1)


def _short(word: str) -> str:
    if len(word) <= _LONGEST:
        return word
    return word[:KEPT] + blake2b(word.encode(), digest_size=8).hexdigest()
