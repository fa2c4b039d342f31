"""Who is most alike by a few terms: the same rows as `sparse_dot_topn` finds, by which ids were given before, ties included."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix, random
from sparse_dot_topn import sp_matmul_topn

from pipeline.kernels import probing
from pipeline.kernels.vectors import Compact, Holders


def compact(matrix: csr_matrix) -> Compact:
    return Compact(matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32), matrix.data)


def held(matrix: csr_matrix) -> Holders:
    found = Holders.room(np.diff(matrix.indptr))
    found.rows[::2], found.values[1::2] = matrix.indices, matrix.data
    return found


@given(st.integers(0, 10_000), st.integers(1, 40), st.integers(1, 12), st.integers(1, 4))
def test_the_same_rows_are_kept_of_equal_ones_too(seed: int, n_rows: int, n: int, n_values: int) -> None:
    """Few different values make many ties."""
    rng = np.random.default_rng(seed)
    probes, others = (
        random(rows, 15, density=0.3, format="csr", dtype=np.float32, rng=rng) for rows in (6, n_rows)
    )
    for matrix in (probes, others):
        matrix.sort_indices()
        matrix.data = rng.integers(1, n_values + 1, len(matrix.data)).astype(np.float32) / 3
    holders = others.T.tocsr()
    holders.sort_indices()

    found = probing.most_alike(compact(probes), held(holders), n_rows, n, np.float32(1e-9))

    expected = sp_matmul_topn(probes, holders, top_n=n, threshold=1e-9)
    for row in range(6):
        own = slice(found.starts[row], found.starts[row + 1])
        theirs = expected.indices[expected.indptr[row] : expected.indptr[row + 1]]
        assert sorted(theirs.tolist()) == found.rows[own].tolist()


def test_a_product_of_zero_is_none() -> None:
    one = csr_matrix(([0.0], [0], [0, 1]), (1, 1), np.float32)

    found = probing.most_alike(compact(one), held(one), 1, 5, np.float32(1e-9))

    assert found.starts.tolist() == [0, 0]
