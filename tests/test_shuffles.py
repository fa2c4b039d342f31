"""How many partitions a shuffle has. On sessions of Spark: tests/test_spark.py and tests/test_session.py."""

import pytest

pytest.importorskip("pyspark")

from hypothesis import given
from hypothesis import strategies as st

from pipeline.engines.shuffles import _MOST_ROWS, LEAST_ROWS, n_partitions


@pytest.mark.parametrize(
    ("n_rows", "most", "n"),
    [(0, 8, 1), (75, 8, 1), (75, 5_000, 1), (20_000, 8, 8), (1_000_000, 8, 62), (10_000_000, 576, 611)],
)
def test_few_rows_need_few_partitions_and_many_need_more_than_the_cores(
    n_rows: int, most: int, n: int
) -> None:
    assert n == n_partitions(n_rows, most)


@given(n_rows=st.integers(0, 10**9), most=st.integers(1, 10**5))
def test_no_partition_has_more_rows_than_a_worker_holds_nor_a_task_for_nothing(
    n_rows: int, most: int
) -> None:
    n = n_partitions(n_rows, most)

    assert _MOST_ROWS * n >= n_rows
    assert 1 == n or (n - 1) * LEAST_ROWS < n_rows
