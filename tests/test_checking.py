"""What each stated listing gives."""

from pipeline.harvest.checking import check
from pipeline.harvest.clock import Clock
from pipeline.harvest.sources import parse_sources
from tests.harvesting import LIMITS, NOW, item, rss, source
from tests.web_server import RSS, Page, Server, serving


def test_each_listing_is_asked_once_and_says_what_it_gives() -> None:
    feed = Page(rss(item("/a/1"), item("/a/2", date="soon"), "<item><title>None</title></item>"), headers=RSS)
    index = b"<sitemapindex><sitemap><loc>/s1.xml</loc></sitemap></sitemapindex>"
    moved = Page(status=301, headers={"Location": "/f"})
    with serving(
        server := Server(
            {
                "/f": feed,
                "/old": moved,
                "/s": Page(index),
                "/robots.txt": Page(b"User-agent: *\nDisallow: /secret"),
            }
        )
    ):
        u = server.url
        text = source("A", feed=[u + "/f", u + "/none", u + "/secret"], sitemap=u + "/s", delay_seconds=0)
        found = check(parse_sources(text, "s"), "newsfold/1", Clock(NOW), LIMITS)
        again = check(
            parse_sources(source("A", feed=u + "/old", delay_seconds=0), "s"),
            "newsfold/1",
            Clock(NOW),
            LIMITS,
        )
    assert ["fetched", "failed:404", "refused:robots", "fetched"] == [one.outcome for one in found]
    assert ("rss", 3, 2, 1) == (found[0].found, found[0].n_items, found[0].n_undated, found[0].n_no_page)
    assert ("sitemap_index", 1) == (found[3].found, found[3].n_parts)
    assert 0 == sum(one.path.startswith("/a/") for one in server.asked)
    assert u + "/f" == again[0].final_address


def test_what_is_of_another_kind_than_the_file_says_is_read_and_said() -> None:
    index = Page(b"<sitemapindex><sitemap><loc>/s1.xml</loc></sitemap></sitemapindex>")
    feed = Page(rss(item("/a/1")), headers=RSS)
    with serving(server := Server({"/f": index, "/s": feed, "/g": feed})):
        u = server.url
        text = source("A", feed=[u + "/f", u + "/g"], sitemap=u + "/s", delay_seconds=0)
        found = check(parse_sources(text, "s"), "newsfold/1", Clock(NOW), LIMITS)
    assert [("feed", "sitemap_index"), ("feed", "rss"), ("sitemap", "rss")] == [
        (one.kind, one.found) for one in found
    ]
    assert [
        "the file says feed, but it is a sitemap",
        None,
        "the file says sitemap, but it is a feed",
    ] == [one.detail for one in found]
