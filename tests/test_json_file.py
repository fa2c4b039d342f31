"""Files of JSON that are no lines: one value over many lines, lists, lists within an object."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.landing import json_file
from pipeline.model.kinds import Reject
from tests.delivered import lines, outcome, peak_bytes, put, read

RECORDS = [{"url": f"https://example.org/{n}", "text": f'The {{"council"}} met, number {n}.', "authors": [{"name": "Jane Doe"}]} for n in range(3)]  # fmt: skip
TEXTS = [(str(n), record["text"].encode()) for n, record in enumerate(RECORDS)]  # type: ignore[attr-defined]


def delivered(
    zone: Path, content: bytes, name: str = "a.json", max_bytes: int = 1_000_000
) -> list[tuple[str, object]]:
    put(zone, name, content)
    return outcome(read(zone, max_bytes))


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.ndjson.gz"])
@pytest.mark.parametrize("indent", [None, 0, 2], ids=["one line", "lines", "indented"])
@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize(
    "value",
    [
        RECORDS,
        {"status": "ok", "totalResults": 3, "articles": RECORDS},
        {"version": "1.1", "title": "A feed", "items": RECORDS, "next": None},
        {"response": {"numFound": 3, "docs": RECORDS}},
        {"hits": {"total": 3, "hits": [{"_id": "a", "_source": record} for record in RECORDS]}},
    ],
    ids=["a list", "an answer", "a feed", "a list further in", "hits"],
)
def test_each_record_of_a_list_is_a_document(
    zone: Path, name: str, indent: int | None, charset: str, value: Any
) -> None:
    content = json.dumps(value, indent=indent).encode(charset)

    assert delivered(zone, gzip.compress(content) if name.endswith("gz") else content, name) == TEXTS


@pytest.mark.parametrize("indent", [None, 0, 2])
def test_one_record_over_several_lines_is_one_document_and_several_behind_one_another_are_each(
    zone: Path, indent: int | None
) -> None:
    for n, sep in enumerate(("\n", "\n\n", "")):
        content = sep.join(json.dumps(record, indent=indent) for record in RECORDS).encode()
        assert [body for _, body in delivered(zone / str(n), content)] == [body for _, body in TEXTS]
    assert delivered(zone / "one", json.dumps(RECORDS[0], indent=indent).encode()) == TEXTS[:1]


def test_a_record_with_a_list_of_its_own_is_one_document(zone: Path) -> None:
    record = {
        "title": "Council",
        "text": "It met.",
        "items": [{"src": "a.png"}],
        "data": {"entry": [{"k": 1}]},
    }

    assert delivered(zone, json.dumps([record], indent=1).encode()) == [("0", b"It met.")]


@pytest.mark.parametrize("bad", ["{'text': 'x'}", '{"text": }', "12", '"text"', "null", "[1]"])
def test_a_bad_record_of_a_list_is_its_own_reject(zone: Path, bad: str) -> None:
    content = f"[\n{json.dumps(RECORDS[0])},\n{bad},\n{json.dumps(RECORDS[2])}\n]"

    assert delivered(zone, content.encode()) == [TEXTS[0], ("1", Reject.BAD_RECORD), TEXTS[2]]


def test_a_list_that_breaks_off_gives_its_records_and_one_reject(zone: Path) -> None:
    content = json.dumps(RECORDS, indent=1).encode()

    assert delivered(zone, content[:-40]) == [*TEXTS[:2], ("2", Reject.TRUNCATED)]


def test_a_damaged_stretch_is_one_reject_and_the_reading_goes_on(zone: Path) -> None:
    members = [gzip.compress(b"[" + json.dumps(RECORDS[0]).encode() + b",\n"), gzip.compress(b"x" * 99, 0), gzip.compress(json.dumps(RECORDS[2], indent=1).encode() + b"]")]  # fmt: skip
    members[1] = members[1][:40] + b"\0\0\0" + members[1][43:]
    broken = bytearray(members[1])
    broken[12] ^= 0xFF

    found = delivered(zone, members[0] + bytes(broken) + members[2], "a.json.gz")

    assert found[0] == TEXTS[0]
    assert [reason for _, reason in found[1:-1]] == [Reject.UNREADABLE]


def test_a_record_that_is_too_large_is_one_reject_and_a_long_list_is_read_record_by_record(
    zone: Path,
) -> None:
    many = [{"text": f"{n} " + "word " * 150_000} for n in range(12)]
    many[3] = {"text": "x" * 9_000_000}
    content = json.dumps({"status": "ok", "articles": many, "total": 12}).encode()

    found, peak = peak_bytes(lambda: delivered(zone, content))

    assert [reason for _, reason in found if isinstance(reason, str)] == [Reject.TOO_LARGE]
    assert len(found) == 12
    assert peak < 8 * len(content)


@given(
    st.binary(max_size=60), st.sampled_from([b"[", b"{\n", b'[{"a":"', b"[{},", b'{"articles":[{"text":"x"}'])
)
def test_no_bytes_make_the_reader_raise_or_go_on_for_ever(content: bytes, start: bytes) -> None:
    assert len(list(json_file._values(iter([start + content]), 16))) <= len(content) + 8


def test_lines_are_read_as_before(zone: Path) -> None:
    content = lines(*RECORDS[:2]) + b'{"text": "torn\n' + lines(RECORDS[2])

    assert delivered(zone, content, "a.jsonl") == [*TEXTS[:2], ("2", Reject.BAD_RECORD), ("3", TEXTS[2][1])]


@pytest.mark.parametrize("content", [b"[]", b"[\n", b'{\n"articles": []\n}'])
def test_a_list_without_a_record_is_one_reject(zone: Path, content: bytes) -> None:
    assert [reason for _, reason in delivered(zone, content)] == [Reject.BAD_RECORD]
