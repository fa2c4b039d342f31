"""Spans of a large file of JSON lines, cut where lines end and not looked into: the process that parses the documents reads the records, too.

Each line is one record here, so the place of a span in the file says how its records are numbered. Where a line is not one record, or
anything else is unusual, `UnfitError` says that the file is to be read record by record.
"""

from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

import numpy as np

from pipeline.landing.columns import NO_COLUMNS, Columns
from pipeline.landing.compressed import Damage, most_content, pieces_of, size_of, uncompressed
from pipeline.landing.json_file import is_spread
from pipeline.landing.json_lines import most_line_bytes, read_line
from pipeline.landing.record import Row, refuse_very_many
from pipeline.landing.warc_references import ENDING as REFERENCES
from pipeline.model.raw_refs import numbered, path_of
from pipeline.store.storage import Entry

SPAN = "lines"  # the `media` of a row of RAW that is a span
_ENDINGS = (".jsonl", ".ndjson", ".json")
LEAST_BYTES = 1 << 20  # of a file: some four hundred articles, two hundred milliseconds of reading
_SPAN_LINES = 256  # as many records as travel to a parser at once
_LEAST_SPAN_BYTES = 1 << 20  # of one with fewer lines: a piece that is read has no more
_MOST_SPAN_BYTES = 1 << 22  # more bytes of texts do not travel to a parser together
# A byte of a line becomes three of UTF-8 at most, and a file may swell by `most_content` of these.
_SWELLING = 4


class UnfitError(Exception):
    """A file, or a span of it, is to be read record by record."""


def may_have(entry: Entry) -> bool:
    """Whether a file is worth being cut, by its name and size."""
    name = uncompressed(entry.path.lower())
    return entry.size_bytes >= LEAST_BYTES and name.endswith(_ENDINGS) and not name.endswith(REFERENCES)


def cut(stream: BinaryIO, columns: Columns = NO_COLUMNS) -> Iterator[tuple[int, bytes]]:
    """Spans of a file, each with the number of its first record. Raises UnfitError where there can't be any more."""
    n_bytes = size_of(stream)
    pieces = pieces_of(stream)
    first = next(pieces, b"")
    _refuse_odd(first, columns)
    n_left = most_content(n_bytes) // _SWELLING
    rest, record = b"", 0  # `rest` begins with the line of that record
    for piece in chain([first], pieces):
        if isinstance(piece, Damage) or b"\0" in piece or len(piece) > n_left:
            raise UnfitError
        n_left -= len(piece)
        rest += piece
        for n_lines, span in _spans(rest):
            yield record, span[:-1]
            record, rest = record + n_lines, rest[len(span) :]
        refuse_very_many(record, n_bytes)
        if len(rest) > _MOST_SPAN_BYTES:
            raise UnfitError
    if rest:
        yield record, rest.removesuffix(b"\n")


def _spans(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The spans that are whole, each with the number of its lines; the last of them may have fewer lines if it has many bytes."""
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == ord("\n")) + 1
    start, n_done = 0, 0
    for end in ends[_SPAN_LINES - 1 :: _SPAN_LINES]:
        yield _SPAN_LINES, data[start:end]
        start, n_done = int(end), n_done + _SPAN_LINES
    if n_done < len(ends) and len(data) - start > _LEAST_SPAN_BYTES:
        yield len(ends) - n_done, data[start : ends[-1]]


def n_records(span: bytes) -> int:
    """How many numbers of records a span takes: one for each line."""
    return span.count(b"\n") + 1


def _refuse_odd(head: bytes | Damage, columns: Columns) -> None:
    """Raise UnfitError where a file begins with something else than a line that is a record with a text."""
    if isinstance(head, Damage) or b"\0" in head or is_spread(head):
        raise UnfitError
    line = head.partition(b"\n")[0]
    if len(line) < len(head):
        rows_of("#0", line, len(head), columns)


def rows_of(ref: str, span: bytes, max_bytes: int, columns: Columns) -> list[Row]:
    """The rows of a span, whose first record has the `raw_ref` that is given. Raises UnfitError where a line has several records,
    or a page: each of these has a message of its own.
    """
    path, first = path_of(ref), int(ref.rpartition("#")[2])
    rows: list[Row] = []
    for n, line in enumerate(span.split(b"\n"), first):
        found = list(read_line(line if len(line) <= most_line_bytes(max_bytes) else None, max_bytes, columns))
        if len(found) > 1 or any(row.get("media") == "html" for row in found):
            raise UnfitError
        rows += [row | {"raw_ref": numbered(path, n)} for row in found]
    return rows
