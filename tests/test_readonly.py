"""A store that is only read: everything is there, and nothing can be changed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.model.errors import PublishError
from pipeline.store.local import LocalStorage
from pipeline.store.readonly import ReadOnly
from pipeline.store.storage import filler


@pytest.fixture
def storage(tmp_path: Path) -> LocalStorage:
    made = LocalStorage(tmp_path / "store")
    made.replace("a/b.txt", filler(b"said"))
    return made


def test_what_is_there_is_read_as_from_the_storage_itself(storage: LocalStorage) -> None:
    read = ReadOnly(storage)

    assert list(storage.walk("a")) == list(read.walk("a"))
    assert storage.folders("") == read.folders("")
    assert storage.versions(["a/b.txt", "a/c"]) == read.versions(["a/b.txt", "a/c"])
    assert b"said" == read.read("a/b.txt") == read.open("a/b.txt", read.version("a/b.txt")).read()
    assert storage.uri == read.uri


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s.replace("a/b.txt", filler(b"other")),
        lambda s: s.delete("a/b.txt"),
        lambda s: s.lock("a"),
        lambda s: s.leftovers(0),
    ],
)
def test_nothing_can_be_changed(storage: LocalStorage, change: Callable[[ReadOnly], object]) -> None:
    with pytest.raises(PublishError, match="read only"):
        change(ReadOnly(storage))
    assert b"said" == storage.read("a/b.txt")
