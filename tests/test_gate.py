"""The gate before a publication: it says what would be lost, and lets it go only when somebody consents to exactly that."""

import json
import os
import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest

from pipeline.app import cli
from pipeline.day import run
from pipeline.model import versions
from pipeline.model.removal import Removal, Target
from pipeline.model.tables import ARTICLES, REJECTS
from pipeline.store import notes, removals
from pipeline.upkeep import gate, repair, status
from pipeline.upkeep.reasons import Why
from pipeline.upkeep.status import State
from tests.conftest import published
from tests.gated import DAY, Command, deliver, folder
from tests.world import DAYS, TODAY, World, be_quick


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A day of thirty articles that was run."""
    be_quick(monkeypatch)
    world = World(tmp_path)
    deliver(world, range(30))
    run.run_day(world.desk(), DAY)
    return world


@pytest.fixture
def newsfold(world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """The command line: its exit code and what it says on standard error."""
    monkeypatch.setenv("NEWSFOLD_WINDOW_DAYS", "2")
    monkeypatch.setenv("NEWSFOLD_MIN_WORDS", "4")
    monkeypatch.setenv("NEWSFOLD_WORKERS", "1")
    places = ["--landing", str(world.root / "landing"), "--warehouse", str(world.root / "warehouse")]

    def call(*arguments: str) -> tuple[int, str]:
        given = [] if "--landing" in arguments else places
        monkeypatch.setattr(sys, "argv", ["newsfold", *arguments, *given])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return int(str(ended.value.code or 0)), capsys.readouterr().err

    return call


def state(world: World) -> tuple[State, tuple[str, ...]]:
    (found,) = status.status(world.desk(), [DAY])
    return found.state, tuple(map(str, found.reasons))


def n_articles(world: World) -> int:
    return world.desk().warehouse.read(ARTICLES, DAY).num_rows


@pytest.mark.parametrize("command", [["run", "-q"], ["run", "-q", "--day", str(DAY)], ["repair", "-q"]])
def test_a_day_that_would_lose_most_of_its_articles_is_held_back_until_the_command_that_is_named_is_typed(
    world: World, newsfold: Command, command: list[str]
) -> None:
    before = published(world.root / "warehouse")
    deliver(world, range(25, 35))

    code, said = newsfold(*command)

    assert (4, before) == (code, published(world.root / "warehouse"))
    assert "25 of 30 published articles would be lost; the day would then have 10 articles" in said
    assert "held back:" in state(world)[1][0]
    assert 4 == newsfold("repair", "-q")[0]
    assert 4 == newsfold("repair", "--dry-run")[0]
    assert before == published(world.root / "warehouse")
    typed = shlex.split(str(re.search(r"newsfold (repair --held.*)", said)[1]))  # type: ignore[index]
    assert (0, "") == newsfold(*typed, "-q")
    assert (10, (State.FRESH, ())) == (n_articles(world), state(world))
    assert {} == notes.held(world.desk().warehouse)


def test_the_command_that_is_named_begins_as_the_one_that_was_typed(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the places as they were given: it can be typed where the other one was."""
    monkeypatch.chdir(world.root)
    deliver(world, range(25, 35))
    places = ["--landing", "landing", "--warehouse", "warehouse"]
    monkeypatch.setattr(sys, "argv", ["env/bin/newsfold", "run", "-q", *places])

    with pytest.raises(SystemExit):
        cli.main()

    expected = f"env/bin/newsfold repair --held --day {DAY} {' '.join(places)}"
    assert capsys.readouterr().err.strip().endswith(f"to publish it anyway: {expected}")


def test_other_articles_in_the_place_of_the_published_ones_are_a_loss(
    world: World, newsfold: Command
) -> None:
    """As many stand there as before: another landing zone has them."""
    deliver(world, range(100, 130))

    code, said = newsfold("run", "-q")

    assert 4 == code
    assert "30 of 30 published articles would be lost" in said


@pytest.mark.parametrize("change", ["documents", "rules"])
def test_a_loss_that_the_machine_explains_is_held_back_until_it_is_well(
    world: World, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """Nobody has to decide: each repair reads what it failed to read once more, and publishes the day when it can."""
    monkeypatch.setattr(versions, "RULES", dict(versions.RULES))
    before = n_articles(world)
    for n in range(30):
        deliver(world, range(n, n + 1), f"{n}.jsonl")
        world.fail(DAY, f"{n}.jsonl", 1000)
    (folder(world) / "feed.jsonl").unlink()
    if change == "rules":
        world.mend()
        list(repair.repair(world.desk(), [DAY]))
        versions.RULES["extract"] += 1
        for n in range(30):
            world.fail(DAY, f"{n}.jsonl", 1000)

    for n_left in (997, 994):
        assert [] == list(repair.repair(world.desk(), [DAY]))
        assert {n_left} == {n for n, _ in world.faults.values()}
        assert state(world)[1][0].startswith("held back: ")
        assert before == n_articles(world)
        assert ["run"] == [step.action for step in repair.plan(world.desk(), [DAY])]

    world.mend()
    assert [DAY] == [found.day for found, _ in repair.repair(world.desk(), [DAY])]
    assert (before, (State.FRESH, ())) == (n_articles(world), state(world))
    assert {} == notes.held(world.desk().warehouse)


@pytest.mark.parametrize("kept", [range(15), range(15, 40)])
def test_losing_a_half_is_no_loss_to_ask_about(world: World, newsfold: Command, kept: range) -> None:
    deliver(world, kept)

    assert (0, "") == newsfold("repair", "-q")
    assert len(kept) == n_articles(world)


def test_fewer_than_twenty_articles_are_no_loss_to_ask_about(world: World, newsfold: Command) -> None:
    deliver(world, range(19))
    assert (0, "") == newsfold("run", "-q")
    deliver(world, range(1))

    assert (0, "") == newsfold("run", "-q")
    assert 1 == n_articles(world)


def test_what_another_setting_leaves_out_is_no_loss(
    world: World, newsfold: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSFOLD_MIN_WORDS", "40")

    assert (0, "") == newsfold("repair", "-q")
    assert 0 == n_articles(world)


def test_raw_documents_that_go_with_a_change_of_settings_are_a_loss(
    world: World, newsfold: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An upgrade beside a landing zone that was restored by half."""
    monkeypatch.setenv("NEWSFOLD_STORY_THRESHOLD", "0.5")
    deliver(world, range(5))

    code, said = newsfold("repair", "-q")

    assert 4 == code
    assert "25 of 30 raw documents would be lost" in said


def test_consent_is_to_what_was_held_back_and_to_nothing_else(world: World, newsfold: Command) -> None:
    """Between the question and the answer the landing zone lost more: it is asked again."""
    deliver(world, range(10))
    newsfold("repair", "-q")
    deliver(world, range(2))

    code, said = newsfold("repair", "-q", "--held", "--day", str(DAY))

    assert (4, 30) == (code, n_articles(world))
    assert "28 of 30 published articles would be lost" in said
    assert (0, "") == newsfold("repair", "-q", "--held", "--day", str(DAY))
    assert 2 == n_articles(world)


def test_consent_that_was_given_outlives_the_process_that_took_it(world: World) -> None:
    deliver(world, range(10))
    list(repair.repair(world.desk(), [DAY]))
    notes.allow(world.desk().warehouse, DAY)

    assert [DAY] == [found.day for found, _ in repair.repair(world.desk(), [DAY])]
    assert 10 == n_articles(world)


def test_a_landing_zone_that_comes_back_needs_no_decision(world: World, newsfold: Command) -> None:
    """With other documents than before the day is judged again; with just those that it had it is fresh."""
    kept = world.root / "kept"
    shutil.copytree(folder(world), kept, copy_function=os.link)
    shutil.rmtree(folder(world))
    deliver(world, range(3))
    assert 4 == newsfold("repair", "-q")[0]
    deliver(world, range(31))
    assert (0, "") == newsfold("repair", "-q")
    assert 31 == n_articles(world)

    (folder(world) / "feed.jsonl").unlink()
    deliver(world, range(3))
    assert 4 == newsfold("repair", "-q")[0]
    deliver(world, range(31))
    list(repair.repair(world.desk(), [DAY]))
    assert {} == notes.held(world.desk().warehouse)


def _lose_all(world: World, left: str) -> None:
    (folder(world) / "feed.jsonl").unlink()
    if left == "sub-folder":
        (folder(world) / "feeds").mkdir()
    elif left != "folder":
        (folder(world) / left).write_text("{}")


@pytest.mark.parametrize("left", ["folder", "_SUCCESS", ".feed.jsonl.part", "sub-folder"])
def test_a_folder_without_documents_empties_nothing(world: World, newsfold: Command, left: str) -> None:
    """What is left of a delivery is no delivery: the day stays, as it does when the folder is gone."""
    before = published(world.root / "warehouse")
    _lose_all(world, left)

    assert 0 == newsfold("repair", "-q")[0]
    assert 1 == newsfold("run", "-q")[0]
    code, said = newsfold("run", "-q", "--day", str(DAY))
    assert 1 == code
    assert f"the raw documents of {DAY} are gone" in said
    assert before == published(world.root / "warehouse")
    assert (State.STALE, (str(Why.ALL_GONE.of()),)) == state(world)
    assert (0, "") == newsfold("run", "-q", "--day", str(DAY), "--empty")
    assert 0 == n_articles(world)


def test_a_file_without_documents_is_held_back_however_few_articles_go(
    world: World, newsfold: Command
) -> None:
    deliver(world, range(3))
    (folder(world) / "more.jsonl").touch()
    newsfold("repair", "-q", "--held")
    newsfold("repair", "-q", "--held")
    assert 3 == n_articles(world)
    (folder(world) / "feed.jsonl").unlink()

    code, said = newsfold("run", "-q")

    assert (4, 3) == (code, n_articles(world))
    assert "all 3 raw documents are gone" in said
    assert (0, "") == newsfold("repair", "-q", "--held", "--day", str(DAY))
    assert 0 == n_articles(world)


def test_a_day_whose_first_run_saw_documents_is_no_empty_day_when_they_are_gone(
    world: World, newsfold: Command
) -> None:
    """It broke off before anything was published; then the landing zone was not there."""
    world.put(DAYS[1], "a.jsonl", [0])
    run.cluster_day(world.desk(), DAYS[1])
    world.remove(DAYS[1], "a.jsonl")

    assert 0 == newsfold("repair", "-q")[0]
    assert not [path for path in published(world.root / "warehouse") if str(DAYS[1]) in path]
    world.put(DAYS[1], "a.jsonl", [0])
    assert (0, "") == newsfold("repair", "-q")


def test_a_lost_table_is_no_reason_to_lose_its_articles(world: World, newsfold: Command) -> None:
    """The warehouse was restored by half, and so was the landing zone: its manifest knows how many there were."""
    warehouse = world.desk().warehouse
    warehouse.storage.delete(warehouse.path(ARTICLES, DAY))
    deliver(world, range(5))

    code, said = newsfold("repair", "-q")

    assert 4 == code
    assert "25 of 30 published articles would be lost" in said


def test_an_incomplete_day_whose_documents_are_gone_is_not_emptied(world: World, newsfold: Command) -> None:
    """A part of it is lost, and its manifests with it: made again, it would have nothing at all."""
    deliver(world, range(3))
    newsfold("repair", "-q", "--held")
    newsfold("repair", "-q", "--held")
    world.desk().warehouse.storage.delete(f"memberships/day={DAY}/part-0.parquet")
    world.desk().warehouse.storage.delete(f"_meta/manifests/runs/day={DAY}.json")
    (folder(world) / "feed.jsonl").unlink()

    assert 0 == newsfold("repair", "-q")[0]
    assert 3 == n_articles(world)
    assert (State.INCOMPLETE, str(Why.ALL_GONE.of())) == (state(world)[0], state(world)[1][-1])


def test_what_a_machine_that_failed_would_take_away_is_held_back_until_it_reads_again(world: World) -> None:
    """Nobody has to decide: the next repair reads what could not be read."""
    deliver(world, range(31))
    world.fail(DAY, "feed.jsonl", 1000)
    before = published(world.root / "warehouse")

    assert [] == list(repair.repair(world.desk(), [DAY]))
    assert before == published(world.root / "warehouse")
    assert state(world)[1][0].startswith("held back: 30 of 30 published articles would be lost")
    assert ["run"] == [step.action for step in repair.plan(world.desk(), [DAY])]
    world.mend()
    assert [DAY] == [found.day for found, _ in repair.repair(world.desk(), [DAY])]
    assert (31, (State.FRESH, ())) == (n_articles(world), state(world))


@pytest.mark.parametrize(
    ("reason", "is_passing"), [("timeout", True), ("memory", True), ("too_short", False)]
)
def test_a_loss_beside_a_cap_that_depends_on_the_machine_is_tried_again(
    world: World, reason: str, is_passing: bool
) -> None:
    desk = world.desk()
    made = run.cluster_day(desk, DAY)
    row = {"raw_ref": "x#0", "ingest_date": DAY, "stage": "extract", "reason": reason, "detail": None}
    made.tables.rejects = REJECTS.table([row])
    made.capped = ["a" * 32] if is_passing else []
    found = []
    for _ in range(4):
        gate.hold(desk.warehouse, made, ["20 of 30 published articles would be lost"], is_lasting=False)
        found += [note.is_passing for note in notes.held(desk.warehouse).values()]

    assert [is_passing, is_passing, False, False] == found, "so often as such a document is tried"


def test_a_removed_document_in_the_place_of_an_article_does_not_take_it_along(world: World) -> None:
    """The file was replaced by that of another outlet, of which all is to be removed: what was published is lost, not removed."""
    (path,) = folder(world).glob("*.jsonl")
    rows = map(json.loads, path.read_text().splitlines())
    others = [row | {"url": f"https://echo.example/{row['title']}", "outlet": "Echo"} for row in rows]
    removals.change(world.desk().warehouse.storage, lambda _: {Removal(Target.OUTLET, "Echo")})
    path.write_text("\n".join(map(json.dumps, others)))

    list(repair.repair(world.desk(), [DAY], today=TODAY))

    assert [DAY] == list(notes.held(world.desk().warehouse))
    assert 30 == world.desk().warehouse.read(ARTICLES, DAY).num_rows
