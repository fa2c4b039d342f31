"""The tags and texts of a sitemap, out of a stream of bytes, whatever pieces it comes in.

A sitemap is long and simple, and often no XML. So it is not parsed but cut into tags and texts as it comes; no more than one of them
is held. As for feeds, no entity is expanded, and what declares any is refused.
"""

import codecs
import html
import re
import zlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pipeline.harvest.coding import MAX_MEMBERS
from pipeline.harvest.items import TRUNCATED, UNSAFE_XML, UnreadableFeedError
from pipeline.harvest.xml_text import declared_charset, single_bytes

_GZIP = b"\x1f\x8b"
_GZIP_ONLY = zlib.MAX_WBITS | 16
_PIECE_BYTES = 65_536
_PART_CHARS = 100_000  # of one tag or text. An address has up to 2,048; what is longer is dropped
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# Each part ends with what ends it, so that it is the same however much of the stream is there.
_PART = re.compile(
    r"<!\[CDATA\[(?P<cdata>.*?)\]\]>|<!--.*?-->|<\?.*?\?>|(?P<unsafe><!ENTITY\b)[^<>]*[<>]|<!(?!\[CDATA\[|--)[^<>\[]*[\[>]"
    r"|<(?P<end>/?)(?:(?P<prefix>[\w.-]+):)?(?P<name>[A-Za-z_][\w.-]*)(?:\s[^<>]*?)?(?P<closed>/?)>"
    r"|<+(?=<)|<(?!!\[CDATA\[|!--|\?)[^<>]*(?:>|(?=<))|(?P<text>[^<]+)(?=<)",
    re.DOTALL | re.IGNORECASE,
)


class Tag(NamedTuple):
    """A tag: its name in small letters; `is_end` for one that ends an element, `is_whole` for one that is an element by itself."""

    name: str
    prefix: str
    is_end: bool
    is_whole: bool


def pieces_of(stream: Iterable[bytes], max_bytes: int) -> Iterator[bytes | None]:
    """The bytes of a stream, out of gzip if they are packed; None at the end where there were more than `max_bytes`.

    Raises UnreadableFeedError, TRUNCATED, where what is packed breaks off or is damaged.
    """
    n_left = max_bytes
    for piece in _unpacked(_beginning_with(stream, len(_GZIP))):
        yield piece[:n_left]
        n_left -= len(piece)
        if n_left < 0:
            yield None
            return


def _beginning_with(stream: Iterable[bytes], n_bytes: int) -> Iterator[bytes]:
    """The same bytes, the first piece of them with at least so many."""
    pieces = iter(stream)
    first = b""
    while len(first) < n_bytes and (piece := next(pieces, None)) is not None:
        first += piece
    yield first
    yield from pieces


def _unpacked(pieces: Iterator[bytes]) -> Iterator[bytes]:
    first = next(pieces)
    if not first.startswith(_GZIP):
        yield first
        yield from pieces
        return
    inflater, n_members = zlib.decompressobj(_GZIP_ONLY), 1
    for piece in (p for group in ([first], pieces) for p in group):
        packed = piece
        while packed:
            yield _inflated(inflater, packed)
            packed = inflater.unconsumed_tail
            if inflater.eof:  # another member, or padding
                n_members += 1
                if n_members > MAX_MEMBERS:
                    raise UnreadableFeedError(TRUNCATED, f"gzip: more than {MAX_MEMBERS} members")
                packed = inflater.unused_data.lstrip(b"\0")
                inflater = zlib.decompressobj(_GZIP_ONLY) if packed else inflater
            if inflater.eof:
                break
    if not inflater.eof:
        raise UnreadableFeedError(TRUNCATED, "gzip breaks off")


def _inflated(inflater: "zlib._Decompress", packed: bytes) -> bytes:
    try:
        return inflater.decompress(packed, _PIECE_BYTES)
    except zlib.error as error:
        raise UnreadableFeedError(TRUNCATED, f"gzip: {error}") from None


def characters_of(pieces: Iterable[bytes]) -> Iterator[str]:
    """The text in pieces of some 64 kB: UTF-8, where a byte that breaks it costs one letter, or what the beginning declares or shows."""
    joined = _regrouped(pieces)
    first = next(joined, b"")
    charset = declared_charset(first)
    decoder = codecs.getincrementaldecoder(charset)(
        "surrogateescape" if charset == "utf-8-sig" else "replace"
    )
    yield single_bytes(decoder.decode(first))
    for piece in joined:
        yield single_bytes(decoder.decode(piece))
    yield single_bytes(decoder.decode(b"", final=True))


def _regrouped(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of one size, so that nothing depends on how they came."""
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) >= _PIECE_BYTES:
            yield bytes(held[:_PIECE_BYTES])
            del held[:_PIECE_BYTES]
    yield bytes(held)


def parts_of(texts: Iterable[str]) -> Iterator[Tag | str]:
    """Tags and texts in their order; what breaks off at the end is left out.

    Raises UnreadableFeedError, UNSAFE_XML, where an entity is declared.
    """
    held, at = "", 0
    for text in texts:
        held, at = held[at:] + text, 0
        while at < len(held):
            part = _PART.match(held, at, at + _PART_CHARS)
            if part is None and len(held) - at < _PART_CHARS:
                break
            at = part.end() if part else at + _PART_CHARS
            found = _part(part) if part else None
            if found:
                yield found


def _part(part: re.Match[str]) -> Tag | str | None:
    if part["unsafe"]:
        raise UnreadableFeedError(UNSAFE_XML, "declares entities")
    if part["name"]:
        return Tag(
            part["name"].lower(), (part["prefix"] or "").lower(), bool(part["end"]), bool(part["closed"])
        )
    if part["text"]:
        return _ENTITY.sub(lambda entity: html.unescape(entity[0]), part["text"])
    return part["cdata"]
