"""When a page was published: which of its statements counts, and where that was found."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, TypeGuard

from pipeline.extract.stated import Stated, language_of, texts_of
from pipeline.extract.visible_date import is_of_others, visible_date
from pipeline.model.kinds import Precision
from pipeline.text import dates, urls, zones
from pipeline.text.dates import Moment
from pipeline.text.written_dates import Written

if TYPE_CHECKING:
    from lxml.html import HtmlElement


# Names of meta elements without their punctuation, the best first.
_PUBLISHED_NAMES = (
    "articlepublishedtime",
    "ogarticlepublishedtime",
    "ogpublishedtime",
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


def delivered(hints: Mapping[str, object]) -> Moment | None:
    """The date that came with the document."""
    at, precision = hints.get("published_at"), hints.get("published_precision")
    if not isinstance(at, dt.datetime):
        return None
    return Moment(dates.to_utc(at), Precision(str(precision)) if precision else Precision.SECOND)


def published_at(
    candidates: Iterable[tuple[Moment | None, str]], until: dt.datetime
) -> tuple[Moment | None, str | None]:
    """The first of `candidates` (moment, source) that is no later than `until`, and its source."""
    for moment, source in candidates:
        if moment is not None and moment.at <= until and abs(moment.at - _ZERO) > dt.timedelta(days=1):
            return moment, source
    return None, None


_ZERO = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)  # what an empty field becomes, in any zone


def published_of(
    tree: "HtmlElement",
    page: Stated,
    article: dict[str, Any],
    hints: Mapping[str, object],
    url: str | None,
    day: dt.date,
) -> tuple[Moment | None, str | None]:
    """When the page was published and where that was found; `url` is the address of the page."""
    until = latest(hints, day)
    language = language_of(tree, page, article)
    countries = zones.countries_of(urls.domain_of(url), language, page.first(["oglocale"]))
    read = partial(dates.parse, month_first=_month_first(language))
    stated, written = _stated_moment(map(read, _stated_dates(tree, page, article)), countries, until)
    feed = delivered(hints)
    by_feed = feed if written and _completes(feed, stated, written) else None
    in_url = dates.in_url(url) if url else None
    published, source = published_at(
        [
            (by_feed, "feed"),
            (stated, "page"),
            (feed, "feed"),
            (dates.settled(in_url) if in_url else None, "url"),
        ],
        until,
    )
    if published is not None:
        return published, source
    visible = visible_date(tree, page, _month_first(language))
    found = [(visible, "text"), *((read(text), "page") for text in _changed(page, article))]
    return published_at(((dates.settled(one, countries), name) for one, name in found if one), until)


def modified_of(
    tree: "HtmlElement",
    page: Stated,
    article: dict[str, Any],
    hints: Mapping[str, object],
    url: str | None,
    day: dt.date,
) -> dt.datetime | None:
    """When the page says that it was last changed, if it says the minute: a day orders no two captures of it."""
    language = language_of(tree, page, article)
    countries = zones.countries_of(urls.domain_of(url), language, page.first(["oglocale"]))
    read = partial(dates.parse, month_first=_month_first(language))
    moments = (dates.settled(one, countries) for one in map(read, _changed(page, article)) if one)
    exact = ((one, "page") for one in moments if one.precision is not Precision.DAY)
    found, _ = published_at(exact, latest(hints, day))
    return found.at if found else None


def _changed(page: Stated, article: dict[str, Any]) -> list[str]:
    """What the page states as the time of its last change, the best first."""
    named = (value for name in _MODIFIED_NAMES for value in page.meta.get(name, ()))
    return [*_dates(article.get("dateModified")), *named]


def _stated_moment(
    stated: Iterator[Written | None], countries: zones.Countries, until: dt.datetime
) -> tuple[Moment | None, Written | None]:
    """The first moment that is stated, and how it is written. Where its hour or zone is not known, all that is stated is asked for it."""
    first: Written | None = None
    others: list[Written] = []
    for written in filter(None, stated):
        others.append(written)
        moment, _ = published_at([(dates.settled(written, countries), "")], until)
        first = first or (written if moment else None)
        if moment and first is written and moment.precision is not Precision.DAY:
            return moment, written
    return (_completed(first, others, countries), first) if first else (None, None)


def _completed(written: Written, others: list[Written], countries: zones.Countries) -> Moment:
    """The moment, as another place on the page states it for the same time on the clock or, without one, for the same date."""
    clock = written.when.replace(microsecond=0)
    if written.precision is Precision.DAY:
        same = [other for other in others if other.when.date() == clock.date()]
    else:
        same = [other for other in others if other.when.replace(microsecond=0) == clock]
    known = (dates.settled(other, countries) for other in same)
    return next((m for m in known if m.precision is not Precision.DAY), dates.settled(written, countries))


_QUARTER, _FARTHEST = (
    dt.timedelta(minutes=15),
    dt.timedelta(hours=14),
)  # zones are so far from UTC, in such steps


def _completes(feed: Moment | None, stated: Moment | None, written: Written) -> bool:
    """Whether what was delivered says the hour of a day that the page states: it is the same time in some zone."""
    if feed is None or stated is None:
        return False
    if stated.precision is not Precision.DAY or feed.precision is Precision.DAY:
        return False
    at = feed.at.replace(tzinfo=None, microsecond=0)
    if written.precision is Precision.DAY:
        return -_FARTHEST <= at - written.when < dt.timedelta(days=1) + _FARTHEST
    apart = written.when.replace(microsecond=0) - at
    if written.precision is Precision.MINUTE:
        apart += dt.timedelta(seconds=at.second)
    return abs(apart) <= _FARTHEST and not apart % _QUARTER


def _month_first(language: str | None) -> bool | None:
    """How 5/3/2026 is read in a declared language: None for English of no country."""
    tag = (language or "").lower().replace("_", "-")
    if tag == "en-us":
        return True
    return False if tag and tag != "en" else None


# --- what the page states ----------------------------------------------------------------------------------------


class _Element(NamedTuple):
    """An element that states a date: what it states, its class, whether it is marked as the date of publication, or a time."""

    text: str
    kind: str
    is_marked: bool
    is_time: bool


def _stated_dates(tree: "HtmlElement", page: Stated, article: dict[str, Any]) -> Iterator[str]:
    """The dates that the page states, the best first; its elements are looked through only where the next one is asked for."""
    yield from _dates(article.get("datePublished"))
    yield from (v for n in _PUBLISHED_NAMES for v in page.meta.get(n, ()))
    elements, foreign = _elements(tree)
    yield from (v for v in page.meta.get("datepublished", ()) if v not in foreign)
    yield from (e.text for e in elements if e.is_marked)
    yield from (v for n in _PUBLISHED_NAMES_OF_VENDORS for v in page.meta.get(n, ()) if v not in foreign)
    yield from _dates(article.get("dateCreated"))
    kept = [e for e in elements if not _UPDATED_CLASS.search(e.kind)]
    yield from (e.text for e in kept if _PUBLISHED_CLASS.search(e.kind))
    times = [e for e in elements if e.is_time]
    if times and times[0] in kept:
        yield times[0].text


def _dates(value: object) -> list[str]:
    """The strings and numbers in a JSON-LD value, also in one with a type (JSON-LD 1.1, 4.2.1)."""
    values = value if isinstance(value, list) else [value]
    plain = [next((v[n] for n in _VALUES if n in v), None) if isinstance(v, dict) else v for v in values]
    return texts_of([dates.in_figures(v) if _is_number(v) else v for v in plain])


_VALUES = ("@value", "$date", "value", "date", "iso")


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


_MAX_ELEMENTS = 2_000  # that may state a date
# Attributes that mark a date of publication, and those that may state it.
_DATA = tuple(
    f"data-{name}"
    for name in ("published", "published-at", "publish-date", "published-date", "publication-date", "pubdate")
)
_DATA_OF_TIMES = ("data-date", "data-datetime", "data-timestamp", "data-time", "data-utc")
_ATTRIBUTES = ("content", "datetime", "title", *_DATA, *_DATA_OF_TIMES)
_STATING = frozenset(("itemprop", "property", "pubdate", "datetime", *_DATA, *_DATA_OF_TIMES))
_DATE_CLASS = re.compile(r"date|time|publi|posted", re.IGNORECASE)
_MICRODATA = re.compile(r"datePublished|dateCreated|pubdate", re.IGNORECASE)


def _elements(tree: "HtmlElement") -> tuple[list[_Element], set[str]]:
    """What the elements of the page that state a date say, in their order; and what those of comments and of other articles say."""
    found: list[_Element] = []
    foreign: set[str] = set()
    for element in islice(filter(_may_state, tree.iter("*")), _MAX_ELEMENTS):
        if is_of_others(element):
            foreign.update(element.get(name, "").strip() for name in ("content", "datetime"))
        elif element.tag != "meta":
            found.append(_read(element))
    return [one for one in found if one.text], foreign - {""}


def _may_state(element: "HtmlElement") -> bool:
    if element.tag == "time":
        return True
    names = element.keys()
    if not names or (_STATING.isdisjoint(names) and not ("class" in names and "title" in names)):
        return False
    if "itemprop" in names or "property" in names:
        return _MICRODATA.search(_named(element)) is not None
    return "title" not in names or _PUBLISHED_CLASS.search(element.get("class", "")) is not None


def _named(element: "HtmlElement") -> str:
    return f"{element.get('itemprop') or ''} {element.get('property') or ''}"


def _read(element: "HtmlElement") -> _Element:
    named = _named(element)
    is_marked = "datePublished" in named or element.get("pubdate") is not None
    is_marked = is_marked or any(element.get(name) for name in _DATA)
    values = [value for name in _ATTRIBUTES if (value := element.get(name))]
    if element.tag == "time" or is_marked or not values:
        values.append(" ".join(" ".join(islice(element.itertext(), 20)).split())[:80])
    text = next((value for value in values if dates.parse(value, month_first=False)), "")
    kind = f"{element.get('class') or ''} {named}"
    has_time = any(element.get(name) for name in _DATA_OF_TIMES) and _DATE_CLASS.search(kind) is not None
    return _Element(text, kind, is_marked, has_time or element.tag == "time")
