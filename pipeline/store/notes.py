"""Notes under `_meta`, outside every table: runs that began, days that are held back, texts that were retired, the landing zone.

No note is an input of any day. A note outlives the run that wrote it, so that every later run can read it.
"""

import json
import logging
import zlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from itertools import takewhile

from pipeline.model.days import days_among
from pipeline.model.errors import DamagedError
from pipeline.model.tables import ARTICLES, RUNS
from pipeline.store import damage, layout
from pipeline.store.storage import Storage, filler
from pipeline.store.warehouse import Warehouse

log = logging.getLogger(__name__)

# --- the mechanism: a note is a small file, of the warehouse or of a day -------------------------------------------


def _read(storage: Storage, path: str) -> bytes | None:
    """The bytes of a note; None where there is none, and none where what stands there can't be read."""
    try:
        with damage.named(storage, path):
            return storage.read(path)
    except FileNotFoundError:
        return None
    except DamagedError as error:
        log.warning("%s", error)
        return b""


def _write(storage: Storage, path: str, data: bytes | dict[str, object], expected: str | None = None) -> None:
    """Write a note, as JSON where it has fields; with `expected`, only over that version."""
    written = data if isinstance(data, bytes) else json.dumps(data, sort_keys=True).encode()
    storage.replace(path, filler(written), expected)


def _days_with(storage: Storage, folder: str) -> list[date]:
    """The days that have a note in a folder, oldest first."""
    files = {entry.path.rpartition("/")[2] for entry in storage.walk(folder)}
    return days_among(
        sorted(files | set(storage.folders(folder)))
    )  # a folder in the place of a note is a damaged one


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
    return _read(warehouse.storage, layout.in_day(layout.BEGUN, day)) not in {
        None,
        _BEGUN,
    }  # a damaged one may have been


def begun(warehouse: Warehouse) -> list[date]:
    """The days that have begun and have no run yet, oldest first."""
    return _days_with(warehouse.storage, layout.BEGUN)


# --- retired texts ----------------------------------------------------------------------------------------------


def retired_before(warehouse: Warehouse) -> date:
    """The first day that still has its texts; before it, all are retired.

    Where the mark is damaged, it is told from the oldest days: retirement removes their articles, and leaves their runs.
    """
    found = _read(warehouse.storage, layout.RETIRED)
    if found is None:
        return date.min
    with suppress(ValueError):
        day, _, check = found.decode("ascii").strip().partition(" ")
        first = date.fromisoformat(day)
        if not check or check == _check_of(first):  # earlier versions wrote none
            return first
    log.warning(
        "%s: %s is damaged; the next retirement writes it again", warehouse.storage.uri, layout.RETIRED
    )
    with_run = warehouse.days(RUNS)
    retired = list(takewhile(lambda day: not warehouse.has(ARTICLES, day), with_run))
    return retired[-1] + timedelta(days=1) if retired else date.min


def mark(warehouse: Warehouse, first: date) -> None:
    """Close every day before `first`; afterwards, what `texts_before` finds may be removed."""
    if first > retired_before(warehouse):
        _write(warehouse.storage, layout.RETIRED, f"{first} {_check_of(first)}".encode())


def _check_of(first: date) -> str:
    """Digits that show that a mark is as it was written: another date would close other days."""
    return f"{zlib.crc32(str(first).encode()):08x}"


# --- the landing zone -------------------------------------------------------------------------------------------


def landing(warehouse: Storage) -> str | None:
    """The URI of the landing zone that the warehouse is made from; None without a note, empty where the note is damaged."""
    found = _read(warehouse, layout.LANDING)
    try:
        uri = None if found is None else json.loads(found)["landing"]
    except (ValueError, LookupError, TypeError):
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
    with suppress(ValueError, TypeError):
        return Note(**json.loads(data))
    text = data.decode(errors="replace")
    is_text = (
        data and not data.startswith(b"{") and text.isprintable() and "\N{REPLACEMENT CHARACTER}" not in text
    )
    return Note(text if is_text else "why is not known, the note about it is damaged")


def held(warehouse: Warehouse) -> dict[date, Note]:
    """The days that have a note."""
    days = _days_with(warehouse.storage, layout.HELD)
    return {day: found for day in days if (found := note(warehouse, day))}  # it may be released meanwhile


def _put(warehouse: Warehouse, day: date, note: Note) -> None:
    _write(warehouse.storage, layout.in_day(layout.HELD, day), asdict(note))
