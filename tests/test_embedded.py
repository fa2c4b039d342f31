"""The embedded engine: its threads, and what hangs on them."""

import threading
from multiprocessing import get_context
from typing import Any

import pyarrow as pa
import pytest

from pipeline.engines import embedded
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.engines.engine import PIECE_ROWS
from pipeline.extract.sandbox import guard
from tests.sandboxed import LIMITS, documents, ends, is_alive
from tests.test_engine import NUMBERS, double, numbers


def test_a_thread_stays_from_call_to_call() -> None:
    """With it stays the process in which it has documents read: a day of few documents does not start another."""
    engine, seen = EmbeddedEngine(1), []

    def look(table: pa.Table) -> pa.Table:
        seen.append(threading.get_ident())
        return table

    for _ in range(3):
        engine.collect(engine.map(look, engine.load(numbers(10)), NUMBERS))

    assert [seen[0]] * 3 == seen


@pytest.mark.parametrize("is_closed", [True, False])
def test_the_process_that_reads_documents_stays_from_call_to_call_and_ends_with_the_engine(
    is_closed: bool,
) -> None:
    """Nothing is left behind by who closes an engine, nor by who lets go of one."""
    engine, pids = EmbeddedEngine(1), []

    def read(table: pa.Table) -> pa.Table:
        pids.extend(guard("tests.sandboxed:act", LIMITS).run(documents("pid")))
        return table

    for _ in range(2):
        engine.map(read, engine.load(numbers(3)), NUMBERS)
    assert pids[0] == pids[1]
    assert is_alive(pids[0])

    if is_closed:
        engine.close()
    del engine

    assert ends(pids[0])


def test_after_a_stage_failed_none_of_its_pieces_is_still_at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise it would go on while the caller does something else."""
    engine, at_work, is_begun, may_end = EmbeddedEngine(2), [], threading.Event(), threading.Event()
    wait = embedded.wait
    # A piece ends only once the engine, which has seen the failure, waits for it.
    monkeypatch.setattr(embedded, "wait", lambda futures: may_end.set() or wait(futures))

    def fail(table: pa.Table) -> pa.Table:
        if table["n"][0].as_py() == 0:
            is_begun.wait(60)
            raise ValueError("the first piece")
        at_work.append(1)
        is_begun.set()
        may_end.wait(60)
        at_work.pop()
        return table

    with pytest.raises(ValueError, match="the first piece"):
        engine.map(fail, engine.load(numbers(4 * PIECE_ROWS)), NUMBERS)

    still = at_work.copy()
    may_end.set()
    assert [] == still


def _double_in(engine: Any, results: Any) -> None:
    results.put(engine.collect(engine.map(double, engine.load(numbers(3)), NUMBERS))["n"].to_pylist())


def test_a_forked_process_does_not_wait_for_threads_that_it_has_not() -> None:
    """As a scheduler forks its tasks."""
    engine, forked = EmbeddedEngine(1), get_context("fork")
    engine.map(double, engine.load(numbers(3)), NUMBERS)
    results = forked.SimpleQueue()

    child = forked.Process(target=_double_in, args=(engine, results))
    child.start()
    child.join(60)

    assert 0 == child.exitcode
    assert [0, 2, 4] == results.get()


@pytest.mark.parametrize(("n_bytes", "n_threads"), [(embedded._LEAST_SHARED, 1), (1, 2)])
def test_little_work_is_left_to_one_thread(
    monkeypatch: pytest.MonkeyPatch, n_bytes: int, n_threads: int
) -> None:
    """A second one would start a child of its own; with much to do, none waits for another."""
    monkeypatch.setattr(embedded, "_LEAST_SHARED", n_bytes)
    met, both = set(), threading.Barrier(n_threads)

    def stage(rows: pa.Table) -> pa.Table:
        if threading.get_ident() not in met:
            met.add(threading.get_ident())
            both.wait(30)
        return double(rows)

    engine = EmbeddedEngine(2)
    made = engine.collect(engine.map(stage, engine.load(numbers(3 * PIECE_ROWS)), NUMBERS))
    engine.close()

    assert double(numbers(3 * PIECE_ROWS)) == made
    assert n_threads == len(met)
