"""Documents in the lines of a JSON file."""

import gzip
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.landing import json_lines
from pipeline.landing.json_lines import objects_in
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
        "published_precision": "second",
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


TEXTS = ["Die Brücke über den Fluß ist zu.", "Мост закрыт.", "橋は閉鎖された。", "Ա ਅ \u0a0a\u0a0d 😀 closed"]
WIDE = ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "utf-8-sig", "utf-8"]


def written(charset: str, *texts: str, end: str = "\n", last: str = "\n") -> bytes:
    records = [json.dumps({"text": text}, ensure_ascii=False) for text in texts]
    return (end.join(records) + last).encode(charset)


@pytest.mark.parametrize("charset", WIDE)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n", "\n \n"])
@pytest.mark.parametrize("last", ["", "\n"])
@pytest.mark.parametrize("is_packed", [False, True])
def test_lines_are_read_in_every_encoding_of_unicode(
    zone: Path, charset: str, end: str, last: str, is_packed: bool
) -> None:
    """With a byte order mark or without one; U+0A0A has the byte that ends a line, twice."""
    content = written(charset, *TEXTS, end=end, last=last)
    put(zone, "a.jsonl", gzip.compress(content) if is_packed else content)

    assert TEXTS == [row["body"].decode() for row in read(zone)]


@pytest.mark.parametrize("first", WIDE)
@pytest.mark.parametrize("second", WIDE)
@pytest.mark.parametrize("n_before", [0, 1, 7])
def test_files_that_were_joined_are_read_whatever_the_encoding_of_each(
    zone: Path, first: str, second: str, n_before: int
) -> None:
    before = [f"{n} {text}" for n in range(n_before) for text in TEXTS]
    put(
        zone,
        "a.jsonl",
        written(first, *before, TEXTS[0]) + written(second, *TEXTS[1:]) + written(first, "end"),
    )

    assert [*before, *TEXTS, "end"] == [row["body"].decode() for row in read(zone)]


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_files_that_were_joined_without_an_end_of_line_are_read(zone: Path, charset: str) -> None:
    """Their last and first record share a line."""
    put(zone, "a.jsonl", written(charset, *TEXTS, last="") + written(charset, *TEXTS, last=""))

    rows = read(zone)

    assert TEXTS * 2 == [row["body"].decode() for row in rows]
    assert 8 == len({row["raw_ref"] for row in rows})


def test_a_line_in_no_encoding_costs_itself(zone: Path) -> None:
    good = lines({"text": "good"})
    for bad in (
        b"\xff\xfe not JSON",
        b"\xfe\xff",
        b"\0\0\0",
        b"\xff\xfe\0\0",
        b"\0x\0y",
        b"{\0",
        b"\x1f\x8b",
    ):
        put(zone, "a.jsonl", good + bad + b"\n" + good * 2)

        found = outcome(read(zone))
        assert ("0", b"good") == found[0]
        assert [b"good"] == [what for _, what in found[-1:]], bad


def test_separators_of_text_sequences_are_no_matter(zone: Path) -> None:
    put(zone, "a.jsonl", b"\x1e" + lines({"text": "A"}) + b"\x1e" + lines({"text": "B"}))

    assert [b"A", b"B"] == [row["body"] for row in read(zone)]


@pytest.mark.parametrize("value", ["[]", "{}", "0", '{"a":{}}', '"x"', "[[[]]]"])
def test_a_line_of_very_many_values_is_refused_before_they_are_made(zone: Path, value: str) -> None:
    """60 MB of empty lists would take 2 GB."""
    line = b'{"text": "A", "more": [%b]}' % b",".join([value.encode()] * 2_000_000)
    put(zone, "a.jsonl.gz", gzip.compress(line + b"\n" + lines({"text": "last"}), 1))

    rows, peak = peak_bytes(lambda: read(zone, max_bytes=20_000_000))

    assert [("0", Reject.BAD_RECORD), ("1", b"last")] == outcome(rows)
    assert peak < 8 * len(line)


@pytest.mark.parametrize("values", ["[]", "{}"])
def test_values_too_deep_within_each_other_are_refused_wherever_the_line_is_read(values: str) -> None:
    """Python's own limit hangs on how deep the reader stands, and on its version. Brackets in a text are no values."""
    opens = '{"a":' if values == "{}" else "["

    def line(n: int) -> str:
        return (
            '{"more": ' + opens * (n - 1) + "1" + values[1] * (n - 1) + ', "text": "' + 700 * values[0] + '"}'
        )

    def read_below(n_frames: int, n: int) -> list[object]:
        return read_below(n_frames - 1, n) if n_frames else list(objects_in(line(n)))

    for n_frames in (0, 300):
        (found,) = read_below(n_frames, json_lines._LEVELS)
        assert isinstance(found, dict)
        assert read_below(n_frames, json_lines._LEVELS + 1) == ["more than 500 values within each other"]


def test_commas_in_a_text_are_no_values(zone: Path) -> None:
    text = 'a, [b], {c: "d\\"}, ' * 100_000

    assert text.strip() == read_one(zone, "a.jsonl", lines({"text": text.strip()}), 10**7)["body"].decode()


def test_a_gzip_of_several_members_goes_on_after_a_damaged_one(zone: Path) -> None:
    """Logs are appended to, a member each time."""
    members = [
        gzip.compress(lines(*({"text": f"{n} {os.urandom(9).hex()}"} for _ in range(200)))) for n in range(3)
    ]
    bad = bytearray(members[1])
    bad[len(bad) // 2 :][:4] = b""
    bad[len(bad) // 2 : len(bad) // 2 + 40] = b"\xff" * 40
    put(zone, "a.jsonl.gz", members[0] + bytes(bad) + members[2])

    rows = read(zone)

    texts = [row["body"].decode() for row in rows if row["body"]]
    assert 200 == sum(text.startswith("0 ") for text in texts) == sum(text.startswith("2 ") for text in texts)
    assert 50 < sum(text.startswith("1 ") for text in texts) < 200
    assert Reject.UNREADABLE in [row["reason"] for row in rows]


def test_zeros_in_the_place_of_lines_are_a_reject(zone: Path) -> None:
    """A machine that fails while it writes leaves them."""
    put(zone, "a.jsonl", lines({"text": "A"}) + bytes(5_000) + b"\n" + lines({"text": "B"}))
    put(zone, "b.jsonl", bytes(700))

    assert [b"A", Reject.BAD_RECORD, b"B", Reject.BAD_RECORD] == [what for _, what in outcome(read(zone))]
