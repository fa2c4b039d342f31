"""The title of a page: the headline, without the site's name, spelled as elsewhere."""

import pytest

from pipeline.extract.plaintext import read_text
from tests.pages import (
    ARTICLE,
    DAY,
    STORY,
    URL,
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
    ("Example Report: Bridge to close", "Bridge to close"),
    ("Example Report：Bridge to close", "Bridge to close"),
    ("EXAMPLE REPORT: Bridge to close", "Bridge to close"),
    ("[Example Report] Bridge to close", "Bridge to close"),
    ("【Example Report】Bridge to close", "Bridge to close"),
    ("Bridge to close (Example Report)", "Bridge to close"),
    ("Bridge to close |Example Report", "Bridge to close"),
    ("Example Report: Live", "Example Report: Live"),
    ("Example Report : Bridge to close", "Bridge to close"),
    ("The Example Report – Bridge to close", "Bridge to close"),
    ("Mayor: bridge to close", "Mayor: bridge to close"),
    ("Bridge to close (again)", "Bridge to close (again)"),
    ("北部の橋が閉鎖へ_Example Report", "北部の橋が閉鎖へ"),
    ("Bridge \u202eto\u202c close\u009b\u2066", "Bridge to close"),
    ("&amp;lt;b&amp;gt;Bridge&amp;lt;/b&amp;gt; to close", "Bridge to close"),
    ("پل بسته می\u200cشود | Example Report", "پل بسته می\u200cشود"),
    ("Tom &amp;amp; Jane close the bridge", "Tom & Jane close the bridge"),
    ("  Bridge\n to   close ", "Bridge to close"),
]


@pytest.mark.parametrize(("stated", "title"), TITLES)
def test_a_title_is_the_headline_without_the_sites_name(stated: str | None, title: str) -> None:
    """Wherever the name stands; parts of the headline stay."""
    found = describe(parsed(f"<title>{stated}</title>" + meta(og__site_name="Example Report")))

    assert title == found.title


@pytest.mark.parametrize(
    "title", ["Marlow{}bridge to close for a month", "The Marlow bridge{}closed for a month"]
)
@pytest.mark.parametrize("sign", [": ", " : ", "\N{NO-BREAK SPACE}: ", " – ", " - ", " | "])
@pytest.mark.parametrize("site", ["L'Écho de Marlow", "Marlower Zeitung", "The Marlow Example"])
def test_a_place_before_the_headline_is_not_the_paper_that_is_called_by_it(
    title: str, sign: str, site: str
) -> None:
    """Local papers open their headlines with the place."""
    stated = title.format(sign)

    found = describe(parsed(f"<title>{stated} | {site}</title>" + meta(og__site_name=site)))
    delivered, _ = read_text("\n".join(STORY), {"title": stated, "outlet": site, "url": URL}, DAY)

    assert stated.replace("\N{NO-BREAK SPACE}", " ") == found.title
    assert found.title == delivered.title


def test_two_words_of_a_long_name_are_the_site() -> None:
    """Blogs add a motto to their names."""
    site = meta(og__site_name="Harbour Notes: tales of tides and ships")

    assert (
        "Bridge to close" == describe(parsed("<title>Harbour Notes - Bridge to close</title>" + site)).title
    )


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


@pytest.mark.parametrize(
    ("stated", "title"),
    [
        ("Bridge to close - Example Report", "Bridge to close"),
        ("Example Report: Bridge to close", "Bridge to close"),
        ("Bridge &amp;amp; road to <b>close</b>", "Bridge & road to close"),
        ("<![CDATA[Bridge to close]]>", "Bridge to close"),
        ("\u202eBridge to close\u0007", "Bridge to close"),
        ("Mayor: bridge to close", "Mayor: bridge to close"),
    ],
)
def test_a_delivered_title_is_cleaned_as_a_stated_one(stated: str, title: str) -> None:
    """With a text and with a page that has none."""
    text, _ = read_text("\n".join(STORY), {"title": stated, "outlet": "Example Report", "url": URL}, DAY)

    assert title == text.title
    assert title == describe(parsed(), title=stated, outlet="Example Report").title


def test_the_name_of_the_site_is_never_the_headline() -> None:
    """Whether linked data give it as an article's name or headline, or it is the logo's heading."""
    site = {"@type": "WebSite", "name": "The Bay Herald"}
    named = {"@type": "NewsArticle", "headline": "The Bay Herald", "name": "The Bay Herald"}
    heading = "<h1>The Bay Herald</h1><h1>Bridge to close</h1>"

    for data in ({"@graph": [site, named]}, {**named, "publisher": {"name": "The Bay Herald"}}):
        assert describe(parsed(body=heading, linked_data=data)).title == "Bridge to close"

    logo = parsed("<title>Bridge to close - Example News</title>", "<h1>Example News</h1>")
    assert describe(logo).title == "Bridge to close"


def test_a_heading_that_names_a_section_is_no_headline() -> None:
    """One or two words that a longer title does not have."""
    title = "<title>Bridge to close until autumn | Example Report</title>"

    assert describe(parsed(title, "<h1>Local news</h1>")).title.startswith("Bridge to close")
    assert describe(parsed(title, "<h1>Bridge closes</h1>", ARTICLE)).title == ARTICLE["headline"]
    assert describe(parsed("<title>Bridge</title>", "<h1>Local news</h1>")).title == "Local news"
    assert describe(parsed("<title>The northern bridge - X</title>", "<h1>Northern bridge</h1>")).title == (
        "Northern bridge"
    )
