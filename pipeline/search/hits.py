"""What a query finds on a day, and how days are brought together.

Articles are ranked by BM25 (Robertson and Zaragoza 2009, as SQLite's FTS5 computes it), in which a word counts by how rare it is. On its own, a
day would say so of its own articles: a word of every second article of a small day weighs nothing. So each day's ranks are scaled by how rare
the words are on all days that were asked, and compare.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

TITLE_WEIGHT = 5.0  # a word of the headline says five times as much as one of the text
MOST_RANKED = 10_000  # articles: to rank more takes longer than a tenth of a second, and nobody reads them
MOST_HITS = 1_000  # articles of a day that are told where not all are ranked
_LEAST = 1e-6  # what FTS5 takes for the weight of a word that more than half of the articles have
_UNITS = (
    1_000_000  # ranks are whole numbers, so that they are the same on every machine, and cursors hold them
)


@dataclass(frozen=True)
class Wanted:
    """Of which articles the words are asked for: of an outlet (its name or domain), in a language."""

    outlet: str | None = None
    language: str | None = None


class Hit(NamedTuple):
    """An article that has all of the words; `rank` compares it with those of its day."""

    article_id: str
    story_id: str
    rank: float


@dataclass(frozen=True)
class Tally:
    """How many articles a day has, how many have each phrase, and how many have all of them."""

    n_articles: int
    n_by_phrase: tuple[int, ...]
    n_hits: int


@dataclass(frozen=True)
class Best:
    """A story that has the words, by its best article."""

    story_id: str
    article_id: str
    rank: int
    n_articles: int


def rarity(n_articles: int, n_with: int) -> float:
    """The weight of a phrase, as FTS5 computes it."""
    return max(math.log((n_articles - n_with + 0.5) / (n_with + 0.5)), _LEAST)


def _rarity_among_all(n_articles: int, n_with: int) -> float:
    """As `rarity`, but never zero: a word of nearly all articles still tells one with more of it from one with less."""
    return math.log1p((n_articles - n_with + 0.5) / (n_with + 0.5))


def scales(tallies: Mapping[date, Tally]) -> dict[date, float]:
    """By how much the ranks of each day are to be multiplied."""
    n_articles = sum(tally.n_articles for tally in tallies.values())
    n_by_phrase = [sum(some) for some in zip(*(tally.n_by_phrase for tally in tallies.values()), strict=True)]
    whole = sum(_rarity_among_all(n_articles, n) for n in n_by_phrase)
    return {
        day: whole / sum(rarity(tally.n_articles, n) for n in tally.n_by_phrase)
        for day, tally in tallies.items()
        if tally.n_hits
    }


def best_of(found: Mapping[date, Sequence[Hit]], scale: Mapping[date, float]) -> list[Best]:
    """The stories, best first; ties end in the id. Of articles of one rank, the best is the earliest."""
    by_story: dict[str, Best] = {}
    for day in sorted(found):
        for hit in found[day]:
            rank = round(hit.rank * scale[day] * _UNITS)
            known = by_story.get(hit.story_id)
            n = known.n_articles + 1 if known else 1
            is_better = known is None or (-rank, hit.article_id) < (-known.rank, known.article_id)
            chosen = (hit.article_id, rank) if is_better or known is None else (known.article_id, known.rank)
            by_story[hit.story_id] = Best(hit.story_id, *chosen, n)
    return sorted(by_story.values(), key=lambda one: (-one.rank, one.story_id))
