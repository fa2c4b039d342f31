"""Dates: one reader, whichever way a date comes in."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from pipeline.extract import described, plaintext
from pipeline.landing import files, read
from pipeline.model.internal_tables import RAW
from pipeline.store.local import LocalStorage
from pipeline.text import dates, lexicon
from pipeline.text.line_kinds import LineKind
from pipeline.text.lines import look

DAY = date(2026, 3, 10)

# What is written, and the moment in UTC that it means; None where it is no date.
WRITTEN = [
    ("2026-03-05", "2026-03-05"),
    ("2026-03-05T08:00:30Z", "2026-03-05T08:00:30"),
    ("2026-03-05T08:00:30.250Z", "2026-03-05T08:00:30.25"),
    ("2026-03-05T08:00:30.1234567Z", "2026-03-05T08:00:30.123456"),
    ("2026-03-05 08:00:30 +0100", "2026-03-05T07:00:30"),
    ("2026-03-05T08", "2026-03-05T08:00"),
    ("2026-03-05 8:00", "2026-03-05T08:00"),
    ("2026-03-05 08:00 PM", "2026-03-05T20:00"),
    ("2026-03-05 08:00:30 p.m.", "2026-03-05T20:00:30"),
    ("2026-03-05 12:10 AM", "2026-03-05T00:10"),
    ("2026-W10-4", "2026-03-05"),
    ("2026-W10", None),
    ("2026/03/05 08:00", "2026-03-05T08:00"),
    ("2026/03/05 8:00", "2026-03-05T08:00"),
    ("2026.03.05 08:00", "2026-03-05T08:00"),
    ("2026/3/5", "2026-03-05"),
    ("20260305", "2026-03-05"),
    ("2026030508", "2026-03-05T08:00"),
    ("202603050800", "2026-03-05T08:00"),
    ("20260305080030", "2026-03-05T08:00:30"),
    ("20260305T080030Z", "2026-03-05T08:00:30"),
    ("20260305 8:00", "2026-03-05T08:00"),
    ("Thu, 05 Mar 2026 08:00:30 +0100", "2026-03-05T07:00:30"),
    ("Thu, 05 Mar 2026 08:00 PM", "2026-03-05T20:00"),
    ("Thu Mar 05 2026 10:00:00 GMT+0200 (EET)", "2026-03-05T08:00"),
    ("March 5, 2026", "2026-03-05"),
    ("March 5, 2026 8:00 pm", "2026-03-05T20:00"),
    ("5. März 2026, 14:30 Uhr", "2026-03-05T14:30"),
    ("5 de marzo de 2026", "2026-03-05"),
    ("2026년 3월 5일", "2026-03-05"),
    ("05.03.2026 08:00", "2026-03-05T08:00"),
    ("13/02/2026", "2026-02-13"),
    ("05/03/2026", None),  # the 5th of March or the 3rd of May
    ("1772697600", "2026-03-05T08:00"),
    ("1772697600.5", "2026-03-05T08:00:00.5"),
    ("1772697600000", "2026-03-05T08:00"),
    ("100000000", "1973-03-03T09:46:40"),
    ("-1000000000", "1938-04-24T22:13:20"),
    ("999999999999", "2001-09-09T01:46:39.999"),  # no date: it would have a 99th month
    ("202613050800", None),
    ("20261305", None),
    ("2026", None),
    ("202603", None),
    ("260305", None),
    ("0", None),
    ("5", None),
    ("2026-03", None),
    ("2026-13-05", None),
    ("1234-05-06", None),
    ("17726976000", None),
    ("-62135596801", None),
    ("99999999999999", None),
    ("9" * 500, None),
    ("yesterday", None),
    ("", None),
]


def _delivered(zone: Path, name: str, content: bytes) -> dict[str, Any]:
    path = zone / f"day={DAY}" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    storage = LocalStorage(zone)
    tables = read.read_raw(storage, files.list_files(storage, DAY), 1_000_000)
    rows: list[dict[str, Any]] = [row for table in tables for row in RAW.conform(table).to_pylist()]
    return rows[0]


def _json(zone: Path, written: str) -> Any:
    line = json.dumps({"text": "A", "published_at": written}).encode()
    return _delivered(zone, "a.jsonl", line)["published_at"]


def _json_fetched(zone: Path, written: str) -> Any:
    line = json.dumps({"html": "A", "fetched_at": written}).encode()
    return _delivered(zone, "a.jsonl", line)["fetched_at"]


def _parquet(zone: Path, written: str) -> Any:
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({"text": ["A"], "published_at": [written]}), sink)
    return _delivered(zone, "a.parquet", sink.getvalue().to_pybytes())["published_at"]


def _warc(zone: Path, written: str) -> Any:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>A</p>"
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://x/\r\nWARC-Date: {written}\r\n"
    head += f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
    return _delivered(zone, "a.warc", head.encode() + block + b"\r\n\r\n")["fetched_at"]


def _page(head: str, body: str = "") -> Any:
    tree = html.document_fromstring(f"<html><head>{head}</head><body>{body}<p>Text.</p></body></html>")
    return described.describe_page(tree, {}, DAY).published_at


def _meta(_zone: Path, written: str) -> Any:
    return _page(f'<meta property="article:published_time" content="{written}">')


def _linked_data(_zone: Path, written: str) -> Any:
    data = json.dumps({"@type": "NewsArticle", "headline": "Bridge to close", "datePublished": written})
    return _page(f'<script type="application/ld+json">{data}</script>')


def _time(_zone: Path, written: str) -> Any:
    return _page("", f'<time datetime="{written}" itemprop="datePublished"></time>')


def _text(_zone: Path, written: str) -> Any:
    fields = f"Title: Northern bridge to close\nDate: {written or '-'}\n\nThe council met on Tuesday."
    return plaintext.read_text(fields, {}, DAY)[0].published_at


WAYS = (_json, _json_fetched, _parquet, _warc, _meta, _linked_data, _time, _text)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("written", "meant"), WRITTEN)
def test_a_written_date_means_the_same_whichever_way_it_comes_in(
    tmp_path: Path, way: Callable[[Path, str], Any], written: str, meant: str | None
) -> None:
    """Delivered, in a WARC header, in a page's data, in a labelled line of a text."""
    expected = datetime.fromisoformat(meant).replace(tzinfo=UTC) if meant else None

    assert way(tmp_path, written) == expected


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("2026-03-05T08:00:30-05:00", "2026-03-05T13:00:30"),
        ("2026-03-05T08:00:30Z", "2026-03-05T08:00:30"),
        ("Thu, 05 Mar 2026 08:00:30 -0500", "2026-03-05T13:00:30"),
        ("2026-03-05 10:00-12:00", "2026-03-05T10:00"),  # from ten to twelve
        ("2026-03-05 08:00 PM", "2026-03-05T20:00"),
    ],
)
def test_a_line_of_prose_gives_the_second_and_the_zone_that_it_states(line: str, meant: str) -> None:
    """As a field would."""
    found = dates.find(line)

    assert found is not None
    assert dates.to_utc(found.when) == datetime.fromisoformat(meant).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("number", "meant"),
    [
        (20260305, "2026-03-05"),
        (20260305.0, "2026-03-05"),
        (202603050800, "2026-03-05T08:00"),
        (202603050800.0, "2026-03-05T08:00"),
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

    assert dates.moment(number) == expected


@pytest.mark.parametrize("stated", [1772697600, 1772697600000, 20260305080000])
def test_linked_data_may_state_a_number(stated: int) -> None:
    """As feeds do."""
    data = json.dumps({"@type": "NewsArticle", "headline": "Bridge to close", "datePublished": stated})

    found = _page(f'<script type="application/ld+json">{data}</script>')

    assert found == datetime(2026, 3, 5, 8, tzinfo=UTC)


@given(st.datetimes(datetime(2001, 9, 10), datetime(2030, 3, 1)))  # noqa: DTZ001 - UTC is added below
def test_a_moment_is_read_back_from_its_figures(when: datetime) -> None:
    """Of the date, or counted from 1970 in seconds or milliseconds; until 2030 no count of today looks like a date."""
    when = when.replace(microsecond=0, tzinfo=UTC)
    milliseconds = (when - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)

    assert dates.moment(f"{when:%Y%m%d%H%M%S}") == when
    assert dates.moment(milliseconds // 1000) == when
    assert dates.moment(str(milliseconds)) == when


@given(st.floats() | st.integers() | st.text() | st.dates() | st.datetimes() | st.none() | st.booleans())
def test_no_value_makes_the_reader_of_moments_raise(value: object) -> None:
    """Whatever a field holds."""
    found = dates.moment(value)

    assert found is None or found.tzinfo is UTC


IN_MANY_LANGUAGES = [
    ("2026-03-05T10:11:12+02:00", "2026-03-05T08:11:12+00:00"),
    ("2026-03-05 10:11", "2026-03-05T10:11:00+00:00"),
    ("20260305T101112Z", "2026-03-05T10:11:12+00:00"),
    ("1772704800", "2026-03-05T10:00:00+00:00"),
    ("1772704800000", "2026-03-05T10:00:00+00:00"),
    ("Thu, 05 Mar 2026 10:00:00 +0100", "2026-03-05T09:00:00+00:00"),
    ("Thu Mar 05 2026 10:00:00 GMT+0200 (EET)", "2026-03-05T08:00:00+00:00"),
    ("March 5, 2026 4:05 PM", "2026-03-05T16:05:00+00:00"),
    ("5th of March 2026", "2026-03-05T00:00:00+00:00"),
    ("5. März 2026, 14:30 Uhr", "2026-03-05T14:30:00+00:00"),
    ("05.03.2026", "2026-03-05T00:00:00+00:00"),
    ("13/03/2026", "2026-03-13T00:00:00+00:00"),
    ("5 mars 2026 à 12h30", "2026-03-05T12:30:00+00:00"),
    ("5 de marzo de 2026", "2026-03-05T00:00:00+00:00"),
    ("5 maart 2026", "2026-03-05T00:00:00+00:00"),
    ("5 Mart 2026", "2026-03-05T00:00:00+00:00"),
    ("5 марта 2026", "2026-03-05T00:00:00+00:00"),
    ("5 березня 2026", "2026-03-05T00:00:00+00:00"),
    ("5. března 2026", "2026-03-05T00:00:00+00:00"),
    ("5. maaliskuuta 2026", "2026-03-05T00:00:00+00:00"),
    ("2026. március 5.", "2026-03-05T00:00:00+00:00"),
    ("5 Μαρτίου 2026", "2026-03-05T00:00:00+00:00"),
    ("5 مارس 2026", "2026-03-05T00:00:00+00:00"),
    ("5 मार्च 2026", "2026-03-05T00:00:00+00:00"),
    ("5 มีนาคม 2569", "2026-03-05T00:00:00+00:00"),
    ("2026년 3월 5일", "2026-03-05T00:00:00+00:00"),
    ("ngày 5 tháng 3 năm 2026", "2026-03-05T00:00:00+00:00"),
]


@pytest.mark.parametrize(("written", "moment"), IN_MANY_LANGUAGES)
def test_dates_of_many_languages_are_read(written: str, moment: str) -> None:
    """With their zone where they state one."""
    found = dates.parse(written)

    assert found is not None
    assert datetime.fromisoformat(moment) == dates.to_utc(found)


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

    assert day == (found.date().isoformat() if found else None)


@given(st.integers(-2_200_000_000, 4_000_000_000), st.integers(-14 * 60, 14 * 60))
def test_what_was_written_is_read_back(seconds: int, offset: int) -> None:
    """ISO 8601 and RFC 2822, in any zone."""
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    moment = (epoch + timedelta(seconds=seconds)).astimezone(timezone(timedelta(minutes=offset)))

    assert moment == dates.parse(moment.isoformat())


@given(st.text(max_size=100))
def test_no_text_makes_the_reader_of_dates_raise(text: str) -> None:
    """Pages state anything as a date."""
    found = dates.parse(text)

    assert found is None or found.year >= dates.EARLIEST_YEAR


def test_a_month_is_read_in_whatever_letters_the_pattern_finds_it() -> None:
    """Turkish capitals fold to other letters than they stand for (ARALIK, HAZİRAN), and a pattern matches i with ı and ſ with s."""
    alike = {"i": "iIıİ", "ı": "iIıİ", "s": "sSſ", "k": "kK\u212a", "σ": "σςΣ", "ς": "σςΣ"}
    for number, names in enumerate(lexicon.words().months, 1):
        for name in names:
            written = {name, name.upper(), name.title(), name.casefold()}
            written |= {name.replace(letter, other) for letter in alike for other in alike[letter]}
            for month in written:
                found = dates.find(f"5 {month} 2026")
                assert found is None or (number, 5) == (found.when.month, found.when.day), month

    assert [12, 6] == [
        found.when.month for t in ("5 ARALIK 2026", "5 HAZİRAN 2026") if (found := dates.find(t))
    ]
    assert LineKind.DATE is look("5 ARALIK 2026").kind is look("5 aralık 2026").kind
