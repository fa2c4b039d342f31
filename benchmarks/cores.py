"""What of a day runs in one process alone, and what workers share; and what the terms of an article cost.

    python benchmarks/cores.py                                      # a day of 5,000 text articles, with 1 worker and with 2
    python benchmarks/cores.py --before ../earlier --articles 20000   # and the same of another checkout, in the same run

Made-up articles (`corpus.py`), a day without a window. CPU seconds are those of the process that runs the day and those of its
children, which parse and clean; "alone" are those of the parent's first thread, below by stage. Workers share the children's and those of the
parent's other threads: compiled loops, Arrow's, and handing over. "2" and "8 workers" are what that gives, alone + the rest / n
of the run with 2 against all of the run with 1: some of what is alone is beside the children, so it may be more. The published tables of all runs must be the same, byte by byte. Terms are weighed in one thread, after the compiled
loops have been loaded. A tree compiles its loops once: `newsfold warm` before, or the first run counts that, too.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import corpus

ROOT = Path(__file__).parents[1]
DAY = corpus.FIRST_DAY
MB = 1024  # Linux counts the memory of a process in kilobytes
WEIGHED = 2_000  # articles of which terms are weighed

_RUN = """
import atexit, contextlib, json, os, resource, sys, time
stages = {}
def tell():
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    told = [time.thread_time(), *([u.ru_utime + u.ru_stime, u.ru_maxrss] for u in used), stages]
    os.write(int(os.environ["TOLD"]), json.dumps(told).encode())
atexit.register(tell)
with contextlib.suppress(ImportError):  # an earlier checkout
    from pipeline.model import own_process
    own_process.settle()
from pipeline.day.result import Day
timed = Day.timed
@contextlib.contextmanager
def told(self, stage):
    begun, inner = time.thread_time(), sum(stages.values())
    with timed(self, stage):
        yield
    stages[stage] = stages.get(stage, 0.0) + time.thread_time() - begun - (sum(stages.values()) - inner)
Day.timed = told
from pipeline.__main__ import main
main()
"""
_WEIGH = """
import json, sys, time
import pyarrow as pa
from pipeline.model.tables import ARTICLES
from pipeline.stories import terms
names = ("article_id", "ingest_date", "published_at", "published_precision", "language", "title", "text")
schema = pa.schema([ARTICLES.schema.field(n) for n in names])
rows = pa.Table.from_pylist([dict.fromkeys(names) | json.loads(line) for line in sys.stdin], schema)
terms.weigh(rows.slice(0, 20))
begun = time.process_time()
terms.weigh(rows)
print((time.process_time() - begun) / len(rows) * 1000)
"""


class Cost(NamedTuple):
    """CPU seconds and peak memory of a run and of its children together (memory: of the largest of them)."""

    alone: float
    parent: float
    children: float
    parent_mb: float
    child_mb: float
    stages: dict[str, float]  # what each stage has of `alone`

    def shares(self) -> str:
        """What `alone` consists of."""
        rest = self.alone - sum(self.stages.values())
        return ", ".join(f"{name} {seconds:.2f}" for name, seconds in [*self.stages.items(), ("else", rest)])

    def with_workers(self, n: int) -> float:
        """Seconds if the work of the parent's first thread is done alone and the rest by so many at once."""
        return self.alone + (self.parent - self.alone + self.children) / n


def deliver(landing: Path, n: int) -> None:
    """A file of n articles."""
    folder = landing / f"day={DAY}"
    folder.mkdir(parents=True)
    with (folder / "feed.jsonl").open("w", encoding="utf-8") as sink:
        for k, row in enumerate(corpus.generate(n)):
            host = "".join(c for c in row["outlet"].lower() if c.isalpha())
            said = {name: row[name] for name in ("title", "text", "outlet")}
            sink.write(json.dumps(said | {"url": f"https://{host}.example/{k}", "published_at": row["date"]}))
            sink.write("\n")


def run(tree: Path, landing: Path, warehouse: Path, workers: int) -> Cost:
    """`newsfold run` of the day in a process of its own."""
    told, tell = os.pipe()
    command = [sys.executable, "-P", "-c", _RUN, "run", "--day", str(DAY)]
    command += ["--landing", str(landing), "--warehouse", str(warehouse)]
    beside = {"PYTHONPATH": str(tree), "NEWSFOLD_WORKERS": str(workers), "TOLD": str(tell)}
    subprocess.run(command, check=True, env=os.environ | beside, pass_fds=[tell], stdout=subprocess.DEVNULL)
    os.close(tell)
    with os.fdopen(told) as source:
        alone, (parent, parent_kb), (children, child_kb), stages = json.load(source)
    return Cost(alone, parent, children, parent_kb / MB, child_kb / MB, stages)


def published(warehouse: Path) -> dict[str, bytes]:
    """The bytes of the published tables, but of `runs`, which has times in it."""
    days = warehouse.glob("*/day=*/part-0.parquet")
    return {str(p.relative_to(warehouse)): p.read_bytes() for p in days if p.parent.parent.name != "runs"}


def weigh(tree: Path, n: int) -> float:
    """CPU milliseconds for the terms of an article."""
    fixed = {"ingest_date": None, "language": "en", "published_at": None}
    rows = [
        json.dumps(fixed | {"article_id": f"{k:032x}", "title": row["title"], "text": row["text"]})
        for k, row in enumerate(corpus.generate(n))
    ]
    command = [sys.executable, "-P", "-c", _WEIGH]
    found = subprocess.run(
        command,
        check=True,
        env=os.environ | {"PYTHONPATH": str(tree)},
        input="\n".join(rows),
        stdout=subprocess.PIPE,
        text=True,
    )
    return float(found.stdout)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=5_000, help="articles of the day (5,000)")
    parser.add_argument("--before", type=Path, help="another checkout, measured in the same run")
    asked = parser.parse_args()
    if asked.before and not (asked.before / "pipeline").is_dir():
        parser.error(f"--before {asked.before}: no checkout of newsfold is there")
    trees = {"before": asked.before.resolve()} if asked.before else {}
    with tempfile.TemporaryDirectory() as scratch:
        measure(trees | {"after": ROOT}, Path(scratch), asked.articles)


def measure(trees: dict[str, Path], scratch: Path, n: int) -> None:
    """Print the tables."""
    deliver(scratch / "landing", n)
    print(
        f"{n:,} text articles: CPU seconds   parent   alone  children  of parent, MB  of a child, MB  2 workers  8 workers"
    )
    made = []
    for name, tree in trees.items():
        alone = 0.0
        for workers in (1, 2):
            warehouse = scratch / f"{name}-{workers}"
            cost = run(tree, scratch / "landing", warehouse, workers)
            made.append(published(warehouse))
            alone = alone or cost.with_workers(1)
            gains = [f"{alone / cost.with_workers(many):>10.2f}×" for many in (2, 8)] if workers > 1 else []
            print(
                f"{name + ', workers: ' + str(workers):<32}{cost.parent:>9.1f}{cost.alone:>8.1f}{cost.children:>10.1f}"
                f"{cost.parent_mb:>15.0f}{cost.child_mb:>16.0f}{''.join(gains)}",
                flush=True,
            )
            print(f"    alone: {cost.shares()}", flush=True)
    print("the same bytes in all" if all(one == made[0] for one in made) else "OTHER BYTES")
    for name, tree in trees.items():
        print(f"terms of an article, {name}: {weigh(tree, WEIGHED):.2f} ms of CPU")


if __name__ == "__main__":
    main()
