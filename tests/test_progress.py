"""How far a command is."""

import io
from datetime import date

import pytest

from pipeline.app import progress, terminal
from pipeline.app.progress import Progress

DAY = date(2026, 3, 5)


def test_each_day_says_which_of_how_many_it_is() -> None:
    """Where the number is a bound, it says so; one that was not expected counts too."""
    told = Progress(quiet=True)
    told.expect(2, at_most=True)
    places = []
    for _ in range(3):
        told.begin(DAY)
        places.append(told.place)
        told.end()

    assert ["day 1 of up to 2", "day 2 of up to 2", "day 3 of up to 3"] == places


def test_a_log_gets_lines_and_no_moving_ones(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On standard error, whatever standard output is."""
    monkeypatch.setattr(progress, "_PLAIN_SECONDS", -1)
    with Progress(quiet=False) as told:
        told.expect(1)
        told.begin(DAY)
        told.watch("articles", 3)
        told.watch("articles", 4)
        told.end()

    assert ("", ["day 1 of 1  2026-03-05 articles 3", "day 1 of 1  2026-03-05 articles 7"]) == (
        (printed := capsys.readouterr()).out,
        printed.err.splitlines(),
    )


def test_answers_scroll_above_the_moving_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both are on one console, which knows where the line is."""
    screen = io.StringIO()
    monkeypatch.setattr(terminal.console, "_file", screen)  # `file` would be put back as this test's stream
    monkeypatch.setattr(terminal.console, "_force_terminal", True)
    monkeypatch.setattr(terminal.console, "legacy_windows", False)
    with Progress(quiet=False) as told:
        told.begin(DAY)
        assert terminal.console._live_stack
        terminal.console.print("a day's line")
        told.end()

    assert "a day's line" in screen.getvalue()


def test_a_log_is_told_how_many_files_are_read(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As often as of days, and nothing where it shall be quiet."""
    monkeypatch.setattr(progress, "_PLAIN_SECONDS", -1)
    for quiet in (False, True):
        with progress.Count(quiet=quiet) as count:
            count.watch(3, 9)
            count.watch(9, 9)
        assert 9 == count.n_files

    assert ["3 of 9 files", "9 of 9 files"] == capsys.readouterr().err.splitlines()
