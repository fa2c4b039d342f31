"""Retention: remove the texts of old days if a deployment asks for it; by default everything is kept.

This removes what holds texts or serves to find or compare them: articles, links, revisions, additions, rejects, lines, search indexes, the
state of the window, and pages of `story_report` that may quote such texts: those of retired days, of the window after them, and of any
later day that has a story which began on a retired one.
Memberships, stories, runs and manifests stay, so that every id of a later day still leads somewhere.

A retired day never changes again, nor does a day that reads one: neither can be made again. The mark (`store.notes`)
says which days are retired; it is written before anything is removed, and never moves back.
"""

import logging
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from itertools import islice, takewhile

from pipeline.day.accounts import noted
from pipeline.day.desk import PROGRAM
from pipeline.model.arrow import distinct, texts
from pipeline.model.changes_table import Cause
from pipeline.model.days import days_among, parse_day
from pipeline.model.errors import HeldError, MissingInputError, SettingsError
from pipeline.model.ids import day_of
from pipeline.model.internal_tables import BUCKETS, LINES, SIGNATURES, TERMS
from pipeline.model.tables import ADDITIONS, ARTICLES, LINKS, MEMBERSHIPS, REJECTS, REVISIONS, RUNS
from pipeline.settings import Settings
from pipeline.store import layout, notes
from pipeline.store.storage import Entry, Leftover, Storage
from pipeline.store.view import Glance
from pipeline.store.warehouse import Warehouse

log = logging.getLogger(__name__)

# What retirement removes; articles come last of them, since they show that a day still has texts.
TEXTS = (LINKS, REVISIONS, ADDITIONS, REJECTS, LINES, SIGNATURES, BUCKETS, TERMS, ARTICLES)
_SHARE = 0.2  # of the days: a week of six is routine; more is a first retirement or a slip
_WINDOWS = 3  # a run reads two, and in a third one late documents may still change days


def due(warehouse: Warehouse, settings: Settings, keep_days: int, today: date) -> date:
    """The first day to keep, so that of the days before `today` the newest `keep_days` with documents stay.

    Empty days, days that are not complete, and days of the future do not count. Raises SettingsError when `keep_days` is 0, which keeps all, or too few.
    """
    least = _WINDOWS * settings.window_days
    if not keep_days:
        raise SettingsError(
            f"keep_days: 0 keeps the texts of all days; say how many days keep theirs, at least {least}"
        )
    if keep_days < least:
        raise SettingsError(
            f"keep_days: {keep_days} is less than {_WINDOWS} windows, {least} days: keep at least these"
        )
    over, glance = [day for day in reversed(warehouse.days(RUNS)) if day < today], Glance(warehouse)
    glance.look((RUNS, day) for day in over)
    runs = ((day, noted(glance.manifest(RUNS, day))) for day in over)
    had_documents = (day for day, run in runs if run.counts.get("n_raw") and not run.so_far)
    kept = list(islice(had_documents, keep_days))
    wanted = kept[-1] if len(kept) == keep_days else date.min
    return max(wanted, notes.retired_before(warehouse))


def refuse_most(warehouse: Warehouse, first: date, keep_days: int, program: Sequence[str] = PROGRAM) -> None:
    """Raise HeldError when more than a fifth of the days that have their texts would lose them."""
    days = [day for day in warehouse.days(ARTICLES) if day >= notes.retired_before(warehouse)]
    going = [day for day in days if day < first]
    if len(going) > _SHARE * len(days):
        options = ("--most", "--keep-days", str(keep_days), "--warehouse", warehouse.storage.uri)
        raise HeldError(
            f"{warehouse.storage.uri}: the texts of {len(going)} of {len(days)} days would be removed for good ({going[0]} to "
            f"{going[-1]}), more than a fifth of them; to remove them anyway: {shlex.join([*program, 'retire', *options])}"
        )


def retire(warehouse: Warehouse, first: date, window_days: int) -> dict[str, int]:
    """Remove every file with texts of a day before `first`, for good; returns how many `files` and `bytes` went.

    Each file is looked for after those before it went, and a day's while nobody else changes the day: who publishes or strikes it
    meanwhile would put back what goes. The feed of changes is told of all of it at the end.
    """
    storage, gone = warehouse.storage, Counter[str](files=0, bytes=0)
    notes.mark(warehouse, first)
    going = [
        (c.name, day) for c in TEXTS if c.published for day in takewhile(first.__gt__, warehouse.days(c))
    ]
    lock = layout.RETIREMENT_LOCK
    with storage.lock(lock), warehouse.teller.session(Cause.RETIREMENT, going, lock):
        for day, tops in _days_before(storage, first):
            with storage.lock(layout.run_lock(day)):
                _remove(_texts_of(warehouse, day, tops), gone)
        _remove(_pages_before(warehouse, first, window_days), gone)
    return dict(gone)


def _remove(found: Iterable[Leftover], gone: "Counter[str]") -> None:
    for one in found:
        log.info("removing bytes=%d %s", one.size_bytes, one.what)
        one.remove()
        gone.update(files=1, bytes=one.size_bytes)


def texts_before(warehouse: Warehouse, first: date, window_days: int) -> Iterator[Leftover]:
    """Every file with texts of a day before `first`, in the order in which they go.

    Pages come after the tables that they were made from: who is writing one looks at these again when it stands.
    """
    for day, tops in _days_before(warehouse.storage, first):
        yield from _texts_of(warehouse, day, tops)
    yield from _pages_before(warehouse, first, window_days)


_Tops = list[tuple[str, str]]  # what is kept of a day, by name, and the folder that has it of all days


def _days_before(storage: Storage, first: date) -> list[tuple[date, _Tops]]:
    """The days before `first` that have something that holds texts, oldest first."""
    tops = [
        ("extracted", layout.EXTRACTED),
        ("search index", layout.SEARCH),
        *((c.name, layout.table(c)) for c in TEXTS),
    ]
    found: dict[date, _Tops] = {}
    for name, top in tops:
        for day in takewhile(first.__gt__, days_among(storage.folders(top))):
            found.setdefault(day, []).append((name, top))
    return sorted(found.items())


def _texts_of(warehouse: Warehouse, day: date, tops: _Tops) -> Iterator[Leftover]:
    storage, published = warehouse.storage, {layout.partition(c, day): c for c in TEXTS if c.published}
    for name, top in tops:
        for entry in storage.walk(layout.in_day(top, day)):
            contract = published.get(entry.path)
            remove = (
                partial(warehouse.remove, contract, day) if contract else partial(storage.delete, entry.path)
            )
            yield Leftover(f"{name} of {day}, retired: {entry.path}", entry.size_bytes, remove)


def _pages_before(warehouse: Warehouse, first: date, window_days: int) -> Iterator[Leftover]:
    storage = warehouse.storage
    for day, entry in _pages(storage):
        if day < first + timedelta(days=window_days) or _has_story_before(warehouse, day, first):
            what = f"page of {day}, may quote retired texts: {entry.path}"
            yield Leftover(what, entry.size_bytes, partial(storage.delete, entry.path))


def _pages(storage: Storage) -> list[tuple[date, Entry]]:
    found = [
        (entry.path.rpartition("/")[2].partition(".")[0], entry) for entry in storage.walk(layout.REPORTS)
    ]
    return [(day, entry) for name, entry in sorted(found) if (day := parse_day(name))]


def _has_story_before(warehouse: Warehouse, day: date, first: date) -> bool:
    """Whether an article of the day is in a story that began before `first`: its page shows that story whole. Also where that can't be told."""
    try:
        stories = distinct(warehouse.read(MEMBERSHIPS, day, ["story_id"])["story_id"])
    except MissingInputError:
        return True
    return any(day_of(story) < first for story in texts(stories))
