"""Sitemaps (https://www.sitemaps.org/protocol.html), those of news, their indexes, and lists of addresses as plain text.

`lastmod` is when a page was last changed: it is `modified_at`, and never a date of publication, which only a sitemap of news has.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice

from pipeline.harvest.addresses import is_absolute, web_address
from pipeline.harvest.items import NO_PAGE, NOT_A_FEED, TRUNCATED, Item, Listing, UnreadableFeedError
from pipeline.harvest.moments import Clock
from pipeline.harvest.sitemap_text import Tag, characters_of, parts_of, pieces_of
from pipeline.harvest.titles import from_html, plain

# https://www.sitemaps.org/protocol.html: both for one file. Real ones go beyond them.
MAX_ENTRIES = 50_000
MAX_BYTES = 52_428_800

_ENTRIES = {"urlset": "url", "sitemapindex": "sitemap"}
_KINDS = {"urlset": "sitemap", "sitemapindex": "sitemap_index"}
_INNER = frozenset(
    {"news", "image", "video", "mobile"}
)  # elements of an entry that have addresses or titles of their own
_FIELDS = frozenset({"loc", "lastmod", "news/title", "news/publication_date"})
_FIELD_CHARS = 10_000
# Tags and texts that are looked at: an entry of news with pictures in three languages has 80. More are no sitemap, and cost time.
_MOST_PARTS, _PARTS_OF_ENTRY = 100_000, 100


@dataclass
class _Entry:
    """One entry as far as it was read: `bare` is the text that stands in it beside its elements."""

    prefix: str
    texts: dict[str, str] = field(default_factory=dict)
    inner: str = ""
    field: str = ""

    def add(self, text: str) -> None:
        name = self.field or ("" if self.inner else "bare")
        if name:
            self.texts[name] = (self.texts.get(name, "") + text)[:_FIELD_CHARS]

    def open(self, tag: Tag) -> None:
        name = f"{self.inner}/{tag.name}" if self.inner else tag.name
        is_own = bool(self.inner) or tag.prefix == self.prefix
        self.field = name if is_own and name in _FIELDS and name not in self.texts else "other"
        if not self.inner and tag.name in _INNER and not tag.is_whole:
            self.inner, self.field = tag.name, ""
        elif tag.is_whole:
            self.field = ""

    def close(self, tag: Tag) -> None:
        self.field = ""
        if tag.name == self.inner:
            self.inner = ""

    @property
    def address(self) -> str:
        """Its loc; or, as some write it, the text that stands in its place."""
        return plain(self.texts.get("loc", "")) or plain(self.texts.get("bare", ""))


@dataclass
class _Read:
    """What was read of a sitemap, and whether all of it was there."""

    root: str = ""
    is_over_cap: bool = False
    is_ended: bool = False


def read_sitemap(
    stream: Iterable[bytes],
    address: str,
    now: datetime,
    *,
    max_entries: int = MAX_ENTRIES,
    max_bytes: int = MAX_BYTES,
    country: str | None = None,
    timezone: str | None = None,
) -> Listing:
    """The pages of a sitemap, or the parts of an index (`further`), of which the bytes come in any pieces, packed by gzip or not.

    Memory depends on the number of entries alone. No more than `max_entries` are read, out of no more than `max_bytes` when unpacked;
    then `is_cut` is true. One that breaks off has the flag `truncated`. Raises UnreadableFeedError.
    """
    clock, read = Clock(now, country, timezone), _Read()
    texts = characters_of(_within_cap(pieces_of(stream, max_bytes), read))
    first = next(texts)
    if first.lstrip("\ufeff \t\r\n")[:8].lower().startswith(("http://", "https://")):
        return _read_lines(chain([first], texts), address, read, max_entries)
    entries: list[_Entry] = []
    parts = islice(parts_of(chain([first], texts)), _MOST_PARTS + _PARTS_OF_ENTRY * max_entries)
    for entry in _entries(parts, read):
        if len(entries) == max_entries:
            read.is_over_cap = True
            break
        entries.append(entry)
    if not read.root:
        raise UnreadableFeedError(NOT_A_FEED, "no sitemap")
    return _listing(read, entries, address, clock)


def _listing(read: _Read, entries: list[_Entry], address: str, clock: Clock) -> Listing:
    flags = () if read.is_ended or read.is_over_cap else (TRUNCATED,)
    kind = _KINDS[read.root]
    if read.root == "urlset":
        items = tuple(_item(entry, address, clock) for entry in entries)
        return Listing(kind, items=items, is_cut=read.is_over_cap, flags=flags)
    parts = ((web_address(address, e.address), clock.changed(e.texts.get("lastmod"))) for e in entries)
    further = tuple((url, changed) for url, changed in parts if url)
    return Listing(kind, further=further, is_cut=read.is_over_cap, flags=flags)


def _within_cap(pieces: Iterator[bytes | None], read: _Read) -> Iterator[bytes]:
    for piece in pieces:
        if piece is None:
            read.is_over_cap = True
            return
        yield piece


def _entries(parts: Iterator[Tag | str], read: _Read) -> Iterator[_Entry]:
    """Entries that were ended, by their own tag or by the next one's."""
    entry: _Entry | None = None
    for part in parts:
        if isinstance(part, str):
            if entry:
                entry.add(part)
        elif not read.root:
            read.root = _root(part)
            read.is_ended = part.is_whole and bool(read.root)
        elif part.name == _ENTRIES[read.root] and not (entry and entry.inner):
            if entry and entry.address:
                yield entry
            entry = None if part.is_end or part.is_whole else _Entry(part.prefix)
        elif part.is_end and part.name == read.root:
            read.is_ended = True
            return
        elif entry:
            (entry.close if part.is_end else entry.open)(part)


def _root(tag: Tag) -> str:
    """The name of a root, or nothing for a tag that stands before it, as in the warning of a program."""
    if tag.name in {"html", "rss", "feed", "rdf"}:
        raise UnreadableFeedError(
            NOT_A_FEED, "a page of HTML" if tag.name == "html" else "a feed, no sitemap"
        )
    return tag.name if tag.name in _ENTRIES and not tag.is_end else ""


def _item(entry: _Entry, address: str, clock: Clock) -> Item:
    published = clock.read(entry.texts.get("news/publication_date"))
    url = web_address(address, entry.address)
    return Item(
        url=url,
        title=from_html(entry.texts.get("news/title", "")) or None,
        published_at=published.at,
        precision=published.precision,
        date_raw=published.raw,
        modified_at=clock.changed(entry.texts.get("lastmod")),
        flags=published.flags if url else (*published.flags, NO_PAGE),
    )


def _read_lines(texts: Iterable[str], address: str, read: _Read, max_entries: int) -> Listing:
    """A sitemap that is a text: an address a line."""
    urls: list[str] = []
    for line in _lines(texts):
        url = web_address(address, plain(line)) if is_absolute(line) else None
        if url is None:
            continue
        if len(urls) == max_entries:
            read.is_over_cap = True
            break
        urls.append(url)
    return Listing("sitemap", items=tuple(map(Item, urls)), is_cut=read.is_over_cap)


def _lines(texts: Iterable[str]) -> Iterator[str]:
    held = ""
    for text in texts:
        *lines, held = (held + text).replace("\r", "\n").split("\n")
        held = held[-_FIELD_CHARS:]
        yield from lines
    yield held
