"""Ctrl-C: one line and exit code 130, at any moment: during an import, in a compiled loop, while parsers work.

The first Ctrl-C unwinds what is being done, so that locks are given back. What has not ended after a moment, or when a second one
comes, ends where it is. Nothing is lost by that: files are replaced whole. This module imports little, so that it is there early.
"""

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

EXIT = 128 + signal.SIGINT  # as shells count
_GRACE_SECONDS = (
    2.0  # a stage's piece in a worker takes less; a page that parses for a minute is not waited for
)
_SAID = b"newsfold: interrupted; what is published stays, and the next run does the rest\n"
_SHOW_CURSOR = b"\x1b[?25h"  # a moving line of progress hides it


def guarded(main: Callable[[], None]) -> None:
    """Call `main`; an interrupt of it ends the process."""
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        main()  # whoever started the process has it ignored, as `nohup` and a shell's `&` do
        return
    signal.signal(signal.SIGINT, _unwind)
    try:
        main()
    finally:
        if _is_unwinding():
            _end()


def _is_unwinding() -> bool:
    return signal.getsignal(signal.SIGINT) is _end


def _unwind(*_: object) -> NoReturn:
    for number in (signal.SIGINT, signal.SIGALRM):
        signal.signal(number, _end)
    signal.setitimer(signal.ITIMER_REAL, _GRACE_SECONDS)
    sys.unraisablehook = lambda _: None  # an exit that falls into a finaliser is told as one that was ignored
    if logging := sys.modules.get("logging"):
        logging.disable()  # what fails from now on fails by the interrupt
    raise SystemExit(EXIT)  # unlike KeyboardInterrupt, nothing on the way takes it for its own


def _end(*_: object) -> NoReturn:
    with suppress(OSError, ValueError, RuntimeError):  # closed, or being written to at this moment
        sys.stdout.flush()
    for number in (signal.SIGINT, signal.SIGALRM):  # one line, however many come
        signal.signal(number, signal.SIG_IGN)
    with suppress(OSError):
        os.write(2, _SHOW_CURSOR * os.isatty(2) + _SAID)
    os._exit(EXIT)
