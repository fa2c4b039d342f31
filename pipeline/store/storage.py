"""Where bytes live: one small interface over a folder and over an S3 bucket.

Paths are relative, with `/`. A version names the content that stands under a path now; a conditional write
replaces only that, a pinned read reads only that. Nothing here knows what the bytes mean.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import BinaryIO, Protocol

ABSENT = ""  # the version of a path under which nothing stands


@dataclass(frozen=True, order=True)
class Entry:
    """One file: its path relative to the storage, its size in bytes, and the version of its content."""

    path: str
    size_bytes: int
    version: str


@dataclass(frozen=True)
class Leftover:
    """What a killed writer has left behind, and how to remove it."""

    what: str
    size_bytes: int
    remove: Callable[[], None]


class Storage(Protocol):
    """A place for bytes."""

    uri: str

    def walk(self, folder: str) -> Iterator[Entry]:
        """Every file below `folder`, at any depth, in any order; none when it does not exist."""
        ...

    def folders(self, folder: str) -> list[str]:
        """The names of the folders right below `folder`, sorted."""
        ...

    def version(self, path: str) -> str:
        """The version of what stands there now, or ABSENT."""
        ...

    def versions(self, paths: Collection[str]) -> dict[str, str]:
        """The version of each of these paths, as `version` gives it; of many in one folder, a bucket tells a thousand in a request."""
        ...

    def open(self, path: str, version: str | None = None) -> BinaryIO:
        """A stream of the bytes; raises FileNotFoundError. With `version`, of that content, else InputChangedError."""
        ...

    def read(self, path: str) -> bytes:
        """All bytes; raises FileNotFoundError."""
        ...

    def replace(self, path: str, fill: Callable[[BinaryIO], None], expected: str | None = None) -> str:
        """Put what `fill` writes there at once: a reader sees the old or the new, never a part. Returns the new version.

        With `expected`, only if that version (ABSENT: nothing) stands there; else raises OvertakenError.
        """
        ...

    def delete(self, path: str) -> None:
        """Remove it; nothing happens when it is not there."""
        ...

    def lock(self, name: str) -> AbstractContextManager[None]:
        """Hold the lock `name` against every other holder; it goes with the process that holds it.

        A process that has to wait logs that it waits, and for which holder.
        """
        ...

    def leftovers(self, min_age_seconds: float) -> Iterator[Leftover]:
        """What killed writers have left behind, if it is at least so old."""
        ...


def filler(data: bytes) -> Callable[[BinaryIO], None]:
    """The `fill` for `replace` that writes these bytes."""

    def fill(sink: BinaryIO) -> None:
        sink.write(data)

    return fill
