"""Rows in the order of a key, a slice at a time: a day's table may be larger than memory, and is larger than the 2 GB
that one Arrow array of strings can hold from some 700,000 articles on. Sorting it as a whole would build that array.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.model.arrow import Integers, ascending, indices

SLICE_ROWS = 20_000  # some 60 MB of articles: what is held beside the table while it is put in order

Places = Integers


def is_ordered(table: pa.Table, key: Sequence[str]) -> bool:
    """Whether each row's key comes after the one before it: in order, and no key twice."""
    after: pa.BooleanScalar | pa.BooleanArray = pa.scalar(False)
    tied: pa.BooleanScalar | pa.BooleanArray = pa.scalar(True)
    for name in key:
        before, here = table[name][:-1], table[name][1:]
        after = pc.or_(after, pc.and_(tied, pc.less(before, here)))
        tied = pc.and_(tied, pc.equal(before, here))
    return pc.all(after, min_count=0).as_py() is True


def places(table: pa.Table, key: Sequence[str]) -> Places:
    """Where the rows stand, in the order of the key."""
    found: Places = pc.sort_indices(table.select(list(key)), ascending(key)).to_numpy().astype(np.int64)
    return found


def slices(table: pa.Table, order: Places) -> Iterator[pa.Table]:
    """The rows at the places of `order`, in that order, in tables of one chunk each."""
    batches = [batch for batch in table.to_batches() if batch.num_rows]
    ends = np.cumsum([batch.num_rows for batch in batches])
    for start in range(0, len(order), SLICE_ROWS):
        wanted = order[start : start + SLICE_ROWS]
        by_place = np.argsort(wanted, kind="stable")
        taken = pa.Table.from_batches(_taken(batches, ends, wanted[by_place]), table.schema).combine_chunks()
        back = np.empty_like(by_place)
        back[by_place] = np.arange(len(back))
        yield taken.take(indices(back)).combine_chunks()


def _taken(batches: list[pa.RecordBatch], ends: Integers, rising: Places) -> list[pa.RecordBatch]:
    """The rows of batches at ascending places; a batch is only looked at where it has some."""
    cuts = np.searchsorted(rising, ends)
    found, low = [], 0
    for batch, high, end in zip(batches, cuts.tolist(), ends.tolist(), strict=True):
        if high > low:
            found.append(batch.take(indices(rising[low:high] - (end - batch.num_rows))))
        low = high
    return found
