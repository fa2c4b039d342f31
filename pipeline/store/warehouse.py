"""The tables of a warehouse by day: how a day is read, and how it is replaced. `store.layout` says where each stands.

A table has one file a day, under one fixed name, replaced at once: a reader sees the old day or the new one.
"""

import logging
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from datetime import date
from functools import cache, partial
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.model.changes_table import Op
from pipeline.model.contract import VERSION, Contract, form_of
from pipeline.model.days import days_among
from pipeline.model.errors import (
    DamagedError,
    InputChangedError,
    MissingInputError,
    OvertakenError,
    PublishError,
)
from pipeline.model.tables import PUBLISHED
from pipeline.store import damage, layout, parquet
from pipeline.store.ahead import NOTHING_AHEAD, MadeAhead
from pipeline.store.cache import Recent
from pipeline.store.difference import columns_of
from pipeline.store.feed import whole
from pipeline.store.index import Index
from pipeline.store.manifest import (
    Hashed,
    Manifest,
    Published,
    Standing,
    digest_of,
    parse,
    refuse_other_bytes,
    spelt,
)
from pipeline.store.storage import ABSENT, Storage, filler
from pipeline.store.telling import Teller, changed_rows

log = logging.getLogger(__name__)

MISSING = "missing"  # the digest of a partition that is not there, or damaged
DOUBTED = "doubted"  # the version in a manifest whose file has proved to be damaged: no file has it
_TRIES = 5  # how often to look again at a partition that is replaced while it is read


class Warehouse:
    """The tables of one warehouse, by contract and day."""

    def __init__(self, storage: Storage, recent: Recent | None = None) -> None:
        """`recent` keeps small tables that were read."""
        self.storage = storage
        self._recent = recent or Recent()
        self.teller = Teller(storage, self.digest)
        self._told: set[str] = set()
        self._written: dict[tuple[str, date], tuple[str, bytes]] = {}

    def path(self, contract: Contract, day: date) -> str:
        return layout.partition(contract, day)

    def days(self, contract: Contract) -> list[date]:
        """The days that the table has, oldest first."""
        return days_among(self.storage.folders(layout.table(contract)))

    def days_noted(self, contract: Contract) -> list[date]:
        """The days that have a manifest of the table, oldest first, whether the table is there or not."""
        folder = layout.manifests(contract)
        files = (entry.path.rpartition("/")[2] for entry in self.storage.walk(folder))
        return days_among(name.removesuffix(".json") for name in (*files, *self.storage.folders(folder)))

    def has(self, contract: Contract, day: date) -> bool:
        return self.version(contract, day) != ABSENT

    def version(self, contract: Contract, day: date) -> str:
        """The version of the partition's file, or ABSENT."""
        return self.storage.version(self.path(contract, day))

    def read(
        self,
        contract: Contract,
        day: date,
        columns: list[str] | None = None,
        where: pc.Expression | None = None,
        version: str | None = None,
    ) -> pa.Table:
        """The rows of one day; raises MissingInputError when the day is not there, DamagedError when its file is damaged, and
        InputChangedError when it is not (any more) that version, unless that version was read before and is small.
        """
        path = self.path(contract, day)
        if version is not None and where is None:
            key = path, version, None if columns is None else tuple(columns)
            return self._recent.get(key, lambda: self._read(contract, day, columns, where, version))
        return self._read(contract, day, columns, where, version)

    def _read(
        self,
        contract: Contract,
        day: date,
        columns: list[str] | None,
        where: pc.Expression | None,
        version: str | None,
    ) -> pa.Table:
        try:
            with self._opened(contract, day, version) as source:
                return parquet.adopt(contract, source, columns, where)
        except FileNotFoundError:
            raise MissingInputError(f"{self.storage.uri}: no {contract.name} for {day}") from None

    @contextmanager
    def _opened(self, contract: Contract, day: date, version: str | None = None) -> Iterator[BinaryIO]:
        """The partition's file. Where it proves to be damaged, its manifest takes back that it is known, so that `status` sees it."""
        path = self.path(contract, day)
        try:
            with damage.named(self.storage, path), self.storage.open(path, version) as source:
                yield source
        except DamagedError as error:
            self.doubt(contract, day, version)
            if error.__cause__ and self.digest(contract, day) != MISSING:
                raise error.__cause__ from None  # it is whole: the store failed for a moment
            raise DamagedError(f"{contract.name} of {day}: {error}") from error

    def n_groups(self, contract: Contract, day: date, version: str) -> int:
        """How many row groups the partition's file has in that version."""
        with self._opened(contract, day, version) as source:
            return parquet.n_groups(source)

    def read_group(self, contract: Contract, day: date, version: str, n: int) -> pa.Table:
        """One row group of the partition; raises InputChangedError when it is not that version any more, as `read` does."""

        def read() -> pa.Table:
            with self._opened(contract, day, version) as source:
                return contract.conform(parquet.read_group(source, n))

        return self._recent.get((self.path(contract, day), version, n), read)

    def pieces(self, contract: Contract, day: date, version: str, n_rows: int) -> Iterator[pa.Table]:
        """The rows of the partition, so many at a time, each read when it is asked for. Raises as `read_group` does."""
        with self._opened(contract, day, version) as source:
            yield from map(contract.conform, parquet.pieces(source, n_rows))

    def scan(
        self,
        contract: Contract,
        days: Iterable[date],
        columns: list[str] | None = None,
        where: pc.Expression | None = None,
    ) -> Iterator[pa.Table]:
        """The rows of each of the days that is there and not damaged, a table a day."""
        for day in days:
            if self.has(contract, day):
                try:
                    yield self.read(contract, day, columns, where)
                except DamagedError as error:
                    log.warning("passed over: %s", error)

    def manifest(self, contract: Contract, day: date) -> Manifest | None:
        """The manifest that was last written; it may be older than the file, see `standing`. A damaged one counts as missing."""
        try:
            return self.read_manifest(contract, day)
        except DamagedError as error:
            self._warn(str(error))
            return None

    def read_manifest(self, contract: Contract, day: date) -> Manifest | None:
        """As `manifest`; raises DamagedError where what stands there can't be read."""
        path = layout.manifest(contract, day)

        def look() -> Manifest:
            with damage.named(self.storage, path):
                return parse(contract, day, self.storage.read(path))

        try:
            return damage.twice(look)
        except FileNotFoundError:
            return None

    def _warn(self, text: str) -> None:
        """Once each: one damaged file is met many times in a run."""
        if text not in self._told:
            self._told.add(text)
            log.warning("%s", text)

    def digest(self, contract: Contract, day: date) -> str:
        """The digest of what stands there now, or MISSING."""
        return self.standing(contract, day).digest

    def standing(self, contract: Contract, day: date, *, confirm: bool = False) -> Standing:
        """What stands there now; read from the manifest when that is about this very file, else from the rows.

        With `confirm`, a manifest that is about the same rows in a file of another version (a copy, say) takes that version, so
        that nobody has to read them for that again.
        """
        for _ in range(_TRIES):
            version = self.version(contract, day)
            if version == ABSENT:
                return Standing(MISSING, ABSENT)
            manifest = self.manifest(contract, day)
            if manifest is not None and manifest.version == version:
                return Standing(manifest.digest, version, manifest.form, manifest.notes, is_known=True)
            try:
                found = self._look_into(contract, day, version, manifest)
            except (InputChangedError, FileNotFoundError):
                continue
            if manifest is None or not _are_one(manifest, found):
                return found
            if confirm:
                self.amend(contract, day, manifest, version=version)
            return replace(found, notes=manifest.notes, is_known=True)
        raise InputChangedError(
            f"{self.storage.uri}: {contract.name} of {day} is being replaced all the time"
        )

    def _look_into(self, contract: Contract, day: date, version: str, manifest: Manifest | None) -> Standing:
        path = self.path(contract, day)

        def look() -> Standing:
            with damage.named(self.storage, path), self.storage.open(path, version) as source:
                rows = parquet.read(source)
                digest = parquet.digest(rows)
                if manifest is not None and manifest.digest == digest:
                    refuse_other_bytes(source, manifest.bytes_digest)
            return Standing(digest, version, form_of(rows.schema))

        try:
            return damage.twice(look)
        except DamagedError as error:
            self._warn(f"{contract.name} of {day} counts as missing: {error}")
            return Standing(MISSING, version)

    def doubt(self, contract: Contract, day: date, version: str | None = None) -> None:
        """Take back that a file is known by its version: it is damaged. From now on whoever asks looks into it."""
        manifest = self.manifest(contract, day)
        if manifest is not None and manifest.version == (version or self.version(contract, day)):
            self.amend(contract, day, manifest, version=DOUBTED)

    def amend(self, contract: Contract, day: date, manifest: Manifest, **changes: Any) -> None:
        """Replace fields of a manifest, unless another run has replaced the manifest meanwhile.

        Who may not write here leaves it as it is: then it costs a reading more.
        """
        path = layout.manifest(contract, day)
        try:
            standing = self.storage.version(path)
            if self.manifest(contract, day) == manifest:
                self._write(contract, day, replace(manifest, **changes), standing)
        except PublishError as error:
            log.info("%s of %s: its manifest was left as it is: %s", contract.name, day, error)

    def publish(
        self,
        contract: Contract,
        day: date,
        table: pa.Table,
        inputs: dict[str, str] | None = None,
        notes: dict[str, Any] | None = None,
        base: str | None = None,
        ahead: MadeAhead = NOTHING_AHEAD,
    ) -> Published:
        """Make `table` the day's partition: sorted, checked, replaced at once; the same rows under the same schema touch no file.

        With `base`, what is replaced must be of that version; `ahead` is what was made of the arranged
        table before. Raises OvertakenError when somebody else replaced it.
        """
        arranged = contract.arrange(table)
        digest = ahead.digest or parquet.digest(arranged)
        standing = self.standing(contract, day, confirm=True)
        version = standing.version
        changed = (standing.digest, standing.form) != (digest, contract.form)
        if changed:
            if base not in {None, version}:
                raise OvertakenError(late(self.storage.uri, contract, day))
            with self._telling(contract, day, standing, arranged, digest):
                file = Hashed(ahead.write or partial(parquet.write, contract, arranged))
                version, of_bytes = self._replace(contract, day, file, version, base)
        else:
            known = self.manifest(contract, day)
            is_known = known is not None and known.version == version
            of_bytes = (
                known.bytes_digest if known and is_known else self._bytes_digest(contract, day, version)
            )
        place, said = (contract.name, str(day)), (inputs or {}, notes or {})
        made = Manifest(*place, digest, arranged.num_rows, version, VERSION, *said, of_bytes, contract.form)
        self.note(contract, day, made)
        return Published(digest, changed)

    def _telling(
        self, contract: Contract, day: date, standing: Standing, rows: pa.Table, digest: str
    ) -> AbstractContextManager[None]:
        """Around a replacement: the feed of changes is told of it, if readers can see it."""
        if contract not in PUBLISHED or standing.digest == digest:
            return nullcontext()
        before = None if standing.digest == MISSING else standing.digest
        # All columns are asked for as None: a run that began with this version has read it so.
        columns = None if (names := columns_of(contract)) == contract.names else names
        read = partial(self.read, contract, day, columns, None, standing.version)
        told = read if before and standing.is_known else None
        changed = partial(changed_rows, contract, before, digest, told, rows)
        return self.teller.replacing((contract.name, day), standing.version, changed)

    def remove(self, contract: Contract, day: date) -> None:
        """Remove a partition's file, if there is one."""
        version, gone = self.version(contract, day), partial(whole, Op.DELETE, None, None)
        telling = self.teller.replacing((contract.name, day), version, gone)
        if version != ABSENT:
            with telling if contract in PUBLISHED else nullcontext():
                self.storage.delete(self.path(contract, day))

    def _replace(
        self, contract: Contract, day: date, file: Hashed, version: str, base: str | None
    ) -> tuple[str, str]:
        """Replace what stands; without a base (state, which `gc` may remove meanwhile), also where nothing stands any more.

        Returns the new version, and the digest of the bytes.
        """
        path = self.path(contract, day)
        try:
            return self.storage.replace(path, file.fill, expected=version), file.digest
        except OvertakenError:
            if base is not None or self.version(contract, day) != ABSENT:
                raise
            return self.storage.replace(path, file.fill, expected=ABSENT), file.digest

    def _bytes_digest(self, contract: Contract, day: date, version: str) -> str:
        with self.storage.open(self.path(contract, day), version) as source:
            return digest_of(source)

    def versions_on(self, contract: Contract, days: Iterable[date]) -> dict[date, str]:
        """The version of the table's partition on each of these days, or ABSENT."""
        paths = {day: self.path(contract, day) for day in days}
        found = self.storage.versions(paths.values())
        return {day: found[path] for day, path in paths.items()}

    def manifest_versions_on(self, contract: Contract, days: Iterable[date]) -> dict[date, str]:
        """The version of the manifest of the table's partition on each of these days, or ABSENT."""
        paths = {day: layout.manifest(contract, day) for day in days}
        found = self.storage.versions(paths.values())
        return {day: found[path] for day, path in paths.items()}

    def versions(self, contracts: Iterable[Contract], day: date) -> dict[str, str]:
        """The version of each table's partition now; a run keeps it so that it replaces nothing that came after."""
        return {contract.name: self.version(contract, day) for contract in contracts}

    def annotate(self, contract: Contract, day: date, notes: dict[str, Any]) -> None:
        """Replace the notes of a manifest that stands."""
        manifest = self.manifest(contract, day)
        if manifest is None:
            raise MissingInputError(f"{self.storage.uri}: no manifest of {contract.name} for {day}")
        self.note(contract, day, replace(manifest, notes=notes))

    def note(self, contract: Contract, day: date, manifest: Manifest) -> None:
        """Write a manifest, unless it stands there already."""
        if self.manifest(contract, day) != manifest:
            self._write(contract, day, manifest)

    def _write(self, contract: Contract, day: date, manifest: Manifest, expected: str | None = None) -> None:
        text = spelt(manifest)
        version = self.storage.replace(layout.manifest(contract, day), filler(text), expected)
        self._written[contract.name, day] = version, text

    def index_written(self, contracts: Iterable[Contract], index: Index | None = None) -> None:
        """Add the manifests of these tables that were written here since the last time to their index, and save it."""
        index, written = index or Index(self.storage, layout.MANIFESTS), self._written
        self._written = {}
        for contract in contracts:
            for (name, day), (version, text) in written.items():
                if name == contract.name:
                    index.put(day, layout.manifest(contract, day), version, text)
        index.save()

    def lock(self, contract: Contract, day: date) -> AbstractContextManager[None]:
        """Hold the partition against other publishers."""
        return self.storage.lock(layout.partition_lock(contract, day))


@cache
def empty_digest(name: str) -> str:
    """The digest of a table without rows."""
    from pipeline.model.internal_tables import BY_NAME

    return parquet.digest(BY_NAME[name].empty())


def _are_one(manifest: Manifest, found: Standing) -> bool:
    return manifest.digest == found.digest and manifest.form in {"", found.form}


def late(uri: str, contract: Contract, day: date) -> str:
    """What is said of a partition that somebody else replaced."""
    return (
        f"{uri}: {contract.name} of {day} was published by another run since this one began; "
        "nothing was replaced, run the day again"
    )
