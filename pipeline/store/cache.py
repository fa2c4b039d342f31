"""Small tables that were read recently, by path and version.

A day reads the small tables of fifty days before it, and the next day reads nearly the same ones: a repair of a month would
open each of them thirty times. A version names one content, so what is kept is never out of date. Where nothing may be shown that stands no more, whoever
keeps says what stands (`keep`).
"""

import threading
from collections.abc import Callable
from typing import Any

import pyarrow as pa
from cachetools import LRUCache

LARGEST_BYTES = 1 << 20  # of one table: to read more takes longer than to open its file
LAST_BYTES = 8 << 20  # of the larger one that was read last: who replaces a partition reads it twice in a row
TOTAL_BYTES = 64 << 20  # of all that is kept: 28 days of a thousand articles
ENTRY_BYTES = 16 << 10  # of a table beside its rows: schema, chunks, the objects around them


Key = tuple[Any, ...]  # a path, a version, and what of that file


class Recent:
    """The most recently used tables, up to `total_bytes`, none of more than `largest_bytes`, and the last one of up to LAST_BYTES. A copy in
    another process starts empty.
    """

    def __init__(self, total_bytes: int | None = None, largest_bytes: int | None = None) -> None:
        self._kept: LRUCache[Key, pa.Table] = LRUCache(total_bytes or TOTAL_BYTES, getsizeof=_size)
        self._largest = largest_bytes or LARGEST_BYTES
        self._last: tuple[Key, pa.Table] | None = None
        self._lock = threading.Lock()
        self._stands: Callable[[Key], bool] | None = None

    def __reduce__(self) -> tuple[type["Recent"], tuple[()]]:
        return Recent, ()

    def get(self, key: Key, read: Callable[[], pa.Table]) -> pa.Table:
        """The table of that key, read now if it is not there."""
        with self._lock:
            last = self._last
            found = last[1] if last is not None and last[0] == key else self._kept.get(key)
        if found is not None:
            return found
        table = read()
        size = _size(table)
        if size <= max(self._largest, LAST_BYTES):
            with self._lock:
                if self._stands is None or self._stands(key):  # it may have gone while it was read
                    self._keep(key, table, size)
        return table

    def _keep(self, key: Key, table: pa.Table, size: int) -> None:
        if size <= self._largest:
            self._kept[key] = table
        else:
            self._last = key, table

    def keep(self, stands: Callable[[Key], bool]) -> None:
        """Forget the tables whose keys do not stand; from now on, keep none that does not."""
        with self._lock:
            self._stands = stands
            if self._last is not None and not stands(self._last[0]):
                self._last = None
            for key in [key for key in self._kept if not stands(key)]:
                del self._kept[key]


def _size(table: pa.Table) -> int:
    return int(table.nbytes) + ENTRY_BYTES
