"""The files in which a harvest keeps what was fetched: written on this machine record by record, put into the landing zone whole.

A run that is killed leaves its files open here; the next one puts what is whole of them into the landing zone, on the day of fetching.
A file in the landing zone is never written again.
"""

import itertools
import shutil
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

from pipeline.harvest import archive
from pipeline.harvest.archive import Exchange, file_name
from pipeline.harvest.client import Reply
from pipeline.harvest.pages import Page
from pipeline.harvest.sources import Source
from pipeline.harvest.visit import Visit
from pipeline.model.days import folder_of
from pipeline.model.errors import OvertakenError
from pipeline.model.harvested import MEDIA_TYPE, PAGE, Harvested, read_harvested
from pipeline.store.storage import ABSENT, Storage

_STEP_BYTES = 1 << 16


class WarcFiles:
    """One open file an outlet and hour, each in `spool` until it is whole."""

    def __init__(
        self,
        landing: Storage,
        spool: Path,
        software: str,
        user_agent: str,
        max_bytes: int = archive.MAX_FILE_BYTES,
    ) -> None:
        self._landing, self._spool, self._max_bytes = landing, spool, max_bytes
        self._said = software, user_agent
        self._open: dict[str, BinaryIO] = {}
        self.published: list[str] = []
        self.recovered: set[str] = set()

    def recover(self, today: date) -> None:
        """Put into the landing zone what a run that was killed has left open; `recovered` are the pages in it, as they were asked.

        What it fetched before midnight goes to today: the day before may have been run since, and no past day is written to.
        """
        for path in sorted(self._spool.glob("*.open")):
            n_whole, pages = _whole(path)
            self.recovered |= pages
            with path.open("r+b") as torn:
                torn.truncate(n_whole)
            self._publish(path, today)

    def write(self, visit: Visit, page: Page | None, source: Source, kind: str) -> None:
        """Record the last answer of a visit with what is known of it; from then on it outlives this process."""
        reply = visit.final
        sink = self._sink(reply.fetched_at, source.outlet)
        _append(sink, archive.records_of(_exchange(reply), _known(page, source, kind, visit)))

    def close(self) -> None:
        """Put all files into the landing zone."""
        for stem in list(self._open):
            self._close(stem)

    def _sink(self, at: datetime, outlet: str) -> BinaryIO:
        """The file for an outlet and an hour; those of the outlet's earlier hours, and one that is full, are put into the landing zone."""
        name = file_name(at, outlet, 0)
        stem, own = _stem(name), _outlet_part(name)
        for other, sink in list(self._open.items()):
            is_past = other != stem and _outlet_part(other) == own
            if is_past or (other == stem and sink.tell() >= self._max_bytes):
                self._close(other)
        if stem not in self._open:
            self._spool.mkdir(parents=True, exist_ok=True)
            sink = (self._spool / f"{stem}.open").open("wb", buffering=0)
            _append(sink, archive.opening(name, at, *self._said))
            self._open[stem] = sink
        return self._open[stem]

    def _close(self, stem: str) -> None:
        # Before it is forgotten: where that fails, it is tried again, and no new file begins in its place.
        self._publish(self._spool / f"{stem}.open")
        self._open.pop(stem).close()

    def _publish(self, path: Path, today: date | None = None) -> None:
        """Under the first number that is free, or where these bytes stand already; then the file here goes."""
        day, _, rest = path.name.removesuffix(".open").partition("~")
        base = f"{folder_of(today) if today else day}/{rest}"
        for number in itertools.count():
            name = f"{base}-{number}.warc.gz"
            if self._is_put(name, path):
                self.published.append(name)
                path.unlink()
                return

    def _is_put(self, name: str, path: Path) -> bool:
        if self._landing.version(name) == ABSENT:
            try:
                self._landing.replace(name, _copy_of(path), ABSENT)
            except OvertakenError:
                return False
            return True
        return self._landing.read(name) == path.read_bytes()


def _append(sink: BinaryIO, data: bytes) -> None:
    """Add all of it to a file without a buffer, which may take less at a time; where it can't, the file is as it was."""
    begun, left = sink.tell(), memoryview(data)
    try:
        while left:
            left = left[sink.write(left) :]
    except OSError:
        sink.truncate(begun)  # else nothing that follows could be read
        sink.seek(begun)
        raise


def _stem(name: str) -> str:
    """The name of an open file: day, hour and outlet of the file that it becomes."""
    return name.rpartition("-")[0].replace("/", "~")


def _outlet_part(name: str) -> str:
    return name.removesuffix("-0.warc.gz").rpartition("-")[2]


def _copy_of(path: Path) -> Callable[[BinaryIO], None]:
    def fill(sink: BinaryIO) -> None:
        with path.open("rb") as source:
            shutil.copyfileobj(source, sink)

    return fill


def _exchange(reply: Reply) -> Exchange:
    return Exchange(
        reply.target.address,
        reply.target.path,
        reply.sent,
        reply.version,
        reply.status,
        reply.reason,
        reply.headers,
        reply.payload,
        reply.fetched_at,
        reply.number,
    )


def _known(page: Page | None, source: Source, kind: str, visit: Visit) -> Harvested:
    """What is known of an answer: of a page what its listing says, of a listing whose it is."""
    whose = Harvested(kind, source.outlet, source.owner, source.country, source.language)
    if page is None:
        return replace(whose, listed_as=visit.replies[0].target.address)
    return replace(
        whose,
        kind=PAGE,
        listing=page.seen_in[0] if page.seen_in else None,
        listed_as=page.url,
        title=page.title,
        published_at=page.published_at,
        precision=page.precision,
        date_raw=page.date_raw,
        modified_at=page.modified_at,
        guid=page.guid,
        flags=page.flags,
        revision_of=page.revision_of,
        discovered_at=page.discovered_at,
    )


def _whole(path: Path) -> tuple[int, set[str]]:
    """How many bytes of a file are whole members, and the addresses of the pages of which it has the response."""
    n_whole, pages, last = 0, set[str](), None
    for end, head in _members(path):
        n_whole = end
        if MEDIA_TYPE.encode() in head:
            last = _page_of(head)
        elif b"WARC-Type: response" in head and last is not None:
            pages.add(last)
            last = None
    return n_whole, pages


def _page_of(record: bytes) -> str | None:
    block = record.partition(b"\r\n\r\n")[2]
    known = read_harvested(block.strip())
    return known.listed_as if known is not None and known.kind == PAGE else None


def _members(path: Path) -> Iterator[tuple[int, bytes]]:
    """Where each whole gzip member of a file ends, and its first bytes out of the coding."""
    at = 0
    with path.open("rb") as source:
        while True:
            source.seek(at)
            inflater, head = zlib.decompressobj(31), b""
            while not inflater.eof:
                piece = source.read(_STEP_BYTES)
                if not piece:
                    return
                try:
                    found = inflater.decompress(piece)
                except zlib.error:
                    return
                head += found[: max(0, _STEP_BYTES - len(head))]
                at += len(piece)
            at -= len(inflater.unused_data)
            yield at, head
