"""Ids write their day, sort by it, and come back from bytes; articles are taken in one order, however it is asked for."""

from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import ids
from pipeline.model.days import FIRST, LAST
from pipeline.model.errors import ContractError, SettingsError

days = st.dates(FIRST, LAST)
texts = st.text(max_size=20)
identifiers = st.builds(ids.article_id, days, texts, texts)
START = datetime(2026, 3, 5, tzinfo=UTC)
times = st.none() | st.integers(0, 3).map(lambda n: START + timedelta(hours=n))
precisions = st.sampled_from([None, "second", "minute", "day"])
articles = st.lists(st.tuples(identifiers, times, precisions, times), unique_by=lambda a: a[0], max_size=12)
TIME = pa.timestamp("us", "UTC")


def packed(names: list[str]) -> pa.Array:
    return pa.array([bytes.fromhex(name) for name in names], pa.binary(16))


def test_an_id_is_what_it_always_was() -> None:
    """Stored warehouses have such ids; another would tear every story and copy group apart."""
    found = ids.article_id(date(2026, 3, 5), "https://a.example/1", "A text.\nOf two lines.")
    assert found == "20260305d64d7c10d8be39d24e4ce422"


@given(days, texts, texts)
def test_an_id_tells_its_day(day: date, where: str, text: str) -> None:
    found = ids.article_id(day, where, text)
    assert len(found) == ids.DIGITS
    assert ids.day_of(found) == day
    assert ids.is_of(pa.chunked_array([[found]]), day).to_pylist() == [True]
    assert ids.is_of(pa.chunked_array([[found]]), day + timedelta(days=1)).to_pylist() == [False]


@given(st.lists(identifiers, max_size=8))
def test_ids_come_back_from_bytes_and_from_numbers(names: list[str]) -> None:
    column = pa.chunked_array([names], pa.string())
    assert [ids.unpack(bytes(one)) for one in ids.pack(column)] == names
    halves = ids.halves(packed(names))
    assert ids.hexadecimal(halves).to_pylist() == names
    assert ids.days_of(halves).tolist() == [ids.number_of(ids.day_of(name)) for name in names]


@given(days, days)
def test_the_numbers_of_days_are_in_the_order_of_days(one: date, other: date) -> None:
    assert (ids.number_of(one) < ids.number_of(other)) == (one < other)


@pytest.mark.parametrize("typed", ["", "zzz", "2026", "20261301", "２０２６０３４１ab", "2026-03-05"])
def test_what_names_no_day_is_refused_in_a_sentence(typed: str) -> None:
    with pytest.raises(SettingsError, match="is no article_id"):
        ids.asked_day(typed)


@pytest.mark.parametrize("wrong", ["2026", "2026030500000000000000000000000g", ""])
def test_what_is_no_id_is_refused(wrong: str) -> None:
    with pytest.raises(ContractError, match="32 hex digits"):
        ids.pack(pa.chunked_array([[wrong]]))


@given(articles)
def test_the_order_of_many_and_of_two_is_one_order(
    rows: list[tuple[str, datetime | None, str | None, datetime | None]],
) -> None:
    """By day, then by publication or delivery, a date without an hour at its end, what has neither at the end of the day, then by id."""
    columns = list(zip(*rows, strict=True)) or [(), (), (), ()]
    kinds = (pa.string(), TIME, pa.string(), TIME)
    table = pa.table(
        [pa.array(column, kind) for column, kind in zip(columns, kinds, strict=True)],
        names=["article_id", "published_at", "published_precision", "fetched_at"],
    )
    never = datetime(9999, 1, 1, tzinfo=UTC)
    whole_day = timedelta(days=1, microseconds=-1)

    def taken_at(row: tuple[str, datetime | None, str | None, datetime | None]) -> datetime:
        _, published, precision, fetched = row
        if published:
            return published + whole_day if precision == "day" else published
        if fetched:
            return fetched + whole_day if fetched.time() == time() else fetched
        return never

    expected = sorted(rows, key=lambda r: (r[0][:8], taken_at(r), r[0]))
    assert ids.in_order(table).to_pylist() == [row[0] for row in expected]
    if len(rows) > 1:
        others = table.rename_columns(
            ["other_id", "other_published_at", "other_published_precision", "other_fetched_at"]
        )
        one, other = np.divmod(np.arange(len(rows) ** 2), len(rows))
        pairs = table.take(pa.array(one))
        for name in others.column_names:
            pairs = pairs.append_column(name, others[name].take(pa.array(other)))
        place = {row[0]: n for n, row in enumerate(expected)}
        later = [place[rows[a][0]] > place[rows[b][0]] for a, b in zip(one, other, strict=True)]
        assert ids.are_later(pairs).tolist() == later
