"""The command that reads everything again: verify."""

from typing import TYPE_CHECKING

import typer

from pipeline import settings
from pipeline.app import options, request

if TYPE_CHECKING:
    from pipeline.upkeep.verify import Finding

_NOT_WHOLE = 5  # the exit code


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
    from pipeline.app import progress, terminal
    from pipeline.upkeep import verify as verifying

    store = request.warehouse(settings.load(warehouse=warehouse))
    n_found = 0
    with progress.Count(quiet=quiet or as_json) as count:
        for found in verifying.verify(store, days or (), count.watch):
            n_found += 1
            terminal.answer(found.as_dict(), as_json, lambda found=found: _show(found))  # type: ignore[misc]
    if not as_json:
        _close(count.n_files, n_found)
    if n_found:
        raise typer.Exit(_NOT_WHOLE)


def _show(found: "Finding") -> None:
    from rich.text import Text

    from pipeline.app import terminal

    about = f"{found.table} of {found.day}" if found.day else found.table
    line = f"{found.fault:<8} {about}: {found.path}: {found.detail}"
    terminal.console.print(Text(terminal.neutral(line)), soft_wrap=True)


def _close(n_files: int, n_found: int) -> None:
    from pipeline.app import terminal

    wrong = f"{n_found:,} not as written; newsfold repair makes them again" if n_found else "all are whole"
    terminal.console.print(f"{n_files:,} files read: {wrong}", highlight=False, soft_wrap=True)
