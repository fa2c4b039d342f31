"""Sparse rows on a shelf: whatever is done gives what SciPy gives for whole matrices, to the bit, in memory and on files."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix, random

from pipeline.kernels.restricting import Rows
from pipeline.store import shelf
from pipeline.store.shelf import Shelf
from pipeline.stories import matrices
from pipeline.stories.matrices import Vectors

seeds = st.integers(0, 10_000)
WIDTH = 9


def made(rng: np.random.Generator, rows: int) -> Any:
    found = random(rows, WIDTH, density=0.4, format="csr", dtype=np.float32, rng=rng)
    found.sort_indices()
    return found


def put(matrix: Any, on: Shelf | None = None) -> Vectors:
    rows = Rows(np.diff(matrix.indptr).astype(np.int32), matrix.indices.astype(np.int32), matrix.data)
    return Vectors.put(on or Shelf(), rows, WIDTH)


def are_same(one: Any, other: Any) -> bool:
    return one.shape == other.shape and all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in ("data", "indices", "indptr")
    )


@pytest.fixture(autouse=True, params=[7, 1 << 20])
def small(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once everything stands on files, and is gone through a few rows at a time."""
    monkeypatch.setattr(matrices, "_ENTRIES_AT_ONCE", request.param)
    monkeypatch.setattr(shelf, "MANY", request.param)


@given(seeds)
def test_rows_are_taken_and_joined_without_being_moved(seed: int) -> None:
    rng = np.random.default_rng(seed)
    matrix, rows = made(rng, 12), rng.integers(0, 12, 5)
    whole = put(matrix)

    assert are_same(matrix, whole.csr())
    assert are_same(matrix[rows], whole.take(rows).csr())
    assert are_same(matrix[[*rows, 3]], Vectors.concat([whole.take(rows), whole.take(slice(3, 4))]).csr())
    assert whole.row(4)[0].tolist() == matrix[4].indices.tolist()


@given(seeds, st.integers(0, 30), st.booleans())
def test_common_columns_go_some_rows_at_a_time_as_they_would_at_once(
    seed: int, n: int, has_lengths: bool
) -> None:
    rng = np.random.default_rng(seed)
    matrix, is_common = made(rng, n), rng.random(WIDTH) < 0.4
    lengths = (1 + rng.random(n)).astype(np.float32) * 3 if has_lengths else None
    expected = at_once(matrix, is_common, lengths)
    whole = put(matrix)
    matrices.strip(whole, is_common, lengths)

    assert are_same(expected, whole.csr())


def at_once(matrix: Any, is_common: np.ndarray, lengths: np.ndarray | None) -> Any:
    """What is left of a matrix, in NumPy's terms."""
    common, n = is_common[matrix.indices], matrix.shape[0]
    row_of = np.repeat(np.arange(n), np.diff(matrix.indptr))
    lost = np.bincount(row_of[common], weights=matrix.data[common] ** 2.0, minlength=n)
    left = np.ones(n) if lengths is None else np.sqrt(np.maximum(1.0 - lost / lengths**2, 1e-6))
    found = matrix.copy()
    found.data = np.where(common, 0.0, matrix.data / left[row_of]).astype(np.float32)
    found.eliminate_zeros()
    return found


@given(seeds, st.booleans(), st.integers(1, 9))
def test_sums_are_those_of_a_product_with_the_shares(seed: int, has_shares: bool, n_groups: int) -> None:
    """Of all rows or of some; in the order of the rows and in single precision, or an id could move. A zero has no entry."""
    rng = np.random.default_rng(seed)
    matrix, rows = made(rng, 12), np.flatnonzero(rng.random(12) < 0.6)
    matrix.data[::5] = 0.0
    groups = rng.integers(0, n_groups, len(rows))
    shares = rng.random(len(rows)) if has_shares else None
    weights = (np.ones(len(rows)) if shares is None else shares).astype(np.float32)
    expected = csr_matrix((weights, (groups, rows)), shape=(n_groups, 12)) @ matrix
    expected.sort_indices()

    found = matrices.sums(put(matrix), groups, n_groups, shares, rows)

    assert are_same(expected, found.csr())


def test_a_sum_of_one_row_is_that_row_where_it_stands() -> None:
    whole = put(made(np.random.default_rng(1), 5))
    groups = np.array([0, 1, 1, 2, 1])

    found = matrices.sums(whole, groups, 3, 1 / np.bincount(groups)[groups])

    assert found.begins[[0, 2]].tolist() == whole.begins[[0, 3]].tolist()
    assert found.begins[1] == whole.begins[-1] + whole.lengths[-1]


@given(seeds, st.integers(1, 5), st.integers(0, 8), st.integers(1, 4))
def test_the_most_alike_are_those_of_whole_products(seed: int, n_terms: int, common: int, n: int) -> None:
    """Of the weightiest terms that not too many of the others have."""
    rng = np.random.default_rng(seed)
    matrix, other = made(rng, 8), made(rng, 12)
    held = np.bincount(other.indices, minlength=WIDTH)

    one, found = matrices.most_alike(put(matrix), put(other), n_terms, common, n)

    probes = np.where(held > common, 0, matrix.toarray())
    probes[np.argsort(np.argsort(-probes, axis=1, kind="stable"), axis=1) >= n_terms] = 0
    products = probes.astype(float) @ other.toarray().T.astype(float)
    assert np.lexsort((found, one)).tolist() == list(range(len(one)))
    for row, its in enumerate(products):
        kept = found[one == row]
        assert len(kept) == min(n, (its > 0).sum())
        assert sorted(its)[::-1][: len(kept)] == pytest.approx(sorted(its[kept])[::-1])


def test_shared_columns_are_counted() -> None:
    matrix = put(csr_matrix(np.array([[1, 2, 0], [0, 3, 4]], np.float32)))

    assert matrices.n_shared(matrix, np.array([0, 0]), np.array([1, 0])).tolist() == [1, 2]
    assert matrices.held(matrix)[:3].tolist() == [1, 2, 1]
