"""What the comparison of two texts measures."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.copies import verdict
from pipeline.model.internal_tables import COMPARED
from pipeline.text import tokens
from tests.copied import THRESHOLD, text


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.integers(0, 60))
def test_figures_are_those_of_the_sets(seed: int, n_edits: int) -> None:
    """Jaccard and containment are those of the plain sets of shingles (brute force)."""
    dice, words = random.Random(seed), text(seed, 200).split()
    for _ in range(n_edits):
        words[dice.randrange(len(words))] = f"x{dice.randrange(50)}"
    one, two = text(seed, 200), " ".join(words)
    row = {
        "text": one,
        "other_text": two,
        "title": "t",
        "other_title": "u",
        "article_id": "b" * 32,
        "other_id": "a" * 32,
    }

    (link,) = verdict.verify(COMPARED.table([row]), THRESHOLD).to_pylist()

    a, b = set(tokens.shingles(one)), set(tokens.shingles(two))
    assert pytest.approx(len(a & b) / len(a | b)) == link["jaccard"]
    assert sorted([len(a & b) / len(a), len(a & b) / len(b)]) == pytest.approx(
        sorted([link["containment"], link["containment_other"]])
    )
