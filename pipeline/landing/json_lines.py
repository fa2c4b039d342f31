"""A JSON object a line, in UTF-8, UTF-16 or UTF-32.

Each line tells its own encoding, since files are joined without regard to it. Where they were joined without a line's end, a line
has several objects, each a record.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import NamedTuple

import numpy as np

from pipeline.landing.columns import Columns
from pipeline.landing.compressed import CHUNK_BYTES, Damage
from pipeline.landing.record import Row, as_reject, as_too_large, from_fields, or_reject, refuse_very_many
from pipeline.landing.wrapped import records_in
from pipeline.model.kinds import Reject
from pipeline.text import charsets

ESCAPED = 3  # JSON writes a Cyrillic letter of two bytes as six; other documents swell less
_BETWEEN = "\ufeff\x1e \t\r\n"  # byte order marks, separators of RFC 7464, blanks
_MARK, _HEAD_BYTES = "\ufeff", 8
_STARTS = ("{", "[", "\x1e", " ", "\t", "\r", "\n")
_VALUES = 200_000  # of one record: each takes up to 300 bytes of memory, however short it is written
_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_STRUCTURE = ",[{"
# Python refuses some 1,000 levels less those that it stands on, and other versions take more: so what is a record would depend on who
# reads it. No record of news has ten.
_LEVELS = 500
_STEPS = bytes.maketrans(b"[{]}", np.array([1, 1, -1, -1], np.int8).tobytes())
_NO_STEPS = bytes(set(range(256)) - set(b"[{]}"))


class _Line(NamedTuple):
    content: bytes
    charset: str | None


# --- JSON lines ----------------------------------------------------------------------------------------------


def read_lines(
    pieces: Iterator[bytes | Damage], n_bytes: int, max_bytes: int, columns: Columns
) -> Iterator[Row]:
    """A row for each record of a file of `n_bytes`, of which these are the pieces. Blank lines count."""
    record = 0
    for line in _lines(pieces, most_line_bytes(max_bytes)):
        n_rows = 0
        for n_rows, row in enumerate(_read_line(line, max_bytes, columns), 1):
            yield row | {"record": record + n_rows - 1}
        record += max(1, n_rows)
        refuse_very_many(record, n_bytes)


def most_line_bytes(max_bytes: int) -> int:
    """How many bytes a line, or a value on several lines, may have if a document may have `max_bytes`."""
    return ESCAPED * max_bytes + CHUNK_BYTES


def read_line(line: bytes | None, max_bytes: int, columns: Columns) -> Iterator[Row]:
    """A row for each record of a line in UTF-8, without its number; None stands for a line that is too long."""
    return _read_line(None if line is None else _Line(line, None), max_bytes, columns)


def _read_line(line: _Line | Damage | None, max_bytes: int, columns: Columns) -> Iterator[Row]:
    if line is None:
        yield as_too_large(0, max_bytes)
    elif isinstance(line, Damage):
        yield as_reject(0, line.reason, line.detail)
    else:
        text = _decode(line)
        if not text.strip(_BETWEEN) and not line.charset and b"\0" in line.content:
            yield as_reject(0, Reject.BAD_RECORD, "zeros, as a machine that failed leaves them")
        for found in objects_in(text):
            if isinstance(found, str):
                yield as_reject(0, Reject.BAD_RECORD, found)
            else:
                for record in records_in(found):
                    yield or_reject(0, partial(from_fields, 0, record, max_bytes, columns))


def _decode(line: _Line) -> str:
    return line.content.decode(line.charset, "replace") if line.charset else charsets.decode(line.content)


def objects_in(text: str) -> Iterator[Mapping[str, object] | str]:
    """The objects of a line; or, in the place of one, what is wrong."""
    text = text.strip(_BETWEEN)
    if _has_too_many(text):
        yield f"more than {_VALUES} values"
        return
    if _is_too_deep(text):
        yield f"more than {_LEVELS} values within each other"
        return
    while text:
        try:
            found, end = _DECODER.raw_decode(text)
        except (ValueError, RecursionError) as error:
            yield f"not JSON: {error}"
            return
        yield found if isinstance(found, dict) else "not a JSON object"
        text = text[end:].lstrip(_BETWEEN)


_DECODER = json.JSONDecoder()


def _has_too_many(text: str) -> bool:
    """Whether a JSON text has more values than a record may; what stands in its strings does not count."""
    if sum(map(text.count, _STRUCTURE)) <= _VALUES:
        return False
    n_values, at = 0, 0
    for string in _STRING.finditer(text):
        n_values += sum(text.count(mark, at, string.start()) for mark in _STRUCTURE)
        at = string.end()
        if n_values > _VALUES:
            return True
    return n_values + sum(text.count(mark, at) for mark in _STRUCTURE) > _VALUES


def _is_too_deep(text: str) -> bool:
    """Whether values of a JSON text stand deeper within each other than they may; what stands in its strings does not count."""
    if text.count("[") + text.count("{") <= _LEVELS:
        return False
    marks = _STRING.sub("", text).encode("ascii", "ignore").translate(_STEPS, _NO_STEPS)
    return bool(np.cumsum(np.frombuffer(marks, np.int8), dtype=np.int64).max(initial=0) > _LEVELS)


# --- lines ---------------------------------------------------------------------------------------------------


def _lines(pieces: Iterator[bytes | Damage], max_bytes: int) -> Iterator[_Line | Damage | None]:
    """Lines without their ends; None in place of one that is longer than `max_bytes`, which is not kept.

    A line that a damage cuts off is lost with it.
    """
    buffer = _Buffer(max_bytes)
    for piece in pieces:
        if isinstance(piece, Damage):
            yield piece
            buffer = _Buffer(max_bytes)
            continue
        buffer.data += piece
        while (line := buffer.take(is_last=False)) is not _NO_LINE:
            yield line
    while (line := buffer.take(is_last=True)) is not _NO_LINE:
        yield line


_NO_LINE = _Line(b"", "none yet")


class _Buffer:
    """What was read and is not yet a line."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._start()
        self.data = bytearray()

    def _start(self) -> None:
        self._charset: str | None = None
        self._end = b""
        self._n_searched = 0  # bytes without the end of the line
        self._is_long = False

    def take(self, is_last: bool) -> _Line | None:
        """The next line, None where it is too long; _NO_LINE where there is no end of one, but in the last bytes."""
        if not self._end and (is_last or len(self.data) >= _HEAD_BYTES):
            self._charset = wide_charset(bytes(self.data[:_HEAD_BYTES]))
            self._end = "\n".encode(self._charset or "ascii")
        end = self._find_end() if self._end else -1
        if end < 0 and not (is_last and (self.data or self._is_long)):
            self._drop_long()
            return _NO_LINE
        end = len(self.data) if end < 0 else end
        is_long = self._is_long or end > self._max_bytes
        line = None if is_long else _Line(bytes(memoryview(self.data)[:end]), self._charset)
        del self.data[: end + len(self._end)]
        self._start()
        return line

    def _find_end(self) -> int:
        """Where the end of the line begins; in UTF-16 and UTF-32 it stands where a character can."""
        width = len(self._end)
        at = self.data.find(self._end, self._n_searched)
        while at >= 0 and at % width:
            at = self.data.find(self._end, at + 1)
        if at < 0:
            self._n_searched = max(0, len(self.data) - len(self.data) % width - width)
        return at

    def _drop_long(self) -> None:
        """Of a line that is too long, no more is kept than shows where it ends."""
        if self._end and len(self.data) > self._max_bytes:
            self._is_long = True
            del self.data[: self._n_searched]
            self._n_searched = 0


def wide_charset(head: bytes) -> str | None:
    """The encoding of a line of JSON by its first bytes, if it has several bytes a character.

    The first two characters of JSON are ASCII, so their zeros tell (RFC 4627, 3), after a byte order mark or without one.
    """
    if 0 not in head:
        return None
    for charset in ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be"):
        width = len(_MARK.encode(charset))
        begins = head[: len(head) - len(head) % width].decode(charset, "replace")
        first = begins.replace(_MARK, "")[:2]
        if first.startswith(_STARTS) and first.isascii() and "\0" not in first:
            return charset
    return None
