"""What gave no article, by reason."""

import gzip
import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.app.cli import app
from pipeline.app.rejects import rejects
from pipeline.day.desk import Desk, open_desk
from pipeline.model.errors import MissingInputError, SettingsError
from pipeline.settings import load
from tests.command import records

DAYS = ("2026-03-05", "2026-03-06")
LONG = "The bridge over the river Marlow was closed by the city on Monday for repairs that last a month."


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two days with short texts in files of several kinds, a file of no known kind, a record that is no JSON."""
    root = tmp_path_factory.mktemp("rejects")
    for n, day in enumerate(DAYS):
        folder = root / "landing" / f"day={day}"
        folder.mkdir(parents=True)
        rows = [
            {"url": f"https://bay.example/{n}{i}", "text": f"{'short' if i else LONG} {n} {i}"}
            for i in range(3)
        ]
        (folder / "a.jsonl.gz").write_bytes(
            gzip.compress("\n".join([*map(json.dumps, rows), "{no"]).encode())
        )
        (folder / "b.html").write_bytes(b"<html><body>Caf\xe9</body></html>")
        (folder / "c.bin").write_bytes(b"\x00\x1b[31mPK" + bytes([n]))
    done = CliRunner().invoke(app, ["run", "-q", *places(root)])
    assert 0 == done.exit_code, done.output
    return root


def places(root: Path) -> list[str]:
    return ["--landing", str(root / "landing"), "--warehouse", str(root / "warehouse")]


def desk(root: Path) -> Desk:
    return open_desk(load(landing=str(root / "landing"), warehouse=str(root / "warehouse")))


def test_each_reason_is_counted_and_shown_with_the_head_of_its_bytes(place: Path) -> None:
    """The record's own bytes where there is a record, whatever it is compressed with; else the file's, if it stands first there. The most frequent first."""
    short, *rest = rejects(desk(place), [], None, 2)

    assert ("too_short", 6, "clean") == (short["reason"], short["n"], short["stage"])
    assert ["short 0 1", "short 0 2"] == [one["head"] for one in short["documents"]]
    heads = {one["reason"]: one["documents"][0]["head"] for one in rest}
    assert "\x00\x1b[31mPK\x00" == heads["unknown_format"]
    assert {"bad_record", "unknown_format"} == set(heads)
    assert [2, 2] == [one["n"] for one in rest]


def test_what_stands_behind_others_is_not_shown_with_the_bytes_of_the_first(place: Path) -> None:
    """A bad line is no record; its file begins with another document."""
    (found,) = rejects(desk(place), [], "bad_record", 9)

    assert ["day=2026-03-05/a.jsonl.gz#3", "day=2026-03-06/a.jsonl.gz#3"] == [
        one["raw_ref"] for one in found["documents"]
    ]
    assert all(one["head"] is None and "counted from 0" in one["note"] for one in found["documents"])


def test_bytes_of_no_utf_8_are_shown_too(place: Path) -> None:
    (found,) = rejects(desk(place), [], "too_short", 9)

    assert r"<html><body>Caf\xe9</body></html>" in [one["head"] for one in found["documents"]]


def test_days_and_reasons_are_chosen(place: Path) -> None:
    (found,) = rejects(desk(place), [date(2026, 3, 6)], "unknown_format", 9)

    assert (1, ["day=2026-03-06/c.bin#0"]) == (found["n"], [one["raw_ref"] for one in found["documents"]])
    assert [] == rejects(desk(place), [], "crashed", 9)
    with pytest.raises(SettingsError, match=r"'crash' is no reason; known are .*crashed"):
        rejects(desk(place), [], "crash", 9)
    (counted,) = rejects(desk(place), [], "bad_record", 0)
    assert (2, []) == (counted["n"], counted["documents"])


def test_a_file_that_is_gone_leaves_the_reason(place: Path) -> None:
    file = place / "landing" / "day=2026-03-06" / "c.bin"
    kept = file.read_bytes()
    file.unlink()
    try:
        (found,) = rejects(desk(place), [], "unknown_format", 9)
    finally:
        file.write_bytes(kept)

    first, gone = found["documents"]
    assert first["head"]
    assert (None, True) == (gone["head"], "not in the landing zone" in gone["note"])


def test_a_warehouse_without_days_has_none(tmp_path: Path) -> None:
    (tmp_path / "landing").mkdir()
    with pytest.raises(MissingInputError, match="no published rejects"):
        rejects(desk(tmp_path), [], None, 3)


def test_a_day_that_was_not_published_is_named(place: Path) -> None:
    """No answer about it is not the answer that it had no rejects. Of a range, the days that are there are shown."""
    where = ["rejects", "--warehouse", str(place / "warehouse"), "--json"]

    with pytest.raises(MissingInputError, match="2026-03-09: not published"):
        rejects(desk(place), [date(2026, 3, 6), date(2026, 3, 9)], None, 3)
    named, outside, across = (
        CliRunner().invoke(app, [*where, *days])
        for days in (
            ("--day", "2026-03-06", "--day", "2026-03-09"),
            ("--from", "2026-03-07", "--to", "2026-03-20"),
            ("--from", "2026-03-06", "--to", "2026-03-20"),
        )
    )
    assert isinstance(named.exception, MissingInputError)
    assert "2026-03-07 to 2026-03-20: not published" in str(outside.exception)
    assert {"too_short": 3, "bad_record": 1, "unknown_format": 1} == {
        row["reason"]: row["n"] for row in records(across.stdout)
    }


@pytest.mark.parametrize("command", ["stories", "flows"])
def test_other_lists_of_a_day_that_was_not_published_are_refused_too(place: Path, command: str) -> None:
    where = [command, "--warehouse", str(place / "warehouse"), "--json"]

    absent, there = (CliRunner().invoke(app, [*where, "--day", day]) for day in ("2026-03-09", DAYS[0]))
    assert "2026-03-09: not published" in str(absent.exception)
    assert 0 == there.exit_code


def test_the_command_shows_them_to_a_person_and_to_a_script(place: Path) -> None:
    shown, told = (
        CliRunner().invoke(app, ["rejects", "--warehouse", str(place / "warehouse"), *more])
        for more in ((), ("--json",))
    )

    assert (0, 0) == (shown.exit_code, told.exit_code), shown.output + told.output
    assert "6 too_short" in shown.output
    assert "\\u0000\\u001b[31mPK" in shown.output
    assert ["too_short", "bad_record", "unknown_format"] == [row["reason"] for row in records(told.output)]
