"""A file of JSON: an object a line, one value over many lines, or a list of records, perhaps within an object.

Programs write `.json` so, and put lists into `.jsonl`, too. A list is read record by record: memory depends on the size of
a record, never on that of the file. A record that cannot be read is its own reject.
"""

import codecs
import re
from collections.abc import Iterator
from functools import partial
from itertools import chain
from typing import BinaryIO

from pipeline.landing.columns import Columns
from pipeline.landing.compressed import Damage, pieces_of, size_of
from pipeline.landing.json_lines import most_line_bytes, objects_in, read_lines, wide_charset
from pipeline.landing.record import Row, as_reject, as_too_large, from_fields, or_reject
from pipeline.landing.wrapped import LIST_NAMES, records_in
from pipeline.model.kinds import Reject
from pipeline.text import charsets

_MARK = b"\xef\xbb\xbf"
_AROUND = b"\xef\xbb\xbf\x1e \t\r\n,"  # between two records
# What begins a list of records that is longer than a record may be: {"status": "ok", "articles": [
_OPENING = re.compile(
    rb'\{[^\[\]]{0,4000}?"(?:' + "|".join(sorted(LIST_NAMES)).encode() + rb')"\s*:\s*\[', re.IGNORECASE
)
# Where the reading goes on after a damage; of a run of blanks no place is tried but the first.
_NEXT = re.compile(rb"(?:[,\[]|(?<!\s)[^\S\n]*+\n)\s*+(?=\{\s*+\")")


def read_json(stream: BinaryIO, _path: str, max_bytes: int, columns: Columns) -> Iterator[Row]:
    """A row for each record of a file of JSON; which of its forms it has, its first lines tell."""
    n_bytes = size_of(stream)
    pieces = pieces_of(stream)
    first = next(pieces, b"")
    every = chain([first], pieces) if first else iter(())
    if isinstance(first, Damage) or not is_spread(first):
        yield from read_lines(every, n_bytes, max_bytes, columns)
        return
    record = 0
    for found in _values(_narrow(every, first), most_line_bytes(max_bytes)):
        rows = list(_rows(found, max_bytes, columns))
        for row in rows:
            yield row | {"record": record}
            record += 1
    if not record:
        yield as_reject(0, Reject.BAD_RECORD, "a list without a record")


def is_spread(head: bytes) -> bool:
    """Whether a value stands on several lines, or is a list: else each line is a record."""
    charset = wide_charset(head[:8])
    text = head[: 1 << 16].decode(charset, "ignore").encode() if charset else head
    first, _, rest = text.strip(_AROUND).partition(b"\n")
    if first.startswith(b"[") or first.strip() == b"{":
        return True
    is_open = (
        first.startswith(b"{")
        and rest.lstrip()[:1] in (b'"', b"}", b"]")
        and not first.rstrip().endswith(b"}")
    )
    return is_open or (b"\n" not in text and _OPENING.match(first) is not None)


def _narrow(pieces: Iterator[bytes | Damage], head: bytes) -> Iterator[bytes | Damage]:
    """In UTF-8, where a character has several bytes by the file's first ones; other character sets stay."""
    charset = wide_charset(head[:8])
    decoder = codecs.getincrementaldecoder(charset)("replace") if charset else None
    for piece in pieces:
        yield decoder.decode(piece).encode() if decoder and not isinstance(piece, Damage) else piece


def _rows(found: bytes | Damage | None, max_bytes: int, columns: Columns) -> Iterator[Row]:
    if found is None:
        yield as_too_large(0, max_bytes)
    elif isinstance(found, Damage):
        yield as_reject(0, found.reason, found.detail)
    else:
        for fields in objects_in(charsets.decode(found)):
            if isinstance(fields, str):
                yield as_reject(0, Reject.BAD_RECORD, fields)
                continue
            for record in records_in(fields):
                yield or_reject(0, partial(from_fields, 0, record, max_bytes, columns))


# --- values --------------------------------------------------------------------------------------------------


def _values(pieces: Iterator[bytes | Damage], limit: int) -> Iterator[bytes | Damage | None]:
    """The objects of a file, or those of its lists, as they are written; None in place of one of more than `limit` bytes."""
    reader = _Reader(limit)
    for piece in pieces:
        if isinstance(piece, Damage):
            yield piece
            reader.lose()
        else:
            reader.data += piece
            yield from reader.take()
    if rest := reader.rest():
        yield from rest


class _Reader:
    """What was read of a value and does not end yet: where it is looked through to, and on which level."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._is_entered = self._is_done = (
            False  # the list of an object that is too long; what stands behind it is no record
        )
        self._is_lost = False
        self._start()

    def _start(self) -> None:
        self.data = bytearray()
        self._at = self._level = 0
        self._is_string = self._is_long = False

    def take(self) -> Iterator[bytes | None]:
        """The values that have ended."""
        while self._begin() and self._find_end():
            value = bytes(memoryview(self.data)[: self._at]).rstrip(_AROUND)
            yield None if self._is_long or len(value) > self._limit else value
            del self.data[: self._at]
            self._at, self._is_long = 0, False
        if self._is_done:
            self.data.clear()
        elif len(self.data) > self._limit:
            self._enter_or_drop()

    def rest(self) -> Iterator[bytes | Damage | None]:
        """What stands at the end of the file and has none."""
        if self._level or self._is_string:
            yield None if self._is_long else Damage(Reject.TRUNCATED, "the JSON breaks off", 0)

    def lose(self) -> None:
        """Forget the value that a damage cuts off."""
        self._start()
        self._is_lost = True

    def _begin(self) -> bool:
        """Go to the beginning of the next value, past the brackets of lists; False where there is none yet."""
        if self._level or self._is_string:
            return True
        if self._is_lost and (found := _NEXT.search(self.data)):
            del self.data[: found.end()]
            self._is_lost = False
        around = _AROUND if self._is_entered else _AROUND + b"[]}"
        del self.data[: len(self.data) - len(self.data.lstrip(around))]
        self._is_done = self._is_done or (self._is_entered and self.data[:1] == b"]")
        return bool(self.data) and not self._is_lost and not self._is_done

    def _find_end(self) -> bool:
        """Look on for the end of the value; whether it was found. Every byte is looked at once."""
        while self._at < len(self.data):
            if self._is_string:
                self._at = _IN_STRING.match(self.data, self._at).end()  # type: ignore[union-attr]  # it may match nothing
                if self.data[self._at : self._at + 1] != b'"':
                    return False
                self._is_string, self._at = False, self._at + 1
                if not self._level:
                    return True
                continue
            self._at = _BETWEEN_SIGNS.match(self.data, self._at).end()  # type: ignore[union-attr]
            sign = bytes(self.data[self._at : self._at + 1])
            if not self._level and (self._at or sign not in (b"{", b"[", b'"')):
                return bool(sign)  # no object: it ends with what follows
            self._at += len(sign)
            self._is_string = sign == b'"'
            self._level += (sign in (b"{", b"[") and len(sign)) - (sign in (b"}", b"]") and len(sign))
            if sign in (b"}", b"]") and not self._level:
                return True
        return False

    def _enter_or_drop(self) -> None:
        """Of an object that is too long: go into its list of records or, where it has none, keep no more than shows where it ends."""
        opening = None if self._is_long else _OPENING.match(self.data)
        if opening is not None:
            del self.data[: opening.end()]
            self._at, self._level, self._is_string, self._is_entered = 0, 0, False, True
        else:
            self._is_long = True
            del self.data[: self._at]
            self._at = 0


_IN_STRING = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
_BETWEEN_SIGNS = re.compile(rb'[^"\[\]{}]*+')
