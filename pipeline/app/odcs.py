"""The contract as an Open Data Contract Standard document (ODCS v3.1.0), made from the contracts and promises of `pipeline/model`."""

from typing import Any

import pyarrow as pa

from pipeline.app import block_yaml
from pipeline.model import promises
from pipeline.model.compatibility import Plain, type_name
from pipeline.model.contract import VERSION, Column, Contract
from pipeline.model.days import PARTITION_PATH
from pipeline.model.tables import PUBLISHED

_STANDARD = "v3.1.0"


def as_odcs(warehouse: str = "warehouse") -> str:
    """The document as YAML; `warehouse` is the folder or `s3://bucket/prefix` that it says the tables stand in."""
    return block_yaml.dump(
        {
            "apiVersion": _STANDARD,
            "kind": "DataContract",
            "id": f"newsfold-contract-{VERSION}",
            "name": "newsfold warehouse",
            "version": f"{VERSION}.0.0",
            "status": "active",
            "domain": "news",
            "description": _DESCRIPTION,
            "servers": [_server(warehouse)],
            "schema": [_object(contract) for contract in PUBLISHED],
            "slaProperties": _SLA,
            "customProperties": [{"property": "newsfold.contract_version", "value": VERSION}],
        }
    )


_DESCRIPTION = {
    "purpose": "News articles of many outlets, which of them are copies of which, and which stories they tell.",
    "usage": "Plain Parquet, one file a table and day, replaced at once: a reader sees the old day or the new one. Rows are sorted by the key.",
    "limitations": (
        "Tables of one day are published one after the other, runs last. Stories that go on are rewritten under their first day."
        " Compatibility: within a version, tables and nullable columns are only added, at the end; no column is removed, renamed or"
        " given another type, key or meaning, none that is not null becomes nullable, no value of a closed set comes or goes. What"
        " breaks readers comes with a new version, which stands in the metadata of each file."
    ),
}
_SLA: list[Plain] = [
    {
        "property": "latency",
        "value": promises.MAX_AGE_HOURS - 24,
        "unit": "h",
        "element": "runs.ingest_date",
        "driver": "operational",
        "description": "From the end of a day (UTC) to its row in runs.",
    },
    {
        "property": "freshness",
        "value": promises.MAX_AGE_HOURS,
        "unit": "h",
        "element": "runs.ingest_date",
        "driver": "operational",
        "description": f"Since the end of the newest published day; newsfold status --max-age {promises.MAX_AGE_HOURS}h judges it.",
    },
    {"property": "frequency", "value": 1, "unit": "d", "element": "runs.ingest_date", "driver": "analytics"},
]


def _server(warehouse: str) -> Plain:
    path = f"{warehouse}/{PARTITION_PATH.format(table='{model}', day='*')}"
    if warehouse.startswith("s3://"):
        return {"server": "warehouse", "type": "s3", "location": path, "format": "parquet"}
    return {"server": "warehouse", "type": "local", "path": path, "format": "parquet"}


def _object(contract: Contract) -> Plain:
    told = promises.of_table(contract.name)
    # fmt: off
    relations = [
        {"type": "foreignKey", "from": f"{contract.name}.{one.column}", "to": f"{one.to}.{promises.KEYS[one.to]}"}
        for one in told if isinstance(one, promises.Refers) and "." not in one.column
    ]
    # fmt: on
    day = {
        "name": "day",
        "logicalType": "date",
        "physicalType": "date",
        "required": True,
        "partitioned": True,
        "partitionKeyPosition": 1,
        "description": f"The partition, from the path: {contract.partition}.",
    }
    if (n_columns := len(_key(contract))) > len(contract.key):
        day |= {"primaryKey": True, "primaryKeyPosition": n_columns}
    return {
        "name": contract.name,
        "physicalName": contract.name,
        "logicalType": "object",
        "physicalType": "parquet",
        "description": f"One row is {contract.row}.",
        "dataGranularityDescription": f"One row is {contract.row}.",
        "properties": [*(_property(contract, column, told) for column in contract.columns), day],
        **({"relationships": relations} if relations else {}),
        "quality": [_unique(contract), *(_text(one) for one in told if _is_in_words(one))],
    }


def _is_in_words(one: promises.Promise) -> bool:
    """The standard has no place for it: sums, and references out of a field of structs."""
    return isinstance(one, promises.Adds) or (isinstance(one, promises.Refers) and "." in one.column)


def _key(contract: Contract) -> list[str]:
    """The columns that are unique over all days: a key of one column names its day, one of several may be there on two."""
    return [*contract.key, "day"] if contract.key[1:] else [*contract.key]


def _unique(contract: Contract) -> Plain:
    return {
        "name": "key",
        "metric": "duplicateValues",
        "mustBe": 0,
        "unit": "rows",
        "dimension": "uniqueness",
        "arguments": {"properties": _key(contract)},
    }


def _text(one: promises.Promise) -> Plain:
    name = one.name if isinstance(one, promises.Adds) else one.column
    return {"name": name, "type": "text", "description": one.sentence, "dimension": "consistency"}


def _property(contract: Contract, column: Column, told: list[promises.Promise]) -> Plain:
    about = [one for one in told if not isinstance(one, promises.Adds) and one.column == column.name]
    is_key = column.name in contract.key
    quality = [_valid(one.values) for one in about if isinstance(one, promises.OneOf)]
    options = _options(about, column.type)
    return {
        "name": column.name,
        **_typed(column.type),
        "description": column.meaning,
        "required": not column.nullable,
        **({"unique": True} if contract.key == (column.name,) else {}),
        **({"primaryKey": True, "primaryKeyPosition": contract.key.index(column.name) + 1} if is_key else {}),
        **({"logicalTypeOptions": options} if options else {}),
        **({"quality": quality} if quality else {}),
    }


def _valid(values: tuple[str, ...]) -> Plain:
    return {
        "metric": "invalidValues",
        "arguments": {"validValues": list(values)},
        "mustBe": 0,
        "dimension": "conformity",
    }


def _options(about: list[Any], kind: pa.DataType) -> Plain:
    found: Plain = {}
    for one in about:
        if isinstance(one, promises.Pattern):
            found["pattern"] = f"^{one.expression}$"
        elif isinstance(one, promises.Between):
            number = int if pa.types.is_integer(kind) else float
            found["minimum"] = number(one.least)
            found |= {} if one.most is None else {"maximum": number(one.most)}
    return found


def _typed(kind: pa.DataType) -> Plain:
    written = type_name(kind)
    plain: Plain = {"logicalType": _logical(kind), "physicalType": _PHYSICAL.get(written, written)}
    if pa.types.is_list(kind) or pa.types.is_fixed_size_list(kind):
        plain["items"] = _typed(kind.value_type)
    if pa.types.is_struct(kind):
        plain["properties"] = [{"name": f.name, **_typed(f.type), "required": not f.nullable} for f in kind]
    return plain


# As public checkers read them: datacontract-cli tests the files by these names.
_PHYSICAL = {"bool": "boolean", "int8": "tinyint", "timestamp[us, UTC]": "timestamp_tz"}


def _logical(kind: pa.DataType) -> str:
    if pa.types.is_list(kind) or pa.types.is_fixed_size_list(kind):
        return "array"
    for is_it, name in _LOGICAL:
        if is_it(kind):
            return name
    return "string"


_LOGICAL = (
    (pa.types.is_struct, "object"),
    (pa.types.is_boolean, "boolean"),
    (pa.types.is_integer, "integer"),
    (pa.types.is_floating, "number"),
    (pa.types.is_date, "date"),
    (pa.types.is_timestamp, "timestamp"),
)
