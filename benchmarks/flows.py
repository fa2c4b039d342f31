"""Flows: how often the direction of a text between two outlets is right, in chains that are planted with known times and credits.

    python benchmarks/flows.py [--n 500]

Each chain is one text that a first outlet publishes and one to seven others take, whole, edited or in part; on the same day or the
next. Some credit whom they took it from, some state an agency, some have a time to the minute, some a date alone, some the time of the
source. They are delivered in any order, by a seed, and go through `newsfold run` in a warehouse that is removed. Printed beside what is
asked for: the share of flows with the planted source, where credit or time tells it; and how many are called clear whose times tie.
"""

import argparse
import json
import random
import shutil
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline.day.desk import WorkDesk
from pipeline.day.run import run_day
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.model.tables import FLOWS
from pipeline.settings import load
from pipeline.store.local import LocalStorage
from pipeline.store.warehouse import Warehouse

Row = dict[str, Any]
FIRST_DAY = date(2026, 3, 5)
N_DAYS = 3
NINE = datetime(2026, 3, 5, 9, tzinfo=UTC)
_SECOND, _DAY = "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d"
CREDITS = (
    "This article first appeared in {}.",
    "Originally published by {}.",
    "The post was republished from {}.",
    "Source: {}",
    "Dieser Artikel erschien zuerst in {}.",
    "Publicado originalmente en {}.",
    "Cet article a été initialement publié par {}",
)


@dataclass
class Taker:
    """Who took a text: from whom in truth, and what says so."""

    outlet: str
    source: str
    is_credited: bool
    is_tied: bool  # nothing but the order of ids says which of the two was first
    is_open: bool = False  # somebody else may have been the first, by his time


@dataclass
class Chain:
    documents: list[tuple[int, Row]] = field(default_factory=list)  # the day, and what is delivered on it
    takers: list[Taker] = field(default_factory=list)


def chains(n: int, seed: int = 17) -> Iterator[Chain]:
    from wordfreq import top_n_list

    draw, words = random.Random(seed), top_n_list("en", 6_000)[300:]  # noqa: S311 - a made-up text is no secret
    for number in range(n):
        yield _chain(draw, words, number)


def _chain(draw: random.Random, words: list[str], number: int) -> Chain:
    sentences = [
        f"{' '.join(draw.choices(words, k=draw.randint(9, 22))).capitalize()}."
        for _ in range(draw.randint(10, 24))
    ]
    tails = ("Post", "Echo", "Globe", "Herald", "Times", "Star", "Mail", "Sun")[: draw.randint(2, 8)]
    names = [f"{draw.choice(words).capitalize()} {draw.choice(words).capitalize()} {tail}" for tail in tails]
    chain, agency = Chain(), "Reuters" if draw.random() < 0.15 else None
    first_day = draw.randrange(2)
    first = NINE + timedelta(days=first_day, minutes=draw.randrange(0, 300))
    document = _document(number, names[0], sentences, "", first.strftime(_SECOND))
    chain.documents.append((first_day + (draw.random() < 0.1), document))
    before, at = names[0], first
    for name in names[1:]:
        at += timedelta(minutes=draw.randint(1, 120))
        way, credit = draw.random(), ""
        text, source = _edited(draw, sentences), names[0]
        is_credited = way < 0.35
        if is_credited:
            source = draw.choice([names[0], before])
            credit = draw.choice(CREDITS).format(source)
        said = first if 0.35 <= way < 0.5 else None if 0.5 <= way < 0.6 else at
        by_day = 0.6 <= way < 0.7
        is_tied = not is_credited and (said is None or said == first or by_day)
        document = _document(number, name, text, credit, said and said.strftime(_DAY if by_day else _SECOND))
        chain.documents.append((first_day + (draw.random() < 0.1), document))
        chain.takers.append(Taker(name, source, is_credited, is_tied))
        before = name
    if any(document["published_at"] == first.strftime(_SECOND) for _, document in chain.documents[1:]):
        for taker in chain.takers:
            taker.is_open = not taker.is_credited
    if agency:
        _by_agency(chain, agency)
    return chain


def _by_agency(chain: Chain, agency: str) -> None:
    """All who took it print an agency's text and say so, the first outlet among them."""
    for _, document in chain.documents:
        document["authors"] = [agency]
        document["text"] = document["text"].split("\n\n")[0]
    outlets = [document["outlet"] for _, document in chain.documents]
    chain.takers = [Taker(outlet, agency, is_credited=True, is_tied=False) for outlet in outlets]


def _edited(draw: random.Random, sentences: list[str]) -> list[str]:
    way = draw.random()
    if way < 0.25 and len(sentences) > 14:
        return sentences[: 2 * len(sentences) // 3]
    if way < 0.5:
        at = draw.randrange(1, len(sentences))
        return sentences[:at] + sentences[at + 1 :]
    return sentences


def _document(number: int, outlet: str, text: list[str], credit: str, published_at: str | None) -> Row:
    host = "".join(outlet.lower().split())
    return {
        "url": f"https://{host}.example/{number}-{host}",
        "outlet": outlet,
        "title": text[0][:60],
        "text": "\n".join(text) + (f"\n\n{credit}" if credit else ""),
        "published_at": published_at,
    }


def run(made: list[Chain]) -> tuple[dict[tuple[str, str], Row], float]:
    """The latest flow of each number of chain and outlet; and the share of the runs' time that it took to follow them."""
    root = Path(tempfile.mkdtemp(prefix="newsfold-flows-"))
    chosen = load(landing=str(root / "landing"), warehouse=str(root / "warehouse"))
    desk = WorkDesk(
        LocalStorage(chosen.landing), Warehouse(LocalStorage(chosen.warehouse)), chosen, EmbeddedEngine(2)
    )
    by_day: dict[int, list[Row]] = defaultdict(list)
    for chain in made:
        for day, document in chain.documents:
            by_day[day].append(document)
    seconds: Counter[str] = Counter()
    found: dict[tuple[str, str], Row] = {}
    try:
        for day in range(N_DAYS):
            date_of = FIRST_DAY + timedelta(day)
            folder = root / "landing" / f"day={date_of}"
            folder.mkdir(parents=True)
            (folder / "a.jsonl").write_text("\n".join(map(json.dumps, by_day[day])), encoding="utf-8")
            seconds.update(run_day(desk, date_of).seconds)
            for row in desk.warehouse.read(FLOWS, date_of).to_pylist():
                found[row["copy_id"], row["to_outlet"]] = row
    finally:
        shutil.rmtree(root)
    by_outlet = {(row["to_outlet"], row["copy_id"]): row for row in found.values()}
    return by_outlet, seconds["flows"] / max(seconds.total(), 1e-9)


def judge(made: list[Chain], found: dict[tuple[str, str], Row]) -> Counter[str]:
    """What became of the takers, counted."""
    by_outlet: dict[str, list[Row]] = defaultdict(list)
    for (outlet, _), row in found.items():
        by_outlet[outlet].append(row)
    counted: Counter[str] = Counter()
    for chain in made:
        for taker in chain.takers:
            rows = by_outlet[taker.outlet]
            kind = _kind(taker)
            counted[f"{kind} asked"] += 1
            is_right = any(_plain(row["from_name"]) == _plain(taker.source) for row in rows)
            is_clear = any(row["confidence"] == "earlier" for row in rows)
            counted[f"{kind} right"] += is_right
            counted[f"{kind} clear"] += is_clear
            counted[f"{kind} clear and wrong"] += is_clear and not is_right
            counted[f"{kind} missing"] += not rows
    return counted


def _kind(taker: Taker) -> str:
    if taker.is_tied:
        return "tied"
    return "open" if taker.is_open else "credited" if taker.is_credited else "timed"


def _plain(name: str) -> str:
    return name.casefold().removeprefix("the ")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--n", type=int, default=500, help="chains")
    made, begun = list(chains(parser.parse_args().n)), time.perf_counter()
    found, share = run(made)
    n = judge(made, found)
    right, asked = (n[f"credited {what}"] + n[f"timed {what}"] for what in ("right", "asked"))
    print(
        f"{len(made)} chains, {sum(len(c.documents) for c in made)} articles, {time.perf_counter() - begun:.0f} s"
    )
    for kind in ("credited", "timed", "tied", "open"):
        print(
            f"{kind:>9}: {n[f'{kind} right']} of {n[f'{kind} asked']} right, {n[f'{kind} missing']} without a flow"
        )
    print(
        f"direction {right / max(asked, 1):.4f} (asked .98); clear though times tie {n['tied clear']} (asked 0)"
    )
    print(f"clear and wrong where two may have been first: {n['open clear and wrong']} of {n['open asked']}")
    print(f"following took {share:.1%} of the runs' time")


if __name__ == "__main__":
    main()
