"""Answer a query from the texts of a day that has no index. The same articles are found as with one, more slowly."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.search.file import lower
from pipeline.search.hits import MOST_HITS, MOST_RANKED, TITLE_WEIGHT, Hit, Tally, Wanted, rarity
from pipeline.search.query import Phrase, Query, spelt
from pipeline.search.words import KEPT, words
from pipeline.text import scripts

_SATURATION, _LENGTHS = 1.2, 0.75  # k1 and b of BM25, as FTS5 has them


@dataclass(frozen=True)
class _Found:
    """An article that has a phrase of the query: how often each stands in its headline and text, and whether it is asked for."""

    article_id: str
    n_titled: tuple[int, ...]
    n_in_text: tuple[int, ...]
    n_characters: int
    is_wanted: bool

    def has(self, n: int) -> bool:
        return self.n_titled[n] + self.n_in_text[n] > 0


class DayScan:
    """What one query finds on a day; it answers as `ask.DayIndex` does for that query.

    `articles` are (article_id, title, text, outlet, domain, language), `stories` has the story of each.
    """

    def __init__(self, articles: pa.Table, stories: Mapping[str, str], query: Query, wanted: Wanted) -> None:
        self._n_articles, self._stories = articles.num_rows, stories
        n_characters = sum(pc.sum(pc.utf8_length(articles[name])).as_py() or 0 for name in ("title", "text"))
        self._mean = max(1.0, n_characters / max(1, articles.num_rows))
        found, phrases = list(_found(articles, query, wanted)), range(len(query.phrases))
        self._n_by_phrase = tuple(sum(one.has(n) for one in found) for n in phrases)
        self.size = len(found)
        self._hits = [
            one for one in found if one.is_wanted and all(map(one.has, phrases)) and one.article_id in stories
        ]

    def tally(self) -> Tally:
        return Tally(self._n_articles, self._n_by_phrase, len(self._hits))

    def hits(self, *, wide: bool = False) -> list[Hit]:
        """As those of an index; their order is the same but where ranks are nearly equal."""
        weights = [rarity(self._n_articles, n) for n in self._n_by_phrase]
        found = [
            Hit(one.article_id, self._stories[one.article_id], self._rank(one, weights, wide=wide))
            for one in self._hits
        ]
        return sorted(found, key=lambda hit: (-hit.rank, hit.article_id))[
            : MOST_HITS if wide else MOST_RANKED
        ]

    def _rank(self, found: _Found, weights: list[float], *, wide: bool) -> float:
        """BM25; the length is in characters, which stand in the proportion of words. Of a wide query, by the headline that has all words."""
        if wide and not all(found.n_titled):
            return 0.0
        length = 1 - _LENGTHS + _LENGTHS * found.n_characters / self._mean
        total = 0.0
        for n, weight in enumerate(weights):
            often = TITLE_WEIGHT * found.n_titled[n] + (0 if wide else found.n_in_text[n])
            total += weight * often * (_SATURATION + 1) / (often + _SATURATION * length)
        return total


def _found(articles: pa.Table, query: Query, wanted: Wanted) -> Iterator[_Found]:
    for batch in articles.to_batches(max_chunksize=1_000):
        for row in batch.to_pylist():
            title, text = row["title"] or "", row["text"] or ""
            folded = _bare(title), _bare(text)
            if any(_may_have(phrase, folded) for phrase in query.phrases):
                said = spelt(words(title)), spelt(words(text))
                n_titled, n_in_text = (tuple(p.n_in(one) for p in query.phrases) for one in said)
                length = len(title) + len(text)
                yield _Found(row["article_id"], n_titled, n_in_text, length, _is_wanted(row, wanted))


def _is_wanted(row: Mapping[str, str | None], wanted: Wanted) -> bool:
    outlet, language = lower(wanted.outlet), lower(wanted.language)
    is_of = outlet is None or outlet in {lower(row["outlet"]), lower(row["domain"])}
    return is_of and language in {None, lower(row["language"])}


def _bare(text: str) -> str:
    """The text that its words are cut from: folded, without points."""
    folded = scripts.fold(text)
    return folded if scripts.is_common(folded) else scripts.without_points(folded)


def _may_have(phrase: Phrase, folded: tuple[str, ...]) -> bool:
    """Whether a phrase can stand there at all: looking for its letters takes a hundredth of cutting words."""
    return any(all(word[:KEPT] in text for word in phrase.words) for text in folded)
