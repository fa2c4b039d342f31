"""When something was published or changed, as a feed, a sitemap or a list states it.

Dates are read as everywhere (`text/dates.py`). Only here a time without a zone has to be a moment, since it decides what is new
enough to be asked for: it is the source's own time, else UTC, and then a flag says that this was assumed.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pipeline.model.kinds import Precision
from pipeline.text import dates, zones
from pipeline.text.written_dates import Written

FUTURE = "future"
ZONE_ASSUMED = "zone_assumed"
UNREADABLE = "unreadable_date"
UNSET = "unset_date"  # the zero of a clock: no date was ever entered

_MOST_AHEAD = timedelta(days=1)  # clocks that run fast, and zones that were left out
_MAX_CHARS = 80  # of a date; more is something else
_FAR_YEARS = ("9999", "2999", "3000")  # what pinned items are dated with; no year that `dates` reads
# 5/3 is the 3rd of May in the United States; in these others it is either.
_UNSET_UNTIL = datetime(1970, 1, 3, tzinfo=UTC)  # in every zone
# What mail programs and servers write closer together than anybody else: "Sun,06 Jul 2025 16:18:00GMT", "16:18:00 -5".
_GLUED = re.compile(r"(?<=[A-Za-z]),(?=\d)|(?<=:\d\d)(?=[A-Z]{1,4}$)")
_SHORT_ZONE = re.compile(r"(?<=:\d\d) ([+-])(\d{1,2})$")
_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_MONTH_FIRST: dict[str | None, bool | None] = {"US": True, "CA": None, "PH": None, None: None}


@dataclass(frozen=True)
class Stated:
    """What a written date says: `at` in UTC, null where it can't be read or is not to be believed; then `flags` say why."""

    raw: str | None = None
    at: datetime | None = None
    precision: str | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Clock:
    """What a written date is read by: when it was met, and where its source is."""

    now: datetime
    country: str | None = None  # ISO 3166
    timezone: str | None = None  # IANA; goes before the country

    def read(self, written: str | None) -> Stated:
        """A date of a feed. More than a day ahead of now it is no date of publication."""
        raw = " ".join((written or "").split())[:_MAX_CHARS]
        if not raw:
            return Stated()
        spaced = _SHORT_ZONE.sub(lambda zone: f" {zone[1]}{zone[2]:0>2}00", _GLUED.sub(_apart, raw))
        found = dates.parse(spaced, month_first=_MONTH_FIRST.get(self.country, False))
        if found is None:
            return Stated(raw, flags=(FUTURE if any(year in raw for year in _FAR_YEARS) else UNREADABLE,))
        at, flags = self._settled(found)
        if at > self.now + _MOST_AHEAD:
            return Stated(raw, flags=(FUTURE,))
        if at < _UNSET_UNTIL:
            return Stated(raw, flags=(UNSET,))
        return Stated(raw, at, found.precision.value, flags)

    def first(self, *written: str | None) -> Stated:
        """The first of several dates that is one; where none is, what is wrong with the first that is there."""
        stated = [found for text in written if (found := self.read(text)).raw]
        return next((found for found in stated if found.at), stated[0] if stated else Stated())

    def changed(self, written: str | None) -> datetime | None:
        """When something was changed that says so; for a month its last day, so that what changed in it is not taken for old."""
        month = _MONTH.fullmatch((written or "").strip())
        if month and 1 <= int(month[2]) <= 12 and self.now.year >= int(month[1]) > 1970:
            year, number = int(month[1]), int(month[2])
            return datetime(year, number, calendar.monthrange(year, number)[1], tzinfo=UTC)
        return self.read(written).at

    def _settled(self, found: Written) -> tuple[datetime, tuple[str, ...]]:
        if found.precision is Precision.DAY:
            return dates.settled(found).at, ()
        countries = (frozenset({self.country}),) if self.country else ()
        distance = None
        if found.zone is not None:
            distance = zones.offset(found.zone, found.when, countries)
        elif self.timezone:
            distance = zones.of_region(self.timezone, found.when)
        else:
            distance = zones.local(found.when, countries)
        flags = () if distance is not None else (ZONE_ASSUMED,)
        return (found.when - (distance or timedelta())).replace(microsecond=0, tzinfo=UTC), flags


def _apart(found: re.Match[str]) -> str:
    return f"{found[0]} "
