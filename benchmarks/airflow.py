"""What Airflow costs beyond the pipeline's own time, a day: `python -m benchmarks.airflow [--pages 1000] [--days 7]`.

The same made-up pages go through `newsfold run --from --to` and through a backfill on a real Airflow (`make airflow`, PostgreSQL,
one run at a time). A day under Airflow is seven small tasks, each with its process and imports.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tests.conftest import published
from tests.live_airflow import airflow

ROOT = Path(__file__).parents[1]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--days", type=int, default=7)
    chosen = parser.parse_args()
    # Not the last days: unpausing the DAG starts the run of yesterday.
    first = datetime.now(UTC).date() - timedelta(days=100)
    days = [first + timedelta(days=n) for n in range(chosen.days)]
    with tempfile.TemporaryDirectory(prefix="newsfold-benchmark-") as folder:
        compare(Path(folder), days, chosen.pages)


def compare(folder: Path, days: list[date], n_pages: int) -> None:
    landing = folder / "landing"
    for n, day in enumerate(days):
        deliver(landing / f"day={day}", n, n_pages)
    own = by_command(landing, folder / "command", days)
    runs = by_airflow(folder, landing, folder / "warehouse", days)
    same = published(folder / "command") == {
        path: data
        for path, data in published(folder / "warehouse").items()
        if path.split("=")[1][:10] in set(map(str, days))
    }
    print(f"{'day':12}{'command s':>12}{'airflow s':>12}{'overhead s':>12}")
    for day, mine, theirs in zip(days, own, runs, strict=True):
        print(f"{day!s:12}{mine:12.1f}{theirs:12.1f}{theirs - mine:12.1f}")
    print(
        f"overhead a day: {(sum(runs) - sum(own)) / len(days):.1f} s (target: under 30); same bytes: {same}"
    )


def deliver(folder: Path, day: int, n_pages: int) -> None:
    """Pages of which three quarters are new and a quarter are copies of others of the day, with other furniture."""
    folder.mkdir(parents=True)
    with (folder / "pages.jsonl").open("w") as sink:
        for n in range(n_pages):
            of = n - n % 4 if n % 4 == 3 else n
            words = " ".join(
                f"<p>In town{day}x{of} person{of}x{i} told reporter{day} about item{of}x{i} and left.</p>"
                for i in range(25)
            )
            html = f"<html><head><title>Report {of}</title></head><body><nav>Menu {n}</nav><article><h1>Report {of}</h1>{words}</article></body></html>"
            sink.write(json.dumps({"url": f"https://outlet{n % 40}.example/{day}/{n}", "html": html}) + "\n")


def by_command(landing: Path, warehouse: Path, days: list[date]) -> list[float]:
    """Seconds of each day, without starting Python: the time at which each day's line is printed."""
    command = [
        sys.executable,
        "-m",
        "pipeline",
        "run",
        "--json",
        "--landing",
        str(landing),
        "--warehouse",
        str(warehouse),
    ]
    command += ["--from", str(days[0]), "--to", str(days[-1]), "--workers", "1"]
    seconds, last = [], time.perf_counter()
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, env=None, text=True, bufsize=1
    ) as running:
        assert running.stdout
        for line in running.stdout:
            now = time.perf_counter()
            seconds.append(sum(json.loads(line)["seconds"].values()) or now - last)
            last = now
    assert running.returncode == 0
    return seconds


def by_airflow(folder: Path, landing: Path, warehouse: Path, days: list[date]) -> list[float]:
    """Seconds from each run's start to its end."""
    with airflow(folder, landing, warehouse) as service:
        service.unpause("news_stories")
        service.quiet("news_stories", 300)
        service.backfilled(service.backfill(str(days[0]), str(days[-1])), 3600)
        wanted = {f"{day}T00:00:00Z": day for day in days}
        runs = {
            wanted[r["logical_date"]]: r for r in service.runs("news_stories") if r["logical_date"] in wanted
        }
    assert {run["state"] for run in runs.values()} == {"success"}
    return [(_time(runs[d]["end_date"]) - _time(runs[d]["start_date"])).total_seconds() for d in days]


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


if __name__ == "__main__":
    main()
