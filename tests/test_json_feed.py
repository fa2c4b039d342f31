"""JSON Feed."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.harvest.items import Listing, UnreadableFeedError
from pipeline.harvest.json_feed import read_json_feed, text_of, title_of
from pipeline.harvest.moments import Clock
from tests.listed import NOW

ONE = "https://morgen.example/a/1"
VERSION = "https://jsonfeed.org/version/1.1"


def _read(feed: object) -> Listing:
    return read_json_feed(json.dumps(feed), "https://morgen.example/feed.json", Clock(NOW))


def _items(*items: object) -> Listing:
    return _read({"version": VERSION, "title": "Morgen &amp; more", "items": list(items)})


def test_an_item_has_its_page_title_dates_and_identifier() -> None:
    listing = _items(
        {
            "id": "x",
            "url": ONE,
            "title": "<b>Fog</b>",
            "date_published": "2026-03-10T09:00:00+01:00",
            "date_modified": "2026-03-10T11:00:00Z",
        }
    )
    (found,) = listing.items

    assert (listing.kind, listing.title) == ("json_feed", "Morgen & more")
    assert (found.url, found.title, found.guid, found.precision) == (ONE, "Fog", "x", "second")
    assert found.published_at == datetime(2026, 3, 10, 8, tzinfo=UTC)
    assert found.modified_at == datetime(2026, 3, 10, 11, tzinfo=UTC)


def test_the_page_is_the_url_else_the_outer_one_else_an_identifier_that_is_an_address() -> None:
    found = _items(
        {"url": "/a/1", "external_url": "https://other.example/"},
        {"external_url": ONE, "url": None},
        {"id": ONE},
        {"id": 33, "url": ""},
    )
    assert [item.url for item in found.items] == [ONE, ONE, ONE, None]
    assert (found.items[3].guid, found.items[3].flags) == ("33", ("no_page",))


def test_what_is_missing_null_or_of_another_type_is_null() -> None:
    (found,) = _items(
        {"url": ONE, "title": ["x"], "date_published": None, "date_modified": {}, "id": True}
    ).items
    assert (found.title, found.published_at, found.date_raw, found.modified_at, found.guid) == (None,) * 5


def test_what_is_no_object_among_the_items_is_passed_over() -> None:
    assert len(_items("x", None, {"url": ONE}).items) == 1


def test_a_feed_without_items_is_empty() -> None:
    assert _read({"version": VERSION}).items == ()
    assert _read({"items": []}).items == ()  # some leave the version out


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"error": "not found"}', "not_a_feed"),
        ('{"items": 3}', "not_a_feed"),
        ("{]", "not_a_feed"),
        ('{"items": [' + "[" * 100_000, "not_a_feed"),
        ('{"items": [{"url": "https://mor', "truncated"),
        ('{"items": [{"url": "x"}', "truncated"),
    ],
)
def test_what_is_no_feed_or_breaks_off_is_refused(text: str, reason: str) -> None:
    with pytest.raises(UnreadableFeedError) as refused:
        read_json_feed(text, ONE, Clock(NOW))
    assert refused.value.reason == reason


def test_texts_of_json_are_texts_numbers_or_nothing() -> None:
    assert [text_of(value) for value in ("a\ud800", 3, True, None, [], 1.5)] == ["a", "3", "", "", "", ""]
    assert title_of({}) is None


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["items", "url", "id", "title", "date_published"]), inner), max_leaves=12))  # fmt: skip
def test_items_of_any_shape_are_read(item: object) -> None:
    assert len(_items({"url": ONE, "title": item, "date_published": item, "id": item}).items) == 1
