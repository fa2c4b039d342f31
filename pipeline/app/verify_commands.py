"""The command that reads everything again: verify."""

import sys
import time
from typing import TYPE_CHECKING, Self

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from pipeline import settings
from pipeline.app import options, request

if TYPE_CHECKING:
    from pipeline.upkeep.verify import Finding

_NOT_WHOLE = 5  # the exit code
_PLAIN_SECONDS = 5  # how often a log file gets a line of progress


def verify(
    warehouse: options.Warehouse = None,
    days: options.Days = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Read every file again, compare it with its manifest, and name what is damaged, missing or other than it was written.

    For example:

        newsfold verify --warehouse warehouse

    The exit code is 0 if all is whole, else 5; then `newsfold repair` makes what was named again. With `--json`, each finding is a line.

    No table is changed. Manifests note which files are known, so that after a restore nothing is read twice.
    """
    from pipeline.app import terminal
    from pipeline.upkeep import verify as verifying

    store = request.warehouse(settings.load(warehouse=warehouse))
    n_found = 0
    with _Count(quiet=quiet or as_json) as count:
        for found in verifying.verify(store, [day.date() for day in days or ()], count.watch):
            n_found += 1
            terminal.answer(found.as_dict(), as_json, lambda found=found: _show(found))  # type: ignore[misc]
    if not as_json:
        _close(count.n_files, n_found)
    if n_found:
        raise typer.Exit(_NOT_WHOLE)


def _show(found: "Finding") -> None:
    from pipeline.app import terminal

    about = f"{found.table} of {found.day}" if found.day else found.table
    line = f"{found.fault:<8} {about}: {found.path}: {found.detail}"
    terminal.console.print(Text(terminal.neutral(line)), soft_wrap=True)


def _close(n_files: int, n_found: int) -> None:
    from pipeline.app import terminal

    wrong = f"{n_found:,} not as written; newsfold repair makes them again" if n_found else "all are whole"
    terminal.console.print(f"{n_files:,} files read: {wrong}", highlight=False, soft_wrap=True)


class _Count:
    """How many files are read: a bar on a terminal, a line every few seconds in a log file."""

    def __init__(self, *, quiet: bool) -> None:
        from pipeline.app import terminal

        columns = (TextColumn("files"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        is_bar = terminal.console.is_terminal and not quiet
        self._bar = Progress(*columns, console=terminal.console, transient=True) if is_bar else None
        self._task = self._bar.add_task("files", total=None) if self._bar else None
        self._quiet, self._told_at = quiet, time.monotonic()
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
        elif not self._quiet and time.monotonic() - self._told_at > _PLAIN_SECONDS:
            self._told_at = time.monotonic()
            print(f"{n} of {of} files", file=sys.stderr, flush=True)  # noqa: T201 - progress
