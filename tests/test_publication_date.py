"""When a page was published: where the date comes from, and which date is believed."""

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
