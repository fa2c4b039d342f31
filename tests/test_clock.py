"""The time of a harvest."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone

from pipeline.harvest.clock import Clock, read, spelt

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)


def test_a_clock_runs_on_from_where_it_was_set() -> None:
    clock = Clock(NOW)
    first = clock.now()
    assert NOW <= first <= clock.now() < NOW + timedelta(minutes=5)
    assert abs(Clock().now() - datetime.now(UTC)) < timedelta(minutes=5)


def test_it_waits_until_a_moment_and_not_for_one_that_is_past() -> None:
    clock = Clock(NOW)
    asyncio.run(clock.sleep_until(NOW - timedelta(days=1)))
    until = clock.now() + timedelta(seconds=0.05)
    asyncio.run(clock.sleep_until(until))
    assert clock.now() >= until


def test_moments_are_written_in_utc_and_read_back() -> None:
    east = NOW.astimezone(timezone(timedelta(hours=9)))
    assert "2026-03-05T12:00:00Z" == spelt(east)
    assert NOW == read(spelt(east))
    assert read(None) is None
    assert read("soon") is None
