"""What the last run of a day made is gone by only where nothing but the day's documents is another."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.day import accounts, inputs, reuse, run
from pipeline.day.last_run import last_run, moved
from pipeline.day.result import Day
from pipeline.engines import faults
from pipeline.flows import follow
from pipeline.model import versions
from pipeline.model.contract import Contract
from pipeline.model.tables import ARTICLES, FLOWS, MEMBERSHIPS, RUNS
from pipeline.store.warehouse import Warehouse
from tests.conftest import published
from tests.faulty import BadLuckError
from tests.world import DAYS, Killed, World, be_quick


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """Two days that were run."""
    be_quick(monkeypatch)
    monkeypatch.setattr(versions, "RULES", dict(versions.RULES))
    world = World(tmp_path)
    world.put(DAYS[0], "a.jsonl", [0, 8])
    world.put(DAYS[1], "a.jsonl", [1, 2, 13])
    for day in DAYS[:2]:
        run.run_day(world.desk(), day)
    return world


def begun(world: World) -> Day:
    """A run of the second day, with the tables that stand."""
    desk = world.desk()
    view = inputs.view(desk.warehouse, desk.settings, DAYS[1])
    made = Day(DAYS[1], "", view.digests | {f"raw/{DAYS[1]}": "others"}, inputs.recipe(desk.settings))
    made.tables.articles = desk.warehouse.read(ARTICLES, DAYS[1])
    made.tables.memberships = desk.warehouse.read(MEMBERSHIPS, DAYS[1])
    return made


def test_a_run_of_other_documents_goes_by_the_last_one(world: World) -> None:
    made = begun(world)
    last = last_run(world.desk().warehouse, made)

    assert last is not None
    same = last.same_articles(made.tables.articles)
    assert same is not None
    assert sorted(made.tables.articles["article_id"].to_pylist()) == sorted(same.to_pylist())
    made.last = last
    others = moved(made)
    assert others is not None
    assert [] == others.ids.to_pylist() == others.groups("copy_id").to_pylist()


def test_articles_that_stand_as_the_last_run_left_them_are_not_read_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = begun(world)
    last = last_run(world.desk().warehouse, made)
    assert last is not None
    monkeypatch.setattr(reuse, "standing_rows", None)

    same = last.same_articles(made.tables.articles)

    assert same is not None
    assert made.tables.articles["article_id"].to_pylist() == same.to_pylist()


def test_a_day_out_of_which_documents_were_taken_is_no_last_run(world: World) -> None:
    """What follows from the others may have followed from them."""
    warehouse, made = world.desk().warehouse, begun(world)
    run = warehouse.manifest(RUNS, DAYS[1])
    assert run is not None
    warehouse.note(RUNS, DAYS[1], replace(run, notes={**run.notes, "landing": ""}))

    assert last_run(warehouse, made) is None


def test_the_group_of_an_article_that_came_or_went_has_changed(world: World) -> None:
    made = begun(world)
    made.last, tables = last_run(world.desk().warehouse, made), made.tables
    whole, gone = tables.memberships, tables.memberships["copy_id"][0].as_py()
    tables.articles, tables.memberships = tables.articles.slice(1), whole.slice(1)
    went = moved(made)
    warehouse = world.desk().warehouse
    warehouse.publish(MEMBERSHIPS, DAYS[1], tables.memberships)
    ran = warehouse.manifest(RUNS, DAYS[1])
    assert ran is not None
    digests = {**ran.notes["digests"], MEMBERSHIPS.name: warehouse.digest(MEMBERSHIPS, DAYS[1])}
    warehouse.annotate(RUNS, DAYS[1], {**ran.notes, "digests": digests})
    tables.articles, tables.memberships = begun(world).tables.articles, whole
    made.last = last_run(warehouse, made)
    came = moved(made)

    assert went is not None
    assert came is not None
    assert [gone] == went.groups("copy_id").to_pylist() == came.groups("copy_id").to_pylist()
    assert whole["article_id"].to_pylist()[:1] == went.ids.to_pylist() == came.ids.to_pylist()


def test_another_window_other_rules_and_no_run_are_no_last_run(world: World) -> None:
    warehouse = world.desk().warehouse
    other_window, other_rules = begun(world), begun(world)
    other_window.inputs[f"articles/{DAYS[0]}"] = "another"
    versions.RULES["copies"] += 1
    other_rules.recipe = inputs.recipe(world.desk().settings)

    assert last_run(warehouse, other_window) is None
    assert last_run(warehouse, other_rules) is None
    assert last_run(warehouse, Day(DAYS[3], "")) is None


def test_tables_of_another_run_are_not_taken(world: World) -> None:
    """A run that broke off has left its articles beside the places of the one before."""
    made, warehouse = begun(world), world.desk().warehouse
    last = last_run(warehouse, made)
    assert last is not None
    warehouse.publish(ARTICLES, DAYS[1], made.tables.articles.slice(1), dict(last.inputs))

    assert last.table(ARTICLES) is None
    made.last = last
    assert moved(made) is None


def test_a_table_that_is_as_the_last_run_made_it_is_taken_whoever_wrote_it(world: World) -> None:
    made, warehouse = begun(world), world.desk().warehouse
    last = last_run(warehouse, made)
    warehouse.publish(ARTICLES, DAYS[1], made.tables.articles, {"articles": "of another run"})

    assert last is not None
    assert last.table(ARTICLES) is not None


def _raise(*_arguments: object, **_named: object) -> None:
    raise BadLuckError


def _kill_before_the_run_is_noted(
    warehouse: Warehouse, contract: Contract, *arguments: Any, **named: Any
) -> Any:
    if contract is RUNS:
        raise Killed
    return _publish(warehouse, contract, *arguments, **named)


_publish = Warehouse.publish


def test_a_faulty_attempt_that_never_ended_is_not_taken_for_the_clean_run_before_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It read the same documents, so its tables stand as of the same inputs; nothing noted that a stage had failed."""
    warehouse = world.desk().warehouse
    for contract in (FLOWS, MEMBERSHIPS):  # so that they are made again
        warehouse.storage.delete(warehouse.path(contract, DAYS[1]))
    with monkeypatch.context() as patch:
        patch.setattr(follow, "_member", _raise)
        patch.setattr(faults, "refuse_broken", lambda *_: None)
        patch.setattr(accounts, "refuse_broken", lambda *_: None)
        patch.setattr(Warehouse, "publish", _kill_before_the_run_is_noted)
        with pytest.raises(Killed):
            run.run_day(world.desk(), DAYS[1])
    world.put(DAYS[1], "late.jsonl", [5])  # in another group than that of the flows
    run.run_day(world.desk(), DAYS[1])
    for day in DAYS[:2]:
        run.run_day(world.desk(warehouse="beside"), day)

    assert published(world.root / "beside") == published(world.root / "warehouse")
