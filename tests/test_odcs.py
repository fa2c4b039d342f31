"""The contract as an ODCS document: the public schema of the standard accepts it, and it says what the contracts say."""

import json
from importlib import resources
from typing import Any

import jsonschema
import pytest
import yaml
from open_data_contract_standard.model import OpenDataContractStandard

from pipeline.app.odcs import as_odcs
from pipeline.model.promises import MAX_AGE_HOURS
from pipeline.model.tables import PUBLISHED


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return yaml.safe_load(as_odcs("s3://news/warehouse"))  # type: ignore[no-any-return]


def test_the_public_schema_accepts_it(document: dict[str, Any]) -> None:
    schema = json.loads(
        (resources.files("open_data_contract_standard") / "schema.json").read_text(encoding="utf-8")
    )
    validator = jsonschema.Draft201909Validator(schema)

    assert document["apiVersion"] in schema["properties"]["apiVersion"]["enum"]
    assert [] == [f"{e.json_path}: {e.message}" for e in validator.iter_errors(document)]
    OpenDataContractStandard.from_string(as_odcs())


def test_it_has_every_table_column_key_and_meaning(document: dict[str, Any]) -> None:
    for contract, told in zip(PUBLISHED, document["schema"], strict=True):
        columns = [one for one in told["properties"] if one["name"] != "day"]
        assert contract.name == told["name"]
        assert [(c.name, c.meaning, not c.nullable) for c in contract.columns] == [
            (one["name"], one["description"], one["required"]) for one in columns
        ]
        assert list(contract.key) == [one["name"] for one in columns if one.get("primaryKey")]
        assert "partitioned" in told["properties"][-1]
        unique = [*contract.key, *(["day"] if told["properties"][-1].get("primaryKey") else [])]
        assert unique == told["quality"][0]["arguments"]["properties"]
        assert (len(contract.key) > 1) == ("day" in unique)  # a flow may be there on two days


def test_types_are_spelt_as_public_checkers_read_them(document: dict[str, Any]) -> None:
    """Those of DuckDB and Spark; `timestamp[us, UTC]` is none."""
    known = {"string", "boolean", "tinyint", "int32", "int64", "double", "date", "timestamp_tz"}
    told = [p["physicalType"] for table in document["schema"] for p in table["properties"]]

    assert known >= {kind for kind in told if not kind.startswith("list<")}


def test_it_has_rules_freshness_and_the_place_of_the_files(document: dict[str, Any]) -> None:
    (kind,) = (
        p for t in document["schema"] if t["name"] == "links" for p in t["properties"] if p["name"] == "kind"
    )
    sla = {one["property"]: one["value"] for one in document["slaProperties"]}
    (links,) = (t for t in document["schema"] if t["name"] == "links")

    assert "near" in kind["quality"][0]["arguments"]["validValues"]
    assert MAX_AGE_HOURS == sla["freshness"]
    assert {"from": "links.other_id", "to": "articles.article_id", "type": "foreignKey"} in links[
        "relationships"
    ]
    assert "s3://news/warehouse/{model}/day=*/part-0.parquet" == document["servers"][0]["location"]
    assert "Compatibility" in document["description"]["limitations"]
