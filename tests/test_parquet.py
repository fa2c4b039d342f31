"""Parquet bytes and the digest of rows."""

import io
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.contract import Contract
from pipeline.model.internal_tables import SIGNATURES, TERMS
from pipeline.model.tables import MEMBERSHIPS, STORIES
from pipeline.store import parquet

times = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis adds it
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
VALUES = {
    pa.string(): texts,
    pa.int32(): st.integers(-5, 5),
    pa.int64(): st.integers(-5, 5),
    pa.float64(): st.floats(0, 1),
    pa.date32(): st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    pa.timestamp("us", tz="UTC"): times,
    pa.binary(512): st.binary(min_size=512, max_size=512),
}


def rows_of(contract: Contract) -> st.SearchStrategy[pa.Table]:
    """Tables that satisfy the contract."""

    def value(kind: pa.DataType) -> st.SearchStrategy[object]:
        if pa.types.is_struct(kind):
            return st.fixed_dictionaries({field.name: value(field.type) for field in kind})
        return st.lists(value(kind.value_type), max_size=3) if pa.types.is_list(kind) else VALUES[kind]

    columns = {c.name: value(c.type) | st.none() if c.nullable else value(c.type) for c in contract.columns}
    unique = st.lists(st.fixed_dictionaries(columns), max_size=12, unique_by=lambda row: row[contract.key[0]])
    return unique.map(contract.table)


def encoded(contract: Contract, table: pa.Table) -> bytes:
    sink = io.BytesIO()
    parquet.write(contract, contract.arrange(table), sink)
    return sink.getvalue()


any_table = st.sampled_from([MEMBERSHIPS, STORIES, SIGNATURES]).flatmap(
    lambda c: st.tuples(st.just(c), rows_of(c))
)


@given(any_table, st.integers(0, 12), st.randoms())
def test_the_same_rows_give_the_same_bytes_and_digest(
    given_: tuple[Contract, pa.Table], cut: int, random: object
) -> None:
    """Order, chunks and offsets of the rows change neither bytes nor digest."""
    contract, table = given_
    order = list(range(table.num_rows))
    random.shuffle(order)  # type: ignore[attr-defined]
    shuffled = table.take(pa.array(order, pa.int64()))
    cut_up = pa.concat_tables([shuffled.slice(0, cut), shuffled.slice(cut)])

    assert encoded(contract, table) == encoded(contract, cut_up)
    assert parquet.digest(contract.arrange(table)) == parquet.digest(contract.arrange(cut_up))


@given(any_table)
def test_what_is_written_is_read(given_: tuple[Contract, pa.Table]) -> None:
    """Rows come back from the bytes as they went in, and with their digest."""
    contract, table = given_

    back = parquet.read(io.BytesIO(encoded(contract, table)))

    assert contract.arrange(table).to_pylist() == back.to_pylist()
    assert parquet.digest(contract.arrange(table)) == parquet.digest(contract.conform(back))


@given(rows_of(MEMBERSHIPS), rows_of(MEMBERSHIPS))
def test_other_rows_have_another_digest(one: pa.Table, other: pa.Table) -> None:
    """Two tables have one digest exactly when their rows are the same."""
    one, other = MEMBERSHIPS.arrange(one), MEMBERSHIPS.arrange(other)

    assert (one.to_pylist() == other.to_pylist()) == (parquet.digest(one) == parquet.digest(other))


def test_a_null_is_not_an_empty_text() -> None:
    """Null, empty and absent are three things to the digest."""
    row = {
        "article_id": "a",
        "ingest_date": date(2026, 1, 1),
        "copy_id": "a",
        "story_id": "a",
        "kind": "origin",
    }

    digests = {parquet.digest(MEMBERSHIPS.table([row | {"matched_id": value}])) for value in (None, "", "0")}

    assert len(digests) == 3


def test_files_say_how_they_are_to_be_read() -> None:
    """Row groups, order, checksums and field ids stand in the file."""
    rows = [
        {
            "article_id": f"{n:032x}",
            "ingest_date": date(2026, 1, 1),
            "copy_id": "c",
            "story_id": "s",
            "kind": "near",
        }
        for n in range(parquet.ROW_GROUP_ROWS + 1)
    ]

    file = pq.ParquetFile(io.BytesIO(encoded(MEMBERSHIPS, MEMBERSHIPS.table(rows))))

    assert file.metadata.num_row_groups == 2
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"
    assert pq.SortingColumn(0) == file.metadata.row_group(0).sorting_columns[0]
    assert file.schema_arrow.field("article_id").metadata[b"PARQUET:field_id"] == b"1"


def test_terms_are_stored_by_a_dictionary_and_weights_byte_by_byte() -> None:
    row = {
        "article_id": "a",
        "ingest_date": date(2026, 3, 5),
        "terms": [1, 2],
        "weights": [0.8, 0.6],
        "names": [],
        "keywords": [],
    }
    found = encodings(TERMS, TERMS.table([row]))

    assert "RLE_DICTIONARY" in found["terms"]
    assert "BYTE_STREAM_SPLIT" in found["weights"]


@given(st.sampled_from([MEMBERSHIPS, STORIES]).flatmap(lambda c: st.tuples(st.just(c), rows_of(c))))
def test_published_tables_are_in_encodings_that_every_reader_knows(given_: tuple[Contract, pa.Table]) -> None:
    assert set().union(*encodings(*given_).values()) <= {"PLAIN", "RLE", "RLE_DICTIONARY"}


def encodings(contract: Contract, table: pa.Table) -> dict[str, set[str]]:
    """The encodings of each column of a file."""
    about = pq.read_metadata(io.BytesIO(encoded(contract, table)))
    found: dict[str, set[str]] = {}
    for group in map(about.row_group, range(about.num_row_groups)):
        for chunk in map(group.column, range(group.num_columns)):
            found.setdefault(chunk.path_in_schema.split(".")[0], set()).update(chunk.encodings)
    return found


def test_a_layout_is_part_of_what_a_file_says() -> None:
    """So a file in another layout is written again, though its rows are the same."""
    other = replace(TERMS, layout=TERMS.layout + 1)

    assert other.form != TERMS.form
    assert "newsfold.layout" not in {k.decode() for k in STORIES.schema.metadata}


@given(any_table, st.sets(st.integers(0, 11)), st.integers(1, 5), st.integers(1, 500))
def test_what_is_let_through_is_what_a_filter_leaves(
    given_: tuple[Contract, pa.Table], kept: set[int], rows_of_group: int, n_bytes: int
) -> None:
    """However the rows are cut into groups, and however many of them are read at once."""
    contract, table = given_
    table, key = contract.arrange(table), contract.key[0]
    wanted = pc.field(key).isin(
        pa.array([v for n, v in enumerate(table[key].to_pylist()) if n in kept], table[key].type)
    )
    columns = [contract.names[-1], key]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parquet, "ROW_GROUP_ROWS", rows_of_group)
        patch.setattr(parquet, "_BATCH_BYTES", n_bytes)
        data = encoded(contract, table)

        assert table.filter(wanted).to_pylist() == parquet.read(io.BytesIO(data), where=wanted).to_pylist()
        assert table.filter(wanted).select(columns).equals(parquet.read(io.BytesIO(data), columns, wanted))


def test_of_a_group_that_has_no_wanted_row_only_what_is_asked_about_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [
        {"article_id": a, "signature": bytes(512), "words_hash": 1, "n_shingles": 1, "passages": [1]}
        for a in "abc"
    ]
    monkeypatch.setattr(parquet, "ROW_GROUP_ROWS", 1)
    source = io.BytesIO(encoded(SIGNATURES, SIGNATURES.table(rows)))
    read, batches = [], pq.ParquetFile.iter_batches

    def noted(file: pq.ParquetFile, *args: Any, **how: Any) -> Iterator[pa.RecordBatch]:
        read.append((how["row_groups"], how["columns"]))
        return batches(file, *args, **how)

    monkeypatch.setattr(pq.ParquetFile, "iter_batches", noted)

    found = parquet.read(source, ["article_id", "signature"], pc.field("article_id") == "b")

    assert ["b"] == found["article_id"].to_pylist()
    assert [([1], ["signature"])] == read


def test_pieces_are_the_rows_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "ROW_GROUP_ROWS", 3)
    row = {"signature": bytes(512), "words_hash": 1, "n_shingles": 1, "passages": [1]}
    table = SIGNATURES.table([{"article_id": f"{n}"} | row for n in range(8)])
    content = encoded(SIGNATURES, table)

    pieces = list(parquet.pieces(io.BytesIO(content), 2))

    assert max(map(len, pieces)) == 2
    assert table.equals(pa.concat_tables(pieces).cast(table.schema))


class Seen(io.BytesIO):
    """A file that notes which threads read it."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.threads: set[int] = set()

    def read(self, size: int | None = -1) -> bytes:
        self.threads.add(threading.get_ident())
        return super().read(size)


@pytest.mark.parametrize(
    "reading",
    [
        parquet.read,
        lambda source: parquet.read(source, where=pc.field("article_id") != ""),
        lambda source: parquet.read_group(source, 0),
        lambda source: list(parquet.pieces(source, 1)),
        lambda source: parquet.adopt(SIGNATURES, source, None, None),
    ],
    ids=["read", "read where", "read_group", "pieces", "adopt"],
)
def test_a_file_is_read_in_the_thread_that_asks(reading: Callable[[Seen], object]) -> None:
    """A thread of pyarrow's that lets go of the file a moment later aborts a process that is about to end."""
    row = {"article_id": "a", "signature": bytes(512), "words_hash": 1, "n_shingles": 1, "passages": [1]}
    source = Seen(encoded(SIGNATURES, SIGNATURES.table([row])))
    reading(source)

    assert {threading.get_ident()} == source.threads
