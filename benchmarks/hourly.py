"""What a day costs that is published every hour, against one run at its end.

    python -m benchmarks.hourly [--articles 20000] [--parts 24]

Articles of `benchmarks/corpus.py` come in equal parts; after each the day is published so far. At the end it is run as a whole. Its bytes
are compared with those of one run over the same files, and so is the CPU time of all parts together. Both are printed, with the time from
the landing of a part to its publication.
"""

import argparse
import json
import resource
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from benchmarks import corpus
from pipeline.day.desk import open_desk
from pipeline.day.result import RunReport
from pipeline.day.run import run_day
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.settings import load
from pipeline.store.layout import is_journal

DAY = corpus.FIRST_DAY


def _cpu_seconds() -> float:
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(u.ru_utime + u.ru_stime for u in map(resource.getrusage, who))


def _run(root: Path, landing: str, warehouse: str, *, so_far: bool) -> tuple[RunReport, float, float]:
    """Publish the day; returns its report, seconds, and seconds of CPU."""
    settings = load(landing=str(root / landing), warehouse=str(root / warehouse))
    desk = open_desk(settings, EmbeddedEngine(2))
    begun, cpu = time.perf_counter(), _cpu_seconds()
    report = run_day(desk, DAY, so_far=so_far)
    return report, time.perf_counter() - begun, _cpu_seconds() - cpu


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


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--parts", type=int, default=24)
    asked = parser.parse_args()
    parts = _parts(asked.articles, asked.parts)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        put(root, "warm", 0, parts[0])
        _run(
            root, "warm", "warm-tables", so_far=False
        )  # compiled loops and word lists are nobody's cost here
        seconds, total = [], 0.0
        for n, part in enumerate(parts):
            put(root, "parts", n, part)
            put(root, "whole", n, part)
            report, took, cpu = _run(root, "parts", "hourly", so_far=True)
            seconds.append(took)
            total += cpu
            print(f"part {n + 1:2} articles={report.row['n_articles']:6} seconds={took:6.2f} cpu={cpu:6.2f}")
        _, took, cpu = _run(root, "parts", "hourly", so_far=False)
        _, once, cpu_once = _run(root, "whole", "once", so_far=False)
        total += cpu
        same = _files(root / "hourly") == _files(root / "once")
    seconds.sort()
    p95 = timedelta(seconds=seconds[min(len(seconds) - 1, int(0.95 * len(seconds)))])
    print("| what | parts | one run |\n|---|---:|---:|")
    print(f"| seconds of CPU | {total:.1f} | {cpu_once:.1f} |")
    print(f"| times one run | {total / cpu_once:.2f} | 1 |")
    print(f"| seconds from landing to published, p95 | {p95.total_seconds():.2f} | {once:.2f} |")
    print(f"| seconds of the run that completes the day | {took:.2f} | - |")
    print(f"| the same bytes | {'yes' if same else 'NO'} | - |")


if __name__ == "__main__":
    main()
