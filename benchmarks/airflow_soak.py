"""Whether every day is published and told once while an Airflow and its store are killed: `python -m benchmarks.airflow_soak [--minutes 120]`.

A real Airflow (`make airflow`, PostgreSQL) reads a landing zone and fills a warehouse in a real S3 server. Day after day is delivered and run,
each with a fault: a task is killed (each of them in turn, those of the consumer too), the scheduler with all that it started, the S3 server; the
consumer is stopped while its run waits. A run that used up its tries is cleared, as an engineer would. In the end each day must have been
told once, have its page, and have the bytes that the command line gives in a clean pass. The order of faults is drawn by `--seed`.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

import psutil

from pipeline.store.s3 import S3Storage
from tests.conftest import published
from tests.live_airflow import ROOT, TERMINAL, Airflow, airflow, wait
from tests.s3server import ENVIRONMENT, SeaweedFS, running

DAG, CONSUMER = "news_stories", "story_report"
_STORE_AWAY_SECONDS = 15  # longer than a request is tried again, shorter than all tries of a task
_PATIENCE_SECONDS = 900
_HIT, _MISSED = "hit", "missed"
_PAGE = 100  # rows that Airflow's API gives at once


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="newsfold-soak-") as scratch,
        running(Path(scratch) / "s3") as store,
    ):
        os.environ.update(ENVIRONMENT | {"AWS_ENDPOINT_URL": store.url})
        where = Where(Path(scratch))
        with airflow(where.folder, where.landing, where.warehouse) as service:
            soak = Soak(service, store, where, random.Random(asked.seed))  # noqa: S311 - which fault comes next
            service.unpause(DAG, CONSUMER)
            service.quiet(DAG, _PATIENCE_SECONDS)
            soak.run(asked.minutes)
            soak.catch_up()
            faults = soak.judge()
    sys.exit(f"{len(faults)} faults: {'; '.join(faults)}" if faults else 0)


@dataclass(frozen=True)
class Where:
    folder: Path
    landing: str = "s3://news/landing"
    warehouse: str = "s3://news/warehouse"


def text(n: int) -> str:
    """A report of its own: words that no other has, and some that its neighbours have too."""
    own = " ".join(f"person{n}x{i} visited place{n}x{i} and signed paper{n}x{i}." for i in range(12))
    return (
        f"The harbour council of Northport met again about dike {n // 3}. {own} The mayor thanked everybody."
    )


@dataclass
class Soak:
    service: Airflow
    store: SeaweedFS
    where: Where
    dice: random.Random
    days: list[date] = field(default_factory=list)
    n_cleared: int = 0
    tried: Counter[str] = field(default_factory=Counter)

    def run(self, minutes: float) -> None:
        """Days in their order, one at a time, until the time is over."""
        end = time.monotonic() + 60 * minutes
        first = datetime.now(UTC).date() - timedelta(days=2_000)
        faults = self._faults()
        while time.monotonic() < end:
            day = first + timedelta(days=len(self.days))
            self._deliver(day, len(self.days))
            self.days.append(day)
            name, do = next(faults)
            started = time.monotonic()
            run = self.service.trigger(DAG, day=str(day))
            outcome = do(run)
            n_cleared = self._settle(run)
            self.tried[f"{name}: {outcome}"] += 1
            spent = time.monotonic() - started
            print(f"{day}  {name:28} {outcome:8} {spent:6.0f} s  cleared {n_cleared}", flush=True)

    def _faults(self) -> Iterator[tuple[str, Callable[[str], str]]]:
        """Every fault once, in an order that is drawn, then again in another order."""
        tasks = ("interval", "batches", "clean", "cluster", "quality", "publish", "tell")
        known: list[tuple[str, Callable[[str], str]]] = [
            *((f"kill {task}", lambda run, task=task: self._kill_task(DAG, run, task)) for task in tasks),
            ("kill the scheduler", self._kill_scheduler),
            ("kill the store", self._kill_store),
            ("stop the queued consumer", self._stop_consumer),
            ("kill the consumer", self._kill_consumer),
        ]
        while True:
            yield from self.dice.sample(known, len(known))

    def _deliver(self, day: date, n: int) -> None:
        """New texts, and one of the day before again with a sentence more."""
        bodies = text(n), f"{text(n - 1)} More was said later in the day.", text(10_000 + n)
        rows = [
            {"url": f"https://feed.example/{day}/{i}", "title": b[:40], "text": b}
            for i, b in enumerate(bodies)
        ]
        data = "\n".join(map(json.dumps, rows)).encode()

        def fill(sink: BinaryIO) -> None:
            sink.write(data)

        S3Storage(self.where.landing).replace(f"day={day}/feed.jsonl", fill)

    # --- faults -----------------------------------------------------------------------------------------------------

    def _kill_task(self, dag: str, run: str, task: str) -> str:
        """Kill the process of a task once it runs; one that was over before that was missed."""

        def outcome() -> str:
            for one in self.service.tasks(dag, run):
                if one["task_id"] == task and one["state"] in TERMINAL:
                    return _MISSED
                if one["task_id"] == task and one["state"] == "running":
                    return _HIT if self._kill(f"airflow worker -- {one['id']}") else ""
            return ""

        return str(wait(outcome, _PATIENCE_SECONDS, f"{dag}.{task}", every=0.1))

    def _kill(self, title: str) -> bool:
        for process in self.service.processes():
            with suppress(psutil.Error):
                if " ".join(process.cmdline()).startswith(title):
                    time.sleep(self.dice.random())
                    process.kill()
                    return True
        return False

    def _wait_for_a_task(self, run: str) -> None:
        wait(lambda: "running" in {t["state"] for t in self.service.tasks(DAG, run)}, _PATIENCE_SECONDS, run)
        time.sleep(5 * self.dice.random())

    def _kill_scheduler(self, run: str) -> str:
        self._wait_for_a_task(run)
        self.service.restart_scheduler()
        return _HIT

    def _kill_store(self, run: str) -> str:
        self._wait_for_a_task(run)
        self.store.kill()
        time.sleep(_STORE_AWAY_SECONDS)
        self.store.start()
        return _HIT

    def _stop_consumer(self, run: str) -> str:
        self.service.call("PATCH", f"/dags/{CONSUMER}", is_paused=True)
        self._settle(run)
        self.service.unpause(CONSUMER)
        return _HIT

    def _kill_consumer(self, run: str) -> str:
        known = {one["dag_run_id"] for one in self._all(f"/dags/{CONSUMER}/dagRuns", "dag_runs")}
        self._settle(run)

        def new() -> list[str]:
            found = [one["dag_run_id"] for one in self._all(f"/dags/{CONSUMER}/dagRuns", "dag_runs")]
            return [one for one in found if one not in known]

        found = [self._kill_task(CONSUMER, one, "report") for one in wait(new, _PATIENCE_SECONDS, CONSUMER)]
        return _HIT if _HIT in found else _MISSED

    # --- what must hold ---------------------------------------------------------------------------------------------

    def _settle(self, run: str) -> int:
        """Wait until the run succeeds; clear it where it failed. Returns how often it was cleared."""
        for n in range(10):
            if self.service.settled(DAG, run, _PATIENCE_SECONDS) == "success":
                return n
            self.n_cleared += 1
            self.service.call("POST", f"/dags/{DAG}/dagRuns/{run}/clear", dry_run=False, only_failed=True)
            time.sleep(1)
        raise AssertionError(f"{run} failed ten times")

    def catch_up(self) -> None:
        """As docs/operations.md says for a consumer that missed days."""
        self.service.quiet(CONSUMER, _PATIENCE_SECONDS)
        run = self.service.trigger(CONSUMER)
        self.service.settled(CONSUMER, run, _PATIENCE_SECONDS)

    def judge(self) -> list[str]:
        """What is wrong, in sentences; prints what was done."""
        events = self._all("/assets/events?order_by=timestamp", "asset_events")
        told = Counter(e["partition_key"] for e in events if e["name"] == "newsfold_stories")
        pages = {entry.path for entry in S3Storage(f"{self.where.warehouse}/_meta/reports").walk("")}
        faults = [f"{day} was told {told[str(day)]} times" for day in self.days if told[str(day)] != 1]
        faults += [f"{day} has no page" for day in self.days if f"{day}.md" not in pages]
        faults += self._other_bytes()
        print(
            f"{len(self.days)} days, {self.n_cleared} runs cleared, faults: {dict(sorted(self.tried.items()))}"
        )
        print(f"told once, with a page and the bytes of a clean pass: {not faults}")
        return faults

    def _other_bytes(self) -> list[str]:
        clean = self.where.folder / "clean"
        words = ["run", "-q", "--landing", self.where.landing, "--warehouse", str(clean)]
        span = ["--from", str(self.days[0]), "--to", str(self.days[-1])]
        subprocess.run(
            [sys.executable, "-m", "pipeline", *words, *span], check=True, cwd=ROOT, capture_output=True
        )
        storage, found = S3Storage(self.where.warehouse), {}
        for path in published(clean):
            with suppress(FileNotFoundError), storage.open(path) as source:
                found[path] = source.read()
        return [f"{path} differs" for path, data in published(clean).items() if found.get(path) != data]

    def _all(self, path: str, name: str) -> list[dict[str, Any]]:
        """Every row of a list that Airflow's API gives in pages."""
        rows: list[dict[str, Any]] = []
        while True:
            mark = "&" if "?" in path else "?"
            page = self.service.call("GET", f"{path}{mark}limit={_PAGE}&offset={len(rows)}")[name]
            rows += page
            if len(page) < _PAGE:
                return rows


if __name__ == "__main__":
    main()
