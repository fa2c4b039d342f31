"""Files of what a table shows."""

import csv
import io

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.explorer import downloads

TABLE = pa.table({"title": ["=1+1", 'a,"b"\nc', None], "names": [["x", "-y"], [], ["z"]], "n": [-1, 2, 3]})


def test_csv_has_every_row_and_no_cell_that_a_spreadsheet_runs() -> None:
    rows = list(csv.reader(io.StringIO(downloads.as_file(TABLE, "csv").decode("utf-8-sig"), newline="")))

    assert ["title", "names", "n"] == rows[0]
    assert ["'=1+1", "x; '-y", "-1"] == rows[1]
    assert ['a,"b"\nc', "", "2"] == rows[2]
    assert ["", "z", "3"] == rows[3]


def test_parquet_has_the_rows_as_they_are() -> None:
    assert TABLE.equals(pq.read_table(io.BytesIO(downloads.as_file(TABLE, "parquet"))))


def test_a_file_has_no_more_than_so_many_rows() -> None:
    long = pa.table({"n": range(downloads.MOST_ROWS + 5)})

    assert downloads.MOST_ROWS == pq.read_table(io.BytesIO(downloads.as_file(long, "parquet"))).num_rows
