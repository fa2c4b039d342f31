"""A file that is delivered late: its day gives what one run over everything gives, and only what is new is worked on."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.clean import articles, habits
from pipeline.copies import signatures, verdict
from pipeline.day import additions, flows, run, stories
from pipeline.model.tables import MEMBERSHIPS
from pipeline.stories import summary, terms
from tests.conftest import published_and_state
from tests.sharded import ShardedEngine
from tests.world import DAYS, POOL, CallingEngine, World, be_quick

Work = Counter[str]
STAGES: list[tuple[Any, str]] = [
    (articles, "clean"),
    (habits, "outline"),
    (signatures, "sign"),
    (terms, "weigh"),
    (verdict, "verify"),
    (summary, "summarise"),
    (stories, "credit"),
    (flows, "follow"),
    (additions, "detect"),
]


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Work]:
    """How many rows each of the heavy stages is given, until the context ends."""
    work: Work = Counter()

    def counting(name: str, stage: Callable[..., Any]) -> Callable[..., Any]:
        def count(rows: Any, **more: Any) -> Any:
            work[name] += rows.num_rows
            return stage(rows, **more)

        count.__name__ = stage.__name__
        return count

    with monkeypatch.context() as patch:
        for module, name in STAGES:
            patch.setattr(module, name, counting(name, getattr(module, name)))
        yield work


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A window of two days that were run."""
    be_quick(monkeypatch)
    world = World(tmp_path)
    world.put(DAYS[0], "a.jsonl", [0, 5, 8])
    world.put(DAYS[1], "a.jsonl", [1, 7, 9])
    for day in DAYS[:2]:
        run.run_day(world.desk(), day)
    return world


def test_a_late_file_has_only_its_own_articles_cleaned_and_weighed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.put(DAYS[2], "a.jsonl", [3, 6, 12, 13])
    run.run_day(world.desk(), DAYS[2])
    world.put(DAYS[2], "late.jsonl", [4, 7])

    with counted(monkeypatch) as work:
        run.run_day(world.desk(), DAYS[2])

    assert (work["weigh"] <= 2, work["clean"], work["sign"]) == (True, 2, 2)
    assert work["outline"] < 6  # of the outlets that have a new article
    assert as_one_run(world) == published_and_state(world.root / "warehouse")


def test_a_day_that_has_not_changed_has_no_row_worked_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with counted(monkeypatch) as work:
        report = run.run_day(world.desk(), DAYS[1])

    assert (0, ()) == (work.total(), report.changed)


def as_one_run(world: World) -> dict[str, bytes]:
    """What a run of each day gives that finds all of its files at once."""
    for day in DAYS[:3]:
        run.run_day(world.desk(warehouse="beside"), day)
    return published_and_state(world.root / "beside")


parts = st.lists(st.lists(st.integers(0, len(POOL) - 1), max_size=4, unique=True), min_size=1, max_size=4)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(parts=parts, is_sharded=st.booleans())
def test_a_day_in_parts_gives_the_same_bytes_as_in_one(
    tmp_path: Path, parts: list[list[int]], is_sharded: bool
) -> None:
    """On both kinds of engine, whatever is in the parts."""
    with pytest.MonkeyPatch.context() as patch:
        be_quick(patch)
        world = World(tmp_path / "world")
        world.put(DAYS[0], "a.jsonl", [0, 5, 8])
        world.put(DAYS[1], "a.jsonl", [1, 7, 9])
        for day in DAYS[:2]:
            run.run_day(world.desk(), day)
        for n, documents in enumerate(parts):
            world.put(DAYS[2], f"{n}.jsonl", documents)
            world.engine = ShardedEngine() if is_sharded and n % 2 else CallingEngine()
            run.run_day(world.desk(), DAYS[2])
        world.engine = CallingEngine()

        assert as_one_run(world) == published_and_state(world.root / "warehouse")


def test_a_day_has_only_the_stories_summarised_that_it_has_a_part_in(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window's other stories stand in the same partitions, and keep their rows; so they do when a file comes late."""
    world.put(DAYS[2], "a.jsonl", [12])
    with counted(monkeypatch) as first:
        run.run_day(world.desk(), DAYS[2])
    world.put(DAYS[2], "late.jsonl", [13])
    with counted(monkeypatch) as late:
        run.run_day(world.desk(), DAYS[2])

    n_earlier = world.desk().warehouse.read(MEMBERSHIPS, DAYS[0]).num_rows
    assert 0 < first["summarise"] <= n_earlier + 3
    assert 0 < late["summarise"] <= first["summarise"]
    assert as_one_run(world) == published_and_state(world.root / "warehouse")
