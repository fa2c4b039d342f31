"""An HTTP reply as a crawler kept it: its status, its type, and its body, out of the codings that it was sent in.

Crawlers unpack a body and leave the header, cut it short, or write a coding that was never there: a body that is not coded as
its header says is taken as it stands.
"""

import io
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import NamedTuple

from pipeline.landing.compressed import Damage, inflate, pieces_of
from pipeline.model.kinds import Reject
from pipeline.text import controls

_HEAD_END = re.compile(rb"\n\r?\n")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([^\s\"';,]+)", re.IGNORECASE)
_CHUNK = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
_LINE_END = re.compile(rb"\r?\n")
_GZIP = b"\x1f\x8b\x08"
_PIECE_BYTES = 1024
_CUT = Damage(Reject.TRUNCATED, "the coding breaks off", n_torn=0)


class Body(NamedTuple):
    """A body, or as much of it as there is: `is_cut` where it breaks off; `coding` names what it could not be taken out of."""

    content: bytes
    is_cut: bool = False
    coding: str | None = None


class Reply(NamedTuple):
    """What an HTTP reply says: `media_type` in lower case and without its parameters."""

    status: int | None
    media_type: str | None
    charset: str | None
    body: Body


def breaks_off(block: bytes) -> bool:
    """Whether there is but the beginning of a header."""
    return block.startswith(b"HTTP/") and not _HEAD_END.search(block)


def parse(block: bytes, max_bytes: int) -> Reply | None:
    """The reply; None where it is none. The body has at most one byte more than `max_bytes`."""
    from fastwarc.warc import WarcRecord, WarcRecordType

    if breaks_off(block):
        return None
    if block.lstrip().startswith(b"<"):
        return Reply(None, None, None, Body(block[: max_bytes + 1]))
    reply = WarcRecord()
    reply.init_headers(WarcRecordType.response)
    reply.is_http = True
    reply.set_bytes_content(block)
    has_lines = not block.partition(b"\n")[0].endswith(b"\r")
    try:
        reply.parse_http(auto_decode="none", quirks_mode=has_lines, max_header_len=len(block) + 1)
        body = reply.reader.read()
    except OSError:
        return None
    fields = reply.http_headers
    kind = fields.get("Content-Type") or ""
    charset = _CHARSET.search(kind)
    codings = [*_names(fields.get("Content-Encoding")), *_names(fields.get("Transfer-Encoding"))]
    return Reply(
        fields.status_code, type_of(kind), charset and charset[1].lower(), _decoded(body, codings, max_bytes)
    )


def type_of(content_type: str | None) -> str | None:
    """The media type of a Content-Type."""
    return (content_type or "").partition(";")[0].strip().lower() or None


def _names(codings: str | None) -> list[str]:
    return [name.strip().lower() for name in (codings or "").split(",")]


def _decoded(content: bytes, codings: list[str], max_bytes: int) -> Body:
    """Out of the codings, the last one first."""
    is_cut, left = False, None
    for name in reversed(codings):
        undone = _undo(name, content, max_bytes)
        if undone:
            content, is_cut = undone.content, is_cut or undone.is_cut
        elif name and name != "identity":
            left = name
    if left is None and content.startswith(_GZIP):  # packed, and nobody says so
        content, is_cut, _ = _read(pieces_of(io.BytesIO(content)), max_bytes)
    return Body(content[: max_bytes + 1], is_cut, left if left and _is_binary(content) else None)


def _undo(name: str, content: bytes, max_bytes: int) -> Body | None:
    """The content before it was coded; None if it is not coded so."""
    if name == "chunked":
        return _without_chunks(content)
    if name in {"gzip", "x-gzip", "zstd"}:
        is_packed = content.startswith((_GZIP, b"\x28\xb5\x2f\xfd"))
        return _read(pieces_of(io.BytesIO(content)), max_bytes) if is_packed else None
    if name == "deflate":  # zlib by the standard, bare by many servers
        bodies = (_read(_inflated(content, wbits), max_bytes) for wbits in (15, -15))
    elif name == "br":
        bodies = (_read(_out_of_brotli(content), max_bytes) for _ in (0,))
    else:
        return None
    return next((body for body in bodies if body.content), None)


def _read(pieces: Iterable[bytes | Damage], max_bytes: int) -> Body:
    """No more of it than shows that it is too large."""
    found = bytearray()
    for piece in pieces:
        if isinstance(piece, Damage):
            return Body(bytes(found), is_cut=True)
        found += piece
        if len(found) > max_bytes:
            break
    return Body(bytes(found))


def _inflated(content: bytes, wbits: int) -> Iterator[bytes | Damage]:
    inflater, error = zlib.decompressobj(wbits), None
    while content and not inflater.eof and not error:
        piece, error = inflate(inflater, content)
        content = inflater.unconsumed_tail
        yield piece
    if not inflater.eof:
        yield _CUT


def _out_of_brotli(content: bytes) -> Iterator[bytes | Damage]:
    from fastwarc.stream_io import BrotliReader

    reader = BrotliReader(io.BytesIO(content))
    with suppress(OSError):
        while piece := reader.read(_PIECE_BYTES):  # what a call that raises has decoded is lost
            yield piece
        return
    yield _CUT


def _without_chunks(content: bytes) -> Body | None:
    """The body of a message in chunks (RFC 9112, 7.1)."""
    found, at = bytearray(), 0
    while size := _CHUNK.match(content, at):
        n_bytes, begin = int(size[1], 16), size.end()
        found += content[begin : begin + n_bytes]
        end = _LINE_END.match(content, begin + n_bytes)
        if n_bytes == 0:
            return Body(bytes(found))
        if not end:
            is_short = begin + n_bytes >= len(content)
            return Body(bytes(found), is_cut=True) if at or is_short else None
        at = end.end()
    return Body(bytes(found), is_cut=True) if at else None


def _is_binary(content: bytes) -> bool:
    head = content[: controls.SAMPLE_BYTES]
    return controls.n_controls(head) > 0.05 * len(head) and head.count(0) < 0.05 * len(head)
