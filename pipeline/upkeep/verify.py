"""Verify: every file of a warehouse is read again and compared with its manifest.

`status` opens no table: a file whose version is the one that its manifest names is taken as it was written. A bit that
flipped on the disk changes no version, and is found here. What is found is noted where `status` and `repair` see it: the manifest
takes back that it knows the file. A file that is whole in another version than its manifest says (a copy, say) is known from then on.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Any

from pipeline.day import inputs, segments
from pipeline.model.changes_table import CHANGES
from pipeline.model.contract import Contract
from pipeline.model.errors import DamagedError, InputChangedError, MissingInputError, PublishError
from pipeline.model.internal_tables import EXTRACTED, SIGNATURES, TERMS
from pipeline.model.tables import RUNS, STORIES
from pipeline.search import files as search
from pipeline.store import damage, layout, notes, parquet
from pipeline.store.index import Index
from pipeline.store.manifest import Manifest, digest_of, refuse_other_bytes
from pipeline.store.storage import ABSENT, Entry, Storage
from pipeline.store.warehouse import Warehouse
from pipeline.upkeep.retention import TEXTS

log = logging.getLogger(__name__)

_READERS = 4  # files at once: a disk or a store gives no more, and each may hold a day in memory where its bytes are others
_TRIES = 5  # how often to look again at what is replaced meanwhile
_DERIVED = (SIGNATURES, TERMS)  # a run computes them again where they are not there; `gc` removes them


class Fault(StrEnum):
    DAMAGED = "damaged"  # it can't be read, or has other bytes than were written
    MISSING = "missing"
    DIFFERS = "differs"  # it can be read, and has other rows than its manifest says: a run broke off, or somebody replaced it


@dataclass(frozen=True)
class Finding:
    """One file that is not as it was written: its table (or `extracted`, `notes`), its day if it has one, and what is wrong."""

    table: str
    day: date | None
    path: str
    fault: Fault
    detail: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


_Job = Callable[[], Finding | None]


def verify(
    warehouse: Warehouse, days: Sequence[date] = (), watch: Callable[[int, int], None] = lambda _n, _of: None
) -> Iterator[Finding]:
    """Read the files of these days, or of all days, and yield what is wrong; `watch` is told how many of how many are read.

    Damaged state that runs compute again is noted, and the next repair removes it. Raises MissingInputError for a day of which
    nothing is there, PublishError where the store does not answer.
    """
    jobs = [*_jobs_of_tables(warehouse, days), *_jobs_of_segments(warehouse, days)]
    known = {day for day, _ in jobs}
    jobs += _jobs_of_indexes(warehouse, days)
    if lacking := sorted(set(days) - known):
        raise MissingInputError(
            f"{warehouse.storage.uri}: nothing of {', '.join(map(str, lacking))} is there"
        )
    yield from _of_notes(warehouse, days)
    yield from () if days else _of_feed(warehouse)
    derived: dict[str, str] = {}
    pool = ThreadPoolExecutor(_READERS)
    try:
        for n, found in enumerate(pool.map(lambda job: job[1](), jobs), 1):
            watch(n, len(jobs))
            if found is not None:
                yield found
                derived |= _derived(warehouse.storage, found)
    finally:
        pool.shutdown(cancel_futures=True)
    warehouse.index_written((*inputs.OWN, STORIES))
    if derived:
        with suppress(PublishError):  # who may not write here has named it
            notes.note_damaged_state(warehouse, derived)


def _derived(storage: Storage, found: Finding) -> dict[str, str]:
    """What was found, with its version, if it is state that runs compute again; a table whose manifest is no good is of no use, too."""
    tables = {contract.name: contract for contract in _DERIVED}
    paths = [found.path] if found.table in {EXTRACTED.name, *tables} else []
    if found.day is not None and found.table in tables:
        paths.append(layout.partition(tables[found.table], found.day))
    versions = {path: storage.version(path) for path in paths}
    return {path: version for path, version in versions.items() if version != ABSENT}


def _of_notes(warehouse: Warehouse, days: Sequence[date]) -> Iterator[Finding]:
    for path, day, what in notes.unreadable(warehouse):
        if not days or day in days:
            yield Finding("notes", day, path, Fault.DAMAGED, f"it can't be read; {what}")


def _of_feed(warehouse: Warehouse) -> Iterator[Finding]:
    """What is wrong with the feed of changes: who follows it is told to load everything, and `gc` removes what nobody reaches."""
    for path, is_damaged, what in warehouse.teller.feed.broken():
        yield Finding(CHANGES.name, None, path, Fault.DAMAGED if is_damaged else Fault.MISSING, what)


# --- tables ---------------------------------------------------------------------------------------------------------


def _jobs_of_tables(warehouse: Warehouse, days: Sequence[date]) -> Iterator[tuple[date, _Job]]:
    """A reading of each partition that stands, that has a manifest, or that a completed run must have made."""
    retired, runs = notes.retired_before(warehouse), set(warehouse.days_noted(RUNS))
    for contract in (*inputs.OWN, STORIES, *_DERIVED):
        known = {*warehouse.days(contract), *warehouse.days_noted(contract)}
        if contract not in _DERIVED:
            known |= runs
        for day in sorted(known):
            if not days or day in days:
                may_lack = contract in _DERIVED or (contract in TEXTS and day < retired)
                yield day, partial(_look, warehouse, contract, day, may_lack=may_lack)


def _look(warehouse: Warehouse, contract: Contract, day: date, *, may_lack: bool) -> Finding | None:
    """What is wrong with a partition; what seems to be in the middle of a publication is looked at again when that is over."""
    for n in range(_TRIES):
        with suppress(FileNotFoundError, InputChangedError), ExitStack() as held:
            if n:
                _wait(warehouse, contract, day, held)
            found = _look_once(warehouse, contract, day, may_lack=may_lack)
            if found is None or n:
                return found
    raise InputChangedError(
        f"{warehouse.storage.uri}: {contract.name} of {day} is being replaced all the time"
    )


def _wait(warehouse: Warehouse, contract: Contract, day: date, held: ExitStack) -> None:
    """Hold the lock of those who replace the partition; who may not write here goes on without."""
    name = layout.partition_lock(contract, day) if contract is STORIES else layout.run_lock(day)
    with suppress(PublishError):
        held.enter_context(warehouse.storage.lock(name))


def _look_once(warehouse: Warehouse, contract: Contract, day: date, *, may_lack: bool) -> Finding | None:
    say = partial(Finding, contract.name, day)
    path, version = warehouse.path(contract, day), warehouse.version(contract, day)
    try:
        manifest = warehouse.read_manifest(contract, day)
    except DamagedError as error:
        Index(warehouse.storage, layout.MANIFESTS).drop(day)  # the index may have it as it was
        return say(layout.manifest(contract, day), Fault.DAMAGED, why(error))
    if version == ABSENT:
        is_lacking = not may_lack and (manifest is not None or _is_due(warehouse, contract, day))
        return say(path, Fault.MISSING, "it is not there, and a run made it") if is_lacking else None
    if manifest is None:
        return say(layout.manifest(contract, day), Fault.MISSING, "its table stands there without it")
    if wrong := compare(warehouse, contract, day, manifest, version):
        warehouse.doubt(contract, day, version)
        return say(path, *wrong)
    if manifest.version != version:
        warehouse.amend(contract, day, manifest, version=version)
    return None


def _is_due(warehouse: Warehouse, contract: Contract, day: date) -> bool:
    """Whether the day's completed run made the table."""
    run = warehouse.manifest(RUNS, day)
    return run is not None and inputs.makes(run.inputs, contract)


def compare(
    warehouse: Warehouse, contract: Contract, day: date, manifest: Manifest, version: str
) -> tuple[Fault, str] | None:
    """What is wrong with a file; the bytes of one that is whole are read once, and not parsed."""
    path = warehouse.path(contract, day)
    try:
        with damage.named(warehouse.storage, path), warehouse.storage.open(path, version) as source:
            if manifest.bytes_digest and digest_of(source) == manifest.bytes_digest:
                return None
            source.seek(0)
            rows = parquet.read(source)
            if parquet.digest(rows) != manifest.digest:
                return (
                    Fault.DIFFERS,
                    f"{rows.num_rows:,} rows, other than the {manifest.n_rows:,} of its manifest",
                )
            refuse_other_bytes(source, manifest.bytes_digest)
    except DamagedError as error:
        return Fault.DAMAGED, why(error)
    return None


def why(error: DamagedError) -> str:
    """What is wrong with a damaged file, in a line."""
    cause = error.__cause__
    return " ".join(str(cause).split())[:200] or type(cause).__name__


# --- search indexes -------------------------------------------------------------------------------------------------


def _jobs_of_indexes(warehouse: Warehouse, days: Sequence[date]) -> Iterator[tuple[date, _Job]]:
    for day, entries in sorted(search.standing(warehouse.storage, days or None).items()):
        yield from ((day, partial(_look_at_index, warehouse.storage, entry)) for entry in entries)


def _look_at_index(storage: Storage, index: Entry) -> None:
    """Remove a search index that has other bytes than were written: nothing is lost, so it is no finding."""
    with suppress(FileNotFoundError):
        try:
            with damage.named(storage, index.path):
                is_whole = search.is_whole(storage, index)
        except DamagedError:
            is_whole = False
        if not is_whole:
            log.warning(
                "%s: %s is damaged (only an index: newsfold index makes it again)", storage.uri, index.path
            )
            with suppress(PublishError, OSError):  # who may not write here has said so
                storage.delete(index.path)


# --- extracted documents --------------------------------------------------------------------------------------------


def _jobs_of_segments(warehouse: Warehouse, days: Sequence[date]) -> Iterator[tuple[date, _Job]]:
    storage = warehouse.storage
    for day in segments.days_stored(storage):
        if not days or day in days:
            stands = [*segments.segments_of(storage, day), *_folders_among_segments(storage, day)]
            yield from ((day, partial(_look_at_segment, warehouse, day, one)) for one in stands)


def _folders_among_segments(storage: Storage, day: date) -> Iterator[Entry]:
    for name in storage.folders(layout.in_day(layout.EXTRACTED, day)):
        path = f"{layout.in_day(layout.EXTRACTED, day)}/{name}"
        yield Entry(path, 0, storage.version(path))


def _look_at_segment(warehouse: Warehouse, day: date, segment: Entry) -> Finding | None:
    with suppress(FileNotFoundError, InputChangedError):  # it was removed or made again meanwhile
        try:
            segments.refuse_damaged(warehouse.storage, day, segment)
        except DamagedError as error:
            return Finding(EXTRACTED.name, day, segment.path, Fault.DAMAGED, why(error))
    return None
