"""Newsrooms and agencies: what generated stories of houses, syndicates, wires and rewrites count as, with a file of outlets and without.

    python benchmarks/newsrooms.py [--n 200]

Everything is made by a seed and goes through `newsfold run` in a warehouse that is removed. Words are drawn from wordfreq's list.
"""

import argparse
import json
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.day.desk import WorkDesk
from pipeline.day.run import run_day
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.model.tables import ARTICLES, MEMBERSHIPS, STORIES
from pipeline.settings import load
from pipeline.store.local import LocalStorage
from pipeline.store.warehouse import Warehouse

Row = dict[str, Any]
DAY = date(2026, 3, 5)
N_HOUSES, N_EDITIONS = 12, 5
# How each wire signs: before the text, as the byline, or after it.
WIRES = {
    "AP": (
        "LONDON (AP) — ",
        "The Associated Press",
        "\nCopyright 2026 The Associated Press. All rights reserved.",
    ),
    "AFP": ("PARIS, March 5 (AFP) - ", "AFP", " — AFP"),
    "Reuters": ("GENEVA, March 5 (Reuters) - ", "By Jane Doe, Reuters", "\nSource: Reuters"),
    "dpa": ("Berlin (dpa) - ", "dpa", "\n© dpa-infocom"),
    "Xinhua": ("BEIJING, March 5 (Xinhua) -- ", "Xinhua", " (Xinhua)"),
}
MENTIONS = (
    "The mayor told the AP that it was over.",
    "It was the first in years, according to Reuters.",
    "Photo: AFP",
    "The Associated Press contributed to this report.",
)


@cache
def _words() -> list[str]:
    from wordfreq import top_n_list

    return [word for word in top_n_list("en", 9_000) if word.isalpha() and len(word) > 3][300:]


def _sentences(rng: random.Random, n: int, topic: list[str]) -> list[str]:
    made = []
    for _ in range(n):
        words = rng.sample(_words(), 11) + rng.sample(topic, 4)
        rng.shuffle(words)
        made.append(" ".join(words).capitalize() + ".")
    return made


@dataclass
class Story:
    """What is delivered, and what it is to count as."""

    topic: list[str]
    documents: list[Row] = field(default_factory=list)
    newsrooms: dict[bool, set[str]] = field(
        default_factory=lambda: {True: set(), False: set()}
    )  # with the file
    agencies: set[str] = field(default_factory=set)
    n_texts: dict[bool, int] = field(default_factory=lambda: {True: 0, False: 0})  # of unknown source

    @property
    def title(self) -> str:
        return " ".join(self.topic[:7]).capitalize()

    def deliver(
        self, host: str, text: list[str], hour: int, truth: str, agency: str = "", **more: Any
    ) -> None:
        url = f"https://{host}/{len(self.documents)}-{self.topic[0]}-{self.topic[1]}"
        document = {"url": url, "title": self.title, "text": "\n".join(text), "outlet": host}
        document["published_at"] = f"2026-03-05T{hour:02}:{len(self.documents) % 60:02}:00Z"
        self.documents.append(document | {"truth": truth, "agency": agency} | more)


def _house(n: int, edition: int) -> str:
    return f"edition{edition}.house{n}.com" if n % 2 else f"house{n}-{edition}.com"


def _family(n: int, edition: int, with_file: bool) -> str:
    """Without the file, editions on domains of their own are families of their own."""
    return f"house{n}" if with_file else (f"house{n}.com" if n % 2 else _house(n, edition))


def stories(n: int) -> Iterator[Story]:
    for number in range(n):
        rng = random.Random(number)  # noqa: S311 - made-up stories, not secrets
        story = Story(rng.sample(_words(), 24))
        houses = rng.sample(range(N_HOUSES), 4)
        for house in houses[: rng.randint(1, 3)]:
            _own_text(rng, story, house)
        for wire in rng.sample(sorted(WIRES), rng.randint(0, 2)):
            _wire(rng, story, wire, houses)
        if rng.random() < 0.15:
            _reposts(rng, story)
        yield story


def _own_text(rng: random.Random, story: Story, house: int) -> None:
    """A text that several editions of the house run, and that a house sells to one of another; half of them mention an agency."""
    text = _sentences(rng, 12, story.topic)
    if rng.random() < 0.5:
        text.insert(rng.choice((4, len(text))), rng.choice(MENTIONS))
    editions = rng.sample(range(N_EDITIONS), rng.randint(1, N_EDITIONS))
    for n, edition in enumerate(editions):
        own = text if n == 0 else _edited(rng, text)
        story.deliver(_house(house, edition), own, 6 + n, "own")
    if rng.random() < 0.3:
        story.deliver(_house((house + 6) % N_HOUSES, 0), text, 14, "own")
    for with_file in (True, False):
        story.newsrooms[with_file].add(_family(house, editions[0], with_file))


def _edited(rng: random.Random, text: list[str]) -> list[str]:
    cut = rng.randrange(len(text))
    return text[:cut] + text[cut + 1 :]


def _wire(rng: random.Random, story: Story, wire: str, houses: list[int]) -> None:
    """A wire's text at two to eight takers; half of them, but at least one, sign it."""
    text = _sentences(rng, 12, story.topic)
    n_takers = rng.randint(2, 8)
    for n in range(n_takers):
        host = _house(houses[n % 4], n % N_EDITIONS)
        own = list(text) if rng.random() < 0.4 else _edited(rng, text)
        own = own[: rng.randint(6, 9)] if rng.random() < 0.2 else own
        if n % 2:
            story.deliver(host, own, 8 + n, "silent", wire)
            continue
        before, byline, behind = WIRES[wire]
        how = rng.randrange(3)
        own[0] = before + own[0] if how == 0 else own[0]
        own[-1] = own[-1] + behind if how == 2 else own[-1]
        story.deliver(host, own, 8 + n, "states", wire, **({"authors": [byline]} if how == 1 else {}))
    story.agencies.add(wire)


def _reposts(rng: random.Random, story: Story) -> None:
    """A text that only repost sites have: of unknown source, if the file says what they are."""
    text = _sentences(rng, 12, story.topic)
    for n in range(2):
        story.deliver(f"repost{n}.com", text, 11 + n, "own")
    story.n_texts[True] += 1
    story.newsrooms[False].add("repost0.com")


def _file(path: Path) -> None:
    rows = [f"{_house(n, e)},{_house(n, e)},house{n}," for n in range(N_HOUSES) for e in range(N_EDITIONS)]
    path.write_text(
        "\n".join(["domain,outlet,owner,kind", *rows, *(f"repost{n}.com,,,repost" for n in range(2))])
    )


def measure(n: int, with_file: bool) -> None:
    root, made = Path(tempfile.mkdtemp(prefix="newsfold-newsrooms-")), list(stories(n))
    try:
        folder = root / "landing" / f"day={DAY}"
        folder.mkdir(parents=True)
        lines = [json.dumps(document) for story in made for document in story.documents]
        (folder / "feed.jsonl").write_text("\n".join(lines))
        _file(root / "houses.csv")
        more = {"outlets": str(root / "houses.csv")} if with_file else {}
        chosen = load(landing=str(root / "landing"), warehouse=str(root / "warehouse"), **more)
        storage = LocalStorage(chosen.warehouse)
        desk = WorkDesk(LocalStorage(chosen.landing), Warehouse(storage), chosen, EmbeddedEngine(2))
        run_day(desk, DAY)
        tables = [
            desk.warehouse.read(contract, DAY).to_pylist() for contract in (ARTICLES, MEMBERSHIPS, STORIES)
        ]
        judge(made, with_file, *tables)
    finally:
        shutil.rmtree(root)


def judge(
    made: list[Story], with_file: bool, articles: list[Row], places: list[Row], found: list[Row]
) -> None:
    """Print the shares that are right, and what was told of the first that are not."""
    by_url, place_of = {row["url"]: row for row in articles}, {row["article_id"]: row for row in places}
    story_of = {member: row for row in found for member in row["members"]}
    right, asked = Counter[str](), Counter[str]()
    for story in made:
        ids = [
            by_url[document["url"]]["article_id"] for document in story.documents if document["url"] in by_url
        ]
        told = {story_of[i]["story_id"]: story_of[i] for i in ids}
        whole = len(told) == 1 and set(ids) == set(next(iter(told.values()))["members"])
        asked["stories found whole"] += 1
        right["stories found whole"] += whole
        _judge_articles(story, by_url, place_of, right, asked)
        _judge_groups(story, by_url, place_of, right, asked)
        if whole:
            row = next(iter(told.values()))
            counted = tuple(row[name] for name in ("n_newsrooms", "n_agencies", "n_sources"))
            wanted = {"counts of whole stories": with_file} | {"the same, by true owners": True}
            for what, by_file in wanted.items():
                asked[what] += 1
                right[what] += counted == _expected(story, by_file)
            if counted != _expected(story, with_file):
                print("   ", story.title[:40], "counted", counted, "expected", _expected(story, with_file))
    print("with the file" if with_file else "without the file")
    for what in asked:
        print(f"  {what:42} {right[what] / asked[what]:.3f} of {asked[what]}")


def _expected(story: Story, with_file: bool) -> tuple[int, int, int]:
    n_newsrooms, n_agencies = len(story.newsrooms[with_file]), len(story.agencies)
    return n_newsrooms, n_agencies, n_newsrooms + n_agencies + story.n_texts[with_file]


def _judge_groups(
    story: Story, by_url: dict[str, Row], place_of: dict[str, Row], right: Counter[str], asked: Counter[str]
) -> None:
    """The takers of each wire together: half of them do not sign it, and all must be told as its takers."""
    for wire in sorted(story.agencies):
        urls = [d["url"] for d in story.documents if d["agency"] == wire and d["url"] in by_url]
        if any(d["truth"] == "silent" for d in story.documents if d["agency"] == wire):
            told = {place_of[by_url[url]["article_id"]]["agency"] for url in urls}
            asked["groups with half of the signs masked"] += 1
            right["groups with half of the signs masked"] += told == {wire}


def _judge_articles(
    story: Story, by_url: dict[str, Row], place_of: dict[str, Row], right: Counter[str], asked: Counter[str]
) -> None:
    for document in story.documents:
        if (article := by_url.get(document["url"])) is None:
            continue
        wanted, truth = document["agency"] or None, document["truth"]
        group = place_of[article["article_id"]]["agency"]
        asked[f"memberships.agency, {truth}"] += 1
        right[f"memberships.agency, {truth}"] += group == wanted
        if truth != "silent":
            asked[f"articles.agency, {truth}"] += 1
            right[f"articles.agency, {truth}"] += article["agency"] == wanted


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--n", type=int, default=200)
    n = parser.parse_args().n
    measure(n, with_file=True)
    measure(n, with_file=False)
