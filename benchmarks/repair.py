"""What one late file costs in a warehouse of many days: which days are run again, what is parsed, and how long it takes.

    python benchmarks/repair.py [--days 60] [--articles 40] [--window 14]

A synthetic landing zone of HTML pages with copies and follow-ups is built and published; then one page arrives ten
days after the first day, and `repair` is compared with a rebuild of everything in a fresh warehouse, byte by byte.
"""

import argparse
import json
import random
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pipeline import extract, jobs, repair
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.settings import load

FIRST = date(2026, 1, 1)
WORDS = [
    f"{a}{b}{c}"
    for a in ("ka", "lo", "mi", "re", "tu")
    for b in ("den", "var", "lis", "mok")
    for c in ("", "a", "os", "in", "er")
]


def page(dice: random.Random, topic: int, n: int) -> str:
    """A page of about 300 words; pages of one topic share names, and every fourth one most of its sentences."""
    topic_dice = random.Random(topic)  # noqa: S311 - made-up pages, the same on every machine
    names = [" ".join(w.title() for w in topic_dice.sample(WORDS, 2)) for _ in range(6)]
    source = topic_dice if n % 4 == 0 else dice
    sentences = [" ".join(source.choices(WORDS, k=12)) + f" {source.choice(names)} said." for _ in range(24)]
    body = "".join(f"<p>{' '.join(sentences[k : k + 3])}</p>" for k in range(0, 24, 3))
    menu = "".join(f'<li><a href="/{w}">{w}</a></li>' for w in WORDS[:40])
    return (
        f"<html lang='en'><head><title>{names[0]} and {names[1]} {n}</title></head><body><nav><ul>{menu}</ul></nav>"
        f"<article><h1>{names[0]} and {names[1]}</h1>{body}</article><footer>All rights reserved</footer></body></html>"
    )


def deliver(root: Path, days: int, articles: int) -> None:
    dice = random.Random(1)  # noqa: S311 - as above
    for offset in range(days):
        folder = root / f"day={FIRST + timedelta(offset)}"
        folder.mkdir(parents=True)
        rows = [
            {
                "url": f"https://o{n % 7}.example/{offset}/{n}",
                "html": page(dice, (offset // 3) * 10 + n % 12, n),
                "outlet": f"O{n % 7}",
            }
            for n in range(articles)
        ]
        (folder / "pages.jsonl").write_text("\n".join(map(json.dumps, rows)))


def desk(root: Path, warehouse: str, window: int) -> jobs.Desk:
    settings = load(landing=str(root / "landing"), warehouse=str(root / warehouse), window_days=window)
    return jobs.open_desk(settings, EmbeddedEngine(2))


def timed(what: Any) -> tuple[float, Any]:
    begun = time.perf_counter()
    result = what()
    return time.perf_counter() - begun, result


def published(root: Path) -> dict[str, bytes]:
    return {
        str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*.parquet") if "_meta" not in p.parts
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--articles", type=int, default=40)
    parser.add_argument("--window", type=int, default=14)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        deliver(root / "landing", chosen.days, chosen.articles)
        days = [FIRST + timedelta(n) for n in range(chosen.days)]
        all_days = lambda name: [jobs.run_day(desk(root, name, chosen.window), day) for day in days]  # noqa: E731
        timed(lambda: jobs.run_day(desk(root, "warm", chosen.window), days[0]))
        first, _ = timed(lambda: all_days("warehouse"))
        seconds, states = timed(lambda: jobs.status(desk(root, "warehouse", chosen.window)))
        assert {"fresh"} == {s.state for s in states}
        dice = random.Random(9)  # noqa: S311 - as above
        late = root / "landing" / f"day={days[10]}" / "late.jsonl"
        late.write_text(
            json.dumps({"url": "https://late.example/1", "html": page(dice, 31, 0), "outlet": "Late"})
        )
        parsed: list[int] = []
        real = extract.extract
        extract.extract = lambda raw, **rest: parsed.append(raw.num_rows) or real(raw, **rest)  # type: ignore[func-returns-value,assignment]
        cost, again = timed(lambda: list(repair.repair(desk(root, "warehouse", chosen.window), days)))
        extract.extract = real
        full, _ = timed(lambda: all_days("fresh"))
        assert published(root / "fresh") == published(root / "warehouse"), (
            "repair is not what a rebuild gives"
        )
        said = [f.day for f, r in again if set(r.changed) - {"runs"}]
        print(f"days {chosen.days}, articles a day {chosen.articles}, window {chosen.window} days")
        print(f"first build          {first:8.1f} s")
        print(f"status               {seconds:8.2f} s")
        print(
            f"repair, one late page {cost:7.1f} s: {len(again)} of {chosen.days} days run again, {len(said)} of them say something new"
        )
        print(f"pages parsed by it   {sum(parsed):8d} of {chosen.days * chosen.articles + 1}")
        print(
            f"full rebuild         {full:8.1f} s: {full / cost:.1f} times the repair; the bytes are the same"
        )


if __name__ == "__main__":
    main()
