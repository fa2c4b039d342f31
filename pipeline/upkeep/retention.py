"""Retention: the texts of old days go when a deployment says so; by default everything is kept.

What goes is what holds texts, or is made for comparing them: articles, links, rejects, lines and the state of the
window. Memberships, stories and runs stay, so that every id of a later day still leads somewhere, and so do manifests.

A retired day stays as it is for ever, and so does each day that reads one: neither can be made again. The mark
(`store.notes`) says up to where that is; it is written before anything is removed, and never moves back.
"""

import shlex
from collections.abc import Iterator
from datetime import date
from functools import partial
from itertools import islice

from pipeline.day.accounts import recorded_counts
from pipeline.model.days import days_among
from pipeline.model.errors import HeldError, SettingsError
from pipeline.model.internal_tables import BUCKETS, LINES, SIGNATURES, TERMS
from pipeline.model.tables import ARTICLES, LINKS, REJECTS, RUNS
from pipeline.settings import Settings
from pipeline.store import layout
from pipeline.store.notes import retired_before
from pipeline.store.storage import Leftover
from pipeline.store.warehouse import Warehouse

_TEXTS = (LINKS, REJECTS, LINES, SIGNATURES, BUCKETS, TERMS, ARTICLES)
_SHARE = 0.2  # of the days: a week of six is routine, more is a first retirement, or a slip
_WINDOWS = 3  # two that a day's run reads, and one in which late documents may still make days again


def due(warehouse: Warehouse, settings: Settings, keep_days: int, today: date) -> date:
    """The first day to keep, so that of the days before `today` the newest `keep_days` with documents stay.

    A day of the future, by a slip, and empty days push no real one out. Raises SettingsError when that is too few.
    """
    least = _WINDOWS * settings.window_days
    if keep_days < least:
        raise SettingsError(f"keep_days: {keep_days} is less than {_WINDOWS} windows, {least} days")
    over = (day for day in reversed(warehouse.days(RUNS)) if day < today)
    kept = list(islice((day for day in over if _had_documents(warehouse, day)), keep_days))
    wanted = kept[-1] if len(kept) == keep_days else date.min
    return max(wanted, retired_before(warehouse))


def refuse_most(warehouse: Warehouse, first: date, keep_days: int) -> None:
    """Raise HeldError when more than a fifth of the days that have their texts would lose them."""
    days = [day for day in warehouse.days(ARTICLES) if day >= retired_before(warehouse)]
    going = [day for day in days if day < first]
    if len(going) > _SHARE * len(days):
        raise HeldError(
            f"{warehouse.storage.uri}: the texts of {len(going)} of {len(days)} days would go, for good ({going[0]} to "
            f"{going[-1]}), which are more than a fifth; to take them all the same: newsfold retire --most --keep-days {keep_days} "
            f"--warehouse {shlex.quote(warehouse.storage.uri)}"
        )


def _had_documents(warehouse: Warehouse, day: date) -> bool:
    run = warehouse.manifest(RUNS, day)
    return bool(recorded_counts(run).get("n_raw"))


def texts_before(warehouse: Warehouse, first: date) -> Iterator[Leftover]:
    """Every file with texts of a day before `first`; articles last, by which a day is known to have any."""
    storage = warehouse.storage
    folders = [(c.name, layout.table(c)) for c in _TEXTS]
    for name, top in [("extracted", layout.EXTRACTED), *folders]:
        for day in days_among(storage.folders(top)):
            for entry in storage.walk(layout.in_day(top, day)) if day < first else ():
                what = f"{name} of {day}, retired: {entry.path}"
                yield Leftover(what, entry.size_bytes, partial(storage.delete, entry.path))
