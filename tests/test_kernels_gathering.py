"""Rows of one bucket side by side."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from pipeline.kernels.compile import compiled
from pipeline.kernels.gathering import Rows, company, n_bits, together, without_repeats


@compiled
def _gathered(
    keys: NDArray[np.int64],
    texts: NDArray[np.int32],
    contexts: NDArray[np.int64],
    is_new: NDArray[np.bool_],
    within: bool,
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int64]]:
    kept, n = company(keys, texts, is_new, within)
    return together(keys, texts, contexts, kept, n, n_bits(n))


@compiled
def _distinct(
    texts: NDArray[np.int32], contexts: NDArray[np.int64]
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    its_texts, its_contexts = texts.copy(), contexts.copy()
    end = without_repeats(its_texts, its_contexts, 0, its_texts.size)
    return its_texts[:end], its_contexts[:end]


ROWS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 9), st.integers(0, 3)), min_size=1, max_size=300)


@settings(deadline=None)
@given(ROWS, st.booleans())
def test_rows_with_a_partner_are_kept_and_those_of_one_bucket_stand_together_in_order(
    rows: list[tuple[int, int, int]], within: bool
) -> None:
    """Texts 0 to 4 are new. A row without a partner may be kept, too: a bit map says so."""
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    is_new = np.arange(10) < 5

    found: Rows = _gathered(columns[0], columns[1].astype(np.int32), columns[2], is_new, within)

    gathered = list(zip(*(column.tolist() for column in found), strict=True))
    for key in {row[0] for row in rows}:
        bucket = sorted(row for row in rows if row[0] == key)
        at = [n for n, row in enumerate(gathered) if row[0] == key]
        assert at == list(range(at[0], at[0] + len(at))) if at else True
        sides = {is_new[text] for _, text, _ in bucket}
        if (within and len(bucket) > 1) or (not within and len(sides) == 2):
            needed = [row for row in bucket if within or not is_new[row[1]] or len(sides) == 2]
            assert needed == [gathered[n] for n in at]
        else:
            assert [gathered[n] for n in at] in ([], bucket)


def test_a_text_that_stands_twice_in_a_bucket_counts_once() -> None:
    texts, contexts = _distinct(np.array([1, 1, 2, 3, 3], np.int32), np.array([5, 6, 7, 8, 9]))

    assert ([1, 2, 3], [5, 7, 8]) == (texts.tolist(), contexts.tolist())
