"""The feed of changes as publishers tell it: whoever reads it has the tables, whoever was killed when."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline import read
from pipeline.day import inputs
from pipeline.model.changes_table import CHANGES, Cause
from pipeline.model.errors import PublishError
from pipeline.model.tables import LINKS, MEMBERSHIPS
from pipeline.store import layout
from pipeline.store.local import LocalStorage
from pipeline.store.storage import filler
from pipeline.store.warehouse import Warehouse
from tests.consumer import Consumer, tables
from tests.memberships import rows
from tests.world import Killed, Stage

DAY, NEXT = date(2026, 3, 5), date(2026, 3, 6)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "warehouse"


def _publish(root: Path, *names: str, day: date = DAY, **more: Any) -> None:
    warehouse = Warehouse(LocalStorage(root))
    warehouse.publish(MEMBERSHIPS, day, MEMBERSHIPS.table([{**row, **more} for row in rows(*names)]))


def _told(root: Path, since: int = 1) -> list[tuple[str, str, str]]:
    """The table, key and op of each row of the feed, in order, after a number."""
    feed = Warehouse(LocalStorage(root)).teller.feed
    parts = [feed.read_range(first).rows for first in feed.firsts()]
    return [(r["table"], r["key"], r["op"]) for p in parts for r in p.to_pylist() if r["publication"] > since]


def test_a_partition_that_is_new_is_one_row(root: Path) -> None:
    _publish(root, "a", "b", "c")

    assert [("memberships", "", "load")] == _told(root)


def test_rows_that_changed_are_told_one_by_one(root: Path) -> None:
    _publish(root, *"abcdefgh")
    cursor = read.changes(str(root)).cursor
    _publish(root, *"bcdefghi")

    told = {(key[-1], op) for _, key, op in _told(root, cursor)}
    assert {("a", "delete"), ("i", "insert")} == told


def test_a_partition_of_which_most_changed_is_told_as_a_whole(root: Path) -> None:
    _publish(root, "a", "b")
    cursor = read.changes(str(root)).cursor
    _publish(root, "c", "d")

    assert [("memberships", "", "load")] == _told(root, cursor)


def test_the_same_rows_again_write_nothing(root: Path) -> None:
    _publish(root, "a")
    before = {p: p.stat().st_mtime_ns for p in root.rglob("*") if p.is_file() and "locks" not in p.parts}
    _publish(root, "a")

    after = {p: p.stat().st_mtime_ns for p in root.rglob("*") if p.is_file() and "locks" not in p.parts}
    assert before == after


def test_state_that_readers_do_not_see_is_not_told(root: Path) -> None:
    warehouse = Warehouse(LocalStorage(root))
    for contract in inputs.OWN:
        if not contract.published:
            warehouse.publish(contract, DAY, contract.empty())

    assert [] == _told(root)


def test_what_is_done_in_a_session_is_told_at_its_end(root: Path) -> None:
    warehouse = Warehouse(LocalStorage(root))
    with warehouse.teller.session(Cause.REPAIR, [("links", DAY), ("memberships", DAY)]):
        warehouse.publish(LINKS, DAY, LINKS.empty())
        assert [] == _told(root)
        warehouse.publish(MEMBERSHIPS, DAY, MEMBERSHIPS.table(rows("a")))

    assert [("links", "", "load"), ("memberships", "", "load")] == _told(root)
    assert {"repair"} == set(_feed(root)["cause"].to_pylist())


def _publish_and_raise(warehouse: Warehouse, error: BaseException, lock: str = "") -> None:
    with warehouse.teller.session(Cause.RUN, [("links", DAY)], lock):
        warehouse.publish(LINKS, DAY, LINKS.empty())
        raise error


def _feed(root: Path) -> Any:
    feed = Warehouse(LocalStorage(root)).teller.feed
    return feed.read_range(feed.firsts()[0]).rows


def test_an_error_leaves_nothing_untold(root: Path) -> None:
    """What a publisher replaced before it failed stands there."""
    warehouse = Warehouse(LocalStorage(root))
    with pytest.raises(PublishError):
        _publish_and_raise(warehouse, PublishError("no room"))

    assert [("links", "", "load")] == _told(root)
    assert [] == list(warehouse.storage.walk(layout.CHANGES_PENDING))


class Doubtful(LocalStorage):
    """A store that replaces what it is told to, and then says that it failed: its answer was lost."""

    path = ""

    def replace(self, path: str, fill: Any, expected: str | None = None) -> str:
        version = super().replace(path, fill, expected)
        if path.startswith(self.path):
            raise PublishError(f"{path}: no answer")
        return version


def test_what_stands_though_it_was_said_to_have_failed_is_told(root: Path) -> None:
    """The same rows again replace nothing, and so would tell nothing."""
    _publish(root, "a")
    consumer = Consumer(root)
    consumer.catch_up()
    storage = Doubtful(root)
    storage.path = "memberships/"
    with pytest.raises(PublishError):
        Warehouse(storage).publish(MEMBERSHIPS, DAY, MEMBERSHIPS.table(list(rows("a", "b"))))
    _publish(root, "a", "b")
    teller = Warehouse(LocalStorage(root)).teller
    for path in teller.left_behind(0):
        teller.clear(path)
    consumer.catch_up()

    assert tables(root) == consumer.have


def test_a_feed_that_cannot_be_written_stops_no_publication(
    root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    storage = Doubtful(root)
    storage.path = "changes/"
    Warehouse(storage).publish(MEMBERSHIPS, DAY, MEMBERSHIPS.table(list(rows("a"))))

    assert "not in the feed of changes yet" in caplog.text
    assert 1 == len(list(storage.walk(layout.CHANGES_PENDING)))


def test_a_partition_that_goes_is_told(root: Path) -> None:
    _publish(root, "a")
    cursor = read.changes(str(root)).cursor
    Warehouse(LocalStorage(root)).remove(MEMBERSHIPS, DAY)

    assert [("memberships", "", "delete")] == _told(root, cursor)


def test_whoever_is_killed_at_any_step_leaves_nothing_untold(root: Path) -> None:
    """Who clears up tells it; a consumer that was there before, and one at every number since, has the tables."""
    _publish(root, *"abcdefgh")
    for n in range(1, 200):
        consumer = Consumer(root)
        consumer.catch_up()
        storage = Stage(root, n, _kill)
        rows_now = rows(*"bcdefgh", f"x{n}")
        try:
            Warehouse(storage).publish(MEMBERSHIPS, DAY, MEMBERSHIPS.table(rows_now))
        except Killed:
            consumer.catch_up()
            _publish(root, f"y{n}", day=NEXT)
            _clear(root)
            consumer.catch_up()
            assert tables(root) == consumer.have, f"step {n}"
            assert 1 == consumer.n_loads
            continue
        assert n > 10
        return
    pytest.fail("it has no end")


def _clear(root: Path) -> None:
    teller = Warehouse(LocalStorage(root)).teller
    for note in teller.left_behind(0):
        teller.clear(note)


def _kill() -> None:
    raise Killed


def test_a_killed_publisher_s_note_goes_with_the_next_that_holds_its_lock(root: Path) -> None:
    with pytest.raises(Killed):
        _publish_and_raise(Warehouse(LocalStorage(root)), Killed(), "run/x")
    other = Warehouse(LocalStorage(root))
    assert 1 == len(list(other.storage.walk(layout.CHANGES_PENDING)))

    with other.teller.session(Cause.RUN, lock="run/y"):  # it may still be at work
        pass
    assert [] == _told(root)
    assert 1 == len(list(other.storage.walk(layout.CHANGES_PENDING)))
    with other.teller.session(Cause.RUN, lock="run/x"):
        pass

    assert [("links", "", "load")] == _told(root)
    assert [] == list(other.storage.walk(layout.CHANGES_PENDING))


def test_what_a_killed_publisher_left_is_told_by_any_other_after_a_while(root: Path) -> None:
    with pytest.raises(Killed):
        _publish_and_raise(Warehouse(LocalStorage(root)), Killed())
    later = Warehouse(LocalStorage(root))
    now = later.teller.feed.clock()
    later.teller.feed.clock = lambda: now + 1_000_000
    for _ in range(2):
        later.publish(MEMBERSHIPS, DAY, MEMBERSHIPS.table(rows("a")))

    assert [("links", "", "load"), ("memberships", "", "load")] == _told(root)


def test_an_unreadable_note_means_that_anything_may_have_changed(root: Path) -> None:
    _publish(root, "a")
    consumer = Consumer(root)
    consumer.catch_up()
    storage = LocalStorage(root)
    storage.replace(f"{layout.CHANGES_PENDING}/x.json", filler(b"\xff"))
    _publish(root, "b", day=NEXT)
    consumer.catch_up()

    assert ("memberships", "", "load") in _told(root, consumer.cursor - 2)
    assert tables(root) == consumer.have
    assert [] == list(storage.walk(layout.CHANGES_PENDING))


def test_what_stands_untold_is_told_by_who_clears_up(root: Path) -> None:
    warehouse = Warehouse(LocalStorage(root))
    with pytest.raises(Killed):
        _publish_and_raise(warehouse, Killed())
    (note,) = warehouse.teller.left_behind(0)
    assert [] == warehouse.teller.left_behind(3600)
    warehouse.teller.clear(note)

    assert [("links", "", "load")] == _told(root)
    assert [] == warehouse.teller.left_behind(0)


def test_a_file_that_somebody_put_there_is_replaced_as_a_whole(root: Path, tmp_path: Path) -> None:
    """Nobody was told of its rows, so nobody can be told how they changed."""
    _publish(root, *"abcdefgh")
    _publish(tmp_path / "other", *"abcdefgx")
    consumer = Consumer(root)
    consumer.catch_up()
    path = layout.partition(MEMBERSHIPS, DAY)
    (root / path).write_bytes((tmp_path / "other" / path).read_bytes())
    _publish(root, *"abcdefgy")
    consumer.catch_up()

    assert tables(root) == consumer.have
    assert CHANGES.name == "changes"
