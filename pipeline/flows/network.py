"""The network of flows: who gives the most, what is taken most, how fast, and the edges to draw it by."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from statistics import median_low
from typing import Any

from pipeline.flows.credits import plain
from pipeline.flows.source import OUTLET
from pipeline.model.contract import Row
from pipeline.model.kinds import Confidence
from pipeline.text.outlets import slug_of

# Lags in minutes: what ends a step, and what it is called.
_STEPS = ((15, "within 15 minutes"), (60, "within an hour"), (360, "within 6 hours"), (1440, "within a day"))
_LONGER, _BEFORE, _UNKNOWN = "later", "before the source's own time", "unknown"


def network(flows: Sequence[Row], limit: int) -> dict[str, Any]:
    """Rows of FLOWS to `sources`, `taken`, `lags` and `edges`; the largest first, at most `limit` of the first two.

    Of a group and outlet that several days have a row of, the latest counts: it was made with the source at hand.
    """
    latest = {(row["copy_id"], row["to_outlet"]): row for row in sorted(_under_one_name(flows), key=_by_day)}
    rows = [latest[key] for key in sorted(latest)]
    edges = _edges(rows)
    return {
        "n_flows": len(rows),
        "sources": _sources(rows)[:limit],
        "taken": _taken(rows)[:limit],
        "lags": _lags(rows),
        "edges": edges,
    }


def _under_one_name(flows: Sequence[Row]) -> list[Row]:
    """The rows with each outlet under one name: that which most of them have for it; of equals, the first in order of names.

    A name without an id is that of the id which most rows have with it; of equals, the first.
    """
    ends = [(name, outlet_id) for row in flows for name, outlet_id in _outlets_of(row)]
    with_id: dict[str, Counter[str]] = defaultdict(Counter)
    for name, outlet_id in ends:
        if outlet_id:
            with_id[plain(name)][outlet_id] += 1
    ids = {name: _most(some) for name, some in with_id.items()}
    spelled: dict[str, Counter[str]] = defaultdict(Counter)
    for name, outlet_id in ends:
        spelled[outlet_id or ids.get(plain(name), plain(name))][name] += 1
    shown = {outlet: _most(names) for outlet, names in spelled.items()}

    def name_of(name: str, outlet_id: str | None) -> str:
        return shown[outlet_id or ids.get(plain(name), plain(name))]

    return [_renamed(row, [name_of(*end) for end in _outlets_of(row)]) for row in flows]


def _outlets_of(row: Row) -> list[tuple[str, str | None]]:
    """The name and id of the taker and, where it is no agency, of the source."""
    ends = [(row["to_outlet"], _known_id(row["to_outlet"], row.get("to_outlet_id")))]
    if row["from_kind"] == OUTLET:
        ends.append((row["from_name"], _known_id(row["from_name"], row.get("from_outlet_id"))))
    return ends


def _renamed(row: Row, names: Sequence[str]) -> Row:
    return row | dict(zip(("to_outlet", "from_name"), names, strict=False))


def _known_id(name: str, outlet_id: str | None) -> str | None:
    """An outlet's id, unless it is made of the name and says no more than that."""
    return None if outlet_id == slug_of(name) else outlet_id


def _most(counted: Counter[str]) -> str:
    return min(counted, key=lambda name: (-counted[name], name))


def _by_day(row: Row) -> Any:
    return row["ingest_date"]


def _edges(rows: Iterable[Row]) -> list[Row]:
    """One row a pair of source and taker: what a picture is drawn from."""
    between: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        between[row["from_name"], row["from_kind"], row["to_outlet"]].append(row)
    found = [
        {"from": source, "from_kind": kind, "to": to, "n_texts": len(some)}
        | {f"n_{sure}": sum(row["confidence"] == sure for row in some) for sure in Confidence}
        | {"median_lag_minutes": _median(some)}
        for (source, kind, to), some in between.items()
    ]
    return sorted(found, key=lambda edge: (-edge["n_texts"], edge["from"], edge["from_kind"], edge["to"]))


def _median(rows: Iterable[Row]) -> int | None:
    lags = [row["lag_minutes"] for row in rows if row["lag_minutes"] is not None]
    return median_low(lags) if lags else None


def _sources(rows: Iterable[Row]) -> list[Row]:
    by_source: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        by_source[row["from_name"], row["from_kind"]].append(row)
    found = [
        {
            "source": name,
            "kind": kind,
            "n_taken": len(some),
            "n_texts": len({row["copy_id"] for row in some}),
            "n_outlets": len({row["to_outlet"] for row in some}),
            "n_unclear": sum(row["confidence"] == Confidence.UNCLEAR for row in some),
            "median_lag_minutes": _median(some),
        }
        for (name, kind), some in by_source.items()
    ]
    return sorted(found, key=lambda one: (-one["n_taken"], one["source"], one["kind"]))


def _taken(rows: Iterable[Row]) -> list[Row]:
    by_group: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_group[row["copy_id"]].append(row)
    found = [
        {
            "copy_id": copy_id,
            "article_id": next((r["from_article_id"] for r in some if r["from_article_id"]), copy_id),
            "sources": sorted({row["from_name"] for row in some}),
            "n_outlets": len(some),
        }
        for copy_id, some in by_group.items()
    ]
    return sorted(found, key=lambda one: (-one["n_outlets"], one["copy_id"]))


def _lags(rows: Iterable[Row]) -> list[Row]:
    """How many texts were taken after which time, in the order of time."""
    counted = Counter(_step(row["lag_minutes"]) for row in rows)
    names = [_BEFORE, *(name for _, name in _STEPS), _LONGER, _UNKNOWN]
    return [{"lag": name, "n_taken": counted[name]} for name in names]


def _step(minutes: int | None) -> str:
    if minutes is None:
        return _UNKNOWN
    if minutes < 0:
        return _BEFORE
    return next((name for end, name in _STEPS if minutes <= end), _LONGER)
