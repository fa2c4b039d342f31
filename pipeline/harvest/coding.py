"""A body out of its content codings, up to a cap that is absolute: a bomb costs no more than a large page."""

import io
import zlib
from collections.abc import Iterable, Iterator

GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
OFFERED = "gzip, deflate, br, zstd"  # what `decoded` can unpack, and nothing else
_STEP_BYTES = 1 << 14
MAX_MEMBERS = 1000  # of gzip, or frames of zstd: at each the rest is copied, and servers send one
_MAX_CODINGS = 3  # servers with a cache and a compressor before it send two; more of them only multiply
_MAX_WINDOW_BYTES = (
    1 << 23
)  # RFC 8878 recommends that a decoder supports 8 MiB, and RFC 9659 that a sender stays below it


class CutError(Exception):
    """The coding breaks off or is damaged."""


class TooLargeError(Exception):
    """The body has more bytes than it may have."""


def decoded(payload: bytes, codings: str, max_bytes: int, *, cut: bool = False) -> bytes:
    """The body, out of the codings of the field Content-Encoding, the last one first. A payload that is not coded as the field says is
    taken as it stands, and so is one in a coding that nobody offered.

    Raises CutError, and TooLargeError for more than `max_bytes`; with `cut`, that much of it is returned.
    """
    names = [name.strip().lower() for name in codings.split(",") if name.strip()]
    if len(names) > _MAX_CODINGS:
        raise TooLargeError(f"{len(names)} content codings")
    for name in reversed(names):
        payload = _collected(_pieces(name, payload), max_bytes, cut=cut)
    return _collected([payload], max_bytes, cut=cut)


def _collected(pieces: Iterable[bytes], max_bytes: int, *, cut: bool) -> bytes:
    found = bytearray()
    try:
        for piece in pieces:
            found += piece
            if len(found) > max_bytes:
                break
    except CutError:
        if not cut:
            raise
    if len(found) > max_bytes and not cut:
        raise TooLargeError(f"more than {max_bytes:,} bytes")
    return bytes(found[:max_bytes])


def _pieces(name: str, payload: bytes) -> Iterable[bytes]:
    if name in {"gzip", "x-gzip"} and payload.startswith(GZIP):
        return _inflated(payload, 31)
    if name == "deflate" and payload:  # zlib by the standard, bare by many servers
        return _inflated(payload, 15 if _has_zlib_head(payload) else -15)
    if name == "br" and not _is_markup(payload):
        return _from_brotli(payload)
    if name == "zstd" and payload.startswith(ZSTD):
        return _from_zstd(payload)
    return [payload]


def _has_zlib_head(payload: bytes) -> bool:
    return len(payload) > 1 and payload[0] & 15 == 8 and int.from_bytes(payload[:2], "big") % 31 == 0


def _is_markup(payload: bytes) -> bool:
    """Of brotli no first bytes are known; a field that claims it over plain markup is a mistake of the server's."""
    return payload[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"<", b"{", b"["}


def _inflated(payload: bytes, wbits: int) -> Iterator[bytes]:
    """All members of gzip; what follows the last is padding."""
    for _ in range(MAX_MEMBERS):
        if not payload:
            return
        inflater = zlib.decompressobj(wbits)
        rest: bytes = payload
        while rest and not inflater.eof:
            try:
                yield inflater.decompress(rest, _STEP_BYTES)
            except zlib.error as error:
                raise CutError(str(error)) from None
            rest = inflater.unconsumed_tail
        yield inflater.flush(_STEP_BYTES)
        if not inflater.eof:
            raise CutError("the coding breaks off")
        payload = inflater.unused_data if wbits == 31 and inflater.unused_data.startswith(GZIP) else b""
    raise CutError(f"more than {MAX_MEMBERS} members")


def _from_brotli(payload: bytes) -> Iterator[bytes]:
    import brotli

    unpacker, rest = brotli.Decompressor(), memoryview(payload)
    try:
        while rest and not unpacker.is_finished():
            yield unpacker.process(bytes(rest[:_STEP_BYTES]), output_buffer_limit=_STEP_BYTES)
            rest = rest[_STEP_BYTES:]
            while not unpacker.can_accept_more_data():
                yield unpacker.process(b"", output_buffer_limit=_STEP_BYTES)
    except brotli.error as error:
        raise CutError(str(error)) from None
    if not unpacker.is_finished():
        raise CutError("the coding breaks off")


def _from_zstd(payload: bytes) -> Iterator[bytes]:
    import zstandard

    unpacker = zstandard.ZstdDecompressor(max_window_size=_MAX_WINDOW_BYTES)
    rest = payload
    for _ in range(MAX_MEMBERS):
        if not rest.startswith(ZSTD):
            return
        source = io.BytesIO(rest)
        frame = unpacker.decompressobj()
        # One piece of input may unpack to much: a block of zstd holds 128 KiB, and takes three bytes at least.
        while not frame.eof and (piece := source.read(64)):
            try:
                yield frame.decompress(piece)
            except zstandard.ZstdError as error:
                raise CutError(str(error)) from None
        if not frame.eof:
            raise CutError("the coding breaks off")
        rest = frame.unused_data + source.read()
    raise CutError(f"more than {MAX_MEMBERS} frames")
