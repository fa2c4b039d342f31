"""A day whose outlets' file was edited has its places taken as published, and all that follows from the file made again."""

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from pipeline.clean import articles
from pipeline.copies import candidates, signatures, verdict
from pipeline.day import run
from pipeline.model import versions
from pipeline.model.contract import Contract
from pipeline.model.internal_tables import SIGNATURES, TERMS
from pipeline.model.tables import ARTICLES, LINKS, MEMBERSHIPS, REVISIONS
from pipeline.stories import terms
from pipeline.upkeep import repair
from pipeline.upkeep.reasons import Why
from pipeline.upkeep.status import State, status
from tests.actions import ACTIONS, OUTLETS
from tests.conftest import published
from tests.world import DAYS, World, be_quick

STAGES = [
    (articles, "clean"),
    (signatures, "sign"),
    (candidates, "pair"),
    (verdict, "verify"),
    (terms, "weigh"),
]


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """Three days that were run in order under a file: copies, reports, revisions, rejects."""
    be_quick(monkeypatch)
    monkeypatch.setattr(versions, "RULES", dict(versions.RULES))
    world = World(tmp_path / "world")
    ACTIONS["outlets"](world, 1)
    for day, documents in zip(DAYS, ([0, 5, 8], [1, 2, 10, 12, 14, 3], [6, 9, 15, 19]), strict=False):
        world.put(day, "a.jsonl", documents)
        run.run_day(world.desk(), day)
    return world


@pytest.fixture
def work(world: World, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The stages that are run on rows, by name, as often as they are."""
    found: list[str] = []

    def counting(name: str, stage: Any) -> Any:
        def counted(rows: pa.Table, **more: Any) -> Any:
            found.extend([name] * bool(rows.num_rows))
            return stage(rows, **more)

        return counted

    for module, name in STAGES:
        monkeypatch.setattr(module, name, counting(name, getattr(module, name)))
    return found


def edit(world: World, choice: int) -> None:
    ACTIONS["outlets"](world, choice)


def repaired(world: World) -> list[date]:
    return [found.day for found, _ in repair.repair(world.desk(), DAYS[:3])]


def in_order(world: World) -> dict[str, bytes]:
    desk = world.desk(warehouse="clean")
    for day in DAYS[:3]:
        run.run_day(desk, day)
    return published(world.root / "clean")


def ids(world: World) -> list[tuple[str, ...]]:
    desk, names = world.desk(), ["article_id", "copy_id", "story_id", "kind"]
    return [
        tuple(row.values())
        for day in DAYS[:3]
        for row in desk.warehouse.read(MEMBERSHIPS, day, names).to_pylist()
    ]


@pytest.mark.parametrize("choice", [0, 2])
def test_after_an_edit_no_text_is_cleaned_or_compared_and_all_is_as_a_clean_pass_makes_it(
    world: World, work: list[str], choice: int
) -> None:
    before = ids(world)
    edit(world, choice)
    assert all(one.reasons[0] == Why.INPUT.of("outlets") for one in status(world.desk(), DAYS[:3]))

    assert DAYS[:3] == repaired(world)

    assert [] == work
    assert before == ids(world)
    assert {State.FRESH} == {one.state for one in status(world.desk(), DAYS[:3])}
    assert published(world.root / "warehouse") == in_order(world)


def test_an_edit_that_says_nothing_new_changes_no_file(world: World, work: list[str]) -> None:
    before = published(world.root / "warehouse")
    (world.root / "outlets.csv").write_text("# the same\n" + OUTLETS[1])

    reports = [report for _, report in repair.repair(world.desk(), DAYS[:3])]

    assert ([], []) == (work, [name for report in reports for name in report.changed if name != "runs"])
    after = published(world.root / "warehouse")
    assert before == {name: after[name] for name in before} | {n: before[n] for n in before if "runs" in n}


def test_what_else_changed_since_is_compared(world: World, work: list[str]) -> None:
    """An edit of the file and a late document together."""
    edit(world, 2)
    world.put(DAYS[0], "b.jsonl", [6])

    repaired(world)

    assert "verify" in work
    assert published(world.root / "warehouse") == in_order(world)


@pytest.mark.parametrize("contract", [ARTICLES, LINKS, REVISIONS, MEMBERSHIPS, SIGNATURES, TERMS])
def test_a_table_that_was_lost_is_made_again(world: World, work: list[str], contract: Contract) -> None:
    warehouse = world.desk().warehouse
    warehouse.storage.delete(warehouse.path(contract, DAYS[1]))
    edit(world, 2)

    repaired(world)

    assert work
    assert published(world.root / "warehouse") == in_order(world)


def _raises_on_the_comet(text: str, *_: Any, **__: Any) -> None:
    if "Vera" in text:
        raise ValueError(text)


def test_a_document_that_cleaning_raised_on_is_cleaned_again(
    world: World, work: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it states was never looked up."""
    with monkeypatch.context() as patch:
        patch.setattr(articles, "stated", _raises_on_the_comet)
        versions.RULES["clean"] += 1
        run.run_day(world.desk(), DAYS[0])
    edit(world, 2)
    work.clear()

    repaired(world)

    assert "clean" in work
