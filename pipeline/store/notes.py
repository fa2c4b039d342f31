"""Notes about days under `_meta`, outside every table: runs that began, days that are held back, texts that were retired.

No note is an input of any day. A note outlives the run that wrote it, so that whoever else makes days can tell.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import date

from pipeline.model.days import days_among
from pipeline.model.published import RUNS
from pipeline.store.storage import filler
from pipeline.store.warehouse import Warehouse

BEGUN = (
    "a run of it began and published nothing"  # how a day that the landing zone does not have is remembered
)
_BEGUN_FOLDER = "_meta/begun"
_DELIVERED = b"begun with documents"


def begin(warehouse: Warehouse, day: date, *, delivered: bool) -> None:
    """Note that a run of a day begins that has none yet, so that the day is known even if nothing comes of it.

    The note says whether the day has documents: when they are gone before it is published, it is no empty day.
    """
    if not warehouse.has(RUNS, day):
        had = delivered or was_delivered(warehouse, day)
        warehouse.storage.replace(_begun_path(day), filler(_DELIVERED if had else b"begun"))


def end(warehouse: Warehouse, day: date) -> None:
    """Take away what `begin` noted: the day has a run."""
    warehouse.storage.delete(_begun_path(day))


def was_delivered(warehouse: Warehouse, day: date) -> bool:
    """Whether a run of the day, which has none yet, began with documents."""
    try:
        return warehouse.storage.read(_begun_path(day)) == _DELIVERED
    except FileNotFoundError:
        return False


def begun(warehouse: Warehouse) -> list[date]:
    return days_among(entry.path.rpartition("/")[2] for entry in warehouse.storage.walk(_BEGUN_FOLDER))


def _begun_path(day: date) -> str:
    return f"{_BEGUN_FOLDER}/day={day}"


_MARK = "_meta/retired"


def retired_before(warehouse: Warehouse) -> date:
    """The first day that still has its texts; before it, all are retired."""
    try:
        return date.fromisoformat(warehouse.storage.read(_MARK).decode())
    except FileNotFoundError:
        return date.min


def mark(warehouse: Warehouse, first: date) -> None:
    """Close every day before `first`; what `texts_before` finds may go then."""
    if first > retired_before(warehouse):
        warehouse.storage.replace(_MARK, filler(str(first).encode()))


_FOLDER = "_meta/held"


@dataclass(frozen=True)
class Note:
    """Why a day is held back, the digest of what was made, and whether somebody consented to publish just that.

    `origin` is a digest of the documents, settings and rules that a loss follows from: with others, it is to be judged
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
    _write(warehouse, day, Note("; ".join(findings), digest, origin, is_passing=is_passing))


def allow(warehouse: Warehouse, day: date) -> None:
    """Consent to publish what the note was written about; nothing happens when there is no note."""
    if found := note(warehouse, day):
        _write(warehouse, day, replace(found, is_allowed=True))


def release(warehouse: Warehouse, day: date) -> None:
    """Take the note away, if there is one."""
    warehouse.storage.delete(_path(day))


def note(warehouse: Warehouse, day: date) -> Note | None:
    """The note of a day; one that is damaged, or of an earlier version, still holds the day back."""
    try:
        text = warehouse.storage.read(_path(day)).decode(errors="replace")
    except FileNotFoundError:
        return None
    with suppress(ValueError, TypeError):
        return Note(**json.loads(text))
    return Note(text)


def held(warehouse: Warehouse) -> dict[date, Note]:
    """The days that have a note."""
    days = days_among(entry.path.rpartition("/")[2] for entry in warehouse.storage.walk(_FOLDER))
    return {day: found for day in days if (found := note(warehouse, day))}  # it may be released meanwhile


def _write(warehouse: Warehouse, day: date, note: Note) -> None:
    warehouse.storage.replace(_path(day), filler(json.dumps(asdict(note), sort_keys=True).encode()))


def _path(day: date) -> str:
    return f"{_FOLDER}/day={day}"
