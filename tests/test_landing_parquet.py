"""Documents in the rows of a Parquet file."""

import io
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.landing import parquet
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
    pq.write_table(pa.table({"lyrics": ["a", "b"], "key": [1, 2]}), put(zone, "a.parquet", b""))

    rows = read(zone)

    assert outcome(rows) == [("0", Reject.BAD_RECORD), ("1", Reject.BAD_RECORD)]
    assert rows[0]["detail"] == "no html, text or title, but the columns lyrics, key"


TEXT = "The ferry to Northbridge did not sail on Thursday."


def bytes_of(table: pa.Table, **options: Any) -> bytearray:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, **options)
    return bytearray(sink.getvalue().to_pybytes())


EXTREMES = [
    *(
        pa.array([n], pa.int64()).view(pa.timestamp(unit, zone))
        for n in (2**63 // 1000, -(2**63) // 1000 + 1)
        for unit in ("s", "ms", "us", "ns")
        for zone in (None, "UTC", "Europe/Berlin")
    ),
    *(
        pa.array([1_772_700_000], pa.timestamp("s", zone))
        for zone in ("Mars/Olympus", "", "+99:99", "x" * 1000)
    ),
    *(pa.array([n], pa.int32()).view(pa.date32()) for n in (2**31 - 1, -(2**31))),
    *(pa.array([n], pa.int64()).view(pa.date64()) for n in (2**63 - 1, -(2**63) + 1)),
    *(
        pa.array([n], pa.int64()).view(pa.duration(unit))
        for n in (2**63 - 1, -(2**63) + 1)
        for unit in ("s", "ns")
    ),
    pa.array([86_399_999_999_999], pa.int64()).view(pa.time64("ns")),
    pa.array([float("nan")]),
    pa.array([10**37], pa.decimal128(38, 0)),
    pa.array([[TEXT]]),
    pa.array([{"a": 1}]),
    pa.array([None], pa.null()),
]


@pytest.mark.parametrize(
    "name", ["published_at", "fetched_at", "date", "url", "title", "outlet", "id", "content"]
)
@pytest.mark.parametrize("column", EXTREMES, ids=lambda c: f"{c.type}"[:40])
def test_no_value_of_another_column_costs_a_row(zone: Path, name: str, column: pa.Array) -> None:
    table = pa.table(
        [pa.array([TEXT] * 2), pa.concat_arrays([column, pa.nulls(1, column.type)])], ["text", name]
    )
    pq.write_table(table, put(zone, "a.parquet", b""))

    assert [("0", TEXT.encode()), ("1", TEXT.encode())] == outcome(read(zone))


@pytest.mark.parametrize("zone_name", ["Mars/Olympus", "Europe/Berlin", "+01:00"])
def test_a_time_of_a_zone_that_nobody_knows_is_still_a_moment(zone: Path, zone_name: str) -> None:
    """The zone of a column is for display."""
    at = pa.array([1_772_712_000_000_000_999], pa.timestamp("ns", zone_name))
    pq.write_table(pa.table({"text": [TEXT], "published_at": at}), put(zone, "a.parquet", b""))

    assert datetime(2026, 3, 5, 12, tzinfo=UTC) == read(zone)[0]["published_at"]


@pytest.mark.parametrize("use_dictionary", [True, False])
@pytest.mark.parametrize("name", ["text", "title", "url", "html"])
def test_a_text_that_is_not_utf8_costs_no_row(zone: Path, name: str, use_dictionary: bool) -> None:
    """Some writers say `string` and write what they have."""
    rows = [{"text": f"{n} {TEXT}", name: f"{n} {TEXT} caf@ cr@me"} for n in range(200)]
    content = bytes_of(pa.Table.from_pylist(rows), compression="none", use_dictionary=use_dictionary)
    wrong = content.find(b"@", content.find(f"100 {TEXT} caf@".encode()))
    content[wrong] = 0xE9
    put(zone, "a.parquet", bytes(content))

    found = read(zone)

    assert 200 == len(found)
    assert not any(row["reason"] for row in found)
    assert all(f"{n} {TEXT}".encode() in row["body"] for n, row in enumerate(found))


def test_of_two_columns_with_one_name_the_first_is_read(zone: Path) -> None:
    table = pa.table([pa.array([TEXT]), pa.array(["other"]), pa.array(["x"])], ["text", "text", "text.more"])
    pq.write_table(table, put(zone, "a.parquet", b""))

    assert [("0", TEXT.encode())] == outcome(read(zone))


@pytest.mark.parametrize("compression", ["none", "snappy", "zstd", "gzip", "brotli", "lz4"])
def test_a_damaged_row_group_costs_itself(zone: Path, compression: str) -> None:
    rows = [{"text": f"{n} " + " ".join(str(n * k) for k in range(300))} for n in range(300)]
    table = pa.Table.from_pylist(rows)
    content = bytes_of(table, compression=compression, row_group_size=100, write_page_checksum=True)
    chunk = pq.read_metadata(pa.BufferReader(bytes(content))).row_group(1).column(0)
    first = min(chunk.dictionary_page_offset or chunk.data_page_offset, chunk.data_page_offset)
    middle = first + chunk.total_compressed_size // 2
    content[middle : middle + 20] = bytes(20)
    put(zone, "a.parquet", bytes(content))

    found = read(zone)

    bodies = [row["body"].decode() for row in found if row["body"]]
    (lost,) = (row for row in found if row["reason"])
    assert [row["text"] for row in rows[:100]] == bodies[:100]
    assert [row["text"] for row in rows[200:]] == bodies[-100:]
    assert Reject.UNREADABLE == lost["reason"]
    assert "to 199 are lost" in lost["detail"]
    assert f"{FOLDER}/a.parquet#299" == found[-1]["raw_ref"]


# --- what would fill the memory ------------------------------------------------------------------------------

ROOMY = """
import sys
from pathlib import Path
from pipeline.extract.sandbox import _limit_memory
import pipeline.landing.read, pyarrow.parquet, fastwarc, resiliparse.parse.encoding
from pipeline.landing import parquet
from tests.delivered import outcome, read
parquet._PAGE_BYTES = 100_000_000
_limit_memory(400_000_000)
for row in read(Path(sys.argv[1]), 20_000_000):
    print(row["reason"], len(row["body"] or b""))
"""


def read_in_400_megabytes(zone: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", ROOMY, str(zone)], capture_output=True, text=True, check=False
    )
    assert not done.returncode, done.stderr
    return done.stdout.splitlines()


def test_one_long_value_of_many_rows_is_in_memory_once(zone: Path) -> None:
    """10 MB, in 64 rows of 1 kB."""
    table = pa.table(
        {"url": [f"https://example.org/{n}" for n in range(64)], "title": ["t" * 10_000_000] * 64}
    )
    pq.write_table(table, put(zone, "a.parquet", b""), compression="zstd", row_group_size=64)

    assert ["bad_record 0"] * 64 == read_in_400_megabytes(zone)


@pytest.mark.parametrize(
    "options",
    [{"use_dictionary": True}, {"use_dictionary": False, "column_encoding": {"title": "DELTA_BYTE_ARRAY"}}],
    ids=["listed", "shared"],
)
@pytest.mark.parametrize("compression", ["zstd", "brotli", "gzip"])
def test_values_that_repeat_each_other_are_read_one_at_a_time(
    zone: Path, compression: str, options: dict[str, Any]
) -> None:
    table = pa.table({"title": ["t" * 10_000_000] * 100})
    pq.write_table(table, put(zone, "a.parquet", b""), compression=compression, **options)

    assert ["bad_record 0"] * 100 == read_in_400_megabytes(zone)


def test_a_page_that_unpacks_to_very_much_is_refused_before_it_is(zone: Path) -> None:
    """500 values of 1 MB in one page, in 20 kB; the next row group is read."""
    sink = io.BytesIO()
    bomb = pa.table({"text": pa.array(["x" * 1_000_000] * 500, pa.large_string())})
    with pq.ParquetWriter(
        sink, bomb.schema, compression="zstd", use_dictionary=False, data_page_size=10**9
    ) as writer:
        writer.write_table(bomb)
        writer.write_table(pa.table({"text": pa.array([TEXT], pa.large_string())}))
    put(zone, "a.parquet", sink.getvalue())

    assert ["too_large 0", f"None {len(TEXT)}"] == read_in_400_megabytes(zone)


def test_very_many_rows_that_say_nothing_are_one_reject(zone: Path) -> None:
    pq.write_table(pa.table({"text": pa.nulls(5_000_000, pa.string())}), put(zone, "a.parquet", b""))

    assert [("0", Reject.TOO_COMPLEX)] == outcome(read(zone))


def test_lists_are_paragraphs_and_authors_and_one_of_very_many_values_is_left_out(zone: Path) -> None:
    table = pa.table(
        {
            "body": [[TEXT, None, "It sailed on Friday."], ["x"] * 200_000],
            "authors": [["Ada Quill", "Bo Reed"], []],
            "publisher": [{"name": "Example"}] * 2,
            "title": ["Ferry"] * 2,
        }
    )
    pq.write_table(table, put(zone, "a.parquet", b""))

    one, two = read(zone)

    assert f"{TEXT}\nIt sailed on Friday." == one["body"].decode()
    assert ["Ada Quill", "Bo Reed"] == one["authors"]
    assert "Example" == one["outlet"]
    assert b"Ferry" == two["body"]


def test_lists_of_more_values_than_memory_holds_are_refused_by_their_number(
    zone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "_LIST_VALUES", 1_000)
    pq.write_table(pa.table({"text": [["x"] * 2_000] * 3}), put(zone, "a.parquet", b""))

    assert [("0", Reject.TOO_COMPLEX)] == outcome(read(zone))
