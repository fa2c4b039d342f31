"""Feeds, sitemaps and lists that an outlet names itself: in a page's head, in its links, in robots.txt; and where most have theirs.

Nothing is asked for here. What is proposed is to be tried, and then a user decides. trafilatura's `determine_feed` does the same for
feeds alone; it loses addresses with blanks and of hosts without a public suffix, and it does not say what a feed is called.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import etree, html

from pipeline.harvest.addresses import page_address, web_address
from pipeline.harvest.titles import from_html
from pipeline.text import charsets
from pipeline.text.urls import site_of

FEED, SITEMAP, LIST = "feed", "sitemap", "list"

_MAX_PAGE_BYTES = 5_000_000
_MAX_LINKS = 5_000
_FEED_TYPES = re.compile(
    r"(?:application|text)/(?:x[.-])?(?:rss|atom|rdf|feed)(?:\+(?:xml|json))?\s*(?:;|$)", re.IGNORECASE
)
_FEED_PATH = re.compile(
    r"\.(?:rss|atom|rdf)$|(?:^|/)(?:rss|atom|feed)s?(?:/(?:all|default|rss2?|atom))?(?:\.(?:xml|json|php))?/?$",
    re.IGNORECASE,
)
_FEED_QUERY = re.compile(
    r"(?:^|&)(?:feed=(?:rss2?|atom|rdf)|format=(?:rss|atom|feed)|type=(?:100|rss))(?:&|$)", re.IGNORECASE
)
_COMMENTS = re.compile(r"\bcomments?\b", re.IGNORECASE)  # of readers, under an article or under all
_SITEMAP_LINE = re.compile(r"^[ \t\ufeff]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
_WORDPRESS = "https://api.w.org/"
_USUAL = {
    FEED: ("/feed/", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json"),
    SITEMAP: ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_news.xml", "/sitemap.xml", "/sitemap_index.xml"),
    LIST: ("/wp-json/wp/v2/posts",),
}  # fmt: skip


@dataclass(frozen=True)
class Named:
    """Something to read from, its address, what it is called, and where it is named: "head", "link", "robots" or "usual"."""

    kind: str
    address: str
    title: str | None
    where: str


def named_by_page(body: bytes, address: str, charset: str | None = None) -> tuple[Named, ...]:
    """What a page at `address` names: first what its head states, then its links to what looks like a feed of the same site."""
    try:
        tree = html.document_fromstring(charsets.decode(body[:_MAX_PAGE_BYTES], charset).lstrip("\ufeff"))
    except (etree.ParserError, ValueError):  # nothing that is a page; an encoding declared in a text
        return ()
    base = next(
        (b for stated in tree.xpath("//base/@href") if (b := page_address(address, str(stated)))), address
    )
    return _each_once([*_in_head(tree, base), *_in_links(tree, base, address)])


def named_by_robots(text: str, address: str) -> tuple[Named, ...]:
    """The sitemaps that a robots.txt at `address` names, whatever group they stand in."""
    urls = (web_address(address, found[1]) for found in _SITEMAP_LINE.finditer(text))
    return _each_once([Named(SITEMAP, url, None, "robots") for url in urls if url])


def usual_places(address: str) -> tuple[Named, ...]:
    """Where most sites have what they have, at the host of an address: to be tried where nothing is named."""
    places = [(kind, web_address(address, path)) for kind, paths in _USUAL.items() for path in paths]
    return tuple(Named(kind, url, None, "usual") for kind, url in places if url)


def as_source(outlet: str, named: tuple[Named, ...]) -> str:
    """A `[[source]]` table for a sources' file."""
    lines = ["[[source]]", f"outlet = {_quoted(outlet)}"]
    for kind in (FEED, SITEMAP, LIST):
        urls = [_quoted(one.address) for one in named if one.kind == kind]
        if urls:
            lines.append(f"{kind} = {urls[0]}" if len(urls) == 1 else f"{kind} = [{', '.join(urls)}]")
    return "\n".join([*lines, ""])


def _in_head(tree: html.HtmlElement, base: str) -> Iterator[Named]:
    for link in tree.xpath("//link[@href]")[:_MAX_LINKS]:
        rel = set((link.get("rel") or "").lower().split())
        url = page_address(base, link.get("href") or "")
        title = from_html(link.get("title") or "") or None
        if url is None or _COMMENTS.search(f"{title} {url}"):
            continue
        if _WORDPRESS in rel:
            yield Named(LIST, f"{url.rstrip('/')}/wp/v2/posts", None, "head")
        elif "sitemap" in rel:
            yield Named(SITEMAP, url, title, "head")
        elif rel & {"alternate", "feed"} and (_FEED_TYPES.match(link.get("type") or "") or "feed" in rel):
            yield Named(FEED, url, title, "head")


def _in_links(tree: html.HtmlElement, base: str, address: str) -> Iterator[Named]:
    for link in tree.xpath("//a[@href]")[:_MAX_LINKS]:
        url = page_address(base, link.get("href") or "")
        if url and site_of(url) == site_of(address) and _is_like_feed(url) and not _COMMENTS.search(url):
            yield Named(FEED, url, from_html(link.text_content())[:200] or None, "link")


def _is_like_feed(url: str) -> bool:
    parts = urlsplit(url)
    return bool(_FEED_PATH.search(parts.path) or _FEED_QUERY.search(parts.query))


def _each_once(found: list[Named]) -> tuple[Named, ...]:
    by_address: dict[str, Named] = {}
    for one in found:
        by_address.setdefault(one.address, one)
    return tuple(by_address.values())


def _quoted(text: str) -> str:
    """A text as TOML's basic string."""
    escaped = "".join(c if c.isprintable() and c not in '"\\' else f"\\U{ord(c):08X}" for c in text)
    return f'"{escaped}"'
