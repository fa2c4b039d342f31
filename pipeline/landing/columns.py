"""Which field of a delivered record is which: newsfold's own names, those that crawlers write, and those that a user sets.

What the setting `columns` names comes first, then newsfold's own names. The names of crawlers are looked for only where a record
has no `html`, and those for its headline only where it has no `text` either, so that they change no record that is complete.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

FIELDS = ("html", "text", "url", "title", "outlet", "published_at", "fetched_at", "authors", "id")

# By field, the best first; as `_plain` spells a name: no case, no joints. A point leads into an object.
_CRAWLERS = {
    "html": (
        *("html.content", "rawhtml", "pagehtml", "htmlcontent", "contenthtml", "sourcehtml"),
        *("bodyhtml", "htmlbody", "articlehtml", "fullhtml", "contentencoded"),
    ),
    "text": (
        *("text", "maintext", "plaintext", "articletext", "fulltext", "articlebody", "cleanedtext"),
        *("contenttext", "bodytext", "content", "body", "article", "rawtext"),
    ),
    "url": (
        *("url", "articleurl", "link", "permalink", "pageurl", "weburl", "requestedurl", "html.requestedurl"),
        *("originalurl", "canonicalurl", "warctargeturi", "uri"),
    ),
    "title": ("title", "headline", "articletitle", "webtitle"),
    "outlet": (
        *("outlet", "publisher", "publishername", "sitename", "sourcename", "newspaper"),
        *("sourcedomain", "domain", "hostname"),
    ),
    "published_at": (
        *("publishedat", "datepublish", "datepublished", "publishingdate", "publishdate", "publisheddate"),
        *("publicationdate", "publicationdatetime", "pubdate", "webpublicationdate", "published", "date"),
    ),
    "fetched_at": (
        *("fetchedat", "datedownload", "downloaddate", "crawldate", "datecrawled", "crawledat", "scrapedat"),
        *("retrievedat", "fetchtime", "warcdate", "html.crawldate"),
    ),
    "authors": ("authors", "author", "byline", "authornames", "creator"),
    "id": ("id", "guid", "uuid", "docid", "documentid", "articleid"),
}

# What these write under names that say something else elsewhere; a name of these may stand in the setting.
PROFILES = {
    "news-please": "maintext=text, date_publish=published_at, date_download=fetched_at, source_domain=outlet",
    "fundus": "plaintext=text, body=text, publishing_date=published_at, publisher=outlet",
    "cc-news": "date=published_at, domain=outlet",
    "newsapi": "content=text, publishedAt=published_at, source=outlet",
    "trafilatura": "source=url, sitename=outlet, date=published_at, hostname=outlet",
    "feed": "link=url, content=text, summary=text, description=text, pubDate=published_at",
}
_JOINTS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Columns:
    """What a user set: names that records have, and the field that each is, the first ones first."""

    chosen: tuple[tuple[str, str], ...] = ()

    def among(self, names: Iterable[str]) -> list[str]:
        """Those of a table's columns that may be a field."""
        known = {_plain(name.partition(".")[0]) for listed in _CRAWLERS.values() for name in listed}
        known |= {_plain(name.partition(".")[0]) for name, _ in self.chosen}
        return [name for name in names if _plain(name) in known or name in FIELDS]


NO_COLUMNS = Columns()


def parse(setting: str) -> Columns:
    """Read `name=field` and names of profiles, with commas between them; raises ValueError that says what is wrong."""
    chosen: list[tuple[str, str]] = []
    for part in filter(None, map(str.strip, setting.split(","))):
        if part in PROFILES:
            chosen += parse(PROFILES[part]).chosen
            continue
        name, _, field = (piece.strip() for piece in part.partition("="))
        if not name or field not in FIELDS:
            raise ValueError(
                f"{part!r} is neither name=field, with a field of {', '.join(FIELDS)}, nor one of {', '.join(PROFILES)}"
            )
        chosen.append((name, field))
    return Columns(tuple(chosen))


class Delivered:
    """One record's fields, by what they are."""

    def __init__(self, fields: Mapping[str, object], columns: Columns) -> None:
        self._fields, self._chosen = fields, columns.chosen
        self._plain: dict[str, object] = {}

    def values(self, field: str, *, by_crawlers: bool) -> Iterator[object]:
        """What the record has for a field, the best first. Any of it may be unusable, but none is null."""
        return (value for value in self._values(field, by_crawlers=by_crawlers) if value is not None)

    def _values(self, field: str, *, by_crawlers: bool) -> Iterator[object]:
        yield from (_at(self._fields, name) for name, own in self._chosen if own == field)
        yield self._fields.get(field)
        if by_crawlers:
            self._plain = self._plain or _plainly(self._fields)
            names = frozenset(self._plain.keys() & _FIRST_NAMES)
            yield from (_at(self._plain, name) for name in _crawlers(names)[field])


_FIRST_NAMES = {name.partition(".")[0] for listed in _CRAWLERS.values() for name in listed}


@lru_cache(maxsize=1_000)  # the records of a file have the same names
def _crawlers(names: frozenset[str]) -> dict[str, list[str]]:
    """By field, those names of crawlers that a record may have a value for, which has these of their first names."""
    return {
        field: [name for name in listed if name.partition(".")[0] in names]
        for field, listed in _CRAWLERS.items()
    }


def _at(fields: Mapping[str, object], path: str) -> object:
    """What stands under a name, or in an object under a name with a point; None where there is nothing."""
    value = fields.get(path)
    if value is not None or "." not in path:
        return value
    name, _, rest = path.partition(".")
    inner = fields.get(name)
    return _at(_plainly(inner) | dict(inner), rest) if isinstance(inner, Mapping) else None


def _plainly(fields: Mapping[str, object]) -> dict[str, object]:
    """By the plain name; where two are alike, the first one that says anything."""
    found: dict[str, object] = {}
    for name, value in fields.items():
        if value not in (None, "", []):
            found.setdefault(_plain(name), value)
    return found


def _plain(name: str) -> str:
    return _plain_cached(name) if len(name) <= _LONGEST else _plain_once(name)


def _plain_once(name: str) -> str:
    return _JOINTS.sub("", name).lower()


_LONGEST = 64  # characters of a name that is kept: who delivers decides how long they are
_plain_cached = lru_cache(maxsize=10_000)(_plain_once)  # the records of a file have the same names
