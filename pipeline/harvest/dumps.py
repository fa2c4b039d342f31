"""Dumps of news as Parquet, such as news-please and CC-NEWS corpora give them: the rows that are wanted, by the day they go to.

A dump is not made of days, and its rows can't be referred to without reading all of a group. So rows are copied, as they are: what
their columns mean is known where they are read (`landing/columns.py`), and the day is that of the capture, else of publication.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import BinaryIO, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.harvest.warcs import Wanted
from pipeline.landing.columns import Columns, Delivered
from pipeline.landing.record import text_of
from pipeline.model.days import folder_of
from pipeline.text import dates

_LANGUAGES = ("language", "lang", "detected_language")  # as crawlers call that column
_BATCH_ROWS = 1_024
_Read = TypeVar("_Read")


def day_tables(
    source: BinaryIO, wanted: Wanted, columns: Columns
) -> Iterator[tuple[int, dict[tuple[date, str], pa.Table]]]:
    """For each row group of a dump its number and the rows that are wanted, by day and outlet, with the columns that may be a field.

    No more than one row group is held. A row without a day is left out. Where languages are asked for, a row must state one of them.
    """
    file = pq.ParquetFile(source)
    names = file.schema_arrow.names
    kept = columns.among(names)
    asked = [*kept, *(name for name in names if name in _LANGUAGES and name not in kept)]
    for group in range(file.metadata.num_row_groups):
        batches = file.iter_batches(_BATCH_ROWS, row_groups=[group], columns=asked)
        tables: dict[tuple[date, str], list[pa.Table]] = defaultdict(list)
        for batch in batches:
            for whose, rows in _by_day(batch, wanted, columns).items():
                tables[whose].append(
                    pa.Table.from_batches([batch]).select(kept).take(pa.array(rows, pa.int64()))
                )
        yield group, {whose: pa.concat_tables(parts) for whose, parts in sorted(tables.items())}


def dump_file(uri: str, group: int, day: date, outlet: str) -> str:
    """Where in the landing zone the rows of a day and an outlet stand that a row group of a dump has."""
    digest = hashlib.blake2b(f"{uri}\n{outlet}".encode(), digest_size=6).hexdigest()
    return f"{folder_of(day)}/dump-{digest}-{group}.parquet"


def write_table(table: pa.Table, sink: BinaryIO) -> None:
    """The same bytes for the same rows."""
    pq.write_table(table, sink, compression="zstd", store_schema=False, write_statistics=False)


def _by_day(batch: pa.RecordBatch, wanted: Wanted, columns: Columns) -> dict[tuple[date, str], list[int]]:
    found: dict[tuple[date, str], list[int]] = defaultdict(list)
    for row, fields in enumerate(batch.to_pylist()):
        day, outlet = _day(fields, columns), _outlet(fields, wanted, columns)
        if day and outlet is not None and wanted.has_day(day):
            found[day, outlet].append(row)
    return found


def _day(fields: Mapping[str, object], columns: Columns) -> date | None:
    delivered = Delivered(fields, columns)
    captured = _first(delivered, "fetched_at", dates.fetched)
    if captured:
        return captured.date()
    published = _first(delivered, "published_at", dates.moment)
    return published.at.date() if published else None


def _outlet(fields: Mapping[str, object], wanted: Wanted, columns: Columns) -> str | None:
    """The outlet that a row is of, empty where all are wanted; None where it is not wanted."""
    address = _first(Delivered(fields, columns), "url", text_of)
    stated = {str(fields.get(name) or "").lower()[:2] for name in _LANGUAGES}
    if wanted.languages and wanted.languages.isdisjoint(stated):
        return None
    return wanted.outlet_of(address or "")


def _first(delivered: Delivered, field: str, read: Callable[[object], _Read | None]) -> _Read | None:
    values = map(read, delivered.values(field, by_crawlers=True))
    return next((value for value in values if value is not None), None)
