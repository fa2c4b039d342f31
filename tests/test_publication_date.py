"""When a page was published: where the date comes from, and which date is believed."""

import json
from datetime import UTC, datetime

import pytest

from tests.pages import (
    ARTICLE,
    describe,
    meta,
    parsed,
)

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
    found = describe(parsed(head, body + "<p>Text.</p>"))

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
        describe(parsed(stated + changed, printed), url=dated, published_at=feed).published_at_source
        == "page"
    )
    assert describe(parsed(changed, printed), url=dated, published_at=feed).published_at == feed
    assert describe(parsed(changed, printed), url=dated).published_at == datetime(2026, 3, 1, tzinfo=UTC)
    assert describe(parsed(changed, printed)).published_at == datetime(2026, 3, 3, tzinfo=UTC)
    assert describe(parsed(changed)).published_at == datetime(2026, 3, 5, 10, tzinfo=UTC)
    assert describe(parsed()).published_at is None


def test_when_a_page_was_last_changed_is_known_if_it_says_the_minute() -> None:
    """It orders captures of one page; a day does not, and one of the future is not believed."""
    changed = datetime(2026, 3, 4, 12, 30, tzinfo=UTC)

    assert changed == describe(parsed(meta(article__modified_time="2026-03-04T12:30:00Z"))).modified_at
    data = {"@type": "NewsArticle", "headline": "Bridge", "dateModified": "2026-03-04T12:30:00Z"}
    linked = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    assert changed == describe(parsed(linked)).modified_at
    for unknown in ("2026-03-04", "2031-03-04T12:30:00Z", "soon"):
        assert None is describe(parsed(meta(article__modified_time=unknown))).modified_at


def test_a_date_in_the_future_is_not_believed() -> None:
    """Not later than a day after the document was fetched or, unknown, after the end of its day."""
    early, late = (
        meta(article__published_time="2026-03-06T20:00:00Z"),
        meta(article__published_time="2026-03-07T00:00:00Z"),
    )
    fetched = datetime(2026, 3, 4, tzinfo=UTC)

    assert describe(parsed(early)).published_at == datetime(2026, 3, 6, 20, tzinfo=UTC)
    assert describe(parsed(late)).published_at is None
    assert describe(parsed(early), fetched_at=fetched).published_at is None
    assert describe(parsed(), published_at=datetime(2031, 1, 1, tzinfo=UTC)).published_at is None


@pytest.mark.parametrize(
    "stated", ["2026", "March 2026", "2026-03", "0000-00-00", "1970-01-01T00:00:00Z", "05/03/2026", "soon"]
)
def test_what_is_no_day_is_not_made_one(stated: str | None) -> None:
    """Never the first of January, never the epoch, never a guess between the 5th of March and the 3rd of May."""
    assert describe(parsed(meta(article__published_time=stated))).published_at is None


def test_a_clock_without_zone_takes_the_zone_stated_elsewhere() -> None:
    """Two statements of one moment complete each other."""
    head = meta(article__published_time="2026-03-04T23:30:00+01:00")
    data = {**ARTICLE, "datePublished": "2026-03-04T23:30:00"}

    assert describe(parsed(head, linked_data=data)).published_at == datetime(2026, 3, 4, 22, 30, tzinfo=UTC)


def moment(text: str) -> tuple[datetime, str]:
    """2026-03-05 or 2026-03-05T08:00[:30], in UTC, with the precision that is written."""
    precision = {10: "day", 16: "minute"}.get(len(text), "second")
    return datetime.fromisoformat(text).replace(tzinfo=UTC), precision


def dated(
    head: str = "", body: str = "", language: str = "en", **hints: object
) -> tuple[datetime | None, str | None]:
    tree = parsed(head, body + "<p>Text.</p>")
    tree.getroottree().getroot().set("lang", language)
    found = describe(tree, **hints)
    return found.published_at, found.published_precision


H1 = "<h1>Bridge to close</h1>"
STATED_IN_ELEMENTS = [
    (
        '<span itemprop="datePublished" content="2026-03-04T22:06-500">March 4 at 10:06 PM</span>',
        "2026-03-05T03:06",
    ),
    ('<abbr itemprop="datePublished" title="2026-03-04T10:00:30Z">Wednesday</abbr>', "2026-03-04T10:00:30"),
    ('<abbr class="published" title="2026-03-04T10:00:30+01:00">4 Mar</abbr>', "2026-03-04T09:00:30"),
    ('<div itemprop="datePublished">March 4, 2026 10:05 am PST</div>', "2026-03-04T18:05"),
    ('<div itemprop="datePublished"><b>March</b> <i>4, 2026</i></div>', "2026-03-04"),
    ('<p property="schema:datePublished" content="2026-03-04T10:00:30Z">today</p>', "2026-03-04T10:00:30"),
    ('<span data-published="2026-03-04T10:00:30Z">yesterday</span>', "2026-03-04T10:00:30"),
    ('<div data-publish-date="1772618430">yesterday</div>', "2026-03-04T10:00:30"),
    ('<span class="article-date" data-timestamp="1772618430000">yesterday</span>', "2026-03-04T10:00:30"),
    ('<span class="post-date" data-datetime="2026-03-04T10:00:30Z">yesterday</span>', "2026-03-04T10:00:30"),
    ('<time pubdate datetime="2026-03-04">yesterday</time>', "2026-03-04"),
    ('<time class="timestamp" title="4 March 2026 10:00 GMT">yesterday</time>', "2026-03-04T10:00"),
    ("<time>4 March 2026, 10:00 GMT</time>", "2026-03-04T10:00"),
    ('<meta itemprop="datePublished" content="2026-03-04T10:00:30Z">', "2026-03-04T10:00:30"),
]


@pytest.mark.parametrize(("element", "meant"), STATED_IN_ELEMENTS)
def test_any_element_may_state_the_date(element: str, meant: str) -> None:
    """In an attribute for machines or, without one, in what it shows."""
    assert dated(body=H1 + element) == moment(meant)


OF_OTHERS = [
    '<div class="comments"><time datetime="2026-03-05T10:00:00Z">x</time></div>',
    '<ol class="commentlist"><li><time pubdate datetime="2026-03-05T10:00:00Z">x</time></li></ol>',
    '<article id="comment-5" class="comment"><meta itemprop="datePublished" content="2026-03-05T10:00:00Z"></article>',
    '<div itemprop="comment" itemscope><span itemprop="datePublished" content="2026-03-05T10:00:00Z">x</span></div>',
    '<div itemtype="https://schema.org/Comment"><time itemprop="dateCreated" datetime="2026-03-05">x</time></div>',
    '<section id="disqus_thread"><span>March 5, 2026 at 10:09 am</span></section>',
    '<div class="user-comments"><span class="date">Published: March 5, 2026</span></div>',
    '<aside><time itemprop="datePublished" datetime="2026-03-05T10:00:00Z">x</time></aside>',
    '<div class="related-articles"><time class="published" datetime="2026-03-05T10:00:00Z">x</time></div>',
    '<nav><time datetime="2026-03-05T10:00:00Z">x</time></nav>',
]


@pytest.mark.parametrize("others", OF_OTHERS)
@pytest.mark.parametrize("is_first", [False, True])
def test_the_date_of_a_comment_or_of_another_article_is_not_the_pages(others: str, *, is_first: bool) -> None:
    """Wherever it stands, and whether the page states its own or not."""
    byline = "<div class='byline'>Monday March 2, 2026 10:05 am PST by Ilse Tarn</div>"
    body = f"{others}{H1}{byline}" if is_first else f"{H1}{byline}<p>Text.</p>{others}"

    assert dated(body=body) == moment("2026-03-02T18:05")
    assert dated(body=H1 + others) == (None, None)


def test_what_wraps_the_headline_is_not_among_the_comments() -> None:
    """Themes name the whole page after whether it takes comments."""
    body = f'<div class="comments single"><div>{H1}<time datetime="2026-03-04T10:00:30Z">x</time></div></div>'

    assert dated(body=body) == moment("2026-03-04T10:00:30")


VISIBLE = [
    ("<h1>What the flood of 5 May 2019 changed</h1><p>Published: 4 March 2026</p>", "2026-03-04"),
    ("<h1>What the flood of 5 May 2019 changed</h1><p>4 March 2026</p>", "2026-03-04"),
    (
        "<h1>Bridge</h1><p>The old one fell on 5 May 2019 in a storm.</p><p>Posted on March 4, 2026</p>",
        "2026-03-04",
    ),
    ("<h1>Bridge</h1><p>The old one fell on 5 May 2019 in a storm.</p><p>March 4, 2026</p>", "2026-03-04"),
    ("<h1>Bridge</h1><span>Updated: 5 March 2026</span><span>Published: 4 March 2026</span>", "2026-03-04"),
    (
        "<h1>Bridge</h1><span>Last updated</span> <b>5 March 2026</b><span>First published</span> <b>4 March 2026</b>",
        "2026-03-04",
    ),
    ("<h1>Bridge</h1><p>Updated 5 March 2026 | Published 4 March 2026</p>", "2026-03-04"),
    ("<h1>Bridge</h1><p>Published 4 March 2026, updated 5 March 2026</p>", "2026-03-04"),
    ("<h1>Bridge</h1><dl><dt>Posted</dt><dd>4 March 2026</dd></dl>", "2026-03-04"),
    ("<h1>Bridge</h1><p>Updated 5 March 2026</p>", "2026-03-05"),
    ("<h1>Brücke</h1><p>Aktualisiert am 5. März 2026</p><p>Veröffentlicht am 4. März 2026</p>", "2026-03-04"),
    ("<h1>Pont</h1><p>Mis à jour le 5 mars 2026</p><p>Publié le 4 mars 2026</p>", "2026-03-04"),
    ("<h1>橋</h1><p>更新：2026年3月5日</p><p>公開：2026年3月4日</p>", "2026-03-04"),
    ("<h1>다리</h1><p>수정 2026.03.05</p><p>입력 2026.03.04</p>", "2026-03-04"),
    ("<h1>Köprü</h1><p>Son güncelleme: 5 Mart 2026</p><p>Yayınlanma: 4 Mart 2026</p>", "2026-03-04"),
    ("<h1>Мост</h1><p>Обновлено 5 марта 2026</p><p>Опубликовано 4 марта 2026</p>", "2026-03-04"),
]


@pytest.mark.parametrize(("body", "meant"), VISIBLE)
def test_a_date_that_is_said_to_be_of_publication_goes_before_others(body: str, meant: str) -> None:
    """Before one in the headline, in a sentence, or of a change, whichever stands first."""
    assert dated(body=body) == moment(meant)


def test_a_date_at_the_end_of_the_title_is_the_pages_if_it_stands_alone() -> None:
    """Else it is what the headline speaks of."""
    sentence = "<h1>Bridge</h1><p>The old one fell on 5 May 2019 in a storm.</p>"

    assert dated("<title>Bridge to close | News | 04.03.2026</title>", sentence) == moment("2026-03-04")
    assert dated(
        "<title>What changed since 4 March 2020</title>", "<h1>Bridge</h1><p>4 March 2026</p>"
    ) == moment("2026-03-04")


LOCAL = [
    ("<h1>다리</h1><span>2026.03.04 오후 3:24</span>", "ko", "a.example", "2026-03-04T06:24"),
    ("<h1>橋</h1><span>2026年3月4日 午後3時24分</span>", "ja", "a.example", "2026-03-04T06:24"),
    ("<h1>桥</h1><span>2026年3月4日 下午3:24</span>", "zh-CN", "a.example", "2026-03-04T07:24"),
    ("<h1>Brücke</h1><span>4. März 2026, 10:15 Uhr</span>", "de", "a.example", "2026-03-04T09:15"),
    ("<h1>Bridge</h1><span>4 July 2025, 10:15</span>", "en", "a.co.uk", "2025-07-04T09:15"),
    ("<h1>Bridge</h1><span>March 4, 2026 10:15 IST</span>", "en-US", "a.in", "2026-03-04T04:45"),
    ("<h1>Bridge</h1><span>March 4, 2026 10:15 IST</span>", "en-US", "a.example", "2026-03-04"),
    ("<h1>Bridge</h1><span>March 4, 2026 10:15</span>", "en-US", "a.example", "2026-03-04"),
    ("<h1>جسر</h1><span>٤ مارس ٢٠٢٦ - ١٠:٢٤</span>", "ar", "a.example", "2026-03-04"),
    ("<h1>پل</h1><span>۱۳ اسفند ۱۴۰۴ - ۱۰:۲۴</span>", "fa", "a.example", "2026-03-04T06:54"),
    ("<h1>גשר</h1><span>4 במרץ 2026, 10:24</span>", "he", "a.example", "2026-03-04T08:24"),
]


@pytest.mark.parametrize(("body", "language", "host", "meant"), LOCAL)
def test_a_time_for_readers_is_of_the_outlets_zone_where_that_is_known(
    body: str, language: str, host: str, meant: str
) -> None:
    """By its country or its language; else only the date is known."""
    assert dated(body=body, language=language, url=f"https://{host}/n") == moment(meant)


@pytest.mark.parametrize(
    "stated",
    ["2026-03-04T10:15:00", "2026-03-04 10:15", "2026-03-04T10:15:00.000", "Wed, 04 Mar 2026 10:15:00"],
)
def test_a_machines_time_without_a_zone_is_a_day_in_every_country(stated: str) -> None:
    """Half of them write UTC."""
    head = meta(article__published_time=stated)

    assert dated(head, language="de", url="https://a.de/n") == moment("2026-03-04")


@pytest.mark.parametrize(
    ("language", "meant"),
    [("pt-BR", "2026-03-05"), ("vi", "2026-03-05"), ("en-US", "2026-05-03"), ("en", None)],
)
@pytest.mark.parametrize(
    "where",
    [
        "<time>05/03/2026</time>",
        '<span itemprop="datePublished">05/03/2026 15:05</span>',
        "<p>05/03/2026</p>",
    ],
)
def test_a_date_in_figures_is_read_as_the_language_writes_it(
    where: str, language: str, meant: str | None
) -> None:
    """In what elements state and in print; English of no country may mean two days."""
    fetched = datetime(2026, 6, 1, tzinfo=UTC)

    at, _ = dated(body=H1 + where, language=language, fetched_at=fetched)

    assert (str(at.date()) if at else None) == meant


COMPLETED = [
    ("2026-03-04", "2026-03-04T23:30:10+01:00", "2026-03-04T22:30:10"),
    ("2026-03-04T23:30:10", "2026-03-04T23:30:10.123+01:00", "2026-03-04T22:30:10.123"),
    (
        "2026-03-04T23:30:10",
        "2026-03-04T20:00:00+01:00",
        "2026-03-04",
    ),  # another time: of the listing, or of a change
    ("2026-03-04", "2026-03-05T08:00:00Z", "2026-03-04"),
    ("2026-03-04T10:00:00Z", "2026-03-03T08:00:00Z", "2026-03-04T10:00:00"),
]


@pytest.mark.parametrize(("first", "second", "meant"), COMPLETED)
def test_two_statements_of_one_moment_complete_each_other(first: str, second: str, meant: str) -> None:
    """The first one says which day; the second may say the hour and the zone."""
    found = dated(
        '<script type="application/ld+json">'
        + json.dumps({**ARTICLE, "datePublished": first})
        + "</script>"
        + meta(pubdate=second)
    )

    assert found == moment(meant)


@pytest.mark.parametrize(
    ("stated", "delivered", "meant"),
    [
        ("2026-03-04", "2026-03-04T08:00:30", "2026-03-04T08:00:30"),
        ("2026-03-04", "2026-03-05T05:00:30", "2026-03-05T05:00:30"),  # still the 4th, in the west
        ("2026-03-04", "2026-03-07T05:00:30", "2026-03-04"),
        ("2026-03-04T09:00:30", "2026-03-04T08:00:30", "2026-03-04T08:00:30"),
        ("2026-03-04T13:30:30", "2026-03-04T08:00:30", "2026-03-04T08:00:30"),
        ("2026-03-04T09:00", "2026-03-04T08:00:30", "2026-03-04T08:00:30"),
        (
            "2026-03-04T09:11:30",
            "2026-03-04T08:00:30",
            "2026-03-04",
        ),  # another time: of discovery, or of a change
        ("2026-03-04T09:00:30Z", "2026-03-04T08:00:30", "2026-03-04T09:00:30"),
    ],
)
def test_what_was_delivered_completes_what_the_page_states(stated: str, delivered: str, meant: str) -> None:
    """Where both are one time, in some zone."""
    at = datetime.fromisoformat(delivered).replace(tzinfo=UTC)

    found = dated(meta(article__published_time=stated), published_at=at, published_precision="second")

    assert found == moment(meant)


@pytest.mark.parametrize("changed", ["2026-03-04T16:20:00.000-08:00", "2026-03-01", "2026-03-05T10:00:00Z"])
def test_publication_is_published_whenever_the_page_was_changed(changed: str) -> None:
    """Also where it says that it was changed before."""
    head = f'<meta itemprop="dateModified" content="{changed}"><meta itemprop="datePublished" content="2026-03-05T00:00:13.123-07:00">'

    assert dated(head) == moment("2026-03-05T07:00:13.123")


def test_a_delivered_date_keeps_its_precision() -> None:
    """As the feed stated it."""
    at = datetime(2026, 3, 4, tzinfo=UTC)

    assert dated(published_at=at, published_precision="day") == (at, "day")
    assert dated(published_at=at, published_precision="second") == (at, "second")
    assert dated(url="https://a.example/2026/03/04/bridge") == (at, "day")
