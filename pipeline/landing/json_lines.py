"""A file with a JSON object a line: `.jsonl`, `.ndjson`, gzipped or not."""

import json
from collections.abc import Iterator
from typing import BinaryIO

from pipeline.landing.record import CHUNK_BYTES, Row, as_reject, as_too_large, chunks_of, from_fields
from pipeline.model.kinds import Reject
from pipeline.text import charsets

_ESCAPED = 3  # JSON writes a Cyrillic letter of two bytes as six; other documents swell less


# --- JSON lines ----------------------------------------------------------------------------------------------


def read_json_lines(stream: BinaryIO, _path: str, max_bytes: int) -> Iterator[Row]:
    for record, line in enumerate(_lines(chunks_of(stream), _ESCAPED * max_bytes + CHUNK_BYTES)):
        if line is None:
            yield as_too_large(record, max_bytes)
        elif line.strip():
            yield _read_json(record, line, max_bytes)


def _lines(chunks: Iterator[bytes], max_bytes: int) -> Iterator[bytes | None]:
    """Lines without their ends; None in place of one that is longer than `max_bytes`, which is not kept."""
    head = bytearray()
    is_long = False
    for chunk in chunks:
        first, *rest = chunk.split(b"\n")
        for following in [*rest, None]:
            is_long = is_long or len(head) + len(first) > max_bytes
            head = bytearray() if is_long else head + first
            if following is not None:
                yield None if is_long else bytes(head)
                head, is_long, first = bytearray(), False, following
    if head or is_long:
        yield None if is_long else bytes(head)


def _read_json(record: int, line: bytes, max_bytes: int) -> Row:
    try:
        fields = json.loads(charsets.decode(line).removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        return as_reject(record, Reject.BAD_RECORD, f"not JSON: {error}")
    if not isinstance(fields, dict):
        return as_reject(record, Reject.BAD_RECORD, "not a JSON object")
    return from_fields(record, fields, max_bytes)
