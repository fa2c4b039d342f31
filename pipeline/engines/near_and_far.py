"""Two engines in one: what is small stays on this machine, what is large goes to the many.

A job on a cluster costs up to a second before its first row: it is planned, its tasks are sent out and its rows are staged. A day of a few
hundred pages has some thirty of them. The same pure stage on the driver gives the same bytes, and has ended by then.

How small (the setting `near_mb`): the dearest stages, parsing pages and weighing texts, take 0.2 to 0.4 ms of a core for a kB of Arrow. So
16 MB, some 200 raw pages or 6,000 texts, are 6 s of one core at most: what the jobs of such a stage take on a cluster.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import pyarrow as pa

from pipeline.engines.embedded import EmbeddedEngine, Source
from pipeline.engines.engine import Engine, Part, Stage
from pipeline.model.contract import Contract

# Of what a row is read from, whatever comes of it: a signature has 512, a text some 2,000. So where rows are known to be many, `near_bytes`
# need not be read to see it.
_LEAST_ROW_BYTES = 64


@dataclass(frozen=True)
class Far:
    """A frame of the engine of many machines."""

    frame: Any


Rows: TypeAlias = "pa.Table | Source[Any] | Far"


class NearAndFar:
    """Runs stages over tables of at most `near_bytes` with `near`, all others with `far`, which is opened for the first of them.

    Only where rows enter is it decided: what follows from small tables alone stays here, though it may be larger (buckets take 2.6
    times what signatures do). Where a small frame meets a large one, it is sent there.
    """

    deals_out = True  # `far` does

    def __init__(self, near: EmbeddedEngine, open_far: Callable[[], Engine[Any]], near_bytes: int) -> None:
        self.near, self.near_bytes, self._open_far = near, near_bytes, open_far

    @cached_property
    def far(self) -> Engine[Any]:
        """The engine of many machines; what opening it raises comes with the first table that is not small."""
        return self._open_far()

    def load(self, table: pa.Table) -> Rows:
        return table if table.nbytes <= self.near_bytes else Far(self.far.load(table))

    def read(
        self,
        parts: Sequence[Part],
        reader: Callable[[Part], Iterator[pa.Table]],
        out: Contract,
        n_rows: int | None = None,
    ) -> Rows:
        """What is small is read here and now. Of what is not, `near_bytes` are read twice, unless its rows are known to be many."""
        is_large = n_rows is not None and n_rows * _LEAST_ROW_BYTES > self.near_bytes
        tables = None if is_large else self._read_few(parts, reader)
        if tables is None:
            return Far(self.far.read(parts, reader, out, n_rows))
        return self.near.read(tables, lambda table: iter([table]), out)

    def map(self, stage: Stage, frame: Rows, out: Contract, key: str | None = None) -> Rows:
        if isinstance(frame, Far):
            return Far(self.far.map(stage, frame.frame, out, key))
        return self.near.map(stage, frame, out, key)

    def attach(self, frame: Rows, articles: Rows, columns: Sequence[str], out: Contract) -> Rows:
        if isinstance(frame, Far) or isinstance(articles, Far):
            return Far(self.far.attach(self._sent(frame), self._sent(articles), columns, out))
        return self.near.attach(frame, articles, columns, out)

    def union(self, frames: Iterable[Rows], out: Contract) -> Rows:
        found = list(frames)
        far = [f.frame for f in found if isinstance(f, Far)]
        near = self.near.union((f for f in found if not isinstance(f, Far)), out)
        if not far:
            return near
        rest = self.near.collect(near)
        return Far(self.far.union([*far, self.far.load(rest)] if rest.num_rows else far, out))

    def collect(self, frame: Rows) -> pa.Table:
        return self.far.collect(frame.frame) if isinstance(frame, Far) else self.near.collect(frame)

    def _sent(self, frame: Rows) -> Any:
        return frame.frame if isinstance(frame, Far) else self.far.load(self.near.collect(frame))

    def _read_few(
        self, parts: Sequence[Part], reader: Callable[[Part], Iterator[pa.Table]]
    ) -> list[pa.Table] | None:
        """All rows of the parts; None as soon as these are too many."""
        tables, n_bytes = [], 0
        for part in parts:
            for table in reader(part):
                n_bytes += table.nbytes
                if n_bytes > self.near_bytes:
                    return None
                tables.append(table)
        return tables
