"""What every storage promises, a folder and a bucket."""

import itertools
import logging
import os
import pickle
import signal
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline.model.errors import InputChangedError, PublishError
from pipeline.store import lease
from pipeline.store.local import LocalStorage
from pipeline.store.s3 import S3Storage
from pipeline.store.storage import ABSENT, Storage, filler
from tests.s3server import ENVIRONMENT

PATIENT = 3_600.0  # seconds of a lease that nobody takes over, however slowly its holder goes on


@pytest.fixture(params=["local", pytest.param("s3", marks=pytest.mark.services)])
def storage(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Storage:
    if request.param == "local":
        return LocalStorage(tmp_path)
    server = request.getfixturevalue("server")
    for name, value in (ENVIRONMENT | {"AWS_ENDPOINT_URL": server.url}).items():
        monkeypatch.setenv(name, value)
    return S3Storage(f"s3://news/{request.node.name.split('[')[0]}", lease_seconds=PATIENT)


def put(storage: Storage, path: str, data: bytes, expected: str | None = None) -> str:
    return storage.replace(path, filler(data), expected)


def test_what_was_put_there_is_there(storage: Storage) -> None:
    version = put(storage, "a/b.txt", b"hello")

    assert storage.read("a/b.txt") == b"hello"
    assert version == storage.version("a/b.txt")
    assert [("a/b.txt", 5, version)] == [(e.path, e.size_bytes, e.version) for e in storage.walk("a")]


def test_the_versions_of_many_are_those_of_each(storage: Storage) -> None:
    """Few are asked for one by one, and many at once; none stands where another one does."""
    paths = [f"t/day={n}/x" for n in range(9)]
    for path in (*paths[:6], "t/day=7/y", "t/day=8/x/z"):
        put(storage, path, path.encode())

    for asked in ([], paths[:1], paths[5:8], paths):
        assert {path: storage.version(path) for path in asked} == storage.versions(asked)


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


class Heard(logging.Handler):
    """Notices that somebody waits for a lock."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = threading.Event()

    def emit(self, record: logging.LogRecord) -> None:
        if record.getMessage().startswith("waiting for"):
            self.waiting.set()


def test_a_lock_keeps_others_out_and_they_say_so(storage: Storage, caplog: pytest.LogCaptureFixture) -> None:
    """Of many who add one to a number under a lock, none is lost; who waits names the lock and its holder."""
    put(storage, "n", b"0")
    heard = Heard()

    def add() -> None:
        with storage.lock("run/day"):
            n = int(storage.read("n"))
            heard.waiting.wait(120)  # the first of them holds the lock until another one waits
            put(storage, "n", str(n + 1).encode())

    threads = [threading.Thread(target=add) for _ in range(4)]
    logging.getLogger("pipeline.store").addHandler(heard)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        logging.getLogger("pipeline.store").removeHandler(heard)

    assert storage.read("n") == b"4"
    assert f"process {os.getpid()} on" in caplog.text


def test_a_lock_goes_with_its_holder(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process that holds it is killed: the next one gets it, in a bucket when the lease has run out."""
    ready, tell = os.pipe()
    child = os.fork()
    if child == 0:
        with pickle.loads(pickle.dumps(storage)).lock("run/day"):  # noqa: S301 - our own
            os.write(tell, b"held")
            signal.pause()
        os._exit(0)
    os.read(ready, 4)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    hours = itertools.count(step=PATIENT)
    monkeypatch.setattr(lease, "time", SimpleNamespace(monotonic=lambda: next(hours), sleep=lambda _: None))
    is_next = threading.Event()

    def take() -> None:
        with storage.lock("run/day"):
            is_next.set()

    threading.Thread(target=take, daemon=True).start()

    assert is_next.wait(120)


def test_a_folder_that_is_not_there_is_empty(storage: Storage) -> None:
    assert list(storage.walk("nowhere")) == []
    assert storage.folders("nowhere") == []
    assert storage.version("nowhere/x") == ABSENT
    with pytest.raises(FileNotFoundError):
        storage.open("nowhere/x")
