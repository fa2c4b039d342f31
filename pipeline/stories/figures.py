"""Figures that say nothing of an event: dates, times of day, results of games, and the cells of a table.

A number is a rare term, for it identifies: 38,861 votes, a quake of 6.8. Each date and time of day stands in articles of many events, in any
language, and so does each result. They are blanked before a text is cut into terms. A year alone stays: it is a light term.

Short names of months are words of other languages: out, set, led, pro, ago. Beside a figure alone, they count in their own language only.
"""

import re
from functools import cache

from pipeline.text import dates, lexicon, written_dates
from pipeline.text.lexicon import one_of

# Written so, and not with \d+, the standard library skips what is no figure in one loop.
_RUN = re.compile(r"\d\d*(?:(?:[.,h–—-]|\s?[:/]\s?)\d+)*")
_WHEN = re.compile(
    r"\d{1,2}\s?/\s?\d{1,2}"  # 22/10
    r"|(?P<date>\d{1,4}(?P<mark>[.-]|\s?/\s?)\d{1,2}(?P=mark)\d{2,4})"
    r"|\d{1,2}(?:\s?:\s?|h)\d{2}(?:\s?:\s?\d{2}(?:[.,]\d+)?)?(?:[–-]\d{1,2}[:h]\d{2})?"  # 17:52, 17h52
    r"|\d{1,3}(?:[–—-]|\s?:\s?)\d{1,3}"  # 112-98, 10-12 October
)
_DAY = re.compile(r"\d{1,2}(?:[.–-]\d{1,2})?")
_LONGEST_MONTH = 24  # characters, with what may stand before its name
_WORD_AFTER = re.compile(r"(?:\.|º|ª|[-–]?[^\W\d_]{1,3}(?=\s))?\s?(?:[^\W\d_]{2}\s|d['’])?([^\s\d.,;:!?()]+)")
_WORD_BEFORE = re.compile(r"([^\s\d.,;:!?()]+)[.,]?\s$")
_SHORT = 3  # letters of a name that may well be a word of another language
_YEAR_AFTER = re.compile(r"[.,]{0,2}\s(?:[^\W\d_]{2}\s)?(?:19|20|25)\d{2}(?!\d)")  # 25 for the Thai calendar
_CELLS = 4  # figures of a line, half of its words and more: a row of a table


def blank(text: str, language: str | None = None) -> str:
    """A text with spaces where such figures stand. Without a known language, each word that is a month somewhere counts as one."""
    if not (runs := list(_RUN.finditer(text))):
        return text  # no figure, so no table either
    pieces, last = list[str](), 0
    for found in runs:
        if _is_when(text, found, language):
            pieces += [text[last : found.start()], " " * len(found[0])]
            last = found.end()
    return _without_tables("".join([*pieces, text[last:]]))


def _is_when(text: str, found: re.Match[str], language: str | None) -> bool:
    run, start, end = found[0], *found.span()
    if _WHEN.fullmatch(run) or _sign().match(text, end):
        return True
    if not _DAY.fullmatch(run):
        return False
    after = _WORD_AFTER.match(text, end, end + _LONGEST_MONTH)
    before = _WORD_BEFORE.search(text, max(0, start - _LONGEST_MONTH), start)
    return _is_date(after, language) or _is_date(before, language, end)


def _is_date(part: re.Match[str] | None, language: str | None, end: int | None = None) -> bool:
    """Whether a part names a month, in the language of the text or with a year behind the date, which ends at `end` or with it."""
    if part is None or (name := written_dates.lowered(part[1])) not in _months():
        return False
    own, words = _own_months(language)
    is_named = name in own and (name not in words or part[1][0].isupper())
    return is_named or _YEAR_AFTER.match(part.string, part.end() if end is None else end) is not None


@cache
def _months() -> frozenset[str]:
    return frozenset(map(written_dates.lowered, dates.month_names()))


@cache
def _own_months(language: str | None) -> tuple[frozenset[str], frozenset[str]]:
    """The months that need no year beside them in a text of this language; and which of them are words in small letters."""
    known = lexicon.languages()
    if language not in known:
        return _months(), frozenset(map(written_dates.lowered, lexicon.words().month_words))
    words = known[language]
    own = {written_dates.lowered(name) for names in words.months for name in names}
    months = frozenset(name for name in _months() if len(name) > _SHORT or name in own)
    return months, frozenset(map(written_dates.lowered, words.month_words))


@cache
def _sign() -> re.Pattern[str]:
    words = lexicon.words()
    signs = words.year_signs | words.month_signs | words.day_signs | words.hour_signs | words.minute_signs
    clocks = words.before_noon | words.after_noon | words.after_clock
    return re.compile(rf"\s?(?:{one_of(signs)}|{one_of(clocks)}(?!\w))", re.IGNORECASE)


def _without_tables(text: str) -> str:
    if not _TABLE.search(text):
        return text
    return "\n".join(_blank_row(line) for line in text.split("\n"))


_TABLE = re.compile(r"\d[^\d\n]*" * _CELLS)
# A figure within a word is part of a name, and tells events apart: "A320", "boat7".
_FIGURE, _PART = re.compile(r"(?<!\w)\d+(?:[.,]\d+)*(?!\w)"), re.compile(r"\w+(?:[.,]\w+)*")
_DIGITS = re.compile(r"\d\d*(?:[.,]\d+)*")  # within a word or not


def _blank_row(line: str) -> str:
    if len(_DIGITS.findall(line)) < _CELLS:  # as most lines; found in half the time
        return line
    figures = len(_FIGURE.findall(line))
    is_row = figures >= _CELLS and 2 * figures >= len(_PART.findall(line))
    return _FIGURE.sub(lambda found: " " * len(found[0]), line) if is_row else line
