"""Which values of two columns are the same, row by row: lists and structures too, which Arrow can't compare."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.model.arrow import (
    Array,
    Booleans,
    Values,
    both,
    equals,
    filled,
    flat,
    float_bits,
    list_lengths,
    whole,
)


def are_same(one: Values, other: Values) -> Booleans:
    """Whether each value is the one beside it in another column of its type and length. Nulls are alike, and so are floating numbers of
    the same bits, NaN too.
    """
    if pa.types.is_floating(one.type):
        return are_same(float_bits(whole(one)), float_bits(whole(other)))
    if not _has_floats(one.type) and one.equals(other):  # as most columns are
        return np.ones(len(one), np.bool_)
    if pa.types.is_struct(one.type):
        return _are_same_structures(whole(one), whole(other))
    if pa.types.is_list(one.type) or pa.types.is_fixed_size_list(one.type):
        return _are_same_lists(whole(one), whole(other))
    found = pc.or_(filled(equals(one, other), False), both(one.is_null(), other.is_null()))
    return np.array(found, np.bool_)


def _has_floats(kind: pa.DataType) -> bool:
    """Whether floating numbers stand in values of a type: Arrow takes zero and minus zero for the same, and NaN for none."""
    return pa.types.is_floating(kind) or any(_has_floats(kind.field(n).type) for n in range(kind.num_fields))


def _are_same_structures(one: Array, other: Array) -> Booleans:
    same = are_same(one.is_valid(), other.is_valid())
    for n in range(one.type.num_fields):
        same &= are_same(pc.struct_field(one, n), pc.struct_field(other, n))
    return same


def _are_same_lists(one: Array, other: Array) -> Booleans:
    """By how many elements they have and, where these are as many, by the elements, which are compared as one column."""
    lengths = list_lengths(one)
    same = are_same(lengths, list_lengths(other))
    has_elements = same & (filled(lengths, 0).to_numpy() > 0)
    elements = (flat(lists.filter(pa.array(has_elements))) for lists in (one, other))
    row_of_element = np.repeat(
        np.flatnonzero(has_elements), lengths.filter(pa.array(has_elements)).to_numpy()
    )
    same[row_of_element[~are_same(*elements)]] = False
    return same
