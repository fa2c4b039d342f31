"""Terms: what an article is about, as weighted words, names and numbers.

A term weighs as much as it is rare in its language. The rarity comes from a frozen list of word frequencies, so
that the same article has the same terms on every day, whatever else was read.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import blake2b
from typing import Any, NamedTuple

import pyarrow as pa

from pipeline.contracts import TERMS

TITLE_TIMES = 6  # a headline names the event; a text of 400 words mentions a name about as often
LEAD_TIMES = 3
LEAD_WORDS = 120  # news tells the event first
COMMON = 7.0  # -ln of a frequency of 1/1100: commoner words are stop words
RAREST = 18.4  # -ln of 1e-8, where the frequency lists end
MAX_TERMS = 256
MAX_KEYWORDS = 12

_WORD = re.compile(r"\d+(?:[.,]\d+)*|\w+(?:['’]\w+)*")


class _Term(NamedTuple):
    key: str
    readable: str
    rarity: float


def weigh(articles: pa.Table) -> pa.Table:
    """ARTICLES -> TERMS, row for row."""
    columns = ("article_id", "ingest_date", "published_at", "language", "title", "text")
    rows = articles.select(list(columns)).to_pylist()
    return TERMS.table([_weighed(row) for row in rows])


def name_terms(title: str | None, text: str, language: str | None) -> dict[int, str]:
    """Every term of an article by its hash, as a person would write it."""
    return {_hashed(term.key): term.readable for term, _ in _counted(title, text, language)}


def _weighed(row: dict[str, Any]) -> dict[str, Any]:
    counted = _counted(row["title"], row["text"], row["language"])
    weighted = [(math.log1p(n) * math.sqrt(term.rarity), term) for term, n in counted]
    weighted = sorted(weighted, key=lambda w: (-w[0], w[1].key))[:MAX_TERMS]
    length = math.sqrt(math.fsum(w * w for w, _ in weighted)) or 1.0
    pairs = sorted((_hashed(term.key), w / length) for w, term in weighted)
    return {
        "article_id": row["article_id"],
        "ingest_date": row["ingest_date"],
        "published_at": row["published_at"],
        "language": row["language"],
        "terms": [h for h, _ in pairs],
        "weights": [w for _, w in pairs],
        "keywords": [term.readable for _, term in weighted[:MAX_KEYWORDS]],
    }


def _counted(title: str | None, text: str, language: str | None) -> list[tuple[_Term, int]]:
    counts: Counter[str] = Counter()
    terms: dict[str, _Term] = {}
    for term, times in _placed(title or "", text, language or ""):
        counts[term.key] += times
        terms.setdefault(term.key, term)
    return [(terms[key], n) for key, n in sorted(counts.items())]


def _placed(title: str, text: str, language: str) -> Iterator[tuple[_Term, int]]:
    words = _WORD.findall(unicodedata.normalize("NFKC", text))
    head = _WORD.findall(unicodedata.normalize("NFKC", title))
    for part, times in ((head, TITLE_TIMES), (words[:LEAD_WORDS], LEAD_TIMES), (words[LEAD_WORDS:], 1)):
        for term in _terms(part, language):
            yield term, times


def _terms(words: list[str], language: str) -> Iterable[_Term]:
    for word in words:
        rarity = _rarity(word.casefold(), language)
        if rarity > 0:
            yield _Term(word.casefold(), word, rarity)
    for first, second in zip(words, words[1:], strict=False):
        if first[0].isupper() and second[0].isupper():
            key = f"{first} {second}".casefold()
            rarity = max(_rarity(word.casefold(), language) for word in (first, second))
            if rarity > 0:
                yield _Term(key, f"{first} {second}", rarity)


def _rarity(word: str, language: str) -> float:
    frequency = _frequencies(language).get(word)
    return (-math.log(frequency) if frequency else RAREST) - COMMON


@cache
def _frequencies(language: str) -> dict[str, float]:
    from wordfreq import available_languages, get_frequency_dict  # noqa: PLC0415  half a second, and only this stage needs it

    return get_frequency_dict(language) if language in available_languages() else {}


def _hashed(key: str) -> int:
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "little", signed=True)
