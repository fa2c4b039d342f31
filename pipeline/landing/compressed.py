"""The content of a file, piece by piece, decompressed where its first bytes say so: gzip, zstd or lz4.

A file of these is a sequence of members (gzip, RFC 1952) or frames (zstd, RFC 8878; lz4). Where one is damaged, what decodes
before the damage is given; then `Damage` stands for the lost stretch, and the reading goes on at the next member. No piece has
more than `CHUNK_BYTES`, and the time is linear in the length of a file, however it is damaged and however much it would swell.
"""

import io
import os
import re
import zlib
from collections.abc import Generator, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from pipeline.model.kinds import Reject

if TYPE_CHECKING:
    from fastwarc.stream_io import WarcReader

COMPRESSED = (".gz", ".gzip", ".zst", ".zstd", ".lz4")  # how names of such files may end
CHUNK_BYTES = 1 << 20
_STEP_BYTES = 1 << 16  # a piece of zstd or lz4; on damage, so much is read once more byte by byte
# Compressed data that looks like the beginning of a member, and is not, rarely decodes for so long.
_PROOF_BYTES = 512
_SPARE_BYTES = 1 << 26  # how much more than a whole file the search for members may read again
# Pages pack to a tenth, captures of one page over a day to a hundredth; what swells more was made to.
FREE_BYTES, _MOST_SWELLING = 1 << 27, 200
_GZIP = b"\x1f\x8b"
_DICTIONARY, _DICTIONARY_BYTES = b"\x5d\x2a\x4d\x18", 1 << 24
_MEMBERS = {
    "gzip": re.compile(rb"\x1f\x8b\x08[\x00-\x1f]", re.DOTALL),
    "zstd": re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18", re.DOTALL),
    "lz4": re.compile(rb"\x04\x22\x4d\x18", re.DOTALL),
}


class Damage(NamedTuple):
    """A stretch that cannot be decompressed. The member that it is in gave the last `n_torn` bytes before it, or more."""

    reason: Reject
    detail: str
    n_torn: int


class _BrokenError(Exception):
    """A member that begins at `start`, counted in the compressed file, is damaged."""

    def __init__(self, damage: Damage, start: int) -> None:
        super().__init__(damage.detail)
        self.damage, self.start = damage, start


def uncompressed(name: str) -> str:
    """The name of a file without what says how it is compressed."""
    ending = next((e for e in COMPRESSED if name.endswith(e)), "")
    return name.removesuffix(ending)


def size_of(stream: BinaryIO) -> int:
    """The bytes of a stream that can seek, which is at its beginning then."""
    n_bytes = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    return n_bytes


def most_content(n_bytes: int) -> int:
    """How many bytes of content a file of `n_bytes` may give."""
    return FREE_BYTES + _MOST_SWELLING * n_bytes


def pieces_of(stream: BinaryIO) -> Iterator[bytes | Damage]:
    """The content of a stream that can seek; no piece is empty, and no two damages are in a row."""
    n_bytes = size_of(stream)
    head = stream.read(4)
    stream.seek(0)
    form = next((name for name, begins in _MEMBERS.items() if begins.match(head)), None)
    if form or head.startswith(_GZIP):
        yield from _unless_swollen(_members(stream, form or "gzip"), most_content(n_bytes))
        return
    while piece := stream.read(CHUNK_BYTES):
        yield piece


def _unless_swollen(pieces: Iterator[bytes | Damage], most_bytes: int) -> Iterator[bytes | Damage]:
    n_left = most_bytes
    for piece in pieces:
        n_left -= 0 if isinstance(piece, Damage) else len(piece)
        if n_left < 0:
            yield Damage(Reject.TOO_LARGE, f"it unpacks to more than {most_bytes} bytes", n_torn=0)
            return
        yield piece


def _members(stream: BinaryIO, form: str) -> Iterator[bytes | Damage]:
    start: int | None = 0
    n_again, is_damaged = 0, False
    while start is not None:
        try:
            for piece in _inflate(stream, start) if form == "gzip" else _decode(stream, start, form):
                is_damaged = False
                yield piece
        except _BrokenError as broken:
            if not is_damaged:
                yield broken.damage
            is_damaged = True
            if broken.damage.reason == Reject.TRUNCATED:
                return
            reach = stream.tell()
            n_again += reach - broken.start
            is_enough = n_again > reach + _SPARE_BYTES  # members within members within members
            start = _next_member(stream, form, reach if is_enough else broken.start + 1)
        else:
            return


def _next_member(stream: BinaryIO, form: str, at: int) -> int | None:
    """Where the first member begins at or after a place in the file."""
    stream.seek(at)
    data, is_last = b"", False
    while not is_last:
        chunk = stream.read(CHUNK_BYTES)
        data, is_last = data + chunk, not chunk
        n_seen = len(data) if is_last else max(0, len(data) - _PROOF_BYTES)
        for found in _MEMBERS[form].finditer(data):
            if found.start() >= n_seen:
                break
            if form != "gzip" or _is_gzip(data[found.start() :][:_PROOF_BYTES]):
                return at + found.start()
        data, at = data[n_seen:], at + n_seen
    return None


def _is_gzip(head: bytes) -> bool:
    try:
        zlib.decompressobj(wbits=31).decompress(head)
    except zlib.error:
        return False
    return True


# --- gzip ----------------------------------------------------------------------------------------------------


def _inflate(stream: BinaryIO, at: int) -> Iterator[bytes]:
    """The members from a place in the file on, never more than one piece ahead; there may be zeros between them.

    The library's own reader drops what it holds when the file breaks off; this one gives it first.
    """
    stream.seek(at)
    pending = stream.read(CHUNK_BYTES)
    while pending:
        member = pending.lstrip(b"\0")
        at += len(pending) - len(member)
        pending = member or stream.read(CHUNK_BYTES)
        if member:
            pending = yield from _inflate_member(stream, at, member)
            at = stream.tell() - len(pending)


def _inflate_member(stream: BinaryIO, start: int, pending: bytes) -> Generator[bytes, None, bytes]:
    """One member, of which `pending` is the beginning; returns what was read of the next."""
    inflater, n_bytes = zlib.decompressobj(wbits=31), 0
    while not inflater.eof:
        piece, error = inflate(inflater, pending)
        if piece:
            n_bytes += len(piece)
            yield piece
        if error:
            raise _BrokenError(Damage(Reject.UNREADABLE, f"broken gzip: {error}", n_bytes), start)
        pending = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
        pending = pending or stream.read(CHUNK_BYTES)
        if not pending and not inflater.eof and not piece:
            raise _BrokenError(Damage(Reject.TRUNCATED, "the gzip breaks off", n_bytes), start)
    return pending


def inflate(inflater: "zlib._Decompress", pending: bytes) -> tuple[bytes, zlib.error | None]:
    """At most one piece of a zlib.decompressobj. On damage, what decodes before it, which a call that raises keeps to itself."""
    before = inflater.copy()
    try:
        return inflater.decompress(pending, CHUNK_BYTES), None
    except zlib.error as error:
        found, at = bytearray(), 0
        for n_bytes in (4096, 64, 1):
            while at < len(pending):
                following = before.copy()
                try:
                    found += following.decompress(pending[at : at + n_bytes])
                except zlib.error:
                    break
                before, at = following, at + n_bytes
        return bytes(found), error


# --- zstd and lz4 --------------------------------------------------------------------------------------------


def _decode(stream: BinaryIO, start: int, form: str) -> Iterator[bytes]:
    """The frames from a place in the file on."""
    reader, n_bytes = _reader(stream, start, form), 0
    frame = None
    while True:
        try:
            piece = reader.read(_STEP_BYTES)
        except OSError as error:
            tail, n_torn, broken = _up_to_damage(_reader(stream, start, form), n_bytes)
            if tail:
                yield tail
            raise _BrokenError(
                Damage(Reject.UNREADABLE, f"broken {form}: {error}", n_torn), broken
            ) from error
        if not piece and frame == (frame := reader.frame_start_position()):
            return  # else it is an empty frame
        if piece:
            n_bytes += len(piece)
            yield piece


def _up_to_damage(reader: "WarcReader", n_known: int) -> tuple[bytes, int, int]:
    """What follows the bytes that are known up to the damage, how many bytes the damaged frame gave, and where it begins.

    A call that raises keeps what it has decoded to itself, so the last of it is read byte by byte.
    """
    n_before = max(0, n_known - _STEP_BYTES)
    n_left = n_before
    while n_left:
        n_left -= len(reader.read(min(n_left, _STEP_BYTES)))
    found, first, frame = bytearray(), 0, reader.frame_start_position()
    with suppress(OSError):
        while byte := reader.read(1):
            if reader.frame_start_position() != frame:
                first, frame = len(found), reader.frame_start_position()
            found += byte
    broken = reader.frame_start_position()
    return bytes(found[n_known - n_before :]), len(found) - first if broken == frame else 0, broken or 0


def _reader(stream: BinaryIO, start: int, form: str) -> "WarcReader":
    from fastwarc.stream_io import Lz4Reader, ZstdReader

    dictionary = _dictionary(stream) if form == "zstd" and start else None
    stream.seek(start)
    return Lz4Reader(stream) if form == "lz4" else ZstdReader(stream, dictionary=dictionary)


def _dictionary(stream: BinaryIO) -> bytes | None:
    """The dictionary that a file of WARC records in zstd may begin with, in a frame that other readers skip.

    Source: https://iipc.github.io/warc-specifications/specifications/warc-zstd/
    """
    from fastwarc.stream_io import ZstdReader

    stream.seek(0)
    head = stream.read(8)
    if not head.startswith(_DICTIONARY):
        return None
    frame = stream.read(min(int.from_bytes(head[4:], "little"), _DICTIONARY_BYTES))
    if not _MEMBERS["zstd"].match(frame):
        return frame
    with suppress(OSError):
        return ZstdReader(io.BytesIO(frame)).read(_DICTIONARY_BYTES)
    return None
