"""Spill tables to mapped files of this machine: they take no memory until they are read again."""

import ctypes
import os
import tempfile
from contextlib import suppress

import pyarrow as pa

from pipeline.model.errors import NewsfoldError


def shelve(table: pa.Table) -> pa.Table:
    """The same table on a mapped file without a name: the file goes with the table, however the process ends.

    Raises NewsfoldError when there is no room for it.
    """
    try:
        return _mapped(table)
    except OSError as error:
        raise NewsfoldError(f"{folder()}: no room to put a table aside ({error}); set TMPDIR") from error


LARGE_BYTES = 16 << 20  # of a table: a smaller one is not worth a file


def aside(table: pa.Table) -> pa.Table:
    """The same table, shelved if it is large. Raises as `shelve` does."""
    return shelve(table) if table.nbytes > LARGE_BYTES else table


def folder() -> str:
    """Where things are put aside, for a message."""
    try:
        return tempfile.gettempdir()
    except FileNotFoundError:  # none can be written to
        return os.environ.get("TMPDIR", "the folder for temporary files")


def _mapped(table: pa.Table) -> pa.Table:
    handle, path = tempfile.mkstemp(prefix="newsfold-", suffix=".arrow")
    try:
        with open(handle, "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:  # noqa: PTH123 - the file is open
            writer.write_table(table)
        return pa.ipc.open_file(pa.memory_map(path)).read_all()
    finally:
        os.unlink(path)  # noqa: PTH108 - a name, not a path of ours


def give_back() -> None:
    """Return freed memory to the system: both allocators would keep it, and the next stage asks for other sizes."""
    pa.default_memory_pool().release_unused()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)  # glibc's; other libraries have none
