"""What a page says about itself as a whole: outlet, address, paywall, whatever the page."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from pipeline.extract import described
from tests.pages import (
    ARTICLE,
    describe,
    meta,
    parsed,
)


def test_the_delivered_outlet_wins_and_an_unknown_one_is_null() -> None:
    """A domain is a column of its own."""
    assert describe(parsed(linked_data=ARTICLE), outlet="Wire").outlet == "Wire"
    assert describe(parsed(meta(og__site_name="Example Report"))).outlet == "Example Report"
    assert describe(parsed()).outlet is None


@pytest.mark.parametrize("value", [False, "False", "false", "http://schema.org/False"])
def test_a_page_that_is_not_free_says_so(value: object) -> None:
    """In each of the spellings."""
    assert describe(parsed(linked_data={**ARTICLE, "isAccessibleForFree": value})).is_paywalled is True


def test_the_canonical_address_is_the_pages_own_statement() -> None:
    """rel=canonical, else og:url; without a delivered address also as the address itself."""
    head = '<link rel="canonical" href="https://www.example.com/bridge-1?utm_source=x">'

    assert describe(parsed(head)).canonical_url == "https://example.com/bridge-1"
    assert (
        describe(parsed(meta(og__url="https://example.com/b-2")), url=None).url == "https://example.com/b-2"
    )
    assert (
        describe(parsed('<link rel="canonical" href="/">')).canonical_url
        == "https://example.com/news/bridge-1"
    )


OWN = "https://example.com/news/bridge-1"
LINK = '<link rel="canonical" href="{}">'


@pytest.mark.parametrize(
    ("head", "body", "wanted"),
    [
        # In the body it is a player's or a reader's.
        ("", f"<p>Text.</p><div>{LINK.format('/video/7-diver')}</div>", OWN),
        ("", f"<div><p>Text.</p>{LINK.format('/video/7-diver')}</div>", OWN),
        ("", f"<p>Text.</p>{LINK.format('/video/7-diver')}", OWN),
        (LINK.format("/news/bridge-2"), LINK.format("/video/7-diver"), "https://example.com/news/bridge-2"),
        # What ended the head too early is no body.
        (f"<img src=x>{LINK.format('/news/bridge-2')}", "", "https://example.com/news/bridge-2"),
        (
            f"<noscript><img src=x></noscript><div></div>{LINK.format('/news/bridge-2')}",
            "",
            "https://example.com/news/bridge-2",
        ),
        # Of several the one that the address or the share data confirm; of none of them, none.
        (LINK.format("/news/other-1") + LINK.format("/news/bridge-1"), "", OWN),
        (LINK.format("/news/other-1") + LINK.format("/news/other-2"), "", OWN),
        (
            LINK.format("/a-1") + LINK.format("/a-2") + meta(og__url="https://example.com/a-2"),
            "",
            "https://example.com/a-2",
        ),
        (LINK.format("/news/bridge-2") * 2, "", "https://example.com/news/bridge-2"),
        # One that has other relations too.
        ('<link rel="shortlink canonical" href="/news/bridge-2">', "", "https://example.com/news/bridge-2"),
        ('<link rel="CANONICAL nofollow" href="/news/bridge-2">', "", "https://example.com/news/bridge-2"),
        # Relative ones.
        (LINK.format("bridge-2"), "", "https://example.com/news/bridge-2"),
        (LINK.format("../a-2"), "", "https://example.com/a-2"),
        ('<base href="/archive/">' + LINK.format("bridge-2"), "", "https://example.com/archive/bridge-2"),
        (LINK.format("www.example.com/a-2"), "", "https://example.com/a-2"),
        (LINK.format("example.com/a-2"), "", "https://example.com/a-2"),
        # The front page, in each of its forms, and another site.
        *((LINK.format(front), "", OWN) for front in ("/", "/de-de", "/en/index.html", "/home.html", "/?lang=en")),
        (LINK.format("https://video.example/a-2"), "", OWN),
        # Marks that have no place in an address.
        (LINK.format("/news/\u202ebridge\u202c-2\u2066"), "", "https://example.com/news/bridge-2"),
        # What a template writes where it has no address.
        *((LINK.format(nothing), "", OWN) for nothing in ("null", "undefined", " ")),
        ('<link rel="canonical alternate" href="/news/bridge-2">', "", OWN),
    ],
)  # fmt: skip
def test_a_canonical_link_counts_where_it_speaks_of_this_page(head: str, body: str, wanted: str) -> None:
    assert wanted == describe(parsed(head, body or "<p>Text.</p>")).canonical_url


def test_the_delivered_address_keeps_what_looks_like_an_entity() -> None:
    """Parameters are called copy, current and para; only an ampersand's entity is one."""
    stated = "https://example.com/a?id=1&copy=2&current=3&amp;para=4"

    found = describe(parsed(), url=stated)

    assert found.url == "https://example.com/a?id=1&copy=2&current=3&para=4"
    assert found.canonical_url == "https://example.com/a?copy=2&current=3&id=1&para=4"


def test_the_tree_is_only_read() -> None:
    """Others read it afterwards."""
    tree = parsed(meta(og__title="x"), "<h1>Bridge</h1><p>4 March 2026</p><p>Text.</p>", ARTICLE)
    before = html.tostring(tree)

    describe(tree)

    assert before == html.tostring(tree)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.text(max_size=60), st.text(max_size=60))
def test_no_page_makes_it_raise(data: str, content: str, time: str) -> None:
    """The whole web comes in."""
    tree = parsed(body="<h1></h1><time></time>")
    script = html.fromstring('<script type="application/ld+json"></script>')
    clean = ("".join(c for c in t if c.isprintable()) for t in (data, content, time))
    script.text, named, timed = clean
    tree.head.append(script)
    tree.head.append(html.Element("meta", property="article:published_time", content=named))
    tree.find(".//time").set("datetime", timed)

    assert isinstance(describe(tree), described.Description)


@pytest.mark.parametrize(
    ("head", "source"),
    [
        ('<link rel="canonical" href="https://post.com/2026/bridge-opens">', "https://post.com/2026/bridge-opens"),
        ('<link rel="canonical" href="https://www.example.com/bridge-1">', None),
        ('<link rel="canonical" href="https://post.com/">', None),
        ('<meta name="syndication-source" content="https://post.com/2026/bridge-opens">', "https://post.com/2026/bridge-opens"),
        ('<meta name="original-source" content="https://post.com/2026/bridge-opens">', "https://post.com/2026/bridge-opens"),
        (meta(og__url="https://post.com/2026/bridge-opens"), None),
        ("", None),
    ],
)  # fmt: skip
def test_an_article_of_another_site_that_the_page_names_as_its_own_is_its_source(
    head: str, source: str | None
) -> None:
    """What is only to be shared names nobody as the source, and no id moves: the page's own address stays its canonical one."""
    found = describe(parsed(head))

    assert source == found.source_url
    assert (found.canonical_url or "").startswith("https://example.com/")
