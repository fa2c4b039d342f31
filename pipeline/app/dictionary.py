"""The data dictionary, made from the contracts: what `newsfold schema` prints and what `docs/tables.md` holds."""

import json
from typing import Any

import pyarrow as pa

from pipeline.app.dbt import as_dbt
from pipeline.app.ddl import as_ddl
from pipeline.app.odcs import as_odcs
from pipeline.app.options import Form
from pipeline.model.changes_table import CHANGES
from pipeline.model.compatibility import as_plain
from pipeline.model.contract import VERSION, Contract
from pipeline.model.internal_tables import BY_NAME
from pipeline.model.tables import JOURNALS, PUBLISHED


def written(form: Form, warehouse: str | None = None) -> str:
    """The contract of all published tables in one of the forms; those that name files name those of `warehouse`."""
    where = (warehouse or "warehouse").rstrip("/")
    match form:
        case Form.MARKDOWN:
            return as_markdown()
        case Form.JSON:
            return json.dumps(as_plain(), indent=1, ensure_ascii=False) + "\n"
        case Form.ODCS:
            return as_odcs(where)
        case Form.DDL:
            return as_ddl()
        case Form.DBT:
            return as_dbt(where)


_HEAD = f"""# Tables

Made from `pipeline/model/tables.py` by `newsfold schema`; contract version {VERSION}. Each table is plain Parquet, one
file per day: `<warehouse>/<table>/day=YYYY-MM-DD/part-0.parquet`. Rows are sorted by key, times are UTC, no row
appears twice. `?` marks a column that can be null. `changes` is a journal of them, in other files (warehouse.md).
"""


def names() -> list[str]:
    return list(BY_NAME)


def as_dicts(name: str | None = None) -> list[dict[str, Any]]:
    """One table, or all published ones, as plain data."""
    return [
        {
            "table": contract.name,
            "row": contract.row,
            "key": list(contract.key),
            "partition": contract.partition,
            "columns": [
                {"name": c.name, "type": _type(c.type), "nullable": c.nullable, "meaning": c.meaning}
                for c in contract.columns
            ],
        }
        for contract in _chosen(name)
    ]


def as_markdown(name: str | None = None) -> str:
    """The same as Markdown."""
    return "\n".join([_HEAD] * (name is None) + [_section(contract) for contract in _chosen(name)])


def _chosen(name: str | None) -> tuple[Contract, ...]:
    return (BY_NAME[name],) if name else PUBLISHED + JOURNALS


def _section(contract: Contract) -> str:
    files = (
        f"Its files hold {contract.partition}" if contract == CHANGES else f"`day` is {contract.partition}"
    )
    lines = [
        f"## {contract.name}",
        "",
        f"One row is {contract.row}. Key: {', '.join(f'`{k}`' for k in contract.key)}. {files}.",
        "",
        "| column | type | meaning |",
        "|---|---|---|",
    ]
    lines += [f"| `{c.name}` | {_type(c.type)}{'?' * c.nullable} | {c.meaning} |" for c in contract.columns]
    return "\n".join([*lines, ""])


def _type(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return f"list of {_type(kind.value_type)}"
    if pa.types.is_struct(kind):
        return "(" + ", ".join(f"{f.name} {_type(f.type)}{'?' * f.nullable}" for f in kind) + ")"
    return "timestamp UTC (µs)" if pa.types.is_timestamp(kind) else str(kind)
