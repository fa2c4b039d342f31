"""Answers that can be given again: each names the publication that it is from, and can be asked for from that one.

A publication is one state of the published tables. The store keeps the files of the newest one alone; an earlier one can be read as long as
no file of it that an answer needs was replaced. Those that this process answered from are remembered.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from hashlib import blake2b
from typing import Annotated, Literal, TypeVar

from cachetools import LRUCache
from pydantic import Field

from pipeline.explorer.models import Answer, LeftOut, Told
from pipeline.explorer.snapshot import Library, Snapshot
from pipeline.model.errors import InputChangedError, MissingInputError, SettingsError

_REMEMBERED = 64  # publications: a few thousand names of files each

Result = TypeVar("Result")
Change = Literal["new", "changed", "gone"]


class DayChange(Told):
    day: date
    change: Annotated[
        Change,
        Field(description="What became of the day since; new where nothing was given to compare with."),
    ]
    day_publication: Annotated[
        str | None, Field(description="Names the state of the day's tables; null where it is gone.")
    ]
    tables: Annotated[list[str], Field(description="The tables that are new, changed or gone.")]


class Changes(Answer):
    since: str | None
    days: list[DayChange]
    n_days: Annotated[int, Field(description="Published days in all.")]
    left_out: LeftOut


class Publications:
    """Answers from the newest publication, or from one that was answered from before; safe for many threads."""

    def __init__(self, library: Library) -> None:
        self._library, self._lock = library, threading.Lock()
        self._known: LRUCache[str, Snapshot] = LRUCache(_REMEMBERED)

    def answer(self, ask: Callable[[Snapshot], Result], publication: str | None = None) -> Result:
        """What `ask` makes of a publication; raises MissingInputError, with a sentence, where it can't be read any more."""
        if publication is None:
            return self._library.answer(lambda snapshot: ask(self._remember(snapshot)))
        snapshot = self._known_as(publication)
        try:
            return ask(snapshot)
        except InputChangedError as error:
            raise MissingInputError(
                f"publication {publication} can't be read any more ({error}); leave it out to be answered from the newest"
            ) from error

    def changes(self, since: str | None, known: Mapping[date, str] | None, first: date | None) -> Changes:
        """The days that are not as they were in the publication `since`, or as `known` names them; without both, every day.

        Days that are being replaced are passed over: what became of them is told once they are whole. Raises MissingInputError where
        that publication is not known here, SettingsError where both are given.
        """
        if since and known:
            raise SettingsError(
                "give the publication since which days changed, or the days that are known, not both"
            )
        before = self._known_as(since) if since else None

        def ask(snapshot: Snapshot) -> Changes:
            found = list(_compared(snapshot, before, known))
            return Changes(
                publication=snapshot.publication,
                since=since,
                days=[one for one in found if first is None or one.day >= first],
                n_days=len({day for _, day in snapshot.digests}),
                left_out=sorted(snapshot.torn),
            )

        return self.answer(ask)

    def _remember(self, snapshot: Snapshot) -> Snapshot:
        with self._lock:
            self._known[snapshot.publication] = snapshot  # the same rows may stand in other files now
        return snapshot

    def _known_as(self, publication: str) -> Snapshot:
        newest = self._library.answer(self._remember)
        with self._lock:
            found = self._known.get(publication)
        if found is None:
            raise MissingInputError(
                f"publication {publication} is not known here: it was answered from by another process, or long ago; the newest is "
                f"{newest.publication}; leave it out to be answered from that"
            )
        return found


def _compared(
    snapshot: Snapshot, before: Snapshot | None, known: Mapping[date, str] | None
) -> Iterator[DayChange]:
    """The days that differ, oldest first; of `known`, the tables of a day that changed are not known.

    A day that was being replaced before had tables already, so it is no new one.
    """
    now, then = _tables_by_day(snapshot), _tables_by_day(before) if before else {}
    earlier = {*then, *(before.torn if before else ())}
    for day in sorted({*now, *then, *(known or {})} - set(snapshot.torn)):
        name = day_publication(now[day]) if day in now else None
        if known is not None and before is None:
            was = known.get(day)
            change: Change = "new" if was is None else "gone" if name is None else "changed"
            if was != name:
                yield DayChange(day=day, change=change, day_publication=name, tables=sorted(now.get(day, {})))
            continue
        other, own = then.get(day, {}), now.get(day, {})
        tables = sorted(one for one in {*own, *other} if own.get(one) != other.get(one))
        if tables:
            change = "new" if day not in earlier else "gone" if day not in now else "changed"
            yield DayChange(day=day, change=change, day_publication=name, tables=tables)


def _tables_by_day(snapshot: Snapshot) -> dict[date, dict[str, str]]:
    found: dict[date, dict[str, str]] = {}
    for (name, day), digest in snapshot.digests.items():
        found.setdefault(day, {})[name] = digest
    return found


def day_publication(tables: Mapping[str, str]) -> str:
    """16 hex digits that name the state of a day, from the digests of its tables."""
    spelt = "\n".join(f"{name}/{tables[name]}" for name in sorted(tables))
    return blake2b(spelt.encode(), digest_size=8).hexdigest()
