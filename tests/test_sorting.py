"""Rows in the order of a key, without a table as a whole in memory; and when an article counts as published."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model import sorting
from pipeline.model.arrow import ChunkedArray
from pipeline.model.sorting import (
    is_ordered,
    last_fetched,
    last_moment,
    last_moments,
    likely_moments,
    places,
    slices,
)

ROWS = st.lists(st.tuples(st.text(max_size=2), st.integers(0, 3)), max_size=40)


def table(rows: list[tuple[str, int]], cut: int = 0) -> pa.Table:
    """Rows of two columns, in two chunks that are cut at `cut`."""
    whole = pa.table(
        {"a": pa.array([a for a, _ in rows], pa.string()), "b": pa.array([b for _, b in rows], pa.int64())}
    )
    return pa.concat_tables([whole.slice(0, cut), whole.slice(cut)])


@settings(deadline=None)
@given(ROWS, st.integers(0, 40))
def test_slices_are_what_sorting_the_whole_gives(rows: list[tuple[str, int]], cut: int) -> None:
    """However the table is cut into chunks, and however small the slices."""
    found = table(rows, cut)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sorting, "SLICE_ROWS", 7)
        pieces = list(slices(found, places(found, ["a", "b"])))

    assert sorted(rows, key=lambda row: (row[0].encode(), row[1])) == [
        row for piece in pieces for row in zip(*(piece[n].to_pylist() for n in ("a", "b")), strict=True)
    ]
    assert all(column.num_chunks == 1 for piece in pieces for column in piece.columns)


def test_rows_that_stand_in_order_but_for_a_few_are_cut_and_not_taken_one_by_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As are those of a day to which an hour's articles come; whatever batch they stand in."""
    monkeypatch.setattr(sorting, "_taken", None)
    late = range(0, 400, 99)
    rows = [(f"{n:03}", int(n in late)) for n in (*(k for k in range(400) if k not in late), *late)]

    (whole,) = slices(table(rows, 170), places(table(rows), ["a"]))

    assert sorted(rows) == list(zip(whole["a"].to_pylist(), whole["b"].to_pylist(), strict=True))
    assert whole["a"].num_chunks == 1


@settings(deadline=None)
@given(ROWS, st.integers(0, 40))
def test_in_order_means_each_key_after_the_one_before(rows: list[tuple[str, int]], cut: int) -> None:
    """A key that stands twice is not in order."""
    keys = [(a.encode(), b) for a, b in rows]

    assert all(x < y for x, y in pairwise(keys)) == is_ordered(table(rows, cut), ["a", "b"])


def test_more_text_than_one_array_can_hold_is_no_limit() -> None:
    """Arrow's own sorting joins the chunks of a column first, and fails at 2 GB of text."""
    text = pa.array(["x" * 1_000_000] * 10)  # the same 10 MB, 250 times: no memory
    big = pa.table(
        {
            "n": pa.chunked_array([pa.array(range(start, start - 10, -1)) for start in range(2_500, 0, -10)]),
            "text": pa.chunked_array([text] * 250),
        }
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sorting, "SLICE_ROWS", 50)
        numbers = [n for rows in slices(big, places(big, ["n"])) for n in rows["n"].to_pylist()]

    assert list(range(1, 2_501)) == numbers


TIMES = pa.timestamp("us", "UTC")
MOMENTS = st.datetimes(datetime(1960, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - UTC is added


def column(values: list[datetime | None]) -> ChunkedArray:
    return pa.chunked_array([pa.array(values, TIMES)])


def precisions(values: list[str | None]) -> ChunkedArray:
    return pa.chunked_array([pa.array(values, pa.string())])


@given(st.lists(st.tuples(st.none() | MOMENTS, st.sampled_from([None, "second", "minute", "day"]))))
def test_a_day_counts_as_its_end_and_every_other_time_as_it_is(
    rows: list[tuple[datetime | None, str | None]],
) -> None:
    """A null precision is of a version before there was one."""
    rows = [
        (t.replace(hour=0, minute=0, second=0, microsecond=0) if t and p == "day" else t, p) for t, p in rows
    ]
    times, known = column([t for t, _ in rows]), precisions([p for _, p in rows])
    end = timedelta(days=1, microseconds=-1)

    assert last_moments(times, known).to_pylist() == [t + end if t and p == "day" else t for t, p in rows]
    assert last_moments(times, known.dictionary_encode()).equals(last_moments(times, known))
    noon = timedelta(hours=12)
    assert likely_moments(times, known).to_pylist() == [t + noon if t and p == "day" else t for t, p in rows]


@given(MOMENTS, MOMENTS)
def test_a_day_comes_after_every_time_of_that_day_and_before_the_next(day: datetime, other: datetime) -> None:
    """Two days differ as they do without it."""
    day = day.replace(hour=0, minute=0, second=0, microsecond=0)

    first, second = last_moments(column([day, other]), precisions(["day", "second"])).to_pylist()

    assert (first < second) == (day.date() < other.date())


def test_what_was_fetched_at_midnight_was_fetched_on_that_day() -> None:
    """Before 1970, too, where division rounds the other way."""
    days = [datetime(2026, 3, 5, tzinfo=UTC), datetime(1965, 3, 5, tzinfo=UTC)]
    hours = [day + timedelta(microseconds=n) for day in days for n in (1, -1)]

    ends = [day + timedelta(days=1, microseconds=-1) for day in days]
    assert [*ends, *hours, None] == last_fetched(column([*days, *hours, None])).to_pylist()


@pytest.mark.parametrize("precision", ["second", "minute", "day", None])
def test_one_article_has_a_last_moment_whatever_its_time(precision: str | None) -> None:
    """The first and the last times that there are among them; an unknown time comes after all."""
    first, last = (time.replace(tzinfo=UTC) for time in (datetime.min, datetime.max))  # noqa: DTZ901 - made aware here

    moments = [last_moment(at, precision) for at in (first, last, None)]

    assert moments == sorted(set(moments))
