"""An index of small files, one file a month: what a store would else be asked for one by one.

A row is the text of one small file in one version. The versions of a whole folder come with its listing, a thousand for a request, and a
row counts only where the file still has that version. So an index that is lost, damaged, old or half written changes no answer: what it
does not have is read from the file itself.

Writers of one month may overtake each other. Each adds its rows to what stands there, and a row that is lost all the same costs a reading.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from functools import partial
from typing import BinaryIO

import pyarrow as pa

from pipeline.model.errors import DamagedError, InputChangedError, OvertakenError, PublishError
from pipeline.model.internal_tables import INDEX
from pipeline.store import damage, layout, parquet
from pipeline.store.storage import ABSENT, Storage

log = logging.getLogger(__name__)

_READERS = 16  # months read at once from a store that answers each after milliseconds
_TRIES = 5  # how often to write a month that others write at the same time

_Rows = dict[str, tuple[str, bytes]]  # by path: the version and the text


class Index:
    """The texts of small files of one kind (`layout.MANIFESTS`, `layout.EXTRACTED`), by path and version; a month is read once."""

    def __init__(self, storage: Storage, kind: str) -> None:
        self._storage, self._kind = storage, kind
        self._months: dict[str, _Rows] = {}
        self._news: defaultdict[str, _Rows] = defaultdict(dict)

    def load(self, days: Iterable[date]) -> None:
        """Read the months of these days, in one go."""
        wanted = sorted({self._path(day) for day in days} - self._months.keys())
        with ThreadPoolExecutor(_READERS) as pool:
            self._months |= zip(wanted, pool.map(self._read, wanted), strict=True)

    def get(self, day: date, path: str, version: str) -> bytes | None:
        """The text of a file of that day if it is known in that version; of a month that is not loaded nothing is known."""
        known = self._months.get(self._path(day), {}).get(path)
        return known[1] if known and known[0] == version else None

    def put(self, day: date, path: str, version: str, text: bytes) -> None:
        """Note the text of a file in that version, for `save`."""
        self._news[self._path(day)][path] = version, text

    def save(self) -> None:
        """Write what was noted. Who may not write here, or is overtaken all the time, leaves it: it costs others a reading."""
        for path, rows in self._news.items():
            try:
                self._add(path, rows)
            except PublishError as error:
                log.info("%s: %s was left as it is: %s", self._storage.uri, path, error)
        self._news.clear()

    def _add(self, path: str, rows: _Rows) -> None:
        for _ in range(_TRIES):
            version = self._storage.version(path)
            standing = self._read(path, version) if version != ABSENT else {}
            if rows.items() <= standing.items():
                return
            with suppress(OvertakenError):
                made = partial(parquet.write, INDEX, _table(standing | rows))
                self._storage.replace(path, made, version)
                return
        log.info("%s: %s is being replaced all the time", self._storage.uri, path)

    def _read(self, path: str, version: str | None = None) -> _Rows:
        """The rows of a month's file, in that version if one is given; none where it is not there or damaged."""
        try:
            with damage.named(self._storage, path), self._storage.open(path, version) as source:
                return _rows(source)
        except DamagedError as error:
            if not isinstance(
                error.__cause__, NotADirectoryError
            ):  # else there is no warehouse, which others say
                log.warning("%s (only an index: nothing is lost)", error)
        except (OSError, InputChangedError):  # it is not there, or another one now
            pass
        return {}

    def _path(self, day: date) -> str:
        return layout.index(self._kind, day)

    def drop(self, day: date) -> None:
        """Remove what is known of the month: a file has other bytes than its version tells. Who may not write here leaves it."""
        with suppress(PublishError, OSError):
            self._storage.delete(self._path(day))


def _table(rows: _Rows) -> pa.Table:
    ordered = sorted((path, version, text) for path, (version, text) in rows.items())
    return INDEX.table([dict(zip(INDEX.names, row, strict=True)) for row in ordered])


def _rows(source: BinaryIO) -> _Rows:
    found = parquet.read(source)
    if found.schema.types != INDEX.schema.types:
        raise ValueError("it has other columns")
    columns = (found[name].to_pylist() for name in INDEX.names)
    return {path: (version, text) for path, version, text in zip(*columns, strict=True)}
