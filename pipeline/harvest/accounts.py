"""What came of a source on a day, counted: the rows of the journal `harvest`."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from pipeline.harvest import clock as clocks
from pipeline.harvest.outcomes import DUPLICATE, FETCHED, NOT_MODIFIED, kind_of
from pipeline.harvest.pages import Page
from pipeline.harvest.polls import FAILING, GONE, MOVED, OK, OTHER, SILENT
from pipeline.harvest.state import State, outlet_shard

_DAYS, _ACCOUNT = "days", "account"
_KEPT_DAYS = 3  # a row is written anew by each run of its day; by a later one only what a run that was killed had counted
_PUBLISHED = "is_published"
_N_LAGS = 1000  # of a day: enough for a median, and bounded
_WORST = (GONE, OTHER, FAILING, SILENT, MOVED, OK)  # of several listings, the first that one of them is


class Accounts:
    """Counts by outlet, kept in the state: a day has many runs, and a run may be killed."""

    def __init__(self, state: State) -> None:
        self._state = state

    def count(self, outlet: str, now: datetime, **more: int) -> None:
        """Add to the outlet's counts of the day."""
        kept = dict(self.of(outlet, now.date()))
        for name, n in more.items():
            kept[name] = kept.get(name, 0) + n
        self._put(outlet, now.date(), kept)

    def note_outcome(self, outlet: str, outcome: str, now: datetime, *, n_bytes: int = 0) -> None:
        """An address ended so."""
        kept = dict(self.of(outlet, now.date()))
        outcomes = Counter(kept.get("outcomes") or {})
        outcomes[outcome] += 1
        self._put(
            outlet,
            now.date(),
            {**kept, "outcomes": dict(outcomes), "n_bytes": kept.get("n_bytes", 0) + n_bytes},
        )
        if kind_of(outcome) in {FETCHED, NOT_MODIFIED, DUPLICATE}:
            self._state.put(outlet_shard(outlet), _ACCOUNT, "ok_at", clocks.spelt(now))

    def note_page(self, page: Page, now: datetime) -> None:
        """A page was fetched for the first time."""
        self._state.put(outlet_shard(page.outlet), _ACCOUNT, "new_at", clocks.spelt(now))
        published_at = clocks.read(page.published_at)
        if published_at is not None and page.precision != "day" and published_at <= now:
            kept = dict(self.of(page.outlet, now.date()))
            lags = [*kept.get("lags", []), round((now - published_at).total_seconds())]
            self._put(page.outlet, now.date(), {**kept, "lags": lags[-_N_LAGS:]})

    def of(self, outlet: str, day: date) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self._state.get(outlet_shard(outlet), _DAYS, str(day)) or {}
        return found

    def unpublished(self, outlet: str) -> list[date]:
        """The days of which something was counted that no row has."""
        days = self._state.section(outlet_shard(outlet), _DAYS)
        return [date.fromisoformat(day) for day, kept in days.items() if not kept.get(_PUBLISHED)]

    def note_published(self, outlet: str, day: date) -> None:
        """The row of a day has all that was counted."""
        self._state.put(outlet_shard(outlet), _DAYS, str(day), {**self.of(outlet, day), _PUBLISHED: True})

    def row(self, outlet: str, day: date, verdicts: Sequence[str]) -> dict[str, Any]:
        """The outlet's row of the journal."""
        kept = self.of(outlet, day)
        outcomes = kept.get("outcomes") or {}
        kinds = Counter[str]()
        for outcome, n in outcomes.items():
            kinds[kind_of(outcome)] += n
        lags = sorted(kept.get("lags") or [])
        account = self._state.section(outlet_shard(outlet), _ACCOUNT)
        names = ("fetched", "not_modified", "duplicate", "refused", "deferred", "failed")
        return {
            "ingest_date": day,
            "outlet": outlet,
            **{f"n_{name}": kinds[name] for name in names},
            "n_no_page": kept.get("n_no_page", 0),
            "n_outside_window": kept.get("n_outside_window", 0),
            "n_pages": kept.get("n_pages", 0),
            "n_bytes": kept.get("n_bytes", 0),
            "outcomes": [{"outcome": name, "n": n} for name, n in sorted(outcomes.items())],
            "last_success_at": clocks.read(account.get("ok_at")),
            "last_new_at": clocks.read(account.get("new_at")),
            "median_lag_seconds": lags[len(lags) // 2] if lags else None,
            "health": next((word for word in _WORST if word in verdicts), OK),
        }

    def _put(self, outlet: str, day: date, kept: Mapping[str, Any]) -> None:
        shard = outlet_shard(outlet)
        for said in list(self._state.section(shard, _DAYS)):
            if (day - date.fromisoformat(said)).days > _KEPT_DAYS:
                self._state.put(shard, _DAYS, said, None)
        counted = {name: value for name, value in kept.items() if name != _PUBLISHED}
        self._state.put(shard, _DAYS, str(day), counted)


def day_of(moment: datetime) -> date:
    """The UTC day of a moment: the day of what was fetched then."""
    return moment.astimezone(UTC).date()
