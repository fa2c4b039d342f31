"""Whom a text credits for itself: the lines that say where it appeared first, or whose it is."""

import re
import string
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import pyarrow as pa

from pipeline.model.internal_tables import CREDITED
from pipeline.text import agencies, dates, lexicon, scripts, urls
from pipeline.text.outlets import ARTICLES, Outlets

_LEXICON = lexicon.words()
_NAME = r"(?P<name>(?:https?://)?\S[^\n|;()\[\]]{1,80})"
_LABELLED = re.compile(rf"\W*{lexicon.one_of(_LEXICON.origin_labels)}\s?[:：]\s*{_NAME}", re.IGNORECASE)
_WHO = rf"{lexicon.one_of(_LEXICON.origins)}\s*\b{_NAME}"
_SAID = re.compile(rf"\b{_WHO}", re.IGNORECASE)
_SAID_ANYWHERE = re.compile(
    rf"(?:\b|(?<=[\u3040-\u9fff])){_WHO}", re.IGNORECASE
)  # between words without spaces
_HOST = re.compile(r"(?:https?://)?((?:[\w-]+\.)+[a-z]{2,})(?:[/?#]\S*)?[.,]?$", re.IGNORECASE)
_END = re.compile(
    rf"(?<![.!?])[.!?]++(?:\s|$)|[。，、]|,\s|\s(?=https?://)|\s[–—-]\s|\s{lexicon.one_of(_LEXICON.after_origins)}(?!\w)"
)
_BEFORE_DATE = re.compile(
    rf"(?:[\s,]+{lexicon.one_of(_LEXICON.on_date)})?(?:[\s,]+{lexicon.one_of(_LEXICON.weekdays)})?[\s,]*$",
    re.IGNORECASE,
)
_ON_SUNDAY = re.compile(rf"\s{lexicon.one_of(_LEXICON.on_sunday)}$", re.IGNORECASE)
_MAX_CHARS = 300  # a longer line is a paragraph of the article, which may tell of other texts
_MAX_WORDS = 6
_VERBS = 2  # words behind a name that end its sentence: "… in der Hafenpost gedruckt worden"
_MORE_WORDS = 4  # with the comma's own
_DIGIT = re.compile(r"\d")
_PARTS = re.compile(r"[,|/()]|\s[–—-]\s")  # of a byline
_EDGES = 3  # paragraphs at each end of the text, where a credit stands that was no furniture


class Credit(NamedTuple):
    """A name that a text credits; `is_sure` where it can mean nothing but where the text is from. Where the outlets' file, or an
    address, tells whose the name is: that outlet, its family, or the agency that it is.
    """

    name: str
    is_sure: bool
    outlet_id: str | None = None
    newsroom: str | None = None
    agency: str | None = None


class Page(NamedTuple):
    """What of an article says whom it credits: columns of ARTICLES."""

    text: str
    furniture_removed: Sequence[str]
    authors: Sequence[str]
    source_url: str | None


def credit(articles: pa.Table, *, outlets: Outlets) -> pa.Table:
    """The article_id and columns of Page to CREDITED, row-wise. `outlets` are those of the user's file."""
    ids, *said = (articles[name].to_pylist() for name in ("article_id", *Page._fields))
    found = [stated_credits(Page(*row), outlets) for row in zip(*said, strict=True)]
    rows = zip(ids, found, strict=True)
    return CREDITED.table([{"article_id": i, "credits": [c._asdict() for c in some]} for i, some in rows])


def stated_credits(page: Page, outlets: Outlets) -> list[Credit]:
    """Whom a document credits: the site of the article that it names as its own, then what its text credits, then who signs it.

    A name alone, in the byline or in a line at an edge, may be anybody's: it is told only where an outlet of the file has it.
    """
    host = urls.domain_of(page.source_url)
    linked = [Credit(host.removeprefix("www."), is_sure=True)] if host else []
    said = [_told(c, outlets) for c in (*linked, *credits_of(page.text, page.furniture_removed))]
    signed = [_told(Credit(name, is_sure=False), outlets) for name in _signed(page)]
    return said + [c for c in signed if c.outlet_id and not c.agency]


def _signed(page: Page) -> Iterator[str]:
    for author in page.authors:
        yield from map(str.strip, _PARTS.split(author))
    yield from (line for line in _edges(page.text.split("\n")) if len(line.split()) <= _MAX_WORDS)


def _told(credit: Credit, outlets: Outlets) -> Credit:
    """With whose name it is. An outlet of the file is known, so that a label does for it."""
    credit = _undated_if_known(credit, outlets)
    outlet = outlets.of(credit.name, None) if is_host(credit.name) else outlets.named(credit.name)
    agency = (outlet.agency if outlet else None) or agencies.named(credit.name)
    if outlet is None:
        return credit._replace(agency=agency)
    return Credit(agency or credit.name, True, outlet.id, outlet.newsroom, agency)


def _undated_if_known(credit: Credit, outlets: Outlets) -> Credit:
    """Without a Sunday where only that is known: "The Guardian on Sunday", while the Mail on Sunday is a paper of its own."""
    bare = _ON_SUNDAY.sub("", credit.name)
    if bare == credit.name or outlets.named(credit.name):
        return credit
    return credit._replace(name=bare) if outlets.named(bare) or agencies.named(bare) else credit


def is_host(name: str) -> bool:
    """Whether a name is a host."""
    return _HOST.fullmatch(name) is not None


def credits_of(text: str, furniture: Sequence[str]) -> list[Credit]:
    """What a text credits, in its lines that were furniture and at its edges: what is sure first, then in their order.

    A label ("Source: …") may be that of a figure, so it is not sure: it counts where something else knows the name.
    """
    edges = _edges(text.split("\n"))
    found = [credit for line in (*furniture, *edges) if len(line) <= _MAX_CHARS for credit in _credits(line)]
    return sorted(found, key=lambda credit: not credit.is_sure)


def _edges(lines: list[str]) -> list[str]:
    return lines if len(lines) <= 2 * _EDGES else lines[:_EDGES] + lines[-_EDGES:]


def _credits(line: str) -> Iterator[Credit]:
    if (said := _said(line)) and (name := _name(said["name"])):
        yield Credit(name, is_sure=True)
    if (labelled := _LABELLED.match(line)) and (name := _name(labelled["name"])):
        yield Credit(name, is_sure=_HOST.fullmatch(labelled["name"].strip()) is not None)


def _said(line: str) -> re.Match[str] | None:
    """Where a line says whose its text is. Few lines have a word that this begins with, and to find none takes a thirtieth of the pattern."""
    if not line.isascii():
        return _SAID_ANYWHERE.search(line)
    openings = ascii_openings(_LEXICON.origins)
    is_told = openings is None or not openings.isdisjoint(scripts.words(line.lower()))
    return _SAID.search(line) if is_told else None


@cache
def ascii_openings(patterns: lexicon.Phrases) -> frozenset[str] | None:
    """The words that begin some patterns, as a line of ASCII may have them: of d'abord, the d. None where one begins with no
    letter, or with a word of which not all letters are given: then any line may have it.
    """
    firsts = lexicon.first_words(patterns)
    if any(not word[0].isalnum() or not _GIVEN.isdisjoint(word) for word in firsts):
        return None
    return frozenset(filter(None, map(_opening, firsts)))


_GIVEN = frozenset("*?$")  # signs of patterns


def _opening(word: str) -> str | None:
    """The first run of letters and digits of a word, in lower case. Each letter becomes the one of ASCII that a pattern takes for it when
    case is ignored (ı becomes i); None for a word with a letter that has none: no line of ASCII has that word.
    """
    letters = [
        next((a for a in string.printable if re.match(re.escape(c), a, re.IGNORECASE)), "") for c in word
    ]
    found = scripts.words("".join(letters).lower())
    return found[0] if all(letters) and found else None


def _name(said: str) -> str | None:
    """The outlet's name at the start of what was said, or the host of an address; None where it is neither."""
    if host := _HOST.match(said.split(maxsplit=1)[0]):
        return (urls.domain_of(f"https://{host[1]}/") or host[1]).removeprefix("www.")
    said = _undated(said.strip())
    name, *rest = _END.split(said, maxsplit=1)
    words = name.strip(" \"'“”«»„《》「」『』.").split()
    n_words = len(words)
    while len(words) > 1 and words[-1][0].islower():
        words.pop()
    if n_words - len(words) > _VERBS or (rest and _goes_on(said[len(name) :])):
        return None
    name = " ".join(_without_day(words))
    is_name = name and not scripts.has_figure(name) and len(name.split()) <= _MAX_WORDS
    return name if is_name and (not name[0].islower() or agencies.named(name)) else None


def _without_day(words: list[str]) -> list[str]:
    """The words of a name without the day behind them: "The Guardian on Monday", "The Guardian late Monday". Papers are called
    after Sundays, so one stays.
    """
    is_day = len(words) > 2 and words[-1].casefold() in _LEXICON.weekdays and words[-2][0].islower()
    if not is_day or _ON_SUNDAY.search(" ".join(words)):
        return words
    words = words[:-1]
    while len(words) > 1 and words[-1][0].islower():
        words = words[:-1]
    return words


def _undated(said: str) -> str:
    """What stands before the date in "The Harrow Post on March 5, 2026"; all of it where the sentence goes on behind the date."""
    written = dates.find(said) if scripts.has_figure(said) else None
    if written is None or not written.start or len(said[written.end :].split()) > _VERBS:
        return said
    return _BEFORE_DATE.sub("", said[: written.start])


def _goes_on(rest: str) -> bool:
    """Whether a sentence goes on behind a name and a comma: "a study, first published in The Lancet, found that ferries are old"."""
    words = re.split(r"[.!?]", rest, maxsplit=1)[0].split()
    is_comma = rest.startswith(",")
    return is_comma and len(words) > _MORE_WORDS and words[1][0].islower() and not _DIGIT.search(rest)


@lru_cache(maxsize=10_000)
def plain(name: str) -> str:
    """A name of an outlet or agency in the form in which two of them are compared: words in lower case, no article before them."""
    words = scripts.words(name.casefold().removeprefix("www."))
    return " ".join(words[1:] if len(words) > 1 and words[0] in ARTICLES else words)
