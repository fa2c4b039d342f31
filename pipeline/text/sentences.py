"""Sentences: where a paragraph is cut, in every script."""

import re
from collections.abc import Iterator
from functools import lru_cache

from pipeline.text import dates, lexicon, scripts

_BOUNDARY = re.compile(  # a row of marks is tried where it begins alone: it may be as long as the text
    rf"(?<![{scripts.SPACED_MARKS}])[{scripts.SPACED_MARKS}]+[{scripts.CLOSING_MARKS}]*\s+|[{scripts.UNSPACED_MARKS}]+[」』”’）]*\s*"
)
_LAST_WORD = re.compile(rf"(\S+?)\.[{scripts.CLOSING_MARKS}]*\s+$")
_INITIALS = scripts.pattern(r"[^\W\d_](?:\.[^\W\d_])*")
_DAY = re.compile(r"\d{1,2}")
_NEXT_WORD = scripts.pattern(r"\w+")
_LOOKED_AT = 40  # characters before a stop: the last word
_LEAST_WORDS = 4  # what is shorter is a place, a name, the beginning of a quotation


@lru_cache(maxsize=20_000)
def split(line: str) -> tuple[str, ...]:
    """A paragraph cut into sentences, in any script, each with one space between words."""
    return tuple(_sentences(line))


def _sentences(line: str) -> Iterator[str]:
    for part in _parts(line):
        spaced = " ".join(scripts.seen(part).split())
        if scripts.has_word(spaced):
            yield spaced


def _parts(line: str) -> Iterator[str]:
    start = 0
    for boundary in _BOUNDARY.finditer(line):
        end = boundary.end()
        if _ends(line, max(start, end - _LOOKED_AT), end):
            yield line[start:end]
            start = end
    yield line[start:]


def first(paragraph: str) -> str:
    """The first sentence of a paragraph, with those after it while it has fewer than four words."""
    found = ""
    for sentence in _sentences(paragraph):  # of most paragraphs only one is needed
        found = f"{found} {sentence}".strip()
        if scripts.n_words(found) >= _LEAST_WORDS:
            break
    return found


def _ends(line: str, start: int, end: int) -> bool:
    """Whether a stop there ends a sentence: what follows begins one, and it does not belong to an abbreviation, an initial or a day."""
    following = _NEXT_WORD.match(line, end)
    if following and following[0][0].islower():
        return False
    last = _LAST_WORD.search(line[start:end])
    if last is None or following is None:
        return True
    word = last[1].lstrip("(\"'“„«")
    if _INITIALS.fullmatch(word) or f"{word}." in lexicon.words().abbreviations:
        return False
    return not (_DAY.fullmatch(word) and following[0].casefold() in dates.month_names())
