"""An answer of a listing to what it names: by what the sources' file says it is, or else by what it turns out to be."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from pipeline.harvest.client import Reply
from pipeline.harvest.feeds import read_feed
from pipeline.harvest.items import NOT_A_FEED, Listing, UnreadableFeedError
from pipeline.harvest.listings import read_list
from pipeline.harvest.sitemaps import read_sitemap
from pipeline.harvest.sources import Source

FEED, SITEMAP, LIST = "feed", "sitemap", "list"
_STATED_AS = {
    "sitemap": SITEMAP,
    "sitemap_index": SITEMAP,
    "list": LIST,
}  # the other kinds of listings are feeds

_OF_JSON = frozenset({"json_feed", "list"})


def read_listing(kind: str, reply: Reply, source: Source, now: datetime) -> Listing:
    """What a "feed", "sitemap" or "list" names. A listing of another kind than the stated one is read as what it is: outlets put one at
    the address of another, and users confuse them. Raises UnreadableFeedError, with the reason why it is not of the stated kind, if it is
    not a listing of any kind.
    """
    try:
        return _READERS[kind](reply, source, now)
    except UnreadableFeedError as error:
        if error.reason != NOT_A_FEED:
            raise
        found = next(
            filter(None, (_tried(other, reply, source, now) for other in _READERS if other != kind)), None
        )
        if found is None:
            raise
        return found


def _tried(kind: str, reply: Reply, source: Source, now: datetime) -> Listing | None:
    """An answer that may be of another kind than was stated; JSON needs a page in it, since a list is in many things."""
    with suppress(UnreadableFeedError):
        found = _READERS[kind](reply, source, now)
        if found.kind not in _OF_JSON or any(item.url for item in found.items):
            return found
    return None


def stated_as(listing: Listing) -> str:
    """The key under which the sources' file should state it."""
    return _STATED_AS.get(listing.kind, FEED)


def _read_feed(reply: Reply, source: Source, now: datetime) -> Listing:
    said = reply.get("content-type") or ""
    return read_feed(reply.body, reply.target.address, said, now, source.country, source.timezone)


def _read_sitemap(reply: Reply, source: Source, now: datetime) -> Listing:
    address = reply.target.address
    return read_sitemap([reply.body], address, now, country=source.country, timezone=source.timezone)


def _read_list(reply: Reply, source: Source, now: datetime) -> Listing:
    said = reply.get("content-type") or ""
    return read_list(reply.body, reply.target.address, said, now, source.country, source.timezone)


_READERS: dict[str, Callable[[Reply, Source, datetime], Listing]] = {
    FEED: _read_feed,
    SITEMAP: _read_sitemap,
    LIST: _read_list,
}
