"""Raw documents out of a day's files, whatever their format.

Each file gives rows: a document, or the reason why there is no document. Nothing that a file holds ends the run. A format is
a reader in a module of its own; `_READERS` says by which ending of a file's name it is chosen.
"""

import io
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import Any, BinaryIO

import pyarrow as pa

from pipeline.landing import spans
from pipeline.landing.columns import Columns
from pipeline.landing.columns import parse as columns_of
from pipeline.landing.compressed import COMPRESSED, most_content, uncompressed
from pipeline.landing.files import refuse_odd_files
from pipeline.landing.json_file import read_json
from pipeline.landing.page import read_page
from pipeline.landing.parquet import read_parquet
from pipeline.landing.record import (
    Reader,
    Row,
    UnreadableError,
    as_document,
    as_reject,
    described,
    refuse_very_many,
)
from pipeline.landing.warc import read_warc
from pipeline.landing.warc_references import ENDING as REFERENCES
from pipeline.landing.warc_references import read_references
from pipeline.model.errors import NewsfoldError
from pipeline.model.internal_tables import RAW
from pipeline.model.kinds import Reject
from pipeline.model.raw_refs import raw_ref
from pipeline.store.storage import Entry, Storage

# A table is what travels to a parser at once: few enough rows to share a day's work out evenly, few enough bytes
# that two tables per worker fit any machine.
_MAX_ROWS = 256
_MAX_BYTES = 32_000_000


def read_raw(
    storage: Storage, files: Sequence[Entry], max_document_bytes: int, columns: str = ""
) -> Iterator[pa.Table]:
    """Read files into RAW tables of at most 256 rows, and 32 MB unless one document alone has more.

    A file is streamed: memory depends on the size of a document, never on that of a file. What cannot be read is
    a row with `reason` and `detail`; of a file that is damaged, so are the records or stretches that are lost, and of one that
    holds far more than its bytes can, the rest. `columns` is the setting of that name.
    """
    rows: list[Row] = []
    n_bytes = 0
    known = columns_of(columns)
    for entry in files:
        for row in _read_file(storage, entry, max_document_bytes, known):
            size = _body_bytes(row)
            if rows and (len(rows) == _MAX_ROWS or n_bytes + size > _MAX_BYTES):
                yield RAW.table(rows)
                rows, n_bytes = [], 0
            rows.append(row)
            n_bytes += size
    if rows:
        yield RAW.table(rows)


def read_spans(
    storage: Storage, files: Sequence[Entry], max_document_bytes: int, columns: str = ""
) -> Iterator[pa.Table]:
    """As `read_raw`, but large files of JSON lines come as rows of media `lines`, which are spans of the file (`landing/spans.py`).

    From where a file can't be cut into spans on, it has one row, a `machine_fault`: the file is to be read once more, by `read_raw`.
    """
    large = [entry for entry in files if spans.may_have(entry)]
    others = [entry for entry in files if not spans.may_have(entry)]
    yield from read_raw(storage, others, max_document_bytes, columns)
    for entry in large:
        for row in _cut(storage, entry, columns_of(columns)):
            yield RAW.table([_with_ref(row, entry.path)])


def _cut(storage: Storage, entry: Entry, columns: Columns) -> Iterator[Row]:
    record, source = 0, _Source(storage, entry)
    try:
        with source.open() as stream:
            for first, span in spans.cut(stream, columns):
                source.refuse_fault()
                yield as_document(first, spans.SPAN, span)
                record = first + spans.n_records(span)
            source.refuse_fault()
    except Exception as error:  # noqa: BLE001 - whatever it is, reading the file record by record tells it
        yield as_reject(record, Reject.MACHINE_FAULT, described(error))


def _read_file(storage: Storage, entry: Entry, max_bytes: int, columns: Columns) -> Iterator[Row]:
    record, source = 0, _Source(storage, entry)
    try:
        reader = _reader_of(entry.path)
        with source.open() as stream:
            rows = reader(stream, entry.path, max_bytes, columns)
            if reader is not read_references:  # which holds no document itself
                rows = _unless_swollen(rows, entry.size_bytes)
            for row in rows:
                source.refuse_fault()
                record = int(str(row["record"])) + 1
                yield _with_ref(row, entry.path)
            source.refuse_fault()
    except Exception as error:  # noqa: BLE001 - whatever a parser raises about broken bytes is the reason of one row
        yield _with_ref(_why_not(storage, record, error, source.fault), entry.path)


def _unless_swollen(rows: Iterator[Row], n_bytes: int) -> Iterator[Row]:
    """The rows of a file of `n_bytes`; raises UnreadableError where these are far more than so many bytes can hold."""
    most = most_content(n_bytes)
    n_left = most
    for n_rows, row in enumerate(rows, 1):
        refuse_very_many(n_rows, n_bytes)
        n_left -= _body_bytes(row)
        if n_left < 0:
            raise UnreadableError(Reject.TOO_LARGE, f"more than {most} bytes of documents in {n_bytes} bytes")
        yield row


def _body_bytes(row: Row) -> int:
    return len(row["body"]) if isinstance(row["body"], bytes) else 0


def _why_not(storage: Storage, record: int, error: Exception, fault: Exception | None) -> Row:
    """The row for what ended the reading of a file: a fault of the machine, whatever a parser made of it, or else the content's.

    Raises what the storage raises when it does not answer at all: then no single file is at fault.
    """
    if isinstance(fault, NewsfoldError):  # a store that gave up after many attempts, perhaps for all files
        storage.folders("")
    if fault is not None or isinstance(error, MemoryError):
        return as_reject(record, Reject.MACHINE_FAULT, described(fault or error))
    if isinstance(error, UnreadableError):
        return as_reject(record, error.reason, str(error))
    return as_reject(record, Reject.UNREADABLE, described(error))


class _Source(io.RawIOBase):
    """The bytes of one file. It remembers when the storage failed to give them.

    Parsers turn an exception of their stream into one of theirs, or take it for the end of the file; `fault` says what it was.
    """

    def __init__(self, storage: Storage, entry: Entry) -> None:
        self._storage, self._entry = storage, entry
        self._stream: BinaryIO = io.BytesIO()
        self.fault: Exception | None = None

    def open(self) -> io.BufferedReader:
        """A stream over the bytes; raises UnreadableError where they can't be read."""
        with self._noting():
            refuse_odd_files(self._storage, self._entry.path)
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
        except UnreadableError:
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


def _with_ref(row: Row, path: str) -> Row:
    return {**row, "raw_ref": raw_ref(path, row["record"])}


def _reader_of(path: str) -> Reader:
    name = path.lower()
    if uncompressed(name).endswith(REFERENCES):
        return read_references
    ending = PurePosixPath(uncompressed(name)).suffix
    if ending not in _READERS or (ending == ".parquet" and not name.endswith(ending)):
        known = f"{' '.join(_READERS)}, also with {' '.join(COMPRESSED)} behind"
        raise UnreadableError(Reject.UNKNOWN_FORMAT, f"not one of {known}")
    return _READERS[ending]


_READERS: dict[str, Reader] = {
    **dict.fromkeys((".html", ".htm", ".txt"), read_page),
    **dict.fromkeys((".jsonl", ".ndjson", ".json"), read_json),
    **dict.fromkeys((".warc", ".wet"), read_warc),  # WET: texts that were taken out of captures
    ".parquet": read_parquet,
}
