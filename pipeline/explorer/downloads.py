"""What a table shows, as a file: CSV for spreadsheets, Parquet for the rest."""

import csv
import io
from collections.abc import Sequence
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.model.contract import Row

Format = Literal["csv", "parquet"]
MOST_ROWS = 100_000  # of one file; who wants more reads the published tables
MEDIA = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a cell begins that a spreadsheet would run


def as_file(table: pa.Table, form: Format) -> bytes:
    """The first rows of a table."""
    some = table.slice(0, MOST_ROWS)
    if form == "csv":
        return as_csv(some.column_names, some.to_pylist())
    sink = io.BytesIO()
    pq.write_table(some.replace_schema_metadata(None), sink, compression="zstd")
    return sink.getvalue()


def as_csv(names: Sequence[str], rows: Sequence[Row]) -> bytes:
    """Rows as CSV, with a byte order mark, so that spreadsheets take it for UTF-8."""
    sink = io.StringIO(newline="")
    writer = csv.writer(sink)
    writer.writerow(names)
    writer.writerows([_cell(row[name]) for name in names] for row in rows)
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
