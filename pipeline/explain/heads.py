"""What the bytes of raw documents begin with, read from the landing zone."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial
from typing import Any

from pipeline.day.desk import Desk
from pipeline.landing import read
from pipeline.landing.files import list_files
from pipeline.model.contract import Row
from pipeline.model.raw_refs import path_of, raw_ref, spelt
from pipeline.store.storage import Entry, Storage

_HEAD_BYTES = 160
_GONE = "its file is not in the landing zone any more"
REMOVED = "it was removed: see newsfold remove --list"
_INSIDE = "its bytes are not kept: see its file at that number, counted from 0"


def head_of(desk: Desk, day: date, raw_ref: str) -> tuple[str | None, str | None]:
    """The head of one document of a day as text, or a note why there is none."""
    return told(heads_of(desk, [{"ingest_date": day, "raw_ref": raw_ref}]), raw_ref)


def told(heads: Mapping[str, bytes | None], raw_ref: str) -> tuple[str | None, str | None]:
    """The head of a document as text, or a note why there is none."""
    head = heads.get(raw_ref)
    if head is not None:
        return head.decode("utf-8", "backslashreplace"), None
    return None, _INSIDE if raw_ref in heads else _GONE


def heads_of(desk: Desk, rows: Iterable[Row]) -> dict[str, bytes | None]:
    """What the documents begin with: the record's own bytes where there is a record, the file's for what stands first in it.

    None for what stands further behind: the file begins with another document. Files that are gone have no entry.
    """
    wanted: dict[date, dict[str, set[str]]] = {}
    for row in rows:
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
            return stream.read(_HEAD_BYTES)
    except OSError as error:
        return str(error).encode()


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
