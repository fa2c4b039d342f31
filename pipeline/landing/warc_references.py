"""References to records of WARC files that stand elsewhere, as JSON lines: nothing is copied that can be referred to.

    {"uri": "s3://commoncrawl/crawl-data/…/CC-NEWS-20260305….warc.gz", "offset": 1204, "length": 18231, "id": "<urn:uuid:…>"}

`offset` and `length` are bytes of the file as it is stored, compressed or not. `id` is the record's, if given: where another record
stands there now, the document is a reject. `outlet`, if given, is delivered with it. Only files of WARC are followed, on this machine
and in S3.
"""

import io
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import BinaryIO

from pipeline.landing.columns import Columns
from pipeline.landing.compressed import Damage, pieces_of, size_of, uncompressed
from pipeline.landing.record import (
    Row,
    UnreadableError,
    as_reject,
    as_too_large,
    described,
    or_reject,
    refuse_very_many,
    text_of,
)
from pipeline.landing.warc import read_warc
from pipeline.model.errors import NewsfoldError
from pipeline.model.kinds import Reject
from pipeline.store.uris import open_storage, parse

ENDING = ".warc-ref.jsonl"

_ABSOLUTE = ("/", "file:///", "s3://")
_LINE_BYTES = 16_384  # of a reference; more is something else
_HEADER_BYTES = 1 << 21  # of the records around a page, and of its HTTP header

Opener = Callable[[str], BinaryIO]


def open_uri(uri: str) -> BinaryIO:
    """The bytes of a file on this machine or in S3; raises FileNotFoundError where there is none."""
    folder, _, name = parse(uri).rpartition("/")
    return open_storage(folder or "/").open(name)


def read_references(
    stream: BinaryIO, _path: str, max_bytes: int, columns: Columns, opened: Opener = open_uri
) -> Iterator[Row]:
    """A row for each line that refers to a document; `record` counts the lines. What is not there is a reject of its own.

    Raises UnreadableError, MACHINE_FAULT, where a store does not answer, or a whole folder or bucket is not there: it may come back.
    """
    n_bytes = size_of(stream)
    with closing(_Files(opened)) as files:
        for record, line in enumerate(_lines(stream)):
            refuse_very_many(record, n_bytes)
            if isinstance(line, Damage):
                yield as_reject(record, line.reason, line.detail)
            elif line.strip():
                yield {**_follow(line, files, max_bytes, columns), "record": record}


def _lines(stream: BinaryIO) -> Iterator[bytes | Damage]:
    held = b""
    for piece in pieces_of(stream):
        if isinstance(piece, Damage):
            yield piece
            held = b""
            continue
        *lines, held = (held + piece).split(b"\n")
        yield from lines
    yield held


def _follow(line: bytes, files: "_Files", max_bytes: int, columns: Columns) -> Row:
    reference = _reference(line)
    if isinstance(reference, str):
        return as_reject(0, Reject.BAD_RECORD, reference)
    uri, offset, length = str(reference["uri"]), int(str(reference["offset"])), int(str(reference["length"]))
    if not uncompressed(uri.lower()).endswith(".warc") or not uri.startswith(_ABSOLUTE):
        return as_reject(0, Reject.OUTSIDE_LANDING, f"no absolute place of a WARC: {uri}")
    if length > max_bytes + _HEADER_BYTES:
        return as_too_large(0, max_bytes)
    try:
        content = files.read(uri, offset, length)
    except FileNotFoundError:
        return as_reject(0, Reject.UNREADABLE, f"{uri}: no such file")
    return or_reject(0, partial(_document, content, reference, max_bytes, columns))


def _reference(line: bytes) -> dict[str, object] | str:
    """What a line says, or what is wrong with it."""
    try:
        found = json.loads(line[:_LINE_BYTES])
    except (ValueError, RecursionError) as error:
        return f"no reference: {error}"
    if not isinstance(found, dict) or not isinstance(found.get("uri"), str):
        return "a reference needs uri, offset and length"
    return (
        found
        if _is_count(found.get("offset")) and _is_count(found.get("length"))
        else "offset and length are counts of bytes"
    )


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _document(content: bytes, reference: Mapping[str, object], max_bytes: int, columns: Columns) -> Row:
    """The first document of a stretch of a WARC, if it is the record that is meant."""
    meant = reference.get("id")
    if isinstance(meant, str) and _id_in(content, max_bytes) != meant:
        return as_reject(
            0, Reject.BAD_RECORD, f"another record stands at {reference['uri']}:{reference['offset']}"
        )
    row = next(read_warc(io.BytesIO(content), "", max_bytes, columns), None)
    if row is None:
        return as_reject(0, Reject.NOT_A_PAGE, f"no document at {reference['uri']}:{reference['offset']}")
    outlet = text_of(reference.get("outlet"))
    return row | {"outlet": row.get("outlet") or outlet} if outlet and row["body"] is not None else row


def _id_in(content: bytes, max_bytes: int) -> str | None:
    """The id of the response in a stretch, or else of its last record."""
    from pipeline.landing.warc_records import Record, records_of

    headers = [
        found.header.headers
        for found in records_of(pieces_of(io.BytesIO(content)), max_bytes)
        if isinstance(found, Record)
    ]
    responses = [fields for fields in headers if fields.get("WARC-Type") == "response"]
    return (responses or headers)[-1].get("WARC-Record-ID") if headers else None


def _is_mounted(uri: str) -> bool:
    """Whether anything stands in the folder of a file of this machine. A bucket that is not there says so itself."""
    path = parse(uri)
    folder = Path(path).parent
    return path.startswith("s3://") or (folder.is_dir() and any(folder.iterdir()))


class _Files:
    """The file that was referred to last stays open: references are sorted by file."""

    def __init__(self, opened: Opener) -> None:
        self._opened = opened
        self._uri: str | None = None
        self._stream: BinaryIO = io.BytesIO()

    def read(self, uri: str, offset: int, length: int) -> bytes:
        """A stretch of a file; less where the file ends before it."""
        try:
            if uri != self._uri:
                self.close()
                self._stream, self._uri = self._opened(uri), uri
            self._stream.seek(offset)
            return self._stream.read(length)
        except FileNotFoundError:
            if _is_mounted(uri):
                raise
            said = f"{uri}: nothing in its folder; is a disk not mounted?"
            raise UnreadableError(Reject.MACHINE_FAULT, said) from None
        except (OSError, NewsfoldError) as error:
            raise UnreadableError(Reject.MACHINE_FAULT, described(error)) from error

    def close(self) -> None:
        self._uri = None
        self._stream.close()
