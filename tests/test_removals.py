"""The list of removals is kept twice, and is never taken for empty because it can't be read."""

from pathlib import Path

import pytest

from pipeline.model.errors import DamagedError, OvertakenError
from pipeline.model.removal import Removal, Target
from pipeline.store import layout, removals
from pipeline.store.local import LocalStorage

ONE, OTHER = Removal(Target.OUTLET, "Écho"), Removal(Target.ADDRESS, "https://a.example/x")
DAMAGES = [b"", b"{", b"\xff\xfe", b"[]", b"{}", b'{"removals": [], "check": "00000000"}']


@pytest.fixture
def storage(tmp_path: Path) -> LocalStorage:
    storage = LocalStorage(tmp_path)
    removals.change(storage, lambda _: {ONE, OTHER})
    return storage


def test_a_warehouse_without_a_list_has_nothing_removed(tmp_path: Path) -> None:
    assert () == removals.read(LocalStorage(tmp_path))


def test_what_is_written_is_read_in_order(storage: LocalStorage) -> None:
    assert (OTHER, ONE) == removals.read(storage)
    assert (ONE,) == removals.change(storage, lambda known: known - {OTHER})
    assert (ONE,) == removals.read(storage)


@pytest.mark.parametrize("path", [layout.REMOVED, layout.REMOVED_COPY])
@pytest.mark.parametrize("damage", DAMAGES)
def test_one_damaged_or_lost_file_is_read_from_the_other(
    storage: LocalStorage, path: str, damage: bytes
) -> None:
    (storage.root / path).write_bytes(damage)
    assert (OTHER, ONE) == removals.read(storage)
    assert [path] == removals.unreadable(storage)

    (storage.root / path).unlink()
    assert (OTHER, ONE) == removals.read(storage)
    removals.change(storage, lambda known: known)
    assert [] == removals.unreadable(storage)


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_list_that_can_not_be_read_at_all_is_not_an_empty_one(storage: LocalStorage, damage: bytes) -> None:
    for path in (layout.REMOVED, layout.REMOVED_COPY):
        (storage.root / path).write_bytes(damage)

    with pytest.raises(DamagedError, match="not known what was removed; restore one of them"):
        removals.read(storage)
    with pytest.raises(DamagedError):
        removals.change(storage, lambda known: known)


def test_a_lost_file_beside_a_damaged_one_is_not_an_empty_list_either(storage: LocalStorage) -> None:
    (storage.root / layout.REMOVED).unlink()
    (storage.root / layout.REMOVED_COPY).write_bytes(b"{")

    with pytest.raises(DamagedError):
        removals.read(storage)


def test_who_lost_the_lock_unnoticed_overwrites_no_other_removal(storage: LocalStorage) -> None:
    """A lease runs out where it can't be renewed: somebody else may hold it by then."""
    third = Removal(Target.OUTLET, "Third")

    def edit(known: set[Removal]) -> set[Removal]:
        (storage.root / layout.lock(layout.REMOVALS_LOCK)).unlink()  # so that somebody else gets it
        removals.change(LocalStorage(storage.root), lambda listed: {*listed, third})
        return {*known, Removal(Target.OUTLET, "Fourth")}

    with pytest.raises(OvertakenError):
        removals.change(storage, edit)
    assert {ONE, OTHER, third} == set(removals.read(storage))
    assert [] == removals.unreadable(storage)
