"""A query: words that must all occur, and phrases in quotation marks.

Signs inside a word make it a phrase (covid-19, O'Neill), and so does a script without spaces (東京都). Nothing of it is an operator: signs
only part words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model.errors import SettingsError
from pipeline.search.words import Word, pieces

MOST_CHARACTERS = 1_000
_MARKS = '"“”„‟«»＂「」『』'
_QUOTED = re.compile(f"[{_MARKS}]([^{_MARKS}]*)[{_MARKS}]")


@dataclass(frozen=True, order=True)
class Phrase:
    """Words that stand one after another; of the last, with `is_open`, only the beginning is given."""

    words: tuple[str, ...]
    is_open: bool = False

    def match(self) -> str:
        """It in the language of SQLite's FTS5: a string in quotation marks, in which nothing is an operator."""
        quoted = " ".join(self.words).replace('"', '""')
        return f'"{quoted}"*' if self.is_open else f'"{quoted}"'

    def n_in(self, said: str) -> int:
        """How often it stands in a text, which is given as `spelt`."""
        whole = spelt(self.words)
        return said.count(whole[:-1] if self.is_open else whole)

    def places(self, said: Sequence[Word]) -> list[tuple[int, int]]:
        """From where to where it stands in a text that is given as its words with their places."""
        n = len(self.words) - 1
        firsts = [at for at in range(len(said) - n) if self._stands(said, at)]
        ends = [said[at + n].start + 1 if self.is_open else said[at + n].end for at in firsts]
        return [(said[at].start, end) for at, end in zip(firsts, ends, strict=True)]

    def _stands(self, said: Sequence[Word], at: int) -> bool:
        n = len(self.words) - 1
        if any(said[at + k].form != self.words[k] for k in range(n)):
            return False
        last = said[at + n].form
        return last.startswith(self.words[n]) if self.is_open else last == self.words[n]


@dataclass(frozen=True)
class Query:
    """Phrases, each once; a word is a phrase of one. Without a phrase it finds nothing."""

    phrases: tuple[Phrase, ...]

    def match(self) -> str:
        return " AND ".join(phrase.match() for phrase in self.phrases)


def spelt(said: Sequence[str]) -> str:
    """Words as one text in which a phrase is looked up: each has spaces of its own on both sides."""
    return f" {'  '.join(said)} "


def parse(written: str) -> Query:
    """The query that somebody wrote; raises SettingsError for one that is too long."""
    if len(written) > MOST_CHARACTERS:
        raise SettingsError(f"a query has at most {MOST_CHARACTERS:,} characters; give fewer words")
    quoted = [match[1] for match in _QUOTED.finditer(written)]
    chunks = [*quoted, *_QUOTED.sub(" ", written).split()]
    return Query(tuple(sorted({phrase for chunk in chunks if (phrase := _phrase(chunk))})))


def _phrase(chunk: str) -> Phrase | None:
    """What stands together. A run of characters may go on in the text, so its last character is no word of its own."""
    found = pieces(chunk)
    if not found:
        return None
    before = [word for piece in found[:-1] for word in piece.words()]
    last, is_run = found[-1]
    is_open = is_run and len(last) == 1
    said = found[-1].words()
    return Phrase((*before, *(said[:-1] if is_run and not is_open else said)), is_open)
