"""Terms counted and ranked by compiled loops: the same, bit for bit, as word by word."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.event_texts import EVENTS
from pipeline.kernels import weighing
from pipeline.stories import terms
from tests import plain_terms
from tests import story_texts as texts
from tests.test_terms import articles

WORDS = (
    "Kestrel",
    "kestrel",
    "Kestrels",
    "Bay",
    "BAY",
    "Marn's",
    "don't",
    "the",
    "The",
    "of",
    "quake",
    "6.8",
    "38,861",
    "2019",
)
MORE = (
    "ferry",
    "Erdoğan'ın",
    "ё",
    "東京都",
    "株式会社A",
    "한국어",
    "พระราชา",
    "कोसली",
    "ﷺ",
    "İzmir",
    "A320",
    "x_y",
    "\u0301",
    "ͺ",
)
GAPS = (" ", " ", " ", "  ", ", ", ". ", "\n", "-", "")


@st.composite
def written(draw: st.DrawFn) -> str:
    """Words of several scripts, with or without a space between."""
    words = draw(st.lists(st.sampled_from(WORDS + MORE) | st.text(max_size=4), max_size=40))
    gaps = draw(st.lists(st.sampled_from(GAPS), min_size=len(words), max_size=len(words)))
    return "".join(word + gap for word, gap in zip(words, gaps, strict=True))


ARTICLES = st.lists(
    st.tuples(st.none() | written(), written(), st.sampled_from(["en", "tr", "zh", "ko", "hi", "xx", None])),
    max_size=6,
)


def same(rows: list[tuple[str | None, str, str | None]]) -> None:
    rows = [
        (
            title and title.encode("utf-8", "ignore").decode(),
            text.encode("utf-8", "ignore").decode(),
            language,
        )
        for title, text, language in rows
    ]
    table = articles(*({"title": t, "text": x, "language": n} for t, x, n in rows))
    made = terms.weigh(table).to_pylist()
    for row, expected in zip(made, (plain_terms.weigh(*one) for one in rows), strict=True):
        found = {name: row[name] for name in expected}
        expected["weights"] = np.array(expected["weights"], np.float32).tolist()
        assert expected == found


@settings(max_examples=150, deadline=None)
@given(ARTICLES)
def test_articles_have_the_terms_that_are_counted_word_by_word(
    rows: list[tuple[str | None, str, str | None]],
) -> None:
    """Of any words, scripts and languages, many at once: hashes, weights, names, keywords."""
    same(rows)


@pytest.mark.parametrize("language", sorted(EVENTS))
def test_reports_have_the_terms_that_are_counted_word_by_word(language: str) -> None:
    """In seventeen languages."""
    same([(title, text, language) for event in EVENTS[language] for title, text in event])


def test_long_texts_have_the_terms_that_are_counted_word_by_word() -> None:
    """Also where more is read of a text than a lead, and more terms are found than kept."""
    long = " ".join([texts.QUAKE_A1[1], *(f"Word{n} word{n % 7} Marn{n % 90}" for n in range(500))])

    same([(texts.QUAKE_A1[0], long, "en"), ("東京" * 300, "東京都" * 900, "ja"), (None, "a " * 900, "en")])


def test_of_terms_with_one_hash_the_lighter_stands_first() -> None:
    """Terms come the heaviest first."""
    ends, hashes = np.array([0, 3, 5]), np.array([7, -2, 7, 1, 0])

    assert [1, 2, 0, 4, 3] == weighing.by_hash(ends, hashes).tolist()
