"""Dumps of news as Parquet, by the days that their rows go to."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.harvest.dumps import day_tables, dump_file, write_table
from pipeline.harvest.warcs import Wanted
from pipeline.landing.columns import NO_COLUMNS, parse
from tests.delivered import put, read

ALL = Wanted()
TEXT = "The fog over the bay stayed for a week."


def _row(number: int, day: int, **more: Any) -> dict[str, Any]:
    return {
        "url": f"https://www.morgen.example/{number}",
        "maintext": TEXT,
        "title": f"Fog {number}",
        "date_publish": "2026-03-01 08:00:00",
        "date_download": f"2026-03-{day:02} 10:00:00",
        "language": "en",
        "image_url": "https://morgen.example/p.jpg",
        **more,
    }


def _dump(*rows: dict[str, Any], group_rows: int = 1_000) -> io.BytesIO:
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(list(rows)), sink, row_group_size=group_rows)
    return io.BytesIO(sink.getvalue())


def _days(dump: io.BytesIO, wanted: Wanted = ALL, columns: str = "") -> list[tuple[int, int, list[str]]]:
    known = parse(columns) if columns else NO_COLUMNS
    return [
        (group, day.day, table["title"].to_pylist())
        for group, tables in day_tables(dump, wanted, known)
        for (day, _), table in tables.items()
    ]


def test_rows_go_to_the_day_of_their_capture_group_by_group() -> None:
    dump = _dump(_row(1, 5), _row(2, 6), _row(3, 5), _row(4, 5), group_rows=3)
    assert _days(dump) == [(0, 5, ["Fog 1", "Fog 3"]), (0, 6, ["Fog 2"]), (1, 5, ["Fog 4"])]


def test_without_a_capture_the_day_is_that_of_publication_and_without_both_there_is_none() -> None:
    dump = _dump(_row(1, 5, date_download=None), _row(2, 5, date_download=None, date_publish=None))
    assert _days(dump) == [(0, 1, ["Fog 1"])]


def test_days_outlets_and_languages_are_asked_for() -> None:
    dump = _dump(
        _row(1, 5), _row(2, 6), _row(3, 5, url="https://abend.example/3"), _row(4, 5, language="de-AT")
    )
    morgen = {"morgen.example": "Morgen"}
    assert _days(dump, Wanted(morgen, first=date(2026, 3, 5), last=date(2026, 3, 5))) == [
        (0, 5, ["Fog 1", "Fog 4"])
    ]
    assert _days(dump, Wanted(languages=frozenset({"de"}))) == [(0, 5, ["Fog 4"])]


def test_names_that_a_user_sets_count() -> None:
    dump = _dump({"title": "Fog", "story": TEXT, "seen": "2026-03-07"})
    assert _days(dump, columns="story=text, seen=fetched_at") == [(0, 7, ["Fog"])]


def test_what_was_taken_is_read_as_any_other_parquet(zone: Path) -> None:
    ((group, tables),) = day_tables(_dump(_row(1, 5)), Wanted(), NO_COLUMNS)
    (table,) = tables.values()
    sink, again = io.BytesIO(), io.BytesIO()
    write_table(table, sink)
    write_table(table, again)
    name = dump_file("s3://b/part-0.parquet", group, date(2026, 3, 5), "Morgen")
    put(zone, Path(name).name, sink.getvalue())
    (row,) = read(zone)

    assert sink.getvalue() == again.getvalue()
    assert name.startswith("day=2026-03-05/dump-")
    assert "image_url" not in table.column_names
    assert (row["url"], row["title"], row["body"]) == ("https://www.morgen.example/1", "Fog 1", TEXT.encode())
