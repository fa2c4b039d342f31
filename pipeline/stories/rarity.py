"""Rarity: how rare a word is in its language, from a frozen list of word frequencies (`wordfreq`).

The rarity of a word is -ln(frequency) - COMMON, so that stop words have none. Scripts that are cut into grams get the
rarities of their grams; a language without a list gets a rarity by the length of the word.
"""

import math
from collections.abc import Iterable
from functools import cache
from itertools import chain

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.model.arrow import Array, Floats, filled, find
from pipeline.text import scripts
from pipeline.text.word_lists import words_by_rarity

COMMON = 7.0  # -ln of a frequency of 1/1100: commoner words are stop words
UNKNOWN = 18.4 - COMMON  # the lists end at a frequency of 1e-8, -ln of which is 18.4
YEAR = 3.0  # years stand in every other text
# Mean rarity of running words by their length over 20 languages with a list (1, 2, … 12 letters and more).
BY_LENGTH = (0.5, 0.3, 0.7, 1.4, 2.1, 2.8, 3.4, 3.9, 4.2, 4.5, 4.7, 5.0)
_CUT_INTO_GRAMS = frozenset(["zh", "ja", "ko"])  # languages that are cut into grams and have a list of words
_LISTED_AS = {"no": "nb", "nn": "nb", "sr": "sh", "hr": "sh", "bs": "sh", "tl": "fil"}
# The least frequency of a keyword, in hundredths of a power of ten below one: one in a million. A rarer "word" of a list
# that a program cut from running text often spans two words.
WORD_CENTIBELS = 600


def rarities_of(language: str, words: list[str]) -> dict[str, float]:
    """The rarity of each of some case-folded words, numbers and grams of a language; 0 or less for stop words."""
    listed, rarity_of = frequency_list(_LISTED_AS.get(language, language))
    known = _listed(words, listed, rarity_of)
    has_list = len(listed) > 0
    return {w: known[w] if w in known else _unlisted(w, has_list=has_list) for w in words}


def _listed(words: list[str], listed: Array, rarity_of: Floats) -> dict[str, float]:
    """The rarity of each word that a list has. The list, which is longer, is looked through: to hash it would take five times as long."""
    found: Array = filled(find(listed, pa.array(words, pa.string())), -1)
    which = found.to_numpy()
    rows = np.flatnonzero(which >= 0)[::-1]  # of two the first remains
    return {words[n]: float(rarity_of[row]) for n, row in zip(which[rows].tolist(), rows, strict=True)}


def cut_grams(language: str, forms: list[str]) -> set[str]:
    """The grams among `forms` that are not words themselves: they tell articles apart, but say nothing to a reader."""
    if language not in _CUT_INTO_GRAMS:
        return set()
    grams = [form for form in forms if scripts.GRAMMED.match(form)]
    is_word = pc.is_in(pa.array(grams, pa.string()), value_set=_whole_words(language)).to_pylist()
    return {gram for gram, is_one in zip(grams, is_word, strict=True) if not is_one}


@cache
def _whole_words(language: str) -> Array:
    bins = words_by_rarity(language)[: WORD_CENTIBELS + 1]
    return pa.array([word for words in bins for word in words if scripts.GRAMMED.match(word)], pa.string())


def _unlisted(word: str, *, has_list: bool) -> float:
    if has_list and word.isascii() and word.isalpha():  # as most: the same as below
        return UNKNOWN
    digits = [c for c in word if scripts.is_figure(c)]
    if len(digits) == len(word.replace(".", "")) and digits:
        year = len(word) == 4 and word[:2] in {"19", "20"}
        return YEAR if year else UNKNOWN if len(digits) > 1 else 0.0
    if has_list and not scripts.GRAMMED.match(word):
        return UNKNOWN
    if scripts.GRAMMED.match(word):
        return (UNKNOWN + BY_LENGTH[-1]) / 2  # a gram that no listed word has often spans two words
    return BY_LENGTH[min(len(word), len(BY_LENGTH)) - 1]


@cache
def frequency_list(language: str) -> tuple[Array, Floats]:
    """The listed words of a language and their rarities: -ln(frequency) - COMMON.

    The words are kept as an Arrow array: 8 MB for 700,000 words, a tenth of what they take as Python's.
    """
    bins = words_by_rarity(language)
    of_bins = np.array([n * math.log(10) / 100 - COMMON for n in range(len(bins))])
    rarities = np.repeat(of_bins, np.array([len(words) for words in bins], np.int64))
    words = _folded(list(chain.from_iterable(bins)))
    if language in _CUT_INTO_GRAMS:
        totals = _gram_rarities(zip(words, rarities.tolist(), strict=True))
        words, rarities = list(totals), np.array(list(totals.values()))
    return pa.array(words, pa.string()), rarities


def _folded(words: list[str]) -> list[str]:
    """A list's words in the form that is looked up. Some have joiners or the dot of a Turkish i; none have points."""
    has_more = pc.match_substring_regex(pa.array(words, pa.string()), r"[\p{Cf}\x{307}]")
    for n in np.flatnonzero(has_more):
        words[n] = scripts.folded_word(words[n])
    return words


def _gram_rarities(pairs: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Add the bigrams inside the words of a list: the frequency of a bigram is the sum over its words."""
    totals: dict[str, float] = {}
    for word, rarity in pairs:
        grams = {word[i : i + 2] for i in range(len(word) - 1)} if scripts.GRAMMED.match(word) else set()
        for gram in grams | {word}:
            totals[gram] = totals.get(gram, 0.0) + math.exp(-(rarity + COMMON))
    return {gram: -math.log(total) - COMMON for gram, total in totals.items()}
