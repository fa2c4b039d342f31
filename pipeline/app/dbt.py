"""The contract as a source file of dbt: tables, columns, their meanings, and the tests that dbt itself has."""

from pipeline.app import block_yaml
from pipeline.model import promises
from pipeline.model.compatibility import Plain
from pipeline.model.contract import Column, Contract
from pipeline.model.days import PARTITION_PATH
from pipeline.model.tables import PUBLISHED


def as_dbt(warehouse: str = "warehouse") -> str:
    """A `sources.yml`; with dbt-duckdb the tables are read from `warehouse` as they stand, other adapters read what was loaded."""
    files = f"{warehouse}/{PARTITION_PATH.format(table='{name}', day='*')}"
    source = {
        "name": "newsfold",
        "description": "News articles, which are copies of which, and the stories that they tell.",
        "config": {
            "meta": {
                "external_location": f"read_parquet('{files}', hive_partitioning = true, union_by_name = true)"
            }
        },
        "tables": [_table(contract) for contract in PUBLISHED],
    }
    return block_yaml.dump({"version": 2, "sources": [source]})


def _table(contract: Contract) -> Plain:
    told = promises.of_table(contract.name)
    columns = [_column(contract, column, told) for column in contract.columns]
    return {
        "name": contract.name,
        "description": f"One row is {contract.row}.",
        **_freshness(contract),
        "columns": [
            *columns,
            {"name": "day", "description": f"The partition: {contract.partition}.", "data_tests": _FULL},
        ],
    }


_FULL = ["not_null"]


def _freshness(contract: Contract) -> Plain:
    """Of `runs` alone: its row comes last, and the others have days without rows."""
    if contract.name != "runs":
        return {}
    late = {"error_after": {"count": promises.MAX_AGE_HOURS, "period": "hour"}}
    return {
        "config": {"freshness": late, "loaded_at_field": "cast(ingest_date + interval 1 day as timestamp)"}
    }


def _column(contract: Contract, column: Column, told: list[promises.Promise]) -> Plain:
    tests: list[Plain | str] = [] if column.nullable else list(_FULL)
    tests += ["unique"] if contract.key == (column.name,) else []
    for one in told:
        if isinstance(one, promises.OneOf) and one.column == column.name:
            tests.append({"accepted_values": {"arguments": {"values": list(one.values)}}})
        if isinstance(one, promises.Refers) and one.column == column.name and one.table != "stories":
            to = f"source('newsfold', '{one.to}')"
            tests.append(
                {"relationships": {"arguments": {"to": to, "field": promises.KEYS[one.to]}, "config": _WARN}}
            )
    found: Plain = {"name": column.name, "description": column.meaning}
    return found | ({"data_tests": tests} if tests else {})


_WARN = {"severity": "warn"}  # texts may be retired, and what refers to them stays
