"""The contract as plain data, and which changes of it break somebody who reads: the policy of docs/compatibility.md in code."""

from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from pipeline.model import promises
from pipeline.model.contract import VERSION, Column, Contract
from pipeline.model.days import PARTITION_PATH
from pipeline.model.tables import PUBLISHED

FORMAT = "newsfold-contract/1"  # of the document itself; its JSON schema is docs/contracts/schema-1.json

Plain = dict[str, Any]


def as_plain() -> Plain:
    """The whole contract of what is published, as JSON can hold it."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "path": PARTITION_PATH,
        "max_age_hours": promises.MAX_AGE_HOURS,
        "rules": [{"name": rule.name, "meaning": rule.sentence} for rule in promises.EVERYWHERE],
        "tables": [_table(contract) for contract in PUBLISHED],
    }


def _table(contract: Contract) -> Plain:
    told = promises.of_table(contract.name)
    return {
        "name": contract.name,
        "row": contract.row,
        "key": list(contract.key),
        "partition": contract.partition,
        "columns": [_column(n, c, told) for n, c in enumerate(contract.columns, 1)],
        "references": [
            {"column": one.column, "to": one.to, "key": promises.KEYS[one.to], "same_day": one.same_day}
            for one in told
            if isinstance(one, promises.Refers)
        ],
        "rules": [
            {"name": one.name, "meaning": one.sentence} for one in told if isinstance(one, promises.Adds)
        ],
    }


def _column(field_id: int, column: Column, told: list[promises.Promise]) -> Plain:
    plain: Plain = {
        "name": column.name,
        "type": type_name(column.type),
        "nullable": column.nullable,
        "meaning": column.meaning,
        "field_id": field_id,
        "since": column.since,
    }
    for one in told:
        if isinstance(one, promises.OneOf) and one.column == column.name:
            plain |= {"values": list(one.values), "values_may_grow": one.is_open}
        elif isinstance(one, promises.Between) and one.column == column.name:
            plain |= {"least": one.least} | ({} if one.most is None else {"most": one.most})
        elif isinstance(one, promises.Pattern) and one.column == column.name:
            plain |= {"pattern": one.expression}
    return plain


def type_name(kind: pa.DataType) -> str:
    """A type in words that mean one thing: `string`, `list<string>`, `struct<reason: string, n: int64>`, `?` for what may be null."""
    if pa.types.is_list(kind):
        return f"list<{type_name(kind.value_type)}>"
    if pa.types.is_fixed_size_list(kind):
        return f"list<{type_name(kind.value_type)}; {kind.list_size}>"
    if pa.types.is_struct(kind):
        fields = (f"{f.name}: {type_name(f.type)}{'?' * f.nullable}" for f in kind)
        return f"struct<{', '.join(fields)}>"
    return {"date32[day]": "date", "timestamp[us, tz=UTC]": "timestamp[us, UTC]"}.get(str(kind), str(kind))


def breaking(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """What of the contract `before` a reader may rely on that `after` no longer gives, a sentence each.

    Both are what `as_plain` gives. Tables, columns and wider wording that came are no break.
    """
    now = {table["name"]: table for table in after["tables"]}
    found = [] if before["path"] == after["path"] else ["files have other paths"]
    for table in before["tables"]:
        there = now.get(table["name"])
        found += [f"{table['name']}: the table is gone"] if there is None else _of_table(table, there)
    return found


def _of_table(before: Plain, after: Plain) -> Iterator[str]:
    name = before["name"]
    for what in ("key", "partition"):
        if before[what] != after[what]:
            yield f"{name}: the {what} is {after[what]}, not {before[what]}"
    for one in before["references"]:
        if one not in after["references"]:
            yield f"{name}.{one['column']}: it no longer refers to {one['to']}"
    for rule in before["rules"]:
        if rule["name"] not in {one["name"] for one in after["rules"]}:
            yield f"{name}: the rule {rule['name']} is gone"
    now = {column["name"]: column for column in after["columns"]}
    for column in before["columns"]:
        there = now.get(column["name"])
        if there is None:
            yield f"{name}.{column['name']}: the column is gone"
        else:
            yield from (f"{name}.{column['name']}: {what}" for what in _of_column(column, there))


def _of_column(before: Plain, after: Plain) -> Iterator[str]:
    if before["type"] != after["type"]:
        yield f"its type is {after['type']}, not {before['type']}"
    if after["nullable"] and not before["nullable"]:
        yield "it may be null"
    if before["field_id"] != after["field_id"]:
        yield f"its field id is {after['field_id']}, not {before['field_id']}"
    yield from _of_values(before, after)
    for bound, is_wider in (("least", -1), ("most", 1)):
        if bound in before and (bound not in after or (after[bound] - before[bound]) * is_wider > 0):
            yield f"its bound {bound} is {after.get(bound, 'gone')}, not {before[bound]}"
    if before.get("pattern") != after.get("pattern") and "pattern" in before:
        yield f"its pattern is {after.get('pattern', 'gone')}, not {before['pattern']}"


def _of_values(before: Plain, after: Plain) -> Iterator[str]:
    """A value that is gone had a meaning that somebody asks for; one that came breaks only who was promised that there are no more."""
    if "values" not in before:
        return
    now = after.get("values", [])
    yield from (f"the value {value} is gone" for value in before["values"] if value not in now)
    if not before["values_may_grow"]:
        yield from (f"the value {value} is new" for value in now if value not in before["values"])
