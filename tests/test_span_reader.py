"""A span of a landing file becomes rows of extracted documents, or nothing where it is to be read record by record."""

import json
from datetime import date

import pyarrow as pa
import pytest

from pipeline.day.extract import caps_of
from pipeline.day.span_reader import read_span
from pipeline.settings import Settings


@pytest.mark.parametrize(("name", "is_read"), [("text", True), ("html", False)])
def test_texts_are_read_and_pages_are_left(name: str, is_read: bool) -> None:
    body = json.dumps({name: "The council met on Monday."}).encode()

    made = read_span(
        {"raw_ref": "a.jsonl#7", "body": body},
        day=date(2026, 3, 5),
        caps=caps_of(Settings()),
        extractor="trafilatura",
        columns="",
    )

    assert (made is not None) == is_read
    if made is not None:
        assert pa.ipc.open_stream(made).read_all()["raw_ref"].to_pylist() == ["a.jsonl#7"]
