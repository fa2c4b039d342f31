"""The folder as a storage."""

import os
import threading
from pathlib import Path

import pytest

from pipeline.errors import PublishError
from pipeline.store.storage import ABSENT, LocalStorage


def put(storage: LocalStorage, path: str, data: bytes, expected: str | None = None) -> str:
    return storage.replace(path, lambda sink: sink.write(data) and None, expected)


def test_what_was_put_there_is_there(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)

    version = put(storage, "a/b.txt", b"hello")

    assert storage.read("a/b.txt") == b"hello"
    assert version == storage.version("a/b.txt")
    assert [e.path for e in storage.walk("a")] == ["a/b.txt"]


def test_nothing_is_left_beside(tmp_path: Path) -> None:
    """After a replacement the folder holds the file alone, and staging is empty, also when the writing fails."""
    storage = LocalStorage(tmp_path)
    put(storage, "t/day=1/part-0.parquet", b"one")

    with pytest.raises(RuntimeError):
        storage.replace("t/day=1/part-0.parquet", fail)

    assert [e.path for e in storage.walk("t")] == ["t/day=1/part-0.parquet"]
    assert list(storage.walk("_meta/staging")) == []
    assert storage.read("t/day=1/part-0.parquet") == b"one"


def fail(sink: object) -> None:
    raise RuntimeError("no")


def test_a_replacement_can_ask_for_what_it_replaces(tmp_path: Path) -> None:
    """Who expects a version that is gone is refused, and nothing is changed."""
    storage = LocalStorage(tmp_path)
    first = put(storage, "x", b"1", expected=ABSENT)
    put(storage, "x", b"2", expected=first)

    with pytest.raises(PublishError, match="x was replaced by somebody else"):
        put(storage, "x", b"3", expected=first)

    assert storage.read("x") == b"2"


def test_of_many_at_once_one_wins(tmp_path: Path) -> None:
    """Sixteen writers expect the same version: one replaces it, fifteen are told so."""
    storage = LocalStorage(tmp_path)
    version = put(storage, "x", b"start")
    lost = []

    def race(n: int) -> None:
        try:
            put(storage, "x", str(n).encode(), expected=version)
        except PublishError:
            lost.append(n)

    threads = [threading.Thread(target=race, args=(n,)) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(lost) == 15
    assert int(storage.read("x")) not in lost


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)

    with pytest.raises(PublishError, match="cannot write a"):
        put(LocalStorage(tmp_path), "a", b"1")


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    """A table's folder that is a file is a clear error."""
    (tmp_path / "stories").write_bytes(b"")

    with pytest.raises(PublishError, match="cannot write stories/day=1/x"):
        put(LocalStorage(tmp_path), "stories/day=1/x", b"1")


def test_a_folder_that_is_not_there_is_empty(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path / "nowhere")

    assert list(storage.walk("a")) == []
    assert storage.folders("") == []
    assert storage.version("a") == ABSENT
