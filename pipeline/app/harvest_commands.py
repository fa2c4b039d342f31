"""Commands that fetch: harvest; and sources, which says what a sources' file gives and helps to write it."""

import sys
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.app import options
from pipeline.app.counted import counted
from pipeline.model.errors import MissingInputError, SettingsError
from pipeline.model.extras import install_command

if TYPE_CHECKING:
    from pipeline.harvest.checking import Checked
    from pipeline.harvest.hour import Hour

SourcesFile = Annotated[
    Path,
    typer.Option("--sources", metavar="FILE", help="The sources' file: whose feeds and sitemaps are read."),
]
_Today = Annotated[
    date | None,
    typer.Option(
        "--day", help="Refuse to run on any other day (UTC): for schedulers that try again.", **options.day
    ),
]
_Minutes = Annotated[
    float,
    typer.Option(
        "--minutes", min=0.1, help="Begin no request after so long; what is left is for the next run."
    ),
]
_Delay = Annotated[
    float,
    typer.Option(
        "--delay",
        metavar="SECONDS",
        min=0,
        help="Between two requests to a host, where the file says nothing.",
    ),
]
_Budget = Annotated[
    int,
    typer.Option(
        "--budget", metavar="PAGES", min=1, help="Pages of an outlet in one run, where the file says nothing."
    ),
]
_HostBudget = Annotated[
    int,
    typer.Option(
        "--host-budget",
        metavar="REQUESTS",
        min=1,
        help="Requests to a host in one run, where the file says nothing.",
    ),
]
_RunBudget = Annotated[
    int,
    typer.Option(
        "--run-budget", metavar="REQUESTS", min=1, help="Requests in one run, where the file says nothing."
    ),
]
_Revisit = Annotated[
    str,
    typer.Option(
        "--revisit",
        metavar="HOURS,…",
        help="Look at young articles again so many hours after they were found, where the file says nothing: 1,6,24.",
    ),
]
_All = Annotated[bool, typer.Option("--all", help="Ask every listing, also those that are not due yet.")]

sources_app = typer.Typer(
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Write a sources' file, and see what it gives.",
)


def harvest(
    sources: SourcesFile = Path("sources.toml"),
    landing: options.Landing = None,
    warehouse: options.Warehouse = None,
    day: _Today = None,
    minutes: _Minutes = 50,
    delay: _Delay = 1.0,
    budget: _Budget = 500,
    host_budget: _HostBudget = 2_000,
    run_budget: _RunBudget = 20_000,
    revisit: _Revisit = "",
    everything: _All = False,
    as_json: options.Json = False,
    verbose: options.Verbose = False,
    quiet: options.Quiet = False,
) -> None:
    """Fetch what is new at the sources into the landing zone, as WARC files. Run it every hour. Needs the extra `harvest`.

    For example:

        newsfold harvest --sources sources.toml --landing landing --warehouse warehouse

    Robots.txt is obeyed, one connection is used for a host, and no address is asked twice unless it may have changed. What was fetched
    goes to the day of fetching (UTC), in files that are never written again; run the day when it is over. What is remembered stands in
    the warehouse; the table `harvest` has a row for each source and day. A run that was killed is taken up by the next one.

    `--verbose` shows each address with its outcome. Exit code 1 means that no listing of any source could be read.
    """
    from pipeline.day import landing_zone

    modules = _modules()
    clock = modules.clock()
    modules.hour.refuse_other_day(day, clock)
    read = modules.read_sources(sources)
    desk = modules.places(landing, warehouse)
    chosen_options = modules.options(
        is_adaptive=not everything, delay_seconds=delay, budget=budget, revisit_hours=_hours(revisit)
    )
    ends_at = clock.now() + timedelta(minutes=minutes)
    spendable = partial(modules.budgets, of_run=run_budget, of_host=host_budget, ends_at=ends_at)
    bounds = modules.hour.Bounds(chosen_options, budgets=spendable)
    told = _Told(verbose=verbose, quiet=quiet or as_json, as_json=as_json)
    done = modules.hour.harvest_hour(read, *desk, clock, bounds, told.tell)
    if done.files:
        landing_zone.claim(desk[1].storage, desk[0])
    _show(done, as_json=as_json)
    if done.report.outcomes and _nothing_read(done):
        raise MissingInputError(f"{sources}: no listing could be read; newsfold sources check says why")


@sources_app.command("check")
def check(sources: SourcesFile = Path("sources.toml"), as_json: options.Json = False) -> None:
    """Ask every feed, sitemap and list once, and say what it gives. Nothing is stored.

    For example:

        newsfold sources check --sources sources.toml

    Exit code 1 means that one of them could not be read. What has had no turn after 15 minutes is deferred: hosts are asked as gently as
    by a harvest.
    """
    modules = _modules()
    from pipeline.app import terminal
    from pipeline.harvest.checking import check as ask

    read = modules.read_sources(sources)
    found = ask(read, modules.hour.user_agent(read), modules.clock())
    terminal.answer([_checked(one) for one in found], as_json, lambda: _show_checked(found))
    if bad := [one for one in found if one.outcome != "fetched"]:
        raise MissingInputError(f"{sources}: {len(bad)} of {len(found)} listings could not be read")


@sources_app.command("health")
def health(warehouse: options.Warehouse = None, as_json: options.Json = False) -> None:
    """Say how each source is that was harvested in the last days, the worst first: one that is silent, gone, moved, or something else.

    For example:

        newsfold sources health --warehouse warehouse

    Nothing is asked: it is what the last harvests found. The explorer shows the same on its page Health.
    """
    from dataclasses import asdict

    from pipeline import settings
    from pipeline.app import request, terminal
    from pipeline.app.harvest_tables import sources
    from pipeline.day import landing_zone
    from pipeline.store.warehouse import Warehouse
    from pipeline.upkeep import source_health

    storage = landing_zone.open_warehouse(settings.load(warehouse=warehouse), request.typed())
    landing_zone.refuse_absent(storage)
    found = source_health.sources(Warehouse(storage))
    if not found:
        raise MissingInputError(f"{storage.uri}: nothing was harvested there; newsfold harvest does that")
    records = [{**asdict(one), "pages": [n for _, n in one.pages]} for one in found]
    terminal.answer(records, as_json, lambda: sources(found))


@sources_app.command("find")
def find(
    address: Annotated[str, typer.Argument(metavar="URL", help="A page of the outlet, best its front page.")],
    allow: Annotated[
        list[str] | None, typer.Option("--allow-host", help="A host of your own network that may be asked.")
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Propose feeds and sitemaps of an outlet, as a table for a sources' file.

    For example:

        newsfold sources find https://www.example.org
    """
    modules = _modules()
    from pipeline.app import terminal
    from pipeline.harvest.discover import as_source
    from pipeline.harvest.finding import find as ask
    from pipeline.harvest.finding import outlet_of
    from pipeline.harvest.sources import Sources

    found = ask(address, modules.hour.user_agent(Sources(())), modules.clock(), tuple(allow or ()))
    if found.outcome:
        raise MissingInputError(f"{address}: {found.outcome}")
    if not found.named:
        raise MissingInputError(
            f"{address}: it names no feed and no sitemap, and none is where they usually are"
        )
    records = [
        {"kind": one.kind, "address": one.address, "title": one.title, "where": one.where}
        for one in found.named
    ]
    terminal.answer(records, as_json, lambda: _print(as_source(outlet_of(address), found.named)))


@sources_app.command("archives")
def archives(
    sources: SourcesFile = Path("sources.toml"),
    landing: options.Landing = None,
    warehouse: options.Warehouse = None,
    first: options.First = None,
    last: options.Last = None,
    as_json: options.Json = False,
) -> None:
    """Take the archives of the sources (`warc`) into the landing zone: references into WARC files, the rows of dumps.

    For example:

        newsfold sources archives --sources sources.toml --landing landing --warehouse warehouse --from 2026-03-01 --to 2026-03-07

    Documents go to the days on which they were captured. What stands in the landing zone already is left as it is.
    """
    from pipeline.day import landing_zone

    modules = _modules()
    from dataclasses import asdict

    from pipeline.app import terminal
    from pipeline.harvest.archives import take_archives

    read = modules.read_sources(sources)
    place, desk = modules.places(landing, warehouse)
    for taken in take_archives(read.sources, place, first, last):
        said = f"{taken.uri}: {counted(len(taken.files), 'file')}, {taken.n_new} of them new"
        said += f", {counted(taken.n_undated, 'row')} without a day left out" if taken.n_undated else ""
        terminal.answer(asdict(taken), as_json, partial(_print, said))
    landing_zone.claim(desk.storage, place)


@sources_app.command("outlets")
def outlets(sources: SourcesFile = Path("sources.toml")) -> None:
    """Print the sources as a file of outlets: which domain is whose. Write it where the setting `outlets` says.

    For example:

        newsfold sources outlets --sources sources.toml
    """
    modules = _modules()
    from pipeline.harvest.owners import outlets_csv

    _print(outlets_csv(modules.read_sources(sources)))


# --- what they share ---------------------------------------------------------------------------------------------


class _Modules:
    """What the extra brings, imported when a command needs it."""

    def __init__(self) -> None:
        from pipeline.harvest import hour
        from pipeline.harvest.clock import Clock
        from pipeline.harvest.run import Options
        from pipeline.harvest.sources import read_sources
        from pipeline.harvest.visit import Budgets

        self.hour, self.clock, self.read_sources = hour, Clock, read_sources
        self.options, self.budgets = Options, Budgets

    @staticmethod
    def places(landing: str | None, warehouse: str | None) -> tuple[Any, Any]:
        """The landing zone and the warehouse."""
        from pipeline import settings
        from pipeline.app import request
        from pipeline.day import landing_zone
        from pipeline.store.uris import open_storage
        from pipeline.store.warehouse import Warehouse

        chosen = landing_zone.resolve(settings.load(landing=landing, warehouse=warehouse), request.typed())
        storage = landing_zone.open_warehouse(chosen, request.typed())
        return open_storage(chosen.landing or "", chosen.lease_seconds), Warehouse(storage)


def _modules() -> _Modules:
    try:
        return _Modules()
    except ImportError as error:
        raise SettingsError(
            f"newsfold harvest needs the extra [harvest], {error.name} is missing: {install_command('harvest')}"
        ) from error


def _hours(written: str) -> tuple[float, ...]:
    from pipeline.harvest.sources import hours_of

    try:
        return hours_of([float(part) for part in written.split(",") if part.strip()])
    except ValueError:
        raise SettingsError(
            f"--revisit {written}: write hours, each later than the one before: 1,6,24"
        ) from None


class _Told:
    """What is said while a harvest runs: addresses one by one, or now and then how many there are."""

    def __init__(self, *, verbose: bool, quiet: bool, as_json: bool) -> None:
        from pipeline.app.progress import Ticker

        self._verbose, self._as_json = verbose, as_json
        self._ticker, self._n = None if quiet or verbose else Ticker(), 0

    def tell(self, outlet: str, address: str, outcome: str) -> None:
        from pipeline.app import terminal

        self._n += 1
        if self._verbose:
            record = {"outlet": outlet, "address": address, "outcome": outcome}
            terminal.answer(record, self._as_json, lambda: _print(f"{outcome}  {address}"))
        elif self._ticker:
            self._ticker.tell(f"{self._n} addresses, last {outcome} of {outlet}")


def _show(done: "Hour", *, as_json: bool) -> None:
    from pipeline.app import terminal
    from pipeline.app.harvest_tables import harvested

    terminal.answer(done.rows, as_json, lambda: harvested(done))


def _nothing_read(done: "Hour") -> bool:
    """Whether every listing was asked and none answered with what it should be; one that was not due may still be well."""
    said = [done.report.outcomes.get(address, "") for address in done.report.health]
    return bool(said) and all(outcome.startswith(("failed", "refused")) for outcome in said)


def _checked(one: "Checked") -> dict[str, Any]:
    from dataclasses import asdict

    return {name: value for name, value in asdict(one).items() if value is not None}


def _show_checked(found: "list[Checked]") -> None:
    from pipeline.app.harvest_tables import checked

    checked(found)


def _print(text: str) -> None:
    from pipeline.app import terminal

    sys.stdout.write(terminal.neutral(text).rstrip("\n") + "\n")
