"""Terms counted word by word in plain Python: what the compiled loops must equal, bit for bit."""

import math
from collections import Counter
from collections.abc import Iterator
from hashlib import blake2b
from itertools import chain, pairwise
from typing import NamedTuple

from pipeline.stories import terms
from pipeline.stories.rarity import cut_grams, rarities_of
from pipeline.stories.vocabulary import FOLLOWED, READ_TOKENS, Book, Word, is_number, readable, tokens_of

Row = dict[str, list[float] | list[str]]


class Part(NamedTuple):
    """A part of an article: its words, its names of two capitalised words in a row, and words with a capital inside a sentence."""

    words: list[Word]
    names: list[tuple[Word, Word]]
    capitals: set[str]


class Term(NamedTuple):
    """A term of an article: how often it has it, headline and lead counting more."""

    key: str
    readable: str
    rarity: float
    n: int
    is_word: bool


def weigh(title: str | None, text: str, language: str | None) -> Row:
    """What a row of TERMS has of an article."""
    book = Book(language or "")
    head, body = (tokens_of(readable(part, language or "")) for part in (title or "", text))
    parts = cut(book, head, body)
    look_up(book)
    return weighed(count(parts), named_in_headline(parts))


def look_up(book: Book) -> None:
    """Give every word of a book its rarity."""
    words = list(chain.from_iterable(book.values()))
    forms = list({word.folded: None for word in words})
    rarities, cuts = rarities_of(book.language, forms), cut_grams(book.language, forms)
    for word in words:
        word.rarity, word.is_word = rarities[word.folded], word.folded not in cuts


def cut(book: Book, head: list[str], body: list[str]) -> list[Part]:
    lead, rest = part(book, body[: terms.LEAD_TOKENS]), part(book, body[terms.LEAD_TOKENS :])
    words = (lead.words + rest.words)[:READ_TOKENS]
    of_lead, of_rest = words[: terms.LEAD_TOKENS], words[terms.LEAD_TOKENS :]
    return [part(book, head), lead._replace(words=of_lead), rest._replace(words=of_rest)]


def part(book: Book, tokens: list[str]) -> Part:
    made = [(book[token.removesuffix(FOLLOWED)], token.endswith(FOLLOWED)) for token in tokens]
    inner = [
        (one[-1], two[0])
        for (one, is_followed), (two, _) in pairwise(made)
        if is_followed and one and two and two[0].capital
    ]
    names = [(one, two) for one, two in inner if one.capital]
    capitals = {two.key for _, two in inner} | {one.key for one, _ in names}
    return Part([word for words, _ in made for word in words], names, capitals)


def count(parts: list[Part]) -> list[Term]:
    found: dict[str, Term] = {}
    cuts: set[str] = set()
    for one, times in zip(parts, (terms.TITLE_TIMES, terms.LEAD_TIMES, 1), strict=True):
        for word, n in Counter(one.words).items():
            if not word.is_word:
                cuts.add(word.key)
            add(found, Term(word.key, word.form, word.rarity, n * times, is_word=True))
        for (first, second), n in Counter(one.names).items():
            rarity = (first.rarity + second.rarity) / 2
            readable = f"{first.form} {second.form}"
            add(found, Term(f"{first.key} {second.key}", readable, rarity, n * times, is_word=True))
    return [term._replace(is_word=term.key not in cuts) for term in found.values()]


def add(found: dict[str, Term], new: Term) -> None:
    if new.rarity > 0:
        known = found.setdefault(new.key, new._replace(n=0))
        readable = min(known.readable, new.readable, key=lambda form: (form[:1].isupper(), form.isupper()))
        rarity = min(known.rarity, new.rarity)
        found[new.key] = Term(new.key, readable, rarity, known.n + new.n, is_word=True)


def named_in_headline(parts: list[Part]) -> set[str]:
    head, *body = parts
    is_sentence = any(not word.capital and word.rarity > 0 for word in head.words)
    asked = parts if is_sentence else body
    telling = {word.key for word in head.words if word.rarity > terms.TELLING and not is_number(word.key)}
    small = {word.key for one in asked for word in one.words if not word.capital}
    return telling & set().union(*(one.capitals for one in asked)) - small


def weighed(found: list[Term], named: set[str]) -> Row:
    weights = [(-math.log1p(t.n) * math.pow(t.rarity, terms.RARITY_POWER), t.key, t) for t in found]
    ranked = sorted(weights)[: terms.MAX_TERMS]
    length = math.sqrt(math.fsum(w * w for w, _, _ in ranked))
    pairs = sorted((hashed(key), -w / length) for w, key, _ in ranked)
    return {
        "terms": [h for h, _ in pairs],
        "weights": [w for _, w in pairs],
        "names": sorted(hashed(key) for _, key, _ in ranked if key in named),
        "keywords": [*keywords([term for _, _, term in ranked])][: terms.MAX_KEYWORDS],
    }


def hashed(key: str) -> int:
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "little", signed=True)


def keywords(ranked: list[Term]) -> Iterator[str]:
    said: set[str] = set()
    for term in ranked:
        words = set(term.readable.casefold().split())
        if not is_number(term.key) and term.is_word and words.isdisjoint(said):
            yield term.readable
            said |= words
