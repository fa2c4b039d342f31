"""What one line says by itself: a sentence, a caption, a byline, a share bar, a teaser, a date.

`look` judges a line by its words (`lexicon`) and its shape. `text.furniture` judges it by the lines around it.
"""

import re
from collections.abc import Callable
from functools import cache, lru_cache
from hashlib import blake2b
from typing import NamedTuple

from pipeline.text import appeals, dates, lexicon, scripts
from pipeline.text.calendars import with_plain_figures
from pipeline.text.lexicon import one_of
from pipeline.text.line_kinds import LineKind
from pipeline.text.matching import count_words, folded_words, mark_after, opening, openings, phrases

_LEXICON, _FOLDED = lexicon.words(), folded_words()

_Test = Callable[[str, tuple[str, ...], frozenset[str]], LineKind | None]

_LABEL_WORDS = 20  # a button, a heading, a byline or a date has no more
_APPEAL_WORDS = 90  # a longer line is text
_LONGEST = 12 * _APPEAL_WORDS  # characters: of a longer line words are not looked at
CACHED_CHARS = 160  # longer lines belong to one article and do not recur


class Look(NamedTuple):
    """What a line is, judged without its context."""

    kind: LineKind
    words: tuple[str, ...]  # case-folded; empty for a very long line
    n_words: int  # in scripts without spaces, half the characters
    is_sentence: bool

    @property
    def is_furniture(self) -> bool:
        """Whether it is furniture wherever it stands."""
        return self.kind in _ALWAYS


def line_hash(source: str, line: str) -> int:
    """A 64-bit hash by which the same line of the same outlet is recognised, whatever its case."""
    digest = blake2b(f"{source}\n{line.casefold()}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


_ALWAYS = {
    LineKind.LABEL,
    LineKind.STAMP,
    LineKind.CREDIT,
    LineKind.TEASER,
    LineKind.TEASER_HEADING,
    LineKind.APPEAL,
}


def look(line: str) -> Look:
    """Judge a line by itself."""
    if len(line) <= CACHED_CHARS:
        return _look_cached(line)
    return _paragraph_cached(line) if len(line) <= _LONGEST else _look(line)


def asks_for_payment(line: str) -> bool:
    """Whether a line says that only those who pay or register can read on."""
    phrase = f" {' '.join(look(line).words)} "
    if scripts.has_unspaced(line):
        return any(p in line for p in _LEXICON.paywalls)
    return any(f" {p} " in phrase for p in phrases(_LEXICON.paywalls))


# --- a line by itself ----------------------------------------------------------------------------------------


def _look(line: str) -> Look:
    if len(line) > _LONGEST:
        return Look(LineKind.TEXT, (), count_words(line, line.count(" ") + 1), scripts.ends_sentence(line))
    words = tuple(scripts.words(line.casefold()))
    n_words = count_words(line, len(words))
    kind = _kind(line, words, n_words) if n_words <= _APPEAL_WORDS else LineKind.TEXT
    return Look(kind, words, n_words, n_words >= 5 and scripts.ends_sentence(line))


_look_cached = lru_cache(maxsize=20_000)(_look)
# The paragraphs of a document, which several rules look at one after the other.
_paragraph_cached = lru_cache(maxsize=256)(_look)


def _kind(line: str, words: tuple[str, ...], n_words: int) -> LineKind:
    if not words:
        return LineKind.LABEL
    if n_words <= _LABEL_WORDS:
        return _first_kind(_TESTS, line, words, frozenset(words))
    known = _asked_words().intersection(words)
    if not _is_telling(line, words, known):
        return LineKind.TEXT  # many paragraphs of an article end here, which saves the tests
    return _first_kind(_TESTS_OF_LONG, line, words, known)


def _first_kind(
    tests: tuple[_Test, ...], line: str, words: tuple[str, ...], known: frozenset[str]
) -> LineKind:
    for test in tests:
        if (kind := test(line, words, known)) is not None:
            return kind
    return LineKind.TEXT


def label_kind(line: str) -> LineKind:
    """As `look` tells the kind, but TEXT for a line with more words than a label, a date, a byline or a stamp has: these are not looked at."""
    folded = line.casefold()
    if scripts.is_common(folded) and _MANY_WORDS.match(folded):
        return LineKind.TEXT
    return look(line).kind


_MANY_WORDS = re.compile(rf"[\W_]*(?:[^\W_]+[\W_]+){{{_LABEL_WORDS}}}[^\W_]")


@cache
def _asked_words() -> frozenset[str]:
    """Every word that a test of long lines looks for: no other word of a line need be known."""
    return _telling_words() | appeals.asked_words()


def _is_telling(line: str, words: tuple[str, ...], known: frozenset[str]) -> bool:
    """Whether any test of long lines can match: each needs one of these words or signs."""
    if words[0] in _telling_openings() or not known.isdisjoint(_telling_words()) or _has_signs(line):
        return True
    return not (known.isdisjoint(_FOLDED.extras) or known.isdisjoint(_FOLDED.ours))


@cache
def _telling_openings() -> frozenset[str]:
    tables = (_LEXICON.teasers, _LEXICON.endings, _LEXICON.credits, _LEXICON.sources, _LEXICON.keywords)
    return _SIGN_OFF_OPENINGS.union(*map(openings, tables))


@cache
def _telling_words() -> frozenset[str]:
    tables = (_FOLDED.offers, _FOLDED.pictures, _FOLDED.rights)
    return _COLLEAGUES.union(appeals.pitches(), *tables)


_TAIL_SIGNS = re.compile(r"[/|(\[–—-]\s?[^\s()/]{2,20}(?: [^\s()/]{2,20}){0,2}\s?[)\]]?\.?$")


def _has_signs(line: str) -> bool:
    if "@" in line or "©" in line or "http" in line or "www." in line or _TAIL_SIGNS.search(line[-50:]):
        return True
    return scripts.has_unspaced(line)


# --- tests: each says what a line is, or nothing ---------------------------------------------------------------

_COUNTED = one_of(map(str.casefold, _LEXICON.counted))
_COUNTER = re.compile(
    rf"[\d.,]+\s?{one_of(_FOLDED.thousands)}?\s+(?:{one_of(_FOLDED.counted_new)}\s+)?{_COUNTED}$"
    rf"|{_COUNTED}\s*[:(]?\s*\d+\)?$"
)
_TRAIL = re.compile(r"\s*[/>›»|→]\s*")
_CODE = re.compile(r"https?://\S+$|[a-z]+(?:[A-Z][a-z]+)+:?$|\w+\(\)|[{};]$|\[[A-Z_0-9]+\]$|\{\{.*\}\}$")


def _label(line: str, words: tuple[str, ...], known: frozenset[str]) -> LineKind | None:
    phrase, labels = " ".join(words), phrases(_LEXICON.labels)
    if phrase in labels or " ".join(w for w in _without_digits(words) if w) in labels:
        return LineKind.LABEL
    if _COUNTER.match(phrase) or (len(words) >= 2 and known <= _FOLDED.networks):
        return LineKind.LABEL
    if (len(words) == 1 or line.startswith(("{{", "[", "http"))) and _CODE.match(
        line
    ):  # what a script left behind
        return LineKind.LABEL
    tagged = opening(words, _LEXICON.keywords)
    if (
        tagged
        and not scripts.ends_sentence(line)
        and (mark_after(line, tagged) == ":" or tagged > 1 or "," in line)
    ):
        return LineKind.LABEL
    steps = _TRAIL.split(line.casefold().strip()) if _TRAIL.search(line) else []
    is_trail = (
        2 <= len(steps) <= 8
        and all(len(s.split()) <= 4 for s in steps[:-1])
        and not scripts.ends_sentence(line)
    )
    return LineKind.LABEL if is_trail and steps[0] in _FOLDED.homes else None


def _without_digits(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(w.lstrip("0123456789") for w in words)


def _comments(line: str, words: tuple[str, ...], known: frozenset[str]) -> LineKind | None:  # noqa: ARG001 - all kinds are called alike
    """The number of comments, over them: "6 Comments", "Comments (6)", "6 thoughts on …"."""
    if scripts.ends_sentence(line) or not scripts.has_figure(line):
        return None
    counts = phrases(_LEXICON.comment_counts)
    if scripts.is_figure(words[0]) and len(words) > 1 and opening(words[1:], _LEXICON.comment_counts):
        return LineKind.ENDING
    bare = " ".join(word for word in _without_digits(words) if word)
    return LineKind.ENDING if bare in counts else None


def _message(line: str, words: tuple[str, ...], known: frozenset[str]) -> LineKind | None:
    """What a form tells those who fill it in: at least half of the line is such phrases."""
    if appeals.QUOTE.match(line):
        return None
    if scripts.has_unspaced(line):
        n_said = sum(len(phrase) for phrase in _LEXICON.form_messages if phrase in line)
        return LineKind.LABEL if 2 * n_said >= len(line) else None
    if known.isdisjoint(openings(_LEXICON.form_messages)):
        return None
    n_said = at = 0
    while at < len(words):
        n = opening(words[at:], _LEXICON.form_messages)
        n_said, at = n_said + n, at + max(1, n)
    return LineKind.LABEL if 2 * n_said >= len(words) else None


_CONTACT_WORDS = 12
_NUMBER = re.compile(r"@\w|\d(?:[\s()/.-]{0,3}\d){5}")


def _contact(line: str, words: tuple[str, ...], known: frozenset[str]) -> LineKind | None:  # noqa: ARG001 - all kinds are called alike
    """A number or an address, and little else."""
    if len(words) > _CONTACT_WORDS or scripts.ends_sentence(line) or not _NUMBER.search(line):
        return None
    is_address = "@" in line and len(words) <= _CONTACT_WORDS // 2
    return LineKind.CONTACT if is_address or opening(words, _LEXICON.contact_labels) else None


_SECTION_WORDS = 6


def _heading(line: str, words: tuple[str, ...], known: frozenset[str]) -> LineKind | None:  # noqa: ARG001 - all kinds are called alike
    phrase = " ".join(words)
    if phrase in phrases(_LEXICON.endings):
        return LineKind.ENDING
    if phrase in phrases(_LEXICON.teasers):
        return LineKind.TEASER_HEADING
    if phrase in phrases(_LEXICON.expanders):
        return LineKind.LABEL
    named = opening(words, _LEXICON.section_teasers)
    is_short = named < len(words) <= _SECTION_WORDS and not scripts.ends_sentence(line)
    return LineKind.SECTION_TEASER if named and is_short else None


_CLOCK_OR_YEAR = re.compile(
    rf"(?<!\d)(?:(?:19|20|25|14)\d\d|\d{{1,2}}[:.h]\d\d)(?!\d)|\d\s?{one_of(_LEXICON.minutes)}", re.IGNORECASE
)


_LONGEST_STAMP = 300  # characters


def _stamp(line: str, words: tuple[str, ...], known: frozenset[str]) -> LineKind | None:  # noqa: ARG001 - all kinds are called alike
    if len(line) > _LONGEST_STAMP:
        return None
    line = with_plain_figures(line)
    if not scripts.has_figure(line) or not _CLOCK_OR_YEAR.search(line) or any(c in "%€$£+" for c in line):
        return None
    letters = {w for w in scripts.runs_of_letters(line.casefold()) if len(w) > 1}
    if not letters <= _stamp_words():
        return None
    if letters <= _calendar_words():
        return LineKind.DATE if dates.find(line) else None
    return LineKind.STAMP


@cache
def _calendar_words() -> frozenset[str]:
    return _FOLDED.weekdays | dates.month_names() | _FOLDED.ordinals | _FOLDED.of_year | _FOLDED.after_year


@cache
def _stamp_words() -> frozenset[str]:
    labels = _FOLDED.published_labels | _FOLDED.updated_labels
    clock = _FOLDED.before_noon | _FOLDED.after_noon | _FOLDED.after_clock | _FOLDED.at_clock
    said = labels | clock | {name.casefold() for name, _ in _LEXICON.zones if " " not in name}
    words = {word for phrase in said for word in scripts.runs_of_letters(phrase)}
    return _FOLDED.stamps | _calendar_words() | words


_NAME = scripts.pattern(r"[^\W\d_a-zß-öø-ÿа-яё]")


def _byline(line: str, words: tuple[str, ...], known: frozenset[str]) -> LineKind | None:  # noqa: ARG001 - all kinds are called alike
    """By and a name or two: nearly all words are capitalised, except small ones between names."""
    by = opening(words, _LEXICON.bylines)
    if not by or len(words) > 12 or scripts.ends_sentence(line):
        return None
    names = [
        n for n in scripts.words(line)[by:] if n.casefold() not in _stamp_words() and not scripts.is_figure(n)
    ]
    capitals = sum(1 for n in names if _NAME.match(n))
    return LineKind.BYLINE if capitals + by > 2 and capitals >= 0.6 * len(names) else None


def _teaser(line: str, words: tuple[str, ...], known: frozenset[str]) -> LineKind | None:  # noqa: ARG001 - all kinds are called alike
    is_arrowed = line.startswith(_ARROWS) or (
        line.startswith(_PLAIN_ARROWS) and not scripts.ends_sentence(line)
    )
    if len(words) <= 25 and (is_arrowed or line.endswith(_PLAIN_ARROWS)):
        return LineKind.TEASER
    named = opening(words, _LEXICON.teasers)
    if named and len(words) <= 45:
        phrase = " ".join(words[:named])
        is_plain = named == 1 or phrase in phrases(_LEXICON.plain_teasers)
        if mark_after(line, named) in _MARKS or (not is_plain and len(words) <= 30):
            return LineKind.TEASER
    ended = opening(words, _LEXICON.endings)
    is_author = " ".join(words[:ended]) in phrases(_LEXICON.author_endings)
    if ended > 1 and (mark_after(line, ended) in _MARKS or is_author):
        return LineKind.ENDING
    return None


_ARROWS, _PLAIN_ARROWS = ("👉", "➡", "►", ">>"), ("←", "→", "⟵", "⟶")
_MARKS = frozenset(":|：｜–—->»→/[")

_CREDIT_COLON = re.compile(
    rf"(?:^|[\s(\[.|]){one_of(_LEXICON.pictures)}\s?[:：/=©]\s?\S[^.!?]{{0,80}}$"
    r"|\|\s*\d{1,2}:\d\d\s?min$",
    re.IGNORECASE,
)
_VIA = one_of(_LEXICON.via)
_DESK = re.compile(rf"(?:[/|©@]|\b{_VIA}\b|[(\[]|\s[–—-])\s*([^/|©@()\[\]–—]{{2,30}}?)\s*[)\]]?\.?$")
_TO_VIA = re.compile(rf"^.*{one_of(_FOLDED.via)} ")
_LAST_IN_BRACKETS = re.compile(
    rf"[{scripts.SENTENCE_MARKS}][{scripts.CLOSING_MARKS}]*\s*[(\[][^()\[\]]{{2,30}}[)\]]\.?$"
)
_PLACE = scripts.pattern(r"([^\W\d_][^\d,(–—]{2,30}?)(?:,|\s\(|\s[–—-]\s)")
_COPYRIGHT = re.compile(
    rf"^\W*(?:©|ⓒ|{one_of(_LEXICON.copyright)}\b|\(c\)\s)|{one_of(_LEXICON.rights_reserved)}",
    re.IGNORECASE,
)


def _credit(line: str, words: tuple[str, ...], known: frozenset[str]) -> LineKind | None:
    if (not known.isdisjoint(_FOLDED.pictures) or "|" in line) and _CREDIT_COLON.search(line[-120:]):
        return LineKind.CREDIT if len(words) <= 60 else None
    has_right = "©" in line or "ⓒ" in line or line.startswith("(c)") or not known.isdisjoint(_FOLDED.rights)
    if has_right and len(words) <= 35 and _COPYRIGHT.search(line):
        return LineKind.CREDIT
    desk = _DESK.search(line[-50:])
    if desk and _TO_VIA.sub("", desk[1].strip(" .").casefold()) in _FOLDED.desks:
        # In brackets after a whole sentence, an agency ends a dispatch; after a place, it opens one.
        return None if _LAST_IN_BRACKETS.search(line[-50:]) or is_dateline(line) else LineKind.CREDIT
    if len(words) > 14:
        return None
    pictured, sourced = opening(words, _LEXICON.credits), opening(words, _LEXICON.sources)
    if (
        (pictured or sourced)
        and len(words) > max(pictured, sourced)
        and mark_after(line, pictured or sourced) in ":：/©"
    ):
        return LineKind.CREDIT
    is_named = " ".join(words[:pictured]) in phrases(_LEXICON.named_credits)
    return LineKind.CREDIT if is_named and not scripts.ends_sentence(line) else None


def is_dateline(line: str) -> bool:
    """Whether a line begins with a place in capitals, as dispatches do: "TBILISI, 17 Nov - RIA"."""
    place = _PLACE.match(line)
    if not place or not place[1].isupper():
        return False
    known = _FOLDED.desks | _FOLDED.credits
    return place[1].strip().casefold() not in known


_SIGN_OFF = re.compile(
    rf"\W*(?:{one_of(_LEXICON.sign_offs)}\b|{one_of(_LEXICON.named_sign_offs)} (?-i:[A-ZÄÖÜ]))", re.IGNORECASE
)
_SIGN_OFF_OPENINGS = lexicon.first_words(map(str.casefold, _LEXICON.sign_offs | _LEXICON.named_sign_offs))
_CONTRIBUTED = re.compile(
    rf"\b{one_of(_LEXICON.contributed)}\b|(?<!\S)\S+(?: \S+){{1,5}} {one_of(_LEXICON.reported_from)} [A-Z]"
)
_COLLEAGUES = lexicon.first_words(_FOLDED.contributed | _FOLDED.reported_from)


def _sign_off(line: str, words: tuple[str, ...], known: frozenset[str]) -> LineKind | None:
    if words[0] in _SIGN_OFF_OPENINGS and _SIGN_OFF.match(line):
        return LineKind.CREDIT if line.startswith("(") and len(words) <= 12 else LineKind.SIGN_OFF
    return LineKind.SIGN_OFF if not known.isdisjoint(_COLLEAGUES) and _CONTRIBUTED.search(line) else None


_TESTS_OF_LONG = (_teaser, _credit, _sign_off, appeals.appeal)
_TESTS = (_comments, _message, _label, _heading, _stamp, _byline, _contact, *_TESTS_OF_LONG)
