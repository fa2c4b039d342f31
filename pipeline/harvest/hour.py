"""The harvest of an hour, with all that it is kept in: the landing zone, the state, the journal of sources. Others wait for its lock.

What was fetched is on record before the state says so; the state is stored after the files are in the landing zone. A run that is
killed in between is taken up by the next one, from what it left on this machine.
"""

import asyncio
import hashlib
import itertools
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from importlib import metadata
from pathlib import Path

from pipeline.harvest import running
from pipeline.harvest.accounts import Accounts, day_of
from pipeline.harvest.client import Client, Limits
from pipeline.harvest.clock import Clock
from pipeline.harvest.journal import Journal
from pipeline.harvest.run import Harvest, Options, Report, Tell
from pipeline.harvest.sources import Source, Sources
from pipeline.harvest.state import State
from pipeline.harvest.visit import Budgets, Visitor
from pipeline.harvest.warc_files import WarcFiles
from pipeline.model.days import span
from pipeline.model.errors import SettingsError
from pipeline.model.tables import HARVEST
from pipeline.store import layout
from pipeline.store.local import LocalStorage
from pipeline.store.storage import Storage
from pipeline.store.warehouse import Warehouse


@dataclass(frozen=True)
class Hour:
    """What a run did besides its report: files in the landing zone, and the rows of the sources that were harvested."""

    report: Report
    files: list[str]
    rows: list[dict[str, object]]


@dataclass(frozen=True)
class Bounds:
    """What a run may cost, and how it behaves, where the sources' file says nothing."""

    options: Options = field(default_factory=Options)
    limits: Limits = field(default_factory=Limits)
    budgets: Callable[[], Budgets] = Budgets


def harvest_hour(
    sources: Sources,
    landing: Storage,
    warehouse: Warehouse,
    clock: Clock,
    bounds: Bounds | None = None,
    tell: Tell = lambda *_: None,
) -> Hour:
    """Harvest what is due now into the landing zone. Raises OvertakenError where somebody else wrote the state meanwhile."""
    bounds = bounds or Bounds()
    with warehouse.storage.lock(layout.HARVEST_LOCK), running.noted(warehouse.storage, clock):
        first, spool = day_of(clock.now()), spool_of(warehouse.storage)
        state = State(warehouse.storage, Journal(spool / "journal"))
        agent = user_agent(sources)
        files = WarcFiles(landing, spool, f"newsfold/{_version()}", agent)
        files.recover(first)
        report = asyncio.run(_run(sources, state, files, clock, (agent, bounds, tell)))
        files.close()
        days = list(span(first, day_of(clock.now())))
        rows = list(_publish(warehouse, state, sources.sources, report, days))
        state.save()
    return Hour(report, files.published, rows)


def refuse_other_day(day: date | None, clock: Clock) -> None:
    """Raise SettingsError for another day than today: what is fetched now belongs to today, and no past day is written to."""
    today = day_of(clock.now())
    if day is not None and day != today:
        raise SettingsError(
            f"{day} can't be harvested: what is fetched belongs to the day of fetching, and today is {today} (UTC)"
        )


def user_agent(sources: Sources) -> str:
    """What servers are told: who asks, and where they can complain."""
    named = sources.user_agent or f"newsfold/{_version()}"
    return f"{named} (+{sources.contact})" if sources.contact else named


def spool_of(storage: Storage) -> Path:
    """Where a run keeps on this machine what is not stored yet: within a warehouse that is a folder, else in the user's cache."""
    if isinstance(storage, LocalStorage):
        return Path(storage.root) / layout.HARVEST / "open"
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "newsfold" / "harvest" / hashlib.sha256(storage.uri.encode()).hexdigest()[:16]


async def _run(
    sources: Sources,
    state: State,
    files: WarcFiles,
    clock: Clock,
    bounded: tuple[str, Bounds, Tell],
) -> Report:
    agent, bounds, tell = bounded
    budgets, options = bounds.budgets(), bounds.options
    budgets.of_host = sources.host_budget or budgets.of_host
    budgets.of_run = sources.run_budget or budgets.of_run
    if sources.revisit_hours is not None:
        options = replace(options, revisit_hours=sources.revisit_hours)
    async with Client(agent, clock.now, bounds.limits) as client:
        visitor = Visitor(client, state, clock, budgets, seed=str(day_of(clock.now())))
        return await Harvest(sources.sources, state, visitor, files, clock, options, tell).run()


def _publish(
    warehouse: Warehouse, state: State, sources: Sequence[Source], report: Report, days: Sequence[date]
) -> Iterator[dict[str, object]]:
    """Write the rows of the sources of this run into the journal's days, and into earlier ones those that a run which was killed has not
    written any more; those of others stay as they are.
    """
    accounts = Accounts(state)
    verdicts = {
        source.outlet: [
            report.health[address]
            for own in sources
            if own.outlet == source.outlet
            for address in (*own.feeds, *own.sitemaps, *own.lists)
            if address in report.health
        ]
        for source in sources
    }
    left = {outlet: accounts.unpublished(outlet) for outlet in verdicts}
    for day in sorted({*days, *itertools.chain.from_iterable(left.values())}):
        rows = [
            accounts.row(outlet, day, said)
            for outlet, said in verdicts.items()
            if day in left[outlet] or (day in days and accounts.of(outlet, day))
        ]
        if rows:
            made = {str(row["outlet"]) for row in rows}
            has = warehouse.has(HARVEST, day)
            kept = warehouse.read(HARVEST, day).to_pylist() if has else []
            table = HARVEST.table([*(row for row in kept if row["outlet"] not in made), *rows])
            warehouse.publish(HARVEST, day, table)
            for outlet in sorted(made):
                accounts.note_published(outlet, day)
            yield from rows


def _version() -> str:
    try:
        return metadata.version("newsfold")
    except metadata.PackageNotFoundError:  # it runs from a checkout that nobody installed
        return "0"
