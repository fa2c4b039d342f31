"""The files of the feed of changes: numbers for publications, and files that each hold a range of them.

Each file names the last number before its first, so that a reader sees whether one between two others is lost. A note beside them has
the newest number, so that the next writer sees whether the newest file is. Then the feed begins anew, and whoever asks for what
came after an earlier number is told to load everything.

Numbers are milliseconds since 1970, or one more than the last where that is later. So a number is not used twice even where
everything that said what was used is lost, and a number of a warehouse that was restored from a copy since is no number of its feed.
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.model.arrow import equals
from pipeline.model.changes_table import CHANGES, Cause, Op
from pipeline.model.contract import VERSION
from pipeline.model.errors import ContractError, CursorError, DamagedError, InputChangedError
from pipeline.store import damage, layout, parquet
from pipeline.store.storage import ABSENT, Storage, filler

RANGE_ROWS = (
    10_000  # of one file, which is written again with each publication until it is full: a few milliseconds
)
_PREVIOUS = "newsfold.previous"  # in a file: the last number before its first
_TRIES = 5  # how often to look again where `gc` drops files meanwhile


@dataclass(frozen=True)
class Publication:
    """One partition that changed: its table and day, the rows that did (`key`, `op`, `old_digest`, `new_digest`), and why."""

    table: str
    day: date
    rows: pa.Table
    cause: Cause


@dataclass(frozen=True)
class Range:
    """One file of the feed as it was read: its first number, the last one before it (0: the feed began here), its rows."""

    first: int
    previous: int
    rows: pa.Table
    version: str

    @property
    def last(self) -> int:
        return int(self.rows["publication"][-1].as_py()) if self.rows.num_rows else self.previous


def whole(op: Op, old_digest: str | None, new_digest: str | None) -> pa.Table:
    """What is told of a partition as a whole."""
    row = {"key": "", "op": op.value, "old_digest": old_digest, "new_digest": new_digest}
    fields = [CHANGES.schema.field(name).remove_metadata() for name in row]
    return pa.Table.from_pylist([row], schema=pa.schema(fields))


class Feed:
    """The feed of one warehouse."""

    def __init__(self, storage: Storage, clock: Callable[[], int] | None = None) -> None:
        """`clock` tells milliseconds since 1970."""
        self.storage, self.clock = storage, clock or _now

    def firsts(self) -> list[int]:
        """The first number of each file, ascending."""
        names = (name.partition("=") for name in self.storage.folders(CHANGES.name))
        found = sorted(int(number) for key, _, number in names if key == "from" and number.isdecimal())
        paths = {first: layout.changes(first) for first in found}
        standing = self.storage.versions(paths.values())
        return [first for first in found if standing[paths[first]] != ABSENT]

    def read_range(self, first: int) -> Range:
        """One file; raises DamagedError, FileNotFoundError where it is gone, or ContractError where a later newsfold wrote it."""
        path = layout.changes(first)
        version = self.storage.version(path)
        if version == ABSENT:
            raise FileNotFoundError(path)
        with damage.named(self.storage, path), self.storage.open(path, version) as source:
            rows = _adopted(source)
            previous = int(parquet.said(source)[_PREVIOUS])
            if not rows.num_rows or rows["publication"][0].as_py() != first:
                raise ValueError("it does not begin with the number that its name says")
        return Range(first, previous, rows, version)

    def last(self) -> int:
        """The newest number; 0 where there is none."""
        newest = self._newest()
        return newest.last if newest else self._noted()

    # --- to write -------------------------------------------------------------------------------------------------

    def append(self, publications: Sequence[Publication]) -> int:
        """Add publications, each under a number of its own; returns the last. The caller holds the lock of the feed."""
        newest, noted = self._newest(), self._noted()
        is_lost = newest is None or newest.last < noted
        number = max(noted, newest.last if newest else 0)
        tables, first = [], 0
        for one in publications:
            number = max(number + 1, self.clock())
            first = first or number
            tables.append(_numbered(one, number))
        rows = CHANGES.arrange(pa.concat_tables(tables))
        if newest is None or is_lost or newest.rows.num_rows + rows.num_rows > RANGE_ROWS:
            self._write(first, newest.last if newest and not is_lost else 0, rows, ABSENT)
        else:
            rows = pa.concat_tables([newest.rows, rows])
            self._write(newest.first, newest.previous, rows, newest.version)
        self.storage.replace(layout.CHANGES_HEAD, filler(json.dumps({"last": number}).encode()))
        return number

    def _newest(self) -> Range | None:
        """The newest file; None where there is none, or where it is damaged."""
        firsts = self.firsts()
        with suppress(FileNotFoundError, DamagedError):
            return self.read_range(firsts[-1]) if firsts else None
        return None

    def _noted(self) -> int:
        """The newest number that was noted; 0 without a note that can be read."""
        with suppress(TypeError), damage.skipped():
            return int(json.loads(self.storage.read(layout.CHANGES_HEAD))["last"])
        return 0

    def _write(self, first: int, previous: int, rows: pa.Table, expected: str) -> None:
        made = partial(parquet.write, CHANGES, rows, said={_PREVIOUS: str(previous)})
        self.storage.replace(layout.changes(first), made, expected)

    # --- to read --------------------------------------------------------------------------------------------------

    def since(self, number: int) -> tuple[int, pa.Table]:
        """The newest number, and the rows of all publications after `number`, which is one of the feed.

        Raises CursorError where it is none: too old, of another feed, or what came after it is lost.
        """
        for _ in range(_TRIES):
            with suppress(FileNotFoundError, InputChangedError):
                return self._since(number)
        raise InputChangedError(f"{self.storage.uri}: the feed of changes is being replaced all the time")

    def _since(self, number: int) -> tuple[int, pa.Table]:
        noted, parts = self._noted(), []
        for part in self._back(noted):
            parts.append(part)
            if number == part.previous or number >= part.first:
                break
        if not parts or not _has(parts[-1], number) or self._is_forked(number, parts[-1].first):
            raise CursorError(
                f"{self.storage.uri}: the feed of changes does not go back to {number}: load every table again, from 0 on"
            )
        rows = pa.concat_tables([part.rows for part in reversed(parts)])
        return parts[0].last, rows.filter(pc.field("publication") > number)

    def _is_forked(self, number: int, first: int) -> bool:
        """Whether a file begins between a reader's number and the file that it would go on with: two writers began one at once."""
        return any(number < one < first for one in self.firsts())

    def _back(self, noted: int) -> Iterator[Range]:
        """The files from the newest back, as far as nothing between them is lost or damaged."""
        after: Range | None = None
        for first in reversed(self.firsts()):
            try:
                part = self.read_range(first)
            except DamagedError:
                return
            if part.last < noted if after is None else part.last != after.previous:
                return
            yield (after := part)

    # --- to keep in order -----------------------------------------------------------------------------------------

    def broken(self) -> Iterator[tuple[str, bool, str]]:
        """The path of each file that is wrong, whether it can't be read (else others beside it are lost), and a sentence."""
        before: Range | None = None
        for first in self.firsts():
            path = layout.changes(first)
            try:
                part = self.read_range(first)
            except DamagedError as error:
                yield path, True, " ".join(str(error.__cause__).split())[:200]
                before = None
                continue
            if before is not None and part.previous not in {before.last, 0}:
                yield path, False, "publications before it are lost"
            before = part
        if before is not None and before.last < self._noted():
            yield layout.changes(before.first), False, "publications after it are lost"

    def outdated(self, before: int) -> list[int]:
        """The files that may go, by their first numbers: those whose last is before a number, and those that nobody reaches
        since something after them is lost. The newest stays.
        """
        firsts, reached = self.firsts(), {part.first: part.last for part in self._back(self._noted())}
        if not reached:  # it begins anew with the next publication
            return []
        return [one for one in firsts[:-1] if reached.get(one, -1) < before]


def _adopted(source: BinaryIO) -> pa.Table:
    """CHANGES of a file that an earlier version may have written; raises ValueError where no version can have."""
    try:
        return parquet.adopt(CHANGES, source, None, None)
    except ContractError as error:
        if parquet.contract_version(parquet.schema(source)) > VERSION:
            raise
        raise ValueError(str(error)) from error


def _numbered(one: Publication, number: int) -> pa.Table:
    said = {"publication": number, "day": one.day, "table": one.table, "cause": str(one.cause)}
    n, rows = one.rows.num_rows, one.rows
    for name, value in said.items():
        rows = rows.append_column(name, pa.array([value] * n, CHANGES.schema.field(name).type))
    return CHANGES.conform(rows)


def _has(part: Range, number: int) -> bool:
    """Whether a number is one of a file's, or the last one before it."""
    known = equals(part.rows["publication"], number)
    return bool(number) and (number == part.previous or pc.any(known).as_py() is True)


def _now() -> int:
    return time.time_ns() // 1_000_000
