"""The index of manifests: whatever stands in it, nobody is told anything else; and what it saves."""

import errno
import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.day import inputs
from pipeline.model.internal_tables import INDEX
from pipeline.model.tables import ARTICLES, RUNS, STORIES
from pipeline.store import layout, parquet
from pipeline.store.index import Index
from pipeline.store.local import LocalStorage
from pipeline.store.storage import filler
from pipeline.upkeep import repair, status
from pipeline.upkeep.status import State
from pipeline.upkeep.verify import verify
from tests.damaged import DAMAGES, bare, copied, three_days
from tests.world import DAYS, World, be_quick

MARCH, APRIL = date(2026, 3, 5), date(2026, 4, 1)
KIND = layout.MANIFESTS


@pytest.fixture
def storage(tmp_path: Path) -> LocalStorage:
    return LocalStorage(tmp_path)


def saved(storage: LocalStorage, *rows: tuple[date, str, str, bytes]) -> Index:
    index = Index(storage, KIND)
    for row in rows:
        index.put(*row)
    index.save()
    return index


def known(storage: LocalStorage, day: date, path: str, version: str) -> bytes | None:
    index = Index(storage, KIND)
    index.load([day])
    return index.get(day, path, version)


def test_a_text_is_found_by_path_and_version(storage: LocalStorage) -> None:
    saved(storage, (MARCH, "a", "1", b"one"), (APRIL, "a", "2", b"two"))

    assert b"one" == known(storage, MARCH, "a", "1")
    assert b"two" == known(storage, APRIL, "a", "2")
    assert [None] * 3 == [known(storage, MARCH, *asked) for asked in (("a", "2"), ("b", "1"), ("a", ""))]


def test_what_is_added_keeps_what_is_there_and_replaces_an_older_version(storage: LocalStorage) -> None:
    saved(storage, (MARCH, "a", "1", b"one"), (MARCH, "b", "1", b"other"))
    saved(storage, (MARCH, "a", "2", b"two"))

    assert [None, b"two", b"other"] == [known(storage, MARCH, *asked) for asked in ("a1", "a2", "b1")]


def test_what_is_known_already_is_not_written_again(storage: LocalStorage) -> None:
    saved(storage, (MARCH, "a", "1", b"one"))
    before = storage.version(layout.index(KIND, MARCH))

    saved(storage, (MARCH, "a", "1", b"one"))

    assert before == storage.version(layout.index(KIND, MARCH))


def test_of_two_who_write_one_month_none_loses_what_the_other_wrote(tmp_path: Path) -> None:
    """The second comes in between the reading and the writing of the first."""

    class Slow(LocalStorage):
        def replace(self, path: str, fill: Callable[[Any], None], expected: str | None = None) -> str:
            if others:
                saved(LocalStorage(tmp_path), others.pop())
            return super().replace(path, fill, expected)

    others = [(MARCH, "b", "1", b"of the other"), (MARCH, "c", "1", b"of a third")]
    saved(Slow(tmp_path), (MARCH, "a", "1", b"one"))

    found = [known(LocalStorage(tmp_path), MARCH, path, "1") for path in "abc"]
    assert [b"one", b"of the other", b"of a third"] == found


def test_who_may_not_write_goes_on(
    storage: LocalStorage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    caplog.set_level("INFO")
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        saved(storage, (MARCH, "a", "1", b"one"))

    assert None is known(storage, MARCH, "a", "1")
    assert "was left as it is" in caplog.text


@pytest.mark.parametrize("kind", DAMAGES)
def test_a_damaged_month_is_no_month_and_the_next_one_who_writes_makes_it_again(
    storage: LocalStorage, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    saved(storage, (MARCH, "a", "1", b"one" * 99))
    DAMAGES[kind](storage.root / layout.index(KIND, MARCH))

    assert known(storage, MARCH, "a", "1") in {None, b"one" * 99}  # a bit may flip where nothing is
    saved(storage, (MARCH, "b", "1", b"two"))

    assert b"two" == known(storage, MARCH, "b", "1")
    assert kind == "a bit flipped" or "only an index: nothing is lost" in caplog.text


def test_no_bit_that_flips_makes_another_text_of_it(storage: LocalStorage) -> None:
    """Of a month of two files: each is found as it was, or not at all."""
    path = layout.index(KIND, MARCH)
    saved(storage, (MARCH, "a", "1", b"one" * 50), (MARCH, "b", "2", b"two" * 50))
    data = storage.read(path)
    for at in range(0, len(data), 3):
        flipped = bytearray(data)
        flipped[at] ^= 1 << (at % 8)
        storage.replace(path, filler(bytes(flipped)))
        index = Index(storage, KIND)
        index.load([MARCH])
        assert index.get(MARCH, "a", "1") in {None, b"one" * 50}
        assert index.get(MARCH, "b", "2") in {None, b"two" * 50}
        assert index.get(MARCH, "a", "2") is index.get(MARCH, "b", "1") is None


# --- of a warehouse -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with pytest.MonkeyPatch.context() as patched:
        be_quick(patched)
        yield three_days(tmp_path_factory.mktemp("made") / "world")


@pytest.fixture
def world(made: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    be_quick(monkeypatch)
    return copied(made.root, tmp_path)


def of_month(world: World) -> Path:
    return world.root / "warehouse" / layout.index(KIND, DAYS[0])


def read_manifests(world: World, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The manifests that a status reads one by one."""
    asked: list[str] = []
    real = LocalStorage.read

    def read(self: LocalStorage, path: str) -> bytes:
        asked.append(path)
        return real(self, path)

    with monkeypatch.context() as patched:
        patched.setattr(LocalStorage, "read", read)
        assert {State.FRESH} == {one.state for one in status.status(world.desk())}
    return [path for path in asked if path.startswith(KIND)]


def test_a_run_notes_what_it_writes_and_a_repair_what_it_had_to_read(
    made: World, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So a status reads no manifest by itself. A copy has other versions: its manifests are read until it is repaired once."""
    assert [] == read_manifests(made, monkeypatch) == read_manifests(world, monkeypatch)

    of_month(world).unlink()
    assert len((*inputs.OWN, STORIES)) * 3 == len(read_manifests(world, monkeypatch))

    list(repair.repair(world.desk(), DAYS[:3]))
    assert [] == read_manifests(world, monkeypatch)


def test_a_plan_writes_no_index(world: World) -> None:
    """Who only asks may have no right to write."""
    of_month(world).unlink()
    desk = world.desk()

    assert [] == repair.plan(desk, DAYS[:3])
    status.status(desk)

    assert not of_month(world).exists()


@pytest.mark.parametrize("kind", DAMAGES)
def test_a_damaged_index_changes_no_answer_and_is_made_again(world: World, kind: str) -> None:
    DAMAGES[kind](of_month(world))

    assert status.status(bare(world.desk())) == status.status(world.desk())
    list(repair.repair(world.desk(), DAYS[:3]))
    world.put(DAYS[2], "late.jsonl", [3])
    list(repair.repair(world.desk(), DAYS[:3]))

    rows = parquet.read(of_month(world).open("rb"))
    assert INDEX.names == rows.column_names
    assert len((*inputs.OWN, STORIES)) <= rows.num_rows


def test_an_index_with_texts_of_other_days_is_not_believed(world: World) -> None:
    """Each text says itself what it is of."""
    storage = world.desk().warehouse.storage
    path = layout.manifest(RUNS, DAYS[0])
    index = Index(storage, KIND)
    index.put(DAYS[0], path, storage.version(path), storage.read(layout.manifest(RUNS, DAYS[1])))
    index.put(DAYS[0], layout.manifest(ARTICLES, DAYS[0]), "of another version", b"{}")
    index.save()

    assert status.status(bare(world.desk())) == status.status(world.desk())
    assert {State.FRESH} == {one.state for one in status.status(world.desk())}


def test_a_manifest_that_rotted_unseen_is_told_once_it_was_read_again(world: World) -> None:
    path = world.root / "warehouse" / layout.manifest(ARTICLES, DAYS[0])
    standing, data = path.stat(), bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    with path.open("r+b") as handle:
        handle.write(data)
    os.utime(path, ns=(standing.st_atime_ns, standing.st_mtime_ns))

    assert 1 == len(list(verify(world.desk().warehouse)))
    assert State.INCOMPLETE == status.status(world.desk())[0].state
    list(repair.repair(world.desk(), DAYS[:3]))
    assert [] == list(verify(world.desk().warehouse))
    assert {State.FRESH} == {one.state for one in status.status(world.desk())}
