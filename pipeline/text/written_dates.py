"""The shapes in which writers put a date and a time of day, and what is in each: the parts of a date, a clock, a zone."""

import datetime as dt
import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from pipeline.model.kinds import Precision
from pipeline.text import calendars, lexicon, zones
from pipeline.text.lexicon import one_of

_LEXICON = lexicon.words()

EARLIEST_YEAR = 1900  # before that, a four-digit number is a quantity, or the page was made by a fault
_LATEST_YEAR = 2100
_NUMERIC_JALALI = range(1343, 1420)  # later years in figures alone may be of the Islamic calendar
_FIGURES = re.compile(r"\d.*\d", re.DOTALL)
_EAST = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]")  # where the year goes first
_THAI = re.compile(r"[\u0e00-\u0e7f]")


class Written(NamedTuple):
    """A date as it is written, and where: what calendar and clock show, and the zone beside them, if any."""

    when: dt.datetime  # without a zone
    precision: Precision
    zone: str | None = None
    is_local: bool = False  # written for readers: without a zone, the time of where they are
    start: int = 0
    end: int = 0
    is_end: bool = False  # of the day before, at 24:00


def make(
    year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0
) -> dt.datetime | None:
    """None where there is no such moment, or the year is not one of news."""
    if not is_likely(year):
        return None
    try:
        return dt.datetime(year, month, day, hour, minute, second)  # noqa: DTZ001  # what calendar and clock show
    except ValueError:
        return None


def is_likely(year: int) -> bool:
    return EARLIEST_YEAR <= year <= _LATEST_YEAR


def first_in(text: str, month_first: bool | None) -> Written | None:
    """The first date that stands in a text with plain figures."""
    first: Written | None = None
    for pattern, kind in _patterns() if _FIGURES.search(text) else ():
        found = pattern.search(text)
        if found and (first is None or found.start() < first.start):
            first = _read(found, kind, month_first) or first
    han = calendars.from_han(text) if "年" in text else None
    if han and (first is None or han[0].start() < first.start):
        when = make(*han[1:])
        first = Written(when, Precision.DAY, None, True, *han[0].span()) if when else first
    return first


# --- the parts of a clock ----------------------------------------------------------------------------------------

_HOUR, _MINUTE, _SECOND = map(one_of, (_LEXICON.hour_signs, _LEXICON.minute_signs, _LEXICON.second_signs))
_HALF = one_of(_LEXICON.before_noon | _LEXICON.after_noon)
_TIME = (
    rf"(?:(?P<half>{_HALF})\.?\s?)?(?<!\d)(?P<hour>\d{{1,2}})"
    r"(?:(?:[:.]|\s?h\s?)(?P<minute>\d{2})(?!\d)(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?"
    rf"|\s?{_HOUR}(?:\s?(?P<minutes>\d{{1,2}})\s?{_MINUTE}(?:\s?(?P<seconds>\d{{1,2}})\s?{_SECOND})?)?"
    rf"|\s?h(?!\w)|(?=\s?{_HALF}(?!\w)))"
    rf"(?:\s?(?P<half_after>{_HALF})(?!\w)\.?)?(?:\s?{one_of(_LEXICON.after_clock)}(?!\w)\.?)?"
)
_ZONE = rf"(?:[\s,]{{0,2}}[(\[]?\s?(?P<zone>{zones.IN_PROSE})(?:\s?[)\]])?)?"
_WEEKDAY = rf"(?:[\s,]{{0,2}}(?:\(\w{{1,8}}\.?\)|{one_of(_LEXICON.weekdays)}(?!\w)))?"
_CLOCK = (
    rf"(?:\s?{one_of(_LEXICON.after_year)}(?!\w)\.?)?(?P<clock>{_WEEKDAY}[\s,.|•·/–—-]{{0,4}}(?:{one_of(_LEXICON.at_clock)}\.?)?[\s|:(]{{0,2}}"
    rf"(?:(?P<zone_before>{zones.BEFORE_CLOCK})\s?)?{_TIME}{_ZONE})?"
)
_CLOCK_BEFORE = re.compile(rf"{_TIME}{_ZONE}[\s,.|•·/–—-]{{1,4}}(?:\w{{2,12}}[\s,.]{{1,3}})?$", re.IGNORECASE)
_ZONE_BEFORE = re.compile(rf"({zones.BEFORE_CLOCK})[\s:]{{0,2}}$")
_LONGEST_CLOCK = 40  # characters before a date


def _clock_of(found: re.Match[str]) -> tuple[int, int, int] | None:
    part = found.groupdict()
    hour, minute, second = (
        int(part[name] or part[f"{name}s"] or 0) if name != "hour" else int(part[name])
        for name in ("hour", "minute", "second")
    )
    half = part["half"] or part["half_after"]
    if half and hour <= 12:
        hour = hour % 12 + (12 if lowered(half) in _after_noon() else 0)
    return (hour, minute, min(second, 59)) if is_time(hour, minute, second) else None


def is_time(hour: int, minute: int, second: int) -> bool:
    """Whether clocks show it, in a leap second too."""
    return hour < 24 and minute < 60 and second <= 60


def is_half(text: str, start: int) -> bool:
    """Whether a half of the day stands there."""
    return _HALF_BEHIND.match(text, start) is not None


_HALF_BEHIND = re.compile(rf"\s*{_HALF}(?!\w)", re.IGNORECASE)


def lowered(word: str) -> str:
    """A word as it is looked up. Turkish capitals fold to other letters than they stand for: I to i, İ to i and a dot."""
    return word.casefold().rstrip(".").replace("\u0307", "").replace("ı", "i")


@cache
def _after_noon() -> frozenset[str]:
    return frozenset(map(lowered, _LEXICON.after_noon))


# --- the parts of a date -----------------------------------------------------------------------------------------


def _read(found: re.Match[str], kind: str, month_first: bool | None) -> Written | None:
    date = _date(found, kind, month_first)
    day = make(*date) if date else None
    if day is None:
        return None
    part, text = found.groupdict(), found.string
    end = found.end()
    clock = _clock_of(found) if part["hour"] else None
    if part["hour"] and clock is None:
        end = found.start("clock") if "clock" in part else end
    zone = part["zone"] or part.get("zone_before") if clock else None
    source = found if clock else None
    if not clock and (
        before := _CLOCK_BEFORE.search(text, max(0, found.start() - _LONGEST_CLOCK), found.start())
    ):
        clock, source, zone = _clock_of(before), before, before["zone"]
    if clock is None or source is None:
        return Written(day, Precision.DAY, None, True, found.start(), end)
    if zone is None and (named := _ZONE_BEFORE.search(text, 0, found.start())):
        zone = named[1]
    has_seconds = (source["second"] or source["seconds"]) is not None
    precision = Precision.SECOND if has_seconds else Precision.MINUTE
    when = day.replace(hour=clock[0], minute=clock[1], second=clock[2])
    return Written(when, precision, zone, True, found.start(), end)


def _date(found: re.Match[str], kind: str, month_first: bool | None) -> tuple[int, int, int] | None:
    part = found.groupdict()
    if kind == "figures":
        return _from_figures(found, month_first)
    if kind.startswith("jalali"):
        month = int(part["m"]) if part["m"].isdigit() else jalali_months()[lowered(part["m"])]
        year = int(part["y"])
        date = calendars.from_jalali(year, month, int(part["d"]))
        is_sure = kind == "jalali" or year in _NUMERIC_JALALI
        return (date.year, date.month, date.day) if date and is_sure else None
    month = month_of(part["m"])
    return _year(part), month, int(part["d"])


def _from_figures(found: re.Match[str], month_first: bool | None) -> tuple[int, int, int] | None:
    one, two = int(found["d"]), int(found["m"])
    if found.groupdict().get("y2") and _EAST.search(found.string):  # 입력 26.03.05
        return one + 2000, two, int(found["y2"])
    written, year = found.groupdict().get("y"), _year(found.groupdict())
    is_thai = written is not None and int(written) != year  # they always put the day first
    if found["sep"] == "/" and one <= 12 and two <= 12 and one != two and month_first is None and not is_thai:
        return None
    swap = two > 12 or (bool(month_first) and found["sep"] == "/" and one <= 12 and not is_thai)
    day, month = (two, one) if swap else (one, two)
    return year, month, day


def _year(part: dict[str, str | None]) -> int:
    named = part.get("era")
    era = _eras()[lowered(named)] if named else None
    written = part.get("y") or part.get("ey")
    if written:
        return calendars.common_year(1 if written == "元" else int(written), era)
    short = int(part["y2"] or 0)  # 25.04.24
    is_buddhist = _THAI.search(part["m"] or "")
    return calendars.common_year(short + 2500, None) if is_buddhist else short + 2000


@cache
def _eras() -> dict[str, int]:
    return {lowered(name): int(year) for name, year in _LEXICON.eras}


def month_of(written: str) -> int:
    """The number of a month that a pattern has found, by number or by name."""
    return int(written) if written.isdigit() else months()[lowered(written)]


@cache
def months() -> dict[str, int]:
    return {
        lowered(name): number for number, names in enumerate(_LEXICON.months, 1) for name in sorted(names)
    }


@cache
def jalali_months() -> dict[str, int]:
    return {lowered(name): n for n, names in enumerate(_LEXICON.jalali_months, 1) for name in sorted(names)}


@cache
def written_names() -> frozenset[str]:
    return frozenset(name.casefold().rstrip(".") for names in _LEXICON.months for name in names)


_DAY = r"(?<![\d.,:])(?P<d>[0-3]?\d)"
_YEAR = r"(?P<y>(?:19|20|25)\d{2})(?!\d)"
_SHORT_YEAR = r"['’]?(?P<y2>\d{2})(?=\s*$|\s*[,|•·)–—]|[\sT]{1,3}\d{1,2}[:.]\d\d)"
_ERA = rf"(?P<era>{one_of(name for name, _ in _LEXICON.eras)})\.?\s?"


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile(shape if "<hour>" in shape else shape + _CLOCK, re.IGNORECASE), kind)
        for shape, kind in (*_in_figures(), *_with_names(), *_jalali())
    )


def _in_figures() -> Iterator[tuple[str, str]]:
    labelled = rf"(?<!\w){one_of(_LEXICON.published_labels)}"
    hung = rf"(?<!\w){one_of(name for name in _LEXICON.elided_of_month if not name.isascii())}"
    year_sign, month_sign, day_sign = map(
        one_of, (_LEXICON.year_signs, _LEXICON.month_signs, _LEXICON.day_signs)
    )
    before_month, before_year = one_of(_LEXICON.before_month), one_of(_LEXICON.before_year)
    yield rf"(?<!\d){_YEAR}-(?P<m>\d{{1,2}})-(?P<d>\d{{1,2}})(?!\d)T?", "iso"
    yield rf"(?<!\d){_YEAR}[/.]\s?(?P<m>\d{{1,2}})[/.]\s?(?P<d>\d{{1,2}})(?!\d)\.?", "iso"
    yield rf"{_DAY}(?P<sep>[./-])\s?(?P<m>[01]?\d|[0-3]\d)(?P=sep)\s?{_YEAR}", "figures"
    yield r"(?<![\d.,:])(?P<d>[0-3]\d)(?P<sep>\.)(?P<m>[01]\d)\.(?P<y2>[0-3]\d)(?![\d.])", "figures"
    # 4.3.26 is a version or a chapter, too: a date where it stands alone, or behind what says so.
    yield (
        (
            rf"(?:^|{labelled}[:\s]{{1,3}}|{hung})(?P<d>\d{{1,2}})(?P<sep>\.)(?P<m>\d{{1,2}})\.(?P<y2>[0-3]\d)"
            r"(?=\s*$|\s*[,|•·–—]|\s{1,3}\d{1,2}:\d\d)"
        ),
        "figures",
    )
    yield (
        (
            rf"(?<!\d)(?:{_ERA}(?P<ey>元|\d{{1,3}})|{_YEAR})\s?{year_sign}(?:\s?\([^()]{{1,10}}\))?"
            rf"\s?(?P<m>\d{{1,2}})\s?{month_sign}\s?(?P<d>\d{{1,2}})\s?{day_sign}"
        ),
        "east",
    )
    yield rf"{_DAY}\s{before_month}\s(?P<m>\d{{1,2}})(?:,?\s{before_year}|,)?\s{_YEAR}", "vietnamese"


def _with_names() -> Iterator[tuple[str, str]]:
    month = rf"(?P<m>{one_of(written_names())})(?!\w)\.?"
    after_year = rf"(?:{one_of(_LEXICON.after_year)}\.?\s)?"
    nth = one_of(_LEXICON.ordinals)
    nth_before_month = one_of(_LEXICON.ordinals | _LEXICON.ordinals_before_month)
    of_month = rf"(?:{one_of(_LEXICON.of_month)}\s|{one_of(_LEXICON.elided_of_month)})"
    yield (
        (
            rf"{_DAY}(?:\.?{nth_before_month}?,?\s{{1,3}}(?:{of_month}\s?)?|\.?{of_month}|[-./])"
            rf"{month}(?:[,/]?\s{{1,3}}(?:{one_of(_LEXICON.of_year)}\s)?|[-./])(?:(?:{_ERA})?{_YEAR}|{_SHORT_YEAR})"
        ),
        "day first",
    )
    yield rf"\b{month}[\s-](?P<d>[0-3]?\d){nth}?(?:\s?d\.)?,?[\s-]{_YEAR}", "month first"
    yield rf"\b{month}\s{{1,2}}(?P<d>[0-3]?\d)\s{_TIME}{_ZONE}\s{_YEAR}", "by a clock"
    yield (
        rf"(?<!\d){_YEAR}(?:\.?\s{after_year}|[-/]){month}[\s/-](?P<d>[0-3]?\d)\b\.?(?:\s?d\.)?",
        "year first",
    )
    yield rf"(?<!\d){_YEAR}\.?\s{after_year}(?P<d>[0-3]?\d)\.?\s{month}", "year, day"


def _jalali() -> Iterator[tuple[str, str]]:
    month = rf"(?P<m>{one_of(jalali_months())})(?:[\s\u200c]?ماه)?(?!\w)"
    year = r"(?<!\d)(?P<y>1[34]\d\d)(?!\d)"
    yield rf"{_DAY}\s?{month}[,،]?\s?{year}", "jalali"
    yield rf"\b{month}\s(?P<d>[0-3]?\d){one_of(_LEXICON.ordinals)}?,?\s{year}", "jalali"
    yield rf"{year},?\s{month}\s(?P<d>[0-3]?\d)\b", "jalali"
    yield (
        r"(?<!\d)(?P<y>1[34]\d\d)(?P<sep>[/-])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?!\d)",
        "jalali in figures",
    )
