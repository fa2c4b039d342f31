"""The title of a page: the headline, without the site's name, spelled as elsewhere."""

import pytest

from tests.pages import (
    ARTICLE,
    describe,
    meta,
    parsed,
)

TITLES = [
    ("Bridge to close | Example Report", "Bridge to close"),
    ("Bridge to close - Example Report", "Bridge to close"),
    ("Bridge to close – City – Example Report", "Bridge to close"),
    ("Example Report | Bridge to close", "Bridge to close"),
    ("Bridge to close by autumn - Example Report - 05.03.2026", "Bridge to close by autumn"),
    ("Bridge to close - EXAMPLE.COM", "Bridge to close"),
    ("Mayor: bridge to close - council agrees", "Mayor: bridge to close - council agrees"),
    ("BUDGET 3.0 | Bridge money is gone", "BUDGET 3.0 | Bridge money is gone"),
    ("Tom &amp;amp; Jane close the bridge", "Tom & Jane close the bridge"),
    ("  Bridge\n to   close ", "Bridge to close"),
]


@pytest.mark.parametrize(("stated", "title"), TITLES)
def test_a_title_is_the_headline_without_the_sites_name(stated: str | None, title: str) -> None:
    """Wherever the name stands; parts of the headline stay."""
    found = describe(parsed(f"<title>{stated}</title>" + meta(og__site_name="Example Report")))

    assert title == found.title


def test_of_a_page_that_is_no_news_the_only_heading_is_the_title() -> None:
    """Its linked data say what search engines are to find."""
    post, shown = {**ARTICLE, "@type": "BlogPosting"}, "Why the northern bridge had to close"

    assert describe(parsed(linked_data=post, body=f"<h1>{shown}</h1>")).title == shown
    assert describe(parsed(linked_data=ARTICLE, body=f"<h1>{shown}</h1>")).title == ARTICLE["headline"]
    assert (
        describe(parsed(linked_data=post, body=f"<h1>{shown}</h1><h1>{shown}</h1>")).title
        == ARTICLE["headline"]
    )
    assert describe(parsed(linked_data=post, body="<h1>Our blog</h1>")).title == ARTICLE["headline"]


def test_a_heading_in_capitals_or_pieces_is_spelled_as_elsewhere() -> None:
    title, pieces = "<title>Northern bridge to close</title>", "<h1>N<b> orthern</b> bridge to close</h1>"

    assert describe(parsed(title, "<h1>NORTHERN BRIDGE TO CLOSE</h1>")).title == "Northern bridge to close"
    assert describe(parsed(title, pieces)).title == "Northern bridge to close"


def test_a_title_cut_for_sharing_is_completed() -> None:
    """Where another place has the whole."""
    head = meta(og__title="The northern bridge is to close until…", og__type="article")

    assert describe(parsed(head, "<h1>The northern bridge is to close until autumn</h1>")).title == (
        "The northern bridge is to close until autumn"
    )


def test_the_sites_name_alone_is_no_title() -> None:
    """Better the heading, or the one that was delivered, or none."""
    head = "<title>Example Report</title>" + meta(og__site_name="Example Report")

    assert describe(parsed(head, "<h1>Bridge to close</h1>")).title == "Bridge to close"
    assert describe(parsed(head), title="From the feed").title == "From the feed"
    assert describe(parsed(head)).title is None
