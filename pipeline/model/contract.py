"""What a table must be: its columns with types and meanings, its key, and the checks at the seams.

Types are those that Arrow, the common Parquet readers and Spark share: no unsigned integers, timestamps in
microseconds UTC, digests as fixed hex strings, signatures as fixed-size binary.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.model import sorting
from pipeline.model.arrow import ChunkedArray
from pipeline.model.errors import ContractError

VERSION = 2  # of all the contracts together; it stands in every published file's metadata

TEXT = pa.string()
DATE = pa.date32()
TIME = pa.timestamp("us", tz="UTC")
TEXTS = pa.list_(pa.field("element", pa.string(), nullable=False))
VECTOR_SIZE = 512
VECTOR = pa.binary(VECTOR_SIZE)  # of signed bytes
HEADLINE_VECTOR = pa.list_(pa.field("element", pa.int8(), nullable=False), VECTOR_SIZE)

Row = dict[str, Any]  # one row of a table as plain values, by column


def structs(*optional: str, **types: pa.DataType) -> pa.DataType:
    """A list of structs with these fields, of which the `optional` ones may be null."""
    fields = [pa.field(name, type_, nullable=name in optional) for name, type_ in types.items()]
    return pa.list_(pa.field("element", pa.struct(fields), nullable=False))


@dataclass(frozen=True)
class Column:
    """One column: its name, Arrow type and meaning in one sentence, and the contract version that brought it."""

    name: str
    type: pa.DataType
    meaning: str
    nullable: bool = False
    since: int = 1


def counts(**meanings: str) -> tuple[Column, ...]:
    """Columns of whole numbers, by name and meaning."""
    return tuple(Column(name, pa.int64(), meaning) for name, meaning in meanings.items())


@dataclass(frozen=True)
class Contract:
    """What a table must be.

    `row` completes the sentence "one row is …"; rows are sorted by `key`, which is unique; `published` tables
    are promised to consumers, the others live under `_meta/state` or only in memory.
    """

    name: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    published: bool = False
    partition: str = "the ingestion day"
    layout: int = 1  # raised when the same rows are written as other bytes (`store/parquet.py`)

    @cached_property
    def schema(self) -> pa.Schema:
        """The Arrow schema; field ids count from 1 in the declared order and are never given out twice."""
        fields = [
            pa.field(c.name, c.type, c.nullable, {"PARQUET:field_id": str(n), "meaning": c.meaning})
            for n, c in enumerate(self.columns, 1)
        ]
        said: dict[str | bytes, str | bytes] = {"newsfold.table": self.name}
        said["newsfold.contract_version"] = str(VERSION)
        if self.layout > 1:
            said["newsfold.layout"] = str(self.layout)
        return pa.schema(fields, said)

    @cached_property
    def form(self) -> str:
        """What a file of the table says of itself besides its rows."""
        return form_of(self.schema)

    @property
    def names(self) -> list[str]:
        return [c.name for c in self.columns]

    def written(self, table: pa.Table) -> pa.Table:
        """The columns that tell rows apart: without columns that came after version 1 and hold nothing.

        So rows that an earlier version stored are the same rows when this one reads them.
        """
        later = {c.name for c in self.columns if c.since > 1}
        return table.drop_columns([n for n in later if table[n].null_count == len(table)])

    def empty(self) -> pa.Table:
        return self._empty

    @cached_property
    def _empty(self) -> pa.Table:
        return self.schema.empty_table()

    def table(self, rows: list[dict[str, object]]) -> pa.Table:
        """Rows as a table; a column that a row does not name is null, and null where it must not be is an error."""
        return self.conform(pa.Table.from_pylist(rows, schema=self.schema))

    def conform(self, table: pa.Table) -> pa.Table:
        """Return `table` with exactly the contract's columns, in its order.

        Raises ContractError with every difference: missing and surplus columns, other types, nulls where
        there must be none.
        """
        if table.schema.equals(self.schema, check_metadata=True) and not self._has_nulls(table):
            return table  # it conforms; the checks below only find out what is wrong
        faults = [f"missing column {n!r}" for n in self.names if n not in table.column_names]
        faults += [f"surplus column {n!r}" for n in table.column_names if n not in self.names]
        present = [c for c in self.columns if c.name in table.column_names]
        faults += [f for c in present for f in _faults(c, table[c.name])]
        if faults:
            raise ContractError(f"table {self.name}: " + "; ".join(faults))
        return pa.table([_plain(table[c.name], c.type) for c in self.columns], schema=self.schema)

    def _has_nulls(self, table: pa.Table) -> bool:
        return any(table.column(n).null_count for n, c in enumerate(self.columns) if not c.nullable)

    def arrange(self, table: pa.Table) -> pa.Table:
        """Conform, sort by key, and refuse a repeated key. A table in order is not copied."""
        table = self.conform(table)
        if not self.key or sorting.is_ordered(table, self.key):
            return table
        table = pa.concat_tables(sorting.slices(table, sorting.places(table, self.key)))
        if not sorting.is_ordered(table, self.key):
            repeated = table.num_rows - table.group_by(list(self.key)).aggregate([]).num_rows
            raise ContractError(f"table {self.name}: {repeated} rows repeat the key {', '.join(self.key)}")
        return table


def form_of(schema: pa.Schema) -> str:
    """32 hex digits: BLAKE2b-128 of a schema with its metadata and that of each column.

    Two files with the same rows have other bytes where this differs: a meaning that was put in other words is enough.
    """
    columns = [(f.name, str(f.type), f.nullable, _sorted(f.metadata)) for f in schema]
    return hashlib.blake2b(repr((columns, _sorted(schema.metadata))).encode(), digest_size=16).hexdigest()


def _sorted(metadata: Mapping[bytes, bytes] | None) -> list[tuple[bytes, bytes]]:
    return sorted((metadata or {}).items())


def _faults(column: Column, values: ChunkedArray) -> list[str]:
    faults = []
    if not _same_type(values.type, column.type):
        faults.append(f"column {column.name!r} is {values.type}, not {column.type}")
    if values.null_count and not column.nullable:
        faults.append(f"column {column.name!r} has {values.null_count} nulls")
    return faults


def _same_type(found: pa.DataType, declared: pa.DataType) -> bool:
    if pa.types.is_dictionary(found):  # an engine may hand out repeated texts once
        return _same_type(found.value_type, declared)
    if pa.types.is_list(found) and pa.types.is_list(declared):  # the name of a list's element is not data
        return _same_type(found.value_type, declared.value_type)
    if pa.types.is_struct(found) and pa.types.is_struct(declared):
        return [f.name for f in found] == [f.name for f in declared] and all(
            _same_type(f.type, d.type) for f, d in zip(found, declared, strict=True)
        )
    return bool(found == declared)


def _plain(values: ChunkedArray, declared: pa.DataType) -> ChunkedArray:
    return values if values.type == declared else pc.cast(values, declared)
