"""JSON Feed 1.x (https://www.jsonfeed.org/version/1.1/)."""

import json
from collections.abc import Mapping

from pipeline.harvest.addresses import is_absolute, page_address
from pipeline.harvest.items import (
    MAX_ITEMS,
    NO_PAGE,
    NOT_A_FEED,
    TRUNCATED,
    Item,
    Listing,
    UnreadableFeedError,
)
from pipeline.harvest.moments import Clock
from pipeline.harvest.titles import from_html


def read_json_feed(text: str, address: str, clock: Clock) -> Listing:
    """The items of a JSON Feed; raises UnreadableFeedError: NOT_A_FEED where it is other JSON, TRUNCATED where it breaks off."""
    found = parsed(text)
    feed = found if isinstance(found, dict) else {}
    items = feed.get("items")
    if not isinstance(items, list):
        if "jsonfeed.org" not in str(feed.get("version")):
            raise UnreadableFeedError(NOT_A_FEED, "JSON, but no JSON Feed")
        items = []
    entries = tuple(_item(item, address, clock) for item in items[:MAX_ITEMS] if isinstance(item, dict))
    return Listing("json_feed", title_of(feed.get("title")), entries, is_cut=len(items) > MAX_ITEMS)


def parsed(text: str) -> object:
    """What a text of JSON holds; raises UnreadableFeedError: TRUNCATED where it breaks off, NOT_A_FEED where it is none."""
    text = text.strip("\ufeff \t\r\n")
    try:
        return json.loads(text)
    except RecursionError:
        raise UnreadableFeedError(NOT_A_FEED, "nests too deep") from None
    except json.JSONDecodeError as error:
        is_begun = text.startswith(("{", "["))
        is_cut = is_begun and (error.pos >= len(text) or "Unterminated" in error.msg)
        raise UnreadableFeedError(TRUNCATED if is_cut else NOT_A_FEED, f"not JSON: {error.msg}") from None
    except ValueError as error:  # a number of too many figures
        raise UnreadableFeedError(NOT_A_FEED, f"not JSON: {error}") from None


def _item(item: Mapping[str, object], address: str, clock: Clock) -> Item:
    named = [item.get("url"), item.get("external_url")]
    identity = text_of(item.get("id"))
    stated = [text for text in map(text_of, named) if text] + [identity] * is_absolute(identity)
    url = next((found for text in stated if (found := page_address(address, text))), None)
    published = clock.read(text_of(item.get("date_published")))
    return Item(
        url=url,
        title=title_of(item.get("title")),
        published_at=published.at,
        precision=published.precision,
        date_raw=published.raw,
        modified_at=clock.read(text_of(item.get("date_modified"))).at,
        guid=identity or None,
        flags=published.flags if url else (*published.flags, NO_PAGE),
    )


def text_of(value: object) -> str:
    """A text or a number of JSON as text; empty for anything else."""
    if isinstance(value, str):
        return value.encode("utf-8", "ignore").decode()  # halves of surrogate pairs are no text
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def title_of(value: object) -> str | None:
    """A title that a member of JSON holds, or null."""
    return from_html(text_of(value)) or None
