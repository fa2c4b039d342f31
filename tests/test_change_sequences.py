"""The promise of the feed: whatever happens to a warehouse, who follows the feed from any number on has its tables, row for row."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from pipeline.model import versions
from pipeline.model.errors import MissingInputError
from pipeline.upkeep import quality, retention
from pipeline.upkeep.verify import verify
from tests import damaged, takedowns
from tests.actions import actions, days, delivered, documents, known_days, names, repair_all, steps
from tests.consumer import Consumer, tables
from tests.test_repair_sequences import (
    SEED,
    SEQUENCES,
    SHARDS,
    act,
    consent_to_all,
    delivered_to,
    scratch,
)
from tests.world import DAYS, TODAY, World, be_quick

_ITS_FILES = st.sampled_from(
    ["changes/*/part-0.parquet", "_meta/changes/head.json", "_meta/changes/pending/*.json"]
)
_feed_damage = st.tuples(
    st.just("damage"), _ITS_FILES, st.just(DAYS[0]), st.sampled_from(sorted(damaged.DAMAGES))
)
_put = st.tuples(st.just("put"), days, names, st.lists(documents, min_size=1, max_size=4))
_publishing = st.one_of(
    _put,
    _put,
    st.tuples(st.just("run"), days),
    st.tuples(st.just("backfill"), st.booleans()),
    st.tuples(st.just("killed run"), days, steps),
    st.tuples(st.just("killed repair"), steps),
    st.tuples(st.just("two at once"), days, days, steps),
    st.tuples(st.just("repair")),
    st.tuples(st.just("gc")),
    takedowns.changes,
    st.tuples(st.just("retire"), st.integers(3, 5)),
)
ANYTHING = st.lists(st.one_of(actions, _feed_damage), min_size=3, max_size=12)
PUBLISHING = st.lists(_publishing, min_size=3, max_size=10)
_shards = pytest.mark.parametrize(
    "shard", [0, *(pytest.param(n, marks=pytest.mark.long) for n in range(1, SHARDS))]
)


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    be_fast(monkeypatch)


def be_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small world on a machine that loses no power."""
    be_quick(monkeypatch)
    monkeypatch.setattr(versions, "RULES", dict(versions.RULES))
    monkeypatch.setattr(quality, "LEAST_LOST", 2)


def _try(
    shard: int, todos: st.SearchStrategy[list[tuple[Any, ...]]], name: str, *, is_whole: bool = False
) -> None:
    """After each action somebody loads everything and follows from there on; all of them have the tables at the end. With
    `is_whole`, nobody has to load them again.
    """

    @seed(SEED * 1000 + shard)
    @settings(
        max_examples=max(1, SEQUENCES // (4 * SHARDS)),
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(st.tuples(*[delivered] * len(DAYS)), todos)
    def sequence(at_first: tuple[list[int], ...], todo: list[tuple[Any, ...]]) -> None:
        follow(delivered_to(root, at_first), todo, is_whole=is_whole)

    with scratch(f"{name}-{shard}") as root:
        sequence()


def follow(world: World, todo: list[tuple[Any, ...]], *, is_whole: bool) -> int:
    """What is promised, of one sequence of actions; returns how many followed the feed."""
    consumers = [Consumer(world.root / "warehouse")]
    for one, *arguments in todo:
        _do(world, one, *arguments)
        consumers += _joined(world.root / "warehouse")
    _mend(world)
    expected = tables(world.root / "warehouse")
    for n, consumer in enumerate(consumers):
        had_begun = consumer.cursor > 0
        consumer.catch_up()
        assert expected == consumer.have, f"who joined after action {n}"
        assert not is_whole or not had_begun or consumer.n_loads == 1
    return len(consumers)


@_shards
def test_who_follows_the_feed_from_any_number_on_has_the_tables(shard: int) -> None:
    """Whatever is run, killed, delivered late, removed, damaged, lost and restored; the feed's own files, too."""
    _try(shard, ANYTHING, "changes")


@_shards
def test_nobody_has_to_load_everything_because_of_what_newsfold_does(shard: int) -> None:
    """Runs, repairs, removals, retirements, and kills in all of them: the feed tells them all."""
    _try(shard, PUBLISHING, "publishing", is_whole=True)


def test_a_held_day_out_of_which_a_document_is_taken_while_a_table_is_damaged_is_told_once_it_is_made() -> (
    None
):
    """Its stories say what it has a part in, although its memberships can't be written: a repair comes to an end."""
    one = DAYS[1]
    todo: list[tuple[Any, ...]] = [
        ("backfill", True),
        ("put", one, "a.jsonl", [17, 5, 8]),
        ("take down an article", one, 0),
        ("damage", "memberships/DAY/part-0.parquet", one, "not UTF-8"),
    ]
    with scratch("struck-while-damaged") as root:
        assert follow(
            delivered_to(root, ([17, 5, 8], [2, 3, 10], [12, 10, 20], [19, 8], [])), todo, is_whole=False
        )


def _do(world: World, name: str, *arguments: Any) -> None:
    """Do it, unless it asks for a day that can't be made again."""
    try:
        _retire(world, *arguments) if name == "retire" else act(world, name, *arguments)
    except MissingInputError as error:
        if "texts were retired" not in str(error):
            raise


def _retire(world: World, keep_days: int) -> None:
    """What `newsfold retire --most` does with the texts of all but so many days."""
    kept = world.settings.copy()
    world.settings["window_days"] = 1
    desk = world.desk()
    first = retention.due(desk.warehouse, desk.settings, keep_days, TODAY)
    retention.retire(desk.warehouse, first, 1)
    world.settings = kept


def _joined(root: Path) -> list[Consumer]:
    """Somebody who loaded the tables as they stand; nobody where one of them can't be read."""
    consumer = Consumer(root)
    try:
        consumer.catch_up()
    except Exception:  # noqa: BLE001 - a table is damaged; whoever reads it is told
        return []
    return [consumer]


def _mend(world: World) -> None:
    world.find_landing()
    world.mend()
    list(verify(world.desk().warehouse))
    repair_all(world)
    desk = world.desk()
    consent_to_all(desk, known_days(desk))
    teller = desk.warehouse.teller
    for note in teller.left_behind(0):
        teller.clear(note)
