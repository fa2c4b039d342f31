"""What one late page costs in a warehouse of many days: which days are run again, what is parsed, and how much CPU it takes.

    python -m benchmarks.repair [--days 60] [--articles 100] [--window 14] [--kilobytes 160]

Days of web pages are made from the corpus of `benchmarks/corpus.py` and published, but for one page of the eleventh
day; then that page arrives. `repair` is compared with the building of the whole warehouse, and its files byte by byte
with those of a pass in order over all pages. A repair parses nothing, so what a page weighs decides on the ratio: 160 kB are what
half of the real pages of the extraction benchmark exceed (wcxb 162, fundus 254); `--kilobytes 0` is the text with hardly
a page around it.
"""

import argparse
import json
import random
import resource
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

from benchmarks import corpus
from pipeline.day import run
from pipeline.day.desk import Desk, open_desk
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.extract import batch
from pipeline.settings import load
from pipeline.store.layout import is_journal
from pipeline.upkeep import repair, status

LATE_DAY = 10  # counted from 0
TEASER_SHARE = 0.25  # of a page's bytes, beside its article; the rest is script, as on news sites


def page(row: dict[str, Any], dice: random.Random, kilobytes: int) -> str:
    """An article as its outlet's site shows it, in a page of about so many kB."""
    words = row["text"].split()
    links = "".join(f'<li><a href="/{w}">{escape(w)}</a></li>' for w in dice.choices(words, k=30))
    body = "".join(f"<p>{escape(p)}</p>" for p in row["text"].split("\n\n"))
    rest = max(0, kilobytes * 1000 - len(body) - len(links))
    script, teasers = (
        _script(round(rest * (1 - TEASER_SHARE))),
        _teasers(words, dice, round(rest * TEASER_SHARE)),
    )
    return (
        f"<html lang='en'><head><title>{escape(row['title'])} - {row['outlet']}</title><script>{script}</script>"
        f"<meta property='article:published_time' content='{row['date']}'></head><body><nav><ul>{links}</ul></nav>"
        f"<article><h1>{escape(row['title'])}</h1>{body}</article><aside>{teasers}</aside>"
        "<footer>All rights reserved</footer></body></html>"
    )


def _script(size: int) -> str:
    line = "window.queue.push({{slot:{n}, size:[300,250], key:'k{n}'}});"
    return "\n".join(line.format(n=n) for n in range(size // len(line)))


def _teasers(words: list[str], dice: random.Random, size: int) -> str:
    """Links to other articles, as they stand in the margin of a page: picture, headline, half a sentence."""
    made, total = [], 0
    while total < size:
        head, lead = (escape(" ".join(dice.choices(words, k=k))) for k in (6, 12))
        made.append(
            f'<div class="teaser card"><a href="/news/{len(made)}"><figure><img src="/i/{len(made)}.jpg" alt=""></figure>'
            f'<h3>{head}</h3></a><p class="lead">{lead}</p></div>'
        )
        total += len(made[-1])
    return "".join(made)


def deliver(
    landing: Path, days: int, articles: int, kilobytes: int
) -> tuple[list[date], Callable[[], object]]:
    """A landing zone without one page; returns its days, and what delivers that page."""
    dice = random.Random(1)  # noqa: S311 - made-up pages, the same on every machine
    lines: dict[str, list[str]] = defaultdict(list)
    for n, row in enumerate(corpus.generate(days * articles, days=days)):
        document = {
            "url": f"https://news.example/{n}",
            "html": page(row, dice, kilobytes),
            "outlet": row["outlet"],
        }
        lines[row["date"][:10]].append(json.dumps(document))
    known = sorted(lines)
    late = lines[known[LATE_DAY]].pop(articles // 2)
    for day, documents in lines.items():
        (landing / f"day={day}").mkdir(parents=True)
        (landing / f"day={day}" / "pages.jsonl").write_text("\n".join(documents))
    path = landing / f"day={known[LATE_DAY]}" / "late.jsonl"
    return [date.fromisoformat(day) for day in known], lambda: path.write_text(late)


def desk(root: Path, warehouse: str, window: int) -> Desk:
    settings = load(landing=str(root / "landing"), warehouse=str(root / warehouse), window_days=window)
    return open_desk(settings, EmbeddedEngine(1))


def build(all_of: Desk, days: list[date]) -> None:
    """Every day in order; then the process that read the pages ends, so that its time counts."""
    for day in days:
        run.run_day(all_of, day)
    all_of.engine.close()


def mend(all_of: Desk, days: list[date]) -> list[Any]:
    done = list(repair.repair(all_of, days))
    all_of.engine.close()
    return done


def cpu_seconds(what: Callable[[], Any]) -> tuple[float, Any]:
    """CPU time of this process and of its ended children (the parsers), and what came of it."""
    before = _spent()
    result = what()
    return _spent() - before, result


def _spent() -> float:
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(u.ru_utime + u.ru_stime for u in map(resource.getrusage, who))


def published(root: Path) -> dict[str, bytes]:
    files = {str(p.relative_to(root)): p for p in root.rglob("*.parquet") if "_meta" not in p.parts}
    return {path: p.read_bytes() for path, p in files.items() if not is_journal(path)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--articles", type=int, default=100)
    parser.add_argument("--window", type=int, default=14)
    parser.add_argument("--kilobytes", type=int, default=160, help="of a page; 0: hardly more than its text")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), chosen.days, chosen.articles, chosen.window, chosen.kilobytes)


def measure(root: Path, n_days: int, articles: int, window: int, kilobytes: int) -> None:
    days, send_late_page = deliver(root / "landing", n_days, articles, kilobytes)
    run.run_day(desk(root, "warm", window), days[0])  # compiled kernels and lists of words are loaded
    full, _ = cpu_seconds(lambda: build(desk(root, "warehouse", window), days))
    seen, states = cpu_seconds(lambda: status.status(desk(root, "warehouse", window)))
    assert {"fresh"} == {s.state for s in states}
    send_late_page()
    parsed: list[int] = []
    real = batch.extract
    batch.extract = lambda raw, **rest: parsed.append(raw.num_rows) or real(raw, **rest)  # type: ignore[func-returns-value,assignment]
    cost, again = cpu_seconds(lambda: mend(desk(root, "warehouse", window), days))
    batch.extract = real
    # Parsing is the same for both: the pass in order takes what was parsed.
    shutil.copytree(root / "warehouse/_meta/state/extracted", root / "fresh/_meta/state/extracted")
    build(desk(root, "fresh", window), days)
    assert published(root / "fresh") == published(root / "warehouse"), "repair is not what a rebuild gives"
    said = [found.day for found, report in again if set(report.changed) - {"runs"}]
    print(
        f"days {len(days)}, articles a day {articles}, {kilobytes} kB a page, window {window} days; CPU seconds"
    )
    print(f"building all days     {full:8.1f}")
    print(f"status                {seen:8.2f}")
    print(
        f"repair, one late page {cost:8.1f}: {full / cost:.1f} times less; the bytes are those of a pass in order"
    )
    print(f"days run again        {len(again):8d} of {len(days)}; {len(said)} of them say something new")
    print(f"pages parsed by it    {sum(parsed):8d} of {len(days) * articles}")


if __name__ == "__main__":
    main()
