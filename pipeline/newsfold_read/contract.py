"""The contract that this reader knows: tables, columns and types, from `contract.json`, which newsfold writes."""

import json
import re
from functools import cache
from importlib import resources
from typing import Any

import pyarrow as pa

from .errors import MissingError


@cache
def known() -> dict[str, Any]:
    """The contract as newsfold writes it: docs/contracts/schema-1.json says what is in it."""
    text = (resources.files(__package__) / "contract.json").read_text(encoding="utf-8")
    return json.loads(text)  # type: ignore[no-any-return]


@cache
def schema(name: str) -> pa.Schema:
    """The columns of a published table; raises MissingError where there is none of that name."""
    fields = [
        pa.field(
            column["name"],
            type_of(column["type"]),
            column["nullable"],
            {"PARQUET:field_id": str(column["field_id"]), "meaning": column["meaning"]},
        )
        for column in _told(name)["columns"]
    ]
    return pa.schema(fields, {"newsfold.table": name, "newsfold.contract_version": str(known()["version"])})


def key(name: str) -> tuple[str, ...]:
    """The columns of a published table's key; raises MissingError where there is no such table."""
    return tuple(_told(name)["key"])


def _told(name: str) -> dict[str, Any]:
    tables: dict[str, dict[str, Any]] = {table["name"]: table for table in known()["tables"]}
    if name not in tables:
        raise MissingError(f"no published table {name!r}; there are {', '.join(tables)}")
    return tables[name]


_PLAIN: dict[str, pa.DataType] = {
    "string": pa.string(),
    "bool": pa.bool_(),
    "int8": pa.int8(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "double": pa.float64(),
    "date": pa.date32(),
    "timestamp[us, UTC]": pa.timestamp("us", "UTC"),
}


def type_of(written: str) -> pa.DataType:
    """The Arrow type that the contract writes so, such as `list<struct<reason: string, n: int64>>`."""
    if found := re.fullmatch(r"list<(.*?)(?:; (\d+))?>", written):
        element = pa.field("element", type_of(found[1]), nullable=False)
        return pa.list_(element, int(found[2])) if found[2] else pa.list_(element)
    if found := re.fullmatch(r"struct<(.*)>", written):
        parts = (part.partition(": ") for part in found[1].split(", "))
        return pa.struct([pa.field(n, type_of(kind.rstrip("?")), kind.endswith("?")) for n, _, kind in parts])
    return _PLAIN[written]
