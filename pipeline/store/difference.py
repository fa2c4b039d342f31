"""What became of the rows of one partition: which came, went, or are others now.

Columns are compared side by side. Only rows that are told get a digest, of how they are spelt: their values one after the other, with the
length of each, so that two rows are spelt alike exactly where they are alike.
"""

import hashlib
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.model.alike import are_same
from pipeline.model.arrow import (
    Array,
    ChunkedArray,
    Integers,
    as_lists,
    buffer_of,
    byte_lengths,
    byte_strings,
    bytes_of_lists,
    filled,
    find,
    float_bits,
    indices,
    joined,
    joined_lists,
    list_lengths,
    whole,
)
from pipeline.model.changes_table import Op
from pipeline.model.contract import Contract
from pipeline.model.sorting import SLICE_ROWS

KEY_SEPARATOR = "|"
_NONE = "-"  # in the place of a number that is not there
_BYTES = pa.binary()
_SMALL = pa.array([str(n).encode() for n in range(4096)], _BYTES)
_DIGEST_BYTES = 16
_MOST = 0.5  # of a partition's rows: if more changed, one line that says that all of it is new is shorter to write and to read
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
    old, new = _told_apart_by(contract, old), _told_apart_by(contract, new)
    keys, keys_before = _keys(contract, new), _keys(contract, old)
    place = find(keys, keys_before)
    there = np.flatnonzero(place.is_valid().to_numpy(zero_copy_only=False))
    before = place.drop_null().to_numpy().astype(np.int64)
    came, went = _others(there, new.num_rows), _others(before, old.num_rows)
    most = _MOST * max(old.num_rows, new.num_rows)
    if len(came) + len(went) > most:
        return None
    other = _differing(old, before, new, there)
    if len(other) + len(came) + len(went) > most:
        return None
    updated = there[other]
    digests = _digests(new, np.concatenate([came, updated]))
    digests_before = _digests(old, np.concatenate([before[other], went]))
    return pa.concat_tables(
        [
            _told(Op.INSERT, keys, came, None, digests[: len(came)]),
            _told(Op.UPDATE, keys, updated, digests_before[: len(updated)], digests[len(came) :]),
            _told(Op.DELETE, keys_before, went, digests_before[len(updated) :], None),
        ]
    )


def _told_apart_by(contract: Contract, rows: pa.Table) -> pa.Table:
    """The columns of `columns_of`, vectors as byte strings: a vector that is null would be as long as the others."""
    columns = {name: rows[name] for name in columns_of(contract)}
    vectors = {n: _of_vectors(c) for n, c in columns.items() if pa.types.is_fixed_size_list(c.type)}
    return pa.table(columns | vectors)


def _of_vectors(column: ChunkedArray) -> ChunkedArray:
    is_empty = column.null_count == len(column)
    found = pa.nulls(len(column), _BYTES) if is_empty else bytes_of_lists(whole(column)).cast(_BYTES)
    return pa.chunked_array([found])


def _others(places: Integers, n: int) -> Integers:
    """The places of `n` that are none of these."""
    is_other = np.ones(n, np.bool_)
    is_other[places] = False
    return np.flatnonzero(is_other)


def _told(op: Op, keys: Array, rows: Integers, before: Array | None, after: Array | None) -> pa.Table:
    none = pa.nulls(len(rows), pa.string())
    said = [none if digests is None else digests for digests in (before, after)]
    return pa.table([keys.take(indices(rows)), pa.repeat(op.value, len(rows)), *said], schema=_TOLD)


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
        unlike = np.zeros(rows.num_rows, np.bool_)
        for name in rows.column_names:
            unlike |= ~are_same(rows[name], others[name])
        found.append(start + np.flatnonzero(unlike))
    return np.concatenate(found)


def _rows(table: pa.Table, rising: Integers) -> pa.Table:
    """The rows at ascending places; rows that stand side by side are not copied."""
    if len(rising) and rising[-1] - rising[0] == len(rising) - 1:
        return table.slice(int(rising[0]), len(rising))
    return table.take(indices(rising))


def _digests(table: pa.Table, rows: Integers) -> Array:
    """32 hex digits for each of these rows: BLAKE2b-128 of the row as it is spelt."""
    found = []
    for start in range(0, len(rows), SLICE_ROWS):
        spelt = byte_strings(_spelt(table.take(indices(rows[start : start + SLICE_ROWS]))))
        found += [hashlib.blake2b(row, digest_size=_DIGEST_BYTES).digest() for row in spelt]
    ends = np.arange(len(rows) + 1, dtype=np.int32) * (2 * _DIGEST_BYTES)
    return pa.StringArray.from_buffers(
        len(rows), buffer_of(ends), pa.py_buffer(b"".join(found).hex().encode())
    )


def _spelt(table: pa.Table) -> Array:
    """Each row as bytes."""
    pieces = [piece for name in table.column_names for piece in _pieces(whole(table[name]))]
    return joined(pieces, b"\x1f")


def _pieces(values: Array) -> Iterator[Array]:
    kind = values.type
    if pa.types.is_list(kind):
        yield from _of_lists(values)
    elif pa.types.is_string(kind) or pa.types.is_binary(kind) or pa.types.is_fixed_size_binary(kind):
        yield from _of_bytes(values)
    elif pa.types.is_struct(kind):
        for n in range(kind.num_fields):
            yield from _pieces(pc.struct_field(values, n))
    else:
        yield _of_numbers(values)


def _of_bytes(values: Array) -> Iterator[Array]:
    yield _of_sizes(byte_lengths(values.cast(_BYTES)))
    yield filled(values.cast(_BYTES), b"")


def _of_sizes(sizes: Array) -> Array:
    """As numbers are spelt: most sizes are small, and looked up five times as fast."""
    largest = pc.max(sizes).as_py()
    if largest is None or largest >= len(_SMALL):
        return _of_numbers(sizes)
    return filled(_SMALL.take(sizes), _NONE.encode())


def _of_numbers(values: Array) -> Array:
    kind = values.type
    if pa.types.is_floating(kind):
        values = float_bits(values)
    elif pa.types.is_timestamp(kind):
        values = values.cast(pa.int64())
    elif pa.types.is_date32(kind):
        values = values.cast(pa.int32())
    return filled(values.cast(pa.string()), _NONE).cast(_BYTES)


def _of_lists(values: Array) -> Iterator[Array]:
    """How many elements each list has; then each piece of the elements, one after the other."""
    lists = as_lists(values)
    yield _of_sizes(list_lengths(values))
    for piece in _pieces(lists.values):
        yield filled(joined_lists(pa.ListArray.from_arrays(lists.offsets, piece), b"\x1f"), b"")
