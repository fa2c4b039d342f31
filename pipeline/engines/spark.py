"""Many machines: a frame is a Spark DataFrame and the stages that its rows still have to go through.

Stages run inside `mapInArrow`; only what has a key, or is joined, passes through a shuffle. What is collected, and
what is loaded, goes through files under the warehouse's staging folder, written and read by our own storage: no
text passes through the driver's JVM, S3 needs no jars, and finished work outlives the machine that did it, as a
reliable checkpoint does. Only calls that classic Spark and Spark Connect share are made here.
"""

import os
import pickle
import re
import shutil
import sys
import threading
import traceback
import uuid
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial, reduce
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession

from pipeline.contracts import Contract
from pipeline.engines import Part, Stage, doing
from pipeline.engines.embedded import PIECE_ROWS
from pipeline.errors import NewsfoldError
from pipeline.store.storage import LocalStorage, Storage, filler

_LEAST_ROWS = 256  # of a piece: a task costs some 10 ms, as does a row of the dearest stages
_POLL_SECONDS = 1.0

Tables = Iterator[pa.Table]
Batches = Iterator[pa.RecordBatch]
Step = Callable[[Tables], Tables]


@dataclass
class Rows:
    """Rows of a DataFrame in Spark's types; as tables of `arrives` they go through `steps` to become tables of `schema`."""

    frame: DataFrame
    arrives: pa.Schema
    schema: pa.Schema
    steps: tuple[Step, ...] = ()
    needs: tuple[object, ...] = ()  # the staged files that it reads stay as long as these do


class SparkEngine:
    """Runs row-wise stages where the rows are, keyed stages on the partitions of a shuffle by the key.

    `storage` is what every executor reaches under the same name: the warehouse's. `watch` is told of each piece
    that has been staged: its table and rows.
    """

    def __init__(
        self, spark: SparkSession, storage: Storage, watch: Callable[[str, int], None] | None = None
    ) -> None:
        self.spark, self.storage = spark, storage
        self.watch = watch or (lambda _table, _rows: None)
        self.partitions = int(spark.conf.get("spark.sql.shuffle.partitions") or 200)
        self._raised = _Folder(storage)

    def load(self, table: pa.Table) -> Rows:
        size = min(PIECE_ROWS, max(_LEAST_ROWS, -(-table.num_rows // self.partitions)))
        folder = _Folder(self.storage)
        paths = [_put(table, folder.place, size)] if table.num_rows else []
        return self._staged(paths, table.schema, folder)

    def read(
        self, parts: Sequence[Part], reader: Callable[[Part], Iterator[pa.Table]], out: Contract
    ) -> Rows:
        rows = self._source(parts, partial(_conformed, reader, out), out.schema)
        if len(parts) < self.partitions:  # a large file is one part, and no reason for the rest to wait for it
            return Rows(self._frame(rows).repartition(self.partitions), out.schema, out.schema)
        return rows

    def map(self, stage: Stage, frame: Rows, out: Contract, key: str | None = None) -> Rows:
        if key is None:
            steps = (*frame.steps, partial(_each, stage, out))
            return Rows(frame.frame, frame.arrives, out.schema, steps, frame.needs)
        dealt = self._frame(frame).repartition(key)
        return Rows(dealt, frame.schema, out.schema, (partial(_together, stage, out),), frame.needs)

    def attach(self, frame: Rows, articles: Rows, columns: Sequence[str], out: Contract) -> Rows:
        about = self._frame(articles).select("article_id", *columns)
        other = about.toDF("other_id", *(f"other_{name}" for name in columns))
        joined = self._frame(frame).join(about, "article_id").join(other, "other_id").select(*out.names)
        return Rows(joined, out.schema, out.schema, needs=frame.needs + articles.needs)

    def union(self, frames: Iterable[Rows], out: Contract) -> Rows:
        found = list(frames)
        if not found:
            return self.load(out.empty())
        joined = reduce(DataFrame.unionByName, (self._frame(f) for f in found))
        return Rows(joined, out.schema, out.schema, needs=tuple(n for f in found for n in f.needs))

    def collect(self, frame: Rows) -> pa.Table:
        """The rows as a table that is mapped into memory where the storage allows it, else read into it.

        From then on the frame stands for what was staged: nothing is done twice.
        """
        folder = _Folder(self.storage)
        paths = self._stage(frame, folder)
        frame.__dict__.update(self._staged(paths, frame.schema, folder).__dict__)
        tables = [_open(self.storage, path).read_all() for path in paths]
        return pa.concat_tables([frame.schema.empty_table(), *tables])

    def _stage(self, frame: Rows, folder: "_Folder") -> list[str]:
        work = partial(_staged, frame.arrives, frame.steps, folder.place, self._raised.place)
        staging = frame.frame.mapInArrow(work, "path string")
        with self._named(), self._told(frame.schema, folder):
            try:
                return sorted(staging.toArrow()["path"].to_pylist())
            except PySparkException as error:
                raise self._cause(error) from error

    def _cause(self, error: PySparkException) -> Exception:
        """What a stage raised on an executor, if it was that."""
        if found := re.search(r"raised-[0-9a-f]{32}", str(error)):
            return pickle.loads(self.storage.read(f"{self._raised.path}/{found[0]}"))  # type: ignore[no-any-return]  # noqa: S301 - written by our own executors
        return NewsfoldError(f"{doing.get()}: Spark: {error}")

    def _staged(self, paths: Sequence[str], schema: pa.Schema, folder: "_Folder") -> Rows:
        parts = [(path, n) for path in paths for n in range(_open(self.storage, path).num_record_batches)]
        rows = self._source(parts, partial(_piece, self.storage), schema)
        rows.needs = (folder,)
        return rows

    def _source(
        self, parts: Sequence[Part], reader: Callable[[Part], Iterator[pa.Table]], schema: pa.Schema
    ) -> Rows:
        tasks = max(1, min(len(parts), 4 * self.partitions))
        numbers = self.spark.range(0, len(parts), 1, tasks)
        arrives = pa.schema([pa.field("id", pa.int64())])
        return Rows(numbers, arrives, schema, (partial(_read, list(parts), reader),))

    def _frame(self, rows: Rows) -> DataFrame:
        """The rows as a DataFrame in Spark's types."""
        if not rows.steps:
            return rows.frame
        work = partial(_sent, rows.arrives, rows.steps, self._raised.place)
        return rows.frame.mapInArrow(work, ", ".join(f"`{f.name}` {_ddl(f.type)}" for f in rows.schema))

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Give Spark's jobs the name of what is being done: stage and day."""
        name = doing.get()
        self.spark.addTag(name)
        if "connect" not in type(self.spark).__module__:  # there the tag is all there is
            self.spark.sparkContext.setJobDescription(name)
        try:
            yield
        finally:
            self.spark.removeTag(name)

    @contextmanager
    def _told(self, schema: pa.Schema, folder: "_Folder") -> Iterator[None]:
        """Tell the watcher of pieces as they are staged."""
        table = (schema.metadata or {}).get(b"newsfold.table", b"").decode()
        told: set[str] = set()
        is_done = threading.Event()

        def tell() -> None:
            for entry in self.storage.walk(folder.path):
                if entry.path not in told and entry.path.endswith(".arrow"):
                    told.add(entry.path)
                    self.watch(table, int(entry.path.rsplit("-", 1)[1].removesuffix(".arrow")))

        def poll() -> None:
            while not is_done.wait(_POLL_SECONDS):
                tell()

        teller = threading.Thread(target=poll, daemon=True)
        teller.start()
        try:
            yield
        finally:
            is_done.set()
            teller.join()
        tell()


def open_session(master: str) -> SparkSession:
    """A session on `master`: local[N], spark://…, yarn, k8s://…, or sc://… for Spark Connect; empty: as spark-submit or Spark's own files say."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("newsfold")
    if master.startswith("sc://"):
        builder = builder.remote(master)
    elif master:
        builder = builder.master(master)
    if master.startswith("local"):
        builder = builder.config("spark.driver.host", "127.0.0.1").config("spark.ui.showConsoleProgress", "false")
    spark = builder.getOrCreate()
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", str(PIECE_ROWS))
    return spark


class _Folder:
    """Staged files that go when nothing needs them any more; what a killed run leaves goes with other leftovers."""

    def __init__(self, storage: Storage) -> None:
        self.storage, self.path = storage, f"_meta/staging/spark-{uuid.uuid4().hex}"
        weakref.finalize(self, _clear, storage, self.path)

    @property
    def place(self) -> "_Place":
        return self.storage, self.path


_Place = tuple[Storage, str]


def _clear(storage: Storage, folder: str) -> None:
    if isinstance(storage, LocalStorage):  # the folder itself, too
        shutil.rmtree(storage.root / folder, ignore_errors=True)
        return
    for entry in storage.walk(folder):
        storage.delete(entry.path)


def _open(storage: Storage, path: str) -> pa.RecordBatchFileReader:
    if isinstance(storage, LocalStorage):
        return pa.ipc.open_file(pa.memory_map(str(storage.root / path)))
    return pa.ipc.open_file(storage.open(path))


# --- on the executors ----------------------------------------------------------------------------------------


def _staged(arrives: pa.Schema, steps: tuple[Step, ...], place: _Place, raised: _Place, batches: Batches) -> Batches:
    """Run the steps and stage what comes out; only the paths travel."""
    for table in _stepped(arrives, steps, raised, batches):
        yield pa.record_batch({"path": [_put(table, place, PIECE_ROWS)]})


def _sent(arrives: pa.Schema, steps: tuple[Step, ...], raised: _Place, batches: Batches) -> Batches:
    """Run the steps and hand what comes out to Spark, in its types."""
    for table in _stepped(arrives, steps, raised, batches):
        plain = [pc.cast(table[f.name], _portable(f.type)) for f in table.schema]
        yield from pa.table(plain, names=table.column_names).to_batches(max_chunksize=PIECE_ROWS)


def _stepped(arrives: pa.Schema, steps: tuple[Step, ...], raised: _Place, batches: Batches) -> Tables:
    """What comes out of the steps, without empty tables; what a stage raises is kept for the driver."""
    tables: Tables = (_arrived(batch, arrives) for batch in batches)
    for step in steps:
        tables = step(tables)
    try:
        yield from (table for table in tables if table.num_rows)
    except Exception as error:
        error.add_note(traceback.format_exc())  # pickling loses where it was raised
        (storage, folder), name, data = raised, f"raised-{uuid.uuid4().hex}", pickle.dumps(error)
        storage.replace(f"{folder}/{name}", filler(data))
        raise RuntimeError(name) from error


def _arrived(batch: pa.RecordBatch, schema: pa.Schema) -> pa.Table:
    """Spark's columns in the contract's types: it knows no fixed sizes and forgets what may not be null."""
    return pa.table([pc.cast(batch.column(f.name), f.type) for f in schema], schema=schema)


def _put(table: pa.Table, place: _Place, size: int) -> str:
    """Stage a table in batches of `size` rows under a name of its own; returns the path."""
    storage, folder = place
    path = f"{folder}/{uuid.uuid4().hex}-{table.num_rows}.arrow"

    def fill(sink: BinaryIO) -> None:
        with pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table.combine_chunks(), size)

    storage.replace(path, fill)
    return path


def _piece(storage: Storage, part: tuple[str, int]) -> Tables:
    path, n = part
    yield pa.Table.from_batches([_open(storage, path).get_batch(n)])


def _conformed(reader: Callable[[Part], Tables], out: Contract, part: Part) -> Tables:
    return map(out.conform, reader(part))


def _read(parts: Sequence[Part], reader: Callable[[Part], Tables], numbers: Tables) -> Tables:
    for table in numbers:
        for n in table["id"].to_pylist():
            yield from reader(parts[n])


def _each(stage: Stage, out: Contract, tables: Tables) -> Tables:
    return (out.conform(stage(table)) for table in tables if table.num_rows)


def _together(stage: Stage, out: Contract, tables: Tables) -> Tables:
    """A partition at once: Spark cuts it into batches by size, a stage wants the rows of a key together."""
    if rows := list(tables):
        yield out.conform(stage(pa.concat_tables(rows)))


_SPARK = {
    pa.string(): "string",
    pa.binary(): "binary",
    pa.bool_(): "boolean",
    pa.int32(): "int",
    pa.int64(): "bigint",
    pa.float32(): "float",
    pa.float64(): "double",
    pa.date32(): "date",
    pa.timestamp("us", "UTC"): "timestamp",
}


def _ddl(kind: pa.DataType) -> str:
    """An Arrow type in Spark's words."""
    if pa.types.is_list(kind):
        return f"array<{_ddl(kind.value_type)}>"
    return _SPARK[_portable(kind)]


def _portable(kind: pa.DataType) -> pa.DataType:
    return pa.binary() if pa.types.is_fixed_size_binary(kind) else kind
