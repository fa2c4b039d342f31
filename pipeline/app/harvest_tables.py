"""On the terminal: what a harvest did, what listings give, how sources are."""

from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from pipeline.app.terminal import console, neutral

if TYPE_CHECKING:
    from pipeline.harvest.checking import Checked
    from pipeline.harvest.hour import Hour
    from pipeline.upkeep.source_health import SourceHealth

_COUNTS = {
    "n_fetched": "fetched",
    "n_not_modified": "same",
    "n_duplicate": "known",
    "n_refused": "refused",
    "n_deferred": "deferred",
    "n_failed": "failed",
}


def harvested(done: "Hour") -> None:
    """A line for each source, of its day so far, which earlier runs count for, too; then what this run did."""
    table = _table("outlet", *_COUNTS.values(), "health")
    table.title = f"{' and '.join(sorted({str(row['ingest_date']) for row in done.rows}))}, all runs so far"
    for row in done.rows:
        counts = (f"{row[name]:,}" for name in _COUNTS)
        table.add_row(neutral(str(row["outlet"])), *counts, str(row["health"]))
    if done.rows:
        console.print(table)
    of_run = {
        "addresses": len(done.report.outcomes),
        "new pages": done.report.n_new,
        "bytes": done.report.n_bytes,
        "files": len(done.files),
    }
    console.print("This run: " + ", ".join(f"{name} {n:,}" for name, n in of_run.items()))


def sources(found: "list[SourceHealth]") -> None:
    """A line for each source: how it is, when it last had something new, and why."""
    table = _table("outlet", "health", "last new page", "why")
    for one in found:
        last = f"{one.last_new_at:%Y-%m-%d %H:%M}" if one.last_new_at else "–"
        table.add_row(neutral(one.outlet), one.health, last, neutral(one.sentence))
    console.print(table)


def checked(found: "list[Checked]") -> None:
    """Each listing with its outcome, and below it what it gives."""
    for one in found:
        leads = " → (for good: correct the file) " if one.is_moved else " → "
        address = f"{one.address}{leads}{one.final_address}" if one.final_address else one.address
        _line(f"{one.outcome}  {address}")
        _line(f"    {one.kind} of {one.outlet}{_gives(one)}")


def _gives(one: "Checked") -> str:
    if one.found is None:
        return f": {one.detail}" if one.detail else ""
    newest = f", newest {one.newest_at:%Y-%m-%d %H:%M}" if one.newest_at else ""
    counts = (
        f"{one.n_items} items, {one.n_undated} undated, {one.n_no_page} without a page, {one.n_parts} parts"
    )
    otherwise = f"; {one.detail}" if one.detail else ""
    return f": {one.found}, {counts}{newest}{otherwise}"


def _line(text: str) -> None:
    console.print(Text(neutral(text)), soft_wrap=True)


def _table(*names: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, header_style="bold")
    for name in names:
        table.add_column(name, justify="right" if name in _COUNTS.values() else "left")
    return table
