"""Answers as tables and lines on the terminal."""

from datetime import date

import pytest

from pipeline.app import listings, terminal
from pipeline.upkeep.reasons import Reason, Why
from pipeline.upkeep.repair import Step
from pipeline.upkeep.status import State, Status

ID = "20260305" + "ab" * 12


def test_differences_are_a_line_each_and_a_total(capsys: pytest.CaptureFixture[str]) -> None:
    """With ids short enough to be typed."""
    parts = [{"story_id": ID, "n_articles": 3}, {"story_id": ID[::-1], "n_articles": 1}]
    total = {
        "what": "total",
        "n_articles": 9,
        "split": 1,
        "join": 1,
        "move": 1,
        "copy": 1,
        "only_in_a": 1,
        "only_in_b": 0,
    }
    listings.differences(
        [
            {"what": "split", "story_id": ID, "n_articles": 4, "title": "A bridge\x1b", "in_b": parts},
            {"what": "join", "story_id": ID, "n_articles": 4, "title": None, "in_a": parts},
            {"what": "move", "article_id": ID, "story_in_a": ID, "story_in_b": ID},
            {"what": "copy", "article_id": ID, "copy_in_a": ID, "copy_in_b": ID},
            {"what": "only_in_a", "article_id": ID},
            total,
        ]
    )

    lines = capsys.readouterr().out.splitlines()
    short = ID[:16]
    assert f"split  {short} (4): {short} (3), {ID[::-1][:16]} (1)  A bridge\\u001b" == lines[0]
    assert f"move  {short}: {short} in A, {short} in B" == lines[2]
    assert f"only in a  {short}" == lines[4]
    assert "9 articles in both: 1 split, 1 join, 1 move, 1 copy, 1 only in a, 0 only in b" == lines[5]


def test_nothing_rejected_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    listings.rejects([])

    assert "no rejects\n" == capsys.readouterr().out


def test_a_forecast_adds_articles_and_rejects(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    counts = {"n_files": 3, "bytes": 2_500_000, "n_new_files": 1, "new_bytes": 1_000_000, "n_published": 1234}
    listings.forecast(
        [{"day": date(2026, 3, 5), **counts, "n_articles_gone": 2, "n_rejects_gone": 5, "cpu_seconds": 0.4}]
    )

    (row,) = [line.split() for line in capsys.readouterr().out.splitlines() if "2026-03-05" in line]
    assert ["2026-03-05", "3", "2.5", "1", "1.0", "1,234", "7", "0"] == row


@pytest.mark.parametrize("columns", ["40", "60", "80"])
def test_no_figure_is_cut_off_on_a_narrow_terminal(
    columns: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor a day, a state or a reason; a pipe and a log are 80 columns wide."""
    monkeypatch.setenv("COLUMNS", columns)
    day, counts = date(2026, 3, 5), {"n_raw": 12345, "n_rejects": 123, "n_articles": 12222, "n_stories": 6789}
    reasons = (Reason(Why.RAW_DOCUMENTS), Reason(Why.CAPPED))
    sizes = dict.fromkeys(
        ("n_files", "n_new_files", "n_published", "n_articles_gone", "n_rejects_gone"), 1000
    )
    forecast = {"day": day, **sizes, "bytes": 2_500_000, "new_bytes": 1_000_000, "cpu_seconds": 1234}

    listings.forecast([forecast])
    terminal.status([Status(day, State.INCOMPLETE, reasons, counts)])
    terminal.plan([Step(day, State.INCOMPLETE, "if changed", reasons)], 1)

    printed = capsys.readouterr().out
    assert "…" not in printed
    assert 3 == sum(line.strip().startswith("2026-03-05") for line in printed.splitlines())


def test_what_is_retired_leaves_no_hole_in_a_story(capsys: pytest.CaptureFixture[str]) -> None:
    """An article of which only its place is left."""
    story = {"story_id": ID, "title": None, "lead": None, "keywords": ["bridge", "river"]}
    listings.story({"story": story, "articles": [{"article_id": ID, "kind": "origin"}], "timeline": []})

    printed = capsys.readouterr().out
    assert printed.startswith(ID)
    assert "keywords: bridge, river" in printed
    assert "origin" in printed
