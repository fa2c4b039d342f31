"""A file that is one page or one text: `.html`, `.htm`, `.txt`, gzipped or not."""

from collections.abc import Iterator
from typing import BinaryIO

from pipeline.landing.record import Row, as_document, as_too_large, chunks_of

# --- pages ---------------------------------------------------------------------------------------------------


def read_page(stream: BinaryIO, path: str, max_bytes: int) -> Iterator[Row]:
    body = bytearray()
    for piece in chunks_of(stream):
        body += piece
        if len(body) > max_bytes:
            yield as_too_large(0, max_bytes)
            return
    media = "text" if path.lower().removesuffix(".gz").endswith(".txt") else "html"
    yield as_document(0, media, bytes(body))
