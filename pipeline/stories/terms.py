"""Terms: what an article is about, as weighted words, names and numbers.

The rarer a word is in its language (`stories.rarity`), the more its term weighs. Rarity comes from a frozen list, so an article
has the same terms on every day, whatever else was read. Words are reduced to their stems (`stories.stems`); scripts
without spaces give character bigrams. `docs/stories.md` says where each number comes from.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from pipeline.model.arrow import Array, texts
from pipeline.model.contract import VECTOR
from pipeline.model.internal_tables import TERMS
from pipeline.stories import figures
from pipeline.stories.rarity import cut_grams, rarities_of
from pipeline.stories.stems import stem
from pipeline.text import scripts

READ_TOKENS = 400  # news starts with the event; what comes later is background, and costs precision
LEAD_TOKENS = 120
TITLE_TIMES = 6  # a headline names the event; a text of 400 words mentions a name about as often
LEAD_TIMES = 3
TELLING = 3.5  # a rarer name stands for one person or thing: not Sunday, not China
RARITY_POWER = 0.75  # with 1, a few odd words decide; with 0.5, common words do
MAX_TERMS = 160
MAX_KEYWORDS = 12
PIECE_ROWS = 2_048  # read at once: every word is a Python object meanwhile, 30 MB in all

_SHAPE = r"(\d+(?:[.,]\d+)*(?!{letter})|{run}(?:['’]{run})*)"
_FOLLOWED = "( (?={first}))?"  # whether another word follows directly
_FIRST, _NEXT = f"[{scripts.FIRST}_]", f"[{scripts.NEXT}_]"
_COMMON = {"letter": r"[^\W\d_]", "run": r"\w+", "first": r"\w"}
_EVERY = {"letter": r"[\p{L}\p{Nl}\p{No}]", "run": f"{_FIRST}{_NEXT}*", "first": _FIRST}
_COMMON_WORD = re.compile((_SHAPE + _FOLLOWED).format(**_COMMON))
_WORD = scripts.compiled((_SHAPE + _FOLLOWED).format(**_EVERY))
_COMMON_FORM = re.compile(_SHAPE.format(**_COMMON))
_FORM = scripts.compiled(_SHAPE.format(**_EVERY))
_WHOLE = scripts.pattern(r"[^\W_]+")
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_LETTERED = scripts.compiled(scripts.LETTERED)


@dataclass(eq=False, slots=True)
class Word:
    """A word, number or gram as written: one object for all its occurrences in a call."""

    form: str  # as written, for a reader
    folded: str  # case-folded, as the list of frequencies has it
    capital: bool
    key: str  # the term it stands for
    rarity: float = 0.0
    is_word: bool = True  # a gram may be the end of one word and the beginning of the next


class _Term(NamedTuple):
    key: str
    readable: str
    rarity: float
    n: int  # how often the article has it; headline and lead count more
    is_word: bool


def weigh(articles: pa.Table) -> pa.Table:
    """ARTICLES -> TERMS, one row per article."""
    pieces = (articles.slice(n, PIECE_ROWS) for n in range(0, articles.num_rows, PIECE_ROWS))
    return pa.concat_tables([TERMS.empty(), *map(_weigh, pieces)])


def _weigh(articles: pa.Table) -> pa.Table:
    books: dict[str, Book] = {}
    languages = [language or "" for language in articles["language"].to_pylist()]
    read = [
        books.setdefault(language, Book(language)).read(title, text)
        for language, title, text in zip(
            languages, articles["title"].to_pylist(), texts(articles["text"]), strict=True
        )
    ]
    for book in books.values():
        book.look_up()
    weighed = [
        _weighed(books[language].count(parts), _named_in_headline(parts))
        for language, parts in zip(languages, read, strict=True)
    ]
    about = articles.select(["article_id", "ingest_date", "published_at", "language"]).columns
    lists = (_lists(*column) for column in _columns(weighed))
    vectors = pa.nulls(articles.num_rows, VECTOR)
    return pa.table([*about, *lists, articles["published_precision"], vectors], schema=TERMS.schema)


def name_terms(title: str | None, text: str, language: str | None) -> dict[int, str]:
    """The terms of an article by hash, as a person would write them."""
    book = Book(language or "")
    parts = book.read(title, text)
    book.look_up()
    return {_hashed(term.key): term.readable for term in book.count(parts)}


class _Part(NamedTuple):
    """A part of an article: its words, its names of two capitalised words in a row, and its capitalised words."""

    words: list[Word]
    names: list[tuple[Word, Word]]
    capitals: set[str]  # keys of words with a capital inside a sentence, or before another one


class Book(dict[str, list[Word]]):
    """The words of the articles of one language: for each run of letters, the words or grams in it."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language

    def __missing__(self, written: str) -> list[Word]:
        if not scripts.is_plain(written) and scripts.GRAMMED.search(written):
            forms, folded, capital = *_grams_of(written), False
        else:
            form = _plain(written, self.language)
            forms, capital = [form][: len(form)], form[:1].isupper()
            folded = [*map(scripts.folded_word, forms)]
        self[written] = [
            Word(form, word, capital, _key(word, self.language))
            for form, word in zip(forms, folded, strict=True)
        ]
        return self[written]

    def read(self, title: str | None, text: str) -> list[_Part]:
        """The headline, the lead and what follows."""
        head = self._found((title or "")[: READ_TOKENS * 10])
        body = self._found(text[: READ_TOKENS * 10])
        lead, rest = self._part(body[:LEAD_TOKENS]), self._part(body[LEAD_TOKENS:])
        words = (lead.words + rest.words)[:READ_TOKENS]  # a run without spaces is many words
        return [
            self._part(head),
            lead._replace(words=words[:LEAD_TOKENS]),
            rest._replace(words=words[LEAD_TOKENS:]),
        ]

    def words(self, text: str) -> list[Word]:
        """Every word, number and gram of a text in its order; their rarities are not looked up yet."""
        return list(chain.from_iterable(map(self.__getitem__, written(text, self.language))))

    def _found(self, text: str) -> list[tuple[str, str]]:
        text = figures.blank(scripts.normal(text), self.language)
        return (_COMMON_WORD if scripts.is_common(text) else _WORD).findall(text)[:READ_TOKENS]

    def _part(self, found: list[tuple[str, str]]) -> _Part:
        made = [self[written] for written, _ in found]
        inner = [
            (one[-1], two[0])
            for one, two, (_, space) in zip(made, made[1:], found, strict=False)
            if space and one and two and two[0].capital
        ]
        names = [(one, two) for one, two in inner if one.capital]
        capitals = {two.key for _, two in inner} | {one.key for one, _ in names}
        return _Part(list(chain.from_iterable(made)), names, capitals)

    def look_up(self) -> None:
        """Give every word its rarity."""
        words = list(chain.from_iterable(self.values()))
        forms = sorted({word.folded for word in words})
        rarities, cuts = rarities_of(self.language, forms), cut_grams(self.language, forms)
        for word in words:
            word.rarity, word.is_word = rarities[word.folded], word.folded not in cuts

    def count(self, parts: list[_Part]) -> list[_Term]:
        """An article's terms."""
        found = _Counted()
        for part, times in zip(parts, (TITLE_TIMES, LEAD_TIMES, 1), strict=True):
            for word, n in Counter(part.words).items():
                if not word.is_word:
                    found.cuts.add(word.key)
                if word.rarity > 0:
                    found.add(word.key, word.form, word.rarity, n * times)
            for (one, two), n in Counter(part.names).items():
                rarity = (one.rarity + two.rarity) / 2
                if rarity > 0:
                    found.add(f"{one.key} {two.key}", f"{one.form} {two.form}", rarity, n * times)
        return found.terms()


class _Counted:
    """Terms of an article while they are counted."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.readable: dict[str, str] = {}
        self.rarities: dict[str, float] = {}
        self.cuts: set[str] = set()

    def add(self, key: str, form: str, rarity: float, n: int) -> None:
        """Most terms are met once, in one form: this is called three hundred times an article."""
        known = self.counts.get(key)
        if known is None:
            self.counts[key], self.readable[key], self.rarities[key] = n, form, rarity
            return
        self.counts[key] = known + n
        if form != self.readable[key]:
            self.readable[key] = _plainer(self.readable[key], form)
        self.rarities[key] = min(rarity, self.rarities[key])

    def terms(self) -> list[_Term]:
        columns = (self.counts, self.readable.values(), self.rarities.values(), self.counts.values())
        cuts = self.cuts
        return [_Term(*row, row[0] not in cuts) for row in zip(*columns, strict=True)]


def written(text: str, language: str) -> list[str]:
    """The words and numbers of a text as written, in their order."""
    text = figures.blank(scripts.normal(text), language)
    found: list[str] = (_COMMON_FORM if scripts.is_common(text) else _FORM).findall(text)
    return found


def _plainer(form: str, other: str) -> str:
    """Of two ways to write a term, the one without the capitals that a headline or the start of a sentence adds; the first of equals."""
    return min(form, other, key=lambda written: (written[:1].isupper(), written.isupper()))


def _names(parts: list[_Part]) -> set[str]:
    """The words that have a capital inside a sentence, and never appear without one."""
    capitals = set[str]().union(*(part.capitals for part in parts))
    return capitals and capitals - {word.key for part in parts for word in part.words if not word.capital}


def _named_in_headline(parts: list[_Part]) -> set[str]:
    """The names in a headline. If all its words are capitalised, a word counts as a name if the text says so."""
    head, *body = parts
    is_sentence = any(not word.capital and word.rarity > 0 for word in head.words)
    telling = {word.key for word in head.words if word.rarity > TELLING and not _is_number(word.key)}
    return telling and telling & _names(parts if is_sentence else body)


def _is_number(key: str) -> bool:
    return scripts.is_figure(key[:1])


def _key(folded: str, language: str) -> str:
    """The stem of a word. If nothing is left of it, as of the Greek ιού, the word itself: else many words would be one term."""
    return folded if _is_number(folded) else stem(folded, language) or folded


def _plain(form: str, language: str) -> str:
    """A word without what an apostrophe adds to it: l'élection, Erdoğan'ın, Peru's. Contractions such as don't give nothing."""
    if scripts.is_figure(form[0]) and not _WHOLE.fullmatch(form):
        return form.replace(",", "").replace(".", "") if _GROUPED.fullmatch(form) else form.replace(",", ".")
    if "'" not in form and "’" not in form:
        return form
    parts = re.split("['’]", form)
    if language == "en" and len(parts[-1]) <= 2 and parts[-1].casefold() != "s":
        return ""
    latin = form[0] < "\u0250"  # in Cyrillic and Hebrew the mark is a letter of the word
    return max(parts, key=len) if latin else form


def _grams_of(written: str) -> tuple[list[str], list[str]]:
    """The grams of a run as they are written, and as they are looked up."""
    forms = [*_grams(scripts.without_points(written))]
    folded = [*_grams(scripts.folded_word(written))]
    return (forms if len(forms) == len(folded) else folded), folded


def _grams(run: str) -> Iterator[str]:
    for part in scripts.GRAMMED.split(run):
        size = 4 if _LETTERED.match(part) else 2
        if scripts.GRAMMED.match(part):
            yield from (part[i : i + size] for i in range(max(1, len(part) - size + 1)))
        elif part:
            yield part


Weighed = tuple[list[int], list[float], list[int], list[str]]


def _weighed(terms: list[_Term], named: set[str]) -> Weighed:
    """The heaviest terms by hash, their weights scaled to length one, the headline's names among them, and the keywords."""
    log1p, power = math.log1p, math.pow
    weighted = sorted([(-log1p(t.n) * power(t.rarity, RARITY_POWER), t.key, t) for t in terms])[:MAX_TERMS]
    length = math.sqrt(math.fsum(w * w for w, _, _ in weighted))
    pairs = sorted((_hashed(key), -w / length) for w, key, _ in weighted)
    names = sorted(_hashed(key) for _, key, _ in weighted if key in named)
    return [h for h, _ in pairs], [w for _, w in pairs], names, _keywords([term for _, _, term in weighted])


def _columns(weighed: list[Weighed]) -> Iterator[tuple[str, list[list[Any]]]]:
    for n, name in enumerate(("terms", "weights", "names", "keywords")):
        yield name, [row[n] for row in weighed]


def _lists(name: str, rows: list[list[Any]]) -> Array:
    """A column of lists, built from flat values: Arrow converts lists of lists one value at a time."""
    kind = TERMS.schema.field(name).type
    starts = np.concatenate([[0], np.cumsum([len(row) for row in rows], dtype=np.int64)])
    values = pa.array(list(chain.from_iterable(rows)), kind.value_type)
    return pa.ListArray.from_arrays(pa.array(starts, pa.int32()), values, type=kind)


@lru_cache(maxsize=100_000)
def _hashed(key: str) -> int:
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "little", signed=True)


def _keywords(ranked: list[_Term]) -> list[str]:
    """The weightiest terms; a term that shares a word with a weightier one is left out."""
    kept: list[str] = []
    said: set[str] = set()
    for term in ranked:
        if _is_number(term.key) or not term.is_word:
            continue
        words = set(term.readable.casefold().split())
        if words.isdisjoint(said):
            kept.append(term.readable)
            said |= words
        if len(kept) == MAX_KEYWORDS:
            break
    return kept
