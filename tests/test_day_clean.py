"""A day that is run again is cleaned again only where that could give something else."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.clean import articles, habits
from pipeline.day import run
from pipeline.model import versions
from pipeline.model.contract import Contract
from pipeline.model.internal_tables import LINES
from pipeline.model.tables import ARTICLES, REJECTS
from tests.conftest import published
from tests.world import DAYS, World, be_quick


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """Two days that were run in order: articles, and a reject."""
    be_quick(monkeypatch)
    monkeypatch.setattr(versions, "RULES", dict(versions.RULES))
    world = World(tmp_path)
    world.put(DAYS[0], "a.jsonl", [0, 5, 8])
    world.put(DAYS[1], "a.jsonl", [1, 2, 10, 12])
    for day in DAYS[:2]:
        run.run_day(world.desk(), day)
    return world


@pytest.fixture
def cleanings(world: World, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many documents are cleaned, and how many outlined, call by call."""
    found: list[int] = []

    def counting(stage: Any) -> Any:
        return lambda rows, **more: found.append(rows.num_rows) or stage(rows, **more)

    monkeypatch.setattr(articles, "clean", counting(articles.clean))
    monkeypatch.setattr(habits, "outline", counting(habits.outline))
    return found


def test_nothing_is_cleaned_when_nothing_has_changed(world: World, cleanings: list[int]) -> None:
    before = published(world.root / "warehouse")

    report = run.run_day(world.desk(), DAYS[1])

    assert ([], ()) == (cleanings, report.changed)
    assert before == published(world.root / "warehouse")


def test_an_article_more_on_the_day_before_has_nothing_cleaned_again(
    world: World, cleanings: list[int]
) -> None:
    """It makes the day stale; but no line becomes furniture by it."""
    world.put(DAYS[0], "b.jsonl", [6])
    run.run_day(world.desk(), DAYS[0])
    cleanings.clear()

    run.run_day(world.desk(), DAYS[1])

    assert [] == cleanings


@pytest.mark.parametrize("contract", [ARTICLES, REJECTS], ids=lambda c: c.name)
def test_a_table_that_was_lost_is_made_again(world: World, cleanings: list[int], contract: Contract) -> None:
    before = published(world.root / "warehouse")
    warehouse = world.desk().warehouse
    warehouse.storage.delete(warehouse.path(contract, DAYS[1]))

    run.run_day(world.desk(), DAYS[1])

    assert [4] == cleanings
    assert before == published(world.root / "warehouse")


@pytest.mark.parametrize("contract", [ARTICLES, REJECTS, LINES], ids=lambda c: c.name)
def test_a_table_of_which_the_manifest_does_not_tell_is_made_again(
    world: World, cleanings: list[int], contract: Contract
) -> None:
    """A crash between the file and its manifest: what stands there is of another run."""
    before = published(world.root / "warehouse")
    warehouse = world.desk().warehouse
    manifest = warehouse.manifest(contract, DAYS[1])
    assert manifest is not None
    warehouse.publish(contract, DAYS[1], contract.empty(), manifest.inputs, manifest.notes)
    warehouse.note(contract, DAYS[1], manifest)

    run.run_day(world.desk(), DAYS[1])

    assert cleanings
    assert before == published(world.root / "warehouse")


def test_other_documents_other_rules_and_another_setting_are_cleaned_again(
    world: World, cleanings: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    world.put(DAYS[1], "b.jsonl", [3])
    run.run_day(world.desk(), DAYS[1])
    more = cleanings.copy()
    cleanings.clear()
    versions.RULES["clean"] += 1
    run.run_day(world.desk(), DAYS[1])
    ruled = cleanings.copy()
    cleanings.clear()
    world.settings["min_words"] = 9
    run.run_day(world.desk(), DAYS[1])

    assert ([2, 1], [5, 5], [5]) == (more, ruled, cleanings)  # the outlet of the new one has two


def test_what_was_made_from_stands_in_the_manifests(world: World) -> None:
    """Of the articles and the rejects the same, of the lines without the habits."""
    folder = world.root / "warehouse/_meta/manifests"
    notes = [
        json.loads((folder / name / f"day={DAYS[1]}.json").read_text())["notes"]["made_from"]
        for name in ("articles", "rejects", "lines")
    ]

    assert 2 == len(set(notes))
    assert notes[0] == notes[1]


def test_the_order_in_which_documents_were_parsed_does_not_matter(world: World, cleanings: list[int]) -> None:
    """They stand in the file by number (2 before 10), in the stored part by name (10 before 2), and in several parts after
    more files.
    """
    for name, documents in (("a", [1, 2, 10, 12, 0, 3, 4, 5, 6, 7, 8, 9]), ("b", [11, 1]), ("c", [2, 3])):
        world.put(DAYS[1], f"{name}.jsonl", documents)
        run.run_day(world.desk(), DAYS[1])
        before = published(world.root / "warehouse")
        cleanings.clear()

        run.run_day(world.desk(), DAYS[1])

        assert [] == cleanings
        assert before == published(world.root / "warehouse")
