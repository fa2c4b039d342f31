"""Feeds and sitemaps in few words, for tests of their readers."""

from datetime import UTC, datetime

from pipeline.harvest.feeds import read_feed
from pipeline.harvest.items import Item, Listing, UnreadableFeedError

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
FEED = "https://morgen.example/feeds/rss.xml"


def rss(*items: str, head: str = "", root: str = 'rss version="2.0"') -> str:
    """A feed of RSS with these items; `head` stands in its channel before them."""
    return f"<{root}><channel><title>Morgen</title>{head}{''.join(items)}</channel></{root.split(maxsplit=1)[0]}>"


def item(number: int = 1, more: str = "", title: str = "") -> str:
    """An item of RSS with a link and a title."""
    return f"<item><title>{title or f'Report {number}'}</title><link>https://morgen.example/a/{number}</link>{more}</item>"


def atom(*entries: str, attributes: str = "") -> str:
    """A feed of Atom with these entries."""
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}><title>Morgen</title>{"".join(entries)}</feed>'


def read(feed: str | bytes, content_type: str = "application/rss+xml", country: str | None = None) -> Listing:
    """What a feed at FEED says at NOW."""
    body = feed.encode() if isinstance(feed, str) else feed
    return read_feed(body, FEED, content_type, NOW, country)


def only(feed: str | bytes) -> Item:
    """The one item that a feed has."""
    (found,) = read(feed).items
    return found


def urls(listing: Listing) -> list[str | None]:
    return [found.url for found in listing.items]


def titles(listing: Listing) -> list[str | None]:
    return [found.title for found in listing.items]


def refused(feed: str | bytes, content_type: str = "") -> str | None:
    """Why a feed can't be read; None where it can."""
    try:
        read(feed, content_type)
    except UnreadableFeedError as error:
        return error.reason
    return None
