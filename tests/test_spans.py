"""A large file of JSON lines is cut into spans without being parsed; their rows are those of reading it record by record."""

import gzip
import io
import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.landing import spans
from pipeline.landing.columns import NO_COLUMNS
from pipeline.landing.columns import parse as columns_of
from pipeline.landing.files import list_files
from pipeline.landing.json_file import read_json
from pipeline.landing.read import read_spans
from pipeline.landing.record import Row, UnreadableError
from pipeline.model.kinds import Reject
from pipeline.store.local import LocalStorage
from pipeline.store.storage import Entry
from tests.delivered import DAY, lines, put, read

MOST = 1_000

_good = st.builds(
    lambda text, name: json.dumps({name: text}).encode(),
    st.text(min_size=1),
    st.sampled_from(("text", "title", "body")),
)
_odd = st.sampled_from(
    (
        *(b"", b" ", b"{", b"no JSON", b"[1]", b"\xff\xfe", b'{"text": "\xe4"}', b"{}\r", b'{"text": "a"}\r'),
        *(b'{"text": "a"} {"text": "b"}', b'{"articles": [{"text": "a"}, {"text": "b"}]}'),
        *(b'{"html": "<p>a</p>"}', b'{"body": "<html><p>a</p>"}', b'{"text": "\0"}'),
        json.dumps({"text": "a" * 2 * MOST}).encode(),
    )
)


def spanned(content: bytes) -> list[Row] | None:
    """The rows of all spans; None where the file, or one of them, is to be read record by record."""
    try:
        return [
            row
            for first, span in spans.cut(io.BytesIO(content))
            for row in spans.rows_of(f"a#{first}", span, MOST, NO_COLUMNS)
        ]
    except spans.UnfitError:
        return None


def one_by_one(content: bytes) -> list[Row]:
    rows = read_json(io.BytesIO(content), "a", MOST, NO_COLUMNS)
    return [row | {"raw_ref": f"a#{row['record']}"} for row in rows]


def told(rows: list[Row]) -> list[Row]:
    return [{name: value for name, value in row.items() if name != "record"} for row in rows]


@given(st.lists(st.one_of(_good, _good, _odd), min_size=1), st.booleans(), st.booleans())
def test_spans_have_the_rows_of_the_file_or_none(
    several: list[bytes], has_end: bool, is_packed: bool
) -> None:
    content = b"\n".join(several) + b"\n" * has_end
    found = spanned(gzip.compress(content) if is_packed else content)

    assert found is None or told(found) == told(one_by_one(content))


@given(st.lists(_good, min_size=1))
def test_lines_of_one_text_each_are_cut_unless_one_is_a_page(several: list[bytes]) -> None:
    content = b"\n".join([b'{"text": "first"}', *several])
    pages = any(row.get("media") == "html" for row in one_by_one(content))

    assert (spanned(content) is None) == pages


@pytest.mark.parametrize("size", [10, 3_000, 9_000])
def test_no_span_has_many_lines_or_many_bytes_and_all_are_numbered_on(size: int) -> None:
    content = lines(*({"text": "a" * size} for _ in range(1_500)))
    found = list(spans.cut(io.BytesIO(content)))

    assert b"\n".join(span for _, span in found) + b"\n" == content
    assert found[0][0] == 0
    for (first, span), (second, _) in pairwise(found):
        assert second - first == span.count(b"\n") + 1 <= 256
    assert max(len(span) for _, span in found) < spans._MOST_SPAN_BYTES


@pytest.mark.parametrize(
    "content",
    [
        b"\0" + lines({"text": "a"}),
        b'[{"text": "a"},\n{"text": "b"}]',
        lines({"html": "<p>a</p>"}, {"text": "b"}),
        '{"text": "a"}\n'.encode("utf-16"),
        gzip.compress(lines({"text": "a"}) * 1_000, mtime=0)[:-20],
        gzip.compress(b'{"text": "' + b"a" * spans._MOST_SPAN_BYTES * 2, mtime=0),
        lines({"text": "a"}) + b"1\n" * 100_000,  # so many records of so few bytes are no documents
    ],
)
def test_what_is_no_file_of_one_text_a_line_is_not_cut(content: bytes) -> None:
    with pytest.raises((spans.UnfitError, UnreadableError)):
        list(spans.cut(io.BytesIO(content)))


def test_a_file_that_swells_too_much_is_not_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    content = gzip.compress(lines({"text": "a" * 50}) * 20_000)
    monkeypatch.setattr(spans, "most_content", lambda n: 20 * n)

    assert spanned(content) is None


def test_a_users_names_of_columns_tell_that_a_record_is_a_page() -> None:
    content = lines({"raw": "<p>a</p>"}, {"raw": "<p>b</p>"})

    with pytest.raises(spans.UnfitError):
        list(spans.cut(io.BytesIO(content), columns_of("raw=html")))


def test_only_large_files_whose_name_says_lines_are_cut() -> None:
    names = ["a.jsonl", "a.NDJSON.gz", "a.json.zst", "a.html", "a.parquet", "a.warc.gz"]
    names += ["a.warc-ref.jsonl", "a.warc-ref.jsonl.gz"]

    assert names[:3] == [n for n in names if spans.may_have(Entry(n, spans.LEAST_BYTES, "1"))]
    assert not spans.may_have(Entry("a.jsonl", spans.LEAST_BYTES - 1, "1"))


def test_of_a_large_file_come_spans_and_of_one_that_cannot_be_cut_a_fault(
    zone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Small files, and those of other formats, are read as ever."""
    monkeypatch.setattr(spans, "LEAST_BYTES", 1_000)
    put(zone, "large.jsonl", lines({"text": "a"}) * 300)
    put(zone, "small.jsonl", lines({"text": "b"}))
    put(zone, "list.json", b"[" + b",".join([b'{"text": "c"}'] * 300) + b"]")
    storage = LocalStorage(zone)

    rows = [row for t in read_spans(storage, list_files(storage, DAY), MOST) for row in t.to_pylist()]
    by_name = {row["raw_ref"].partition("/")[2]: (row["media"], row["reason"]) for row in rows}
    assert by_name == {
        "large.jsonl#0": (spans.SPAN, None),
        "large.jsonl#256": (spans.SPAN, None),
        "small.jsonl#0": ("text", None),
        "list.json#0": (None, Reject.MACHINE_FAULT),
    }
    assert len(read(zone)) == 601
