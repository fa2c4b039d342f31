"""Indexes that are open to be asked. One of a bucket is copied to this machine first, to a file without a name: it goes when it is closed,
however the process ends.
"""

import logging
import shutil
import tempfile
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from cachetools import LRUCache

from pipeline.model.errors import DamagedError, InputChangedError
from pipeline.search.ask import DayIndex
from pipeline.search.files import name_of
from pipeline.store.manifest import digest_of
from pipeline.store.storage import Entry, Storage

log = logging.getLogger(__name__)

_MOST_OPEN = 400  # files of a process: systems allow a thousand
_MOST_COPIED = 4 << 30  # bytes

File = tuple[str, str]  # a path and a version: an index that is built again has the path of the one before it


class Shelf:
    """Opens each index once; safe for many threads."""

    def __init__(self, storage: Storage, folder: Path | None, most_copied: int = _MOST_COPIED) -> None:
        """`folder` is where the storage is on this machine, if it is."""
        self._storage, self._folder, self._lock = storage, folder, threading.Lock()
        self._least = most_copied // _MOST_OPEN
        self._open: LRUCache[File, tuple[Entry, DayIndex]] = LRUCache(most_copied, getsizeof=self._size)
        self._damaged: set[File] = set()

    def get(self, entry: Entry) -> DayIndex | None:
        """The index; None where it went meanwhile, or is damaged, which is logged once."""
        with self._lock:
            if _file(entry) in self._damaged:
                return None
            if _file(entry) in self._open:
                return self._open[_file(entry)][1]
        try:
            found = self._opened(entry)
        except (FileNotFoundError, InputChangedError):
            return None
        except (DamagedError, OSError) as error:
            self.pass_over(entry, error)
            return None
        with self._lock:
            if self._size((entry, found)) <= self._open.maxsize:
                self._open[_file(entry)] = entry, found
        return found

    def pass_over(self, entry: Entry, error: Exception) -> None:
        """Use an index no more: it proved to be damaged."""
        log.warning("%s (only an index: nothing is lost; newsfold index --rebuild makes it again)", error)
        with self._lock:
            self._damaged.add(_file(entry))
            self._open.pop(_file(entry), None)

    def keep(self, standing: Iterable[Entry]) -> None:
        """Close the indexes that stand no more, and forget which of them were damaged."""
        files = set(map(_file, standing))
        with self._lock:
            for file in [file for file in self._open if file not in files]:
                del self._open[file]
            self._damaged &= files

    def _size(self, opened: tuple[Entry, DayIndex]) -> int:
        copied = 0 if self._folder else opened[0].size_bytes
        return max(copied, self._least)

    def _opened(self, entry: Entry) -> DayIndex:
        if self._folder:
            with self._storage.open(entry.path) as file:  # SQLite has no checksums of its own
                self._refuse_damaged(entry, file)
            return DayIndex(self._folder / entry.path)
        with tempfile.TemporaryDirectory(prefix="newsfold-search-") as folder:
            return DayIndex(self._copied(entry, Path(folder, "index.db")))

    def _copied(self, entry: Entry, path: Path) -> Path:
        with self._storage.open(entry.path, entry.version) as source, path.open("wb") as sink:
            shutil.copyfileobj(source, sink, 1 << 20)
        with path.open("rb") as copy:
            self._refuse_damaged(entry, copy)
        return path

    def _refuse_damaged(self, entry: Entry, file: BinaryIO) -> None:
        if digest_of(file) != name_of(entry).digest:
            raise DamagedError(f"{self._storage.uri}: {entry.path} has other bytes than were written")


def _file(entry: Entry) -> File:
    return entry.path, entry.version
