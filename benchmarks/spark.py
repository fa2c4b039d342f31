"""The engine of many machines, measured on one: the same bytes as embedded, what each stage costs, and other ways on Spark.

    python benchmarks/spark.py stages LANDING --into DIR [--master URL] [--first N] [--given N]
    python benchmarks/spark.py table [DIR/NAME.json]
    python benchmarks/spark.py peers CORPUS [--articles N] [--only newsfold,plain,mllib]

`stages` makes the days of a landing zone (`benchmarks/corpus.py` writes one) with the embedded engine and with Spark, and says
whether the bytes are the same; a day that stands in DIR already is not made again, so that a long run can go in pieces. With `--given N`
the first N days are made by the embedded engine alone, and Spark goes on from a copy of them: a long window costs one engine.
`--master` is a URL, or `cluster`: a master and two workers on this machine; or `connect`: a Connect server; or `sharded`:
the tests' engine that cuts every table. `table` computes from what `stages` measured, in one piece and of three days or more, since
it compares the memory of one process from day to day, what 1, 10 and 100 million articles a day take. `peers` times other ways to find
copies in one session; CORPUS is a Parquet file with columns `id`, `title`, `text` and `group` (which copies belong together).
"""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")  # as `pipeline/__main__.py` does

import pyarrow as pa
import pyarrow.parquet as pq
from spark_peers import mllib, pair_scores, plain
from spark_table import table

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from pipeline.day import run  # noqa: E402 - it is run as a script
from pipeline.day.desk import Desk, open_desk  # noqa: E402
from pipeline.engines.choose import open_engine  # noqa: E402
from pipeline.model import tables  # noqa: E402
from pipeline.settings import load  # noqa: E402
from pipeline.upkeep import status  # noqa: E402
from tests import clusters, sharded  # noqa: E402

FIRST = date(2026, 3, 5)
FIGURES = ("jobs", "tasks", "seconds", "shuffled", "longest", "rows")
CONFIGURATION = {
    "spark.sql.shuffle.partitions": "",  # as the cores and rows say
    "spark.ui.enabled": "true",
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("stages", "table", "peers"))
    parser.add_argument("source", type=Path, nargs="?")
    parser.add_argument("--into", type=Path)
    parser.add_argument("--first", type=int, help="no more than so many days")
    parser.add_argument(
        "--given", type=int, default=0, help="so many of the days are the embedded engine's alone"
    )
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--master", default="local[2]")
    parser.add_argument("--only", default="newsfold,plain,mllib")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is ended
    if asked.what == "table":
        table(json.loads(asked.source.read_text()))
    elif asked.what == "stages":
        stages(asked.source.absolute(), asked.into.absolute(), asked.master, asked.first, asked.given)
    else:
        with tempfile.TemporaryDirectory() as scratch:
            _configure(Path(scratch) / "conf")
            peers(Path(scratch), pq.read_table(asked.source).slice(0, asked.articles), asked.only.split(","))


# --- the same bytes, and what each stage costs -----------------------------------------------------------------


def stages(landing: Path, into: Path, master: str, first: int | None, given: int) -> None:
    days = status.days_delivered(open_desk(load(landing=str(landing), warehouse=str(into))))[:first]
    name = "spark-" + re.split(r"\W", master)[0] if master != "sharded" else master
    for day in days[:given]:
        _embedded(landing, into / "embedded", day)
    if given and not (into / name).exists():
        shutil.copytree(into / "embedded", into / name)
    for day in days[given:]:
        _embedded(landing, into / "embedded", day)
    if master == "sharded":
        _sharded(landing, into / name, days)
    else:
        _configure(into / "conf")
        with _master(master, into) as (url, workers):
            chosen = load(landing=str(landing), warehouse=str(into / name), engine="spark", master=url)
            _spark(open_desk(chosen, open_engine(chosen)), days, into / f"{name}.json", workers)
    _compare(into / "embedded", into / name, days)


def _spark(desk: Desk, days: list[date], notes: Path, workers: Sequence[int]) -> None:
    with _memory() as peak:
        for day in days:
            if not desk.warehouse.has(tables.RUNS, day):
                peak.update(anonymous=0, all=0)
                _measured(desk, day, peak, notes, workers)
    if far := vars(desk.engine).get("far"):
        far.spark.stop()


def _sharded(landing: Path, warehouse: Path, days: list[date]) -> None:
    settings = load(landing=str(landing), warehouse=str(warehouse))
    desk = open_desk(settings, sharded.ShardedEngine())
    for day in days:
        if desk.warehouse.has(tables.RUNS, day):
            continue
        report = run.run_day(desk, day)
        print(
            f"sharded {day}  {report.row['n_articles']:,} articles  {sum(report.seconds.values()):.0f} s",
            flush=True,
        )


def _embedded(landing: Path, warehouse: Path, day: date) -> None:
    """One day with the embedded engine, in a process of its own: its memory is not the driver's."""
    desk = open_desk(load(landing=str(landing), warehouse=str(warehouse)))
    if desk.warehouse.has(tables.RUNS, day):
        return
    before = os.times()
    command = [
        sys.executable,
        "-m",
        "pipeline",
        "run",
        "--json",
        "--day",
        str(day),
        "--landing",
        str(landing),
    ]
    done = subprocess.run(
        [*command, "--warehouse", str(warehouse)], cwd=ROOT, check=True, capture_output=True, text=True
    )
    after, row = os.times(), json.loads(done.stdout)
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    print(f"embedded {day}  {row['n_articles']:,} articles  {cpu:.0f} CPU seconds", flush=True)


def _measured(
    desk: Desk, day: date, peak: dict[str, float], notes: Path, workers: Sequence[int] = ()
) -> None:
    """Make one day with Spark; print and note what each stage took, and CPU seconds: of the workers' processes, of the driver's Python."""
    before = sum(map(clusters.cpu_seconds, workers)), time.process_time()
    report = run.run_day(desk, day)
    cpu = {
        "workers": sum(map(clusters.cpu_seconds, workers)) - before[0],
        "driver": time.process_time() - before[1],
    }
    n = report.row["n_articles"]
    memory = f"driver: {peak['anonymous']:,.0f} MB of its own, {peak['all']:,.0f} MB with mapped files"
    took = f"{sum(report.seconds.values()):.0f} s, CPU {cpu['workers']:.0f} s of workers, {cpu['driver']:.0f} s of the driver"
    print(f"spark {day}  {n:,} articles  {took}  {memory}", flush=True)
    far = vars(desk.engine).get("far")  # no session was opened if all was small
    told = _told(far.spark, str(day)) if far else {}
    for stage, seconds in report.seconds.items():
        figures = told.get(stage, dict.fromkeys(FIGURES, 0.0))
        print(
            f"  {stage:8} {seconds:7.1f} s  {figures['jobs']:3.0f} jobs  {figures['tasks']:5,.0f} tasks  {figures['seconds']:8.1f} task seconds  "
            f"{figures['shuffled'] / n:7.0f} bytes shuffled an article  widest task {figures['longest']:6.1f} s, {figures['rows']:9,.0f} rows in",
            flush=True,
        )
    earlier = json.loads(notes.read_text()) if notes.exists() else []
    row = {
        "day": str(day),
        "articles": n,
        "window": _window(desk, day),
        "cpu": cpu,
        "told": told,
        "peak": dict(peak),
    }
    notes.write_text(json.dumps([*earlier, row]))


def _window(desk: Desk, day: date) -> int:
    """How many articles the days of the window have."""
    days = (day - timedelta(days=n) for n in range(1, desk.settings.window_days + 1))
    runs = (
        desk.warehouse.read(tables.RUNS, d, ["n_articles"])
        for d in days
        if desk.warehouse.has(tables.RUNS, d)
    )
    return sum(run["n_articles"][0].as_py() for run in runs)


def _told(spark: Any, day: str) -> dict[str, dict[str, float]]:
    """By stage of ours: jobs, tasks, their seconds, shuffled bytes, and the widest task, as the driver's own pages tell."""
    if "connect" in type(spark).__module__:
        return {}
    url = f"{spark.sparkContext.uiWebUrl}/api/v1/applications/{spark.sparkContext.applicationId}"
    told: dict[str, dict[str, float]] = {}
    for stage in _ask(f"{url}/stages?status=complete&withSummaries=true&quantiles=1.0"):
        name, _, of = (stage.get("description") or "").partition(" ")
        if of != day:
            continue
        found = told.setdefault(name, dict.fromkeys(FIGURES, 0.0))
        widest = stage.get("taskMetricsDistributions") or {}
        new = {
            "jobs": 1,
            "tasks": stage["numTasks"],
            "seconds": stage["executorRunTime"] / 1000,
            "shuffled": stage["shuffleWriteBytes"],
        }
        longest = max(widest.get("executorRunTime", [0])) / 1000
        rows = max(widest.get("shuffleReadMetrics", {}).get("readRecords", [0]))
        found |= {key: found[key] + value for key, value in new.items()}
        found |= {"longest": max(found["longest"], longest), "rows": max(found["rows"], rows)}
    return told


def _compare(expected: Path, found: Path, days: list[date]) -> None:
    """Compare the files of the days; those of `stories` only where no later day, which may have added to them, was made."""

    def files(root: Path) -> dict[str, bytes]:
        paths = (p for day in days for p in root.glob(f"*/day={day}/*.parquet"))
        return {str(p.relative_to(root)): p.read_bytes() for p in paths if p.parts[-3] in compared}

    made = {p.name for p in expected.glob("runs/day=*")}
    compared = {p.name for p in expected.iterdir() if p.name != "_meta"}
    if made != {f"day={day}" for day in days}:
        compared.discard("stories")
    one, other = files(expected), files(found)
    differ = sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
    print(
        f"{len(days)} days, {len(one)} files of {', '.join(sorted(compared))}:",
        f"NOT the same: {differ}" if differ else "the same bytes",
        flush=True,
    )


@contextmanager
def _master(asked: str, into: Path) -> Iterator[tuple[str, list[int]]]:
    """The URL of the master that is asked for, and the process ids of its workers, where these are started here."""
    with ExitStack() as running:
        folder = into / "running"
        if asked in {"cluster", "connect"}:
            clusters.environment(folder / "conf")
            start = clusters.standalone(folder) if asked == "cluster" else clusters.connect_server(folder)
            started = running.enter_context(start)
            if isinstance(started, str):
                yield started, []
            else:
                yield started.master, [worker.pid for worker in started.workers]
        else:
            yield asked, []


@contextmanager
def _memory() -> Iterator[dict[str, float]]:
    """The most memory that this process had, in MB: of its own, and with the files that it has mapped."""
    peak, is_done = {"anonymous": 0.0, "all": 0.0}, threading.Event()

    def watch() -> None:
        while not is_done.wait(0.1):
            lines = (line.split() for line in Path("/proc/self/status").read_text().splitlines())
            found = {line[0]: int(line[1]) / 1024 for line in lines if line[0] in {"RssAnon:", "VmRSS:"}}
            peak.update(
                anonymous=max(peak["anonymous"], found["RssAnon:"]), all=max(peak["all"], found["VmRSS:"])
            )

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        is_done.set()
        watcher.join()


# --- other ways to find copies ---------------------------------------------------------------------------------


def peers(scratch: Path, corpus: pa.Table, chosen: list[str]) -> None:
    from pipeline.engines.session import open_session

    spark = open_session("local[2]")
    ways: dict[str, Callable[[Any, pa.Table, Path], dict[str, str]]] = {
        "newsfold": _newsfold,
        "plain": plain,
        "mllib": mllib,
    }
    warm = corpus.slice(0, 200)
    gold = dict(zip(corpus["id"].to_pylist(), corpus["group"].to_pylist(), strict=True))
    for name in chosen:
        ways[name](spark, warm, scratch / "warm" / name)
        begun = time.perf_counter()
        found = ways[name](spark, corpus, scratch / name)
        seconds = time.perf_counter() - begun
        p, r, f1 = pair_scores(found, gold)
        print(
            f"{name:10} {corpus.num_rows:,} articles  {seconds:7.1f} s  precision {p:.3f}  recall {r:.3f}  F1 {f1:.3f}",
            flush=True,
        )
    spark.stop()


def _newsfold(_: Any, corpus: pa.Table, scratch: Path) -> dict[str, str]:
    """The whole day: reading, extraction, cleaning, copies, stories, publication."""
    _deliver(scratch, corpus)
    desk = _desk(scratch, "warehouse", engine="spark", master="local[2]")
    with _memory() as peak:
        _measured(desk, FIRST, peak, scratch / "notes.json")
    articles = desk.warehouse.read(tables.ARTICLES, FIRST, ["article_id", "url"]).to_pylist()
    places = desk.warehouse.read(tables.MEMBERSHIPS, FIRST, ["article_id", "copy_id"]).to_pylist()
    urls = {row["article_id"]: row["url"].rsplit("/", 1)[1] for row in articles}
    return {urls[row["article_id"]]: row["copy_id"] for row in places}


def _ask(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 - the driver's own page
        return json.load(answer)


def _configure(folder: Path) -> None:
    os.environ |= clusters.environment(folder, **CONFIGURATION)
    del os.environ["NEWSFOLD_NEAR_MB"]  # what is small stays on the driver, as it does for users


def _desk(scratch: Path, name: str, **options: str) -> Desk:
    chosen = load(landing=str(scratch / "landing"), warehouse=str(scratch / name), **options)
    return open_desk(chosen, open_engine(chosen))


def _deliver(scratch: Path, corpus: pa.Table) -> None:
    folder = scratch / f"landing/day={FIRST}"
    folder.mkdir(parents=True, exist_ok=True)
    for part in range(8):
        rows = (
            corpus.take(pa.array(range(part, corpus.num_rows, 8))).select(["id", "title", "text"]).to_pylist()
        )
        lines = (
            json.dumps({"url": f"https://x.example/{r['id']}", "title": r["title"], "text": r["text"]})
            for r in rows
        )
        (folder / f"{part}.jsonl").write_text("\n".join(lines))


if __name__ == "__main__":
    main()
