"""`kill -9` at every step of a publication: readers see the old or the new, the next run completes it, the third changes nothing.

By default every few steps; NEWSFOLD_MATRIX=1 tries each of them, NEWSFOLD_MATRIX=4 with NEWSFOLD_MATRIX_FROM=1, 2, 3, 4 does it in four parts.
"""

import http.client
import itertools
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from pipeline.day import inputs, publish, run
from pipeline.day.desk import WorkDesk
from pipeline.day.result import Day
from pipeline.extract import batch
from pipeline.settings import load
from pipeline.store.layout import is_journal
from pipeline.store.local import LocalStorage
from pipeline.store.s3 import S3Storage
from pipeline.store.storage import Entry, Storage, filler
from pipeline.store.warehouse import Warehouse
from tests.s3server import ENVIRONMENT
from tests.world import DAYS, World, at_once, know_few_words

STRIDE = int(
    os.environ.get("NEWSFOLD_MATRIX", "67")
)  # a prime: over the tables, each kind of step has its turn
START = int(os.environ.get("NEWSFOLD_MATRIX_FROM", "1"))
LEASE_SECONDS = 0.6


class Place:
    """Where a warehouse is, how to put it back to what it was, and what its readers see."""

    def __init__(self, make: Callable[[], Storage]) -> None:
        self.make = make
        self._known: dict[tuple[str, str], bytes] = {}

    def desk(self, world: World) -> WorkDesk:
        chosen = load(landing=str(world.root / "landing"), **world.settings)
        return WorkDesk(LocalStorage(chosen.landing), Warehouse(self.make()), chosen, world.engine)

    def save(self) -> dict[str, bytes]:
        storage = self.make()
        return {e.path: self._read(storage, e) for e in storage.walk("")}

    def _read(self, storage: Storage, entry: Entry) -> bytes:
        key = entry.path, entry.version
        if key not in self._known:
            self._known[key] = storage.read(entry.path)
        return self._known[key]

    def restore(self, files: dict[str, bytes]) -> None:
        storage, have = self.make(), self.save()
        for path in have.keys() - files.keys():
            storage.delete(path)
        for path, data in files.items():
            if have.get(path) != data:
                storage.replace(path, filler(data))

    def seen(self) -> dict[str, bytes]:
        files = self.save().items()
        return {path: data for path, data in files if not path.startswith("_meta/") and not is_journal(path)}


LATER = [0, 14, 1, 2, 8, 9]  # copies, later captures and excerpts of what the day before has


@pytest.fixture(params=["local", pytest.param("s3", marks=pytest.mark.services)])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    if request.param == "local":
        yield Place(lambda: LocalStorage(tmp_path / "warehouse"))
        return
    server = request.getfixturevalue("server")
    for name, value in (ENVIRONMENT | {"AWS_ENDPOINT_URL": server.url}).items():
        monkeypatch.setenv(name, value)
    prefix = f"s3://news/{request.node.name.replace('[', '-').strip(']')}"
    yield Place(lambda: S3Storage(prefix, LEASE_SECONDS))


@pytest.mark.long
@pytest.mark.parametrize("kind", ["first", "again"])
def test_a_publication_that_is_killed_at_any_step_leaves_the_old_or_the_new(
    place: Place,
    kind: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(batch, "guard", at_once)
    know_few_words(monkeypatch)
    world = World(tmp_path / "world")
    before, old, new = _prepared(place, world, again=kind == "again")
    n_killed, sizes = 0, set()
    place.restore(before)
    made = run.cluster_day(place.desk(world), DAYS[1])
    for n in itertools.count(START, STRIDE):
        place.restore(before)
        made.expected = place.desk(world).warehouse.versions(
            inputs.OWN, DAYS[1]
        )  # as of a run that began now
        if not _killed_at(n, place, world, made):
            break
        n_killed += 1
        seen = place.seen()
        for path in seen.keys() | old.keys():
            assert seen.get(path) in (old.get(path), new.get(path)), (
                f"step {n}: {path} is neither old nor new"
            )
        sizes.add(sum(seen.get(path) != old.get(path) for path in new))
        _run_the_day_after(place, world)
        run.run_day(place.desk(world), DAYS[1])
        assert new == place.seen(), f"step {n}: the next run did not complete the day"
        assert run.run_day(place.desk(world), DAYS[1]).changed == (), (
            f"step {n}: the third run changed something"
        )
    with capsys.disabled():
        name = type(place.make()).__name__
        print(
            f"\nkill matrix: {name}, {kind} publication: {n_killed} of {n_killed} steps pass (every {STRIDE}. from {START})",
            end=" ",
        )

    assert n_killed > 3
    assert len(sizes) > 1


def _run_the_day_after(place: Place, world: World) -> None:
    """A day can be run beside one that is half published; it counts its documents, and is taken back."""
    half = place.save()
    row = run.run_day(place.desk(world), DAYS[2]).row
    assert len(LATER) == row["n_raw"]
    place.restore(half)


def _prepared(
    place: Place, world: World, *, again: bool
) -> tuple[dict[str, bytes], dict[str, bytes], dict[str, bytes]]:
    """A warehouse before the publication; what readers see of it; and what they are to see afterwards."""
    world.put(DAYS[0], "a.jsonl", [0, 5])
    world.put(DAYS[1], "a.jsonl", [1, 8])
    world.put(DAYS[2], "a.jsonl", LATER)
    run.run_day(place.desk(world), DAYS[0])
    if again:
        run.run_day(place.desk(world), DAYS[1])
        world.put(DAYS[1], "b.jsonl", [2, 6, 10, 14])
    before, old = place.save(), place.seen()
    run.run_day(place.desk(world), DAYS[1])
    new = place.seen()
    assert old != new
    return before, old, new


def _killed_at(n: int, place: Place, world: World, made: Day) -> bool:
    """Publish in a process of its own that is killed at its n-th step; returns whether there were so many."""
    child = os.fork()
    if child == 0:
        try:
            _count_down(n)
            publish.publish_day(place.desk(world), made)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert status in {0, signal.SIGKILL}
    return status == signal.SIGKILL


def _count_down(n: int) -> None:
    """Have this process killed at the n-th of: a write, a sync, a rename, a request, each before, in the middle, and after."""
    left = n

    def step() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(owner: Any, name: str) -> None:
        real = getattr(owner, name)

        def stepping(*arguments: Any, **named: Any) -> Any:
            step()
            result = real(*arguments, **named)
            step()
            return result

        setattr(owner, name, stepping)

    def halved(connection: Any, data: Any) -> None:
        step()
        whole = data if isinstance(data, bytes) else bytes(data)
        send(connection, whole[: len(whole) // 2])
        step()
        send(connection, whole[len(whole) // 2 :])
        step()

    around(os, "fsync")
    around(Path, "replace")
    around(LocalStorage, "replace")
    around(S3Storage, "replace")
    send = http.client.HTTPConnection.send
    http.client.HTTPConnection.send = halved  # type: ignore[method-assign]
    real_replace = LocalStorage.replace

    def counted(storage: LocalStorage, path: str, fill: Any, expected: str | None = None) -> str:
        return real_replace(storage, path, lambda sink: fill(_Sink(sink, step)), expected)

    LocalStorage.replace = counted  # type: ignore[method-assign]


class _Sink:
    """A file that counts what is written to it."""

    def __init__(self, sink: BinaryIO, step: Callable[[], None]) -> None:
        self._sink, self._step = sink, step

    def write(self, data: Any) -> int:
        half = len(memoryview(data)) // 2
        self._sink.write(memoryview(data)[:half])
        self._sink.flush()
        self._step()
        return half + self._sink.write(memoryview(data)[half:])

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sink, name)
