"""The desk of a process that looks at a warehouse for long: its landing zone may become known only later."""

import logging
import threading
from collections.abc import Callable

from pipeline.day.desk import Desk
from pipeline.model.errors import NewsfoldError

log = logging.getLogger(__name__)


class LateDesk:
    """The desk by which the landing zone is looked at; None while that is not known, as before the first run of a warehouse.

    It is asked for again until it is known, so nothing must be started again. Safe for many threads.
    """

    def __init__(self, look: Callable[[], Desk]) -> None:
        """`look` raises NewsfoldError or OSError where the landing zone is not known; a reason is logged once."""
        self._look, self._lock = look, threading.Lock()
        self._desk: Desk | None = None
        self._told = ""

    def __call__(self) -> Desk | None:
        with self._lock:
            if self._desk is None:
                try:
                    self._desk = self._look()
                except (NewsfoldError, OSError) as error:
                    self._tell(str(error))
            return self._desk

    def _tell(self, why: str) -> None:
        if why != self._told:
            log.warning("the explorer is without the landing zone: %s", why)
            self._told = why
