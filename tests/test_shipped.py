"""What travels to Spark's workers and back, without Spark: steps, rows in its types, and what a stage raises."""

import pickle
import tempfile
from functools import partial
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.engines import shipped
from pipeline.model.contract import HEADLINE_VECTOR, VECTOR_SIZE, Column, Contract
from pipeline.model.errors import ContractError, NewsfoldError
from pipeline.model.internal_tables import BUCKETS, BY_NAME
from pipeline.store.local import LocalStorage
from pipeline.store.readonly import ReadOnly
from tests.test_engine import NUMBERS, SUMS, double, numbers, total


def place(root: Path) -> shipped.Place:
    return LocalStorage(root), "_meta/staging/test"


def batches(table: pa.Table, size: int = 2) -> shipped.Batches:
    """A table as Spark hands it over: in batches, and in its own types."""
    plain = [
        column.cast(pa.binary()) if pa.types.is_fixed_size_binary(column.type) else column
        for column in table.columns
    ]
    return iter(pa.table(plain, names=table.column_names).to_batches(max_chunksize=size))


def test_a_table_is_staged_in_pieces_of_the_size_that_is_asked_for(tmp_path: Path) -> None:
    """Under another name each time: two workers may stage the same rows."""
    storage, folder = place(tmp_path)

    paths = [shipped.put(numbers(5), (storage, folder), 2) for _ in range(2)]

    assert 2 == len(set(paths))
    assert [2, 2, 1] == [next(shipped.piece(storage, (paths[0], n))).num_rows for n in range(3)]
    assert numbers(5) == shipped.fetched(storage, paths[1])


@given(st.permutations(range(9)), st.integers(1, 9))
def test_rows_are_put_in_the_order_of_the_key_whatever_their_chunks(mixed: list[int], size: int) -> None:
    ordered = numbers(9)
    table = ordered.take(pa.array(mixed))
    chunks = pa.concat_tables([table.slice(n, size) for n in range(0, 9, size)])

    assert ordered == shipped.in_order(chunks, ["group", "n"]).combine_chunks()


def test_a_table_without_a_key_and_one_in_order_are_not_written(tmp_path: Path) -> None:
    table = numbers(3)

    assert table is shipped.in_order(table, [])
    assert table is shipped.in_order(table, ["n"])


def test_steps_run_one_after_the_other_and_only_paths_travel(tmp_path: Path) -> None:
    """A row-wise stage sees a batch, a keyed one the whole partition."""
    steps = (partial(shipped.each, double, NUMBERS), partial(shipped.together, total, SUMS))
    rows = pa.concat_tables([numbers(3), numbers(3)])

    (sent,) = shipped.staged(NUMBERS.schema, steps, place(tmp_path), place(tmp_path), batches(rows))

    assert ["path"] == sent.schema.names
    found = shipped.fetched(LocalStorage(tmp_path), sent["path"][0].as_py())
    assert [(0, 0), (1, 4), (2, 8)] == sorted(zip(*found.to_pydict().values(), strict=True))


def test_what_sparks_types_lose_is_there_again_when_rows_arrive(tmp_path: Path) -> None:
    """They have no fixed sizes, and forget what may not be null."""
    row = {"bucket": 1, "article": bytes(range(16)), "context": 0}
    table = BUCKETS.table([row])

    (sent,) = shipped.sent(BUCKETS.schema, (), place(tmp_path), batches(table))
    again = shipped.sent(
        BUCKETS.schema, (lambda tables: map(BUCKETS.conform, tables),), place(tmp_path), iter([sent])
    )

    assert pa.binary() == sent.schema.field("article").type
    assert [row] == pa.Table.from_batches(again).to_pylist()


@pytest.mark.parametrize("n_nulls", [0, 1, 2])
def test_vectors_of_a_fixed_length_travel_and_null_ones_too(tmp_path: Path, n_nulls: int) -> None:
    vectors = Contract("vectors", "one vector", (), (Column("v", HEADLINE_VECTOR, "It.", nullable=True),))
    rows = [{"v": [n % 100] * VECTOR_SIZE} for n in range(3 - n_nulls)] + [{"v": None}] * n_nulls
    sent = list(shipped.sent(vectors.schema, (), place(tmp_path), batches(vectors.table(rows))))
    again = shipped.sent(
        vectors.schema, (lambda tables: map(vectors.conform, tables),), place(tmp_path), iter(sent)
    )

    assert pa.list_(HEADLINE_VECTOR.value_field) == sent[0].schema.field("v").type
    assert rows == pa.Table.from_batches(again).to_pylist()


def test_a_batch_without_rows_reaches_no_stage_and_is_not_staged(tmp_path: Path) -> None:
    steps = (partial(shipped.each, pytest.fail, NUMBERS), partial(shipped.together, pytest.fail, SUMS))

    assert [] == list(
        shipped.staged(NUMBERS.schema, steps, place(tmp_path), place(tmp_path), batches(numbers(0)))
    )


class UnportableError(Exception):
    """Can be written, and not be read again."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(f"{one} {two}")


@pytest.mark.parametrize(
    ("error", "arrives"),
    [
        (ContractError("table x: a"), ContractError("table x: a")),
        (UnportableError("a", "b"), RuntimeError("UnportableError: a b")),
    ],
)
def test_what_a_stage_raises_is_kept_for_the_driver(
    tmp_path: Path, error: Exception, arrives: Exception
) -> None:
    """Spark would make a text of it. What cannot travel arrives as one of its name that can."""

    def fail(_: pa.Table) -> pa.Table:
        raise error

    steps = (partial(shipped.each, fail, NUMBERS),)
    with pytest.raises(RuntimeError) as raised:
        list(shipped.sent(NUMBERS.schema, steps, place(tmp_path), batches(numbers(1))))

    storage, folder = place(tmp_path)
    found = pickle.loads(storage.read(f"{folder}/{raised.value}"))  # noqa: S301 - written above
    assert (type(arrives), str(arrives)) == (type(found), str(found))


def test_every_table_can_be_told_to_spark() -> None:
    """Spark knows neither fixed sizes nor our names; a type that it has no word for is an error here, not on a cluster."""
    made_by_stages = {name: contract for name, contract in BY_NAME.items() if name not in {"harvest", "runs"}}
    told = {name: [shipped.ddl(f.type) for f in c.schema] for name, c in made_by_stages.items()}

    assert ["bigint", "binary", "bigint"] == told["buckets"]
    assert {"string", "binary", "timestamp"} <= set(told["raw"])
    assert "array<string>" in told["extracted"]
    assert "array<bigint>" == shipped.ddl(pa.list_(pa.int64()))


def test_what_was_staged_in_a_bucket_is_put_aside_on_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there is no room, the message says so."""
    storage, folder = place(tmp_path)
    path = shipped.put(numbers(5), (storage, folder), 2)
    bucket = ReadOnly(storage)  # no folder of this machine: it has to be copied

    assert numbers(5).equals(shipped.fetched(bucket, path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "full"))
    with pytest.raises(NewsfoldError, match="no room to put a table aside"):
        shipped.fetched(bucket, path)
