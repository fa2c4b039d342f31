"""Matching a line with the phrases of the lexicon: as a whole, at its start, and what stands behind the match."""

from dataclasses import fields, replace
from functools import cache
from typing import Any

from pipeline.text import lexicon, scripts
from pipeline.text.lexicon import Phrases, Words


def count_words(line: str, n_spaced: int) -> int:
    """The number of words of a line: `n_spaced`, or half the characters in scripts without spaces, whichever is more."""
    return max(n_spaced, scripts.n_unspaced(line) // 2)


@cache
def folded_words() -> Words:
    """The words of all languages with their phrases case-folded, as the words of a line are: ß is ss there, and a final ς is σ."""
    found = lexicon.words()
    tables: dict[str, Any] = {
        field.name: frozenset(map(str.casefold, getattr(found, field.name)))
        for field in fields(Words)
        if field.type is Phrases
    }
    return replace(found, **tables)


@cache
def phrases(table: Phrases) -> frozenset[str]:
    """The phrases of a table in the form in which lines are compared with them: words with one space between."""
    return frozenset(" ".join(scripts.words(phrase.casefold())) for phrase in table)


@cache
def openings(table: Phrases) -> dict[str, tuple[tuple[str, ...], ...]]:
    """The phrases of a table as tuples of words, by their first word; the longest phrase comes first."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in sorted(phrases(table), key=lambda p: (-len(p), p)):
        found.setdefault(phrase.partition(" ")[0], []).append(tuple(phrase.split(" ")))
    return {first: tuple(listed) for first, listed in found.items()}


def opening(words: tuple[str, ...], table: Phrases) -> int:
    """The number of words at the start of a line that are a phrase of the table; 0 when none is."""
    for phrase in openings(table).get(words[0], ()):
        if words[: len(phrase)] == phrase:
            return len(phrase)
    return 0


def mark_after(line: str, n_words: int) -> str:
    """The sign that follows the first `n_words` words of a line; empty at the end of the line."""
    end = scripts.end_of_word(line, n_words)
    return "" if end is None else line[end:].lstrip(" \t\"”’'?!")[:1]
