"""What a day costs in a warehouse of many days: files, bytes, requests and CPU of a run, `status`, `repair --dry-run` and `gc`.

    python -m benchmarks.years [--days 1100] [--articles 50] [--points 4] [--folder FOLDER]

Days of short made-up articles are published in order. At some points the warehouse is looked at as `newsfold` does it: once as a run left
it, after a repair and a cleaning that found nothing to do. Requests are counted as a bucket would: one for each object that is written,
read or asked for, and one for each thousand that is listed. What a day costs should not depend on how many there are before it, and what a
look asks of the store should grow by months and by pages of listings, not by days.
"""

import argparse
import json
import random
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from benchmarks import corpus
from benchmarks.repair import cpu_seconds
from pipeline.day import run
from pipeline.day.desk import WorkDesk
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.settings import load
from pipeline.store.local import LocalStorage
from pipeline.store.storage import Entry, Leftover
from pipeline.store.warehouse import Warehouse
from pipeline.upkeep import gc, repair, status

FIRST = date(2024, 1, 1)
PAGE = 1_000  # keys of a listing
RECENT = 7  # days whose runs are averaged at a point
OUTLETS = 12


class Bucket:
    """A folder that is asked as a bucket is, and counts the requests."""

    def __init__(self, root: Path) -> None:
        self._folder, self.uri, self.n_requests = LocalStorage(root), str(root), 0

    def _listed(self, n_keys: int) -> None:
        self.n_requests += 1 + n_keys // PAGE

    def walk(self, folder: str) -> Iterator[Entry]:
        found = list(self._folder.walk(folder))
        self._listed(len(found))
        return iter(found)

    def folders(self, folder: str) -> list[str]:
        named = self._folder.folders(folder)
        top = f"{folder}/" if folder else ""
        found = [
            name for name in named if any(self._folder.walk(f"{top}{name}"))
        ]  # a bucket has no empty one
        self._listed(len(found))
        return found

    def version(self, path: str) -> str:
        self.n_requests += 1
        return self._folder.version(path)

    def versions(self, paths: Collection[str]) -> dict[str, str]:
        self._listed(len(paths))
        return self._folder.versions(paths)

    def open(self, path: str, version: str | None = None) -> BinaryIO:
        self.n_requests += 1
        return self._folder.open(path, version)

    def read(self, path: str) -> bytes:
        self.n_requests += 1
        return self._folder.read(path)

    def replace(self, path: str, fill: Callable[[BinaryIO], None], expected: str | None = None) -> str:
        self.n_requests += 1
        return self._folder.replace(path, fill, expected)

    def delete(self, path: str) -> None:
        self.n_requests += 1
        self._folder.delete(path)

    def lock(self, name: str) -> AbstractContextManager[None]:
        self.n_requests += 3  # a look, a lease that is taken, and its end
        return self._folder.lock(name)

    def leftovers(self, min_age_seconds: float) -> Iterator[Leftover]:
        self.n_requests += 3  # listings of what is being written, of locks, of uploads
        return self._folder.leftovers(min_age_seconds)


def deliver(landing: Path, newsroom: corpus.Newsroom, day: date, n: int) -> None:
    """One file of short articles: a sentence of made-up words each; a tenth are copies of another outlet's."""
    dice, made = random.Random(day.toordinal()), list[dict[str, Any]]()  # noqa: S311 - made-up articles, the same on every machine
    for number in range(n):
        if made and not number % 10:
            text, title = made[-1]["text"], made[-1]["title"]
        else:
            words = dice.choices(newsroom.common, cum_weights=newsroom.weights, k=60)
            words[::6] = dice.choices(newsroom.rare, k=10)
            text, title = " ".join(words).capitalize() + ".", " ".join(words[:6])
        outlet = f"Outlet {number % OUTLETS}"
        url = f"https://outlet{number % OUTLETS}.example/{day}/{number}"
        made.append({"url": url, "title": title, "text": text, "outlet": outlet})
    (landing / f"day={day}").mkdir(parents=True)
    (landing / f"day={day}" / "feed.jsonl").write_text("\n".join(map(json.dumps, made)))


def desk_of(root: Path) -> WorkDesk:
    settings = load(landing=str(root / "landing"), warehouse=str(root / "warehouse"))
    landing, warehouse = Bucket(root / "landing"), Warehouse(Bucket(root / "warehouse"))
    return WorkDesk(landing, warehouse, settings, EmbeddedEngine(1))


def measured(root: Path, look: Callable[[WorkDesk], object]) -> tuple[float, int]:
    """CPU seconds and requests of a look by a process that knows nothing yet."""
    desk = desk_of(root)
    seconds, _ = cpu_seconds(lambda: look(desk))
    return seconds, _requests(desk)


def _requests(desk: WorkDesk) -> int:
    storages = (desk.landing, desk.warehouse.storage)
    return sum(one.n_requests for one in storages if isinstance(one, Bucket))


def _status(desk: WorkDesk) -> None:
    assert {"fresh"} == {one.state for one in status.status(desk)}


def _plan(desk: WorkDesk) -> None:
    assert repair.plan(desk, repair.days_between(desk, None, None)) == []


def _gc(desk: WorkDesk) -> None:
    heads = gc.index_of_heads(desk.warehouse)
    found = gc.leftovers(desk.landing, desk.warehouse, desk.settings, 0, heads=heads)
    for one in list(found):
        one.remove()
    heads.save()


LOOKS = {"status": _status, "repair --dry-run": _plan, "gc": _gc}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=1100)
    parser.add_argument("--articles", type=int, default=50)
    parser.add_argument("--points", type=int, default=4, help="how often to look")
    parser.add_argument(
        "--folder", type=Path, help="an empty folder; without it, one that is removed afterwards"
    )
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        measure(chosen.folder or Path(scratch), chosen.days, chosen.articles, chosen.points)


def measure(root: Path, n_days: int, n_articles: int, n_points: int) -> None:
    days, newsroom = [FIRST + timedelta(n) for n in range(n_days)], corpus.Newsroom(1, 1)
    desk, costs = desk_of(root), list[tuple[float, int]]()
    for n, day in enumerate(days, 1):
        deliver(root / "landing", newsroom, day, n_articles)
        before = _requests(desk)
        seconds, _ = cpu_seconds(partial(run.run_day, desk, day))
        costs.append((seconds, _requests(desk) - before))
        if not n % max(1, n_days // n_points):
            tell(root, n, costs[-RECENT:])


def tell(root: Path, n_days: int, runs: list[tuple[float, int]]) -> None:
    """One line for each command: what it costs now, of a run the mean of the last ones."""
    measured(root, _gc)
    sizes = [path.stat().st_size for path in (root / "warehouse").rglob("*") if path.is_file()]
    print(f"{n_days} days: {len(sizes) / n_days:.1f} files and {sum(sizes) / n_days / 1000:,.0f} kB a day")
    seconds, n_requests = (sum(values) / len(runs) for values in zip(*runs, strict=True))
    print(f"  {'run':<18}{seconds:8.2f} CPU s {n_requests:8.0f} requests, a day")
    for name, look in LOOKS.items():
        seconds, n_requests = measured(root, look)
        of_day = f"{1000 * seconds / n_days:.1f} CPU ms and {n_requests / n_days:.2f} requests a day"
        print(f"  {name:<18}{seconds:8.2f} CPU s {n_requests:8d} requests: {of_day}", flush=True)


if __name__ == "__main__":
    main()
