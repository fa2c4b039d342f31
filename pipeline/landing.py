"""The landing zone: which files a day has, and the raw documents in them.

A day is the folder `day=YYYY-MM-DD/`, with files in sub-folders or not. Files and folders whose name begins
with `.` or `_` are skipped: that is how uploads in progress and markers are named. Everything else gives rows:
a document, or the reason why it is none. Nothing that a file holds ends the run.

What the storage raises is a fault of the machine; what a parser makes of the bytes is one of the content. They are told
apart by where they come from and not by their kind: storages and parsers alike raise OSError.
"""

import heapq
import io
import json
import os
import re
import stat
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

from pipeline import charsets, dates
from pipeline.contracts import RAW, Reject
from pipeline.errors import NewsfoldError
from pipeline.store.storage import Entry, LocalStorage, Storage

Row = dict[str, object]
Reader = Callable[[BinaryIO, str, int], Iterator[Row]]

# A table is what travels to a parser at once: few enough rows to share a day's work out evenly, few enough bytes
# that two tables per worker fit any machine.
_MAX_ROWS = 256
_MAX_BYTES = 32_000_000

_CHUNK_BYTES = 1 << 20
_GZIP = b"\x1f\x8b"
_ESCAPED = 3  # JSON writes a Cyrillic letter of two bytes as six; other documents swell less
_MAX_DELIVERED_CHARS = 65_536  # of an address or a headline that comes with a document; a longer one is none


def list_files(storage: Storage, day: date) -> list[Entry]:
    """The files of a day, sorted by path; none when the day has no folder."""
    folder = f"day={day.isoformat()}"
    return sorted(e for e in storage.walk(folder) if not _is_hidden(e.path.removeprefix(folder)))


def has_files(storage: Storage, day: date) -> bool:
    """Whether a day has any file; a folder, a marker or an upload in progress alone is no delivery."""
    folder = f"day={day.isoformat()}"
    return any(not _is_hidden(e.path.removeprefix(folder)) for e in storage.walk(folder))


def pack(files: Sequence[Entry], n_parts: int) -> list[list[Entry]]:
    """Share files out into `n_parts` parts of about equal bytes; some are empty when there are fewer files.

    Longest first to the lightest part (Graham 1969): at worst a third above the best. The same files give the
    same parts, in whatever order they come.
    """
    parts: list[list[Entry]] = [[] for _ in range(n_parts)]
    weights = [(0, n) for n in range(len(parts))]
    for entry in sorted(files, key=lambda e: (-e.size_bytes, e.path)):
        weight, lightest = weights[0]
        parts[lightest].append(entry)
        heapq.heapreplace(weights, (weight + entry.size_bytes, lightest))
    return [sorted(part) for part in parts]


def read_raw(storage: Storage, files: Sequence[Entry], max_document_bytes: int) -> Iterator[pa.Table]:
    """Read files into RAW tables of at most 256 rows, and 32 MB unless one document alone has more.

    A file is streamed: memory depends on the size of a document, never on that of a file. What cannot be read is
    a row with `reason` and `detail`; a file that breaks off gives its records up to the break, and one such row.
    """
    rows: list[Row] = []
    n_bytes = 0
    for entry in files:
        for row in _read_file(storage, entry, max_document_bytes):
            size = len(row["body"]) if isinstance(row["body"], bytes) else 0
            if rows and (len(rows) == _MAX_ROWS or n_bytes + size > _MAX_BYTES):
                yield RAW.table(rows)
                rows, n_bytes = [], 0
            rows.append(row)
            n_bytes += size
    if rows:
        yield RAW.table(rows)


def _is_hidden(path: str) -> bool:
    return any(part.startswith((".", "_")) for part in path.split("/"))


def _read_file(storage: Storage, entry: Entry, max_bytes: int) -> Iterator[Row]:
    name, record, source = _as_text(entry.path), 0, _Source(storage, entry)
    try:
        reader = _reader_of(entry.path)
        with source.open() as stream:
            for row in reader(stream, entry.path, max_bytes):
                source.refuse_fault()
                record = int(str(row["record"])) + 1
                yield _with_ref(row, name)
            source.refuse_fault()
    except Exception as error:  # noqa: BLE001 - whatever a parser raises about broken bytes is the reason of one row
        yield _with_ref(_why_not(storage, record, error, source.fault), name)


def _why_not(storage: Storage, record: int, error: Exception, fault: Exception | None) -> Row:
    """The row for what ended the reading of a file: a fault of the machine, whatever a parser made of it, or else the content's.

    Raises what the storage raises when it does not answer at all: then no single file is at fault.
    """
    if isinstance(fault, NewsfoldError):  # a store that gave up after many attempts, perhaps for all files
        storage.folders("")
    if fault is not None or isinstance(error, MemoryError):
        return _reject(record, Reject.MACHINE_FAULT, _described(fault or error))
    if isinstance(error, _UnreadableError):
        return _reject(record, error.reason, str(error))
    return _reject(record, Reject.UNREADABLE, _described(error))


def _described(error: Exception) -> str:
    """Kind and cause, without the path of this machine that an OSError brings."""
    return f"{type(error).__name__}: {getattr(error, 'strerror', None) or error}"


class _UnreadableError(Exception):
    """The rest of a file cannot be read, and that is the file's own fault."""

    def __init__(self, reason: Reject, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


class _Source(io.RawIOBase):
    """The bytes of one file. It remembers when the storage failed to give them.

    Parsers turn an exception of their stream into one of theirs, or take it for the end of the file; `fault` says what it was.
    """

    def __init__(self, storage: Storage, entry: Entry) -> None:
        self._storage, self._entry = storage, entry
        self._stream: BinaryIO = io.BytesIO()
        self.fault: Exception | None = None

    def open(self) -> io.BufferedReader:
        """A stream over the bytes; raises _UnreadableError where there are none to be had."""
        with self._noting():
            _refuse_odd_files(self._storage, self._entry.path)
            self._stream = self._storage.open(self._entry.path)
        return io.BufferedReader(self)

    def refuse_fault(self) -> None:
        """Raise what the storage raised, if a parser did not."""
        if self.fault is not None:
            raise self.fault

    @contextmanager
    def _noting(self) -> Iterator[None]:
        try:
            yield
        except _UnreadableError:
            raise
        except Exception as error:
            self.fault = self.fault or error
            raise

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with self._noting():
            piece = self._stream.read(len(buffer))
            if not piece and len(buffer) and self._stream.tell() < self._entry.size_bytes:
                raise EOFError(f"breaks off after {self._stream.tell()} of {self._entry.size_bytes} bytes")
        buffer[: len(piece)] = piece
        return len(piece)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        with self._noting():
            return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def close(self) -> None:
        self._stream.close()
        super().close()


def _as_text(path: str) -> str:
    """File names are bytes; one that is not UTF-8 is spelt out."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _with_ref(row: Row, name: str) -> Row:
    return {**row, "raw_ref": f"{name}#{row['record']}"}


def _document(record: int, media: str, body: bytes, **delivered: object) -> Row:
    return {"record": record, "media": media, "body": body, **delivered}


def _reject(record: int, reason: Reject, detail: str) -> Row:
    return {"record": record, "body": None, "reason": reason, "detail": detail[:500]}


def _too_large(record: int, max_bytes: int) -> Row:
    return _reject(record, Reject.TOO_LARGE, f"more than {max_bytes} bytes")


def _reader_of(path: str) -> Reader:
    name = path.lower()
    for ending, reader in _READERS.items():
        if name.endswith(ending):
            return reader
    raise _UnreadableError(Reject.UNKNOWN_FORMAT, f"not one of {' '.join(_READERS)}")


def _refuse_odd_files(storage: Storage, path: str) -> None:
    """A link may lead anywhere, and opening a pipe would wait for ever; a bucket has neither."""
    if not isinstance(storage, LocalStorage):
        return
    root = Path(os.path.realpath(storage.root))
    target = Path(os.path.realpath(storage.root / path))  # of a circle it is a link again, on every Python
    if not target.is_relative_to(root):
        raise _UnreadableError(Reject.OUTSIDE_LANDING, "a link that leads out of the landing zone")
    try:
        kind = target.lstat().st_mode
    except FileNotFoundError:
        if not (storage.root / path).is_symlink():  # a file that went since it was listed
            raise
        kind = stat.S_IFLNK
    if stat.S_ISLNK(kind):
        raise _UnreadableError(Reject.UNREADABLE, "a link that leads nowhere")
    if not stat.S_ISREG(kind):
        raise _UnreadableError(Reject.UNREADABLE, "not a regular file")


# --- bytes ---------------------------------------------------------------------------------------------------


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    """The content in pieces, decompressed where it is gzip: crawlers unpack a body and keep its name, or the other way round."""
    first = stream.read(_CHUNK_BYTES)
    if first.startswith(_GZIP):
        yield from _inflate(stream, first)
        return
    while first:
        yield first
        first = stream.read(_CHUNK_BYTES)


def _inflate(stream: BinaryIO, pending: bytes) -> Iterator[bytes]:
    """Decompress gzip, of one or more members (RFC 1952), never more than one piece ahead.

    The library's own reader drops what it holds when the file breaks off; this one gives it first.
    """
    inflater = zlib.decompressobj(wbits=31)
    while pending or not inflater.eof:
        if inflater.eof:
            pending = pending.lstrip(b"\0") or stream.read(_CHUNK_BYTES)  # padding between members
            if pending.strip(b"\0"):
                inflater = zlib.decompressobj(wbits=31)
            continue
        try:
            piece = inflater.decompress(pending, _CHUNK_BYTES)
        except zlib.error as error:
            raise _UnreadableError(Reject.UNREADABLE, f"broken gzip: {error}") from error
        if piece:
            yield piece
        pending = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
        pending = pending or stream.read(_CHUNK_BYTES)
        if not pending and not inflater.eof and not piece:
            raise _UnreadableError(Reject.TRUNCATED, "the gzip breaks off")


# --- pages ---------------------------------------------------------------------------------------------------


def _read_page(stream: BinaryIO, path: str, max_bytes: int) -> Iterator[Row]:
    body = bytearray()
    for piece in _chunks(stream):
        body += piece
        if len(body) > max_bytes:
            yield _too_large(0, max_bytes)
            return
    media = "text" if path.lower().removesuffix(".gz").endswith(".txt") else "html"
    yield _document(0, media, bytes(body))


# --- JSON lines ----------------------------------------------------------------------------------------------


def _read_json_lines(stream: BinaryIO, _path: str, max_bytes: int) -> Iterator[Row]:
    for record, line in enumerate(_lines(_chunks(stream), _ESCAPED * max_bytes + _CHUNK_BYTES)):
        if line is None:
            yield _too_large(record, max_bytes)
        elif line.strip():
            yield _read_json(record, line, max_bytes)


def _lines(chunks: Iterator[bytes], max_bytes: int) -> Iterator[bytes | None]:
    """Lines without their ends; None in place of one that is longer than `max_bytes`, which is not kept."""
    head = bytearray()
    is_long = False
    for chunk in chunks:
        first, *rest = chunk.split(b"\n")
        for following in [*rest, None]:
            is_long = is_long or len(head) + len(first) > max_bytes
            head = bytearray() if is_long else head + first
            if following is not None:
                yield None if is_long else bytes(head)
                head, is_long, first = bytearray(), False, following
    if head or is_long:
        yield None if is_long else bytes(head)


def _read_json(record: int, line: bytes, max_bytes: int) -> Row:
    try:
        fields = json.loads(charsets.decode(line).removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        return _reject(record, Reject.BAD_RECORD, f"not JSON: {error}")
    if not isinstance(fields, dict):
        return _reject(record, Reject.BAD_RECORD, "not a JSON object")
    return _from_fields(record, fields, max_bytes)


def _from_fields(record: int, fields: Mapping[str, object], max_bytes: int) -> Row:
    delivered = _delivered(fields)
    bodies = (("html", fields.get("html")), ("text", fields.get("text")), ("text", delivered["title"]))
    for media, body in bodies:
        if isinstance(body, str | bytes) and body.strip():
            charset = "utf-8" if isinstance(body, str) else None
            content = (
                body.encode("utf-8", "ignore") if isinstance(body, str) else body
            )  # surrogates are no text
            if len(content) > max_bytes:
                return _too_large(record, max_bytes)
            return _document(record, media, content, charset=charset, **delivered)
    return _reject(record, Reject.BAD_RECORD, "neither html, nor text, nor title")


def _delivered(fields: Mapping[str, object]) -> Row:
    texts: Row = {name: _text(fields.get(name)) for name in ("url", "title", "outlet")}
    return texts | {name: dates.moment(fields.get(name)) for name in ("published_at", "fetched_at")}


def _text(value: object) -> str | None:
    if not isinstance(value, str) or len(value) > _MAX_DELIVERED_CHARS:
        return None
    return value.encode("utf-8", "ignore").decode().strip() or None


# --- Parquet -------------------------------------------------------------------------------------------------


def _read_parquet(stream: BinaryIO, path: str, max_bytes: int) -> Iterator[Row]:  # noqa: ARG001 - one shape for all readers
    import pyarrow.parquet as pq

    names = ("url", "html", "text", "title", "published_at", "fetched_at", "outlet")
    record = 0
    with pq.ParquetFile(stream, pre_buffer=False, buffer_size=_CHUNK_BYTES) as file:
        present = [n for n in names if n in file.schema_arrow.names]
        for batch in file.iter_batches(batch_size=64, columns=present, use_threads=False):
            for fields in _portable(batch).to_pylist():
                yield _from_fields(record, fields, max_bytes)
                record += 1


def _portable(batch: pa.RecordBatch) -> pa.Table:
    """Nanoseconds, which Python's datetime does not have, are cut to microseconds."""
    table = pa.Table.from_batches([batch])
    for n, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type):
            table = table.set_column(
                n, field.name, table[n].cast(pa.timestamp("us", field.type.tz), safe=False)
            )
    return table


# --- WARC ----------------------------------------------------------------------------------------------------

_PAGE_TYPES = {"text/html", "application/xhtml+xml", None}
_HTTP_HEAD_END = re.compile(rb"\n\r?\n")


def _read_warc(stream: BinaryIO, path: str, max_bytes: int) -> Iterator[Row]:  # noqa: ARG001 - one shape for all readers
    """Every response and revisit, and the resources that are pages, of a WARC (ISO 28500); plain, gzip, lz4, zstd.

    `record` counts all records of the file, of whatever type.
    """
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    for record, item in enumerate(ArchiveIterator(stream, parse_http=False)):
        if not item.headers.get("Content-Length"):  # every record has it; the library takes none for 0
            yield _reject(
                record, Reject.TRUNCATED, "the record's header has no Content-Length: it breaks off"
            )
        elif item.record_type == WarcRecordType.revisit:
            yield _reject(record, Reject.REVISIT, f"refers to an earlier capture of {_target(item)}")
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
        return _too_large(record, max_bytes)
    block = item.reader.read()
    if len(block) < item.content_length:
        return _breaks_off(record, len(block), item)
    if item.is_http and block.startswith(b"HTTP/") and not _HTTP_HEAD_END.search(block):
        return _reject(record, Reject.TRUNCATED, "the HTTP header breaks off")
    reply = _parse_reply(block) if item.is_http else None
    status = reply.http_headers.status_code if reply else None
    if status is not None and not 200 <= status < 300:
        return _reject(record, Reject.NOT_A_PAGE, f"HTTP status {status}")
    media_type = _type_of(reply.http_content_type if reply else item.headers.get("Content-Type"))
    if media_type not in _PAGE_TYPES:
        return _reject(record, Reject.NOT_A_PAGE, f"{media_type}")
    body = reply.reader.read(max_bytes + 1) if reply else block
    charset = _text(reply.http_charset) if reply else None
    document = _document(record, "html", body, charset=charset, **_captured(item))
    return document if len(body) <= max_bytes else _too_large(record, max_bytes)


def _breaks_off(record: int, n_bytes: int, item: Any) -> Row:
    return _reject(record, Reject.TRUNCATED, f"{n_bytes} of {item.content_length} bytes")


def _captured(item: Any) -> Row:
    return {"url": _text(_target(item)), "fetched_at": dates.moment(item.headers.get("WARC-Date"))}


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
    raise _UnreadableError(Reject.BAD_RECORD, "not an HTTP reply")


def _target(item: Any) -> str:
    return (item.headers.get("WARC-Target-URI") or "").strip("<> ")  # wget wrote it in angle brackets


def _type_of(content_type: str | None) -> str | None:
    return (content_type or "").partition(";")[0].strip().lower() or None


_READERS: dict[str, Reader] = {
    **dict.fromkeys((".html", ".htm", ".txt", ".html.gz", ".htm.gz", ".txt.gz"), _read_page),
    **dict.fromkeys((".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz"), _read_json_lines),
    **dict.fromkeys((".warc", ".warc.gz", ".warc.lz4", ".warc.zst"), _read_warc),
    ".parquet": _read_parquet,
}
