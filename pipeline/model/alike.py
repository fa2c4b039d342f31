"""Which values of two columns are the same, row by row, lists and structures among them, which Arrow can't compare."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.model.arrow import (
    Array,
    Booleans,
    ChunkedArray,
    Values,
    both,
    equals,
    filled,
    flat,
    list_lengths,
)


def are_same(one: ChunkedArray, other: ChunkedArray) -> Booleans:
    """Whether each value is the one beside it; nulls are alike."""
    if one.equals(other):  # as most columns are
        return np.ones(len(one), np.bool_)
    if not pa.types.is_nested(one.type):
        return _are_equal(one, other)
    return _are_same(one.combine_chunks(), other.combine_chunks())


def _are_same(one: Array, other: Array) -> Booleans:
    if pa.types.is_list(one.type) or pa.types.is_fixed_size_list(one.type):
        return _are_same_lists(one, other)
    if pa.types.is_struct(one.type):
        return _are_same_structures(one, other)
    return _are_equal(one, other)


def _are_equal(one: Values, other: Values) -> Booleans:
    found = pc.or_(filled(equals(one, other), False), both(one.is_null(), other.is_null()))
    return np.array(found, np.bool_)


def _are_same_lists(one: Array, other: Array) -> Booleans:
    """Of lists of one length, the elements are looked at in one column."""
    lengths = list_lengths(one)
    same = _are_same(lengths, list_lengths(other))
    has_elements = same & (filled(lengths, 0).to_numpy() > 0)
    elements = (flat(lists.filter(pa.array(has_elements))) for lists in (one, other))
    rows = np.flatnonzero(has_elements)
    row_of_element = np.repeat(rows, lengths.filter(pa.array(has_elements)).to_numpy())
    same[row_of_element[~_are_same(*elements)]] = False
    return same


def _are_same_structures(one: Array, other: Array) -> Booleans:
    same = _are_same(one.is_valid(), other.is_valid())
    for n in range(one.type.num_fields):
        same &= _are_same(pc.struct_field(one, n), pc.struct_field(other, n))
    return same
