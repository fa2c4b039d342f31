"""Progress while days run: a moving line on a terminal, a line every few seconds in a log."""

import sys
import time
from datetime import date
from types import TracebackType
from typing import Self

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bars

from pipeline.app.terminal import console

_PLAIN_SECONDS = 5  # how often a log file gets a line of progress


class Progress:
    """How far a command is: which day of how many, and its rows so far by table.

    A moving line above which the command's answers scroll, on the console that they are printed on; where that is no terminal, a line
    every few seconds on standard error.
    """

    def __init__(self, *, quiet: bool) -> None:
        self._bars = None if quiet or not console.is_terminal else _bars()
        self._quiet, self._day, self._task = quiet, "", TaskID(0)
        self._rows: dict[str, int] = {}
        self._log = Ticker()
        self._n = self._of = 0
        self._most = ""

    def expect(self, n_days: int, *, at_most: bool = False) -> None:
        """Say how many days will begin."""
        self._of, self._most = n_days, "up to " * at_most

    def __enter__(self) -> Self:
        if self._bars:
            self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bars:
            self._bars.stop()

    @property
    def place(self) -> str:
        """Which of the days this one is: day 3 of 14."""
        return f"day {self._n} of {self._most}{max(self._of, self._n)}"

    def begin(self, day: date) -> None:
        self._n += 1
        self._day, self._rows, self._log = f"{self.place}  {day}", {}, Ticker()
        if self._bars:
            self._task = self._bars.add_task(self._day, total=None, what="reading")

    def watch(self, table: str, n_rows: int) -> None:
        """Count `n_rows` more rows of a table; the engine calls this after each piece."""
        self._rows[table] = self._rows.get(table, 0) + n_rows
        if self._bars:
            self._bars.update(self._task, what=f"{table} {self._rows[table]:,}")
        elif not self._quiet:
            self._log.tell(f"{self._day} {table} {self._rows[table]}")

    def end(self) -> None:
        if self._bars:
            self._bars.remove_task(self._task)


def _bars() -> Bars:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[what]}"),
        TimeElapsedColumn(),
    )
    return Bars(*columns, console=console, transient=True)


class Count:
    """How many files (or other things) are read: a bar on a terminal, a line every few seconds in a log file."""

    def __init__(self, *, quiet: bool, what: str = "files") -> None:
        self._what = what
        columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        is_bar = console.is_terminal and not quiet
        self._bar = Bars(*columns, console=console, transient=True) if is_bar else None
        self._task = self._bar.add_task(what, total=None) if self._bar else None
        self._quiet, self._log = quiet, Ticker()
        self.n_files = 0

    def __enter__(self) -> Self:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar:
            self._bar.stop()

    def watch(self, n: int, of: int) -> None:
        self.n_files = n
        if self._bar and self._task is not None:
            self._bar.update(self._task, completed=n, total=of)
        elif not self._quiet:
            self._log.tell(f"{n} of {of} {self._what}")


class Ticker:
    """Lines of progress on standard error, the first after a while, and no more than one every few seconds."""

    def __init__(self) -> None:
        self._told_at = time.monotonic()

    def tell(self, line: str) -> None:
        if time.monotonic() - self._told_at > _PLAIN_SECONDS:
            self._told_at = time.monotonic()
            print(line, file=sys.stderr, flush=True)  # noqa: T201 - progress
