"""`newsfold page`: one whole file, nothing overwritten unasked, errors in one line."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.app import page_commands
from pipeline.app.cli import app
from pipeline.model.errors import SettingsError
from pipeline.model.tables import RUNS
from tests.command import ROOT, newsfold, records
from tests.explored import FIRST, SECOND, Explored, opened


@pytest.fixture
def place(explored: Explored) -> list[str]:
    return ["page", "--warehouse", explored.library.warehouse.storage.uri, "--day", str(FIRST)]


def invoke(*arguments: str) -> Exception | None:
    """Calls the command in this process; returns its error."""
    found = CliRunner().invoke(app, list(arguments))
    assert found.exit_code == 0 or found.exception
    return found.exception  # type: ignore[return-value]


def test_it_writes_the_day_and_says_so(place: list[str], tmp_path: Path) -> None:
    out = tmp_path / "day.html"
    found = newsfold(*place, "--out", str(out))
    again = newsfold(*place, "--out", str(tmp_path / "again.html"), "--json")

    assert (0, "") == (found.returncode, found.stderr)
    assert found.stdout.startswith(f"{out}: {out.stat().st_size:,} bytes, 3 stories")
    told = records(again.stdout)[0]
    assert (str(tmp_path / "again.html"), out.stat().st_size, 3) == (
        told["path"],
        told["bytes"],
        told["stories"],
    )
    assert out.read_bytes() == (tmp_path / "again.html").read_bytes()
    assert {"day.html", "again.html"} == {path.name for path in tmp_path.iterdir()}


def test_on_standard_output_stands_the_page_and_nothing_else(place: list[str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pipeline", *place, "--out"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    found = subprocess.run(
        [*command, "-"], cwd=tmp_path, env=environment, capture_output=True, check=True
    ).stdout
    assert invoke(*place, "--out", str(tmp_path / "day.html")) is None

    assert (tmp_path / "day.html").read_bytes() == found
    assert isinstance(invoke(*place, "--out", "-", "--json"), SettingsError)


def test_a_file_that_is_there_stays_unless_it_may_be_replaced(place: list[str], tmp_path: Path) -> None:
    out = tmp_path / "day.html"
    out.write_text("mine")

    refused = newsfold(*place, "--out", str(out))

    assert (2, "mine") == (refused.returncode, out.read_text())
    assert "--force" in refused.stderr
    assert invoke(*place, "--out", str(out), "--force") is None
    assert out.read_text().startswith("<!doctype html>")
    assert [out] == list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["", "none/day.html"])
def test_a_place_for_no_file_is_refused(place: list[str], tmp_path: Path, name: str) -> None:
    """A folder, or a folder that is not there; with `--force`, too."""
    assert isinstance(invoke(*place, "--out", str(tmp_path / name), "--force"), SettingsError)
    assert [] == list(tmp_path.iterdir())


def test_through_a_link_the_file_that_it_leads_to_is_replaced(place: list[str], tmp_path: Path) -> None:
    """Whoever publishes through a link gets the new page, and keeps the link."""
    target, link = tmp_path / "public.html", tmp_path / "day.html"
    target.write_text("old")
    link.symlink_to(target)

    assert invoke(*place, "--out", str(link), "--force") is None
    assert link.is_symlink()
    assert target.read_text().startswith("<!doctype html>")


def test_what_is_no_ordinary_file_is_never_replaced(place: list[str], tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    assert isinstance(invoke(*place, "--out", str(pipe), "--force"), SettingsError)
    assert pipe.is_fifo()


def test_a_write_that_fails_leaves_what_was_there(
    place: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "day.html"
    out.write_text("mine")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(page_commands.os, "fsync", full)

    assert isinstance(invoke(*place, "--out", str(out), "--force"), OSError)
    assert ("mine", [out]) == (out.read_text(), list(tmp_path.iterdir()))


def test_a_file_that_comes_meanwhile_stays(
    place: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "day.html"
    made = page_commands._made

    def slowly(*arguments: object) -> object:
        out.write_text("theirs")
        return made(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(page_commands, "_made", slowly)

    assert isinstance(invoke(*place, "--out", str(out)), SettingsError)
    assert ("theirs", [out]) == (out.read_text(), list(tmp_path.iterdir()))


def test_a_day_that_is_not_there_is_one_line(explored: Explored, tmp_path: Path) -> None:
    """One that was never published, one that was removed, one that is being replaced, a warehouse that is not there."""
    root = explored.world.root
    shutil.copytree(root / "warehouse", root / "torn")
    (root / "torn" / opened(explored.world, "torn").library.warehouse.path(RUNS, SECOND)).unlink()
    shutil.copytree(root / "warehouse", root / "less")
    assert (
        0 == newsfold("remove", "--warehouse", str(root / "less"), "--day", str(SECOND), "--yes").returncode
    )
    for warehouse, day, says in (
        ("warehouse", "2020-01-01", "2020-01-01: not published"),
        ("less", str(SECOND), "was removed; to take that back:"),
        ("torn", str(SECOND), "is not whole"),
        ("none", str(FIRST), "no warehouse there"),
    ):
        found = newsfold(
            "page", "--warehouse", str(root / warehouse), "--day", day, "--out", str(tmp_path / "x")
        )
        assert (1, "") == (found.returncode, found.stdout)
        assert says in found.stderr
        assert found.stderr.count("\n") <= 2, found.stderr  # the second line is a command to type
        assert "Traceback" not in found.stderr
    assert [] == list(tmp_path.iterdir())


def test_the_warehouse_may_come_from_the_environment(
    explored: Explored, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSFOLD_WAREHOUSE", explored.library.warehouse.storage.uri)
    out = tmp_path / "day.html"

    found = newsfold("page", "--day", str(FIRST), "--out", str(out), "--json")

    assert str(out) == json.loads(found.stdout)["path"]
