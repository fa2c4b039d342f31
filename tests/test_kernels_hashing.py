"""Hashes and tables that are addressed by them."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from pipeline.kernels.compile import compiled
from pipeline.kernels.hashing import grow, pair_key, slot_of, table_size, token_hash
from pipeline.text import tokens


@compiled
def _hash_of(token: NDArray[np.uint8], size: int) -> np.uint64:
    return token_hash(token, 0, size)


@compiled
def _table_of(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    table = np.zeros(table_size(keys.size), np.uint64)
    for key in keys:
        table[slot_of(table, key)] = key
    return table


@compiled
def _grown(values: NDArray[np.int64], filled: int, more: int) -> NDArray[np.int64]:
    return grow(values.copy(), filled, more)


@compiled
def _key_of(one: int, other: int) -> np.uint64:
    return pair_key(one, other)


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20))
def test_a_token_has_the_hash_of_the_definition(token: str) -> None:
    """Whatever stands behind it in memory."""
    data = token.encode()

    found = _hash_of(np.frombuffer(data + b"behind it", np.uint8), len(data))

    assert tokens._token_hash(token) == found


@settings(deadline=None)
@given(st.lists(st.integers(1, 300).map(lambda n: n << 30), max_size=200))
def test_each_key_stands_once_in_a_table_that_is_at_most_half_full(keys: list[int]) -> None:
    """Keys whose slots are the same, too."""
    table = _table_of(np.array(keys, np.uint64)).tolist()

    assert sorted(set(keys)) == sorted(filter(None, table))
    assert 2 * len(set(keys)) <= len(table)


def test_an_array_grows_when_it_must_and_keeps_what_is_filled() -> None:
    values = np.arange(4)

    assert [0, 1, 2, 3] == _grown(values, 2, 2).tolist()
    assert [0, 1] == _grown(values, 2, 3)[:2].tolist()
    assert len(_grown(values, 2, 3)) >= 5


def test_a_pair_is_one_number_the_higher_first() -> None:
    assert (7 << 32) + 3 == _key_of(3, 7) == _key_of(7, 3)
