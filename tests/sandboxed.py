"""Documents that harm the process that reads them, for the tests of the sandbox and of those who use it."""

import os
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa

from pipeline.extract.sandbox import Limits

LIMITS = Limits(cpu_seconds=60, memory_bytes=300_000_000)  # no document of the tests needs so long


def act(row: dict[str, object], **arguments: object) -> object:
    """What the guarded process does with a document in these tests: what the document says."""
    name, _, told = str(row["act"]).partition(" > ")
    if told:
        Path(told).touch()  # the document is in work
    return BAD[name]() if name in BAD else (name, sorted(arguments))


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


def is_alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "\nState:\tZ" not in status.read_text()


def comes_true(what: Callable[[], bool]) -> bool:
    """Whether it comes true; another process does it, so it is asked for again and again, for at most two minutes."""
    for _ in range(2_400):
        if what():
            return True
        time.sleep(0.05)
    return False


def ends(pid: int) -> bool:
    return comes_true(lambda: not is_alive(pid))
