"""Whether a day looks like the weeks before it: its volume, its share of rejects, its share of copies.

This finds what no check of types or keys finds: a crawler that delivered half, a new paywall at an outlet, a feed that
is delivered twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.model.kinds import COPIES

HISTORY_DAYS = 28  # four weeks: each weekday four times, since weekends are thin
_ENOUGH_DAYS = 7  # one of each weekday; fewer days give no range
# Days from which one outlier at each end is left out, so that one bad day does not hide the next.
_TRIMMED_FROM = 14
_FACTOR = 2.0  # volume may double or halve beyond the range: holidays, elections
_POINTS = 0.10  # a share may lie ten points beyond the range
_FEW = 20  # a share of fewer documents says nothing
_LOST_SHARE = 0.5  # of what a day has: corrections and takedowns stay far below, a wrong or half-empty landing zone lies above
LEAST_LOST = 20  # fewer are easily restored by hand
_COPIES = tuple(f"n_{kind}" for kind in COPIES)
JUDGED = frozenset({"n_raw", "n_rejects", "n_articles", *_COPIES})  # the counts that `judge` needs

Counts = Mapping[str, int]  # as in a row of `runs`


@dataclass(frozen=True)
class Finding:
    """One measure of a day that is far outside the range of earlier days: `value` is not between `low` and `high`."""

    measure: str
    value: float
    low: float
    high: float
    n_days: int

    def __str__(self) -> str:
        shown = "{:,.0f}" if self.measure == "raw documents" else "{:.1%}"
        value, low, high = (shown.format(n) for n in (self.value, self.low, self.high))
        return f"{self.measure}: {value}, expected {low} to {high} from {self.n_days} earlier days"


def judge(day: Counts, earlier: Sequence[Counts]) -> list[Finding]:
    """What is unusual about a day. Rows need the counts in JUDGED.

    Earlier days on which nothing was delivered do not count; with fewer than 7 others nothing is found.
    """
    past = [row for row in earlier if row["n_raw"]]
    if len(past) < _ENOUGH_DAYS:
        return []
    low, high = _range([row["n_raw"] for row in past])
    findings = [Finding("raw documents", day["n_raw"], low / _FACTOR, high * _FACTOR, len(past))]
    for measure, part, whole in (("rejects", _rejects, "n_raw"), ("copies", _copies, "n_articles")):
        shares = [part(row) / row[whole] for row in past if row[whole] >= _FEW]
        if day[whole] >= _FEW and len(shares) >= _ENOUGH_DAYS:
            low, high = _range(shares)
            bounds = max(0.0, low - _POINTS), min(1.0, high + _POINTS)
            findings.append(Finding(measure, part(day) / day[whole], *bounds, len(shares)))
    return [f for f in findings if not f.low <= f.value <= f.high]


def loss(what: str, n_before: int, n_kept: int) -> str | None:
    """A sentence if more than half and at least 20 of a day's `what` would be lost; else None."""
    lost = n_before - n_kept
    if lost < LEAST_LOST or lost <= _LOST_SHARE * n_before:
        return None
    return f"{lost:,} of {n_before:,} {what} would be lost"


def _rejects(row: Counts) -> int:
    return row["n_rejects"]


def _copies(row: Counts) -> int:
    return sum(row[name] for name in _COPIES)


def _range(values: Sequence[float]) -> tuple[float, float]:
    ordered = sorted(values)
    kept = ordered[1:-1] if len(ordered) >= _TRIMMED_FROM else ordered
    return kept[0], kept[-1]
