"""A warehouse at one moment, to read from: whole days only, each table pinned to the file that stood there.

Every answer is made from one snapshot. A day whose tables are of two runs (it is being replaced, or a run broke off) is left out of
it, so that no answer shows half a day. A file that is replaced while an answer is made ends that attempt, and the answer is
made again from the next snapshot.

The files are found by listing folders, manifests are read once per version, and the columns that lists need are kept in memory up
to a bound: a published day shows within a second, without a restart, and what did not change is not read again.
"""

import hashlib
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import TypeVar, cast

import pyarrow as pa
import pyarrow.compute as pc
from cachetools import LRUCache

from pipeline.model.contract import Contract, Row
from pipeline.model.days import days_among
from pipeline.model.errors import DamagedError, InputChangedError, MissingInputError
from pipeline.model.ids import day_of
from pipeline.model.tables import PUBLISHED, RUNS
from pipeline.search.find import Searcher
from pipeline.store import damage, layout, notes, parquet
from pipeline.store.cache import Recent
from pipeline.store.local import LocalStorage
from pipeline.store.manifest import Manifest, parse
from pipeline.store.readonly import ReadOnly
from pipeline.store.storage import ABSENT, Entry
from pipeline.store.warehouse import MISSING, Warehouse
from pipeline.upkeep import whole
from pipeline.upkeep.reasons import Reason, Why

log = logging.getLogger(__name__)

FRESH_SECONDS = 1.0  # how old a snapshot may be: a page asks for several answers
_KEPT_BYTES = 300 << 20  # columns for lists: those of 300,000 stories have 130 MB
_ANSWERS = 64  # that take long and are the same until something is published
_READERS = 16
_TRIES = 6
_PAUSE_SECONDS = 0.1

Result = TypeVar("Result")
Place = tuple[str, date]  # a table and a day


@dataclass(frozen=True)
class Seen:
    """What listing the folders showed, and the manifests: what `upkeep.whole` asks about."""

    files: Mapping[Place, Entry]
    manifests: Mapping[Place, Manifest]
    digest_of: Callable[[Contract, date, str, Manifest | None], str]

    def version(self, contract: Contract, day: date) -> str:
        entry = self.files.get((contract.name, day))
        return entry.version if entry else ABSENT

    def manifest(self, contract: Contract, day: date) -> Manifest | None:
        return self.manifests.get((contract.name, day))

    def digest(self, contract: Contract, day: date) -> str:
        version = self.version(contract, day)
        return (
            MISSING
            if version == ABSENT
            else self.digest_of(contract, day, version, self.manifest(contract, day))
        )


@dataclass(frozen=True)
class Snapshot:
    """The whole days of a warehouse; `torn` has those that are left out, each with the reason. `publication` names this very state."""

    library: "Library"
    files: Mapping[Place, Entry]
    torn: Mapping[date, str]
    publication: str
    digests: Mapping[Place, str]

    def digest(self, contract: Contract, day: date) -> str:
        """The digest of the rows of a table's day, or MISSING."""
        return self.digests.get((contract.name, day), MISSING)

    def days(self, contract: Contract) -> list[date]:
        """The whole days that the table has, oldest first."""
        return sorted(day for name, day in self.files if name == contract.name)

    def has(self, contract: Contract, day: date) -> bool:
        return (contract.name, day) in self.files

    def size_bytes(self, contract: Contract, day: date) -> int:
        entry = self.files.get((contract.name, day))
        return entry.size_bytes if entry else 0

    def refuse_torn(self, day: date) -> None:
        """Raise InputChangedError for a day that is not whole: whoever asks may come again soon."""
        if day in self.torn:
            raise InputChangedError(f"{day} is not whole: {self.torn[day]}")

    def read(
        self,
        contract: Contract,
        day: date,
        columns: Sequence[str] | None = None,
        where: pc.Expression | None = None,
    ) -> pa.Table:
        """Rows of one day, none where the table has no such day; raises InputChangedError where it was replaced since."""
        entry = self.files.get((contract.name, day))
        wanted = list(columns) if columns else contract.names
        if entry is None:
            return contract.empty().select(wanted)
        try:
            return self.library.warehouse.read(contract, day, wanted, where, entry.version)
        except DamagedError as error:
            self.library.leave_out(entry)
            raise InputChangedError(str(error)) from error
        except MissingInputError as error:
            raise InputChangedError(str(error)) from error

    def slim(self, contract: Contract, day: date, columns: Sequence[str]) -> pa.Table:
        """Columns of one day that are kept in memory: for lists, which go over many days."""
        entry = self.files.get((contract.name, day))
        if entry is None:
            return contract.empty().select(list(columns))
        key = entry.path, entry.version, tuple(columns)
        return self.library.kept(key, lambda: self.read(contract, day, columns))

    def scan(
        self,
        contract: Contract,
        days: Iterable[date],
        columns: Sequence[str],
        where: pc.Expression | None = None,
    ) -> Iterator[pa.Table]:
        """Slim columns of the days that the table has, a table a day."""
        for day in days:
            if self.has(contract, day):
                table = self.slim(contract, day, columns)
                yield table if where is None else table.filter(where)

    def rows(
        self, contract: Contract, ids: Iterable[str], columns: Sequence[str], key: str = "article_id"
    ) -> dict[str, Row]:
        """The rows with these ids, by id; each is looked up in the day that its id names."""
        by_day: dict[date, list[str]] = {}
        for one in ids:
            by_day.setdefault(day_of(one), []).append(one)
        wanted = list(dict.fromkeys((key, *columns)))
        found: dict[str, Row] = {}
        for day in sorted(by_day):
            for table in self.scan(contract, [day], wanted):
                some = table.filter(pc.is_in(table[key], pa.array(by_day[day], pa.string())))
                found |= {row[key]: row for row in some.to_pylist()}
        return found


class Library:
    """Hands out snapshots of one warehouse; safe for many threads."""

    def __init__(self, warehouse: Warehouse, clock: Callable[[], float] = time.monotonic) -> None:
        self._recent, self._kept = Recent(), Recent(_KEPT_BYTES, _KEPT_BYTES // 4)
        self.warehouse, self._clock = Warehouse(ReadOnly(warehouse.storage), self._recent), clock
        self._lock, self._made_at = threading.Lock(), 0.0
        self._snapshot: Snapshot | None = None
        self._damaged: set[tuple[str, str]] = set()
        self._manifests: dict[str, tuple[str, Manifest | None]] = {}
        self._digests: dict[tuple[str, str], str] = {}
        self._publication, self._answers_lock = "", threading.Lock()
        self._answers: LRUCache[tuple[object, ...], object] = LRUCache(_ANSWERS)
        folder = warehouse.storage.root if isinstance(warehouse.storage, LocalStorage) else None
        self.searcher = Searcher(self.warehouse.storage, folder)

    def snapshot(self, *, anew: bool = False) -> Snapshot:
        """The warehouse as it stood at most a second ago; with `anew`, now."""
        with self._lock:
            is_old = self._clock() - self._made_at > FRESH_SECONDS
            if self._snapshot is None or is_old or anew:
                self._snapshot = self._look()
                self._made_at = self._clock()
            return self._snapshot

    def answer(self, ask: Callable[[Snapshot], Result]) -> Result:
        """What `ask` makes of a snapshot; asked again with the next one where something was replaced meanwhile, or is being replaced."""
        for attempt in range(_TRIES):
            try:
                return ask(self.snapshot(anew=attempt > 0))
            except InputChangedError as error:
                if attempt == _TRIES - 1:
                    raise
                log.info("asked again: %s", error)
                time.sleep(_PAUSE_SECONDS * attempt)
        raise AssertionError("the last attempt returns or raises")

    def remembered(self, snapshot: Snapshot, key: tuple[object, ...], make: Callable[[], Result]) -> Result:
        """An answer that is made once for a publication: `key` says of what."""
        whole = snapshot.publication, *key
        with self._answers_lock:
            found = self._answers.get(whole)
        if found is None:
            found = make()
            with self._answers_lock:
                if snapshot.publication == self._publication:
                    self._answers[whole] = found
        return cast("Result", found)

    def leave_out(self, entry: Entry) -> None:
        """From the next snapshot on, the day of this file is not whole: the file proved to be damaged."""
        self._damaged.add((entry.path, entry.version))

    def kept(self, key: tuple[str, str, tuple[str, ...]], read: Callable[[], pa.Table]) -> pa.Table:
        """Columns of a file, by its path and version; read where they are not kept (any more)."""
        return self._kept.get(key, read)

    def _forget(self, files: Iterable[Entry], publication: str) -> None:
        """Keep nothing of files but these, and no answer of another publication: what is not published any more is not shown."""
        standing = {(entry.path, entry.version) for entry in files}
        self._kept.keep(lambda key: key[:2] in standing)
        self._recent.keep(lambda key: key[:2] in standing or key[0].startswith(layout.STATE))
        with self._answers_lock:
            if publication != self._publication:
                self._answers.clear()
                self._publication = publication

    def _look(self) -> Snapshot:
        """List the tables and the manifests, and leave out days that are not whole."""
        files = {place: entry for contract in PUBLISHED for place, entry in self._files(contract)}
        seen = Seen(files, self._read_manifests(), self._digest)
        retired = notes.retired_before(self.warehouse)
        torn = _torn(seen, retired)
        for (name, day), entry in files.items():
            if (entry.path, entry.version) in self._damaged:
                torn[day] = str(Why.DAMAGED.of(name))
        kept = {place: entry for place, entry in files.items() if place[1] not in torn}
        named = {c.name: c for c in PUBLISHED}
        digests = {(name, day): seen.digest(named[name], day) for name, day in kept}
        spelt = "\n".join(sorted(f"{name}/{day}/{digest}" for (name, day), digest in digests.items()))
        publication = hashlib.blake2b(spelt.encode(), digest_size=8).hexdigest()
        self._forget(kept.values(), publication)
        return Snapshot(self, kept, torn, publication, digests)

    def _files(self, contract: Contract) -> Iterator[tuple[Place, Entry]]:
        for entry in self.warehouse.storage.walk(layout.table(contract)):
            folder = entry.path.split("/")[-2]
            for day in days_among([folder]):
                if entry.path == layout.partition(contract, day):
                    yield (contract.name, day), entry

    def _read_manifests(self) -> dict[Place, Manifest]:
        """Every manifest of a published table; one that can't be read counts as missing."""
        listed = [
            (contract, day, entry)
            for contract in PUBLISHED
            for entry in self.warehouse.storage.walk(f"{layout.MANIFESTS}/{contract.name}")
            for day in days_among([entry.path.rpartition("/")[2].removesuffix(".json")])
        ]
        new = [one for one in listed if self._manifests.get(one[2].path, ("",))[0] != one[2].version]
        with ThreadPoolExecutor(_READERS) as pool:
            for (_, _, entry), manifest in zip(
                new, pool.map(lambda one: self._parsed(*one), new), strict=True
            ):
                self._manifests[entry.path] = entry.version, manifest
        known = ((contract.name, day, self._manifests[entry.path][1]) for contract, day, entry in listed)
        return {(name, day): manifest for name, day, manifest in known if manifest}

    def _parsed(self, contract: Contract, day: date, entry: Entry) -> Manifest | None:
        with damage.skipped():
            return parse(contract, day, self.warehouse.storage.read(entry.path))
        return None

    def _digest(self, contract: Contract, day: date, version: str, manifest: Manifest | None) -> str:
        """The digest of the rows; read from the file only where its manifest is of another file, as in a restored copy."""
        if manifest is not None and manifest.version == version:
            return manifest.digest
        key = layout.partition(contract, day), version
        if key not in self._digests:
            with damage.skipped(), self.warehouse.storage.open(*key) as source:
                self._digests[key] = parquet.digest(parquet.read(source))
        return self._digests.get(key, MISSING)


def _torn(seen: Seen, retired: date) -> dict[date, str]:
    """The days that are not whole, each with the reasons.

    Stories of a whole day may have a part of a day that is being replaced: they are shown as they were before it.
    """
    found = {day: list(_reasons(seen, day, retired)) for day in sorted({day for _, day in seen.files})}
    own = {day for day, reasons in found.items() if any(r.why is not Why.OLD_PART for r in reasons)}
    return {
        day: "; ".join(map(str, reasons))
        for day, reasons in found.items()
        if day in own or any(date.fromisoformat(reason.names[1]) not in own for reason in reasons)
    }


def _reasons(seen: Seen, day: date, retired: date) -> Iterator[Reason]:
    """Why a day is not whole. Of a day whose texts were retired, only the run can be asked."""
    run = seen.manifest(RUNS, day)
    if run is None or seen.digest(RUNS, day) == MISSING:
        yield Why.NO_RUN.of()
    elif day >= retired:
        yield from whole.broken(seen, run, day, PUBLISHED)
