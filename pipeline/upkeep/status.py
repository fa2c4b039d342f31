"""The state of each day of a warehouse, read from manifests and listings alone.

missing      the landing zone has the day, or a run of it began once, and the warehouse has no run of it
incomplete   a run broke off between two tables, or stories lack a day's part
stale        something that the run read has changed since: its raw documents, the settings, the rules, or a
             day of the window before it
fresh        a run now would publish the same bytes
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from pipeline.clean.removed import is_day_removed
from pipeline.day import accounts, extract, inputs
from pipeline.day.desk import Desk
from pipeline.day.inputs import OWN, origin, read_by, recipe
from pipeline.day.story_partitions import shares_of
from pipeline.landing.files import by_day, has_files, list_files
from pipeline.model.contract import VERSION, Contract
from pipeline.model.days import days_among, misnamed
from pipeline.model.errors import MissingInputError
from pipeline.model.removal import days_of, digest_of
from pipeline.model.tables import ARTICLES, MEMBERSHIPS, REJECTS, RUNS, STORIES
from pipeline.settings import Settings
from pipeline.store import notes, removals
from pipeline.store.local import LocalStorage
from pipeline.store.manifest import Manifest, is_of_form
from pipeline.store.notes import begun, was_delivered
from pipeline.store.storage import ABSENT, Storage
from pipeline.store.view import Glance
from pipeline.store.warehouse import MISSING, Warehouse, empty_digest
from pipeline.upkeep import takedown, whole
from pipeline.upkeep.reasons import Reason, Why

log = logging.getLogger(__name__)

PASSING = frozenset({Why.CAPPED, Why.FAULTY})  # another run may find these gone, or find them again

_NOTHING = inputs.of_listing([])  # the listing of a day without files

_LEFT = (Why.NOT_OVER, Why.CLOSED, Why.HELD, Why.ALL_GONE)  # why a repair leaves a day as it is


class State(StrEnum):
    MISSING = "missing"
    INCOMPLETE = "incomplete"
    STALE = "stale"
    FRESH = "fresh"


@dataclass(frozen=True)
class Status:
    """The state of one day, why, and the counts of its last run where they were asked for."""

    day: date
    state: State
    reasons: tuple[Reason, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_due(self) -> bool:
        """Whether a repair would run the day, or strike it, without anybody's consent."""
        return self.state is not State.FRESH and (self.has(Why.REMOVALS) or not self.has(*_LEFT))

    def has(self, *kinds: Why) -> bool:
        """Whether one of its reasons is of one of these kinds."""
        return any(reason.why in kinds for reason in self.reasons)

    def as_dict(self) -> dict[str, Any]:
        reasons = list(map(str, self.reasons))
        return {"day": self.day, "state": self.state, "reasons": reasons, **self.counts}


def days_known(landing: Storage, warehouse: Warehouse) -> list[date]:
    """The days that the landing zone or the warehouse has, or a run of which began, oldest first; without those that were removed."""
    gone = {date.fromisoformat(day) for day in days_of(removals.read(warehouse.storage))}
    known = {*warehouse.days(RUNS), *warehouse.days(ARTICLES), *begun(warehouse)}
    others = [day for day in days_among(landing.folders("")) if day not in known]
    return sorted({*known, *(day for day, _ in by_day(landing, others))} - gone)


def check(landing: Storage, warehouse: Warehouse, settings: Settings, day: date) -> Status:
    """The state of a day."""
    return Checker(landing, warehouse, settings).check(day)


class Checker:
    """The states of many days, with each partition looked at once; `forget` a day that was run meanwhile.

    `today` and later days are not over; without `today`, every day is. With `confirm`, what has other versions than its
    manifests say, as in a restored copy, is read once and then known: only who may write to the warehouse can ask for it.
    """

    def __init__(
        self,
        landing: Storage,
        warehouse: Warehouse,
        settings: Settings,
        today: date = date.max,
        *,
        confirm: bool = False,
    ) -> None:
        self.landing, self.settings, self.today = landing, settings, today
        self.glance = Glance(warehouse, confirm=confirm)
        self._recipe, self._caps = recipe(settings), extract.caps_of_machine(settings)
        self._confirm, self._rules = confirm, extract.rules_of(settings)
        self.listed = removals.read(warehouse.storage)
        self._honoured = digest_of(self.listed)
        self._begun = set(begun(warehouse))
        self._held = notes.held(warehouse)
        self._retired = notes.retired_before(warehouse)
        self._closed = inputs.closed_before(settings, self._retired)
        self._listings: dict[date, str] = {}

    def look(self, days: Sequence[date]) -> None:
        """Look in one go at the files of the days, at their partitions and at those that they read."""
        own = {(contract, day) for day in days for contract in (*OWN, STORIES)}
        self.glance.look(own.union(*(inputs.read_by(self.settings, day) for day in days)))
        found = {day: inputs.of_listing(files) for day, files in by_day(self.landing, days)}
        self._listings = dict.fromkeys(days, _NOTHING) | found

    def forget(self, day: date) -> None:
        """Look again at the day, and at the stories that it has a share in."""
        self._listings.pop(day, None)
        manifest = self.glance.manifest(MEMBERSHIPS, day)
        self.glance.forget(day)
        again = self.glance.manifest(MEMBERSHIPS, day)
        for first in {f for m in (manifest, again) if m for f in shares_of(m)}:
            self.glance.forget(date.fromisoformat(first), STORIES)

    def check(self, day: date) -> Status:
        if is_day_removed(self.listed, day):
            return Status(day, State.FRESH, (Why.REMOVED.of(),))
        if day < self._retired and self._has_run(day):
            reasons = tuple(self._removed(self.glance.manifest(RUNS, day), day))
            return Status(day, State.STALE if reasons else State.FRESH, (*reasons, Why.RETIRED.of()))
        found = self._check(day)
        if day >= self.today:
            return replace(found, reasons=(Why.NOT_OVER.of(), *found.reasons))
        if found.state is State.FRESH:
            return found
        held = (Why.HELD.of(self._held[day].findings),) if self._is_held(day) else ()
        closed = (Why.CLOSED.of(),) if day < self._closed else ()
        return replace(found, reasons=(*held, *closed, *found.reasons))

    def _is_held(self, day: date) -> bool:
        """Whether the day waits for somebody to decide about what would be made of it now."""
        note = self._held.get(day)
        if note is None or note.is_allowed:
            return False
        return not note.origin or note.origin == origin(self._listing(day), self._recipe)

    def _listing(self, day: date) -> str:
        """The digest of the day's landing files, as they were when it was first asked for."""
        if day not in self._listings:
            self._listings[day] = inputs.of_listing(list_files(self.landing, day))
        return self._listings[day]

    def _has_files(self, day: date) -> bool:
        return self._listing(day) != _NOTHING

    def has_note(self, day: date) -> bool:
        """Whether the day has a note that holds it back, or did."""
        return day in self._held

    def has_begun(self, day: date) -> bool:
        """Whether there is a note that a run of the day began."""
        return day in self._begun

    def is_allowed(self, day: date) -> bool:
        """Whether somebody consented to what was held back."""
        return day in self._held and self._held[day].is_allowed

    def is_passing(self, day: date) -> bool:
        """Whether the next run may find the reason for holding the day back gone."""
        return day in self._held and self._held[day].is_passing

    def is_unusual(self, day: date) -> bool:
        """Whether the day was held back as outside the range of the weeks before it."""
        return day in self._held and not self._held[day].origin

    def _check(self, day: date) -> Status:
        run = self.glance.manifest(RUNS, day)
        if run is None or not self._has_run(day):
            stands = [c for c in (ARTICLES, RUNS) if self.glance.version(c, day) != ABSENT]
            if not stands:
                return Status(day, State.MISSING, tuple(self._left_over(day)))
            lost = [Why.DAMAGED.of(c.name) for c in stands if self.glance.digest(c, day) == MISSING]
            if run is None and RUNS in stands:
                lost.append(Why.NO_MANIFEST.of(RUNS.name))
            broken = lost or [Why.NO_RUN.of()]
            return Status(day, State.INCOMPLETE, (*broken, *self._gone(day), *self._removed(run, day)))
        if wrong := tuple(whole.broken(self.glance, run, day, (*OWN, STORIES))):
            return Status(day, State.INCOMPLETE, (*wrong, *self._gone(day), *self._removed(run, day)))
        if changed := tuple(self._changed(run, day)):
            return Status(day, State.STALE, changed)
        return Status(day, State.FRESH)

    def _has_run(self, day: date) -> bool:
        return self.glance.manifest(RUNS, day) is not None and self.glance.digest(RUNS, day) != MISSING

    def _gone(self, day: date) -> Iterator[Reason]:
        """That a day that lost a table can't be made again either: it would be empty."""
        had_some = self.counts(day).get("n_raw") or any(
            self.glance.version(c, day) != ABSENT and self.glance.digest(c, day) != empty_digest(c.name)
            for c in (ARTICLES, REJECTS)  # a damaged table may have had some
        )
        if had_some and not self._has_files(day):
            yield Why.ALL_GONE.of()

    def _left_over(self, day: date) -> Iterator[Reason]:
        """What is known of a day that was never published."""
        if day in self._begun:
            yield Why.BEGUN.of()
            if was_delivered(self.glance.warehouse, day) and not self._has_files(day):
                yield Why.ALL_GONE.of()

    def counts(self, day: date) -> dict[str, int]:
        """The counts of the day's last run; empty without a run."""
        return accounts.recorded_counts(self.glance.manifest(RUNS, day))

    def _removed(self, run: Manifest | None, day: date) -> Iterator[Reason]:
        """That the day holds documents that were removed, or lacks some of which the removal was taken back."""
        warehouse = self.glance.warehouse
        if accounts.noted(run).removals == self._honoured:
            return
        files = list_files(self.landing, day)
        if takedown.is_concerned(warehouse, self.listed, day, run, files, self._rules):
            yield Why.REMOVALS.of()
        elif self._confirm and run is not None:  # nobody has to look again
            warehouse.amend(RUNS, day, run, notes={**run.notes, "removals": self._honoured})
            self.glance.forget(day, RUNS)

    def _changed(self, run: Manifest, day: date) -> Iterator[Reason]:
        noted = accounts.noted(run)
        if noted.landing != self._listing(day):
            had_some = noted.counts.get("n_raw")
            yield (Why.ALL_GONE if had_some and not self._has_files(day) else Why.RAW_DOCUMENTS).of()
        yield from self._removed(run, day)
        if accounts.is_to_be_tried(run, self._caps):
            yield Why.CAPPED.of()
        if noted.faulty:
            yield Why.FAULTY.of()
        if noted.so_far:
            yield Why.SO_FAR.of()
        if run.contract_version != VERSION:
            yield Why.CONTRACT.of(run.contract_version)
        elif old := [c.name for c in (*OWN, STORIES) if self._is_of_old_form(c, day)]:
            yield Why.SCHEMA.of(", ".join(old))
        yield from (
            Why.INPUT.of(name)
            for name, value in self._recipe.items()
            if inputs.said(run.inputs, name) != value
        )
        for contract, past in read_by(self.settings, day):
            if past < self._retired:
                continue  # it was there when the day was made, and neither day can be made again
            digest = self.glance.digest(contract, past)
            read = run.inputs.get(f"{contract.name}/{past}")
            if digest != read and not (read is None and digest in {MISSING, empty_digest(contract.name)}):
                yield Why.INPUT.of(f"{contract.name}/{past}")

    def _is_of_old_form(self, contract: Contract, day: date) -> bool:
        """Whether the file says something else of its columns than one that is made now."""
        manifest = self.glance.manifest(contract, day)
        return manifest is not None and not is_of_form(manifest, contract)


def days_delivered(desk: Desk, today: date = date.max) -> list[date]:
    """The days before `today` that the landing zone has documents of, oldest first; raises MissingInputError when there is none."""
    found = by_day(desk.landing, days_among(desk.landing.folders("")))
    days = sorted({day for day, _ in found})
    warn_of_unfinished(days, today)
    if not (over := [day for day in days if day < today]):
        raise MissingInputError(
            f"{desk.landing.uri}: no folder day=YYYY-MM-DD with documents there; give --landing or --day"
        )
    return over


def warn_of_unfinished(days: Sequence[date], today: date) -> None:
    """Log the days that are left out because they are not over."""
    if later := ", ".join(str(day) for day in days if day >= today):
        log.warning("left out, not over yet: %s; today is %s (UTC)", later, today)


def warn_of_misnamed(desk: Desk) -> None:
    """Warn of folders that look like a day's but are not: documents there never become articles."""
    if odd := misnamed(desk.landing.folders("")):
        named = ", ".join(odd[:5]) + (f" and {len(odd) - 5} more" if len(odd) > 5 else "")
        log.warning("%s: passed over %s: a day's folder is named day=YYYY-MM-DD", desk.landing.uri, named)


def refuse_lost(desk: Desk) -> None:
    """Raise MissingInputError if there is no landing zone; in a bucket, an empty prefix is none."""
    if isinstance(desk.landing, LocalStorage):
        if not desk.landing.root.is_dir():
            raise MissingInputError(
                f"{desk.landing.uri}: no such folder; give --landing, and --landing-moved if it has moved"
            )
    elif next(iter(desk.landing.walk("")), None) is None:
        raise MissingInputError(f"{desk.landing.uri}: nothing there; give --landing")


def without_settled(desk: Desk, days: list[date]) -> list[date]:
    """The days without those that were removed, or can't be made again since texts were retired; both are named.

    A day that is alone is left to the run, which refuses it. Raises MissingInputError where no day is left.
    """
    if len(days) == 1:
        return days
    removed = {date.fromisoformat(day) for day in days_of(removals.read(desk.warehouse.storage))}
    first = inputs.closed_before(desk.settings, notes.retired_before(desk.warehouse))
    if gone := [day for day in days if day in removed]:
        log.warning("left out, removed: %s; newsfold remove --list", ", ".join(map(str, gone)))
    if closed := [day for day in days if day < first and day not in removed]:
        log.warning(
            "left out, can't be made again since texts were retired: %s to %s", min(closed), max(closed)
        )
    if days and len(gone) + len(closed) == len(days):
        raise MissingInputError(f"{desk.warehouse.storage.uri}: none of these days can be run")
    return [day for day in days if day not in removed and day >= first]


def days_to_make(desk: Desk, days: Sequence[date]) -> list[date]:
    """Those of the days that were delivered or are published as empty; the others are named and left out.

    A mistyped path or day, or a disk that is not mounted, looks like days without news. Raises MissingInputError if a run
    would empty published days, or would publish only empty days.
    """
    found = status(desk, days)
    if gone := [str(one.day) for one in found if one.has(Why.ALL_GONE)]:
        raise MissingInputError(
            f"{desk.landing.uri}: the raw documents of {', '.join(gone)} are gone; --empty publishes the days without documents"
        )
    lacking = [one.day for one in found if not one.counts and not has_files(desk.landing, one.day)]
    named = ", ".join(map(str, lacking))
    if len(lacking) == len(days):
        raise MissingInputError(
            f"{desk.landing.uri}: nothing was delivered for {named}; --empty publishes days without documents"
        )
    if lacking:
        log.warning("left out, nothing was delivered: %s; --empty publishes them without documents", named)
    return [day for day in days if day not in lacking]


def within_history(desk: Desk, days: Sequence[date], today: date) -> list[date]:
    """The days of a range from the first known one to today, and known later ones: a range may end in 2100."""
    known = days_known(desk.landing, desk.warehouse)
    return [day for day in days if known and known[0] <= day and (day <= today or day in known)]


def status(desk: Desk, days: Sequence[date] = (), today: date = date.max) -> list[Status]:
    """The state of the days, or of every day that the landing zone or the warehouse has; `today` and later ones are not over."""
    days = days or days_known(desk.landing, desk.warehouse)
    checker = Checker(desk.landing, desk.warehouse, desk.settings, today)
    checker.look(days)
    return [replace(checker.check(day), counts=checker.counts(day)) for day in days]
