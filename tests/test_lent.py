"""Stages in child processes: the same rows, whatever becomes of a child."""

import errno
import os
import signal
from functools import partial

import pyarrow as pa
import pytest

from pipeline.engines import embedded, lent
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.engines.engine import Interpreted, Stage, interpreted
from pipeline.engines.faults import Backed, Guarded
from pipeline.engines.lent import Lent
from pipeline.extract import sandbox
from pipeline.model.internal_tables import FAULTS
from tests.faulty import BadLuckError


def faults(n: int) -> pa.Table:
    """Rows of a table that everything may be written into."""
    rows = [{"article_id": f"{k:08}", "other_id": None, "stage": "s", "error": "e"} for k in range(n)]
    return FAULTS.table(rows)


def say(table: pa.Table, column: str, value: str) -> pa.Table:
    at = table.column_names.index(column)
    return FAULTS.conform(table.set_column(at, column, pa.array([value] * len(table), pa.string())))


def tell_process(table: pa.Table) -> pa.Table:
    """Whether it runs in the process of the test."""
    return say(table, "error", str(os.getppid()))


def end_in_child(parent: int, table: pa.Table) -> pa.Table:
    if os.getpid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)
    return say(table, "error", "done")


def fail(table: pa.Table) -> pa.Table:
    raise BadLuckError


def places(made: pa.Table) -> set[str]:
    return set(made["error"].to_pylist())


def run(stage: Stage, n: int, workers: int = 2) -> pa.Table:
    engine = EmbeddedEngine(workers)
    try:
        return engine.collect(engine.map(stage, engine.load(faults(n)), FAULTS))
    finally:
        engine.close()


def test_an_interpreted_stage_runs_in_children_of_this_process() -> None:
    """Over many rows, which come back in their order."""
    made = run(Interpreted(tell_process), lent.LEAST_ROWS + 10)
    light = run(Interpreted(tell_process, is_light=True), lent.LEAST_LIGHT_ROWS)

    assert {str(os.getpid())} == places(light)
    assert {str(os.getpid())} == places(made)
    assert faults(lent.LEAST_ROWS + 10)["article_id"].equals(made["article_id"])


@pytest.mark.parametrize(
    ("stage", "n", "workers"),
    [
        (Interpreted(tell_process), lent.LEAST_ROWS - 1, 2),
        (Interpreted(tell_process), lent.LEAST_ROWS, 1),
        (tell_process, lent.LEAST_ROWS, 2),
        (Interpreted(tell_process, is_light=True), lent.LEAST_LIGHT_ROWS - 1, 2),
    ],
)
def test_other_stages_run_here(stage: Stage, n: int, workers: int) -> None:
    """Over few rows, with one worker, or where threads do as well."""
    assert {str(os.getppid())} == places(run(stage, n, workers))


def test_where_a_child_ends_the_stage_runs_here() -> None:
    """Whatever the reason: the rows are the same."""
    made = Lent(Interpreted(partial(end_in_child, os.getpid())))(faults(3))

    assert say(faults(3), "error", "done").equals(made)


def test_what_a_stage_raises_is_raised_here() -> None:
    """As if it had run here, so that a fault costs one document."""
    with pytest.raises(BadLuckError):
        Lent(Interpreted(fail))(faults(3))


def test_a_large_piece_is_not_lent(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would be copied twice."""
    monkeypatch.setattr(lent, "_MOST_BYTES", 10)

    assert {str(os.getppid())} == places(Lent(Interpreted(tell_process))(faults(3)))


def test_a_stage_is_interpreted_whatever_it_is_wrapped_in() -> None:
    """Engines see it with what guards it."""
    stage = Interpreted(partial(end_in_child, 1))

    assert stage is interpreted(Guarded(Backed(stage, lambda good, _: good), FAULTS))
    assert interpreted(Guarded(partial(end_in_child, 1), FAULTS)) is None


def test_pieces_are_of_one_size_for_any_number_of_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory does not grow with what a worker is given."""
    sizes: list[int] = []

    class Noted(Lent):
        def __call__(self, piece: pa.Table) -> pa.Table:
            sizes.append(piece.num_rows)
            return piece

    monkeypatch.setattr(embedded, "Lent", Noted)
    for workers in (2, 3):
        run(Interpreted(tell_process), 3 * lent.LEAST_ROWS, workers)

    assert {lent.PIECE_ROWS} == set(sizes)


def count(table: pa.Table) -> pa.Table:
    """One row for each stage that is named, and how many rows it has."""
    counted = table.group_by("stage").aggregate([("article_id", "count")])
    rows = [
        {
            "article_id": row["stage"],
            "other_id": None,
            "stage": str(os.getppid()),
            "error": str(row["article_id_count"]),
        }
        for row in counted.to_pylist()
    ]
    return FAULTS.table(rows)


def test_rows_with_one_key_are_together_in_a_child() -> None:
    """Groups that are small, one that is larger than a piece, and one that ends the table."""
    n = 3 * lent.LEAST_ROWS
    keys = ["large" if k % 3 else f"{k % 997:04}" for k in range(n)]
    rows = faults(n).set_column(faults(0).column_names.index("stage"), "stage", pa.array(keys, pa.string()))
    engine = EmbeddedEngine(2)
    made = engine.collect(
        engine.map(Interpreted(count), engine.load(FAULTS.conform(rows)), FAULTS, key="stage")
    )
    engine.close()

    assert {name: str(keys.count(name)) for name in set(keys)} == dict(
        zip(made["article_id"].to_pylist(), made["error"].to_pylist(), strict=True)
    )
    assert {str(os.getpid())} == set(made["stage"].to_pylist())
    assert made.num_rows == len(set(keys))


def test_where_no_child_can_be_started_the_thread_runs_the_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that lacks memory or processes for a moment breaks no run."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOMEM, "Cannot allocate memory")

    monkeypatch.setattr(sandbox.subprocess, "Popen", refuse)
    monkeypatch.setattr(sandbox, "_START_PAUSE_SECONDS", 0)

    assert {str(os.getppid())} == places(run(Interpreted(tell_process), lent.LEAST_ROWS))
