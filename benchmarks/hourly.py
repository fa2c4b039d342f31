"""What a day costs that is published every hour, against one run at its end.

    python -m benchmarks.hourly [--articles 20000] [--parts 24]

Articles of `benchmarks/corpus.py` come in equal parts; after each the day is published so far. At the end it is run as a whole. Its bytes
are compared with those of one run over the same files, and so is the CPU time of all parts together. Both are printed, with the time from
the landing of a part to its publication.
"""

import argparse
import ctypes
import gc
import json
import os
import tempfile
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from benchmarks import corpus
from pipeline.day.desk import open_desk
from pipeline.day.run import run_day
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.settings import load
from pipeline.store.layout import is_journal

DAY = corpus.FIRST_DAY


class Ran(NamedTuple):
    """What a run took: seconds by the clock, and of CPU with all child processes; and how many articles the day has."""

    seconds: float
    cpu_seconds: float
    n_articles: int


def _run(root: Path, landing: str, warehouse: str, *, so_far: bool) -> Ran:
    """Publish the day in a process of its own, as a command does: it knows nothing of what runs before it read."""
    begun, (source, sink) = time.perf_counter(), os.pipe()
    child = os.fork()
    if child == 0:
        try:
            settings = load(landing=str(root / landing), warehouse=str(root / warehouse))
            report = run_day(open_desk(settings, EmbeddedEngine(2)), DAY, so_far=so_far)
            os.write(sink, str(report.row["n_articles"]).encode())
            os._exit(0)
        finally:
            os._exit(1)
    _, status, used = os.wait4(child, 0)
    seconds = time.perf_counter() - begun
    os.close(sink)
    if status:
        raise SystemExit(f"a run of {warehouse} failed")
    with os.fdopen(source) as said:
        return Ran(seconds, used.ru_utime + used.ru_stime + _of_orphans(), int(said.read()))


_PR_SET_CHILD_SUBREAPER = 36  # of linux/prctl.h


def adopt() -> None:
    """Become the parent of whatever child processes of a run outlive it: what they took is known once they are waited for."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _of_orphans() -> float:
    """Seconds of CPU of the child processes that a run left behind; they end because it did."""
    seconds = 0.0
    while True:
        try:
            _, _, used = os.wait4(-1, 0)
        except ChildProcessError:
            return seconds
        seconds += used.ru_utime + used.ru_stime


def put(root: Path, landing: str, n: int, lines: list[str]) -> None:
    """Deliver lines as the n-th file of the day."""
    folder = root / landing / f"day={DAY}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{n:03}.jsonl").write_text("\n".join(lines))


def _files(root: Path) -> dict[str, bytes]:
    files = {p.relative_to(root).as_posix(): p for p in root.rglob("*.parquet")}
    return {p: f.read_bytes() for p, f in files.items() if not p.startswith("_meta") and not is_journal(p)}


def records(n_articles: int) -> list[str]:
    """Made-up articles, each as a line of JSON."""
    return [
        json.dumps({"title": r["title"], "text": r["text"], "outlet": r["outlet"], "published_at": r["date"]})
        for r in corpus.generate(n_articles)
    ]


def _parts(n_articles: int, n_parts: int) -> list[list[str]]:
    rows = records(n_articles)
    return [rows[n * n_articles // n_parts : (n + 1) * n_articles // n_parts] for n in range(n_parts)]


def _end_threads() -> None:
    """Wait for the engine's threads: the child processes that extract end with them, and their CPU counts when they have ended."""
    gc.collect()
    for thread in threading.enumerate():
        if thread.name.startswith("stage"):
            thread.join()


def warm_up(root: Path) -> None:
    """Run a small day here: compiled loops and word lists are nobody's cost."""
    put(root, "warm", 0, records(200))
    run_day(
        open_desk(load(landing=str(root / "warm"), warehouse=str(root / "warm-tables")), EmbeddedEngine(2)),
        DAY,
    )
    _end_threads()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--parts", type=int, default=24)
    asked = parser.parse_args()
    parts = _parts(asked.articles, asked.parts)
    adopt()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        put(root, "warm", 0, parts[0])
        warm_up(root)
        runs = []
        for n, part in enumerate(parts):
            put(root, "parts", n, part)
            put(root, "whole", n, part)
            runs.append(ran := _run(root, "parts", "hourly", so_far=True))
            print(
                f"part {n + 1:2} articles={ran.n_articles:6} seconds={ran.seconds:6.2f} cpu={ran.cpu_seconds:6.2f}",
                flush=True,
            )
        last = _run(root, "parts", "hourly", so_far=False)
        once = _run(root, "whole", "once", so_far=False)
        same = _files(root / "hourly") == _files(root / "once")
    seconds, total = [ran.seconds for ran in runs], sum(ran.cpu_seconds for ran in [*runs, last])
    seconds.sort()
    p95 = timedelta(seconds=seconds[min(len(seconds) - 1, int(0.95 * len(seconds)))])
    print("| what | parts | one run |\n|---|---:|---:|")
    print(f"| seconds of CPU | {total:.1f} | {once.cpu_seconds:.1f} |")
    print(f"| times one run | {total / once.cpu_seconds:.2f} | 1 |")
    print(f"| seconds from landing to published, p95 | {p95.total_seconds():.2f} | {once.seconds:.2f} |")
    print(f"| seconds of the run that completes the day | {last.seconds:.2f} | - |")
    print(f"| the same bytes | {'yes' if same else 'NO'} | - |")


if __name__ == "__main__":
    main()
