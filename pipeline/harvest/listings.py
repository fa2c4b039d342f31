"""Lists of articles as JSON, as the systems that outlets write with give them: WordPress, Arc, and what looks like them.

WordPress: https://developer.wordpress.org/rest-api/reference/posts/ (`/wp-json/wp/v2/posts`). Arc: an object with
`content_elements`. Others have a list of objects somewhere near the top that have an address each.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from pipeline.harvest.addresses import page_address
from pipeline.harvest.items import MAX_ITEMS, NO_PAGE, NOT_A_FEED, Item, Listing, UnreadableFeedError
from pipeline.harvest.json_feed import parsed, text_of, title_of
from pipeline.harvest.moments import Clock
from pipeline.harvest.xml_text import characters

# By what each holds, the best first. A point leads into an object.
_URLS = ("link", "canonical_url", "website_url", "url", "permalink", "web_url", "webUrl", "external_url")
_TITLES = ("title.rendered", "headlines.basic", "title", "headline", "webTitle", "name")
_GMT = ("date_gmt",)  # of UTC, though no zone stands behind it
_DATES = (
    *(
        "first_publish_date",
        "display_date",
        "publish_date",
        "date_published",
        "datePublished",
        "published_at",
    ),
    *("publishedAt", "webPublicationDate", "pubDate", "published", "date"),
)
_MODIFIED_GMT = ("modified_gmt",)
_MODIFIED = ("last_updated_date", "date_modified", "dateModified", "updated_at", "modified")
_GUIDS = ("guid.rendered", "_id", "uuid", "guid", "id")
_LISTS = (
    "content_elements",
    "items",
    "posts",
    "articles",
    "stories",
    "results",
    "entries",
    "data",
    "response",
)
_DEPTH = 3  # objects around a list, as in {"data": {"articles": {"items": […]}}}


def read_list(
    body: bytes,
    address: str,
    content_type: str,
    now: datetime,
    country: str | None,
    timezone: str | None = None,
) -> Listing:
    """The articles of a list that was found at `address`, in their order; those without a page have the flag `no_page`.

    Raises UnreadableFeedError: NOT_A_FEED also for an object that says what went wrong, as these systems answer.
    """
    found = parsed(characters(body, content_type))
    entries = _entries(found, _DEPTH)
    if entries is None:
        raise UnreadableFeedError(NOT_A_FEED, "JSON without a list of articles")
    clock = Clock(now, country, timezone)
    items = tuple(_item(entry, address, clock) for entry in entries[:MAX_ITEMS] if isinstance(entry, dict))
    if items and not any(item.url for item in items):
        raise UnreadableFeedError(NOT_A_FEED, "a list without addresses")
    return Listing("list", items=items, is_cut=len(entries) > MAX_ITEMS)


def _entries(found: object, depth: int) -> list[object] | None:
    if isinstance(found, list):
        return found if all(isinstance(entry, dict) for entry in found) else None
    if not isinstance(found, dict) or not depth:
        return None
    inner = (_entries(found[name], depth - 1) for name in _LISTS if name in found)
    return next((entries for entries in inner if entries is not None), None)


def _item(entry: Mapping[str, object], address: str, clock: Clock) -> Item:
    url = next((u for text in _texts(entry, _URLS) if (u := page_address(address, text))), None)
    published = clock.first(*_dates(entry, _GMT, _DATES))
    return Item(
        url=url,
        title=next(filter(None, map(title_of, _texts(entry, _TITLES))), None),
        published_at=published.at,
        precision=published.precision,
        date_raw=published.raw,
        modified_at=clock.first(*_dates(entry, _MODIFIED_GMT, _MODIFIED)).at,
        guid=next(_texts(entry, _GUIDS), None),
        flags=published.flags if url else (*published.flags, NO_PAGE),
    )


def _dates(entry: Mapping[str, object], of_utc: tuple[str, ...], others: tuple[str, ...]) -> Iterator[str]:
    yield from (f"{text.rstrip('Zz')}Z" for text in _texts(entry, of_utc))
    yield from _texts(entry, others)


def _texts(entry: Mapping[str, object], names: tuple[str, ...]) -> Iterator[str]:
    """What stands under these names that says anything."""
    for name in names:
        outer, _, inner = name.partition(".")
        value = entry.get(outer)
        if inner:
            value = value.get(inner) if isinstance(value, dict) else None
        if text := text_of(value).strip():
            yield text
