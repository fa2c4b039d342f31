"""How much may be asked: so many requests of one client, and so many answers at once that need the processor or much memory."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cachetools import LRUCache

from pipeline.model.errors import NewsfoldError

BURST = 240  # requests: a reader who opens many pages at once, each with its style, script and icon
PER_SECOND = 20.0
_CLIENTS = 10_000  # that are remembered
_AT_ONCE = 2  # expensive answers
_PATIENCE_SECONDS = 5.0


class BusyError(NewsfoldError):
    """Too much is asked for at once; the same may be asked again in a moment."""


class Rate:
    """A bucket of tokens for each client (Turner 1986): a request takes one, time gives them back. Safe for many threads."""

    def __init__(
        self,
        burst: int = BURST,
        per_second: float = PER_SECOND,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._burst, self._per_second, self._clock = burst, per_second, clock
        self._buckets: LRUCache[str, tuple[float, float]] = LRUCache(_CLIENTS)
        self._lock = threading.Lock()

    def admits(self, client: str) -> bool:
        """Whether the client may ask once more now."""
        with self._lock:
            now = self._clock()
            left, since = self._buckets.get(client, (float(self._burst), now))
            left = min(self._burst, left + (now - since) * self._per_second)
            is_admitted = left >= 1
            self._buckets[client] = left - is_admitted, now
            return is_admitted


class Turnstile:
    """Lets a few in at once; who waits too long is told to come again."""

    def __init__(self, at_once: int = _AT_ONCE, patience_seconds: float = _PATIENCE_SECONDS) -> None:
        self._places, self._patience_seconds = threading.BoundedSemaphore(at_once), patience_seconds

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Raises BusyError where no place becomes free."""
        if not self._places.acquire(timeout=self._patience_seconds):
            raise BusyError("too many answers that take long are being made: ask again in a moment")
        try:
            yield
        finally:
            self._places.release()
