"""Arrow in types that check: names for columns, and the calls that pyarrow's stubs describe wrongly or not at all.

The stubs forget that a function of a chunked column returns a chunked column, refuse a Python value beside a column,
call the result of `list_flatten` a list, and take any array of NumPy's for one of booleans. What they have wrong is put
right here, once; everything else calls pyarrow itself.
"""

from collections import Counter
from collections.abc import Iterable
from io import IOBase
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, TypeVar, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

if TYPE_CHECKING:
    from typing import TypeAlias

    Array: TypeAlias = pa.Array[Any]
    ChunkedArray: TypeAlias = pa.ChunkedArray[Any]
else:  # pyarrow's own classes take no parameters
    Array, ChunkedArray = pa.Array, pa.ChunkedArray

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]
Values = TypeVar("Values", Array, ChunkedArray)


def equals(values: Values, other: Values | str | bytes | float) -> Values:
    """Whether each value equals a Python value, or the value of another column beside it; null where one is null."""
    beside = other if isinstance(other, pa.Array | pa.ChunkedArray) else pa.scalar(other)
    found: Values = pc.call_function("equal", [values, beside])
    return found


def filled(values: Values, value: str | bytes | float) -> Values:
    """The values, with a Python value in place of nulls."""
    found: Values = pc.call_function("coalesce", [values, pa.scalar(value, values.type)])
    return found


def whole(values: Array | ChunkedArray) -> Array:
    """A column as one array, which is not copied where all its rows stand in one chunk: Arrow's own call always copies."""
    if isinstance(values, pa.Array):
        return values
    chunks = [chunk for chunk in values.chunks if len(chunk)]
    return chunks[0] if len(chunks) == 1 else values.combine_chunks()


def find(values: Values, among: Array | ChunkedArray) -> Values:
    """The first row of each value in another column, int32; null where it is not there."""
    column = whole(among)
    if _FEW * len(values) < len(column) and values.type == column.type:
        return _find_few(values, column)
    found: Values = pc.call_function("index_in", [values], pc.SetLookupOptions(column))
    return found


_FEW = 8  # rows for each value that is asked for: to look a row up takes a fifth of the time of putting it where others are looked up


def _find_few(values: Values, among: Array) -> Values:
    """As `find`, of few values: only those rows are put where they can be looked up that have one of them."""
    is_asked = is_in(among, distinct(values))
    rows: Array = pc.call_function("indices_nonzero", [is_asked]).cast(pa.int32())
    at: Values = pc.call_function("index_in", [values], pc.SetLookupOptions(among.filter(is_asked)))
    found: Values = pc.call_function("take", [rows, at])
    return found


def n_true(values: Array | ChunkedArray) -> int:
    """How many of some Booleans are true; a null is not."""
    return int(pc.call_function("sum", [values]).as_py() or 0)


def is_in(values: Values, among: Array) -> Values:
    """Whether each value is one of some others; a null is not, unless they have one."""
    found: Values = pc.call_function("is_in", [values], pc.SetLookupOptions(among))
    return found


def both(one: Values, other: Values) -> Values:
    """Whether both of two columns of Booleans are true; null where one is."""
    found: Values = pc.call_function("and", [one, other])
    return found


def counts(values: Array | ChunkedArray) -> Counter[str]:
    """How often each text stands in a column."""
    found: list[dict[str, Any]] = pc.call_function("value_counts", [values]).to_pylist()
    return Counter({row["values"]: row["counts"] for row in found})


def distinct(values: Array | ChunkedArray) -> Array:
    """Each value once, in the order in which they come first."""
    found: Array = pc.call_function("unique", [values])
    return found


def encoded(values: Array | ChunkedArray) -> "pa.DictionaryArray[Any, Any]":
    """One array of numbers of values, with each value once."""
    found: pa.DictionaryArray[Any, Any] = whole(values).dictionary_encode()
    return found


def flat(lists: Values) -> Values:
    """The elements of all lists."""
    found: Values = pc.call_function("list_flatten", [lists])
    return found


def list_lengths(lists: Values) -> Values:
    """How many elements each list has; null where there is no list."""
    found: Values = pc.call_function("list_value_length", [lists])
    return found


def as_lists(values: Array | ChunkedArray) -> "pa.ListArray[Any]":
    """A column of lists as one array, for its offsets and elements."""
    one = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    return cast("pa.ListArray[Any]", one)


def byte_lengths(values: Values) -> Values:
    """How many bytes each text or byte string has; null where it is null."""
    found: Values = pc.call_function("binary_length", [values])
    return found


def joined(parts: Iterable[Array], separator: str | bytes) -> Array:
    """Columns of texts or of byte strings side by side as one, with a separator between; null where one is."""
    arrays = list(parts)
    between = pa.scalar(separator, arrays[0].type)
    found: Array = pc.call_function("binary_join_element_wise", [*arrays, between])
    return found


def joined_lists(lists: Array, separator: bytes) -> Array:
    """The elements of each list of byte strings as one, with a separator between; null where one is, or there is no list."""
    found: Array = pc.call_function("binary_join", [lists, pa.scalar(separator)])
    return found


def float_bits(values: Array) -> Array:
    """The bits of floating numbers as integers of their size: two numbers are alike exactly where these are."""
    numbers = np.ascontiguousarray(filled(values, 0.0).to_numpy(zero_copy_only=False))
    bits = numbers.view(f"i{numbers.itemsize}")
    found: Array = pa.array(bits, mask=values.is_null().to_numpy(zero_copy_only=False))
    return found


def bytes_of_lists(lists: Array) -> Array:
    """Lists of so many bytes each as byte strings of that size, without a copy; null where there is no list."""
    values, kind = cast("pa.FixedSizeListArray[Any]", lists), pa.binary(lists.type.list_size)
    width = lists.type.list_size
    data = values.values.buffers()[1]
    if data is None or not len(lists):
        return cast("Array", pa.nulls(len(lists), kind))
    bare = pa.Array.from_buffers(
        kind, len(lists), [None, data.slice(lists.offset * width, len(lists) * width)]
    )
    found: Array = pc.call_function("if_else", [lists.is_valid(), bare, pa.scalar(None, kind)])
    return found


def indices(rows: NDArray[Any], missing: Booleans | None = None) -> "pa.Int64Array":
    """Row numbers for `take`, null where `missing`."""
    return pa.array(rows, pa.int64(), mask=missing)


def texts(values: Array | ChunkedArray) -> list[str]:
    """A column of texts that has no nulls, as Python's."""
    return cast("list[str]", values.to_pylist())


def byte_strings(values: Array | ChunkedArray) -> list[bytes]:
    """A column of byte strings that has no nulls, as Python's."""
    return cast("list[bytes]", values.to_pylist())


def buffer_of(values: NDArray[Any]) -> pa.Buffer:
    """The memory of an array of NumPy's, without a copy."""
    return pa.py_buffer(cast("memoryview", values))


def as_file(binary: BinaryIO) -> IOBase:
    """A binary file as pyarrow's stubs want it; pyarrow itself takes whatever has the methods of one."""
    return cast("IOBase", binary)


def schema(fields: Iterable["pa.Field[Any]"]) -> pa.Schema:
    """A schema of fields of several types."""
    return pa.schema(fields)


def ascending(names: Iterable[str]) -> list[tuple[str, Literal["ascending", "descending"]]]:
    """Columns to sort by, each from the least to the greatest."""
    return [(name, "ascending") for name in names]


def memory(buffer: pa.Buffer | None) -> memoryview:
    """The bytes of a buffer of an array; a buffer that Arrow left out is empty."""
    return memoryview(b"") if buffer is None else memoryview(buffer)
