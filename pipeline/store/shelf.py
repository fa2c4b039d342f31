"""A shelf: entries of sparse rows, a column and a value each, which only grow. Many of them stand on a mapped file."""

import mmap
import os
import tempfile
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from pipeline.model.arrow import buffer_of
from pipeline.model.errors import NewsfoldError
from pipeline.store import spill

MANY = 1 << 20  # entries: more go to disk, fewer are 8 MB


class Shelf:
    """Entries by their place. In memory while there are few, then on two files without a name, which go with the shelf.

    What stands on a file takes memory only while it is looked at (`rest`), and the system takes it back where others need it.
    """

    def __init__(self) -> None:
        # Not yet in files or in one piece.
        self._added: list[tuple[NDArray[np.int32], NDArray[np.float32]]] = []
        self._n_added = self._n_stored = 0
        self._files: tuple[BinaryIO, BinaryIO] | None = None
        self._maps: list[mmap.mmap] = []
        self._whole: tuple[NDArray[np.int32], NDArray[np.float32]] | None = None

    def add(self, columns: NDArray[np.int32], values: NDArray[np.float32]) -> int:
        """Put entries behind those that are there; returns the place of the first. Raises NewsfoldError when there is no room."""
        place = self._n_stored + self._n_added
        if len(columns):
            self._added.append((columns, values))
            self._n_added += len(columns)
            self._whole = None
            if self._n_added > MANY:
                self._store()
        return place

    def entries(self) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """The columns and the values of all entries, as they are until more are added. What is written there stays."""
        if self._whole is None:
            if self._files:
                self._store()
                self._whole = self._mapped(self._files)
            else:
                self._whole = _in_one(self._added)
                self._added = [self._whole]
        return self._whole

    def rest(self) -> None:
        """Take no memory for what stands on files until it is looked at again."""
        for one in self._maps:
            if hasattr(mmap, "MADV_DONTNEED"):
                one.madvise(mmap.MADV_DONTNEED)

    def _store(self) -> None:
        try:
            self._files = self._files or (_file(), _file())
            for n, file in enumerate(self._files):
                for part in self._added:
                    file.write(buffer_of(part[n]))
                file.flush()
        except OSError as error:
            raise NewsfoldError(
                f"{spill.folder()}: no room to put vectors aside ({error}); set TMPDIR"
            ) from error
        self._n_stored += self._n_added
        self._added, self._n_added = [], 0

    def _mapped(self, files: tuple[BinaryIO, BinaryIO]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        self._maps = [mmap.mmap(file.fileno(), 0) for file in files]
        columns, values = self._maps
        return np.frombuffer(columns, np.int32), np.frombuffer(values, np.float32)


def _in_one(
    parts: list[tuple[NDArray[np.int32], NDArray[np.float32]]],
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    if len(parts) == 1:
        return parts[0]
    columns, values = ([part[n] for part in parts] for n in (0, 1))
    return np.concatenate([np.zeros(0, np.int32), *columns]), np.concatenate(
        [np.zeros(0, np.float32), *values]
    )


def _file() -> BinaryIO:
    handle, path = tempfile.mkstemp(prefix="newsfold-", suffix=".rows")
    os.unlink(path)  # noqa: PTH108 - a name, not a path of ours
    return open(handle, "r+b")  # noqa: PTH123 - the file is open, and goes with the shelf
