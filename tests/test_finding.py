"""Feeds, sitemaps and lists of an outlet, found from one of its pages."""

from pipeline.harvest.clock import Clock
from pipeline.harvest.finding import Found, find, outlet_of
from tests.harvesting import LIMITS, NOW, item, rss
from tests.web_server import HTML, RSS, Page, Server, serving

FEED = Page(rss(item("/a/1")), headers=RSS)


def ask(server: Server) -> Found:
    return find(server.url + "/", "newsfold/1", Clock(NOW), ("127.0.0.1",), LIMITS)


def test_a_page_and_a_robots_txt_name_them() -> None:
    home = Page(
        b"<html><head><link rel='alternate' type='application/atom+xml' href='/f'></head></html>",
        headers=HTML,
    )
    server = Server({"/": home})
    with serving(server):
        server.pages["/robots.txt"] = Page(f"Sitemap: {server.url}/s.xml".encode())
        found = ask(server)
    assert [("feed", server.url + "/f"), ("sitemap", server.url + "/s.xml")] == [
        (one.kind, one.address) for one in found.named
    ]
    assert 2 == len(server.asked)


def test_where_nothing_is_named_the_usual_places_are_tried() -> None:
    with serving(
        server := Server(
            {
                "/": Page(b"<html></html>", headers=HTML),
                "/feed/": FEED,
                "/feed": FEED,
                "/rss.xml": FEED,
                "/sitemap.xml": Page(b"<html></html>", headers=HTML),
            }
        )
    ):
        found = ask(server)
    assert {"feed"} == {one.kind for one in found.named}
    assert all("/sitemap" not in one.address for one in found.named)


def test_a_page_that_can_not_be_read_names_nothing() -> None:
    with serving(server := Server()):
        assert Found((), "failed:404") == ask(server)
    assert "a.example" == outlet_of("https://www.a.example/x")
    assert "nonsense" == outlet_of("nonsense")
