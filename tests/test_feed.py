"""The files of the feed of changes: numbers, ranges, and what is said where some of it is lost."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.model.changes_table import CHANGES, Cause, Op
from pipeline.model.contract import TEXT, Column
from pipeline.model.errors import ContractError, CursorError
from pipeline.store import feed as feeds
from pipeline.store import layout
from pipeline.store.feed import Feed, Publication, whole
from pipeline.store.local import LocalStorage

DAY = date(2026, 3, 5)


@pytest.fixture(autouse=True)
def small_ranges(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "RANGE_ROWS", 3)


def _feed(root: Path, clock: Callable[[], int] = lambda: 1000) -> Feed:
    return Feed(LocalStorage(root), clock)


def _tell(feed: Feed, *tables: str) -> int:
    return feed.append([Publication(table, DAY, whole(Op.LOAD, None, "d"), Cause.RUN) for table in tables])


def _filled(root: Path) -> tuple[Feed, list[int]]:
    """A feed of four files, and its numbers."""
    feed = _feed(root)
    numbers = [_tell(feed, f"t{n}") for n in range(10)]
    assert 4 == len(feed.firsts())
    return feed, numbers


def test_numbers_increase_whatever_the_clock_says(tmp_path: Path) -> None:
    times = iter([5000, 5000, 4000, 6000, 6001])
    feed = _feed(tmp_path, lambda: next(times))
    numbers = [_tell(feed, "a"), _tell(feed, "b"), _tell(feed, "c"), _tell(feed, "d", "e")]

    assert [5000, 5001, 5002, 6001] == numbers
    assert numbers[-1] == feed.last()


def test_from_each_number_on_it_gives_what_came_after(tmp_path: Path) -> None:
    feed, numbers = _filled(tmp_path)

    for n, number in enumerate(numbers):
        last, rows = feed.since(number)
        assert (numbers[-1], numbers[n + 1 :]) == (last, rows["publication"].to_pylist())


@pytest.mark.parametrize("number", [1, 999, 1010, 10**15])
def test_a_number_that_it_never_gave_is_refused(tmp_path: Path, number: int) -> None:
    feed, _ = _filled(tmp_path)

    with pytest.raises(CursorError, match="load every table"):
        feed.since(number)


def test_a_feed_that_never_began_knows_no_number(tmp_path: Path) -> None:
    assert 0 == _feed(tmp_path).last()
    with pytest.raises(CursorError):
        _feed(tmp_path).since(5)


def test_a_publication_never_stands_in_two_files(tmp_path: Path) -> None:
    feed = _feed(tmp_path)
    for _ in range(3):
        _tell(feed, "a", "b", "c", "d", "e")

    parts = [set(feed.read_range(first).rows["publication"].to_pylist()) for first in feed.firsts()]
    assert [5, 5, 5] == [len(part) for part in parts]


def test_what_was_dropped_is_refused_and_the_rest_is_told(tmp_path: Path) -> None:
    feed, numbers = _filled(tmp_path)
    gone, *_ = feed.outdated(10**15)
    last = feed.read_range(gone).last
    feed.storage.delete(layout.changes(gone))

    assert numbers[2] == last
    assert numbers[3:] == feed.since(last)[1]["publication"].to_pylist()
    with pytest.raises(CursorError):
        feed.since(numbers[1])
    assert [] == list(feed.broken())


def test_the_newest_file_never_goes_for_its_age(tmp_path: Path) -> None:
    feed, numbers = _filled(tmp_path)

    assert feed.firsts()[:-1] == feed.outdated(10**15)
    assert [] == feed.outdated(numbers[0])


@pytest.mark.parametrize("n", range(4))
@pytest.mark.parametrize("is_gone", [True, False])
def test_a_file_that_is_lost_or_damaged_is_never_passed_over(tmp_path: Path, n: int, is_gone: bool) -> None:
    """From no number on is anything left out; a number that lost what came after it is refused, also once the feed went on."""
    feed, numbers = _filled(tmp_path)
    path = tmp_path / layout.changes(feed.firsts()[n])
    path.unlink() if is_gone else path.write_bytes(b"PAR1")
    told = [1000, 1003, 1006, 1009, 1010]  # the first number of each file, and of what comes after

    for _ in range(2):
        for number in numbers:
            lost = number < told[n + 1] - 1
            if lost:
                with pytest.raises(CursorError):
                    feed.since(number)
            elif n < 3:
                assert [m for m in numbers if m > number] == feed.since(number)[1]["publication"].to_pylist()
        numbers.append(_tell(feed, "more"))
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_a_lost_file_shows_at_the_one_beside_it(tmp_path: Path, n: int) -> None:
    feed, _ = _filled(tmp_path)
    paths = [layout.changes(first) for first in feed.firsts()]
    (tmp_path / paths[n]).unlink()

    assert [paths[min(n + 1, 3)] if n < 3 else paths[2]] == [path for path, _, _ in feed.broken()]


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    feed, _ = _filled(tmp_path)
    path = layout.changes(feed.firsts()[1])
    (tmp_path / path).write_bytes(b"PAR1")

    assert [path] == [path for path, _, _ in feed.broken()]


def test_what_nobody_reaches_any_more_goes_whatever_its_age(tmp_path: Path) -> None:
    feed, _ = _filled(tmp_path)
    firsts = feed.firsts()
    (tmp_path / layout.changes(firsts[2])).write_bytes(b"PAR1")

    assert firsts[:3] == feed.outdated(0)
    (tmp_path / layout.changes(firsts[3])).write_bytes(b"PAR1")
    assert [] == feed.outdated(0), "which of them are reached is told by what comes"
    _tell(feed, "anew")
    assert firsts == feed.outdated(0)
    assert [] == list(feed.broken())[4:]


def test_without_its_note_it_goes_on(tmp_path: Path) -> None:
    feed, numbers = _filled(tmp_path)
    (tmp_path / layout.CHANGES_HEAD).write_bytes(b"\xff")
    more = _tell(feed, "more")

    assert [*numbers[5:], more] == feed.since(numbers[4])[1]["publication"].to_pylist()


def test_a_restored_copy_refuses_what_only_the_lost_one_told(tmp_path: Path) -> None:
    """Its numbers are of a later time, so none of them is one that was used."""
    feed = _feed(tmp_path, lambda: 1000)
    _tell(feed, "a")
    kept = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    lost = _tell(feed, "b")
    for path, data in kept.items():
        path.write_bytes(data)
    _tell(_feed(tmp_path, lambda: 5000), "c")

    with pytest.raises(CursorError):
        feed.since(lost)


@pytest.mark.parametrize("is_nullable", [True, False])
def test_files_of_before_a_column_came_read_as_those_of_every_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_nullable: bool
) -> None:
    """The column is null there; one that must not be null makes them unreadable, which is damage."""
    feed = _feed(tmp_path)
    first = _tell(feed, "a")
    column = Column("more", TEXT, "What came later.", nullable=is_nullable)
    monkeypatch.setattr(feeds, "CHANGES", replace(CHANGES, columns=(*CHANGES.columns, column)))

    if is_nullable:
        assert [None] == feed.read_range(first).rows["more"].to_pylist()
        assert [first] == feed.firsts()
        assert first == feed.last()
        assert [] == list(feed.broken())
    else:
        assert [layout.changes(first)] == [path for path, _, _ in feed.broken()]
        with pytest.raises(CursorError):
            feed.since(first)


def test_a_feed_that_a_later_version_wrote_is_neither_damaged_nor_written_over(tmp_path: Path) -> None:
    feed = _feed(tmp_path)
    _tell(feed, "a")
    path = tmp_path / layout.changes(feed.firsts()[0])
    table = pq.read_table(path)
    later = {**(table.schema.metadata or {}), b"newsfold.contract_version": b"99"}
    pq.write_table(table.replace_schema_metadata(later), path)
    before = path.read_bytes()

    with pytest.raises(ContractError, match="later newsfold"):
        _tell(feed, "b")
    with pytest.raises(ContractError, match="later newsfold"):
        list(feed.broken())
    assert before == path.read_bytes()
