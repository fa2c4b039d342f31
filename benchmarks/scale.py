"""What newsfold costs by size, in one table: this tree beside an earlier one, in one run.

    python benchmarks/scale.py                                        # 2,000 articles a day: each row's cost, peak memory and aim
    python benchmarks/scale.py --before ../earlier --articles 20000   # another checkout beside it, and the ratio
    python benchmarks/scale.py --only runs cores                      # some groups of rows: see --help
    NEWSFOLD_DATA=... python benchmarks/scale.py --only pages         # rows that need labelled data are left out without it

Made-up articles (`corpus.py`) are delivered on days that follow each other, so that the last one has a full window before it.
Runs are commands of newsfold in processes of their own: CPU seconds are those of the process and its children together, memory is the
largest process's. The trees take turns, row by row, on the same documents. Placing, copies and Spark are measured by
their own benchmarks, of each tree its own. The aims are for 20,000 articles a day.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import apart
import copy_stages
import copy_windows
import cores
import corpus
import storage

ROOT = Path(__file__).parents[1]
WINDOW_DAYS = 7  # newsfold's default
LATE = 100  # articles of a late file, and of a small day
PARTS = 24  # of a day that is published every hour


@dataclass(frozen=True)
class Figure:
    """What was measured, and the peak memory of the largest process that it took."""

    value: float
    unit: str
    peak_mb: float = 0.0

    def __add__(self, other: "Figure") -> "Figure":
        return Figure(self.value + other.value, self.unit, max(self.peak_mb, other.peak_mb))

    def times(self, n: float) -> "Figure":
        """The same of n times as much."""
        return Figure(self.value * n, self.unit, self.peak_mb)

    def __str__(self) -> str:
        shown = f"{self.value:,.0f}" if self.value >= 100 else f"{self.value:.2f}"
        return f"{shown} {self.unit}" + (f" ({self.peak_mb:,.0f} MB)" if self.peak_mb else "")


@dataclass(frozen=True)
class Tree:
    """A checkout, and the folder of its warehouse."""

    root: Path
    warehouse: Path
    landing: Path

    def run(self, *days: date) -> Figure:
        """CPU seconds of `newsfold run` of the days by one worker, one process each."""
        each = (self._command("run", "--day", str(day), NEWSFOLD_WORKERS="1") for day in days)
        return sum(each, Figure(0.0, "s"))

    def run_together(self, days: Sequence[date], **settings: str) -> Figure:
        """One `newsfold run` of the days, by settings."""
        return self._command("run", *(word for day in days for word in ("--day", str(day))), **settings)

    def _command(self, *asked: str, **settings: str) -> Figure:
        command = [sys.executable, "-P", "-m", "pipeline", *asked]
        command += ["--landing", str(self.landing), "--warehouse", str(self.warehouse)]
        beside = {"PYTHONPATH": str(self.root), "NEWSFOLD_WINDOW_DAYS": str(WINDOW_DAYS)} | settings
        # In the tree's folder: Spark's workers look there first.
        taken = apart.run(command, self.root, env=os.environ | beside)
        if taken.code:
            raise subprocess.CalledProcessError(taken.code, command)
        return Figure(taken.cpu_seconds, "s", taken.peak_mb)


class Delivery:
    """The landing zone of the measurement, day by day."""

    def __init__(self, landing: Path, n: int) -> None:
        self.landing, self.n = landing, n
        self.days = [corpus.FIRST_DAY + timedelta(days=d) for d in range(WINDOW_DAYS + 2)]
        rows = corpus.generate((n + LATE) * (WINDOW_DAYS + 1) + LATE, days=1)
        self._rows = ({"url": _address(k, row)} | _delivered(row) for k, row in enumerate(rows))

    def put(self, day: date, name: str, n: int, hour: int = 12) -> None:
        """A file of the next n articles, published at that hour."""
        folder = self.landing / f"day={day}"
        folder.mkdir(parents=True, exist_ok=True)
        rows = (next(self._rows) | {"published_at": f"{day}T{hour:02}:00:00Z"} for _ in range(n))
        (folder / name).write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")


def _address(number: int, row: dict[str, Any]) -> str:
    host = "".join(c for c in row["outlet"].lower() if c.isalpha())
    return f"https://{host}.example/{number}"


def _delivered(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("title", "text", "outlet")}


class Plan(NamedTuple):
    """Where rows put what they need, and who delivers articles."""

    scratch: Path
    made: Delivery


class Row(NamedTuple):
    """A row of the table: what is measured, the aim, and how."""

    name: str
    aim: str
    measure: Callable[[Tree], Figure]


def runs(plan: Plan) -> Iterator[Row]:
    """Days with a window, and what comes late. What a row needs is delivered when it is asked for."""
    made, n = plan.made, plan.made.n
    *window, full, small = made.days
    for day in window:
        made.put(day, "feed.jsonl", n)
    yield Row(f"{WINDOW_DAYS} days of {n:,}", "", lambda tree: tree.run(*window))
    made.put(full, "feed.jsonl", n)
    of_all = 100_000 / n
    yield Row("100,000 articles with a full window", "130 s", lambda tree: tree.run(full).times(of_all))
    yield Row(f"a day of {n:,} again, nothing changed", "1.5 s", lambda tree: tree.run(full))
    made.put(full, "late.jsonl", LATE)
    yield Row(f"{LATE} late articles beside it", "6 s", lambda tree: tree.run(full))
    made.put(small, "feed.jsonl", LATE)
    against = f"{LATE} articles against a window of {WINDOW_DAYS * n + LATE:,}"
    yield Row(against, "2.5 s, 450 MB", lambda tree: tree.run(small))
    yield Row("storage an article", "3,200 B", lambda tree: Figure(_stored(tree), "B"))


def _stored(tree: Tree) -> float:
    """Bytes an article, of the published tables and the state that the runs have left."""
    return sum(storage.measure(tree.warehouse).values())


def parts(plan: Plan) -> Iterator[Row]:
    """A day that is delivered part by part, what was published in an hour after it, each of which is run at once, against one run of
    all; it has no window.
    """
    day, size = plan.made.days[0] - timedelta(days=400), plan.made.n // PARTS
    names = [f"part-{k:02}.jsonl" for k in range(PARTS)]
    for hour, name in enumerate(names):
        plan.made.put(day, name, size, hour)
    yield Row(
        f"{PARTS} parts of {size:,} against one run",
        "2 times",
        lambda tree: _ratio_of_parts(tree, day, names),
    )


def _ratio_of_parts(tree: Tree, day: date, names: Sequence[str]) -> Figure:
    """The cost of all parts together, in costs of one run."""
    once, own = tree.run(day), day + timedelta(days=50)
    there, here = (tree.landing / f"day={d}" for d in (day, own))
    here.mkdir(exist_ok=True)
    cost = Figure(0.0, "s")
    for name in names:
        (here / name).write_bytes((there / name).read_bytes())
        cost += tree.run(own)
    for name in names:
        (here / name).unlink()
    return Figure(cost.value / once.value, "times", cost.peak_mb)


def shared(plan: Plan) -> Iterator[Row]:
    """What workers share, of a day without a window; the terms of an article."""
    landing = plan.scratch / "cores"
    cores.deliver(landing, plan.made.n)
    found: dict[tuple[Path, int], cores.Cost] = {}

    def ran(tree: Tree, workers: int) -> cores.Cost:
        key = tree.root, workers
        if key not in found:
            found[key] = cores.run(
                tree.root, landing, tree.warehouse.parent / f"{tree.warehouse.name}-{workers}", workers
            )
        return found[key]

    def gain(tree: Tree, workers: int) -> Figure:
        cost = ran(tree, 2)
        return Figure(ran(tree, 1).with_workers(1) / cost.with_workers(workers), "times", cost.parent_mb)

    yield Row(
        f"a day of {plan.made.n:,}, no window, 2 workers: parent",
        "",
        lambda tree: Figure(ran(tree, 2).parent, "s", ran(tree, 2).parent_mb),
    )
    yield Row("  its children", "", lambda tree: Figure(ran(tree, 2).children, "s", ran(tree, 2).child_mb))
    yield Row("  2 workers against 1, computed", "1.8 times", lambda tree: gain(tree, 2))
    yield Row("  8 workers against 1, computed", "5 times", lambda tree: gain(tree, 8))
    yield Row(
        "terms of an article", ".3 ms", lambda tree: Figure(cores.weigh(tree.root, cores.WEIGHED), "ms")
    )


def placed(plan: Plan) -> Iterator[Row]:
    """Placing in stories, by the size of the window."""
    n = max(1_000, plan.made.n // 2)
    for times in (5, 10, 20):

        def measure(tree: Tree, window: int = n * times) -> Figure:
            *_, ms, mb, _ = (
                _own(tree, "placing", "--new", str(n), "--window", str(window)).split("\n")[1].split()
            )
            return Figure(float(ms), "ms", float(mb))

        aim = ".6 ms, 1,000 MB at 500,000" if times == 20 else ""
        yield Row(f"placing one of {n:,} against {n * times:,}", aim, measure)


def pages(_plan: Plan) -> Iterator[Row]:
    """A page, in costs of trafilatura's default with metadata in the same run; labelled pages are needed."""
    for name in ("fundus", "wcxb_articles_dev"):
        if not (data() / "extraction" / name).is_dir():
            continue

        def measure(tree: Tree, name: str = name) -> Figure:
            told = _own(tree, "extraction", "--set", name, "--limit", "150", "--hostile", "0")
            (line,) = (line for line in told.splitlines() if "CPU of default's" in line)
            return Figure(float(re.findall(r"\d*\.\d+", line)[0]), "of it")

        yield Row(f"a page of {name}, of trafilatura's default", ".50 of it", measure)


def of_copies(plan: Plan) -> Iterator[Row]:
    """What finding copies costs as the window grows; corpora with planted copies are needed."""
    if not (copy_stages.TOOLS / "make_corpus.py").is_file():
        return
    n = plan.made.n
    for window in (0, n, 5 * n):

        def measure(tree: Tree, window: int = window) -> Figure:
            found = copy_windows.measured(tree.root, copy_windows.prepared(window), n, 1)
            seconds = sum(found[step] for step in copy_windows.STEPS)
            return Figure(1e6 * seconds / n, "µs", found["peak"])

        aim = "1.5 times the first" if window else ""
        yield Row(f"copies of one of {n:,} against {window:,}", aim, measure)


def on_spark(plan: Plan) -> Iterator[Row]:
    """Days of raw pages on Spark, by the clock; Java is needed."""
    landing, n_days = plan.scratch / "pages", 5
    corpus.deliver_pages(75 * n_days, landing, days=n_days)
    days = [corpus.FIRST_DAY + timedelta(days=d) for d in range(n_days)]

    def measure(tree: Tree) -> Figure:
        own = Tree(tree.root, tree.warehouse.with_name(f"{tree.warehouse.name}-spark"), landing)
        begun = time.perf_counter()
        own.run_together(days, NEWSFOLD_ENGINE="spark", NEWSFOLD_MASTER="local[2]")
        return Figure(time.perf_counter() - begun, "s")

    yield Row(f"{n_days} days of 75 pages on Spark, by the clock", "120 s", measure)


def data() -> Path:
    """Where labelled data is; runs are in folders of their own."""
    return Path(os.environ.get("NEWSFOLD_DATA", "../shared/data")).resolve()


def _own(tree: Tree, benchmark: str, *asked: str) -> str:
    """What a tree's own benchmark prints."""
    command = [sys.executable, "-m", f"benchmarks.{benchmark}", *asked]
    beside = {
        "PYTHONPATH": f"{tree.root}{os.pathsep}{tree.root / 'benchmarks'}",
        "NEWSFOLD_DATA": str(data()),
    }
    return subprocess.run(
        command, check=True, env=os.environ | beside, cwd=tree.root, stdout=subprocess.PIPE, text=True
    ).stdout


GROUPS: dict[str, Callable[[Plan], Iterator[Row]]] = {
    "runs": runs,
    "parts": parts,
    "cores": shared,
    "placing": placed,
    "copies": of_copies,
    "pages": pages,
    "spark": on_spark,
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=2_000, help="articles a day (2,000)")
    parser.add_argument("--before", type=Path, help="another checkout, measured in the same run")
    parser.add_argument(
        "--only", nargs="+", choices=GROUPS, default=list(GROUPS), help="groups of rows (all)"
    )
    asked = parser.parse_args()
    if asked.before and not (asked.before / "pipeline").is_dir():
        parser.error(f"--before {asked.before}: no checkout of newsfold is there")
    roots = [*([asked.before.resolve()] if asked.before else []), ROOT]
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        made = Delivery(scratch / "landing", asked.articles)
        trees = [Tree(root, scratch / f"warehouse-{k}", made.landing) for k, root in enumerate(roots)]
        print(f"{'':<54}{'before':>20}{'after':>20}{'ratio':>8}  aim")
        for name in asked.only:
            for row in GROUPS[name](Plan(scratch, made)):
                show(row, trees)


def show(row: Row, trees: Sequence[Tree]) -> None:
    """Measure a row in each tree, and print it."""
    figures = [row.measure(tree) for tree in trees]
    ratio = f"{figures[-1].value / figures[0].value:.2f}" if len(figures) > 1 else ""
    columns = ["", *map(str, figures)][-2:]
    print(f"{row.name:<54}{columns[0]:>20}{columns[1]:>20}{ratio:>8}  {row.aim}", flush=True)


if __name__ == "__main__":
    main()
