"""A day's documents are read where their texts are needed, and not before."""

from pathlib import Path

import pyarrow as pa
import pytest

from pipeline.day import segments
from pipeline.day.documents import NAMED_BY, Documents, no_documents
from pipeline.day.run import run_day
from pipeline.model.errors import InputChangedError
from pipeline.model.internal_tables import EXTRACTED
from pipeline.store import parquet
from pipeline.store.local import LocalStorage
from tests.conftest import published
from tests.extracted import document
from tests.world import DAYS, World

DAY = DAYS[0]


@pytest.fixture
def world(tmp_path: Path) -> World:
    found = World(tmp_path)
    found.put(DAY, "a.jsonl", [0, 5, 8])
    run_day(found.desk(), DAY)
    return found


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The segments of which all columns are read."""
    paths: list[str] = []
    real = segments.read_segment

    def spy(storage: LocalStorage, segment: str, texts: segments.Texts) -> pa.Table | None:
        paths.append(segment)
        return real(storage, segment, texts)

    monkeypatch.setattr(segments, "read_segment", spy)
    return paths


def test_documents_at_hand_are_all_there() -> None:
    rows = EXTRACTED.table([document("a#1", ["One line."])])
    found = Documents.at_hand(rows)

    assert (found.names, found.digest) == (rows.select(NAMED_BY), parquet.digest(rows))
    assert found.rows() is rows
    assert no_documents().rows().num_rows == 0


def test_rows_are_read_once_and_refused_where_they_are_others() -> None:
    rows = EXTRACTED.table([document("a#1", ["One line."])])
    readings = iter([rows])
    found = Documents(rows.select(NAMED_BY), parquet.digest(rows), lambda: next(readings))

    assert found.rows() is found.rows() is rows
    with pytest.raises(InputChangedError, match="were replaced"):
        Documents(rows.select(NAMED_BY), "another", lambda: rows).rows()


def test_a_day_of_which_nothing_is_new_reads_no_text(world: World, read: list[str]) -> None:
    before = published(world.root / "warehouse")
    run_day(world.desk(), DAY)

    assert read == []
    assert published(world.root / "warehouse") == before


def test_a_day_that_is_cleaned_by_another_rule_reads_its_texts(world: World, read: list[str]) -> None:
    world.settings["min_words"] = 5
    run_day(world.desk(), DAY)

    assert len(read) == 1
    again = published(world.root / "warehouse")
    run_day(world.desk(warehouse="clean"), DAY)
    assert published(world.root / "clean") == again


def test_a_late_file_and_a_file_that_goes_read_what_is_there(world: World, read: list[str]) -> None:
    world.put(DAY, "b.jsonl", [1])
    run_day(world.desk(), DAY)
    assert len(read) == 1

    (world.root / "landing" / f"day={DAY}" / "b.jsonl").unlink()
    run_day(world.desk(), DAY)
    run_day(world.desk(warehouse="clean"), DAY)
    assert published(world.root / "clean") == published(world.root / "warehouse")


def test_a_segment_whose_texts_are_damaged_is_made_again_where_they_are_needed(
    world: World, read: list[str]
) -> None:
    storage = world.desk().warehouse.storage
    (entry,) = segments.segments_of(storage, DAY)
    path = world.root / "warehouse" / entry.path
    table = segments.parquet.read(path.open("rb"))
    at = table.column_names.index("url")
    broken = table.set_column(at, table.schema.field(at), pa.array(["https://other.example/"] * len(table)))
    segments._store(storage, entry.path, broken, table.schema.metadata)

    world.settings["min_words"] = 5
    run_day(world.desk(), DAY)
    run_day(world.desk(warehouse="clean"), DAY)
    assert read
    assert published(world.root / "clean") == published(world.root / "warehouse")


@pytest.mark.parametrize("said", [b"0" * 32, b"\xff", None], ids=["another", "no text", "none"])
def test_a_segment_that_says_another_digest_of_itself_is_made_again(world: World, said: bytes | None) -> None:
    """Its rows are read where they seem to be others, and so it shows."""
    before = published(world.root / "warehouse")
    storage = world.desk().warehouse.storage
    (entry,) = segments.segments_of(storage, DAY)
    table = segments.parquet.read((world.root / "warehouse" / entry.path).open("rb"))
    metadata = {k: v for k, v in table.schema.metadata.items() if k != segments._DIGEST}
    segments._store(storage, entry.path, table, metadata | ({segments._DIGEST: said} if said else {}))

    run_day(world.desk(), DAY)

    assert published(world.root / "warehouse") == before
