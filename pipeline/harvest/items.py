"""What a feed, a sitemap or a list of an outlet names: pages, and where more of them are named."""

from dataclasses import dataclass, field
from datetime import datetime

NOT_A_FEED = "not_a_feed"
UNSAFE_XML = "unsafe_xml"
TRUNCATED = "truncated"
NO_PAGE = "no_page"  # the flag of an item that names no page

MAX_ITEMS = 10_000  # of a feed or a list: real ones have up to some thousand, and each takes 4 kB of memory


class UnreadableFeedError(Exception):
    """A body that can't be read as what it should be. `reason` is one of NOT_A_FEED, UNSAFE_XML and TRUNCATED."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason


@dataclass(frozen=True)
class Item:
    """One page that a feed, sitemap or list names.

    `url` is absolute, as delivered, and null where an item has no page of its own. `published_at` is UTC; null where it is not stated, not
    readable or not to be believed. `flags` say why: `future`, `no_zone`, `unreadable_date`, …
    """

    url: str | None
    title: str | None = None
    published_at: datetime | None = None
    precision: str | None = None  # "second", "minute" or "day"; null exactly where published_at is null
    date_raw: str | None = None
    modified_at: datetime | None = None
    guid: str | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Listing:
    """All that one body names: pages in their order, and addresses of further listings (the parts of a sitemap index, the next page of
    a list) with the moment at which each says that it was last changed.
    """

    kind: str  # "rss", "atom", "json_feed", "sitemap", "sitemap_index", "list"
    title: str | None = None
    items: tuple[Item, ...] = ()
    further: tuple[tuple[str, datetime | None], ...] = ()
    is_cut: bool = False  # whether a cap ended the reading before the body did
    flags: tuple[str, ...] = field(default=())
