"""Whether a harvest is at work: a note while it is, so that the day before is not run before its last pages are there."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta

from pipeline.harvest import clock as clocks
from pipeline.harvest.clock import Clock
from pipeline.store import layout
from pipeline.store.storage import Storage, filler

_NOTE = f"{layout.HARVEST}/at-work.json"
_LONGEST = timedelta(
    hours=3
)  # a run ends within the hour; a note that is older was left by one that was killed


@contextmanager
def noted(storage: Storage, clock: Clock) -> Iterator[None]:
    """Note that a harvest is at work; whoever is killed leaves the note to the next one."""
    storage.replace(_NOTE, filler(json.dumps({"began": clocks.spelt(clock.now())}).encode()))
    try:
        yield
    finally:
        storage.delete(_NOTE)


def is_at_work(storage: Storage, day: date, now: datetime | None = None) -> bool:
    """Whether a harvest that began on that UTC day, or before it, is still at work."""
    began = None
    with suppress(FileNotFoundError, ValueError, LookupError, TypeError):
        began = clocks.read(json.loads(storage.read(_NOTE))["began"])
    if began is None:
        return False
    return began.date() <= day and (now or clocks.Clock().now()) - began < _LONGEST
