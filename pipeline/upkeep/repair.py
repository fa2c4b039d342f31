"""Repair: bring days that are not fresh up to date, oldest first, and no more days than necessary.

A run of a day changes what later days read, never what earlier ones do; so one pass from the oldest day to the
newest suffices. It stops early by itself: a day whose re-run gives the same rows makes no other day stale.
"""

import dataclasses
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from pipeline.day import inputs, landing_zone, run
from pipeline.day.desk import Desk, WorkDesk
from pipeline.day.result import Day, RunReport
from pipeline.model.changes_table import Cause
from pipeline.model.errors import HeldError, NewsfoldError, OvertakenError
from pipeline.model.tables import RUNS
from pipeline.store import notes, removals
from pipeline.upkeep import gate, status, takedown
from pipeline.upkeep.reasons import Reason, Why
from pipeline.upkeep.status import Checker, State, Status

log = logging.getLogger(__name__)


_PASSES = 5  # a further one is needed only when other runs publish at the same time


@dataclass(frozen=True)
class Step:
    """One day of a plan: its state, why, and what is to be done: run, keep (as published), strike (as published, without documents that
    were removed), or run if an earlier day changes.
    """

    day: date
    state: State
    action: str
    reasons: tuple[Reason, ...]

    @property
    def is_due(self) -> bool:
        return self.action in {"run", "strike"}

    def as_dict(self) -> dict[str, Any]:
        reasons = list(map(str, self.reasons))
        return {"day": self.day, "state": self.state, "action": self.action, "reasons": reasons}


def days_between(desk: Desk, first: date | None, last: date | None) -> list[date]:
    """The days that the landing zone or the warehouse has, from `first` to `last`."""
    known = status.days_known(desk.landing, desk.warehouse)
    return [d for d in known if (first is None or first <= d) and (last is None or d <= last)]


def plan(
    desk: Desk,
    days: Sequence[date],
    *,
    today: date = date.max,
    empty: bool = False,
    held: bool = False,
) -> list[Step]:
    """What `repair` would do with the days as they are now, oldest first; fresh days that nothing touches are left out."""
    checker = _checker(desk, days, today)
    steps: list[Step] = []
    for day in days:
        found = checker.check(day)
        running = {step.day for step in steps if step.action != "keep"}
        read = sorted({past for _, past in inputs.read_by(desk.settings, day)} & running)
        if found.state is not State.FRESH:
            kept = "strike" if found.has(Why.REMOVALS) else "keep"
            action = kept if _is_kept(checker, found, empty, held) else "run"
            steps.append(Step(day, found.state, action, found.reasons))
        elif read:
            steps.append(Step(day, found.state, "if changed", tuple(map(Why.READS.of, read))))
    return steps


def repair(
    desk: WorkDesk,
    days: Sequence[date],
    *,
    today: date = date.max,
    empty: bool = False,
    held: bool = False,
    begin: Callable[[date], None] = lambda _day: None,
    stop_unusual: bool = False,
) -> Iterator[tuple[Status, RunReport]]:
    """Run the days that are missing, incomplete or stale; yield each with its status before. `begin` is called before each.

    A day whose raw documents are all gone stays as it was published, unless `empty`: people clear a landing zone more
    often than they want history unpublished. A day that would lose most of what is published is held back and stays so,
    unless `held` consents to what its note is about; with `stop_unusual`, so is an unusual day that was never published.
    A day that reads retired days can't be made again. `today` and later days are not over.
    Raises SettingsError before anything is written if the warehouse is made from another landing zone.
    """
    landing_zone.claim(desk.warehouse.storage, desk.landing)
    desk = dataclasses.replace(desk, cause=Cause.REPAIR)
    tried: set[date] = set()
    notes.remove_damaged_state(desk.warehouse)
    _clear_days(desk)
    for day in days if held else ():
        notes.allow(desk.warehouse, day)
    for _ in range(_PASSES):
        checker, ran = _checker(desk, days, today, confirm=True), 0
        for found in _due(desk, checker, days, tried, empty):
            begin(day := found.day)
            with_range = checker.is_unusual(day) or (stop_unusual and not desk.warehouse.has(RUNS, day))
            if report := _run(desk, day, partial(gate.admit, desk, with_range=with_range, empty=empty)):
                yield found, report
            if found.has(Why.REMOVALS):
                takedown.sweep(desk.warehouse.storage, checker.listed)
            tried.add(day)
            checker.forget(day)
            ran += 1
        checker.glance.save_index()
        if not ran:
            _clear_days(desk)
            return
    raise NewsfoldError(
        f"{desk.warehouse.storage.uri}: days are being changed all the time; repair again later"
    )


def _due(
    desk: WorkDesk, checker: Checker, days: Sequence[date], tried: set[date], empty: bool
) -> Iterator[Status]:
    """The days to run, each checked when its turn comes: the run of a day changes what later ones read."""
    for day in days:
        found = checker.check(day)
        if found.state is State.FRESH:
            _release(desk, checker, day)
        elif _is_kept(checker, found, empty):
            _strike(desk, checker, found)
        elif not (day in tried and _is_of_the_machine(checker, found)):
            because = "; ".join(map(str, found.reasons))
            log.info("repairing day=%s state=%s because=%s", day, found.state, because)
            yield found


def _clear_days(desk: WorkDesk) -> None:
    """Remove what stands of days that were removed: before, all but the stories of later days; afterwards, these too, if they went."""
    takedown.clear_days(desk.warehouse, desk.engine, removals.read(desk.warehouse.storage))


def _strike(desk: WorkDesk, checker: Checker, found: Status) -> None:
    """Take what was removed out of a day that stays as it is."""
    if found.has(Why.REMOVALS):
        takedown.strike(desk, checker.listed, found.day)
        takedown.sweep(desk.warehouse.storage, checker.listed)
        checker.forget(found.day)


def _run(desk: WorkDesk, day: date, admit: Callable[[Day], None]) -> RunReport | None:
    """Run the day; None when it was held back, or when another run of it was faster: the next pass looks at what that one made."""
    try:
        return run.run_day(desk, day, admit)
    except OvertakenError as error:
        log.warning("day=%s was left to another run: %s", day, error)
    except HeldError as error:
        log.info("%s", error)
    return None


def _checker(desk: Desk, days: Sequence[date], today: date, *, confirm: bool = False) -> Checker:
    checker = Checker(desk.landing, desk.warehouse, desk.settings, today, confirm=confirm)
    checker.look(days)
    return checker


def _release(desk: Desk, checker: Checker, day: date) -> None:
    """Take the notes away from a day that is as it should be: that it was held back, and that a run of it began."""
    if checker.has_note(day):
        notes.release(desk.warehouse, day)
    if checker.has_begun(day):
        notes.end(desk.warehouse, day)


def _is_kept(checker: Checker, found: Status, empty: bool, held: bool = False) -> bool:
    is_allowed = checker.is_allowed(found.day) or (held and checker.has_note(found.day))
    is_held = found.has(Why.HELD) and not checker.is_passing(found.day)
    is_gone = found.has(Why.ALL_GONE) and not empty
    return found.has(Why.CLOSED, Why.NOT_OVER, Why.RETIRED) or ((is_held or is_gone) and not is_allowed)


def _is_of_the_machine(checker: Checker, found: Status) -> bool:
    """Whether nothing else is wrong: then a run more may find the same, and one is enough for a repair."""
    only = bool(found.reasons) and status.PASSING.issuperset(reason.why for reason in found.reasons)
    return only or checker.is_passing(found.day)
