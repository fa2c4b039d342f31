"""The state of the days on a calendar: what is fresh, stale, missing or broken off, how much the store holds, how each source is."""

from datetime import date

from pipeline.day.desk import Desk
from pipeline.explorer.models import Count
from pipeline.explorer.overviews import DayState, Health, SourceState
from pipeline.explorer.snapshot import Snapshot
from pipeline.model.errors import NewsfoldError
from pipeline.model.tables import PUBLISHED
from pipeline.store import notes
from pipeline.upkeep import source_health
from pipeline.upkeep.source_health import SourceHealth
from pipeline.upkeep.status import Checker, Status, days_known

_SHOWN_DAYS = 400  # the newest: a calendar of a year


def health(snapshot: Snapshot, desk: Desk | None, today: date, n_days: int = _SHOWN_DAYS) -> Health:
    """With a desk, each day is compared with its raw documents and settings, as `newsfold status` does; without, only what stands is told."""
    sizes = _sizes(snapshot)
    checked: dict[date, Status] = {}
    note = None
    if desk is not None:
        try:
            known = days_known(desk.landing, desk.warehouse)[-n_days:]
            checker = Checker(desk.landing, desk.warehouse, desk.settings, today)
            checker.look(known)
            checked = {day: checker.check(day) for day in known}
        except (NewsfoldError, OSError) as error:
            note = f"The landing zone could not be compared with: {error}"
    days = sorted({*checked, *(day for _, day in snapshot.files), *snapshot.torn})[-n_days:]
    return Health(
        publication=snapshot.publication,
        days=[_state(day, checked.get(day), snapshot, sizes.get(day, 0)) for day in days],
        sizes=[
            Count(name=c.name, n=sum(snapshot.size_bytes(c, day) for day in snapshot.days(c)))
            for c in PUBLISHED
        ],
        is_checked=bool(checked),
        note=note,
        begun=notes.begun(snapshot.library.warehouse),
        sources=[_source(one) for one in source_health.sources(snapshot.library.warehouse)],
    )


def _source(one: SourceHealth) -> SourceState:
    return SourceState(
        outlet=one.outlet,
        health=one.health,
        sentence=one.sentence,
        day=one.day,
        last_success_at=one.last_success_at,
        last_new_at=one.last_new_at,
        n_pages=one.n_pages,
        n_failed=one.n_failed,
        pages=[n for _, n in one.pages],
    )


def _state(day: date, status: Status | None, snapshot: Snapshot, size_bytes: int) -> DayState:
    if status is None:
        torn = snapshot.torn.get(day)
        state, reasons, n_articles = ("incomplete", [torn], None) if torn else ("published", [], None)
    else:
        state, reasons = str(status.state), list(map(str, status.reasons))
        n_articles = status.counts.get("n_articles")
    return DayState(day=day, state=state, reasons=reasons, n_articles=n_articles, size_bytes=size_bytes)


def _sizes(snapshot: Snapshot) -> dict[date, int]:
    """Bytes of the published files of each day."""
    found: dict[date, int] = {}
    for (_, day), entry in snapshot.files.items():
        found[day] = found.get(day, 0) + entry.size_bytes
    return found
