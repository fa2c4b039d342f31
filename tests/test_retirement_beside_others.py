"""Retirement while somebody else is at work: nothing comes back, and the feed of changes leaves nothing out."""

import fcntl
import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.day import run
from pipeline.day.desk import Desk
from pipeline.day.publish import publish_day
from pipeline.model.errors import InputChangedError, PublishError
from pipeline.model.removal import Removal, Target
from pipeline.upkeep import retention, takedown
from tests import takedowns
from tests.consumer import Consumer, tables
from tests.removed_world import OTHERS, REMOVAL, deliver, filled, take_down, traces
from tests.world import DAYS, Killed, Stage, World, be_quick

KEPT = DAYS[2]  # the first day that keeps its texts


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    be_quick(monkeypatch)
    monkeypatch.setattr(fcntl, "flock", _told_of_waiting(fcntl.flock))
    world = World(tmp_path)
    world.settings["window_days"] = 1
    return filled(world)


_waiting: dict[threading.Thread, threading.Event] = {}


def _told_of_waiting(flock: Callable[[Any, int], None]) -> Callable[[Any, int], None]:
    """A lock that is not free is asked for a second time, to wait for it: then whoever waits for this thread need not wait longer."""

    def telling(handle: Any, how: int) -> None:
        if how == fcntl.LOCK_EX and threading.current_thread() in _waiting:
            _waiting[threading.current_thread()].set()
        flock(handle, how)

    return telling


class Other:
    """Somebody else at work, in a thread of their own."""

    def __init__(self, work: Callable[[], object]) -> None:
        self._work, self._failed = work, list[BaseException]()
        self._thread = threading.Thread(target=self._run)
        self._paused = _waiting[self._thread] = threading.Event()

    def begin(self) -> None:
        """Returns when they have ended, or have to wait for a lock."""
        self._thread.start()
        assert self._paused.wait(60)

    def end(self) -> bool:
        """Whether they had begun; raises what they have raised."""
        has_begun = self._thread.ident is not None
        if has_begun:
            self._thread.join(60)
            assert not self._thread.is_alive()
        for error in self._failed:
            raise error
        return has_begun

    def _run(self) -> None:
        try:
            self._work()
        except BaseException as error:  # noqa: BLE001 - raised where the test sees it
            self._failed.append(error)
        finally:
            self._paused.set()


def retire(world: World, n: int = 0, at: Callable[[], None] | None = None) -> Stage:
    desk = world.desk(n, at)
    retention.retire(desk.warehouse, KEPT, 1)
    return _stage(desk)


def _stage(desk: Desk) -> Stage:
    assert isinstance(desk.warehouse.storage, Stage)
    return desk.warehouse.storage


def _clear(world: World) -> None:
    """What `newsfold gc --older-than-hours 0` does with notes of publishers."""
    teller = world.desk().warehouse.teller
    for path in teller.left_behind(0):
        teller.clear(path)


def _texts(world: World, before: date = KEPT) -> list[tuple[str, date]]:
    """What stands of days that are retired, and should not."""
    warehouse = world.desk().warehouse
    return [(c.name, day) for c in retention.TEXTS for day in DAYS if day < before and warehouse.has(c, day)]


def _snapshots(world: World) -> Iterator[tuple[int, Consumer]]:
    """The world as it was, again and again, each time with somebody who has loaded its tables."""
    where, kept = world.root / "warehouse", world.root / "kept"
    shutil.copytree(where, kept)
    n = 0
    while True:
        n += 1
        shutil.rmtree(where)
        shutil.copytree(kept, where)
        consumer = Consumer(where)
        consumer.catch_up()
        yield n, consumer


@pytest.mark.parametrize("later", [2, 9])
def test_gc_beside_a_retirement_that_is_killed_afterwards_leaves_no_deletion_untold(
    world: World, later: int
) -> None:
    """Whoever clears up waits until the retirement is over: it deletes more after its note was looked at."""
    for n, consumer in _snapshots(world):
        other = Other(lambda: _clear(world))

        def kill() -> None:
            raise Killed

        desk = world.desk(5 * n)
        stage = _stage(desk)

        def clear_then_kill(stage: Stage = stage, other: Other = other) -> None:
            other.begin()
            stage.left, stage.at = later, kill

        stage.at = clear_then_kill
        try:
            retention.retire(desk.warehouse, KEPT, 1)
            was_killed = False
        except Killed:
            was_killed = True
        if not other.end():
            assert n > 9
            return
        if was_killed:
            _clear(world)
        consumer.catch_up()
        assert tables(world.root / "warehouse") == consumer.have, f"step {5 * n}"


def test_gc_beside_a_retirement_that_cannot_be_told_leaves_its_note(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The retirement ends as if all were well, with a warning; the next one who clears up tells all of it."""
    consumer = Consumer(world.root / "warehouse")
    consumer.catch_up()
    other = Other(lambda: _clear(world))
    desk = world.desk(45, other.begin)
    monkeypatch.setattr(desk.warehouse.teller.feed, "append", _fail)
    retention.retire(desk.warehouse, KEPT, 1)
    assert other.end()
    _clear(world)
    consumer.catch_up()

    assert tables(world.root / "warehouse") == consumer.have


def _fail(*_: object) -> None:
    raise PublishError("no room")


def _strike(world: World, n: int = 0, at: Callable[[], None] | None = None) -> Stage:
    desk = world.desk(n, at)
    takedown.strike(desk, takedowns.listed_in(world), DAYS[0])
    return _stage(desk)


def _remove_the_day(world: World, n: int = 0, at: Callable[[], None] | None = None) -> Stage:
    desk = world.desk(n, at)
    takedown.clear_days(desk.warehouse, desk.engine, takedowns.listed_in(world))
    return _stage(desk)


@pytest.mark.parametrize(
    ("removal", "work"),
    [(REMOVAL, _strike), (Removal(Target.DAY, str(DAYS[0])), _remove_the_day)],
    ids=["strike", "remove"],
)
@pytest.mark.parametrize("is_first", [True, False], ids=["before", "after"])
def test_what_is_retired_while_rows_are_removed_stays_away(
    world: World, removal: Removal, work: Callable[..., Stage], is_first: bool
) -> None:
    """Whichever of the two began: no text stands again, nothing of what was removed is left, and the feed tells both."""
    take_down(world, removal)
    for n, consumer in _snapshots(world):
        one, two = (work, retire) if is_first else (retire, work)
        other = Other(lambda two=two: two(world))  # type: ignore[misc]
        one(world, 23 * n, other.begin)
        if not other.end():
            assert n > 2
            return
        consumer.catch_up()
        assert [] == _texts(world), f"step {23 * n}"
        assert [path for path in traces(world.root / "warehouse") if f"day={DAYS[0]}" in path] == []
        assert tables(world.root / "warehouse") == consumer.have, f"step {23 * n}"


def test_a_day_that_is_retired_while_it_is_made_is_not_published(world: World) -> None:
    """Its texts would stand again until the next retirement, and nobody asks for another."""
    gone = DAYS[0] - timedelta(1)
    deliver(world, gone, OTHERS[7])
    desk = world.desk()
    made = run.cluster_day(desk, gone)
    retire(world)

    with pytest.raises(InputChangedError, match="was retired while it was being made"):
        publish_day(desk, made)
    assert [] == _texts(world)
