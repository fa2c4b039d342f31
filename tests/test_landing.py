"""The landing zone: which files a day has, and which raw documents and rejects come out of them."""

import errno
import gzip
import io
import json
import os
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fastwarc.stream_io import GzipWriter, Lz4Writer, ZstdWriter
from hypothesis import given
from hypothesis import strategies as st

from pipeline.landing.files import list_files, pack
from pipeline.landing.read import _READERS, read_raw
from pipeline.landing.record import from_fields
from pipeline.model.errors import PublishError
from pipeline.model.internal import RAW
from pipeline.model.kinds import Reject
from pipeline.store.local import LocalStorage
from pipeline.store.storage import Entry
from tests.world import Breaking

DAY = date(2026, 3, 5)
FOLDER = "day=2026-03-05"
PAGE = b"<html><body><p>The council met.</p></body></html>"


@pytest.fixture
def zone(tmp_path: Path) -> Path:
    return tmp_path / "landing"


def put(zone: Path, name: str, content: bytes, folder: str = FOLDER) -> Path:
    path = zone / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def read(zone: Path, max_bytes: int = 1_000_000) -> list[dict[str, Any]]:
    storage = LocalStorage(zone)
    tables = read_raw(storage, list_files(storage, DAY), max_bytes)
    return [row for table in tables for row in RAW.conform(table).to_pylist()]


def read_one(zone: Path, name: str, content: bytes, max_bytes: int = 1_000_000) -> dict[str, Any]:
    put(zone, name, content)
    (row,) = read(zone, max_bytes)
    return row


def outcome(rows: Iterable[dict[str, Any]]) -> list[tuple[str, object]]:
    """What became of each record, by its number: its body, or the reason."""
    return [(row["raw_ref"].split("#")[1], row["reason"] or row["body"]) for row in rows]


# --- files ---------------------------------------------------------------------------------------------------


def test_files_of_a_day_are_listed_sorted_at_any_depth(zone: Path) -> None:
    for name in ("b.html", "sub/deep/a.txt", "a.jsonl"):
        put(zone, name, b"x")
    put(zone, "c.html", b"x", folder="day=2026-03-06")

    found = list_files(LocalStorage(zone), DAY)

    assert [e.path for e in found] == [f"{FOLDER}/{n}" for n in ("a.jsonl", "b.html", "sub/deep/a.txt")]


def test_a_day_without_a_folder_has_no_files(zone: Path) -> None:
    assert list_files(LocalStorage(zone), DAY) == []


def test_names_that_begin_with_a_dot_or_an_underscore_are_skipped(zone: Path) -> None:
    for name in (".a.html.part", "_SUCCESS", "_tmp/b.html", "sub/.c.html", "c_d.e.html"):
        put(zone, name, b"x")

    found = list_files(LocalStorage(zone), DAY)

    assert [e.path for e in found] == [f"{FOLDER}/c_d.e.html"]


entries = st.lists(
    st.builds(Entry, st.text("abc", min_size=1), st.integers(0, 10**9), st.just("1")),
    unique_by=lambda e: e.path,
)


@given(entries, st.integers(1, 8), st.randoms(use_true_random=False))
def test_packing_loses_no_file_is_balanced_and_does_not_depend_on_the_order(
    files: list[Entry], n_parts: int, random: Any
) -> None:
    parts = pack(files, n_parts)
    shuffled = random.sample(files, len(files))

    sizes = [sum(e.size_bytes for e in part) for part in parts]
    assert sorted(e for part in parts for e in part) == sorted(files)
    assert len(parts) == n_parts
    assert max(sizes) - min(sizes) <= max((e.size_bytes for e in files), default=0)
    assert pack(shuffled, n_parts) == parts


# --- pages and texts -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "media"),
    [
        ("a.html", "html"),
        ("A.HTM", "html"),
        ("a.txt", "text"),
        ("a.html.gz", "html"),
        ("sub/a.txt.gz", "text"),
    ],
)
def test_one_file_is_one_document(zone: Path, name: str, media: str) -> None:
    row = read_one(zone, name, gzip.compress(PAGE) if name.endswith(".gz") else PAGE)

    expected = {"raw_ref": f"{FOLDER}/{name}#0", "media": media, "body": PAGE}
    assert row == dict.fromkeys(RAW.names) | expected


def test_gzip_of_several_members_and_with_padding_is_read_whole(zone: Path) -> None:
    row = read_one(zone, "a.html.gz", gzip.compress(b"one ") + gzip.compress(b"two") + b"\0" * 100)

    assert row["body"] == b"one two"


def test_an_empty_file_is_an_empty_document(zone: Path) -> None:
    put(zone, "a.html", b"")
    put(zone, "b.html.gz", b"")
    put(zone, "c.jsonl", b"")

    assert outcome(read(zone)) == [("0", b""), ("0", b"")]


@pytest.mark.parametrize("name", ["a.html", "a.txt", "a.html.gz"])
def test_a_document_that_is_too_large_is_a_reject(zone: Path, name: str) -> None:
    content = gzip.compress(b"x" * 1001) if name.endswith(".gz") else b"x" * 1001

    assert read_one(zone, name, content, max_bytes=1000)["reason"] == Reject.TOO_LARGE


def test_a_document_of_just_the_largest_size_is_read(zone: Path) -> None:
    assert read_one(zone, "a.html", b"x" * 1000, max_bytes=1000)["reason"] is None


def test_a_gzip_bomb_is_not_unpacked(zone: Path) -> None:
    """300 MB of zeros in 300 kB are a reject, and never in memory."""
    put(zone, "a.html.gz", gzip.compress(bytes(300_000_000), 1))

    rows, peak = peak_bytes(lambda: read(zone))

    assert outcome(rows) == [("0", Reject.TOO_LARGE)]
    assert peak < 20_000_000


def peak_bytes(run: Callable[[], Any]) -> tuple[Any, int]:
    tracemalloc.start()
    try:
        return run(), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", ["a.arc", "a.pdf", "a.html.bz2", "noending", "a.json"])
def test_a_file_with_another_ending_is_a_reject(zone: Path, name: str) -> None:
    row = read_one(zone, name, PAGE)

    assert (row["raw_ref"], row["reason"]) == (f"{FOLDER}/{name}#0", Reject.UNKNOWN_FORMAT)


@pytest.mark.parametrize("is_packed", [False, True])
@pytest.mark.parametrize("name", ["a.html", "a.jsonl", "a.warc"])
def test_what_is_packed_is_told_by_its_bytes(zone: Path, name: str, is_packed: bool) -> None:
    """A crawler that unpacks a body and keeps its name, and one that does the opposite."""
    content = {
        "a.html": PAGE,
        "a.jsonl": lines({"html": PAGE.decode()}),
        "a.warc": record("response", reply(PAGE, HTML)),
    }[name]

    row = read_one(zone, name, gzip.compress(content)) if is_packed else read_one(zone, f"{name}.gz", content)

    assert PAGE == row["body"]


def test_a_gzip_of_which_the_middle_is_broken_is_a_reject(zone: Path) -> None:
    packed = bytearray(gzip.compress(os.urandom(5000)))
    packed[10:40] = b"\xff" * 30

    assert read_one(zone, "a.html.gz", bytes(packed))["reason"] == Reject.UNREADABLE


def test_a_page_whose_gzip_breaks_off_is_a_reject(zone: Path) -> None:
    packed = gzip.compress(os.urandom(5000))

    assert read_one(zone, "a.html.gz", packed[:2000])["reason"] == Reject.TRUNCATED


def test_a_link_out_of_the_landing_zone_is_a_reject_and_one_within_is_read(
    zone: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "secret.html"
    outside.write_bytes(b"secret")
    target = put(zone, "a.html", PAGE)
    (target.parent / "b.html").symlink_to(outside)
    (target.parent / "c.html").symlink_to(target)
    (target.parent / "d.html").symlink_to(tmp_path / "nowhere")

    reasons = [row["reason"] for row in read(zone)]

    assert reasons == [None, Reject.OUTSIDE_LANDING, None, Reject.OUTSIDE_LANDING]


def test_a_named_pipe_is_a_reject_and_not_waited_for(zone: Path) -> None:
    path = put(zone, "a.html", PAGE)
    path.unlink()
    os.mkfifo(path)

    assert outcome(read(zone)) == [("0", Reject.UNREADABLE)]


def test_a_link_is_as_new_as_what_it_leads_to(zone: Path) -> None:
    """What it leads to may come later, or change while the link stays as it is."""
    target = zone / "kept" / "a.html"
    link = put(zone, "b.html", b"")
    link.unlink()
    link.symlink_to(target)
    storage = LocalStorage(zone)
    nowhere = list_files(storage, DAY)
    assert outcome(read(zone)) == [("0", Reject.UNREADABLE)]

    put(zone, "a.html", PAGE, folder="kept")
    there = list_files(storage, DAY)
    assert outcome(read(zone)) == [("0", PAGE)]

    put(zone, "a.html", PAGE * 2, folder="kept")
    assert len({nowhere[0], there[0], list_files(storage, DAY)[0]}) == 3


def test_links_in_a_circle_are_rejects(zone: Path) -> None:
    first = put(zone, "a.html", PAGE)
    first.unlink()
    first.symlink_to("b.warc")
    (first.parent / "b.warc").symlink_to("a.html")
    (first.parent / "c.parquet").symlink_to("c.parquet")

    assert [row["reason"] for row in read(zone)] == [Reject.UNREADABLE] * 3


# --- faults of the machine -----------------------------------------------------------------------------------


class Failing(LocalStorage):
    """Gives so many bytes of each file; then comes the error or, without one, what looks like the end."""

    def __init__(self, root: Path, after: int, error: Exception | None) -> None:
        super().__init__(root)
        self.after, self.error = after, error

    def open(self, path: str, version: str | None = None) -> BinaryIO:
        if self.error and not self.after:
            raise self.error
        return io.BufferedReader(Breaking(super().open(path, version), self.after, self.error))


ERRORS = [
    PermissionError(errno.EACCES, os.strerror(errno.EACCES), "a"),
    FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), "a"),
    PublishError("s3://news: the store does not answer for a: 500"),
    ValueError("what no storage should raise"),
    *(OSError(n, os.strerror(n), "a") for n in (errno.EIO, errno.ESTALE, errno.EMFILE, errno.ETIMEDOUT)),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda e: type(e).__name__ + str(getattr(e, "errno", "")))
def test_a_file_that_the_storage_does_not_give_is_the_machines_fault(zone: Path, error: Exception) -> None:
    put(zone, "a.html", PAGE)
    storage = Failing(zone, 0, error)

    (row,) = pa.concat_tables(read_raw(storage, list_files(storage, DAY), 1000)).to_pylist()

    assert (row["raw_ref"], row["reason"]) == (f"{FOLDER}/a.html#0", Reject.MACHINE_FAULT)
    assert row["detail"] == f"{type(error).__name__}: {getattr(error, 'strerror', None) or error}"


@pytest.mark.parametrize(
    "error", [None, OSError(errno.EIO, os.strerror(errno.EIO))], ids=["short", "failing"]
)
def test_wherever_a_reading_breaks_off_the_rest_of_the_file_is_the_machines_fault(
    zone: Path, error: Exception | None
) -> None:
    """Of every format: what came before is as ever, and nothing is taken for broken content or for all there is."""
    whole = read(zone) if list(every_kind(zone)) else []
    sizes = {e.path: e.size_bytes for e in list_files(LocalStorage(zone), DAY)}

    for after in range(0, max(sizes.values()), 7):
        storage = Failing(zone, after, error)
        files = [e for e in list_files(storage, DAY) if after < e.size_bytes]
        rows = pa.concat_tables(read_raw(storage, files, 10**6)).to_pylist()
        for entry in files:
            *before, last = [row for row in rows if row["raw_ref"].startswith(f"{entry.path}#")]
            assert last["reason"] == Reject.MACHINE_FAULT, (entry.path, after, last)
            assert all(row in whole for row in before)


def test_a_landing_zone_that_does_not_answer_at_all_is_a_broken_run(zone: Path) -> None:
    """No single file is to blame: nothing is made of a day whose store has gone."""
    put(zone, "a.html", PAGE)
    files = list_files(LocalStorage(zone), DAY)

    with pytest.raises(PublishError, match="the store does not answer"):
        list(read_raw(Gone(zone, 0, ERRORS[2]), files, 1000))


class Gone(Failing):
    def folders(self, folder: str) -> list[str]:
        raise PublishError(f"{self.uri}: the store does not answer for {folder}")


def test_want_of_memory_is_the_machines_fault(zone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> Iterator[dict[str, object]]:
        raise pa.ArrowMemoryError("malloc of size 1000 failed")

    monkeypatch.setitem(_READERS, ".parquet", full)

    assert read_one(zone, "a.parquet", b"")["reason"] == Reject.MACHINE_FAULT


def test_a_name_that_is_not_utf8_is_spelt_out(zone: Path) -> None:
    put(zone, os.fsdecode(b"caf\xe9.html"), PAGE)

    assert [row["raw_ref"] for row in read(zone)] == [f"{FOLDER}/caf\\xe9.html#0"]


# --- JSON lines ----------------------------------------------------------------------------------------------


def lines(*records: object) -> bytes:
    return b"".join(json.dumps(r).encode() + b"\n" for r in records)


def test_a_json_line_delivers_a_page_with_what_is_known_about_it(zone: Path) -> None:
    record = {
        "url": "https://example.org/a?id=1",
        "html": "<p>Grüße</p>",
        "title": " From the feed ",
        "outlet": "The Example",
        "published_at": "2026-03-05T10:00:00+02:00",
        "fetched_at": 1772700000,
        "more": [1, 2],
    }

    row = read_one(zone, "a.jsonl", lines(record))

    expected = {
        "raw_ref": f"{FOLDER}/a.jsonl#0",
        "media": "html",
        "body": "<p>Grüße</p>".encode(),
        "charset": "utf-8",
        "url": "https://example.org/a?id=1",
        "title": "From the feed",
        "outlet": "The Example",
        "published_at": datetime(2026, 3, 5, 8, tzinfo=UTC),
        "fetched_at": datetime(2026, 3, 5, 8, 40, tzinfo=UTC),
    }
    assert row == dict.fromkeys(RAW.names) | expected


def test_a_json_line_with_a_text_is_a_text_and_a_page_comes_first(zone: Path) -> None:
    put(zone, "a.ndjson", lines({"text": "A"}, {"html": "", "text": "B"}, {"html": "<p>C", "text": "D"}))

    assert [(r["media"], r["body"]) for r in read(zone)] == [
        ("text", b"A"),
        ("text", b"B"),
        ("html", b"<p>C"),
    ]


def test_bad_lines_are_rejects_that_lead_back_to_their_line(zone: Path) -> None:
    good = json.dumps({"text": "good"}).encode()
    bad = [
        b"{not json",
        b"[1, 2]",
        b'"text"',
        b"{}",
        b'{"text": 7}',
        b'{"html": null}',
        b"[" * 100_000,
        b"7" * 9_000,
    ]
    put(zone, "a.jsonl", b"\n".join([good, b"", *bad, b"  ", good]))

    bads = [(str(n), Reject.BAD_RECORD) for n in range(2, 10)]
    assert outcome(read(zone)) == [("0", b"good"), *bads, ("11", b"good")]


def test_the_last_line_needs_no_end_and_a_byte_order_mark_is_no_matter(zone: Path) -> None:
    put(zone, "a.jsonl", b"\xef\xbb\xbf" + lines({"text": "A"}) + b'{"text": "B"}\r\n{"text": "C"}')

    assert outcome(read(zone)) == [("0", b"A"), ("1", b"B"), ("2", b"C")]


def test_a_line_in_another_character_set_is_read(zone: Path) -> None:
    text = "Der Bürgermeister eröffnete die große Brücke über die Straße für Fußgänger am Dienstag."

    row = read_one(zone, "a.jsonl", json.dumps({"text": text}, ensure_ascii=False).encode("latin-1"))

    assert row["body"].decode() == text


def test_half_a_surrogate_pair_is_left_out(zone: Path) -> None:
    row = read_one(zone, "a.jsonl", b'{"text": "a\\ud83d b \\ud83d\\ude00", "url": "http://x/\\udc00"}')

    assert (row["body"].decode(), row["url"]) == ("a b \U0001f600", "http://x/")


def test_too_large_a_line_is_a_reject_and_is_not_held_in_memory(zone: Path) -> None:
    """Neither a document above the cap nor a line of 100 MB ends the file, or fills the memory."""
    with (put(zone, "a.jsonl", lines({"text": "x" * 1001}))).open("ab") as sink:
        sink.write(b'{"text": "')
        for _ in range(100):
            sink.write(b"y" * 1_000_000)
        sink.write(b'"}\n' + lines({"text": "last"}))

    rows, peak = peak_bytes(lambda: read(zone, max_bytes=1000))

    assert outcome(rows) == [("0", Reject.TOO_LARGE), ("1", Reject.TOO_LARGE), ("2", b"last")]
    assert peak < 20_000_000


def test_a_truncated_gzip_gives_its_lines_up_to_the_break_and_one_reject(zone: Path) -> None:
    content = lines(*({"text": f"line {n} " + os.urandom(20).hex()} for n in range(5000)))
    packed = gzip.compress(content)
    put(zone, "a.jsonl.gz", packed[: len(packed) // 2])

    rows = read(zone)

    whole = [json.loads(line)["text"].encode() for line in content.splitlines()]
    assert rows[-1]["reason"] == Reject.TRUNCATED
    assert [row["body"] for row in rows[:-1]] == whole[: len(rows) - 1]
    assert 2000 < len(rows) < 3000


def test_a_large_file_is_read_in_bounded_memory_and_bounded_tables(zone: Path) -> None:
    """20,000 documents of 5 kB, 100 MB unpacked."""
    path = put(zone, "a.jsonl.gz", b"")
    with gzip.open(path, "wb", 1) as sink:
        for n in range(20_000):
            sink.write(lines({"url": f"http://x/{n}", "text": f"{n} " * 1000}))
    storage = LocalStorage(zone)

    def measure() -> list[tuple[int, int]]:
        return [(t.num_rows, t.nbytes) for t in read_raw(storage, list_files(storage, DAY), 10**6)]

    sizes, peak = peak_bytes(measure)

    assert sum(rows for rows, _ in sizes) == 20_000
    assert max(rows for rows, _ in sizes) == 256
    assert peak < 40_000_000


def test_a_table_holds_32_megabytes_and_not_more(zone: Path) -> None:
    put(zone, "a.jsonl", lines(*({"text": "x" * 4_000_000} for _ in range(10))))
    storage = LocalStorage(zone)

    tables = read_raw(storage, list_files(storage, DAY), 10**7)

    assert [t.num_rows for t in tables] == [8, 2]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-03-05", datetime(2026, 3, 5, tzinfo=UTC)),
        ("20260305", datetime(2026, 3, 5, tzinfo=UTC)),
        ("2026-03-05T10:11:12Z", datetime(2026, 3, 5, 10, 11, 12, tzinfo=UTC)),
        ("2026-03-05 10:11:12.5", datetime(2026, 3, 5, 10, 11, 12, 500_000, tzinfo=UTC)),
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


# --- Parquet -------------------------------------------------------------------------------------------------


def test_parquet_has_the_columns_of_the_json_lines(zone: Path) -> None:
    table = pa.table(
        {
            "url": ["http://x/1", None, "http://x/3"],
            "html": pa.array([b"<p>\xff", None, None], pa.binary()),
            "text": ["", "two", None],
            "published_at": pa.array([0, 1_000_000_001, None], pa.timestamp("ns")),
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


# --- WARC ----------------------------------------------------------------------------------------------------


def record(
    kind: str, block: bytes, uri: str = "http://x/", type_: str = "application/http; msgtype=response"
) -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\nWARC-Date: 2026-03-05T10:11:12Z\r\n"
        f"WARC-Record-ID: <urn:uuid:1>\r\nContent-Type: {type_}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def reply(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode() + body


def chunked(body: bytes) -> bytes:
    return b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)


HTML = "Content-Type: text/html; charset=ISO-8859-2"


def test_a_response_is_a_page_with_its_address_its_time_and_its_character_set(zone: Path) -> None:
    warc = record("warcinfo", b"", type_="application/warc-fields") + record(
        "response", reply(PAGE, HTML), "http://x/a"
    )

    row = read_one(zone, "a.warc", warc)

    expected = {
        "raw_ref": f"{FOLDER}/a.warc#1",
        "media": "html",
        "body": PAGE,
        "charset": "iso-8859-2",
        "url": "http://x/a",
        "fetched_at": datetime(2026, 3, 5, 10, 11, 12, tzinfo=UTC),
    }
    assert row == dict.fromkeys(RAW.names) | expected


@pytest.mark.parametrize(
    "block",
    [
        reply(chunked(PAGE), HTML, "Transfer-Encoding: chunked"),
        reply(gzip.compress(PAGE), HTML, "Content-Encoding: gzip"),
        reply(chunked(gzip.compress(PAGE)), HTML, "Transfer-Encoding: chunked", "Content-Encoding: gzip"),
        reply(PAGE, HTML, "Content-Encoding: gzip"),  # the crawler unpacked it and left the header
        reply(PAGE, HTML, "Transfer-Encoding: chunked"),  # the same with chunks
        reply(PAGE, HTML, "Content-Encoding: unheard-of"),
        reply(PAGE),
        reply(PAGE, "Content-Type: application/xhtml+xml"),
        reply(PAGE, HTML, status="206 Partial Content"),
    ],
)
def test_a_page_is_read_however_it_was_sent(zone: Path, block: bytes) -> None:
    assert read_one(zone, "a.warc", record("response", block))["body"] == PAGE


@pytest.mark.parametrize(
    ("block", "reason"),
    [
        (reply(PAGE, HTML, status="404 Not Found"), Reject.NOT_A_PAGE),
        (reply(b"", HTML, "Location: /", status="301 Moved"), Reject.NOT_A_PAGE),
        (reply(b"\x89PNG", "Content-Type: image/png"), Reject.NOT_A_PAGE),
        (reply(b"{}", "Content-Type: application/json"), Reject.NOT_A_PAGE),
        (reply(b"x" * 5000, HTML), Reject.TOO_LARGE),
        (reply(gzip.compress(b"x" * 5000), HTML, "Content-Encoding: gzip"), Reject.TOO_LARGE),
    ],
)
def test_what_is_no_page_or_too_large_is_a_reject(zone: Path, block: bytes, reason: Reject) -> None:
    assert read_one(zone, "a.warc", record("response", block), max_bytes=1000)["reason"] == reason


def test_other_records_are_no_documents_and_count(zone: Path) -> None:
    warc = (
        record("request", b"GET / HTTP/1.1\r\n\r\n", type_="application/http; msgtype=request")
        + record("revisit", reply(b"", HTML), "http://x/old")
        + record("metadata", b"a: b", type_="application/warc-fields")
        + record("resource", PAGE, type_="text/html")
        + record("resource", b"\x89PNG", type_="image/png")
        + record("response", b"x.org. 300 A 127.0.0.1", "dns:x.org", type_="text/dns")
    )
    put(zone, "a.warc", warc)

    rows = read(zone)

    assert outcome(rows) == [("1", Reject.REVISIT), ("3", PAGE), ("5", Reject.NOT_A_PAGE)]
    assert rows[0]["detail"] == "refers to an earlier capture of http://x/old"


def test_an_address_in_angle_brackets_is_taken_out_of_them(zone: Path) -> None:
    assert (
        read_one(zone, "a.warc", record("response", reply(PAGE, HTML), "<http://x/>"))["url"] == "http://x/"
    )


@pytest.mark.parametrize(
    ("name", "writer"), [("a.warc.gz", GzipWriter), ("a.warc.lz4", Lz4Writer), ("a.warc.zst", ZstdWriter)]
)
def test_compressed_warcs_are_read(zone: Path, name: str, writer: Any) -> None:
    path = put(zone, name, b"")
    with path.open("wb") as sink, writer(sink) as packed:
        for n in range(3):
            packed.write(record("response", reply(PAGE + b"%d" % n, HTML)))
            packed.finish()

    assert outcome(read(zone)) == [(str(n), PAGE + b"%d" % n) for n in range(3)]


def test_a_warc_that_breaks_off_gives_its_records_up_to_the_break_and_one_reject(zone: Path) -> None:
    whole = b"".join(record("response", reply(PAGE + b"%d" % n, HTML)) for n in range(3))
    put(zone, "a.warc", whole[:-50])

    assert outcome(read(zone)) == [("0", PAGE + b"0"), ("1", PAGE + b"1"), ("2", Reject.TRUNCATED)]


@pytest.mark.parametrize("kind", ["response", "request", "warcinfo"])
def test_a_warc_that_breaks_off_anywhere_in_a_record_says_so(zone: Path, kind: str) -> None:
    """In the record's header, in that of the reply, in the page; be it a record that holds no page."""
    whole = record("response", reply(PAGE, HTML))
    last = record(kind, reply(PAGE, HTML))
    path = put(zone, "a.warc", b"")

    for n in range(len("WARC/1.0"), len(last) - len("\r\n\r\n")):
        path.write_bytes(whole + last[:n])
        assert [("0", PAGE), ("1", Reject.TRUNCATED)] == outcome(read(zone)), last[:n]


@pytest.mark.parametrize(
    "block", [b"HTTP/1.1 20", b"HTTP/1.1 200 OK\r\n" + HTML.encode(), reply(b"", HTML)[:-2]]
)
def test_a_capture_whose_http_header_breaks_off_is_truncated(zone: Path, block: bytes) -> None:
    """The record is whole: the crawler was cut off, and what it has is no page without text."""
    assert Reject.TRUNCATED == read_one(zone, "a.warc", record("response", block))["reason"]


@pytest.mark.parametrize("cut", [20, 200])
def test_a_compressed_warc_that_breaks_off_gives_one_reject(zone: Path, cut: int) -> None:
    members = [
        gzip.compress(record("response", reply(os.urandom(300).hex().encode(), HTML))) for _ in range(3)
    ]
    put(zone, "a.warc.gz", b"".join(members)[:-cut])

    reasons = [row["reason"] for row in read(zone)]

    assert reasons[:2] == [None, None]
    assert len(reasons) == 3
    assert reasons[2] in {Reject.TRUNCATED, Reject.UNREADABLE}


def test_junk_between_records_ends_the_file_with_one_reject(zone: Path) -> None:
    good = record("response", reply(PAGE, HTML))
    put(zone, "a.warc", good + b"\0\1junk, junk\r\n" * 50 + good)

    rows = read(zone)

    assert outcome(rows[:1]) == [("0", PAGE)]
    assert [row["reason"] for row in rows[1:]] == [Reject.UNREADABLE]


def test_a_record_above_the_cap_is_passed_over(zone: Path) -> None:
    warc = record("response", reply(b"x" * 3_000_000, HTML)) + record("response", reply(PAGE, HTML))
    put(zone, "a.warc", warc)

    assert outcome(read(zone)) == [("0", Reject.TOO_LARGE), ("1", PAGE)]


# --- all of it -----------------------------------------------------------------------------------------------


def every_kind(zone: Path) -> Iterator[Path]:
    yield put(zone, "a.html", PAGE)
    yield put(zone, "b.jsonl.gz", gzip.compress(lines({"text": "A"}, {"html": "<p>B"})))
    yield put(
        zone,
        "c.warc.gz",
        gzip.compress(record("response", reply(gzip.compress(PAGE), HTML, "Content-Encoding: gzip"))),
    )
    path = put(zone, "d.parquet", b"")
    pq.write_table(pa.table({"text": ["a", "b"]}), path)
    yield path


@given(st.data())
def test_damaged_bytes_never_end_a_run(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Whatever bytes of whatever file are cut, changed or put in, rows come out, each with a body or a reason."""
    zone = tmp_path_factory.mktemp("zone")
    for path in every_kind(zone):
        content = bytearray(path.read_bytes())
        for _ in range(data.draw(st.integers(0, 3))):
            at = data.draw(st.integers(0, len(content)))
            content[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
        path.write_bytes(content)

    rows = read(zone)

    assert all((row["body"] is None) == (row["reason"] is not None) for row in rows)
    assert len({row["raw_ref"] for row in rows}) == len(rows)


def test_files_in_any_order_and_any_parts_give_the_same_rows(zone: Path) -> None:
    list(every_kind(zone))
    storage = LocalStorage(zone)
    files = list_files(storage, DAY)

    def rows_of(parts: list[list[Entry]]) -> list[dict[str, Any]]:
        tables = [t for part in parts for t in read_raw(storage, part, 10**6)]
        return pa.concat_tables(tables).sort_by("raw_ref").to_pylist()

    assert rows_of([files]) == rows_of([files[::-1]]) == rows_of(pack(files, 3))
