"""A folder as a storage. A file is written beside, synced, and renamed: readers see the old or the new."""

import errno
import fcntl
import logging
import os
import socket
import stat
import time
import zlib
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO

from pipeline.model.errors import InputChangedError, OvertakenError, PublishError
from pipeline.store import layout
from pipeline.store.storage import ABSENT, Entry, Leftover

log = logging.getLogger(__name__)

_TRIES = 5  # of what `gc` may have cleared away meanwhile: an empty folder, a lock that nobody held
_SWAP_LOCKS = 64  # held for the instant of a rename; one for each path would leave as many files


class LocalStorage:
    """A folder. Replacing writes beside, syncs, renames, syncs the folder: after a crash the old or the new stands.

    What is being written stands in staging (`store.layout`), never where a reader of tables looks.
    """

    def __init__(self, root: str | Path) -> None:
        self.root = Path(root).absolute()  # a cluster's workers have another working directory
        self.uri = str(root)

    def walk(self, folder: str) -> Iterator[Entry]:
        top = self.root / folder
        for parent, _, names in os.walk(top, onerror=_unreadable):
            for name in names:
                path = Path(parent, name)
                with suppress(FileNotFoundError):  # it may go while we look
                    status = _status(path)
                    yield Entry(path.relative_to(self.root).as_posix(), status.st_size, _version(status))

    def folders(self, folder: str) -> list[str]:
        try:
            with os.scandir(self.root / folder) as found:
                return sorted(entry.name for entry in found if _is_folder(entry))
        except FileNotFoundError:
            return []
        except NotADirectoryError:
            if not folder:  # a file where there should be a root is a mistake
                raise
            return []

    def version(self, path: str) -> str:
        try:
            return _version(os.stat(f"{self.root}/{path}"))  # noqa: PTH116 - asked thousands of times by `status`
        except (FileNotFoundError, NotADirectoryError):
            return ABSENT
        except OSError as error:  # something stands there that can't be looked at: links in a circle, a folder without rights
            return f"errno {error.errno}"

    def versions(self, paths: Collection[str]) -> dict[str, str]:
        return {path: self.version(path) for path in paths}

    def open(self, path: str, version: str | None = None) -> BinaryIO:
        return self._open(path, version)

    def _open(self, path: str, version: str | None = None) -> BinaryIO:
        handle = open(self.root / path, "rb", opener=_open_at_once)  # noqa: SIM115 - the caller closes it
        status = os.fstat(handle.fileno())
        if not stat.S_ISREG(status.st_mode):
            handle.close()
            raise OSError(errno.ENXIO, "no file but a pipe or a device", path)
        if version is not None and _version(status) != version:
            handle.close()
            raise InputChangedError(f"{self.uri}: {path} was replaced while it was being read")
        return handle

    def read(self, path: str) -> bytes:
        try:
            with self._open(path) as handle:
                return handle.read()
        except NotADirectoryError as error:  # then it is not there either
            raise FileNotFoundError(f"{self.uri}: {path}") from error

    def replace(self, path: str, fill: Callable[[BinaryIO], None], expected: str | None = None) -> str:
        staged = self.root / layout.new_staged()
        try:
            self._make_folder(staged.parent)
            with staged.open("xb") as sink:
                fill(sink)
                sink.flush()
                os.fsync(sink.fileno())
            return self._swap(staged, path, expected)
        except OSError as error:
            raise PublishError(f"{self.uri}: cannot write {path}: {error.strerror or error}") from error
        finally:
            with suppress(OSError):
                staged.unlink(missing_ok=True)

    def _swap(self, staged: Path, path: str, expected: str | None) -> str:
        target = self.root / path
        self._make_folder(target.parent)
        with self._flock(f"swap-{zlib.crc32(path.encode()) % _SWAP_LOCKS}"):
            if expected is not None and self.version(path) != expected:
                raise OvertakenError(
                    f"{self.uri}: {path} was replaced by somebody else meanwhile; run it again"
                )
            if _is_real_folder(target):
                self._set_aside(target)
            self._rename(staged, target)
            _sync_folder(target.parent)
            return self.version(path)

    def _rename(self, staged: Path, target: Path) -> None:
        for _ in range(_TRIES - 1):
            with suppress(FileNotFoundError):  # `gc` took the folder, which was empty
                staged.replace(target)
                return
            self._make_folder(target.parent)
        staged.replace(target)

    def delete(self, path: str) -> None:
        target = self.root / path
        with suppress(NotADirectoryError):  # then it is not there either
            if _is_real_folder(target):
                self._set_aside(target)
            else:
                target.unlink(missing_ok=True)

    def _make_folder(self, folder: Path) -> None:
        """Make a folder so that it is still there after a crash of the machine."""
        if folder.is_dir():
            return
        self._make_folder(folder.parent)
        if folder != self.root and folder.is_file() and not folder.is_symlink():
            self._set_aside(folder)
        folder.mkdir(exist_ok=True)
        _sync_folder(folder.parent)

    def _set_aside(self, path: Path) -> None:
        """Move what stands in the way of a file or folder of ours: nobody but its owner can tell whether it may go."""
        aside = self.root / layout.new_set_aside(path.name)
        if aside.is_relative_to(path):
            raise NotADirectoryError(errno.ENOTDIR, "a folder belongs here", str(path))
        self._make_folder(aside.parent)
        path.rename(aside)
        log.warning("%s: %s is no file or folder of newsfold; it was moved to %s", self.uri, path, aside)

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        with self._flock(name) as handle:
            handle.truncate(0)
            handle.write(f"process {os.getpid()} on {socket.gethostname()}".encode())
            handle.flush()
            yield

    @contextmanager
    def _flock(self, name: str) -> Iterator[BinaryIO]:
        try:
            handle = self._opened_lock(name)
            while not _is_same(handle, self.root / layout.lock(name)):  # `gc` removed it before it was ours
                handle.close()
                handle = self._opened_lock(name)
        except OSError as error:
            raise PublishError(f"{self.uri}: cannot lock {name}: {error.strerror or error}") from error
        with handle:
            yield handle

    def _opened_lock(self, name: str) -> BinaryIO:
        """The file of a lock, locked. The kernel drops the lock with the process that holds it."""
        path = self.root / layout.lock(name)
        self._make_folder(path.parent)
        if _is_real_folder(path):
            self._set_aside(path)
        handle = path.open("a+b")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if "/" in name:
                log.warning("waiting for %s, which %s is writing", name, _holder(handle))
            fcntl.flock(handle, fcntl.LOCK_EX)
        return handle

    def leftovers(self, min_age_seconds: float) -> Iterator[Leftover]:
        before = time.time() - min_age_seconds
        for folder, remove in ((layout.STAGING, self._remove), (layout.LOCKS, self._remove_lock)):
            for entry in sorted(self.walk(folder)):
                path = self.root / entry.path
                is_swap = (
                    folder == layout.LOCKS and path.parent == self.root / folder
                )  # there are only so many
                with suppress(FileNotFoundError):
                    if path.stat().st_mtime <= before and not is_swap:
                        yield Leftover(entry.path, entry.size_bytes, partial(remove, path))

    def _remove(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        with suppress(OSError):  # the folder of a staged day goes with its last file
            if path.parent != self.root / layout.STAGING:
                path.parent.rmdir()

    def _remove_lock(self, path: Path) -> None:
        """Remove the file of a lock that nobody holds: whoever waits for it, or opened it before, sees that it went."""
        with suppress(OSError), open(path, "r+b", opener=_open_at_once) as handle:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_same(handle, path):
                path.unlink()

    def emptied(self, folder: str, min_age_seconds: float) -> Leftover | None:
        """The folder as a leftover, if nothing stands in it and nothing was written to it for so long."""
        path = self.root / folder
        with suppress(OSError):
            if path.stat().st_mtime <= time.time() - min_age_seconds and not any(path.iterdir()):
                return Leftover(f"empty folder {folder}", 0, partial(_remove_folder, path))
        return None


def _remove_folder(path: Path) -> None:
    with suppress(OSError):  # somebody writes there again, or it is gone
        path.rmdir()


def _is_same(handle: BinaryIO, path: Path) -> bool:
    """Whether an open file is the one that stands there."""
    try:
        return os.path.samestat(os.fstat(handle.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _unreadable(error: OSError) -> None:
    """A folder that cannot be listed must not look empty; only one that does not exist is."""
    if not isinstance(error, (FileNotFoundError, NotADirectoryError)):
        raise error


def _version(status: os.stat_result) -> str:
    return f"{status.st_size}-{status.st_mtime_ns}-{status.st_ino}"


def _status(path: Path) -> os.stat_result:
    """The status of what a link leads to, as `open` and `version` see it: it may change while the link stays. A dead link has its own."""
    try:
        return path.stat()
    except OSError:
        return path.stat(follow_symlinks=False)


def _holder(handle: BinaryIO) -> str:
    """Who holds a lock, as its file says: who has just got it writes that a moment later."""
    for _ in range(20):
        handle.seek(0)
        if said := handle.read():
            return said.decode(errors="replace")
        time.sleep(0.005)
    return "another process"


def _open_at_once(path: str, flags: int) -> int:
    """For `open`: a pipe would wait for its writer."""
    return os.open(path, flags | os.O_NONBLOCK)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # links in a circle
        return False


def _is_real_folder(path: Path) -> bool:
    """A folder, and no link to one: a link is replaced as it stands."""
    return path.is_dir() and not path.is_symlink()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
