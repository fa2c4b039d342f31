"""A store that is only read: for programs that look at a warehouse and must never change it."""

from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager
from typing import BinaryIO

from pipeline.model.errors import PublishError
from pipeline.store.storage import Entry, Leftover, Storage


class ReadOnly:
    """Another storage, of which nothing is replaced, removed or held: whoever tries gets a PublishError."""

    def __init__(self, storage: Storage) -> None:
        self._storage, self.uri = storage, storage.uri

    def walk(self, folder: str) -> Iterator[Entry]:
        return self._storage.walk(folder)

    def folders(self, folder: str) -> list[str]:
        return self._storage.folders(folder)

    def version(self, path: str) -> str:
        return self._storage.version(path)

    def versions(self, paths: Collection[str]) -> dict[str, str]:
        return self._storage.versions(paths)

    def open(self, path: str, version: str | None = None) -> BinaryIO:
        return self._storage.open(path, version)

    def read(self, path: str) -> bytes:
        return self._storage.read(path)

    def replace(self, path: str, fill: Callable[[BinaryIO], None], expected: str | None = None) -> str:  # noqa: ARG002 - as Storage has it
        raise self._refused(path)

    def delete(self, path: str) -> None:
        raise self._refused(path)

    def lock(self, name: str) -> AbstractContextManager[None]:
        raise self._refused(name)

    def leftovers(self, min_age_seconds: float) -> Iterator[Leftover]:  # noqa: ARG002 - as Storage has it
        raise self._refused("leftovers")

    def _refused(self, path: str) -> PublishError:
        return PublishError(f"{self.uri}: {path} was opened to be read only")
