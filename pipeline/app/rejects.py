"""The raw documents that gave no article, by reason, with what their bytes begin with."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from pipeline.app import request
from pipeline.day.desk import Desk
from pipeline.landing import read
from pipeline.landing.files import list_files
from pipeline.model.arrow import equals, texts
from pipeline.model.contract import Row
from pipeline.model.errors import MissingInputError, SettingsError
from pipeline.model.kinds import Reject
from pipeline.model.raw_refs import path_of, raw_ref, spelt
from pipeline.model.tables import REJECTS
from pipeline.store.storage import Entry, Storage

_HEAD_BYTES = 160
_GONE = "its file is not in the landing zone any more"
_REMOVED = "it was removed: see newsfold remove --list"
_INSIDE = "its bytes are not kept: see its file at that number, counted from 0"


def rejects(desk: Desk, days: Sequence[date], reason: str | None, limit: int) -> list[dict[str, Any]]:
    """One record a reason, the most frequent first: how many documents, and the first `limit` of them with the head of their bytes.

    Of all days when none are named. Raises MissingInputError where none or one of these was not published, SettingsError for a word that is no reason.
    """
    made = desk.warehouse.days(REJECTS)
    if not made:
        raise MissingInputError(f"{desk.warehouse.storage.uri}: no published rejects there; run a day first")
    request.refuse_unpublished(days, made, desk.warehouse.storage.uri)
    counted, first = Counter[str](), dict[str, list[Row]]()
    for day in days or made:
        for table in desk.warehouse.scan(REJECTS, [day]):
            counted.update(texts(table["reason"]))
            for one in set(texts(table["reason"])):
                known = first.setdefault(one, [])
                rows = table.filter(equals(table["reason"], one)).slice(0, limit - len(known)).to_pylist()
                known += rows
    if reason not in {None, *Reject, *counted}:
        raise SettingsError(f"{reason!r} is no reason; known are {', '.join(Reject)}")
    chosen = {one: n for one, n in counted.items() if reason in {None, one}}
    heads = _heads(desk, [row for one in chosen if one != Reject.REMOVED for row in first[one]])
    return [
        {"reason": one, "n": n, "stage": first[one][0]["stage"] if first[one] else None}
        | {"documents": [_about(row, heads) for row in first[one]]}
        for one, n in sorted(chosen.items(), key=lambda found: (-found[1], found[0]))
    ]


def _about(row: Row, heads: Mapping[str, bytes | None]) -> dict[str, Any]:
    head = heads.get(row["raw_ref"])
    note = _INSIDE if row["raw_ref"] in heads else _GONE
    note = _REMOVED if row["reason"] == Reject.REMOVED else note
    return {
        "raw_ref": row["raw_ref"],
        "day": row["ingest_date"],
        "detail": row["detail"],
        "head": None if head is None else head.decode("utf-8", "backslashreplace"),
        "note": note if head is None else None,
    }


def _heads(desk: Desk, rows: Iterable[Row]) -> dict[str, bytes | None]:
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
