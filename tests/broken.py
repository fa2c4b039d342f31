"""What breaks off for want of something that is there again a moment later, in the model world: file handles, an answer, room."""

import errno
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
from hypothesis import strategies as st

from pipeline.clean import removed
from pipeline.day import segments
from pipeline.day.desk import WorkDesk
from pipeline.day.run import run_day
from pipeline.model.errors import NewsfoldError
from pipeline.model.removal import Removal
from pipeline.upkeep import gc, repair
from tests import takedowns
from tests.world import AFTER_A_GAP, DAYS, TODAY, World

PASSING = [errno.EMFILE, errno.ETIMEDOUT, errno.ENOSPC]
_days = st.sampled_from([*DAYS, AFTER_A_GAP])
changes = st.one_of(
    st.tuples(st.just("broken run"), _days, st.integers(1, 300), st.sampled_from(PASSING)),
    st.tuples(st.just("broken repair"), st.integers(1, 900), st.sampled_from(PASSING)),
    st.tuples(st.just("broken gc"), st.integers(1, 60), st.sampled_from(PASSING)),
)


class _Lacking:
    """Called before an operation of the warehouse, it is what that operation meets."""

    def __init__(self, number: int) -> None:
        self._number = number

    def __call__(self) -> None:
        raise OSError(self._number, "not now")


def run(world: World, day: date, n: int, number: int) -> None:
    before = texts_of(world)
    with suppress(OSError, NewsfoldError):
        run_day(world.desk(n, _Lacking(number)), day)
    check_no_text_is_lost(world, before)


def repair_days(world: World, n: int, number: int) -> None:
    before, desk = texts_of(world), world.desk(n, _Lacking(number))
    with suppress(OSError, NewsfoldError):
        list(repair.repair(desk, repair.days_between(desk, None, None), today=TODAY))
    check_no_text_is_lost(world, before)


def clear(world: World, n: int, number: int) -> None:
    """Only of files that the landing zone has not got any more may extracted documents go."""
    desk = world.desk(n, _Lacking(number))
    standing = {
        entry.path
        for entries in segments.by_day(world.desk().warehouse.storage).values()
        for entry in entries
    }
    usual = set[str]()
    with suppress(NewsfoldError):
        whole = world.desk()
        usual = {one.what for one in gc.leftovers(whole.landing, whole.warehouse, whole.settings, 0, TODAY)}
    with suppress(OSError, NewsfoldError):
        found = gc.leftovers(desk.landing, desk.warehouse, desk.settings, 0, TODAY)
        named = {one.what for one in found}
        assert not {path for path in standing for what in named - usual if path in what}


ACTIONS = {"broken run": run, "broken repair": repair_days, "broken gc": clear}


def texts_of(world: World) -> set[tuple[date, str]]:
    """The documents whose texts can be had without the landing zone, but for those that are to go."""
    storage, listed = world.desk().warehouse.storage, takedowns.listed_in(world)
    found = set[tuple[date, str]]()
    for day, entries in segments.by_day(storage).items():
        for entry in entries:
            rows = segments.read_segment(storage, entry.path, segments.Texts(storage, day))
            if rows is not None:
                found |= {(day, one) for one in _kept(rows, removed.named_documents(rows, listed, day))}
    return found


def _kept(rows: pa.Table, are_named: list[Removal | None]) -> list[str]:
    has_text = pc.not_equal(rows["text"], "")
    stays = pc.and_not(has_text, pa.array([one is not None for one in are_named], pa.bool_()))
    kept: list[str] = rows.filter(stays)["raw_ref"].to_pylist()
    return kept


def check_no_text_is_lost(world: World, before: set[tuple[date, str]]) -> None:
    lost = before - texts_of(world)
    assert not lost, f"lost for good where the landing zone is gone: {sorted(lost)}"


def at_each_step(world: World, number: int, act: Callable[[WorkDesk], object]) -> Iterator[int]:
    """Do it, broken at its first operation, then at its second, until it comes through; yields the steps at which it broke."""
    for n in range(1, 1000):
        try:
            act(world.desk(n, _Lacking(number)))
        except (OSError, NewsfoldError):
            yield n
            continue
        return
    raise AssertionError("never came through")
