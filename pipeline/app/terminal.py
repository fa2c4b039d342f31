"""What a person sees on the terminal: the funnel of a run, tables of days and stories, an explanation.

Everything that came from outside goes through `neutral`: titles, texts, names of files. `console` sees to it for whatever it prints.
"""

import csv
import json
import math
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.panel import Panel
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from pipeline.app.counted import counted

if TYPE_CHECKING:
    from pipeline.day.result import RunReport
    from pipeline.kernels.compile import Readied
    from pipeline.store.storage import Leftover
    from pipeline.upkeep.iceberg import Exported
    from pipeline.upkeep.repair import Step
    from pipeline.upkeep.status import Status

# Controls but tabs and ends of lines, what turns the direction of what follows, separators of lines that terminals disagree on,
# tags that are not seen, halves of surrogate pairs, which no terminal can be sent.
_UNSAFE = re.compile(
    r"[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u206f\ud800-\udfff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def neutral(text: str) -> str:
    r"""The text with what a terminal would obey spelled out, as JSON and Python do: \u001b."""
    return _UNSAFE.sub(_spelled, text)


def _spelled(found: re.Match[str]) -> str:
    point = ord(found[0])
    if point < 0x10000:
        return f"\\u{point:04x}"
    high, low = divmod(point - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"


class _Neutral(Console):
    """A console on which nothing that came from outside is obeyed: no control characters, no markup, no emoji codes."""

    def __init__(self) -> None:
        super().__init__(markup=False, emoji=False)

    def render_str(self, text: str, **options: Any) -> Text:
        """Spelled out before it is measured, so that nothing of a cell is cut off."""
        return super().render_str(neutral(text), **options)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        for text, style, control in super().render(renderable, options):
            yield Segment(text if control else neutral(text), style, control)


console = _Neutral()


def answer(found: dict[str, Any] | Iterable[dict[str, Any]], as_json: bool, show: Callable[[], None]) -> None:
    """Print what a command found: as JSON lines for a script, a line a record, else as `show` shows it to a person."""
    if not as_json:
        show()
        return
    for record in [found] if isinstance(found, dict) else found:
        print(neutral(_json_line(record)))  # noqa: T201 - this is the command line


def _json_line(record: dict[str, Any]) -> str:
    """JSON has no NaN and no infinity: they are null. What the stream can't show is escaped, and reads back the same."""
    only_ascii = not str(sys.stdout.encoding).lower().startswith("utf")
    try:
        return json.dumps(record, default=str, ensure_ascii=only_ascii, allow_nan=False)
    except ValueError:
        return json.dumps(_finite(record), default=str, ensure_ascii=only_ascii, allow_nan=False)


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _finite(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def ran(done: "RunReport", place: str) -> None:
    """Show one line for a day that was run; `place` is which one of how many it is."""
    row = done.row
    counts = ", ".join(
        [
            f"{row['n_raw']:,} raw",
            counted(row["n_rejects"], "reject"),
            counted(row["n_articles"], "article"),
            counted(row["n_stories"], "new story", "new stories"),
        ]
    )
    if row["n_stage_faults"]:
        counts += f", {row['n_stage_faults']:,} faults of stages (-v names them)"
    console.print(
        f"{place}  {done.day}  {counts if row['n_raw'] else _EMPTY}  {sum(done.seconds.values()):.1f} s"
        + ("" if done.changed else "  nothing has changed"),
        soft_wrap=True,
        highlight=False,
    )


_EMPTY = "no raw documents: the day was published empty"


def funnel(done: "RunReport") -> None:
    """Show the counts of a run from raw documents to stories, the time of each stage and the peak memory."""
    row = done.row
    if not row["n_raw"]:
        console.print(Text(str(done.day), style="bold"), f" {_EMPTY}")
        return
    grid = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    grid.add_column(justify="right", style="bold")
    grid.add_column()
    for n, label in _steps(row):
        grid.add_row(f"{n:,}", label)
    times = "  ".join(f"{stage} {seconds:.2f} s" for stage, seconds in done.seconds.items())
    times += f"  peak {max(done.peak_mb.values()):,.0f} MB"
    touched = (
        ", ".join(dict.fromkeys(name.split("/")[0] for name in done.changed))
        or "nothing, no byte has changed"
    )
    console.print(
        Panel(
            Group(grid, Text(times, style="dim"), Text(f"written: {touched}", style="dim")),
            title=str(done.day),
            title_align="left",
            box=box.ROUNDED,
        )
    )


def _steps(row: dict[str, Any]) -> Iterable[tuple[int, str]]:
    reasons = ", ".join(f"{r['n']:,} {r['reason']}" for r in row["rejects_by_reason"])
    yield row["n_raw"], "raw documents"
    yield row["n_rejects"], "rejects" + (f" ({reasons})" if reasons else "")
    yield row["n_articles"], "articles"
    yield row["n_compared"], f"pairs compared, {row['n_accepted']:,} accepted"
    yield row["n_exact"], "exact copies"
    yield row["n_near"], "near copies"
    yield row["n_excerpt"], "excerpts"
    yield row["n_expanded"], "expanded copies"
    if row["n_refetch"]:
        yield row["n_refetch"], "pages fetched again"
    if row["n_revisions"]:
        yield row["n_revisions"], "pages with a new version"
    if row["n_flows"]:
        yield row["n_flows"], "texts taken from another outlet or agency"
    yield row["n_copy_groups"], f"different texts, {row['n_reports']:,} of them in a known story"
    yield row["n_stories"], "new stories"
    if row["n_stage_faults"]:
        stages = Counter(fault["stage"] for fault in row["stage_faults"])
        told = ", ".join(f"{n:,} {stage}" for stage, n in sorted(stages.items()))
        yield row["n_stage_faults"], f"faults of stages ({told}): see stage_faults in runs"


def closing(found: list[dict[str, Any]], warehouse_uri: str) -> None:
    """After a run, show the largest stories of its days and the path of the Parquet files."""
    if found:
        stories(found)
    from pipeline.model.tables import STORIES
    from pipeline.store import layout

    console.print(
        f"Parquet: {warehouse_uri}/{layout.every_partition(STORIES)}", soft_wrap=True, highlight=False
    )


def next_steps(program: str, warehouse_uri: str) -> None:
    """After the demo, show what to type to look at the stories, and to run documents of one's own."""
    place = f"--warehouse {warehouse_uri}"
    for line in (
        f"Look at them:        {program} serve {place}",
        f"See the stories:     {program} stories {place}",
        f"Run your own pages:  {program} run --landing FOLDER --warehouse FOLDER",
    ):
        console.print(line, soft_wrap=True, highlight=False, markup=False)


def stories(found: list[dict[str, Any]]) -> None:
    """Show stories, a row each, in the order given."""
    table = Table(box=box.SIMPLE_HEAD, header_style="bold")
    for name in ("articles", "copies", "texts", "outlets", "sources"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("story", ratio=1)
    for row in found:
        names = ("n_articles", "n_copies", "n_copy_groups", "n_outlets", "n_sources")
        counts = ("" if row[n] is None else str(row[n]) for n in names)
        title = shorten(row["title"] or row["lead"] or "", 110, placeholder=" …")
        more = " · ".join([str(row["first_date"]), row["story_id"][:16], ", ".join(row["keywords"])])
        cell = Text(neutral(title), style="bold").append("\n" + neutral(more), style="not bold dim")
        table.add_row(*counts, cell)
    console.print(table if found else "no stories")


def network(found: dict[str, Any]) -> None:
    """Show who took texts from whom: sources, texts, lags."""
    if not found["n_flows"]:
        console.print("nobody took a text from anybody")
        return
    shown = {
        "sources": ("source", "kind", "n_taken", "n_texts", "n_outlets", "n_unclear", "median_lag_minutes"),
        "taken": ("n_outlets", "sources", "title", "copy_id"),
        "lags": ("lag", "n_taken"),
    }
    for part, names in shown.items():
        table = Table(*(n.removeprefix("n_").replace("_", " ") for n in names), box=box.SIMPLE_HEAD)
        for row in found[part]:
            table.add_row(*(Text(neutral(_cell(row[name]))) for name in names))
        console.print(table)


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    return "" if value is None else shorten(str(value), 80, placeholder=" …")


def edges(found: dict[str, Any]) -> None:
    """Print the edges of a network as CSV, with names that no spreadsheet takes for a formula."""
    names = ("from", "from_kind", "to", "n_texts", "n_stated", "n_earlier", "n_unclear", "median_lag_minutes")
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(names)
    for edge in found["edges"]:
        cells = (neutral(" ".join(str("" if edge[n] is None else edge[n]).split())) for n in names)
        out.writerow(f"'{cell}" if cell[:1] in {"=", "+", "@"} else cell for cell in cells)


def add_day(table: Table) -> None:
    """A column for days: where the terminal is narrow, the other columns give way, and fold rather than cut."""
    table.add_column("day", no_wrap=True, min_width=len("2026-03-05"))


def status(found: "list[Status]") -> None:
    """Show the state of each day, one row per day."""
    colours = {"fresh": "green", "stale": "yellow", "incomplete": "red", "missing": "red"}
    table = Table(box=box.SIMPLE_HEAD, header_style="bold")
    add_day(table)
    for name in ("state", "raw", "rejects", "articles", "stories", "why"):
        is_count = name not in {"state", "why"}
        table.add_column(name, justify="right" if is_count else "left", overflow="fold")
    for one in found:
        counts = (str(one.counts.get(n, "")) for n in ("n_raw", "n_rejects", "n_articles", "n_stories"))
        more = f" and {len(one.reasons) - 3} more" if len(one.reasons) > 3 else ""
        table.add_row(
            str(one.day),
            Text(one.state, style=colours[one.state]),
            *counts,
            ", ".join(map(str, one.reasons[:3])) + more,
        )
    console.print(table if found else _NO_DAYS)


_NO_DAYS = "no days in the landing zone or the warehouse; check --landing and --warehouse"


def plan(steps: "list[Step]", n_days: int) -> None:
    """Show what a repair will do, one row per day."""
    table = Table(box=box.SIMPLE_HEAD, header_style="bold")
    add_day(table)
    for name in ("state", "action", "why"):
        table.add_column(name, overflow="fold")
    for step in steps:
        more = f" and {len(step.reasons) - 3} more" if len(step.reasons) > 3 else ""
        table.add_row(str(step.day), step.state, step.action, ", ".join(map(str, step.reasons[:3])) + more)
    n_run = sum(step.is_due for step in steps)
    if not n_days:
        console.print(_NO_DAYS)
        return
    if steps:
        console.print(table)
    console.print(
        f"{n_run} of {counted(n_days, 'day')} to run"
        if n_run
        else f"nothing to repair in {counted(n_days, 'day')}"
    )


def repaired(found: "Status", done: "RunReport", place: str) -> None:
    """Show one line for a day that a repair has run."""
    touched = ", ".join(done.changed) or "nothing"
    seconds = sum(done.seconds.values())
    console.print(
        f"{place}  {found.day}  {found.state}  {seconds:.2f} s  written: {touched}",
        soft_wrap=True,
        highlight=False,
    )


def leftovers(found: "list[Leftover]", is_dry: bool) -> None:
    """Show what is removed, one line per file."""
    for one in found:
        console.print(f"{one.size_bytes:>14,}  {one.what}", soft_wrap=True, highlight=False)
    total = sum(one.size_bytes for one in found)
    console.print(
        f"{counted(len(found), 'file')}, {total:,} bytes" + (" would be removed" if is_dry else " removed"),
        highlight=False,
    )


def exported(found: "list[Exported]", catalog_uri: str) -> None:
    """Show what an export registered, one line per table, and how to open it."""
    for one in found:
        replaced = f"{len(one.days)} of them new or replaced" if one.days else "nothing new"
        console.print(f"{one.table:<12} {counted(one.n_files, 'day'):>10}, {replaced}", highlight=False)
    console.print(
        f'pyiceberg: load_catalog("newsfold", type="sql", uri="{catalog_uri}").load_table("newsfold.stories")',
        soft_wrap=True,
        highlight=False,
    )


def readied(found: "list[Readied]") -> None:
    """Show what was compiled, one line per kernel, and the folders that keep the machine code."""
    for one in found:
        done = f"compiled in {one.seconds:.1f} s" if one.is_compiled else "already compiled"
        console.print(f"{one.name:<12} {done}", highlight=False)
    for folder in sorted({str(one.path.parent) for one in found if one.path}):
        console.print(folder, soft_wrap=True, highlight=False)


def recall(found: dict[str, Any]) -> None:
    """Show the parameters of the signatures and the recall at each similarity."""
    console.print(found["made_with"], soft_wrap=True, highlight=False)
    console.print(
        "Jaccard  found by a shared band (excerpts are found by shared passages, whatever their Jaccard)"
    )
    block = "█" if str(console.encoding).startswith("utf") else "#"
    for jaccard, share in found["recall"].items():
        console.print(f"{jaccard:7.2f}  {share:.4f} {block * round(40 * share)}", highlight=False)


def markdown(text: str) -> None:
    from rich.markdown import Markdown  # and a parser: 20 ms, which no other command needs

    console.print(Markdown(text)) if sys.stdout.isatty() else sys.stdout.write(text)


def explanation(found: dict[str, Any]) -> None:
    """Show what `explain` found, section by section."""
    for title, section in found.items():
        if section in (None, [], {}):
            continue
        console.print(Text(title.replace("_", " "), style="bold"))
        for line in _lines(section):
            console.print("  ", Text(neutral(line)), soft_wrap=True)


def _lines(section: Any) -> Iterable[str]:
    if isinstance(section, dict):
        return (f"{name}: {_short(value)}" for name, value in section.items() if value not in (None, []))
    return map(str, section) if isinstance(section, list) else (str(section),)


def _short(value: Any) -> str:
    """One line for a value; what a list has, and the fields of a record or of each of a list, side by side."""
    if isinstance(value, list):
        return ", ".join(
            " ".join(map(str, item.values())) if isinstance(item, dict) else str(item) for item in value
        )
    if isinstance(value, dict):
        return "; ".join(f"{name} {_short(part)}" for name, part in value.items() if part is not None)
    return str(value)
