"""When something may be asked next."""

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.harvest import pace

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("600", timedelta(seconds=600)),
        (" 0 ", timedelta(0)),
        ("315360000", timedelta(days=1)),
        ("999999999999", timedelta(days=1)),
        ("Tue, 10 Mar 2026 12:50:00 GMT", timedelta(minutes=50)),
        ("Tue, 10 Mar 2026 13:50:00 +0100", timedelta(minutes=50)),
        ("Fri, 31 Dec 2099 23:59:59 GMT", timedelta(days=1)),
        ("Tue, 10 Mar 2026 11:00:00 GMT", timedelta(hours=-1)),
    ],
)
def test_a_server_may_say_seconds_or_a_date_and_a_day_at_most(value: str, expected: timedelta) -> None:
    assert NOW + expected == pace.retry_after(value, NOW)


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "soon",
        "-5",
        "1.5",
        "12:50",
        "Tue, 99 Mar 2026 12:50:00 GMT",
        "Fri, 31 Dec 9999 23:59:59 -0100",
    ],
)
def test_nonsense_names_no_moment(value: str | None) -> None:
    assert pace.retry_after(value, NOW) is None


def test_after_failures_the_wait_grows_spreads_and_is_the_same_each_time() -> None:
    def waits(n: int) -> list[float]:
        return [(pace.backoff_until(n, NOW, f"host {k}") - NOW).total_seconds() for k in range(200)]

    assert waits(3) == waits(3)
    for n, most in ((1, 600), (2, 1200), (3, 2400), (30, 6 * 3600)):
        assert all(0 <= wait <= most for wait in waits(n))
        assert min(waits(n)) < most / 10
        assert max(waits(n)) > most * 0.9


def test_the_larger_delay_counts_and_a_very_large_one_is_one_request_a_run() -> None:
    assert 2.0 == pace.delay_seconds(2.0, 1.0)
    assert 10.0 == pace.delay_seconds(2.0, 10.0)
    assert not pace.is_once_a_run(60)
    assert pace.is_once_a_run(61)


def test_a_listing_with_news_is_asked_each_hour_and_a_still_one_twice_a_day() -> None:
    interval = pace.FIRST_INTERVAL
    for _ in range(20):
        interval = pace.next_interval(interval, has_new=False)
    assert timedelta(hours=12) == interval
    for _ in range(20):
        interval = pace.next_interval(interval, has_new=True)
    assert pace.is_due(NOW - timedelta(minutes=58), interval, NOW)
    assert not pace.is_due(NOW - timedelta(minutes=30), interval, NOW)
    assert pace.is_due(None, interval, NOW)
    assert pace.is_due(NOW + timedelta(days=400), interval, NOW), "of the future: the clock was wrong"
