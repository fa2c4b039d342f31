"""Notes under `_meta`, outside every table: runs that began, days that are held back, texts that were retired, the landing zone,
damaged state.

No note is an input of any day. A note outlives the run that wrote it, so that every later run can read it.
"""

import json
import logging
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from itertools import takewhile
from typing import Any

from pipeline.model.days import days_among
from pipeline.model.errors import DamagedError
from pipeline.model.tables import ARTICLES, RUNS
from pipeline.store import damage, layout, removals
from pipeline.store.storage import ABSENT, Storage, filler
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
    """Write a note, as JSON with a check where it has fields; with `expected`, only over that version."""
    if not isinstance(data, bytes):
        data = json.dumps(
            data | {_CHECK: _check_of(json.dumps(data, sort_keys=True))}, sort_keys=True
        ).encode()
    storage.replace(path, filler(data), expected)


_CHECK = "check"  # beside the fields: a flipped bit may spell another place, or another digest


def _fields(data: bytes) -> dict[str, Any]:
    """The fields of a note; raises ValueError where it is damaged. Earlier versions wrote no check."""
    said = json.loads(data)
    if not isinstance(said, dict):
        raise ValueError("no note")  # noqa: TRY004 - one kind of error for all that is malformed
    check = said.pop(_CHECK, None)
    if check is not None and check != _check_of(json.dumps(said, sort_keys=True)):
        raise ValueError("it was changed since it was written")
    return said


def _check_of(text: str) -> str:
    """Digits that show that a note is as it was written."""
    return f"{zlib.crc32(text.encode()):08x}"


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
    if (marked := _marked(found)) is not None:
        return marked
    log.warning(
        "%s: %s is damaged; the next retirement writes it again", warehouse.storage.uri, layout.RETIRED
    )
    with_run = warehouse.days(RUNS)
    retired = list(takewhile(lambda day: not warehouse.has(ARTICLES, day), with_run))
    return retired[-1] + timedelta(days=1) if retired else date.min


def _marked(data: bytes) -> date | None:
    """The day that a mark names; None where it is damaged."""
    with suppress(ValueError):
        day, _, check = data.decode("ascii").strip().partition(" ")
        first = date.fromisoformat(day)
        if not check or check == _check_of(str(first)):  # earlier versions wrote none
            return first
    return None


def mark(warehouse: Warehouse, first: date) -> None:
    """Close every day before `first`; afterwards, what `texts_before` finds may be removed."""
    standing = _read(warehouse.storage, layout.RETIRED)
    is_damaged = standing is not None and _marked(standing) is None
    if first > retired_before(warehouse) or (is_damaged and first > date.min):
        _write(warehouse.storage, layout.RETIRED, f"{first} {_check_of(str(first))}".encode())


# --- the landing zone -------------------------------------------------------------------------------------------


def landing(warehouse: Storage) -> str | None:
    """The URI of the landing zone that the warehouse is made from; None without a note, empty where the note is damaged."""
    found = _read(warehouse, layout.LANDING)
    try:
        uri = None if found is None else _fields(found)["landing"]
    except (ValueError, LookupError):
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
    find it gone, with the same documents. `n_tries` runs made this of the day.
    """

    findings: str
    digest: str = ""
    origin: str = ""
    is_allowed: bool = False
    is_passing: bool = False
    n_tries: int = 1

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
    n_tries: int = 1,
) -> None:
    """Note that the day is not to be published, and why."""
    _put(warehouse, day, Note("; ".join(findings), digest, origin, is_passing=is_passing, n_tries=n_tries))


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
    return _parsed(data) or Note("why is not known, the note about it is damaged")


def _parsed(data: bytes) -> Note | None:
    """The note that these bytes spell; None where they are damaged. Earlier versions wrote a sentence."""
    with suppress(ValueError, TypeError):
        return Note(**_fields(data))
    text = data.decode(errors="replace")
    is_text = (
        data and not data.startswith(b"{") and text.isprintable() and "\N{REPLACEMENT CHARACTER}" not in text
    )
    return Note(text) if is_text else None


def held(warehouse: Warehouse) -> dict[date, Note]:
    """The days that have a note."""
    days = _days_with(warehouse.storage, layout.HELD)
    return {day: found for day in days if (found := note(warehouse, day))}  # it may be released meanwhile


def _put(warehouse: Warehouse, day: date, note: Note) -> None:
    _write(warehouse.storage, layout.in_day(layout.HELD, day), asdict(note))


# --- damage -------------------------------------------------------------------------------------------------------


def unreadable(warehouse: Warehouse) -> Iterator[tuple[str, date | None, str]]:
    """The path of every note that is damaged, its day if it is that of a day, and what mends it."""
    storage = warehouse.storage

    def is_damaged(path: str, is_whole: Callable[[bytes], bool]) -> bool:
        found = _read(storage, path)
        return found is not None and not is_whole(found)

    if is_damaged(layout.RETIRED, lambda data: _marked(data) is not None):
        yield layout.RETIRED, None, "the next retirement writes it again"
    if is_damaged(layout.LANDING, lambda _: landing(storage) != ""):
        yield layout.LANDING, None, "say --landing URI --landing-moved once"
    for path in removals.unreadable(storage):
        yield path, None, "the next removal writes it again; until then its copy counts"
    if is_damaged(layout.DAMAGED, lambda _: bool(damaged_state(warehouse))):
        yield layout.DAMAGED, None, "repair removes it"
    for day in _days_with(storage, layout.BEGUN):
        if is_damaged(path := layout.in_day(layout.BEGUN, day), {_BEGUN, _DELIVERED}.__contains__):
            yield path, day, "repair removes it"
    for day in _days_with(storage, layout.HELD):
        if is_damaged(path := layout.in_day(layout.HELD, day), lambda data: _parsed(data) is not None):
            yield path, day, "it holds the day back until it is published"


def damaged_state(warehouse: Warehouse) -> dict[str, str]:
    """Paths of state that was found to be damaged, each with its version then; none where the note itself is damaged."""
    with suppress(ValueError):
        found = _fields(_read(warehouse.storage, layout.DAMAGED) or b"{}")
        if {type(version) for version in found.values()} <= {str}:
            return found
    return {}


def note_damaged_state(warehouse: Warehouse, versions: Mapping[str, str]) -> None:
    """Note that this state is damaged, so that the next repair removes it: what a run needs of it is computed again."""
    _write(warehouse.storage, layout.DAMAGED, {**damaged_state(warehouse), **versions})


def remove_damaged_state(warehouse: Warehouse) -> None:
    """Remove what was noted, unless it was made again meanwhile."""
    storage = warehouse.storage
    for path, version in damaged_state(warehouse).items():
        if storage.version(path) == version:
            storage.delete(path)
    if storage.version(layout.DAMAGED) != ABSENT:
        storage.delete(layout.DAMAGED)
