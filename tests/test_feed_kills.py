"""`kill -9` at every write of whoever tells the feed of changes, on disk and in a bucket: nothing is left out, and it never leads the tables."""

import os
import signal
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.model.changes_table import Cause
from pipeline.model.tables import LINKS, MEMBERSHIPS
from pipeline.store import feed as feeds
from pipeline.store import layout
from pipeline.store.local import LocalStorage
from pipeline.store.s3 import S3Storage
from pipeline.store.storage import Storage
from pipeline.store.warehouse import Warehouse
from tests.consumer import Consumer, standing, tables
from tests.memberships import rows
from tests.s3server import ENVIRONMENT

DAY = date(2026, 3, 5)
LOCK = layout.run_lock(DAY)
LEASE_SECONDS = 0.3
Place = Callable[[int], Storage]  # a warehouse of its own for each kill


@pytest.fixture(params=["local", pytest.param("s3", marks=pytest.mark.services)])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    if request.param == "local":
        monkeypatch.setattr(os, "fsync", lambda _: None)
        return lambda n: LocalStorage(tmp_path / str(n))
    server = request.getfixturevalue("server")
    for name, value in (ENVIRONMENT | {"AWS_ENDPOINT_URL": server.url}).items():
        monkeypatch.setenv(name, value)
    return lambda n: S3Storage(f"s3://news/{tmp_path.name}/{n}", LEASE_SECONDS)


def _publish(storage: Storage, *names: str) -> None:
    """What a run publishes: two tables in one session, under the lock of the day."""
    warehouse = Warehouse(storage)
    with (
        storage.lock(LOCK),
        warehouse.teller.session(Cause.RUN, [("memberships", DAY), ("links", DAY)], LOCK),
    ):
        warehouse.publish(LINKS, DAY, LINKS.empty())
        warehouse.publish(MEMBERSHIPS, DAY, MEMBERSHIPS.table(rows(*names)))


def _begin_a_file(storage: Storage) -> None:
    """The feed's newest file is full, so this publication begins another."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(feeds, "RANGE_ROWS", 1)
        _publish(storage, *"bcdefghi")


def _tell_row_by_row(storage: Storage) -> None:
    _publish(storage, *"bcdefghi")


def _remove_a_table(storage: Storage) -> None:
    warehouse = Warehouse(storage)
    with storage.lock(LOCK), warehouse.teller.session(Cause.RETIREMENT, lock=LOCK):
        warehouse.remove(MEMBERSHIPS, DAY)


def _drop_what_is_old(storage: Storage) -> None:
    """What `gc` does with the feed: it clears a note that somebody left, and drops files that are too old."""
    teller = Warehouse(storage).teller
    for path in teller.left_behind(0):
        teller.clear(path)
    for first in teller.feed.outdated(teller.feed.clock() + 1):
        storage.delete(layout.changes(first))


@pytest.mark.parametrize("work", [_tell_row_by_row, _begin_a_file, _remove_a_table, _drop_what_is_old])
def test_a_kill_at_any_write_leaves_nothing_out_and_nothing_ahead(
    place: Place, work: Callable[[Storage], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who loaded the tables before follows to what stands, at once what is told and in the end everything, without loading again."""
    for n in range(1, 200):
        storage = place(n)
        _publish(storage, *"abcdefgh")
        with monkeypatch.context() as patch:  # two files, so that one can be dropped
            patch.setattr(feeds, "RANGE_ROWS", 1)
            _publish(storage, *"abcdefghx")
        if work is _drop_what_is_old:
            assert _killed(3 if n % 2 else 7, storage, _tell_row_by_row), "which leaves a note"
        consumer = Consumer(storage.uri)
        consumer.catch_up()
        before = dict(consumer.have)
        was_killed = _killed(n, storage, work)
        consumer.catch_up()
        _refuse_what_leads(storage, consumer, before)
        work(storage)
        _drop_what_is_old(storage)
        consumer.catch_up()

        assert tables(storage.uri) == consumer.have, f"step {n}"
        assert 1 == consumer.n_loads, f"step {n}"
        assert [] == list(storage.walk(layout.CHANGES_PENDING)), f"step {n}"
        _refuse_one_number_twice(storage)
        if not was_killed:
            assert n > 4
            return
    pytest.fail("it has no end")


def _refuse_what_leads(storage: Storage, consumer: Consumer, before: dict[Any, Any]) -> None:
    """Each partition is what it was, or what stands: what is told stands."""
    store = Warehouse(storage)
    for table, day in [(c.name, DAY) for c in (MEMBERSHIPS, LINKS)]:
        have = consumer.have.get((table, day), {})
        assert have in (before.get((table, day), {}), standing(store, table, day))


def _refuse_one_number_twice(storage: Storage) -> None:
    feed = Warehouse(storage).teller.feed
    parts = [feed.read_range(first).rows for first in feed.firsts()]
    told = [(row["publication"], row["key"]) for part in parts for row in part.to_pylist()]
    assert sorted(set(told)) == told


def _killed(n: int, storage: Storage, work: Callable[[Storage], None]) -> bool:
    """Do it in a process of its own that is killed at its n-th step; whether there were so many."""
    child = os.fork()
    if child == 0:
        try:
            _count_down(n, type(storage))
            work(S3Storage(storage.uri, LEASE_SECONDS) if isinstance(storage, S3Storage) else storage)
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert status in {0, signal.SIGKILL}
    return status == signal.SIGKILL


def _count_down(n: int, kind: type[Any]) -> None:
    """Have this process killed at the n-th of: a file is replaced or removed, before and after. Locks do not count."""
    left = n

    def around(name: str) -> None:
        real = getattr(kind, name)

        def stepping(storage: Any, path: str, *arguments: Any, **named: Any) -> Any:
            is_lock = path.startswith(layout.LOCKS)
            _ = is_lock or step()
            result = real(storage, path, *arguments, **named)
            _ = is_lock or step()
            return result

        setattr(kind, name, stepping)

    def step() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    around("replace")
    around("delete")
