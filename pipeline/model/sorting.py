"""Rows in the order of a key, a slice at a time: a day's table may be larger than memory, and is larger than the 2 GB
that one Arrow array of strings can hold from some 700,000 articles on. Sorting it as a whole would build that array.

Also, when an article counts as published where articles are put in order or compared by time.
"""

import datetime as dt
from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.model.arrow import ChunkedArray, Integers, ascending, equals, filled, indices
from pipeline.model.kinds import Precision

SLICE_ROWS = 20_000  # some 60 MB of articles: what is held beside the table while it is put in order

Places = Integers

DAY_MICROSECONDS = 86_400_000_000
_TICK = dt.timedelta(microseconds=1)
_REST: dict[str, dt.timedelta] = {  # what is left of a time after its beginning
    Precision.SECOND: dt.timedelta(seconds=1) - _TICK,
    Precision.MINUTE: dt.timedelta(minutes=1) - _TICK,
    Precision.DAY: dt.timedelta(days=1) - _TICK,
}
_UNKNOWN = dt.datetime.max.replace(tzinfo=dt.UTC)
_END = _UNKNOWN - dt.timedelta(days=2)  # where times end to which a day can be added


def last_moment(published_at: dt.datetime | None, precision: str | None) -> dt.datetime:
    """The last moment at which one article may have been published; what no time is known of comes last.

    A time of no precision, as versions before wrote it, counts as one to the second.
    """
    if published_at is None:
        return _UNKNOWN
    return min(published_at, _END) + _REST[precision or Precision.SECOND]


def source_order(last: dt.datetime, n_words: int, article_id: str) -> tuple[dt.datetime, int, str]:
    """By what the source of a copy group is found where nobody names it: the last moment, the longest text first, the id."""
    return last, -n_words, article_id


def last_moments(published_at: ChunkedArray, precision: ChunkedArray) -> ChunkedArray:
    """When each article was published at the latest, by which every order goes: a date without an hour counts as its end.

    So it never comes before an article of that day whose hour is known. A time of no precision, as versions before wrote it,
    counts as it is.
    """
    return _within_day(published_at, precision, DAY_MICROSECONDS - 1)


def likely_moments(published_at: ChunkedArray, precision: ChunkedArray) -> ChunkedArray:
    """When each article was likely published, from which distances are measured: a date without an hour counts as its noon."""
    return _within_day(published_at, precision, DAY_MICROSECONDS // 2)


def _within_day(published_at: ChunkedArray, precision: ChunkedArray, microseconds: int) -> ChunkedArray:
    return _later(published_at, filled(equals(_texts(precision), Precision.DAY.value), False), microseconds)


def last_fetched(fetched_at: ChunkedArray) -> ChunkedArray:
    """When each article was fetched at the latest. What was fetched at 00:00:00 exactly was said to be of a day, and counts
    as its end, too.
    """
    at = pc.cast(fetched_at, pa.int64())
    day = pa.scalar(DAY_MICROSECONDS, pa.int64())
    is_day = filled(equals(at, pc.multiply(pc.divide(at, day), day)), False)
    return _later(fetched_at, is_day, DAY_MICROSECONDS - 1)


def _later(times: ChunkedArray, chosen: ChunkedArray, microseconds: int) -> ChunkedArray:
    later = pc.add(pc.cast(times, pa.int64()), pa.scalar(microseconds, pa.int64()))
    found: ChunkedArray = pc.if_else(chosen, pc.cast(later, times.type), times)
    return found


def _texts(column: ChunkedArray) -> ChunkedArray:
    """A column of texts as such, though an engine may have attached it as a dictionary."""
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column


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
        if (stretches := _stretches(wanted, ends)) is not None:
            yield pa.Table.from_batches(_cut(batches, ends, *stretches), table.schema).combine_chunks()
            continue
        by_place = np.argsort(wanted, kind="stable")
        taken = pa.Table.from_batches(_taken(batches, ends, wanted[by_place]), table.schema).combine_chunks()
        back = np.empty_like(by_place)
        back[by_place] = np.arange(len(back))
        yield taken.take(indices(back)).combine_chunks()


_SHORT = 24  # rows: where they stand together by so few, taking them one by one is as fast


def _stretches(wanted: Places, ends: Integers) -> tuple[Places, Places] | None:
    """The first and the last of places that follow each other within a batch; None where most stand by themselves.

    A day that few rows came to is in order but for these.
    """
    breaks = np.diff(wanted) != 1
    if len(wanted) < _SHORT * (np.count_nonzero(breaks) + 1):
        return None
    breaks |= np.isin(wanted[1:], ends)
    at = np.flatnonzero(breaks)
    return wanted[np.concatenate([[0], at + 1])], wanted[np.concatenate([at, [len(wanted) - 1]])]


def _cut(
    batches: list[pa.RecordBatch], ends: Integers, firsts: Places, lasts: Places
) -> list[pa.RecordBatch]:
    """Stretches of batches, where they stand."""
    own = np.searchsorted(ends, firsts, side="right")
    begins = firsts - (ends - [batch.num_rows for batch in batches])[own]
    cuts = zip(own.tolist(), begins.tolist(), (lasts - firsts + 1).tolist(), strict=True)
    return [batches[n].slice(begin, length) for n, begin, length in cuts]


def _taken(batches: list[pa.RecordBatch], ends: Integers, rising: Places) -> list[pa.RecordBatch]:
    """The rows of batches at ascending places; a batch is only looked at where it has some."""
    cuts = np.searchsorted(rising, ends)
    found, low = [], 0
    for batch, high, end in zip(batches, cuts.tolist(), ends.tolist(), strict=True):
        if high - low == batch.num_rows:  # as of most batches of a table that is no larger than a slice
            found.append(batch)
        elif high > low:
            found.append(batch.take(indices(rising[low:high] - (end - batch.num_rows))))
        low = high
    return found
