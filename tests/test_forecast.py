"""What a run would read and replace."""

from pathlib import Path

import pytest

from pipeline.app.forecast import forecast
from pipeline.day import run
from tests.conftest import published
from tests.world import DAYS, World, be_quick

DAY = DAYS[0]


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    be_quick(monkeypatch)
    world = World(tmp_path)
    world.put(DAY, "a.jsonl", [0, 1, 2])
    world.put(DAY, "b.jsonl", [3, 4])
    return world


def test_a_new_day_is_all_to_be_parsed_and_nothing_goes(world: World) -> None:
    (found,) = forecast(world.desk(), [DAY])

    assert (2, 2, 0) == (found["n_files"], found["n_new_files"], found["n_published"])
    assert found["bytes"] == found["new_bytes"] > 0
    assert [] == list((world.root / "warehouse").rglob("*.parquet"))


def test_a_published_day_costs_what_is_new_and_loses_what_is_gone(world: World) -> None:
    """A run says the same: what it parses, and the rows that are not there afterwards."""
    run.run_day(world.desk(), DAY)
    (as_it_is,) = forecast(world.desk(), [DAY])
    world.remove(DAY, "b.jsonl")
    world.put(DAY, "c.jsonl", [5])
    before = published(world.root / "warehouse")

    (found,) = forecast(world.desk(), [DAY])

    assert (0, 0) == (as_it_is["n_new_files"], as_it_is["n_articles_gone"] + as_it_is["n_rejects_gone"])
    assert (2, 1, 5) == (found["n_files"], found["n_new_files"], found["n_published"])
    assert 2 == found["n_articles_gone"] + found["n_rejects_gone"]
    assert before == published(world.root / "warehouse")
    assert 4 == run.run_day(world.desk(), DAY).row["n_raw"] == found["n_published"] - 2 + 1


def test_files_of_other_rules_are_to_be_parsed_again(world: World) -> None:
    run.run_day(world.desk(), DAY)

    world.settings["extractor"] = "resiliparse"
    (found,) = forecast(world.desk(), [DAY])

    assert 2 == found["n_new_files"]


def test_a_damaged_table_counts_as_missing(world: World) -> None:
    """So the run that mends it can be forecast, too."""
    run.run_day(world.desk(), DAY)
    file = world.root / "warehouse" / "articles" / f"day={DAY}" / "part-0.parquet"
    file.write_bytes(file.read_bytes()[:100])

    (found,) = forecast(world.desk(), [DAY])

    assert (0, 0) == (found["n_published"], found["n_articles_gone"])
