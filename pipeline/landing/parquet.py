"""A Parquet file with a document a row."""

from collections.abc import Iterator
from typing import BinaryIO

import pyarrow as pa

from pipeline.landing.record import CHUNK_BYTES, Row, from_fields

# --- Parquet -------------------------------------------------------------------------------------------------


def read_parquet(stream: BinaryIO, path: str, max_bytes: int) -> Iterator[Row]:  # noqa: ARG001 - one shape for all readers
    import pyarrow.parquet as pq

    names = ("url", "html", "text", "title", "authors", "author", "published_at", "fetched_at", "outlet")
    record = 0
    with pq.ParquetFile(stream, pre_buffer=False, buffer_size=CHUNK_BYTES) as file:
        present = [n for n in names if n in file.schema_arrow.names]
        for batch in file.iter_batches(batch_size=64, columns=present, use_threads=False):
            for fields in _portable(batch).to_pylist():
                yield from_fields(record, fields, max_bytes)
                record += 1


def _portable(batch: pa.RecordBatch) -> pa.Table:
    """Nanoseconds, which Python's datetime does not have, are cut to microseconds."""
    table = pa.Table.from_batches([batch])
    for n, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type):
            table = table.set_column(
                n, field.name, table[n].cast(pa.timestamp("us", field.type.tz), safe=False)
            )
    return table
