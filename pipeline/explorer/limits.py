"""How much may be asked: so many requests of one client, and so many answers at once that need the processor or much memory."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

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


_Message = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[_Message]]
_Send = Callable[[_Message], Awaitable[None]]


class Queue:
    """An ASGI middleware: so many answers are made at once, and others wait for their turn.

    It bounds this application alone. The number of threads is the process's: another application in it, such as Airflow, needs its own.
    An answer that is made leaves its place before it is sent, so a client that reads slowly keeps nobody out.
    """

    def __init__(self, app: Callable[[_Message, _Receive, _Send], Awaitable[None]], at_once: int) -> None:
        self._app, self._places = app, asyncio.Semaphore(at_once)

    async def __call__(self, scope: _Message, receive: _Receive, send: _Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        await self._places.acquire()
        held = [True]

        def leave() -> None:
            if held:
                held.pop()
                self._places.release()

        async def sending(message: _Message) -> None:
            leave()
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            leave()
