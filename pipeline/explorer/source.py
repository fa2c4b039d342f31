"""Where the routes get their answers: one place that holds the library, the settings and the landing zone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

import pyarrow as pa

from pipeline.day.desk import Desk
from pipeline.explorer import flows, health, pair, rejects, stories, story, thresholds
from pipeline.explorer.downloads import Format, as_file
from pipeline.explorer.limits import Turnstile
from pipeline.explorer.models import Hits, Pair, RejectPage, Stories, Story
from pipeline.explorer.overviews import Flows, Health, Thresholds
from pipeline.explorer.snapshot import Library, Snapshot
from pipeline.explorer.stories import Wanted
from pipeline.model.contract import Contract
from pipeline.model.tables import FLOWS, LINKS, MEMBERSHIPS
from pipeline.settings import Settings

Result = TypeVar("Result")
_NEAR = 20
_DAYS = 7  # that thresholds and flows are shown of, when no range is given


@dataclass(frozen=True)
class Source:
    """What the pages are made from. While there is no desk, no landing zone is known: heads of bytes and checks are left out."""

    library: Library
    settings: Settings
    desk: Callable[[], Desk | None]
    today: Callable[[], date]
    costly: Turnstile = field(default_factory=Turnstile)

    def ask(self, function: Callable[..., Result], *arguments: Any) -> Result:
        """What a function of the reading layer says, of one snapshot."""
        return self.library.answer(lambda snapshot: function(snapshot, *arguments))

    def stories(self, wanted: Wanted, limit: int, cursor: str | None = None) -> Stories:
        """A page of stories; where texts must be read for its words, after others that take long."""
        return self.ask(stories.stories, wanted, limit, cursor, self.costly.passing)

    def search(self, wanted: Wanted, limit: int, cursor: str | None = None) -> Hits:
        """A page of stories by words, as `stories`."""
        return self.ask(stories.found_by_words, wanted, limit, cursor, self.costly.passing)

    def story(self, story_id: str, cursor: str | None = None) -> Story:
        return self.ask(story.story_page, story_id, self.settings.least_story_score, cursor)

    def pair(self, one: str, other: str) -> Pair:
        with self.costly.passing():
            return self.ask(pair.pair_page, one, other, self.settings.least_story_score)

    def health(self) -> Health:
        known = self.desk()
        desk = known and replace(known, warehouse=self.library.warehouse)
        with self.costly.passing():
            return self.ask(health.health, desk, self.today())

    def thresholds(self, first: date | None, last: date | None) -> Thresholds:
        def of(snapshot: Snapshot) -> Thresholds:
            known = sorted({*snapshot.days(LINKS), *snapshot.days(MEMBERSHIPS)})
            days = within(known, first, last) if first or last else known[-_DAYS:]
            chosen = self.settings.copy_threshold, self.settings.least_story_score
            return self._once(snapshot, thresholds.thresholds, days, *chosen, _NEAR)

        return self.library.answer(of)

    def flows(self, first: date | None, last: date | None, limit: int) -> Flows:
        def of(snapshot: Snapshot) -> Flows:
            known = snapshot.days(FLOWS)
            days = within(known, first, last) if first or last else known[-_DAYS:]
            return self._once(snapshot, flows.flows, days, limit)

        return self.library.answer(of)

    def _once(
        self, snapshot: Snapshot, function: Callable[..., Result], days: list[date], *more: Any
    ) -> Result:
        """What a function that takes long says of some days: made once for each publication."""

        def make() -> Result:
            with self.costly.passing():
                return function(snapshot, days, *more)

        return self.library.remembered(snapshot, (function.__name__, *days[:1], *days[-1:], *more), make)

    def download(self, ask: Callable[[Snapshot], pa.Table], form: Format) -> bytes:
        """What `ask` makes of a snapshot, as a file."""
        with self.costly.passing():
            return as_file(self.library.answer(ask), form)

    def reject(self, day: date, raw_ref: str) -> RejectPage:
        """One reject with the head of its bytes, if the landing zone is there."""
        found = self.ask(rejects.find, day, raw_ref)
        head: str | None = None
        note: str | None = "The landing zone is not known here, so its bytes cannot be shown."
        if desk := self.desk():
            from pipeline.explain import heads

            row = {"ingest_date": day, "raw_ref": raw_ref, "reason": found.reason}
            with self.costly.passing():  # of an archive, all that stands before the record is read
                head, note = heads.head_of(desk, row)
        return self.ask(rejects.reject_page, found, head, note)

    def reasoning(self, one: str, other: str | None) -> dict[str, Any]:
        """The full explanation, as `newsfold explain` gives it: it computes similarities now."""
        from pipeline.explain.explain import explain

        with self.costly.passing():
            return explain(self.library.warehouse, self.settings, one, other)


def days_of(snapshot: Snapshot, contract: Contract, first: date | None, last: date | None) -> list[date]:
    """The days of a table in a range, open at either end."""
    return within(snapshot.days(contract), first, last)


def within(days: Sequence[date], first: date | None, last: date | None) -> list[date]:
    return [d for d in days if (first is None or first <= d) and (last is None or d <= last)]
