"""What placing a day's articles in stories costs, by the size of the window.

    python benchmarks/placing.py                              # 2,000 new articles against 25,000, 50,000 and 100,000 in the window
    python benchmarks/placing.py --new 10000 --window 500000
    python benchmarks/placing.py --profile                    # which functions take the time
    python benchmarks/placing.py --digest                     # a digest of what is placed: the same in two trees?

Made-up articles (`story_days.py`). As many articles as in the window are in the days before it, as a run reads them; `--no-memory`
leaves these out. CPU is that of `assign_stories`, which reads both windows a day at a time; memory is the process's peak above what it had
before. Each size runs in a process of its own. The slope is what an article of the window adds.
"""

import argparse
import cProfile
import datetime as dt
import pstats
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

sys.path.insert(0, str(Path(__file__).parents[1]))

from story_days import ONE_DAY, WINDOW_DAYS, made_up, peak_mb

from pipeline.settings import Settings
from pipeline.store import parquet
from pipeline.stories import assign

THRESHOLD = Settings.model_fields["story_threshold"].default


@dataclass(frozen=True)
class Stored:
    """Days of TERMS on disk, a row group at a time and as often as they are asked for, as a run reads them."""

    paths: tuple[Path, ...]

    def __iter__(self) -> Iterator[pa.Table]:
        for path in self.paths:
            with path.open("rb") as source:
                yield from parquet.groups(source)


def main() -> None:
    """Measure each size in a process of its own, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--new", type=int, default=2_000)
    parser.add_argument("--window", type=int, nargs="+", default=[25_000, 50_000, 100_000])
    parser.add_argument("--no-memory", action="store_true")
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--digest", action="store_true")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        measure(asked.one, asked.new, asked.window[0], asked)
        return
    print(f"{'new':>8}{'window':>10}{'CPU s':>9}{'ms an article':>15}{'MB above start':>16}{'MB start':>10}")
    found = [_in_own_process(size) for size in asked.window]
    if len(found) > 1:
        sizes, mbs = zip(*found, strict=True)
        print(f"{np.polyfit(sizes, mbs, 1)[0] * 1e6:,.0f} bytes of memory for each article of the window")


def _in_own_process(size: int) -> tuple[int, float]:
    import tempfile

    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, *sys.argv, "--one", scratch, "--window", str(size)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    print(done.stdout, end="", flush=True)
    return size, float(done.stdout.split()[4])


def measure(scratch: Path, n_new: int, window: int, asked: argparse.Namespace) -> None:
    """One size: write the days, place, and print."""
    n_days = WINDOW_DAYS * (1 if asked.no_memory else 2)
    days = write(scratch, window // WINDOW_DAYS, n_days)
    today = next(made_up(n_new, 1))
    date = ONE_DAY + dt.timedelta(days=n_days)
    today = renamed(today, date)
    memberships = pa.concat_tables(list(map(_places, days)))
    window_days, memory_days = Stored(tuple(days[-WINDOW_DAYS:])), Stored(tuple(days[:-WINDOW_DAYS]))
    few = memberships.slice(0, 0)
    place(today.slice(0, 20), [], [], few, date)  # what is imported and compiled once
    start, begun = peak_mb(), time.process_time()
    profiler = cProfile.Profile(time.process_time)
    if asked.profile:
        profiler.enable()
    placed = place(today, window_days, memory_days, memberships, date)
    profiler.disable()
    seconds = time.process_time() - begun
    print(
        f"{n_new:>8}{window:>10}{seconds:9.2f}{1000 * seconds / n_new:15.2f}{peak_mb() - start:16}{start:10}"
    )
    if asked.digest:
        print(f"digest {parquet.digest(placed)}")
    if asked.profile:
        pstats.Stats(profiler).sort_stats("cumulative").print_stats(45)


def place(
    today: pa.Table, window: Iterable[pa.Table], memory: Iterable[pa.Table], known: pa.Table, day: dt.date
) -> pa.Table:
    """IN_STORY of a day's articles."""
    return assign.assign_stories(
        today, window, memory, known, day=day, threshold=THRESHOLD, window_days=WINDOW_DAYS
    )


def write(scratch: Path, per_day: int, n_days: int) -> list[Path]:
    """The days of the window, and of the memory before it, oldest first."""
    from pipeline.model.internal_tables import TERMS

    paths = []
    for n, table in enumerate(made_up(per_day, n_days)):
        paths.append(scratch / f"{n:02}.parquet")
        with paths[-1].open("wb") as sink:
            parquet.write(TERMS, TERMS.arrange(table), sink)
    return paths


def renamed(today: pa.Table, date: dt.date) -> pa.Table:
    """The articles of the first day of all, a part of which tell of its events, as those of another day."""
    ids = pa.array([f"{date:%Y%m%d}{i:08d}" for i in range(len(today))])
    today = today.set_column(0, today.schema.field(0), ids)
    return today.set_column(1, today.schema.field(1), pa.array([date] * len(today)))


def _places(path: Path) -> pa.Table:
    """Each article of a day in a story of its own, but for every fifth, which is in that of the one five before."""
    with path.open("rb") as source:
        ids = parquet.read(source, ["article_id"])["article_id"].to_pylist()
    stories = [ids[n - 5] if n % 25 in (5, 15) else one for n, one in enumerate(ids)]
    return pa.table({"article_id": ids, "story_id": stories, "saga_id": stories})


if __name__ == "__main__":
    main()
