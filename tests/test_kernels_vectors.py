"""Loops over sparse vectors, against plain ones."""

import numpy as np
from scipy.sparse import csr_matrix

from pipeline.kernels import vectors

DICE = np.random.default_rng(1)
DENSE = np.where(DICE.random((20, 30)) < 0.3, DICE.integers(1, 6, (20, 30)), 0).astype(np.float32)
MATRIX = csr_matrix(DENSE)
SPARSE = vectors.Sparse(
    MATRIX.indptr[:-1].astype(np.int64), np.diff(MATRIX.indptr), MATRIX.indices, MATRIX.data
)


def dense(rows: vectors.Compact, width: int) -> list[list[float]]:
    shape = len(rows.starts) - 1, width
    found: list[list[float]] = (
        csr_matrix((rows.values, rows.columns, rows.starts), shape=shape).toarray().tolist()
    )
    return found


def test_products_are_those_of_the_rows_written_out() -> None:
    rows, others = DICE.integers(0, 20, 100), DICE.integers(0, 20, 100)

    found = vectors.dots(SPARSE, rows, SPARSE, others, 30)

    assert [float(DENSE[a] @ DENSE[b]) for a, b in zip(rows, others, strict=True)] == found.tolist()


def test_shared_columns_are_those_that_both_rows_have() -> None:
    rows, others = DICE.integers(0, 20, 100), DICE.integers(0, 20, 100)

    found = vectors.n_shared(SPARSE, rows, others, 30)

    both = [((DENSE[a] > 0) & (DENSE[b] > 0)).sum() for a, b in zip(rows, others, strict=True)]
    assert both == found.tolist()


def test_the_heaviest_entries_are_kept_the_first_of_equal_ones_first() -> None:
    is_left_out = np.arange(30) % 7 == 0

    found = vectors.heaviest(SPARSE, is_left_out, 3)

    for n, row in enumerate(DENSE.tolist()):
        terms = sorted((-value, column) for column, value in enumerate(row) if value and column % 7)
        own = slice(found.starts[n], found.starts[n + 1])
        assert sorted(column for _, column in terms[:3]) == found.columns[own].tolist()
        assert [row[column] for column in found.columns[own]] == found.values[own].tolist()


def test_holders_of_columns_are_their_rows_in_order() -> None:
    place_of = np.full(30, -1, np.int32)
    place_of[[4, 9, 20]] = range(3)
    sizes = vectors.held(SPARSE, 30)

    turned = vectors.Holders.room(sizes[[4, 9, 20]])
    vectors.turn(SPARSE, 0, place_of, turned.starts[:-1].copy(), turned.rows, turned.values)
    found = vectors.Compact(turned.starts, turned.rows[::2], turned.values[1::2])

    assert (DENSE > 0).sum(axis=0).tolist() == sizes.tolist()
    assert DENSE[:, [4, 9, 20]].T.tolist() == dense(found, 20)


def test_a_sum_is_that_of_the_shares_and_has_no_entry_of_zero() -> None:
    shares = np.array([1, 2, 0.5, 1, -1], np.float32)

    rows = np.array([3, 4, 9, 5, 5])
    some = SPARSE._replace(begins=SPARSE.begins[rows], lengths=SPARSE.lengths[rows])
    found = vectors.sums(some, np.array([0, 3, 3, 5]), shares, 30)

    expected = (DENSE[3] + 2 * DENSE[4] + DENSE[9] / 2).tolist()
    assert [expected, [0.0] * 30, [0.0] * 30] == dense(found, 30)
    assert found.starts[1] == found.starts[3]


def test_a_row_with_an_entry_of_zero_is_seen() -> None:
    values = MATRIX.data.copy()
    values[MATRIX.indptr[7]] = 0.0

    found = vectors.have_zeros(SPARSE._replace(values=values))

    assert [7] == np.flatnonzero(found).tolist()


def test_common_columns_go_where_the_rows_stand() -> None:
    """The others keep their values without norms; `tests/test_matrices.py` has the rest."""
    lengths, columns, values = SPARSE.lengths.copy(), MATRIX.indices.copy(), MATRIX.data.copy()
    is_common = np.arange(30) < 10

    vectors.strip(SPARSE.begins, lengths, columns, values, is_common, np.zeros(0, np.float32))

    left = csr_matrix(np.where(is_common, 0, DENSE))
    for n, (begin, length) in enumerate(zip(SPARSE.begins, lengths, strict=True)):
        assert left[n].indices.tolist() == columns[begin : begin + length].tolist()
        assert left[n].data.tolist() == values[begin : begin + length].tolist()
