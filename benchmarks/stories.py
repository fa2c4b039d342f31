"""How well stories are told apart, on labelled sets, and what a day costs.

    python benchmarks/stories.py                      every set through `newsfold run`, day by day, one setting for all
    python benchmarks/stories.py --into DIR           the same; the warehouses stay in DIR, and what is there is not run again
    python benchmarks/stories.py --into DIR --vary X  the stories of those warehouses anew, with other values of X:
                                                      threshold, STAND_OUT, FADE, TITLE_TIMES …; and, for each set, what
                                                      comes of the value that the other sets would choose
    python benchmarks/stories.py --headlines          the sets cut to their headlines
    python benchmarks/stories.py --reuters            21,578 texts by their dates: seconds and memory a day, the largest story
    python benchmarks/stories.py --scripts            made-up events in 17 languages: how alike two reports of one event are, and
                                                      two of different events, and whether the stories are the events
    python benchmarks/stories.py --languages          news with its translations, and made-up twin events in eight languages, through
                                                      `newsfold run --languages`; NEWSFOLD_LANGUAGES=true does the same for the sets above
    python benchmarks/stories.py --scale [N]          N (200,000) generated articles over 14 days: the same, and the slope

Data: NEWSFOLD_DATA (default ../shared/data); what is not there is skipped. Scores are over all articles, a reject standing alone.

A set is delivered by the dates of its articles; one of which hardly anything is dated, on one day. Of an article
without a date in a dated set nobody knows when it was delivered: such a set is measured twice, without them and with
all of them on the first day (*), where most can meet nothing. Of the pairs all texts come on one day.
"""

import argparse
import datetime as dt
import gzip
import itertools
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from scores import adjusted_rand, b_cubed
from story_days import ONE_DAY, WINDOW_DAYS, made_up, run_days

from pipeline.model.tables import ARTICLES
from pipeline.settings import Settings
from pipeline.stories import assign, join, similarity, terms

Row = dict[str, Any]
ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("NEWSFOLD_DATA", ROOT.parent / "shared" / "data"))
THRESHOLD = Settings.model_fields["story_threshold"].default
SETS = ("news_cluster_g5w1h", "ecbplus", "allsides_full.dev")
PAIRS = ("pairs_telegram_ru", "pairs_telegram_en")
SIMPLE = {
    "news_cluster_g5w1h": "0.782 0.658",
    "ecbplus": "0.888 0.847",
    "allsides_full.dev": "0.871 0.659",
}  # F1 and ARI of a simple method
COLUMNS = ("article_id", "ingest_date", "published_at", "published_precision", "language", "title", "text")
GRIDS: dict[str, tuple[Any, tuple[float, ...]]] = {
    "threshold": (None, (0.18, 0.20, 0.22, 0.24, 0.26, 0.28, 0.30)),
    "STAND_OUT": (join, (4.0, 5.0, 6.0, 7.0, 8.0, 1e9)),
    "ORDINARY": (join, (0.02, 0.03, 0.035, 0.04, 0.05)),
    "LEAST": (join, (0.3, 0.4, 0.5, 0.6, 0.7)),
    "FADE": (similarity, (0.75, 1.0, 1.5, 2.0, 3.0)),
    "TITLE_TIMES": (terms, (3, 4, 6, 8, 10)),
    "LEAD_TIMES": (terms, (2, 3, 4)),
    "READ_TOKENS": (terms, (250, 400, 600)),
    "RARITY_POWER": (terms, (0.5, 0.75, 1.0)),
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--into", type=Path)
    parser.add_argument("--vary", choices=GRIDS)
    parser.add_argument("--headlines", action="store_true")
    parser.add_argument("--reuters", action="store_true")
    parser.add_argument("--scripts", action="store_true")
    parser.add_argument("--languages", action="store_true")
    parser.add_argument("--scale", type=int, nargs="?", const=200_000)
    asked = parser.parse_args()
    if asked.reuters:
        measure_reuters()
    elif asked.scripts:
        measure_scripts()
    elif asked.languages:
        with tempfile.TemporaryDirectory() as scratch:
            measure_languages(asked.into or Path(scratch))
    elif asked.scale:
        measure_scale(asked.scale)
    elif asked.vary:
        vary(asked.into, asked.vary)
    else:
        with tempfile.TemporaryDirectory() as scratch:
            measure_sets(asked.into or Path(scratch), headlines=asked.headlines)


def measure_sets(into: Path, *, headlines: bool) -> None:
    print(f"{'set':22}{'P':>7}{'R':>7}{'F1':>7}{'ARI':>7}{'found':>7}{'gold':>6}   simple method's F1, ARI")
    f1s: dict[str, list[float]] = {"": [], "*": []}
    cut = {"text": ""} if headlines else {}
    made = [(name, [row | cut for row in rows], mark) for name, rows, mark in deliveries()]
    twice = {name for name, _, mark in made if mark}
    for name, rows, mark in made:
        run(root := into / f"{name}{mark}", rows)
        f1 = print_scores(root.name, rows, labels(root, rows), SIMPLE[name])
        print_scores("  its sagas", rows, labels(root, rows, "saga_id"))
        for kind in (mark,) if name in twice else ("", "*"):
            f1s[kind].append(f1)
    for mark, found in f1s.items():
        if found:
            print(f"mean F1 {mark} {sum(found) / len(found):.4f}, lowest {min(found):.3f}")
    for name in () if headlines else PAIRS:
        if pairs := read(f"stories/{name}.jsonl.gz"):
            rows = texts_of(pairs)
            run(into / name, rows)
            print_pairs(name, pairs, rows, labels(into / name, rows))


def measure_languages(into: Path) -> None:
    """News and their translations, in the model's languages and all; and twin events, none of which may be joined."""
    from twin_texts import rows as twins

    from pipeline.stories.sentence_encoder import LANGUAGES

    os.environ["NEWSFOLD_LANGUAGES"] = "true"
    on_one_day: Row = {"date": None, "source": None, "day": str(ONE_DAY)}
    print(f"{'set':22}{'P':>7}{'R':>7}{'F1':>7}{'ARI':>7}{'found':>7}{'gold':>6}")
    for name, delivered in (("wmt21_news.dev", read("stories/wmt21_news.dev.jsonl.gz")), ("twins", twins())):
        if delivered is None:
            continue
        rows = [row | on_one_day for row in delivered]
        run(into / name, rows)
        found = labels(into / name, rows)
        print_scores(name, rows, found)
        known = [n for n, row in enumerate(rows) if row["lang"] in LANGUAGES]
        print_scores("  the model's", [rows[n] for n in known], [found[n] for n in known])
        told = {(story, row["story"]) for story, row in zip(found, rows, strict=True)}
        print(f"  events in a story of another: {len(told) - len({story for story, _ in told})}")


def measure_scripts() -> None:
    from event_texts import EVENTS

    print("language  same event    other events  stories")
    for language, events in EVENTS.items():
        same, other, is_right = told_apart(language, events)
        print(
            f"{language:8}{min(same):6.2f} to {max(same):.2f}{max(other):10.2f} at most  {'the events' if is_right else 'others'}"
        )


def told_apart(
    language: str, events: tuple[tuple[tuple[str, str], ...], ...]
) -> tuple[list[float], list[float], bool]:
    """Similarities of pairs of reports of one event and of different ones, and whether the stories of one day are the events."""
    event_of = [n for n, reports in enumerate(events) for _ in reports]
    rows = [
        {"article_id": f"{n:032d}", "language": language, "title": title, "text": text}
        for n, (title, text) in enumerate(report for reports in events for report in reports)
    ]
    fixed = {"ingest_date": ONE_DAY, "published_at": dt.datetime.combine(ONE_DAY, dt.time(8), dt.UTC)}
    schema = pa.schema([ARTICLES.schema.field(n) for n in COLUMNS])
    weighed = terms.weigh(pa.Table.from_pylist([row | fixed for row in rows], schema=schema))
    weights = [dict(zip(r["terms"], r["weights"], strict=True)) for r in weighed.to_pylist()]
    alike: tuple[list[float], list[float]] = [], []
    for one, other in itertools.combinations(range(len(rows)), 2):
        score = sum(w * weights[other].get(term, 0.0) for term, w in weights[one].items())
        alike[event_of[one] != event_of[other]].append(score)
    known = pa.table({n: pa.array([], pa.string()) for n in ("article_id", "story_id", "saga_id")})
    none = weighed.slice(0, 0)
    placed = assign.assign_stories(
        weighed, none, none, known, day=ONE_DAY, threshold=THRESHOLD, window_days=WINDOW_DAYS
    )
    story_of = dict(zip(placed["article_id"].to_pylist(), placed["story_id"].to_pylist(), strict=True))
    found = {(story_of[row["article_id"]], n) for row, n in zip(rows, event_of, strict=True)}
    return *alike, len(found) == len(events) == len(set(story_of.values()))


def deliveries() -> Iterator[tuple[str, list[Row], str]]:
    """Each set as it is delivered: every row with its `day`; a star marks those with undated articles on the first day."""
    for name in SETS:
        rows = read(f"stories/{name}.jsonl.gz")
        if rows is None:
            continue
        days = sorted(row["date"][:10] for row in rows if row["date"])
        if len(days) < len(rows) / 2:
            yield name, [row | {"day": str(ONE_DAY)} for row in rows], ""
            continue
        yield name, [row | {"day": row["date"][:10]} for row in rows if row["date"]], ""
        yield name, [row | {"day": (row["date"] or days[0])[:10]} for row in rows], "*"


def texts_of(pairs: list[Row]) -> list[Row]:
    """The texts of some pairs, each once, as one day's delivery."""
    texts = sorted({(pair[side]["title"], pair[side]["text"]) for pair in pairs for side in "ab"})
    return [{"title": t, "text": x, "date": None, "source": None, "day": str(ONE_DAY)} for t, x in texts]


def run(root: Path, rows: list[Row]) -> None:
    """`newsfold run` over the days of a delivery, unless it was run into this folder before."""
    if (root / "warehouse/runs").exists():
        return
    files: dict[str, list[str]] = {}
    for n, row in enumerate(rows):
        document = {"url": f"https://{row['source'] or 'unknown'}.example/{n}", "title": row["title"]}
        document |= {"text": row["text"] or "-", "published_at": row["date"], "outlet": row["source"]}
        files.setdefault(row["day"], []).append(json.dumps(document) + "\n")
    for day, lines in files.items():
        folder = root / f"landing/day={day}"
        folder.mkdir(parents=True)
        (folder / "articles.jsonl").write_text("".join(lines), encoding="utf-8")
    command = [sys.executable, "-m", "pipeline", "run", "--json", "--landing", root / "landing"]
    subprocess.run(
        [*command, "--warehouse", root / "warehouse"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
    )


def labels(root: Path, rows: list[Row], group: str = "story_id") -> list[str]:
    """The story (or saga) of each row as published; a reject stands alone."""
    places = table(root, "memberships", ["article_id", group])
    story_of = dict(zip(places["article_id"].to_pylist(), places[group].to_pylist(), strict=True))
    return by_row(root, story_of, len(rows))


def by_row(root: Path, story_of: dict[str, str], n: int) -> list[str]:
    articles = table(root, "articles", ["article_id", "url"])
    number = {
        url.rsplit("/", 1)[1]: story_of[article_id]
        for article_id, url in zip(
            articles["article_id"].to_pylist(), articles["url"].to_pylist(), strict=True
        )
    }
    return [number.get(str(row), f"reject {row}") for row in range(n)]


def print_scores(name: str, rows: list[Row], found: list[str], simple: str = "") -> float:
    gold = [row["story"] for row in rows]
    score = b_cubed(gold, found)
    figures = f"{score.precision:7.3f}{score.recall:7.3f}{score.f1:7.3f}{adjusted_rand(gold, found):7.3f}"
    print(f"{name:22}{figures}{len(set(found)):7}{len(set(gold)):6}   {simple}", flush=True)
    return score.f1


def print_pairs(name: str, pairs: list[Row], rows: list[Row], found: list[str]) -> None:
    story_of = {(row["title"], row["text"]): story for row, story in zip(rows, found, strict=True)}
    wrong = {"same_story": 0, "different": 0}
    for pair in pairs:
        one, two = (story_of[pair[side]["title"], pair[side]["text"]] for side in "ab")
        wrong[pair["label"]] += (one == two) != (pair["label"] == "same_story")
    n = len(pairs)
    print(
        f"{name}: accuracy {1 - sum(wrong.values()) / n:.3f} of {n} pairs; "
        f"{wrong['different']} joined wrongly, {wrong['same_story']} kept apart wrongly",
        flush=True,
    )


def vary(into: Path, name: str) -> None:
    """The stories of kept warehouses with other values of one number."""
    module, grid = GRIDS[name]
    scores: dict[float, list[float]] = {}
    kept = [(n, rows) for n, rows, mark in deliveries() if not mark]
    weighed = {n: weigh(into / n) for n, _ in kept}
    default = THRESHOLD if module is None else getattr(module, name)
    for value in grid:
        threshold = value if module is None else THRESHOLD
        if module is not None:
            setattr(module, name, value)
        if module is terms:
            weighed = {n: weigh(into / n) for n, _ in kept}
        print(f"{name} {value:g}{' (as it is)' if value == default else ''}")
        scores[value] = [
            print_scores(n, rows, regrouped(into / n, run_days(weighed[n], threshold), len(rows)))
            for n, rows in kept
        ]
        print(f"mean F1 {sum(scores[value]) / len(kept):.4f}", flush=True)
    print("chosen by the other sets:")
    for n, (set_name, _) in enumerate(kept):
        best = max(grid, key=lambda value: sum(scores[value]) - scores[value][n])
        print(f"{set_name:22} {best:g}: F1 {scores[best][n]:.3f}, as it is {scores[default][n]:.3f}")


def weigh(root: Path) -> pa.Table:
    """The terms of the articles that begin a copy group in a kept warehouse."""
    places = table(root, "memberships", ["article_id", "copy_id"])
    origins = places.filter(pc.equal(places["article_id"], places["copy_id"]))["article_id"]
    articles = table(root, "articles", list(COLUMNS))
    own = articles.filter(pc.is_in(articles["article_id"], value_set=origins.combine_chunks()))
    return terms.weigh(own)


def regrouped(root: Path, story_of: dict[str, str], n: int) -> list[str]:
    places = table(root, "memberships", ["article_id", "copy_id"])
    copies = zip(places["article_id"].to_pylist(), places["copy_id"].to_pylist(), strict=True)
    return by_row(root, {article: story_of[copy] for article, copy in copies}, n)


def measure_reuters() -> None:
    rows = read("bulk/reuters21578.jsonl.gz")
    if rows is None:
        return
    rows = [row for row in rows if row.get("date") and row["text"]]
    random.Random(0).shuffle(rows)  # noqa: S311  the order of rows must not matter
    begun = time.process_time()
    weighed = terms.weigh(pa.Table.from_pylist([_reuters(row) for row in rows], schema=_schema()))
    print(f"weigh: {1000 * (time.process_time() - begun) / len(rows):.2f} ms an article")
    story_of = run_days(weighed, THRESHOLD, report=True)
    titles = {str(row["id"]): row["title"] for row in rows}
    for story, n in Counter(story_of.values()).most_common(8):
        print(n, [titles[i] for i, s in story_of.items() if s == story][:8])


def _reuters(row: Row) -> Row:
    at = dt.datetime.fromisoformat(row["date"]).replace(tzinfo=dt.UTC)
    return dict(zip(COLUMNS, (str(row["id"]), at.date(), at, "en", row["title"], row["text"]), strict=True))


def _schema() -> pa.Schema:
    return pa.schema([ARTICLES.schema.field(name) for name in COLUMNS])


def measure_scale(n: int) -> None:
    run_days(pa.concat_tables(list(made_up(n // 14, 28))), THRESHOLD, report=True)


def table(root: Path, name: str, columns: list[str]) -> pa.Table:
    return pq.read_table(root / "warehouse" / name, columns=columns)


def read(path: str) -> list[Row] | None:
    if not (DATA / path).exists():
        print(f"{path}: not found under {DATA}, skipped")
        return None
    with gzip.open(DATA / path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


if __name__ == "__main__":
    main()
