"""Calendars other than the Gregorian in which papers date, and figures other than 0 to 9."""

import datetime as dt
import re
from functools import cache

import unicodedata2

_BUDDHIST = 543  # years before the common era
_HAN = {sign: n for n, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "元": 1}

# Leap years of the Persian calendar: its cycle of 33 years gives the observed ones from 1343 to 1472 (K. M. Borkowski, "The
# Persian calendar for 3000 years", 1996).
_CYCLE, _LEAPS = 33, frozenset({1, 5, 9, 13, 17, 22, 26, 30})
_JALALI_DAYS = (31,) * 6 + (30,) * 5 + (29,)
_NOWRUZ_1400 = dt.date(2021, 3, 21)
JALALI_YEARS = range(1343, 1473)  # from 1964 to 2094


def from_jalali(year: int, month: int, day: int) -> dt.date | None:
    """The Gregorian date of one in the Persian calendar; None where there is no such day."""
    if year not in JALALI_YEARS or not 1 <= month <= 12:
        return None
    is_long = month == 12 and _is_leap(year)
    if not 1 <= day <= _JALALI_DAYS[month - 1] + is_long:
        return None
    years = range(1400, year) if year >= 1400 else range(year, 1400)
    passed = sum(365 + _is_leap(one) for one in years)
    start = _NOWRUZ_1400 + dt.timedelta(days=passed if year >= 1400 else -passed)
    return start + dt.timedelta(days=sum(_JALALI_DAYS[: month - 1]) + day - 1)


def _is_leap(year: int) -> bool:
    return year % _CYCLE in _LEAPS


def common_year(year: int, era: int | None) -> int:
    """A year of the common era: of an era that began after the year `era`, or as it is written, Buddhist years included."""
    if era is not None:
        return year + era
    return year - _BUDDHIST if 2400 < year < 2700 else year


def with_plain_figures(text: str) -> str:
    """The text with the figures 0 to 9 for those of other scripts, wide signs and minus signs as narrow ones, and spaces for
    other spaces and marks of direction: each for one character, so that places in the text stay.
    """
    return text if text.isascii() else text.translate(_plain())


_LAST_FIGURE = 0x20000  # beyond are ideographs alone


@cache
def _plain() -> dict[int, str]:
    found = {
        code: str(unicodedata2.decimal(chr(code)))
        for code in range(0x80, _LAST_FIGURE)
        if unicodedata2.category(chr(code)) == "Nd"
    }
    found |= dict.fromkeys(
        (0xA0, 0x2007, 0x2009, 0x200C, 0x200D, 0x200E, 0x200F, 0x202F, 0x3000, 0xFEFF), " "
    )
    found |= dict.fromkeys((0x61C, *range(0x202A, 0x202F), *range(0x2066, 0x206A)), " ")
    wide = {
        "\uff08": "(",
        "\uff09": ")",
        "\uff1a": ":",
        "\uff0f": "/",
        "\uff0d": "-",
        "\uff0e": ".",
        "\u2212": "-",
        "\u2011": "-",
        "\u2010": "-",
    }
    return (
        found | {ord(sign): plain for sign, plain in wide.items()} | {0x060C: ",", 0xFF0C: ",", 0x3001: ","}
    )


_HAN_NUMBER = r"[〇零一二三四五六七八九十元]"
_HAN_DATE = re.compile(rf"({_HAN_NUMBER}{{1,5}})年({_HAN_NUMBER}{{1,3}})月({_HAN_NUMBER}{{1,3}})日")


def from_han(text: str) -> tuple[re.Match[str], int, int, int] | None:
    """The first date in Chinese numerals (二〇二六年三月四日): where, year, month, day."""
    found = _HAN_DATE.search(text)
    return (found, _number(found[1]), _number(found[2]), _number(found[3])) if found else None


def _number(written: str) -> int:
    if "十" in written:
        tens, _, ones = written.partition("十")
        return 10 * (_number(tens) if tens else 1) + (_number(ones) if ones else 0)
    return int("".join(str(_HAN[sign]) for sign in written))
