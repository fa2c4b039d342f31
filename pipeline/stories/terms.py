"""Terms: what an article is about, as weighted words, names and numbers.

The rarer a word is in its language (`stories.rarity`), the more its term weighs. Rarity comes from a frozen list, so an article
has the same terms on every day, whatever else was read. `docs/stories.md` says where each number comes from.

Most words of an article are in others too. So each is looked at once for many articles, and has a number; compiled loops
(`kernels.weighing`) count and rank numbers.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.model.arrow import Array, Floats, Integers, texts
from pipeline.model.contract import VECTOR
from pipeline.model.internal_tables import TERMS
from pipeline.stories import spelling
from pipeline.stories.spelling import Words
from pipeline.stories.vocabulary import READ_TOKENS, is_number

if TYPE_CHECKING:  # late where it is run: a day of which nothing is new needs no compiled code
    from pipeline.kernels.weighing import Ranked

LEAD_TOKENS = 120
TITLE_TIMES = 6  # a headline names the event; a text of 400 words mentions a name about as often
LEAD_TIMES = 3
TELLING = 3.5  # a rarer name stands for one person or thing: not Sunday, not China
RARITY_POWER = 0.75  # with 1, a few odd words decide; with 0.5, common words do
MAX_TERMS = 160
MAX_KEYWORDS = 12
PIECE_ROWS = 2_048  # read at once: every distinct word is a Python object meanwhile, 30 MB in all


def weigh(articles: pa.Table) -> pa.Table:
    """ARTICLES -> TERMS, one row per article."""
    pieces = (articles.slice(n, PIECE_ROWS) for n in range(0, articles.num_rows, PIECE_ROWS))
    return pa.concat_tables([TERMS.empty(), *map(_weigh, pieces)])


def _weigh(articles: pa.Table) -> pa.Table:
    titles, languages = articles["title"].to_pylist(), articles["language"].to_pylist()
    known, ranked = _ranked(titles, texts(articles["text"]), languages, MAX_TERMS)
    about = articles.select(["article_id", "ingest_date", "published_at", "language"]).columns
    made = [_list(name, *column) for name, column in _columns(known, ranked).items()]
    vectors = pa.nulls(articles.num_rows, VECTOR)
    return pa.table([*about, *made, articles["published_precision"], vectors], schema=TERMS.schema)


def name_terms(title: str | None, text: str, language: str | None) -> dict[int, str]:
    """The terms of an article by hash, as a person would write them."""
    known, ranked = _ranked([title], [text], [language], len(title or "") + len(text))
    pairs = zip(ranked.terms.tolist(), ranked.forms.tolist(), strict=True)
    return {_hashed(known.keys[term]): known.forms[form] for term, form in pairs}


# --- words and names as numbers --------------------------------------------------------------------------------


def _ranked(
    titles: list[str | None], texts: list[str], languages: list[str | None], most: int
) -> "tuple[_Known, Ranked]":
    """The heaviest terms of each article, and what their numbers stand for."""
    from pipeline.kernels import weighing

    parts = chain.from_iterable((title or "", text) for title, text in zip(titles, texts, strict=True))
    found, named = spelling.cut(list(parts), [language or "" for language in languages for _ in range(2)])
    words, *known = spelling.spell(found, named)
    tokens, capital = weighing.Tokens(*known), words.capital
    its = weighing.part(found.tokens, found.followed, found.ends, tokens, capital, LEAD_TOKENS, READ_TOKENS)
    pairs, at = np.unique(its.names, return_inverse=True)
    its = its._replace(names=len(words.forms) + at.astype(np.int64))
    heads = np.diff(its.word_ends)[::3].max(initial=0)
    logs = _logs(int(TITLE_TIMES * heads + LEAD_TIMES * READ_TOKENS).bit_length())
    what = _Known(words, pairs)
    return what, weighing.rank(
        its, what.units, what.order, np.array([TITLE_TIMES, LEAD_TIMES, 1]), logs, most
    )


class _Known:
    """What the numbers of words, of names of two words and of terms stand for."""

    def __init__(self, words: Words, pairs: Integers) -> None:
        from pipeline.kernels.weighing import Units

        ones, twos = pairs >> 32, pairs & 0xFFFFFFFF
        self.forms = words.forms + _joined(words.forms, ones, twos)
        keys = words.keys + _joined(words.keys, ones, twos)
        numbers = {key: n for n, key in enumerate(dict.fromkeys(keys))}
        self.keys, terms = list(numbers), np.array([numbers[key] for key in keys], np.int64)
        self.is_number = np.array([is_number(key) for key in self.keys], np.bool_)
        self.order = _order(self.keys)
        rarities = np.concatenate([words.rarities, (words.rarities[ones] + words.rarities[twos]) / 2])
        is_name, is_pair = np.ones(len(pairs), np.bool_), np.arange(len(keys)) >= len(words.forms)
        self.units = Units(
            terms,
            rarities,
            _powers(rarities),
            np.array([2 * form[:1].isupper() + form.isupper() for form in self.forms], np.int64),
            np.concatenate([words.is_word, is_name]),
            np.concatenate([words.capital, is_name]),
            (rarities > TELLING) & ~self.is_number[terms] & ~is_pair,
        )


def _joined(words: list[str], ones: Integers, twos: Integers) -> list[str]:
    """Names of two words."""
    return [f"{words[one]} {words[two]}" for one, two in zip(ones.tolist(), twos.tolist(), strict=True)]


def _powers(rarities: Floats) -> Floats:
    """How much each rarity weighs. Few words have a rarity of their own: the list has them by hundredths of a power of ten."""
    distinct, at = np.unique(np.maximum(rarities, 0.0), return_inverse=True)
    return np.array([math.pow(rarity, RARITY_POWER) for rarity in distinct.tolist()], np.float64)[at]


def _order(keys: list[str]) -> Integers:
    """The place of each key among all of them, by its characters."""
    places = np.empty(len(keys), np.int64)
    places[pc.sort_indices(pa.array(keys, pa.string())).to_numpy()] = np.arange(len(keys))
    return places


@lru_cache(maxsize=8)
def _logs(bits: int) -> Floats:
    """What each count of fewer bits weighs."""
    return np.array([math.log1p(n) for n in range(1 << bits)])


# --- what is stored of them ------------------------------------------------------------------------------------


def _columns(known: _Known, ranked: "Ranked") -> dict[str, tuple[Integers, Any]]:
    """For each column of lists where each list ends, and the values of all: the terms by hash, their weights scaled to length one,
    the headline's names among them, and the keywords.
    """
    from pipeline.kernels.weighing import by_hash

    hashes = _hashes(known, ranked.terms)
    weights = ranked.weights / np.repeat(_lengths(ranked), np.diff(ranked.ends))
    at = by_hash(ranked.ends, hashes)
    name_ends = np.concatenate([[0], np.cumsum(ranked.is_name)])[ranked.ends]
    named = hashes[at][ranked.is_name[at]]
    words, keyword_ends = _keywords(known, ranked)
    return {
        "terms": (ranked.ends, hashes[at]),
        "weights": (ranked.ends, weights[at].astype(np.float32)),
        "names": (name_ends, named),
        "keywords": (keyword_ends, words),
    }


def _hashes(known: _Known, terms: Integers) -> Integers:
    """The hash of each of some terms, which is made once for each that is among them."""
    is_met, hashes = np.zeros(len(known.keys), np.bool_), np.zeros(len(known.keys), np.int64)
    is_met[terms] = True
    hashes[is_met] = [_hashed(known.keys[term]) for term in np.flatnonzero(is_met).tolist()]
    return hashes[terms]


@lru_cache(maxsize=100_000)
def _hashed(key: str) -> int:
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "little", signed=True)


def _lengths(ranked: "Ranked") -> Floats:
    squares = (ranked.weights * ranked.weights).tolist()
    return np.array([math.sqrt(math.fsum(squares[one:two])) for one, two in pairwise(ranked.ends.tolist())])


def _keywords(known: _Known, ranked: "Ranked") -> tuple[list[str], Integers]:
    """The keywords of all articles, and where those of each end."""
    can_be = ranked.is_word & ~known.is_number[ranked.terms]
    forms = ranked.forms[can_be].tolist()
    ends = np.concatenate([[0], np.cumsum(can_be)])[ranked.ends]
    found: list[str] = []
    found_ends = [0]
    for one, two in pairwise(ends.tolist()):
        found += _telling_apart(map(known.forms.__getitem__, forms[one:two]))
        found_ends.append(len(found))
    return found, np.array(found_ends, np.int64)


def _telling_apart(ranked: Iterable[str]) -> Iterator[str]:
    """The weightiest terms; a term that shares a word with a weightier one is left out."""
    said: set[str] = set()
    n = 0
    for readable in ranked:
        words = readable.casefold().split()
        if said.isdisjoint(words):
            yield readable
            said.update(words)
            n += 1
        if n == MAX_KEYWORDS:
            return


def _list(name: str, ends: Integers, values: Sequence[Any]) -> Array:
    """A column of lists, built from flat values: Arrow converts lists of lists one value at a time."""
    kind = TERMS.schema.field(name).type
    flat = pa.array(values, kind.value_type)
    return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), flat, type=kind)
