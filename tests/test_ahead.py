"""What publishing takes, made in threads: the same bytes and digests, and nothing left behind."""

import io
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pytest

from pipeline.model.tables import MEMBERSHIPS
from pipeline.store import parquet
from pipeline.store.ahead import Ahead, MadeAhead
from pipeline.store.local import LocalStorage
from pipeline.store.warehouse import Warehouse
from tests.conftest import DAY
from tests.memberships import rows


@pytest.fixture
def places() -> pa.Table:
    return MEMBERSHIPS.arrange(MEMBERSHIPS.table(rows("a", "b", "c")))


def test_a_file_made_ahead_has_the_bytes_of_one_made_in_its_turn(places: pa.Table) -> None:
    turn, sink = io.BytesIO(), io.BytesIO()
    parquet.write(MEMBERSHIPS, places, turn)

    with Ahead(2) as ahead:
        write = ahead.write(MEMBERSHIPS, places)
        write(sink)
        write(sink)  # a storage may ask again, where what it was to replace went meanwhile

    assert sink.getvalue() == 2 * turn.getvalue()


def test_digests_are_those_of_each_table(places: pa.Table) -> None:
    tables = {"all": places, "few": places.slice(1)}

    with Ahead(2) as ahead:
        assert ahead.digests(tables) == {name: parquet.digest(table) for name, table in tables.items()}


def test_a_partition_that_was_made_ahead_is_published_as_any_other(places: pa.Table, tmp_path: Path) -> None:
    ours, theirs = (Warehouse(LocalStorage(tmp_path / name)) for name in ("ours", "theirs"))

    with Ahead(1) as ahead:
        ours.publish(MEMBERSHIPS, DAY, places, ahead=MadeAhead(None, ahead.write(MEMBERSHIPS, places)))
    theirs.publish(MEMBERSHIPS, DAY, places)

    one, other = (w.manifest(MEMBERSHIPS, DAY) for w in (ours, theirs))
    assert one
    assert other
    assert one.bytes_digest == other.bytes_digest
    assert ours.read(MEMBERSHIPS, DAY).equals(places)


def test_what_writing_raises_comes_when_it_is_the_files_turn(places: pa.Table) -> None:
    with Ahead(1) as ahead:
        write = ahead.write(MEMBERSHIPS, places.drop_columns("kind"))

        with pytest.raises(ValueError, match="schema"):
            write(io.BytesIO())


def test_nothing_is_left_of_a_file_that_nobody_asked_for(
    places: pa.Table, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    with Ahead(1) as ahead:
        ahead.write(MEMBERSHIPS, places)

    assert not list(tmp_path.iterdir())


def test_a_table_for_whose_file_there_is_no_room_is_written_in_its_turn(
    places: pa.Table, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    full = Path("/dev/full").open("w+b")  # noqa: SIM115
    monkeypatch.setattr("tempfile.TemporaryFile", lambda: full)
    turn, sink = io.BytesIO(), io.BytesIO()
    parquet.write(MEMBERSHIPS, places, turn)

    with Ahead(1) as ahead:
        ahead.write(MEMBERSHIPS, places)(sink)
        assert full.closed, (
            "what was written of it would take the room of the file that is written in its turn"
        )

    assert sink.getvalue() == turn.getvalue()
    assert "memberships is written in its turn: TMPDIR does not take its file: [Errno 28]" in caplog.text


def test_files_take_half_of_what_is_free_so_that_a_warehouse_on_the_same_disk_has_room_for_them(
    places: pa.Table, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    free = 2 * places.nbytes + 2
    monkeypatch.setattr("shutil.disk_usage", lambda _: _Usage(free, 0, free))
    made = []
    monkeypatch.setattr("tempfile.TemporaryFile", lambda: made.append(io.BytesIO()) or made[-1])
    first, second = io.BytesIO(), io.BytesIO()

    with Ahead(1) as ahead:
        for write, sink in [(ahead.write(MEMBERSHIPS, places), sink) for sink in (first, second)]:
            write(sink)

    assert len(made) == 1
    assert first.getvalue() == second.getvalue()
    assert "memberships is written in its turn: TMPDIR does not take its file: more than half" in caplog.text


def test_a_folder_for_temporary_files_that_is_not_there_takes_none(
    places: pa.Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.gettempdir", _no_folder)
    sink = io.BytesIO()

    with Ahead(1) as ahead:
        ahead.write(MEMBERSHIPS, places)(sink)

    assert sink.getvalue()


class _Usage(NamedTuple):
    total: int
    used: int
    free: int


def _no_folder() -> str:
    raise FileNotFoundError("No usable temporary directory found")
