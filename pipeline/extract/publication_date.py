"""When a page was published: which of its statements counts, and where that was found."""

import datetime as dt
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pipeline.extract.stated import Stated, language_of, texts_of
from pipeline.text import dates

if TYPE_CHECKING:
    from lxml.html import HtmlElement


# Names of meta elements without their punctuation, the best first.
_PUBLISHED_NAMES = (
    "articlepublishedtime",
    "ogarticlepublishedtime",
    "ogpublishedtime",
    "datepublished",
    "articlepublished",
)
_PUBLISHED_NAMES_OF_VENDORS = (
    "parselypubdate",
    "sailthrudate",
    "cxenseparserecspublishtime",
    "cxenseparsepublishtime",
    "dcdateissued",
    "dctermsissued",
    "dcdatecreated",
    "dctermscreated",
    "dctermscreateddate",
    "rnewsdatepublished",
    "publishdate",
    "publishedtime",
    "publishedat",
    "publicationdate",
    "pubdate",
    "pagepublished",
    "articledateoriginal",
    "dcsextarticlefirstpublished",
    "citationpublicationdate",
    "iso8601publishdate",
    "articlecreateat",
    "articlecreated",
    "vrpublishedtime",
    "ptime",
    "dcdate",
    "dctermsdate",
    "date",
)
_MODIFIED_NAMES = ("articlemodifiedtime", "ogupdatedtime", "datemodified", "lastmodified", "dctermsmodified")
_DATE_NEAR = (
    60,
    300,
)  # elements before and after the heading among which a visible date is the article's own
_UPDATED_CLASS = re.compile(r"updat|modif|edit(?!or)|chang", re.IGNORECASE)
_PUBLISHED_CLASS = re.compile(
    r"publi|pub-?date|posted|entry-date|dateline|article-?date|created|timestamp", re.IGNORECASE
)


def latest(hints: Mapping[str, object], day: dt.date) -> dt.datetime:
    """The last moment at which the document can have been published: a day after it was fetched or delivered.

    One day more than the clock, for outlets ahead of UTC and clocks that are wrong.
    """
    fetched = hints.get("fetched_at")
    end_of_day = dt.datetime.combine(day, dt.time.max, dt.UTC)
    return (dates.to_utc(fetched) if isinstance(fetched, dt.datetime) else end_of_day) + dt.timedelta(days=1)


def published_at(
    candidates: Iterable[tuple[dt.datetime | None, str]], until: dt.datetime
) -> tuple[dt.datetime | None, str | None]:
    """The first of `candidates` (moment, source) that is no later than `until`, in UTC, and its source."""
    for when, source in candidates:
        if when is not None and dates.to_utc(when) <= until and when.replace(tzinfo=dt.UTC) != _ZERO:
            return dates.to_utc(when), source
    return None, None


_ZERO = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)  # what an empty field becomes, in any zone


def published_of(
    tree: "HtmlElement",
    page: Stated,
    article: dict[str, Any],
    hints: Mapping[str, object],
    url: str | None,
    day: dt.date,
) -> tuple[dt.datetime | None, str | None]:
    until = latest(hints, day)
    feed = hints.get("published_at")
    stated = [when for when in map(dates.parse, _stated_dates(page, article)) if when is not None]
    published, source = published_at(
        [
            *((_with_zone(d, stated), "page") for d in stated),
            (feed if isinstance(feed, dt.datetime) else None, "feed"),
            (dates.in_url(url) if url else None, "url"),
        ],
        until,
    )
    if published is not None:
        return published, source
    visible = _visible_date(tree, page, _month_first(language_of(tree, page, article)))
    changed = [
        *_dates(article.get("dateModified")),
        *(v for n in _MODIFIED_NAMES for v in page.meta.get(n, ())),
    ]
    return published_at([(visible, "text"), *((dates.parse(t), "page") for t in changed)], until)


def _stated_dates(page: Stated, article: dict[str, Any]) -> Iterator[str]:
    yield from _dates(article.get("datePublished"))
    yield from (v for n in _PUBLISHED_NAMES for v in page.meta.get(n, ()))
    yield from (t for t, _, marked in page.times if marked)
    yield from (v for n in _PUBLISHED_NAMES_OF_VENDORS for v in page.meta.get(n, ()))
    yield from _dates(article.get("dateCreated"))
    yield from (
        t for t, kind, _ in page.times if _PUBLISHED_CLASS.search(kind) and not _UPDATED_CLASS.search(kind)
    )
    yield from (t for t, kind, _ in page.times[:1] if not _UPDATED_CLASS.search(kind))


def _dates(value: object) -> list[str]:
    """The strings in a JSON-LD value, or its number."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return [dates.in_figures(value)]
    return texts_of(value)


def _visible_date(tree: "HtmlElement", page: Stated, month_first: bool | None) -> dt.datetime | None:
    """The date that a reader sees: at the end of the page's title, or in a short line near the heading."""
    in_title = dates.find(page.titles[0][-30:], month_first=month_first) if page.titles else None
    if in_title:
        return in_title.when
    before: deque[str] = deque(maxlen=_DATE_NEAR[0])
    after: list[str] = []
    has_heading = next(tree.iter("h1"), None) is None
    for element in tree.iter(
        "h1", "div", "span", "p", "time", "li", "small", "em", "i", "b", "strong", "a", "td", "br"
    ):
        has_heading = has_heading or element.tag == "h1"
        for text in (element.text, element.tail):
            if text and 8 <= len(text.strip()) <= 100:
                (after if has_heading else before).append(text)
        if len(after) >= _DATE_NEAR[1]:
            break
    found = (
        dates.find(" ".join(t.split()), month_first=month_first)
        for t in (*after[:40], *reversed(before), *after[40:])
    )
    return next((f.when for f in found if f), None)


def _month_first(language: str | None) -> bool | None:
    """How 5/3/2026 is read in a declared language: None for English of no country."""
    tag = (language or "").lower().replace("_", "-")
    if tag == "en-us":
        return True
    return False if tag and tag != "en" else None


def _with_zone(when: dt.datetime, stated: list[dt.datetime]) -> dt.datetime:
    """The moment with the zone that another place on the page gives for the same time on the clock."""
    if when.tzinfo is not None:
        return when
    clock = when.replace(microsecond=0)
    same = (s for s in stated if s.tzinfo is not None and s.replace(tzinfo=None, microsecond=0) == clock)
    return next(same, when)
