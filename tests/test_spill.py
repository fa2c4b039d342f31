"""Tables that are put aside come back as they were."""

from pathlib import Path

import pyarrow as pa
import pytest

from pipeline.model.errors import NewsfoldError
from pipeline.store.spill import shelve


def test_a_shelved_table_is_the_same_table() -> None:
    """Types, nulls, nested values and metadata; it may be read more than once."""
    schema = pa.schema([pa.field("a", pa.int64()), pa.field("b", pa.list_(pa.string()))], {"who": "test"})
    table = pa.table({"a": [1, None, 3], "b": [["x"], None, []]}, schema=schema)

    shelved = shelve(pa.concat_tables([table, table]))

    assert pa.concat_tables([table, table]).equals(shelved, check_metadata=True)
    assert shelved.equals(shelved)


def test_a_shelved_table_takes_no_memory_and_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its values stand in a mapped file whose name is gone already."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    table = pa.table({"a": pa.array(range(100_000))})
    before = pa.total_allocated_bytes()

    shelved = shelve(table)

    assert pa.total_allocated_bytes() - before < table.nbytes / 10
    assert [] == list(tmp_path.iterdir())
    assert 100_000 == shelved.num_rows


def test_without_room_it_is_said_where(monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder is named, and what to set."""
    monkeypatch.setattr("tempfile.tempdir", "/nowhere")

    with pytest.raises(NewsfoldError, match=r"^/nowhere: no room .* set TMPDIR$"):
        shelve(pa.table({"a": [1]}))


def test_where_no_folder_can_be_written_to_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> str:
        raise FileNotFoundError("no usable temporary directory")

    monkeypatch.setattr("tempfile.gettempdir", none)
    monkeypatch.setenv("TMPDIR", "/nowhere")

    with pytest.raises(NewsfoldError, match=r"^/nowhere: no room .* set TMPDIR$"):
        shelve(pa.table({"a": [1]}))
