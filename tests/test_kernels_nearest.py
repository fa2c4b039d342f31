"""Products of whole numbers and the greatest of a row, against plain ones."""

import numpy as np

from pipeline.kernels import nearest

DICE = np.random.default_rng(1)


def test_products_are_exact_beyond_32_bits() -> None:
    one, other = (DICE.integers(-(2**20), 2**20, (n, 512)).astype(np.int32) for n in (5, 7))
    rows, others = DICE.integers(0, 5, 40), DICE.integers(0, 7, 40)

    found = nearest.products(one, rows, other, others)

    wanted = [
        sum(a * b for a, b in zip(one[i].tolist(), other[j].tolist(), strict=True))
        for i, j in zip(rows, others, strict=True)
    ]
    assert wanted == found.tolist()
    assert max(map(abs, wanted)) > 2**32


def test_the_greatest_come_first_and_the_first_of_equal_ones() -> None:
    values = DICE.integers(0, 6, (30, 50)).astype(np.float32)

    found = nearest.greatest(values, 7, 3.0)

    for row, columns in zip(values.tolist(), found.tolist(), strict=True):
        order = sorted((-value, column) for column, value in enumerate(row) if value >= 3)[:7]
        wanted = [column for _, column in order]
        assert wanted + [-1] * (7 - len(wanted)) == columns


def test_nothing_is_found_below_the_least() -> None:
    assert (nearest.greatest(np.zeros((2, 3), np.float32), 2, 0.5) == -1).all()
