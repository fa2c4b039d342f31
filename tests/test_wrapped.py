"""Records within an object."""

from typing import Any

import pytest

from pipeline.landing.wrapped import records_in

RECORD = {"url": "https://example.org/1", "text": "The council met."}


@pytest.mark.parametrize(
    "answer",
    [
        {"status": "ok", "articles": [RECORD, RECORD]},
        {"title": "A feed", "Items": [RECORD, RECORD]},
        {"data": {"results": [RECORD, RECORD]}},
        {"hits": {"hits": [{"_source": RECORD}, {"_source": RECORD}]}},
    ],
)
def test_a_list_of_records_is_taken_out_of_what_holds_it(answer: dict[str, Any]) -> None:
    assert records_in(answer) == [RECORD, RECORD]


@pytest.mark.parametrize(
    "record",
    [
        RECORD,
        {**RECORD, "items": [{"src": "a.png"}]},
        {"title": "Council", "authors": [{"name": "Jane Doe"}]},
        {"title": "Council", "articles": []},
        {"title": "Council", "data": {"k": {"a": 1}}},
        {},
    ],
)
def test_a_record_is_itself(record: dict[str, Any]) -> None:
    assert records_in(record) == [record]
