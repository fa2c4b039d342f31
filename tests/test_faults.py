"""A stage that raises leaves out the rows on which it raises alone, on every engine and whatever the batches."""

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.engines import faults
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.engines.faults import Backed, Fault, Guarded
from pipeline.model.contract import Column, Contract
from pipeline.model.errors import ContractError, NewsfoldError, StageError
from tests.faulty import BadLuckError
from tests.sharded import ShardedEngine

NUMBERS = Contract(
    "numbers",
    "a number",
    (),
    (Column("raw_ref", pa.string(), "Its name."), Column("group", pa.int64(), "Its group.")),
)
SIZES = Contract(
    "sizes",
    "a group's size",
    ("group",),
    (Column("group", pa.int64(), "It."), Column("n", pa.int64(), "Rows.")),
)


class SpeechlessError(Exception):
    """What can't be pickled."""

    def __reduce__(self) -> Any:
        raise TypeError


def numbers(groups: list[int]) -> pa.Table:
    return NUMBERS.table([{"raw_ref": f"{n:03}", "group": g} for n, g in enumerate(groups)])


def same(table: pa.Table) -> pa.Table:
    """A row-wise stage that can't do a negative number."""
    if any(n < 0 for n in table["group"].to_pylist()):
        raise BadLuckError
    return table


def sizes(table: pa.Table) -> pa.Table:
    """A keyed stage that can't do the rows named in BAD."""
    if BAD & set(table["raw_ref"].to_pylist()):
        raise BadLuckError
    return table.group_by("group").aggregate([("raw_ref", "count")]).rename_columns(["group", "n"])


BAD = {"003", "010"}


@given(st.lists(st.integers(-3, 30), max_size=40), st.integers(1, 9))
def test_the_rows_on_which_a_stage_raises_are_left_out_whatever_the_batches(
    groups: list[int], size: int
) -> None:
    table, guarded = numbers(groups), Guarded(same, NUMBERS)
    batches = [table.slice(n, size) for n in range(0, table.num_rows, size)]

    made = [row["group"] for batch in batches for row in guarded(batch).to_pylist()]
    found = [row["article_id"] for batch in batches for row in guarded.faults(batch).to_pylist()]

    assert [g for g in groups if g >= 0] == made
    assert [f"{n:03}" for n, g in enumerate(groups) if g < 0] == found


def test_a_group_goes_on_without_the_rows_on_which_the_stage_raises_alone(engine: Any) -> None:
    """On every engine, each of which deals groups out in its own way."""
    table = numbers([n % 4 for n in range(20)])

    made, found = faults.tolerate(
        engine, lambda e: e.collect(e.map(sizes, e.load(table), SIZES, key="group"))
    )

    assert [(0, 5), (1, 5), (2, 4), (3, 4)] == sorted((r["group"], r["n"]) for r in made.to_pylist())
    assert {Fault(raw_ref, None, "sizes", "BadLuckError") for raw_ref in BAD} == found


def test_a_row_that_can_not_even_say_what_is_wrong_is_left_out(engine: Any) -> None:
    """What is raised comes from another machine, and some exceptions do not travel."""

    def speechless(table: pa.Table) -> pa.Table:
        if 3 in table["group"].to_pylist():
            raise SpeechlessError
        return table

    made, found = faults.tolerate(
        engine, lambda e: e.collect(e.map(speechless, e.load(numbers([1, 3, 5])), NUMBERS))
    )

    assert [1, 5] == sorted(made["group"].to_pylist())
    assert {Fault("001", None, "speechless", "SpeechlessError")} == found


def test_a_group_on_which_a_stage_raises_only_as_a_whole_is_left_out() -> None:
    def at_most_two(table: pa.Table) -> pa.Table:
        made = table.group_by("group").aggregate([("raw_ref", "count")]).rename_columns(["group", "n"])
        if max(made["n"].to_pylist(), default=0) > 2:
            raise BadLuckError
        return made

    guarded = Guarded(at_most_two, SIZES, "group")
    table = numbers([1, 2, 2, 1, 2, 3])

    assert [(1, 2), (3, 1)] == [(r["group"], r["n"]) for r in guarded(table).to_pylist()]
    assert ["001", "002", "004"] == guarded.faults(table)["article_id"].to_pylist()


def test_something_else_may_stand_for_what_is_left_out() -> None:
    backed = Backed(same, lambda _, bad: NUMBERS.table([r | {"group": 0} for r in bad.to_pylist()]))

    assert [5, 0, 7] == Guarded(backed, NUMBERS)(numbers([5, -1, 7]))["group"].to_pylist()


@pytest.mark.parametrize("error", [MemoryError, OSError, KeyboardInterrupt, ImportError, NewsfoldError])
def test_what_no_document_can_be_blamed_for_is_raised(error: type[BaseException]) -> None:
    def broken(table: pa.Table) -> pa.Table:
        if table.num_rows:
            raise error
        return table

    with pytest.raises(error):
        faults.tolerate(
            EmbeddedEngine(1), lambda e: e.collect(e.map(broken, e.load(numbers([1, 2])), NUMBERS))
        )


@pytest.mark.parametrize("engine", [EmbeddedEngine(1), ShardedEngine()], ids=["embedded", "sharded"])
def test_a_stage_that_raises_without_a_row_is_broken(engine: Any) -> None:
    """As one that gives other columns than its contract states."""
    with pytest.raises(ContractError, match="missing column 'group'"):
        faults.tolerate(
            engine,
            lambda e: e.collect(e.map(lambda t: t.drop_columns(["group"]), e.load(numbers([1, 2])), NUMBERS)),
        )


def test_a_row_may_break_the_contract() -> None:
    def nulls(table: pa.Table) -> pa.Table:
        return table.set_column(1, "group", pc.if_else(pc.less(table["group"], 0), None, table["group"]))

    guarded = Guarded(nulls, NUMBERS)

    assert [1, 2] == guarded(numbers([1, -1, 2]))["group"].to_pylist()
    assert ["ContractError"] == guarded.faults(numbers([1, -1, 2]))["error"].to_pylist()


def test_a_stage_that_raises_on_most_documents_is_broken() -> None:
    found = {Fault(str(n), None, "weigh", "TypeError") for n in range(6)}

    faults.refuse_broken(found, 12, "day 1")
    faults.refuse_broken(found, 6, "day 1")
    with pytest.raises(StageError, match="day 1: weigh raised on 6 of 11 documents, TypeError on 0"):
        faults.refuse_broken(found, 11, "day 1")


@pytest.mark.parametrize("order", [[0, 1, 2, 3, 4], [3, 1, 4, 0, 2]])
def test_of_rows_on_which_a_stage_raises_only_together_the_last_one_goes(order: list[int]) -> None:
    def work(table: pa.Table) -> list[str]:
        ids: list[str] = table["article_id"].to_pylist()
        if {"1", "3"} <= set(ids) or "4" in ids:
            raise BadLuckError
        return sorted(ids)

    rows = pa.table({"article_id": [str(n) for n in order]})
    lost = {Fault(i, None, "assign", "BadLuckError") for i in ("3", "4")}

    assert (["0", "1", "2"], lost) == faults.leave_out(work, rows, "assign")


def test_a_stage_that_raises_on_many_rows_together_is_not_given_fewer_and_fewer_of_them() -> None:
    def work(table: pa.Table) -> None:
        if table.num_rows > 100:
            raise BadLuckError

    with pytest.raises(BadLuckError):
        faults.leave_out(work, pa.table({"article_id": [f"{n:03}" for n in range(200)]}), "assign")
