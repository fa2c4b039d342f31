"""Lists of articles as JSON."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.harvest.items import Item, Listing, UnreadableFeedError
from pipeline.harvest.listings import read_list
from tests.listed import NOW

HERE = "https://morgen.example/wp-json/wp/v2/posts?per_page=20"
ONE = "https://morgen.example/a/1"


def _read(found: object) -> Listing:
    return read_list(json.dumps(found).encode(), HERE, "application/json; charset=UTF-8", NOW, None)


def _refused(body: bytes) -> str | None:
    try:
        read_list(body, HERE, "", NOW, None)
    except UnreadableFeedError as error:
        return error.reason
    return None


def test_posts_of_wordpress_are_dated_in_utc() -> None:
    post = {
        "id": 7,
        "date": "2026-03-10T09:00:00",
        "date_gmt": "2026-03-10T08:00:00",
        "modified_gmt": "2026-03-10T10:00:00",
        "guid": {"rendered": "https://morgen.example/?p=7"},
        "link": ONE,
        "title": {"rendered": "Fog &#8211; <em>again</em>"},
    }
    assert _read([post]) == Listing(
        "list",
        items=(
            Item(
                ONE,
                "Fog – again",
                datetime(2026, 3, 10, 8, tzinfo=UTC),
                "second",
                "2026-03-10T08:00:00Z",
                datetime(2026, 3, 10, 10, tzinfo=UTC),
                "https://morgen.example/?p=7",
            ),
        ),
    )


def test_stories_of_arc_have_relative_addresses() -> None:
    story = {
        "_id": "ABC",
        "canonical_url": "/a/1",
        "headlines": {"basic": "Fog"},
        "first_publish_date": "2026-03-10T08:00:00.123Z",
        "last_updated_date": "2026-03-10T09:00:00Z",
    }
    (found,) = _read({"type": "results", "content_elements": [story], "count": 1, "next": 10}).items
    assert (found.url, found.title, found.guid) == (ONE, "Fog", "ABC")
    assert (found.published_at, found.modified_at) == (
        datetime(2026, 3, 10, 8, tzinfo=UTC),
        datetime(2026, 3, 10, 9, tzinfo=UTC),
    )


def test_a_list_may_stand_in_objects() -> None:
    found = _read(
        {"data": {"articles": {"items": [{"url": ONE, "headline": "Fog", "datePublished": "2026-03-10"}]}}}
    )
    assert [(i.url, i.title, i.precision) for i in found.items] == [(ONE, "Fog", "day")]


def test_a_draft_without_a_date_has_its_own_time() -> None:
    (found,) = _read([{"link": ONE, "date_gmt": "0000-00-00T00:00:00", "date": "2026-03-10T08:00:00"}]).items
    assert (found.published_at, found.flags) == (datetime(2026, 3, 10, 8, tzinfo=UTC), ("zone_assumed",))


def test_an_entry_without_an_address_is_counted() -> None:
    assert [i.flags for i in _read([{"link": ONE}, {"title": "x"}]).items] == [(), ("no_page",)]


def test_an_empty_list_is_a_list() -> None:
    assert (_read([]).items, _read({"content_elements": []}).items) == ((), ())


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (
            b'{"code": "rest_no_route", "message": "No route was found", "data": {"status": 404}}',
            "not_a_feed",
        ),
        (b'[{"name": "x"}]', "not_a_feed"),
        (b"[1, 2]", "not_a_feed"),
        (b"<html></html>", "not_a_feed"),
        (b"", "not_a_feed"),
        (b'[{"link": "https://mor', "truncated"),
    ],
)
def test_what_is_no_list_of_articles_is_refused(body: bytes, reason: str) -> None:
    assert _refused(body) == reason


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["items", "data", "link", "title", "date_gmt", "guid", "rendered"]), inner), max_leaves=12))  # fmt: skip
def test_json_of_any_shape_is_a_list_or_refused(found: object) -> None:
    assert _refused(json.dumps(found).encode()) in {None, "not_a_feed"}
