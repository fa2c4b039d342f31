"""A WARC file: captures of pages, with the HTTP answer they came in, and texts that were taken out of such."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

from pipeline.landing.columns import Columns
from pipeline.landing.compressed import pieces_of, size_of
from pipeline.landing.http_reply import breaks_off, parse, type_of
from pipeline.landing.record import (
    Row,
    as_document,
    as_reject,
    as_too_large,
    or_reject,
    refuse_very_many,
    text_of,
)
from pipeline.landing.warc_records import Lost, Record, records_of
from pipeline.model.harvested import MEDIA_TYPE, PAGE, Harvested, read_harvested
from pipeline.model.kinds import Reject
from pipeline.text import dates

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

_PAGE_TYPES = {"text/html", "application/xhtml+xml", None}


def read_warc(stream: BinaryIO, _path: str, max_bytes: int, _columns: Columns) -> Iterator[Row]:
    """Every response and revisit, the resources that are pages and the conversions that are texts (WET), of a WARC
    (ISO 28500); plain, gzip, lz4, zstd.

    `record` counts all records of the file, of whatever type, and what was lost between them. What a harvest knows of a page
    stands in a record before it; its responses that are no pages, but feeds and the like, are no documents.
    """
    n_bytes = size_of(stream)
    known: dict[str, Harvested] = {}
    for record, found in enumerate(records_of(pieces_of(stream), max_bytes)):
        refuse_very_many(record, n_bytes)
        if isinstance(found, Lost):
            yield as_reject(record, found.reason, found.detail)
        elif about := _harvested(found):
            known = about  # of the next response alone: one more would be held in memory for nothing
        elif row := or_reject(record, partial(_read_known, record, found, max_bytes, known)):
            yield row


def _harvested(found: Record) -> dict[str, Harvested] | None:
    """What a harvest knows, by the id of the response that it is about; None for any other record."""
    fields = found.header.headers
    if fields.get("WARC-Type") != "metadata" or type_of(fields.get("Content-Type")) != MEDIA_TYPE:
        return None
    known = read_harvested(found.block) if found.block else None
    return {fields.get("WARC-Concurrent-To") or "": known} if known else {}


def _read_known(record: int, found: Record, max_bytes: int, known: dict[str, Harvested]) -> Row | None:
    about = known.get(found.header.headers.get("WARC-Record-ID") or "-")
    if about is None:
        return _read(record, found, max_bytes)
    row = _read(record, found, max_bytes) if about.kind == PAGE else None
    if row is None or row["body"] is None:
        return row
    published = about.moment
    return row | {
        "title": text_of(about.title),
        "outlet": text_of(about.outlet),
        "published_at": published[0] if published else None,
        "published_precision": published[1] if published else None,
    }


def _read(record: int, found: Record, max_bytes: int) -> Row | None:
    """The row of a record that is a document, or should be."""
    from fastwarc.warc import WarcRecordType

    kind = found.header.record_type
    if kind == WarcRecordType.revisit:
        return as_reject(record, Reject.REVISIT, f"refers to an earlier capture of {_target(found.header)}")
    if kind in (WarcRecordType.unknown, WarcRecordType.no_type):
        return as_reject(record, Reject.BAD_RECORD, f"WARC-Type {found.header.headers.get('WARC-Type')}")
    media_type = type_of(found.header.headers.get("Content-Type"))
    is_made = kind in (WarcRecordType.resource, WarcRecordType.conversion)
    if kind == WarcRecordType.response or (is_made and media_type in _PAGE_TYPES):
        return _read_capture(record, found, media_type, max_bytes)
    if kind == WarcRecordType.conversion and media_type == "text/plain":
        return _as_document(record, "text", found, max_bytes, charset="utf-8")
    return None


def _read_capture(record: int, found: Record, media_type: str | None, max_bytes: int) -> Row:
    if found.block is None:
        return as_too_large(record, max_bytes)
    if found.header.is_http:
        return _read_reply(record, found, found.block, max_bytes)
    if media_type not in _PAGE_TYPES:
        return _no_page(record, media_type)
    return _as_document(record, "html", found, max_bytes)


def _read_reply(record: int, found: Record, block: bytes, max_bytes: int) -> Row:
    reply = parse(block, max_bytes)
    if reply is None:
        what = "the HTTP header breaks off" if breaks_off(block) else "not an HTTP reply"
        return as_reject(record, Reject.TRUNCATED if breaks_off(block) else Reject.BAD_RECORD, what)
    body, status = reply.body, reply.status
    if status is not None and not 200 <= status < 300:
        return _no_page(record, f"HTTP status {status}")
    if reply.media_type not in _PAGE_TYPES:
        return _no_page(record, reply.media_type)
    if body.coding:
        return as_reject(record, Reject.UNREADABLE, f"the body is in the coding {body.coding}")
    whole = found._replace(block=body.content, is_cut=found.is_cut or body.is_cut)
    return _as_document(record, "html", whole, max_bytes, charset=text_of(reply.charset))


def _no_page(record: int, what: str | None) -> Row:
    return as_reject(record, Reject.NOT_A_PAGE, f"{what}")


def _as_document(record: int, media: str, found: Record, max_bytes: int, charset: str | None = None) -> Row:
    fields = found.header.headers
    if found.block is None or len(found.block) > max_bytes:
        return as_too_large(record, max_bytes)
    is_part = any(fields.get(name) for name in ("WARC-Truncated", "WARC-Segment-Number"))
    return as_document(
        record,
        media,
        found.block,
        charset=charset,
        url=text_of(_target(found.header)),
        fetched_at=dates.fetched(fields.get("WARC-Date")),
        is_cut=True if found.is_cut or is_part else None,
    )


def _target(header: "WarcRecord") -> str:
    return (header.headers.get("WARC-Target-URI") or "").strip("<> ")  # wget wrote it in angle brackets
