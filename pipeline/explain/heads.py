"""What the bytes of raw documents begin with, read from the landing zone."""

import re
from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from pipeline.day.desk import Desk
from pipeline.landing import read
from pipeline.landing.files import list_files
from pipeline.model.contract import Row
from pipeline.model.kinds import Reject
from pipeline.model.raw_refs import path_of, raw_ref, spelt
from pipeline.store.storage import Entry, Storage

if TYPE_CHECKING:
    from datetime import date

_HEAD_BYTES = 160
_OF_LINES = re.compile(
    r"\.(?:jsonl|ndjson)$"
)  # behind the first line stands another document, which may have been removed
_GONE = "its file is not in the landing zone any more"
_REMOVED = "it was removed: see newsfold remove --list"
_INSIDE = "its bytes are not kept: see its file at that number, counted from 0"


def head_of(desk: Desk, row: Row) -> tuple[str | None, str | None]:
    """The head of the document of one row of REJECTS as text, or a note why it can't be shown."""
    return told(heads_of(desk, [row]), row)


def told(heads: Mapping[str, bytes | None], row: Row) -> tuple[str | None, str | None]:
    """The head of a reject's document as text, or a note why it can't be shown."""
    if row["reason"] == Reject.REMOVED:
        return None, _REMOVED
    head = heads.get(row["raw_ref"])
    if head is not None:
        return head.decode("utf-8", "backslashreplace"), None
    return None, _INSIDE if row["raw_ref"] in heads else _GONE


def heads_of(desk: Desk, rows: Iterable[Row]) -> dict[str, bytes | None]:
    """What the documents of rows of REJECTS begin with: the record's own bytes where there is a record, the file's for what stands first in it.

    `rows` need ingest_date, raw_ref and reason. None for what stands further behind: the file begins with another document. Files that are
    gone, and documents that were removed, have no entry: of these, nothing is read, though the landing zone may still have them.
    """
    wanted: dict[date, dict[str, set[str]]] = {}
    for row in (one for one in rows if one["reason"] != Reject.REMOVED):
        wanted.setdefault(row["ingest_date"], {}).setdefault(path_of(row["raw_ref"]), set()).add(
            row["raw_ref"]
        )
    reader = partial(
        read.read_raw, max_document_bytes=desk.settings.max_document_bytes, columns=desk.settings.columns
    )
    heads: dict[str, bytes | None] = {}
    for day, by_path in wanted.items():
        for entry in list_files(desk.landing, day):
            if refs := by_path.get(spelt(entry.path)):
                first = raw_ref(entry.path, 0)
                heads |= {r: _first_bytes(desk.landing, entry) if r == first else None for r in refs}
                heads |= _bodies(reader(desk.landing, [entry]), refs)
    return heads


def _first_bytes(landing: Storage, entry: Entry) -> bytes:
    try:
        with landing.open(entry.path) as stream:
            head = stream.read(_HEAD_BYTES)
    except OSError as error:
        return str(error).encode()
    return head.partition(b"\n")[0] if _OF_LINES.search(entry.path) else head


def _bodies(pieces: Iterable[Any], refs: set[str]) -> dict[str, bytes]:
    """The heads of the records that are wanted; a file is read no further than to the last of them."""
    found: dict[str, bytes] = {}
    left = set(refs)
    for table in pieces:
        for ref, body in zip(table["raw_ref"].to_pylist(), table["body"], strict=True):
            if ref in left:
                left.discard(ref)
                if body.is_valid:
                    found[ref] = body.as_py()[:_HEAD_BYTES]
        if not left:
            break
    return found
