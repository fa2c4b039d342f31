"""Stories as known now: each day's share in them, and what a run owes to days before it."""

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from pipeline.day import run, story_partitions
from pipeline.model.contract import Contract
from pipeline.model.internal_tables import MEMBERS
from pipeline.model.tables import MEMBERSHIPS, RUNS, STORIES
from pipeline.store import layout
from pipeline.store.warehouse import Warehouse
from tests.conftest import published
from tests.world import DAYS, World, be_quick


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """Two days that were run: the second has members in a story of the first, and a story of its own."""
    be_quick(monkeypatch)
    world = World(tmp_path)
    world.put(DAYS[0], "a.jsonl", [0, 5])
    world.put(DAYS[1], "a.jsonl", [1, 8])
    for day in DAYS[:2]:
        run.run_day(world.desk(), day)
    return world


def test_a_days_shares_are_told_apart_by_the_first_day_of_the_story(world: World) -> None:
    """Each is a digest of just those members."""
    members = world.desk().warehouse.read(MEMBERS, DAYS[1])
    firsts = [story[:8] for story in members["story_id"].to_pylist()]

    shares = story_partitions.shares(members)

    assert {f"{date.fromisoformat(first)}" for first in firsts} == set(shares)
    assert 2 == len(set(shares.values()))
    assert shares == story_partitions.shares_of(world.desk().warehouse.manifest(MEMBERSHIPS, DAYS[1]))


def test_a_run_that_changes_nothing_owes_nothing(world: World) -> None:
    warehouse = world.desk().warehouse
    shares = story_partitions.shares(warehouse.read(MEMBERS, DAYS[1]))

    assert [] == story_partitions.owed(warehouse, DAYS[1], shares)


def test_a_share_that_is_taken_back_is_owed_to_the_day_on_which_its_story_began(world: World) -> None:
    """Without it, the story would keep members that are no articles any more."""
    warehouse = world.desk().warehouse
    shares = story_partitions.shares(warehouse.read(MEMBERS, DAYS[1]))
    kept = {first: share for first, share in shares.items() if first != str(DAYS[0])}

    assert [str(DAYS[0])] == story_partitions.owed(warehouse, DAYS[1], kept)


def test_what_a_broken_run_left_unsettled_is_owed_again(world: World) -> None:
    """The partition of stories was lost after the run noted that it owes it."""
    warehouse = world.desk().warehouse
    warehouse.storage.delete(warehouse.path(STORIES, DAYS[0]))
    shares = story_partitions.shares(warehouse.read(MEMBERS, DAYS[1]))

    assert [str(DAYS[0])] == story_partitions.owed(warehouse, DAYS[1], shares)


def test_a_story_in_which_only_scores_are_others_is_not_summarised_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever comes to a day moves scores of its other articles a little; what a story says stays."""
    world.put(DAYS[1], "b.jsonl", [12])
    run.run_day(desk := world.desk(), DAYS[1])
    before, standing = (desk.warehouse.read(c, d) for c, d in ((STORIES, DAYS[0]), (MEMBERS, DAYS[1])))
    rows = [row | {"story_score": 0.125} if row["kind"] == "report" else row for row in standing.to_pylist()]
    members, summarised = MEMBERS.table(rows), []
    differs = story_partitions.difference(desk.warehouse, DAYS[1], members)
    assert differs
    assert ([], 1) == (differs.stories.to_pylist(), len(differs.rescored))

    def summarise(some: pa.Table) -> pa.Table:
        summarised.extend(some["article_id"].to_pylist())
        return STORIES.empty()

    monkeypatch.setattr(story_partitions.summary, "summarise", summarise)
    desk.warehouse.publish(MEMBERS, DAYS[1], members)
    shares = story_partitions.shares(members)
    owed = story_partitions.owed(desk.warehouse, DAYS[1], shares)
    changed = story_partitions.publish_stories(desk.warehouse, desk.engine, DAYS[1], owed, shares, differs)

    after = desk.warehouse.read(STORIES, DAYS[0])
    assert ([f"stories/{DAYS[0]}"], []) == (changed, summarised)
    assert 0.125 in after["weakest_score"].to_pylist()
    said = [n for n in STORIES.names if n not in {"mean_score", "weakest_score"}]
    assert before.select(said) == after.select(said)


def test_stories_that_are_settled_again_come_out_with_the_same_bytes(world: World) -> None:
    """They follow from the stored members of all their days, whichever of the days settles them."""
    before = published(world.root / "warehouse")
    desk = world.desk()
    for day in DAYS[:2]:
        desk.warehouse.storage.delete(desk.warehouse.path(STORIES, DAYS[0]))
        shares = story_partitions.shares(desk.warehouse.read(MEMBERS, day))
        owed = story_partitions.owed(desk.warehouse, day, shares)

        changed = story_partitions.publish_stories(desk.warehouse, desk.engine, day, owed, shares)

        assert [f"stories/{DAYS[0]}"] == changed
        assert before == published(world.root / "warehouse")


def test_what_a_day_contributes_is_read_once_for_all_partitions(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A late file that touches the stories of two days."""
    scanned: list[date] = []
    scan = Warehouse.scan

    def counting(self: Warehouse, contract: Contract, days: list[date], *more: Any, **named: Any) -> Any:
        scanned.extend(days if contract is MEMBERS else ())
        return scan(self, contract, days, *more, **named)

    world.put(DAYS[1], "late.jsonl", [2, 9])
    with monkeypatch.context() as patch:
        patch.setattr(Warehouse, "scan", counting)
        report = run.run_day(world.desk(), DAYS[1])

    assert {f"stories/{day}" for day in DAYS[:2]} <= set(report.changed)
    assert list(DAYS[:2]) == sorted(scanned)


@pytest.mark.parametrize("is_known", [True, False])
def test_shares_of_other_days_are_told_by_the_manifests_of_one_run(
    world: World, monkeypatch: pytest.MonkeyPatch, is_known: bool
) -> None:
    """Where they are not of one run, the members are read, and the stories are the same."""
    digested, shares, warehouse = set[date](), story_partitions.shares, world.desk().warehouse
    world.put(DAYS[1], "late.jsonl", [2, 9])
    if not is_known:
        warehouse.storage.delete(layout.manifest(RUNS, DAYS[0]))

    def noted(members: pa.Table) -> dict[str, str]:
        digested.update(members["ingest_date"].to_pylist())
        return shares(members)

    with monkeypatch.context() as patch:
        patch.setattr(story_partitions, "shares", noted)
        run.run_day(world.desk(), DAYS[1])

    assert ({DAYS[1]} if is_known else set(DAYS[:2])) == digested
    parts = {str(day): shares(warehouse.read(MEMBERS, day)) for day in DAYS[:2]}
    for first in DAYS[:2]:
        manifest = warehouse.manifest(STORIES, first)
        told = {day: digests[str(first)] for day, digests in parts.items() if str(first) in digests}
        assert manifest is not None
        assert told == manifest.inputs
