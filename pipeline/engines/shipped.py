"""What the Spark engine sends to the executors: the steps of a frame, and how their rows travel.

Everything here runs in Spark's Python workers. Rows arrive and leave in Spark's types, which know neither fixed sizes
nor what may not be null; between steps they are tables of a contract.
"""

import pickle
import traceback
import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.engines.engine import PIECE_ROWS, Part, Stage
from pipeline.model import sorting
from pipeline.model.arrow import Array, as_file
from pipeline.model.contract import Contract
from pipeline.store import spill
from pipeline.store.local import LocalStorage
from pipeline.store.storage import Storage, filler

Tables = Iterator[pa.Table]
Batches = Iterator[pa.RecordBatch]
Step = Callable[[Tables], Tables]
Place = tuple[Storage, str]  # a folder for staged files

_SPARK = {
    pa.string(): "string",
    pa.binary(): "binary",
    pa.bool_(): "boolean",
    pa.int8(): "tinyint",
    pa.int32(): "int",
    pa.int64(): "bigint",
    pa.float32(): "float",
    pa.float64(): "double",
    pa.date32(): "date",
    pa.timestamp("us", "UTC"): "timestamp",
}


def staged(
    arrives: pa.Schema, steps: tuple[Step, ...], place: Place, raised: Place, batches: Batches
) -> Batches:
    """Run the steps and stage what comes out; only the paths travel."""
    for table in _stepped(arrives, steps, raised, batches):
        yield pa.record_batch({"path": [put(table, place, PIECE_ROWS)]})


def sent(arrives: pa.Schema, steps: tuple[Step, ...], raised: Place, batches: Batches) -> Batches:
    """Run the steps and hand what comes out to Spark, in its types."""
    for table in _stepped(arrives, steps, raised, batches):
        plain = [pc.cast(table[f.name], _portable(f.type)) for f in table.schema]
        yield from pa.table(plain, names=table.column_names).to_batches(max_chunksize=PIECE_ROWS)


def read(parts: Sequence[Part], reader: Callable[[Part], Tables], numbers: Tables) -> Tables:
    for table in numbers:
        for n in table["id"].to_numpy().tolist():
            yield from reader(parts[n])


def each(stage: Stage, out: Contract, tables: Tables) -> Tables:
    return (out.conform(stage(table)) for table in tables if table.num_rows)


def together(stage: Stage, out: Contract, tables: Tables) -> Tables:
    """A whole partition at once: Spark cuts it into batches by size, but a stage needs all rows of a key."""
    if rows := list(tables):
        yield out.conform(stage(pa.concat_tables(rows)))


def piece(storage: Storage, part: tuple[str, int]) -> Tables:
    path, n = part
    yield pa.Table.from_batches([open_staged(storage, path).get_batch(n)])


def open_staged(storage: Storage, path: str) -> pa.RecordBatchFileReader:
    if isinstance(storage, LocalStorage):
        return pa.ipc.open_file(pa.memory_map(str(storage.root / path)))
    return pa.ipc.open_file(as_file(storage.open(path)))


def fetched(storage: Storage, path: str) -> pa.Table:
    """A staged file as a mapped table, which takes no memory; a remote file is copied to this machine first, piece by piece.

    Raises as `spill.shelve` does.
    """
    found = open_staged(storage, path)
    if isinstance(storage, LocalStorage):
        return found.read_all()
    batches = map(found.get_batch, range(found.num_record_batches))
    return spill.shelve_all(found.schema, (pa.Table.from_batches([batch]) for batch in batches))


def in_order(table: pa.Table, key: Sequence[str]) -> pa.Table:
    """The rows in the order of the key, put aside slice by slice, so that they take no memory. Raises as `spill.shelve` does."""
    if not key or sorting.is_ordered(table, key):
        return table
    return spill.shelve_all(table.schema, sorting.slices(table, sorting.places(table, key)))


def put(table: pa.Table, place: Place, size: int) -> str:
    """Stage a table in batches of `size` rows under a name of its own; returns the path."""
    storage, folder = place
    path = f"{folder}/{uuid.uuid4().hex}-{table.num_rows}.arrow"

    def fill(sink: BinaryIO) -> None:
        with pa.ipc.new_file(as_file(sink), table.schema) as writer:
            for start in range(0, table.num_rows, size):
                writer.write_table(table.slice(start, size).combine_chunks())

    storage.replace(path, fill)
    return path


def n_staged(path: str) -> int:
    """The rows of a staged file, as its name says."""
    return int(path.rsplit("-", 1)[1].removesuffix(".arrow"))


def ddl(kind: pa.DataType) -> str:
    """An Arrow type in Spark's words."""
    if pa.types.is_list(kind) or pa.types.is_fixed_size_list(kind):
        return f"array<{ddl(kind.value_type)}>"
    if pa.types.is_struct(kind):
        return f"struct<{','.join(f'{field.name}:{ddl(field.type)}' for field in kind)}>"
    return _SPARK[_portable(kind)]


def _portable(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_fixed_size_list(kind):
        return pa.list_(kind.value_field)
    return pa.binary() if pa.types.is_fixed_size_binary(kind) else kind


def _stepped(arrives: pa.Schema, steps: tuple[Step, ...], raised: Place, batches: Batches) -> Tables:
    """What comes out of the steps, without empty tables; what a stage raises is kept for the driver."""
    tables: Tables = (_arrived(batch, arrives) for batch in batches)
    for step in steps:
        tables = step(tables)
    try:
        yield from (table for table in tables if table.num_rows)
    except Exception as error:
        error.add_note(traceback.format_exc())  # pickling loses where it was raised
        (storage, folder), name, data = raised, f"raised-{uuid.uuid4().hex}", _pickled(error)
        storage.replace(f"{folder}/{name}", filler(data))
        raise RuntimeError(name) from error


def _pickled(error: Exception) -> bytes:
    """An exception as bytes; one that cannot be pickled becomes a RuntimeError that names it."""
    try:
        data = pickle.dumps(error)
        pickle.loads(data)  # noqa: S301 - our own bytes: some can be written and not be read
    except Exception:  # noqa: BLE001 - whatever its own methods raise
        return pickle.dumps(RuntimeError(f"{type(error).__name__}: {error}"))
    return data


def _arrived(batch: pa.RecordBatch, schema: pa.Schema) -> pa.Table:
    """Spark's columns in the contract's types: it knows no fixed sizes and forgets what may not be null."""
    return pa.table([_as(batch.column(f.name), f.type) for f in schema], schema=schema)


def _as(column: Array, kind: pa.DataType) -> Array:
    if not isinstance(kind, pa.FixedSizeListType):
        return pc.cast(column, kind)
    # A null vector has no elements, and a cast would say that they are null, which they must not be.
    lists = pa.list_(kind.value_field)
    none = pa.scalar([0] * kind.list_size, lists)
    filled: Any = pc.fill_null(pc.cast(column, lists), none)
    vectors: Any = pa.FixedSizeListArray
    found: Array = vectors.from_arrays(pc.list_flatten(filled), type=kind, mask=column.is_null())
    return found
