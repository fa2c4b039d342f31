"""The promise of repair: whatever was run, killed, delivered late, removed and changed, the result is that of one clean pass."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from pipeline.day.desk import Desk, WorkDesk
from pipeline.day.run import run_day
from pipeline.landing import spans
from pipeline.model import versions
from pipeline.model.errors import MissingInputError
from pipeline.model.kinds import CAPTURES, COPIES, Kind, Reject
from pipeline.model.tables import (
    ADDITIONS,
    ARTICLES,
    FLOWS,
    LINKS,
    MEMBERSHIPS,
    REJECTS,
    REVISIONS,
    RUNS,
    STORIES,
)
from pipeline.store import notes
from pipeline.upkeep import quality, repair, status
from pipeline.upkeep.reasons import Why
from pipeline.upkeep.status import State
from pipeline.upkeep.verify import verify
from tests import takedowns
from tests.actions import ACTIONS, actions, delivered, index_damage, known_days, repair_all, withdrawals
from tests.conftest import published
from tests.damaged import bare
from tests.world import AFTER_A_GAP, DAYS, TODAY, World, be_quick

SEQUENCES = int(os.environ.get("NEWSFOLD_SEQUENCES", "300"))
SEED = int(os.environ.get("NEWSFOLD_SEED", "1"))
SHARDS = 8  # so that the sequences spread over workers


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parse without child processes, and trust the machine not to lose power."""
    be_quick(monkeypatch)
    monkeypatch.setattr(versions, "RULES", dict(versions.RULES))


@contextmanager
def scratch(name: str) -> Iterator[Path]:
    """A folder for a while, in memory where there is one: what is tested is the order of things, not the disk."""
    base = Path("/dev/shm") if os.access("/dev/shm", os.W_OK) else Path(os.environ.get("TMPDIR", "/tmp"))  # noqa: S108 - removed below
    folder = base / f"newsfold-{os.getpid()}-{name}"
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("shard", [0, *(pytest.param(n, marks=pytest.mark.long) for n in range(1, SHARDS))])
def test_any_order_then_repair_equals_in_order(
    fast: None, shard: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever was run, re-run, killed, delivered late, removed and changed: repair gives what one clean pass gives, and takes
    nothing away that somebody has not consented to.
    """
    monkeypatch.setattr(quality, "LEAST_LOST", 2)  # the days of this world are small
    may_have = spans.may_have  # and so are its files: each second one is read as large ones are
    monkeypatch.setattr(spans, "LEAST_BYTES", 1)
    monkeypatch.setattr(spans, "may_have", lambda entry: entry.size_bytes % 2 == 0 and may_have(entry))

    @seed(SEED * 1000 + shard)
    @settings(
        max_examples=max(1, SEQUENCES // SHARDS),
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    @given(st.tuples(*[delivered] * len(DAYS)), st.lists(actions, min_size=3, max_size=12))
    def sequence(at_first: tuple[list[int], ...], todo: list[tuple[Any, ...]]) -> None:
        world = delivered_to(root, at_first)
        for name, *arguments in todo:
            act(world, name, *arguments)
        _repair_and_compare(world)

    with scratch(str(shard)) as root:
        sequence()


@pytest.mark.long
def test_captures_without_their_first_stop_no_day(fast: None) -> None:
    """Chance brings such days together too rarely among all else that can happen."""

    @seed(SEED)
    @settings(max_examples=15, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(withdrawals)
    def taken_back(found: tuple[Any, ...]) -> None:
        world = World(root)
        ACTIONS["withdraw"](world, *found[1:])
        _repair_and_compare(world)

    with scratch("withdrawals") as root:
        taken_back()


@pytest.mark.long
def test_an_index_changes_no_answer(fast: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever happened to a warehouse, its index among it: a status with the index is a status without."""
    monkeypatch.setattr(quality, "LEAST_LOST", 2)
    todo = st.lists(st.one_of(actions, index_damage), min_size=3, max_size=8)

    @seed(SEED)
    @settings(
        max_examples=max(1, SEQUENCES // 10),
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    @given(st.tuples(*[delivered] * len(DAYS)), todo)
    def answers(at_first: tuple[list[int], ...], todo: list[tuple[Any, ...]]) -> None:
        world = delivered_to(root, at_first)
        for name, *arguments in todo:
            act(world, name, *arguments)
            desk = world.desk()
            assert status.status(bare(desk), today=TODAY) == status.status(desk, today=TODAY)
            assert repair.plan(bare(desk), known_days(desk)) == repair.plan(desk, known_days(desk))

    with scratch("index") as root:
        answers()


def delivered_to(root: Path, at_first: tuple[list[int], ...]) -> World:
    """A new world with these documents on its days, and with the rules of its beginning."""
    world = World(root)
    versions.RULES.update(dict.fromkeys(versions.RULES, 1))
    for day, documents in zip(DAYS, at_first, strict=True):
        if documents:
            world.put(day, "a.jsonl", documents)
    return world


def act(world: World, name: str, *arguments: Any) -> None:
    """Do it. A run of a day that was removed as a whole is refused, and nothing else is."""
    try:
        ACTIONS[name](world, *arguments)
    except MissingInputError as error:
        if not any(takedowns.is_gone(world, day) and str(day) in str(error) for day in [*DAYS, AFTER_A_GAP]):
            raise


def _repair_and_compare(world: World) -> None:
    world.find_landing()
    list(verify(world.desk().warehouse))  # a bit that flipped unseen
    repair_all(world)
    before = published(world.root / "warehouse")
    repair_all(world)
    assert world.faults or before == published(world.root / "warehouse")

    desk = world.desk()
    known = known_days(desk)
    takedowns.check_nothing_is_left(world, known)
    consent_to_all(desk, known)
    _check_what_is_left(desk, known)
    world.mend()
    consent_to_all(desk, known)
    after = published(world.root / "warehouse")
    _check_promises(desk, known, after)
    takedowns.check_nothing_is_left(world, known)
    list(repair.repair(desk, known, today=TODAY, empty=True))

    assert after == published(world.root / "warehouse")
    assert [] == list(verify(desk.warehouse))
    assert _in_order(world, known) == after


def _check_what_is_left(desk: Desk, known: list[date]) -> None:
    """On a machine that goes on failing, a day is stale for that alone, exactly when a row of it says so."""
    for found in status.status(desk, known) if known else ():
        reasons = desk.warehouse.read(REJECTS, found.day)["reason"].to_pylist()
        assert ((Why.FAULTY.of(),) if Reject.MACHINE_FAULT in reasons else ()) == found.reasons


def consent_to_all(desk: WorkDesk, known: list[date]) -> None:
    """Publish what is held back; a day that another one changed since it was held is held again, and asked for again."""
    for _ in range(len(known) + 1):
        list(repair.repair(desk, known, today=TODAY, empty=True, held=True))
        if not notes.held(desk.warehouse):
            break


def _in_order(world: World, known: list[date]) -> dict[str, bytes]:
    """What one pass over the days gives in a warehouse of its own."""
    shutil.rmtree(world.root / "clean", ignore_errors=True)
    desk = world.desk(warehouse="clean")
    takedowns.repeat_in(world, desk)
    for day in known:
        run_day(desk, day)
    return published(world.root / "clean")


def _check_promises(desk: Desk, known: list[date], files: dict[str, bytes]) -> None:
    assert {State.FRESH} <= {s.state for s in status.status(desk, known)} | {State.FRESH} == {State.FRESH}
    assert [p for p in files if not re.fullmatch(r"[a-z]+/day=\d{4}-\d\d-\d\d/part-0\.parquet", p)] == []
    counted: set[str] = set()
    told: list[str] = []
    for day in known:
        row = desk.warehouse.read(RUNS, day).to_pylist()[0]
        articles = desk.warehouse.read(ARTICLES, day)["article_id"].to_pylist()
        rejects = desk.warehouse.read(REJECTS, day).num_rows
        assert (row["n_raw"], row["n_articles"]) == (len(articles) + rejects, len(articles))
        places = desk.warehouse.read(MEMBERSHIPS, day).to_pylist()
        assert articles == [place["article_id"] for place in places]
        pairs = desk.warehouse.read(LINKS, day).to_pylist()
        accepted = {(link["article_id"], link["other_id"]) for link in pairs if link["accepted"]}
        joined = {(p["article_id"], p["matched_id"]) for p in places if p["kind"] in {*COPIES, *CAPTURES}}
        assert joined <= accepted
        changed = desk.warehouse.read(REVISIONS, day)["article_id"].to_pylist()
        assert changed == [p["article_id"] for p in places if p["kind"] == Kind.REVISION]
        added = desk.warehouse.read(ADDITIONS, day)["article_id"].to_pylist()
        assert added == [p["article_id"] for p in places if p["kind"] == Kind.REPORT]
        taken = desk.warehouse.read(FLOWS, day).to_pylist()
        assert {row["copy_id"] for row in taken} <= {place["copy_id"] for place in places}
        counted |= {p["article_id"] for p in places if p["kind"] not in CAPTURES}
        told += [m for s in desk.warehouse.read(STORIES, day)["members"].to_pylist() for m in s]
    assert len(told) == len(set(told))
    assert set(told) == counted
