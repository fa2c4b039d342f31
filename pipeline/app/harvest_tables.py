"""On the terminal: what a harvest did, and what listings give."""

from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from pipeline.app.terminal import console, neutral

if TYPE_CHECKING:
    from pipeline.harvest.checking import Checked
    from pipeline.harvest.hour import Hour

_COUNTS = {
    "n_fetched": "fetched",
    "n_not_modified": "same",
    "n_duplicate": "known",
    "n_refused": "refused",
    "n_deferred": "deferred",
    "n_failed": "failed",
}


def harvested(done: "Hour") -> None:
    """A line for each source, of its day so far; then what this run did."""
    table = _table("outlet", *_COUNTS.values(), "health")
    for row in done.rows:
        counts = (f"{row[name]:,}" for name in _COUNTS)
        table.add_row(neutral(str(row["outlet"])), *counts, str(row["health"]))
    if done.rows:
        console.print(table)
    n_bytes, n = done.report.n_bytes, len(done.report.outcomes)
    console.print(
        f"{n:,} addresses, {done.report.n_new:,} new pages, {n_bytes:,} bytes, {len(done.files):,} files"
    )


def checked(found: "list[Checked]") -> None:
    """Each listing with its outcome, and below it what it gives."""
    for one in found:
        address = f"{one.address} → {one.final_address}" if one.final_address else one.address
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
