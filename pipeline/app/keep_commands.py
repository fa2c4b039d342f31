"""Commands that begin an installation and keep it in order: init, gc, retire, export-iceberg, warm."""

from pathlib import Path

from pipeline.app import options
from pipeline.model.errors import NewsfoldError


def init(folder: options.Folder = Path(), as_json: options.Json = False) -> None:
    """Begin in a folder: write newsfold.toml with every setting and its meaning, a landing zone, and a file of outlets.

    For example:

        newsfold init

    Files that are there stay as they are. Afterwards, newsfold started in that folder needs no `--landing` and no `--warehouse`.
    """
    from pipeline.app import listings, scaffold, terminal

    found = scaffold.write(folder)
    rows = [{"path": path, "written": is_new} for path, is_new in found]
    terminal.answer(rows, as_json, lambda: listings.written(found))


def gc(
    landing: options.Landing = None,
    warehouse: options.Warehouse = None,
    moved: options.LandingMoved = False,
    older_than_hours: options.OlderThanHours = 24,
    dry_run: options.ListOnly = False,
    as_json: options.Json = False,
) -> None:
    """Remove what crashed runs left behind, state that no run will read again, and old changes. Published tables stay.

    For example:

        newsfold gc --warehouse warehouse --dry-run

    Without `--dry-run`, it removes what it lists.
    """
    from pipeline.app import request, terminal
    from pipeline.day import landing_zone
    from pipeline.upkeep import gc as collecting

    desk = request.desk(moved=moved, landing=landing, warehouse=warehouse)
    landing_zone.refuse_absent(desk.warehouse.storage, desk.program)
    age = older_than_hours * 3600
    heads, now = collecting.index_of_heads(desk.warehouse), request.today()
    found = list(collecting.leftovers(desk.landing, desk.warehouse, desk.settings, age, now, heads))
    rows = [{"what": one.what, "bytes": one.size_bytes} for one in found]
    if not dry_run:
        landing_zone.claim(desk.warehouse.storage, desk.landing, moved=moved)
        for one in found:
            one.remove()
        heads.save()
    terminal.answer(rows, as_json, lambda: terminal.leftovers(found, dry_run))


def retire(
    warehouse: options.Warehouse = None,
    keep_days: options.KeepDays = None,
    most: options.AllowMost = False,
    dry_run: options.ListOnly = False,
    as_json: options.Json = False,
) -> None:
    """Remove the texts of old days for good: articles, rejects, links, revisions, additions. Memberships, flows, stories and runs stay.

    For example:

        newsfold retire --warehouse warehouse --keep-days 90 --dry-run

    A retired day cannot be run again, and neither can a day that reads it. If more than a fifth of the days would lose their texts,
    the exit code is 4 and nothing is removed, unless `--most` is given.

    """
    from pipeline import settings
    from pipeline.app import request, terminal
    from pipeline.upkeep import retention

    chosen = settings.load(warehouse=warehouse, keep_days=keep_days)
    store = request.warehouse(chosen)
    first = retention.due(store, chosen, chosen.keep_days, request.today())
    found = list(retention.texts_before(store, first, chosen.window_days))
    rows = [{"what": one.what, "bytes": one.size_bytes} for one in found]
    if dry_run:
        terminal.answer(rows, as_json, lambda: terminal.leftovers(found, dry_run))
    if not most:
        retention.refuse_most(store, first, chosen.keep_days, request.program())
    if not dry_run:
        retention.retire(store, first, chosen.window_days)
        terminal.answer(rows, as_json, lambda: terminal.leftovers(found, dry_run))


def export_iceberg(warehouse: options.Warehouse = None, as_json: options.Json = False) -> None:
    """Register the published tables in an Iceberg catalog beside them, for snapshot reads and time travel.

    For example:

        newsfold export-iceberg --warehouse warehouse

    Needs the extra `iceberg`.

    """
    from pipeline import settings
    from pipeline.app import request, terminal
    from pipeline.upkeep import iceberg

    store = request.warehouse(settings.load(warehouse=warehouse))
    found = iceberg.export(store)
    rows = [one.as_dict() for one in found]
    terminal.answer(rows, as_json, lambda: terminal.exported(found, iceberg.catalog_uri(store)))


def warm(as_json: options.Json = False) -> None:
    """Compile the machine code ahead of the first run, and say where it is kept. For images and read-only installs.

    For example:

        newsfold warm

    Otherwise the first run on a machine compiles, which takes about 20 seconds.
    """
    from pipeline import kernels as loops
    from pipeline.app import terminal
    from pipeline.kernels.compile import kernels

    found = [one.ready() for one in kernels(loops)]
    terminal.answer([one.as_dict() for one in found], as_json, lambda: terminal.readied(found))
    if any(one.path is None for one in found):
        raise NewsfoldError("compiled, but no folder could be written to keep the machine code in")
