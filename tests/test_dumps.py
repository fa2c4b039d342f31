"""Dumps of news as Parquet and JSON lines, by the days that their rows go to."""

import gzip
import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.harvest.dumps import Whose, day_lines, day_tables, dump_file, write_lines, write_table
from pipeline.harvest.warcs import Wanted
from pipeline.landing.columns import NO_COLUMNS, parse
from tests.delivered import lines, put, read

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
        (group, whose.day.day if whose.day else 0, table["title"].to_pylist())
        for group, tables in day_tables(dump, wanted, known)
        for whose, table in tables.items()
    ]


def test_rows_go_to_the_day_of_their_capture_group_by_group() -> None:
    dump = _dump(_row(1, 5), _row(2, 6), _row(3, 5), _row(4, 5), group_rows=3)
    assert _days(dump) == [(0, 5, ["Fog 1", "Fog 3"]), (0, 6, ["Fog 2"]), (1, 5, ["Fog 4"])]


def test_without_a_capture_the_day_is_that_of_publication_and_without_both_there_is_none() -> None:
    dump = _dump(_row(1, 5, date_download=None), _row(2, 5, date_download=None, date_publish=None))
    assert _days(dump) == [(0, 1, ["Fog 1"]), (0, 0, ["Fog 2"])]


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
    name = dump_file("0a1b", group, date(2026, 3, 5), ".parquet")
    put(zone, Path(name).name, sink.getvalue())
    (row,) = read(zone)

    assert sink.getvalue() == again.getvalue()
    assert name.startswith("day=2026-03-05/dump-")
    assert "image_url" not in table.column_names
    assert (row["url"], row["title"], row["body"]) == ("https://www.morgen.example/1", "Fog 1", TEXT.encode())


def _published_row(number: int, **more: Any) -> dict[str, Any]:
    """In the columns of Infini-News, which has no titles."""
    return {
        "url": f"https://www.morgen.example/{number}",
        "url_hostname": "www.morgen.example",
        "warc_filename": "crawl-data/CC-NEWS/2026/03/CC-NEWS-20260305013012-00123.warc.gz",
        "warc_record_id": f"<urn:uuid:{number}>",
        "warc_target_uri": f"https://www.morgen.example/{number}",
        "warc_date": datetime(2026, 3, 5, 2, tzinfo=UTC),
        "http_status": 200,
        "publish_date": "2026-03-04",
        "author": "Ada Quill",
        "sitename": "Der Morgen",
        "description": "A short line.",
        "text": TEXT,
        "language": "eng_Latn",
        "language_iso639_3": "eng",
        "language_short": "en",
        "year": 2026,
        "month": 3,
        **more,
    }


@pytest.mark.parametrize("at", [datetime(2026, 3, 5, 2, tzinfo=UTC), "2026-03-05T02:00:00Z"])
def test_the_columns_of_infini_news_are_known(zone: Path, at: object) -> None:
    wanted = Wanted({"morgen.example": "Morgen"}, languages=frozenset({"en"}))
    dump = _dump(_published_row(1, warc_date=at), _published_row(2, warc_date=at, language="spa_Latn"))
    ((_, tables),) = day_tables(dump, wanted, NO_COLUMNS)
    ((whose, table),) = tables.items()
    sink = io.BytesIO()
    write_table(table, sink)
    put(zone, "dump.parquet", sink.getvalue())
    (row,) = read(zone)

    assert whose == Whose(date(2026, 3, 5), "morgen.example")
    known = {name: row[name] for name in ("url", "outlet", "title", "authors", "body", "reason")}
    assert known == {
        "url": "https://www.morgen.example/1",
        "outlet": "Der Morgen",
        "title": None,
        "authors": ["Ada Quill"],
        "body": TEXT.encode(),
        "reason": None,
    }
    assert (row["fetched_at"], row["published_at"]) == (
        datetime(2026, 3, 5, 2, tzinfo=UTC),
        datetime(2026, 3, 4, tzinfo=UTC),
    )


def _please(number: int, **more: Any) -> dict[str, Any]:
    """As news-please writes an article: what it does not know is null, or the word None."""
    return {
        **_row(number, 5),
        "authors": ["Ada Quill"],
        "date_modify": "None",
        "description": None,
        "filename": f"https%3A%2F%2Fwww.morgen.example%2F{number}.json",
        "localpath": None,
        "source_domain": "www.morgen.example",
        "text": None,
        "title_page": None,
        "title_rss": None,
        **more,
    }


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_dump_of_news_please_in_lines_of_json_is_read(zone: Path, pack: Callable[[bytes], bytes]) -> None:
    """Line by line, as they are; what is no article is of no day."""
    rows = [_please(1), _please(2, date_publish="None"), _please(3, language="de"), _please(4, url=None)]
    content = pack(b"[1]\n" + lines(*rows) + b'{"url": "https://www.morgen')
    wanted = Wanted({"morgen.example": "Morgen"}, languages=frozenset({"en"}))
    ((_, found),) = day_lines(io.BytesIO(content), wanted, NO_COLUMNS)
    ((whose, taken),) = found.items()
    sink = io.BytesIO()
    write_lines(taken, sink)
    put(zone, "dump.jsonl", sink.getvalue())

    assert whose == Whose(date(2026, 3, 5), "morgen.example")
    assert sink.getvalue() == lines(rows[0], rows[1], rows[3])
    assert [(row["title"], row["outlet"], row["body"]) for row in read(zone)] == [
        (f"Fog {n}", "www.morgen.example", TEXT.encode()) for n in (1, 2, 4)
    ]


def test_a_row_of_a_text_alone_is_in_the_language_that_it_reads_as() -> None:
    german = "Der Nebel über der Bucht blieb eine Woche, und kein Schiff konnte den Hafen verlassen."
    dump = _dump(*({"text": text, "date": "2026-03-05", "title": text[:3]} for text in (TEXT, german)))
    assert _days(dump, Wanted(languages=frozenset({"de"}))) == [(0, 5, ["Der"])]
    assert _days(dump) == [(0, 5, ["The", "Der"])]


def test_a_line_without_anything_is_of_no_day_and_no_file_is_of_no_group() -> None:
    assert dict(day_lines(io.BytesIO(b"{}\n\n"), ALL, NO_COLUMNS)) == {0: {Whose(None, ""): [b"{}"]}}
    assert list(day_lines(io.BytesIO(b""), ALL, NO_COLUMNS)) == []
