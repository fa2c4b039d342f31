"""Tables as Parquet bytes, and the digest of their rows.

The bytes depend on the rows alone: rows are sorted by the contract's key and every row group is written from
one chunk (pyarrow's bytes differ with the chunking of the same rows). They do depend on pyarrow's version;
to know whether two files hold the same rows, compare `digest`, which does not.
"""

import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.model.arrow import (
    Array,
    ChunkedArray,
    Values,
    ascending,
    byte_lengths,
    filled,
    flat,
    list_lengths,
    memory,
)
from pipeline.model.contract import VERSION, Contract
from pipeline.model.errors import ContractError

# A look-up by id reads one group: 10 times faster than one big group, at the same size.
ROW_GROUP_ROWS = 20_000
_REPEATED = frozenset(  # columns of few distinct values: a dictionary helps them and only costs elsewhere
    (
        "domain",
        "outlet",
        "language",
        "published_at_source",
        "published_precision",
        "extractor",
        "kind",
        "stage",
        "reason",
        "source",
        "rule_version",
        "ingest_date",
        "first_date",
        "last_date",
        "canonical_reason",
    )
)
_IDS = ("article_id", "story_id", "raw_ref", "canonical_url")  # what people look up
# Columns of state, by table, for which another encoding takes less (decision 16). Who changes one raises the
# table's `layout`. A hash of a term recurs in many articles; the exponents of weights are alike, once they stand side by side.
_RECURRING = {"terms": ["terms.list.element"]}
_SPLIT = {"terms": {"weights.list.element": "BYTE_STREAM_SPLIT"}}
# Read at once of a group of which some rows are kept: its texts are never all in memory.
_BATCH_BYTES = 4 << 20
# Of each column of a file on this machine, where rows are read some at a time. Elsewhere a request costs more than this takes to travel.
_AT_ONCE_BYTES = 1 << 20
_ROW = "the row's number in its group"
_DICTIONARY_BYTES = 16 << 20  # 2 million hashes: more than 20,000 articles have


def write(contract: Contract, table: pa.Table, sink: BinaryIO, said: Mapping[str, str] | None = None) -> None:
    """Write a table that the contract arranged. What is `said` stands in the file beside its schema."""
    with pq.ParquetWriter(sink, contract.schema, **_options(contract)) as writer:
        for start in range(0, table.num_rows, ROW_GROUP_ROWS):
            group = table.slice(start, ROW_GROUP_ROWS).combine_chunks()
            writer.write_table(group, row_group_size=ROW_GROUP_ROWS)
        if said:
            writer.add_key_value_metadata(dict(said))


def _options(contract: Contract) -> dict[str, Any]:
    order = ascending(contract.key)
    bloom = {name: {"ndv": ROW_GROUP_ROWS, "fpp": 0.01} for name in _IDS if name in contract.names}
    repeated = [n for n in contract.names if n in _REPEATED] + _RECURRING.get(contract.name, [])
    return {
        "compression": "zstd",
        "compression_level": 3,
        "use_dictionary": repeated or False,
        "dictionary_pagesize_limit": _DICTIONARY_BYTES if contract.name in _RECURRING else None,
        "column_encoding": _SPLIT.get(contract.name),
        "sorting_columns": pq.SortingColumn.from_ordering(contract.schema, order) if order else None,
        "write_page_index": True,
        "write_page_checksum": True,
        "bloom_filter_options": bloom or None,
    }


def read(source: BinaryIO, columns: list[str] | None = None, where: pc.Expression | None = None) -> pa.Table:
    """Read columns of a file that `write` wrote, keeping the rows that `where` lets through.

    Row group by row group, in this thread: pyarrow's own threads release a Python file some time after the read has
    returned, and a process that ends meanwhile is aborted.
    """
    with _opened(source) as file:
        return _read(file, columns or file.schema_arrow.names, where)


def _opened(source: BinaryIO, at_once: int = 0) -> pq.ParquetFile:
    """The file, of which so many bytes of a column are read at once (0: those of a group)."""
    return pq.ParquetFile(source, page_checksum_verification=True, pre_buffer=False, buffer_size=at_once)


def _read(file: pq.ParquetFile, wanted: list[str], where: pc.Expression | None) -> pa.Table:
    groups = range(file.num_row_groups)
    if where is None:
        pieces = (file.read_row_group(n, wanted, use_threads=False) for n in groups)
    else:
        pieces = (piece for n in groups for piece in _let_through(file, n, wanted, where))
    return pa.concat_tables(
        [file.schema_arrow.empty_table().select(wanted), *(one.select(wanted) for one in pieces)]
    )


def _let_through(file: pq.ParquetFile, n: int, wanted: list[str], where: pc.Expression) -> Iterator[pa.Table]:
    """The rows of a group that `where` lets through: what it asks about is read first, and of all other columns few rows at a time."""
    names = file.schema_arrow.names
    asked = [name for name in names if name in _names(where)]
    others = [name for name in names if name in wanted and name not in asked]
    group = file.read_row_group(n, asked, use_threads=False)
    kept = group.append_column(_ROW, pa.array(np.arange(group.num_rows))).filter(where)
    if not others:
        yield kept
        return
    if not kept.num_rows:
        return
    rows, start, n_at_once = kept[_ROW].to_numpy(), 0, _rows_at_once(file, n, others)
    for batch in file.iter_batches(n_at_once, row_groups=[n], columns=others, use_threads=False):
        first, last = np.searchsorted(rows, (start, start + batch.num_rows))
        if last > first:
            some = pa.Table.from_batches([batch]).take(pa.array(rows[first:last] - start))
            for name in asked:
                some = some.append_column(group.schema.field(name), kept[name].slice(first, last - first))
            yield some
        start += batch.num_rows


def _rows_at_once(file: pq.ParquetFile, n: int, names: list[str]) -> int:
    """How many rows of a group have `_BATCH_BYTES` in these columns."""
    group = file.metadata.row_group(n)
    columns = map(group.column, range(group.num_columns))
    n_bytes = sum(c.total_uncompressed_size for c in columns if c.path_in_schema.partition(".")[0] in names)
    return max(1, group.num_rows * _BATCH_BYTES // max(1, n_bytes))


def _names(where: pc.Expression) -> set[str]:
    """The words of an expression, the columns that it asks about among them."""
    return set(re.findall(r"\w+", str(where)))


def said(source: BinaryIO) -> dict[str, str]:
    """What a file says beside its schema."""
    found = pq.read_metadata(source).metadata or {}
    return {name.decode(): value.decode(errors="replace") for name, value in found.items()}


def n_groups(source: BinaryIO) -> int:
    return int(pq.read_metadata(source).num_row_groups)


def read_group(source: BinaryIO, n: int) -> pa.Table:
    """Read one row group of a file that `write` wrote."""
    return _opened(source).read_row_group(n, use_threads=False)


def pieces(source: BinaryIO, n_rows: int) -> Iterator[pa.Table]:
    """The rows of a file that `write` wrote, so many at a time. Of long rows that takes less than whole groups do: what is decoded is
    still at hand when it is copied, and never all in memory.
    """
    is_near = isinstance(source, io.BufferedReader) and isinstance(source.raw, io.FileIO)
    with _opened(source, _AT_ONCE_BYTES if is_near else 0) as file:
        for batch in file.iter_batches(n_rows, use_threads=False):
            yield pa.Table.from_batches([batch])


def schema(source: BinaryIO) -> pa.Schema:
    """What a file says of its columns."""
    with _opened(source) as file:
        return file.schema_arrow


def groups(source: BinaryIO) -> Iterator[pa.Table]:
    """Each row group of a file in turn, as it stands there."""
    with _opened(source) as file:
        for n in range(file.num_row_groups):
            yield file.read_row_group(n, use_threads=False)


def adopt(
    contract: Contract, source: BinaryIO, columns: list[str] | None, where: pc.Expression | None
) -> pa.Table:
    """Read a file that an earlier version of the contract may have written.

    A column that the file lacks is null; one that the contract no longer has is left out. Raises ContractError if the
    column must not be null or has another type, or if the file is of a later version.
    """
    wanted = columns or contract.names
    with _opened(source) as file:  # opened once: small days are read by the dozen, and opening is half of it
        found = file.schema_arrow.names
        version = contract_version(file.schema_arrow)
        if version > VERSION:
            raise ContractError(
                f"table {contract.name} was written by a later newsfold (contract version {version}; "
                f"this one knows {VERSION}): use the later one"
            )
        table = _read(file, [n for n in wanted if n in found], where)
    for name in (n for n in wanted if n not in found):
        table = table.append_column(
            contract.schema.field(name), pa.nulls(table.num_rows, contract.schema.field(name).type)
        )
    try:
        return contract.conform(table) if columns is None else table.select(columns)
    except ContractError as error:
        if version == VERSION:
            raise
        raise ContractError(
            f"{error} (written with contract version {version}, this is {VERSION}; `newsfold repair` writes it again)"
        ) from error


def contract_version(schema: pa.Schema) -> int:
    """The version of the contracts with which a file was written."""
    return int((schema.metadata or {}).get(b"newsfold.contract_version", b"0"))


def digest(table: pa.Table) -> str:
    """32 hex digits: BLAKE2b-128 of the rows in their order, column by column.

    It does not depend on chunks, offsets into a buffer, bytes under a null, or pyarrow's version.
    """
    state = hashlib.blake2b(digest_size=16)
    state.update(str(table.num_rows).encode())
    for name in table.column_names:
        column = table[name]
        state.update(f"|{name}:{column.type}|".encode())
        for piece in _pieces(column):
            state.update(piece)
    return state.hexdigest()


def _pieces(column: ChunkedArray) -> Iterator[memoryview]:
    for chunk in column.chunks:
        yield _validity(chunk)
    if pa.types.is_list(column.type):
        lengths = _filled(list_lengths(column))
        yield from _pieces(lengths)
        yield from _pieces(flat(column))
    elif pa.types.is_fixed_size_list(column.type):
        yield from _pieces(flat(column))
    elif pa.types.is_struct(column.type):
        for n in range(column.type.num_fields):
            yield from _pieces(pc.struct_field(column, n))
    else:
        yield from _values(column)


def _values(column: ChunkedArray) -> Iterator[memoryview]:
    if pa.types.is_string(column.type) or pa.types.is_binary(column.type):
        for chunk in column.chunks:
            yield _numbers(_filled(byte_lengths(chunk)))
        for chunk in column.chunks:
            yield _bytes(chunk)
    elif pa.types.is_fixed_size_binary(column.type):
        width = column.type.byte_width
        for chunk in (filled(c, bytes(width)) if c.null_count else c for c in column.chunks):
            start = chunk.offset * width
            yield (
                memory(chunk.buffers()[1])[start : start + len(chunk) * width]
                if len(chunk)
                else memoryview(b"")
            )
    else:
        for chunk in column.chunks:
            yield _numbers(chunk)


def _validity(chunk: Array) -> memoryview:
    """A byte a value: 1 for one that is there."""
    return _numbers(chunk.is_valid()) if chunk.null_count else memoryview(b"\x01" * len(chunk))


def _filled(numbers: Values) -> Values:
    return filled(numbers, 0) if numbers.null_count else numbers


def _bytes(chunk: Array) -> memoryview:
    if chunk.null_count:
        chunk = chunk.fill_null("" if pa.types.is_string(chunk.type) else b"")
    _, offsets, data = chunk.buffers()
    if data is None or not len(chunk):
        return memoryview(b"")
    bounds = np.frombuffer(memory(offsets), dtype=np.int32)[chunk.offset : chunk.offset + len(chunk) + 1]
    return memoryview(data)[int(bounds[0]) : int(bounds[-1])]


def _numbers(chunk: Array) -> memoryview:
    kind = chunk.type
    if pa.types.is_boolean(kind):
        chunk = pc.cast(chunk, pa.int8())
    elif pa.types.is_timestamp(kind):
        chunk = pc.cast(chunk, pa.int64())
    elif pa.types.is_date32(kind):
        chunk = pc.cast(chunk, pa.int32())
    filled = chunk.fill_null(0) if chunk.null_count else chunk
    return memoryview(np.ascontiguousarray(filled.to_numpy(zero_copy_only=False)).view(np.uint8).data)
