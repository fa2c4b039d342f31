"""The files of a day in the landing zone.

A day is the folder `day=YYYY-MM-DD/`, with files in sub-folders or not. Files and folders whose name begins
with `.` or `_` are skipped: that is how uploads in progress and markers are named.
"""

import heapq
import os
import stat
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path

from pipeline.landing.record import UnreadableError
from pipeline.model.days import days_among, folder_of
from pipeline.model.kinds import Reject
from pipeline.store.local import LocalStorage
from pipeline.store.storage import Entry, Storage


def list_files(storage: Storage, day: date) -> list[Entry]:
    """The files of a day, sorted by path; none when the day has no folder."""
    folder = folder_of(day)
    return sorted(e for e in storage.walk(folder) if not _is_hidden(e.path.removeprefix(folder)))


def has_files(storage: Storage, day: date) -> bool:
    """Whether a day has any file; a folder, a marker or an upload in progress alone is no delivery."""
    folder = folder_of(day)
    return any(not _is_hidden(e.path.removeprefix(folder)) for e in storage.walk(folder))


def by_day(storage: Storage, days: Collection[date]) -> Iterator[tuple[date, list[Entry]]]:
    """Each of these days that has files, with what `list_files` gives; a day that comes twice was not whole the first time.

    In a bucket, most of the days are found by one listing of all, a thousand files for a request, and few by one for each. In a folder
    nothing is gained by it.
    """
    wanted = set(days)
    most = not isinstance(storage, LocalStorage) and 2 * len(wanted) > len(days_among(storage.folders("")))
    if not most:
        yield from ((day, files) for day in sorted(wanted) if (files := list_files(storage, day)))
        return
    seen: set[date] = set()
    for folder, entries in groupby(storage.walk(""), lambda entry: entry.path.partition("/")[0]):
        for day in wanted.intersection(days_among([folder])):
            files = sorted(e for e in entries if not _is_hidden(e.path.removeprefix(folder)))
            if day in seen:  # a store that lists in no order
                files = list_files(storage, day)
            seen.add(day)
            if files:
                yield day, files


def pack(files: Sequence[Entry], n_parts: int) -> list[list[Entry]]:
    """Share files out into `n_parts` parts of about equal bytes; some are empty when there are fewer files.

    Longest first to the lightest part (Graham 1969): at worst a third above the best. The same files give the
    same parts, in whatever order they come.
    """
    parts: list[list[Entry]] = [[] for _ in range(n_parts)]
    weights = [(0, n) for n in range(len(parts))]
    for entry in sorted(files, key=lambda e: (-e.size_bytes, e.path)):
        weight, lightest = weights[0]
        parts[lightest].append(entry)
        heapq.heapreplace(weights, (weight + entry.size_bytes, lightest))
    return [sorted(part) for part in parts]


def _is_hidden(path: str) -> bool:
    return any(part.startswith((".", "_")) for part in path.split("/"))


def refuse_odd_files(storage: Storage, path: str) -> None:
    """A link may lead anywhere, and opening a pipe would wait for ever; a bucket has neither."""
    if not isinstance(storage, LocalStorage):
        return
    root = Path(os.path.realpath(storage.root))
    target = Path(os.path.realpath(storage.root / path))  # of a circle it is a link again, on every Python
    if not target.is_relative_to(root):
        raise UnreadableError(Reject.OUTSIDE_LANDING, "a link that leads out of the landing zone")
    try:
        kind = target.lstat().st_mode
    except FileNotFoundError:
        if not (storage.root / path).is_symlink():  # a file that went since it was listed
            raise
        kind = stat.S_IFLNK
    if stat.S_ISLNK(kind):
        raise UnreadableError(Reject.UNREADABLE, "a link that leads nowhere")
    if not stat.S_ISREG(kind):
        raise UnreadableError(Reject.UNREADABLE, "not a regular file")
