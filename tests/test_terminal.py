"""Nothing that was delivered is obeyed by the terminal: each command that prints it spells out what could be."""

import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from rich.table import Table
from rich.text import Text
from typer.testing import CliRunner

from pipeline.app import cli, terminal
from pipeline.app.cli import app
from tests.command import ROOT, records

# Colours, a title of the window, the C1 spelling of both, embeddings, overrides, isolates, a tag that is not seen.
NASTY = "\x1b[31m\x1b]0;mine\x07\x9b31m\x9d\x7f\x08\x00\x85\u202a\u202e\u2066\u2069\U000e0041"
KEPT = "می\u200cشود a\u200db \u200e\u200f"
FILE = "pages \x1b[31m\u202e[bold]:warning:.jsonl"


def is_safe(printed: str) -> bool:
    return not any(
        (ord(c) < 32 and c not in "\n\t")
        or 0x7F <= ord(c) < 0xA0
        or 0x202A <= ord(c) <= 0x202E
        or 0x2066 <= ord(c) <= 0x2069
        or ord(c) >= 0xE0000
        for c in printed
    )


@pytest.mark.parametrize("character", NASTY)
def test_what_a_terminal_obeys_is_spelled_out(character: str) -> None:
    told = terminal.neutral(f"a{character}b")

    assert is_safe(told)
    assert f"a{character}b" == json.loads(f'"{told}"')  # JSON reads the same text back


def test_words_of_all_languages_stay() -> None:
    """Joiners and marks of direction belong to them."""
    assert KEPT == terminal.neutral(KEPT)


def test_the_console_takes_nothing_for_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    """Neither control characters nor the markup and the emoji codes of the library that prints."""
    table = Table("story", "[red]head[/]")
    table.add_row(NASTY + "[bold]one[/bold]", NASTY + ":smile:")
    console = terminal._Neutral()
    console.width = 400
    console.print(table)
    console.print(f"{NASTY}[/nothing]", Text(NASTY), NASTY)

    printed = capsys.readouterr().out
    assert is_safe(printed)
    for whole in ("[bold]one[/bold]", ":smile:", "[/nothing]", "[red]head[/]"):
        assert whole in printed


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, ...]]:
    """How commands name a warehouse and its articles. It has a day whose file names, titles, outlets, authors, addresses and texts
    have all that a terminal would obey.
    """
    folder = tmp_path_factory.mktemp("nasty")
    day = folder / "landing" / "day=2026-03-05"
    day.mkdir(parents=True)
    text = (
        f"The council of Marlow {NASTY} Bay closed the northern bridge {NASTY} on Tuesday after cracks were found in it, "
        "and buses will take the longer way along the harbour until the summer.\n"
        "Work begins in April and is to last eight weeks, as the engineers of the town said."
    )
    rows = [
        {
            "url": f"https://{name}.example/a-{name}{NASTY}",
            "title": f"Bridge {NASTY} closed [bold]now",
            "outlet": f"The {NASTY} {name}",
            "authors": [f"Jane {NASTY} Doe"],
            "text": text
            if name == "one"
            else text + " The mayor spoke of a hard spring for all who cross it.",
        }
        for name in ("one", "two")
    ]
    (day / FILE).write_text("\n".join(map(json.dumps, rows)) + "\nno JSON at all\n")
    (day / f"odd\x1b{NASTY[-1]}.xyz").write_text("unknown")
    shutil.copytree(day, folder / "landing" / "day=2026-03-06")
    found = ("--landing", str(folder / "landing"), "--warehouse", str(folder / "warehouse"))
    assert 0 == CliRunner().invoke(app, ["run", "-q", *found, "--day", "2026-03-05"]).exit_code
    (story,) = records(CliRunner().invoke(app, ["stories", "--json", *found[2:]]).stdout)
    first, last = story["members"]
    return {"ALL": found, "WAREHOUSE": found[2:], "PATH": found[3:], "ARTICLE": (last,), "OTHER": (first,)}


COMMANDS = [
    "run ALL --day 2026-03-05",
    "status ALL",
    "status ALL --json",
    "repair ALL --dry-run",
    "stories WAREHOUSE",
    "stories WAREHOUSE --json",
    "explain ARTICLE WAREHOUSE",
    "explain ARTICLE OTHER WAREHOUSE",
    "explain ARTICLE OTHER WAREHOUSE --json",
    "gc WAREHOUSE --dry-run",
    "verify WAREHOUSE",
    "run ALL --day 2026-03-06 --dry-run",
    "rejects ALL",
    "rejects ALL --json",
    "show OTHER WAREHOUSE",
    "show ARTICLE WAREHOUSE",
    "show ARTICLE WAREHOUSE --json",
    "diff PATH PATH",
    "remove ARTICLE WAREHOUSE",
    "remove ARTICLE WAREHOUSE --json",
    "search harbour WAREHOUSE",
    "search harbour WAREHOUSE --json",
    "index WAREHOUSE",
    "changes WAREHOUSE --since 0",
    "changes WAREHOUSE --since 0 --json",
    "views WAREHOUSE",
    "status WAREHOUSE --max-age 26h --format prometheus",
    "verify WAREHOUSE --contract",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_prints_what_a_terminal_obeys(command: str, place: dict[str, tuple[str, ...]]) -> None:
    found = CliRunner().invoke(app, [part for word in command.split() for part in place.get(word, (word,))])

    assert found.exit_code in {0, 3}, found.output
    assert is_safe(found.output)
    if "--json" in command:
        assert records(found.stdout)


class Terminal:
    """Standard output and error of a terminal with a code page, so many columns wide."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, encoding: str, columns: str) -> None:
        monkeypatch.setenv("COLUMNS", columns)
        self.streams = [io.TextIOWrapper(io.BytesIO(), encoding=encoding) for _ in range(2)]
        for name, stream in zip(("stdout", "stderr"), self.streams, strict=True):
            monkeypatch.setattr(sys, name, stream)

    def read(self) -> tuple[str, str]:
        for stream in self.streams:
            stream.flush()
        out, err = (stream.buffer.getvalue().decode(stream.encoding) for stream in self.streams)  # type: ignore[attr-defined]
        return out, err


SHOWN = [
    "schema",
    "schema stories --json",
    "recall",
    "recall --json",
    "flows WAREHOUSE",
    "flows WAREHOUSE --edges",
    "run ALL --day 2026-03-05 -v",
    "retire WAREHOUSE --keep-days 90 --dry-run",
    "export-iceberg --help",
    "demo --help",
    "init --help",
    "warm --help",
    "serve --help",
    "page --help",
    "mcp --help",
    "harvest --help",
    "sources --help",
    "sources check --help",
    "--help",
]


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
@pytest.mark.parametrize("columns", ["1", "20"])
@pytest.mark.parametrize("command", [*COMMANDS, *SHOWN])
def test_no_terminal_is_too_narrow_or_too_old(
    command: str,
    columns: str,
    encoding: str,
    place: dict[str, tuple[str, ...]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What it can't show is spelled out; JSON stays JSON."""
    there = Terminal(monkeypatch, encoding, columns)
    typed = [part for word in command.split() for part in place.get(word, (word,))]
    monkeypatch.setattr(sys, "argv", ["newsfold", *typed])

    with pytest.raises(SystemExit) as ended:
        cli.main()

    printed, said = there.read()
    assert ended.value.code in {None, 0, 3}, said
    if "--json" in command:
        assert records(printed)


def test_every_command_is_tried_on_every_terminal() -> None:
    tried = {line.split()[0] for line in [*COMMANDS, *SHOWN]}

    assert set(typer.main.get_group(app).commands) == tried - {"--help"}


def test_a_plain_locale_is_enough(place: dict[str, tuple[str, ...]]) -> None:
    """As in a container or under cron, where nothing says what the terminal can show."""
    plain = {"PATH": os.defpath, "PYTHONPATH": str(ROOT), "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    for command in ("stories WAREHOUSE", "explain ARTICLE OTHER WAREHOUSE --json", "status ALL"):
        typed = [part for word in command.split() for part in place.get(word, (word,))]
        done = subprocess.run(
            [sys.executable, "-m", "pipeline", *typed], env=plain, capture_output=True, check=False
        )

        assert done.returncode in {0, 3}, done.stderr
        assert done.stdout.isascii()


def test_json_has_no_number_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    """JSON has neither NaN nor infinity."""
    terminal.answer([{"score": float("nan"), "all": [float("inf"), 1.5]}, {}], as_json=True, show=print)

    assert [{"score": None, "all": [None, 1.5]}, {}] == records(capsys.readouterr().out)


def test_nothing_to_show_is_said_in_one_line(tmp_path: Path) -> None:
    """Of texts that were taken, and of days to repair."""
    (tmp_path / "landing" / "day=2026-03-05").mkdir(parents=True)
    warehouse = ["--warehouse", str(tmp_path / "warehouse")]
    empty = CliRunner().invoke(app, ["repair", "--landing", str(tmp_path / "landing"), *warehouse])
    CliRunner().invoke(app, ["run", "-q", "--empty", "--day", "2026-03-05", *warehouse])
    flows = CliRunner().invoke(app, ["flows", *warehouse])

    assert (0, 1) == (empty.exit_code, len(empty.output.splitlines())), empty.output
    assert (0, "nobody took a text from anybody\n") == (flows.exit_code, flows.output)


def test_a_day_is_a_line_and_its_counts_are_asked_for(place: dict[str, tuple[str, ...]]) -> None:
    """Which day of how many it is stands first."""
    run = ["run", "-q", *place["ALL"], "--day", "2026-03-06", "--day", "2026-03-05"]
    plain, all_of_it = (CliRunner().invoke(app, [*run, *more]).output for more in ((), ("-v",)))

    lines = [line for line in plain.splitlines() if line.startswith("day ")]
    assert ["day 1 of 2  2026-03-05", "day 2 of 2  2026-03-06"] == [line[:22] for line in lines]
    assert "raw documents" not in plain
    assert 2 == all_of_it.count("raw documents")


def test_an_error_names_a_file_without_obeying_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    places = ["--landing", str(tmp_path / f"a{FILE}"), "--warehouse", str(tmp_path / "w")]
    monkeypatch.setattr(sys, "argv", ["newsfold", "run", *places])

    with pytest.raises(SystemExit):
        cli.main()

    said = capsys.readouterr()
    assert "\\u001b[31m\\u202e" in said.err
    assert is_safe(said.out + said.err)


def test_an_explanation_shows_lists_as_words_and_leaves_out_what_is_empty(
    capsys: pytest.CaptureFixture[str],
) -> None:
    shared, removed = [{"term": "ferry", "weight": 0.5}, {"term": "quay", "weight": 0.25}], ["Share", "Home"]
    terminal.explanation({"story": {"shared_terms": shared, "numbers": [], "lines": removed, "note": None}})

    printed = capsys.readouterr().out.splitlines()
    assert ["story", "   shared_terms: ferry 0.5, quay 0.25", "   lines: Share, Home"] == printed
