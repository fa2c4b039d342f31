"""A day that one process made and another publishes."""

import json
from pathlib import Path

import pytest

from pipeline.day import publish, run
from pipeline.day.staged import pick_up, put_down
from pipeline.engines.faults import Fault
from pipeline.model.errors import MissingInputError
from pipeline.store.storage import filler
from tests.conftest import published
from tests.world import DAYS, World, be_quick


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    be_quick(monkeypatch)
    world = World(tmp_path)
    world.put(DAYS[0], "a.jsonl", [0, 5, 8, 10])
    return world


def test_a_staged_day_is_published_as_if_it_had_not_been_staged(world: World) -> None:
    """With its manifests: what it was made from, too."""
    run.run_day(world.desk(warehouse="expected"), DAYS[0])
    desk = world.desk()
    key = put_down(desk.warehouse.storage, run.cluster_day(desk, DAYS[0]))

    publish.publish_day(desk, pick_up(desk.warehouse.storage, key))

    notes = [
        json.loads((world.root / name / f"_meta/manifests/articles/day={DAYS[0]}.json").read_text())["notes"]
        for name in ("expected", "warehouse")
    ]
    assert published(world.root / "expected") == published(world.root / "warehouse")
    assert notes[0] == notes[1] != {}


def test_the_faults_of_a_day_are_staged_with_it(world: World) -> None:
    """They are listed in its run, however it is published."""
    made = run.cluster_day(desk := world.desk(), DAYS[0])
    first, *_ = made.tables.articles["article_id"].to_pylist()
    made.faults = {Fault(first, None, "weigh", "IndexError"), Fault(first, "earlier", "verify", "KeyError")}
    key = put_down(desk.warehouse.storage, made)

    picked = pick_up(desk.warehouse.storage, key)
    row = publish.publish_day(desk, picked).row

    assert made.faults == picked.faults
    assert [("verify", "earlier"), ("weigh", None)] == [
        (f["stage"], f["other_id"]) for f in reversed(row["stage_faults"])
    ]


def test_days_that_were_made_from_other_documents_are_staged_apart(world: World) -> None:
    """Two runs read the same raw documents; in one of them a document met a cap of the machine."""
    desk = world.desk()
    one, other = (run.cluster_day(desk, DAYS[0]) for _ in range(2))
    other.fingerprints = dict.fromkeys(other.fingerprints, "of other rows")

    keys = {put_down(desk.warehouse.storage, made) for made in (one, other)}

    assert 2 == len(keys)


def test_a_day_that_another_newsfold_staged_with_other_fields_is_as_if_it_were_not_staged(
    world: World,
) -> None:
    """What it was made from is not known, so it must not be published: its cluster step runs again."""
    desk = world.desk()
    key = put_down(storage := desk.warehouse.storage, run.cluster_day(desk, DAYS[0]))
    path = f"_meta/staging/{key}/day.json"
    staged = json.loads(storage.read(path))
    staged["marks"] = staged.pop("recipe")
    storage.replace(path, filler(json.dumps(staged).encode()))

    with pytest.raises(MissingInputError, match="run its cluster step again"):
        pick_up(storage, key)


def test_a_day_that_is_not_staged_is_named(world: World) -> None:
    with pytest.raises(MissingInputError, match="no staged day x"):
        pick_up(world.desk().warehouse.storage, "x")
