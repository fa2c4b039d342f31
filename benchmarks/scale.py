"""What a run costs, and what of it is due to what is new: this tree beside an earlier one, in one run.

    python benchmarks/scale.py                                    # 2,000 articles a day: CPU seconds and peak memory of each row
    python benchmarks/scale.py --before ../earlier --articles 20000   # the same of another checkout in a column before, and the ratio

Made-up articles (`corpus.py`) are delivered on days that follow each other, so that the last one has a full window before it.
Each row is one or several commands of newsfold, in processes of their own. CPU seconds are those of the process and its children
together, memory is the largest process's. The trees take turns, row by row, on the same documents.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import corpus

ROOT = Path(__file__).parents[1]
WINDOW_DAYS = 7  # newsfold's default
LATE = 100  # articles of a late file, and of a small day
MB = 1024  # Linux counts the memory of a process in kilobytes


@dataclass(frozen=True)
class Cost:
    """CPU seconds of some commands, and the peak memory of the largest process among them."""

    seconds: float = 0.0
    peak_mb: float = 0.0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.seconds + other.seconds, max(self.peak_mb, other.peak_mb))


@dataclass(frozen=True)
class Tree:
    """A checkout, and the folder of its warehouse."""

    root: Path
    warehouse: Path
    landing: Path

    def run(self, *days: date, workers: int = 1) -> Cost:
        """`newsfold run` of the days, one process each."""
        return sum((self._command("run", "--day", str(day), workers=workers) for day in days), Cost())

    def _command(self, *asked: str, workers: int) -> Cost:
        command = [sys.executable, "-P", "-m", "pipeline", *asked]
        command += ["--landing", str(self.landing), "--warehouse", str(self.warehouse)]
        beside = {
            "PYTHONPATH": str(self.root),
            "NEWSFOLD_WORKERS": str(workers),
            "NEWSFOLD_WINDOW_DAYS": str(WINDOW_DAYS),
        }
        child = subprocess.Popen(command, env=os.environ | beside, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise subprocess.CalledProcessError(child.returncode, command)
        return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / MB)


class Delivery:
    """The landing zone of the measurement, day by day."""

    def __init__(self, landing: Path, n: int) -> None:
        self.landing, self.n = landing, n
        self.days = [corpus.FIRST_DAY + timedelta(days=d) for d in range(WINDOW_DAYS + 2)]
        rows = corpus.generate((n + LATE) * (WINDOW_DAYS + 1) + LATE, days=1)
        self._rows = ({"url": _address(k, row)} | _delivered(row) for k, row in enumerate(rows))

    def put(self, day: date, name: str, n: int) -> None:
        """A file of the next n articles."""
        folder = self.landing / f"day={day}"
        folder.mkdir(parents=True, exist_ok=True)
        rows = (next(self._rows) | {"published_at": f"{day}T12:00:00Z"} for _ in range(n))
        (folder / name).write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")


def _address(number: int, row: dict[str, Any]) -> str:
    host = "".join(c for c in row["outlet"].lower() if c.isalpha())
    return f"https://{host}.example/{number}"


def _delivered(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("title", "text", "outlet")}


def rows(made: Delivery, parts: int) -> Iterator[tuple[str, Callable[[Tree], Cost]]]:
    """Each row of the table: its name, and what is run for it. What it needs is delivered when it is asked for."""
    *window, full, small = made.days
    n = made.n
    for day in window:
        made.put(day, "feed.jsonl", n)
    yield f"{WINDOW_DAYS} days of {n:,}", lambda tree: tree.run(*window)
    made.put(full, "feed.jsonl", n)
    yield f"a day of {n:,} after them", lambda tree: tree.run(full)
    yield "that day again, nothing changed", lambda tree: tree.run(full)
    made.put(full, "late.jsonl", LATE)
    yield f"{LATE} late articles beside it", lambda tree: tree.run(full)
    made.put(small, "feed.jsonl", LATE)
    yield f"{LATE} articles against a window of {WINDOW_DAYS * n + LATE:,}", lambda tree: tree.run(small)
    yield from _in_parts(made, parts)


def _in_parts(made: Delivery, parts: int) -> Iterator[tuple[str, Callable[[Tree], Cost]]]:
    """A day that is delivered part by part, each part of which is run at once; it has no window."""
    day = made.days[0] - timedelta(days=400)
    names = [f"part-{k:02}.jsonl" for k in range(parts)]
    size = made.n // max(1, parts)
    if not parts or not size:
        return
    for name in names:
        made.put(day, name, size)

    def all_at_once(tree: Tree) -> Cost:
        return tree.run(day)

    def one_by_one(tree: Tree) -> Cost:
        own = day + timedelta(days=50)
        there, here = (tree.landing / f"day={d}" for d in (day, own))
        own_tree = Tree(tree.root, tree.warehouse, tree.landing)
        cost = Cost()
        here.mkdir(exist_ok=True)
        for name in names:
            (here / name).write_bytes((there / name).read_bytes())
            cost += own_tree.run(own)
        for name in names:
            (here / name).unlink()
        return cost

    yield f"a day of {size * parts:,} in one part", all_at_once
    yield f"the same in {parts} parts, one after another", one_by_one


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=2_000, help="articles a day (2,000)")
    parser.add_argument("--before", type=Path, help="another checkout, measured in the same run")
    parser.add_argument(
        "--parts", type=int, default=0, help="also deliver a day in so many parts (0: do not)"
    )
    asked = parser.parse_args()
    if asked.before and not (asked.before / "pipeline").is_dir():
        parser.error(f"--before {asked.before}: no checkout of newsfold is there")
    with tempfile.TemporaryDirectory() as scratch:
        measure(Path(scratch), asked.articles, asked.before, asked.parts)


def measure(scratch: Path, n: int, before: Path | None, parts: int) -> None:
    """Print the table, row by row."""
    made = Delivery(scratch / "landing", n)
    roots = [*([before.resolve()] if before else []), ROOT]
    trees = [Tree(root, scratch / f"warehouse-{k}", made.landing) for k, root in enumerate(roots)]
    print(f"{'CPU seconds (peak MB)':<52}{'before':>16}{'after':>16}{'ratio':>8}")
    for name, run in rows(made, parts):
        costs = [run(tree) for tree in trees]
        told = [f"{cost.seconds:.1f} ({cost.peak_mb:.0f})" for cost in costs]
        ratio = f"{costs[-1].seconds / costs[0].seconds:.2f}" if before else ""
        columns = told if before else ["", *told]
        print(f"{name:<52}{columns[0]:>16}{columns[1]:>16}{ratio:>8}", flush=True)


if __name__ == "__main__":
    main()
