"""The child process in which documents are read, and what it protects from."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from pipeline.contracts import Reject
from pipeline.errors import NewsfoldError
from pipeline.guard import Failure, Guard, Limits, guard

LIMITS = Limits(cpu_seconds=0.4, memory_bytes=300_000_000)


def act(row: dict[str, object], **arguments: object) -> object:
    """What the guarded process does with a document in these tests: what the document says."""
    bad = BAD.get(str(row["act"]))
    return bad() if bad else (row["act"], sorted(arguments))


def spin() -> None:
    while True:
        pass


BAD: dict[str, Callable[[], object]] = {
    "spin": spin,
    "spin in C": lambda: re.match(r"(a+)+$", "a" * 60 + "b"),  # it never lets a signal handler run
    "eat": lambda: len([bytearray(50_000_000) for _ in range(1_000)]),
    "segfault": lambda: os.kill(os.getpid(), signal.SIGSEGV),
    "exit": lambda: os._exit(3),
    "raise": lambda: int("not a number"),
    "pid": os.getpid,
    "chatter": lambda: print("noise"),  # libraries do
    "set": lambda: list({"a", "b", "c", "d", "e", "f"}),
}


def documents(*acts: str) -> pa.Table:
    return pa.table({"act": list(acts)})


def reasons(results: list[object]) -> list[object]:
    return [r.reason if isinstance(r, Failure) else r for r in results]


def is_alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "\nState:\tZ" not in status.read_text()


def wait_until_gone(pid: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not is_alive(pid)


def test_results_come_in_the_order_of_the_rows_with_the_arguments_passed_on() -> None:
    with Guard("tests.test_guard:act", LIMITS) as here:
        results = here.run(documents("a", "b", "c"), day=1)

    assert results == [("a", ["day"]), ("b", ["day"]), ("c", ["day"])]


def test_no_rows_give_no_results_and_start_no_process() -> None:
    with Guard("tests.no_such_module:nothing", LIMITS) as here:
        assert here.run(documents().cast(pa.schema([("act", pa.string())]))) == []


def test_bad_documents_cost_themselves_and_the_batch_goes_on() -> None:
    with Guard("tests.test_guard:act", LIMITS) as here:
        acts = ["a", "spin", "b", "spin in C", "eat", "c", "segfault", "exit", "raise", "d"]
        results = here.run(documents(*acts))

    timeouts = [Reject.TIMEOUT, ("b", []), Reject.TIMEOUT]
    crashes = [Reject.CRASHED, Reject.CRASHED]
    expected = [("a", []), *timeouts, Reject.MEMORY, ("c", []), *crashes, Reject.EXTRACTOR_FAILED, ("d", [])]
    assert expected == reasons(results)


def test_a_failure_tells_what_happened() -> None:
    with Guard("tests.test_guard:act", LIMITS) as here:
        spun, ate, died, raised = here.run(documents("spin", "eat", "segfault", "raise"))

    assert spun.detail == "more than 0.4 seconds of CPU time"
    assert ate.detail == "more than 300000000 bytes of memory"
    assert died.detail == "the parser's process ended: SIGSEGV"
    assert raised.detail == "ValueError: invalid literal for int() with base 10: 'not a number'"


def test_cpu_time_is_counted_for_each_document_by_itself() -> None:
    with Guard("tests.test_guard:work_for", LIMITS) as here:
        results = here.run(pa.table({"seconds": [0.25, 0.25, 0.25, 0.25]}))

    assert results == ["done"] * 4


def work_for(row: dict[str, float]) -> str:
    deadline = time.process_time() + row["seconds"]
    while time.process_time() < deadline:
        pass
    return "done"


def test_memory_that_a_document_gave_back_is_there_for_the_next_batch() -> None:
    with Guard("tests.test_guard:hold", LIMITS) as here:
        results = [here.run(pa.table({"megabytes": [200]})) for _ in range(4)]

    assert results == [["held"]] * 4


def hold(row: dict[str, int]) -> str:
    bytearray(row["megabytes"] * 1_000_000)
    return "held"


def test_one_process_serves_many_batches_and_a_bad_document_has_it_replaced() -> None:
    with Guard("tests.test_guard:act", LIMITS) as here:
        first = here.run(documents("pid", "pid"))
        second = here.run(documents("pid"))
        _, after = here.run(documents("exit", "pid"))

    assert len({*first, *second}) == 1
    assert after != first[0]


def test_a_process_that_was_killed_while_it_waited_costs_no_document() -> None:
    with Guard("tests.test_guard:act", LIMITS) as here:
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
    with Guard("tests.test_guard:act", LIMITS) as here:
        (pid,) = here.run(documents("pid"))

    assert wait_until_gone(pid, 5)


def test_what_is_printed_in_the_process_does_not_get_into_the_results() -> None:
    with Guard("tests.test_guard:act", LIMITS) as here:
        assert here.run(documents("chatter")) == [None]


def test_the_order_of_a_set_is_the_same_in_every_process() -> None:
    orders = []
    for _ in range(3):
        with Guard("tests.test_guard:act", LIMITS) as here:
            orders += here.run(documents("set"))

    assert orders[0] == orders[1] == orders[2]


def test_every_thread_has_a_process_of_its_own_that_ends_with_it() -> None:
    pids = []

    def work() -> None:
        for _ in range(2):
            pids.extend(guard("tests.test_guard:act", LIMITS).run(documents("pid")))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(pids)) == 2
    assert all(wait_until_gone(pid, 5) for pid in pids)


PARENT = """
import sys, time
sys.path[:0] = [{root!r}]
import pyarrow as pa
from pipeline.guard import Guard, Limits
here = Guard("tests.test_guard:act", Limits(cpu_seconds=30, memory_bytes=10**9))
print(*here.run(pa.table({{"act": ["pid"]}})), flush=True)
here.run(pa.table({{"act": [{act!r}]}}))
time.sleep(60)
"""


@pytest.mark.parametrize("act_then", ["idle", "spin"])
def test_the_process_ends_when_its_parent_is_killed_even_in_the_middle_of_a_document(act_then: str) -> None:
    root = str(Path(__file__).parents[1])
    script = PARENT.format(root=root, act=act_then)
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        time.sleep(0.3)
        assert is_alive(pid)
        parent.kill()

    assert wait_until_gone(pid, 5)


def test_a_forked_process_leaves_its_parents_child_alone() -> None:
    here = guard("tests.test_guard:act", LIMITS)
    (mine,) = here.run(documents("pid"))
    read_end, write_end = os.pipe()
    if (child := os.fork()) == 0:
        (other,) = guard("tests.test_guard:act", LIMITS).run(documents("pid"))
        os.write(write_end, str(other).encode())
        here.close()
        os._exit(0)
    os.waitpid(child, 0)
    os.close(write_end)
    other = int(os.read(read_end, 20))
    os.close(read_end)

    assert other != mine
    assert [mine] == here.run(documents("pid"))


def test_handing_over_costs_little() -> None:
    """Less than 0.5 ms a document on a busy machine (0.1 on an idle one), where reading a page takes 20."""
    table = pa.table({"act": ["x"] * 256, "body": [b"y" * 100_000] * 256})
    with Guard("tests.test_guard:act", LIMITS) as here:
        here.run(table)
        started = time.process_time()
        here.run(table)
        spent = time.process_time() - started

    assert spent / 256 < 0.0005
