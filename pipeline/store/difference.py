"""What became of the rows of one partition: which came, went, or are others now.

Rows are compared as they are spelt: their values one after the other, with the length of each, so that two rows are spelt alike
exactly where they are alike. Only rows that are told get a digest.
"""

import hashlib
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.model.arrow import (
    Array,
    ChunkedArray,
    Integers,
    as_lists,
    byte_lengths,
    byte_strings,
    bytes_of_lists,
    filled,
    find,
    indices,
    is_in,
    joined,
    joined_lists,
    list_lengths,
)
from pipeline.model.changes_table import Op
from pipeline.model.contract import Contract
from pipeline.model.sorting import SLICE_ROWS

KEY_SEPARATOR = "|"
_NONE = "-"  # in the place of a number that is not there
_BYTES = pa.binary()
_MOST = 0.5  # of a partition's rows: of more, to say that all of it is new is shorter, for who tells and for whoever reads
_TOLD = pa.schema(
    [("key", pa.string()), ("op", pa.string()), ("old_digest", pa.string()), ("new_digest", pa.string())]
)


def columns_of(contract: Contract) -> list[str]:
    """The columns that tell one row of a table from another: a text is told by its digest, which is much shorter."""
    return [n for n in contract.names if not (n == "text" and "text_digest" in contract.names)]


def difference(contract: Contract, old: pa.Table, new: pa.Table) -> pa.Table | None:
    """The rows in which two partitions differ: `key`, `op`, `old_digest`, `new_digest`; None where it is most of them.

    Both have the columns of `columns_of`, at least.
    """
    names = columns_of(contract)
    old, new = old.select(names), new.select(names)
    keys, keys_before = _keys(contract, new), _keys(contract, old)
    place = find(keys, keys_before)
    there = np.flatnonzero(place.is_valid().to_numpy(zero_copy_only=False))
    before = place.drop_null().to_numpy().astype(np.int64)
    other = _differing(old, before, new, there)
    came = np.flatnonzero(place.is_null().to_numpy(zero_copy_only=False))
    went = np.flatnonzero(pc.invert(is_in(keys_before, keys)).to_numpy(zero_copy_only=False))
    if len(other) + len(came) + len(went) > _MOST * max(old.num_rows, new.num_rows):
        return None
    updated = there[other]
    return pa.concat_tables(
        [
            _told(Op.INSERT, keys, came, None, _digests(new, came)),
            _told(Op.UPDATE, keys, updated, _digests(old, before[other]), _digests(new, updated)),
            _told(Op.DELETE, keys_before, went, _digests(old, went), None),
        ]
    )


def _told(op: Op, keys: Array, rows: Integers, before: list[str] | None, after: list[str] | None) -> pa.Table:
    n = len(rows)
    none = pa.nulls(n, pa.string())
    said = [pa.array([op.value] * n, pa.string())]
    said += [none if digests is None else pa.array(digests, pa.string()) for digests in (before, after)]
    return pa.table([keys.take(indices(rows)), *said], schema=_TOLD)


def _keys(contract: Contract, rows: pa.Table) -> Array:
    """The key of each row as one text."""
    parts = [rows[name].cast(pa.string()).combine_chunks() for name in contract.key]
    return parts[0] if len(parts) == 1 else joined(parts, KEY_SEPARATOR)


def _differing(old: pa.Table, before: Integers, new: pa.Table, after: Integers) -> Integers:
    """Which of these pairs of rows differ, by their places in `before` and `after`."""
    found = [np.empty(0, np.int64)]
    for start in range(0, len(after), SLICE_ROWS):
        part = slice(start, start + SLICE_ROWS)
        rows, others = _rows(old, before[part]), _rows(new, after[part])
        names = [name for name in rows.column_names if not rows[name].equals(others[name])]
        if names:  # few columns, most times: to spell the others would cost more than all the rest
            unlike = pc.not_equal(_spelt(rows.select(names)), _spelt(others.select(names)))
            found.append(start + np.flatnonzero(unlike.to_numpy(zero_copy_only=False)))
    return np.concatenate(found)


def _rows(table: pa.Table, rising: Integers) -> pa.Table:
    """The rows at ascending places; rows that stand side by side are not copied."""
    if len(rising) and rising[-1] - rising[0] == len(rising) - 1:
        return table.slice(int(rising[0]), len(rising))
    return table.take(indices(rising))


def _digests(table: pa.Table, rows: Integers) -> list[str]:
    """32 hex digits for each of these rows: BLAKE2b-128 of the row as it is spelt."""
    found: list[str] = []
    for start in range(0, len(rows), SLICE_ROWS):
        spelt = _spelt(table.take(indices(rows[start : start + SLICE_ROWS])))
        found += [hashlib.blake2b(row, digest_size=16).hexdigest() for row in byte_strings(spelt)]
    return found


def _spelt(table: pa.Table) -> Array:
    """Each row as bytes."""
    pieces = [piece for name in table.column_names for piece in _pieces(table[name])]
    return joined(pieces, b"\x1f")


def _pieces(column: Array | ChunkedArray) -> Iterator[Array]:
    values: Array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    kind = values.type
    if pa.types.is_list(kind):
        yield from _of_lists(values)
    elif pa.types.is_fixed_size_list(kind):
        yield from _of_bytes(bytes_of_lists(values))
    elif pa.types.is_string(kind) or pa.types.is_binary(kind) or pa.types.is_fixed_size_binary(kind):
        yield from _of_bytes(values)
    elif pa.types.is_struct(kind):
        for n in range(kind.num_fields):
            yield from _pieces(pc.struct_field(values, n))
    else:
        yield _of_numbers(values)


def _of_bytes(values: Array) -> Iterator[Array]:
    yield _of_numbers(byte_lengths(values.cast(_BYTES)))
    yield filled(values.cast(_BYTES), b"")


def _of_numbers(values: Array) -> Array:
    kind = values.type
    if pa.types.is_floating(kind):
        bits = np.ascontiguousarray(filled(values, 0.0).to_numpy(zero_copy_only=False)).view(np.int64)
        values = pc.if_else(values.is_valid(), pa.array(bits), pa.scalar(None, pa.int64()))
    elif pa.types.is_timestamp(kind):
        values = values.cast(pa.int64())
    elif pa.types.is_date32(kind):
        values = values.cast(pa.int32())
    return filled(values.cast(pa.string()), _NONE).cast(_BYTES)


def _of_lists(values: Array) -> Iterator[Array]:
    """How many elements each list has; then each piece of the elements, one after the other."""
    lists = as_lists(values)
    yield _of_numbers(list_lengths(values))
    for piece in _pieces(lists.values):
        yield filled(joined_lists(pa.ListArray.from_arrays(lists.offsets, piece), b"\x1f"), b"")
