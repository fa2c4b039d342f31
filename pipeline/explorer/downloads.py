"""What a table shows, as a file: CSV for spreadsheets, Parquet for the rest."""

import csv
import io
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq

Format = Literal["csv", "parquet"]
MOST_ROWS = 100_000  # of one file; for more, read the published tables
MOST_BYTES = 64 << 20
_SLICE = 1_000  # rows that are Python objects at a time
MEDIA = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a cell begins that a spreadsheet would run


def as_file(table: pa.Table, form: Format) -> bytes:
    """The first rows of a table: not more than MOST_ROWS, and not more than MOST_BYTES of values, but at least one."""
    some = table.slice(0, MOST_ROWS)
    some = some.slice(0, max(1, int(some.num_rows * MOST_BYTES / max(MOST_BYTES, some.nbytes))))
    if form == "csv":
        return as_csv(some)
    sink = io.BytesIO()
    pq.write_table(some.replace_schema_metadata(None), sink, compression="zstd")
    return sink.getvalue()


def as_csv(table: pa.Table) -> bytes:
    """A table as CSV, with a byte order mark, so that spreadsheets take it for UTF-8."""
    sink = io.StringIO(newline="")
    writer = csv.writer(sink)
    writer.writerow(table.column_names)
    for start in range(0, table.num_rows, _SLICE):
        rows = table.slice(start, _SLICE).to_pylist()
        writer.writerows([_cell(value) for value in row.values()] for row in rows)
    return sink.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        value = "; ".join(str(_cell(one)) for one in value)
    if isinstance(value, dict):
        value = " ".join(str(one) for one in value.values())
    if isinstance(value, str):
        value = value.replace("\x00", "")
        return f"'{value}" if value.startswith(_FORMULA) else value
    return value
