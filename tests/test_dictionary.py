"""The data dictionary: what is printed about tables, and what stands in the docs."""

import json
import re

import pytest
from typer.testing import CliRunner

from pipeline.app import dictionary
from pipeline.app.cli import app
from pipeline.app.options import Form
from pipeline.model.contract import VERSION
from pipeline.model.errors import SettingsError
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


@pytest.mark.parametrize("form", Form)
def test_the_contract_is_written_in_each_form(form: Form) -> None:
    """To standard output, whole: for other programs to read."""
    shown = CliRunner().invoke(app, ["schema", "--format", str(form), "--warehouse", "s3://news/wh/"])

    assert 0 == shown.exit_code
    assert all(contract.name in shown.output for contract in PUBLISHED)
    if form is not Form.MARKDOWN:
        assert shown.output == dictionary.written(form, "s3://news/wh")
    if form in {Form.ODCS, Form.DBT}:
        assert "s3://news/wh/" in shown.output
        assert "s3://news/wh//" not in shown.output
    if form is Form.JSON:
        assert VERSION == json.loads(shown.output)["version"]


@pytest.mark.parametrize("more", [["stories"], ["--json"]])
def test_other_forms_are_of_all_tables(more: list[str]) -> None:
    shown = CliRunner().invoke(app, ["schema", "--format", "ddl", *more])

    assert isinstance(shown.exception, SettingsError)
    assert "all published tables" in str(shown.exception)
