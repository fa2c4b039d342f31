"""How long each page of the explorer takes over a large warehouse, and how much memory.

    python -m benchmarks.explorer [--articles 100000] [--days 60] [--asks 40] [--folder FOLDER] [--no-index]

A warehouse of made-up tables with its search indexes is written first (in FOLDER it stays, and is not written again), then one process asks each kind of page for
other days, stories and articles each time, and prints the median and the 95th percentile by the clock, and of CPU time on all cores:
that does not depend on what else the machine does. Asked for at 1,000,000 articles over 60 days: a median under
200 ms, a 95th percentile under 600 ms, memory under 1 GB.
"""

import argparse
import multiprocessing
import random
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import explorer_tables


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--asks", type=int, default=40, help="of each page")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--no-index", action="store_true", help="words are looked up in the texts")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = asked.folder or Path(scratch) / "warehouse"
        if not folder.exists():
            context = multiprocessing.get_context("spawn")  # its memory is not the explorer's
            writing = context.Process(
                target=_write, args=(folder, asked.articles, asked.days, not asked.no_index)
            )
            writing.start()
            writing.join()
        measure(folder, asked.asks)


def _write(folder: Path, n_articles: int, n_days: int, is_indexed: bool) -> None:
    from pipeline.search.build import build
    from pipeline.store.local import LocalStorage
    from pipeline.store.warehouse import Warehouse

    explorer_tables.write(folder, n_articles, n_days)
    for _ in build(Warehouse(LocalStorage(folder))) if is_indexed else ():
        pass


def measure(folder: Path, n_asks: int) -> None:
    client = _client(folder)
    start = time.perf_counter()
    days = list(client.get("/api/v1/days").json()["days"])
    print(
        f"{len(days)} days; the first look at the warehouse took {1000 * (time.perf_counter() - start):.0f} ms"
    )
    print(f"{'page, ms':28}{'first':>8}{'median':>8}{'p95':>8}{'CPU':>8}{'p95':>8}{'kB':>8}")
    for name, path in _pages(client, days).items():
        took, size = _ask(client, path, n_asks)
        (median, cpu), (p95, cpu_p95) = np.percentile(took[1:], (50, 95), axis=0)
        print(
            f"{name:28}{took[0][0]:8.0f}{median:8.0f}{p95:8.0f}{cpu:8.0f}{cpu_p95:8.0f}{size / 1000:8.0f}",
            flush=True,
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"peak memory of the process: {peak:.2f} GB")


def _client(folder: Path) -> Any:
    from fastapi.testclient import TestClient

    from pipeline.app import request
    from pipeline.explorer.guard import Access
    from pipeline.explorer.limits import Rate
    from pipeline.explorer.snapshot import Library
    from pipeline.explorer.source import Source
    from pipeline.explorer.web import create_app
    from pipeline.settings import load
    from pipeline.store.local import LocalStorage
    from pipeline.store.warehouse import Warehouse

    chosen = load(landing=str(folder), warehouse=str(folder))
    source = Source(Library(Warehouse(LocalStorage(folder))), chosen, lambda: None, request.today)
    app = create_app(source, Access(), Rate(burst=10**9))
    return TestClient(app, base_url="http://127.0.0.1", follow_redirects=True)


def _ask(client: Any, path: Callable[[], str], n: int) -> tuple[list[tuple[float, float]], int]:
    """Milliseconds of each answer by the clock and of CPU, and the bytes of the largest."""
    took, size = [], 0
    for _ in range(n + 1):
        address = path()
        start, cpu = time.perf_counter(), time.process_time()
        answer = client.get(address)
        took.append((1000 * (time.perf_counter() - start), 1000 * (time.process_time() - cpu)))
        assert answer.status_code == 200, (address, answer.text[:300])
        size = max(size, len(answer.content))
    return took, size


def _pages(client: Any, days: list[str]) -> dict[str, Callable[[], str]]:
    """How the address of the next page of each kind is drawn."""
    dice = random.Random(1)  # noqa: S311 - which pages are asked for, the same on every machine
    some = dice.sample(days, min(8, len(days)))
    listed = [
        one
        for day in some
        for one in client.get("/api/v1/stories", params={"first": day, "last": day, "limit": 100}).json()[
            "items"
        ]
    ]
    largest = client.get("/api/v1/stories", params={"sort": "size", "limit": 40}).json()["items"]
    members = []
    for one in dice.sample(listed, 20) + largest[:5]:
        groups = client.get(f"/api/v1/stories/{one['story_id']}").json()["groups"]
        members += [m for group in groups for m in (group["head"], *group["copies"])]
    placed = [m for m in members if m["matched_id"]]
    words = [word for one in listed for word in one["keywords"]]
    draw = dice.choice
    return {
        "day": lambda: f"/days/{draw(days)}",
        "stories": lambda: f"/stories?sort={draw(('newsrooms', 'size', 'new'))}",
        "stories of a day": lambda: f"/stories?first={draw(days)}&last={draw(days)}",
        "stories with a word": lambda: f"/stories?words={draw(words)}",
        "stories of an outlet": lambda: f"/stories?outlet=Outlet%20{dice.randrange(800)}",
        "story": lambda: f"/stories/{draw(listed)['story_id']}",
        "story, the largest": lambda: f"/stories/{draw(largest)['story_id']}",
        "article": lambda: f"/articles/{draw(members)['article_id']}",
        "two articles": lambda: "/pairs/{article_id}/{matched_id}".format(**draw(placed)),
        "rejects": lambda: "/rejects",
        "rejects of a day": lambda: f"/rejects?first={(day := draw(days))}&last={day}",
        "thresholds": lambda: f"/thresholds?first={(day := draw(days))}&last={day}",
        "thresholds, newest days": lambda: "/thresholds",
        "flows": lambda: "/flows",
        "flows of a day": lambda: f"/flows?first={(day := draw(days))}&last={day}",
        "health": lambda: "/health",
        "JSON: stories": lambda: f"/api/v1/stories?words={draw(words)}",
        "JSON: story": lambda: f"/api/v1/stories/{draw(listed)['story_id']}",
    }


if __name__ == "__main__":
    main()
