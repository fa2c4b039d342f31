"""Read a published table while it is being replaced."""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, BinaryIO, TypeVar

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from . import contract
from .errors import LaterContractError, MissingError
from .places import Place, days_of, of_day, place_of

Result = TypeVar("Result")
_PAUSE_SECONDS = 0.05


def retrying(function: Callable[..., Result], *arguments: Any, attempts: int = 5, **named: Any) -> Result:
    """Call any reader, and call it again when it fails, `attempts` times in all; the last failure is raised.

    A replacement takes an instant, so that waiting a little is enough. What is not there, or of a later contract, is not tried again.

    >>> import pyarrow.parquet as pq
    >>> stories = retrying(pq.read_table, "warehouse/stories")
    """
    for attempt in range(attempts - 1):
        try:
            return function(*arguments, **named)
        except (KeyboardInterrupt, SystemExit, MissingError, LaterContractError):
            raise
        except BaseException:  # noqa: BLE001 - every reader fails in its own way; Polars' panics are not Exceptions
            time.sleep(_PAUSE_SECONDS * 2**attempt)
    return function(*arguments, **named)


def table(
    name: str,
    warehouse: str,
    first: date | None = None,
    last: date | None = None,
    columns: Sequence[str] | None = None,
    where: pc.Expression | None = None,
) -> pa.Table:
    """The rows of a published table from `first` to `last`, with the partition's `day` (date32) as the last column.

    `warehouse` is a folder or `s3://bucket/prefix`. `where` keeps the rows that it lets through. Each day is consistent in itself. A
    column that a file of an earlier contract lacks is null. Raises MissingError when there is no such warehouse, table or column, and
    LaterContractError for a file of a later contract.

    >>> from datetime import date
    >>> found = table("memberships", "warehouse", first=date(2026, 3, 1), columns=["article_id", "kind"])
    >>> found.schema.field("day").type
    DataType(date32[day])
    """
    schema, place = contract.schema(name), place_of(warehouse)
    wanted = list(columns) if columns else schema.names
    if unknown := [one for one in wanted if one not in schema.names]:
        raise MissingError(f"{name} has no column {', '.join(unknown)}; there are {', '.join(schema.names)}")
    fields = [schema.field(one) for one in wanted]
    whole = pa.schema([*fields, pa.field("day", pa.date32())]).with_metadata(schema.metadata)
    known = days_of(place, name)
    if not known:
        refuse_no_warehouse(place, warehouse)
    days = [d for d in known if (first is None or first <= d) and (last is None or d <= last)]
    parts = [retrying(_of_day, place, name, day, wanted, where) for day in days]
    rows = [pa.table(part.columns, schema=whole) for part in parts if part is not None]
    return _said_honestly(pa.concat_tables([whole.empty_table(), *rows]))


def _said_honestly(rows: pa.Table) -> pa.Table:
    """A column that files of an earlier contract lack may be null, whatever this contract says."""
    fields = [f if f.nullable or not rows[f.name].null_count else f.with_nullable(True) for f in rows.schema]
    return pa.table(rows.columns, schema=pa.schema(fields).with_metadata(rows.schema.metadata))


def _of_day(
    place: Place, name: str, day: date, wanted: list[str], where: pc.Expression | None
) -> pa.Table | None:
    source = place.open(of_day(name, day))
    if source is None:
        return None
    with source:
        rows = pa.concat_tables(_pieces(source, name, day, wanted, where))
    return rows.append_column("day", pa.repeat(pa.scalar(day, pa.date32()), rows.num_rows))


def _pieces(
    source: BinaryIO, name: str, day: date, wanted: list[str], where: pc.Expression | None
) -> Iterator[pa.Table]:
    """The rows of a file, a row group at a time: nothing that `where` leaves out is held longer."""
    with pq.ParquetFile(source, page_checksum_verification=True, pre_buffer=False) as file:
        refuse_later(file.schema_arrow, f"{name} of {day}")
        schema, there = contract.schema(name), file.schema_arrow.names
        asked = wanted if where is None else [n for n in schema.names if n in wanted or n in str(where)]
        yield _with_all(file.schema_arrow.empty_table(), schema, asked).select(wanted)
        for n in range(file.num_row_groups):
            rows = file.read_row_group(n, [one for one in asked if one in there], use_threads=False)
            rows = _with_all(rows, schema, asked)
            yield (rows if where is None else rows.filter(where)).select(wanted)


def _with_all(rows: pa.Table, schema: pa.Schema, asked: list[str]) -> pa.Table:
    """The columns in the contract's types; those that a file of an earlier contract lacks are null."""
    columns = [
        rows[name] if name in rows.column_names else pa.nulls(rows.num_rows, schema.field(name).type)
        for name in asked
    ]
    return pa.table(columns, schema=pa.schema([pa.field(n, schema.field(n).type) for n in asked]))


def refuse_no_warehouse(place: Place, warehouse: str) -> None:
    """Raise MissingError where nothing was ever published. Where all of it was removed since, the feed of changes stays."""
    if not any(map(place.partitions, ("runs", "changes"))):
        raise MissingError(
            f"{warehouse}: nothing is published there; a warehouse has a folder for each table"
        )


def refuse_later(found: pa.Schema, what: str) -> None:
    """Raise LaterContractError for a file whose contract is later than the one that this reader knows; `what` names the file."""
    version = int((found.metadata or {}).get(b"newsfold.contract_version", b"0"))
    if version > (mine := contract.known()["version"]):
        raise LaterContractError(
            f"{what} was written by a later newsfold (contract version {version}; this reader knows {mine}): update newsfold-read"
        )
