"""An answer of a listing, read as what the sources' file says it is."""

import pytest

from pipeline.harvest.client import Reply
from pipeline.harvest.items import UnreadableFeedError
from pipeline.harvest.reading import read_listing
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
