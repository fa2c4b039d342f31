"""The calls of Arrow that have types of our own do what their names say, on whole columns and on columns in pieces."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import arrow

WORDS = ["sea", None, "air", "sea"]


@pytest.fixture(params=["whole", "in pieces"])
def words(request: pytest.FixtureRequest) -> arrow.Array | arrow.ChunkedArray:
    pieces = [pa.array(WORDS[:1], pa.string()), pa.array(WORDS[1:], pa.string())]
    return pa.concat_arrays(pieces) if request.param == "whole" else pa.chunked_array(pieces)


def test_equals_is_null_where_the_value_is_null(words: arrow.Array | arrow.ChunkedArray) -> None:
    assert arrow.equals(words, "sea").to_pylist() == [True, None, False, True]
    assert arrow.equals(words, words).to_pylist() == [True, None, True, True]


def test_filled_replaces_nulls_alone_and_keeps_the_type(words: arrow.Array | arrow.ChunkedArray) -> None:
    assert arrow.filled(words, "").to_pylist() == ["sea", "", "air", "sea"]
    assert arrow.filled(pa.array([1, None], pa.int32()), 0).equals(pa.array([1, 0], pa.int32()))


def test_byte_lengths_count_bytes_and_not_characters() -> None:
    assert arrow.byte_lengths(pa.array(["é", None, ""])).to_pylist() == [2, None, 0]


def test_find_gives_the_row_or_null(words: arrow.Array | arrow.ChunkedArray) -> None:
    among = pa.chunked_array([["air"], ["sea"]], pa.string())
    assert arrow.find(words, among).to_pylist() == [1, None, 0, 1]
    assert arrow.find(words, among.combine_chunks()).to_pylist() == [1, None, 0, 1]


@given(
    st.lists(st.none() | st.sampled_from("abcde"), max_size=4),
    st.lists(st.none() | st.sampled_from("abcdef"), max_size=80),
)
def test_find_gives_the_first_row_of_each_however_many_are_asked_for(
    asked: list[str | None], rows: list[str | None]
) -> None:
    among = pa.array(rows, pa.string())
    expected = [rows.index(value) if value in rows else None for value in asked]

    for values in (pa.array(asked, pa.string()), pa.chunked_array([asked[:1], asked[1:]], pa.string())):
        found = arrow.find(values, among)
        assert expected == found.to_pylist()
        assert pa.int32() == found.type
        assert isinstance(found, pa.ChunkedArray) == isinstance(values, pa.ChunkedArray)


def test_what_a_column_in_pieces_gives_is_in_pieces(words: arrow.Array | arrow.ChunkedArray) -> None:
    for found in (arrow.equals(words, "sea"), arrow.filled(words, ""), arrow.find(words, words)):
        assert isinstance(found, pa.ChunkedArray) == isinstance(words, pa.ChunkedArray)


def test_is_in_is_never_null(words: arrow.Array | arrow.ChunkedArray) -> None:
    assert arrow.is_in(words, pa.array(["air"])).to_pylist() == [False, False, True, False]


def test_both_needs_both() -> None:
    one, other = pa.array([True, True, False, None]), pa.array([True, False, False, True])
    assert arrow.both(one, other).to_pylist() == [True, False, False, None]


def test_counts_says_how_often_each_stands(words: arrow.Array | arrow.ChunkedArray) -> None:
    assert arrow.counts(words.drop_null()) == {"sea": 2, "air": 1}


def test_n_true_counts_neither_nulls_nor_what_is_not_there() -> None:
    assert arrow.n_true(pa.array([True, None, False, True])) == 2
    assert not arrow.n_true(pa.array([], pa.bool_()))


def test_distinct_keeps_the_order_of_first_appearance(words: arrow.Array | arrow.ChunkedArray) -> None:
    assert arrow.distinct(words).equals(pa.array(["sea", None, "air"]))


def test_flat_gives_the_elements_of_all_lists_and_list_lengths_how_many() -> None:
    lists = pa.chunked_array([[[1, 2], []], [None, [3]]], pa.list_(pa.int64()))
    assert arrow.flat(lists).to_pylist() == [1, 2, 3]
    assert arrow.list_lengths(lists).to_pylist() == [2, 0, None, 1]
    assert arrow.flat(lists.chunk(0)).equals(pa.array([1, 2]))


def test_indices_are_null_where_a_row_is_missing() -> None:
    rows = np.array([2, -1, 0])
    assert pa.array(["a", "b", "c"]).take(arrow.indices(rows, rows < 0)).to_pylist() == ["c", None, "a"]


def test_indices_of_no_rows_take_nothing() -> None:
    assert pa.array(["a"]).take(arrow.indices(np.zeros(0))).to_pylist() == []


def test_a_buffer_that_arrow_left_out_is_empty() -> None:
    validity, values = pa.array([1], pa.int8()).buffers()
    assert not len(arrow.memory(validity))
    assert arrow.memory(values)[0] == 1


def test_as_lists_joins_pieces_and_buffer_of_shows_memory_of_numpy() -> None:
    pieces = pa.chunked_array([[[1, 2]], [[3]]], pa.list_(pa.int64()))
    assert arrow.as_lists(pieces).offsets.to_pylist() == [0, 2, 3]
    assert arrow.as_lists(pieces.chunk(0)).values.to_pylist() == [1, 2]
    assert arrow.buffer_of(np.array([1, 2], np.uint8)).to_pybytes() == bytes([1, 2])


def test_ascending_sorts_by_each_column_in_turn() -> None:
    table = pa.table({"a": [2, 1, 1], "b": [0, 9, 3]})
    assert table.sort_by(arrow.ascending(["a", "b"])).to_pylist() == [
        {"a": 1, "b": 3},
        {"a": 1, "b": 9},
        {"a": 2, "b": 0},
    ]


def test_whole_copies_nothing_where_all_rows_stand_in_one_chunk(
    words: arrow.Array | arrow.ChunkedArray,
) -> None:
    assert arrow.whole(words).to_pylist() == WORDS
    one = pa.array(WORDS, pa.string())
    beside = pa.chunked_array([one.slice(0, 0), one])
    assert arrow.whole(beside).buffers()[2].address == one.buffers()[2].address
