"""One machine: a frame is an Arrow table, or a source that is read piece by piece; pieces run in threads."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any, Generic, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.engines import lent
from pipeline.engines.engine import PIECE_ROWS, Part, Stage, conforming
from pipeline.engines.lent import Lent
from pipeline.model.arrow import Array, ChunkedArray, Integers, encoded, filled, find, indices
from pipeline.model.contract import Contract


@dataclass(frozen=True)
class Source(Generic[Part]):
    """Parts that have not been read yet, and how to read one."""

    parts: Sequence[Part]
    reader: Callable[[Part], Iterator[pa.Table]]
    contract: Contract

    def pieces(self) -> Iterator[pa.Table]:
        return chain.from_iterable(map(self.reader, self.parts))


Rows: TypeAlias = "pa.Table | Source[Any]"


class EmbeddedEngine:
    """Runs row-wise stages over pieces in `workers` threads, and keyed stages over the whole table at once, unless they are lent.

    Threads help where a stage leaves the interpreter's lock alone (compiled kernels) or has its documents parsed in child processes
    (extraction). An interpreted stage (cleaning, summaries) is no faster in several threads: over many rows they lend
    it to their children. `watch` is told after each piece: the table that is
    being made, and its new rows.
    """

    deals_out = False

    def __init__(self, workers: int, watch: Callable[[str, int], None] | None = None) -> None:
        self.workers = workers
        self.watch = watch or (lambda _table, _rows: None)
        self._threads: tuple[int, ThreadPoolExecutor] | None = None

    def close(self) -> None:
        """End the threads and their child processes; the next call starts new ones."""
        if self._threads is not None and self._threads[0] == os.getpid():
            self._threads[1].shutdown()
        self._threads = None

    def load(self, table: pa.Table) -> Rows:
        return table

    def read(
        self,
        parts: Sequence[Part],
        reader: Callable[[Part], Iterator[pa.Table]],
        out: Contract,
        n_rows: int | None = None,  # noqa: ARG002 - of the verb: pieces are read one by one
    ) -> Rows:
        return Source(parts, partial(conforming, reader, out), out)

    def map(self, stage: Stage, frame: Rows, out: Contract, key: str | None = None) -> Rows:
        if key is not None:
            frame = self.collect(frame)
        if self.workers > 1 and lent.is_worth(stage, _n_rows(frame)):
            stage, pieces = Lent(stage), _pieces(frame, lent.PIECE_ROWS, key)
        elif key is None:
            pieces = _pieces(frame, PIECE_ROWS)
        else:
            made = out.conform(stage(self.collect(frame)))
            self.watch(out.name, made.num_rows)
            return made
        return pa.concat_tables([out.empty(), *self._in_threads(stage, pieces, out)])

    def attach(self, frame: Rows, articles: Rows, columns: Sequence[str], out: Contract) -> Rows:
        """Columns for a piece of the pairs are gathered when the piece is used: a day's texts may not fit into memory twice, nor
        into one Arrow array.
        """
        pairs, about = self.collect(frame), self.collect(articles)
        at, other_at = (_places(pairs[name], about["article_id"]) for name in ("article_id", "other_id"))
        both = (at >= 0) & (other_at >= 0)
        pairs, at, other_at = pairs.filter(pa.array(both)), at[both], other_at[both]

        def gathered(start: int) -> Iterator[pa.Table]:
            stop = start + PIECE_ROWS
            used, within = np.unique(np.stack((at[start:stop], other_at[start:stop])), return_inverse=True)
            found = pairs.slice(start, PIECE_ROWS)
            for name in columns:
                values = _gather(about[name], used)
                for side, its in zip(("", "other_"), within.reshape(2, -1), strict=True):
                    found = found.append_column(f"{side}{name}", _pick(values, its))
            yield found.select(out.names)

        return Source(range(0, pairs.num_rows, PIECE_ROWS), gathered, out)

    def union(self, frames: Iterable[Rows], out: Contract) -> Rows:
        return pa.concat_tables([out.empty(), *(out.conform(self.collect(f)) for f in frames)])

    def collect(self, frame: Rows) -> pa.Table:
        if isinstance(frame, Source):
            return pa.concat_tables([frame.contract.empty(), *map(frame.contract.conform, frame.pieces())])
        return frame

    def _in_threads(self, stage: Stage, pieces: Iterator[pa.Table], out: Contract) -> Iterator[pa.Table]:
        def run(some: Sequence[pa.Table]) -> list[pa.Table]:
            return [out.conform(stage(piece)) for piece in some]

        waiting: deque[Future[list[pa.Table]]] = deque()
        try:
            for some in _shared_out(pieces):
                waiting.append(self._pool().submit(run, some))
                while len(waiting) > 2 * self.workers:  # read ahead a little: what waits is in memory
                    yield from self._told(out, waiting.popleft())
            while waiting:
                yield from self._told(out, waiting.popleft())
        finally:
            for future in waiting:
                future.cancel()
            wait(waiting)

    def _pool(self) -> ThreadPoolExecutor:
        """The threads, each with the child process that parses its documents; they stay from call to call.

        Starting a child takes as long as parsing fifty pages, more than a small day has. A forked process has its own threads.
        """
        if self._threads is None or self._threads[0] != os.getpid():
            self._threads = os.getpid(), ThreadPoolExecutor(self.workers, "stage")
        return self._threads[1]

    def _told(self, out: Contract, done: Future[list[pa.Table]]) -> Iterator[pa.Table]:
        for made in done.result():
            self.watch(out.name, made.num_rows)
            yield made


# So few bytes are left to one thread: forty pages, or the articles of an hour. A second child takes a second of CPU to start.
_LEAST_SHARED = 4 * 2**20


def _shared_out(pieces: Iterator[pa.Table]) -> Iterator[Sequence[pa.Table]]:
    """What each thread is given at once: a piece, or everything if that is little."""
    first: list[pa.Table] = []
    for piece in pieces:
        first.append(piece)
        if sum(one.nbytes for one in first) >= _LEAST_SHARED:
            break
    else:
        yield first
        return
    yield from ([piece] for piece in chain(first, pieces))


def _n_rows(frame: Rows) -> int:
    """How many rows there are; none where that is not known before they are read."""
    return 0 if isinstance(frame, Source) else frame.num_rows


def _pieces(frame: Rows, size: int, key: str | None = None) -> Iterator[pa.Table]:
    """Pieces of so many rows; with a key, of so many and those that have the same value as the last of them."""
    if isinstance(frame, Source):
        yield from frame.pieces()
    elif key is not None:
        yield from _groups(frame, key, size)
    else:
        for start in range(0, frame.num_rows, size):
            yield frame.slice(start, size)


def _groups(table: pa.Table, key: str, size: int) -> Iterator[pa.Table]:
    order = pc.sort_indices(table[key]).to_numpy().astype(np.int64)
    numbers = encoded(table[key]).indices.to_numpy()[order]
    lasts = np.flatnonzero(np.diff(numbers, append=-1)) + 1
    start = 0
    while start < table.num_rows:
        stop = int(lasts[np.searchsorted(lasts, min(start + size, table.num_rows))])
        at = np.sort(order[start:stop])
        yield pa.table([_gather(column, at) for column in table.columns], schema=table.schema)
        start = stop


def _places(wanted: ChunkedArray, ids: ChunkedArray) -> Integers:
    found: Integers = filled(find(wanted, ids), -1).to_numpy().astype(np.int64)
    return found


def _gather(values: ChunkedArray, at: Integers) -> Array:
    """Values by ascending position, from the chunks where they are: Arrow's own take joins all chunks first."""
    parts: list[Array] = [pa.nulls(0, values.type)]
    first = 0
    for chunk in values.chunks:
        low, high = np.searchsorted(at, (first, first + len(chunk)))
        if high > low:
            parts.append(chunk.take(indices(at[low:high] - first)))
        first += len(chunk)
    return pa.concat_arrays(parts)


def _pick(values: Array, at: Integers) -> Array:
    """Values by position; long values once each, in a dictionary into which the positions point."""
    long = (pa.types.is_string, pa.types.is_fixed_size_binary, pa.types.is_list)
    if not any(is_long(values.type) for is_long in long):
        return values.take(indices(at))
    return pa.DictionaryArray.from_arrays(pa.array(at, pa.int32()), values)
