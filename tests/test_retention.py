"""Retention: texts go, ids and stories stay, and nothing that is left can be made again by halves."""

import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.app.cli import app
from pipeline.app.rejects import rejects
from pipeline.day import inputs, run
from pipeline.explain.explain import find_article
from pipeline.extract import batch
from pipeline.model.contract import Contract
from pipeline.model.errors import HeldError, MissingInputError, SettingsError
from pipeline.model.tables import ADDITIONS, ARTICLES, LINKS, MEMBERSHIPS, REJECTS, RUNS, STORIES
from pipeline.search.build import build
from pipeline.store import layout, notes
from pipeline.store.storage import filler
from pipeline.upkeep import repair, retention, status
from pipeline.upkeep.reasons import Why
from tests.conftest import published
from tests.world import DAYS, World, at_once

TODAY = DAYS[-1] + timedelta(days=1)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """Five days with windows of one day: what is made of a day reads two days before it."""
    monkeypatch.setattr(batch, "guard", at_once)
    monkeypatch.setattr(os, "fsync", lambda _: None)
    world = World(tmp_path)
    world.settings["window_days"] = 1
    for n, day in enumerate(DAYS):
        world.put(day, "a.jsonl", [n, n + 5])
        run.run_day(world.desk(), day)
    return world


def retire(world: World, keep_days: int = 3) -> None:
    desk = world.desk()
    first = retention.due(desk.warehouse, desk.settings, keep_days, TODAY)
    retention.retire(desk.warehouse, first, desk.settings.window_days)


def pages(world: World) -> list[str]:
    return sorted(path.name for path in (world.root / "warehouse" / layout.REPORTS).iterdir())


def days(world: World, contract: Contract) -> list[date]:
    return [day for day in DAYS if world.desk().warehouse.has(contract, day)]


def reasons(world: World, day: date) -> tuple[str, ...]:
    (found,) = status.status(world.desk(), [day])
    return (found.state, *map(str, found.reasons))


def test_texts_go_and_memberships_stories_and_runs_stay(world: World) -> None:
    retire(world)

    assert [DAYS[2:]] * 4 == [days(world, c) for c in (ARTICLES, LINKS, ADDITIONS, REJECTS)]
    assert [DAYS] * 3 == [days(world, c) for c in (MEMBERSHIPS, STORIES, RUNS)]


def test_what_is_left_is_fresh_and_a_repair_touches_nothing(world: World) -> None:
    retire(world)
    before = published(world.root / "warehouse")

    assert ("fresh", str(Why.RETIRED.of())) == reasons(world, DAYS[1])
    assert [("fresh",)] * 3 == [reasons(world, day) for day in DAYS[2:]]
    assert [] == repair.plan(world.desk(), DAYS)
    assert [] == list(repair.repair(world.desk(), DAYS))
    assert before == published(world.root / "warehouse")


def test_late_documents_of_a_day_that_reads_retired_ones_change_nothing(world: World) -> None:
    """They show in its state, and a run of the day is refused: it would find half of its window."""
    retire(world)
    world.put(DAYS[3], "late.jsonl", [4])

    assert ("stale", str(Why.CLOSED.of()), "raw documents") == reasons(world, DAYS[3])
    assert ["keep"] == [step.action for step in repair.plan(world.desk(), DAYS)]
    with pytest.raises(MissingInputError, match="can't be made again"):
        run.run_day(world.desk(), DAYS[3])


def test_the_newest_day_can_still_be_made_again(world: World) -> None:
    retire(world)
    world.put(DAYS[4], "late.jsonl", [4])

    assert [DAYS[4]] == [made.day for _, made in repair.repair(world.desk(), DAYS)]
    assert ("fresh",) == reasons(world, DAYS[4])


def test_fewer_days_than_three_windows_are_refused(world: World) -> None:
    with pytest.raises(SettingsError, match="less than 3 windows, 3 days"):
        retire(world, keep_days=2)
    with pytest.raises(SettingsError, match="0 keeps the texts of all days; say how many days keep theirs"):
        retire(world, keep_days=0)
    assert DAYS == days(world, ARTICLES)


def test_keeping_more_days_later_brings_nothing_back_and_loses_nothing_more(world: World) -> None:
    retire(world)
    retire(world, keep_days=5)

    assert DAYS[2] == notes.retired_before(world.desk().warehouse)
    assert DAYS[2:] == days(world, ARTICLES)


def test_a_retirement_that_broke_off_is_safe_and_the_next_one_ends_it(world: World) -> None:
    """The mark stands first: half of the files are gone, and no day counts as damaged."""
    desk = world.desk()
    first = retention.due(desk.warehouse, desk.settings, 3, TODAY)
    notes.mark(desk.warehouse, first)
    next(retention.texts_before(desk.warehouse, first, desk.settings.window_days)).remove()

    assert [] == repair.plan(world.desk(), DAYS)
    retire(world)
    assert DAYS[2:] == days(world, ARTICLES)


@pytest.mark.parametrize("slip", [TODAY, date(2062, 3, 5)])
def test_a_day_that_is_not_over_pushes_no_other_out(world: World, slip: date) -> None:
    """It was published by an earlier version, or by who has another date."""
    world.put(slip, "a.jsonl", [9])
    run.run_day(world.desk(), slip)

    retire(world, keep_days=4)

    assert DAYS[1:] == days(world, ARTICLES)


def test_empty_days_push_no_other_out(world: World) -> None:
    for n in range(1, 4):
        run.run_day(world.desk(), DAYS[-1] + timedelta(days=n))
    desk = world.desk()

    assert DAYS[2] == retention.due(desk.warehouse, desk.settings, 3, TODAY + timedelta(days=9))


def test_fewer_days_than_are_kept_retire_nothing(world: World) -> None:
    retire(world, keep_days=6)

    assert DAYS == days(world, ARTICLES)


def test_more_than_a_fifth_of_the_days_are_not_retired_without_consent(world: World) -> None:
    warehouse = world.desk().warehouse

    retention.refuse_most(warehouse, DAYS[1], 4)
    with pytest.raises(HeldError, match="the texts of 2 of 5 days would be removed for good") as held:
        retention.refuse_most(warehouse, DAYS[2], 3, ["env/bin/newsfold"])
    assert f"anyway: env/bin/newsfold retire --most --keep-days 3 --warehouse {warehouse.storage.uri}" in str(
        held.value
    )


@pytest.mark.parametrize(("consent", "said"), [([], False), (["--most"], True)])
def test_only_a_retirement_that_is_done_says_what_was_removed(
    world: World, monkeypatch: pytest.MonkeyPatch, consent: list[str], said: bool
) -> None:
    monkeypatch.setenv("NEWSFOLD_WINDOW_DAYS", "1")
    where = ["--warehouse", str(world.root / "warehouse")]
    done = CliRunner().invoke(app, ["retire", *where, "--keep-days", "3", *consent])

    assert said == ("removed" in done.output)
    assert said == (done.exit_code == 0)
    assert (DAYS[2:] if said else DAYS) == days(world, ARTICLES)


def test_pages_that_may_quote_retired_texts_go_too(world: World) -> None:
    """Of retired days, of the window after them, and of later days with a story that began on a retired one: it may be far back."""
    warehouse = world.desk().warehouse
    rows = warehouse.read(MEMBERSHIPS, DAYS[4]).to_pylist()
    rows[0]["story_id"] = warehouse.read(MEMBERSHIPS, DAYS[0])["story_id"][0].as_py()
    warehouse.publish(MEMBERSHIPS, DAYS[4], MEMBERSHIPS.table(rows))
    for path in (*map(layout.report, DAYS), *map(layout.page, DAYS), f"{layout.REPORTS}/notes.md"):
        warehouse.storage.replace(path, filler(b"as it was told"))
    for _ in range(2):
        retire(world)
        assert [f"{DAYS[3]}.html", f"{DAYS[3]}.md", "notes.md"] == pages(world)


def test_a_page_of_a_day_of_which_nothing_is_known_goes(world: World) -> None:
    unknown = DAYS[-1] + timedelta(days=9)
    world.desk().warehouse.storage.replace(layout.page(unknown), filler(b"as it was told"))
    retire(world)

    assert [] == pages(world)


def test_a_day_without_a_run_is_never_fresh(world: World) -> None:
    """Its texts were not retired, there were none: it is missing, and can't be made any more."""
    retire(world)
    before = DAYS[0] - timedelta(days=3)
    world.put(before, "a.jsonl", [3])

    assert ("missing", str(Why.CLOSED.of())) == reasons(world, before)
    assert ["keep"] == [step.action for step in repair.plan(world.desk(), [before])]


def test_a_run_of_many_days_leaves_out_those_that_can_not_be_made_again(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Else no later day would be run, since every run of all days begins with them. Alone, the run itself refuses one."""
    retire(world)
    desk = world.desk()
    first = inputs.closed_before(desk.settings, notes.retired_before(desk.warehouse))
    left = [day for day in DAYS if day >= first]
    closed = DAYS[: -len(left)]

    assert left == status.without_settled(desk, DAYS)
    assert f"since texts were retired: {closed[0]} to {closed[-1]}" in caplog.text
    assert [DAYS[0]] == status.without_settled(desk, [DAYS[0]])
    with pytest.raises(MissingInputError, match="none of these days can be run"):
        status.without_settled(desk, closed)


def test_what_went_with_the_texts_is_not_said_to_have_never_been(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    (lost,) = {row["article_id"] for row in world.desk().warehouse.read(ARTICLES, DAYS[0]).to_pylist()[:1]}
    retire(world)

    with pytest.raises(MissingInputError, match=r"texts of days before .* were retired"):
        find_article(world.desk().warehouse, lost)
    assert "its texts were retired" == next(build(world.desk().warehouse, [DAYS[0]])).outcome
    rejects(world.desk(), [], None, 1)
    assert "not counted, retired with the texts: rejects of" in caplog.text
