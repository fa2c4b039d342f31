"""Runs a function over documents in a child process, one at a time, under caps that the kernel enforces.

A document that hangs, eats memory or kills its process costs itself: the child is replaced, the batch goes on.
There is no pool and no shared queue, so nothing can wait for a process that is gone: one child belongs to one
thread, they talk over one socket, and either end notices when the other closes it.

A child may also end, stand still or lack a file through no fault of its document. So a document whose child failed is tried
again, alone, in a fresh one. It is at fault only if that ends of the same, and of something that a parser does to itself: what
comes from outside (the killer of a machine without memory, an operator, a full table of files) is the machine's, however often.
"""

import contextlib
import gc
import importlib
import logging
import math
import multiprocessing
import os
import pickle
import resource
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Self

import pyarrow as pa

from pipeline.model import own_process
from pipeline.model.errors import NewsfoldError
from pipeline.model.kinds import Reject

# Parsers keep caches and fragment their heap; a fresh process every few minutes keeps memory flat. Starting one takes about as long
# as 50 pages or a thousand texts, so what counts is what was parsed: as much as some 5,000 pages have.
_MAX_BYTES, _MAX_DOCUMENTS = 500_000_000, 100_000

# The kernel counts CPU time, so a document that only waits is never caught by it. Nothing that we run waits: this
# is for a machine that stands still, and lies so high that a merely busy one does not reach it.
_WALL_FACTOR, _WALL_SECONDS = 20, 60

# A child may be killed while it waits; more than this many times in a row, the machine is at fault.
_STARTS = 3
_START_PAUSE_SECONDS = 0.2  # when none can be started: processes that end give back what it takes
_TRIES = 3  # of a document whose child failed; two that fail alike are enough to blame the document
_WATCH_SECONDS = 1.0

# After these, a child has too much or too little to go on.
_SPOILING = frozenset({Reject.MEMORY, Reject.MACHINE_FAULT})

# How a process ends by what it does itself; every other signal is sent by somebody else.
_OWN_SIGNALS = frozenset(
    {signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGILL, signal.SIGFPE, signal.SIGTRAP}
)

_BOOTSTRAP = "import sys; sys.path[:] = sys.argv[2:]; from pipeline.extract.sandbox import serve; serve(int(sys.argv[1]))"


@dataclass(frozen=True)
class Limits:
    """What one document may use: CPU time, and memory beyond what the waiting process has."""

    cpu_seconds: float
    memory_bytes: int


@dataclass(frozen=True)
class Failure:
    """Why there is no result: timeout, memory, crashed, machine_fault, or extractor_failed when the function raised."""

    reason: Reject
    detail: str

    @property
    def is_doubtful(self) -> bool:
        """Whether it may have nothing to do with the document."""
        return self.reason in {Reject.CRASHED, Reject.MACHINE_FAULT}


def guard(function: str, limits: Limits) -> "Guard":
    """A guard for `function` with the calling thread's child, which stays from call to call and ends with the thread."""
    kept: dict[int, _Seat] = _KEPT.__dict__.setdefault("seats", {})
    pid = os.getpid()  # a forked process must not talk to its parent's child
    return Guard(function, limits, kept.setdefault(pid, _Seat()))


_KEPT = threading.local()


class _Seat:
    """Where a child is while there is one."""

    child: "_Child | None" = None


class Guard:
    """A child process that runs `function`, named as `module:name`, over the rows of tables.

    A context manager for one thread; outside a `with`, the child ends when the object goes.
    """

    def __init__(self, function: str, limits: Limits, seat: _Seat | None = None) -> None:
        self._function = function
        self._limits = limits
        self._seat = seat or _Seat()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the child."""
        if self._seat.child:
            self._seat.child.end()
            self._seat.child = None

    def run(self, table: pa.Table, **arguments: object) -> list[Any]:
        """Call `function(row, **arguments)` for each row, as a dict; returns what it returned, or a Failure, in order.

        Raises NewsfoldError when no child can be kept alive even before it is given a document.
        """
        results: list[Any] = []
        while len(results) < table.num_rows:
            child = self._hand_over(table.slice(len(results)), arguments)
            while len(results) < table.num_rows:
                result = self._receive(child)
                if isinstance(result, Failure) and result.is_doubtful:
                    result = self._alone(table.slice(len(results), 1), arguments, result)
                results.append(result)
                if child.is_gone:
                    break
        if self._seat.child and self._seat.child.is_worn:
            self.close()
        return results

    def _receive(self, child: "_Child") -> Any:
        result = child.receive(self._limits)
        if child.is_gone:
            self.close()
        return result

    def _alone(self, row: pa.Table, arguments: Mapping[str, object], failure: Failure) -> Any:
        """The row's result from a fresh child that has nothing else to read; after one failure, what is to be said of it."""
        failures = [failure]
        while len(failures) < _TRIES:
            result = self._receive(self._hand_over(row, arguments))
            if not (isinstance(result, Failure) and result.is_doubtful):
                return result
            failures.append(result)
            if result.reason == Reject.CRASHED and result == failures[-2]:
                return result
        told = "; ".join(dict.fromkeys(f.detail for f in failures))
        return Failure(Reject.MACHINE_FAULT, f"tried {_TRIES} times: {told}"[:500])

    def _hand_over(self, table: pa.Table, arguments: Mapping[str, object]) -> "_Child":
        """Give the rows to the child, a new one if need be, and wait until it has them."""
        why = "it ends before it is given a document"
        for attempt in range(_STARTS):
            try:
                child = self._seat.child = self._seat.child or _Child()
            except OSError as error:  # no process, no file or no memory is left for it
                why = str(error)
                time.sleep(_START_PAUSE_SECONDS * attempt)
                continue
            if child.send(self._function, table, arguments, self._limits):
                return child
            self.close()
        raise NewsfoldError(f"the process that runs {self._function} cannot be kept up: {why}")


class _Child:
    """The parent's end: a process and the socket to it."""

    def __init__(self) -> None:
        self._socket, far_end = multiprocessing.Pipe()
        with far_end:
            fd = far_end.fileno()
            command = [sys.executable, "-c", _BOOTSTRAP, str(fd), *sys.path]
            # Nothing may depend on the order of a set, the zone or the code page of the machine.
            environment = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONUTF8": "1", "TZ": "UTC"}
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter
                command,
                pass_fds=[fd],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=environment,
                process_group=0,  # a Ctrl-C is for the parent, also while this one starts
            )
        self.is_gone = False
        self._n_bytes, self._n_documents = 0, 0
        self.end = weakref.finalize(self, _end, self._process, self._socket, os.getpid())

    @property
    def is_worn(self) -> bool:
        """Whether it has read so much that another should take its place."""
        return self._n_bytes >= _MAX_BYTES or self._n_documents >= _MAX_DOCUMENTS

    def send(self, function: str, table: pa.Table, arguments: Mapping[str, object], limits: Limits) -> bool:
        """Whether the child has the rows; not if it is gone or stands still."""
        if self._is_stopped():
            return False
        try:
            self._give_up_after(_wall_seconds(limits))
            self._socket.send_bytes(pickle.dumps((function, dict(arguments), limits)))
            rows = to_ipc(table)
            self._n_bytes += rows.size
            self._socket.send_bytes(rows)
            return not self._wait(_wall_seconds(limits)) and self._socket.recv_bytes() == b"ready"
        except (OSError, EOFError):
            return False

    def _give_up_after(self, seconds: float) -> None:
        """Let no sending wait for longer: one who was stopped while it takes a table would never read on."""
        with socket.socket(fileno=os.dup(self._socket.fileno())) as same:
            same.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("@ll", math.ceil(seconds), 0))

    def receive(self, limits: Limits) -> Any:
        """The next row's result; a Failure when the process died of it, which `is_gone` then tells."""
        try:
            if not (standing_still := self._wait(_wall_seconds(limits))):
                result = pickle.loads(self._socket.recv_bytes())  # noqa: S301 - written by our own process
                self.is_gone = isinstance(result, Failure) and result.reason in _SPOILING
                self._n_documents += 1
                return result
            failure = Failure(Reject.MACHINE_FAULT, standing_still)
        except (OSError, EOFError):
            failure = _why(self._process.wait(), limits)
        self.is_gone = True
        return failure

    def _wait(self, wall_seconds: float) -> str:
        """Wait for an answer; returns why there will be none."""
        for _ in range(math.ceil(wall_seconds / _WATCH_SECONDS)):
            if self._socket.poll(_WATCH_SECONDS):
                return ""
            if self._is_stopped():
                return "the parser's process was stopped"
        return f"no answer in {wall_seconds:g} seconds"

    def _is_stopped(self) -> bool:
        return _status_line(self._process.pid, "State").startswith("T")


def _wall_seconds(limits: Limits) -> float:
    return _WALL_FACTOR * limits.cpu_seconds + _WALL_SECONDS


def _end(process: "subprocess.Popen[bytes]", near_end: Connection, owner: int) -> None:
    if os.getpid() == owner:  # in a forked process both are only copies
        near_end.close()
        process.kill()
        process.wait()


def to_ipc(table: pa.Table) -> pa.Buffer:
    """A table as a stream of Arrow's."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()


def _why(status: int, limits: Limits) -> Failure:
    if status == -signal.SIGPROF:
        return Failure(Reject.TIMEOUT, f"more than {limits.cpu_seconds:g} seconds of CPU time")
    name = signal.Signals(-status).name if status < 0 else f"exit status {status}"
    is_own = status >= 0 or -status in _OWN_SIGNALS
    reason = Reject.CRASHED if is_own else Reject.MACHINE_FAULT
    return Failure(reason, f"the parser's process ended: {name}")


# --- in the child --------------------------------------------------------------------------------------------


def serve(fd: int) -> None:
    """What the child does until the parent goes: take a batch, answer row by row."""
    _settle_in()
    parent = Connection(fd)
    with contextlib.suppress(OSError, EOFError):
        while True:
            function, arguments, limits = pickle.loads(parent.recv_bytes())  # noqa: S301 - written by our own process
            run = _loaded(function)
            table = pa.ipc.open_stream(parent.recv_bytes()).read_all()
            _limit_memory(limits.memory_bytes)
            parent.send_bytes(b"ready")
            for n in range(table.num_rows):
                parent.send_bytes(_answer(run, table.slice(n, 1), arguments, limits))
            _limit_memory(None)
    os._exit(0)


@cache
def _loaded(function: str) -> Callable[..., object]:
    module, _, name = function.partition(":")
    gc.disable()
    try:
        found: Callable[..., object] = getattr(importlib.import_module(module), name)
        gc.collect()
    finally:
        gc.enable()
    gc.freeze()  # what the libraries hold is never garbage; not looking at it again saves 5 % of a page
    return found


# Objects between two looks for garbage, of which documents leave little: as many as in the command (`pipeline/__main__.py`). With Python's
# 700, looking takes a tenth of a child's time.
_GARBAGE_OBJECTS = 20_000


def _settle_in() -> None:
    gc.set_threshold(_GARBAGE_OBJECTS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interrupt means
    signal.signal(signal.SIGPROF, signal.SIG_DFL)  # ends the process
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGPROF])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    own_process.settle()
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
        reason = Reject.MACHINE_FAULT if _is_of_the_machine(error) else Reject.EXTRACTOR_FAILED
        return pickle.dumps(Failure(reason, detail))
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _is_of_the_machine(error: Exception) -> bool:
    """A document is in memory: only what a library loads when it is first needed is opened, read or imported here."""
    return isinstance(error, ImportError) or (isinstance(error, OSError) and error.errno is not None)


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
    found = _status_line("self", "VmData")
    return int(found.split()[0]) * 1024 if found else None


def _status_line(pid: int | str, name: str) -> str:
    """What the kernel says of a process under a name; nothing where the system does not tell."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(f"{name}:"):
                return line.partition(":")[2].strip()
    return ""
