"""When something may be asked next: a host, after a request or a failure; a listing, by how often it changes. No clock in here."""

import random
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST_WAIT = timedelta(days=1)  # whatever a server says: a slip of its clock must not lose an outlet
MAX_CRAWL_DELAY_SECONDS = 60.0  # above, a host is asked once a run: waiting would block the run for hours

_SECONDS = re.compile(r"\d{1,12}")
_BACKOFF_SECONDS, _LONGEST_BACKOFF_SECONDS = 600.0, 6 * 3600.0
_SHORTEST_POLL, _LONGEST_POLL = (
    timedelta(minutes=50),
    timedelta(hours=12),
)  # the first lets every hourly run ask
_SLACK = timedelta(minutes=5)  # hourly runs do not begin on the second


def retry_after(value: str | None, now: datetime) -> datetime | None:
    """The moment that the field Retry-After names, a day from now at most; None without one or for nonsense."""
    value = (value or "").strip()
    if _SECONDS.fullmatch(value):
        return now + min(timedelta(seconds=int(value)), LONGEST_WAIT)
    try:
        return min(_in_utc(parsedate_to_datetime(value)), now + LONGEST_WAIT)
    except (ValueError, OverflowError):
        return None


def backoff_until(n_failures: int, now: datetime, seed: str) -> datetime:
    """When to try again after so many failures in a row: full jitter, so that hosts that broke together are not asked together."""
    most = min(_BACKOFF_SECONDS * 2 ** min(n_failures - 1, 16), _LONGEST_BACKOFF_SECONDS)
    drawn = random.Random(f"{seed} {n_failures}").random()  # noqa: S311 - no secret: it spreads requests
    return now + timedelta(seconds=most * drawn)


def delay_seconds(ours: float, theirs: float) -> float:
    """Between two requests to a host: the larger of ours and of what its robots.txt asks for, unless it gets one request a run."""
    return ours if is_once_a_run(theirs) else max(ours, theirs)


def is_once_a_run(theirs: float) -> bool:
    """Whether a host asks for so much that one request a run is all it gets."""
    return theirs > MAX_CRAWL_DELAY_SECONDS


def next_interval(interval: timedelta, *, has_new: bool) -> timedelta:
    """How long until a listing is asked again: half where it had something new, else half as long again."""
    found = interval / 2 if has_new else interval * 3 / 2
    return max(_SHORTEST_POLL, min(found, _LONGEST_POLL))


def is_due(asked_at: datetime | None, interval: timedelta, now: datetime) -> bool:
    return asked_at is None or now >= asked_at + interval - _SLACK or now < asked_at - _SLACK


FIRST_INTERVAL = _SHORTEST_POLL


def _in_utc(moment: datetime) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
