"""A small model world: a landing zone of few short texts, and a folder as storage that can be made to fail at any step."""

import errno
import io
import json
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pytest

from pipeline.day import publish, read_apart, reuse
from pipeline.day.desk import WorkDesk
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.extract import batch as extracting
from pipeline.settings import load
from pipeline.store.local import LocalStorage
from pipeline.store.storage import Entry
from pipeline.store.warehouse import Warehouse
from pipeline.stories import rarity

FIRST = date(2026, 3, 5)
N_DAYS = 5
DAYS = [FIRST + timedelta(n) for n in range(N_DAYS)]
AFTER_A_GAP = FIRST + timedelta(30)  # outside every window of the others
TODAY = AFTER_A_GAP + timedelta(1)
NOT_OVER = [TODAY, date(2062, 3, 5)]  # one that is still delivered, and a slip

_FLOOD = (
    "The river Lenne burst its banks near Altena after two days of rain and cut off four hundred homes.",
    "Firefighters used boats to reach a retirement home where sixty people had moved to the upper floor.",
    "The district council opened a sports hall as a shelter and asked people to stay away from the dyke.",
    "Engineers said the Biggetal reservoir was full and that they would have to let water out before night.",
    "Rail traffic between Hagen and Siegen stopped because a bridge pier had been undercut by the current.",
)
_MERGER = (
    "Shareholders of Norrland Timber approved the sale of the company to Baltic Pulp for billions of kronor.",
    "The combined group will own eleven sawmills and employ nine thousand people in Sweden and Estonia.",
    "Chief executive Maja Lindqvist said no mill would close before 2029 and that the name would be kept.",
    "A rival bid from the Finnish firm Karhu Paper had been withdrawn on Monday after its lenders refused.",
)
_COMET = (
    "Astronomers in Chile pointed the Vera telescope at a comet that leaves the solar system and found water.",
    "The object passed within forty million kilometres of Jupiter in January, the observatory reported.",
    "Its tail holds more carbon monoxide than that of any comet measured before, said Ines Carrasco.",
)
_SITE_LINE = "Read our newsletter every morning before breakfast for free"


def _text(*sentences: str, furniture: bool = True) -> str:
    return "\n".join([*sentences, *([_SITE_LINE] if furniture else [])])


def _document(text: str, title: str, **more: Any) -> dict[str, Any]:
    return {"text": text, "title": title, "outlet": "The Altena Post", **more}


# Originals, copies with edits, excerpts, reports of the same event by others, a reject; then pages that were fetched again: later
# versions, a part, the same under another headline or slug, and an address that was used again.
POOL: list[dict[str, Any]] = [
    _document(_text(*_FLOOD), "River Lenne floods Altena", url="https://post.example/flood"),
    _document(
        _text(*_FLOOD), "River Lenne floods Altena", url="https://herald.example/flood", outlet="Herald"
    ),
    _document(_text(*_FLOOD[:4]), "Flood in Altena", url="https://echo.example/flood", outlet="Echo"),
    _document(_text(*reversed(_FLOOD)), "Altena under water", url="https://post.example/flood-2"),
    _document(_text(_FLOOD[1], _FLOOD[3]), "Lenne: boats reach retirement home in Altena"),
    _document(_text(*_MERGER), "Baltic Pulp buys Norrland Timber", url="https://post.example/merger"),
    _document(_text(*_MERGER, _COMET[1]), "Norrland Timber sold", outlet="Echo"),
    _document(_text(_MERGER[2], _MERGER[3]), "Karhu Paper loses Norrland Timber", outlet=None),
    _document(_text(*_COMET, furniture=False), "Water found on comet", published_at="2026-03-05T08:00:00Z"),
    _document(
        _text(*_COMET, _FLOOD[0]), "Vera telescope finds water on a comet", url="https://post.example/comet"
    ),
    _document("too short", "Nothing"),
    {"url": "https://post.example/broken"},
    _document(
        "Pensioners in Altena spent Tuesday night in a gymnasium after the Lenne had flooded their home.\n"
        "The Biggetal reservoir will be opened tonight, and commuters to Siegen should expect no trains this week.",
        "Altena after the River Lenne floods",
        outlet="Courier",
    ),
    _document(
        "Trade unions in Sweden asked Baltic Pulp to promise in writing what Maja Lindqvist said about the sawmills.\n"
        "Norrland Timber has cut wood on the river since 1871; Karhu Paper did not wish to comment on Wednesday.",
        "Unions want word from Baltic Pulp on Norrland Timber",
        outlet="Courier",
    ),
    _document(
        _text(
            "The river Lenne burst its banks near Altena after two days of rain and cut off nine hundred homes.",
            *_FLOOD[1:],
        ),
        "River Lenne floods nine hundred homes",
        url="https://post.example/flood",
        fetched_at="2026-03-05T12:00:00Z",
    ),
    _document(
        _text(*_FLOOD[1:], _MERGER[0], "An earlier version of this article misstated the number of homes."),
        "River Lenne floods Altena",
        url="https://post.example/flood",
    ),
    _document(_text(*_FLOOD[:2]), "River Lenne floods Altena", url="https://post.example/flood"),
    _document(_text(*_FLOOD), "Altena is flooded", url="https://post.example/flood?utm_source=feed"),
    _document(_text(*_COMET), "Water found on comet", url="https://post.example/flood"),
    _document(
        _text(*_MERGER), "Baltic Pulp buys Norrland", url="https://echo.example/baltic-pulp-buys-471123"
    ),
    _document(
        _text(*_MERGER[:2], _FLOOD[4], *_MERGER[2:]),
        "Baltic Pulp pays billions",
        url="https://echo.example/pulp-pays-471123",
        fetched_at="2026-03-05T18:00:00Z",
    ),
]
WORDS = set(re.findall(r"[\w']+", json.dumps(POOL).casefold()))


class Killed(BaseException):
    """The process is gone: nothing catches this."""


class Stage(LocalStorage):
    """A folder that counts what is asked of it and, before the n-th time, calls `at`.

    What threads beside it ask is not counted: it has no order, and the run would go on while `at` looks around.
    """

    def __init__(self, root: str | Path, n: int = 0, at: Callable[[], None] | None = None) -> None:
        super().__init__(root)
        self.left, self.at = n, at
        self._is_swapping = self._is_due = False
        self._runs_in = threading.get_ident()
        self.blocked = threading.Event()

    def tick(self) -> None:
        if threading.get_ident() != self._runs_in:
            return
        self.left -= 1
        if self.left == 0 and self.at:
            if self._is_swapping:
                self._is_due = True  # whatever `at` writes may want the lock that is held
            else:
                self.at()

    def walk(self, folder: str) -> Iterator[Entry]:
        self.tick()
        return super().walk(folder)

    def version(self, path: str) -> str:
        self.tick()
        return super().version(path)

    def open(self, path: str, version: str | None = None) -> BinaryIO:
        self.tick()
        return super().open(path, version)

    def read(self, path: str) -> bytes:
        self.tick()
        return super().read(path)

    def replace(self, path: str, fill: Callable[[BinaryIO], None], expected: str | None = None) -> str:
        self.tick()
        version = super().replace(path, fill, expected)
        self.tick()  # done, and nobody was told
        return version

    def _swap(self, staged: Path, path: str, expected: str | None) -> str:
        self._is_swapping = True
        try:
            return super()._swap(staged, path, expected)
        finally:
            self._is_swapping = False
            if self._is_due and self.at:
                self._is_due = False
                self.at()

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        self.blocked.set()  # perhaps; whoever waits for this storage need not wait longer
        with super().lock(name):
            self.blocked.clear()
            yield


class Disk(LocalStorage):
    """A landing zone that fails to give some files, so many more times: when they are opened, or after some bytes.

    `faults` has, by path, how many more times and after how many bytes.
    """

    def __init__(self, root: str | Path, faults: dict[str, tuple[int, int]] | None = None) -> None:
        super().__init__(root)
        self.faults = {} if faults is None else faults

    def open(self, path: str, version: str | None = None) -> BinaryIO:
        handle = super().open(path, version)
        n_left, after = self.faults.get(path, (0, 0))
        if not n_left:
            return handle
        self.faults[path] = n_left - 1, after
        error = OSError(errno.EIO, "Input/output error", path)
        if not after:
            handle.close()
            raise error
        return io.BufferedReader(Breaking(handle, after, error))


class Breaking(io.RawIOBase):
    """A stream that gives so many bytes of another and then fails or, without an error, says that this was all."""

    def __init__(self, stream: BinaryIO, after: int, error: Exception | None) -> None:
        self._stream, self._after, self._error = stream, after, error

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def readinto(self, buffer: Any) -> int:
        n_left = max(0, self._after - self._stream.tell())
        if not n_left and self._error:
            raise self._error
        piece = self._stream.read(min(n_left, len(buffer)))
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        self._stream.close()
        super().close()


def be_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parse without child processes, know few words, trust the machine not to lose power, and do with few rows what is done with many."""
    for module in (extracting, read_apart):
        monkeypatch.setattr(module, "guard", at_once)
    monkeypatch.setattr(os, "fsync", lambda _: None)
    know_few_words(monkeypatch)
    be_large(monkeypatch)


def be_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let tables of a few rows be treated as those of a large day: their files are made ahead, and they are read in pieces."""
    monkeypatch.setattr(publish, "LEAST_BYTES", 1)
    monkeypatch.setattr(reuse, "PIECE_ROWS", 2)


def know_few_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep of the list of frequent words those that occur in this world: finding a word among 300,000 costs more than a day's run."""
    listed, rarities = rarity.frequency_list("en")
    ours = np.array([word in WORDS for word in listed.to_pylist()])
    monkeypatch.setattr(rarity, "frequency_list", lambda _: (listed.filter(pa.array(ours)), rarities[ours]))


class CallingEngine(EmbeddedEngine):
    """The embedded engine in the calling thread: a fault in a stage is where it is, and no thread has to start."""

    def __init__(self) -> None:
        super().__init__(1)

    def _in_threads(self, stage: Any, pieces: Iterator[pa.Table], out: Any) -> Iterator[pa.Table]:
        return (out.conform(stage(piece)) for piece in pieces)


def at_once(function: str, _limits: Any) -> Any:
    """In place of `guard`: run the function here, without a child process."""
    module, _, name = function.partition(":")

    class Here:
        def run(self, table: pa.Table, **arguments: Any) -> list[Any]:
            from importlib import import_module

            return [getattr(import_module(module), name)(row, **arguments) for row in table.to_pylist()]

    return Here()


class World:
    """A landing zone and a warehouse on disk, and the settings of the moment."""

    def __init__(self, root: Path) -> None:
        self.root, self.landing = root, "landing"
        shutil.rmtree(root, ignore_errors=True)
        (root / "landing").mkdir(parents=True)
        self.settings: dict[str, Any] = {"window_days": 2, "min_words": 4}
        self.engine = CallingEngine()
        self.faults: dict[str, tuple[int, int]] = {}

    def desk(
        self,
        n: int = 0,
        at: Callable[[], None] | None = None,
        warehouse: str = "warehouse",
        landing: str | None = None,
    ) -> WorkDesk:
        """A desk whose warehouse calls `at` before its n-th operation."""
        chosen = load(
            landing=str(self.root / (landing or self.landing)),
            warehouse=str(self.root / warehouse),
            **self.settings,
        )
        return WorkDesk(
            Disk(chosen.landing, self.faults), Warehouse(Stage(chosen.warehouse, n, at)), chosen, self.engine
        )

    def fail(self, day: date, name: str, n_times: int, after_bytes: int = 0) -> None:
        """The machine fails to give a file so many times, when it is opened or after so many bytes; there or not."""
        self.faults[f"day={day}/{name}"] = n_times, after_bytes

    def mend(self) -> None:
        """The machine is well again."""
        self.faults.clear()

    def put(self, day: date, name: str, documents: list[int], landing: str | None = None) -> None:
        folder = self.root / (landing or self.landing) / f"day={day}"
        folder.mkdir(parents=True, exist_ok=True)
        lines = [json.dumps(POOL[n]) for n in documents]
        beside = self.root / "beside"
        beside.write_text("\n".join(lines))
        beside.replace(folder / name)

    def grow(self, day: date, name: str, document: int) -> None:
        path = self.root / self.landing / f"day={day}" / name
        if path.exists():
            with path.open("a") as sink:
                sink.write("\n" + json.dumps(POOL[document]))

    def move(self) -> None:
        """The landing zone is elsewhere from now on, and nothing is where it was."""
        moved = {"landing": "moved"}.get(self.landing, "landing")
        (self.root / self.landing).rename(self.root / moved)
        self.landing = moved

    def remove(self, day: date, name: str) -> None:
        path = self.root / self.landing / f"day={day}" / name
        path.unlink(missing_ok=True)
        if path.parent.exists() and not any(path.parent.iterdir()):
            path.parent.rmdir()

    def empty(self, day: date, left: str) -> None:
        """Take a day's documents away, and leave its folder: with nothing, with a marker, a hidden file, a sub-folder, an empty file."""
        folder = self.root / self.landing / f"day={day}"
        if self.is_lost:
            return
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        if left == "folder/":
            (folder / left).mkdir()
        elif left:
            (folder / left).touch()

    @property
    def is_lost(self) -> bool:
        """Whether the landing zone is not there, or is an empty mount point."""
        return (self.root / "unmounted").exists()

    def lose_landing(self, mount_point: bool) -> None:
        if not self.is_lost:
            (self.root / self.landing).rename(self.root / "unmounted")
            if mount_point:
                (self.root / self.landing).mkdir()

    def find_landing(self) -> None:
        """Put it back; what was delivered into the empty mount point meanwhile is hidden, and never seen again."""
        if self.is_lost:
            shutil.rmtree(self.root / self.landing, ignore_errors=True)
            (self.root / "unmounted").rename(self.root / self.landing)
