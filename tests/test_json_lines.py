"""Documents in the lines of a JSON file."""

import gzip
import json
import os
from datetime import UTC, datetime
from pathlib import Path

from pipeline.model.internal_tables import RAW
from pipeline.model.kinds import Reject
from tests.delivered import (
    FOLDER,
    lines,
    outcome,
    peak_bytes,
    put,
    read,
    read_one,
)


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
