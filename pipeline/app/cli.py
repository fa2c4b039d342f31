"""The command line: `newsfold`, also `python -m pipeline`. It reads settings, calls a job, prints what came of it."""

import importlib.metadata
import json
import logging
import os
import shlex
import shutil
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline import settings
from pipeline.day import homes
from pipeline.model.days import FIRST, LAST, span
from pipeline.model.errors import HeldError, MissingInputError, NewsfoldError, SettingsError
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.engines.engine import Engine
    from pipeline.store.warehouse import Warehouse


app = typer.Typer(
    name="newsfold",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""Raw news pages in, deduplicated stories in Parquet out.

A day's raw documents (`LANDING/day=YYYY-MM-DD/…`) become the tables of a warehouse: articles, rejects, links,
memberships, stories, runs. Running a day again gives the same bytes.

Every setting (landing, warehouse, engine, workers, extractor, thresholds, …) can also stand as `NEWSFOLD_…` in the environment or in
`newsfold.toml`; an option on the command line wins. No command guesses a warehouse, and a warehouse remembers its landing zone.

    newsfold demo                          five sample articles, in a folder of their own
    newsfold run --landing landing --warehouse warehouse --day 2026-03-05
    newsfold repair --warehouse warehouse  what is missing or stale, from the same landing zone
    newsfold stories --warehouse warehouse
    newsfold explain 20260305a1b2 --warehouse warehouse

Exit codes: 0 done, 1 failed, 2 asked wrongly, 3 a dry run of repair found something to do, 4 held back until somebody decides.
""",
)

Landing = Annotated[
    str | None,
    typer.Option(
        metavar="URI",
        help="Where raw documents are delivered.  [default: as the warehouse remembers]",
        show_default=False,
    ),
]
Moved = Annotated[
    bool,
    typer.Option("--landing-moved", help="The raw documents are at --landing now: remember that instead."),
]
Target = Annotated[
    str | None,
    typer.Option("--warehouse", metavar="URI", help="Where tables are. None is the default."),
]
_day = {"formats": ["%Y-%m-%d"], "metavar": "YYYY-MM-DD"}
Day = Annotated[datetime | None, typer.Option("--day", help="The day.", **_day)]
From = Annotated[datetime | None, typer.Option("--from", help="The first day.", **_day)]
To = Annotated[datetime | None, typer.Option("--to", help="The last day.", **_day)]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for a script instead of tables.")]


def _version_asked(asked: bool) -> None:
    if asked:
        print(f"newsfold {importlib.metadata.version('newsfold')}")  # noqa: T201 - this is the command line
        raise typer.Exit


@app.callback()
def options(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", callback=_version_asked, is_eager=True),
    ] = False,
) -> None: ...


@app.command()
def run(
    landing: Landing = None,
    warehouse: Target = None,
    moved: Moved = False,
    day: Day = None,
    first: From = None,
    last: To = None,
    workers: Annotated[
        int | None, typer.Option(help="Parallel workers.  [default: one per processor]", show_default=False)
    ] = None,
    engine: Annotated[
        str | None,
        typer.Option(
            help="What runs the stages: embedded or spark.  [default: embedded]", show_default=False
        ),
    ] = None,
    master: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Spark's master: local[N], spark://…, yarn, k8s://…, sc://….",
            show_default=False,
        ),
    ] = None,
    extractor: Annotated[
        str | None,
        typer.Option(
            help="trafilatura (reads better) or resiliparse (1.5 times faster).", show_default=False
        ),
    ] = None,
    empty: Annotated[
        bool,
        typer.Option(
            "--empty",
            help="Also make days empty whose raw documents are all gone, and publish days that nobody delivered.",
        ),
    ] = False,
    as_json: Json = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
) -> None:
    """Make days: landing zone in, tables out. Without a day, every day that the landing zone has, oldest first.

    A day is a UTC date and is made when it is over: today and later days are refused, or left out where none is named. A day
    that nobody delivered is refused; of a range, such days are named and left out.

    A published day that would lose more than half of its articles, and at least 20, under the same settings and rules is held
    back: nothing of it is replaced. Exits with 4 then, and says what would go and how to publish it all the same.
    """
    from pipeline import read
    from pipeline.app import report
    from pipeline.day import context
    from pipeline.day.run import run_day
    from pipeline.upkeep import gate
    from pipeline.upkeep import status as states

    chosen = _settled(
        moved,
        landing=landing,
        warehouse=warehouse,
        workers=workers,
        engine=engine,
        master=master,
        extractor=extractor,
    )
    with report.Progress(quiet=quiet or as_json) as progress:
        desk = context.open_desk(chosen, _engine(chosen, progress.watch))
        states.warn_of_misnamed(desk)
        states.refuse_lost(desk)
        today = _today()
        days = _over(_days(day, first, last), today) or states.days_delivered(desk, today)
        if not empty:
            days = states.days_to_make(desk, days)
        homes.claim(desk.warehouse.storage, desk.landing, moved=moved)
        held = []
        for one in days:
            progress.begin(one)
            try:
                made = run_day(desk, one, partial(gate.admit, desk, empty=empty))
            except HeldError as error:
                held.append(str(error))
                continue
            finally:
                progress.end()
            _say(made.as_dict(), as_json, partial(report.funnel, made))
    if held:
        raise HeldError("\n".join(held))
    if not as_json:
        report.closing(read.largest_stories(desk.warehouse, days, 10), chosen.warehouse)


@app.command()
def demo(
    as_json: Json = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
) -> None:
    """Make the story of the five sample articles that come with newsfold, in a folder of their own: demo/."""
    from pipeline.app import report
    from pipeline.app.demo import LANDING, WAREHOUSE, deliver
    from pipeline.store.uri import open_storage

    chosen = _settings(landing=LANDING, warehouse=WAREHOUSE)
    homes.settle(chosen, ["newsfold", "run", "--warehouse", WAREHOUSE])
    deliver(open_storage(LANDING))
    run(landing=LANDING, warehouse=WAREHOUSE, as_json=as_json, quiet=quiet)
    if not as_json:
        report.next_steps(shlex.join(_program()), WAREHOUSE)


@app.command()
def status(
    landing: Landing = None,
    warehouse: Target = None,
    moved: Moved = False,
    day: Day = None,
    first: From = None,
    last: To = None,
    as_json: Json = False,
) -> None:
    """Which days there are, whether each is fresh, stale, incomplete or missing and why, and what is in it."""
    from pipeline.app import report
    from pipeline.day import context
    from pipeline.upkeep import status as states

    desk = context.open_desk(_settled(moved, landing=landing, warehouse=warehouse))
    states.warn_of_misnamed(desk)
    found = states.status(desk, _days(day, first, last), _today())
    _say([row.as_dict() for row in found], as_json, lambda: report.status(found))


@app.command()
def repair(
    landing: Landing = None,
    warehouse: Target = None,
    moved: Moved = False,
    day: Day = None,
    first: From = None,
    last: To = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the plan and do nothing.")] = False,
    empty: Annotated[
        bool, typer.Option("--empty", help="Also make days empty whose raw documents are all gone.")
    ] = False,
    held: Annotated[
        bool,
        typer.Option(
            "--held", help="Also publish days that were held back, if what is made is what was held back."
        ),
    ] = False,
    workers: Annotated[
        int | None, typer.Option(help="Parallel workers.  [default: one per processor]", show_default=False)
    ] = None,
    as_json: Json = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
) -> None:
    """Run again what is missing, incomplete or stale, oldest first, and only that: afterwards all is as if made in order.

    A day that would lose more than half of its articles, and at least 20, under the same settings and rules is held back, and
    so is a day that was found unusual: it stays as it is until `--held --day` publishes it, or its documents change. Days that are
    not over (UTC) are named and left alone.

    Exits with 4 when days are held back, a dry run with 3 when there is something to do.
    """
    from pipeline.app import report
    from pipeline.day import context
    from pipeline.upkeep import gate
    from pipeline.upkeep import repair as repairing
    from pipeline.upkeep import status as states

    chosen = _settled(moved, landing=landing, warehouse=warehouse, workers=workers)
    with report.Progress(quiet=quiet or as_json) as progress:
        desk = context.open_desk(chosen, _engine(chosen, progress.watch))
        states.warn_of_misnamed(desk)
        states.refuse_lost(desk)
        today = _today()
        days = _known(desk, day, first, last, today)
        states.warn_of_unfinished(days, today)
        plan = repairing.plan(desk, days, today=today, empty=empty, held=held)
        _say(
            [step.as_dict() for step in plan],
            as_json and dry_run,
            lambda: report.plan(plan, len(days), as_json),
        )
        if dry_run:
            raise typer.Exit(_promise(plan))
        homes.claim(desk.warehouse.storage, desk.landing, moved=moved)
        repaired = repairing.repair(desk, days, today=today, empty=empty, held=held, begin=progress.begin)
        for found, made in repaired:
            progress.end()
            done = {"state": found.state, "reasons": list(found.reasons)} | made.as_dict()
            _say(done, as_json, partial(report.repaired, found, made))
        gate.refuse_held(desk, days)


@app.command()
def gc(
    landing: Landing = None,
    warehouse: Target = None,
    moved: Moved = False,
    older_than_hours: Annotated[
        float, typer.Option(min=0, help="Leave alone what a writer may still be at: what is younger.")
    ] = 24,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would go and do nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Take away what crashed runs left and state that no run reads again; never a published table."""
    from pipeline.app import report
    from pipeline.day import context
    from pipeline.upkeep import gc as collecting

    desk = context.open_desk(_settled(moved, landing=landing, warehouse=warehouse))
    homes.refuse_absent(desk.warehouse.storage)
    age = older_than_hours * 3600
    found = list(collecting.leftovers(desk.landing, desk.warehouse, desk.settings, age, _today()))
    rows = [{"what": one.what, "bytes": one.size_bytes} for one in found]
    _say(rows, as_json, lambda: report.leftovers(found, dry_run))
    if not dry_run:
        homes.claim(desk.warehouse.storage, desk.landing, moved=moved)
        for one in found:
            one.remove()


@app.command("export-iceberg")
def export_iceberg(warehouse: Target = None, as_json: Json = False) -> None:
    """Register what is published in an Iceberg catalog beside it, for snapshot reads and time travel; needs newsfold[iceberg]."""
    from pipeline.app import report
    from pipeline.upkeep import iceberg

    store = _warehouse(_settings(warehouse=warehouse))
    found = iceberg.export(store)
    rows = [one.as_dict() for one in found]
    _say(rows, as_json, lambda: report.exported(found, iceberg.catalog_uri(store)))


@app.command()
def retire(
    warehouse: Target = None,
    keep_days: Annotated[
        int | None,
        typer.Option(
            help="How many of the newest days with documents keep their texts: at least three windows.",
            show_default=False,
        ),
    ] = None,
    most: Annotated[
        bool, typer.Option("--most", help="Also when more than a fifth of the days would lose their texts.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would go and do nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Take away the texts of old days for good: articles, links, rejects. Memberships, stories and runs stay.

    Neither a retired day nor one that reads it can be made again. When more than a fifth of the days would lose their texts, it
    exits with 4 unless `--most` consents; a dry run says so.
    """
    from pipeline.app import report
    from pipeline.store import notes
    from pipeline.upkeep import retention

    chosen = _settings(warehouse=warehouse, keep_days=keep_days)
    store = _warehouse(chosen)
    first = retention.due(store, chosen, chosen.keep_days, _today())
    found = list(retention.texts_before(store, first))
    rows = [{"what": one.what, "bytes": one.size_bytes} for one in found]
    _say(rows, as_json, lambda: report.leftovers(found, dry_run))
    if not most:
        retention.refuse_most(store, first, chosen.keep_days)
    if not dry_run:
        notes.mark(store, first)
        for one in found:
            one.remove()


@app.command()
def stories(
    warehouse: Target = None,
    day: Day = None,
    first: From = None,
    last: To = None,
    limit: Annotated[int, typer.Option(min=1, help="How many.")] = 20,
    as_json: Json = False,
) -> None:
    """The largest stories that began on a day or in a range; by default, of all days."""
    from pipeline import read
    from pipeline.app import report

    store = _warehouse(_settings(warehouse=warehouse))
    found = read.largest_stories(store, _days(day, first, last), limit)
    _say(found, as_json, lambda: report.stories(found))


@app.command()
def explain(
    article: Annotated[str, typer.Argument(help="An article_id, or the first digits of one (at least 9).")],
    other: Annotated[
        str | None, typer.Argument(help="Another one: why are the two together, or not?")
    ] = None,
    warehouse: Target = None,
    as_json: Json = False,
) -> None:
    """Why an article is where it is: the link that put it there, scores, shared and different passages, lines taken out."""
    from pipeline.app import explain as explaining
    from pipeline.app import report

    chosen = _settings(warehouse=warehouse)
    found = explaining.explain(_warehouse(chosen), chosen, article, other)
    _say(found, as_json, lambda: report.explanation(found))


@app.command()
def warm(as_json: Json = False) -> None:
    """Compile ahead what the first run on a machine would compile, and say where it is kept: for images and read-only installs."""
    from pipeline import kernels as loops
    from pipeline.app import report
    from pipeline.kernels.compile import kernels

    found = [one.ready() for one in kernels(loops)]
    _say([one.as_dict() for one in found], as_json, lambda: report.readied(found))
    if any(one.path is None for one in found):
        raise NewsfoldError("compiled, but kept nowhere")


@app.command()
def recall(as_json: Json = False) -> None:
    """How sure copies are to be proposed: bands and rows of the signatures, and the recall at each likeness."""
    from pipeline.app import report
    from pipeline.copies import signatures

    steps = [n / 20 for n in range(1, 21)]
    found = {
        "made_with": signatures.described(),
        "recall": {n: round(signatures.recall(n), 4) for n in steps},
    }
    _say(found, as_json, lambda: report.recall(found))


@app.command()
def schema(
    table: Annotated[str | None, typer.Argument(help="One table; by default all published ones.")] = None,
    as_json: Json = False,
) -> None:
    """The data dictionary: what one row of each table is, its columns, their types and meanings."""
    from pipeline.app import dictionary, report

    if table and table not in dictionary.names():
        raise SettingsError(f"no table {table!r}; there are {', '.join(dictionary.names())}")
    _say(dictionary.as_dicts(table), as_json, lambda: report.markdown(dictionary.as_markdown(table)))


def main() -> None:
    """Run the command line: exit 0 when done, 1 when a run failed, 2 when it was asked wrongly, 4 when somebody has to decide."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    for line in settings.unknown_variables(os.environ):
        logging.getLogger("newsfold").warning(line)
    try:
        app()
    except SettingsError as error:
        _fail(error, 2)
    except HeldError as error:
        _fail(error, 4)
    except NewsfoldError as error:
        _fail(error, 1)
    except OSError as error:  # what lies outside: a folder that may not be read, a disk that is full
        _fail(f"{error.filename or 'newsfold'}: {error.strerror or error}", 1)
    except KeyboardInterrupt:
        _fail("stopped; what was published stands, the next run makes the rest", 1)


def _fail(message: object, status: int) -> None:
    print(f"newsfold: {message}", file=sys.stderr)  # noqa: T201 - this is the command line
    sys.exit(status)


def _settings(**flags: Any) -> Settings:
    return settings.load(**flags)


def _settled(moved: bool, **flags: Any) -> Settings:
    """The settings of a command that reads the landing zone."""
    return homes.settle(_settings(**flags), _typed(), moved=moved)


def _warehouse(chosen: Settings) -> "Warehouse":
    """The warehouse, for a command that needs no landing zone."""
    from pipeline.store.warehouse import Warehouse

    storage = homes.open_warehouse(chosen, _typed())
    homes.refuse_absent(storage)
    return Warehouse(storage)


def _typed() -> list[str]:
    """The command as it was typed, for an answer that says what to type instead."""
    return [*_program(), *sys.argv[1:]]


def _program() -> list[str]:
    if Path(sys.argv[0]).name == "__main__.py":
        return ["python", "-m", "pipeline"]
    return ["newsfold" if shutil.which("newsfold") == sys.argv[0] else sys.argv[0]]


def _engine(chosen: Settings, watch: Callable[[str, int], None]) -> "Engine[Any]":
    from pipeline.engines.choose import open_engine

    return open_engine(chosen, watch)


def _days(day: datetime | None, first: datetime | None, last: datetime | None) -> list[date]:
    if day and (first or last):
        raise SettingsError("give --day, or --from and --to, not both")
    if day:
        return [day.date()]
    if not first and not last:
        return []
    if not (first and last):
        raise SettingsError("--from and --to go together")
    if first > last:
        raise SettingsError(f"--from {first.date()} is after --to {last.date()}")
    return list(span(first.date(), last.date()))


def _today() -> date:
    """The date, in UTC: days before it are over. Read once by a command, and passed on: jobs have no clock."""
    return datetime.now(UTC).date()


def _over(days: list[date], today: date) -> list[date]:
    """The days, all of them; raises SettingsError when one is no day of news, or is not over."""
    if odd := [day for day in days if not FIRST <= day <= LAST]:
        raise SettingsError(f"{odd[0]} is no day of {FIRST.year} to {LAST.year}")
    if later := [day for day in days if day >= today]:
        raise SettingsError(
            f"{later[0]} is not over yet: today is {today} (UTC), so the last day that can be made is {today - timedelta(days=1)}"
        )
    return days


def _known(
    desk: Any, day: datetime | None, first: datetime | None, last: datetime | None, today: date
) -> list[date]:
    """The days of a range, open at either end, that there are; a single one must be there (else MissingInputError) and be over."""
    from pipeline.upkeep import repair as repairing

    if day and (first or last):
        raise SettingsError("give --day, or --from and --to, not both")
    first, last = (day or first), (day or last)
    days = repairing.days_between(desk, first.date() if first else None, last.date() if last else None)
    if day and not _over([day.date()], today) == days:
        raise MissingInputError(
            f"{day.date()}: neither {desk.landing.uri} nor {desk.warehouse.storage.uri} has that day"
        )
    return days


def _promise(plan: Iterable[Any]) -> int:
    """How a dry run exits: 3 when a day would be run, 4 when none would and one waits for a decision."""
    from pipeline.upkeep.status import HELD

    steps = list(plan)
    if any(step.action == "run" for step in steps):
        return 3
    return 4 if any(reason.startswith(HELD) for step in steps for reason in step.reasons) else 0


def _say(found: dict[str, Any] | Iterable[dict[str, Any]], as_json: bool, show: Callable[[], None]) -> None:
    if as_json:
        print(json.dumps(found, default=str, ensure_ascii=False))  # noqa: T201 - this is the command line
    else:
        show()
