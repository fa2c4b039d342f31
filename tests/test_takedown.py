"""Takedown: nothing of what was removed is left in the warehouse, whatever became of its day, and nothing else changes."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline.day import inputs, run, staged
from pipeline.model.contract import Contract, Row
from pipeline.model.errors import MissingInputError
from pipeline.model.kinds import Reject
from pipeline.model.removal import Removal, Target
from pipeline.model.tables import ADDITIONS, ARTICLES, MEMBERSHIPS, REJECTS, REVISIONS, RUNS
from pipeline.store import layout, notes
from pipeline.upkeep import gate, repair, retention, status, takedown
from pipeline.upkeep.reasons import Why
from tests import takedowns
from tests.conftest import everything, make_desk, published
from tests.removed_world import (
    COPY,
    MARKER,
    ORIGIN,
    OTHERS,
    REMOVAL,
    REPORT,
    REPORT_ADDRESS,
    deliver,
    repaired,
    small,
    take_back,
    take_down,
    traces,
)
from tests.sharded import ShardedEngine
from tests.world import DAYS, World


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    return small(tmp_path, monkeypatch)


def reasons(world: World) -> list[tuple[str, ...]]:
    """Of each day, its state and why."""
    return [(one.state, *map(str, one.reasons)) for one in status.status(world.desk())]


def clean_pass(world: World) -> dict[str, bytes]:
    """What one pass gives in a warehouse of its own with the same list."""
    desk = world.desk(warehouse="clean")
    takedowns.repeat_in(world, desk)
    for day in repair.days_between(desk, None, None):
        run.run_day(desk, day)
    return published(world.root / "clean")


def read(world: World, contract: Contract, day: date) -> list[Row]:
    return world.desk().warehouse.read(contract, day).to_pylist()


def test_after_a_repair_no_file_of_the_warehouse_holds_what_was_removed(world: World) -> None:
    assert len(traces(world.root / "warehouse")) > 8, "before, it is everywhere"

    take_down(world, REMOVAL)
    repaired(world)

    assert [] == traces(world.root / "warehouse")
    assert clean_pass(world) == published(world.root / "warehouse")


def test_only_days_that_hold_it_are_stale_and_what_follows_from_them_is_made_again(world: World) -> None:
    take_down(world, REMOVAL)
    because = ("stale", str(Why.REMOVALS.of()))

    assert [because, because, ("fresh",), ("fresh",), ("fresh",)] == reasons(world)
    assert DAYS[:4] == repaired(world), "the window of one day is read for two days"
    assert [("fresh",)] * 5 == reasons(world)


def test_a_removal_that_names_nothing_makes_no_day_stale_and_is_looked_up_once(world: World) -> None:
    take_down(world, Removal(Target.ADDRESS, "https://herald.example/other"))
    before = published(world.root / "warehouse")

    assert [("fresh",)] * 5 == reasons(world)
    assert [] == repaired(world)
    assert before == published(world.root / "warehouse")
    for segment in (world.root / "warehouse/_meta/state/extracted").rglob("*.parquet"):
        segment.write_bytes(b"")
    assert [("fresh",)] * 5 == reasons(world), "nobody looks again"


def test_it_becomes_a_reject_that_says_no_more_than_that(world: World) -> None:
    take_down(world, REMOVAL)
    repaired(world)
    (row,) = (row for row in read(world, REJECTS, DAYS[0]) if row["reason"] == Reject.REMOVED)

    assert (f"day={DAYS[0]}/a.jsonl#1", "extract", None) == (row["raw_ref"], row["stage"], row["detail"])
    assert (2, 1, 1) == tuple(read(world, RUNS, DAYS[0])[0][n] for n in ("n_raw", "n_rejects", "n_articles"))


def test_a_copy_then_begins_its_own_group_as_if_the_origin_had_never_been_delivered(world: World) -> None:
    place = next(row for row in read(world, MEMBERSHIPS, DAYS[1]) if row["kind"] == "excerpt")
    take_down(world, REMOVAL)
    repaired(world)
    (again,) = (row for row in read(world, MEMBERSHIPS, DAYS[1]) if row["article_id"] == place["article_id"])
    with_list = {
        path: data for path, data in published(world.root / "warehouse").items() if "memberships" in path
    }

    take_back(world)
    deliver(world, DAYS[0], OTHERS[0])
    deliver(world, DAYS[1], OTHERS[1], COPY)
    repaired(world)

    assert str(place["copy_id"]).startswith(f"{DAYS[0]:%Y%m%d}")
    assert ("origin", again["article_id"]) == (again["kind"], again["copy_id"])
    assert with_list == {
        p: data for p, data in published(world.root / "warehouse").items() if "memberships" in p
    }


def test_taken_back_it_is_published_again_as_before(world: World) -> None:
    before = published(world.root / "warehouse")
    take_down(world, REMOVAL)
    repaired(world)
    take_back(world)

    assert [("stale", str(Why.REMOVALS.of()))] * 2 == reasons(world)[:2]
    repaired(world)
    assert before == published(world.root / "warehouse")


def test_most_of_a_day_may_be_removed_without_being_held_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.upkeep.quality.LEAST_LOST", 1)
    take_down(world, Removal(Target.OUTLET, "post.example"))
    repaired(world)

    assert {} == notes.held(world.desk().warehouse)
    assert [] == read(world, ARTICLES, DAYS[3])


def test_a_removed_day_is_left_out_of_many_and_refused_alone(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    desk = world.desk()
    take_down(world, Removal(Target.DAY, str(DAYS[1])))

    assert [DAYS[0], DAYS[2]] == status.without_settled(desk, DAYS[:3])
    assert f"left out, removed: {DAYS[1]}" in caplog.text
    assert [DAYS[1]] == status.without_settled(desk, [DAYS[1]])
    with pytest.raises(MissingInputError, match="was removed"):
        run.run_day(desk, DAYS[1])


def test_documents_that_come_later_are_left_out_too(world: World) -> None:
    take_down(world, REMOVAL)
    repaired(world)
    deliver(world, DAYS[4], OTHERS[4], {**ORIGIN, "url": f"{ORIGIN['url']}?utm_medium=mail"})
    run.run_day(world.desk(), DAYS[4])

    assert [] == traces(world.root / "warehouse")
    assert [("fresh",)] * 5 == reasons(world)


def test_a_run_that_is_under_way_does_not_publish_what_is_removed_meanwhile(world: World) -> None:
    deliver(world, DAYS[0], ORIGIN, OTHERS[0], OTHERS[5])
    run.run_day(world.desk(), DAYS[0], lambda _made: take_down(world, REMOVAL))

    assert not [path for path in traces(world.root / "warehouse") if str(DAYS[0]) in path]


def test_the_engine_does_not_matter(world: World) -> None:
    take_down(world, REMOVAL, Removal(Target.OUTLET, "post.example"))
    desk = make_desk(world.root, ShardedEngine(), warehouse="sharded", **world.settings)
    takedowns.repeat_in(world, desk)
    for day in DAYS:
        run.run_day(desk, day)

    assert clean_pass(world) == published(world.root / "sharded")


# --- days that are not made again ---------------------------------------------------------------------------------------


def test_it_goes_from_a_day_whose_documents_are_gone_from_the_landing_zone(world: World) -> None:
    for day in DAYS[:2]:
        world.remove(day, "a.jsonl")
    others = {row["article_id"]: row for row in read(world, MEMBERSHIPS, DAYS[1])}
    take_down(world, REMOVAL)
    assert [Why.ALL_GONE.of()] * 2 == [one.reasons[0] for one in status.status(world.desk(), DAYS[:2])]
    assert ["strike"] * 2 == [step.action for step in repair.plan(world.desk(), DAYS)][:2]

    repaired(world)

    assert [] == traces(world.root / "warehouse")
    assert [] == read(world, REVISIONS, DAYS[1])
    places = read(world, MEMBERSHIPS, DAYS[1])
    assert 2 == len(places)
    assert [others[row["article_id"]] for row in places] == places, "no id moves"
    (counted,) = read(world, RUNS, DAYS[0])
    assert (2, 1, 1) == tuple(counted[n] for n in ("n_raw", "n_rejects", "n_articles"))
    assert [("stale", str(Why.ALL_GONE.of()))] * 2 == [row[:2] for row in reasons(world)[:2]]
    assert ["keep"] * 2 == [step.action for step in repair.plan(world.desk(), DAYS)][:2]


def test_every_table_of_a_day_that_names_articles_is_struck() -> None:
    """One that is added later, too."""
    naming = {one for one in inputs.OWN if any(name.endswith("article_id") for name in one.names)}

    assert naming == takedown._NAMING.keys()
    assert all(set(columns) <= set(one.names) for one, columns in takedown._NAMING.items())


def test_what_it_added_to_its_story_goes_from_a_day_that_stays(world: World) -> None:
    world.settings["story_threshold"] = 0.1  # texts of a few sentences
    deliver(world, DAYS[1], REPORT, name="b.jsonl")
    repaired(world)
    [added] = read(world, ADDITIONS, DAYS[1])
    assert any(MARKER in sentence for sentence in added["adds"])
    for name in ("a.jsonl", "b.jsonl"):
        world.remove(DAYS[1], name)
    take_down(world, REMOVAL, Removal(Target.ADDRESS, REPORT_ADDRESS))
    repaired(world)

    assert [] == read(world, ADDITIONS, DAYS[1])
    [counted] = read(world, RUNS, DAYS[1])
    assert 0 == counted["n_reports"]
    hidden = REPORT_ADDRESS.encode()  # which the list names
    assert [] == [
        path
        for path in traces(world.root / "warehouse")
        if hidden not in (world.root / "warehouse" / path).read_bytes()
    ]


def test_a_struck_day_is_made_again_when_its_documents_come_back(world: World) -> None:
    landing, away = world.root / "landing", world.root / "away"
    (landing / f"day={DAYS[0]}").rename(away)
    take_down(world, REMOVAL)
    repaired(world)
    away.rename(landing / f"day={DAYS[0]}")
    repaired(world)

    assert clean_pass(world) == published(world.root / "warehouse")


def test_a_later_version_that_quotes_a_removed_article_goes_from_a_day_that_stays(world: World) -> None:
    """The first capture alone is removed, and its day is made again; the next day is not."""
    (article,) = (row for row in read(world, ARTICLES, DAYS[0]) if row["url"] == ORIGIN["url"])
    assert [] != read(world, REVISIONS, DAYS[1])
    world.remove(DAYS[1], "a.jsonl")
    take_down(world, Removal(Target.ARTICLE, str(article["article_id"])))
    repaired(world)

    assert [] == read(world, REVISIONS, DAYS[1])


def retire(world: World, keep_days: int) -> None:
    desk = world.desk()
    first = retention.due(desk.warehouse, desk.settings, keep_days, DAYS[-1] + timedelta(1))
    retention.retire(desk.warehouse, first, desk.settings.window_days)


def test_it_goes_from_retired_days_and_from_days_that_read_them(world: World) -> None:
    """The first two days are retired, two more can't be made again; of all, titles and addresses are left in stories and state."""
    deliver(world, DAYS[2], OTHERS[2], {**ORIGIN, "fetched_at": "2026-03-07T10:00:00Z"})
    repaired(world)
    retire(world, 3)
    left = traces(world.root / "warehouse")
    assert f"stories/day={DAYS[0]}/part-0.parquet" in left
    assert f"articles/day={DAYS[2]}/part-0.parquet" in left

    take_down(world, REMOVAL)
    assert (str(Why.REMOVALS.of()), str(Why.RETIRED.of())) == reasons(world)[0][1:]
    repaired(world)

    assert [] == traces(world.root / "warehouse")
    assert [("fresh", str(Why.RETIRED.of()))] * 2 == reasons(world)[:2]
    assert 1 == len(read(world, MEMBERSHIPS, DAYS[0]))
    assert [] == repaired(world)


def test_it_goes_from_a_day_that_is_held_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.upkeep.quality.LEAST_LOST", 1)
    deliver(world, DAYS[0], {**OTHERS[6], "url": "https://post.example/new"})
    repaired(world)
    assert [DAYS[0]] == list(notes.held(world.desk().warehouse))
    assert traces(world.root / "warehouse")

    take_down(world, REMOVAL)
    repaired(world)

    assert [] == traces(world.root / "warehouse")
    assert [DAYS[0]] == list(notes.held(world.desk().warehouse))


# --- whole days ------------------------------------------------------------------------------------------------------------


def test_of_a_removed_day_nothing_stays_and_nothing_makes_it_again(world: World) -> None:
    day = DAYS[0]
    take_down(world, Removal(Target.DAY, str(day)))
    repaired(world)

    files = [path for path in everything(world.root / "warehouse") if f"day={day}" in path]
    assert [] == files
    assert [] == [
        path for path in (world.root / "warehouse").rglob(f"day={day}*") if path.parent.name != "stories"
    ]
    assert DAYS[1:] == [one.day for one in status.status(world.desk())]
    assert clean_pass(world) == published(world.root / "warehouse")
    with pytest.raises(
        MissingInputError, match=r"was removed; to take that back: newsfold remove --undo --day"
    ):
        run.run_day(world.desk(), day)


def test_a_removed_day_comes_back_with_its_removal_taken_back(world: World) -> None:
    before = published(world.root / "warehouse")
    take_down(world, Removal(Target.DAY, str(DAYS[0])))
    repaired(world)
    take_back(world)
    repaired(world)

    assert before == published(world.root / "warehouse")


# --- what else was made of tables --------------------------------------------------------------------------------------------


def test_staged_days_pages_and_the_exported_catalog_go_with_it(world: World) -> None:
    storage = world.desk().warehouse.storage
    made = run.cluster_day(world.desk(), DAYS[0])
    staged.put_down(storage, made)
    for path in (layout.report(DAYS[0]), layout.page(DAYS[0]), f"{layout.ICEBERG}/data/articles/x.parquet"):
        (world.root / "warehouse" / path).parent.mkdir(parents=True, exist_ok=True)
        (world.root / "warehouse" / path).write_text("a quagmire")
    take_down(world, REMOVAL)
    repaired(world)

    assert [] == traces(world.root / "warehouse")


def test_losses_count_no_document_that_was_removed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.upkeep.quality.LEAST_LOST", 1)
    take_down(world, REMOVAL)
    made = run.cluster_day(world.desk(), DAYS[0])

    assert [] == gate.losses(world.desk().warehouse, made)
