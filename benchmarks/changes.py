"""What the feed of changes costs a publisher: its share of the CPU time that publishing takes.

    python -m benchmarks.changes [--articles 10000]

A day of made-up articles is published: new, which is told as a whole; then with changes that are told row by row: a hundredth more, a fifth
more, a twentieth with other texts. Beside the CPU seconds of publishing stand those of its part that tells
the feed: reading what stands, comparing rows, the note before, the rows after. Takes two minutes.
"""

import argparse
import json
import tempfile
import time
from collections import defaultdict
from functools import wraps
from pathlib import Path
from typing import Any

from benchmarks.hourly import DAY, put, records
from pipeline.day import run
from pipeline.day.desk import open_desk
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.settings import load
from pipeline.store import telling, warehouse

_PARTS = {"_note": telling.Teller, "changed_rows": warehouse, "_close": telling.Teller}
_spent: dict[str, float] = defaultdict(float)  # seconds of CPU of this process


def _timed(owner: Any, name: str) -> None:
    """Add up the CPU time that a function takes."""
    real = getattr(owner, name)

    @wraps(real)
    def timing(*arguments: Any, **named: Any) -> Any:
        begun = time.process_time()
        try:
            return real(*arguments, **named)
        finally:
            _spent[name] += time.process_time() - begun

    setattr(owner, name, timing)


def _publish(root: Path, what: str, **settings: Any) -> tuple[float, float]:
    """Run the day, and print a row; returns the CPU seconds of telling and of publishing."""
    chosen = load(landing=str(root / "landing"), warehouse=str(root / "warehouse"), **settings)
    desk = open_desk(chosen, EmbeddedEngine(2))
    feed, before = desk.warehouse.teller.feed, desk.warehouse.teller.feed.last()
    _spent.clear()
    report = run.run_day(desk, DAY)
    parts = (feed.read_range(first).rows["publication"].to_pylist() for first in feed.firsts())
    n_told = sum(number > before for part in parts for number in part)
    told, took = sum(_spent[name] for name in _PARTS), _spent["publish_day"]
    costs = " | ".join(f"{_spent[name]:.3f}" for name in _PARTS)
    print(
        f"| {what} | {report.row['n_articles']:,} | {n_told:,} | {took:.2f} | {costs} | {told / took:.1%} |",
        flush=True,
    )
    return told, took


def _reworded(row: str) -> str:
    """The record with a sentence more, which makes it another article."""
    said = json.loads(row)
    return json.dumps(said | {"text": said["text"] + "\nThe editors have added this sentence since."})


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=10_000)
    n = parser.parse_args().articles
    rows = records(n)
    for name, owner in _PARTS.items():
        _timed(owner, name)
    _timed(run, "publish_day")
    print(
        "| what is published | articles | rows told | publishing, CPU s | note | comparing | telling | share |\n"
        "|---|---:|---:|---:|---:|---:|---:|---:|"
    )
    with tempfile.TemporaryDirectory() as folder:
        root, first = Path(folder), round(n * 0.79)
        put(root, "landing", 0, rows[:first])
        _publish(root, "a new day")
        put(root, "landing", 1, rows[first : first + n // 100])
        by_rows = [_publish(root, "a hundredth more")]
        put(root, "landing", 2, rows[first + n // 100 :])
        by_rows.append(_publish(root, "a fifth more"))
        put(
            root, "landing", 0, [_reworded(row) if k % 20 == 0 else row for k, row in enumerate(rows[:first])]
        )
        by_rows.append(_publish(root, "a twentieth with other texts"))
    told, took = (sum(column) for column in zip(*by_rows, strict=True))
    print(f"\ntold row by row: {told:.2f} of {took:.2f} CPU seconds, {told / took:.1%}")


if __name__ == "__main__":
    main()
