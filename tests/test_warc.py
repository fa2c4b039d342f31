"""Documents in WARC files: captures, as they were sent."""

import gzip
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from fastwarc.stream_io import GzipWriter, Lz4Writer, ZstdWriter

from pipeline.clean import habits
from pipeline.clean.articles import clean
from pipeline.extract.batch import extract
from pipeline.landing.files import list_files
from pipeline.landing.read import read_raw
from pipeline.model.internal_tables import LINES, RAW
from pipeline.model.kinds import Reject
from pipeline.store.local import LocalStorage
from tests.delivered import (
    DAY,
    FOLDER,
    HTML,
    PAGE,
    chunked,
    outcome,
    put,
    read,
    read_one,
    record,
    reply,
)
from tests.pages import CAPS


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
        (reply(gzip.compress(b"x" * 5000, mtime=0), HTML, "Content-Encoding: gzip"), Reject.TOO_LARGE),
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


def test_a_record_above_the_cap_is_passed_over(zone: Path) -> None:
    warc = record("response", reply(b"x" * 3_000_000, HTML)) + record("response", reply(PAGE, HTML))
    put(zone, "a.warc", warc)

    assert outcome(read(zone)) == [("0", Reject.TOO_LARGE), ("1", PAGE)]


def test_an_archive_above_the_cap_is_passed_over_with_the_records_in_it(zone: Path) -> None:
    """What it says about its length is right, and what begins within it are no pages of this crawl."""
    inner = record("response", reply(PAGE, HTML)) * 20_000
    for kind in ("application/warc", "application/octet-stream", "application/gzip"):
        outer = record("response", reply(inner, f"Content-Type: {kind}"))
        put(zone, "a.warc", outer + record("response", reply(PAGE, HTML)))

        assert [("0", Reject.TOO_LARGE), ("1", PAGE)] == outcome(read(zone))


@pytest.mark.parametrize(
    ("kind", "type_", "media"),
    [
        ("conversion", "text/plain", "text"),  # WET
        ("conversion", "text/plain; charset=UTF-8", "text"),
        ("conversion", "text/html", "html"),
        ("resource", "text/html; charset=utf-8", "html"),
        ("resource", "application/xhtml+xml", "html"),
    ],
)
@pytest.mark.parametrize("name", ["a.warc", "a.warc.wet", "a.wet"])
def test_what_no_server_sent_has_no_http_header(
    zone: Path, name: str, kind: str, type_: str, media: str
) -> None:
    row = read_one(zone, name, record(kind, PAGE, "http://x/a", type_))

    assert (media, PAGE, "http://x/a") == (row["media"], row["body"], row["url"])


def test_a_log_of_the_crawler_is_no_document(zone: Path) -> None:
    log = record("resource", b"saved 3 pages", "metadata://crawler/log", "text/plain")
    put(zone, "a.warc", log + record("response", reply(PAGE, HTML)))

    assert [("1", PAGE)] == outcome(read(zone))


@pytest.mark.parametrize(
    "fields", ["WARC-Truncated: length", "WARC-Truncated: disconnect", "WARC-Segment-Number: 1"]
)
def test_a_capture_that_the_crawler_cut_short_is_marked(zone: Path, fields: str) -> None:
    whole = record("response", reply(PAGE, HTML))
    put(zone, "a.warc", whole.replace(b"WARC-Date", fields.encode() + b"\r\nWARC-Date") + whole)

    assert [(PAGE, True), (PAGE, None)] == [(row["body"], row["is_cut"]) for row in read(zone)]


def test_an_article_that_was_cut_short_is_a_stub(zone: Path) -> None:
    """However long it is, and whatever the page says."""
    text = "\n".join(
        f"<p>The council met for the {n}th time and talked about the harbour.</p>" for n in range(60)
    )
    whole = record(
        "response", reply(f"<article><h1>A long day</h1>{text}</article>".encode(), "Content-Type: text/html")
    )
    put(zone, "a.warc", whole.replace(b"WARC-Date", b"WARC-Truncated: length\r\nWARC-Date") + whole)
    raw = pa.concat_tables(read_raw(LocalStorage(zone), list_files(LocalStorage(zone), DAY), 10**6))

    found = clean(
        extract(raw, day=DAY, caps=CAPS), recurring=habits.recurring(LINES.empty()), day=DAY, min_words=8
    )

    assert [True, False] == found["is_stub"].to_pylist()


@pytest.mark.parametrize("kind", ["respo\xf3se", "screenshot", ""])
def test_a_record_of_a_kind_that_nobody_knows_is_a_reject(zone: Path, kind: str) -> None:
    row = read_one(zone, "a.warc", record(kind, reply(PAGE, HTML)))

    assert Reject.BAD_RECORD == row["reason"]
    assert row["detail"].startswith("WARC-Type")
