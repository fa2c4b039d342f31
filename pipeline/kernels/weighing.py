"""Terms of articles counted and ranked: tokens, words and terms are numbers here, what they say is known to the caller."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.kernels.compile import Written, compiled, inlined

_PARTS = 3  # headline, lead, and what follows
_HALF = np.int64(32)  # of a pair of words, each of which has half of its bits


class Tokens(NamedTuple):
    """Of each distinct token: its first word, and how many it has."""

    firsts: NDArray[np.int64]
    sizes: NDArray[np.int64]


class Parts(NamedTuple):
    """What stands in each part of each article, in its order: words, names of two words, and words that have a capital inside a
    sentence, or before another capitalised word. Those of part p of article i stand from ends[3 i + p] to ends[3 i + p + 1].
    """

    words: NDArray[np.int64]
    word_ends: NDArray[np.int64]
    names: NDArray[np.int64]  # the first word in the upper half, the second in the lower
    name_ends: NDArray[np.int64]
    capitals: NDArray[np.int64]
    capital_ends: NDArray[np.int64]


class Units(NamedTuple):
    """What is known of each word and, after them, of each name of two words."""

    terms: NDArray[np.int64]
    rarities: NDArray[np.float64]
    powers: NDArray[np.float64]  # of the rarity, as it weighs
    plainness: NDArray[np.int64]  # of the way it is written: the less, the plainer
    is_word: NDArray[np.bool_]
    capital: NDArray[np.bool_]
    is_telling: NDArray[np.bool_]


class Ranked(NamedTuple):
    """The heaviest terms of each article, the heaviest first: those of article i stand from ends[i] to ends[i + 1]."""

    ends: NDArray[np.int64]
    terms: NDArray[np.int64]
    weights: NDArray[np.float64]
    forms: NDArray[np.int64]  # the plainest of the words or names that it was met as
    is_name: NDArray[np.bool_]  # of the headline
    is_word: NDArray[np.bool_]


class _Met(NamedTuple):
    """What an article has of each term. What an earlier article left there is told by `articles`."""

    articles: Written[NDArray[np.int64]]  # the last one that has the term, from 1
    cut: Written[
        NDArray[np.int64]
    ]  # likewise: where it is no word, has a capital, is in small letters, is a name of the headline
    capital: Written[NDArray[np.int64]]
    small: Written[NDArray[np.int64]]
    named: Written[NDArray[np.int64]]
    counts: Written[NDArray[np.int64]]
    rarities: Written[NDArray[np.float64]]
    powers: Written[NDArray[np.float64]]
    forms: Written[NDArray[np.int64]]


@compiled
def part(
    tokens: NDArray[np.int64],
    followed: NDArray[np.bool_],
    ends: NDArray[np.int64],
    known: Tokens,
    capital: NDArray[np.bool_],
    n_lead: int,
    n_read: int,
) -> Parts:
    """The parts of articles. `ends` has where the headline of each begins, and its text, and at last the end; `followed` tells of
    each token whether another follows it directly.

    `n_lead` are the tokens, and the words, of a lead; `n_read` the words that are read of a text.
    """
    n = ends.size // 2
    words = np.empty(known.sizes[tokens].sum(), np.int64)
    names, capitals = np.empty(tokens.size, np.int64), np.empty(2 * tokens.size, np.int64)
    word_ends, name_ends = np.zeros(_PARTS * n + 1, np.int64), np.zeros(_PARTS * n + 1, np.int64)
    capital_ends = np.zeros(_PARTS * n + 1, np.int64)
    n_words, n_names, n_capitals = 0, 0, 0
    for i in range(n):
        begin, middle, stop = ends[2 * i], ends[2 * i + 1], ends[2 * i + 2]
        lead = min(middle + n_lead, stop)
        for p, first, last in ((0, begin, middle), (1, middle, lead), (2, lead, stop)):
            n_names, n_capitals = _find_names(
                tokens[first:last], followed[first:last], known, capital, names, n_names, capitals, n_capitals
            )
            name_ends[_PARTS * i + p + 1], capital_ends[_PARTS * i + p + 1] = n_names, n_capitals
        n_words = _spell(tokens[begin:middle], known, words, n_words, words.size)
        word_ends[_PARTS * i + 1] = n_words
        last = _spell(tokens[middle:stop], known, words, n_words, n_words + n_read)
        word_ends[_PARTS * i + 2], word_ends[_PARTS * i + 3] = min(n_words + n_lead, last), last
        n_words = last
    return Parts(words[:n_words], word_ends, names[:n_names], name_ends, capitals[:n_capitals], capital_ends)


@inlined
def _spell(
    tokens: NDArray[np.int64], known: Tokens, words: NDArray[np.int64], n_words: int, most: int
) -> int:
    """Append the words of tokens, until there are so many; how many there are then."""
    for token in tokens:
        for word in range(known.firsts[token], known.firsts[token] + known.sizes[token]):
            if n_words == most:
                return n_words
            words[n_words] = word
            n_words += 1
    return n_words


@inlined
def _find_names(
    tokens: NDArray[np.int64],
    followed: NDArray[np.bool_],
    known: Tokens,
    capital: NDArray[np.bool_],
    names: NDArray[np.int64],
    n_names: int,
    capitals: NDArray[np.int64],
    n_capitals: int,
) -> tuple[int, int]:
    """Append the names of two words and the words with a capital inside a sentence; how many there are then."""
    for k in range(tokens.size - 1):
        one, other = tokens[k], tokens[k + 1]
        if not (followed[k] and known.sizes[one] and known.sizes[other]):
            continue
        first, second = known.firsts[one] + known.sizes[one] - 1, known.firsts[other]
        if not capital[second]:
            continue
        capitals[n_capitals] = second
        n_capitals += 1
        if capital[first]:
            names[n_names], capitals[n_capitals] = (np.int64(first) << _HALF) | np.int64(second), first
            n_names, n_capitals = n_names + 1, n_capitals + 1
    return n_names, n_capitals


@compiled
def rank(
    parts: Parts,
    units: Units,
    order: NDArray[np.int64],
    times: NDArray[np.int64],
    logs: NDArray[np.float64],
    most: int,
) -> Ranked:
    """The heaviest terms of articles, at most `most` each.

    The names of `parts` are units here. `order` has the place of each term among all, which decides between equal weights; `times`
    how much a word counts in each part, `logs` how much a count weighs.
    """
    n = parts.word_ends.size // _PARTS
    ends = np.zeros(n + 1, np.int64)
    room = parts.words.size + parts.names.size
    terms, weights, forms = np.empty(room, np.int64), np.empty(room, np.float64), np.empty(room, np.int64)
    is_name, is_word = np.empty(room, np.bool_), np.empty(room, np.bool_)
    met, found, size = _nothing_met(order.size), np.empty(order.size, np.int64), 0
    for i in range(n):
        n_found = 0
        for p in range(_PARTS):
            at = _PARTS * i + p
            here = parts.words[parts.word_ends[at] : parts.word_ends[at + 1]]
            n_found = _count(here, times[p], i + 1, units, met, found, n_found)
            here = parts.names[parts.name_ends[at] : parts.name_ends[at + 1]]
            n_found = _count(here, times[p], i + 1, units, met, found, n_found)
        _name(i, parts, units, met)
        its = found[:n_found][np.argsort(order[found[:n_found]])]
        heavy = -logs[met.counts[its]] * met.powers[its]
        for k in np.argsort(heavy, kind="mergesort")[:most]:
            term = its[k]
            terms[size], weights[size], forms[size] = term, -heavy[k], met.forms[term]
            is_name[size], is_word[size] = met.named[term] == i + 1, met.cut[term] != i + 1
            size += 1
        ends[i + 1] = size
    return Ranked(ends, terms[:size], weights[:size], forms[:size], is_name[:size], is_word[:size])


@inlined
def _nothing_met(n_terms: int) -> _Met:
    return _Met(
        np.zeros(n_terms, np.int64),
        np.zeros(n_terms, np.int64),
        np.zeros(n_terms, np.int64),
        np.zeros(n_terms, np.int64),
        np.zeros(n_terms, np.int64),
        np.empty(n_terms, np.int64),
        np.empty(n_terms, np.float64),
        np.empty(n_terms, np.float64),
        np.empty(n_terms, np.int64),
    )


@inlined
def _count(
    found: NDArray[np.int64],
    times: int,
    article: int,
    units: Units,
    met: _Met,
    terms: NDArray[np.int64],
    n_terms: int,
) -> int:
    """Count some words or names of an article; how many terms have been met then. The rarity of a term is the least of its words'."""
    for unit in found:
        term, rarity = units.terms[unit], units.rarities[unit]
        if not units.is_word[unit]:
            met.cut[term] = article
        if rarity <= 0:
            continue
        if met.articles[term] != article:
            met.articles[term], met.counts[term], met.forms[term] = article, times, unit
            met.rarities[term], met.powers[term] = rarity, units.powers[unit]
            terms[n_terms] = term
            n_terms += 1
            continue
        met.counts[term] += times
        if units.plainness[unit] < units.plainness[met.forms[term]]:
            met.forms[term] = unit
        if rarity < met.rarities[term]:
            met.rarities[term], met.powers[term] = rarity, units.powers[unit]
    return n_terms


@inlined
def _name(i: int, parts: Parts, units: Units, met: _Met) -> None:
    """Mark the names in a headline: the telling words that have a capital inside a sentence, and are never without one.

    If all words of the headline are capitalised, a word counts as a name if the text says so.
    """
    head = parts.words[parts.word_ends[_PARTS * i] : parts.word_ends[_PARTS * i + 1]]
    is_sentence, is_telling = False, False
    for word in head:
        is_sentence |= not units.capital[word] and units.rarities[word] > 0
        is_telling |= units.is_telling[word]
    if not is_telling:
        return
    first, last = _PARTS * i + (0 if is_sentence else 1), _PARTS * (i + 1)
    for word in parts.capitals[parts.capital_ends[first] : parts.capital_ends[last]]:
        met.capital[units.terms[word]] = i + 1
    for word in parts.words[parts.word_ends[first] : parts.word_ends[last]]:
        if not units.capital[word]:
            met.small[units.terms[word]] = i + 1
    for word in head:
        term = units.terms[word]
        if units.is_telling[word] and met.capital[term] == i + 1 and met.small[term] != i + 1:
            met.named[term] = i + 1


@compiled
def by_hash(ends: NDArray[np.int64], hashes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where the terms of each article stand by their hashes; of equal hashes the lighter first, as they come the heaviest first."""
    found = np.empty(hashes.size, np.int64)
    for i in range(ends.size - 1):
        lightest_first = np.arange(ends[i], ends[i + 1])[::-1]
        found[ends[i] : ends[i + 1]] = lightest_first[np.argsort(hashes[lightest_first], kind="mergesort")]
    return found
