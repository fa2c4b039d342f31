"""The geometry of the pictures: plain numbers that the templates draw as SVG. Colours and fonts are the stylesheet's business."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from pipeline.explorer.models import Count, Mark, Volume
from pipeline.explorer.overviews import DayState

_ROWS, _EDGES_DRAWN, _NAMES = 24, 40, 14


@dataclass(frozen=True)
class Bar:
    x: float
    height: float
    upper: float  # of the part that stands on top
    volume: Volume


def volumes(found: Sequence[Volume]) -> list[Bar]:
    """Bars of 100 units at most: articles below, rejects on top; one a day, 10 units apart."""
    most = max((v.n_raw for v in found), default=0) or 1
    return [Bar(10 * n, 100 * v.n_articles / most, 100 * v.n_rejects / most, v) for n, v in enumerate(found)]


@dataclass(frozen=True)
class Column:
    x: float
    height: float
    state: DayState


def columns(days: Sequence[DayState]) -> list[Column]:
    """Bars of 100 units at most: the bytes of each day, 10 units apart."""
    most = max((one.size_bytes for one in days), default=0) or 1
    return [Column(10 * n, round(100 * one.size_bytes / most, 2), one) for n, one in enumerate(days)]


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    mark: Mark


@dataclass(frozen=True)
class Timeline:
    """Dots by time and outlet, in a picture of 1,000 units by `height`; `rows` name the outlets, `ticks` the times."""

    height: float
    rows: list[tuple[float, str]]
    ticks: list[tuple[float, str]]
    dots: list[Dot]
    n_more: int


_LEFT, _RIGHT, _TOP, _ROW = 210.0, 980.0, 34.0, 26.0


def timeline(marks: Sequence[Mark]) -> Timeline | None:
    """None where there is nothing to draw: one moment alone, or one day without hours."""
    outlets = list(dict.fromkeys(mark.outlet for mark in marks))
    is_known = any(m.is_exact for m in marks) or len({m.at for m in marks}) > 1
    if len(marks) < 2 or not is_known:
        return None
    shown = outlets[:_ROWS]
    drawn = [mark for mark in marks if mark.outlet in shown]
    start, end = min(m.at for m in drawn), max(m.at for m in drawn)
    span = max((end - start).total_seconds(), 3600.0)
    ys = {outlet: _TOP + _ROW * (n + 0.5) for n, outlet in enumerate(shown)}

    def x_of(at: datetime) -> float:
        return round(_LEFT + (_RIGHT - _LEFT) * (at - start).total_seconds() / span, 1)

    dots = [Dot(x_of(mark.at), ys[mark.outlet], mark) for mark in drawn]
    ticks = [(x_of(at), label) for at, label in _ticks(start, start + timedelta(seconds=span))]
    return Timeline(
        _TOP + _ROW * len(shown) + 8, [(ys[o], o) for o in shown], ticks, dots, len(outlets) - len(shown)
    )


_STEPS = tuple(timedelta(hours=h) for h in (1, 3, 6, 12, 24, 72, 168, 720, 8760))
_MOST_TICKS = 8


def _ticks(start: datetime, end: datetime) -> Iterable[tuple[datetime, str]]:
    """Round times between two, at most eight."""
    step = next((s for s in _STEPS if (end - start) / s <= _MOST_TICKS), _STEPS[-1])
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    at = midnight + step * (-(-(start - midnight) // step))
    while at <= end:
        yield at, f"{at:%d %b}" if at.hour == 0 else f"{at:%H:%M}"
        at += step


@dataclass(frozen=True)
class Ribbon:
    path: str
    width: float
    kind: str
    edge: dict[str, Any]


@dataclass(frozen=True)
class Network:
    """Ribbons from sources on the left to takers on the right; names with their places."""

    height: float
    left: list[tuple[float, str, int]]
    right: list[tuple[float, str, int]]
    ribbons: list[Ribbon]


def network(edges: Sequence[dict[str, Any]]) -> Network | None:
    """The strongest edges; None without any."""
    shown = _strongest(edges)
    if not shown:
        return None
    sources, takers = (_totals(shown, end) for end in ("from", "to"))
    rows = max(len(sources), len(takers))
    height = 30.0 * rows + 20
    left, right = (_places(names, height) for names in (sources, takers))
    most = max(edge["n_texts"] for edge in shown)
    ribbons = [_ribbon(edge, left[edge["from"]], right[edge["to"]], most) for edge in shown]
    return Network(
        height,
        [(y, name, sources[name]) for name, y in left.items()],
        [(y, name, takers[name]) for name, y in right.items()],
        ribbons,
    )


def _strongest(edges: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first edges between so many names as fit: no name stands there without an edge."""
    sources, takers, shown = set[str](), set[str](), list[dict[str, Any]]()
    for edge in edges:
        fits = len(sources | {edge["from"]}) <= _NAMES and len(takers | {edge["to"]}) <= _NAMES
        if fits and len(shown) < _EDGES_DRAWN:
            sources.add(edge["from"])
            takers.add(edge["to"])
            shown.append(edge)
    return shown


def _totals(edges: Sequence[dict[str, Any]], end: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for edge in edges:
        found[edge[end]] = found.get(edge[end], 0) + edge["n_texts"]
    return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))


def _places(names: dict[str, int], height: float) -> dict[str, float]:
    step = (height - 20) / max(1, len(names))
    return {name: round(10 + step * (n + 0.5), 1) for n, name in enumerate(names)}


def _ribbon(edge: dict[str, Any], y1: float, y2: float, most: int) -> Ribbon:
    path = f"M 300 {y1} C 500 {y1}, 500 {y2}, 700 {y2}"
    return Ribbon(path, round(1.5 + 12.5 * edge["n_texts"] / most, 1), edge["from_kind"], edge)


@dataclass(frozen=True)
class Cell:
    x: int
    y: int
    state: DayState | None
    day: date


@dataclass(frozen=True)
class Calendar:
    """A square a day, a column a week, from Monday down; `months` name the columns where one begins."""

    width: int
    cells: list[Cell]
    months: list[tuple[int, str]]


_SIDE = 18


def calendar(days: Sequence[DayState]) -> Calendar | None:
    """From the first to the last day, also those between that are not known; None without days."""
    if not days:
        return None
    known = {one.day: one for one in days}
    start = days[0].day - timedelta(days=days[0].day.weekday())
    n_days = (days[-1].day - start).days + 1
    every = [start + timedelta(days=n) for n in range(min(n_days, 800))]
    cells = [Cell(_SIDE * (n // 7), _SIDE * (n % 7), known.get(day), day) for n, day in enumerate(every)]
    months = [(_SIDE * (n // 7), f"{day:%b %Y}") for n, day in enumerate(every) if day.day == 1 or n == 0]
    spaced = [
        one for n, one in enumerate(months) if n == len(months) - 1 or months[n + 1][0] - one[0] > 3 * _SIDE
    ]
    return Calendar(_SIDE * (-(-len(every) // 7)), [c for c in cells if c.day >= days[0].day], spaced)


def shares(counts: Sequence[Count]) -> list[tuple[Count, float]]:
    """Each count with its share of the largest, for a bar of 100 units."""
    most = max((one.n for one in counts), default=0) or 1
    return [(one, round(100 * one.n / most, 2)) for one in counts]


def strip(scores: Iterable[float], low: float) -> list[float]:
    """Places of scores on a line of 100 units from a threshold to 1."""
    width = max(1e-6, 1 - low)
    return [round(min(100.0, max(0.0, 100 * (score - low) / width)), 1) for score in scores]
