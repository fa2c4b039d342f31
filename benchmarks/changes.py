"""What the feed of changes costs a publisher: its share of the time that publishing takes.

    python -m benchmarks.changes [--articles 20000]

A day of made-up articles is published: new; with a hundredth more; with a fifth more; with all stories told anew by another threshold.
Beside the seconds of publishing stand those of its part that tells the feed: comparing rows, the note before, the rows after.
"""

import argparse
import tempfile
import time
from functools import wraps
from pathlib import Path
from typing import Any

from benchmarks.hourly import DAY, put, records
from pipeline.day.desk import open_desk
from pipeline.day.run import run_day
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.settings import load
from pipeline.store import telling, warehouse

_spent = 0.0


def _timed(owner: Any, name: str) -> None:
    """Add up the time that a function takes."""
    real = getattr(owner, name)

    @wraps(real)
    def timing(*arguments: Any, **named: Any) -> Any:
        global _spent  # noqa: PLW0603 - one sum of a benchmark
        begun = time.perf_counter()
        try:
            return real(*arguments, **named)
        finally:
            _spent += time.perf_counter() - begun

    setattr(owner, name, timing)


def _publish(root: Path, what: str, **settings: Any) -> None:
    global _spent
    chosen = load(landing=str(root / "landing"), warehouse=str(root / "warehouse"), **settings)
    desk, _spent = open_desk(chosen, EmbeddedEngine(2)), 0.0
    before = desk.warehouse.teller.feed.last()
    report = run_day(desk, DAY)
    feed = desk.warehouse.teller.feed
    n_rows = (
        feed.since(before)[1].num_rows
        if before
        else sum(feed.read_range(f).rows.num_rows for f in feed.firsts())
    )
    took = report.seconds["publish"]
    print(
        f"| {what} | {report.row['n_articles']:,} | {n_rows:,} | {took:.2f} | {_spent:.3f} | {_spent / took:.1%} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=20_000)
    n = parser.parse_args().articles
    rows = records(n)
    for owner, name in ((telling.Teller, "_note"), (telling.Teller, "_close"), (warehouse, "changed_rows")):
        _timed(owner, name)
    print(
        "| what is published | articles | rows told | publishing, s | telling, s | share |\n|---|---:|---:|---:|---:|---:|"
    )
    with tempfile.TemporaryDirectory() as folder:
        root, first = Path(folder), round(n * 0.79)
        put(root, "landing", 0, rows[:first])
        _publish(root, "a new day")
        put(root, "landing", 1, rows[first : first + n // 100])
        _publish(root, "a hundredth more")
        put(root, "landing", 2, rows[first + n // 100 :])
        _publish(root, "a fifth more")
        _publish(root, "another threshold of stories", story_threshold=0.5)


if __name__ == "__main__":
    main()
