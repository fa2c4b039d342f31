"""Which wire service a document states as the supplier of its text.

It is stated where agencies are: in the byline, in the dateline, after the last sentence, or in a credit, source or copyright line
at the end. A mention states nothing ("told the AP", "according to Reuters"), nor does the credit of a picture, nor a note
that an agency contributed. The text must be as it was extracted: furniture takes most of these lines away.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property, lru_cache

from pipeline.text import agencies, lexicon
from pipeline.text.lexicon import one_of
from pipeline.text.scripts import CLOSING_MARKS, SENTENCE_MARKS, ends_sentence, words

_HEAD_LINES, _TAIL_LINES = 6, 4
_LOOKED_AT = 400  # characters at an end of a line, in which an agency stands if one does
_BYLINE_WORDS = 14  # with a place and a date
_VERBS = 2  # words between what a text calls itself and who had it first: "has been"
_LEXICON = lexicon.words()
_BY = rf"(?:{one_of(_LEXICON.before_names | _LEXICON.before_agencies | _LEXICON.bylines)}\s*:?\s+)"
_BESIDE = (
    rf"(?:\s*(?:[,/;|+&•·]|\s[-–—]\s)\s*|\s+{one_of(_LEXICON.beside_agencies | _LEXICON.between_names)}\s+)"
)
_PIECES = re.compile(rf"{_BESIDE}|\s+[-–—]\s+|\s*[()]\s*", re.IGNORECASE)
_SOURCE = one_of(_LEXICON.sources - _LEXICON.contributing)
_SUPPLIED = one_of(_LEXICON.supplied_by)
_CODE = re.compile(r"[a-zäöüß]{2,4}")  # how an editor signs
_MONTH = rf"\b{one_of(frozenset().union(*_LEXICON.months))}\b"
_CAPITALISED = r"[A-ZÀ-Þ][\w.'’]*"
_OPEN, _CLOSED, _CLOSE = r"[(\[（［【]", r")\]）］】", r"[)\]）］】]"
_PICTURED = rf"[^)\]）］】]{{0,20}}?{one_of(_LEXICON.pictures | _LEXICON.credits)}"
_OWN_SIGNS = r"\s*(?:[\w-]+\.[a-z]{2,3},\s*)?(?:(?-i:[a-z]{2,4})/)*"  # "ntv.de, jmi/dpa"
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # of scripts without spaces, and Hangul
_PLACE = r"[^!?;\"“”«»]{0,70}"  # and a date; some have points


def stated(
    text: str, authors: Sequence[str], *, own: str | None = None, more: tuple[str, ...] = ()
) -> str | None:
    """The agency that supplied a text by what the document says, two of them with a comma between, or null.

    `own` is the agency whose page it is, which supplies nothing to itself; `more` are agencies that only the user's file knows.
    """
    names = _Names.of(more)
    lines = [line for line in text.split("\n") if line.strip()]
    found = dict.fromkeys(a for author in authors for a in names.in_byline(author))
    for agency in (*names.in_head(lines[:_HEAD_LINES]), *names.in_tail(lines[-_TAIL_LINES:])):
        found.setdefault(agency)
    found.pop(own or "", None)
    return agencies.join(found)


class _Names:
    """Patterns for the names of agencies."""

    def __init__(self, more: tuple[str, ...]) -> None:
        self._agencies = agencies.by_name(more)
        written = {*more, *(n for known in agencies.known().values() for n in known[0])}
        self._short = frozenset(name for name in written if len(name) <= 2 and name.isascii())
        long, loose = one_of(written - self._short), one_of(written)
        name = rf"(?:{long}|(?-i:{one_of(self._short)}))"
        # Beside another agency, a short name is one in any case: "Reuters - Ap".
        listed = rf"(?<!\w)(?:the\s+)?(?:{loose}{_BESIDE})*{name}(?:{_BESIDE}{loose})*(?!\w)"
        native = one_of(n for n in written if _UNSPACED.match(n))
        self._native = [agencies.key_of(name) for name in written if not name[0].isascii()]
        self._telling = {max(_WORD.findall(agencies.key_of(name)), key=len) for name in written}
        every = re.IGNORECASE
        self._name = re.compile(rf"(?:the\s+)?{name}", every)
        self._loose = re.compile(rf"(?:the\s+)?{loose}", every)
        self._bound = re.compile(rf"(?<!\w){name}(?!\w)", every)
        self._long, self._listed, self._unspaced, self._written = long, listed, native, written
        self._any = loose

    # What follows is compiled when it is first asked for: that takes longer than a small day takes to clean.

    @cached_property
    def _all(self) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w){self._any}(?!\w)", re.IGNORECASE)

    @cached_property
    def _datelines(self) -> tuple[re.Pattern[str], ...]:
        every, long, listed, native = re.IGNORECASE, self._long, self._listed, self._unspaced
        not_ascii = one_of(n for n in self._written if not n[0].isascii())
        return (
            re.compile(rf"^\W*{_PLACE}[(/](?P<a>{listed})(?:/[a-z]{{2,4}})?[)/]\s*(?:\.?\s?[-–—]|:)", every),
            re.compile(rf"^\W*[^\d!?;]{{0,40}}(?:\d|{_MONTH}){_PLACE}[(/](?P<a>{listed})[)/]", every),
            re.compile(rf"^\W*(?P<a>{listed})\s*[-–—/]+\s*[^\W\d_].{{1,40}}?,\s*\d", every),
            re.compile(rf"^\W*\w{_PLACE}[,\d]{_PLACE}\s[-–—]\s*(?P<a>{listed})(?:[.,:]|\s[-–—])", every),
            re.compile(rf"^\W*(?P<a>{listed}),\s*\d{{1,2}}\s[^\W\d_]+\.(?=\s|\W)", every),
            re.compile(rf"^\W*\w{_PLACE}\d{_PLACE}\.\s(?P<a>{listed})\s[-–—]\s", every),
            # Not a short name, which is a region there: "PITTSBURGH, PA —".
            re.compile(rf"^\W*[A-ZÀ-Þ][A-ZÀ-Þ .'-]+,\s*(?P<a>{long})\s*[-–—]"),
            re.compile(rf"^\W*?[(\[](?P<a>{listed})(?:/[a-z]{{2,4}})?[)\]]\s+\w", every),
            re.compile(
                rf"^\W*(?!(?i:{long}))(?:{_CAPITALISED}[ /-]){{0,2}}{_CAPITALISED} \((?P<a>(?i:{long}))(?:/[a-z]{{2,4}})?\)[.,]?\s\W*[A-ZÀ-Þ]"
            ),
            re.compile(
                rf"^\W*[A-ZÀ-Þ][A-ZÀ-Þ /-]*\s(?:[a-z]{{2,4}}/)?(?P<a>(?i:{long}))(?:/[a-z]{{2,4}})?\s\|"
            ),
            re.compile(rf"^\W*(?P<a>{not_ascii})\S{{1,24}}?(?:电|電|讯|訊)"),
            re.compile(
                rf"^\W*?{_OPEN}(?!{_PICTURED})[^{_CLOSED}]{{0,20}}[=＝](?P<a>{listed}){_CLOSE}", every
            ),
            re.compile(rf"^\W*?{_OPEN}(?!{_PICTURED})[^{_CLOSED}=＝]{{0,20}}?(?P<a>{native}){_CLOSE}"),
            re.compile(rf"^\W*?[【［](?!{_PICTURED})[^{_CLOSED}]{{0,20}}?(?P<a>{listed})[】］]", every),
        )

    @cached_property
    def _credits(self) -> tuple[re.Pattern[str], ...]:
        return (_credit(rf"(?:{self._listed}|{self._unspaced})"),)

    @cached_property
    def _tails(self) -> tuple[re.Pattern[str], ...]:
        return (*_tails(self._listed), *self._credits)

    @staticmethod
    @lru_cache(maxsize=8)
    def of(more: tuple[str, ...]) -> "_Names":
        return _Names(more)

    def in_byline(self, author: str) -> Iterator[str]:
        """The agencies among the pieces of a stated author."""
        single_spaced = " ".join(author.split())  # long runs of spaces cost the patterns the square
        yield from self._named([_bare(piece) for piece in _PIECES.split(single_spaced)])

    def _named(self, pieces: Sequence[str]) -> list[str]:
        """The agencies among pieces of a line; a short name in any case if another is one for sure."""
        is_sure = any(map(self._name.fullmatch, pieces))
        return [self._agency(piece) for piece in pieces if is_sure and self._loose.fullmatch(piece)]

    def in_head(self, lines: Sequence[str]) -> Iterator[str]:
        """Those of a byline above the first sentence, and of the dateline that opens it."""
        for line in lines:
            is_named = self._may_name(line[:_LOOKED_AT])
            is_bound = is_named and self._stands_in(line[:160], line[:_LOOKED_AT])
            if is_bound and (found := self._first(self._datelines, line[:160], is_head=True)):
                yield from found
                return
            if is_bound and (found := self._first(self._credits, line[:_LOOKED_AT])):
                yield from found
                return
            if ends_sentence(line) and len(words(line)) > _BYLINE_WORDS:
                return
            if is_named:
                yield from self._of_short_line(line)

    def _of_short_line(self, line: str) -> Iterator[str]:
        if len(words(line)) > _BYLINE_WORDS or _PICTURE.search(line):
            return
        first, *rest = _stamped().split(" ".join(line.split()), maxsplit=1)
        is_by = _WITHOUT_BY.match(first) is not None and not ends_sentence(line)
        pieces = [_bare(piece) for piece in (_BARS_BY if is_by else _BARS).split(first)]
        wanted = pieces if is_by or rest else [*pieces[:1], *filter(self._loose.fullmatch, pieces[1:])]
        if not is_by:  # a short one behind a place is a region: "Harrisburg, PA, March 5"
            wanted = [
                p for n, p in enumerate(wanted) if not n or p not in self._short or self._named(wanted[:n])
            ]
        found = self._named(wanted)
        is_signed = bool(is_by or rest or _DIGIT.search(line))
        if found and (is_signed or len(found) == len(set(map(str.casefold, pieces)))):
            yield from found

    def in_tail(self, lines: Sequence[str]) -> Iterator[str]:
        """Those after the last sentence, or in a line of their own at the end."""
        for line in reversed(lines):
            if not self._may_name(line[-_LOOKED_AT:]) or not self._stands_in(line, line[-200:]):
                continue
            if found := self._first(self._tails, line[-200:]):
                yield from found
                return
            if codes := self._of_codes(line):
                yield from codes
                return

    def _may_name(self, line: str) -> bool:
        """Whether a word of an agency's name is in a line: few lines have one, and the patterns cost a hundred times as much."""
        folded = agencies.key_of(line)
        is_plain = folded.isascii() and "_" not in folded  # then `words` finds the same, faster
        if not self._telling.isdisjoint(words(folded) if is_plain else _WORD.findall(folded)):
            return True
        return self._has_native(line, folded)

    def _has_native(self, line: str, folded: str) -> bool:
        return not line.isascii() and any(name in folded for name in self._native)

    def _stands_in(self, *parts: str) -> bool:
        """Whether a name stands in one of these parts of a line where all patterns want it, apart from letters, or one of a script
        without spaces does: else no pattern need be compiled.
        """
        return any(
            self._bound.search(part) or self._has_native(part, agencies.key_of(part)) for part in parts
        )

    def _of_codes(self, line: str) -> list[str]:
        """Of a line that consists of the signs of agencies and editors: "jm/dm (AFP, dpa)"."""
        pieces = [p for p in re.split(r"[\s/,()\[\]+;-]+", line) if p]
        if not 1 < len(pieces) <= 6 or ends_sentence(line) or not re.search(r"[/(]", line):
            return []
        signed = [p for p in pieces if agencies.key_of(p) in self._agencies and self._name.fullmatch(p)]
        others = [p for p in pieces if p not in signed]
        return [self._agency(p) for p in signed] if all(map(_CODE.fullmatch, others)) else []

    def _first(self, patterns: Iterable[re.Pattern[str]], line: str, *, is_head: bool = False) -> list[str]:
        every = (m for pattern in patterns if (m := pattern.search(line)))
        found = next((m for m in every if not is_head or _is_place(line[: m.start("a")])), None)
        return [self._agency(name) for name in self._all.findall(found["a"])] if found else []

    def _agency(self, name: str) -> str:
        folded = agencies.key_of(name)
        return self._agencies.get(folded) or self._agencies[folded.removeprefix("the ").strip()]


def _credit(name: str) -> re.Pattern[str]:
    """How a sentence of its own says that an agency had the text first: "This article was first published by Reuters."

    Another subject tells of another thing: "The allegations were first published by Reuters."
    """
    day = rf"(?:{one_of(_LEXICON.on_date)}\s+)?(?:{one_of(_LEXICON.weekdays)}\b|{_MONTH}|\d)"
    end = rf"\W*$|[.,;]\s|,?\s+(?:{one_of(_LEXICON.after_origins)}(?!\w)|{day})"
    own = rf"{one_of(_LEXICON.own_texts)}\s*(?:[^\W\d_]+\s+){{0,{_VERBS}}}"
    origin = rf"{one_of(_LEXICON.origins)}\W*(?P<a>{name})"
    return re.compile(rf"^\W*(?:{own})?{origin}(?!\s*(?:[/]|images|photo))(?={end})", re.IGNORECASE)


def _tails(listed: str) -> tuple[re.Pattern[str], ...]:
    """How a name, by a pattern, stands after the last sentence or in a line of its own."""
    rights = rf"(?:(?:©|\(c\)|{one_of(_LEXICON.copyright)})[\s\d,–-]*)+"
    credit = rf"(?:{_SOURCE}\s*[:：]{_OWN_SIGNS}|{_SUPPLIED}|(?:{one_of(_LEXICON.rights_reserved)}\W+)?{rights})\s*"
    return (
        re.compile(rf"^\W*(?P<a>{listed})\W*$", re.IGNORECASE),
        re.compile(
            rf"^\W*{credit}\W*(?P<a>{listed})(?!\s*(?:[/]|images|photo))(?:\W*$|[.,;]\s)", re.IGNORECASE
        ),
        re.compile(rf"^\W*{_BY}(?P<a>{listed})\W*$", re.IGNORECASE),
        re.compile(rf"^\W*{_BY}[^.!?:]{{2,40}}\s\((?P<a>{listed})\)\W*$", re.IGNORECASE),
        re.compile(
            rf"[{SENTENCE_MARKS}][{CLOSING_MARKS}]*\s*[(\[/（【](?P<a>{listed})[)\]/）】]\.?\W*$",
            re.IGNORECASE,
        ),
        re.compile(
            rf"[{SENTENCE_MARKS}][{CLOSING_MARKS}]*\s*[-–—]{{1,2}}\s?(?P<a>{listed})\.?\W*$", re.IGNORECASE
        ),
    )


def _is_place(before: str) -> bool:
    """Whether what stands before an agency may be a place and a date, and is no sentence: at most one word of it is a common one."""
    common = [w for w in _COMMON.findall(before) if w not in _OF_DATES]
    return len(common) <= 1


def _bare(piece: str) -> str:
    """A piece of a byline without the word before it and that for a newsroom's staff."""
    return _STAFF.sub("", _WITHOUT_BY.sub("", piece.strip(" ()[].:*")))


@cache
def _stamped() -> re.Pattern[str]:
    """What stands before a date or its label. It takes long to compile, and few lines are asked for it."""
    labels = _LEXICON.weekdays | _LEXICON.updated_labels | _LEXICON.published_labels
    months = one_of(frozenset().union(*_LEXICON.months))
    return re.compile(rf"\s*[|,•·–—-]?\s*(?=\b{one_of(labels)}\b|\b{months}\b|\d)", re.IGNORECASE)


_COMMON = re.compile(r"(?<!\w)[a-zà-öø-ÿ][\w'’]{3,}")
_OF_DATES = frozenset().union(_LEXICON.weekdays, *_LEXICON.months)
_STAFF = re.compile(rf"\s+{one_of(_LEXICON.no_names)}$", re.IGNORECASE)
_WITHOUT_BY = re.compile(rf"^\W*(?:{_BY}|{_SOURCE}\s*[:：]\s*)", re.IGNORECASE)
_PICTURE = re.compile(rf"\b{one_of(_LEXICON.pictures | _LEXICON.credits)}\b", re.IGNORECASE)
_BARS = re.compile(r"\s*[,|•·]\s*|\s+[-–—]\s+")
_BARS_BY = re.compile(rf"{_BARS.pattern}|\s*[()]\s*")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"\w+")
