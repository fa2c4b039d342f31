"""Additions: sentences that a report adds to its story, against labels that were set by hand, and the cost.

python benchmarks/additions.py labels [--kept]      precision, recall and F1 by language; --kept: the half kept for the end
python benchmarks/additions.py cost [--n 400]       milliseconds an article of a generated day
"""

import argparse
import datetime as dt
import time
from collections import Counter
from collections.abc import Iterator, Sequence

import pyarrow as pa
from addition_texts import KEPT, TUNED, Story
from corpus import generate

from pipeline.model.internal_tables import SAID
from pipeline.model.kinds import Kind
from pipeline.stories.additions import detect, reports

DAY = dt.date(2026, 3, 5)


def table_of(stories: Sequence[Story]) -> pa.Table:
    """SAID: each story's articles, an hour apart, a sentence a paragraph."""
    rows = []
    for n, story in enumerate(stories):
        texts = [story.first, *([text for _, text in report] for report in story.reports)]
        for place, text in enumerate(texts):
            rows.append(_row(f"{n:04}", place, story.language, "\n".join(text)))
    return SAID.table(rows)


def _row(story: str, place: int, language: str, text: str) -> dict[str, object]:
    article_id = f"{story}-{place:04}"
    return {
        "article_id": article_id,
        "story_id": f"{story}-0000",
        "copy_id": article_id,
        "kind": str(Kind.REPORT if place else Kind.ORIGIN),
        "ingest_date": DAY,
        "published_at": dt.datetime.combine(DAY, dt.time(), dt.UTC) + dt.timedelta(minutes=place),
        "published_precision": "minute",
        "language": language,
        "title": None,
        "text": text,
        "is_new": True,
        "is_known": False,
    }


def compared(stories: Sequence[Story]) -> Iterator[tuple[str, bool, bool, str]]:
    """Of each labelled sentence: its language, whether it is new by its label and by the rule, and its text."""
    found = {report.row["article_id"]: report for report in reports(table_of(stories))}
    for n, story in enumerate(stories):
        for place, labelled in enumerate(story.reports, 1):
            report = found[f"{n:04}-{place:04}"]
            if len(report.sentences) != len(labelled):
                raise ValueError(
                    f"{len(report.sentences)} sentences, {len(labelled)} labels: {report.sentences}"
                )
            for (is_new, text), weight in zip(labelled, report.weights, strict=True):
                yield story.language, is_new, weight > 0, text


def scores(judged: Sequence[tuple[bool, bool]]) -> tuple[float, float, float]:
    """Precision, recall and F1 of (label, found)."""
    counts = Counter(judged)
    hits, wrong, missed = counts[True, True], counts[False, True], counts[True, False]
    return (
        hits / max(hits + wrong, 1),
        hits / max(hits + missed, 1),
        2 * hits / max(2 * hits + wrong + missed, 1),
    )


def _labels(*, kept: bool, verbose: bool) -> None:
    rows = list(compared(KEPT if kept else TUNED))
    for language in [*sorted({row[0] for row in rows}), ""]:
        chosen = [(label, found) for tongue, label, found, _ in rows if language in {tongue, ""}]
        precision, recall, f1 = scores(chosen)
        print(
            f"{language or 'all':4} {len(chosen):4} sentences  P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}"
        )
    for language, label, found, text in rows if verbose else ():
        if label is not found:
            print(language, "missed" if label else "wrong", text)


def _cost(n: int) -> None:
    """A quarter of the articles began a story; the others are its reports."""
    rows = list(generate(n, seed=5))
    table = SAID.table([_row(f"{i // 4:04}", i % 4, "en", str(row["text"])) for i, row in enumerate(rows)])
    for _ in range(2):  # the first time reads the list of words
        begun = time.process_time()
        found = detect(table)
        ms = 1000 * (time.process_time() - begun) / n
    print(f"{n} articles, {found.num_rows} reports: {ms:.2f} ms an article")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["labels", "cost"])
    parser.add_argument("--kept", action="store_true", help="the half that was kept for the end")
    parser.add_argument("--verbose", action="store_true", help="list the sentences that are judged wrong")
    parser.add_argument("--n", type=int, default=400, help="articles of a generated day")
    args = parser.parse_args()
    if args.what == "labels":
        _labels(kept=args.kept, verbose=args.verbose)
    else:
        _cost(args.n)


if __name__ == "__main__":
    main()
