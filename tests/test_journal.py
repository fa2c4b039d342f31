"""What a run has learnt outlives it."""

from io import FileIO
from pathlib import Path

import pytest

from pipeline.harvest.journal import Change, Journal

A, B = Change("s", "x", "a", 1), Change("s", "x", "b", {"n": "ü"})


def test_what_was_appended_is_read_back_in_its_order(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "deep" / "journal")
    assert [] == list(journal.read())
    journal.append([A, B])
    journal.append([A])
    assert [[A, B], [A]] == list(Journal(tmp_path / "deep" / "journal").read())


def test_a_torn_line_is_passed_over_and_those_after_it_are_read(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    Journal(path).append([A])
    whole = path.read_bytes()
    for n in range(len(whole) - 1):
        path.write_bytes(whole + whole[:n])
        Journal(path).append([B])
        assert [[A], [B]] == list(Journal(path).read())


def test_a_cleared_journal_is_empty(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    journal.append([A])
    journal.clear()
    journal.clear()
    assert [] == list(journal.read())


def test_a_line_is_whole_where_the_system_takes_it_in_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Piecewise(FileIO):
        def write(self, data: memoryview) -> int:  # type: ignore[override]
            return super().write(data[:7])

    path = tmp_path / "journal"
    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", lambda path, mode, **_: Piecewise(path, mode))
        for _ in range(2):
            Journal(path).append([A, B])
    assert [[A, B], [A, B]] == list(Journal(path).read())
