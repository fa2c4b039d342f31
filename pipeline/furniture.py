"""Which lines of a text are furniture: not the article, but what the site puts around it.

A line is judged by what it says (`lexicon`), by its shape, by where it stands, and by whether the outlet uses it in
other articles too. Nothing here knows an outlet. Where in doubt a line stays: a sentence lost is worse than a button
kept.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from enum import Enum, auto
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import accumulate
from typing import NamedTuple

from pipeline import dates, lexicon, scripts
from pipeline.lexicon import Phrases, one_of

_LEXICON = lexicon.words()

_HEAD_LINES = 12  # among which a headline, byline, section or caption is looked for
_LABEL_WORDS = 20  # a button, a heading, a byline, a date has no more
_HEADLINE_WORDS = 25  # a longer line is text, even without a full stop
_DATELINE_WORDS = 8
_UNDER_SHARE = 0.35  # of a text's words may be headlines of other articles at its end
_APPEAL_WORDS = 90  # nothing that is looked for has more
CACHED_CHARS = 160  # longer lines are an article's own and do not come again


class Kind(Enum):
    """What a line is by itself."""

    TEXT = auto()  # nothing says otherwise
    LABEL = auto()  # a button, a counter, a breadcrumb, tags
    STAMP = auto()  # only when it was published, or how long it takes to read
    DATE = auto()  # only a date: a stamp, or a heading in a chronicle
    CREDIT = auto()  # of a picture or a source, or a picture's caption with it
    BYLINE = auto()
    TEASER = auto()  # names another article
    TEASER_HEADING = auto()  # stands over the names of other articles
    ENDING = auto()  # stands over what is no part of the article
    SIGN_OFF = auto()  # says which agencies and editors had a hand in it
    APPEAL = auto()  # subscribe, donate, accept
    DOUBTFUL_APPEAL = auto()  # the same, if it stands where appeals do


class Look(NamedTuple):
    """One line with what can be said of it alone."""

    kind: Kind
    words: tuple[str, ...]  # in lower case; of a very long line none
    n_words: int  # in scripts without spaces, half the characters
    is_sentence: bool

    @property
    def is_furniture(self) -> bool:
        """Whether it is furniture wherever it stands."""
        return self.kind in _ALWAYS


class Parted(NamedTuple):
    """The lines of a text, parted."""

    kept: list[str]
    removed: list[str]
    n_words: int  # of what is kept; in scripts without spaces, half the characters
    lead: str | None  # the first kept line that is a sentence


def strip(
    lines: Sequence[str],
    *,
    title: str | None = None,
    authors: Sequence[str] = (),
    outlet: str | None = None,
    is_recurring: Callable[[str, bool], bool] | None = None,
    with_headline: bool = False,
) -> Parted:
    """Part `lines` (paragraphs without empty ones) into the article's and its furniture, both in order.

    `is_recurring` tells of a line, and of whether it stands among furniture, if the outlet's habit makes it furniture.
    `with_headline` leaves the line that repeats the title where it stands: for texts that have little or nothing else.
    """
    looks = [look(line) for line in lines]
    gone = [looked.is_furniture for looked in looks]
    _mark_head(lines, looks, gone, title or "", authors)
    _mark_teasers(lines, looks, gone)
    _mark_endings(looks, gone)
    _mark_authors(lines, looks, gone, authors, outlet)
    _mark_edges(lines, looks, gone)
    if is_recurring is not None:
        _mark_recurring(lines, looks, gone, is_recurring)
    _mark_repeats(lines, looks, gone)
    if with_headline:
        _keep_headline(lines, looks, gone, title or "")
    kept = [i for i, g in enumerate(gone) if not g]
    return Parted(
        [lines[i] for i in kept],
        [line for line, g in zip(lines, gone, strict=True) if g],
        sum(looks[i].n_words for i in kept),
        next((lines[i] for i in kept if looks[i].is_sentence), None),
    )


def line_hash(source: str, line: str) -> int:
    """64 bits that tell the same line of the same outlet again, whatever its case."""
    digest = blake2b(f"{source}\n{line.casefold()}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


def is_same(line: str, title: str | None) -> bool:
    """Whether a line is the title, whatever its case, spaces and signs."""
    return title is not None and _letters(line) == _letters(title)


def has_text(kept: Sequence[str]) -> bool:
    """Whether any of the lines that were kept is more than a dateline."""
    return not all(map(_is_bare_dateline, kept))


_ALWAYS = {Kind.LABEL, Kind.STAMP, Kind.CREDIT, Kind.TEASER, Kind.TEASER_HEADING, Kind.APPEAL}


def look(line: str) -> Look:
    """Judge a line by itself."""
    return _look_cached(line) if len(line) <= CACHED_CHARS else _look(line)


def asks_for_payment(line: str) -> bool:
    """Whether a line says that the rest of the article is for those who pay or register."""
    phrase = f" {' '.join(look(line).words)} "
    if scripts.has_unspaced(line):
        return any(p in line for p in _LEXICON.paywalls)
    return any(f" {p} " in phrase for p in _phrases(_LEXICON.paywalls))


# --- a line by itself ----------------------------------------------------------------------------------------

_SENTENCE_END = re.compile(r"[.!?…。！？।؟]['\"”“’»«)\]]*$")


def _look(line: str) -> Look:
    if len(line) > 12 * _APPEAL_WORDS:
        return Look(Kind.TEXT, (), _n_words(line, line.count(" ") + 1), _ends(line))
    words = tuple(scripts.words(line.casefold()))
    n_words = _n_words(line, len(words))
    kind = _kind(line, words, n_words) if n_words <= _APPEAL_WORDS else Kind.TEXT
    return Look(kind, words, n_words, n_words >= 5 and _ends(line))


_look_cached = lru_cache(maxsize=20_000)(_look)


def _n_words(line: str, n_spaced: int) -> int:
    return max(n_spaced, scripts.n_unspaced(line) // 2)


def _ends(line: str) -> bool:
    return _SENTENCE_END.search(line[-6:]) is not None


def _kind(line: str, words: tuple[str, ...], n_words: int) -> Kind:
    if not words:
        return Kind.LABEL
    known = frozenset(words)
    if n_words <= _LABEL_WORDS:
        return next((kind for test in _TESTS if (kind := test(line, words, known)) is not None), Kind.TEXT)
    if not _is_telling(line, words, known):
        return Kind.TEXT  # most of an article's paragraphs: the tests are spared them
    return next(
        (kind for test in _TESTS_OF_LONG if (kind := test(line, words, known)) is not None), Kind.TEXT
    )


def _is_telling(line: str, words: tuple[str, ...], known: frozenset[str]) -> bool:
    """Whether any test of long lines can find something: each needs one of these words or signs."""
    if words[0] in _telling_openings() or not known.isdisjoint(_telling_words()) or _has_signs(line):
        return True
    return not (known.isdisjoint(_LEXICON.extras) or known.isdisjoint(_LEXICON.ours))


@cache
def _telling_openings() -> frozenset[str]:
    tables = (_LEXICON.teasers, _LEXICON.endings, _LEXICON.credits, _LEXICON.sources, _LEXICON.keywords)
    return _SIGN_OFF_OPENINGS.union(*map(_openings, tables))


@cache
def _telling_words() -> frozenset[str]:
    tables = (_LEXICON.offers, _LEXICON.pictures, _LEXICON.rights)
    return _COLLEAGUES.union(_pitches(), *tables)


_TAIL_SIGNS = re.compile(r"[/|(\[–—-]\s?[^\s()/]{2,20}(?: [^\s()/]{2,20}){0,2}\s?[)\]]?\.?$")


def _has_signs(line: str) -> bool:
    if "@" in line or "©" in line or "http" in line or "www." in line or _TAIL_SIGNS.search(line[-50:]):
        return True
    return scripts.has_unspaced(line)


# --- tests: each says what a line is, or nothing ---------------------------------------------------------------

_COUNTED = one_of(_LEXICON.counted)
_COUNTER = re.compile(
    rf"[\d.,]+\s?{one_of(_LEXICON.thousands)}?\s+(?:{one_of(_LEXICON.counted_new)}\s+)?{_COUNTED}$"
    rf"|{_COUNTED}\s*[:(]?\s*\d+\)?$"
)
_TRAIL = re.compile(r"\s*[/>›»|→]\s*")
_CODE = re.compile(r"https?://\S+$|[a-z]+(?:[A-Z][a-z]+)+:?$|\w+\(\)|[{};]$|\[[A-Z_0-9]+\]$|\{\{.*\}\}$")


def _label(line: str, words: tuple[str, ...], known: frozenset[str]) -> Kind | None:
    phrase, labels = " ".join(words), _phrases(_LEXICON.labels)
    if phrase in labels or " ".join(w for w in _without_digits(words) if w) in labels:
        return Kind.LABEL
    if _COUNTER.match(phrase) or (len(words) >= 2 and known <= _LEXICON.networks):
        return Kind.LABEL
    if (len(words) == 1 or line.startswith(("{{", "[", "http"))) and _CODE.match(
        line
    ):  # what a script left behind
        return Kind.LABEL
    tagged = _opening(words, _LEXICON.keywords)
    if tagged and not _ends(line) and (_mark_after(line, tagged) == ":" or tagged > 1 or "," in line):
        return Kind.LABEL
    steps = _TRAIL.split(line.casefold().strip()) if _TRAIL.search(line) else []
    is_trail = 2 <= len(steps) <= 8 and all(len(s.split()) <= 4 for s in steps[:-1]) and not _ends(line)
    return Kind.LABEL if is_trail and steps[0] in _LEXICON.homes else None


def _without_digits(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(w.lstrip("0123456789") for w in words)


def _heading(line: str, words: tuple[str, ...], known: frozenset[str]) -> Kind | None:  # noqa: ARG001  # tests look alike
    phrase = " ".join(words)
    if phrase in _phrases(_LEXICON.endings):
        return Kind.ENDING
    return Kind.TEASER_HEADING if phrase in _phrases(_LEXICON.teasers) else None


_CLOCK_OR_YEAR = re.compile(
    rf"(?<!\d)(?:(?:19|20|25)\d\d|\d{{1,2}}[:.h]\d\d)(?!\d)|\d\s?{one_of(_LEXICON.minutes)}", re.IGNORECASE
)


def _stamp(line: str, words: tuple[str, ...], known: frozenset[str]) -> Kind | None:  # noqa: ARG001
    if not any(map(str.isdigit, line)) or not _CLOCK_OR_YEAR.search(line) or any(c in "%€$£+" for c in line):
        return None
    letters = {w for w in scripts.runs_of_letters(line.casefold()) if len(w) > 1}
    if not letters <= _stamp_words():
        return None
    if letters <= _calendar_words():
        return Kind.DATE if dates.find(line) else None
    return Kind.STAMP


@cache
def _calendar_words() -> frozenset[str]:
    return _LEXICON.weekdays | dates.month_names() | _LEXICON.ordinals | _LEXICON.of_year


@cache
def _stamp_words() -> frozenset[str]:
    return _LEXICON.stamps | _calendar_words()


_NAME = re.compile(r"[^\W\d_a-zß-öø-ÿа-яё]")


def _byline(line: str, words: tuple[str, ...], known: frozenset[str]) -> Kind | None:  # noqa: ARG001
    """By and a name or two: nearly all words capitalised but the little ones between names."""
    by = _opening(words, _LEXICON.bylines)
    if not by or len(words) > 12 or _ends(line):
        return None
    names = [n for n in scripts.words(line)[by:] if n.casefold() not in _stamp_words() and not n.isdigit()]
    capitals = sum(1 for n in names if _NAME.match(n))
    return Kind.BYLINE if capitals + by > 2 and capitals >= 0.6 * len(names) else None


def _teaser(line: str, words: tuple[str, ...], known: frozenset[str]) -> Kind | None:  # noqa: ARG001
    if line.startswith(("👉", "➡", "►", ">>")) and len(words) <= 25:
        return Kind.TEASER
    named = _opening(words, _LEXICON.teasers)
    if named and len(words) <= 45:
        phrase = " ".join(words[:named])
        is_plain = named == 1 or phrase in _phrases(_LEXICON.plain_teasers)
        if _mark_after(line, named) in _MARKS or (not is_plain and len(words) <= 30):
            return Kind.TEASER
    ended = _opening(words, _LEXICON.endings)
    is_author = " ".join(words[:ended]) in _phrases(_LEXICON.author_endings)
    if ended > 1 and (_mark_after(line, ended) in _MARKS or is_author):
        return Kind.ENDING
    return None


_MARKS = frozenset(":|：｜–—->»→/[")

_CREDIT_COLON = re.compile(
    rf"(?:^|[\s(\[.|]){one_of(_LEXICON.pictures)}\s?[:：/=©]\s?\S[^.!?]{{0,80}}$"
    r"|\|\s*\d{1,2}:\d\d\s?min$",
    re.IGNORECASE,
)
_VIA = one_of(_LEXICON.via)
_DESK = re.compile(rf"(?:[/|©@]|\b{_VIA}\b|[(\[]|\s[–—-])\s*([^/|©@()\[\]–—]{{2,30}}?)\s*[)\]]?\.?$")
_TO_VIA = re.compile(rf".*{_VIA} ")
_LAST_IN_BRACKETS = re.compile(r"[.!?…]['\"”’»]?\s*[(\[][^()\[\]]{2,30}[)\]]\.?$")
_PLACE = re.compile(r"([^\W\d_][^\d,(–—]{2,30}?)(?:,|\s\(|\s[–—-]\s)")
_COPYRIGHT = re.compile(
    rf"^\W*(?:©|ⓒ|{one_of(_LEXICON.copyright)}\b|\(c\)\s)|{one_of(_LEXICON.rights_reserved)}",
    re.IGNORECASE,
)


def _credit(line: str, words: tuple[str, ...], known: frozenset[str]) -> Kind | None:
    if (not known.isdisjoint(_LEXICON.pictures) or "|" in line) and _CREDIT_COLON.search(line[-120:]):
        return Kind.CREDIT if len(words) <= 60 else None
    has_right = "©" in line or "ⓒ" in line or line.startswith("(c)") or not known.isdisjoint(_LEXICON.rights)
    if has_right and len(words) <= 35 and _COPYRIGHT.search(line):
        return Kind.CREDIT
    desk = _DESK.search(line[-50:])
    if desk and _TO_VIA.sub("", desk[1].strip(" .").casefold()) in _LEXICON.desks:
        # In brackets behind a whole sentence it signs the last sentence of a dispatch; behind a place it opens one.
        return None if _LAST_IN_BRACKETS.search(line[-50:]) or _is_dateline(line) else Kind.CREDIT
    if len(words) > 14:
        return None
    pictured, sourced = _opening(words, _LEXICON.credits), _opening(words, _LEXICON.sources)
    if (
        (pictured or sourced)
        and len(words) > max(pictured, sourced)
        and _mark_after(line, pictured or sourced) in ":：/©"
    ):
        return Kind.CREDIT
    is_named = " ".join(words[:pictured]) in _phrases(_LEXICON.named_credits)
    return Kind.CREDIT if is_named and not _ends(line) else None


def _is_dateline(line: str) -> bool:
    """Whether a line begins with a place in capitals, as dispatches do: "TBILISI, 17 Nov - RIA"."""
    place = _PLACE.match(line)
    if not place or not place[1].isupper():
        return False
    known = _LEXICON.desks | _LEXICON.credits
    return place[1].strip().casefold() not in known


_SIGN_OFF = re.compile(
    rf"\W*(?:{one_of(_LEXICON.sign_offs)}\b|{one_of(_LEXICON.named_sign_offs)} (?-i:[A-ZÄÖÜ]))", re.IGNORECASE
)
_SIGN_OFF_OPENINGS = lexicon.first_words(_LEXICON.sign_offs | _LEXICON.named_sign_offs)
_CONTRIBUTED = re.compile(
    rf"\b{one_of(_LEXICON.contributed)}\b|\S+(?: \S+){{1,5}} {one_of(_LEXICON.reported_from)} [A-Z]"
)
_COLLEAGUES = lexicon.first_words(_LEXICON.contributed | _LEXICON.reported_from)


def _sign_off(line: str, words: tuple[str, ...], known: frozenset[str]) -> Kind | None:
    if words[0] in _SIGN_OFF_OPENINGS and _SIGN_OFF.match(line):
        return Kind.CREDIT if line.startswith("(") and len(words) <= 12 else Kind.SIGN_OFF
    return Kind.SIGN_OFF if not known.isdisjoint(_COLLEAGUES) and _CONTRIBUTED.search(line) else None


_CONTACT = re.compile(r"[\w.-]@[\w-]+\.\w{2,}|\bhttps?://(?!t\.co/)|\bwww\.")
_QUOTE = re.compile(r"\W{0,2}[\"“„«»‘'「『]")


# In single marks only from the start of a word to the end of one: they are apostrophes too.
_QUOTED = re.compile(
    r"\"[^\"]*\"|[“„”][^“”]*[“”]|«[^»]*»|»[^«]*«|「[^」]*」|『[^』]*』|(?<!\w)['‘‚](?:[^'’‘]|['’](?=\w))*['’‘](?!\w)"
)


def _appeal(line: str, words: tuple[str, ...], known: frozenset[str]) -> Kind | None:
    """Ask whether the line wants the reader to subscribe, register, donate, follow, write or agree."""
    kind = _asks(line, words, known)
    return None if kind is None or _is_reported(line) else kind


def _is_reported(line: str) -> bool:
    """Whether the line is a sentence that quotes an appeal and makes none itself: "Sign up now," the mayor joked."""
    outside = _QUOTED.sub(" ", line)
    words = tuple(scripts.words(outside.casefold()))
    if not words or outside == line or not _ends(line.rstrip()) or _n_words(outside, len(words)) < 2:
        return False
    known = frozenset(words)
    calls = known & _LEXICON.calls
    is_order = words[0] in calls or (calls and not known.isdisjoint(_LEXICON.yours))
    has_offer = not known.isdisjoint(_LEXICON.offers) or _has_unspaced(outside)
    return not (is_order or has_offer or _has_pitch(words, known))


def _has_unspaced(line: str) -> bool:
    return not line.isascii() and any(p in line for p in _LEXICON.unspaced_appeals)


def _asks(line: str, words: tuple[str, ...], known: frozenset[str]) -> Kind | None:
    if scripts.has_unspaced(line):
        return (Kind.APPEAL if len(line) <= 40 else Kind.DOUBTFUL_APPEAL) if _has_unspaced(line) else None

    def has_one_of(table: Phrases) -> bool:
        return not known.isdisjoint(table)

    ours, yours = has_one_of(_LEXICON.ours), has_one_of(_LEXICON.yours)
    calls = known & _LEXICON.calls
    is_order = words[0] in calls or not _ends(line) or line.endswith("!")
    is_quoted = _QUOTE.match(line) is not None
    if len(words) <= 45 and _has_pitch(words, known):
        is_sure = ours or (len(words) <= 25 and (yours or is_order)) or len(words) <= 12
        return Kind.APPEAL if is_sure and not is_quoted else Kind.DOUBTFUL_APPEAL
    if not calls or is_quoted:
        return None
    offers = has_one_of(_LEXICON.offers)
    if offers and ours and len(words) <= 50 and (is_order or yours or len(calls) > 1):
        return Kind.APPEAL
    if offers or _CONTACT.search(line):
        is_doubtful = ours or yours or is_order
    else:
        is_doubtful = ours and (yours or is_order) and has_one_of(_LEXICON.extras)
    return Kind.DOUBTFUL_APPEAL if is_doubtful and len(words) <= 45 else None


@cache
def _pitches() -> dict[str, tuple[str, ...]]:
    """Pitches by their longest word, which is their rarest."""
    found: dict[str, list[str]] = {}
    for phrase in sorted(_phrases(_LEXICON.pitches) | _phrases(_LEXICON.paywalls)):
        found.setdefault(max(phrase.split(" "), key=len), []).append(f" {phrase} ")
    return {word: tuple(phrases) for word, phrases in found.items()}


def _has_pitch(words: tuple[str, ...], known: frozenset[str]) -> bool:
    pitches = _pitches()
    telling = known & pitches.keys()
    if not telling:
        return False
    line = f" {' '.join(words)} "
    return any(phrase in line for word in telling for phrase in pitches[word])


_TESTS_OF_LONG = (_teaser, _credit, _sign_off, _appeal)
_TESTS = (_label, _heading, _stamp, _byline, *_TESTS_OF_LONG)


@cache
def _phrases(table: Phrases) -> frozenset[str]:
    """The phrases of a table as lines are compared with them: words with one space between."""
    return frozenset(" ".join(scripts.words(p)) for p in table)


@cache
def _openings(table: Phrases) -> dict[str, tuple[tuple[str, ...], ...]]:
    """The phrases of a table as words, by their first, the longest first."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in sorted(_phrases(table), key=lambda p: (-len(p), p)):
        found.setdefault(phrase.partition(" ")[0], []).append(tuple(phrase.split(" ")))
    return {first: tuple(phrases) for first, phrases in found.items()}


def _opening(words: tuple[str, ...], table: Phrases) -> int:
    """How many words at the start of a line are a phrase of the table."""
    for phrase in _openings(table).get(words[0], ()):
        if words[: len(phrase)] == phrase:
            return len(phrase)
    return 0


def _mark_after(line: str, n_words: int) -> str:
    """The sign that follows the first words of a line; empty at its end."""
    end = scripts.end_of_word(line, n_words)
    return "" if end is None else line[end:].lstrip(" \t\"”’'?!")[:1]


# --- lines among others ----------------------------------------------------------------------------------------


def _mark_head(
    lines: Sequence[str], looks: list[Look], gone: list[bool], title: str, authors: Sequence[str]
) -> None:
    """Take the headline, the byline, the section and the caption off the top, up to the first sentence."""
    wanted = frozenset(scripts.words(title.casefold()))
    names = frozenset(w for a in authors for w in scripts.words(a.casefold()))
    for i, line in enumerate(lines[:_HEAD_LINES]):
        looked, words = looks[i], frozenset(looks[i].words)
        if _is_headline(line, looked, title, wanted):
            gone[i] = True
        elif looked.is_sentence and not gone[i]:
            return
        elif not looked.is_sentence:
            is_caption = len(words) >= 2 and words <= wanted
            is_name = bool(names & words) and words <= names | _byline_words()
            gone[i] = (
                gone[i] or looked.kind is Kind.BYLINE or is_caption or is_name or _is_kicker(line, looked)
            )


@cache
def _byline_words() -> frozenset[str]:
    return _LEXICON.stamps | _LEXICON.roles | frozenset(_openings(_LEXICON.bylines))


def _is_headline(line: str, looked: Look, title: str, wanted: frozenset[str]) -> bool:
    """Whether a line is the title, with a section before it or a little more behind, or most of its words.

    A line that ends in a full stop is a sentence of the text, even where the title repeats it.
    """
    if not title or looked.n_words > 40 or (looked.is_sentence and line.endswith((".", "。", "।"))):
        return False
    shown, stated = _letters(line), _letters(title)
    if shown == stated:
        return True
    if (
        len(stated) >= 12
        and len(shown) <= 1.5 * len(stated) + 20
        and (shown.endswith(stated) or shown.startswith(stated))
    ):
        return True
    words = frozenset(looked.words)
    least, most = min(len(words), len(wanted)), max(len(words), len(wanted))
    is_alike = least >= 5 and len(words & wanted) >= 0.75 * least and most <= 2 * least
    return not looked.is_sentence and is_alike  # a much longer line is the first paragraph


def _keep_headline(lines: Sequence[str], looks: list[Look], gone: list[bool], title: str) -> None:
    """Bring the headline back; without a title, and where nothing else is left, the first line that is no furniture by itself."""
    head = range(min(len(lines), _HEAD_LINES))
    own = [i for i in head if looks[i].kind is Kind.TEXT]
    wanted = frozenset(scripts.words(title.casefold()))
    found = [i for i in head if is_same(lines[i], title)]
    found += [i for i in own if _is_headline(lines[i], looks[i], title, wanted)]
    if not title and all(gone):
        found = own
    if found and all(gone[i] for i in found):
        gone[found[0]] = False


_NO_LETTERS = re.compile(r"[\W_]+")


def _letters(text: str) -> str:
    return _NO_LETTERS.sub("", text.casefold())


_DATELINE = re.compile(r"^\W*[A-ZÄÖÜÉÈŁŚŻÅØÆ][A-ZÄÖÜÉÈŁŚŻÅØÆ.' ]{2,30}(?:,|\(|\s[–—-]|/)")


def _is_bare_dateline(line: str) -> bool:
    """Whether a line is a place with its date or agency and nothing behind them."""
    is_open = line.endswith(("-", "–", "—", ")")) or line[-1:].isdigit()
    return is_open and _is_dateline(line) and look(line).n_words <= _DATELINE_WORDS


_REVISION = re.compile(rf"^\W*{one_of(_LEXICON.revisions)}\b", re.IGNORECASE)


def _is_kicker(line: str, looked: Look) -> bool:
    """Whether a line over the first sentence is a section, a name or a place: three words without a stop."""
    if looked.n_words > 3 or re.search(r"[.!?…:;。！？]['\"”’»]?$", line):
        return False
    return not (_REVISION.match(line) or _DATELINE.match(line))


def _mark_teasers(lines: Sequence[str], looks: list[Look], gone: list[bool]) -> None:
    """Take the headlines of other articles under their heading: all lines if no text follows and they are little, else the next one."""
    n_words = _sums_from(looked.n_words for looked in looks)
    n_texts = _sums_from(looked.is_sentence or looked.n_words > _HEADLINE_WORDS for looked in looks)
    for i, looked in enumerate(looks[:-1], 1):
        if looked.kind is not Kind.TEASER_HEADING and not (
            looked.kind is Kind.TEASER and lines[i - 1].endswith(":")
        ):
            continue
        if not n_texts[i] and n_words[i] <= _UNDER_SHARE * n_words[0]:
            gone[i:] = [True] * (len(gone) - i)
            return
        is_text = n_texts[i] > n_texts[i + 1]
        if lines[i].endswith(("...", "…")) if is_text else looks[i].n_words >= 4:
            gone[i] = True  # a headline, or the beginning of the other article


def _sums_from(values: Iterable[int]) -> list[int]:
    """Of each place and of the end: the sum of the values from there on."""
    return [*accumulate(reversed(list(values)), initial=0)][::-1]


def _mark_endings(looks: list[Look], gone: list[bool]) -> None:
    """Cut after a heading over what is no part of the article, if that is little."""
    n_words = _sums_from(looked.n_words for looked in looks)
    n_sentences = _sums_from(looked.is_sentence for looked in looks)
    for i, looked in enumerate(looks):
        if looked.kind is not Kind.ENDING:
            continue
        gone[i] = True
        if i >= 3 and n_words[i + 1] <= min(250, 0.35 * n_words[0]) and n_sentences[i + 1] <= 6:
            gone[i:] = [True] * (len(gone) - i)
            return


_BIO_LINES = 6  # at the end, among which an author's box is looked for
_BIO_WORDS = 80  # what may follow the line that names the author


def _mark_authors(
    lines: Sequence[str], looks: list[Look], gone: list[bool], authors: Sequence[str], outlet: str | None
) -> None:
    """Take what is said of the author behind the article: a sentence with the name and the profession, and the rest."""
    house = frozenset(scripts.words((outlet or "").casefold())) - _ARTICLES
    surnames = {w[-1] for a in authors if (w := scripts.words(a.casefold()))} - house
    if not (house or surnames):
        return
    most = 0.3 * sum(looked.n_words for looked in looks)
    for i in range(max(2, len(lines) - _BIO_LINES), len(lines)):
        words, n_behind = looks[i].words[:25], sum(r.n_words for r in looks[i + 1 :])
        if not words or n_behind > _BIO_WORDS or n_behind + looks[i].n_words > most or _QUOTE.match(lines[i]):
            continue
        is_named = not surnames.isdisjoint(words[:5])
        is_bio = looks[i].is_sentence and (
            (house and _has_role(words, house)) or (is_named and _has_role(words, frozenset()))
        )
        if is_bio or (is_named and len(looks[i].words) <= 4):
            gone[i:] = [True] * (len(gone) - i)
            return


def _has_role(words: tuple[str, ...], house: frozenset[str]) -> bool:
    """Whether a profession is named and, close to it, the house; no house is none too close."""
    roles = [n for n, word in enumerate(words) if word in _LEXICON.roles]
    if not house <= frozenset(words):
        return False
    return any(all(abs(words.index(h) - role) <= 5 for h in house) for role in roles)


_ARTICLES = _LEXICON.outlet_fillers
_CODES = re.compile(r"[(\[]?[^\W\d_]{2,6}\.?(?:[\s,/&+-]+[(\[]?[^\W\d_]{2,6}\.?[)\]]?){0,4}[)\]]?$")
_AT_THE_END = {Kind.SIGN_OFF, Kind.BYLINE, Kind.DATE, Kind.DOUBTFUL_APPEAL}
_BESIDE = {Kind.APPEAL, Kind.LABEL, Kind.ENDING, Kind.DOUBTFUL_APPEAL}


def _mark_edges(lines: Sequence[str], looks: list[Look], gone: list[bool]) -> None:
    """Take sign-offs, bylines and doubtful appeals at the bottom; doubtful appeals also at the top and beside others."""
    end = len(looks)
    while end and (
        gone[end - 1] or looks[end - 1].kind in _AT_THE_END or _is_code(lines[end - 1], looks[end - 1])
    ):
        end -= 1
        gone[end] = True
    for i, looked in enumerate(looks[:end]):
        if looked.kind is Kind.DOUBTFUL_APPEAL:
            near = {looks[j].kind for j in (i - 1, i + 1) if 0 <= j < len(looks)}
            gone[i] = i < 2 or not near.isdisjoint(_BESIDE)


def _is_code(line: str, looked: Look) -> bool:
    """Whether a line is made of the signs of agencies and editors: (dmk), SDA/sep. "He was not hurt." is not."""
    if looked.n_words > 4 or line.endswith((".", "!", "?")) or not _CODES.match(" ".join(looked.words)):
        return False
    return looked.n_words == 1 or line[0] in "([" or "/" in line or line[0].islower() or line.isupper()


def _mark_recurring(
    lines: Sequence[str], looks: list[Look], gone: list[bool], is_recurring: Callable[[str, bool], bool]
) -> None:
    """Take what the outlet uses elsewhere, unless that is most of the text: then it is the text, filed again."""
    last = len(lines) - 1
    found = []
    for i, line in enumerate(lines):
        at_edge = i < 3 or i > last - 5 or gone[i - 1] or gone[i + 1]
        if not gone[i] and is_recurring(line, at_edge or not looks[i].is_sentence):
            found.append(i)
    n_kept = sum(looked.n_words for looked, g in zip(looks, gone, strict=True) if not g)
    if 2 * sum(looks[i].n_words for i in found) <= n_kept:
        for i in found:
            gone[i] = True


def _mark_repeats(lines: Sequence[str], looks: list[Look], gone: list[bool]) -> None:
    """Take a paragraph that stands there already: a quotation set large, a box repeated."""
    seen: set[str] = set()
    for i, line in enumerate(lines):
        if looks[i].n_words >= 8 and not gone[i]:
            gone[i] = line in seen
            seen.add(line)
