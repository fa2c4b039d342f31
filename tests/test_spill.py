"""Tables that are put aside come back as they were."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from pipeline.model.errors import NewsfoldError
from pipeline.store import spill
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


@pytest.mark.skipif(sys.platform != "linux", reason="limits of files are said otherwise elsewhere")
def test_a_disk_that_is_full_at_any_moment_is_said_and_nothing_is_left_on_it(tmp_path: Path) -> None:
    """Also where only the last bytes had no room: those that a file holds back until it is closed."""
    code = (
        "import resource, signal, tempfile\n"
        "import pyarrow as pa\n"
        "from pipeline.model.errors import NewsfoldError\n"
        "from pipeline.store.spill import shelve\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"tempfile.tempdir = {str(tmp_path)!r}\n"
        "for n_bytes in (0, 10, 300, 1_000, 100_000):\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, resource.RLIM_INFINITY))\n"
        "    for n_rows in (100, 1_000, 100_000):\n"
        "        try:\n"
        "            shelve(pa.table({'a': range(n_rows)}))\n"
        "        except NewsfoldError as error:\n"
        "            assert 'no room' in str(error)\n"
        "        else:\n"
        "            assert 8 * n_rows < n_bytes\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert not done.returncode, done.stderr
    assert [] == list(tmp_path.iterdir())


def test_where_no_folder_can_be_written_to_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> str:
        raise FileNotFoundError("no usable temporary directory")

    monkeypatch.setattr("tempfile.gettempdir", none)
    monkeypatch.setenv("TMPDIR", "/nowhere")

    with pytest.raises(NewsfoldError, match=r"^/nowhere: no room .* set TMPDIR$"):
        shelve(pa.table({"a": [1]}))


def test_tables_that_are_large_together_are_gathered_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """At no time are they all in memory, and they come back as they were put in."""
    monkeypatch.setattr(spill, "LARGE_BYTES", 1000)
    before, held = pa.total_allocated_bytes(), list[int]()

    def tables() -> Iterator[pa.Table]:
        for n in range(50):
            held.append(pa.total_allocated_bytes() - before)
            yield pa.table({"a": pa.array([n] * 10_000)})

    found = spill.gathered(pa.schema([pa.field("a", pa.int64())]), tables())

    assert [10_000] * 50 == [len(chunk) for chunk in found["a"].chunks]
    assert list(range(50)) == found["a"].unique().to_pylist()
    assert max(held) < 5 * 80_000


def test_few_rows_are_gathered_in_memory_and_none_have_the_schema() -> None:
    schema = pa.schema([pa.field("a", pa.int64(), nullable=False)], {"who": "test"})

    assert spill.gathered(schema, []).equals(schema.empty_table(), check_metadata=True)
    assert [1, 2] == spill.gathered(schema, [schema.empty_table(), _rows(schema, 1, 2)])["a"].to_pylist()


def test_what_cannot_be_read_is_no_matter_of_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is not there any more is told as such."""
    monkeypatch.setattr(spill, "LARGE_BYTES", 0)

    def tables() -> Iterator[pa.Table]:
        yield pa.table({"a": [1]})
        raise FileNotFoundError("gone")

    with pytest.raises(FileNotFoundError, match="gone"):
        spill.gathered(pa.schema([pa.field("a", pa.int64())]), tables())


def _rows(schema: pa.Schema, *values: int) -> pa.Table:
    return pa.table({"a": list(values)}, schema=schema)


def test_the_rows_that_are_chosen_come_in_order_and_all_of_them_are_not_copied(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In chunks or not, large or not; a null chooses nothing."""
    table = pa.table({"a": pa.chunked_array([range(7_000), range(7_000, 12_000)])})
    marks = pa.chunked_array([[n % 3 == 0 if n % 2 else None for n in range(12_000)]])

    few = spill.chosen(table, marks)
    monkeypatch.setattr(spill, "LARGE_BYTES", 100)

    assert [n for n in range(12_000) if n % 2 and n % 3 == 0] == few["a"].to_pylist()
    assert few.equals(spill.chosen(table, marks))
    assert spill.chosen(table, pa.chunked_array([[True] * 12_000])) is table
    assert [5_000, 5_000, 2_000] == [some.num_rows for some in spill.in_slices(table)]
