"""Whether a warehouse is fresh enough: how long ago its newest published day ended. Nothing is run, and no landing zone is asked.

A day counts when it is over, has a row in `runs`, and was not published "so far". The clock is the caller's.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from pipeline.model.errors import MissingInputError, SettingsError
from pipeline.model.tables import RUNS
from pipeline.store import notes
from pipeline.store.warehouse import Warehouse

_UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}


def parse_age(written: str) -> timedelta:
    """`26h`, `90m`, `2d`, `1d2h` as a time; raises SettingsError for anything else, and for nothing."""
    if not re.fullmatch(r"(?:\d{1,6}[dhms])+", written):
        raise SettingsError(f"{written!r} is no age: write it as 26h, 90m, 2d or 1d2h")
    parts = re.findall(r"(\d+)([dhms])", written)
    return sum((timedelta(**{_UNITS[unit]: int(n)}) for n, unit in parts), timedelta())


@dataclass(frozen=True)
class Freshness:
    """How old the newest published day of a warehouse is; `newest` and `age` are None where there is none."""

    warehouse: str
    newest: date | None
    age: timedelta | None  # since the end of that day
    max_age: timedelta
    n_days: int
    n_held: int

    @property
    def is_fresh(self) -> bool:
        return self.age is not None and self.age <= self.max_age

    @property
    def sentence(self) -> str:
        if self.newest is None or self.age is None:
            return f"{self.warehouse}: late: no day is published"
        what = "fresh" if self.is_fresh else "late"
        held = f"; {self.n_held} days are held back" if self.n_held else ""
        return (
            f"{self.warehouse}: {what}: the newest published day is {self.newest}, which ended {_hours(self.age)} h ago; "
            f"at most {_hours(self.max_age)} h are allowed{held}"
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "warehouse": self.warehouse,
            "is_fresh": self.is_fresh,
            "newest_day": self.newest,
            "age_seconds": self.age.total_seconds() if self.age is not None else None,
            "max_age_seconds": self.max_age.total_seconds(),
            "n_days": self.n_days,
            "n_held": self.n_held,
        }

    def as_prometheus(self) -> str:
        """Gauges in Prometheus' text format; what is not known has no line."""
        return "".join(f"{line}\n" for line in self._lines())

    def _lines(self) -> Iterator[str]:
        ended = _end_of(self.newest).timestamp() if self.newest else None
        gauges = (
            ("fresh", "Whether the newest published day is young enough.", int(self.is_fresh)),
            ("newest_day_end_timestamp_seconds", "When the newest published day ended.", ended),
            ("age_seconds", "How long ago that was.", self.age.total_seconds() if self.age else None),
            ("max_age_seconds", "How long ago it may be.", self.max_age.total_seconds()),
            ("published_days", "Published days that are over.", self.n_days),
            ("held_days", "Days that wait for somebody to decide.", self.n_held),
        )
        where = self.warehouse.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
        for name, meaning, value in gauges:
            if value is not None:
                yield f"# HELP newsfold_{name} {meaning}"
                yield f"# TYPE newsfold_{name} gauge"
                yield f'newsfold_{name}{{warehouse="{where}"}} {value:.15g}'


def _hours(age: timedelta) -> str:
    return f"{age.total_seconds() / 3600:.1f}"


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def freshness(warehouse: Warehouse, max_age: timedelta, now: datetime) -> Freshness:
    """Judge a warehouse at `now` (UTC). A few small reads, however many days there are."""
    over = [day for day in warehouse.days(RUNS) if _end_of(day) <= now]
    newest = next((day for day in reversed(over) if _is_complete(warehouse, day)), None)
    held = sum(not note.is_allowed for note in notes.held(warehouse).values())
    age = now - _end_of(newest) if newest else None
    return Freshness(warehouse.storage.uri, newest, age, max_age, len(over), held)


def _is_complete(warehouse: Warehouse, day: date) -> bool:
    """Whether a run says so; a version that knew no unfinished days published none."""
    try:
        (row,) = warehouse.read(RUNS, day).to_pylist()
    except MissingInputError:
        return False
    return row.get("is_complete") is not False
