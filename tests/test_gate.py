"""The gate before a publication: what would go is said, and goes only when somebody consents to just that."""

import json
import os
import re
import shlex
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import cli, freshness, holds, jobs, repair
from pipeline.contracts import ARTICLES
from pipeline.freshness import State
from tests.conftest import published
from tests.world import DAYS, World, be_quick

DAY = DAYS[0]
Command = Callable[..., tuple[int, str]]


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A day of thirty articles that was run."""
    be_quick(monkeypatch)
    world = World(tmp_path)
    deliver(world, range(30))
    jobs.run_day(world.desk(), DAY)
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


def folder(world: World) -> Path:
    return world.root / "landing" / f"day={DAY}"


def deliver(world: World, numbers: range, name: str = "feed.jsonl") -> None:
    """Put articles that have nothing to do with each other into the day's folder, in one file."""
    folder(world).mkdir(exist_ok=True)
    texts = {
        n: f"The harbour{n} of town{n} sold boat{n} and crane{n} to uncle{n} for coins{n}." for n in numbers
    }
    rows = [{"url": f"https://post.example/{n}", "title": f"Boat{n}", "text": t} for n, t in texts.items()]
    (folder(world) / name).write_text("\n".join(map(json.dumps, rows)))


def state(world: World) -> tuple[State, tuple[str, ...]]:
    (found,) = jobs.status(world.desk(), [DAY])
    return found.state, found.reasons


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
    assert "25 of 30 published articles would go; 10 would stand there" in said
    assert freshness.HELD.strip() in state(world)[1][0]
    assert 4 == newsfold("repair", "-q")[0]
    assert 4 == newsfold("repair", "--dry-run")[0]
    assert before == published(world.root / "warehouse")
    typed = shlex.split(str(re.search(r"newsfold (repair --held.*)", said)[1]))  # type: ignore[index]
    assert (0, "") == newsfold(*typed, "-q")
    assert (10, (State.FRESH, ())) == (n_articles(world), state(world))
    assert {} == holds.held(world.desk().warehouse)


def test_other_articles_in_the_place_of_the_published_ones_are_a_loss(
    world: World, newsfold: Command
) -> None:
    """As many stand there as before: another landing zone has them."""
    deliver(world, range(100, 130))

    code, said = newsfold("run", "-q")

    assert 4 == code
    assert "30 of 30 published articles would go" in said


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
    assert "25 of 30 raw documents would go" in said


def test_consent_is_to_what_was_held_back_and_to_nothing_else(world: World, newsfold: Command) -> None:
    """Between the question and the answer the landing zone lost more: it is asked again."""
    deliver(world, range(10))
    newsfold("repair", "-q")
    deliver(world, range(2))

    code, said = newsfold("repair", "-q", "--held", "--day", str(DAY))

    assert (4, 30) == (code, n_articles(world))
    assert "28 of 30 published articles would go" in said
    assert (0, "") == newsfold("repair", "-q", "--held", "--day", str(DAY))
    assert 2 == n_articles(world)


def test_consent_that_was_given_outlives_the_process_that_took_it(world: World) -> None:
    deliver(world, range(10))
    list(repair.repair(world.desk(), [DAY]))
    holds.allow(world.desk().warehouse, DAY)

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
    assert {} == holds.held(world.desk().warehouse)


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
    assert f"no raw documents any more for {DAY}" in said
    assert before == published(world.root / "warehouse")
    assert (State.STALE, (freshness.ALL_GONE,)) == state(world)
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
    assert "no raw documents any more, where 3 gave 3 articles" in said
    assert (0, "") == newsfold("repair", "-q", "--held", "--day", str(DAY))
    assert 0 == n_articles(world)


def test_a_day_whose_first_run_saw_documents_is_no_empty_day_when_they_are_gone(
    world: World, newsfold: Command
) -> None:
    """It broke off before anything was published; then the landing zone was not there."""
    world.put(DAYS[1], "a.jsonl", [0])
    jobs.cluster_day(world.desk(), DAYS[1])
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
    assert "25 of 30 published articles would go" in said


def test_a_single_day_is_repaired_and_one_that_is_not_there_is_refused(
    world: World, newsfold: Command
) -> None:
    world.put(DAYS[1], "a.jsonl", [0])
    world.put(DAYS[2], "a.jsonl", [5])

    assert (0, "") == newsfold("repair", "-q", "--day", str(DAYS[2]))
    assert [DAYS[0], DAYS[2]] == world.desk().warehouse.days(ARTICLES)
    code, said = newsfold("repair", "-q", "--day", "2026-01-01")
    assert 1 == code
    assert "2026-01-01: neither" in said
    assert 2 == newsfold("repair", "-q", "--day", str(DAY), "--to", str(DAY))[0]
