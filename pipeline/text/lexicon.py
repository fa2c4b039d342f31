"""The words of human languages that the pipeline looks for: one file a language, `phrases/<code>.toml`.

A file says a language's words under the keys that `Words` declares; a key that a language has nothing for is left out.
`any.toml` has what no language owns: names of networks and picture desks, and marks that many languages share.
All languages are looked up at once: pages mix them, and a phrase of one language means nothing in another.
Who needs a regular expression builds it, with `one_of`, from the words.
"""

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache
from hashlib import blake2b
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import accumulate
from typing import Any, NewType

from pipeline.model.errors import LexiconError

# The kinds of lists. All are in lower case but the cased ones, which are looked up with the capitals that they have.
Phrases = NewType("Phrases", frozenset[str])
Cased = NewType("Cased", frozenset[str])
# In a pattern {a/b} stands for a or b, {a/} for a or nothing, * for any letters or none, ? for one.
Patterns = NewType("Patterns", frozenset[str])
Templates = NewType("Templates", tuple[str, ...])  # cased patterns that are tried in their order
Months = NewType("Months", tuple[frozenset[str], ...])
Meanings = NewType("Meanings", frozenset[tuple[str, str]])  # phrases, each with what it stands for

_NONE = Phrases(frozenset())
_NO_CASED = Cased(frozenset())
_NO_PATTERNS = Patterns(frozenset())
_NO_MONTHS = Months((frozenset(),) * 12)
_NO_MEANINGS = Meanings(frozenset())


@dataclass(frozen=True)
class Words:
    """The words of one language, or of all. Phrases have no final punctuation."""

    # A line that is only this goes: advertisements, share bars, buttons, labels of the page.
    labels: Phrases = _NONE
    # What a control says that shows the rest of a text.
    expanders: Phrases = _NONE
    # A heading over links to other articles: it goes, and the headlines under it with it. With text after it on the
    # same line ("Read more: …") the line goes alone.
    teasers: Phrases = _NONE
    # Of `teasers`: also ordinary openings of a sentence, so with text behind them only a colon or bar makes them furniture.
    plain_teasers: Phrases = _NONE
    # How a heading over headlines of the same section or author begins; its name follows.
    section_teasers: Phrases = _NONE
    # A heading over what is no part of the article, though it has sentences: who wrote it, what readers say, house rules.
    endings: Phrases = _NONE
    # Of `endings`: the author is named after them on the same line, without a colon.
    author_endings: Phrases = _NONE

    # What follows the number of readers' comments, in a heading over them.
    comment_counts: Phrases = _NONE
    # What pages call the box of their readers' comments, in the names of classes and ids, without signs; and what they call it
    # that may be a part of an article, too.
    comment_boxes: Phrases = _NONE
    discussion_boxes: Phrases = _NONE
    # What forms tell those who fill them in; pages hold all of it, and show none.
    form_messages: Phrases = _NONE
    # What stands before a number or an address by which somebody can be reached.
    contact_labels: Phrases = _NONE

    # Words that together make a line an appeal to the reader. `offers` and `extras`: what is offered or asked for, the
    # former hardly ever the matter of an article; `calls`: what the reader is to do; `ours`: the outlet speaking of
    # itself; `yours`: the reader addressed.
    offers: Phrases = _NONE
    extras: Phrases = _NONE
    calls: Phrases = _NONE
    ours: Phrases = _NONE
    yours: Phrases = _NONE
    # Words in a row that make a line of up to 45 words an appeal, wherever in it they stand.
    pitches: Phrases = _NONE
    # What stands where the rest of an article is for those who pay or register.
    paywalls: Phrases = _NONE
    # Appeals in scripts without spaces: a line with one of these addresses the reader.
    unspaced_appeals: Phrases = _NONE

    # Openings of a line that credits a picture, a source or the hands that a text went through; a colon, a name or a
    # slash follows.
    credits: Phrases = _NONE
    # Of `credits`: a name follows at once.
    named_credits: Phrases = _NONE
    # Words for a picture: with a colon and a name behind, they end a caption.
    pictures: Phrases = _NONE
    # "Copyright" at the start of a line, where © may stand too.
    copyright: Phrases = _NONE
    # The notice that all rights are reserved, and the words that make a line worth a search for it.
    rights_reserved: Phrases = _NONE
    rights: Phrases = _NONE
    # Agencies and picture desks whose name after a slash, bar or copyright sign makes the line a caption.
    desks: Phrases = _NONE
    # The word between a picture's author and the desk.
    via: Phrases = _NONE
    # A source or a hand in the text: the word, a colon, the name.
    sources: Phrases = _NONE
    # How a line begins that says who else had a hand in the text, or where it stood first.
    sign_offs: Patterns = _NO_PATTERNS
    # The same, if a name follows.
    named_sign_offs: Patterns = _NO_PATTERNS
    # Anywhere in a line: what colleagues did for it, and, between names and a place, where they did.
    contributed: Phrases = _NONE
    reported_from: Phrases = _NONE

    # Words over a list of what an article is about, on the same line.
    keywords: Phrases = _NONE
    # Names on the buttons of a share bar, and the little words between them.
    networks: Phrases = _NONE
    # Where breadcrumbs begin.
    homes: Phrases = _NONE
    # What buttons count, the word for new ones, and what stands for thousands or millions behind the number.
    counted: Patterns = _NO_PATTERNS
    counted_new: Phrases = _NONE
    thousands: Phrases = _NONE
    # Words of lines that only say when something was published or how long it takes to read.
    stamps: Phrases = _NONE
    weekdays: Phrases = _NONE
    # Minutes behind a number: how long it takes to read, or how long ago it was.
    minutes: Phrases = _NONE

    # Openings of a byline.
    bylines: Phrases = _NONE
    # What a person in an author's box is.
    roles: Phrases = _NONE
    # Words in an outlet's name that do not tell it.
    outlet_fillers: Phrases = _NONE
    # How a short line begins that is no section but says that this is a new version of a dispatch.
    revisions: Phrases = _NONE

    # The names of the months, in and out of a date, as the Unicode CLDR has them and as papers write them: twelve lists.
    months: Months = _NO_MONTHS
    # Of `months`: in small letters also ordinary words (12 may have died), so that a day needs a capital or a year beside them.
    month_words: Phrases = _NONE
    # What hangs on the number of a day; the second, only where the month follows.
    ordinals: Phrases = _NONE
    ordinals_before_month: Phrases = _NONE
    # What stands between day and month, as a word and hanging on the month; and between month and year.
    of_month: Phrases = _NONE
    elided_of_month: Phrases = _NONE
    of_year: Phrases = _NONE
    # Signs behind the numbers of year, month and day; words before the numbers of month and year.
    year_signs: Phrases = _NONE
    month_signs: Phrases = _NONE
    day_signs: Phrases = _NONE
    before_month: Phrases = _NONE
    before_year: Phrases = _NONE
    # What may stand behind the year: года.
    after_year: Phrases = _NONE
    # The same of the Persian calendar, from Farvardin.
    jalali_months: Months = _NO_MONTHS
    # Names of eras beside a year, each with the year of the common era before its first.
    eras: Meanings = _NO_MEANINGS
    # Words between a date and its time of day.
    at_clock: Phrases = _NONE
    # Signs behind the numbers of hour, minute and second.
    hour_signs: Phrases = _NONE
    minute_signs: Phrases = _NONE
    second_signs: Phrases = _NONE
    # Words before or behind an hour of twelve that say which half of the day it is in.
    before_noon: Phrases = _NONE
    after_noon: Phrases = _NONE
    # What may stand behind a time of day: Uhr.
    after_clock: Phrases = _NONE
    # Words before a date that say what happened then: the page was published; it was changed.
    published_labels: Phrases = _NONE
    updated_labels: Phrases = _NONE
    # Names of time zones, each with its distance from UTC (+01:00) or its IANA name. Those of all languages are in `text/zones.py`.
    zones: Meanings = _NO_MEANINGS

    # What a stated author begins with that is no part of the name.
    before_names: Phrases = _NONE
    # The same at its end: "기자", "記者".
    behind_names: Phrases = _NONE
    # Words between two names, as they are written.
    between_names: Cased = _NO_CASED
    # What a comma parts from the name that it belongs to.
    after_names: Cased = _NO_CASED
    # What buttons beside an author say: Follow.
    author_buttons: Phrases = _NONE
    # Words behind an author's name after which a place or an outlet stands, with a capital.
    after_author: Phrases = _NONE
    # Places of several words, as they stand behind an author's name; words with which others begin or end.
    places: Phrases = _NONE
    place_beginnings: Phrases = _NONE
    place_endings: Phrases = _NONE
    # Words before a role that say which it is: senior.
    role_qualifiers: Phrases = _NONE
    # What stands for an author where there is none; and what no author's name holds.
    no_names: Phrases = _NONE
    no_name_parts: Phrases = _NONE

    # Labels of the fields that a plain text may begin with.
    title_fields: Phrases = _NONE
    date_fields: Phrases = _NONE
    author_fields: Phrases = _NONE
    url_fields: Phrases = _NONE
    outlet_fields: Phrases = _NONE
    # Words before a date at the start of a text, and the little words that may follow them.
    date_labels: Phrases = _NONE
    on_date: Phrases = _NONE
    # What ends in a full stop that ends no sentence.
    abbreviations: Cased = _NO_CASED
    # How outlets name themselves around their texts. NAME stands for the name, YEARS for a year or two, $ for the end.
    outlets: Templates = Templates(())
    # An article that belongs to an outlet's name.
    outlet_articles: Cased = _NO_CASED
    # What is no outlet's name where one is looked for.
    no_outlets: Phrases = _NONE

    # What the title of a live blog says; the second, also inside a longer word.
    live: Phrases = _NONE
    live_within: Phrases = _NONE
    # What the title or the address of a page says that shows another matter each day or week: the weather, a horoscope.
    periodicals: Phrases = _NONE
    periodicals_within: Phrases = _NONE
    # Words in a row that only the note has which an outlet puts under an article that it has corrected or completed.
    corrections: Phrases = _NONE
    # How such a note begins, before a colon.
    correction_labels: Phrases = _NONE
    # What pages call their standfirst, in the names of classes and properties.
    standfirsts: Patterns = _NO_PATTERNS
    # What may stand before the name of an agency in a byline.
    before_agencies: Phrases = _NONE
    # Between a house and its agency in a byline: "Le Figaro avec AFP".
    beside_agencies: Phrases = _NONE
    # Before an agency in a line at the end that says whose text it is: "This story was distributed by".
    supplied_by: Phrases = _NONE
    # Of `sources`: before those who only had a hand in the text.
    contributing: Phrases = _NONE
    # What stands before the name of the outlet that a text is from: a label and a colon, or words that say that it had it first.
    origin_labels: Phrases = _NONE
    origins: Patterns = _NO_PATTERNS
    on_sunday: Phrases = _NONE  # behind the name of a paper of Sunday: "Mail on Sunday"
    own_texts: Patterns = _NO_PATTERNS  # what a text calls itself: "this article"
    # What follows the outlet's name there, and is no part of it: "under a Creative Commons license".
    after_origins: Phrases = _NONE


@cache
def languages() -> dict[str, Words]:
    """The words of every language that has a file, by its code; `any` among them."""
    return read(resources.files(__package__) / "phrases")


@cache
def words() -> Words:
    """The words of all languages together."""
    return together(languages())


@cache
def digest() -> str:
    """A digest of the words of all languages."""
    return digest_of(languages())


def digest_of(found: Mapping[str, Words]) -> str:
    """What tells whether any word has changed; comments and the order of lists do not count."""
    said = {code: _plain(words) for code, words in found.items()}
    return blake2b(json.dumps(said, sort_keys=True).encode(), digest_size=8).hexdigest()


def read(folder: Traversable) -> dict[str, Words]:
    """The languages of a folder's files, by code; a file that says what it must not is a `LexiconError`."""
    files = (entry for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return {file.name.removesuffix(".toml"): _read(file) for file in sorted(files, key=lambda f: f.name)}


def together(found: Mapping[str, Words]) -> Words:
    """The words of several languages; templates of English first, in which most outlets name themselves."""
    ordered = [found[code] for code in sorted(found, key=lambda code: (code != "en", code))]
    months, jalali = (
        Months(tuple(frozenset().union(*names) for names in zip(*calendars, strict=True)))
        for calendars in ([w.months for w in ordered], [w.jalali_months for w in ordered])
    )
    if twice := _twice(name for names in months + jalali for name in names):
        raise LexiconError(f"phrases: months: {', '.join(twice)} would be two months")
    templates = Templates(tuple(t for w in ordered for t in w.outlets))
    sets: dict[str, Any] = {
        f.name: frozenset().union(*(getattr(w, f.name) for w in ordered))
        for f in fields(Words)
        if f.name not in {"months", "jalali_months", "outlets"}
    }
    for key in ("eras", "zones"):
        if twice := _twice(name for name, _ in sets[key]):
            raise LexiconError(f"phrases: {key}: {', '.join(twice)} would mean two things")
    return Words(**sets, months=months, jalali_months=jalali, outlets=templates)


def one_of(phrases: Iterable[str]) -> str:
    """A regular expression for one of the phrases or patterns, the longest first; without any, it finds nothing."""
    ordered = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return f"(?:{'|'.join(map(expression, ordered))})" if ordered else "(?!)"


def expression(pattern: str) -> str:
    """A regular expression for a pattern."""
    return pattern.translate(_SPELT)


def first_words(patterns: Iterable[str]) -> frozenset[str]:
    """The words that phrases and patterns begin with."""
    return frozenset(phrase.split()[0] for pattern in patterns for phrase in _choices(pattern))


def _choices(pattern: str) -> Iterator[str]:
    """Every phrase that a pattern stands for, without braces."""
    inner = _INNERMOST.search(pattern)
    if inner is None:
        yield pattern
        return
    for choice in inner[1].split("/"):
        yield from _choices(pattern[: inner.start()] + choice + pattern[inner.end() :])


_INNERMOST = re.compile(r"\{([^{}]*)\}")

_SIGNS = {"{": "(?:", "/": "|", "}": ")", "*": r"\w*", "?": r"\w", "$": "$"}
# All that has a meaning in an expression is in ASCII.
_SPELT = {code: _SIGNS.get(chr(code)) or re.escape(chr(code)) for code in range(128)}


def _read(file: Traversable) -> Words:
    where = f"phrases/{file.name}"
    try:
        said = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LexiconError(f"{where}: {error}") from error
    kinds = {f.name: f.type for f in fields(Words)}
    if unknown := sorted(said.keys() - kinds.keys()):
        raise LexiconError(f"{where}: {', '.join(unknown)}: no such key")
    return Words(**{key: _value(f"{where}: {key}", kinds[key], value) for key, value in said.items()})


def _value(where: str, kind: Any, value: object) -> Any:
    if kind is Meanings:
        return _meanings(where, value)
    if kind is not Months:
        return (tuple if kind is Templates else frozenset)(_list(where, kind, value))
    if not isinstance(value, list) or len(value) != 12:
        raise LexiconError(f"{where}: must be twelve lists, one a month")
    return tuple(frozenset(_list(where, kind, names)) for names in value)


def _meanings(where: str, value: object) -> frozenset[tuple[str, str]]:
    if not isinstance(value, dict) or not all(isinstance(meaning, str) for meaning in value.values()):
        raise LexiconError(f"{where}: must be a table of texts")
    _list(where, Phrases, [*value])
    return frozenset(value.items())


def _list(where: str, kind: Any, value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(phrase, str) for phrase in value):
        raise LexiconError(f"{where}: must be a list of texts")
    for phrase in value:
        if fault := _fault(kind, phrase):
            raise LexiconError(f"{where}: {phrase!r} {fault}")
    for phrase in _twice(value):
        raise LexiconError(f"{where}: {phrase!r} is there twice")
    return value


def _twice(phrases: Iterable[str]) -> list[str]:
    """Those that are there more than once, in order."""
    return sorted(phrase for phrase, n in Counter(phrases).items() if n > 1)


def _fault(kind: Any, phrase: str) -> str | None:
    """What is wrong with a phrase, in words."""
    if not phrase or phrase != " ".join(phrase.split()):
        return "is empty, or has a space too many"
    if kind is not Cased and kind is not Templates and phrase != phrase.lower():
        return "is not in lower case"
    if kind is Patterns or kind is Templates:
        return None if _is_pattern(phrase) else "has a brace without its other"
    return None if set("{}*$").isdisjoint(phrase) else "has a sign that only patterns have"


def _is_pattern(phrase: str) -> bool:
    """Whether each brace has its other; what else stands in an expression is escaped, or means something by itself."""
    depths = [0, *accumulate((sign == "{") - (sign == "}") for sign in phrase)]
    return min(depths) == 0 == depths[-1]


def _plain(words: Words) -> dict[str, Any]:
    """A record as JSON has it: sets as sorted lists."""
    return {f.name: _sorted(getattr(words, f.name)) for f in fields(Words)}


def _sorted(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    return [_sorted(item) for item in value] if isinstance(value, tuple) else value
