"""What was fetched, as records of a WARC (ISO 28500): for each answer what is known of it, the request, and the response.

The same values give the same bytes: no clock is asked, and an identifier is a digest of what the record holds. Each record is a gzip
member of its own, so that what was written whole can be read, wherever the file breaks off.
"""

import base64
import gzip
import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pipeline.model.days import folder_of
from pipeline.model.harvested import MEDIA_TYPE, Harvested

MAX_FILE_BYTES = (
    128 << 20
)  # a file may end somewhat above it; archives of the web have files of 1 GB, which nobody reads in parts

_LEVEL = 6
_NAMESPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")  # RFC 9562: names that are addresses
_UNDONE = frozenset({"transfer-encoding", "trailer"})  # fields of the transfer, which is over
_PROTOCOLS = {"HTTP/1.0": "http/1.0", "HTTP/1.1": "http/1.1", "HTTP/2": "h2", "HTTP/2.0": "h2"}

Fields = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class Exchange:
    """One request and its whole answer. `payload` is as sent, out of the transfer coding but in the content codings."""

    address: str
    path: str  # with the query, as it was sent
    sent: tuple[tuple[str, str], ...]
    version: str
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    payload: bytes
    fetched_at: datetime
    number: str = ""  # that was connected to


def file_name(at: datetime, outlet: str, number: int) -> str:
    """Where in the landing zone the answers stand that came in an hour (UTC) for an outlet, the first file of these being 0."""
    digest = hashlib.blake2b(outlet.encode(), digest_size=6).hexdigest()
    return f"{folder_of(at.date())}/harvest-{at:%H}-{digest}-{number}.warc.gz"


def opening(name: str, at: datetime, software: str, user_agent: str) -> bytes:
    """The record with which a file begins: what wrote it."""
    said = {"software": software, "format": "WARC file version 1.1", "http-header-user-agent": user_agent}
    block = "".join(f"{key}: {_line(value)}\r\n" for key, value in said.items()).encode()
    fields = {"WARC-Filename": name.rpartition("/")[2], "Content-Type": "application/warc-fields"}
    return _member("warcinfo", at, block, fields)


def records_of(exchange: Exchange, known: Harvested) -> bytes:
    """The three records of an exchange. What is known of it comes first: a reader of the stream has it when the page comes."""
    response = _http(_status_line(exchange), _kept(exchange.headers), exchange.payload)
    request = _http(f"GET {exchange.path} HTTP/1.1", _kept(exchange.sent), b"")
    named = {"WARC-Target-URI": _line(exchange.address)}
    own = _identity("response", exchange.fetched_at, exchange.address, response)
    linked = named | {"WARC-Concurrent-To": own}
    of_answer = {
        "Content-Type": "application/http; msgtype=response",
        "WARC-Payload-Digest": _digest(exchange.payload),
    }
    of_answer |= {"WARC-IP-Address": exchange.number} if exchange.number else {}
    of_answer |= {"WARC-Protocol": protocol} if (protocol := _PROTOCOLS.get(exchange.version)) else {}
    at = exchange.fetched_at
    return (
        _member("metadata", at, known.as_json(), linked | {"Content-Type": MEDIA_TYPE})
        + _member("request", at, request, linked | {"Content-Type": "application/http; msgtype=request"})
        + _member("response", at, response, named | of_answer, own)
    )


def _status_line(exchange: Exchange) -> str:
    """As HTTP/1.1 has it: a WARC has no form for later ones. The blank stands there though no reason follows (RFC 9112, 4)."""
    return f"HTTP/1.1 {exchange.status} {_line(exchange.reason).strip()}"


def _kept(fields: Fields) -> Fields:
    """The fields of a header, but for those of the transfer and the pseudo-fields of HTTP/2."""
    return [
        (name, value) for name, value in fields if name.lower() not in _UNDONE and not name.startswith(":")
    ]


def _http(first: str, fields: Fields, body: bytes) -> bytes:
    lines = [first, *(f"{_line(name)}: {_line(value)}" for name, value in fields), "", ""]
    return "\r\n".join(lines).encode("latin-1", "replace") + body


def _member(
    kind: str, at: datetime, block: bytes, fields: dict[str, str], identity: str | None = None
) -> bytes:
    """One record, in a gzip member without a time."""
    address = fields.get("WARC-Target-URI", "")
    head = {
        "WARC-Type": kind,
        "WARC-Record-ID": identity or _identity(kind, at, address, block),
        "WARC-Date": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        **fields,
        "WARC-Block-Digest": _digest(block),
        "Content-Length": str(len(block)),
    }
    lines = ["WARC/1.1", *(f"{name}: {value}" for name, value in head.items()), "", ""]
    return gzip.compress("\r\n".join(lines).encode() + block + b"\r\n\r\n", _LEVEL, mtime=0)


def _identity(kind: str, at: datetime, address: str, block: bytes) -> str:
    named = f"{kind}\n{address}\n{at.isoformat()}\n{_digest(block)}"
    return f"<urn:uuid:{uuid.uuid5(_NAMESPACE, named)}>"


def _digest(content: bytes) -> str:
    return f"sha256:{base64.b32encode(hashlib.sha256(content).digest()).decode()}"


def _line(text: str) -> str:
    """A value that can't begin a line of its own."""
    return " ".join(text.splitlines()).replace("\0", "")
