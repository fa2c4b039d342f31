"""What a page says about itself: address, outlet, title, authors, date, whether one must pay.

One pass over the elements that carry such statements, and JSON-LD by the standard library's parser; no pattern
is run over the whole page, so the cost is bounded by the page's size.
"""

import datetime as dt
import html
import json
import re
import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any

from lxml import etree

from pipeline import dates, lexicon, urls
from pipeline.lexicon import one_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LEXICON = lexicon.words()

_MAX_ELEMENTS = 20_000  # of the few kinds that are looked at; the largest of 658 real pages has 2,300
_MAX_JSON_CHARS = 2_000_000  # of JSON-LD on one page; the largest seen is 0.3 million
_MAX_JSON_NODES = 20_000
_MAX_TITLE_CHARS = 500
_MAX_AUTHORS = 20

_ARTICLE_TYPES = re.compile(
    r"(?:article|posting|report|review|column|liveblog|critique|story)$", re.IGNORECASE
)
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
_AUTHOR_NAMES = (
    "author",
    "articleauthor",
    "dccreator",
    "dctermscreator",
    "parselyauthor",
    "sailthruauthor",
    "byl",
)
_OUTLET_NAMES = (
    "ogsitename",
    "publisher",
    "articlepublisher",
    "dcpublisher",
    "dctermspublisher",
    "applicationname",
)
_TITLE_NAMES = ("twittertitle", "parselytitle", "sailthrutitle", "dctitle", "title", "headline")
_DATE_NEAR = (
    60,
    300,
)  # elements before and after the heading among which a visible date is the article's own
_UPDATED_CLASS = re.compile(r"updat|modif|edit(?!or)|chang", re.IGNORECASE)
_PUBLISHED_CLASS = re.compile(
    r"publi|pub-?date|posted|entry-date|dateline|article-?date|created|timestamp", re.IGNORECASE
)


@dataclass(frozen=True)
class Description:
    """What is known about one document besides its text; `published_at` is in UTC."""

    url: str | None = None
    canonical_url: str | None = None
    domain: str | None = None
    outlet: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    published_at: dt.datetime | None = None
    published_at_source: str | None = None  # page, feed, url or text
    declared_language: str | None = None
    is_paywalled: bool = False
    is_news: bool = False  # as its linked data say


@dataclass
class _Page:
    """What the elements of a page state, in document order."""

    meta: dict[str, list[str]] = field(default_factory=dict)
    canonical: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    times: list[tuple[str, str, bool]] = field(
        default_factory=list
    )  # datetime, class, whether marked as published
    scripts: list[str] = field(default_factory=list)

    def first(self, names: Iterable[str]) -> str | None:
        return next((v for n in names for v in self.meta.get(n, ()) if v), None)


def describe_page(tree: "HtmlElement", hints: Mapping[str, object], day: dt.date) -> Description:
    """Describe the page whose parsed tree is given; the tree is only read.

    `hints` (url, title, outlet, published_at, fetched_at) came with the document and may be None; the delivered
    outlet and address win, the page's title and date do. `day` is the day of ingestion.
    """
    page = _read(tree)
    article = _main_article(_json_nodes(page.scripts), page, _clean(hints.get("url")))
    outlet = _outlet(page, article, hints)
    stated = page.canonical[:1] + page.meta.get("ogurl", [])[:1]
    url = _clean(hints.get("url")) or next((s for s in stated if urls.canonicalise(s)), None)
    canonical = _canonical(url, stated)
    published, source = _published(tree, page, article, hints, canonical or url, day)
    names = _site_names(page, outlet, canonical)
    return Description(
        url=url,
        canonical_url=canonical,
        domain=urls.domain_of(canonical),
        outlet=outlet,
        title=_title(page, article, names) or _clean(hints.get("title")),
        authors=_authors(tree, page, article, names),
        published_at=published,
        published_at_source=source,
        declared_language=_language(tree, page, article),
        is_paywalled=_is_paywalled(page, article),
        is_news=_is_news(article),
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


def _read(tree: "HtmlElement") -> _Page:
    page = _Page()
    for element in islice(tree.iter("meta", "link", "title", "h1", "time", "script"), _MAX_ELEMENTS):
        _READERS[element.tag](page, element)
    return page


_NO_PUNCTUATION = re.compile(r"[\W_]+")


def _read_meta(page: _Page, element: Any) -> None:
    name = (
        element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv")
    )
    content = element.get("content")
    if name and content:
        page.meta.setdefault(_NO_PUNCTUATION.sub("", name.lower()), []).append(content.strip())


def _read_link(page: _Page, element: Any) -> None:
    if (element.get("rel") or "").lower() == "canonical" and element.get("href"):
        page.canonical.append(element.get("href").strip())


def _read_title(page: _Page, element: Any) -> None:
    if element.text and element.getparent() is not None and element.getparent().tag != "svg":
        page.titles.append(element.text[: 4 * _MAX_TITLE_CHARS])


def _read_heading(page: _Page, element: Any) -> None:
    if len(page.headings) < 5:  # a page has one or two; the rest is a list of other things
        page.headings.append(" ".join(islice(element.itertext(), 50)))


def _read_time(page: _Page, element: Any) -> None:
    stated = element.get("datetime") or element.get("content") or ""
    marked = element.get("itemprop") == "datePublished" or element.get("pubdate") is not None
    page.times.append((stated or (element.text or "")[:80], element.get("class") or "", marked))


def _read_script(page: _Page, element: Any) -> None:
    if "ld+json" in (element.get("type") or "").lower() and element.text:
        page.scripts.append(element.text)


_READERS = {
    "meta": _read_meta,
    "link": _read_link,
    "title": _read_title,
    "h1": _read_heading,
    "time": _read_time,
    "script": _read_script,
}


def _json_nodes(scripts: list[str]) -> list[dict[str, Any]]:
    """All objects in the page's JSON-LD, outer before inner, in the page's order."""
    budget = _MAX_JSON_CHARS
    nodes: list[dict[str, Any]] = []
    for script in scripts:
        budget -= len(script)
        if budget >= 0:
            nodes.extend(islice(_objects(_load(script)), _MAX_JSON_NODES - len(nodes)))
    return nodes


def _load(script: str) -> Any:
    """Parse JSON-LD; of what is broken beyond small repairs, the few strings that matter."""
    text = script.strip().removeprefix("<!--").removesuffix("-->").strip()
    text = (
        text.removeprefix("//<![CDATA[").removesuffix("//]]>").removeprefix("<![CDATA[").removesuffix("]]>")
    )
    for repair in (str, _without_commas, html.unescape):
        try:
            return json.loads(repair(text).strip().rstrip(";"), strict=False)
        except (ValueError, RecursionError):
            continue
    return dict(_LOOSE_STRING.findall(text)[::-1]) | {"@type": "Article"}


_LOOSE_STRING = re.compile(
    r'"(headline|datePublished|dateModified|name|url)"\s{0,9}:\s{0,9}"([^"\\\n]{1,400})"'
)


def _without_commas(text: str) -> str:
    return re.sub(r",(\s{0,99}[\]}])", r"\1", text)


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    queue = [value]
    for item in queue:
        if isinstance(item, dict):
            yield item
            queue.extend(v for v in item.values() if isinstance(v, dict | list))
        elif isinstance(item, list):
            queue.extend(item)


def _main_article(nodes: list[dict[str, Any]], page: _Page, url: str | None) -> dict[str, Any]:
    """The object that describes the page's own article; empty when none does.

    Pages also describe the articles that they link to: the one with the page's address or headline goes first.
    """
    articles = [n for n in nodes if any(_ARTICLE_TYPES.search(t) for t in _texts(n.get("@type")))]
    articles = [n for n in articles if n.get("headline") or n.get("datePublished") or n.get("name")]
    if not articles:
        return next((n for n in nodes if n.get("headline") and n.get("datePublished")), {})
    own_urls = {
        urls.canonicalise(u) for u in [url or "", *page.canonical[:1], *page.meta.get("ogurl", [])[:1]]
    } - {None}
    own_titles = {_key(t) for t in page.headings[:2] + page.titles[:1] + page.meta.get("ogtitle", [])[:1]}

    def merit(node: dict[str, Any]) -> tuple[bool, bool]:
        stated = [
            *_texts(node.get("url")),
            *_texts(node.get("@id")),
            *_texts(node.get("mainEntityOfPage"), "@id", "url"),
        ]
        return (
            any(urls.canonicalise(u) in own_urls for u in stated),
            any(_key(t) in own_titles for t in _texts(node.get("headline")) + _texts(node.get("name"))),
        )

    return max(articles[:50], key=merit)  # the first of equals


def _texts(value: Any, *names: str) -> list[str]:
    """The strings in a JSON-LD value: itself, its members, or what its objects have under `names`."""
    values = value if isinstance(value, list) else [value]
    found = []
    for item in values[:_MAX_AUTHORS]:
        inner = next((item[n] for n in names if item.get(n)), None) if isinstance(item, dict) else item
        inner = inner[0] if isinstance(inner, list) and inner else inner
        if isinstance(inner, str) and inner.strip():
            found.append(inner.strip())
    return found


def _key(text: str) -> str:
    """What is left of a text when neither case nor accents nor spaces nor signs count."""
    plain = text.casefold() if text.isascii() else unicodedata.normalize("NFKD", text.casefold())
    return _NO_PUNCTUATION.sub("", html.unescape(plain))


def _clean(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    text = html.unescape(html.unescape(value)) if "&" in value else value
    text = re.sub(r"<[^<>]{1,200}>", " ", text) if "<" in text else text
    return (
        " ".join(re.sub(r"^[#\s]+\s|[\u00ad\u200b-\u200f\u2060\ufeff]", "", text).split())[:_MAX_TITLE_CHARS]
        or None
    )


def _canonical(url: str | None, stated: list[str]) -> str | None:
    own = urls.canonicalise(url) if url else None
    chosen = (urls.choose_canonical(url, s) for s in stated)
    return next((c for c in chosen if c is not None and c != own), own)


def _outlet(page: _Page, article: dict[str, Any], hints: Mapping[str, object]) -> str | None:
    stated = [
        hints.get("outlet"),
        *_texts(article.get("publisher"), "name"),
        *(page.first([n]) for n in _OUTLET_NAMES),
    ]
    cleaned = (_clean(s) for s in stated)
    return next((c for c in cleaned if c and len(c) <= 80 and not re.match(r"https?://|@", c)), None)


def _site_names(page: _Page, outlet: str | None, canonical: str | None) -> set[str]:
    domain = urls.domain_of(canonical) or ""
    site = (urls.site_of(canonical) if canonical else None) or ""
    stated = [outlet or "", *page.meta.get("ogsitename", []), domain, site, site.partition(".")[0]]
    return {_key(n) for n in stated} - {""}


_TITLE_CUT = re.compile(r"\s+[|•·»«–—:*~/›>-]+\s+|\s*[|｜ㅣ]\s*|(?<=\w)(?:：|--|-)(?=[^：\s-]{2,20}$)")
_DATE_PART = re.compile(r"[\d\s./,:-]{6,20}$")


def _title(page: _Page, article: dict[str, Any], names: set[str]) -> str | None:
    """The headline that the page states, without the site's name.

    JSON-LD's first. But where a newspaper's JSON-LD repeats the page's title and its share data say something else,
    the former is a line for search engines (right in 33 of 48 such pages). Of pages that are no news, it is what the
    page's only heading does not say (that was right in 18 of 24).
    """

    def stated(texts: Iterable[str | None]) -> str:
        cut = (_without_site(_clean(t) or "", names) for t in texts)
        return next((t for t in cut if _key(t) and _key(t) not in names), "")

    headline = stated(_texts(article.get("headline")))
    shared = stated([page.first(["ogtitle"])])
    heading, title = stated(page.headings), stated(page.titles)
    others = [shared, title, heading, stated([page.first(_TITLE_NAMES)]), stated(_texts(article.get("name")))]
    if shared and _key(shared) != _key(headline) == _key(title) and _is_news(article):
        headline = shared
    is_other = len(page.headings) == 1 and 3 <= len(heading.split()) <= 25 and _key(heading) != _key(headline)
    if headline and is_other and not _is_news(article):
        headline = heading
    first = headline or shared or heading
    spelled = [t for t in [first, *others] if t and _key(t) == _key(first)]
    # Headings are put together from pieces, and set in capitals: where the same stands elsewhere, that is the spelling.
    first = next((t for t in spelled if t != heading and not t.isupper()), first)
    found = [t for t in [first, *others] if t]
    return _settle_title(found[0], found[1:]) if found else None


def _is_news(article: dict[str, Any]) -> bool:
    return any("news" in t.lower() for t in _texts(article.get("@type")))


def _without_site(title: str, names: set[str]) -> str:
    """Cut the site's name, with what stands between it and the headline or after it, off a title's end or start."""
    cuts = [m.span() for m in _TITLE_CUT.finditer(title)]
    parts = [title[a:b] for (_, a), (b, _) in pairwise([(0, 0), *cuts, (len(title), 0)])]
    end = len(parts)
    has_site = False
    while end > 1:
        if _is_site(parts[end - 1], names) or _DATE_PART.match(parts[end - 1]):
            has_site, end = True, end - 1
        elif (
            not has_site and end > 2 and len(parts[end - 1].split()) <= 4 and _is_site(parts[end - 2], names)
        ):
            has_site, end = True, end - 2
        elif has_site and len(parts[end - 1].split()) <= 2 < len(title[: cuts[end - 2][0]].split()):
            end -= 1  # the section
        else:
            break
    start = 1 if end > 1 and _is_site(parts[0], names) else 0
    return title[cuts[start - 1][1] if start else 0 : cuts[end - 1][0] if end < len(parts) else None]


def _is_site(part: str, names: set[str]) -> bool:
    """Whether a part of a title is the site's name as known, with a little more or less ("CBC News" for CBC)."""
    key = _key(part)
    if key in names:
        return True
    if not key or len(part.split()) > 6:
        return False
    return any(
        n in key or key in n for n in names if min(len(n), len(key)) >= 3 and abs(len(n) - len(key)) <= 20
    )


def _settle_title(title: str, others: list[str]) -> str:
    """Mend a title that was cut short, or lengthened by a label, where another place has it right."""
    for other in others:
        stem = title.rstrip(" .…")
        was_cut = stem != title or len(title) >= 100 or other[len(stem) :].lstrip()[:1] in {'"', "'"}
        if len(other) > len(title) and other.startswith(stem) and was_cut:
            return other
        rest = title[len(other) :]
        if rest and title.startswith(other) and _TITLE_CUT.match(rest) and len(rest.split()) <= 8:
            return other
    return title


def _authors(tree: "HtmlElement", page: _Page, article: dict[str, Any], site: set[str]) -> tuple[str, ...]:
    """The names that the page states, of people if it names any: many outlets state themselves."""
    sources = [
        _texts(article.get("author"), "name") or _texts(article.get("creator"), "name"),
        *(page.meta.get(n, []) for n in _AUTHOR_NAMES),
    ]
    found = [[n for s in stated for n in names_in(s)] for stated in sources]
    people = (names for names in found if any(_key(n) not in site for n in names))
    names = next(people, None) or _bylines(tree) or next(filter(None, found), [])
    return tuple(dict.fromkeys(names))[:_MAX_AUTHORS]


_BYLINES = etree.XPath("//*[@itemprop='author' or (self::a and contains(@rel, 'author'))]")


def _bylines(tree: "HtmlElement") -> list[str]:
    """Names in elements that are marked as the author's: the first of the page and those beside it, not those of teasers."""
    marked = _BYLINES(tree)[:_MAX_AUTHORS]
    beside = [element for element in marked if _box(element) is _box(marked[0])]
    shown = (" ".join(element.itertext()) for element in beside)
    return [name for text in shown if len(text) <= 80 for name in names_in(text) if _PERSON.match(name)]


def _box(element: Any) -> Any:
    parent = element.getparent()
    return parent if parent is None or parent.getparent() is None else parent.getparent()


_PERSON = re.compile(r"[^\W\d_]+[.’'-]?(?: [^\W\d_][\w.’'-]*){1,4}$")


_BY = re.compile(rf"^{one_of(_LEXICON.before_names)}\s*:?\s+", re.IGNORECASE)
_BETWEEN_NAMES = re.compile(
    rf"\s*(?:[;|/、，]|,(?!\s*{one_of(_LEXICON.after_names)}\b)|\s{one_of(_LEXICON.between_names)}\s(?=\w+[\s.]))\s*"
)
_INITIALS = re.compile(r"\s\([a-zäöü.]{2,5}\)(?=$|,)")  # "Ines Fischer (ifi)"
_ADDRESS = re.compile(r"\S*(?:https?://|www\.|@)\S*")
_NO_NAME = re.compile(
    rf"https?:|@|www\.|^\W*$|^\(|\)$|^\d+$|{one_of(_LEXICON.no_name_parts)}|^{one_of(_LEXICON.no_names)}$",
    re.IGNORECASE,
)


def names_in(stated: str) -> tuple[str, ...]:
    """The names in a byline, without "by" and what is no name."""
    text = _INITIALS.sub("", _ADDRESS.sub(" ", _BY.sub("", _clean(stated) or "")))
    text = " ".join(text.split())
    return tuple(n for n in _BETWEEN_NAMES.split(text) if n and len(n) <= 80 and not _NO_NAME.search(n))


def _published(
    tree: "HtmlElement",
    page: _Page,
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
    visible = _visible_date(tree, page, _month_first(_language(tree, page, article)))
    changed = [
        *_dates(article.get("dateModified")),
        *(v for n in _MODIFIED_NAMES for v in page.meta.get(n, ())),
    ]
    return published_at([(visible, "text"), *((dates.parse(t), "page") for t in changed)], until)


def _stated_dates(page: _Page, article: dict[str, Any]) -> Iterator[str]:
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
    return _texts(value)


def _visible_date(tree: "HtmlElement", page: _Page, month_first: bool | None) -> dt.datetime | None:
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


def _language(tree: "HtmlElement", page: _Page, article: dict[str, Any]) -> str | None:
    root = tree.getroottree().getroot()
    return (
        _clean(root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang"))
        or next(iter(_texts(article.get("inLanguage"), "alternateName", "name")), None)
        or _clean(page.first(["contentlanguage", "oglocale", "language", "dclanguage"]))
    )


def _is_paywalled(page: _Page, article: dict[str, Any]) -> bool:
    free = article.get("isAccessibleForFree")
    if isinstance(free, bool | str):
        return str(free).strip().lower().rpartition("/")[2] in {"false", "no", "0"}
    tier = page.first(["articlecontenttier", "contenttier", "lparticlecontenttier"]) or ""
    return tier.lower() in {"locked", "premium", "paid"}
