"""Spill tables to mapped files of this machine: they take no memory until they are read again."""

import ctypes
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain

import pyarrow as pa

from pipeline.model.arrow import ChunkedArray, n_true
from pipeline.model.errors import NewsfoldError


def shelve(table: pa.Table) -> pa.Table:
    """The same table on a mapped file without a name: the file goes with the table, however the process ends.

    Raises NewsfoldError when there is no room for it.
    """
    return shelve_all(table.schema, [table])


def shelve_all(schema: pa.Schema, tables: Iterable[pa.Table]) -> pa.Table:
    """The tables one after another as one, each put aside as it comes. Raises as `shelve` does, and what making a table raises."""
    with _room():
        handle, path = tempfile.mkstemp(prefix="newsfold-", suffix=".arrow")
    os.close(handle)
    try:
        # A file without a buffer: closing it after an error raises no other one.
        with pa.OSFile(path, "wb") as sink:
            writer = pa.ipc.new_file(sink, schema)
            for table in tables:  # whatever making one raises is no matter of room
                with _room():
                    writer.write_table(table)
            with _room():
                writer.close()
        return pa.ipc.open_file(pa.memory_map(path)).read_all()
    finally:
        os.unlink(path)  # noqa: PTH108 - a name, not a path of ours


def gathered(schema: pa.Schema, tables: Iterable[pa.Table]) -> pa.Table:
    """The tables one after another as one. Where they are large together each is put aside as it comes, so they are never all in
    memory. Raises as `shelve` does, and what making a table raises.
    """
    coming, few, n_bytes = iter(tables), list[pa.Table](), 0
    for table in coming:
        few.append(table)
        n_bytes += table.nbytes
        if n_bytes > LARGE_BYTES:
            return shelve_all(schema, chain(few, coming))
    return pa.concat_tables([schema.empty_table(), *few])


LARGE_BYTES = 16 << 20  # of a table: a smaller one is not worth a file


def aside(table: pa.Table) -> pa.Table:
    """The same table, shelved if it is large. Raises as `shelve` does."""
    return shelve(table) if table.nbytes > LARGE_BYTES else table


_ROWS_AT_ONCE = 5_000  # of articles 15 MB


def in_slices(table: pa.Table) -> Iterator[pa.Table]:
    """The rows of a table of any size, so many at a time that what is made of some is never much."""
    return (table.slice(start, _ROWS_AT_ONCE) for start in range(0, table.num_rows, _ROWS_AT_ONCE))


def chosen(table: pa.Table, is_chosen: ChunkedArray) -> pa.Table:
    """The rows for which this is true: put aside where they are large, and the table itself where it is true for all of them."""
    if n_true(is_chosen) == table.num_rows:
        return table
    marks = pa.table([is_chosen], names=["mark"])
    both = zip(in_slices(table), in_slices(marks), strict=True)
    return gathered(table.schema, (rows.filter(its["mark"]) for rows, its in both))


def folder() -> str:
    """Where things are put aside, for a message."""
    try:
        return tempfile.gettempdir()
    except FileNotFoundError:  # none can be written to
        return os.environ.get("TMPDIR", "the folder for temporary files")


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NewsfoldError(f"{folder()}: no room to put a table aside ({error}); set TMPDIR") from error


def give_back() -> None:
    """Return freed memory to the system: both allocators would keep it, and the next stage asks for other sizes."""
    pa.default_memory_pool().release_unused()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)  # glibc's; other libraries have none
