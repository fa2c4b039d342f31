"""What `newsfold gc` removes: what crashed writers left, state that no run will read again, search indexes that fit nothing, locks that nobody
holds, empty folders; of the feed of changes, what is older than `keep_changes_days`.
Never a published table.

All of it can go at any time without changing a result: state that a run asks for after all is computed again.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from functools import partial

from pipeline.day import extract, segments
from pipeline.landing import files
from pipeline.model.contract import Contract
from pipeline.model.days import days_among
from pipeline.model.errors import MissingInputError
from pipeline.model.internal_tables import BUCKETS, INTERNAL, SIGNATURES, TERMS
from pipeline.model.tables import ARTICLES, MEMBERSHIPS, PUBLISHED, RUNS
from pipeline.search import files as search
from pipeline.settings import Settings
from pipeline.store import damage, layout
from pipeline.store.index import Index
from pipeline.store.local import LocalStorage
from pipeline.store.manifest import spelt
from pipeline.store.storage import Entry, Leftover, Storage
from pipeline.store.view import Glance
from pipeline.store.warehouse import Warehouse

# Large, and a function of published tables; lines and members are neither. Of each, for how many windows a day's is read: a
# story's memory reaches back one window more, and buckets, which earlier versions stored, are made of signatures when needed.
_STATE = {SIGNATURES: 1, TERMS: 2, BUCKETS: None}

_DAY_MILLISECONDS = 86_400_000


def leftovers(
    landing: Storage,
    warehouse: Warehouse,
    settings: Settings,
    min_age_seconds: float,
    today: date = date.max,
    heads: Index | None = None,
) -> Iterator[Leftover]:
    """Everything that can go. Only its age tells a leftover from a file that is being written.

    `heads` is the index of what extracted documents cover (`index_of_heads`): save it, and the next time only new ones are read.

    Raises MissingInputError when the landing zone has no document of a day that is over: then it is not known what is still needed.
    """
    over = (day for day in reversed(days_among(landing.folders(""))) if day < today)
    last = next((day for day in over if files.has_files(landing, day)), None)
    if last is None:
        raise MissingInputError(
            f"{landing.uri}: no folder day=YYYY-MM-DD with documents there; is this the landing zone?"
        )
    yield from warehouse.storage.leftovers(min_age_seconds)
    yield from _old_state(warehouse, settings, last)
    yield from _superseded_segments(landing, warehouse, settings, heads or index_of_heads(warehouse))
    yield from _unfitting_indexes(warehouse)
    yield from _changes(warehouse, settings, min_age_seconds)
    yield from _empty_folders(warehouse, min_age_seconds)


def _old_state(warehouse: Warehouse, settings: Settings, last: date) -> Iterator[Leftover]:
    """State of days so old that neither the newest day nor any later one reads it, or that no run reads at all."""
    for contract, n_windows in _STATE.items():
        needed_from = last - timedelta(days=n_windows * settings.window_days) if n_windows else date.max
        for day in warehouse.days(contract):
            if day < needed_from:
                yield from _state_of(warehouse, contract, day)
        for day in warehouse.days_noted(contract):
            if day < needed_from or not warehouse.has(contract, day):
                path = layout.manifest(contract, day)
                size_bytes = (
                    0 if (manifest := warehouse.manifest(contract, day)) is None else len(spelt(manifest))
                )
                what = f"manifest of {contract.name} of {day}, which no run reads: {path}"
                yield Leftover(what, size_bytes, partial(_remove_manifest, warehouse, contract, day))


def _remove_manifest(warehouse: Warehouse, contract: Contract, day: date) -> None:
    if not warehouse.has(contract, day):  # else a run made it again meanwhile
        warehouse.storage.delete(layout.manifest(contract, day))


def _state_of(warehouse: Warehouse, contract: Contract, day: date) -> Iterator[Leftover]:
    for entry in warehouse.storage.walk(layout.partition_folder(contract, day)):
        yield _leftover(
            warehouse.storage, f"{contract.name} of {day}, which no run reads", entry.path, entry.size_bytes
        )


def index_of_heads(warehouse: Warehouse) -> Index:
    """The index of what each segment of extracted documents covers."""
    return Index(warehouse.storage, layout.EXTRACTED)


def _superseded_segments(
    landing: Storage, warehouse: Warehouse, settings: Settings, heads: Index
) -> Iterator[Leftover]:
    """Extracted documents of files that the landing zone no longer has in that version, or made by other rules."""
    rules, stored = extract.rules_of(settings), segments.by_day(warehouse.storage)
    heads.load(stored)
    used: set[str] = set()
    for day, found in files.by_day(landing, stored):
        current = set(map(segments.file_version, found))
        covered = {e.path: _covered(warehouse.storage, heads, day, e, rules) for e in stored[day]}
        used |= {path for path, one in covered.items() if current & (one.files | one.partly)}
    for day, entries in sorted(stored.items()):
        for entry in sorted(entries):
            if entry.path not in used:
                what = f"extracted documents of {day} whose files were replaced or removed"
                yield _leftover(warehouse.storage, what, entry.path, entry.size_bytes)


def _covered(storage: Storage, heads: Index, day: date, segment: Entry, rules: str) -> segments.Covers:
    """What a segment covers, from the index or, where that does not know it in this version, from the segment."""
    with suppress(ValueError, LookupError):
        if known := heads.get(day, segment.path, segment.version):
            return segments.covered_by(known, rules)
    with damage.skipped(), storage.open(segment.path, segment.version) as handle:
        head = segments.head_of(handle)
        covered = segments.covered_by(head, rules)
        heads.put(day, segment.path, segment.version, head)
        return covered
    return segments.covers(storage, segment.path, rules)


def _unfitting_indexes(warehouse: Warehouse) -> Iterator[Leftover]:
    """Search indexes that were made from what is not published any more: nobody asks them."""
    standing, glance, of = search.standing(warehouse.storage), Glance(warehouse), (ARTICLES, MEMBERSHIPS)
    glance.look((contract, day) for day in standing for contract in of)
    for day, entries in sorted(standing.items()):
        made = search.made_from(*(glance.digest(contract, day) for contract in of))
        fits = search.fitting(entries, made)
        for entry in entries:
            if entry != fits:
                what = f"search index of {day}, which does not fit what is published"
                yield _leftover(warehouse.storage, what, entry.path, entry.size_bytes)


def _changes(warehouse: Warehouse, settings: Settings, min_age_seconds: float) -> Iterator[Leftover]:
    """Notes of publishers that were killed, of which the feed is told first; and files of the feed in which all is too old."""
    teller = warehouse.teller
    for path in teller.left_behind(min_age_seconds):
        yield Leftover(f"note of a publication that broke off: {path}", 0, partial(teller.clear, path))
    before = teller.feed.clock() - settings.keep_changes_days * _DAY_MILLISECONDS
    for first in teller.feed.outdated(before):
        what = f"changes from {first} on, older than {settings.keep_changes_days} days or cut off from later ones"
        yield _leftover(warehouse.storage, what, layout.changes(first), 0)


def _empty_folders(warehouse: Warehouse, min_age_seconds: float) -> Iterator[Leftover]:
    """Folders of days in which nothing stands any more. Of published tables only where the day's run stands: else a folder may be
    all that says that there was such a day.
    """
    storage = warehouse.storage
    if not isinstance(storage, LocalStorage):  # a bucket has none
        return
    for contract in (*PUBLISHED, *INTERNAL):
        for day in warehouse.days(contract):
            if not contract.published or (contract is not RUNS and warehouse.has(RUNS, day)):
                found = storage.emptied(layout.partition_folder(contract, day), min_age_seconds)
                yield from () if found is None else (found,)


def _leftover(storage: Storage, what: str, path: str, size_bytes: int) -> Leftover:
    return Leftover(f"{what}: {path}", size_bytes, lambda: storage.delete(path))
