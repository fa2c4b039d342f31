"""What publishing takes, made in threads: the same bytes and digests, and nothing left behind."""

import io
from pathlib import Path

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
    monkeypatch.setattr("tempfile.TemporaryFile", lambda: Path("/dev/full").open("w+b"))  # noqa: SIM115
    turn, sink = io.BytesIO(), io.BytesIO()
    parquet.write(MEMBERSHIPS, places, turn)

    with Ahead(1) as ahead:
        ahead.write(MEMBERSHIPS, places)(sink)

    assert sink.getvalue() == turn.getvalue()
    assert "memberships is written in its turn: TMPDIR does not take its file: [Errno 28]" in caplog.text
