"""Runs a function over documents in a child process, one at a time, under caps that the kernel enforces.

A document that hangs, eats memory or kills its process costs itself: the child is replaced, the batch goes on.
There is no pool and no shared queue, so nothing can wait for a process that is gone: one child belongs to one
thread, they talk over one socket, and either end notices when the other closes it.
"""

import contextlib
import gc
import importlib
import logging
import multiprocessing
import os
import pickle
import resource
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Self

import pyarrow as pa

from pipeline.contracts import Reject
from pipeline.errors import NewsfoldError

# Parsers keep caches and fragment their heap; a fresh process every few minutes keeps memory flat. Starting one
# takes about as long as 50 pages.
_MAX_DOCUMENTS = 5_000

# The kernel counts CPU time, so a document that only waits is never caught by it. Nothing that we run waits: this
# is for a machine that stands still, and lies so high that a merely busy one does not reach it.
_WALL_FACTOR, _WALL_SECONDS = 20, 60

_STARTS = (
    3  # a child may be killed while it waits; more than this many times in a row, the machine is at fault
)
_WATCH_SECONDS = 1.0

_BOOTSTRAP = "import sys; sys.path[:] = sys.argv[3:]; from pipeline.guard import serve; serve(int(sys.argv[1]), sys.argv[2])"


@dataclass(frozen=True)
class Limits:
    """What one document may use: CPU time, and memory beyond what the waiting process has."""

    cpu_seconds: float
    memory_bytes: int


@dataclass(frozen=True)
class Failure:
    """Why there is no result: timeout, memory, crashed, or extractor_failed when the function raised."""

    reason: Reject
    detail: str


def guard(function: str, limits: Limits) -> "Guard":
    """The calling thread's guard for `function`; its child stays from call to call and ends with the thread."""
    kept: dict[object, Guard] = _KEPT.__dict__.setdefault("guards", {})
    key = (os.getpid(), function, limits)  # a forked process must not talk to its parent's child
    if key not in kept:
        kept[key] = Guard(function, limits)
    return kept[key]


_KEPT = threading.local()


class Guard:
    """A child process that runs `function`, named as `module:name`, over the rows of tables.

    A context manager for one thread; outside a `with`, the child ends when the object goes.
    """

    def __init__(self, function: str, limits: Limits) -> None:
        self._function = function
        self._limits = limits
        self._child: _Child | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the child."""
        if self._child:
            self._child.end()
            self._child = None

    def run(self, table: pa.Table, **arguments: object) -> list[Any]:
        """Call `function(row, **arguments)` for each row, as a dict; returns what it returned, or a Failure, in order.

        Raises NewsfoldError when no child can be kept alive even before it is given a document.
        """
        results: list[Any] = []
        while len(results) < table.num_rows:
            child = self._hand_over(table.slice(len(results)), arguments)
            while len(results) < table.num_rows:
                results.append(child.receive(self._limits))
                if child.is_gone:
                    self.close()
                    break
        if self._child and self._child.n_documents >= _MAX_DOCUMENTS:
            self.close()
        return results

    def _hand_over(self, table: pa.Table, arguments: Mapping[str, object]) -> "_Child":
        """Give the rows to the child, a new one if need be, and wait until it has them."""
        for _ in range(_STARTS):
            child = self._child = self._child or _Child(self._function)
            if child.send(table, arguments, self._limits):
                return child
            self.close()
        raise NewsfoldError(f"the process that runs {self._function} ends before it is given a document")


class _Child:
    """The parent's end: a process and the socket to it."""

    def __init__(self, function: str) -> None:
        self._socket, far_end = multiprocessing.Pipe()
        with far_end:
            fd = far_end.fileno()
            command = [sys.executable, "-c", _BOOTSTRAP, str(fd), function, *sys.path]
            # Nothing may depend on the order of a set, the zone or the code page of the machine.
            environment = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONUTF8": "1", "TZ": "UTC"}
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter
                command, pass_fds=[fd], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=environment
            )
        self.is_gone = False
        self.n_documents = 0
        self.end = weakref.finalize(self, _end, self._process, self._socket, os.getpid())

    def send(self, table: pa.Table, arguments: Mapping[str, object], limits: Limits) -> bool:
        try:
            self._socket.send_bytes(pickle.dumps((dict(arguments), limits)))
            self._socket.send_bytes(_to_ipc(table))
            return self._socket.recv_bytes() == b"ready"
        except (OSError, EOFError):
            return False

    def receive(self, limits: Limits) -> Any:
        """The next row's result; a Failure when the process died of it, which `is_gone` then tells."""
        wall_seconds = _WALL_FACTOR * limits.cpu_seconds + _WALL_SECONDS
        try:
            if self._socket.poll(wall_seconds):
                result = pickle.loads(self._socket.recv_bytes())  # noqa: S301 - written by our own process
                self.is_gone = isinstance(result, Failure) and result.reason == Reject.MEMORY
                self.n_documents += 1
                return result
            failure = Failure(Reject.TIMEOUT, f"no answer in {wall_seconds:g} seconds")
        except (OSError, EOFError):
            failure = _why(self._process.wait(), limits)
        self.is_gone = True
        return failure


def _end(process: "subprocess.Popen[bytes]", socket: Connection, owner: int) -> None:
    if os.getpid() == owner:  # in a forked process both are only copies
        socket.close()
        process.kill()
        process.wait()


def _to_ipc(table: pa.Table) -> pa.Buffer:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()


def _why(status: int, limits: Limits) -> Failure:
    if status == -signal.SIGPROF:
        return Failure(Reject.TIMEOUT, f"more than {limits.cpu_seconds:g} seconds of CPU time")
    name = signal.Signals(-status).name if status < 0 else f"exit status {status}"
    return Failure(Reject.CRASHED, f"the parser's process ended: {name}")


# --- in the child --------------------------------------------------------------------------------------------


def serve(fd: int, function: str) -> None:
    """What the child does until the parent goes: take a batch, answer row by row."""
    _settle_in()
    module, _, name = function.partition(":")
    run = getattr(importlib.import_module(module), name)
    gc.collect()
    gc.freeze()  # what the libraries hold is never garbage; not looking at it again saves 5 % of a page
    socket = Connection(fd)
    with contextlib.suppress(OSError, EOFError):
        while True:
            arguments, limits = pickle.loads(socket.recv_bytes())  # noqa: S301 - written by our own process
            table = pa.ipc.open_stream(socket.recv_bytes()).read_all()
            _limit_memory(limits.memory_bytes)
            socket.send_bytes(b"ready")
            for n in range(table.num_rows):
                socket.send_bytes(_answer(run, table.slice(n, 1), arguments, limits))
            _limit_memory(None)
    os._exit(0)


def _settle_in() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interrupt means
    signal.signal(signal.SIGPROF, signal.SIG_DFL)  # ends the process
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGPROF])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.disable(logging.CRITICAL)  # a page's faults are in its row
    threading.Thread(target=_follow, args=(os.getppid(),), daemon=True).start()


def _follow(parent: int) -> None:
    """End with the parent, however it ends: a document in work would keep the closed socket from being seen."""
    while os.getppid() == parent:
        time.sleep(_WATCH_SECONDS)
    os._exit(0)


def _answer(
    run: Callable[..., object], row: pa.Table, arguments: Mapping[str, object], limits: Limits
) -> bytes:
    signal.setitimer(signal.ITIMER_PROF, limits.cpu_seconds)
    try:
        return pickle.dumps(run(row.to_pylist()[0], **arguments))
    except MemoryError:
        return pickle.dumps(Failure(Reject.MEMORY, f"more than {limits.memory_bytes} bytes of memory"))
    except Exception as error:  # noqa: BLE001 - the whole web comes in here; the row says what happened
        detail = f"{type(error).__name__}: {error}"[:500].encode("utf-8", "replace").decode()
        return pickle.dumps(Failure(Reject.EXTRACTOR_FAILED, detail))
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _limit_memory(memory_bytes: int | None) -> None:
    """Allow so much more than what is in use now; None lifts the limit. Where the system does not tell, no limit."""
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    in_use = _data_bytes()
    soft = in_use + memory_bytes if memory_bytes and in_use else resource.RLIM_INFINITY
    if hard != resource.RLIM_INFINITY:
        soft = hard if soft == resource.RLIM_INFINITY else min(soft, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _data_bytes() -> int | None:
    """Private writable memory of this process, which is what RLIMIT_DATA counts since Linux 4.7."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmData:"):
                return int(line.split()[1]) * 1024
    return None
