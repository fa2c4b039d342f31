"""Commands that make days: run, demo, repair; and status, which says what they have to do."""

import shlex
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

import typer

from pipeline.app import options
from pipeline.model.errors import HeldError, SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.app.progress import Progress
    from pipeline.day.desk import Desk, WorkDesk
    from pipeline.day.result import RunReport
    from pipeline.store.warehouse import Warehouse
    from pipeline.upkeep.repair import Step
    from pipeline.upkeep.status import Status

_DUE = 3  # the exit code where there is something to run


def run(
    landing: options.Landing = None,
    warehouse: options.Warehouse = None,
    moved: options.LandingMoved = False,
    days: options.Days = None,
    first: options.First = None,
    last: options.Last = None,
    workers: options.Workers = None,
    engine: options.EngineName = None,
    master: options.Master = None,
    extractor: options.Extractor = None,
    columns: options.Columns = None,
    languages: options.Languages = None,
    so_far: options.SoFar = False,
    empty: options.AllowEmpty = False,
    dry_run: options.Forecast = False,
    as_json: options.Json = False,
    verbose: options.Verbose = False,
    quiet: options.Quiet = False,
) -> None:
    """Turn the raw documents of days into tables. By default, run every delivered day, oldest first. For example:

        newsfold run --landing landing --warehouse warehouse --day 2026-03-05

    Days are UTC dates, and must be over. A day that nobody delivered is refused; in a range, it is named and left out.

    A run holds a day back if the day would lose more than half of its published articles, and at least 20, under the same settings and
    rules. The published day then stays as it is. The exit code is 4, and the message says what would be lost and how to publish the day anyway.

    `--so-far` publishes a day to which documents still come as not complete, as often as you wish. Run or repair it when it is over.

    `--dry-run` lists each day's files, those to be parsed, and the published rows whose files are gone.
    """
    from pipeline import read
    from pipeline.app import request, terminal
    from pipeline.app.progress import Progress
    from pipeline.day import landing_zone

    flags = {"landing": landing, "warehouse": warehouse, "workers": workers, "engine": engine}
    flags |= {"master": master, "extractor": extractor, "columns": columns, "languages": languages}
    with Progress(quiet=quiet or as_json) as progress:
        desk = request.work_desk(progress.watch, moved=moved, new=True, **flags)
        chosen = _days_to_run(desk, request.days_of(days, first, last), empty=empty, so_far=so_far)
        if dry_run:
            _tell_forecast(desk, chosen, as_json=as_json)
            return
        landing_zone.claim(desk.warehouse.storage, desk.landing, moved=moved)
        _run_days(desk, chosen, progress, _teller(progress, as_json, verbose), empty=empty, so_far=so_far)
    if not as_json:
        terminal.closing(read.largest_stories(desk.warehouse, chosen, 10), desk.settings.warehouse)


def _teller(progress: "Progress", as_json: bool, verbose: bool) -> "Callable[[RunReport], None]":
    return partial(_told, progress, as_json=as_json, verbose=verbose)


def _tell_forecast(desk: "Desk", days: list[date], *, as_json: bool) -> None:
    from pipeline.app import listings, terminal
    from pipeline.app.forecast import forecast

    found = list(forecast(desk, days))
    terminal.answer(found, as_json, lambda: listings.forecast(found))


def _days_to_run(desk: "Desk", asked: list[date], *, empty: bool, so_far: bool) -> list[date]:
    from pipeline.app import request
    from pipeline.upkeep import status as states

    states.warn_of_misnamed(desk)
    states.refuse_lost(desk)
    now, more = request.today(), "; --so-far publishes today as not complete"
    if so_far:
        asked, now, more = asked or [now], now + timedelta(days=1), ""
    days = request.refuse_unfinished(asked, now, more) or states.days_delivered(desk, now)
    days = states.without_settled(desk, days)
    return days if empty else states.days_to_make(desk, days)


def _run_days(
    desk: "WorkDesk",
    days: list[date],
    progress: "Progress",
    told: "Callable[[RunReport], None]",
    *,
    empty: bool,
    so_far: bool,
) -> None:
    """Run the days, oldest first; at the end, raise HeldError with a line for each day that was held back."""
    from pipeline.day.run import run_day
    from pipeline.upkeep import gate

    held = []
    progress.expect(len(days))
    for one in days:
        progress.begin(one)
        try:
            done = run_day(desk, one, partial(gate.admit, desk, empty=empty), so_far=so_far)
        except HeldError as error:
            held.append(str(error))
            continue
        finally:
            progress.end()
        told(done)
    if held:
        raise HeldError("\n".join(held))


def _told(progress: "Progress", done: "RunReport", *, as_json: bool, verbose: bool) -> None:
    from pipeline.app import terminal

    def show() -> None:
        terminal.ran(done, progress.place)
        if verbose:
            terminal.funnel(done)

    terminal.answer(done.as_dict(), as_json, show)


def demo(
    as_json: options.Json = False, verbose: options.Verbose = False, quiet: options.Quiet = False
) -> None:
    """Make a story out of five sample articles, in the folder demo/ below the current one.

    For example:

        newsfold demo

    Then look at it with `newsfold stories --warehouse demo/warehouse`.
    """
    from pipeline import settings
    from pipeline.app import request, terminal
    from pipeline.app.demo import LANDING, WAREHOUSE, deliver
    from pipeline.day import landing_zone
    from pipeline.store.uris import open_storage

    chosen = settings.load(landing=LANDING, warehouse=WAREHOUSE)
    landing_zone.resolve(chosen, ["newsfold", "run", "--warehouse", WAREHOUSE])
    deliver(open_storage(LANDING))
    run(landing=LANDING, warehouse=WAREHOUSE, as_json=as_json, verbose=verbose, quiet=quiet)
    if not as_json:
        terminal.next_steps(shlex.join(request.program()), WAREHOUSE)


def status(
    landing: options.Landing = None,
    warehouse: options.Warehouse = None,
    moved: options.LandingMoved = False,
    days: options.Days = None,
    first: options.First = None,
    last: options.Last = None,
    max_age: options.MaxAge = None,
    form: options.StatusFormat = options.AgeForm.TEXT,
    as_json: options.Json = False,
) -> None:
    """List the days: whether each is fresh, stale, incomplete or missing, and why.

    For example:

        newsfold status --warehouse warehouse --from 2026-03-01 --to 2026-03-07

    Without a day or a range, it lists all days. A range also lists the days in between that nobody delivered, as missing.

    The exit code is 3 if `repair` would run a day, 4 if nothing is to be run but a day is held back, else 0; 1 if the landing zone is not
    there.

    With `--max-age`, it says instead how long ago the newest published day ended, for cron and monitoring: no landing zone is asked. A
    day that is held back, or published so far, does not count. The exit code is 3 if that is longer ago. `--format prometheus`
    writes gauges for the textfile collector.
    """
    from pipeline import settings
    from pipeline.app import request, terminal
    from pipeline.upkeep import status as states

    if max_age is not None:
        _judge_age(request.warehouse(settings.load(warehouse=warehouse)), max_age, form, as_json=as_json)
        return
    if form is not options.AgeForm.TEXT:
        raise SettingsError("--format prometheus tells the age of the newest day: give --max-age, too")
    desk = request.desk(moved=moved, landing=landing, warehouse=warehouse)
    states.refuse_lost(desk)
    states.warn_of_misnamed(desk)
    today = request.today()
    asked = request.days_of(days, first, last)
    listed = states.within_history(desk, asked, today) if first else asked
    found = states.status(desk, listed, today) if listed or not asked else []
    terminal.answer([row.as_dict() for row in found], as_json, lambda: terminal.status(found))
    if code := _exit_code(found):
        raise typer.Exit(code)


def _judge_age(store: "Warehouse", max_age: str, form: options.AgeForm, *, as_json: bool) -> None:
    from pipeline.app import request, terminal
    from pipeline.upkeep import freshness

    found = freshness.freshness(store, freshness.parse_age(max_age), request.now())
    if form is options.AgeForm.PROMETHEUS:
        print(found.as_prometheus(), end="")  # noqa: T201 - this is the command line
    else:
        said = found.sentence
        terminal.answer(found.as_dict(), as_json, lambda: terminal.console.print(said, soft_wrap=True))
    if not found.is_fresh:
        raise typer.Exit(_DUE)


def repair(
    landing: options.Landing = None,
    warehouse: options.Warehouse = None,
    moved: options.LandingMoved = False,
    days: options.Days = None,
    first: options.First = None,
    last: options.Last = None,
    dry_run: options.PlanOnly = False,
    empty: options.AllowGone = False,
    held: options.AllowHeld = False,
    workers: options.Workers = None,
    as_json: options.Json = False,
    verbose: options.Verbose = False,
    quiet: options.Quiet = False,
) -> None:
    """Run the days that are missing, incomplete or stale, oldest first, and no others.

    For example:

        newsfold repair --warehouse warehouse --dry-run

    Afterwards, the tables are as if all days had been run once, in order. Days that are not over (UTC) are named and left alone.

    A day stays as it is if it would lose more than half of its published articles, and at least 20, under the same settings and rules, or if it was
    held back as unusual. Publish it with `--held --day`, or change its documents.

    The exit code is 4 if days are held back. A dry run exits with 3 if there are days to run.
    """
    from pipeline.app import request
    from pipeline.app.progress import Progress
    from pipeline.day import landing_zone
    from pipeline.upkeep import gate
    from pipeline.upkeep import repair as repairing

    flags = {"landing": landing, "warehouse": warehouse, "workers": workers}
    with Progress(quiet=quiet or as_json) as progress:
        desk = request.work_desk(progress.watch, moved=moved, new=False, **flags)
        now = request.today()
        chosen = _days_to_repair(desk, days, first, last, now)
        plan = repairing.plan(desk, chosen, today=now, empty=empty, held=held)
        _tell_plan(progress, plan, len(chosen), is_all=dry_run, as_json=as_json)
        landing_zone.claim(desk.warehouse.storage, desk.landing, moved=moved)
        repaired = repairing.repair(desk, chosen, today=now, empty=empty, held=held, begin=progress.begin)
        for found, done in repaired:
            progress.end()
            _told_repaired(progress, found, done, as_json=as_json, verbose=verbose)
        gate.refuse_held(desk, chosen)


def _days_to_repair(
    desk: "Desk", asked: list[date] | None, first: date | None, last: date | None, now: date
) -> list[date]:
    from pipeline.app import request
    from pipeline.upkeep import status as states

    states.warn_of_misnamed(desk)
    states.refuse_lost(desk)
    days = request.known_days(desk, asked, first, last, now)
    states.warn_of_unfinished(days, now)
    return days


def _tell_plan(progress: "Progress", plan: "list[Step]", n_days: int, *, is_all: bool, as_json: bool) -> None:
    """Show the plan; if that is all, exit. A fresh day is run only if a day that it reads has changed by then."""
    from pipeline.app import terminal

    if is_all or not as_json:
        terminal.answer([step.as_dict() for step in plan], as_json, lambda: terminal.plan(plan, n_days))
    if is_all:
        raise typer.Exit(_exit_code(plan))
    due = [step for step in plan if step.action != "keep"]
    progress.expect(len(due), at_most=any(step.action != "run" for step in due))


def _told_repaired(
    progress: "Progress", found: "Status", done: "RunReport", *, as_json: bool, verbose: bool
) -> None:
    from pipeline.app import terminal

    def show() -> None:
        terminal.repaired(found, done, progress.place)
        if verbose:
            terminal.funnel(done)

    row = {"state": found.state, "reasons": list(map(str, found.reasons))} | done.as_dict()
    terminal.answer(row, as_json, show)


def _exit_code(found: "list[Step] | list[Status]") -> int:
    """3 when a repair would run one of the days, 4 when it would run none but one is held back, else 0."""
    from pipeline.upkeep.reasons import Why

    if any(one.is_due for one in found):
        return _DUE
    return 4 if any(reason.why is Why.HELD for one in found for reason in one.reasons) else 0
