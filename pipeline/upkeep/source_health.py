"""How each source is, from the journal of harvests: the last verdict of each, in a sentence. The journal alone is read."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from pipeline.model.tables import HARVEST
from pipeline.store.warehouse import Warehouse

SHOWN_DAYS = 14  # of the journal: a source that nobody asks any more is shown so long
OK, NOT_ASKED = "ok", "not_asked"
_ORDER = ("gone", "other_content", "failing", "silent", "moved", NOT_ASKED, OK)  # the worst first
_RESTS = timedelta(
    days=1
)  # a feed is asked twice a day at least: a whole day without it says that it is not harvested
_N_REASONS = 3


@dataclass(frozen=True)
class SourceHealth:
    """One source. `health` is a verdict of the journal, or `not_asked`; `day` that of its last row, `n_pages` and `n_failed` of that day.

    `pages` has the new pages of each day that was read, oldest first.
    """

    outlet: str
    health: str
    sentence: str
    day: date
    last_success_at: datetime | None
    last_new_at: datetime | None
    median_lag_seconds: int | None
    n_pages: int
    n_failed: int
    pages: tuple[tuple[date, int], ...]

    @property
    def is_well(self) -> bool:
        return self.health == OK


def sources(warehouse: Warehouse, n_days: int = SHOWN_DAYS) -> list[SourceHealth]:
    """Every source of the last days of the journal, the worst first, then by name; none where nothing was harvested."""
    known = warehouse.days(HARVEST)[-n_days:]
    days = [day for day in known if known[-1] - day < timedelta(days=n_days)]
    rows: dict[str, dict[date, Mapping[str, Any]]] = {}
    for day in days:
        for row in warehouse.read(HARVEST, day).to_pylist():
            rows.setdefault(row["outlet"], {})[day] = row
    found = [_of(by_day, days) for by_day in rows.values()]
    return sorted(found, key=lambda one: (_ORDER.index(one.health), one.outlet))


def sentence_of(row: Mapping[str, Any]) -> str:
    """What a row of the journal says of its source, for a person."""
    verdict = str(row["health"])
    return _FIXED.get(verdict) or _SENTENCES.get(verdict, _well)(row)


def _of(by_day: Mapping[date, Mapping[str, Any]], days: list[date]) -> SourceHealth:
    last = max(by_day)
    row, is_asked = by_day[last], days[-1] - last <= _RESTS
    return SourceHealth(
        row["outlet"],
        row["health"] if is_asked else NOT_ASKED,
        sentence_of(row) if is_asked else f"not harvested since {last}: no source has this name any more?",
        last,
        row["last_success_at"],
        row["last_new_at"],
        row["median_lag_seconds"],
        row["n_pages"],
        row["n_failed"],
        tuple((day, by_day[day]["n_pages"] if day in by_day else 0) for day in days),
    )


def _well(row: Mapping[str, Any]) -> str:
    lag = row["median_lag_seconds"]
    within = (
        f", half of them fetched within {max(lag // 60, 1):,} min of publication" if lag is not None else ""
    )
    return f"{row['n_pages']:,} new pages{within}" if row["n_pages"] else "nothing new on this day"


def _silent(row: Mapping[str, Any]) -> str:
    return f"it answers, but has named no new page since {_moment(row['last_new_at'])}"


def _failing(row: Mapping[str, Any]) -> str:
    return (
        f"a listing can't be read{_reasons(row)}; the last good answer came {_moment(row['last_success_at'])}"
    )


def _other(row: Mapping[str, Any]) -> str:
    return f"what was a listing gives something else{_reasons(row)}: newsfold sources check says what"


_FIXED = {
    "moved": "a listing is elsewhere for good; newsfold sources check says where: correct the file",
    "gone": "a listing is gone for good, says its server (410): take it out of the file",
}
_SENTENCES = {"silent": _silent, "failing": _failing, "other_content": _other}


def _reasons(row: Mapping[str, Any]) -> str:
    """The day's failures and refusals by reason, the most frequent first, pages included."""
    found = Counter({one["outcome"]: one["n"] for one in row["outcomes"] or [] if _is_bad(one["outcome"])})
    ordered = sorted(found.items(), key=lambda one: (-one[1], one[0]))[:_N_REASONS]
    return f" ({', '.join(f'{outcome} {n}×' for outcome, n in ordered)})" if ordered else ""


def _is_bad(outcome: str) -> bool:
    return outcome.startswith("failed") or outcome in {"refused:robots", "refused:safety"}


def _moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "never"
