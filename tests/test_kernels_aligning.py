"""Words of two texts in one order, against the plain algorithm."""

import random

import numpy as np
import pytest

from pipeline.kernels import aligning
from pipeline.kernels.texts import Tokens


@pytest.mark.parametrize("size", [1, 5, 63, 64, 65])
def test_gaps_are_aligned_by_their_longest_common_subsequence(size: int) -> None:
    """Between two runs that both texts have, up to 64 tokens; a longer gap counts by its equal ends alone."""
    dice = random.Random(size)
    # Every third token is of one text alone, so that no run of three stands in both gaps.
    gaps = [[dice.randrange(6) if n % 3 else 1000 * (side + 1) + n for n in range(size)] for side in range(2)]
    frame = list(range(100, 140))

    aligned = _aligned(*([*frame, *gap, *(n + 100 for n in frame)] for gap in gaps)).matched[0]

    common = _common(*gaps)
    assert (80 + common == aligned) if size <= 64 else (80 <= aligned < 80 + common)


def _aligned(one: list[int], other: list[int]) -> aligning.Aligned:
    hashes = np.array([*one, *other], np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    ends = np.array([0, len(one), len(one) + len(other)])
    read = Tokens(ends, hashes, np.zeros(len(hashes), np.uint8))
    return aligning.align(read, np.array([0]), np.array([1]))


def _common(one: list[int], other: list[int]) -> int:
    lengths = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i, x in enumerate(one):
        for j, y in enumerate(other):
            lengths[i + 1][j + 1] = lengths[i][j] + 1 if x == y else max(lengths[i][j + 1], lengths[i + 1][j])
    return lengths[-1][-1]


@pytest.mark.parametrize(("n_own", "rewritten"), [(5, 0), (6, 6), (40, 40)])
def test_six_words_of_its_own_make_a_gap_a_passage_that_was_rewritten(n_own: int, rewritten: int) -> None:
    frame = list(range(100, 140))
    texts = ([*frame, *range(start, start + n_own), *(n + 100 for n in frame)] for start in (1000, 2000))

    found = _aligned(*texts)

    assert ([[80 + n_own] * 2], [80]) == (found.sizes.tolist(), found.matched.tolist())
    assert [[rewritten, rewritten]] == found.rewritten.tolist()


def test_what_one_text_only_leaves_out_is_not_rewritten() -> None:
    frame = list(range(100, 140))

    found = _aligned(
        [*frame, *range(1000, 1030), *(n + 100 for n in frame)], [*frame, *(n + 100 for n in frame)]
    )

    assert [[0, 0]] == found.rewritten.tolist()


def test_runs_that_are_turned_round_count_once() -> None:
    """Only one of them can stand in the same order: the longer."""
    one, other = list(range(100, 130)), list(range(200, 250))

    assert 50 == _aligned([*one, *other], [*other, *one]).matched[0]


@pytest.mark.parametrize(("n_common", "rewritten"), [(8, 12), (9, 0)])
def test_a_gap_with_nine_twentieths_in_common_is_edited_not_rewritten(n_common: int, rewritten: int) -> None:
    """Of twenty words so many stand in both texts, each alone between two that do not."""
    frame = list(range(100, 140))
    gaps = [
        [500 + n if n % 2 and n < 2 * n_common else start + n for n in range(20)] for start in (1000, 2000)
    ]

    found = _aligned(*([*frame, *gap, *(n + 100 for n in frame)] for gap in gaps))

    assert ([80 + n_common], [[rewritten, rewritten]]) == (found.matched.tolist(), found.rewritten.tolist())
