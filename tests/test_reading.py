"""An answer of a listing, read as what the sources' file says it is."""

import gzip

import pytest

from pipeline.harvest.client import Reply
from pipeline.harvest.items import UnreadableFeedError
from pipeline.harvest.reading import read_listing, stated_as
from pipeline.harvest.sources import Source
from pipeline.harvest.targets import target_of
from tests.harvesting import NOW, item, rss

SITEMAP = b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>/a/1</loc></url></urlset>"
SOURCE = Source("A")


def reply(body: bytes) -> Reply:
    return Reply(target_of("http://a.example/x/f"), (), "HTTP/1.1", 200, "OK", (), body, body, NOW, 0.0)


@pytest.mark.parametrize(
    ("kind", "body", "found"), [("feed", rss(item("/a/1")), "rss"), ("sitemap", SITEMAP, "sitemap")]
)
def test_a_listing_is_what_it_is_stated_to_be(kind: str, body: bytes, found: str) -> None:
    listing = read_listing(kind, reply(body), SOURCE, NOW)
    assert found == listing.kind
    assert ["http://a.example/a/1"] == [item.url for item in listing.items]


@pytest.mark.parametrize("kind", ["feed", "sitemap", "list"])
def test_a_page_in_its_place_is_no_listing(kind: str) -> None:
    with pytest.raises(UnreadableFeedError, match="not_a_feed"):
        read_listing(kind, reply(b"<!doctype html><title>Not here</title>"), SOURCE, NOW)


LIST = b'[{"link": "/a/1", "title": {"rendered": "One"}}]'
JSON_FEED = b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "url": "/a/1"}]}'
INDEX = b"<sitemapindex><sitemap><loc>/s.xml</loc></sitemap></sitemapindex>"
ATOM = b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><link href='/a/1'/></entry></feed>"


@pytest.mark.parametrize("kind", ["feed", "sitemap", "list"])
@pytest.mark.parametrize(
    ("body", "found", "stated"),
    [
        (rss(item("/a/1")), {"rss"}, {"feed"}),
        (rss(), {"rss"}, {"feed"}),
        (ATOM, {"atom"}, {"feed"}),
        (JSON_FEED, {"json_feed", "list"}, {"feed", "list"}),
        (SITEMAP, {"sitemap"}, {"sitemap"}),
        (gzip.compress(SITEMAP, mtime=0), {"sitemap"}, {"sitemap"}),
        (INDEX, {"sitemap_index"}, {"sitemap"}),
        (b"<urlset/>", {"sitemap"}, {"sitemap"}),
        (LIST, {"list"}, {"list"}),
    ],
)
def test_a_listing_is_read_as_what_it_is(kind: str, body: bytes, found: set[str], stated: set[str]) -> None:
    listing = read_listing(kind, reply(body), SOURCE, NOW)
    assert listing.kind in found
    assert stated_as(listing) in stated


@pytest.mark.parametrize("kind", ["feed", "sitemap", "list"])
@pytest.mark.parametrize(
    "body", [b"", b"<rdf", b'{"error": "x"}', b'{"code": "no", "data": [{"a": 1}]}', b"moved"]
)
def test_what_is_no_listing_at_all_is_none_of_any_kind(kind: str, body: bytes) -> None:
    with pytest.raises(UnreadableFeedError):
        read_listing(kind, reply(body), SOURCE, NOW)


@pytest.mark.parametrize("kind", ["feed", "sitemap"])
def test_json_without_a_page_is_not_taken_for_a_listing_of_another_kind(kind: str) -> None:
    with pytest.raises(UnreadableFeedError):
        read_listing(kind, reply(b'{"error": "x", "data": []}'), SOURCE, NOW)
