"""The time of a harvest, and the one place that waits. Everything else is told what time it is."""

import asyncio
import time
from datetime import UTC, datetime, timedelta


class Clock:
    """UTC as this machine has it, or as a test sets it; it runs on from there and never goes back while a run lasts."""

    def __init__(self, start: datetime | None = None) -> None:
        self._start = start or datetime.now(UTC)
        self._begun = time.monotonic()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._begun)

    async def sleep_until(self, moment: datetime) -> None:
        """Returns at once where the moment is past."""
        await asyncio.sleep(max((moment - self.now()).total_seconds(), 0))


def spelt(moment: datetime) -> str:
    """As state and metadata hold it."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def read(text: str | None) -> datetime | None:
    """What `spelt` wrote; None for None, and for what is no moment."""
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
