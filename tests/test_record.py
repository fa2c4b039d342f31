"""What is delivered with a document: its fields, and which of them is the document."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.landing.record import from_fields
from pipeline.model.internal_tables import RAW
from pipeline.model.kinds import Reject
from tests.delivered import (
    lines,
    put,
    read,
    read_one,
)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-03-05", datetime(2026, 3, 5, tzinfo=UTC)),
        ("20260305", datetime(2026, 3, 5, tzinfo=UTC)),
        ("2026-03-05T10:11:12Z", datetime(2026, 3, 5, 10, 11, 12, tzinfo=UTC)),
        ("2026-03-05 10:11:12.5Z", datetime(2026, 3, 5, 10, 11, 12, 500_000, tzinfo=UTC)),
        ("Thu, 05 Mar 2026 10:11:12 +0100", datetime(2026, 3, 5, 9, 11, 12, tzinfo=UTC)),
        (1772705472, datetime(2026, 3, 5, 10, 11, 12, tzinfo=UTC)),
        (1772705472.25, datetime(2026, 3, 5, 10, 11, 12, 250_000, tzinfo=UTC)),
        (1772705472000, datetime(2026, 3, 5, 10, 11, 12, tzinfo=UTC)),
        ("1772705472", datetime(2026, 3, 5, 10, 11, 12, tzinfo=UTC)),
        *(
            (bad, None)
            for bad in ("yesterday", "", "2026-13-05", "0000-00-00", None, True, {}, [], 1e300, -1e300)
        ),
        *((bad, None) for bad in (float("nan"), float("inf"), 10**400, "9" * 500)),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59-14:00", None),
    ],
)
def test_times_are_iso_8601_or_rfc_2822_or_seconds_and_bad_ones_are_none(
    zone: Path, written: object, meant: datetime | None
) -> None:
    row = read_one(zone, "a.jsonl", lines({"text": "A", "published_at": written}))

    assert row["published_at"] == meant
    assert row["reason"] is None


@given(
    st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(), st.lists, max_leaves=5)
)
def test_any_value_in_any_field_gives_a_row(value: object) -> None:
    fields = dict.fromkeys(("html", "text", "url", "title", "outlet", "published_at", "fetched_at"), value)

    row = from_fields(0, fields, 1000)
    del row["record"]

    assert RAW.table([row | {"raw_ref": "x#0"}]).num_rows == 1


@pytest.mark.parametrize(
    "empty", [{}, {"text": ""}, {"text": None}, {"text": " \n"}, {"html": "", "text": ""}]
)
def test_a_record_with_a_headline_alone_is_a_document(zone: Path, empty: dict[str, Any]) -> None:
    """Its text is the headline; in a table likewise."""
    record = {"url": "https://example.com/1", "title": "Northern bridge to close", **empty}
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist([record]), sink)
    put(zone, "a.jsonl", lines(record))
    put(zone, "b.parquet", sink.getvalue().to_pybytes())

    for row in read(zone):
        found = {name: row[name] for name in ("media", "body", "title", "url", "reason")}
        assert found == {
            "media": "text",
            "body": b"Northern bridge to close",
            "title": "Northern bridge to close",
            "url": "https://example.com/1",
            "reason": None,
        }


def test_a_text_is_read_where_the_page_is_empty(zone: Path) -> None:
    row = read_one(zone, "a.jsonl", lines({"html": " ", "text": "The council met.", "title": "Council"}))

    assert (row["media"], row["body"]) == ("text", b"The council met.")


@pytest.mark.parametrize("title", [None, "", "  ", ["A"], "x" * 70_000])
def test_a_record_without_a_usable_headline_is_a_reject(zone: Path, title: object) -> None:
    row = read_one(zone, "a.jsonl", lines({"title": title, "text": ""}))

    assert row["reason"] == Reject.BAD_RECORD


@pytest.mark.parametrize(
    ("stated", "names"),
    [
        ("Jane Doe", ["Jane Doe"]),
        ([{"name": "Jane Doe"}, {"name": "John Roe"}], ["Jane Doe", "John Roe"]),
        ('[{"name": "Jane Doe"}, {"name": "John Roe"}]', ["Jane Doe", "John Roe"]),
        (["Jane Doe", None, ""], ["Jane Doe"]),
        ({"given_name": "Jane", "family_name": "Doe"}, ["Jane Doe"]),
        ("x" * 70_000, None),
        ([], None),
        (7, None),
    ],
)
@pytest.mark.parametrize("field", ["authors", "author"])
def test_authors_come_in_any_form(stated: Any, names: list[str] | None, field: str) -> None:
    assert names == from_fields(0, {"text": "A", field: stated}, 1_000)["authors"]


def test_a_tables_authors_are_lists_of_records_too(zone: Path) -> None:
    """And of texts, or JSON in a text."""
    forms = ([{"name": "Jane Doe"}], ["Jane Doe"], '["Jane Doe"]', {"name": "Jane Doe"})
    for n, form in enumerate(forms):
        path = put(zone, f"{n}.parquet", b"")
        pq.write_table(pa.Table.from_pylist([{"text": "A", "author": form}]), path)

    assert [["Jane Doe"]] * len(forms) == [row["authors"] for row in read(zone)]
