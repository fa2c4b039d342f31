"""The command that tells what changed in the published tables: changes."""

from typing import TYPE_CHECKING, Any

from pipeline.app import options

if TYPE_CHECKING:
    from pipeline.read import Changes


def changes(
    warehouse: options.Warehouse = None,
    since: options.Since = 0,
    as_json: options.Json = False,
) -> None:
    """List what changed in the published tables since a publication, each row once.

    For example:

        newsfold changes --warehouse warehouse --since 1772755200000 --json

    Read each row that it names as it stands now; take out what is not there any more. Where the key is empty, that means the whole
    partition. The last line has the number to go on from: with `--json`, `{"cursor": …}`. Without `--since`, every partition is listed:
    begin with nothing, and load them.

    The exit code is 6 if the feed does not go back to that number. Then begin again without `--since`.
    """
    from pipeline import read, settings
    from pipeline.app import listings, request, terminal

    chosen = settings.load(warehouse=warehouse)
    request.warehouse(chosen)  # refuses a folder that is not a warehouse
    found = read.changes(chosen.warehouse, since)
    terminal.answer(
        _records(found, since), as_json, lambda: listings.changes(found.rows.to_pylist(), found.cursor)
    )


def _records(found: "Changes", since: int) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = found.rows.to_pylist()
    return [*rows, {"cursor": found.cursor}] if rows or found.cursor != since else []
