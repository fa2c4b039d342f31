"""A Parquet file with a document a row.

A value that cannot be read is left out; a row group that cannot be read, or would fill the memory, is one reject from there on.
"""

import datetime as dt
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO

import pyarrow as pa

from pipeline.landing.columns import Columns
from pipeline.landing.compressed import CHUNK_BYTES
from pipeline.landing.parquet_pages import largest_page
from pipeline.landing.record import (
    Row,
    UnreadableError,
    as_reject,
    described,
    from_fields,
    or_reject,
    refuse_very_many,
)
from pipeline.model.kinds import Reject
from pipeline.text import charsets

if TYPE_CHECKING:
    import pyarrow.parquet as pq

_BATCH_ROWS = 64
_PAGE_BYTES = 1 << 29  # unpacked; writers put up to 1,024 rows into a page, whatever their size
_MICROSECONDS = {"s": 10**6, "ms": 10**3, "us": 1}  # in a unit of time; nanoseconds are less
_EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - of times without a zone, too
_LIST_VALUES = 10**7  # of all lists of a column in a row group
_NESTED_BYTES = 1 << 17  # of one list or object; Python takes up to 50 times as much
_LISTED = {"RLE_DICTIONARY", "PLAIN_DICTIONARY"}
_SHARED = "DELTA_BYTE_ARRAY"  # texts as what differs from the one before: a page of little may give very much

# --- Parquet -------------------------------------------------------------------------------------------------


def read_parquet(stream: BinaryIO, _path: str, max_bytes: int, columns: Columns) -> Iterator[Row]:
    import pyarrow.parquet as pq

    n_bytes = stream.seek(0, os.SEEK_END)
    metadata = pq.read_metadata(stream)
    refuse_very_many(metadata.num_rows, n_bytes)
    names = metadata.schema.to_arrow_schema().names
    known = _known(metadata, columns)
    first = 0
    with _open(stream, metadata, known) as file:
        for group in range(metadata.num_row_groups):
            last = first + max(0, metadata.row_group(group).num_rows) - 1
            for record, fields in enumerate(_rows(file, stream, group, known), first):
                if isinstance(fields, UnreadableError):
                    yield as_reject(record, fields.reason, f"rows {record} to {last} are lost: {fields}")
                else:
                    whole = dict.fromkeys(names) | fields
                    yield or_reject(record, partial(from_fields, record, whole, max_bytes, columns))
            first = last + 1


def _known(metadata: "pq.FileMetaData", columns: Columns) -> list[str]:
    """The columns that may be a field."""
    return columns.among(sorted(set(metadata.schema.to_arrow_schema().names)))


def _open(stream: BinaryIO, metadata: "pq.FileMetaData", known: Sequence[str]) -> "pq.ParquetFile":
    """The file. Texts that repeat one of a list are left so: a list of one may stand for more than memory holds."""
    import pyarrow.parquet as pq

    listed = {chunk.path_in_schema for chunk in _chunks(metadata, known) if _LISTED & set(chunk.encodings)}
    listed -= {chunk.path_in_schema for chunk in _chunks(metadata, known) if _SHARED in chunk.encodings}
    options: Any = {"read_dictionary": sorted(listed), "page_checksum_verification": True}
    return pq.ParquetFile(stream, metadata=metadata, pre_buffer=False, buffer_size=CHUNK_BYTES, **options)


def _chunks(
    metadata: "pq.FileMetaData", known: Sequence[str], groups: Iterable[int] | None = None
) -> Iterator["pq.ColumnChunkMetaData"]:
    for group in range(metadata.num_row_groups) if groups is None else groups:
        row_group = metadata.row_group(group)
        chunks = (row_group.column(n) for n in range(row_group.num_columns))
        yield from (chunk for chunk in chunks if _is_of(chunk, known))


def _is_of(chunk: "pq.ColumnChunkMetaData", known: Sequence[str]) -> bool:
    """Whether a chunk is one of these columns; of a list or an object, one is named for what is in it."""
    return any(chunk.path_in_schema == name or chunk.path_in_schema.startswith(f"{name}.") for name in known)


def _rows(
    file: "pq.ParquetFile", stream: BinaryIO, group: int, known: Sequence[str]
) -> Iterator[dict[str, object] | UnreadableError]:
    """The rows of a row group; an error for the first one that cannot be read, and all after it."""
    n_left = max(0, file.metadata.row_group(group).num_rows)
    if not known:
        yield from ({} for _ in range(n_left))
        return
    try:
        for row in islice(_values(file, stream, group, known), n_left):
            n_left -= 1
            yield row
        if n_left:
            yield UnreadableError(Reject.TRUNCATED, "they are not there")
    except MemoryError:
        raise
    except UnreadableError as error:
        yield error
    except Exception as error:  # noqa: BLE001 - whatever a parser raises about broken bytes
        yield UnreadableError(Reject.UNREADABLE, described(error))


def _values(
    file: "pq.ParquetFile", stream: BinaryIO, group: int, known: Sequence[str]
) -> Iterator[dict[str, object]]:
    chunks = list(_chunks(file.metadata, known, [group]))
    _refuse_large(stream, chunks)
    n_rows = 1 if any(_SHARED in chunk.encodings for chunk in chunks) else _BATCH_ROWS
    for batch in file.iter_batches(n_rows, row_groups=[group], columns=list(known), use_threads=False):
        arrays = {name: batch.column(batch.schema.names.index(name)) for name in known}
        for n in range(batch.num_rows):
            yield {name: _value(array, n) for name, array in arrays.items()}


def _refuse_large(stream: BinaryIO, chunks: Iterable["pq.ColumnChunkMetaData"]) -> None:
    """Look at each page where the sum of them may be too large, or is cheap to look at."""
    for chunk in chunks:
        if chunk.num_values > _LIST_VALUES and "." in chunk.path_in_schema:
            raise UnreadableError(Reject.TOO_COMPLEX, f"{chunk.num_values} values in {chunk.path_in_schema}")
        if chunk.total_uncompressed_size <= _PAGE_BYTES and chunk.total_compressed_size > CHUNK_BYTES:
            continue
        with suppress(ValueError):  # the parser says better what is wrong with it
            if (n_bytes := largest_page(stream, chunk)) > _PAGE_BYTES:
                raise UnreadableError(
                    Reject.TOO_LARGE, f"a page of {chunk.path_in_schema} has {n_bytes} bytes"
                )


# --- values --------------------------------------------------------------------------------------------------


def _value(array: Any, n: int) -> object:
    """A value as Python has it; None where it has none, such as a time after the year 9999. Texts need not be UTF-8."""
    scalar = array[n]
    if isinstance(scalar, pa.DictionaryScalar):
        scalar = scalar.value
    if scalar is None or not scalar.is_valid:
        return None
    if pa.types.is_timestamp(scalar.type):
        return _moment(scalar)
    if pa.types.is_nested(scalar.type) and array.slice(n, 1).nbytes > _NESTED_BYTES:
        return None
    try:
        return scalar.as_py()
    except UnicodeDecodeError:
        return charsets.decode(scalar.as_buffer().to_pybytes())
    except (ValueError, OverflowError, ArithmeticError, TypeError, pa.ArrowException):
        return None


def _moment(scalar: Any) -> dt.datetime | None:
    """The zone of a column is for display: its times count from 1970 in UTC, where a zone is named."""
    unit = scalar.type.unit
    n_us = scalar.value // 1_000 if unit == "ns" else scalar.value * _MICROSECONDS[unit]
    try:
        moment = _EPOCH + dt.timedelta(microseconds=n_us)
    except OverflowError:
        return None
    return moment.replace(tzinfo=dt.UTC) if scalar.type.tz else moment
