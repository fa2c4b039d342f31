"""What an engine promises, on every engine; and that the awkward one notices a stage without its key."""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from pipeline.model.contract import TEXT, Column, Contract
from pipeline.model.errors import ContractError
from pipeline.model.internal_tables import CANDIDATES
from tests.sharded import ShardedEngine

NUMBERS = Contract(
    "numbers",
    "one number",
    (),
    (Column("group", pa.int64(), "A group."), Column("n", pa.int64(), "A number.")),
)
SUMS = Contract(
    "sums",
    "one sum",
    ("group",),
    (Column("group", pa.int64(), "A group."), Column("n", pa.int64(), "The sum.")),
)
ABOUT = Contract(
    "about",
    "one article",
    ("article_id",),
    (Column("article_id", TEXT, "It."), Column("text", TEXT, "Its text.")),
)
PAIRS = Contract(
    "pairs",
    "a pair",
    ("article_id", "other_id"),
    (*CANDIDATES.columns, Column("text", TEXT, "One text."), Column("other_text", TEXT, "The other.")),
)


def numbers(n: int) -> pa.Table:
    return pa.table(
        {"group": pa.array(range(n), pa.int64()), "n": pa.array(range(n), pa.int64())}, schema=NUMBERS.schema
    )


def double(table: pa.Table) -> pa.Table:
    return table.set_column(1, NUMBERS.schema.field("n"), pc.multiply(table["n"], 2))


def total(table: pa.Table) -> pa.Table:
    grouped = table.group_by("group").aggregate([("n", "sum")])
    return pa.table({"group": grouped["group"], "n": grouped["n_sum"]}, schema=SUMS.schema)


def test_a_row_wise_stage_sees_every_row_once(engine: Any) -> None:
    done = engine.collect(engine.map(double, engine.load(numbers(20_000)), NUMBERS))

    assert [2 * n for n in range(20_000)] == sorted(done["n"].to_pylist())


def test_a_keyed_stage_sees_the_rows_of_a_key_together(engine: Any) -> None:
    table = numbers(300).set_column(
        0, NUMBERS.schema.field("group"), pa.array([n % 7 for n in range(300)], pa.int64())
    )

    done = engine.collect(engine.map(total, engine.load(table), SUMS, key="group"))

    assert {g: sum(range(g, 300, 7)) for g in range(7)} == {
        row["group"]: row["n"] for row in done.to_pylist()
    }


def test_an_empty_frame_is_a_frame(engine: Any) -> None:
    """A stage may be run over nothing, with and without a key."""
    nothing = engine.load(NUMBERS.empty())

    assert 0 == engine.collect(engine.map(double, nothing, NUMBERS)).num_rows
    assert 0 == engine.collect(engine.map(total, nothing, SUMS, key="group")).num_rows


def test_a_frame_that_was_collected_may_be_used_again(engine: Any) -> None:
    """It has the same rows, collected once more or as the input of another stage."""
    frame = engine.map(double, engine.load(numbers(5)), NUMBERS)

    assert [0, 2, 4, 6, 8] == sorted(engine.collect(frame)["n"].to_pylist())
    assert [0, 2, 4, 6, 8] == sorted(engine.collect(frame)["n"].to_pylist())
    assert [0, 4, 8, 12, 16] == sorted(engine.collect(engine.map(double, frame, NUMBERS))["n"].to_pylist())


def test_parts_are_read_where_the_engine_wants(engine: Any) -> None:
    def reader(part: int) -> Iterator[pa.Table]:
        yield numbers(part)
        yield numbers(1)

    done = engine.collect(engine.map(double, engine.read([3, 0, 2], reader, NUMBERS), NUMBERS))

    assert [0, 0, 0, 0, 0, 2, 2, 4] == sorted(done["n"].to_pylist())
    assert 0 == engine.collect(engine.read([], reader, NUMBERS)).num_rows


def test_pairs_get_the_columns_of_both_sides(engine: Any) -> None:
    """A pair is joined with what both are about; a pair of which one is not there has no row."""
    pairs = CANDIDATES.table([{"article_id": a, "other_id": b} for a, b in ["ba", "ca", "cb", "xa"]])
    about = ABOUT.table([{"article_id": i, "text": f"text {i}"} for i in "abc"])

    done = PAIRS.arrange(
        engine.collect(engine.attach(engine.load(pairs), engine.load(about), ["text"], PAIRS))
    )

    assert [("text b", "text a"), ("text c", "text a"), ("text c", "text b")] == list(
        zip(done["text"].to_pylist(), done["other_text"].to_pylist(), strict=True)
    )


def test_a_union_has_all_rows(engine: Any) -> None:
    both = engine.collect(engine.union([engine.load(numbers(3)), engine.load(numbers(2))], NUMBERS))

    assert [0, 0, 1, 1, 2] == sorted(both["n"].to_pylist())


def test_what_breaks_its_contract_does_not_leave_a_stage(engine: Any) -> None:
    with pytest.raises(ContractError, match="table sums: missing column 'group'"):
        engine.collect(engine.map(lambda t: t.drop_columns(["group"]), engine.load(numbers(3)), SUMS))


def test_what_a_stage_raises_reaches_the_caller(engine: Any) -> None:
    def broken(table: pa.Table) -> pa.Table:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        engine.collect(engine.map(broken, engine.load(numbers(3)), NUMBERS))


def test_the_awkward_engine_notices_a_forgotten_key() -> None:
    """A stage that needs the rows of a key together gives another result when its key is left out: so a test would fail."""
    table = numbers(30).set_column(
        0, NUMBERS.schema.field("group"), pa.array([n % 3 for n in range(30)], pa.int64())
    )
    engine = ShardedEngine()

    def groups(key: str | None) -> int:
        return int(engine.collect(engine.map(total, engine.load(table), SUMS, key=key)).num_rows)

    assert 3 == groups("group")
    assert 3 < groups(None)
