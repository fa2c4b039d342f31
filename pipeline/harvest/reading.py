"""An answer of a listing to what it names, by what the sources' file says it is."""

from datetime import datetime

from pipeline.harvest.client import Reply
from pipeline.harvest.feeds import read_feed
from pipeline.harvest.items import Listing
from pipeline.harvest.listings import read_list
from pipeline.harvest.sitemaps import read_sitemap
from pipeline.harvest.sources import Source


def read_listing(kind: str, reply: Reply, source: Source, now: datetime) -> Listing:
    """What a "feed", "sitemap" or "list" names; raises UnreadableFeedError."""
    address, country, zone = reply.target.address, source.country, source.timezone
    if kind == "sitemap":
        return read_sitemap([reply.body], address, now, country=country, timezone=zone)
    read = read_list if kind == "list" else read_feed
    return read(reply.body, address, reply.get("content-type") or "", now, country, zone)
