"""One delivered record: its body, what came with it, or why there is no document in it."""

import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO

from pipeline.model.kinds import Reject
from pipeline.text import dates, urls, zones
from pipeline.text.markup import address, without_controls
from pipeline.text.names import names_stated

Row = dict[str, object]
Reader = Callable[[BinaryIO, str, int], Iterator[Row]]

CHUNK_BYTES = 1 << 20
_GZIP = b"\x1f\x8b"
_MAX_DELIVERED_CHARS = (
    65_536  # of an address or a headline that comes with a document; a longer one is dropped
)


class UnreadableError(Exception):
    """The rest of a file cannot be read, and that is the file's own fault."""

    def __init__(self, reason: Reject, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


def as_document(record: int, media: str, body: bytes, **delivered: object) -> Row:
    return {"record": record, "media": media, "body": body, **delivered}


def as_reject(record: int, reason: Reject, detail: str) -> Row:
    return {"record": record, "body": None, "reason": reason, "detail": detail[:500]}


def as_too_large(record: int, max_bytes: int) -> Row:
    return as_reject(record, Reject.TOO_LARGE, f"more than {max_bytes} bytes")


# --- bytes ---------------------------------------------------------------------------------------------------


def chunks_of(stream: BinaryIO) -> Iterator[bytes]:
    """The content in pieces, decompressed where it is gzip: crawlers unpack a body and keep its name, or the other way round."""
    first = stream.read(CHUNK_BYTES)
    if first.startswith(_GZIP):
        yield from _inflate(stream, first)
        return
    while first:
        yield first
        first = stream.read(CHUNK_BYTES)


def _inflate(stream: BinaryIO, pending: bytes) -> Iterator[bytes]:
    """Decompress gzip, of one or more members (RFC 1952), never more than one piece ahead.

    The library's own reader drops what it holds when the file breaks off; this one gives it first.
    """
    inflater = zlib.decompressobj(wbits=31)
    while pending or not inflater.eof:
        if inflater.eof:
            pending = pending.lstrip(b"\0") or stream.read(CHUNK_BYTES)  # padding between members
            if pending.strip(b"\0"):
                inflater = zlib.decompressobj(wbits=31)
            continue
        try:
            piece = inflater.decompress(pending, CHUNK_BYTES)
        except zlib.error as error:
            raise UnreadableError(Reject.UNREADABLE, f"broken gzip: {error}") from error
        if piece:
            yield piece
        pending = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
        pending = pending or stream.read(CHUNK_BYTES)
        if not pending and not inflater.eof and not piece:
            raise UnreadableError(Reject.TRUNCATED, "the gzip breaks off")


def from_fields(record: int, fields: Mapping[str, object], max_bytes: int) -> Row:
    delivered = _delivered(fields)
    bodies = (("html", fields.get("html")), ("text", fields.get("text")), ("text", delivered["title"]))
    for media, body in bodies:
        if isinstance(body, str | bytes) and body.strip():
            charset = "utf-8" if isinstance(body, str) else None
            content = (
                body.encode("utf-8", "ignore") if isinstance(body, str) else body
            )  # surrogates are no text
            if len(content) > max_bytes:
                return as_too_large(record, max_bytes)
            return as_document(record, media, content, charset=charset, **delivered)
    return as_reject(record, Reject.BAD_RECORD, "neither html, nor text, nor title")


def _delivered(fields: Mapping[str, object]) -> Row:
    texts: Row = {"url": _address_of(fields.get("url"))}
    texts |= {name: text_of(fields.get(name)) for name in ("title", "outlet")}
    authors = names_stated(fields.get("authors") or fields.get("author"))
    published = dates.moment(
        fields.get("published_at"), zones.countries_of(urls.domain_of(_address_of(fields.get("url"))))
    )
    at, precision = published or (None, None)
    return texts | {
        "published_at": at,
        "published_precision": precision,
        "fetched_at": dates.fetched(fields.get("fetched_at")),
        "authors": list(filter(None, map(text_of, authors))) or None,
    }


def text_of(value: object) -> str | None:
    whole = _whole(value)
    return without_controls(whole).strip() or None if whole else None


def _address_of(value: object) -> str | None:
    whole = _whole(value)
    return address(whole) or None if whole else None


def _whole(value: object) -> str | None:
    """A delivered text without halves of surrogate pairs, which are no text."""
    if not isinstance(value, str) or len(value) > _MAX_DELIVERED_CHARS:
        return None
    return value.encode("utf-8", "ignore").decode()
