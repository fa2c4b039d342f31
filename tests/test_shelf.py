"""A shelf: what is put on it stands where it was put, in memory or on files."""

import errno
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.errors import NewsfoldError
from pipeline.store import shelf
from pipeline.store.shelf import Shelf

sizes = st.lists(st.integers(0, 20), max_size=12)


def entries(n: int, size: int) -> tuple[np.ndarray, np.ndarray]:
    columns = np.arange(size, dtype=np.int32) + 100 * n
    return columns, columns.astype(np.float32) / 3


@pytest.mark.parametrize("many", [10, 10_000])
@given(st.data())
def test_entries_stand_where_they_were_put(many: int, data: st.DataObject) -> None:
    """In memory and on files alike, whatever is read in between."""
    one = Shelf()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shelf, "MANY", many)
        added = [entries(n, size) for n, size in enumerate(data.draw(sizes))]
        places = []
        for columns, values in added:
            places.append(one.add(columns, values))
            if data.draw(st.booleans()):
                one.entries()
        one.rest()
        found = one.entries()

    for place, (columns, values) in zip(places, added, strict=True):
        assert found[0][place : place + len(columns)].tolist() == columns.tolist()
        assert found[1][place : place + len(columns)].tolist() == values.tolist()


@pytest.mark.parametrize("many", [1, 10_000])
def test_what_is_written_there_stays(many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when the pages rest, and when more entries come."""
    monkeypatch.setattr(shelf, "MANY", many)
    one = Shelf()
    one.add(*entries(0, 5))
    one.entries()[1][3] = 42.0
    one.rest()
    one.add(*entries(1, 5))

    assert one.entries()[1][3] == 42.0
    assert len(one.entries()[0]) == 10


def test_many_entries_stand_on_files_without_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "MANY", 3)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    one = Shelf()
    one.add(*entries(0, 100))

    assert not list(tmp_path.iterdir())
    assert [100, 100] == [len(part) for part in one.entries()]


def test_a_full_disk_is_an_error_that_names_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(shelf, "MANY", 3)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("tempfile.mkstemp", full)

    with pytest.raises(NewsfoldError, match=str(tmp_path)):
        Shelf().add(*entries(0, 100))
