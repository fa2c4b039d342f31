"""What a command was asked to do: its settings, its warehouse, its days; how it was typed, for answers that name a command."""

import shlex
import shutil
import sys
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import settings
from pipeline.day import landing_zone
from pipeline.model.days import FIRST, LAST, span
from pipeline.model.errors import MissingInputError, SettingsError
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.day.desk import Desk, WorkDesk
    from pipeline.store.warehouse import Warehouse

_NAMED = 3  # days that a message lists; of more, it says the first and the last


def desk(*, moved: bool = False, **flags: Any) -> "Desk":
    """The desk of a command that reads the landing zone."""
    from pipeline.day import desk

    return desk.open_desk(_resolved(moved, new=False, **flags), program=program())


def work_desk(watch: Callable[[str, int], None], *, moved: bool, new: bool, **flags: Any) -> "WorkDesk":
    """The desk of a command that runs days. `new` says whether the command may begin a warehouse; `watch` is told the table and its number
    of rows after each piece.
    """
    from pipeline.day import desk
    from pipeline.engines.choose import open_engine

    chosen = _resolved(moved, new=new, **flags)
    return desk.open_desk(chosen, open_engine(chosen, watch), program=program())


def warehouse(chosen: Settings) -> "Warehouse":
    """The warehouse of a command that needs no landing zone."""
    from pipeline.store.warehouse import Warehouse

    storage = landing_zone.open_warehouse(chosen, typed())
    landing_zone.refuse_absent(storage, program())
    return Warehouse(storage)


def _resolved(moved: bool, *, new: bool, **flags: Any) -> Settings:
    from pipeline.day.clean import outlets_of

    given = settings.load(**flags)
    if given.warehouse and not given.landing and not moved and not new:
        landing_zone.refuse_absent(landing_zone.open_warehouse(given, typed()), program())
    chosen = landing_zone.resolve(given, typed(), moved=moved)
    outlets_of(chosen)  # what is wrong in the user's file is told by every command that would make days by it
    return chosen


def typed() -> list[str]:
    """The command as it was typed, for a message that says what to type instead."""
    return [*program(), *sys.argv[1:]]


def program() -> tuple[str, ...]:
    """How newsfold was started, as words of a command."""
    if Path(sys.argv[0]).name == "__main__.py":
        return sys.orig_argv[0], "-m", "pipeline"
    return ("newsfold" if shutil.which("newsfold") == sys.argv[0] else sys.argv[0],)


def today() -> date:
    """Today's date in UTC. A command reads it once and passes it on: jobs have no clock."""
    return datetime.now(UTC).date()


def now() -> datetime:
    """The time in UTC, as `today`."""
    return datetime.now(UTC)


def days_of(days: list[date] | None, first: date | None, last: date | None) -> list[date]:
    """The days that were asked for, oldest first; none when no day was. Raises SettingsError for options that do not fit together."""
    _refuse_both(days, first, last)
    if days:
        return sorted(set(days))
    if not first and not last:
        return []
    if not (first and last):
        raise SettingsError("--from and --to go together")
    if first > last:
        raise SettingsError(f"--from {first} is after --to {last}")
    return list(span(first, last))


def days_within(
    known: Collection[date], days: list[date] | None, first: date | None, last: date | None
) -> list[date]:
    """As `days_of`, but of a range, the days that are known; all of it where none is."""
    asked = days_of(days, first, last)
    return asked if days else [day for day in asked if day in known] or asked


def refuse_unpublished(days: Sequence[date], known: Collection[date], where: str) -> None:
    """Raise MissingInputError for days that are not there: that nothing is known of a day must not look like nothing to tell."""
    if absent := [str(day) for day in days if day not in known]:
        named = ", ".join(absent) if len(absent) <= _NAMED else f"{absent[0]} to {absent[-1]}"
        raise MissingInputError(f"{named}: not published in {where}; newsfold status lists the days")


def refuse_removed(store: "Warehouse", day: date) -> None:
    """Raise MissingInputError for a day that was removed, and say how to take that back."""
    from pipeline.clean.removed import is_day_removed
    from pipeline.store import removals

    if is_day_removed(removals.read(store.storage), day):
        back = shlex.join([*program(), "remove", "--undo", "--day", str(day)])
        raise MissingInputError(f"{store.storage.uri}: {day} was removed; to take that back: {back}")


def known_days(
    desk: "Desk", days: list[date] | None, first: date | None, last: date | None, now: date
) -> list[date]:
    """The days of a range, open at either end, that the landing zone or the warehouse has.

    Days that are named must be over, and there: raises SettingsError or MissingInputError.
    """
    from pipeline.upkeep.repair import days_between

    _refuse_both(days, first, last)
    asked = refuse_unfinished(days_of(days, None, None), now)
    known = days_between(desk, first, last)
    if absent := [str(day) for day in asked if day not in known]:
        raise MissingInputError(
            f"{', '.join(absent)}: there is no such day in {desk.landing.uri} or in {desk.warehouse.storage.uri}"
        )
    return asked or known


def _refuse_both(days: list[date] | None, first: date | None, last: date | None) -> None:
    if days and (first or last):
        raise SettingsError("give --day, or --from and --to, not both")


def refuse_unfinished(days: list[date], now: date, of_today: str = "") -> list[date]:
    """The days as they came. Raises SettingsError for the first that is out of range or not over; `of_today` is said where that is today."""
    if outside := [day for day in days if not FIRST <= day <= LAST]:
        raise SettingsError(f"{outside[0]} is out of range: days go from {FIRST.year} to {LAST.year}")
    if later := [day for day in days if day >= now]:
        raise SettingsError(
            f"{later[0]} is not over yet: today is {now} (UTC), so the last day that can be run is {now - timedelta(days=1)}"
            + (of_today if later[0] == now else "")
        )
    return days
