"""Outlets with furniture of their own inside the article, from page to cleaned text."""

from collections import Counter
from datetime import date

import pytest

from benchmarks import outlets
from pipeline.clean import habits
from pipeline.clean.articles import clean
from pipeline.extract.batch import extract
from pipeline.model.internal_tables import RAW
from tests.pages import CAPS

DAY = date(2026, 3, 5)
MADE = outlets.pages(n_outlets=3, n_articles=8)


@pytest.fixture(scope="module")
def kept() -> list[list[str]]:
    """The lines that are kept of each page."""
    rows = [
        {"raw_ref": f"{n:03}.html#0", "media": "html", "body": made.content, "url": made.url}
        for n, made in enumerate(MADE)
    ]
    extracted = extract(RAW.table(rows), day=DAY, caps=CAPS)
    recurring = habits.recurring(habits.count_lines(habits.outline(extracted)))
    cleaned = clean(extracted, recurring=recurring, day=DAY, min_words=8).sort_by("raw_ref")
    return [text.split("\n") for text in cleaned["text"].to_pylist()]


def test_no_paragraph_of_an_article_is_lost(kept: list[list[str]]) -> None:
    """Not of one that was delivered twice, and not the sentence with which two parts of a serial open."""
    lost = [p for made, lines in zip(MADE, kept, strict=True) for p in made.paragraphs if p not in lines]
    assert lost == []


def test_of_what_an_outlet_repeats_less_than_one_line_in_fifty_is_left(kept: list[list[str]]) -> None:
    """A line that stands in three or more different articles of its outlet."""
    articles: dict[tuple[str, str], set[str]] = {
        (m.outlet, line): set() for m, lines in zip(MADE, kept, strict=True) for line in lines
    }
    for made, lines in zip(MADE, kept, strict=True):
        for line in lines:
            articles[made.outlet, line].add(made.paragraphs[-1])
    counts = Counter({line: len(found) for line, found in articles.items()})
    assert sum(n for n in counts.values() if n >= 3) < 0.02 * counts.total()
