"""The contract as a source file of dbt."""

import duckdb
import yaml

from pipeline.app.dbt import as_dbt
from pipeline.model.tables import PUBLISHED, STORIES
from tests.explored import Explored


def test_it_names_every_table_column_meaning_and_test() -> None:
    (source,) = yaml.safe_load(as_dbt())["sources"]
    tables = {table["name"]: {c["name"]: c for c in table["columns"]} for table in source["tables"]}

    assert {c.name: [*c.names, "day"] for c in PUBLISHED} == {n: list(c) for n, c in tables.items()}
    assert ["not_null", "unique"] == tables["articles"]["article_id"]["data_tests"][:2]
    assert "near" in str(tables["memberships"]["kind"]["data_tests"])
    assert "source('newsfold', 'articles')" in str(tables["links"]["other_id"]["data_tests"])
    assert {"runs"} == {table["name"] for table in source["tables"] if "config" in table}


def test_the_place_that_it_names_has_the_rows(explored: Explored) -> None:
    warehouse = explored.world.root / "warehouse"
    (source,) = yaml.safe_load(as_dbt(str(warehouse)))["sources"]
    place = source["config"]["meta"]["external_location"].format(name="stories")

    rows = duckdb.connect().execute(f"select * from {place}")  # noqa: S608 - a path of ours
    names = {name for name, *_ in rows.description}
    assert rows.fetchall()
    assert {*STORIES.names, "day"} == names
