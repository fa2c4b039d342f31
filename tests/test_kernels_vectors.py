"""Products and heaviest terms of sparse vectors, against plain ones."""

import numpy as np
from scipy.sparse import csr_matrix

from pipeline.kernels import vectors

DICE = np.random.default_rng(1)
DENSE = np.where(DICE.random((20, 30)) < 0.3, DICE.integers(1, 6, (20, 30)), 0).astype(np.float32)
MATRIX = csr_matrix(DENSE)
SPARSE = vectors.Sparse(MATRIX.indptr, MATRIX.indices, MATRIX.data)


def test_products_are_those_of_the_rows_written_out() -> None:
    rows, others = DICE.integers(0, 20, 100), DICE.integers(0, 20, 100)

    found = vectors.dots(SPARSE, rows, SPARSE, others, 30)

    assert [float(DENSE[a] @ DENSE[b]) for a, b in zip(rows, others, strict=True)] == found.tolist()


def test_the_heaviest_entries_are_kept_the_first_of_equal_ones_first() -> None:
    is_left_out = np.arange(30) % 7 == 0

    kept = vectors.heaviest(SPARSE, is_left_out, 3)

    for row, first, last in zip(DENSE.tolist(), MATRIX.indptr[:-1], MATRIX.indptr[1:], strict=True):
        terms = sorted((-value, column) for column, value in enumerate(row) if value and column % 7)
        its_columns = MATRIX.indices[first:last][kept[first:last]]
        assert sorted(column for _, column in terms[:3]) == its_columns.tolist()
