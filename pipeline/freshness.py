"""What state each day of a warehouse is in, read from manifests and listings alone.

missing      the landing zone has the day, or a run of it began once, and the warehouse has no run of it
incomplete   a run broke off between two tables, or stories lack a day's part
stale        something that the run read has changed since: its raw documents, the settings, the rules, or a
             day of the window before it; or it could not read all documents, through no fault of theirs
fresh        a run now would publish the same bytes
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from pipeline import fingerprints, holds, landing, retention, versions
from pipeline.contracts import (
    ARTICLES,
    LINES,
    LINKS,
    MEMBERS,
    MEMBERSHIPS,
    REJECTS,
    RUNS,
    STORIES,
    VERSION,
    Contract,
)
from pipeline.days import days_among, window
from pipeline.settings import Settings
from pipeline.store.storage import Storage, filler
from pipeline.store.warehouse import MISSING, Glance, Manifest, View, Warehouse, empty_digest

OWN = (
    ARTICLES,
    REJECTS,
    LINKS,
    LINES,
    MEMBERS,
    MEMBERSHIPS,
    RUNS,
)  # what one run writes and nothing else does
CAPPED = "a cap that depends on the machine struck"
FAULTY = "documents were not read, by a fault of the machine"
PASSING = frozenset({CAPPED, FAULTY})  # reasons that another run may find gone, or find again
ALL_GONE = "all raw documents are gone"  # the reason of a day that had some and has no file any more

BEGUN = (
    "a run of it began and published nothing"  # how a day that the landing zone does not have is remembered
)
HELD = "held back: "  # how the reason of a day begins that is not to be published until somebody decides
RETIRED = "its texts were retired"  # the reason of a day that stays as it was published
NOT_OVER = "is not over yet"  # the reason of a day that is left alone until it is
CLOSED = "reads days whose texts were retired"  # the reason of a day that can't be made again
_BEGUN = "_meta/begun"
_DELIVERED = b"begun with documents"


class State(StrEnum):
    MISSING = "missing"
    INCOMPLETE = "incomplete"
    STALE = "stale"
    FRESH = "fresh"


@dataclass(frozen=True)
class Freshness:
    """The state of one day, and what it follows from."""

    day: date
    state: State
    reasons: tuple[str, ...] = ()


def days_known(source: Storage, warehouse: Warehouse) -> list[date]:
    """The days that the landing zone or the warehouse has, or a run of which began, oldest first."""
    known = {*warehouse.days(RUNS), *warehouse.days(ARTICLES), *_begun(warehouse)}
    others = [day for day in days_among(source.folders("")) if day not in known]
    return sorted({*known, *(day for day in others if landing.has_files(source, day))})


def begin(warehouse: Warehouse, day: date, *, delivered: bool) -> None:
    """Note that a run of a day begins that has none yet, so that the day is known even if nothing comes of it.

    The note says whether the day has documents: when they are gone before it is published, it is no empty day.
    """
    if not warehouse.has(RUNS, day):
        had = delivered or was_delivered(warehouse, day)
        warehouse.storage.replace(_begun_path(day), filler(_DELIVERED if had else b"begun"))


def end(warehouse: Warehouse, day: date) -> None:
    """Take away what `begin` noted: the day has a run."""
    warehouse.storage.delete(_begun_path(day))


def was_delivered(warehouse: Warehouse, day: date) -> bool:
    """Whether a run of the day, which has none yet, began with documents."""
    try:
        return warehouse.storage.read(_begun_path(day)) == _DELIVERED
    except FileNotFoundError:
        return False


def _begun(warehouse: Warehouse) -> list[date]:
    return days_among(entry.path.rpartition("/")[2] for entry in warehouse.storage.walk(_BEGUN))


def _begun_path(day: date) -> str:
    return f"{_BEGUN}/day={day}"


def origin(listing: str, marks: Mapping[str, str]) -> str:
    """Digest of a day's documents, by their listing, and of the settings and rules that it is made by."""
    return fingerprints.of_mapping({"landing": listing, **marks})


def read_by(settings: Settings, day: date) -> list[tuple[Contract, date]]:
    """Every partition that a run of the day reads, there or not."""
    days = window(day, settings.window_days)
    earlier = window(days[0], settings.window_days)
    return [(LINES, d) for d in days] + [(c, d) for c in (ARTICLES, MEMBERSHIPS) for d in earlier + days]


def view(warehouse: Warehouse, settings: Settings, day: date) -> View:
    """What a run of the day reads, pinned as it stands now."""
    return View(warehouse, read_by(settings, day))


def marks(settings: Settings) -> dict[str, str]:
    """What a run depends on besides its data: the settings that change results, and the rules of each stage."""
    return {"settings": settings.results_digest()} | {
        f"rules/{s}": fingerprints.of_rules(s) for s in versions.RULES
    }


def check(source: Storage, warehouse: Warehouse, settings: Settings, day: date) -> Freshness:
    """The state of a day."""
    return Judge(source, warehouse, settings).check(day)


class Judge:
    """Tells the states of many days, looking at each partition once; `forget` a day that was run meanwhile.

    `today` and later days are not over; without it, every day is.
    """

    def __init__(
        self, source: Storage, warehouse: Warehouse, settings: Settings, today: date = date.max
    ) -> None:
        self.source, self.settings, self.today = source, settings, today
        self.glance = Glance(warehouse)
        self._marks = marks(settings)
        self._begun = set(_begun(warehouse))
        self._held = holds.held(warehouse)
        self._retired = retention.retired_before(warehouse)
        self._closed = retention.closed_before(settings, self._retired)

    def look(self, days: Sequence[date]) -> None:
        """Look at the days' partitions all at once."""
        self.glance.look([(contract, day) for day in days for contract in (*OWN, STORIES)])

    def forget(self, day: date) -> None:
        """Look again at the day, and at the stories of every day that has to do with it."""
        manifest = self.glance.manifest(MEMBERSHIPS, day)
        self.glance.forget(day)
        again = self.glance.manifest(MEMBERSHIPS, day)
        for first in {f for m in (manifest, again) if m for f in parts_of(m)}:
            self.glance.forget(date.fromisoformat(first), STORIES)

    def check(self, day: date) -> Freshness:
        if day < self._retired and self._has_run(day):
            return Freshness(day, State.FRESH, (RETIRED,))
        found = self._check(day)
        if day >= self.today:
            return replace(found, reasons=(NOT_OVER, *found.reasons))
        if found.state is State.FRESH:
            return found
        held = (HELD + self._held[day].findings,) if self._is_held(day) else ()
        closed = (CLOSED,) if day < self._closed else ()
        return replace(found, reasons=(*held, *closed, *found.reasons))

    def _is_held(self, day: date) -> bool:
        """Whether the day waits for somebody to decide about what would be made of it now."""
        note = self._held.get(day)
        if note is None or note.is_allowed:
            return False
        return not note.origin or note.origin == origin(self._listing(day), self._marks)

    def _listing(self, day: date) -> str:
        return fingerprints.of_listing(landing.list_files(self.source, day))

    def has_note(self, day: date) -> bool:
        """Whether the day has a note that holds it back, or did."""
        return day in self._held

    def is_allowed(self, day: date) -> bool:
        """Whether somebody consented to what was held back."""
        return day in self._held and self._held[day].is_allowed

    def is_passing(self, day: date) -> bool:
        """Whether what the day was held back for may be gone with the next run."""
        return day in self._held and self._held[day].is_passing

    def is_unusual(self, day: date) -> bool:
        """Whether the day was held back as outside the range of the weeks before it."""
        return day in self._held and not self._held[day].origin

    def _check(self, day: date) -> Freshness:
        run = self.glance.manifest(RUNS, day)
        if run is None or not self._has_run(day):
            if self.glance.digest(ARTICLES, day) == MISSING:
                return Freshness(day, State.MISSING, tuple(self._left_over(day)))
            return Freshness(day, State.INCOMPLETE, ("no run was recorded", *self._gone(day)))
        if broken := tuple(self._broken(run, day)):
            return Freshness(day, State.INCOMPLETE, (*broken, *self._gone(day)))
        if changed := tuple(self._changed(run, day)):
            return Freshness(day, State.STALE, changed)
        return Freshness(day, State.FRESH)

    def _has_run(self, day: date) -> bool:
        return self.glance.manifest(RUNS, day) is not None and self.glance.digest(RUNS, day) != MISSING

    def _gone(self, day: date) -> Iterator[str]:
        """That a day of which a part is lost can't be made again either: it would come out empty."""
        had_some = self.counts(day).get("n_raw") or any(
            self.glance.digest(c, day) not in {MISSING, empty_digest(c.name)} for c in (ARTICLES, REJECTS)
        )
        if had_some and not landing.has_files(self.source, day):
            yield ALL_GONE

    def _left_over(self, day: date) -> Iterator[str]:
        """What is known of a day that was never published."""
        if day in self._begun:
            yield BEGUN
            if was_delivered(self.glance.warehouse, day) and not landing.has_files(self.source, day):
                yield ALL_GONE

    def counts(self, day: date) -> dict[str, int]:
        """The counts of the day's last run, none when there is none."""
        run = self.glance.manifest(RUNS, day)
        return run.notes.get("counts", {}) if run else {}

    def _broken(self, run: Manifest, day: date) -> Iterator[str]:
        """Tables of the day that are not those of its run, and stories that lack a part."""
        for contract in (*OWN, STORIES):
            manifest = self.glance.manifest(contract, day)
            if manifest is None or manifest.digest != self.glance.digest(contract, day):
                yield f"{contract.name} is not what its manifest says"
            elif contract is not STORIES and manifest.inputs != run.inputs:
                yield f"{contract.name} is of another run"
        yield from self._unsettled(day)

    def _unsettled(self, day: date) -> Iterator[str]:
        """Stories and memberships name each other's parts, with digests: an update that was lost shows on both sides."""
        memberships, stories = self.glance.manifest(MEMBERSHIPS, day), self.glance.manifest(STORIES, day)
        for first in memberships.notes.get("unsettled", ()) if memberships else ():
            yield f"stories/{first} may lack it"
        for first, digest in parts_of(memberships).items():
            summed = self.glance.manifest(STORIES, date.fromisoformat(first))
            if summed is None or summed.inputs.get(str(day)) != digest:
                yield f"stories/{first} lacks it"
        for other, digest in stories.inputs.items() if stories else ():
            if parts_of(self.glance.manifest(MEMBERSHIPS, date.fromisoformat(other))).get(str(day)) != digest:
                yield f"stories/{day} has an old part of {other}"

    def _changed(self, run: Manifest, day: date) -> Iterator[str]:
        files = landing.list_files(self.source, day)
        if run.notes.get("landing") != fingerprints.of_listing(files):
            had_some = run.notes.get("counts", {}).get("n_raw")
            yield ALL_GONE if had_some and not files else "raw documents"
        if run.notes.get("capped"):
            yield CAPPED
        if run.notes.get("faulty"):
            yield FAULTY
        if run.contract_version != VERSION:
            yield f"contract version {run.contract_version}"
        yield from (name for name, value in self._marks.items() if run.inputs.get(name) != value)
        for contract, past in read_by(self.settings, day):
            if past < self._retired:
                continue  # it was there when the day was made, and neither can be made again
            digest = self.glance.digest(contract, past)
            read = run.inputs.get(f"{contract.name}/{past}")
            if digest != read and not (read is None and digest in {MISSING, empty_digest(contract.name)}):
                yield f"{contract.name}/{past}"


def parts_of(memberships: Manifest | None) -> dict[str, str]:
    """What a day's memberships contribute to stories: a digest of the part by the stories' first day."""
    return memberships.notes.get("parts", {}) if memberships else {}
