"""A lease on an object: it has one holder at a time, and another takes it over when it has run out."""

import json
import logging
import os
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from pipeline.model.errors import InputChangedError, OvertakenError, PublishError
from pipeline.store.storage import ABSENT, Storage, filler

log = logging.getLogger(__name__)

LEASE_SECONDS = 30.0  # a lock whose holder does not renew it for so long is taken over
_POLL_SECONDS = 0.5


class Lease:
    """A lock as an object that its holder keeps renewing.

    A waiting process takes it over when the object has not changed for `seconds` by its own clock: clocks of two machines are
    never compared. Conditional writes stop a holder that stood still, lost the lease and comes back.
    """

    def __init__(self, storage: Storage, path: str, seconds: float) -> None:
        self._storage, self._path, self._seconds = storage, path, seconds
        self._version = ABSENT
        self._over = threading.Event()

    @contextmanager
    def held(self) -> Iterator[None]:
        self._acquire()
        beat = threading.Thread(target=self._renew, daemon=True, name=f"lease {self._path}")
        beat.start()
        try:
            yield
        finally:
            self._over.set()
            beat.join()
            with suppress(PublishError):  # somebody took it over
                self._write(free=True)

    def remove(self) -> None:
        """Remove the lock's object if nobody holds it. It is held while it goes: whoever comes meanwhile waits, then finds none."""
        self._version, holder = self._look()
        if self._version != ABSENT and holder is None:
            with suppress(PublishError):  # somebody was faster
                self._write(free=False)
                self._storage.delete(self._path)

    def _acquire(self) -> None:
        seen, since, told = "", time.monotonic(), False
        while True:
            version, holder = self._look()
            if version != seen:
                seen, since = version, time.monotonic()
            if holder is None or time.monotonic() - since > self._seconds:
                self._version = version
                with suppress(OvertakenError):  # somebody was faster
                    self._write(free=False)
                    return
            elif not told:
                log.warning("waiting for %s, which %s is writing", self._path, holder)
                told = True
            time.sleep(_POLL_SECONDS if holder else 0.01)

    def _look(self) -> tuple[str, str | None]:
        """The lock's version and who holds it, None when it is free."""
        while (version := self._storage.version(self._path)) != ABSENT:
            with (
                suppress(FileNotFoundError, InputChangedError),  # it was replaced since: look again
                self._storage.open(self._path, version) as handle,
            ):
                return version, _holder(handle.read())
        return ABSENT, None

    def _write(self, *, free: bool) -> None:
        holder = f"process {os.getpid()} on {socket.gethostname()}"
        data = json.dumps({"free": free, "holder": holder, "at": uuid.uuid4().hex}).encode()
        self._version = self._storage.replace(self._path, filler(data), self._version)

    def _renew(self) -> None:
        while not self._over.wait(self._seconds / 3):
            try:
                self._write(free=False)
            except PublishError as error:
                log.warning("lost %s: %s", self._path, error)
                return


def _holder(data: bytes) -> str | None:
    """Who holds a lock, None when it is free. What can't be read may be held: it is taken over when it has not changed for long."""
    try:
        said = json.loads(data)
        return None if said["free"] is True else str(said["holder"])
    except (ValueError, LookupError, TypeError):
        return "somebody unknown (it can't be read)"
