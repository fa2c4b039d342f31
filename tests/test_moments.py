"""Dates of feeds and sitemaps."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.harvest.moments import Clock
from tests.listed import NOW


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("Sun, 06 Jul 2025 16:18:00 EST", "2025-07-06T21:18:00"),  # as written, though it is summer
        ("Sun, 06 Jul 2025 16:18:00 GMT+0100", "2025-07-06T15:18:00"),
        ("Sun, 06 Jul 2025 16:18:00 UT", "2025-07-06T16:18:00"),
        ("Sun,06 Jul 2025 16:18:00GMT", "2025-07-06T16:18:00"),
        ("Sun, 06 Jul 2025 16:18:00 +02", "2025-07-06T14:18:00"),
        ("Sun, 06 Jul 2025 16:18:00 -5", "2025-07-06T21:18:00"),
        ("Sun, 06-Jul-25 16:18:00 GMT", "2025-07-06T16:18:00"),
        ("Sun Jul  6 16:18:00 UTC 2025", "2025-07-06T16:18:00"),
        ("ma, 07 jul 2025 10:09:29 +0000", "2025-07-07T10:09:29"),  # selfoss 1057
        ("Wed May 10 2017 00:00:00 GMT+0000 (Coordinated Universal Time)", "2017-05-10T00:00:00"),
        ("2025-07-06T16:18:00.000+02:00[Europe/Berlin]", "2025-07-06T14:18:00"),
    ],
)
def test_a_moment_is_read_with_the_zone_that_is_written(written: str, at: str) -> None:
    found = Clock(NOW).read(written)
    assert (found.at, found.flags) == (datetime.fromisoformat(at).replace(tzinfo=UTC), ())


@pytest.mark.parametrize(
    ("written", "flag"),
    [
        ("Fri, 31 Dec 9999 23:59:00 +0900", "future"),
        ("Thu, 12 Mar 2026 12:00:00 GMT", "future"),
        ("Thu, 01 Jan 1970 00:00:00 +0000", "unset_date"),
        ("0000-00-00 00:00:00", "unreadable_date"),
        ("Tue,", "unreadable_date"),
        ("soon", "unreadable_date"),
    ],
)
def test_what_is_no_date_of_publication_is_null_and_says_why(written: str, flag: str) -> None:
    found = Clock(NOW).read(written)
    assert (found.at, found.precision, found.raw, found.flags) == (None, None, written, (flag,))


def test_a_clock_that_runs_fast_is_believed() -> None:
    assert Clock(NOW).read("Tue, 10 Mar 2026 12:20:00 GMT").at == datetime(2026, 3, 10, 12, 20, tzinfo=UTC)


def test_nothing_is_no_date_and_needs_no_reason() -> None:
    assert [Clock(NOW).read(text).flags for text in (None, "", " \n")] == [(), (), ()]


@pytest.mark.parametrize(("country", "month"), [("US", 3), ("GB", 5), ("CA", None), (None, None)])
def test_figures_are_read_as_in_the_country_of_the_source(country: str | None, month: int | None) -> None:
    found = Clock(NOW.replace(month=6), country).read("03/05/2026").at
    assert (found.month if found else None) == month


def test_an_abbreviation_means_what_it_means_in_the_country_of_the_source() -> None:
    assert [Clock(NOW, code).read("2026-03-10 10:00:00 IST").at for code in ("IN", "IL")] == [
        datetime(2026, 3, 10, 4, 30, tzinfo=UTC),
        datetime(2026, 3, 10, 8, 0, tzinfo=UTC),
    ]


def test_of_several_dates_the_first_that_is_one_counts() -> None:
    clock = Clock(NOW)
    assert clock.first(None, "soon", "2026-03-09").raw == "2026-03-09"
    assert clock.first("soon", "later").flags == ("unreadable_date",)
    assert clock.first().raw is None


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2026-02", "2026-02-28T00:00:00"),
        ("2026-03", "2026-03-31T00:00:00"),
        ("2026-03-10T07:39:59.752706Z", "2026-03-10T07:39:59"),
        ("2026-3-9", "2026-03-09T00:00:00"),
        ("2026-03-08T07:18:53Z 2026-02-15T15:33:55Z", "2026-03-08T07:18:53"),
        ("2026-02-30", None),
        ("2026-13", None),
        ("2027-01", None),
    ],
)
def test_a_change_in_a_month_is_dated_on_its_last_day(written: str, at: str | None) -> None:
    found = Clock(NOW).changed(written)
    assert (found and found.isoformat()) == (at and f"{at}+00:00")


@given(st.text(max_size=60))
def test_any_text_is_a_date_or_none(text: str) -> None:
    found = Clock(NOW, "DE").read(text)
    assert (found.at is None) == (found.precision is None)
    assert found.at is None or found.at.tzinfo is UTC
