"""Dates: one reader, whichever way a date comes in."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from pipeline.extract import described, plaintext
from pipeline.extract.stated import read_stated
from pipeline.landing import files, read
from pipeline.model.internal_tables import RAW
from pipeline.store.local import LocalStorage
from pipeline.text import dates, zones
from pipeline.text.written_dates import EARLIEST_YEAR

DAY = date(2026, 3, 10)

# What is written, the moment in UTC that it means, and how exactly that is known; None where it is no date.
DAY_ALONE = ("2026-03-05", "day")
WRITTEN = [
    ("2026-03-05", *DAY_ALONE),
    ("2026-03-05T08:00:30Z", "2026-03-05T08:00:30", "second"),
    ("2026-03-05T08:00Z", "2026-03-05T08:00", "minute"),
    ("2026-03-05T08Z", "2026-03-05T08:00", "minute"),
    ("2026-03-05T08:00:30.250Z", "2026-03-05T08:00:30.25", "second"),
    ("2026-03-05T08:00:30.1234567Z", "2026-03-05T08:00:30.123456", "second"),
    ("2026-03-05 08:00:30 +0100", "2026-03-05T07:00:30", "second"),
    ("2026-03-05T22:06-500", "2026-03-06T03:06", "minute"),
    ("2026-03-05T22:06:10-0500", "2026-03-06T03:06:10", "second"),
    ("2026-03-05T22:06-05", "2026-03-06T03:06", "minute"),
    ("2026-03-05T08:00+05", "2026-03-05T03:00", "minute"),
    ("2026-03-05T08:00+05:30", "2026-03-05T02:30", "minute"),
    ("2026-03-05T08:00 +530", "2026-03-05T02:30", "minute"),
    ("2026-03-05T08:00:00\u22125:00", "2026-03-05T13:00", "second"),
    ("2026-03-05T00:00:13.123-07:00", "2026-03-05T07:00:13.123", "second"),
    ("2026-03-05T08:00+01:00[Europe/Berlin]", "2026-03-05T07:00", "minute"),
    ("2026-03-05T08:00:00 Europe/Berlin", "2026-03-05T07:00", "second"),
    ("2026-03-05 08:00 CET", "2026-03-05T07:00", "minute"),
    ("2026-03-05 08:00:00 UTC+2", "2026-03-05T06:00", "second"),
    ("20260305T080030Z", "2026-03-05T08:00:30", "second"),
    ("20260305T080030+0100", "2026-03-05T07:00:30", "second"),
    # A time whose zone is not known is a day, and never one in UTC.
    ("2026-03-05T08:00:30", *DAY_ALONE),
    ("2026-03-05T23:59:59.999", *DAY_ALONE),
    ("2026-03-05T00:00:00", *DAY_ALONE),
    ("2026-03-05T08", *DAY_ALONE),
    ("2026-03-05 8:00", *DAY_ALONE),
    ("2026-03-05 08:00 PM", *DAY_ALONE),
    ("2026-03-05 08:00:30 p.m.", *DAY_ALONE),
    ("2026-03-05 08:00 XYT", *DAY_ALONE),
    ("2026-03-05T08:00:00+99:00", *DAY_ALONE),
    ("2026-03-05T08:00:00+01:75", *DAY_ALONE),
    ("2026-03-05T25:00:00Z", *DAY_ALONE),
    ("2026/03/05 08:00", *DAY_ALONE),
    ("2026.03.05 08:00", *DAY_ALONE),
    ("2026/3/5", *DAY_ALONE),
    ("20260305", *DAY_ALONE),
    ("2026030508", *DAY_ALONE),
    ("202603050800", *DAY_ALONE),
    ("20260305080030", *DAY_ALONE),
    ("20260305 8:00", *DAY_ALONE),
    ("2026-W10-4", *DAY_ALONE),
    ("2026-W10-4T08:00:00Z", "2026-03-05T08:00", "second"),
    ("2026-W10", None, None),
    ("2026-064", *DAY_ALONE),
    ("2026064", *DAY_ALONE),
    ("2026-064T08:00:30Z", "2026-03-05T08:00:30", "second"),
    ("2026-366", None, None),
    ("2026-03-04T24:00:00Z", "2026-03-05T00:00", "second"),
    ("2569-03-05T10:00:00+07:00", "2026-03-05T03:00", "second"),
    ("2569/3/5", *DAY_ALONE),
    ("2569-02-29", None, None),
    ("2026-03-05T24:00", *DAY_ALONE),  # the end of the 5th, in a zone that is not known
    ("2026-03-05 24:00:00", *DAY_ALONE),
    ("2026-03-05T08.00.30+0100", "2026-03-05T07:00:30", "second"),
    ("2026-03-05T08-00-30Z", "2026-03-05T08:00:30", "second"),
    ("2026-03-05T08h00+01:00", "2026-03-05T07:00", "minute"),
    ("2026-03-05'T'08:00:30Z", "2026-03-05T08:00:30", "second"),
    ("2026-03-05T10:06:00PM-05:00", "2026-03-06T03:06", "second"),
    ("2026-03-05 12:06 a.m. +0000", "2026-03-05T00:06", "minute"),
    ("2026-03-05T22:06PM+00:00", "2026-03-05T22:06", "minute"),
    ("2026-03-05T22:06 -5", "2026-03-06T03:06", "minute"),
    ("/Date(1772697630000)/", "2026-03-05T08:00:30", "second"),
    ("/Date(1772697630000+0100)/", "2026-03-05T08:00:30", "second"),
    # Mail, feeds, logs, scripts.
    ("Thu, 05 Mar 2026 08:00:30 +0100", "2026-03-05T07:00:30", "second"),
    ("Thu, 05 Mar 2026 08:00:30 -0000", "2026-03-05T08:00:30", "second"),
    ("Thu, 5 Mar 2026 08:00:30 GMT", "2026-03-05T08:00:30", "second"),
    ("Thu, 05 Mar 26 08:00:30 GMT", "2026-03-05T08:00:30", "second"),
    ("Thursday, 05-Mar-26 08:00:30 GMT", "2026-03-05T08:00:30", "second"),
    ("Thu, 05 Mar 2026 10:00:00 GMT+0100", "2026-03-05T09:00", "second"),
    ("Thu, 05 Mar 2026 10:00:00 CET", "2026-03-05T09:00", "second"),
    ("Thu, 05 Mar 2026 10:00:00 CEST", "2026-03-05T08:00", "second"),
    ("Thu, 05 Mar 2026 10:00:00 JST", "2026-03-05T01:00", "second"),
    ("Thu, 05 Mar 2026 10:00:00 EST", "2026-03-05T15:00", "second"),
    ("Thu, 05 Mar 2026 10:00:00 PST", "2026-03-05T18:00", "second"),
    ("Thu, 05 Mar 2026 10:00 MSK", "2026-03-05T07:00", "minute"),
    ("Sun, 06 Jul 2025 16:18:00 EST", "2025-07-06T21:18", "second"),  # as written, though it is summer
    ("Sun, 06 Jul 2025 16:18:00 UT", "2025-07-06T16:18", "second"),
    ("Sun, 06 Jul 2025 16:18:00 +02:00", "2025-07-06T14:18", "second"),
    ("Tue, Jan 23 2018 02:54:55 MST", "2018-01-23T09:54:55", "second"),
    ("Tue, 18 Sept 2018 15:53:56 +0300", "2018-09-18T12:53:56", "second"),
    ("Jul 20, 2016 04:40 GMT", "2016-07-20T04:40", "minute"),
    ("Fri, 31 Dec 9999 23:59:00 +0900", None, None),
    ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59", "second"),
    ("Thu, 05 Mar 2026 10:00:00 IST", *DAY_ALONE),  # of India, Ireland or Israel
    ("Thu, 05 Mar 2026 10:00:00", *DAY_ALONE),
    ("Thu, 05 Mar 2026 08:00 PM", *DAY_ALONE),
    ("Thu Mar 05 2026 10:00:00 GMT+0200 (EET)", "2026-03-05T08:00", "second"),
    ("Thu Mar 05 2026 10:00:00 GMT+0200 (Eastern European Standard Time)", "2026-03-05T08:00", "second"),
    ("Thu Mar  5 10:00:00 CET 2026", "2026-03-05T09:00", "second"),
    ("Thu Mar 05 10:00:00 +0000 2026", "2026-03-05T10:00", "second"),
    ("Thu Mar  5 10:00:00 2026", *DAY_ALONE),
    # Prose; tests/test_written_dates.py has more.
    ("March 5, 2026", *DAY_ALONE),
    ("March 5, 2026 8:00 pm ET", "2026-03-06T01:00", "minute"),
    ("March 5, 2026 8:00 pm", *DAY_ALONE),
    ("5. März 2026, 14:30 Uhr MEZ", "2026-03-05T13:30", "minute"),
    ("5 de marzo de 2026", *DAY_ALONE),
    ("2026년 3월 5일", *DAY_ALONE),
    ("05.03.2026 08:00", *DAY_ALONE),
    ("13/02/2026", "2026-02-13", "day"),
    ("05/03/2026", None, None),  # the 5th of March or the 3rd of May
    # Counts from 1970 are in UTC.
    ("1772697600", "2026-03-05T08:00", "second"),
    ("1772697600.5", "2026-03-05T08:00:00.5", "second"),
    ("1772697600000", "2026-03-05T08:00", "second"),
    ("100000000", "1973-03-03T09:46:40", "second"),
    ("-1000000000", "1938-04-24T22:13:20", "second"),
    ("999999999999", "2001-09-09T01:46:39.999", "second"),  # no date: it would have a 99th month
    *(
        (nothing, None, None)
        for nothing in (
            *(
                "202613050800",
                "20261305",
                "2026",
                "202603",
                "260305",
                "0",
                "5",
                "2026-03",
                "2026-13-05",
                "1234-05-06",
            ),
            *("17726976000", "-62135596801", "99999999999999", "9" * 500, "yesterday", ""),
        )
    ),
]


def _delivered(zone: Path, name: str, content: bytes) -> dict[str, Any]:
    path = zone / f"day={DAY}" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    storage = LocalStorage(zone)
    tables = read.read_raw(storage, files.list_files(storage, DAY), 1_000_000)
    rows: list[dict[str, Any]] = [row for table in tables for row in RAW.conform(table).to_pylist()]
    return rows[0]


def _published(row: dict[str, Any]) -> Any:
    return row["published_at"], row["published_precision"]


def _json(zone: Path, written: str) -> Any:
    line = json.dumps({"text": "A", "published_at": written}).encode()
    return _published(_delivered(zone, "a.jsonl", line))


def _json_fetched(zone: Path, written: str) -> Any:
    line = json.dumps({"html": "A", "fetched_at": written}).encode()
    return _delivered(zone, "a.jsonl", line)["fetched_at"]


def _parquet(zone: Path, written: str) -> Any:
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({"text": ["A"], "published_at": [written]}), sink)
    return _published(_delivered(zone, "a.parquet", sink.getvalue().to_pybytes()))


def _warc(zone: Path, written: str) -> Any:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>A</p>"
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://x/\r\nWARC-Date: {written}\r\n"
    head += f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
    return _delivered(zone, "a.warc", head.encode() + block + b"\r\n\r\n")["fetched_at"]


def _page(head: str, body: str = "") -> Any:
    tree = html.document_fromstring(f"<html><head>{head}</head><body>{body}<p>Text.</p></body></html>")
    found = described.describe_page(tree, read_stated(tree), {}, DAY)
    return found.published_at, found.published_precision


def _meta(_zone: Path, written: str) -> Any:
    return _page(f'<meta property="article:published_time" content="{written}">')


def _linked_data(_zone: Path, written: str) -> Any:
    data = json.dumps({"@type": "NewsArticle", "headline": "Bridge to close", "datePublished": written})
    return _page(f'<script type="application/ld+json">{data}</script>')


def _time(_zone: Path, written: str) -> Any:
    return _page("", f'<time datetime="{written}" itemprop="datePublished"></time>')


def _text(_zone: Path, written: str) -> Any:
    fields = f"Title: Northern bridge to close\nDate: {written or '-'}\n\nThe council met on Tuesday."
    found = plaintext.read_text(fields, {}, DAY)[0]
    return found.published_at, found.published_precision


WAYS = (_json, _parquet, _meta, _linked_data, _time, _text)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("written", "meant", "precision"), WRITTEN)
def test_a_written_date_means_the_same_whichever_way_it_comes_in(
    tmp_path: Path, way: Callable[[Path, str], Any], written: str, meant: str | None, precision: str | None
) -> None:
    """Delivered, in a page's data, in a labelled line of a text."""
    expected = datetime.fromisoformat(meant).replace(tzinfo=UTC) if meant else None

    assert way(tmp_path, written) == (expected, precision)


@pytest.mark.parametrize("way", [_json_fetched, _warc])
@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-03-05T08:00:30Z", "2026-03-05T08:00:30"),
        ("2026-03-05T08:00:30+01:00", "2026-03-05T07:00:30"),
        ("2026-03-05T08:00:30", "2026-03-05T08:00:30"),
        ("20260305080030", "2026-03-05T08:00:30"),
        ("2026-03-05", "2026-03-05"),
        ("1772697600", "2026-03-05T08:00"),
        ("yesterday", None),
    ],
)
def test_the_clocks_of_crawlers_show_utc_where_they_say_nothing_else(
    tmp_path: Path, way: Callable[[Path, str], Any], written: str, meant: str | None
) -> None:
    """Delivered with a document, or in a WARC header."""
    assert way(tmp_path, written) == (datetime.fromisoformat(meant).replace(tzinfo=UTC) if meant else None)


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("2026-03-05T08:00:30-05:00", "2026-03-05T13:00:30"),
        ("2026-03-05T08:00:30Z", "2026-03-05T08:00:30"),
        ("Thu, 05 Mar 2026 08:00:30 -0500", "2026-03-05T13:00:30"),
        ("2026-03-05 10:00-12:00", "2026-03-05"),  # from ten to twelve
        ("2026-03-05 08:00 PM KST", "2026-03-05T11:00"),
    ],
)
def test_a_line_of_prose_gives_the_second_and_the_zone_that_it_states(line: str, meant: str) -> None:
    """As a field would."""
    found = dates.find(line)

    assert found is not None
    assert dates.settled(found).at == datetime.fromisoformat(meant).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("number", "meant"),
    [
        (20260305, "2026-03-05"),
        (20260305.0, "2026-03-05"),
        (202603050800, "2026-03-05"),
        (202603050800.0, "2026-03-05"),
        (1772697600, "2026-03-05T08:00"),
        (1772697600000, "2026-03-05T08:00"),
        (1772697600000.0, "2026-03-05T08:00"),
        (2026, None),
        (0, None),
        (0.5, None),
        (1e300, None),
        (10**20, None),
        (float("nan"), None),
    ],
)
def test_a_number_means_what_its_figures_mean(number: float, meant: str | None) -> None:
    """A date in figures, where they can be one; tables make floats of whole numbers."""
    expected = datetime.fromisoformat(meant).replace(tzinfo=UTC) if meant else None

    found = dates.moment(number)

    assert (found.at if found else None) == expected


@pytest.mark.parametrize(
    "stated",
    [
        1772697600,
        1772697600000,
        {"@type": "xsd:dateTime", "@value": "2026-03-05T08:00:00Z"},
        [{"@value": "2026-03-05T09:00:00+01:00"}, "2026-03-01"],
        {"@value": 1772697600},
        ["2026-03-05T08:00:00Z"],
    ],
)
def test_linked_data_may_state_a_number_or_a_value_with_its_type(stated: object) -> None:
    """Numbers are what feeds write."""
    data = json.dumps({"@type": "NewsArticle", "headline": "Bridge to close", "datePublished": stated})

    found = _page(f'<script type="application/ld+json">{data}</script>')

    assert found == (datetime(2026, 3, 5, 8, tzinfo=UTC), "second")


@given(st.datetimes(datetime(2001, 9, 10), datetime(2030, 3, 1)))  # noqa: DTZ001 - UTC is added below
def test_a_moment_is_read_back_from_its_figures(when: datetime) -> None:
    """Of the date, or counted from 1970 in seconds or milliseconds; until 2030 no count of today looks like a date."""
    when = when.replace(microsecond=0, tzinfo=UTC)
    milliseconds = (when - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)

    assert dates.fetched(f"{when:%Y%m%d%H%M%S}") == when
    assert dates.moment(milliseconds // 1000) == (when, "second") == dates.moment(str(milliseconds))


@given(st.floats() | st.integers() | st.text() | st.dates() | st.datetimes() | st.none() | st.booleans())
def test_no_value_makes_the_reader_of_moments_raise(value: object) -> None:
    """Whatever a field holds."""
    found = dates.moment(value)

    assert found is None or found.at.tzinfo is UTC
    assert found is None or found.precision != "day" or found.at.time() == time()
    dates.fetched(value)


def test_a_datetime_without_a_zone_is_a_day() -> None:
    """Parquet's timestamps without one are local: what they show is no time in UTC."""
    naive = datetime(2026, 3, 5, 8)  # noqa: DTZ001 - that is the point

    assert dates.moment(naive) == (datetime(2026, 3, 5, tzinfo=UTC), "day")
    assert dates.moment(naive.replace(tzinfo=UTC)) == (datetime(2026, 3, 5, 8, tzinfo=UTC), "second")
    assert dates.moment(naive.date()) == (datetime(2026, 3, 5, tzinfo=UTC), "day")


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://example.com/2026/03/05/bridge", "2026-03-05"),
        ("https://example.com/2026/mar/05/bridge", "2026-03-05"),
        ("https://example.com/bridge-20260305.html", "2026-03-05"),
        ("https://example.com/2026-03-05-bridge", "2026-03-05"),
        ("https://example.com/2026/03/bridge", None),
        ("https://example.com/2026/bridge", None),
        ("https://example.com/a-202603051234567", None),
        ("https://example.com/2026/13/45/x", None),
    ],
)
def test_an_address_has_a_date_only_with_a_day(url: str | None, day: str | None) -> None:
    """A month is no day."""
    found = dates.in_url(url)

    assert day == (found.when.date().isoformat() if found else None)


@given(st.integers(-2_200_000_000, 4_000_000_000), st.integers(-14 * 60, 14 * 60))
def test_what_was_written_is_read_back(seconds: int, offset: int) -> None:
    """ISO 8601 and RFC 2822, in any zone."""
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    moment = (epoch + timedelta(seconds=seconds)).astimezone(timezone(timedelta(minutes=offset)))

    assert dates.moment(moment.isoformat()) == (moment, "second")


@given(st.text(max_size=100))
def test_no_text_makes_the_reader_of_dates_raise(text: str) -> None:
    """Pages state anything as a date."""
    found = dates.parse(text)

    assert found is None or found.when.year >= EARLIEST_YEAR
    assert found is None or dates.settled(found, zones.countries_of("a.de", "ko")).at
