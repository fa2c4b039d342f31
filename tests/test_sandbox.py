"""The child process in which documents are read, and what it protects from."""

import errno
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import pyarrow as pa
import pytest

from pipeline.extract import sandbox
from pipeline.extract.sandbox import Failure, Guard, Limits, guard
from pipeline.model.errors import NewsfoldError
from pipeline.model.kinds import Reject
from tests.sandboxed import LIMITS, comes_true, documents, ends, is_alive

# A cap that documents which never end run into, and that no other comes near, however busy the machine is.
SHORT = Limits(cpu_seconds=1, memory_bytes=300_000_000)


def reasons(results: list[object]) -> list[object]:
    return [r.reason if isinstance(r, Failure) else r for r in results]


def test_results_come_in_the_order_of_the_rows_with_the_arguments_passed_on() -> None:
    with Guard("tests.sandboxed:act", LIMITS) as here:
        results = here.run(documents("a", "b", "c"), day=1)

    assert results == [("a", ["day"]), ("b", ["day"]), ("c", ["day"])]


def test_no_rows_give_no_results_and_start_no_process() -> None:
    with Guard("tests.no_such_module:nothing", LIMITS) as here:
        assert here.run(documents().cast(pa.schema([("act", pa.string())]))) == []


def test_bad_documents_cost_themselves_and_the_batch_goes_on() -> None:
    with Guard("tests.sandboxed:act", SHORT) as here:
        acts = ["a", "spin", "b", "spin in C", "eat", "c", "segfault", "exit", "raise", "d"]
        results = here.run(documents(*acts))

    timeouts = [Reject.TIMEOUT, ("b", []), Reject.TIMEOUT]
    crashes = [Reject.CRASHED, Reject.CRASHED]
    expected = [("a", []), *timeouts, Reject.MEMORY, ("c", []), *crashes, Reject.EXTRACTOR_FAILED, ("d", [])]
    assert expected == reasons(results)


def test_a_failure_tells_what_happened() -> None:
    with Guard("tests.sandboxed:act", SHORT) as here:
        spun, ate, died, raised = here.run(documents("spin", "eat", "segfault", "raise"))

    assert spun.detail == "more than 1 seconds of CPU time"
    assert ate.detail == "more than 300000000 bytes of memory"
    assert died.detail == "the parser's process ended: SIGSEGV"
    assert raised.detail == "ValueError: invalid literal for int() with base 10: 'not a number'"


def test_cpu_time_is_counted_for_each_document_by_itself() -> None:
    """Each begins with the whole of its time, however much the ones before it used."""
    with Guard("tests.test_sandbox:use_time", LIMITS) as here:
        left_at_first = here.run(pa.table({"seconds": [0.2] * 4}))

    assert all(left > LIMITS.cpu_seconds - 0.2 for left in left_at_first)


def use_time(row: dict[str, float]) -> float:
    """Use some seconds of the timer that the cap goes by; returns what was left on it at first."""
    at_first, _ = signal.getitimer(signal.ITIMER_PROF)
    while signal.getitimer(signal.ITIMER_PROF)[0] > at_first - row["seconds"]:
        pass
    return at_first


def test_memory_that_a_document_gave_back_is_there_for_the_next_batch() -> None:
    with Guard("tests.test_sandbox:hold", LIMITS) as here:
        results = [here.run(pa.table({"megabytes": [200]})) for _ in range(4)]

    assert results == [["held"]] * 4


def hold(row: dict[str, int]) -> str:
    bytearray(row["megabytes"] * 1_000_000)
    return "held"


def test_one_process_serves_many_batches_and_a_bad_document_has_it_replaced() -> None:
    with Guard("tests.sandboxed:act", LIMITS) as here:
        first = here.run(documents("pid", "pid"))
        second = here.run(documents("pid"))
        _, after = here.run(documents("exit", "pid"))

    assert len({*first, *second}) == 1
    assert after != first[0]


def test_no_interrupt_of_the_parent_reaches_a_child() -> None:
    """Not even while it starts: it is in no process group of a terminal."""
    with Guard("tests.sandboxed:act", LIMITS) as here:
        (pid,) = here.run(documents("pid"))

        assert os.getpgid(pid) != os.getpgrp()


def test_a_process_that_was_killed_while_it_waited_costs_no_document() -> None:
    with Guard("tests.sandboxed:act", LIMITS) as here:
        (pid,) = here.run(documents("pid"))
        os.kill(pid, signal.SIGKILL)
        results = here.run(documents("a", "b"))

    assert results == [("a", []), ("b", [])]


def test_a_function_that_cannot_be_loaded_is_a_broken_run_and_not_a_broken_document() -> None:
    with (
        Guard("tests.no_such_module:nothing", LIMITS) as here,
        pytest.raises(NewsfoldError, match=r"tests\.no_such_module:nothing"),
    ):
        here.run(documents("a"))


def test_the_process_ends_with_the_guard() -> None:
    with Guard("tests.sandboxed:act", LIMITS) as here:
        (pid,) = here.run(documents("pid"))

    assert ends(pid)


# --- whose fault it is ---------------------------------------------------------------------------------------


def suffer(row: dict[str, str]) -> str:
    """Note the process, then suffer what is next on the document's list; once the list is through, it is read."""
    notes = Path(row["notes"])
    with notes.open("a") as sink:
        sink.write(f"{os.getpid()}\n")
    fates = row["fates"].split()
    n = len(notes.read_text().split()) - 1
    return FATES[fates[n]]() if n < len(fates) else "read"


def wait() -> str:
    while True:
        signal.pause()


def lack(number: int) -> str:
    raise OSError(number, os.strerror(number), "/usr/share/model")


FATES: dict[str, Callable[[], str]] = {
    "KILL": wait,  # what the test sends
    "TERM": wait,
    "STOP": wait,
    "segv": lambda: str(os.kill(os.getpid(), signal.SIGSEGV)),
    "abort": os.abort,
    "exit": lambda: os._exit(3),
    "emfile": lambda: lack(errno.EMFILE),
    "eio": lambda: lack(errno.EIO),
    "import": lambda: str(__import__("no_such_library")),
}


def meet(notes: Path, fates: str) -> tuple[list[object], list[str]]:
    """What becomes of a document with these fates between two others, and the processes that had it, one a try."""
    rows = [{"notes": str(notes.with_suffix(f".{n}")), "fates": ""} for n in range(2)]
    rows.insert(1, {"notes": str(notes), "fates": fates})
    over = threading.Event()
    outside = threading.Thread(target=send_signals, args=(notes, fates.split(), over))
    outside.start()
    with Guard("tests.test_sandbox:suffer", LIMITS) as here:
        try:
            first, result, last = here.run(pa.Table.from_pylist(rows))
        finally:
            over.set()
            outside.join()

    assert (first, last) == ("read", "read")
    return [result], notes.read_text().split()


def send_signals(notes: Path, fates: list[str], over: threading.Event) -> None:
    """From outside, to each process that waits for it."""
    n = 0
    while not over.wait(0.02) and n < len(fates):
        pids = notes.read_text().split() if notes.exists() else []
        if len(pids) > n:
            if fates[n].isupper():
                os.kill(int(pids[n]), signal.Signals[f"SIG{fates[n]}"])
            n += 1


@pytest.mark.parametrize("fate", sorted(FATES))
def test_a_document_whose_process_failed_once_is_read_by_another(tmp_path: Path, fate: str) -> None:
    """Killed or stopped from outside, crashed for a reason that does not come again, without a file or a library for once."""
    results, pids = meet(tmp_path / "notes", fate)

    assert results == ["read"]
    assert len(set(pids)) == len(pids) == 2


@pytest.mark.parametrize("fates", ["segv segv", "abort abort", "exit exit", "KILL segv segv"])
def test_a_document_that_crashes_its_process_alone_in_the_same_way_is_at_fault(
    tmp_path: Path, fates: str
) -> None:
    results, pids = meet(tmp_path / "notes", fates)

    assert reasons(results) == [Reject.CRASHED]
    assert len(pids) == len(fates.split())


@pytest.mark.parametrize(
    ("fates", "told"),
    [
        ("KILL KILL KILL", "the parser's process ended: SIGKILL"),
        ("TERM KILL TERM", "the parser's process ended: SIGTERM; the parser's process ended: SIGKILL"),
        ("STOP STOP STOP", "the parser's process was stopped"),
        ("segv abort segv", "the parser's process ended: SIGSEGV; the parser's process ended: SIGABRT"),
        ("eio eio eio", "OSError: [Errno 5] Input/output error: '/usr/share/model'"),
        ("import import import", "ModuleNotFoundError: No module named 'no_such_library'"),
    ],
)
def test_what_comes_from_outside_is_the_machines_fault_after_three_tries(
    tmp_path: Path, fates: str, told: str
) -> None:
    results, pids = meet(tmp_path / "notes", fates)

    assert results == [Failure(Reject.MACHINE_FAULT, f"tried 3 times: {told}")]
    assert len(pids) == 3


def test_a_process_that_was_stopped_while_it_waited_is_replaced() -> None:
    with Guard("tests.sandboxed:act", LIMITS) as here:
        (pid,) = here.run(documents("pid"))
        os.kill(pid, signal.SIGSTOP)

        assert here.run(documents("a", "b")) == [("a", []), ("b", [])]


def test_a_process_that_cannot_be_started_is_tried_again_and_then_a_broken_run() -> None:
    """No file is left for its socket: the run says so, and a later one goes on."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with Guard("tests.sandboxed:act", LIMITS) as here:
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, most[1]))
        try:
            with pytest.raises(NewsfoldError, match=r"tests\.sandboxed:act .* Too many open files"):
                here.run(documents("a"))
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, most)

        assert here.run(documents("a")) == [("a", [])]


def test_a_fork_that_fails_once_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    start, errors = subprocess.Popen, [BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))]

    def full(*arguments: object, **named: object) -> object:
        if errors:
            raise errors.pop()
        return start(*arguments, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "Popen", full)
    with Guard("tests.sandboxed:act", LIMITS) as here:
        assert here.run(documents("a")) == [("a", [])]


def test_what_is_printed_in_the_process_does_not_get_into_the_results() -> None:
    with Guard("tests.sandboxed:act", LIMITS) as here:
        assert here.run(documents("chatter")) == [None]


def test_the_order_of_a_set_is_the_same_in_every_process() -> None:
    orders = []
    for _ in range(3):
        with Guard("tests.sandboxed:act", LIMITS) as here:
            orders += here.run(documents("set"))

    assert orders[0] == orders[1] == orders[2]


def test_every_thread_has_a_process_of_its_own_that_ends_with_it() -> None:
    pids = []

    def work() -> None:
        for _ in range(2):
            pids.extend(guard("tests.sandboxed:act", LIMITS).run(documents("pid")))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(pids)) == 2
    assert all(ends(pid) for pid in pids)


PARENT = """
import signal, sys
sys.path[:0] = [{root!r}]
import pyarrow as pa
from pipeline.extract.sandbox import Guard, Limits
here = Guard("tests.sandboxed:act", Limits(cpu_seconds=600, memory_bytes=10**9))
print(*here.run(pa.table({{"act": ["pid"]}})), flush=True)
here.run(pa.table({{"act": [{act!r}]}}))
signal.pause()
"""


@pytest.mark.parametrize("act_then", ["idle", "spin"])
def test_the_process_ends_when_its_parent_is_killed_even_in_the_middle_of_a_document(
    tmp_path: Path, act_then: str
) -> None:
    root, begun = str(Path(__file__).parents[1]), tmp_path / "begun"
    script = PARENT.format(root=root, act=f"{act_then} > {begun}")
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert comes_true(begun.exists)
        assert is_alive(pid)
        parent.kill()

    assert ends(pid)


def test_a_forked_process_leaves_its_parents_child_alone() -> None:
    here = guard("tests.sandboxed:act", LIMITS)
    (mine,) = here.run(documents("pid"))
    read_end, write_end = os.pipe()
    if (child := os.fork()) == 0:
        (other,) = guard("tests.sandboxed:act", LIMITS).run(documents("pid"))
        os.write(write_end, str(other).encode())
        here.close()
        os._exit(0)
    os.waitpid(child, 0)
    os.close(write_end)
    other = int(os.read(read_end, 20))
    os.close(read_end)

    assert other != mine
    assert [mine] == here.run(documents("pid"))


def test_a_batch_is_handed_over_in_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two messages, whatever the number of documents; and no body is copied into a second form."""
    sent: list[int] = []
    send = Connection.send_bytes

    def counting(connection: Connection, data: bytes) -> None:
        sent.append(memoryview(data).nbytes)
        send(connection, data)

    table = pa.table({"act": ["x"] * 256, "body": [b"y" * 10_000] * 256})
    monkeypatch.setattr(Connection, "send_bytes", counting)
    with Guard("tests.sandboxed:act", LIMITS) as here:
        here.run(table)

    assert len(sent) == 2
    assert sum(sent) < 1.1 * table.nbytes


@pytest.mark.parametrize("most", ["_MAX_BYTES", "_MAX_DOCUMENTS"])
def test_a_process_that_has_read_much_is_replaced(monkeypatch: pytest.MonkeyPatch, most: str) -> None:
    """By bytes or by documents: parsers fragment their heap. Until then it stays."""
    with Guard("tests.sandboxed:act", LIMITS) as here:
        (first,), (second,) = here.run(documents("pid")), here.run(documents("pid"))
        monkeypatch.setattr(sandbox, most, 1)
        (third,), (fourth,) = here.run(documents("pid")), here.run(documents("pid"))

    assert first == second == third != fourth
