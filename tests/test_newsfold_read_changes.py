"""read.changes of newsfold-read: what changed since a number, by pyarrow alone; it refuses what the feed's own reader refuses."""

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.model.changes_table import CHANGES, Cause, Op
from pipeline.model.contract import VERSION
from pipeline.model.errors import CursorError as ItsCursorError
from pipeline.model.tables import LINKS, MEMBERSHIPS, RUNS
from pipeline.newsfold_read import CursorError, LaterContractError, MissingError, changes, table
from pipeline.store import feed as feeds
from pipeline.store import layout
from pipeline.store.feed import Feed, Publication, whole
from pipeline.store.local import LocalStorage
from pipeline.store.warehouse import Warehouse
from tests.damaged import DAMAGES
from tests.memberships import rows
from tests.s3server import ENVIRONMENT, SeaweedFS

DAY = date(2026, 3, 5)


@pytest.fixture(autouse=True)
def small_ranges(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "RANGE_ROWS", 3)


def _filled(root: Path) -> tuple[Feed, list[int]]:
    """A feed of four files, and its numbers."""
    feed = Feed(LocalStorage(root), lambda: 1000)
    numbers = [_tell(feed, f"t{n}") for n in range(10)]
    assert 4 == len(feed.firsts())
    return feed, numbers


def _tell(feed: Feed, table: str, op: Op = Op.LOAD) -> int:
    return feed.append([Publication(table, DAY, whole(op, None, "d"), Cause.RUN)])


def _publish(root: Path | str, *names: str, day: date = DAY) -> None:
    Warehouse(LocalStorage(root)).publish(MEMBERSHIPS, day, MEMBERSHIPS.table(rows(*names)))


def test_its_columns_are_those_of_the_contract(tmp_path: Path) -> None:
    _publish(tmp_path, "a")
    found = changes(str(tmp_path))
    for rows_ in (found.rows, changes(str(tmp_path), found.cursor).rows):
        assert [(n, CHANGES.schema.field(n).type) for n in ("publication", "day", "table", "key", "op")] == [
            (field.name, field.type) for field in rows_.schema
        ]


def test_with_0_every_partition_that_stands_is_a_load_and_then_what_changed_is_told(tmp_path: Path) -> None:
    _publish(tmp_path, *"abcdefgh")
    _publish(tmp_path, *"abcdefgh", day=date(2026, 3, 6))
    (tmp_path / "memberships" / "day=2026-03-07").mkdir()  # a run that was killed left it
    first = changes(str(tmp_path))
    _publish(tmp_path, *"bcdefghi")
    then = changes(str(tmp_path), first.cursor)

    assert [("memberships", 5, "", "load"), ("memberships", 6, "", "load")] == [
        (row["table"], row["day"].day, row["key"], row["op"]) for row in first.rows.to_pylist()
    ]
    assert [("a", "delete"), ("i", "insert")] == [(row["key"], row["op"]) for row in then.rows.to_pylist()]
    assert first.cursor < then.cursor
    assert 0 == changes(str(tmp_path), then.cursor).rows.num_rows


def test_of_each_row_only_the_last_thing_is_told(tmp_path: Path) -> None:
    _publish(tmp_path, *"abcdefgh")
    cursor = changes(str(tmp_path)).cursor
    for names in ("bcdefgh", "abcdefgh", "bcdefgh"):
        _publish(tmp_path, *names)

    (row,) = changes(str(tmp_path), cursor).rows.to_pylist()
    assert ("a", "delete") == (row["key"], row["op"])
    _publish(tmp_path, *"stuvwxyz")
    (row,) = changes(str(tmp_path), cursor).rows.to_pylist()
    assert ("", "load") == (row["key"], row["op"])


def test_a_warehouse_whose_feed_never_began_is_listed_and_knows_no_number(tmp_path: Path) -> None:
    Warehouse(LocalStorage(tmp_path)).publish(RUNS, DAY, RUNS.empty())
    shutil.rmtree(tmp_path / "changes")
    shutil.rmtree(tmp_path / "_meta")
    assert (0, ["runs"]) == (changes(str(tmp_path)).cursor, changes(str(tmp_path)).rows["table"].to_pylist())
    with pytest.raises(CursorError, match="load every table again"):
        changes(str(tmp_path), 5)


@pytest.mark.parametrize("since", [0, 5])
def test_where_nothing_was_ever_published_nobody_is_told_to_begin_again(tmp_path: Path, since: int) -> None:
    """A disk that is not mounted is an empty folder: who begins again, or begins with nothing, loses the copy."""
    with pytest.raises(MissingError, match="nothing is published there") as raised:
        changes(str(tmp_path), since)
    assert not isinstance(raised.value, CursorError)


def test_when_all_that_was_published_is_removed_a_copy_is_emptied(tmp_path: Path) -> None:
    _publish(tmp_path, *"abc")
    cursor = changes(str(tmp_path)).cursor
    Warehouse(LocalStorage(tmp_path)).remove(MEMBERSHIPS, DAY)

    (moved,) = changes(str(tmp_path), cursor).partitions()
    assert ("memberships", None, 0) == (moved.table, moved.keys, moved.rows.num_rows)


def test_a_table_that_may_not_be_listed_is_no_empty_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a copy would lose its rows."""
    _publish(tmp_path, *"abc")
    Warehouse(LocalStorage(tmp_path)).publish(RUNS, DAY, RUNS.empty())
    for name in ("scandir", "listdir"):
        monkeypatch.setattr(os, name, _refusing(getattr(os, name), tmp_path / "memberships"))

    with pytest.raises(PermissionError):
        changes(str(tmp_path))
    with pytest.raises(PermissionError):
        table("memberships", str(tmp_path))


def _refusing(list_: Callable[[Any], Any], folder: Path) -> Callable[[Any], Any]:
    def listed(path: Any) -> Any:
        if Path(path) == folder:
            raise PermissionError(13, "Permission denied", str(path))
        return list_(path)

    return listed


@pytest.mark.parametrize("number", [1, 999, 1010, 10**15])
def test_a_number_that_the_feed_never_gave_is_refused(tmp_path: Path, number: int) -> None:
    _filled(tmp_path)

    with pytest.raises(CursorError, match=f"does not go back to {number}"):
        changes(str(tmp_path), number)


def _gone(path: Path) -> None:
    path.unlink()


_FILES = [*(layout.changes(number) for number in (1000, 1003, 1006, 1009)), layout.CHANGES_HEAD]


@pytest.mark.parametrize("kind", [_gone, *DAMAGES.values()], ids=["gone", *DAMAGES])
@pytest.mark.parametrize("path", _FILES)
def test_of_a_feed_that_lost_something_it_tells_what_the_feed_itself_tells(
    tmp_path: Path, path: str, kind: Callable[[Path], object]
) -> None:
    """From each number on: the same rows, or refused; and the same once the feed went on."""
    feed, numbers = _filled(tmp_path)
    kind(tmp_path / path)

    for _ in range(2):
        for number in numbers:
            try:
                expected = feed.since(number)
            except ItsCursorError:
                with pytest.raises(CursorError):
                    changes(str(tmp_path), number)
            else:
                found = changes(str(tmp_path), number)
                assert (expected[0], expected[1]["publication"].to_pylist()) == (
                    found.cursor,
                    found.rows["publication"].to_pylist(),
                )
        cursor = changes(str(tmp_path)).cursor
        numbers.append(_tell(feed, "more"))
        with suppress(
            CursorError
        ):  # who loaded everything meanwhile hears of what came then, or loads everything again
            assert numbers[-1] in changes(str(tmp_path), cursor).rows["publication"].to_pylist()


def test_a_feed_of_a_later_contract_is_refused_with_a_word(tmp_path: Path) -> None:
    _, numbers = _filled(tmp_path)
    path = tmp_path / layout.changes(1009)
    table = pq.read_table(path, partitioning=None)
    later = {**(table.schema.metadata or {}), b"newsfold.contract_version": str(VERSION + 1).encode()}
    path.unlink()
    pq.write_table(pa.table(table.columns, schema=table.schema.with_metadata(later)), path)

    with pytest.raises(LaterContractError, match="update newsfold-read"):
        changes(str(tmp_path), numbers[0])


@pytest.mark.services
def test_a_bucket_is_followed_as_a_folder_is(
    tmp_path: Path, server: SeaweedFS, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (ENVIRONMENT | {"AWS_ENDPOINT_URL": server.url}).items():
        monkeypatch.setenv(name, value)
    from pipeline.store.s3 import S3Storage

    uri = "s3://news/followed"
    warehouse = Warehouse(S3Storage(uri))
    warehouse.publish(MEMBERSHIPS, DAY, MEMBERSHIPS.table(rows(*"abcdefgh")))
    first = changes(uri)
    warehouse.publish(MEMBERSHIPS, DAY, MEMBERSHIPS.table(rows(*"bcdefgh")))

    assert ["load"] == first.rows["op"].to_pylist()
    assert [("a", "delete")] == [(r["key"], r["op"]) for r in changes(uri, first.cursor).rows.to_pylist()]
    with pytest.raises(CursorError):
        changes(uri, 7)


def test_the_rows_to_put_in_are_read_as_they_stand_now(tmp_path: Path) -> None:
    """Of a row that moved, it alone; of a partition that is meant as a whole, all; of what went, none."""
    _publish(tmp_path, *"abcdefgh")
    (all_,) = changes(str(tmp_path)).partitions()
    cursor = changes(str(tmp_path)).cursor
    _publish(tmp_path, *"bcdefghi")
    (some,) = changes(str(tmp_path), cursor).partitions()

    assert (None, 8, ("article_id",)) == (all_.keys, all_.rows.num_rows, all_.key)
    assert all_.rows.schema == table("memberships", str(tmp_path)).schema
    assert (["a", "i"], ["i"]) == (some.keys, some.rows["article_id"].to_pylist())
    assert ("memberships", DAY) == (some.table, some.day)


def test_a_longer_key_is_its_columns_with_a_line_between(tmp_path: Path) -> None:
    warehouse = Warehouse(LocalStorage(tmp_path))
    links = [_link(other) for other in "bcde"]
    warehouse.publish(LINKS, DAY, LINKS.table(links))
    cursor = changes(str(tmp_path)).cursor
    warehouse.publish(LINKS, DAY, LINKS.table([links[0] | {"reason": "another"}, *links[1:]]))

    (moved,) = changes(str(tmp_path), cursor).partitions()

    assert (("article_id", "other_id"), ["a|b"]) == (moved.key, moved.keys)
    assert [("b", "another")] == [(row["other_id"], row["reason"]) for row in moved.rows.to_pylist()]


def _link(other: str) -> dict[str, object]:
    figures = {"jaccard": 0.5, "containment": 0.5, "containment_other": 0.5}
    said = {"kind": None, "accepted": False, "reason": "differs", "rule_version": 1}
    return {"article_id": "a", "other_id": other, **figures, **said}
