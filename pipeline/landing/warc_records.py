"""The records of a WARC file, cut out of its bytes; after a bad one, the next one is found.

A record says how long it is. Where no record and no end of the file follows its block, the length is wrong: then it ends where
the next one begins. What is lost is a `Lost`, one for each record or stretch.
"""

import io
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from pipeline.landing.compressed import CHUNK_BYTES, Damage
from pipeline.model.kinds import Reject

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

_BEGIN = re.compile(rb"WARC/[01]\.\d{1,2}[ \t]*\r?\n[A-Za-z][\w-]*[ \t]*:")
_BEGIN_BYTES = 256  # enough to tell that one begins
_BLANKS = re.compile(rb"[\r\n]*")
_END = re.compile(
    rb"\r?\n\r?\n"
)  # of a record's header; two of these, or what is left of them, end the record
_HEADER_BYTES = 1 << 20
_HELD = re.compile(rb"warc|octet-stream|binary|zip|zst|tar", re.IGNORECASE)  # types that may hold records
_TYPE = re.compile(rb"^content-type[ \t]*:(.*)$", re.IGNORECASE | re.MULTILINE)


class Record(NamedTuple):
    """A record: its header, its block (None if it has more than the most bytes asked for), whether it may be cut short."""

    header: "WarcRecord"
    block: bytes | None
    is_cut: bool


class Lost(NamedTuple):
    """A record or a stretch that gave none, and why."""

    reason: Reject
    detail: str


def records_of(pieces: Iterator[bytes | Damage], max_bytes: int) -> Iterator[Record | Lost]:
    """The records of a file and what was lost, in their order; no more than one block is held."""
    window = _Window(pieces)
    while True:
        window.skip_blanks()
        if window.have(1):
            yield from _next(window, max_bytes)
        else:
            if window.damage:
                yield Lost(window.damage.reason, window.damage.detail)
            if not window.go_on():
                return


def _next(window: "_Window", max_bytes: int) -> Iterator[Record | Lost]:
    if not window.begins(0) and not (window.is_over and window.data.startswith(b"WARC/")):
        what = f"{window.skip_to_record()} bytes that are no record"
        yield _cut(window, what) if window.damage and not window.data else Lost(Reject.UNREADABLE, what)
        return
    header = _take_header(window)
    yield header if isinstance(header, Lost) else _take_record(window, header, max_bytes)


def _take_header(window: "_Window") -> "WarcRecord | Lost":
    """A record's header as FastWARC reads it, or a Lost."""
    end, begin = _find_header_end(window)
    if end is None and begin is not None:
        window.skip(begin)
        return Lost(Reject.TRUNCATED, "the record's header breaks off")
    if end is None and window.is_over:
        return _cut(window, "the record's header breaks off")
    header = None if end is None else _parse_header(window.take(end))
    if header is None:
        window.skip_to_record()
        return Lost(Reject.BAD_RECORD, f"the record has no header of up to {_HEADER_BYTES} bytes")
    return header


def _find_header_end(window: "_Window") -> tuple[int | None, int | None]:
    """Where the header of a record ends, or where another record begins before it; it costs as much as these are far."""
    n_bytes = _BEGIN_BYTES
    while n_bytes < _HEADER_BYTES:
        n_bytes *= 8
        window.have(n_bytes)
        end = _END.search(window.data, 0, n_bytes)
        begin = window.find(1, end.end() if end else n_bytes)
        if begin is not None or end:
            return (None, begin) if end is None or begin is not None else (end.end(), None)
    return None, None


def _parse_header(head: bytes) -> "WarcRecord | None":
    from fastwarc.warc import ArchiveIterator

    with suppress(OSError):
        return next(
            iter(
                ArchiveIterator(
                    io.BytesIO(head), parse_http=False, quirks_mode=True, max_header_len=_HEADER_BYTES
                )
            ),
            None,
        )
    return None


def _take_record(window: "_Window", header: "WarcRecord", max_bytes: int) -> Record | Lost:
    length = _length_of(header)
    if length > max_bytes:
        return _take_long(window, header, length, max_bytes)
    n_bytes = window.have(length)
    if window.ends(length):
        return _cut(window, "") if window.is_torn(length) else Record(header, window.take(length), False)
    end = window.find(0, length)
    if end is None and n_bytes < length:
        return _cut(window, f"{n_bytes} of {length} bytes")
    if end is None:
        end = window.find(length, max_bytes)
    if end is None and not window.is_over:
        window.skip_to_record()
        return Record(header, None, False)
    if end is None and window.damage:
        return _cut(window, "")
    block = window.take(len(window.data) if end is None else end)
    return Record(header, _without_end(block), length > len(block))


def _take_long(window: "_Window", header: "WarcRecord", length: int, max_bytes: int) -> Record | Lost:
    """A record that says it has more than the most bytes. If another one begins among these, it is wrong, or an archive."""
    begin = window.find(0, max_bytes)
    if begin is not None and not _may_hold_records(header, window.data):
        return Record(header, _without_end(window.take(begin)), True)
    n_bytes = window.skip(length)
    return _cut(window, f"{n_bytes} of {length} bytes") if n_bytes < length else Record(header, None, False)


def _may_hold_records(header: "WarcRecord", data: bytearray) -> bool:
    end = _END.search(data, 0, _HEADER_BYTES) if header.is_http else None
    types = (
        _TYPE.findall(data, 0, end.end()) if end else [(header.headers.get("Content-Type") or "").encode()]
    )
    return any(map(_HELD.search, types))


def _length_of(header: "WarcRecord") -> int:
    """Of the block, as the header says; 0 where it does not, so that the next record ends it."""
    said = (header.headers.get("Content-Length") or "").strip()
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else 0


def _cut(window: "_Window", detail: str) -> Lost:
    """What is left is the beginning of a record. A damage after it is its reason, and then needs no row of its own."""
    damage = window.damage
    window.data.clear()
    if damage is None:
        return Lost(Reject.TRUNCATED, detail)
    window.damage = None
    return Lost(damage.reason, f"{damage.detail}; {detail}".removesuffix("; "))


def _without_end(block: bytes) -> bytes:
    for end in (b"\r\n\r\n", b"\n\n", b"\r\n"):
        if block.endswith(end):
            return block[: -len(end)]
    return block


class _Window:
    """The next bytes of a file, as many as are asked for, up to a damage or the end."""

    def __init__(self, pieces: Iterator[bytes | Damage]) -> None:
        self._pieces = pieces
        self.data = bytearray()
        self.damage: Damage | None = None
        self.is_over = False  # nothing follows the data but a damage or the end
        self._is_end = False

    def have(self, n_bytes: int) -> int:
        """How many of the next so many bytes there are."""
        while len(self.data) < n_bytes and not self.is_over:
            piece = next(self._pieces, None)
            if isinstance(piece, bytes):
                self.data += piece
            else:
                self.damage, self.is_over, self._is_end = piece, True, piece is None
        return min(n_bytes, len(self.data))

    def go_on(self) -> bool:
        """Go on after a damage; False at the end of the file."""
        self.data.clear()
        self.damage, self.is_over = None, self._is_end
        return not self._is_end

    def take(self, n_bytes: int) -> bytes:
        taken = bytes(memoryview(self.data)[:n_bytes])
        del self.data[:n_bytes]
        return taken

    def skip(self, n_bytes: int) -> int:
        """Pass over so many bytes; returns how many there were."""
        n_left = n_bytes
        while n_left and self.have(1):
            n_passed = min(n_left, len(self.data))
            del self.data[:n_passed]
            n_left -= n_passed
        return n_bytes - n_left

    def skip_blanks(self) -> None:
        while self.have(1) and (n_blanks := self._after_blanks(0)):
            del self.data[:n_blanks]

    def skip_to_record(self) -> int:
        """Pass over everything before the next record; returns how many bytes."""
        n_bytes = 0
        while True:
            begin = self.find(1, CHUNK_BYTES)
            n_passed = len(self.data) if self.is_over else CHUNK_BYTES
            n_bytes += self.skip(n_passed if begin is None else begin)
            if begin is not None or self.is_over:
                return n_bytes

    def find(self, first: int, last: int) -> int | None:
        """Where a record begins, from the `first` of the next bytes to the `last` of them."""
        while first <= last:
            n_bytes = self.have(min(last, first + CHUNK_BYTES) + _BEGIN_BYTES)
            found = _BEGIN.search(self.data, first)
            if found and found.start() <= last:
                return found.start()
            if found or self.is_over:
                return None
            first = n_bytes - _BEGIN_BYTES + 1
        return None

    def begins(self, at: int) -> bool:
        """Whether a record begins at this one of the next bytes."""
        self.have(at + _BEGIN_BYTES)
        return _BEGIN.match(self.data, at) is not None

    def ends(self, at: int) -> bool:
        """Whether a block may end before this one of the next bytes: blank lines follow, or a record, or nothing."""
        if self.have(at + _BEGIN_BYTES) < at:
            return False
        after = self._after_blanks(at)
        is_last = self.is_over and after == len(self.data)
        return is_last or self.data.startswith((b"\r\n\r\n", b"\n\n"), at) or self.begins(after)

    def is_torn(self, at: int) -> bool:
        """Whether the bytes before are of a damaged member, and no record follows: then they are not to be trusted."""
        n_torn = self.damage.n_torn if self.damage else 0
        return len(self.data) - at < n_torn and _BEGIN.search(self.data, at) is None

    def _after_blanks(self, at: int) -> int:
        found = _BLANKS.match(self.data, at)
        return found.end() if found else at
