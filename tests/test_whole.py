"""Whether a day is whole: what is of another run, damaged, or not yet in the stories is named."""

from pathlib import Path

import pytest

from pipeline.day.run import run_day
from pipeline.model.tables import ARTICLES, MEMBERSHIPS, PUBLISHED, RUNS, STORIES
from pipeline.store.view import Glance
from pipeline.store.warehouse import Warehouse
from pipeline.upkeep import whole
from tests.world import DAYS, World, be_quick

DAY = DAYS[0]


@pytest.fixture
def warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Warehouse:
    be_quick(monkeypatch)
    world = World(tmp_path / "world")
    world.put(DAY, "feed.jsonl", [0, 1, 5])
    run_day(world.desk(), DAY)
    return world.desk().warehouse


def broken(warehouse: Warehouse) -> list[str]:
    run = warehouse.manifest(RUNS, DAY)
    assert run is not None
    return [str(reason) for reason in whole.broken(Glance(warehouse), run, DAY, PUBLISHED)]


def test_a_day_as_it_was_run_is_whole(warehouse: Warehouse) -> None:
    assert [] == broken(warehouse)


def test_a_table_of_another_run_is_named(warehouse: Warehouse) -> None:
    warehouse.publish(ARTICLES, DAY, warehouse.read(ARTICLES, DAY).slice(1), {"raw/x": "other"})

    assert ["articles is of another run"] == broken(warehouse)


def test_stories_without_the_share_of_the_day_are_named(warehouse: Warehouse) -> None:
    warehouse.publish(STORIES, DAY, warehouse.read(STORIES, DAY), {})

    assert any("lacks it" in reason for reason in broken(warehouse))


def test_a_table_that_is_away_is_named(warehouse: Warehouse) -> None:
    warehouse.storage.delete(warehouse.path(MEMBERSHIPS, DAY))

    assert any(reason.startswith("memberships is not") for reason in broken(warehouse))
