"""An engine made to be awkward: it cuts every table as a cluster would, so that a stage that needs a key and does not say so fails.

Rows without a key are cut into runs of neighbours (dealing them out in turn would let pairs meet by luck); keyed
rows are dealt out by a hash of the key; shards come back in another order than they went.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.model.contract import Contract

N_SHARDS = 5


class ShardedEngine:
    deals_out = True

    def load(self, table: pa.Table) -> list[pa.Table]:
        size = table.num_rows // N_SHARDS + 1
        return [table.slice(start, size) for start in range(0, max(1, table.num_rows), size)][::-1]

    def read(
        self,
        parts: Sequence[Any],
        reader: Callable[[Any], Iterator[pa.Table]],
        out: Contract,
        n_rows: int | None = None,  # noqa: ARG002 - of the verb
    ) -> list[pa.Table]:
        return [out.conform(table) for part in reversed(parts) for table in reader(part)] or [out.empty()]

    def map(self, stage: Any, frame: list[pa.Table], out: Contract, key: str | None = None) -> list[pa.Table]:
        shards = (
            [s for table in frame for s in self.load(table)]
            if key is None
            else _deal(pa.concat_tables(frame), key)
        )
        return [out.conform(stage(shard)) for shard in shards]

    def attach(
        self, frame: list[pa.Table], articles: list[pa.Table], columns: Sequence[str], out: Contract
    ) -> list[pa.Table]:
        about = {
            row["article_id"]: row
            for table in articles
            for row in table.select(["article_id", *columns]).to_pylist()
        }
        rows = [
            pair
            | {n: about[pair["article_id"]][n] for n in columns}
            | {f"other_{n}": about[pair["other_id"]][n] for n in columns}
            for table in frame
            for pair in table.to_pylist()
            if pair["article_id"] in about and pair["other_id"] in about
        ]
        return self.load(out.table(rows))

    def union(self, frames: Iterable[list[pa.Table]], out: Contract) -> list[pa.Table]:
        return [out.conform(table) for frame in frames for table in frame] or [out.empty()]

    def collect(self, frame: list[pa.Table]) -> pa.Table:
        return pa.concat_tables(frame[::-1])


def _deal(table: pa.Table, key: str) -> list[pa.Table]:
    shard = [zlib.crc32(repr(value).encode()) % N_SHARDS for value in table[key].to_pylist()]
    return [table.filter(pc.equal(pa.array(shard, pa.int64()), n)) for n in range(N_SHARDS)]
