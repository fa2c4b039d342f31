"""The command line as a person and a script meet it."""

import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import typer

from pipeline.app.cli import app
from pipeline.model.tables import PUBLISHED
from pipeline.upkeep.retention import TEXTS
from tests.command import newsfold, records


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seeds, run once."""
    path = tmp_path_factory.mktemp("cli") / "warehouse"
    done = newsfold("run", "--landing", "seeds", "--warehouse", str(path))
    assert 0 == done.returncode, done.stderr
    assert "1 new story" in done.stdout
    assert str(path) in done.stdout.replace("\n", "")
    return path


def test_help_teaches() -> None:
    """Help names every command and shows one whole call."""
    found = newsfold("--help")

    assert 0 == found.returncode
    assert "newsfold run --landing landing --warehouse warehouse --day 2026-03-05" in found.stdout
    for word in ("run", "status", "stories", "explain", "schema", "newsfold demo"):
        assert word in found.stdout


def _commands(group: Any, before: str = "") -> dict[str, Any]:
    """Every command by the words that call it, those of a group in place of the group."""
    found: dict[str, Any] = {}
    for name, command in group.commands.items():
        words = f"{before}{name}"
        found |= _commands(command, f"{words} ") if hasattr(command, "commands") else {words: command}
    return found


COMMANDS = _commands(typer.main.get_group(app))


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_each_command_shows_one_call_that_it_accepts(name: str) -> None:
    command = COMMANDS[name]
    (example,) = re.findall(r"^    newsfold (.+)$", command.help or "", re.MULTILINE)
    n_words = len(name.split())

    assert name.split() == example.split()[:n_words]
    assert command.make_context(name, example.split()[n_words:])


def test_help_names_each_table_that_is_published_and_those_that_a_retirement_removes() -> None:
    named = ", ".join(table.name for table in PUBLISHED)
    removed = ", ".join(table.name for table in PUBLISHED if table in TEXTS)

    assert f"publishes the day's tables in a warehouse: {named}." in " ".join(
        str(typer.main.get_group(app).help).split()
    )
    assert f"the texts of old days for good: {removed}." in str(COMMANDS["retire"].help)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["run", "--day", "2026-3-xx"], "'2026-3-xx' is no day of the calendar"),
        (["run", "--from", "2026-02-30", "--to", "2026-03-05"], "'2026-02-30' is no day of the calendar"),
        (["run", "--from", "2026-03-05"], "--from and --to go together"),
        (["run", "--from", "2026-03-05", "--to", "2026-03-01"], "is after"),
        (["run", "--day", "2026-03-05", "--to", "2026-03-05"], "not both"),
        (["run", "--engine", "abacus"], "engine"),
        (["run", "--landing", "ftp://x/y"], "landing"),
        (["schema", "nothing"], "no table 'nothing'"),
        (["dance"], "dance"),
    ],
)
def test_wrong_usage_exits_with_2_and_says_what(arguments: list[str], says: str, tmp_path: Path) -> None:
    places = ("--landing", "seeds", "--warehouse", str(tmp_path / "w")) if arguments[0] == "run" else ()
    found = newsfold(arguments[0], *places, *arguments[1:])

    assert (2, "") == (found.returncode, found.stdout)
    assert says in found.stderr
    assert "Traceback" not in found.stderr


def test_a_failed_run_exits_with_1_and_one_line(tmp_path: Path) -> None:
    """A landing zone that is not there, a warehouse that cannot be written: one line that says what and where."""
    (tmp_path / "file").write_text("")

    for arguments, says in (
        (
            ("run", "-q", "--landing", str(tmp_path / "nowhere"), "--warehouse", str(tmp_path / "w")),
            "nowhere",
        ),
        (("run", "-q", "--landing", "seeds", "--warehouse", str(tmp_path / "file")), "cannot write"),
    ):
        found = newsfold(*arguments)

        assert 1 == found.returncode
        assert 1 == len(found.stderr.strip().splitlines())
        assert says in found.stderr


def test_a_script_reads_json(warehouse: Path) -> None:
    """Of every command: a line a record on standard output, and nothing else."""
    place = ("--warehouse", str(warehouse))
    run = newsfold("run", "--day", "2026-03-05", "--json", *place)
    status = newsfold("status", "--json", *place)
    stories = newsfold("stories", "--json", *place)
    schema = newsfold("schema", "--json")

    assert [(5, [])] == [(day["n_raw"], day["changed"]) for day in records(run.stdout)]
    assert [("2026-03-05", "fresh")] == [(day["day"], day["state"]) for day in records(status.stdout)]
    assert [5] == [story["n_articles"] for story in records(stories.stdout)]
    assert "articles" == records(schema.stdout)[0]["table"]


def test_the_version_is_told() -> None:
    """So that a report of a fault can name it."""
    assert f"newsfold {version('newsfold')}\n" == newsfold("--version").stdout


def test_a_warehouse_that_is_not_there_is_no_empty_answer(tmp_path: Path) -> None:
    """A mistyped path would look like a day without news; nothing is made there."""
    place = ("--warehouse", str(tmp_path / "none"))
    for command in (
        ("stories",),
        ("explain", "20260305ffffffff"),
        ("retire", "--keep-days", "90"),
        ("export-iceberg",),
        ("gc", "--landing", "seeds"),
    ):
        found = newsfold(*command, *place)

        assert (1, "") == (found.returncode, found.stdout)
        assert f"{tmp_path / 'none'}: no warehouse there" in found.stderr
        assert f"-m pipeline run --landing URI --warehouse {tmp_path / 'none'}" in found.stderr
    assert [] == list(tmp_path.iterdir())


def test_a_landing_zone_that_is_not_there_empties_nothing(warehouse: Path, tmp_path: Path) -> None:
    """Even if the documents are said to have moved there: a mistyped path and one without them; the published day stands."""
    place = ("--warehouse", str(warehouse), "--day", "2026-03-05", "--landing-moved")
    (tmp_path / "other").mkdir()
    missing = newsfold("run", "--landing", str(tmp_path / "typo"), *place)
    gone = newsfold("run", "--landing", str(tmp_path / "other"), *place)

    assert (1, 1) == (missing.returncode, gone.returncode)
    assert "no such folder; give --landing" in missing.stderr
    assert "the raw documents of 2026-03-05 are gone" in gone.stderr
    (story,) = records(newsfold("stories", "--json", "--warehouse", str(warehouse)).stdout)
    assert 5 == story["n_articles"]
    assert (
        0 == newsfold("repair", "--warehouse", str(warehouse)).returncode
    )  # from the landing zone that it had


def test_what_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    """A landing zone that is a file, settings that are no TOML: no traceback."""
    (tmp_path / "file").touch()
    (tmp_path / "newsfold.toml").write_text("copy_threshold = = 3")
    no_folder = newsfold("status", "--landing", str(tmp_path / "file"), "--warehouse", str(tmp_path / "w"))
    no_toml = newsfold("status", cwd=tmp_path)

    assert (1, 2) == (no_folder.returncode, no_toml.returncode)
    assert 1 == no_folder.stderr.count("\n")
    assert no_toml.stderr.startswith("newsfold: newsfold.toml:1: ")


@pytest.mark.parametrize(
    "command",
    [["run", "-q"], ["run", "--day", "2026-03-05", "--json"], ["status", "--day", "2026-03-05"], ["repair"]],
)
def test_what_is_passed_over_is_said(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A day's folder that is named otherwise, and a variable that nothing reads: a line each, whatever days are asked for."""
    for name in ("day=2026-03-05", "day=2026-3-6"):
        folder = tmp_path / "landing" / name
        folder.mkdir(parents=True)
        (folder / "a.txt").write_text(
            "The bridge over the river was closed by the city on Monday for repairs."
        )
    monkeypatch.setenv("NEWSFOLD_WINDW_DAYS", "3")

    places = ("--landing", str(tmp_path / "landing"), "--warehouse", str(tmp_path / "warehouse"))
    done = newsfold(*command, *places)

    assert (3 if command[0] == "status" else 0) == done.returncode, done.stderr
    (folder_line,) = [line for line in done.stderr.splitlines() if "day=2026-3-6" in line]
    assert "day=YYYY-MM-DD" in folder_line
    assert "NEWSFOLD_WINDOW_DAYS" in done.stderr


def test_status_calls_no_documents_gone_where_the_landing_zone_is_not_there(tmp_path: Path) -> None:
    """A disk that is not mounted."""
    landing, made = tmp_path / "landing", str(tmp_path / "warehouse")
    (landing / "day=2026-03-05").mkdir(parents=True)
    (landing / "day=2026-03-05/a.jsonl").write_text(
        '{"title": "Ferry", "text": "The ferry sank in the night."}'
    )
    assert 0 == newsfold("run", "--landing", str(landing), "--warehouse", made).returncode
    landing.rename(tmp_path / "elsewhere")

    done = newsfold("status", "--warehouse", made)
    assert (1, "") == (done.returncode, done.stdout)
    assert "no such folder" in done.stderr


@pytest.mark.parametrize("words", [("status",), ("run", "--dry-run"), ("repair", "--dry-run")])
def test_an_outlets_file_that_says_what_it_must_not_is_told_before_a_run(
    warehouse: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    (tmp_path / "outlets.csv").write_text("domain,kind\npost.example,shop\n")
    (tmp_path / "newsfold.toml").write_text('outlets = "outlets.csv"\n')

    done = newsfold(*words, "--warehouse", str(warehouse), cwd=tmp_path)
    assert (2, "") == (done.returncode, done.stdout)
    assert "line 2" in done.stderr


def test_what_draws_on_a_terminal_is_loaded_by_the_command_that_draws() -> None:
    """A command that is only named, as in a completion, is there at once."""
    told = "import sys, pipeline.app.cli; print(sorted({'rich.progress', 'rich.table'} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)

    assert "[]" == done.stdout.strip()
