"""What a run has learnt outlives it."""

from pathlib import Path

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
