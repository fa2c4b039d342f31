"""Days that are held back: made, found unusual or about to lose most of what stands, and not published until somebody decides.

A note under `_meta/held/` outlives the run that found it, so that whoever else makes days can tell: `status` and `repair`
name it, and a repair leaves the day as it is. Consent to publish stands in the note, and is to what was made and to
nothing else: it is bound to its digest. A note is no input of any day. Any publication of the day takes it away.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import date

from pipeline.days import days_among
from pipeline.store.storage import filler
from pipeline.store.warehouse import Warehouse

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
