"""What a page says about itself, and what is believed of it."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from pipeline.extract import described
from pipeline.text import dates

DAY = date(2026, 3, 5)
URL = "https://www.example.com/news/bridge-1"


def page(head: str = "", body: str = "<p>Text.</p>", linked_data: Any = None, lang: str = "en") -> Any:
    data = (
        f'<script type="application/ld+json">{json.dumps(linked_data)}</script>'
        if linked_data is not None
        else ""
    )
    return html.document_fromstring(
        f'<html lang="{lang}"><head>{head}{data}</head><body>{body}</body></html>'
    )


def describe(tree: Any, **hints: Any) -> described.Description:
    return described.describe_page(tree, {"url": URL, **hints}, DAY)


def meta(**contents: str) -> str:
    return "".join(f'<meta property="{k.replace("__", ":")}" content="{v}">' for k, v in contents.items())


ARTICLE = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Northern bridge to close",
    "datePublished": "2026-03-04T23:30:00+01:00",
    "dateModified": "2026-03-05T08:00:00+01:00",
    "author": [{"@type": "Person", "name": "Jane Doe"}, {"@type": "Person", "name": "John Roe"}],
    "publisher": {"@type": "Organization", "name": "Example Report"},
    "isAccessibleForFree": True,
}


def test_linked_data_say_it_all() -> None:
    """Title, authors in their order, outlet, and the moment of publication in UTC."""
    found = describe(page(linked_data=ARTICLE))

    assert found.title == "Northern bridge to close"
    assert found.authors == ("Jane Doe", "John Roe")
    assert found.outlet == "Example Report"
    assert found.published_at == datetime(2026, 3, 4, 22, 30, tzinfo=UTC)
    assert found.published_at_source == "page"
    assert found.canonical_url == "https://example.com/news/bridge-1"
    assert found.domain == "example.com"
    assert found.declared_language == "en"
    assert found.is_paywalled is False


@pytest.mark.parametrize(
    "wrap",
    [
        lambda a: [a],
        lambda a: {"@graph": [{"@type": "WebSite", "name": "x"}, a]},
        lambda a: {"@type": "WebPage", "mainEntity": a},
        lambda a: [{"@type": "BreadcrumbList"}, [a]],
        lambda a: a | {"@type": ["Article", "NewsArticle"]},
    ],
)
def test_linked_data_are_found_at_any_depth(wrap: Any) -> None:
    """Lists, graphs, pages around the article."""
    assert describe(page(linked_data=wrap(ARTICLE))).title == "Northern bridge to close"


def test_of_several_articles_the_pages_own_counts() -> None:
    """Pages describe the articles that they link to, too."""
    others = [
        {**ARTICLE, "headline": f"Other {n}", "url": f"https://www.example.com/o-{n}"} for n in range(3)
    ]
    own = {**ARTICLE, "headline": "Own", "url": URL, "datePublished": "2026-03-01"}

    found = describe(page(linked_data=[*others, own]))

    assert found.title == "Own"
    assert found.published_at == datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "broken",
    [
        '{"@type":"NewsArticle","headline":"Northern bridge to close","datePublished":"2026-03-04",}',
        '<!-- {"@type":"NewsArticle","headline":"Northern bridge to close","datePublished":"2026-03-04"} -->',
        '//<![CDATA[\n{"@type":"NewsArticle","headline":"Northern bridge to close","datePublished":"2026-03-04"}\n//]]>',
        '{"@type":"NewsArticle","headline":"Northern bridge to close","datePublished":"2026-03-04"};',
        '{"@type":"NewsArticle","headline":"Northern bridge to close","datePublished":"2026-03-04","x":"a\tb\nc"}',
        '{"@type":"NewsArticle","description":"a "quote" in it","headline":"Northern bridge to close","datePublished":"2026-03-04"}',
    ],
)
def test_broken_linked_data_are_mended(broken: str) -> None:
    """Stray commas, comments, CDATA, semicolons, control characters; of what is beyond repair, the strings that matter."""
    tree = html.document_fromstring(
        f'<html><script type="application/ld+json">{broken}</script><p>x</p></html>'
    )
    found = describe(tree)

    assert found.title == "Northern bridge to close"
    assert found.published_at == datetime(2026, 3, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    "bomb",
    [
        "[" * 100_000,
        '{"a":' * 50_000,
        '{"author":"' + "a,b and " * 100_000,
        '"headline":"' * 50_000,
        "{" + '"name" : ' * 100_000,
    ],
)
def test_hostile_linked_data_cost_their_size(bomb: str) -> None:
    """No recursion, no pattern that backtracks."""
    tree = html.document_fromstring(
        f'<html><script type="application/ld+json">{bomb}</script><p>x</p></html>'
    )

    assert describe(tree).published_at is None


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
    found = describe(page(f"<title>{stated}</title>" + meta(og__site_name="Example Report")))

    assert title == found.title


def test_people_are_authors_rather_than_the_outlet() -> None:
    """Linked data often name the outlet only, where the page marks a name as the author's."""
    outlet = {**ARTICLE, "author": {"@type": "Organization", "name": "Example Report"}}
    byline = '<p>By <a rel="author" href="/doe">Jane Doe</a> and <a rel="author" href="/roe">John Roe</a></p>'
    teaser = '<div><div><p>More by <a rel="author" href="/poe">Ann Poe</a></p></div></div>'

    assert describe(page(linked_data=outlet, body=f"<div>{byline}</div>{teaser}")).authors == (
        "Jane Doe",
        "John Roe",
    )
    assert describe(page('<meta name="author" content="Jane Doe (jd)">', linked_data=outlet)).authors == (
        "Jane Doe",
    )
    assert describe(page(linked_data=outlet)).authors == ("Example Report",)


def test_of_a_page_that_is_no_news_the_only_heading_is_the_title() -> None:
    """Its linked data say what search engines are to find."""
    post, shown = {**ARTICLE, "@type": "BlogPosting"}, "Why the northern bridge had to close"

    assert describe(page(linked_data=post, body=f"<h1>{shown}</h1>")).title == shown
    assert describe(page(linked_data=ARTICLE, body=f"<h1>{shown}</h1>")).title == ARTICLE["headline"]
    assert (
        describe(page(linked_data=post, body=f"<h1>{shown}</h1><h1>{shown}</h1>")).title
        == ARTICLE["headline"]
    )
    assert describe(page(linked_data=post, body="<h1>Our blog</h1>")).title == ARTICLE["headline"]


def test_a_heading_in_capitals_or_pieces_is_spelled_as_elsewhere() -> None:
    title, pieces = "<title>Northern bridge to close</title>", "<h1>N<b> orthern</b> bridge to close</h1>"

    assert describe(page(title, "<h1>NORTHERN BRIDGE TO CLOSE</h1>")).title == "Northern bridge to close"
    assert describe(page(title, pieces)).title == "Northern bridge to close"


def test_a_title_cut_for_sharing_is_completed() -> None:
    """Where another place has the whole."""
    head = meta(og__title="The northern bridge is to close until…", og__type="article")

    assert describe(page(head, "<h1>The northern bridge is to close until autumn</h1>")).title == (
        "The northern bridge is to close until autumn"
    )


def test_the_sites_name_alone_is_no_title() -> None:
    """Better the heading, or the one that was delivered, or none."""
    head = "<title>Example Report</title>" + meta(og__site_name="Example Report")

    assert describe(page(head, "<h1>Bridge to close</h1>")).title == "Bridge to close"
    assert describe(page(head), title="From the feed").title == "From the feed"
    assert describe(page(head)).title is None


def test_the_delivered_outlet_wins_and_an_unknown_one_is_null() -> None:
    """A domain is a column of its own."""
    assert describe(page(linked_data=ARTICLE), outlet="Wire").outlet == "Wire"
    assert describe(page(meta(og__site_name="Example Report"))).outlet == "Example Report"
    assert describe(page()).outlet is None


DATES = [
    (meta(article__published_time="2026-03-04T10:00:00Z"), "", "2026-03-04", "page"),
    ('<meta name="pubdate" content="Wed, 04 Mar 2026 10:00:00 GMT">', "", "2026-03-04", "page"),
    ('<meta itemprop="datePublished" content="2026-03-04">', "", "2026-03-04", "page"),
    ('<meta name="article:published:time" content="2026-03-04T10:00:00+00:00">', "", "2026-03-04", "page"),
    ("", '<time itemprop="datePublished" datetime="2026-03-04T10:00">x</time>', "2026-03-04", "page"),
    ("", '<h1>Bridge</h1><span class="d">4 March 2026</span>', "2026-03-04", "text"),
    ("", "<h1>Brücke</h1><div>4. März 2026, 10:15 Uhr</div>", "2026-03-04", "text"),
    ("", "<h1>橋</h1><div>2026年3月4日 10:15</div>", "2026-03-04", "text"),
    ("", "<h1>Most</h1><div>4 marca 2026</div>", "2026-03-04", "text"),
    (meta(article__modified_time="2026-03-04T10:00:00Z"), "", "2026-03-04", "page"),
]


@pytest.mark.parametrize(("head", "body", "day", "source"), DATES)
def test_the_date_is_found_where_the_page_states_it(head: str, body: str, day: str, source: str) -> None:
    """In metadata, in a time element, or in print beside the heading."""
    found = describe(page(head, body + "<p>Text.</p>"))

    assert found.published_at is not None
    assert day == found.published_at.date().isoformat()
    assert source == found.published_at_source


def test_the_sources_have_an_order() -> None:
    """Page, then feed, then address, then print; when it was changed comes last."""
    feed = datetime(2026, 3, 2, 12, tzinfo=UTC)
    dated = "https://example.com/2026/03/01/bridge"
    printed = "<h1>Bridge</h1><p>3 March 2026</p>"
    changed = meta(article__modified_time="2026-03-05T10:00:00Z")
    stated = meta(article__published_time="2026-02-28")

    assert (
        describe(page(stated + changed, printed), url=dated, published_at=feed).published_at_source == "page"
    )
    assert describe(page(changed, printed), url=dated, published_at=feed).published_at == feed
    assert describe(page(changed, printed), url=dated).published_at == datetime(2026, 3, 1, tzinfo=UTC)
    assert describe(page(changed, printed)).published_at == datetime(2026, 3, 3, tzinfo=UTC)
    assert describe(page(changed)).published_at == datetime(2026, 3, 5, 10, tzinfo=UTC)
    assert describe(page()).published_at is None


def test_a_date_in_the_future_is_not_believed() -> None:
    """Not later than a day after the document was fetched or, unknown, after the end of its day."""
    early, late = (
        meta(article__published_time="2026-03-06T20:00:00Z"),
        meta(article__published_time="2026-03-07T00:00:00Z"),
    )
    fetched = datetime(2026, 3, 4, tzinfo=UTC)

    assert describe(page(early)).published_at == datetime(2026, 3, 6, 20, tzinfo=UTC)
    assert describe(page(late)).published_at is None
    assert describe(page(early), fetched_at=fetched).published_at is None
    assert describe(page(), published_at=datetime(2031, 1, 1, tzinfo=UTC)).published_at is None


@pytest.mark.parametrize(
    "stated", ["2026", "March 2026", "2026-03", "0000-00-00", "1970-01-01T00:00:00Z", "05/03/2026", "soon"]
)
def test_what_is_no_day_is_not_made_one(stated: str | None) -> None:
    """Never the first of January, never the epoch, never a guess between the 5th of March and the 3rd of May."""
    assert describe(page(meta(article__published_time=stated))).published_at is None


def test_a_clock_without_zone_takes_the_zone_stated_elsewhere() -> None:
    """Two statements of one moment complete each other."""
    head = meta(article__published_time="2026-03-04T23:30:00+01:00")
    data = {**ARTICLE, "datePublished": "2026-03-04T23:30:00"}

    assert describe(page(head, linked_data=data)).published_at == datetime(2026, 3, 4, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize("value", [False, "False", "false", "http://schema.org/False"])
def test_a_page_that_is_not_free_says_so(value: object) -> None:
    """In each of the spellings."""
    assert describe(page(linked_data={**ARTICLE, "isAccessibleForFree": value})).is_paywalled is True


def test_the_canonical_address_is_the_pages_own_statement() -> None:
    """rel=canonical, else og:url; without a delivered address also as the address itself."""
    head = '<link rel="canonical" href="https://www.example.com/bridge-1?utm_source=x">'

    assert describe(page(head)).canonical_url == "https://example.com/bridge-1"
    assert describe(page(meta(og__url="https://example.com/b-2")), url=None).url == "https://example.com/b-2"
    assert (
        describe(page('<link rel="canonical" href="/">')).canonical_url == "https://example.com/news/bridge-1"
    )


@pytest.mark.parametrize(
    ("stated", "names"),
    [
        ("By Jane Doe and John Roe", ("Jane Doe", "John Roe")),
        ("Von Jana Muster, Karl Beispiel", ("Jana Muster", "Karl Beispiel")),
        ("https://example.com/jane", ()),
        ("admin", ()),
        ("Jane Doe, Jr.", ("Jane Doe, Jr.",)),
    ],
)
def test_a_byline_is_names(stated: str | None, names: tuple[str, ...]) -> None:
    """Without "by", addresses and accounts."""
    assert names == describe(page(f'<meta name="author" content="{stated}">')).authors


def test_the_tree_is_only_read() -> None:
    """Others read it afterwards."""
    tree = page(meta(og__title="x"), "<h1>Bridge</h1><p>4 March 2026</p><p>Text.</p>", ARTICLE)
    before = html.tostring(tree)

    describe(tree)

    assert before == html.tostring(tree)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.text(max_size=60), st.text(max_size=60))
def test_no_page_makes_it_raise(data: str, content: str, time: str) -> None:
    """The whole web comes in."""
    tree = page(body="<h1></h1><time></time>")
    script = html.fromstring('<script type="application/ld+json"></script>')
    clean = ("".join(c for c in t if c.isprintable()) for t in (data, content, time))
    script.text, named, timed = clean
    tree.head.append(script)
    tree.head.append(html.Element("meta", property="article:published_time", content=named))
    tree.find(".//time").set("datetime", timed)

    assert isinstance(describe(tree), described.Description)


# --- dates -----------------------------------------------------------------------------------------------------

WRITTEN = [
    ("2026-03-05T10:11:12+02:00", "2026-03-05T08:11:12+00:00"),
    ("2026-03-05 10:11", "2026-03-05T10:11:00+00:00"),
    ("20260305T101112Z", "2026-03-05T10:11:12+00:00"),
    ("1772704800", "2026-03-05T10:00:00+00:00"),
    ("1772704800000", "2026-03-05T10:00:00+00:00"),
    ("Thu, 05 Mar 2026 10:00:00 +0100", "2026-03-05T09:00:00+00:00"),
    ("Thu Mar 05 2026 10:00:00 GMT+0200 (EET)", "2026-03-05T08:00:00+00:00"),
    ("March 5, 2026 4:05 PM", "2026-03-05T16:05:00+00:00"),
    ("5th of March 2026", "2026-03-05T00:00:00+00:00"),
    ("5. März 2026, 14:30 Uhr", "2026-03-05T14:30:00+00:00"),
    ("05.03.2026", "2026-03-05T00:00:00+00:00"),
    ("13/03/2026", "2026-03-13T00:00:00+00:00"),
    ("5 mars 2026 à 12h30", "2026-03-05T12:30:00+00:00"),
    ("5 de marzo de 2026", "2026-03-05T00:00:00+00:00"),
    ("5 maart 2026", "2026-03-05T00:00:00+00:00"),
    ("5 Mart 2026", "2026-03-05T00:00:00+00:00"),
    ("5 марта 2026", "2026-03-05T00:00:00+00:00"),
    ("5 березня 2026", "2026-03-05T00:00:00+00:00"),
    ("5. března 2026", "2026-03-05T00:00:00+00:00"),
    ("5. maaliskuuta 2026", "2026-03-05T00:00:00+00:00"),
    ("2026. március 5.", "2026-03-05T00:00:00+00:00"),
    ("5 Μαρτίου 2026", "2026-03-05T00:00:00+00:00"),
    ("5 مارس 2026", "2026-03-05T00:00:00+00:00"),
    ("5 मार्च 2026", "2026-03-05T00:00:00+00:00"),
    ("5 มีนาคม 2569", "2026-03-05T00:00:00+00:00"),
    ("2026년 3월 5일", "2026-03-05T00:00:00+00:00"),
    ("ngày 5 tháng 3 năm 2026", "2026-03-05T00:00:00+00:00"),
]


@pytest.mark.parametrize(("written", "moment"), WRITTEN)
def test_dates_of_many_languages_are_read(written: str, moment: str) -> None:
    """With their zone where they state one."""
    found = dates.parse(written)

    assert found is not None
    assert datetime.fromisoformat(moment) == dates.to_utc(found)


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://example.com/2026/03/05/bridge", "2026-03-05"),
        ("https://example.com/2026/mar/05/bridge", "2026-03-05"),
        ("https://example.com/bridge-20260305.html", "2026-03-05"),
        ("https://example.com/2026-03-05-bridge", "2026-03-05"),
        ("https://example.com/2026/03/bridge", None),
        ("https://example.com/2026/bridge", None),
        ("https://example.com/a-202603051234567", None),
        ("https://example.com/2026/13/45/x", None),
    ],
)
def test_an_address_has_a_date_only_with_a_day(url: str | None, day: str | None) -> None:
    """A month is no day."""
    found = dates.in_url(url)

    assert day == (found.date().isoformat() if found else None)


@given(st.integers(-2_200_000_000, 4_000_000_000), st.integers(-14 * 60, 14 * 60))
def test_what_was_written_is_read_back(seconds: int, offset: int) -> None:
    """ISO 8601 and RFC 2822, in any zone."""
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    moment = (epoch + timedelta(seconds=seconds)).astimezone(timezone(timedelta(minutes=offset)))

    assert moment == dates.parse(moment.isoformat())


@given(st.text(max_size=100))
def test_no_text_makes_the_reader_of_dates_raise(text: str) -> None:
    """Pages state anything as a date."""
    found = dates.parse(text)

    assert found is None or found.year >= dates.EARLIEST_YEAR
