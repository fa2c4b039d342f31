"""Cost of the counts: the share of a day's CPU that revisions, newsrooms, agencies and flows take together.

    python benchmarks/counts_cost.py [--n 10000] [--pages]

Two days of N generated articles (`corpus.py`) each; one page in twenty of the second day is a changed one of the first. They are
delivered as text, so that reading pages, which is most of a usual day, takes nothing; with --pages, as HTML. CPU is that of the second
day's process and of all that it starts. Printed beside what is asked for.
"""

import argparse
import html
import json
import multiprocessing
import random
import resource
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from corpus import FIRST_DAY, generate

from pipeline.clean import articles as cleaning
from pipeline.day import run
from pipeline.day.desk import WorkDesk
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.settings import load
from pipeline.store.local import LocalStorage
from pipeline.store.warehouse import Warehouse
from pipeline.stories import summary

CHANGED = 20  # one page in so many
ASKED = 0.05
# What is timed: a stage as a whole where nothing else runs in its process, else a function wherever it runs.
STAGES = ((run, "trace_day"), (run, "describe_members"), (run, "follow_day"))
FUNCTIONS = ((cleaning, "stated"), (summary, "sources_of"))


def deliver(n: int, landing: Path, as_pages: bool) -> None:
    draw = random.Random(5)  # noqa: S311 - a corpus, no secret
    rows = list(generate(2 * n))
    first, second = rows[:n], rows[n:]
    for at in range(0, n, CHANGED):
        before = first[at]
        text = before["text"].split(". ")
        text[draw.randrange(len(text))] = f"The number rose to {draw.randrange(100)} by the evening"
        second[at] = {**before, "text": ". ".join(text)}
    for day, some in enumerate((first, second)):
        folder = landing / f"day={FIRST_DAY + timedelta(day)}"
        folder.mkdir(parents=True)
        lines = [json.dumps(_document(row, as_pages)) for row in some]
        (folder / "feed.jsonl").write_text("\n".join(lines), encoding="utf-8")


def _document(row: dict[str, Any], as_pages: bool) -> dict[str, Any]:
    host = "".join(c for c in row["outlet"].lower() if c.isalpha())
    said = {
        "url": f"https://{host}.example/{row['id']}",
        "published_at": row["date"],
        "outlet": row["outlet"],
    }
    if not as_pages:
        return said | {name: row[name] for name in ("title", "text")}
    body = "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in row["text"].split("\n\n"))
    title = html.escape(row["title"])
    page = f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{body}</article></body></html>"
    return said | {"html": page}


def run_day(root: Path, day: int, told: Any = None) -> None:
    """One day in this process; to `told`, the CPU seconds of what is timed."""
    spent: Counter[str] = Counter()
    for clock, some in ((time.process_time, STAGES), (time.thread_time, FUNCTIONS)):
        for module, name in some:
            setattr(module, name, _timed(name, getattr(module, name), clock, spent))
    settings = load(landing=str(root / "landing"), warehouse=str(root / "warehouse"))
    storages = LocalStorage(settings.landing), Warehouse(LocalStorage(settings.warehouse))
    run.run_day(WorkDesk(*storages, settings, EmbeddedEngine(2)), FIRST_DAY + timedelta(day))
    if told is not None:
        told.put(dict(spent))


def _timed(
    name: str, function: Callable[..., Any], clock: Callable[[], float], spent: Counter[str]
) -> Callable[..., Any]:
    lock = threading.Lock()

    def timed(*values: Any, **named: Any) -> Any:
        begun = clock()
        try:
            return function(*values, **named)
        finally:
            with lock:
                spent[name] += clock() - begun

    return timed


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--n", type=int, default=10_000)
    parser.add_argument("--pages", action="store_true")
    asked = parser.parse_args()
    fresh = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory(prefix="newsfold-cost-") as scratch:
        root, told = Path(scratch), fresh.Queue()
        deliver(asked.n, root / "landing", asked.pages)
        for day, queue in enumerate((None, told)):
            before = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
            process = fresh.Process(target=run_day, args=(root, day, queue))
            process.start()
            spent = queue.get() if queue else {}
            process.join()
        cpu = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]) - before
    print(f"{asked.n:,} articles a day, as {'pages' if asked.pages else 'text'}: {cpu:.1f} s of CPU")
    for name, seconds in spent.items():
        print(f"  {name:17} {seconds:6.2f} s  {seconds / cpu:.2%}")
    print(f"together {sum(spent.values()) / cpu:.2%} (asked: at most {ASKED:.0%})")


if __name__ == "__main__":
    main()
