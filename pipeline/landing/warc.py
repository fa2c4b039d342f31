"""A WARC file: captures of pages, with the HTTP answer they came in."""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, BinaryIO

from pipeline.landing.record import Row, UnreadableError, as_document, as_reject, as_too_large, text_of
from pipeline.model.kinds import Reject
from pipeline.text import dates

# --- WARC ----------------------------------------------------------------------------------------------------

_PAGE_TYPES = {"text/html", "application/xhtml+xml", None}
_HTTP_HEAD_END = re.compile(rb"\n\r?\n")


def read_warc(stream: BinaryIO, path: str, max_bytes: int) -> Iterator[Row]:  # noqa: ARG001 - one shape for all readers
    """Every response and revisit, and the resources that are pages, of a WARC (ISO 28500); plain, gzip, lz4, zstd.

    `record` counts all records of the file, of whatever type.
    """
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    for record, item in enumerate(ArchiveIterator(stream, parse_http=False)):
        if not item.headers.get("Content-Length"):  # every record has it; the library takes none for 0
            yield as_reject(
                record, Reject.TRUNCATED, "the record's header has no Content-Length: it breaks off"
            )
        elif item.record_type == WarcRecordType.revisit:
            yield as_reject(record, Reject.REVISIT, f"refers to an earlier capture of {_target(item)}")
        elif item.record_type == WarcRecordType.response or _is_page_resource(item):
            yield _read_capture(record, item, max_bytes)
        elif (n_bytes := item.reader.consume()) < item.content_length:
            yield _breaks_off(record, n_bytes, item)


def _is_page_resource(item: Any) -> bool:
    from fastwarc.warc import WarcRecordType

    return (
        bool(item.record_type == WarcRecordType.resource)
        and _type_of(item.headers.get("Content-Type")) in _PAGE_TYPES
    )


def _read_capture(record: int, item: Any, max_bytes: int) -> Row:
    if item.content_length > max_bytes:
        return as_too_large(record, max_bytes)
    block = item.reader.read()
    if len(block) < item.content_length:
        return _breaks_off(record, len(block), item)
    if item.is_http and block.startswith(b"HTTP/") and not _HTTP_HEAD_END.search(block):
        return as_reject(record, Reject.TRUNCATED, "the HTTP header breaks off")
    reply = _parse_reply(block) if item.is_http else None
    status = reply.http_headers.status_code if reply else None
    if status is not None and not 200 <= status < 300:
        return as_reject(record, Reject.NOT_A_PAGE, f"HTTP status {status}")
    media_type = _type_of(reply.http_content_type if reply else item.headers.get("Content-Type"))
    if media_type not in _PAGE_TYPES:
        return as_reject(record, Reject.NOT_A_PAGE, f"{media_type}")
    body = reply.reader.read(max_bytes + 1) if reply else block
    charset = text_of(reply.http_charset) if reply else None
    document = as_document(record, "html", body, charset=charset, **_captured(item))
    return document if len(body) <= max_bytes else as_too_large(record, max_bytes)


def _breaks_off(record: int, n_bytes: int, item: Any) -> Row:
    return as_reject(record, Reject.TRUNCATED, f"{n_bytes} of {item.content_length} bytes")


def _captured(item: Any) -> Row:
    return {"url": text_of(_target(item)), "fetched_at": dates.fetched(item.headers.get("WARC-Date"))}


def _parse_reply(block: bytes) -> Any:
    """An HTTP reply, ready to read its body; a body that is not coded as it says is taken as it stands."""
    from fastwarc.warc import WarcRecord, WarcRecordType

    for decoded in ("all", "transfer", "none"):
        reply = WarcRecord()
        reply.init_headers(WarcRecordType.response)
        reply.is_http = True
        reply.set_bytes_content(block)
        with suppress(OSError):
            reply.parse_http(auto_decode=decoded)
            return reply
    raise UnreadableError(Reject.BAD_RECORD, "not an HTTP reply")


def _target(item: Any) -> str:
    return (item.headers.get("WARC-Target-URI") or "").strip("<> ")  # wget wrote it in angle brackets


def _type_of(content_type: str | None) -> str | None:
    return (content_type or "").partition(";")[0].strip().lower() or None
