"""Dates as machines, pages and writers write them, in every language of `phrases`. A date needs its year, month and day.

Every way in reads its dates here (`moment` what is delivered with a document, `parse` what a page or a text states in a
field, `find` what stands in prose), so that the same written date means the same moment wherever it stands. `settled` makes
a moment of what is written: a time whose zone is not known is a day, and never a time in UTC.

The names of the months are those of the Unicode CLDR (wide and abbreviated, in and out of a date), put into one
list: no name means different months in two of these languages, so the language need not be known.
"""

import datetime as dt
import re
from contextlib import suppress
from typing import NamedTuple

from pipeline.model.kinds import Precision
from pipeline.text import lexicon, written_dates, zones
from pipeline.text.calendars import with_plain_figures
from pipeline.text.lexicon import one_of
from pipeline.text.written_dates import Written, is_likely, make

_ISO = re.compile(
    r"(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})"
    r"(?:[T _]*(\d{2}|\d(?=:)):?(\d{2})(?::?(\d{2})(?:[.,:](\d+))?)?|T(\d{2})(?!\d))?",
    re.IGNORECASE,
)
_ZONE_OF_MACHINE = re.compile(
    rf"\s?([+-]\d{{1,2}}:\d{{2}}(?!\d)|[+-]\d{{2,4}}(?!\d)|{zones.IN_PROSE})", re.IGNORECASE
)
_WEEK = re.compile(r"(\d{4}-?W\d{2}-?\d)(?:T(.*))?", re.IGNORECASE)
_ORDINAL = re.compile(r"(\d{4})-?(\d{3})(?:T(.*))?", re.IGNORECASE)
_MICROSOFT = re.compile(
    r"/?Date\((-?\d+)(?:[+-]\d{4})?\)/?"
)  # milliseconds; the zone is of whom it is shown to
# 10.06.00 and 10-06-00 for 10:06:00; 10h06, and a T that a template left in its quotation marks.
_ODD_CLOCK = re.compile(r"^(\d{4}-\d{2}-\d{2}[T ])(\d{2})([.-])(\d{2})\3(\d{2})(?!\d)", re.IGNORECASE)
_ODD_MARKS = re.compile(r"(?<=\d)['’]T['’](?=\d)|(?<=T\d\d)[h.](?=\d\d(?!\d))", re.IGNORECASE)
_HALVED = re.compile(
    r"^(\d{4}-\d{2}-\d{2}[T ]\s?)(\d{1,2})(:\d{2}(?::\d{2})?)\s?([ap])\.?m\.?(?=\s?[+-]\d)", re.IGNORECASE
)  # a half of the day before a zone
_BUDDHIST = re.compile(r"^25\d\d(?=[-/.]\d\d?[-/.]\d\d?(?!\d))")  # as Thai sites let machines write it
_NUMBER = re.compile(r"([+-]?)(\d+)(?:\.(\d*))?")
_COMPACT = {
    8: Precision.DAY,
    10: Precision.MINUTE,
    12: Precision.MINUTE,
    14: Precision.SECOND,
}  # figures of a date down to its day, hour, minute, second
_MISTYPED = {
    12
}  # a month or hour too large: as milliseconds these are half a year of 1976, in which nobody counted them
# Counted since 1970: of the years 1973 to 2286. What has fewer figures is an empty field, or a part of a date: a year, a month,
# the number of a day.
_UNITS = {9: "seconds", 10: "seconds", 12: "milliseconds", 13: "milliseconds"}
_ELIDED = lexicon.words().elided_of_month
_EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001  # of UTC, which `Written.zone` says
# Addresses have the months in English, of three letters, whatever the language of the page.
_MONTHS_IN_URLS = {name for names in lexicon.languages()["en"].months for name in names if len(name) == 3}
_IN_URL = re.compile(
    r"(?<!\d)((?:19|20)\d{2})[/_.-]?"
    rf"(0[1-9]|1[0-2]|[1-9](?=[/_.-])|{one_of(_MONTHS_IN_URLS)})[/_.-]?"
    r"([0-2]\d|3[01]|[1-9](?!\d))(?!\d)",
    re.IGNORECASE,
)


class Moment(NamedTuple):
    """When something was published, in UTC, and how exactly that is known; a day is 00:00 UTC of the date that was written."""

    at: dt.datetime
    precision: Precision


def settled(written: Written, countries: zones.Countries = ()) -> Moment:
    """The moment that is meant, for an outlet of one of these countries.

    A time for readers that states no zone is the outlet's own, if its country has one zone. A machine's is not known: half of
    them write UTC, half the time where they stand.
    """
    if written.precision is not Precision.DAY:
        if written.zone is not None:
            distance = zones.offset(written.zone, written.when, countries)
        else:
            distance = zones.local(written.when, countries) if written.is_local else None
        if distance is not None:
            return Moment((written.when - distance).replace(tzinfo=dt.UTC), written.precision)
    return _day(written.when - dt.timedelta(days=1) if written.is_end else written.when)


def moment(value: object, countries: zones.Countries = ()) -> Moment | None:
    """Read when a document was published as it was delivered: a datetime, a date, or what `parse` reads, as a text or a number."""
    if isinstance(value, dt.datetime):
        return _day(value) if value.tzinfo is None else Moment(to_utc(value), Precision.SECOND)
    if isinstance(value, dt.date):
        return _day(value)
    found = _parsed(value)
    return settled(found, countries) if found else None


def fetched(value: object) -> dt.datetime | None:
    """Read when a document was fetched. Crawlers' clocks show UTC where they say nothing else."""
    if isinstance(value, dt.datetime):
        return to_utc(value)
    found = value if isinstance(value, dt.date) else _parsed(value)
    if not isinstance(found, Written):
        return _day(found).at if found else None
    return settled(found if found.zone else found._replace(zone="UTC")).at


def _parsed(value: object) -> Written | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = in_figures(value)
    return parse(value) if isinstance(value, str) else None


def _day(date: dt.date) -> Moment:
    return Moment(dt.datetime(date.year, date.month, date.day, tzinfo=dt.UTC), Precision.DAY)


def in_figures(number: float) -> str:
    """A number as a text that `parse` reads; tables keep whole numbers as floats where one of them is missing."""
    if not abs(number) < 10**15:  # also what is no number
        return ""
    return str(int(number)) if number == int(number) else repr(number)


def parse(value: str, *, month_first: bool | None = None) -> Written | None:
    """Read a date that a field holds; `month_first` is as for `find`.

    ISO 8601 and what looks like it, RFC 2822, prose as `find` reads it, or figures: those of a date (20260305, with hour,
    minute and second or without) where they can be one, else seconds or milliseconds since 1970.
    """
    value = with_plain_figures(value[:200]).strip()[:80]
    if microsoft := _MICROSOFT.fullmatch(value):
        value = microsoft[1]
    value = _by_calendar(_BUDDHIST.sub(lambda year: str(int(year[0]) - 543), value))
    number = _NUMBER.fullmatch(value)
    if number:
        return _from_figures(number[1], number[2], number[3] or "")
    value = _ODD_MARKS.sub(_plain_mark, _ODD_CLOCK.sub(r"\1\2:\4:\5", value))
    value = _HALVED.sub(_in_whole_days, value)
    found = _ISO.match(value)
    if found is None or not is_likely(int(found[1])):
        return _by_machine(find(value, month_first=month_first))
    rest = value[found.end() :]
    has_clock = bool(found[4] or found[8])
    if not rest.strip() or (has_clock and zones.is_zone(rest) and not written_dates.is_half(rest, 0)):
        return _from_iso(found, rest.strip() or None)
    return _by_machine(find(value, month_first=month_first)) or _from_iso(found, None)


def _plain_mark(found: re.Match[str]) -> str:
    return "T" if "T" in found[0] else ":"


def _in_whole_days(found: re.Match[str]) -> str:
    hour = int(found[2])
    if hour <= 12:
        hour = hour % 12 + (12 if found[4].lower() == "p" else 0)
    return f"{found[1]}{hour:02}{found[3]}"


def _by_calendar(value: str) -> str:
    """The date by the number of its day in the year or of its week, as one of a month (ISO 8601); another value stays."""
    with suppress(ValueError):
        if week := _WEEK.fullmatch(value):
            return f"{dt.date.fromisoformat(week[1])}" + (f"T{week[2]}" if week[2] else "")
        ordinal = _ORDINAL.fullmatch(value)
        if ordinal and is_likely(year := int(ordinal[1])):
            day = dt.date(year, 1, 1) + dt.timedelta(days=int(ordinal[2]) - 1)
            return f"{day}" + (f"T{ordinal[3]}" if ordinal[3] else "") if day.year == year else value
    return value


def _by_machine(written: Written | None) -> Written | None:
    """A field whose time has seconds was filled by a machine; without them, by or for a person."""
    return written._replace(is_local=written.precision is Precision.MINUTE) if written else None


def find(text: str, *, month_first: bool | None = None) -> Written | None:
    """Find the first complete date in `text`, with the time of day that stands before or behind it.

    In figures, 5/3/2026 is the 5th of March or the 3rd of May: it is read only when `month_first` says how.
    """
    plain = with_plain_figures(text)
    written = written_dates.first_in(plain, month_first)
    exact = _ISO.match(plain, written.start) if written else None
    if written is None or exact is None or not _is_exact(exact):
        return written
    zone = _ZONE_OF_MACHINE.match(plain, exact.end())
    made = _from_iso(exact, zone[1] if zone else None)
    return made and made._replace(is_local=True, start=exact.start(), end=zone.end() if zone else exact.end())


def in_url(url: str) -> Written | None:
    """Find the date of publication that many outlets put into an address: year, month and day."""
    for found in _IN_URL.finditer(url):
        when = make(int(found[1]), written_dates.month_of(found[2]), int(found[3]))
        if when:
            return Written(when, Precision.DAY)
    return None


def to_utc(when: dt.datetime) -> dt.datetime:
    """The same moment in UTC; without a zone it is taken as UTC."""
    try:
        return when.replace(tzinfo=dt.UTC) if when.tzinfo is None else when.astimezone(dt.UTC)
    except OverflowError:  # the first or last hours that there are
        return when.replace(tzinfo=dt.UTC)


def month_names() -> frozenset[str]:
    """The names of the months, wide and abbreviated, case-folded; those with ı also with i, as their capitals fold; with
    what hangs on them: במרץ. Not Persian ones in Latin letters, which are words of other languages.
    """
    names = written_dates.written_names() | {n for n in written_dates.jalali_months() if not n.isascii()}
    elided = {f"{prefix}{name}" for prefix in _ELIDED for name in names if not prefix.isascii()}
    return names | elided | written_dates.months().keys()


def _from_figures(sign: str, figures: str, fraction: str) -> Written | None:
    is_whole = not sign and not fraction.strip("0")
    if is_whole and len(figures) in _COMPACT:
        pairs = (int(figures[n : n + 2]) for n in range(4, len(figures), 2))
        written = make(int(figures[:4]), *pairs)
        if written:
            return Written(written, _COMPACT[len(figures)])
        if len(figures) in _MISTYPED and is_likely(int(figures[:4])):
            return None
    if len(figures) not in _UNITS:
        return None
    when = _EPOCH + dt.timedelta(**{_UNITS[len(figures)]: float(f"{sign}{figures}.{fraction or 0}")})
    return Written(when, Precision.SECOND, "UTC") if is_likely(when.year) else None


def _from_iso(found: re.Match[str], zone: str | None) -> Written | None:
    date, clock = (int(found[n]) for n in (1, 2, 3)), [int(found[n] or 0) for n in (4, 5, 6)]
    clock[0] = int(found[8] or clock[0])
    day = make(*date)
    if day is None:
        return None
    is_end = clock == [24, 0, 0]
    if is_end:
        day, clock = day + dt.timedelta(days=1), [0, 0, 0]
    if not (found[4] or found[8]) or not written_dates.is_time(*clock):
        return Written(day, Precision.DAY)
    fraction = int((found[7] or "")[:6].ljust(6, "0"))
    when = day.replace(hour=clock[0], minute=clock[1], second=min(clock[2], 59), microsecond=fraction)
    precision = Precision.SECOND if found[6] else Precision.MINUTE
    return Written(when, precision, zone, is_end=is_end)


def _is_exact(found: re.Match[str]) -> bool:
    """With T or seconds, as machines write; 10:00-12:00 in prose is no hour of a zone."""
    has_clock = bool(found[4] or found[8])
    is_marked = "T" in found[0].upper()[:12] or bool(found[6])
    return has_clock and is_marked and not written_dates.is_half(found.string, found.end())
