"""A warehouse at one moment: partitions pinned as they stood when a run looked, manifests read once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.model.contract import Contract
from pipeline.model.errors import InputChangedError, MissingInputError
from pipeline.store import layout
from pipeline.store.index import Index
from pipeline.store.manifest import Manifest, parse
from pipeline.store.storage import ABSENT
from pipeline.store.warehouse import MISSING, Warehouse, empty_digest

_READERS = 32  # requests at once to a store that answers each after milliseconds


class Glance:
    """A warehouse as it was when each thing was first looked at: versions, manifests, digests, each asked for once."""

    def __init__(self, warehouse: Warehouse, *, confirm: bool = False) -> None:
        self.warehouse, self._confirm = warehouse, confirm
        self._versions: dict[tuple[str, date], str] = {}
        self._manifests: dict[tuple[str, date], Manifest | None] = {}
        self._digests: dict[tuple[str, date], str] = {}
        self._texts: dict[tuple[str, date], bytes] = {}  # of manifests that are not parsed yet
        self._index = Index(warehouse.storage, layout.MANIFESTS)
        self._looked_at: set[Contract] = set()

    def look(self, names: Iterable[tuple[Contract, date]]) -> None:
        """Look at many partitions at once, for a store that is slow to answer: by listings of their folders, and by the index of
        their manifests.
        """
        wanted: dict[Contract, set[date]] = defaultdict(set)
        for contract, day in names:
            wanted[contract].add(day)
        self._looked_at |= wanted.keys()
        self._index.load(set().union(*wanted.values()))
        with ThreadPoolExecutor(_READERS) as pool:
            unknown = [name for found in pool.map(self._list, wanted, wanted.values()) for name in found]
            # A share each: handing out one by one costs more than a look.
            list(pool.map(self._read, [unknown[n::_READERS] for n in range(_READERS)]))

    def _list(self, contract: Contract, days: set[date]) -> list[tuple[Contract, date, str]]:
        """Note the versions of a table and what the index knows of its manifests; returns the manifests that it does not know."""
        for day, version in self.warehouse.versions_on(contract, days).items():
            self._versions[contract.name, day] = version
        unknown = []
        for day, version in self.warehouse.manifest_versions_on(contract, days).items():
            if version == ABSENT:
                self._manifests[contract.name, day] = None
            elif text := self._index.get(day, layout.manifest(contract, day), version):
                self._texts[contract.name, day] = text
            else:
                unknown.append((contract, day, version))
        return unknown

    def _read(self, manifests: Sequence[tuple[Contract, date, str]]) -> None:
        """Read manifests; with `confirm`, note for the index those that are still of these versions."""
        for contract, day, version in manifests:
            if self._confirm:
                with suppress(OSError, InputChangedError):  # `manifest` looks again, and says what it finds
                    self._texts[contract.name, day] = self._text(contract, day, version)
            self.manifest(contract, day)

    def _text(self, contract: Contract, day: date, version: str) -> bytes:
        path = layout.manifest(contract, day)
        with self.warehouse.storage.open(path, version) as source:
            text = source.read()
        self._index.put(day, path, version, text)
        return text

    def save_index(self) -> None:
        """Add to the index the manifests that had to be read, and those that were written meanwhile."""
        self.warehouse.index_written(self._looked_at, self._index)

    def version(self, contract: Contract, day: date) -> str:
        key = contract.name, day
        if key not in self._versions:
            self._versions[key] = self.warehouse.version(contract, day)
        return self._versions[key]

    def manifest(self, contract: Contract, day: date) -> Manifest | None:
        key = contract.name, day
        if key not in self._manifests:
            self._manifests[key] = self._parsed(contract, day) or self.warehouse.manifest(contract, day)
        return self._manifests[key]

    def _parsed(self, contract: Contract, day: date) -> Manifest | None:
        """The manifest whose text was found; None where it was not, or spells none."""
        text = self._texts.pop((contract.name, day), b"")
        with suppress(ValueError):
            return parse(contract, day, text) if text else None
        return None

    def digest(self, contract: Contract, day: date) -> str:
        """The digest of the rows that stand there, or MISSING; only when the manifest is of another file are they read.

        With `confirm`, the manifest then takes the version of that file, if the rows are the same.
        """
        key = contract.name, day
        if key not in self._digests:
            version, manifest = self.version(contract, day), self.manifest(contract, day)
            known = manifest.digest if manifest is not None and manifest.version == version else None
            self._digests[key] = (
                MISSING
                if version == ABSENT
                else known or self.warehouse.standing(contract, day, confirm=self._confirm).digest
            )
        return self._digests[key]

    def forget(self, day: date, contract: Contract | None = None) -> None:
        """Look again at the day's partitions, or at one of them, when they are next asked for."""
        kept: dict[tuple[str, date], Any]
        for kept in (self._versions, self._manifests, self._digests, self._texts):
            for key in [k for k in kept if k[1] == day and (contract is None or k[0] == contract.name)]:
                del kept[key]


class View:
    """The partitions that a run reads, pinned: what is read later is what was digested at first, or the run fails.

    `digests` leaves out what is not there and what has no rows: to a run they are the same.
    """

    def __init__(
        self, warehouse: Warehouse, names: Iterable[tuple[Contract, date]], *, confirm: bool = False
    ) -> None:
        self.warehouse = warehouse
        self._pinned = {(c.name, day): warehouse.standing(c, day, confirm=confirm) for c, day in names}

    @property
    def digests(self) -> dict[str, str]:
        """Digests by `table/day`."""
        return {
            f"{n}/{d}": s.digest
            for (n, d), s in self._pinned.items()
            if s.digest not in {MISSING, empty_digest(n)}
        }

    def digest(self, contract: Contract, day: date) -> str:
        return self._pinned[contract.name, day].digest

    def note(self, contract: Contract, day: date, name: str) -> Any:
        """What the manifest of a pinned partition notes under that name; None without it."""
        return self._pinned[contract.name, day].notes.get(name)

    def read(
        self,
        contract: Contract,
        day: date,
        columns: list[str] | None = None,
        where: pc.Expression | None = None,
    ) -> pa.Table:
        """The rows of one pinned day, none when it is not there; raises InputChangedError when they can't be read any more."""
        standing = self._pinned[contract.name, day]
        if standing.digest == MISSING:
            return contract.empty() if columns is None else contract.empty().select(columns)
        try:
            return self.warehouse.read(contract, day, columns, where, standing.version)
        except MissingInputError as error:
            raise InputChangedError(f"{error}: it went while it was being read") from error

    def scan(
        self,
        contract: Contract,
        days: Iterable[date],
        columns: list[str] | None = None,
        where: pc.Expression | None = None,
    ) -> Iterator[pa.Table]:
        """The rows of each of the days that is there, a table a day."""
        for day in days:
            if self._pinned[contract.name, day].digest != MISSING:
                yield self.read(contract, day, columns, where)
