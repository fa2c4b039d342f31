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
from pipeline.engines.shuffles import LEAST_ROWS, Shuffles
from pipeline.model.contract import Contract
from pipeline.model.errors import NewsfoldError
from pipeline.store import layout
from pipeline.store.local import LocalStorage
from pipeline.store.storage import Storage

_POLL_SECONDS = 1.0


@dataclass
class Rows:
    """Rows of a DataFrame in Spark's types; as tables of `arrives` they go through `steps` to become tables of `schema`."""

    frame: DataFrame
    arrives: pa.Schema
    schema: pa.Schema
    key: tuple[str, ...] = ()  # the order in which they are collected
    steps: tuple[Step, ...] = ()
    n_rows: int | None = None  # of the tables from which they follow, where that is known
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
        self.shuffles = Shuffles(spark)
        self._raised = _Folder(storage)

    def load(self, table: pa.Table) -> Rows:
        size = min(PIECE_ROWS, max(LEAST_ROWS, -(-table.num_rows // self.shuffles.most())))
        folder = _Folder(self.storage)
        paths = [shipped.put(table, folder.place, size)] if table.num_rows else []
        return self._staged(paths, table.schema, folder)

    def read(
        self,
        parts: Sequence[Part],
        reader: Callable[[Part], Iterator[pa.Table]],
        out: Contract,
        n_rows: int | None = None,
    ) -> Rows:
        rows = self._source(parts, partial(conforming, reader, out), out.schema, n_rows)
        most = self.shuffles.most()
        if n_rows is None and len(parts) < most:  # what stands in few files of whatever size is shared out
            return Rows(self._frame(rows).repartition(most), out.schema, out.schema, out.key)
        return rows

    def map(self, stage: Stage, frame: Rows, out: Contract, key: str | None = None) -> Rows:
        steps: tuple[Step, ...]
        if key is None:
            steps = (*frame.steps, partial(shipped.each, stage, out))
            return Rows(frame.frame, frame.arrives, out.schema, out.key, steps, frame.n_rows, frame.needs)
        dealt = self._frame(frame).repartition(self.shuffles.of(frame.n_rows), key)
        steps = (partial(shipped.together, stage, out),)
        return Rows(dealt, frame.schema, out.schema, out.key, steps, frame.n_rows, frame.needs)

    def attach(self, frame: Rows, articles: Rows, columns: Sequence[str], out: Contract) -> Rows:
        about = self._frame(articles).select("article_id", *columns)
        other = about.toDF("other_id", *(f"other_{name}" for name in columns))
        joined = self._frame(frame).join(about, "article_id").join(other, "other_id").select(*out.names)
        needs, n_rows = frame.needs + articles.needs, _sum([frame, articles])
        return Rows(joined, out.schema, out.schema, out.key, n_rows=n_rows, needs=needs)

    def union(self, frames: Iterable[Rows], out: Contract) -> Rows:
        found = list(frames)
        if not found:
            return self.load(out.empty())
        joined = reduce(DataFrame.unionByName, (self._frame(f) for f in found))
        needs = tuple(n for f in found for n in f.needs)
        return Rows(joined, out.schema, out.schema, out.key, n_rows=_sum(found), needs=needs)

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
        with named(self.spark), self.shuffles.dealt(frame.n_rows), self._told(frame.schema, folder):
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
        n_rows = sum(map(shipped.n_staged, paths))
        rows = self._source(parts, partial(shipped.piece, self.storage), schema, n_rows)
        rows.needs, rows.paths = (folder,), tuple(paths)
        return rows

    def _source(
        self,
        parts: Sequence[Part],
        reader: Callable[[Part], Iterator[pa.Table]],
        schema: pa.Schema,
        n_rows: int | None,
    ) -> Rows:
        tasks = max(1, min(len(parts), 4 * self.shuffles.most()))
        numbers = self.spark.range(0, len(parts), 1, tasks)
        arrives = pa.schema([pa.field("id", pa.int64())])
        steps = (partial(shipped.read, list(parts), reader),)
        return Rows(numbers, arrives, schema, steps=steps, n_rows=n_rows)

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
                    self.watch(table, shipped.n_staged(entry.path))

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


def _sum(frames: Iterable[Rows]) -> int | None:
    """Rows of all of them; None where those of one are not known."""
    counts = [frame.n_rows for frame in frames]
    return None if None in counts else sum(n for n in counts if n is not None)


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
