"""A landing zone of ten days of made-up news that looks like news: for pictures of the explorer, and to try it.

    python -m benchmarks.showcase FOLDER [--articles 60] [--days 10]

Then `newsfold backfill --landing FOLDER --warehouse WAREHOUSE` and `newsfold serve --warehouse WAREHOUSE`. Five events are reported by several
newsrooms in their own words and copied by others, whole, shortened, or with a credit; one page is corrected later; the rest are small items. Some
documents are no articles. The same arguments give the same files.
"""

import argparse
import json
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from benchmarks.showcase_texts import EVENTS, FIRST_NAMES, ITEMS, SECOND, SYLLABLES, THIRD

FIRST = date(2026, 3, 5)
OUTLETS = {
    "Coast Courier": "Sign up for the Coast Courier morning letter, free of charge.",
    "The Altena Post": "Read our newsletter every morning before breakfast for free.",
    "Herald of the North": "Follow the Herald on all channels.",
    "Morning Echo": "Share this article with your friends.",
    "Velmar Diario": "Subscribe now and read four weeks for one euro.",
    "Skerry Times": "Download our app for the latest news.",
    "Uplands Gazette": "More on this topic in our dossier.",
    "Harbour Weekly": "Support independent journalism with a donation.",
    "Evening Ledger": "Comments are closed for this article.",
    "The Inland Review": "Listen to this article in our podcast.",
}
Row = dict[str, Any]


def deliver(landing: Path, n_articles: int = 60, n_days: int = 10, seed: int = 1) -> list[date]:
    """Write the landing zone; returns its days."""
    dice = random.Random(seed)  # noqa: S311 - made-up articles, the same on every machine
    days = [FIRST + timedelta(n) for n in range(n_days)]
    rows: dict[date, list[Row]] = {day: [] for day in days}
    for start, reports in EVENTS:
        for row in _event(dice, start, reports):
            if (day := datetime.fromisoformat(row["published_at"]).date()) in rows:
                rows[day].append(row)
    for day in days:
        while len(rows[day]) < n_articles:
            rows[day].append(_item(dice, day, len(rows[day])))
        folder = landing / f"day={day}"
        folder.mkdir(parents=True)
        lines = [json.dumps(row, ensure_ascii=False) for row in rows[day]]
        (folder / "feed.jsonl").write_text("\n".join([*lines, *_broken(day)]), encoding="utf-8")
        (folder / "cover.jpg.html").write_bytes(
            b"\xff\xd8\xff\xe0 a picture, whatever its name says" + bytes(40)
        )
    return days


def _event(dice: random.Random, start: int, reports: list[tuple[int, str, list[str]]]) -> Iterator[Row]:
    """Every article about one event: each report by a newsroom, copies of the first ones, a correction."""
    papers = dice.sample(list(OUTLETS), len(OUTLETS))
    begun = datetime.combine(FIRST + timedelta(start), time(), UTC)
    for n, (hours, title, paragraphs) in enumerate(reports):
        at = begun + timedelta(hours=hours, minutes=dice.randrange(60))
        yield _row(papers[n], title, paragraphs, at)
        for m, other in enumerate(papers[len(reports) :][: (6, 2, 1, 0)[n]]):
            after = at + timedelta(minutes=dice.randrange(20, 300))
            cut = paragraphs[:-1] if m % 3 == 1 and len(paragraphs) > 3 else paragraphs
            credit = [f"As {papers[n]} reported."] if m % 2 else []
            yield _row(
                other, title if m % 3 else f"{title.split(',')[0]} – live", cut + credit, after, f"-{m}"
            )
        if n == 0:
            corrected = [
                paragraphs[0].replace("four hundred", "five hundred").replace("212", "221"),
                *paragraphs[1:],
            ]
            note = "Correction: an earlier version of this article gave a wrong figure in its first sentence."
            later = at + timedelta(hours=8)
            yield _row(papers[0], title, [*corrected, note], at) | {"fetched_at": later.isoformat()}


def _item(dice: random.Random, day: date, n: int) -> Row:
    """A small item about a place and a person that no other has."""
    title, first = dice.choice(ITEMS)
    filled = {
        "place": "".join(dice.sample(SYLLABLES, 3)).capitalize(),
        "name": f"{dice.choice(FIRST_NAMES)} {''.join(dice.sample(SYLLABLES, 3)).capitalize()}",
        "n": dice.randrange(12, 990),
    }
    text = [one.format(**filled) for one in (first, dice.choice(SECOND), dice.choice(THIRD))]
    at = datetime.combine(day, time(), UTC) + timedelta(minutes=dice.randrange(1440))
    return _row(dice.choice(list(OUTLETS)), title.format(**filled), text, at, f"-{n}")


def _row(paper: str, title: str, paragraphs: list[str], at: datetime, tail: str = "") -> Row:
    slug = "".join(c if c.isalnum() else "-" for c in title.lower())[:50]
    host = "".join(c for c in paper.lower() if c.isalpha())
    return {
        "url": f"https://{host}.example/{at:%Y/%m/%d}/{slug}{tail}",
        "title": title,
        "text": "\n".join([*paragraphs, OUTLETS[paper]]),
        "outlet": paper,
        "published_at": at.isoformat(),
        "fetched_at": (at + timedelta(minutes=20)).isoformat(),
    }


def _broken(day: date) -> list[str]:
    """What is delivered and is no article."""
    return [
        json.dumps({"url": f"https://morningecho.example/{day}/ticker", "text": "Ticker follows."}),
        json.dumps({"url": f"https://morningecho.example/{day}/empty"}),
        '{"url": "https://skerrytimes.example/broken", "text": "a record that breaks o',
    ]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--articles", type=int, default=60, help="a day")
    parser.add_argument("--days", type=int, default=10)
    asked = parser.parse_args()
    deliver(asked.folder, asked.articles, asked.days)


if __name__ == "__main__":
    main()
