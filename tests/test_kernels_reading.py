"""What is read of texts: distinct shingles, which of them are plain, facts, Bloom filters."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.kernels.texts import NAME, NUMBER
from pipeline.text import tokens
from tests.readings import TEXTS, read


@settings(deadline=None, max_examples=100)
@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_shingles_are_the_distinct_ones_of_the_definition(texts: list[str]) -> None:
    found = read(*texts)

    for n, text in enumerate(texts):
        own = found.shingles.hashes[slice(*found.shingles.ends[n : n + 2])]
        hashes = {tokens.shingle_hash64(shingle) & ~1 for shingle in tokens.shingles(text)}
        assert sorted(hashes) == sorted((own & ~np.uint64(1)).tolist())


@settings(deadline=None, max_examples=100)
@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_facts_are_the_distinct_numbers_and_names(texts: list[str]) -> None:
    """A token that is a number here and a name there is what it was first."""
    found = read(*texts)

    for n in range(len(texts)):
        at = slice(*found.tokens.ends[n : n + 2])
        first: dict[int, int] = {}
        for token, mark in zip(
            found.tokens.hashes[at].tolist(), found.tokens.marks[at].tolist(), strict=True
        ):
            if mark & (NUMBER | NAME):
                first.setdefault(token | 1, (token & ~1) | bool(mark & NUMBER))
        assert list(first.values()) == found.facts.hashes[slice(*found.facts.ends[n : n + 2])].tolist()


@settings(deadline=None, max_examples=50)
@given(TEXTS)
def test_every_token_is_in_the_filter_of_its_text(text: str) -> None:
    """And nothing is in the filter of an empty one."""
    found = read(text, "")

    expected = [0] * found.blooms.shape[1]
    for token in found.tokens.hashes.tolist():
        expected[(token >> 8) % len(expected)] |= 1 << (token >> 16) % 64
    assert [expected, [0] * len(expected)] == found.blooms.tolist()


@pytest.mark.parametrize(
    ("text", "is_plain"),
    [
        ("the dam holds for now", True),
        ("“the dam holds for now”", False),
        ("“the dam holds” for now", True),
        ("1 2 3 4 5", False),
        ("1 2 3 4 goals", False),
        ("1 2 3 late goals", True),
    ],
)
def test_a_shingle_is_plain_unless_it_is_quoted_whole_or_a_run_of_facts(text: str, is_plain: bool) -> None:
    assert [is_plain] == [bool(shingle & np.uint64(1)) for shingle in read(text).shingles.hashes]
