"""Small tables that were read lately are not read again."""

import pickle

import pyarrow as pa
import pytest

from pipeline.store import cache
from pipeline.store.cache import Recent


def table(n: int) -> pa.Table:
    return pa.table({"n": pa.array([0] * n, pa.int64())})


def asked(kept: Recent, key: str, n: int) -> bool:
    """Whether it had to be read."""
    reads: list[int] = []
    found = kept.get((key,), lambda: reads.append(n) or table(n))  # type: ignore[func-returns-value]
    assert n == found.num_rows
    return bool(reads)


def test_a_table_is_read_once(kept: Recent) -> None:
    assert [True, False, True, False] == [asked(kept, key, 1) for key in ("a", "a", "b", "a")]


def test_what_was_asked_for_longest_ago_goes_first(kept: Recent) -> None:
    """Ten rows are held: of four and four and four, the second was not asked for since."""
    for key in ("a", "b", "a", "c"):
        asked(kept, key, 4)

    assert [False, False, True] == [asked(kept, key, 4) for key in ("a", "c", "b")]


def test_a_large_table_is_not_kept(kept: Recent) -> None:
    assert [True, True] == [asked(kept, "a", 6), asked(kept, "a", 6)]


def test_a_read_that_fails_is_tried_again(kept: Recent) -> None:
    def gone() -> pa.Table:
        raise FileNotFoundError

    with pytest.raises(FileNotFoundError):
        kept.get(("a",), gone)

    assert asked(kept, "a", 1)


def test_what_stands_no_more_is_forgotten_and_not_kept_again(kept: Recent) -> None:
    for key in ("a", "b"):
        asked(kept, key, 1)
    kept.keep(lambda key: key == ("b",))

    assert [False, True, True] == [asked(kept, key, 1) for key in ("b", "a", "a")]


def test_what_goes_while_it_is_read_is_not_kept(kept: Recent) -> None:
    def read() -> pa.Table:
        kept.keep(lambda key: key != ("a",))
        return table(1)

    kept.get(("a",), read)
    kept.keep(lambda _: True)

    assert asked(kept, "a", 1)


def test_of_larger_tables_the_last_one_is_kept(kept: Recent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "LAST_BYTES", 8 * 8)

    assert [True, False, True, True, False] == [
        asked(kept, key, n) for key, n in (("a", 7), ("a", 7), ("b", 8), ("a", 7), ("a", 7))
    ]
    assert [True, True] == [asked(kept, "c", 9) for _ in range(2)], "too large"

    kept.keep(lambda key: key != ("a",))
    kept.keep(lambda _: True)
    assert asked(kept, "a", 7)


def test_another_process_begins_empty(kept: Recent) -> None:
    asked(kept, "a", 1)

    assert asked(pickle.loads(pickle.dumps(kept)), "a", 1)  # noqa: S301 - our own bytes


def test_tables_without_rows_take_room_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """A repair of years reads thousands of small tables."""
    monkeypatch.setattr(cache, "TOTAL_BYTES", 2 * cache.ENTRY_BYTES)
    kept = Recent()
    for key in ("a", "b", "c"):
        asked(kept, key, 0)

    assert [True, False] == [asked(kept, key, 0) for key in ("a", "c")]


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Recent:
    monkeypatch.setattr(cache, "ENTRY_BYTES", 0)
    monkeypatch.setattr(cache, "LARGEST_BYTES", 5 * 8)
    monkeypatch.setattr(cache, "LAST_BYTES", 0)
    monkeypatch.setattr(cache, "TOTAL_BYTES", 10 * 8)
    return Recent()
