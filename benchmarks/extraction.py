"""Body text, furniture, titles, dates and languages of real pages, beside trafilatura in the same run.

    python -m benchmarks.extraction [--limit 50] [--set fundus] [--hostile 100000]

Each set is one day without a window. For every page, ours (extract and clean), ours with resiliparse, trafilatura's default and its
fast mode without comments (all with metadata) follow one another, so that what else the machine does strikes all alike. Body scores
are those of 4-word shingle multisets, per page, then the mean; CPU is this process's own. Then come made-up outlets, the speed-up of
two workers, which is by the clock and needs two idle cores, hostile pages, and what was measured beside what was asked for.
"""

import argparse
import gc
import gzip
import html
import json
import os
import re
import statistics
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import trafilatura
from rich.console import Console
from rich.table import Table
from trafilatura.meta import reset_caches
from trafilatura.utils import decode_file

from benchmarks import hostile, outlets
from pipeline.clean import habits
from pipeline.clean.articles import clean
from pipeline.day.extract import caps_of
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.extract import batch
from pipeline.extract.document import read_untold
from pipeline.model.internal_tables import EXTRACTED, RAW
from pipeline.settings import load
from pipeline.text import dates

DATA = Path(os.environ.get("NEWSFOLD_DATA", "../shared/data")) / "extraction"
SETS = ("fundus", "wcxb_articles_dev")
DAY = date(2026, 12, 31)  # after every page of the sets
HINTS = ("url", "title", "outlet", "published_at", "published_precision", "fetched_at")
CAPS = caps_of(load())  # once, as a run does, not for each page
OURS, DEFAULT = 0, 2  # among the readers
BEHIND = 0.3  # of F1: so far behind trafilatura's default a page asks for a reason
# For it, lists of words are loaded.
WITH_DROP_CAPITAL = b"<body><p><span class='dropcap'>T</span>he ferry sank.</p>"
INVISIBLE = re.compile(r"[\u00ad\u200b]")
SAME_LANGUAGE = {"nb": "no", "nn": "no"}

Found = dict[str, Any]


@dataclass
class Reader:
    """What one way of reading made of all pages."""

    name: str
    found: list[Found] = field(default_factory=list)
    seconds: float = 0.0

    def timed(self, read: Callable[[], Found]) -> None:
        start = time.process_time()
        result = read()
        self.seconds += time.process_time() - start
        self.found.append(result)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--limit", type=int, default=None, help="only the first N pages of each set")
    parser.add_argument("--set", choices=SETS, action="append", help="only this set")
    parser.add_argument("--hostile", type=int, default=2_000, help="so many hostile pages")
    chosen = parser.parse_args()
    readers, golds = {}, {}
    for name in chosen.set or SETS:
        if (DATA / name / "pages.jsonl.gz").is_file():
            golds[name] = list(islice(gold_pages(DATA / name), chosen.limit))
            readers[name] = report(name, golds[name])
        else:
            print(f"{name}: skipped, {DATA / name} is not there; set NEWSFOLD_DATA")
    own = made_up_outlets()
    contents = [content for pages_ in golds.values() for _, content in pages_]
    asked = {name: asked_for(name, readers[name], [g for g, _ in golds[name]]) for name in readers}
    rows = [row for found in asked.values() for row in found]
    rows.append(("made-up outlets: repeated lines", "under 2 %", f"{own[0]:.2%}", own[0] < 0.02))
    rows.append(("made-up outlets: paragraphs lost", "none", str(own[1]), own[1] == 0))
    if contents:
        gain = speed_up(contents)
        rows.append(("speed-up of 2 workers over 1", "1.8", f"{gain:.2f}", gain >= 1.8))
    outcomes = hostile.feed_all(range(chosen.hostile))
    broken = sum(outcomes[reason] for reason in hostile.BROKEN) + chosen.hostile - outcomes.total()
    rows.append((f"hostile pages: broken or lost of {chosen.hostile:,}", "none", str(broken), broken == 0))
    Console(width=120).print(verdict(rows))


def gold_pages(folder: Path) -> Iterator[tuple[Found, bytes]]:
    """Each page's gold and its bytes."""
    with gzip.open(folder / "pages.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            gold = json.loads(line)
            yield gold, gzip.decompress((folder / gold["html_path"]).read_bytes())


def report(name: str, gold: list[tuple[Found, bytes]]) -> list[Reader]:
    """Print one set's table and its worst pages."""
    readers = read_all(gold)
    table = Table(title=f"{name}: {len(gold)} pages")
    table.add_column("measure")
    for reader in readers:
        table.add_column(reader.name, justify="right")
    golds = [g for g, _ in gold]
    rows = {label: [measure(r, golds) for r in readers] for label, measure in MEASURES.items()}
    rows["CPU a page, ms"] = [f"{1000 * r.seconds / len(golds):.1f}" for r in readers]
    rows["CPU of default's"] = [f"{r.seconds / readers[DEFAULT].seconds:.2f}" for r in readers]
    for label, values in rows.items():
        table.add_row(label, *values)
    console = Console(width=120)
    console.print(table)
    console.print(worst(readers[OURS], readers[DEFAULT], golds))
    return readers


def read_all(gold: list[tuple[Found, bytes]]) -> list[Reader]:
    """Ours, ours with resiliparse, default and fast, page by page in turn; then ours are cleaned as one day."""
    ours, quick = Reader("ours"), Reader("ours, resiliparse")
    default, fast = Reader("trafilatura"), Reader("trafilatura fast")
    for page, content in gold[:1]:  # models, lists and patterns are loaded once per process, not per page
        cleaned([extract(content, page["url"]), extract(WITH_DROP_CAPITAL, page["url"])])
        dates.find("5 March 2026")
        peer(content)
    gc.freeze()  # as a child does that reads pages: for all readers alike
    for n, (page, content) in enumerate(gold):
        ours.timed(lambda c=content, p=page: extract(c, p["url"]))  # type: ignore[misc]
        quick.timed(lambda c=content, p=page: extract(c, p["url"], "resiliparse"))  # type: ignore[misc]
        default.timed(lambda c=content: peer(c))  # type: ignore[misc]
        fast.timed(lambda c=content: peer(c, fast=True, include_comments=False))  # type: ignore[misc]
        if n % 50 == 49:
            reset_caches()
    for reader in (ours, quick):
        start = time.process_time()
        reader.found = cleaned(reader.found)
        reader.seconds += time.process_time() - start
    return [ours, quick, default, fast]


def extract(content: bytes, url: str, extractor: str = "trafilatura") -> Found:
    """One page through our extraction."""
    hints = dict.fromkeys(HINTS) | {"url": url}
    job = {"body": content, "media": "html", "charset": None, "hints": [hints]}
    batch.put_languages([rows := read_untold(job, day=DAY, caps=CAPS, extractor=extractor)])
    return rows[0]


def cleaned(found: list[Found]) -> list[Found]:
    """All pages through our cleaning, as one day."""
    rows = []
    for n, page in enumerate(found):
        row: Found = {
            "raw_ref": f"{n:05}.html#0",
            "raw_digest": "0" * 32,
            "authors": [],
            "dropped": [],
            "is_paywalled": False,
        }
        row |= {k: v for k, v in page.items() if v is not None}
        rows.append(
            row | {"authors": list(row["authors"]), "stage": "extract" if row.get("reason") else None}
        )
    extracted = EXTRACTED.table(rows)
    recurring = habits.recurring(habits.count_lines(habits.outline(extracted)))
    done = clean(extracted, recurring=recurring, day=DAY, min_words=8).sort_by("raw_ref").to_pylist()
    return [row | {"date": str(row["published_at"].date()) if row["published_at"] else None} for row in done]


def peer(content: bytes, **options: bool) -> Found:
    """One page through trafilatura, with its metadata."""
    document = trafilatura.bare_extraction(decode_file(content), with_metadata=True, **options)
    return {n: getattr(document, n, None) for n in ("text", "title", "date", "language")} if document else {}


# --- measures --------------------------------------------------------------------------------------------------

_WORD = re.compile(r"\w+")
_UNSPACED = re.compile(r"([\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f])")


def shingles(text: str | None) -> Counter[tuple[str, ...]]:
    """The multiset of 4 words in a row; in scripts without spaces, of characters."""
    words = _WORD.findall(_UNSPACED.sub(r" \1 ", (text or "").lower()))
    return Counter(zip(*(words[n:] for n in range(4)), strict=False)) or Counter(
        [tuple(words)] if words else []
    )


def body_scores(text: str | None, gold: str) -> tuple[float, float, float]:
    """Precision, recall and F1."""
    mine, theirs = shingles(text), shingles(gold)
    both = (mine & theirs).total()
    precision = both / mine.total() if mine else 0.0
    recall = both / theirs.total() if theirs else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if both else 0.0


def mean_score(which: int) -> Callable[[Reader, list[Found]], str]:
    """One of the three body scores, over all pages."""
    return lambda reader, golds: f"{statistics.fmean(s[which] for s in scores(reader, golds)):.4f}"


def scores(reader: Reader, golds: list[Found]) -> list[tuple[float, float, float]]:
    return [body_scores(f.get("text"), g["gold_text"]) for f, g in zip(reader.found, golds, strict=True)]


def repeated_lines(reader: Reader, golds: list[Found]) -> str:
    """Share of the kept lines that stand in three or more articles of their outlet."""
    holders: dict[tuple[str, str], set[int]] = defaultdict(set)
    for n, (found, gold) in enumerate(zip(reader.found, golds, strict=True)):
        for line in filter(None, map(str.strip, (found.get("text") or "").split("\n"))):
            holders[gold["publisher"], line].add(n)
    n_lines = sum(map(len, holders.values()))
    return f"{sum(len(h) for h in holders.values() if len(h) >= 3) / max(1, n_lines):.2%}"


def right_day(reader: Reader, golds: list[Found]) -> str:
    """Where gold has a day: the same, by the clock of the page or in UTC."""
    hits = [
        f.get("date") in {g["gold_date"], utc_day(g)}
        for f, g in zip(reader.found, golds, strict=True)
        if g["gold_date"]
    ]
    return f"{statistics.fmean(hits):.3f} of {len(hits)}" if hits else "none"


def utc_day(gold: Found) -> str | None:
    stated = gold.get("publishing_datetime")
    when = datetime.fromisoformat(stated) if stated else None
    return str((when - (when.utcoffset() or when - when)).date()) if when else None


def in_the_future(reader: Reader, golds: list[Found]) -> str:
    """Dates later than the day after the page was fetched."""
    late = [
        f["date"]
        for f, g in zip(reader.found, golds, strict=True)
        if f.get("date") and (g.get("crawl_date") or str(DAY))[:10] < f["date"]
    ]
    return str(len(late))


def equal_titles(reader: Reader, golds: list[Found]) -> str:
    pairs = [
        (f.get("title"), g["gold_title"]) for f, g in zip(reader.found, golds, strict=True) if g["gold_title"]
    ]
    return f"{statistics.fmean(plain(t) == plain(g) for t, g in pairs):.3f}"


def plain(title: str | None) -> str:
    """A title with one kind of quotation mark and single spaces."""
    text = unicodedata.normalize("NFC", html.unescape(title or ""))
    text = re.sub(r"[“”„«»‟″‘’‚‛′`´']", '"', re.sub(r"[\u00ad\u200b-\u200f\ufeff]", "", text))
    return " ".join(text.split())


def right_language(reader: Reader, golds: list[Found]) -> str:
    told = [
        (f.get("language"), SAME_LANGUAGE.get(g["lang"], g["lang"]))
        for f, g in zip(reader.found, golds, strict=True)
        if g.get("lang")
    ]
    return f"{statistics.fmean(f == g for f, g in told):.3f}" if any(f for f, _ in told) else "not told"


MEASURES: dict[str, Callable[[Reader, list[Found]], str]] = {
    "body precision": mean_score(0),
    "body recall": mean_score(1),
    "body F1": mean_score(2),
    "repeated lines": repeated_lines,
    "right day": right_day,
    "days in the future": in_the_future,
    "title equal": equal_titles,
    "language right": right_language,
}


def made_up_outlets() -> tuple[float, int]:
    """The share of repeated lines among what is kept of made-up outlets' pages, and the paragraphs that were lost."""
    made = outlets.pages()
    found = cleaned([extract(m.content, m.url) for m in made])
    kept = [(row["text"] or "").split("\n") for row in found]
    holders: dict[tuple[str, str], set[str]] = defaultdict(set)
    for m, lines in zip(made, kept, strict=True):
        for line in lines:
            holders[m.outlet, line].add("\n".join(m.paragraphs))
    repeated = sum(len(articles) for articles in holders.values() if len(articles) >= 3)
    lost = sum(p not in lines for m, lines in zip(made, kept, strict=True) for p in m.paragraphs)
    return repeated / max(1, sum(map(len, holders.values()))), lost


def speed_up(contents: list[bytes], n_parts: int = 64) -> float:
    """How much sooner two workers are done than one, by the clock."""
    rows = [
        {"raw_ref": f"{n:05}.html#0", "media": "html", "body": content} for n, content in enumerate(contents)
    ]
    parts = [RAW.table(rows[n::n_parts]) for n in range(n_parts)]
    stage = partial(batch.extract, day=DAY, caps=CAPS)

    def read(part: pa.Table) -> Iterator[pa.Table]:
        yield part

    def seconds(workers: int) -> float:
        engine, start = EmbeddedEngine(workers), time.monotonic()
        engine.collect(engine.map(stage, engine.read(parts, read, RAW), EXTRACTED))
        return time.monotonic() - start

    return seconds(1) / seconds(2)


Asked = tuple[str, str, str, bool]  # the measure, what was asked for, what was measured, whether that is met


def asked_for(name: str, readers: list[Reader], golds: list[Found]) -> list[Asked]:
    """One set's part of the table."""
    (p, r, f1), (p0, r0, f0) = (
        map(statistics.fmean, zip(*scores(readers[n], golds), strict=True)) for n in (OURS, DEFAULT)
    )
    ours, ratio = readers[OURS], readers[OURS].seconds / readers[DEFAULT].seconds
    repeated = repeated_lines(ours, golds)
    found = [
        ("body F1, ours - default", "above 0", f"{f1 - f0:+.4f}", f1 > f0),
        ("body precision, ours - default", "+0.02", f"{p - p0:+.4f}", p - p0 >= 0.02),
        ("body recall, ours - default", "-0.005", f"{r - r0:+.4f}", r - r0 >= -0.005),
        ("repeated lines", "under 2 %", repeated, float(repeated[:-1]) < 2),
        ("dates in the future", "none", in_the_future(ours, golds), in_the_future(ours, golds) == "0"),
        ("CPU of trafilatura's default", "0.65", f"{ratio:.2f}", ratio <= 0.65),
    ]
    if name == "fundus":  # only this set was made from what the pages state
        figures = (("right day", right_day, 0.98), ("title equal", equal_titles, 0.88))
        for label, measure, least in (*figures, ("language right", right_language, 0.98)):
            figure = measure(ours, golds)
            found.append((label, str(least), figure, float(figure.split()[0]) >= least))
    return [(f"{name}: {label}", *rest) for label, *rest in found]  # type: ignore[misc]


def verdict(rows: list[Asked]) -> Table:
    """What was measured beside what was asked for."""
    table = Table(title="asked for and measured")
    for column in ("measure", "at least", "measured", "met"):
        table.add_column(column)
    for label, least, measured, is_met in rows:
        table.add_row(label, least, measured, "yes" if is_met else "NO")
    return table


def worst(reader: Reader, default: Reader, golds: list[Found], n_pages: int = 20) -> Table:
    """The pages with the lowest F1, and those far behind trafilatura's default, with what they seem to suffer from."""
    table = Table(title=f"{reader.name}: the {n_pages} worst pages, and those {BEHIND} behind trafilatura")
    for column in ("page", "P", "R", "F1", "default", "extractor", "likely reason"):
        table.add_column(column)
    both = zip(scores(reader, golds), scores(default, golds), reader.found, golds, strict=True)
    for n, (own, other, found, gold) in enumerate(sorted(both, key=lambda row: row[0][2])):
        if n < n_pages or own[2] < other[2] - BEHIND:
            figures = (f"{score:.2f}" for score in (*own, other[2]))
            why = reason(own[0], own[1], found, gold)
            table.add_row(gold["id"], *figures, found.get("extractor") or "-", why)
    return table


def reason(precision: float, recall: float, found: Found, gold: Found) -> str:
    """A guess from the figures, for whoever looks next."""
    f1 = 2 * precision * recall / ((precision + recall) or 1)
    if not found.get("text"):
        return f"no text: {found.get('reason')}"
    seen = (unicodedata.normalize("NFC", INVISIBLE.sub("", t)) for t in (found["text"], gold["gold_text"]))
    if (as_seen := body_scores(*seen)[2]) > f1 + BEHIND:
        return f"the set writes letters and accents apart, or soft hyphens: composed, F1 is {as_seen:.2f}"
    taken = body_scores("\n".join(found.get("furniture_removed") or []), gold["gold_text"])
    if taken[1] > 0.1:
        return f"{taken[1]:.0%} of the article was taken for furniture"
    n_found, n_gold = len(found["text"].split()), len(gold["gold_text"].split())
    if recall < 0.5:
        return f"{n_found} of {n_gold} words: the extractor missed the body"
    if recall < precision:
        return f"{1 - recall:.0%} missed: boxes, lists, tables or pages behind the first"
    return f"{1 - precision:.0%} more than the article: other articles, boxes, code or tables"


if __name__ == "__main__":
    main()
