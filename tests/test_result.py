"""What a run holds of a day before it is published."""

from datetime import date
from types import SimpleNamespace
from typing import get_type_hints

import pyarrow as pa
import pytest

from pipeline.day import result
from pipeline.day.documents import no_documents
from pipeline.day.result import Day, DayTables
from pipeline.model.internal_tables import BY_NAME


def test_each_table_of_a_day_stands_under_the_name_of_its_contract() -> None:
    """So what works on all of them, staging and publishing, finds the contract of each."""
    tables = DayTables().by_name()

    assert list(get_type_hints(DayTables)) == list(tables)
    for name, table in tables.items():
        assert BY_NAME[name].schema == table.schema


def test_a_day_lets_go_of_its_extracted_documents_when_they_are_handed_over() -> None:
    made = Day(date(2026, 3, 5), "")
    made.extracted = rows = no_documents()

    assert rows is made.release_extracted()
    assert made.extracted is not rows


def test_a_stage_within_a_stage_counts_for_itself_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter([0.0, 1.0, 4.0, 10.0])  # outer begins, inner begins, inner ends, outer ends
    monkeypatch.setattr("pipeline.day.result.time", SimpleNamespace(perf_counter=lambda: next(ticks)))
    made = Day(date(2026, 3, 5), "")

    with made.timed("outer"), made.timed("inner"):
        pass

    assert {"inner": 3.0, "outer": 7.0} == made.seconds


def test_large_tables_stand_on_disk_when_a_stage_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is written once, and again if a later stage has made it anew; small ones stay in memory."""
    shelved: list[int] = []
    shelve = result.spill.shelve
    monkeypatch.setattr(result.spill, "LARGE_BYTES", 100)
    monkeypatch.setattr(
        result.spill, "shelve", lambda table: [shelved.append(table.num_rows), shelve(table)][1]
    )
    made = Day(date(2026, 3, 5), "")

    with made.timed("clean"):
        made.tables.articles = pa.table({"article_id": [str(n) for n in range(1_000)]})
        made.tables.rejects = pa.table({"raw_ref": ["a"]})
    with made.timed("stories"):
        made.tables.memberships = pa.table({"article_id": [str(n) for n in range(2_000)]})
    with made.timed("stories"):
        made.tables.articles = made.tables.articles.slice(10)

    assert [1_000, 2_000, 990] == shelved
    assert ["10", "999"] == made.tables.articles["article_id"].take([0, 989]).to_pylist()
