"""One machine: a frame is an Arrow table, or a source that is read piece by piece; pieces run in threads."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.contracts import Contract
from pipeline.engines import Part, Stage

PIECE_ROWS = 8_192  # rows of a piece: enough to amortise a call, few enough to keep every worker busy


@dataclass(frozen=True)
class Source:
    """Parts that have not been read yet, and how to read one."""

    parts: Sequence[object]
    reader: Callable[[object], Iterator[pa.Table]]
    contract: Contract

    def pieces(self) -> Iterator[pa.Table]:
        return (self.contract.conform(t) for t in chain.from_iterable(map(self.reader, self.parts)))


Rows: TypeAlias = "pa.Table | Source"


class EmbeddedEngine:
    """Runs row-wise stages over pieces in `workers` threads, and keyed stages over the whole table at once.

    Threads suffice: the heavy stages leave the interpreter's lock alone (compiled kernels) or work in child
    processes (extraction). `watch` is told after each piece: the table that is being made, and its new rows.
    """

    def __init__(self, workers: int, watch: Callable[[str, int], None] | None = None) -> None:
        self.workers = workers
        self.watch = watch or (lambda _table, _rows: None)

    def load(self, table: pa.Table) -> Rows:
        return table

    def read(
        self, parts: Sequence[Part], reader: Callable[[Part], Iterator[pa.Table]], out: Contract
    ) -> Rows:
        return Source(parts, reader, out)  # type: ignore[arg-type]  # a part is whatever its reader takes

    def map(self, stage: Stage, frame: Rows, out: Contract, key: str | None = None) -> Rows:
        if key is not None:
            done = out.conform(stage(self.collect(frame)))
            self.watch(out.name, done.num_rows)
            return done
        return pa.concat_tables([out.empty(), *self._in_threads(stage, _pieces(frame), out)])

    def attach(self, frame: Rows, articles: Rows, columns: Sequence[str], out: Contract) -> Rows:
        pairs, about = self.collect(frame), self.collect(articles)
        at = pc.index_in(pairs["article_id"], value_set=about["article_id"].combine_chunks())
        other_at = pc.index_in(pairs["other_id"], value_set=about["article_id"].combine_chunks())
        both = pc.and_(at.is_valid(), other_at.is_valid())
        pairs, at, other_at = pairs.filter(both), at.filter(both), other_at.filter(both)
        for name in columns:
            pairs = pairs.append_column(name, _pick(about[name], at))
            pairs = pairs.append_column(f"other_{name}", _pick(about[name], other_at))
        return pairs.select(out.names)

    def union(self, frames: Iterable[Rows], out: Contract) -> Rows:
        return pa.concat_tables([out.empty(), *(out.conform(self.collect(f)) for f in frames)])

    def keep(self, frame: Rows) -> Rows:
        return self.collect(frame)

    def collect(self, frame: Rows) -> pa.Table:
        if isinstance(frame, Source):
            return pa.concat_tables([frame.contract.empty(), *frame.pieces()])
        return frame

    def _in_threads(self, stage: Stage, pieces: Iterator[pa.Table], out: Contract) -> Iterator[pa.Table]:
        def run(piece: pa.Table) -> pa.Table:
            return out.conform(stage(piece))

        waiting: deque[Future[pa.Table]] = deque()
        with ThreadPoolExecutor(self.workers, "stage") as pool:
            for piece in pieces:
                waiting.append(pool.submit(run, piece))
                while len(waiting) > 2 * self.workers:  # read ahead a little: what waits is in memory
                    yield self._told(out, waiting.popleft().result())
            while waiting:
                yield self._told(out, waiting.popleft().result())

    def _told(self, out: Contract, done: pa.Table) -> pa.Table:
        self.watch(out.name, done.num_rows)
        return done


def _pieces(frame: Rows) -> Iterator[pa.Table]:
    if isinstance(frame, Source):
        yield from frame.pieces()
    else:
        for start in range(0, frame.num_rows, PIECE_ROWS):
            yield frame.slice(start, PIECE_ROWS)


def _pick(values: pa.ChunkedArray, at: pa.ChunkedArray) -> pa.ChunkedArray:
    """Values by position; texts once each, as the dictionary that the positions point into."""
    if not pa.types.is_string(values.type):
        return values.take(at)
    whole = values.combine_chunks()
    kind = pa.dictionary(pa.int32(), values.type)
    return pa.chunked_array(
        [pa.DictionaryArray.from_arrays(pc.cast(c, pa.int32()), whole) for c in at.chunks], kind
    )
