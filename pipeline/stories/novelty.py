"""Which sentences of a report say something new: rare terms, and numbers that identify, which nothing before them has.

A sentence is new if it has a number that was not said before, or enough weight in terms that were not: the rarer a word, the
more it weighs (`stories.rarity`), and the less of the sentence is new, the more of it must be. Finding new sentences is the
novelty track of TREC (Soboroff and Harman, Novelty detection: the TREC experience, 2005), where new words did about as well
as any other measure. `docs/stories.md` says where each number comes from.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from pipeline.stories.rarity import YEAR, cut_grams, rarities_of
from pipeline.stories.vocabulary import Book, Word, written
from pipeline.text import scripts

LEAST_WEIGHT = (
    6.0  # what is new in a sentence, times its share of the sentence: half a long word that no list has
)
GRAM = 2.0  # the most that a gram weighs which is no word: each new word brings several
_PAIR = 2  # characters: a longer gram is four letters, and no word
_THOUSANDS = re.compile(r"(?<![\d.,])(\d{1,3})((?:[ \u00a0\u202f]\d{3})+)(?![\d.,]*\d)")  # 40 000
_SPACED = re.compile(r"\d[ \u00a0\u202f]\d")  # what each of them has, found ten times as fast


@dataclass
class Said:
    """What the articles of a story have said so far: the keys of their terms, and by language their words as written."""

    keys: set[str] = field(default_factory=set)
    forms: dict[str, set[str]] = field(default_factory=dict)

    def hear(self, book: Book, text: str) -> None:
        """Take in a text. Most of its words were there before, and are not looked at again."""
        known = self.forms.setdefault(book.language, set())
        new = set(written(_closed_up(text), book.language)) - known
        self.keys.update([word.key for form in new for word in book[form]])
        known |= new


def words(book: Book, text: str) -> list[Word]:
    """The words, numbers and grams of a text, a number with spaces in it as one."""
    return book.words(_closed_up(text))


def _closed_up(text: str) -> str:
    """A text with each number that has spaces in it as one."""
    return _THOUSANDS.sub(_closed, text) if _SPACED.search(text) else text


def _closed(found: re.Match[str]) -> str:
    return "".join(c for c in found[0] if c.isdigit())


def weigh_words(language: str, sentences: Iterable[Sequence[Word]]) -> None:
    """Give every word of some sentences of a language its rarity, which is its weight here."""
    every = set(chain.from_iterable(sentences))
    forms = sorted({word.folded for word in every})
    rarities, cuts = rarities_of(language, forms), cut_grams(language, forms)
    for word in every:
        word.is_gram = _is_gram(word)
        is_long = word.is_gram and len(word.form) > _PAIR  # a gram of four letters: no list has those
        rarity, is_piece = max(0.0, rarities[word.folded]), is_long or word.folded in cuts
        word.rarity, word.is_word = min(rarity, GRAM) if is_piece else rarity, not is_piece
        word.identifies = word.rarity > YEAR and scripts.is_figure(word.key[:1])


def _is_gram(word: Word) -> bool:
    return not word.form.isascii() and scripts.GRAMMED.match(word.form) is not None


def new_weights(
    sentences: Sequence[Sequence[Word]], said: set[str], *, numbers_alone: bool = False
) -> list[float]:
    """For each sentence of a report, the weight of what it says first; 0 where that is too little to be new.

    `said` are the keys of what was said before; the keys of each sentence are added to them. With `numbers_alone` words do not
    count: nothing before is in the report's language.
    """
    found = []
    for sentence in sentences:
        terms = {word.key: word for word in sentence}
        first = [word for key, word in terms.items() if key not in said]
        found.append(_new_weight(sentence, terms, first, said, numbers_alone=numbers_alone))
        said.update([word.key for word in first])
    return found


def _new_weight(
    sentence: Sequence[Word],
    terms: Mapping[str, Word],
    first: list[Word],
    said: set[str],
    *,
    numbers_alone: bool,
) -> float:
    """The weight of a sentence, of whose terms some were not `said` before (`first`)."""
    if not first:
        return 0.0
    if any(word.is_gram for word in first):
        beside = {word.key for n, word in enumerate(sentence) if _is_beside(sentence, n, said)}
        first = [word for word in first if word.key not in beside]
    numbers = [word for word in first if word.identifies]
    weight = math.fsum([word.rarity for word in (numbers if numbers_alone else first)])
    if numbers:
        return weight
    if weight < LEAST_WEIGHT:
        return 0.0
    whole = math.fsum([word.rarity for word in terms.values()])
    return weight if weight * weight / whole >= LEAST_WEIGHT else 0.0


def _is_beside(sentence: Sequence[Word], n: int, said: set[str]) -> bool:
    """Whether a word is a gram beside one that was said: they overlap."""
    if not sentence[n].is_gram:
        return False
    beside = (sentence[m] for m in (n - 1, n + 1) if 0 <= m < len(sentence))
    return any(word.key in said and word.is_gram for word in beside)
