"""The promise of the feed: whatever happens to a warehouse, who follows the feed from any number on has its tables, row for row."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from pipeline.model import versions
from pipeline.upkeep import quality
from pipeline.upkeep.verify import verify
from tests.actions import actions, delivered, known_days, repair_all
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
from tests.world import DAYS, World, be_quick


@pytest.mark.parametrize("shard", [0, *(pytest.param(n, marks=pytest.mark.long) for n in range(1, SHARDS))])
def test_who_follows_the_feed_from_any_number_on_has_the_tables(
    shard: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After each action somebody loads everything and follows from there on; one follows from the beginning, step by step."""
    be_quick(monkeypatch)
    monkeypatch.setattr(versions, "RULES", dict(versions.RULES))
    monkeypatch.setattr(quality, "LEAST_LOST", 2)

    @seed(SEED * 1000 + shard)
    @settings(
        max_examples=max(1, SEQUENCES // (4 * SHARDS)),
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    @given(st.tuples(*[delivered] * len(DAYS)), st.lists(actions, min_size=3, max_size=12))
    def sequence(at_first: tuple[list[int], ...], todo: list[tuple[Any, ...]]) -> None:
        world = delivered_to(root, at_first)
        first = Consumer(world.root / "warehouse")
        consumers = [first]
        for name, *arguments in todo:
            act(world, name, *arguments)
            consumers += _joined(world.root / "warehouse")
        _mend(world)
        expected = tables(world.root / "warehouse")
        for n, consumer in enumerate(consumers):
            consumer.catch_up()
            assert expected == consumer.have, f"who joined after action {n}"

    with scratch(f"changes-{shard}") as root:
        sequence()


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
