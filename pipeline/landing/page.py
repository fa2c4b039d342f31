"""A file that is one page or one text: `.html`, `.htm`, `.txt`."""

from collections.abc import Iterator
from typing import BinaryIO

from pipeline.landing.columns import Columns
from pipeline.landing.compressed import Damage, pieces_of, uncompressed
from pipeline.landing.record import Row, as_document, as_reject, as_too_large

# --- pages ---------------------------------------------------------------------------------------------------


def read_page(stream: BinaryIO, path: str, max_bytes: int, _columns: Columns) -> Iterator[Row]:
    body = bytearray()
    for piece in pieces_of(stream):
        if isinstance(piece, Damage):
            yield as_reject(0, piece.reason, piece.detail)
            return
        body += piece
        if len(body) > max_bytes:
            yield as_too_large(0, max_bytes)
            return
    media = "text" if uncompressed(path.lower()).endswith(".txt") else "html"
    yield as_document(0, media, bytes(body))
