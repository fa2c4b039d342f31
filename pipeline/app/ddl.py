"""The contract as `CREATE TABLE` statements that PostgreSQL and DuckDB both take, for whoever loads the tables into a database."""

from collections.abc import Iterator

import pyarrow as pa

from pipeline.model.contract import VERSION, Contract
from pipeline.model.tables import PUBLISHED


def as_ddl() -> str:
    """One statement a table, with a comment on each table and column. `day`, the partition, is the last column, and of the key:
    a row of `flows` may be there on two days.

    Lists of structs are JSON: PostgreSQL has no other type that DuckDB reads alike.
    """
    head = f"-- Tables of newsfold, contract version {VERSION}. For PostgreSQL and DuckDB.\n"
    return "\n".join([head, *(_statements(contract) for contract in PUBLISHED)])


def _statements(contract: Contract) -> str:
    columns = [f"  {c.name} {_type(c.type)}{'' if c.nullable else ' NOT NULL'}" for c in contract.columns]
    columns += ["  day DATE NOT NULL", f"  PRIMARY KEY ({', '.join([*contract.key, 'day'])})"]
    create = f"CREATE TABLE {contract.name} (\n" + ",\n".join(columns) + "\n);"
    return "\n".join([create, *_comments(contract), ""])


def _comments(contract: Contract) -> Iterator[str]:
    yield f"COMMENT ON TABLE {contract.name} IS {_quoted(f'One row is {contract.row}.')};"
    for column in contract.columns:
        yield f"COMMENT ON COLUMN {contract.name}.{column.name} IS {_quoted(column.meaning)};"
    yield f"COMMENT ON COLUMN {contract.name}.day IS {_quoted(f'The partition: {contract.partition}.')};"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _type(kind: pa.DataType) -> str:
    if pa.types.is_list(kind) or pa.types.is_fixed_size_list(kind):
        return "JSON" if pa.types.is_struct(kind.value_type) else f"{_type(kind.value_type)}[]"
    return _TYPES[str(kind)]


_TYPES = {
    "string": "TEXT",
    "bool": "BOOLEAN",
    "int8": "SMALLINT",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "double": "DOUBLE PRECISION",
    "date32[day]": "DATE",
    "timestamp[us, tz=UTC]": "TIMESTAMPTZ",
}
