"""Many texts read at once: their tokens as numbers, and the words of each distinct token as columns.

A text has hundreds of tokens, most of which are in other texts too. So compiled loops find them (`kernels.cutting`), and each
distinct one is looked at once. What a word is, `vocabulary` says.
"""

import re
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.model.arrow import Floats, Integers, buffer_of
from pipeline.model.arrow import texts as as_texts
from pipeline.stories.rarity import cut_grams, rarities_of
from pipeline.stories.stems import stems
from pipeline.stories.vocabulary import READ_TOKENS, Book, readable, tokens_of
from pipeline.text import scripts

if TYPE_CHECKING:  # late where it is run: a day of which nothing is new needs no compiled code
    from pipeline.kernels.cutting import Cut


class Words(NamedTuple):
    """Of each word what `vocabulary.Word` says of it."""

    forms: list[str]
    keys: list[str]
    capital: NDArray[np.bool_]
    rarities: Floats
    is_word: NDArray[np.bool_]


class Spelt(NamedTuple):
    """Words, and for each of some tokens the first of its own and how many it has."""

    words: Words
    firsts: Integers
    sizes: Integers


def cut(texts: list[str], languages: list[str]) -> "tuple[Cut, list[str]]":
    """The first tokens of texts in their languages, of which the second list has each one once."""
    from pipeline.kernels import cutting

    read = [readable(text, language) for text, language in zip(texts, languages, strict=True)]
    is_cut = [not scripts.is_common(text) for text in read]
    for n in np.flatnonzero(is_cut):
        read[n] = "\n".join(tokens_of(read[n]))
    content = [text.encode("utf-8", "replace") for text in read]
    named = list(dict.fromkeys(languages))
    numbers = {language: n for n, language in enumerate(named)}
    found = cutting.cut(
        np.frombuffer(b"".join(content), np.uint8),
        np.cumsum([0, *map(len, content)]),
        np.array([numbers[language] for language in languages], np.int64),
        np.array(is_cut, np.bool_),
        _kinds(),
        READ_TOKENS,
    )
    return found, named


def spell(found: "Cut", named: list[str]) -> Spelt:
    """The words of distinct tokens."""
    letters = (buffer_of(found.letter_ends), buffer_of(found.letters))
    tokens = as_texts(pa.StringArray.from_buffers(len(found.languages), *letters))
    firsts, sizes = np.zeros(len(tokens), np.int64), np.zeros(len(tokens), np.int64)
    made: list[Words] = []
    n_words = 0
    for number, language in enumerate(named):
        at = np.flatnonzero(found.languages == number)
        words, its_sizes, order = _spell([tokens[n] for n in at.tolist()], language)
        at = at[order]
        firsts[at], sizes[at] = n_words + np.cumsum(its_sizes) - its_sizes, its_sizes
        made.append(words)
        n_words += len(words.forms)
    return Spelt(_together(made), firsts, sizes)


def _together(made: list[Words]) -> Words:
    lists = [list(chain.from_iterable(words[n] for words in made)) for n in range(2)]
    none = np.zeros(0)
    arrays = [np.concatenate([none, *(words[n] for words in made)]) for n in range(2, 5)]
    return Words(lists[0], lists[1], arrays[0].astype(np.bool_), arrays[1], arrays[2].astype(np.bool_))


def _spell(tokens: list[str], language: str) -> tuple[Words, Integers, Integers]:
    """The words of the tokens of a language: those of plain letters first, which are one word each; and the tokens in that order."""
    is_plain = np.array([token.isascii() and token.isalpha() for token in tokens], np.bool_)
    order = np.argsort(~is_plain, kind="stable")
    n_plain = int(is_plain.sum())
    plain, others = [tokens[n] for n in order[:n_plain]], [tokens[n] for n in order[n_plain:]]
    book = Book(language)
    more = [book[token] for token in others]
    words = list(chain.from_iterable(more))
    folded = list(map(str.lower, plain))
    keys = [key or word for key, word in zip(stems(folded, language), folded, strict=True)]
    folded += [word.folded for word in words]
    rarities = rarities_of(language, list(dict.fromkeys(folded)))
    cuts = cut_grams(language, list(rarities))
    made = Words(
        plain + [word.form for word in words],
        keys + [word.key for word in words],
        np.array([*map(_is_capital, plain), *(word.capital for word in words)], np.bool_),
        np.array([rarities[word] for word in folded], np.float64),
        np.array([word not in cuts for word in folded], np.bool_) if cuts else np.ones(len(folded), np.bool_),
    )
    return made, np.array([1] * n_plain + [*map(len, more)], np.int64), order


def _is_capital(plain: str) -> bool:
    return plain[0] < "a"


@cache
def _kinds() -> NDArray[np.uint8]:
    """What each character of common texts is. (Others are cut by the pattern of every script.)"""
    from pipeline.kernels import cutting

    kinds = np.full(scripts.END, cutting.OTHER, np.uint8)
    every = scripts.every_character()
    letters, digits = re.finditer(r"\w+", every), re.finditer(r"\d+", every)
    for spans, kind in ((letters, cutting.LETTER), (digits, cutting.DIGIT)):
        for span in spans:
            kinds[slice(*span.span())] = kind
    for characters, kind in (("_", cutting.LOW), ("'’", cutting.APOSTROPHE), (".,", cutting.MARK)):
        kinds[list(map(ord, characters))] = kind
    return kinds
