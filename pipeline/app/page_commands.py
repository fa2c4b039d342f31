"""The command that writes a day as one file."""

import logging
import os
import sys
import uuid
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.app import options
from pipeline.model.errors import NewsfoldError, SettingsError
from pipeline.model.extras import without_explorer

if TYPE_CHECKING:
    from pipeline.explorer.day_file import DayFile

log = logging.getLogger(__name__)

_STDOUT = "-"


def page(
    day: options.OneDay,
    out: options.OutFile,
    warehouse: options.Warehouse = None,
    force: options.Force = False,
    as_json: options.Json = False,
) -> None:
    """Write a day as one HTML file of less than 2 MB, to mail or to keep: it needs no network. Needs the extra `explorer`.

    For example:

        newsfold page --warehouse warehouse --day 2026-03-05 --out day.html

    It has what the explorer's page of the day has, and the largest stories with their texts and articles. Where there is more than fits,
    smaller stories are left out, and long texts are cut; the file says so. The same warehouse gives the same bytes.
    """
    from pipeline.app import listings, terminal

    _refuse_place(out, force=force, as_json=as_json)
    made = _made(day, warehouse)
    if made.is_retired:
        log.warning("%s: its texts were retired, so the page has counts and headlines", day)
    if out == _STDOUT:
        if sys.stdout is None:
            raise NewsfoldError("--out -: standard output is closed")
        sys.stdout.buffer.write(made.data)
        sys.stdout.buffer.flush()
        return
    _write(Path(out).resolve(), made.data, force=force)  # through a link, what it leads to is replaced
    told = {"path": out, "bytes": len(made.data), "stories": made.n_full}
    told |= {"headlines": made.n_headlines, "left_out": made.n_left_out}
    terminal.answer(told, as_json, lambda: listings.page(told))


def _made(day: options.OneDay, warehouse: str | None) -> "DayFile":
    from pipeline import settings
    from pipeline.app import request

    try:
        from pipeline.explorer.day_file import day_file
        from pipeline.explorer.snapshot import Library
    except ImportError as error:
        raise without_explorer(error) from error
    chosen = settings.load(warehouse=warehouse)
    store = request.warehouse(chosen)
    request.refuse_removed(store, day)
    return Library(store).answer(lambda snapshot: day_file(snapshot, day, chosen.least_story_score))


def _refuse_place(out: str, *, force: bool, as_json: bool) -> None:
    """Raise SettingsError where a file may not be written: nothing is replaced that nobody asked to replace."""
    if out == _STDOUT:
        if as_json:
            raise SettingsError("--out - prints the page, so --json has no place: leave one of the two out")
        return
    path = Path(out)
    if path.exists() and not path.is_file():
        raise SettingsError(f"--out {out}: that is no file; name a file, or - for standard output")
    if path.exists() and not force:
        raise SettingsError(f"--out {out}: it is there already; give --force to replace it, or another name")
    if not path.parent.is_dir():
        raise SettingsError(f"--out {out}: there is no folder {path.parent}")


def _write(path: Path, data: bytes, *, force: bool) -> None:
    """Write the whole file or nothing. A file that appeared meanwhile stays, unless `force` is given."""
    staged = path.with_name(f".{uuid.uuid4().hex}.new")
    try:
        with staged.open("xb") as sink:
            sink.write(data)
            sink.flush()
            os.fsync(sink.fileno())
        _refuse_place(str(path), force=force, as_json=False)
        staged.replace(path)
    finally:
        with suppress(FileNotFoundError):
            staged.unlink()
