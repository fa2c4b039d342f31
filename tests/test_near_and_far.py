"""Two engines in one: it keeps what every engine promises, wherever the line between small and large is drawn."""

import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.day import run
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.engines.near_and_far import Far, NearAndFar
from tests.conftest import DAY, deliver, make_desk, published
from tests.sharded import ShardedEngine
from tests.test_engine import (
    NUMBERS,
    double,
    numbers,
    test_a_frame_that_was_collected_may_be_used_again,
    test_a_keyed_stage_sees_the_rows_of_a_key_together,
    test_a_row_wise_stage_sees_every_row_once,
    test_a_union_has_all_rows,
    test_an_empty_frame_is_a_frame,
    test_pairs_get_the_columns_of_both_sides,
    test_parts_are_read_where_the_engine_wants,
    test_what_a_stage_raises_reaches_the_caller,
    test_what_breaks_its_contract_does_not_leave_a_stage,
)
from tests.topics import TOPICS, document

__all__ = [
    "test_a_frame_that_was_collected_may_be_used_again",
    "test_a_keyed_stage_sees_the_rows_of_a_key_together",
    "test_a_row_wise_stage_sees_every_row_once",
    "test_a_union_has_all_rows",
    "test_an_empty_frame_is_a_frame",
    "test_pairs_get_the_columns_of_both_sides",
    "test_parts_are_read_where_the_engine_wants",
    "test_what_a_stage_raises_reaches_the_caller",
    "test_what_breaks_its_contract_does_not_leave_a_stage",
]

ROW = numbers(1).nbytes
LINES = (0, 2 * ROW, 1_000 * ROW, 2**30)  # between small and large: all is far, some is, most is near, all is


def both(near_bytes: int) -> NearAndFar:
    return NearAndFar(EmbeddedEngine(2), ShardedEngine, near_bytes)


@pytest.fixture(params=LINES)
def engine(request: pytest.FixtureRequest) -> Any:
    return both(request.param)


def test_what_is_small_never_opens_the_engine_of_many_machines() -> None:
    """So a small day needs no session, which takes ten seconds to start."""

    def refuse() -> Any:
        raise AssertionError("it was opened")

    engine = NearAndFar(EmbeddedEngine(1), refuse, near_bytes=10 * ROW)
    parts = engine.read([3, 4], lambda n: iter([numbers(n)]), NUMBERS)
    frame = engine.union([engine.map(double, engine.load(numbers(10)), NUMBERS), parts], NUMBERS)

    assert 17 == engine.collect(frame).num_rows
    with pytest.raises(AssertionError, match="it was opened"):
        engine.load(numbers(11))


def test_what_is_large_goes_far_and_takes_along_what_it_meets() -> None:
    engine = both(10 * ROW)
    small, large = engine.load(numbers(10)), engine.load(numbers(11))

    assert not isinstance(engine.map(double, small, NUMBERS), Far)
    assert isinstance(engine.map(double, large, NUMBERS), Far)
    assert isinstance(engine.union([small, large], NUMBERS), Far)
    assert 21 == engine.collect(engine.union([small, large], NUMBERS)).num_rows


def test_of_parts_that_are_large_together_no_more_is_read_than_tells_so() -> None:
    """Parts are read one after the other, and a table of a part at a time."""
    read: list[int] = []

    def reader(part: int) -> Iterator[pa.Table]:
        for _ in range(3):
            read.append(part)
            yield numbers(4)

    class Unread(ShardedEngine):
        def read(self, *_: Any) -> Any:
            return []

    engine = NearAndFar(EmbeddedEngine(1), Unread, near_bytes=10 * ROW)

    assert isinstance(engine.read([0, 1, 2], reader, NUMBERS), Far)
    assert [0, 0, 0] == read


def test_where_rows_are_known_to_be_many_none_is_read_to_see_whether_they_are_small() -> None:
    def reader(_: int) -> Iterator[pa.Table]:
        raise AssertionError("it was read here")

    class Unread(ShardedEngine):
        def read(self, *_: Any) -> Any:
            return []

    engine = NearAndFar(EmbeddedEngine(1), Unread, near_bytes=1_000 * ROW)

    assert isinstance(engine.read([0], reader, NUMBERS, n_rows=10**6), Far)
    with pytest.raises(AssertionError, match="it was read here"):
        engine.read([0], reader, NUMBERS, n_rows=10)


@given(near_bytes=st.integers(0, 40_000))
@settings(max_examples=8)
def test_wherever_the_line_is_drawn_two_days_have_the_bytes_of_the_embedded_engine(near_bytes: int) -> None:
    """The second day has copies of the first, and pages that changed: every stage runs on either side of the line."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        results = []
        for name, one in (("expected", EmbeddedEngine(2)), ("warehouse", both(near_bytes))):
            desk = make_desk(root, one, name)
            for offset in range(2):
                day = DAY + timedelta(offset)
                told = [
                    document(t, n, url=f"https://o{n}.example/{t}/{offset}") for t in TOPICS for n in range(4)
                ]
                changed = document("flood", text=TOPICS["flood"].replace("four", f"{offset + 5}"))
                deliver(desk, day, *told, changed)
                run.run_day(desk, day)
            results.append(published(desk.warehouse.storage.uri))

    assert results[0]
    assert results[0] == results[1]
