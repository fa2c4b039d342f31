"""Small tables that were read lately, by path and version.

A day reads the small tables of fifty days before it, and the next day reads nearly the same ones: a repair of a month would
open each of them thirty times. A version names one content, so what is kept is never out of date.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import pyarrow as pa

LARGEST_BYTES = 4 << 20  # of one table: to read more takes long beside the opening of a file
TOTAL_BYTES = 64 << 20  # of all that is kept: 28 days of a thousand articles
ENTRY_BYTES = 16 << 10  # of a table beside its rows: schema, chunks, the objects around them


class Recent:
    """The tables that were asked for last, as many as `TOTAL_BYTES` hold. A copy in another process begins empty."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[Any, ...], pa.Table] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def __reduce__(self) -> tuple[type["Recent"], tuple[()]]:
        return Recent, ()

    def get(self, key: tuple[Any, ...], read: Callable[[], pa.Table]) -> pa.Table:
        """The table of that key, read now if it is not there."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        table = read()
        self._keep(key, table)
        return table

    def _keep(self, key: tuple[Any, ...], table: pa.Table) -> None:
        size = _size(table)
        if size > LARGEST_BYTES:
            return
        with self._lock:
            if key not in self._kept:
                self._kept[key], self._bytes = table, self._bytes + size
            while self._bytes > TOTAL_BYTES:
                _, oldest = self._kept.popitem(last=False)
                self._bytes -= _size(oldest)


def _size(table: pa.Table) -> int:
    return int(table.nbytes) + ENTRY_BYTES
