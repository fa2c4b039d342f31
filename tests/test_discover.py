"""Feeds, sitemaps and lists that an outlet names itself."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.harvest.discover import Named, as_source, named_by_page, named_by_robots, usual_places
from pipeline.harvest.sources import parse_sources

HERE = "https://www.morgen.example/news/"


def _named(page: str) -> list[tuple[str, str, str]]:
    return [(one.kind, one.address, one.where) for one in named_by_page(page.encode(), HERE)]


def test_the_head_of_a_page_names_its_feeds() -> None:
    page = (
        '<html><head><link rel="alternate" type="application/rss+xml; charset=UTF-8" title="Fog &amp;amp; ice" href="/rss">'
        '<link rel="ALTERNATE home" type="application/atom+xml" href="atom.xml"><link rel="alternate" type="application/feed+json" href="/f.json">'
        '<link rel="alternate" hreflang="de" href="/de/"><link rel="stylesheet" href="/feed">'
        '<link rel="alternate" type="application/json+oembed" href="/oembed">'
        '<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed/"></head></html>'
    )
    assert _named(page) == [
        ("feed", "https://www.morgen.example/rss", "head"),
        ("feed", "https://www.morgen.example/news/atom.xml", "head"),
        ("feed", "https://www.morgen.example/f.json", "head"),
    ]
    assert named_by_page(page.encode(), HERE)[0].title == "Fog & ice"


def test_a_base_counts_for_what_is_relative() -> None:
    assert _named(
        '<base href="https://abend.example/x/"><link rel=alternate type="text/xml+rss"><link rel="alternate" type="text/rss" href="f">'
    ) == [("feed", "https://abend.example/x/f", "head")]


def test_wordpress_and_a_sitemap_are_named_by_their_own_links() -> None:
    page = '<link rel="https://api.w.org/" href="/wp-json/"><link rel="sitemap" type="application/xml" href="/s.xml">'
    assert _named(page) == [
        ("list", "https://www.morgen.example/wp-json/wp/v2/posts", "head"),
        ("sitemap", "https://www.morgen.example/s.xml", "head"),
    ]


def test_links_of_the_site_that_look_like_feeds_are_named_once() -> None:
    page = "".join(
        f'<a href="{href}">RSS</a>'
        for href in (
            "/rss",
            "/RSS.xml",
            "/sport/feed/",
            "/?feed=rss2",
            "/feeding-birds",
            "/rss",
            "https://other.example/rss",
            "/a.rss",
            "/comments/feed",
        )
    )
    assert [address.removeprefix("https://www.morgen.example") for _, address, _ in _named(page)] == [
        "/rss",
        "/RSS.xml",
        "/sport/feed/",
        "/?feed=rss2",
        "/a.rss",
    ]


def test_robots_names_sitemaps_in_any_group_and_case() -> None:
    text = "\ufeffSitemap: /s1.xml\nUser-agent: x\r\nDisallow: /\r\nsitemap : https://abend.example/s2.xml.gz # all\n#Sitemap: /no.xml\nSITEMAP:\nSitemap: ftp://x/"
    assert [one.address for one in named_by_robots(text, "https://morgen.example/robots.txt")] == [
        "https://morgen.example/s1.xml",
        "https://abend.example/s2.xml.gz",
    ]


def test_usual_places_are_at_the_host() -> None:
    places = usual_places(HERE)
    assert {one.kind for one in places} == {"feed", "sitemap", "list"}
    assert all(one.address.startswith("https://www.morgen.example/") for one in places)


def test_what_was_found_is_a_table_for_the_sources_file() -> None:
    found = (
        Named("feed", "https://a.example/1", None, "head"),
        Named("feed", "https://a.example/2?x=%22", "t", "link"),
        Named("sitemap", "https://a.example/s.xml", None, "robots"),
    )
    (source,) = parse_sources(as_source('The "A\\B"', found), "s").sources
    assert (source.outlet, source.feeds, source.sitemaps) == (
        'The "A\\B"',
        ("https://a.example/1", "https://a.example/2?x=%22"),
        ("https://a.example/s.xml",),
    )


@given(st.binary(max_size=100))
def test_any_bytes_name_something_or_nothing(body: bytes) -> None:
    assert all(one.address.startswith("http") for one in named_by_page(body, HERE))
    named_by_robots(body.decode("latin-1"), HERE)
