"""Days: the unit of a run. A day is a UTC date, written YYYY-MM-DD in paths; `ids` says how ids write it."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

_FOLDER = "day="

PARTITION_PATH = "{table}/day={day}/part-0.parquet"  # of a published table, below the warehouse


def span(first: date, last: date) -> Iterator[date]:
    """The days from `first` to `last`, both included, oldest first."""
    for n in range((last - first).days + 1):
        yield first + timedelta(days=n)


def window(day: date, window_days: int) -> list[date]:
    """The `window_days` days before `day`, oldest first."""
    return list(span(day - timedelta(days=window_days), day - timedelta(days=1)))


def folder_of(day: date) -> str:
    """The folder of a day, in a landing zone and in a table: `day=YYYY-MM-DD`."""
    return f"{_FOLDER}{day}"


def days_among(folders: Iterable[str]) -> list[date]:
    """The days of folders named `day=YYYY-MM-DD`, of 1900 to 2100, oldest first; other folders are passed over."""
    return sorted(
        d for name in folders if name.startswith(_FOLDER) and (d := parse_day(name.removeprefix(_FOLDER)))
    )


def misnamed(folders: Iterable[str]) -> list[str]:
    """Folders that are meant for a day and are passed over: `day=2026-3-7`, `day=20260307`, `2026-03-07`, `day=0001-01-01`."""
    return sorted(name for name in folders if _MEANT.fullmatch(name) and not days_among([name]))


# Other dates are slips: the zero date of other languages (0001-01-01), epochs (1601, 9999), mistyped years.
FIRST, LAST = date(1900, 1, 1), date(2100, 12, 31)

_MEANT = re.compile(r"(?:day|date|dt)=.*|\d{4}-?\d\d-?\d\d")


def parse_day(text: str) -> date | None:
    """The day that a text of the form YYYY-MM-DD names, of 1900 to 2100; else None."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    # 20260305 and 2026-W10-4 are ISO dates, too.
    return day if str(day) == text and FIRST <= day <= LAST else None
