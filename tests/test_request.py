"""Which days a command may be asked for: days that are over, delivered, and of these centuries."""

import re
import sys
from datetime import date
from pathlib import Path

import pytest

from pipeline.app import cli, request
from pipeline.day import run
from pipeline.model.days import span
from pipeline.model.tables import ARTICLES
from pipeline.upkeep import status
from tests.conftest import published
from tests.gated import DAY, Command, deliver
from tests.world import DAYS, World, be_quick


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


def test_a_single_day_is_repaired_and_one_that_is_not_there_is_refused(
    world: World, newsfold: Command
) -> None:
    world.put(DAYS[1], "a.jsonl", [0])
    world.put(DAYS[2], "a.jsonl", [5])

    assert (0, "") == newsfold("repair", "-q", "--day", str(DAYS[2]))
    assert [DAYS[0], DAYS[2]] == world.desk().warehouse.days(ARTICLES)
    code, said = newsfold("repair", "-q", "--day", "2026-01-01")
    assert 1 == code
    assert "2026-01-01: there is no such day" in said
    assert 2 == newsfold("repair", "-q", "--day", str(DAY), "--to", str(DAY))[0]


def test_a_day_may_be_named_more_than_once(world: World, newsfold: Command) -> None:
    """Of several, each is run or repaired, oldest first; one that is not there is named."""
    for n in (1, 2, 3):
        world.put(DAYS[n], "a.jsonl", [n])

    assert 0 == newsfold("run", "-q", "--day", str(DAYS[2]), "--day", str(DAYS[1]))[0]
    assert [*DAYS[:3]] == world.desk().warehouse.days(ARTICLES)
    assert 0 == newsfold("repair", "-q", "--day", str(DAYS[3]), "--day", str(DAYS[0]))[0]
    assert [*DAYS[:4]] == world.desk().warehouse.days(ARTICLES)
    code, said = newsfold("repair", "-q", "--day", "2026-01-02", "--day", str(DAY), "--day", "2026-01-01")
    assert 1 == code
    assert "2026-01-01, 2026-01-02: there is no such day" in said


def test_status_tells_by_its_exit_code_what_a_repair_would_do(world: World, newsfold: Command) -> None:
    """3 where a day is to be run, 4 where somebody has to decide, else 0; as a dry run does."""

    def told() -> tuple[int, int]:
        return newsfold("status")[0], newsfold("repair", "--dry-run")[0]

    assert (0, 0) == told()
    world.put(DAYS[1], "a.jsonl", [1])
    assert (3, 3) == told()
    assert 0 == newsfold("repair", "-q")[0]
    deliver(world, range(4))  # of thirty: most would be lost
    assert (4, (4, 4)) == (newsfold("repair", "-q")[0], told())


TODAY = DAYS[-1]


@pytest.fixture
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last of the days is not over."""
    monkeypatch.setattr(request, "today", lambda: TODAY)


@pytest.mark.parametrize("day", [str(TODAY), "2062-03-05"])
@pytest.mark.parametrize("command", [["run", "--empty", "--day"], ["repair", "--day"]])
def test_a_day_that_is_not_over_is_refused(
    world: World, newsfold: Command, at_noon: None, command: list[str], day: str
) -> None:
    (world.root / "landing" / f"day={day}").mkdir()
    (world.root / "landing" / f"day={day}" / "a.txt").write_text(
        "The harbour was closed for the night, the council said."
    )
    before = published(world.root / "warehouse")

    code, said = newsfold(*command, day)

    assert (2, before) == (code, published(world.root / "warehouse"))
    assert (
        f"{day} is not over yet: today is {TODAY} (UTC), so the last day that can be run is {DAYS[-2]}"
        in said
    )
    assert (command[0] == "run" and day == str(TODAY)) == (
        "; --so-far publishes today as not complete" in said
    )


@pytest.mark.parametrize("command", ["run", "repair"])
def test_days_that_are_not_over_are_named_and_left_out(
    world: World, newsfold: Command, at_noon: None, caplog: pytest.LogCaptureFixture, command: str
) -> None:
    for day in ("0001-01-01", str(DAYS[1]), str(TODAY), "2062-03-05"):
        (world.root / "landing" / f"day={day}").mkdir()
        (world.root / "landing" / f"day={day}" / "a.txt").write_text(
            "The harbour was closed for the night, it was said."
        )

    assert 0 == newsfold(command, "-q")[0]

    assert [DAYS[0], DAYS[1]] == world.desk().warehouse.days(ARTICLES)
    assert f"left out, not over yet: {TODAY}, 2062-03-05; today is {TODAY} (UTC)" in caplog.text
    assert "passed over day=0001-01-01" in caplog.text
    assert (0, "") == newsfold("repair", "-q", "--dry-run")


def test_a_note_about_a_day_that_is_none_ends_no_repair(world: World, newsfold: Command) -> None:
    """An earlier version began a run of it."""
    for folder_of_notes in ("begun", "held"):
        (world.root / "warehouse" / "_meta" / folder_of_notes).mkdir(exist_ok=True)
        (world.root / "warehouse" / "_meta" / folder_of_notes / "day=0001-01-01").write_text("begun")

    assert (0, "") == newsfold("repair", "-q")


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2101-01-01"])
def test_a_day_outside_the_centuries_is_refused(newsfold: Command, day: str) -> None:
    code, said = newsfold("run", "-q", "--empty", "--day", day)

    assert 2 == code
    assert f"{day} is out of range: days go from 1900 to 2100" in said


def test_a_day_that_nobody_delivered_is_refused_unless_it_is_to_be_empty(
    world: World, newsfold: Command
) -> None:
    """A mistyped day, or a wrong folder."""
    (world.root / "landing" / f"day={DAYS[2]}").mkdir()
    for day in DAYS[1:3]:
        code, said = newsfold("run", "-q", "--day", str(day))
        assert 1 == code
        assert f"nothing was delivered for {day}; --empty" in said
    assert [] == [path for path in published(world.root / "warehouse") if str(DAY) not in path]
    assert (0, "") == newsfold("repair", "-q")

    assert 0 == newsfold("run", "-q", "--day", str(DAYS[1]), "--empty")[0]
    assert 0 == newsfold("run", "-q", "--day", str(DAYS[1]))[0]
    assert DAYS[:2] == world.desk().warehouse.days(ARTICLES)


def test_of_a_range_the_days_that_nobody_delivered_are_named_and_left_out(
    world: World, newsfold: Command, caplog: pytest.LogCaptureFixture
) -> None:
    world.put(DAYS[3], "a.jsonl", [0])

    assert 0 == newsfold("run", "-q", "--from", str(DAYS[0]), "--to", str(DAYS[3]))[0]

    assert [DAYS[0], DAYS[3]] == world.desk().warehouse.days(ARTICLES)
    assert f"left out, nothing was delivered: {DAYS[1]}, {DAYS[2]}; --empty" in caplog.text


def test_nothing_but_the_edge_reads_the_date() -> None:
    """Jobs and stages are told it."""
    clocks = re.compile(
        r"\b(?:date\.today|datetime\.(?:now|utcnow|today)|time\.(?:time|time_ns|gmtime|localtime))\("
    )
    package = Path(cli.__file__).parent.parent
    found = {p.relative_to(package).as_posix() for p in package.rglob("*.py") if clocks.search(p.read_text())}

    edge = {"app/request.py", "harvest/clock.py"}
    # In the store: how old a lease, or what a writer left, is; the numbers of the feed of changes, which is a journal.
    assert edge | {"store/s3.py", "store/local.py", "store/feed.py"} == found


def test_the_status_of_an_open_ended_range_looks_at_the_days_of_the_warehouse_alone(
    world: World,
) -> None:
    """From the first known day to today: what nobody can have delivered costs nothing. Holes in between are shown."""
    for n in (0, 2):
        world.put(DAYS[n], "a.jsonl", [n])
        run.run_day(world.desk(), DAYS[n])
    looked = status.within_history(world.desk(), list(span(date(1900, 1, 1), date(2100, 12, 31))), DAYS[3])

    assert DAYS[:4] == looked
    assert [] == status.within_history(world.desk(), [date(2026, 1, 1)], DAYS[3])
