"""What the feed of changes costs a publisher: its share of the time that publishing takes.

    python -m benchmarks.changes [--articles 20000]

A day of made-up articles is published: new; with a hundredth more; with a fifth more; with all stories told anew by another threshold.
Beside the CPU seconds of publishing stand those of its part that tells the feed: comparing rows, the note before, the rows after.
"""

import argparse
import tempfile
import time
from functools import wraps
from pathlib import Path
from typing import Any

from benchmarks.hourly import DAY, put, records
from pipeline.day import run
from pipeline.day.desk import open_desk
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.settings import load
from pipeline.store import telling, warehouse

_spent = {"publishing": 0.0, "telling": 0.0}  # seconds of CPU of this process


def _timed(what: str, owner: Any, name: str) -> None:
    """Add up the CPU time that a function takes."""
    real = getattr(owner, name)

    @wraps(real)
    def timing(*arguments: Any, **named: Any) -> Any:
        begun = time.process_time()
        try:
            return real(*arguments, **named)
        finally:
            _spent[what] += time.process_time() - begun

    setattr(owner, name, timing)


def _publish(root: Path, what: str, **settings: Any) -> None:
    chosen = load(landing=str(root / "landing"), warehouse=str(root / "warehouse"), **settings)
    desk = open_desk(chosen, EmbeddedEngine(2))
    before = desk.warehouse.teller.feed.last()
    report = run.run_day(desk, DAY)
    feed = desk.warehouse.teller.feed
    n_rows = (
        feed.since(before)[1].num_rows
        if before
        else sum(feed.read_range(f).rows.num_rows for f in feed.firsts())
    )
    took, told = _spent["publishing"], _spent["telling"]
    print(
        f"| {what} | {report.row['n_articles']:,} | {n_rows:,} | {took:.2f} | {told:.3f} | {told / took:.1%} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=20_000)
    n = parser.parse_args().articles
    rows = records(n)
    for owner, name in ((telling.Teller, "_note"), (telling.Teller, "_close"), (warehouse, "changed_rows")):
        _timed("telling", owner, name)
    _timed("publishing", run, "publish_day")
    print(
        "| what is published | articles | rows told | publishing, CPU s | telling, CPU s | share |\n|---|---:|---:|---:|---:|---:|"
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
