"""pyarrow without pandas, in processes that are newsfold's own.

The first array that pyarrow makes of Python's values or NumPy's has it import pandas, where pandas is installed, to see whether the
values are a frame's: a fifth of a second and 40 MB in the command line and in each child process. newsfold has no frames.
"""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

import pyarrow as pa


class _Hidden(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        del path, target
        if fullname == "pandas":
            raise ModuleNotFoundError("hidden for a moment", name=fullname)
        return None


def settle() -> None:
    """Let pyarrow find that there is no pandas, once. Whoever imports pandas later has it, and `to_pandas` works then, too."""
    hidden = _Hidden()
    sys.meta_path.insert(0, hidden)
    try:
        pa.array([False])
    finally:
        sys.meta_path.remove(hidden)
