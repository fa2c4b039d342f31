"""Small tables that were read recently, by path and version.

A day reads the small tables of fifty days before it, and the next day reads nearly the same ones: a repair of a month would
open each of them thirty times. A version names one content, so what is kept is never out of date.
"""

import threading
from collections.abc import Callable
from typing import Any

import pyarrow as pa
from cachetools import LRUCache

LARGEST_BYTES = 4 << 20  # of one table: to read more takes long beside the opening of a file
TOTAL_BYTES = 64 << 20  # of all that is kept: 28 days of a thousand articles
ENTRY_BYTES = 16 << 10  # of a table beside its rows: schema, chunks, the objects around them


class Recent:
    """The most recently used tables, up to `TOTAL_BYTES`. A copy in another process starts empty."""

    def __init__(self) -> None:
        self._kept: LRUCache[tuple[Any, ...], pa.Table] = LRUCache(TOTAL_BYTES, getsizeof=_size)
        self._lock = threading.Lock()

    def __reduce__(self) -> tuple[type["Recent"], tuple[()]]:
        return Recent, ()

    def get(self, key: tuple[Any, ...], read: Callable[[], pa.Table]) -> pa.Table:
        """The table of that key, read now if it is not there."""
        with self._lock:
            found = self._kept.get(key)
        if found is not None:
            return found
        table = read()
        if _size(table) <= LARGEST_BYTES:
            with self._lock:
                self._kept[key] = table
        return table


def _size(table: pa.Table) -> int:
    return int(table.nbytes) + ENTRY_BYTES
