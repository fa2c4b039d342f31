"""The data dictionary: what is printed about tables, and what stands in the docs."""

import re

from pipeline.app import dictionary
from pipeline.model.internal_tables import BY_NAME
from pipeline.model.tables import JOURNALS, PUBLISHED
from tests.command import ROOT


def test_the_tables_page_is_what_the_code_prints() -> None:
    """docs/tables.md is made from the contracts; `make docs` writes it."""
    assert (ROOT / "docs" / "tables.md").read_text(encoding="utf-8") == dictionary.as_markdown()


def test_one_table_is_described_alone_and_an_internal_one_too() -> None:
    """Without a name, those that consumers read."""
    assert [c.name for c in PUBLISHED + JOURNALS] == [table["table"] for table in dictionary.as_dicts()]
    (signatures,) = dictionary.as_dicts("signatures")
    assert BY_NAME["signatures"].names == [column["name"] for column in signatures["columns"]]
    assert dictionary.as_markdown("signatures").startswith("## signatures\n")


def test_a_type_says_what_is_in_it_and_what_can_be_null() -> None:
    (runs,) = dictionary.as_dicts("runs")
    types = {column["name"]: column["type"] for column in runs["columns"]}

    assert "list of (reason string, n int64)" == types["rejects_by_reason"]
    assert "other_id string?" in types["stage_faults"]
    assert "| `title` | string? |" in dictionary.as_markdown("articles")


def test_the_columns_that_came_with_contract_2_are_those_of_its_page() -> None:
    """The page also lists columns that are still to come."""
    page = (ROOT / "docs" / "contract-2.md").read_text(encoding="utf-8").split("## New values")[0]
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", page, re.MULTILINE)
    listed = {(table, column) for table, columns in rows for column in re.findall(r"\w+", columns)}
    of_version = {
        n: {(t.name, c.name) for t in PUBLISHED + JOURNALS for c in t.columns if c.since == n} for n in (1, 2)
    }

    assert of_version[2] <= listed
    assert not of_version[1] & listed
