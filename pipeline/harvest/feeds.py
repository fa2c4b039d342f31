"""Feeds: RSS 0.9x, 1.0 (RDF) and 2.0, Atom 0.3 and 1.0, JSON Feed 1.x. Bytes in, a listing out.

What a feed says is taken as its writers mean it: an item without a link has its guid, if that is an address; of several links it is
the one to a page; a title is text, whatever markup it came in. Why no library of feeds: decision 14.
"""

from collections.abc import Iterator
from datetime import datetime

from pipeline.harvest.addresses import is_absolute, page_address, web_address
from pipeline.harvest.feed_items import Element, Fields, base_of, fields_of, read_document, text_of
from pipeline.harvest.items import NO_PAGE, NOT_A_FEED, Item, Listing, UnreadableFeedError
from pipeline.harvest.json_feed import read_json_feed
from pipeline.harvest.moments import Clock
from pipeline.harvest.titles import from_html, plain
from pipeline.harvest.xml_text import characters, find_root

_RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
# Names of elements in small letters, the best first. Atom has `updated` in every entry and `published` in some.
_PUBLISHED = (
    *("pubdate", "published", "issued", "dc:date", "dcterms:issued", "atom:published", "created"),
    *("dcterms:created", "date", "updated", "modified", "atom:updated"),
)
_MODIFIED = ("updated", "modified", "atom:updated", "dcterms:modified")
_PAGE_TYPES = ("text/html", "application/xhtml+xml")
_PLAIN_TYPES = ("text", "text/plain", "plain", "xhtml")


def read_feed(
    body: bytes,
    address: str,
    content_type: str,
    now: datetime,
    country: str | None,
    timezone: str | None = None,
) -> Listing:
    """The items of a feed that was found at `address`, in their order, also those without a page (flag `no_page`).

    Raises UnreadableFeedError: NOT_A_FEED also for an empty body, which an empty feed is not. A feed that breaks off in the middle of
    an item has the flag `truncated`, and the items before it; of one with more than MAX_ITEMS these are read, and `is_cut` is true.
    """
    text = characters(body, content_type)
    clock = Clock(now, country, timezone)
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        return read_json_feed(text, address, clock)
    root = find_root(text)
    kind = root[1].lower()
    if kind in {"urlset", "sitemapindex"}:
        raise UnreadableFeedError(NOT_A_FEED, "a sitemap")
    document = read_document(text[root.start() :])
    head = fields_of(document.head)
    site = next(head.texts("link"), "")  # relative addresses in RSS are of the site, wherever its feed lies
    base = address if kind == "feed" else web_address(address, site) or address
    items = tuple(_item(item, base, clock) for item in document.items)
    form = "atom" if kind == "feed" else "rss"
    return Listing(form, _title(head), items, is_cut=document.is_cut, flags=document.flags)


def _item(element: Element, base: str, clock: Clock) -> Item:
    fields = fields_of(element)
    stated = _stated_addresses(element, fields)
    url = next((u for e, text in stated if (u := page_address(base_of(e, base), text))), None)
    published = clock.first(*fields.texts(*_PUBLISHED))
    return Item(
        url=url,
        title=_title(fields),
        published_at=published.at,
        precision=published.precision,
        date_raw=published.raw,
        modified_at=clock.first(*fields.texts(*_MODIFIED)).at,
        guid=next(fields.texts("guid", "id"), None) or element.get(_RDF_ABOUT),
        flags=published.flags if url else (*published.flags, NO_PAGE),
    )


def _stated_addresses(item: Element, fields: Fields) -> Iterator[tuple[Element, str]]:
    """Where the page of an item may be, the best first: what a service of feeds says it was, the link, a guid that is an address."""
    for origin in fields.all("feedburner:origlink", "pheedo:origlink"):
        yield origin, text_of(origin)
    for link in _to_pages(fields.all("link")):
        yield link, link.get("href") or text_of(link)
    for guid in fields.all("guid", "id"):
        if is_absolute(text_of(guid)) and _is_permanent(guid):
            yield guid, text_of(guid)
    for link in _to_pages(fields.all("atom:link")):
        yield link, link.get("href") or ""
    for content in fields.all("content"):
        if _type_of(content) in _PAGE_TYPES:
            yield content, content.get("src") or ""
    yield item, item.get(_RDF_ABOUT) or ""


def _is_permanent(guid: Element) -> bool:
    stated = next((value for name, value in guid.items() if str(name).lower() == "ispermalink"), "true")
    return str(stated).strip().lower() != "false"


def _to_pages(links: list[Element]) -> list[Element]:
    """Links to the page itself: those to HTML first, then those that do not say to what."""
    own = [link for link in links if (link.get("rel") or "alternate").strip().lower() == "alternate"]
    return sorted(own, key=lambda link: 0 if (kind := _type_of(link)) in _PAGE_TYPES else 2 if kind else 1)


def _type_of(element: Element) -> str:
    return (element.get("type") or "").partition(";")[0].strip().lower()


def _title(fields: Fields) -> str | None:
    """The own title of an item; only where it has none, that of its picture or film."""
    found = map(_title_of, fields.all("title", "dc:title", "media:title"))
    return next(filter(None, found), None)


def _title_of(element: Element) -> str:
    text = text_of(element)
    return plain(text) if _type_of(element) in _PLAIN_TYPES else from_html(text)
