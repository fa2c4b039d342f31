"""The contract as plain data, and that no change breaks who reads without a new version: docs/compatibility.md."""

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.model.compatibility import as_plain, breaking, type_name
from pipeline.model.contract import VERSION
from pipeline.model.tables import PUBLISHED
from tests.command import ROOT

KEPT = {
    int(path.stem.rpartition("-")[2]): path for path in (ROOT / "docs" / "contracts").glob("contract-*.json")
}
SCHEMA = json.loads((ROOT / "docs" / "contracts" / "schema-1.json").read_text(encoding="utf-8"))

Plain = dict[str, Any]


def column(contract: Plain, table: str, name: str) -> Plain:
    (found,) = (c for c in of(contract, table)["columns"] if c["name"] == name)
    return found  # type: ignore[no-any-return]


def of(contract: Plain, table: str) -> Plain:
    (found,) = (t for t in contract["tables"] if t["name"] == table)
    return found  # type: ignore[no-any-return]


def test_the_contract_is_as_its_own_schema_says() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    validator = jsonschema.Draft202012Validator(SCHEMA)
    for one in (as_plain(), *(json.loads(path.read_text(encoding="utf-8")) for path in KEPT.values())):
        assert [] == [f"{e.json_path}: {e.message}" for e in validator.iter_errors(one)]


def test_a_change_that_breaks_readers_has_a_new_version() -> None:
    """Against the contract that the last release had. If this fails: take the change back, or follow docs/compatibility.md."""
    last = max(KEPT)
    before = json.loads(KEPT[last].read_text(encoding="utf-8"))

    assert before["version"] == last
    assert VERSION in {last, last + 1}
    assert (ROOT / "docs" / f"contract-{VERSION}.md").is_file()
    if last == VERSION:
        assert [] == breaking(before, as_plain())


@pytest.mark.parametrize("version", [0, 1])
def test_columns_of_earlier_versions_are_what_they_were(version: int) -> None:
    """Those of the warehouses that earlier versions wrote."""
    folder = Path(__file__).parent / "fixtures" / f"warehouse-{version}"
    now = {c.name: c for c in PUBLISHED}
    for part in sorted(folder.glob("*/day=*/part-0.parquet")):
        schema, contract = pq.read_schema(part), now[part.parts[-3]]
        for field in schema:
            assert type_name(field.type) == type_name(contract.schema.field(field.name).type), part


BREAKS: dict[str, Callable[[Plain], object]] = {
    "links: the table is gone": lambda c: c["tables"].remove(of(c, "links")),
    "articles.lead: the column is gone": lambda c: of(c, "articles")["columns"].remove(
        column(c, "articles", "lead")
    ),
    "articles.word_count: its type is int64, not int32": lambda c: column(c, "articles", "word_count").update(
        type="int64"
    ),
    "links: the key is ['article_id'], not ['article_id', 'other_id']": lambda c: of(c, "links").update(
        key=["article_id"]
    ),
    "stories: the partition is the last day, not the day of its first article": lambda c: of(
        c, "stories"
    ).update(partition="the last day"),
    "articles.text: it may be null": lambda c: column(c, "articles", "text").update(nullable=True),
    "memberships.kind: the value near is gone": lambda c: column(c, "memberships", "kind")["values"].remove(
        "near"
    ),
    "memberships.kind: the value twin is new": lambda c: column(c, "memberships", "kind")["values"].append(
        "twin"
    ),
    "links.jaccard: its bound most is 2, not 1": lambda c: column(c, "links", "jaccard").update(most=2),
    "links.jaccard: its bound least is gone, not 0": lambda c: column(c, "links", "jaccard").pop("least"),
    "articles.text: its field id is 99, not 9": lambda c: column(c, "articles", "text").update(field_id=99),
    "articles.article_id: its pattern is gone, not [0-9]{8}[0-9a-f]{24}": lambda c: column(
        c, "articles", "article_id"
    ).pop("pattern"),
    "links.other_id: it no longer refers to articles": lambda c: of(c, "links")["references"].pop(),
    "runs: the rule conserved is gone": lambda c: of(c, "runs")["rules"].pop(0),
    "files have other paths": lambda c: c.update(path="{table}/{day}.parquet"),
}


@pytest.mark.parametrize("said", BREAKS)
def test_what_breaks_readers_is_named(said: str) -> None:
    after = copy.deepcopy(as_plain())
    BREAKS[said](after)

    assert [said] == breaking(as_plain(), after)


def test_additions_and_better_words_break_nobody() -> None:
    after = copy.deepcopy(as_plain())
    new = {"name": "mood", "type": "string", "nullable": True, "meaning": "How.", "field_id": 99, "since": 2}
    of(after, "articles")["columns"].append(new)
    after["tables"].append(of(after, "links") | {"name": "moods"})
    column(after, "articles", "title").update(nullable=False, meaning="In other words.")
    column(after, "rejects", "reason")["values"].append("too_dull")
    column(after, "links", "jaccard").update(least=0.1)

    assert [] == breaking(as_plain(), after)


def test_a_type_says_all_that_it_is() -> None:
    inner = pa.struct([pa.field("a", pa.string(), nullable=False), pa.field("b", pa.int64())])

    assert "list<struct<a: string, b: int64?>>" == type_name(pa.list_(inner))
    assert "list<int8; 512>" == type_name(pa.list_(pa.int8(), 512))
    assert {"string", "date", "timestamp[us, UTC]"} <= {
        type_name(c.type) for t in PUBLISHED for c in t.columns
    }
    every = {type_name(c.type) for t in PUBLISHED for c in t.columns}
    assert all(re.fullmatch(r"[\w<>,:;? \[\]]+", one) for one in every)
