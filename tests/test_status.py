"""What `status` sees."""

import json
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.day import inputs
from pipeline.day.desk import WorkDesk
from pipeline.day.run import run_day
from pipeline.extract import batch
from pipeline.model import versions
from pipeline.model.internal_tables import LINES, MEMBERS
from pipeline.model.tables import ARTICLES, MEMBERSHIPS, RUNS, STORIES
from pipeline.store.local import LocalStorage
from pipeline.store.warehouse import Warehouse
from pipeline.text import lexicon
from pipeline.upkeep import repair, status
from pipeline.upkeep.reasons import Why
from pipeline.upkeep.status import State
from tests.conftest import DAY, deliver, published
from tests.topics import document
from tests.world import DAYS, Killed, World, at_once


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """Two days that were run; the second has a part in a story of the first."""
    monkeypatch.setattr(batch, "guard", at_once)
    monkeypatch.setattr(os, "fsync", lambda _: None)
    monkeypatch.setattr(versions, "RULES", dict(versions.RULES))
    world = World(tmp_path)
    world.put(DAYS[0], "a.jsonl", [0, 5])
    world.put(DAYS[1], "a.jsonl", [1, 8])
    for day in DAYS[:2]:
        run_day(world.desk(), day)
    return world


def found(world: World, day: date) -> status.Status:
    desk = world.desk()
    return status.check(desk.landing, desk.warehouse, desk.settings, day)


def test_what_was_run_is_fresh(world: World) -> None:
    assert [found(world, day).state for day in DAYS[:2]] == [State.FRESH] * 2


def test_a_late_file_is_seen(world: World) -> None:
    world.put(DAYS[0], "late.jsonl", [3])

    assert (found(world, DAYS[0]).state, found(world, DAYS[0]).reasons) == (
        State.STALE,
        (Why.RAW_DOCUMENTS.of(),),
    )


def test_a_day_whose_raw_documents_are_all_gone_is_told_apart_and_kept(world: World) -> None:
    """Repair leaves it as published unless it is told otherwise."""
    world.remove(DAYS[1], "a.jsonl")
    before = published(world.root / "warehouse")

    assert found(world, DAYS[1]).reasons == (Why.ALL_GONE.of(),)
    assert list(repair.repair(world.desk(), DAYS[:2])) == []
    assert [s.action for s in repair.plan(world.desk(), DAYS[:2])] == ["keep"]
    assert before == published(world.root / "warehouse")

    assert [DAYS[1]] == [f.day for f, _ in repair.repair(world.desk(), DAYS[:2], empty=True)]
    assert world.desk().warehouse.read(ARTICLES, DAYS[1]).num_rows == 0


def test_an_empty_day_whose_only_run_failed_is_missing(world: World) -> None:
    """Nothing was delivered and nothing published: that a run began is all there is of it, until it is made."""

    def kill() -> None:
        raise Killed

    with pytest.raises(Killed):
        run_day(world.desk(25, kill), DAYS[3])

    (row,) = [s for s in status.status(world.desk()) if s.day == DAYS[3]]
    assert (row.state, row.reasons) == (State.MISSING, (Why.BEGUN.of(),))
    desk = world.desk()
    known = repair.days_between(desk, None, None)
    assert [DAYS[3]] == [f.day for f, _ in repair.repair(desk, known)]
    assert [State.FRESH] * 3 == [s.state for s in status.status(world.desk())]
    assert [] == list(desk.warehouse.storage.walk("_meta/begun"))


def test_a_changed_setting_is_seen(world: World) -> None:
    world.settings["story_threshold"] = 0.3

    assert found(world, DAYS[0]).reasons == (Why.INPUT.of("settings"),)


def test_changed_rules_are_seen(world: World) -> None:
    versions.RULES["clean"] += 1

    assert found(world, DAYS[0]).reasons == (Why.INPUT.of("rules/clean"),)


def test_a_changed_word_is_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may change what is extracted, cleaned, a correction and told of a story; copies are found without words."""
    german = lexicon.languages()["de"]
    more = replace(german, labels=lexicon.Phrases(german.labels | {"nur heute"}))
    changed = lexicon.digest_of({**lexicon.languages(), "de": more})
    monkeypatch.setattr(lexicon, "digest", lambda: changed)

    stale = {f"rules/{stage}" for stage in ("extract", "clean", "revisions", "stories", "flows", "additions")}
    assert set(map(str, found(world, DAYS[0]).reasons)) == stale


def test_a_cap_that_depends_on_the_machine_is_tried_again(world: World) -> None:
    """A day in which one struck is stale; repair tries it once and does not go on for ever."""
    warehouse = world.desk().warehouse
    run = warehouse.manifest(RUNS, DAYS[0])
    assert run is not None
    warehouse.note(RUNS, DAYS[0], replace(run, notes=run.notes | {"capped": True}))

    assert found(world, DAYS[0]).reasons == (Why.CAPPED.of(),)
    assert len(list(repair.repair(world.desk(), DAYS[:2]))) == 1


@pytest.mark.parametrize("contract", [ARTICLES, LINES, MEMBERS, MEMBERSHIPS, STORIES], ids=lambda c: c.name)
def test_a_lost_file_is_seen_and_made_again(world: World, contract: object) -> None:
    before = published(world.root / "warehouse")
    warehouse = world.desk().warehouse
    warehouse.storage.delete(warehouse.path(contract, DAYS[0]))  # type: ignore[arg-type]

    assert found(world, DAYS[0]).state == State.INCOMPLETE

    list(repair.repair(world.desk(), DAYS[:2]))
    assert before == published(world.root / "warehouse")


def test_a_lost_update_of_a_story_is_seen_from_both_sides(world: World) -> None:
    """Stories and memberships name each other's parts; when they do not match, both days are incomplete."""
    warehouse = world.desk().warehouse
    stories = warehouse.manifest(STORIES, DAYS[0])
    assert stories is not None
    assert {str(d) for d in DAYS[:2]} == set(stories.inputs)
    warehouse.note(STORIES, DAYS[0], replace(stories, inputs={**stories.inputs, str(DAYS[1]): "old"}))

    assert [f"stories/{DAYS[0]} has an old part of {DAYS[1]}"] == list(
        map(str, found(world, DAYS[0]).reasons)
    )
    assert [f"stories/{DAYS[0]} lacks it"] == list(map(str, found(world, DAYS[1]).reasons))


def test_status_names_what_has_changed(desk: WorkDesk) -> None:
    """Missing, fresh and stale days are told apart, a stale one with what changed."""
    days = [DAY, DAY + timedelta(1), DAY + timedelta(2)]
    for day in days:
        deliver(desk, day, document("flood", url=f"https://a.example/{day}"))
    run_day(desk, days[0])
    run_day(desk, days[1])

    assert [State.FRESH, State.FRESH, State.MISSING] == [s.state for s in status.status(desk)]

    deliver(desk, days[0], document("merger"), name="late.jsonl")
    assert [State.STALE, State.FRESH, State.MISSING] == [s.state for s in status.status(desk)]

    run_day(desk, days[0])
    found = status.status(desk)
    assert [State.FRESH, State.STALE, State.MISSING] == [s.state for s in found]
    assert Why.INPUT.of(f"articles/{days[0]}") in found[1].reasons


def test_a_copied_warehouse_is_fresh(world: World) -> None:
    """Files that came from a backup have other versions than their manifests say, but the same rows."""
    for path in (world.root / "warehouse").rglob("*.parquet"):
        data = path.read_bytes()
        path.unlink()
        path.write_bytes(data)

    assert [found(world, day).state for day in DAYS[:2]] == [State.FRESH] * 2


def test_a_changed_file_makes_later_days_stale_and_no_earlier_one(world: World) -> None:
    world.put(DAYS[0], "late.jsonl", [3])
    run_day(world.desk(), DAYS[0])

    assert [found(world, day).state for day in DAYS[:2]] == [State.FRESH, State.STALE]
    assert {f"articles/{DAYS[0]}", f"memberships/{DAYS[0]}"} <= set(map(str, found(world, DAYS[1]).reasons))


def test_status_asks_for_each_manifest_and_version_once_and_opens_no_table(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many windows a day lies in. The days are copies of one, so that each is looked at in full, whatever its state."""
    root, n_days = world.root / "warehouse", 60
    days = [DAYS[1] + timedelta(n) for n in range(1, n_days - 1)]
    for contract in (*inputs.OWN, STORIES):
        for day in days:
            _copy_partition(root, contract.name, day)
    desk = world.desk()
    desk = replace(
        desk,
        warehouse=Warehouse(type(desk.landing)(root)),
        settings=desk.settings.model_copy(update={"window_days": 14}),
    )
    asked = _requests(monkeypatch)

    states = status.status(desk, [*DAYS[:2], *days])

    of_tables = Counter(ask for ask in asked if "day=" in ask[1] and ask[0] in {"read", "version"})
    assert n_days == len(states)
    assert Counter(read=8 * n_days, version=8 * n_days) <= Counter(verb for verb, _ in of_tables)
    assert {1} == set(of_tables.values())
    opened = sorted(path for verb, path in asked if verb == "open")
    assert [f"_meta/index/manifests/2026-0{month}.parquet" for month in (2, 3, 4, 5)] == opened


def _copy_partition(root: Path, table: str, day: date) -> None:
    """Give a day the second day's partition of a table, with its manifest."""
    manifests = root / "_meta" / "manifests" / table
    said = json.loads((manifests / f"day={DAYS[1]}.json").read_bytes()) | {"day": str(day)}
    del said["check"]  # as earlier versions wrote it
    (manifests / f"day={day}.json").write_text(json.dumps(said))
    folder = root / ("_meta/state/" if table in {"lines", "members"} else "") / table
    (folder / f"day={day}").mkdir()
    (folder / f"day={day}" / "part-0.parquet").hardlink_to(folder / f"day={DAYS[1]}" / "part-0.parquet")


def _requests(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Every request to a storage from now on: its verb and path."""
    asked: list[tuple[str, str]] = []

    def counting(verb: str) -> Callable[..., Any]:
        real = getattr(LocalStorage, verb)

        def ask(self: LocalStorage, path: str, *rest: Any, **named: Any) -> Any:
            asked.append((verb, path))
            return real(self, path, *rest, **named)

        return ask

    for verb in ("read", "version", "open"):
        monkeypatch.setattr(LocalStorage, verb, counting(verb))
    return asked
