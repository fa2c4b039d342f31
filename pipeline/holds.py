"""Days that are held back: made, found unusual, and not published until somebody decides.

A note under `_meta/held/` outlives the run that found it, so that whoever else makes days can tell: `status` and `repair`
name it, and a repair leaves the day as it is. Any publication of the day takes the note away.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date

from pipeline.days import days_among
from pipeline.store.storage import filler
from pipeline.store.warehouse import Warehouse

_FOLDER = "_meta/held"


def hold(warehouse: Warehouse, day: date, findings: Sequence[str]) -> None:
    """Note that the day is not to be published, and why."""
    warehouse.storage.replace(_path(day), filler("; ".join(findings).encode()))


def release(warehouse: Warehouse, day: date) -> None:
    """Take the note away, if there is one."""
    warehouse.storage.delete(_path(day))


def held(warehouse: Warehouse) -> dict[date, str]:
    """The days that are held back, each with what was found."""
    days = days_among(entry.path.rpartition("/")[2] for entry in warehouse.storage.walk(_FOLDER))
    found = {}
    for day in days:
        with suppress(FileNotFoundError):  # it was released meanwhile
            found[day] = warehouse.storage.read(_path(day)).decode()
    return found


def _path(day: date) -> str:
    return f"{_FOLDER}/day={day}"
