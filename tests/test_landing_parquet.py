"""Documents in the rows of a Parquet file."""

from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.model.kinds import Reject
from tests.delivered import (
    FOLDER,
    outcome,
    put,
    read,
)


def test_parquet_has_the_columns_of_the_json_lines(zone: Path) -> None:
    table = pa.table(
        {
            "url": ["http://x/1", None, "http://x/3"],
            "html": pa.array([b"<p>\xff", None, None], pa.binary()),
            "text": ["", "two", None],
            "published_at": pa.array([0, 1_000_000_001, None], pa.timestamp("ns", "UTC")),
            "fetched_at": pa.array(["2026-03-05", "x", None]),
            "other": [1, 2, 3],
        }
    )
    path = put(zone, "a.parquet", b"")
    pq.write_table(table, path)

    one, two, three = read(zone)

    assert (one["media"], one["body"], one["charset"]) == ("html", b"<p>\xff", None)
    assert one["fetched_at"] == datetime(2026, 3, 5, tzinfo=UTC)
    assert (two["media"], two["body"], two["url"]) == ("text", b"two", None)
    assert two["published_at"] == datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)
    assert (three["raw_ref"], three["reason"]) == (f"{FOLDER}/a.parquet#2", Reject.BAD_RECORD)


def test_parquet_with_other_types_is_read(zone: Path) -> None:
    table = pa.table(
        {
            "html": pa.array(["<p>a"]).dictionary_encode(),
            "url": pa.array(["http://x"], pa.large_string()),
            "published_at": pa.array([date(2026, 3, 5)]),
            "fetched_at": pa.array(
                [datetime(2026, 3, 5, 12, tzinfo=UTC)], pa.timestamp("s", "Europe/Berlin")
            ),
        }
    )
    pq.write_table(table, put(zone, "a.parquet", b""))

    (row,) = read(zone)

    assert (row["body"], row["url"]) == (b"<p>a", "http://x")
    assert row["published_at"] == datetime(2026, 3, 5, tzinfo=UTC)
    assert row["fetched_at"] == datetime(2026, 3, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize("cut", [0, 3, 200])
def test_a_broken_parquet_is_one_reject(zone: Path, cut: int) -> None:
    path = put(zone, "a.parquet", b"")
    pq.write_table(pa.table({"text": ["a"]}), path)
    path.write_bytes(path.read_bytes()[:cut])

    assert outcome(read(zone)) == [("0", Reject.UNREADABLE)]


def test_parquet_without_text_gives_a_reject_for_each_row(zone: Path) -> None:
    pq.write_table(pa.table({"body": ["a", "b"]}), put(zone, "a.parquet", b""))

    assert outcome(read(zone)) == [("0", Reject.BAD_RECORD), ("1", Reject.BAD_RECORD)]
