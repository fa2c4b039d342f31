"""The command that reads everything again: verify, files or contract."""

from typing import TYPE_CHECKING

import typer

from pipeline.app import options
from pipeline.app.counted import counted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from pipeline.store.warehouse import Warehouse
    from pipeline.upkeep.breaches import Breach
    from pipeline.upkeep.verify import Finding

_NOT_WHOLE = 5  # the exit code


def verify(
    warehouse: options.Warehouse = None,
    days: options.Days = None,
    contract: options.AgainstContract = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Read every file again, compare it with its manifest, and name what is damaged, missing or other than it was written.

    For example:

        newsfold verify --warehouse warehouse

    The exit code is 0 if all is whole, else 5; then `newsfold repair` makes what was named again. With `--json`, each finding is a line.

    With `--contract`, it checks what is published against everything that `newsfold schema --format json` promises: keys, order, types,
    nulls, closed sets, bounds, what ids refer to, counts against `runs`, digests against manifests. Each breach is named with
    its table, day, rule and a key, and what the rule says; the exit code is the same. `--day` chooses days, and may be repeated. A day that is
    stale may break the contract until `newsfold repair` has run.

    No table is changed. Manifests note which files are known, so that after a restore nothing is read twice.
    """
    from pipeline import settings
    from pipeline.app import progress, request, terminal
    from pipeline.upkeep import verify as verifying

    store = request.warehouse(settings.load(warehouse=warehouse))
    if contract:
        _against_contract(store, days or (), as_json=as_json, quiet=quiet)
        return
    n_found = 0
    with progress.Count(quiet=quiet or as_json) as count:
        for found in verifying.verify(store, days or (), count.watch):
            n_found += 1
            terminal.answer(found.as_dict(), as_json, lambda found=found: _show(found))  # type: ignore[misc]
    if not as_json:
        _close(count.n_files, n_found)
    if n_found:
        raise typer.Exit(_NOT_WHOLE)


def _against_contract(store: "Warehouse", days: "Sequence[date]", *, as_json: bool, quiet: bool) -> None:
    from pipeline.app import progress, terminal
    from pipeline.upkeep import breaches

    n_found = 0
    with progress.Count(quiet=quiet or as_json, what="days") as count:
        for found in breaches.breaches(store, days, count.watch):
            n_found += 1
            terminal.answer(found.as_dict(), as_json, lambda found=found: _show_breach(found))  # type: ignore[misc]
    if not as_json:
        asked = counted(count.n_files, "day")
        terminal.console.print(f"{asked} read: {_said(n_found)}", highlight=False, soft_wrap=True)
    if n_found:
        raise typer.Exit(_NOT_WHOLE)


def _said(n_found: int) -> str:
    if not n_found:
        return "all keep the contract"
    mended = "newsfold repair makes days that are stale or damaged again"
    return f"{counted(n_found, 'breach', 'breaches')} of the contract; {mended}"


def _show_breach(found: "Breach") -> None:
    from rich.text import Text

    from pipeline.app import terminal

    rows = f"{counted(found.n_rows, 'row')}, first {found.example}" if found.n_rows else ""
    said = ": ".join(filter(None, (found.rule, rows, found.detail)))
    line = f"{found.table} of {found.day}: {said} ({found.meaning})"
    terminal.console.print(Text(terminal.neutral(line)), soft_wrap=True)


def _show(found: "Finding") -> None:
    from rich.text import Text

    from pipeline.app import terminal

    about = f"{found.table} of {found.day}" if found.day else found.table
    line = f"{found.fault:<8} {about}: {found.path}: {found.detail}"
    terminal.console.print(Text(terminal.neutral(line)), soft_wrap=True)


def _close(n_files: int, n_found: int) -> None:
    from pipeline.app import terminal

    wrong = f"{n_found:,} not as written; newsfold repair makes them again" if n_found else "all are whole"
    terminal.console.print(f"{counted(n_files, 'file')} read: {wrong}", highlight=False, soft_wrap=True)
