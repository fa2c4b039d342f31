"""Notes under `_meta`, outside every table: runs that began, days that are held back, texts that were retired, the landing zone.

No note is an input of any day. A note outlives the run that wrote it, so that every later run can read it.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import date

from pipeline.model.days import days_among
from pipeline.model.tables import RUNS
from pipeline.store import layout
from pipeline.store.storage import Storage, filler
from pipeline.store.warehouse import Warehouse

# --- the mechanism: a note is a small file, of the warehouse or of a day -------------------------------------------


def _read(storage: Storage, path: str) -> bytes | None:
    """The bytes of a note; None where there is none."""
    try:
        return storage.read(path)
    except FileNotFoundError:
        return None


def _write(storage: Storage, path: str, data: bytes | dict[str, object], expected: str | None = None) -> None:
    """Write a note, as JSON where it has fields; with `expected`, only over that version."""
    written = data if isinstance(data, bytes) else json.dumps(data, sort_keys=True).encode()
    storage.replace(path, filler(written), expected)


def _days_with(storage: Storage, folder: str) -> list[date]:
    """The days that have a note in a folder, oldest first."""
    return days_among(entry.path.rpartition("/")[2] for entry in storage.walk(folder))


# --- runs that began ------------------------------------------------------------------------------------------

_BEGUN, _DELIVERED = b"begun", b"begun with documents"


def begin(warehouse: Warehouse, day: date, *, delivered: bool) -> None:
    """Note that the first run of a day begins, so that the day is known even if the run publishes nothing.

    The note says whether the day has documents: if they are gone before it is published, it is not an empty day.
    """
    if not warehouse.has(RUNS, day):
        had = delivered or was_delivered(warehouse, day)
        _write(warehouse.storage, layout.in_day(layout.BEGUN, day), _DELIVERED if had else _BEGUN)


def end(warehouse: Warehouse, day: date) -> None:
    """Remove what `begin` noted: the day has a run."""
    warehouse.storage.delete(layout.in_day(layout.BEGUN, day))


def was_delivered(warehouse: Warehouse, day: date) -> bool:
    """Whether a run that began, of a day without a completed one, saw documents."""
    return _read(warehouse.storage, layout.in_day(layout.BEGUN, day)) == _DELIVERED


def begun(warehouse: Warehouse) -> list[date]:
    """The days that have begun and have no run yet, oldest first."""
    return _days_with(warehouse.storage, layout.BEGUN)


# --- retired texts ----------------------------------------------------------------------------------------------


def retired_before(warehouse: Warehouse) -> date:
    """The first day that still has its texts; before it, all are retired."""
    found = _read(warehouse.storage, layout.RETIRED)
    return date.min if found is None else date.fromisoformat(found.decode())


def mark(warehouse: Warehouse, first: date) -> None:
    """Close every day before `first`; afterwards, what `texts_before` finds may be removed."""
    if first > retired_before(warehouse):
        _write(warehouse.storage, layout.RETIRED, str(first).encode())


# --- the landing zone -------------------------------------------------------------------------------------------


def landing(warehouse: Storage) -> str | None:
    """The URI of the landing zone that the warehouse is made from; None without a note, empty where the note is damaged."""
    try:
        found = _read(warehouse, layout.LANDING)
        uri = None if found is None else json.loads(found)["landing"]
    except (IsADirectoryError, ValueError, LookupError, TypeError):
        return ""
    return uri if uri is None or isinstance(uri, str) else ""


def note_landing(warehouse: Storage, uri: str, expected: str) -> None:
    """Note the landing zone; raises OvertakenError where another version than `expected` stands there."""
    _write(warehouse, layout.LANDING, {"landing": uri}, expected)


# --- days that are held back --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Note:
    """Why a day is held back, the digest of what was made, and whether somebody consented to publish just that.

    `origin` is a digest of the documents, settings and rules that a loss follows from: when they change, the day is judged
    again. It is empty where a day is held whatever comes. A loss that faults of the machine explain is passing: a run may
    find it gone, with the same documents.
    """

    findings: str
    digest: str = ""
    origin: str = ""
    is_allowed: bool = False
    is_passing: bool = False

    def allows(self, digest: str) -> bool:
        return self.is_allowed and self.digest == digest


def hold(
    warehouse: Warehouse,
    day: date,
    findings: Sequence[str],
    digest: str = "",
    origin: str = "",
    *,
    is_passing: bool = False,
) -> None:
    """Note that the day is not to be published, and why."""
    _put(warehouse, day, Note("; ".join(findings), digest, origin, is_passing=is_passing))


def allow(warehouse: Warehouse, day: date) -> None:
    """Consent to publish what the note was written about; nothing happens when there is no note."""
    if found := note(warehouse, day):
        _put(warehouse, day, replace(found, is_allowed=True))


def release(warehouse: Warehouse, day: date) -> None:
    """Remove the note, if there is one."""
    warehouse.storage.delete(layout.in_day(layout.HELD, day))


def note(warehouse: Warehouse, day: date) -> Note | None:
    """The note of a day; one that is damaged, or of an earlier version, still holds the day back."""
    data = _read(warehouse.storage, layout.in_day(layout.HELD, day))
    if data is None:
        return None
    text = data.decode(errors="replace")
    with suppress(ValueError, TypeError):
        return Note(**json.loads(text))
    return Note(text)


def held(warehouse: Warehouse) -> dict[date, Note]:
    """The days that have a note."""
    days = _days_with(warehouse.storage, layout.HELD)
    return {day: found for day in days if (found := note(warehouse, day))}  # it may be released meanwhile


def _put(warehouse: Warehouse, day: date, note: Note) -> None:
    _write(warehouse.storage, layout.in_day(layout.HELD, day), asdict(note))
