"""Revisions: what a page that changes does to the counts, which version is read, what is told of the changes, and the cost.

    python benchmarks/revisions.py chains [--n 1000]    generated chains of versions, in six languages, with copies in between
    python benchmarks/revisions.py reused [--n 200]     addresses that are used again: tickers, the weather, indexes, other articles
    python benchmarks/revisions.py cost [--n 10000]     share of a day's CPU where one page in twenty was fetched before

Everything is made by a seed (`update_chains.py`) and goes through `newsfold run`, day by day, in a warehouse that is removed.
"""

import argparse
import json
import shutil
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from update_chains import FIRST_DAY, Capture, Chain, chains, growing, reused

from pipeline.day.desk import WorkDesk
from pipeline.day.run import run_day
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.model.contract import Contract
from pipeline.model.kinds import CAPTURES, Kind
from pipeline.model.tables import ARTICLES, MEMBERSHIPS, REVISIONS, STORIES
from pipeline.settings import load
from pipeline.store.local import LocalStorage
from pipeline.store.warehouse import Warehouse

Row = dict[str, Any]
N_DAYS = 10


@contextmanager
def desk() -> Iterator[WorkDesk]:
    root = Path(tempfile.mkdtemp(prefix="newsfold-revisions-"))
    chosen = load(landing=str(root / "landing"), warehouse=str(root / "warehouse"))
    try:
        yield WorkDesk(
            LocalStorage(chosen.landing), Warehouse(LocalStorage(chosen.warehouse)), chosen, EmbeddedEngine(2)
        )
    finally:
        shutil.rmtree(root)


def deliver(desk: WorkDesk, day: int, documents: Iterable[Row]) -> None:
    folder = Path(desk.landing.uri) / f"day={FIRST_DAY + timedelta(day)}"
    folder.mkdir(parents=True)
    lines = (json.dumps(document, ensure_ascii=False) for document in documents)
    (folder / "feed.jsonl").write_text("\n".join(lines), encoding="utf-8")


def rows(desk: WorkDesk, contract: Contract, n_days: int = N_DAYS) -> list[Row]:
    days = [FIRST_DAY + timedelta(n) for n in range(n_days)]
    return [row for table in desk.warehouse.scan(contract, days) for row in table.to_pylist()]


def measure_chains(n: int) -> None:
    made = list(chains(n))
    with desk() as one:
        by_day: dict[int, list[tuple[Chain, Capture]]] = defaultdict(list)
        for chain in made:
            for capture in chain.captures:
                by_day[capture.day].append((chain, capture))
        for day in range(N_DAYS):
            deliver(one, day, (capture.document for _, capture in by_day[day]))
            run_day(one, FIRST_DAY + timedelta(day))
        judge_chains(one, made)


def judge_chains(desk: WorkDesk, made: list[Chain]) -> None:
    """Print the figures beside what is asked for."""
    articles = {(r["url"], str(r["fetched_at"])): r["article_id"] for r in rows(desk, ARTICLES)}
    places = {row["article_id"]: row for row in rows(desk, MEMBERSHIPS)}
    told = {row["article_id"]: row for row in rows(desk, REVISIONS)}
    stories = {row["story_id"]: row for row in rows(desk, STORIES)}
    score, asked = Score(), Counter[str]()
    for chain in made:
        ids = [articles.get(_key(capture)) for capture in chain.captures]
        if None in ids:
            asked["not all delivered"] += 1
            continue
        score.add(chain, [places[str(i)] for i in ids], stories, told)
    score.show(len(made), asked["not all delivered"])


def _key(capture: Capture) -> tuple[str, str]:
    return capture.document["url"], capture.document["fetched_at"].replace("T", " ")


class Score:
    """What became of the chains."""

    def __init__(self) -> None:
        self.faults: dict[str, list[str]] = defaultdict(list)
        self.n_canonical = 0
        self.edits, self.changes = Edits(), Edits()

    def add(self, chain: Chain, places: list[Row], stories: dict[str, Row], told: dict[str, Row]) -> None:
        first = places[0]["article_id"]
        pages = [(c, p) for c, p in zip(chain.captures, places, strict=True) if not c.is_copy]
        copies = [p for c, p in zip(chain.captures, places, strict=True) if c.is_copy]
        if any(p["kind"] not in CAPTURES for _, p in pages[1:]):
            self.faults["n_copies or reports: a capture of the page counts"].append(chain.name)
        if any(p["copy_id"] != first for p in places):
            self.faults["n_copy_groups: more than one"].append(chain.name)
        story = stories[places[0]["story_id"]]
        if set(story["members"]) == {first, *(p["article_id"] for p in copies)}:
            self._judge_story(chain, story, pages, copies)
        self._judge_edits(chain, pages, told)

    def _judge_story(
        self, chain: Chain, story: Row, pages: list[tuple[Capture, Row]], copies: list[Row]
    ) -> None:
        self.n_canonical += 1
        if (story["n_outlets"], story["n_copies"]) != (1 + len(copies), len(copies)):
            self.faults["n_outlets or n_copies: not those of the copies"].append(chain.name)
        last = next(p for c, p in pages if c.n == len(chain.versions) - 1)
        if story["canonical_id"] != last["article_id"]:
            self.faults["canonical: not the last whole version"].append(chain.name)

    def _judge_edits(self, chain: Chain, pages: list[tuple[Capture, Row]], told: dict[str, Row]) -> None:
        seen: set[int] = {0}
        for capture, place in pages[1:]:
            is_new = capture.n not in seen and not capture.is_part
            seen.add(capture.n)
            row = told.get(place["article_id"])
            if is_new != (place["kind"] == Kind.REVISION):
                self.faults["kind: a revision was missed or made up"].append(chain.name)
            version = chain.versions[capture.n]
            changed = set(zip(row["changed_from"], row["changed_to"], strict=True)) if row else set()
            others = (
                {("added", s) for s in row["added"]} | {("removed", s) for s in row["removed"]}
                if row
                else set()
            )
            true = version.changed if is_new else set()
            self.changes.add(true, changed)
            self.edits.add(
                true | ({("added", s) for s in version.added} if is_new else set()), changed | others
            )

    def show(self, n: int, n_lost: int) -> None:
        print(
            f"{n} chains, {n_lost} with a document that gave no article of its own; canonical judged in {self.n_canonical}"
        )
        for fault in (
            "n_copies or reports: a capture of the page counts",
            "n_copy_groups: more than one",
            "n_outlets or n_copies: not those of the copies",
            "canonical: not the last whole version",
            "kind: a revision was missed or made up",
        ):
            names = sorted(set(self.faults[fault]))
            print(f"  {fault:56} asked 0     reached {len(names)}  {' '.join(names[:6])}")
        print(f"  {'changed sentences, F1':56} asked .98   reached {self.changes.f1:.4f}")
        print(f"  {'all changes of sentences, F1':56}             reached {self.edits.f1:.4f}")


class Edits:
    """Precision and recall of what is told, over all versions."""

    def __init__(self) -> None:
        self.n_true = self.n_told = self.n_both = 0

    def add(self, true: set[Any], told: set[Any]) -> None:
        self.n_true, self.n_told = self.n_true + len(true), self.n_told + len(told)
        self.n_both += len(true & told)

    @property
    def f1(self) -> float:
        return 2 * self.n_both / max(1, self.n_true + self.n_told)


def measure_reused(n: int) -> None:
    used, stays = list(reused(n)), list(growing(n // 4))
    with desk() as one:
        for day in range(4):
            deliver(one, day, [pages[day] for pages in [*(pages for _, pages in used), *stays]])
            run_day(one, FIRST_DAY + timedelta(day))
        urls = {row["article_id"]: row["url"] for row in rows(one, ARTICLES, 4)}
        revised = Counter(
            urls[r["article_id"]] for r in rows(one, MEMBERSHIPS, 4) if r["kind"] == Kind.REVISION
        )
    wrong: dict[str, list[str]] = defaultdict(list)
    for kind, pages in used:
        wrong[kind] += [pages[0]["url"]] if revised[pages[0]["url"]] else []
    n_wrong = sum(map(len, wrong.values()))
    print(
        f"{n} addresses that are used again, told apart:     asked .95   reached {1 - n_wrong / max(1, n):.3f}"
    )
    for kind, names in wrong.items():
        print(f"  {kind:16} {len(names):3} wrong  {' '.join(names[:4])}")
    n_kept = sum(revised[pages[0]["url"]] == len(pages) - 1 for pages in stays)
    print(f"{len(stays)} running files whose entries stay, one article each: reached {n_kept}")


def measure_cost(n: int) -> None:
    """Two days of made-up news (`corpus.py`) with addresses; of the second, one article in twenty is a page of the first, revised."""
    from corpus import generate

    articles = [
        row | {"url": f"https://site{k % 400}.example/news/{k}-story"}
        for k, row in enumerate(generate(2 * n, days=2))
    ]
    first, second = articles[:n], articles[n:]
    for k in range(0, n, 20):
        second[k] = first[k] | {
            "text": f"{first[k]['text']}\nThe toll rose to {k} in the evening, the district said."
        }
    with desk() as one:
        for day, some in enumerate((first, second)):
            deliver(one, day, ({m: row[m] for m in ("url", "title", "text", "outlet")} for row in some))
            begun = time.process_time()
            report = run_day(one, FIRST_DAY + timedelta(day))
            cpu = time.process_time() - begun
            print(
                f"day {day + 1}: {report.row['n_articles']} articles, {report.row['n_revisions']} revisions, {cpu:.1f} s CPU"
            )
        total = sum(report.seconds.values())
        share = report.seconds["trace"] / total
        print(
            f"  trace {report.seconds['trace']:.2f} s of {total:.1f} s, without parsing HTML: asked 5 %   reached {share:.1%}"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("chains", "reused", "cost"))
    parser.add_argument("--n", type=int)
    given = parser.parse_args()
    todo = {"chains": (measure_chains, 1000), "reused": (measure_reused, 200), "cost": (measure_cost, 10_000)}
    work, usual = todo[given.what]
    work(given.n or usual)
