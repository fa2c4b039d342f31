"""Libraries that others import to see whether they are there, and of which newsfold has no use: hidden in processes of its own.

- The first array that pyarrow makes of Python's values or NumPy's has it import pandas, where pandas is installed, to see whether the
  values are a frame's: a fifth of a second and 40 MB in the command line and in each child process. newsfold has no frames.
- numba imports SciPy's linear algebra, to know whether loops may multiply matrices: another fifth of a second. newsfold's do not.
- It imports cffi, to know the functions of C that loops may call, and yaml, for a file of settings in the working folder: 30 ms.
  newsfold's loops call none, and no folder is to change what they do.
"""

import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

import pyarrow as pa

_is_own = threading.Event()  # set once, by `settle`


class _Hidden(MetaPathFinder):
    """Hides modules from the thread that asks for it: others may need them at the same moment."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names, self.thread = names, threading.get_ident()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        del path, target
        if fullname in self.names and threading.get_ident() == self.thread:
            raise ModuleNotFoundError("hidden for a moment", name=fullname)
        return None


@contextmanager
def _without(*names: str) -> Iterator[None]:
    hidden = _Hidden(names)
    sys.meta_path.insert(0, hidden)
    try:
        yield
    finally:
        sys.meta_path.remove(hidden)


def settle() -> None:
    """Make this process newsfold's own: pyarrow finds that there is no pandas, once. Whoever imports pandas later has it, and
    `to_pandas` works then, too.
    """
    _is_own.set()
    with _without("pandas"):
        pa.array([False])


def load_numba() -> None:
    """Import numba and the parts of it that look for other libraries. In a process of newsfold's own, they find none."""
    with _without("scipy", "scipy.linalg", "cffi", "yaml") if _is_own.is_set() else nullcontext():
        import numba.core.typing.cffi_utils  # noqa: F401 - they look when they are imported
        import numba.np.arraymath  # noqa: F401
