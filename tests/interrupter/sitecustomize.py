"""Presses Ctrl-C at a chosen point of a test's process: the whole group gets the signal, as a terminal sends it.

`INTERRUPT_AT` is an audit event and a part of what it is about, `import pyarrow` or `os.rename memberships`, and how often
to press. Python reads this module when it starts.
"""

import os
import signal
import sys


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    wanted, part, times = os.environ["INTERRUPT_AT"].split()
    if event == wanted and part in str(arguments) and not _done:
        _done.append(event)
        for _ in range(int(times)):
            os.killpg(0, signal.SIGINT)


_done: list[str] = []
if "INTERRUPT_AT" in os.environ:
    sys.addaudithook(_watch)
