"""Dates as machines, pages and writers write them, in every language of `phrases`. A date needs its year, month and day.

Every way in reads its dates here (`moment` what is delivered with a document, `parse` what a page or a text states in a
field, `find` what stands in prose), so that the same written date means the same moment wherever it stands.

The names of the months are those of the Unicode CLDR (wide and abbreviated, in and out of a date), put into one
list: no name means different months in two of these languages, so the language need not be known.
"""

import datetime as dt
import re
from contextlib import suppress
from email.utils import parsedate_to_datetime
from functools import cache
from typing import NamedTuple

from pipeline.text import lexicon
from pipeline.text.lexicon import one_of

_LEXICON = lexicon.words()


EARLIEST_YEAR = 1900  # before that, a four-digit number is a quantity, or the page was made by a fault
_LATEST_YEAR = 2100

_ZONE = r"Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2}"
_ISO = re.compile(
    r"(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})"
    rf"(?:[T _]*(\d{{2}}|\d(?=:)):?(\d{{2}})(?::?(\d{{2}})(?:[.,:](\d+))?)?\s*({_ZONE})?)?",
    re.IGNORECASE,
)
_WEEK = re.compile(r"\d{4}-?W\d{2}")  # without its day
_NUMBER = re.compile(r"([+-]?)(\d+)(?:\.(\d*))?")
_COMPACT = {8, 10, 12, 14}  # figures of a date down to its day, hour, minute, second
_MISTYPED = {
    12
}  # a month or hour too large: as milliseconds these are half a year of 1976, in which nobody counted them
# Counted since 1970: of the years 1973 to 2286. What has fewer figures is an empty field, or a part of a date: a year, a month,
# the number of a day.
_UNITS = {9: "seconds", 10: "seconds", 12: "milliseconds", 13: "milliseconds"}
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_HALF = re.compile(r"\s*[ap]\.?m\b", re.IGNORECASE)
_CLOCK = (
    rf"(?:[\s,.|•·–—-]{{0,4}}{one_of(_LEXICON.at_clock)}?[\s|]{{0,2}}"
    r"(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?::(?P<second>\d{2}))?\s?(?P<half>[ap]\.?m\b\.?)?"
    r"(?:\s?(?P<zone>(?:UTC|GMT|Z)\b|[+-]\d{4}(?!\d)))?)?"
)
# Addresses have the months in English, of three letters, whatever the language of the page.
_MONTHS_IN_URLS = {name for names in lexicon.languages()["en"].months for name in names if len(name) == 3}
_IN_URL = re.compile(
    r"(?<!\d)((?:19|20)\d{2})[/_.-]?"
    rf"(0[1-9]|1[0-2]|[1-9](?=[/_.-])|{one_of(_MONTHS_IN_URLS)})[/_.-]?"
    r"([0-2]\d|3[01]|[1-9](?!\d))(?!\d)",
    re.IGNORECASE,
)


class Written(NamedTuple):
    """A date found in prose, and where."""

    when: dt.datetime
    start: int
    end: int


def moment(value: object) -> dt.datetime | None:
    """Read a time that is delivered with a document, into UTC: a datetime, a date, or what `parse` reads, as a text or a number."""
    if isinstance(value, dt.datetime):
        return to_utc(value)
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day, tzinfo=dt.UTC)
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = in_figures(value)
    found = parse(value) if isinstance(value, str) else None
    return to_utc(found) if found else None


def in_figures(number: float) -> str:
    """A number as a text that `parse` reads; tables keep whole numbers as floats where one of them is missing."""
    if not abs(number) < 10**15:  # also what is no number
        return ""
    return str(int(number)) if number == int(number) else repr(number)


def parse(value: str) -> dt.datetime | None:
    """Read a date that a field holds, with a zone only if it states one.

    ISO 8601 and what looks like it, RFC 2822, prose as `find` reads it, or figures: those of a date (20260305, with hour,
    minute and second or without) where they can be one, else seconds or milliseconds since 1970.
    """
    value = value.strip()[:80]
    number = _NUMBER.fullmatch(value)
    if number:
        return _from_figures(number[1], number[2], number[3] or "")
    exact = _from_exact_iso(value)
    if exact:
        return exact
    found = _ISO.match(value)
    if found is None:
        return _from_mail(value) or _from_prose(value)
    if found.end() == len(value) or (found[4] and not _HALF.match(value, found.end())):
        return _from_iso(found)
    return _from_prose(value) or _from_iso(found)


def find(text: str, *, month_first: bool | None = None) -> Written | None:
    """Find the first complete date in `text`, with its time of day if that follows.

    In figures, 5/3/2026 is the 5th of March or the 3rd of May: it is read only when `month_first` says how.
    """
    first: Written | None = None
    for pattern, kind in _patterns():
        found = pattern.search(text)
        if found and (first is None or found.start() < first.start):
            first = _written(found, kind, month_first) or first
    return first


def in_url(url: str) -> dt.datetime | None:
    """Find the date of publication that many outlets put into an address: year, month and day."""
    for found in _IN_URL.finditer(url):
        when = _make(int(found[1]), _month(found[2]), int(found[3]))
        if when:
            return when
    return None


def to_utc(when: dt.datetime) -> dt.datetime:
    """The same moment in UTC; without a zone it is taken as UTC, which keeps the day that the page shows."""
    try:
        return when.replace(tzinfo=dt.UTC) if when.tzinfo is None else when.astimezone(dt.UTC)
    except OverflowError:  # the first or last hours that there are
        return when.replace(tzinfo=dt.UTC)


def month_names() -> frozenset[str]:
    """The names of the months, wide and abbreviated, case-folded; those with ı also with i, as their capitals fold."""
    return _written_names() | _months().keys()


def _from_figures(sign: str, figures: str, fraction: str) -> dt.datetime | None:
    is_whole = not sign and not fraction.strip("0")
    if is_whole and len(figures) in _COMPACT:
        pairs = (int(figures[n : n + 2]) for n in range(4, len(figures), 2))
        written = _make(int(figures[:4]), *pairs)
        if written or (len(figures) in _MISTYPED and _is_likely(int(figures[:4]))):
            return written
    if len(figures) not in _UNITS:
        return None
    when = _EPOCH + dt.timedelta(**{_UNITS[len(figures)]: float(f"{sign}{figures}.{fraction or 0}")})
    return when if _is_likely(when.year) else None


def _from_exact_iso(value: str) -> dt.datetime | None:
    """What Python reads as ISO 8601, days of weeks and hours without minutes included."""
    if not _WEEK.fullmatch(value):
        with suppress(ValueError):
            when = dt.datetime.fromisoformat(value)
            return when if _is_likely(when.year) else None
    return None


def _from_iso(found: re.Match[str]) -> dt.datetime | None:
    date, clock = (int(found[n]) for n in (1, 2, 3)), (int(found[n] or 0) for n in (4, 5, 6))
    when = _make(*date, *clock)
    if when is None:
        return None
    when = when.replace(microsecond=int((found[7] or "")[:6].ljust(6, "0")))
    return when.replace(tzinfo=_zone(found[8])) if found[8] else when


def _zone(stated: str) -> dt.tzinfo | None:
    figures = stated.replace(":", "")
    if not figures[1:].isdigit():  # Z, UTC, GMT
        return dt.UTC
    minutes = int(figures[1:3]) * 60 + int(figures[3:5] or 0)
    offset = dt.timedelta(minutes=-minutes if figures[0] == "-" else minutes)
    return dt.timezone(offset) if abs(offset) < dt.timedelta(hours=24) else None


def _from_mail(value: str) -> dt.datetime | None:
    if re.search(r"\d\s?[ap]\.?m\b", value, re.IGNORECASE):  # RFC 2822 knows no halves of the day
        return None
    try:
        when = parsedate_to_datetime(re.sub(r"\bGMT([+-]\d{4})", r"\1", value))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return when if _is_likely(when.year) else None


def _from_prose(value: str) -> dt.datetime | None:
    written = find(value)
    return written.when if written else None


def _written(found: re.Match[str], kind: str, month_first: bool | None) -> Written | None:
    exact = _ISO.match(found.string, found.start()) if kind == "iso" else None
    if exact and _is_by_machine(exact):
        when, end = _from_iso(exact), exact.end()
    else:
        when, end = _from_parts(found, kind, month_first), found.end()
    return Written(when, found.start(), end) if when else None


def _is_by_machine(found: re.Match[str]) -> bool:
    """With T or seconds; 10:00-12:00 in prose is no hour of a zone."""
    return (
        bool(found[4])
        and ("T" in found[0].upper()[:12] or bool(found[6]))
        and not _HALF.match(found.string, found.end())
    )


def _from_parts(found: re.Match[str], kind: str, month_first: bool | None) -> dt.datetime | None:
    part = found.groupdict()
    if kind == "figures":
        one, two = int(part["d"]), int(part["m"])
        if found["sep"] == "/" and one <= 12 and two <= 12 and one != two and month_first is None:
            return None
        swap = two > 12 or (bool(month_first) and found["sep"] == "/" and one <= 12)
        day, month = (two, one) if swap else (one, two)
    else:
        day = int(part["d"])
        month = _month(part["m"])
    date = (_full_year(int(part["y"])), month, day)
    when = _make(*date, *_clock(found)) or _make(*date)
    return when.replace(tzinfo=_zone(found["zone"])) if when and found["zone"] else when


def _full_year(year: int) -> int:
    if year < 100:  # 25.04.24
        return year + 2000
    return year - 543 if 2400 < year < 2700 else year  # the Buddhist era, as Thai papers date


def _clock(found: re.Match[str]) -> tuple[int, int, int]:
    hour, minute, second = (int(found[n] or 0) for n in ("hour", "minute", "second"))
    if found["half"] and hour <= 12:
        hour = hour % 12 + (12 if found["half"][0] in "pP" else 0)
    return hour, minute, second


def _make(
    year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0
) -> dt.datetime | None:
    if not _is_likely(year):
        return None
    try:
        return dt.datetime(year, month, day, hour, minute, second)  # noqa: DTZ001  # a zone is added where one is stated
    except ValueError:
        return None


def _is_likely(year: int) -> bool:
    return EARLIEST_YEAR <= year <= _LATEST_YEAR


def _month(written: str) -> int:
    """The number of a month that a pattern has found, by number or by name."""
    return int(written) if written.isdigit() else _months()[_folded(written)]


def _folded(name: str) -> str:
    """A month's name as it is looked up. Turkish capitals fold to other letters than they stand for: I to i, İ to i and a dot."""
    return name.casefold().rstrip(".").replace("\u0307", "").replace("ı", "i")


@cache
def _months() -> dict[str, int]:
    return {
        _folded(name): number for number, names in enumerate(_LEXICON.months, 1) for name in sorted(names)
    }


@cache
def _written_names() -> frozenset[str]:
    return frozenset(name.casefold().rstrip(".") for names in _LEXICON.months for name in names)


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    month = rf"(?P<m>{one_of(_written_names())})\b\.?"
    nth = one_of(_LEXICON.ordinals)
    nth_before_month = one_of(_LEXICON.ordinals | _LEXICON.ordinals_before_month)
    of_month = rf"(?:{one_of(_LEXICON.of_month)}\s|{one_of(_LEXICON.elided_of_month)})"
    year_sign, month_sign, day_sign = map(
        one_of, (_LEXICON.year_signs, _LEXICON.month_signs, _LEXICON.day_signs)
    )
    before_month, before_year = one_of(_LEXICON.before_month), one_of(_LEXICON.before_year)
    day = r"(?<![\d.,:])(?P<d>[0-3]?\d)"
    year = r"(?P<y>(?:19|20|25)\d{2})(?!\d)"
    shapes = (
        (rf"(?<!\d){year}-(?P<m>\d{{1,2}})-(?P<d>\d{{1,2}})(?!\d)T?", "iso"),
        (rf"(?<!\d){year}[/.](?P<m>\d{{1,2}})[/.](?P<d>\d{{1,2}})(?!\d)", "iso"),
        (rf"{day}(?P<sep>[./-])\s?(?P<m>[01]?\d|[0-3]\d)(?P=sep)\s?{year}", "figures"),
        (r"(?<![\d.,:])(?P<d>[0-3]\d)(?P<sep>\.)(?P<m>[01]\d)\.(?P<y>[0-3]\d)(?![\d.])", "figures"),
        (
            rf"(?<!\d){year}\s?{year_sign}\s?(?P<m>\d{{1,2}})\s?{month_sign}\s?(?P<d>\d{{1,2}})\s?{day_sign}",
            "east",
        ),
        (
            rf"{day}\.?{nth_before_month}?,?\s{of_month}?{month},?\s(?:{one_of(_LEXICON.of_year)}\s)?{year}",
            "day first",
        ),
        (rf"\b{month}\s(?P<d>[0-3]?\d){nth}?,?\s{year}", "month first"),
        (rf"(?<!\d){year}\.?\s{month}\s(?P<d>[0-3]?\d)\b\.?", "year first"),
        (rf"{day}\s{before_month}\s(?P<m>\d{{1,2}})(?:,?\s{before_year}|,)?\s{year}", "vietnamese"),
    )
    return tuple((re.compile(shape + _CLOCK, re.IGNORECASE), kind) for shape, kind in shapes)
