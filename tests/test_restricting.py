"""Lists of hashes as rows: against a plain dictionary."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.kernels import restricting

hashes = st.integers(-(1 << 63), (1 << 63) - 1) | st.integers(-5, 50)


def lists_of(drawn: list[list[int]]) -> restricting.Lists:
    flat = np.array([h for one in drawn for h in one], np.int64)
    ends = np.cumsum([0, *map(len, drawn)]).astype(np.int32)
    weights = np.sqrt(np.arange(len(flat), dtype=np.float32) + 1)
    return restricting.Lists(ends, flat, weights, np.arange(len(drawn), dtype=np.float32) / 3 + 1)


@given(st.lists(st.lists(hashes, max_size=12), max_size=6), st.sets(hashes, max_size=30))
def test_a_row_has_the_hashes_that_have_a_column_by_ascending_column(
    drawn: list[list[int]], known: set[int]
) -> None:
    """Also where a list is in no order; the weight is that of the list times its factor, in single precision."""
    known |= {h for one in drawn for h in one[::2]}
    columns = np.array(sorted(known), np.int64)
    lists = lists_of(drawn)

    rows = restricting.restrict(lists, restricting.columns_of(columns))

    place_of = {int(h): n for n, h in enumerate(columns)}
    start = 0
    for n, one in enumerate(drawn):
        expected = [
            (place_of[h], lists.weights[lists.ends[n] + k] * lists.factors[n])
            for k, h in enumerate(one)
            if h in place_of
        ]
        own = slice(start, start + int(rows.lengths[n]))
        found = list(zip(rows.columns[own].tolist(), rows.values[own], strict=True))
        assert sorted(expected, key=lambda entry: entry[0]) == found
        start += int(rows.lengths[n])
    assert start == len(rows.columns) == len(rows.values)


@pytest.mark.parametrize("known", [[], [0]])
def test_a_table_finds_nothing_that_it_does_not_hold(known: list[int]) -> None:
    """The hash 0 is as good as any."""
    rows = restricting.restrict(lists_of([[0, 1]]), restricting.columns_of(np.array(known, np.int64)))

    assert [len(known)] == rows.lengths.tolist()
