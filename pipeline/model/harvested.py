"""What a harvest knows of a page besides what the page says: the record that it keeps beside the page's own, in the same file.

It is one JSON object, in UTF-8, in a record `metadata` of a WARC that stands before the response it is about. The harvest writes it
and the landing zone's reader reads it.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime

from pipeline.model.kinds import Precision

MEDIA_TYPE = "application/vnd.newsfold.harvested+json"
PAGE = "page"  # the kind of what is a document; all others name documents


@dataclass(frozen=True)
class Harvested:
    """What is not known is null or empty. Moments are in UTC, as ISO 8601 writes them.

    `published_at` is what the listing says, also where its zone was assumed: then `flags` has `zone_assumed`.
    """

    kind: str = PAGE  # or that of the listing: "rss", "atom", "json_feed", "sitemap", "sitemap_index", "list"
    outlet: str | None = None
    owner: str | None = None
    country: str | None = None
    language: str | None = None
    listing: str | None = None  # the address of the feed, sitemap or list that names the page
    listed_as: str | None = None  # the page's address there
    title: str | None = None
    published_at: str | None = None
    precision: str | None = None
    date_raw: str | None = None
    modified_at: str | None = None
    guid: str | None = None
    flags: tuple[str, ...] = ()
    revision_of: str | None = None
    discovered_at: str | None = None

    @property
    def moment(self) -> tuple[datetime, Precision] | None:
        """When the page was published and how exactly that is known: a time whose zone was assumed is but a day."""
        try:
            at = datetime.fromisoformat(self.published_at or "")
            precision = Precision(self.precision or "")
        except ValueError:
            return None
        if at.tzinfo is None:
            return None
        if "zone_assumed" in self.flags or precision is Precision.DAY:
            return at.replace(hour=0, minute=0, second=0, microsecond=0), Precision.DAY
        return at, precision

    def as_json(self) -> bytes:
        """Without what is not known; the same bytes for the same values."""
        known = {name: value for name, value in asdict(self).items() if value not in (None, ())}
        text = json.dumps(known, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        return text.encode("utf-8", "replace")


def read_harvested(block: bytes) -> Harvested | None:
    """The other way round; None where it is none. What has another type than it should, or another name, is passed over."""
    try:
        found = json.loads(block)
    except (ValueError, RecursionError):
        return None
    return _checked(found) if isinstance(found, dict) else None


def _checked(found: Mapping[str, object]) -> Harvested:
    names = {field.name for field in fields(Harvested)}
    texts = {name: value for name, value in found.items() if name in names and isinstance(value, str)}
    texts.pop("flags", None)
    stated = found.get("flags")
    flags = tuple(flag for flag in stated if isinstance(flag, str)) if isinstance(stated, list) else ()
    return Harvested(**texts, flags=flags)
