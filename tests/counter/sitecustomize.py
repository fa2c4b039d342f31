"""Notes each compilation of machine code, in whatever process: a line in the file that `NEWSFOLD_TEST_COMPILED` names.

Python reads this module when it starts.
"""

import os
import sys
from pathlib import Path

from numba.core import event


class _Noting(event.Listener):
    def on_start(self, event: event.Event) -> None:
        with Path(os.environ["NEWSFOLD_TEST_COMPILED"]).open("a") as notes:
            notes.write(f"{os.getpid()} {event.data['dispatcher'].py_func.__qualname__} {sys.argv}\n")

    def on_end(self, event: event.Event) -> None:
        pass


event.register("numba:compile", _Noting())
