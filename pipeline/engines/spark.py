"""Many machines: a frame is a Spark DataFrame and the stages that its rows still have to go through.

Stages run inside `mapInArrow`; only what has a key, or is joined, passes through a shuffle. What is collected, and
what is loaded, goes through files under the warehouse's staging folder, written and read by our own storage: no
text passes through the driver's JVM, S3 needs no jars, and finished work outlives the machine that did it, as a
reliable checkpoint does. Only calls that classic Spark and Spark Connect share are made here.
"""

import pickle
import re
import shutil
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial, reduce

import pyarrow as pa
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession

from pipeline.engines import shipped
from pipeline.engines.engine import PIECE_ROWS, Part, Stage, conforming, doing
from pipeline.engines.session import named
from pipeline.engines.shipped import Place, Step
from pipeline.model.contract import Contract
from pipeline.model.errors import NewsfoldError
from pipeline.store import layout
from pipeline.store.local import LocalStorage
from pipeline.store.storage import Storage

_LEAST_ROWS = 256  # of a piece: a task costs some 10 ms, as does a row of the dearest stages
_POLL_SECONDS = 1.0


@dataclass
class Rows:
    """Rows of a DataFrame in Spark's types; as tables of `arrives` they go through `steps` to become tables of `schema`."""

    frame: DataFrame
    arrives: pa.Schema
    schema: pa.Schema
    key: tuple[str, ...] = ()  # the order in which they are collected
    steps: tuple[Step, ...] = ()
    needs: tuple[object, ...] = ()  # the staged files that it reads stay as long as these do
    paths: tuple[str, ...] | None = None  # those files, when the rows are just what stands there


class SparkEngine:
    """Runs row-wise stages where the rows are, keyed stages on the partitions of a shuffle by the key.

    `storage` is what every executor reaches under the same name: the warehouse's. `watch` is told of each piece
    that has been staged: its table and rows.
    """

    deals_out = True

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
        paths = [shipped.put(table, folder.place, size)] if table.num_rows else []
        return self._staged(paths, table.schema, folder)

    def read(
        self, parts: Sequence[Part], reader: Callable[[Part], Iterator[pa.Table]], out: Contract
    ) -> Rows:
        rows = self._source(parts, partial(conforming, reader, out), out.schema)
        if len(parts) < self.partitions:  # what stands in few files is shared out
            return Rows(self._frame(rows).repartition(self.partitions), out.schema, out.schema, out.key)
        return rows

    def map(self, stage: Stage, frame: Rows, out: Contract, key: str | None = None) -> Rows:
        steps: tuple[Step, ...]
        if key is None:
            steps = (*frame.steps, partial(shipped.each, stage, out))
            return Rows(frame.frame, frame.arrives, out.schema, out.key, steps, frame.needs)
        dealt = self._frame(frame).repartition(key)
        steps = (partial(shipped.together, stage, out),)
        return Rows(dealt, frame.schema, out.schema, out.key, steps, frame.needs)

    def attach(self, frame: Rows, articles: Rows, columns: Sequence[str], out: Contract) -> Rows:
        about = self._frame(articles).select("article_id", *columns)
        other = about.toDF("other_id", *(f"other_{name}" for name in columns))
        joined = self._frame(frame).join(about, "article_id").join(other, "other_id").select(*out.names)
        return Rows(joined, out.schema, out.schema, out.key, needs=frame.needs + articles.needs)

    def union(self, frames: Iterable[Rows], out: Contract) -> Rows:
        found = list(frames)
        if not found:
            return self.load(out.empty())
        joined = reduce(DataFrame.unionByName, (self._frame(f) for f in found))
        return Rows(joined, out.schema, out.schema, out.key, needs=tuple(n for f in found for n in f.needs))

    def collect(self, frame: Rows) -> pa.Table:
        """The rows in the order of their contract's key, mapped from a file: they take no memory. The frame is kept, too."""
        paths = self._keep(frame)
        tables = [shipped.fetched(self.storage, path) for path in paths]
        return shipped.in_order(pa.concat_tables([frame.schema.empty_table(), *tables]), frame.key)

    def _keep(self, frame: Rows) -> tuple[str, ...]:
        """Stage the rows; from then on the frame stands for what was staged."""
        if frame.paths is None:
            folder = _Folder(self.storage)
            staged = self._staged(self._stage(frame, folder), frame.schema, folder)
            frame.__dict__.update(staged.__dict__ | {"key": frame.key})
        return frame.paths or ()

    def _stage(self, frame: Rows, folder: "_Folder") -> list[str]:
        work = partial(shipped.staged, frame.arrives, frame.steps, folder.place, self._raised.place)
        staging = frame.frame.mapInArrow(work, "path string")
        with named(self.spark), self._told(frame.schema, folder):
            try:
                return sorted(staging.toArrow()["path"].to_pylist())
            except PySparkException as error:
                raise self._cause(error) from error

    def _cause(self, error: PySparkException) -> Exception:
        """The exception that a stage raised on an executor, if that is the cause."""
        if found := re.search(r"raised-[0-9a-f]{32}", str(error)):
            raised = self.storage.read(f"{self._raised.path}/{found[0]}")
            cause: Exception = pickle.loads(raised)  # noqa: S301 - written by our own executors
            return cause
        return NewsfoldError(f"{doing.get()}: Spark: {error}")

    def _staged(self, paths: Sequence[str], schema: pa.Schema, folder: "_Folder") -> Rows:
        sizes = {path: shipped.open_staged(self.storage, path).num_record_batches for path in paths}
        parts = [(path, n) for path, size in sizes.items() for n in range(size)]
        rows = self._source(parts, partial(shipped.piece, self.storage), schema)
        rows.needs, rows.paths = (folder,), tuple(paths)
        return rows

    def _source(
        self, parts: Sequence[Part], reader: Callable[[Part], Iterator[pa.Table]], schema: pa.Schema
    ) -> Rows:
        tasks = max(1, min(len(parts), 4 * self.partitions))
        numbers = self.spark.range(0, len(parts), 1, tasks)
        arrives = pa.schema([pa.field("id", pa.int64())])
        return Rows(numbers, arrives, schema, steps=(partial(shipped.read, list(parts), reader),))

    def _frame(self, rows: Rows) -> DataFrame:
        """The rows as a DataFrame in Spark's types."""
        if not rows.steps:
            return rows.frame
        work = partial(shipped.sent, rows.arrives, rows.steps, self._raised.place)
        types = ", ".join(f"`{f.name}` {shipped.ddl(f.type)}" for f in rows.schema)
        return rows.frame.mapInArrow(work, types)

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


class _Folder:
    """Staged files, removed once nothing needs them; `gc` removes what a killed run leaves."""

    def __init__(self, storage: Storage) -> None:
        self.storage, self.path = storage, layout.new_staged("spark-")
        weakref.finalize(self, _clear, storage, self.path)

    @property
    def place(self) -> Place:
        return self.storage, self.path


def _clear(storage: Storage, folder: str) -> None:
    if isinstance(storage, LocalStorage):  # the folder itself, too
        shutil.rmtree(storage.root / folder, ignore_errors=True)
        return
    for entry in storage.walk(folder):
        storage.delete(entry.path)
