"""Sparse matrices of terms: whatever is done in parts, or on disk, gives what is done at once, to the bit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix, random, vstack

from pipeline.stories import matrices
from pipeline.stories.matrices import Matrix

seeds = st.integers(0, 10_000)


def made(rng: np.random.Generator, rows: int, width: int = 9) -> Matrix:
    found: Matrix = random(rows, width, density=0.4, format="csr", dtype=np.float32, rng=rng)
    found.sort_indices()
    return found


def are_same(one: Matrix, other: Matrix) -> bool:
    return one.shape == other.shape and all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in ("data", "indices", "indptr")
    )


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is large, and done a few rows at a time."""
    monkeypatch.setattr(matrices, "_ENTRIES_AT_ONCE", 7)


def test_a_matrix_that_was_put_aside_is_the_same(small: None) -> None:
    matrix = made(np.random.default_rng(1), 20)
    aside = matrices.put_aside(matrix)

    assert are_same(matrix, aside)
    assert not aside.data.flags.writeable
    assert are_same(matrix[np.array([3, 1])], aside[np.array([3, 1])])


@given(seeds, st.lists(st.integers(0, 4), min_size=1, max_size=4))
def test_parts_in_an_order_are_the_whole_in_that_order(seed: int, sizes: list[int]) -> None:
    rng = np.random.default_rng(seed)
    parts = [made(rng, n) for n in sizes]
    order = rng.permutation(sum(sizes))
    expected = vstack(parts, format="csr")[order]

    assert are_same(expected, matrices.in_order(parts, order))
    assert parts == []


@given(seeds, st.integers(0, 30), st.booleans())
def test_common_columns_go_some_rows_at_a_time_as_they_would_at_once(
    seed: int, n: int, has_lengths: bool
) -> None:
    rng = np.random.default_rng(seed)
    matrix, is_common = made(rng, n), rng.random(9) < 0.4
    lengths = (1 + rng.random(n)).astype(np.float32) * 3 if has_lengths else None
    expected = at_once(matrix, is_common, lengths)
    matrices.strip(matrix, is_common, lengths)

    assert are_same(expected, matrix)


def at_once(matrix: Matrix, is_common: np.ndarray, lengths: np.ndarray | None) -> Matrix:
    """What `strip` did before it went block by block."""
    common, n = is_common[matrix.indices], matrix.shape[0]
    row_of = np.repeat(np.arange(n), np.diff(matrix.indptr))
    lost = np.bincount(row_of[common], weights=matrix.data[common] ** 2.0, minlength=n)
    left = np.ones(n) if lengths is None else np.sqrt(np.maximum(1.0 - lost / lengths**2, 1e-6))
    found: Matrix = matrix.copy()
    found.data = np.where(common, 0.0, matrix.data / left[row_of]).astype(np.float32)
    found.eliminate_zeros()
    return found


@given(seeds)
def test_sums_of_some_rows_are_those_of_a_matrix_of_them(seed: int) -> None:
    rng = np.random.default_rng(seed)
    matrix, rows = made(rng, 12), np.flatnonzero(rng.random(12) < 0.5)
    groups, shares = rng.integers(0, 3, len(rows)), rng.random(len(rows))

    assert are_same(
        matrices.sums(matrix[rows], groups, 3, shares), matrices.sums(matrix, groups, 3, shares, rows)
    )


def test_shared_columns_are_counted() -> None:
    matrix = csr_matrix(np.array([[1, 2, 0], [0, 3, 4]], np.float32))

    assert matrices.n_shared(matrix, np.array([0, 0]), np.array([1, 0])).tolist() == [1, 2]
    assert matrices.held(matrix).tolist() == [1, 2, 1]
