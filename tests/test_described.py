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
