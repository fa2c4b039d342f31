"""Terms: what an article is about, as weighted words, names and numbers.

A term weighs as much as it is rare in its language. The rarity comes from a frozen list of word frequencies
(`wordfreq`), so that the same article has the same terms on every day, whatever else was read. Words are cut to
their stems (Snowball) where there is a stemmer; scripts without spaces give character bigrams; languages
without a list get a rarity by the length of the word. `docs/stories.md` says where each number comes from.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache
from hashlib import blake2b
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.contracts import TERMS

Row = dict[str, Any]

READ_TOKENS = 400  # news tells the event first; what comes later is background, and costs precision
LEAD_TOKENS = 120
TITLE_TIMES = 6  # a headline names the event; a text of 400 words mentions a name about as often
LEAD_TIMES = 3
RARITY_POWER = 0.75  # with 1 a few odd words decide, with 0.5 the common ones do
MAX_TERMS = 160
MAX_KEYWORDS = 12

COMMON = 7.0  # -ln of a frequency of 1/1100: commoner words are stop words
UNKNOWN = 18.4 - COMMON  # the lists end at a frequency of 1e-8, -ln of which is 18.4
YEAR = 3.0  # years stand in every other text
# Mean rarity of running words by their length over 20 languages with a list (1, 2, … 12 letters and more).
BY_LENGTH = (0.5, 0.3, 0.7, 1.4, 2.1, 2.8, 3.4, 3.9, 4.2, 4.5, 4.7, 5.0)
_LISTED_AS = {"no": "nb", "nn": "nb", "sr": "sh", "hr": "sh", "bs": "sh", "tl": "fil"}
_STEMMED_AS = {"nb": "no", "nn": "no", "hr": "sr", "bs": "sr"}

_WORD = re.compile(r"\d+(?:[.,]\d+)*(?![^\W\d_])|\w+(?:['’]\w+)*")
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_UNSPACED = re.compile(
    "([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]+)"
)
_LETTERED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]"
)  # Thai, Lao, Khmer, Burmese: letters, not syllables


class _Token(NamedTuple):
    """One occurrence of a word, number or gram."""

    form: str  # as a person reads it
    word: str  # case-folded, as the list of frequencies has it
    capital: bool
    touches: bool  # only a space lies between it and the token before


class _Term(NamedTuple):
    key: str
    readable: str
    rarity: float


def weigh(articles: pa.Table) -> pa.Table:
    """ARTICLES -> TERMS, row for row."""
    columns = ("article_id", "ingest_date", "published_at", "language", "title", "text")
    rows = articles.select(list(columns)).to_pylist()
    read = [_read(row["title"], row["text"], row["language"] or "") for row in rows]
    rarities = _rarities((row["language"] or "", tokens) for row, tokens in zip(rows, read, strict=True))
    return TERMS.table(
        [
            _weighed(row, tokens, rarities[row["language"] or ""])
            for row, tokens in zip(rows, read, strict=True)
        ]
    )


def name_terms(title: str | None, text: str, language: str | None) -> dict[int, str]:
    """Every term of an article by its hash, as a person would write it."""
    tokens = _read(title, text, language or "")
    rarities = _rarities([(language or "", tokens)])[language or ""]
    return {_hashed(term.key): term.readable for term, _ in _counted(tokens, language or "", rarities)}


Read = tuple[list[_Token], list[_Token]]  # a title's tokens, a text's


def _read(title: str | None, text: str, language: str) -> Read:
    head = list(_tokens((title or "")[: READ_TOKENS * 4], language))
    body = []
    for token in _tokens(text[: READ_TOKENS * 20], language):
        body.append(token)
        if len(body) == READ_TOKENS:
            break
    return head[:READ_TOKENS], body


def _tokens(text: str, language: str) -> Iterator[_Token]:
    text = unicodedata.normalize("NFKC", text)
    end = 0
    for found in _WORD.finditer(text):
        between = text[end : found.start()]
        end = found.end()
        if _UNSPACED.search(found.group()):
            yield from _grams(found.group())
        elif form := _plain(found.group(), language):
            yield _Token(form, form.casefold(), form[0].isupper(), between == " ")


def _plain(form: str, language: str) -> str:
    """A word without what an apostrophe hangs on it: l'élection, Erdoğan'ın, Peru's; don't is none."""
    if form[0].isdigit() and not form.isalnum():
        return form.replace(",", "").replace(".", "") if _GROUPED.fullmatch(form) else form.replace(",", ".")
    if "'" not in form and "’" not in form:
        return form
    parts = re.split("['’]", form)
    if language == "en" and len(parts[-1]) <= 2 and parts[-1].casefold() != "s":
        return ""
    latin = form[0] < "\u0250"  # in Cyrillic and Hebrew the mark is a letter of the word
    return max(parts, key=len) if latin else form


def _grams(run: str) -> Iterator[_Token]:
    for part in _UNSPACED.split(run):
        if not part:
            continue
        size = 4 if _LETTERED.match(part) else 2
        grams = (
            [part[i : i + size] for i in range(max(1, len(part) - size + 1))]
            if _UNSPACED.match(part)
            else [part]
        )
        for gram in grams:
            yield _Token(gram, gram.casefold(), capital=False, touches=False)


def _rarities(read: Any) -> dict[str, dict[str, float]]:
    """The rarity of every word of some articles, by language."""
    words: dict[str, set[str]] = {}
    for language, (head, body) in read:
        words.setdefault(language, set()).update(token.word for token in (*head, *body))
    return {language: _looked_up(language, sorted(found)) for language, found in words.items()}


def _looked_up(language: str, words: list[str]) -> dict[str, float]:
    listed, rarities = _frequency_list(_LISTED_AS.get(language, language))
    places = pc.index_in(pa.array(words, pa.string()), value_set=listed).to_pylist()
    known = {w: float(rarities[p]) for w, p in zip(words, places, strict=True) if p is not None}
    has_list = len(listed) > 0
    return {w: known[w] if w in known else _unlisted(w, has_list=has_list) for w in words}


def _unlisted(word: str, *, has_list: bool) -> float:
    digits = [c for c in word if c.isdigit()]
    if len(digits) == len(word.replace(".", "")) and digits:
        year = len(word) == 4 and word[:2] in {"19", "20"}
        return YEAR if year else UNKNOWN if len(digits) > 1 else 0.0
    if has_list and not _UNSPACED.match(word):
        return UNKNOWN
    if _UNSPACED.match(word):
        return (UNKNOWN + BY_LENGTH[-1]) / 2  # a gram that no listed word has often spans two words
    return BY_LENGTH[min(len(word), len(BY_LENGTH)) - 1]


@cache
def _frequency_list(language: str) -> tuple[pa.Array, Any]:
    """The listed words of a language and their rarities: -ln(frequency) - COMMON.

    Held as an Arrow array (8 MB for 700,000 words); wordfreq's own copy, ten times that, is let go.
    """
    from wordfreq import available_languages, get_frequency_list

    if language not in available_languages():
        return pa.array([], pa.string()), np.array([])
    bins = get_frequency_list(language)
    get_frequency_list.cache_clear()
    pairs = [(word, n * math.log(10) / 100 - COMMON) for n, words in enumerate(bins) for word in words]
    if language in {"zh", "ja", "ko"}:
        pairs = _gram_rarities(pairs)
    return pa.array([w for w, _ in pairs], pa.string()), np.array([r for _, r in pairs])


def _gram_rarities(pairs: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """Of the bigrams inside a list's words: their words' frequencies summed."""
    totals: dict[str, float] = {}
    for word, rarity in pairs:
        grams = {word[i : i + 2] for i in range(len(word) - 1)} if _UNSPACED.match(word) else set()
        for gram in grams | {word}:
            totals[gram] = totals.get(gram, 0.0) + math.exp(-(rarity + COMMON))
    return [(gram, -math.log(total) - COMMON) for gram, total in totals.items()]


def _weighed(row: Row, read: Read, rarities: dict[str, float]) -> Row:
    counted = _counted(read, row["language"] or "", rarities)
    weighted = [(math.log1p(n) * term.rarity**RARITY_POWER, term) for term, n in counted]
    weighted = sorted(weighted, key=lambda w: (-w[0], w[1].key))[:MAX_TERMS]
    length = math.sqrt(math.fsum(w * w for w, _ in weighted))
    pairs = sorted((_hashed(term.key), w / length) for w, term in weighted)
    return {
        "article_id": row["article_id"],
        "ingest_date": row["ingest_date"],
        "published_at": row["published_at"],
        "language": row["language"],
        "terms": [h for h, _ in pairs],
        "weights": [w for _, w in pairs],
        "keywords": _keywords([term for _, term in weighted]),
    }


def _counted(read: Read, language: str, rarities: dict[str, float]) -> list[tuple[_Term, int]]:
    counts: Counter[str] = Counter()
    terms: dict[str, _Term] = {}
    head, body = read
    for part, times in ((head, TITLE_TIMES), (body[:LEAD_TOKENS], LEAD_TIMES), (body[LEAD_TOKENS:], 1)):
        for term in _terms(part, language, rarities):
            counts[term.key] += times
            known = terms.get(term.key)
            if known is None or term.rarity < known.rarity:
                readable = known.readable if known else term.readable
                terms[term.key] = term._replace(readable=readable)
    return [(terms[key], n) for key, n in sorted(counts.items())]


def _terms(tokens: list[_Token], language: str, rarities: dict[str, float]) -> Iterator[_Term]:
    before: _Token | None = None
    for token in tokens:
        rarity = rarities[token.word]
        is_number = token.word[0].isdigit()
        if rarity > 0:
            key = token.word if is_number else _stem(token.word, language)
            yield _Term(key, token.form, rarity)
        if before and before.capital and token.capital and token.touches:
            pair = (rarities[before.word] + rarity) / 2
            if pair > 0:
                key = f"{_stem(before.word, language)} {_stem(token.word, language)}"
                yield _Term(key, f"{before.form} {token.form}", pair)
        before = token


@lru_cache(maxsize=500_000)
def _stem(word: str, language: str) -> str:
    stemmer = _stemmer(_STEMMED_AS.get(language, language))
    return _unmarked(stemmer.stemWord(word) if stemmer else word, language)


@cache
def _stemmer(language: str) -> Any:
    return import_module("Stemmer").Stemmer(language) if language in _SNOWBALL else None


_SNOWBALL = frozenset(
    [
        "ar",
        "hy",
        "eu",
        "ca",
        "cs",
        "da",
        "nl",
        "en",
        "et",
        "fi",
        "fr",
        "de",
        "el",
        "hi",
        "hu",
        "id",
        "ga",
        "it",
        "lt",
        "ne",
        "no",
        "pl",
        "pt",
        "ro",
        "ru",
        "sr",
        "es",
        "sv",
        "ta",
        "tr",
        "yi",
    ]
)


def _unmarked(word: str, language: str) -> str:
    """Without accents, which outlets set as they please (Erdoğan, Peña, ё); in Vietnamese they tell words apart."""
    if word.isascii() or language == "vi":
        return word
    split = unicodedata.normalize("NFD", word)
    return unicodedata.normalize("NFC", "".join(c for c in split if not "\u0300" <= c <= "\u036f"))


@lru_cache(maxsize=500_000)
def _hashed(key: str) -> int:
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "little", signed=True)


def _keywords(ranked: list[_Term]) -> list[str]:
    """The weightiest terms, a word left out where a pair of words that has it is in."""
    kept: list[str] = []
    for term in ranked:
        if term.key[0].isdigit():
            continue
        words = set(term.readable.casefold().split())
        if not any(words & set(other.casefold().split()) for other in kept):
            kept.append(term.readable)
        if len(kept) == MAX_KEYWORDS:
            break
    return kept
