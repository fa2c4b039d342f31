"""What changed in the published tables since a number: the feed of changes, as whoever keeps a copy reads it.

The feed is a file for each range of publications. Each file names the last number before its first, and a note has the newest
number, so that nothing that was lost is ever passed over.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from . import contract
from .errors import CursorError, LaterContractError
from .places import Place, days_of, partition, place_of
from .tables import refuse_later, refuse_no_warehouse, retrying, table

_FEED, _RANGE = "changes", "from="
_HEAD = "_meta/changes/head.json"  # the newest number
_BETWEEN = "|"  # the columns of a key
_PREVIOUS = b"newsfold.previous"  # in a file: the last number before its first
_KINDS = {"publication": pa.int64(), "day": pa.date32()} | dict.fromkeys(("table", "key", "op"), pa.string())
_ROWS = pa.schema([pa.field(name, kind, nullable=False) for name, kind in _KINDS.items()])


@dataclass(frozen=True)
class Moved:
    """What moved in one partition: take out its rows with these keys (all of its rows, where `keys` is None), then put in `rows`.

    `key` are the columns of the table's key. A key in `keys` is their values as text, with | between. `rows` are those that stand now,
    with the columns of `table` (the function), `day` last.
    """

    table: str
    day: date
    key: tuple[str, ...]
    keys: list[str] | None
    rows: pa.Table


@dataclass(frozen=True)
class Changes:
    """What changed since a number: the newest one, from which to go on, and the last thing that happened to each row.

    `rows` has `publication` (int64), `day` (date32), `table`, `key` and `op` (`load`, `insert`, `update`, `delete`). Where `key` is empty,
    the whole partition is meant.
    """

    warehouse: str
    cursor: int
    rows: pa.Table

    def partitions(self) -> Iterator[Moved]:
        """Each partition in which something changed, with the rows to put in as they stand now. One is held at a time.

        >>> for moved in changes("warehouse").partitions():
        ...     assert moved.keys is None  # with 0, all partitions are meant as a whole
        """
        keys: dict[tuple[str, date], set[str]] = {}
        for row in self.rows.select(["table", "day", "key"]).to_pylist():
            keys.setdefault((row["table"], row["day"]), set()).add(row["key"])
        for (name, day), some in keys.items():
            key = contract.key(name)
            asked = None if "" in some else sorted(some)
            rows = table(
                name, self.warehouse, day, day, where=None if asked is None else _has_key(key, asked)
            )
            yield Moved(name, day, key, asked, rows)


def _has_key(key: tuple[str, ...], keys: list[str]) -> pc.Expression:
    parts: list[Any] = [pc.field(name).cast(pa.string()) for name in key]
    joined: Any = pc.binary_join_element_wise(*parts, pc.scalar(_BETWEEN)) if parts[1:] else parts[0]
    return joined.isin(keys)  # type: ignore[no-any-return]


def changes(warehouse: str, since: int = 0) -> Changes:
    """The rows and partitions that changed after a publication, each with the last thing that happened to it.

    Read each row as it stands now, and take out what is not there any more: then you have the published tables, row for row. A
    partition that is meant as a whole stands for all its rows. `since` is the `cursor` of the last time. With 0, every partition that
    stands is a `load`: begin with nothing.

    Raises CursorError where the feed does not say what came after that number: begin again with 0. Raises MissingError where nothing
    was ever published, as where a disk is not mounted: keep your copy.

    >>> found = changes("warehouse")
    >>> set(found.rows["op"].to_pylist())
    {'load'}
    >>> changes("warehouse", since=found.cursor).rows.num_rows
    0
    """
    place = place_of(warehouse)
    refuse_no_warehouse(place, warehouse)
    if not since:
        cursor = retrying(_last, place)  # before what stands is listed: what comes meanwhile is told again
        return Changes(warehouse, cursor, _everything(place))
    return retrying(_since, place, warehouse, since)


def _everything(place: Place) -> pa.Table:
    """Every partition that stands, as a load."""
    rows = [
        {"publication": 0, "day": day, "table": one["name"], "key": "", "op": "load"}
        for one in contract.known()["tables"]
        for day in days_of(place, one["name"])
    ]
    return pa.Table.from_pylist(rows, schema=_ROWS)


def _since(place: Place, warehouse: str, number: int) -> Changes:
    noted, parts = _noted(place), list[_Range]()
    for part in _back(place, noted):
        parts.append(part)
        if number == part.previous or number >= part.first:
            break
    if not parts or not parts[-1].has(number) or _is_forked(place, number, parts[-1].first):
        raise CursorError(
            f"{warehouse}: the feed of changes does not go back to {number}: load every table again, from 0 on"
        )
    rows = pa.concat_tables([part.rows for part in reversed(parts)])
    return Changes(warehouse, parts[0].last, _last_ops(rows.filter(pc.field("publication") > number)))


def _last_ops(rows: pa.Table) -> pa.Table:
    """Of each row the last thing that happened; of partitions that were loaded or went as a whole, only that."""
    names = (rows[name].to_pylist() for name in ("table", "day", "key"))
    seen = {named: n for n, named in enumerate(zip(*names, strict=True))}
    kept = [n for (table, day, key), n in seen.items() if not key or (table, day, "") not in seen]
    return rows.take(pa.array(sorted(kept), pa.int64()))


# --- the files of the feed --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Range:
    """One file: its first number, the last one before it (0: the feed began here), its rows."""

    first: int
    previous: int
    rows: pa.Table

    @property
    def last(self) -> int:
        return int(self.rows["publication"][-1].as_py())

    def has(self, number: int) -> bool:
        """Whether a number is one of the file's, or the last one before it."""
        return number > 0 and (number == self.previous or number in self.rows["publication"].to_pylist())


class _DamagedError(Exception):
    """A file of the feed can't be read: what came before it is not told any more."""


def _firsts(place: Place) -> list[int]:
    """The first number of each file, ascending."""
    numbers = (name.removeprefix(_RANGE) for name in place.partitions(_FEED) if name.startswith(_RANGE))
    return sorted(int(number) for number in numbers if number.isdecimal())


def _read(place: Place, first: int) -> _Range:
    """One file; raises FileNotFoundError where it is gone, and the feed is to be looked at again."""
    path = partition(_FEED, f"{_RANGE}{first:016d}")
    with _damage_named(path):
        source = place.open(path)
        if source is None:
            raise FileNotFoundError(path)
        with source, pq.ParquetFile(source, page_checksum_verification=True, pre_buffer=False) as file:
            refuse_later(file.schema_arrow, path)
            rows = file.read(_ROWS.names, use_threads=False).select(_ROWS.names).cast(_ROWS)
            previous = int((file.metadata.metadata or {})[_PREVIOUS])
    if not rows.num_rows or rows["publication"][0].as_py() != first:
        raise _DamagedError(path)
    return _Range(first, previous, rows)


@contextmanager
def _damage_named(path: str) -> Iterator[None]:
    """Raise _DamagedError for what reading a damaged file raises. What a store or a disk may give a moment later is no damage."""
    try:
        yield
    except LaterContractError:
        raise
    except (pa.ArrowException, ValueError, LookupError, IsADirectoryError) as error:
        raise _DamagedError(path) from error
    except OSError as error:
        if type(error) is OSError and error.errno is None:  # pyarrow's own
            raise _DamagedError(path) from error
        raise


def _back(place: Place, noted: int) -> Iterator[_Range]:
    """The files from the newest back, as far as nothing between them is lost or damaged."""
    after: _Range | None = None
    for first in reversed(_firsts(place)):
        try:
            part = _read(place, first)
        except _DamagedError:
            return
        if part.last < noted if after is None else part.last != after.previous:
            return
        yield (after := part)


def _is_forked(place: Place, number: int, first: int) -> bool:
    """Whether a file begins between a reader's number and the file that it would go on with: two writers began one at once."""
    return any(number < one < first for one in _firsts(place))


def _noted(place: Place) -> int:
    """The newest number that was noted; 0 without a note that can be read."""
    try:
        source = place.open(_HEAD)
        if source is None:
            return 0
        with source:
            return int(json.loads(source.read())["last"])
    except (ValueError, LookupError, TypeError, IsADirectoryError):
        return 0


def _last(place: Place) -> int:
    """The newest number; 0 where there is none."""
    firsts = _firsts(place)
    try:
        return _read(place, firsts[-1]).last if firsts else _noted(place)
    except _DamagedError:
        return _noted(place)
