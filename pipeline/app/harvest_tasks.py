"""The tasks of the DAG `news_harvest`, and what `news_stories` asks about it. `NEWSFOLD_SOURCES` names the sources' file."""

import os
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pipeline import settings
from pipeline.app.counted import counted
from pipeline.day import landing_zone
from pipeline.model.errors import SettingsError
from pipeline.model.extras import install_command
from pipeline.store.uris import open_storage
from pipeline.store.warehouse import Warehouse
from pipeline.upkeep.source_health import OK, sentence_of

_MINUTES = 50  # the next run begins after an hour


def sources_file() -> str | None:
    """The sources' file; None where nothing is harvested here."""
    return os.environ.get("NEWSFOLD_SOURCES") or None


def harvest() -> dict[str, Any]:
    """Harvest what is due now, into the UTC day of fetching, whatever day the run is of: a second try writes to no day that is past.

    Returns counts by kind of outcome, the files, of each source that is not well its verdict with why, and all that for a person.
    """
    try:
        from pipeline.harvest import hour
        from pipeline.harvest.clock import Clock
        from pipeline.harvest.sources import read_sources
        from pipeline.harvest.visit import Budgets
    except ImportError as error:
        raise SettingsError(
            f"news_harvest needs the extra [harvest], {error.name} is missing: {install_command('harvest')}"
        ) from error

    chosen, clock = landing_zone.resolve(settings.load()), Clock()
    landing = open_storage(chosen.landing or "", chosen.lease_seconds)
    warehouse = Warehouse(open_storage(chosen.warehouse or "", chosen.lease_seconds))
    ends_at = clock.now() + timedelta(minutes=_MINUTES)
    bounds = hour.Bounds(budgets=lambda: Budgets(ends_at=ends_at))
    done = hour.harvest_hour(read_sources(Path(sources_file() or "")), landing, warehouse, clock, bounds)
    if done.files:
        landing_zone.claim(warehouse.storage, landing)
    kinds: dict[str, int] = {}
    for outcome in done.report.outcomes.values():
        kinds[outcome.partition(":")[0]] = kinds.get(outcome.partition(":")[0], 0) + 1
    last = {str(row["outlet"]): row for row in done.rows}  # a run over midnight has two of an outlet
    unwell = {
        outlet: {"health": row["health"], "why": sentence_of(row)}
        for outlet, row in sorted(last.items())
        if row["health"] != OK
    }
    counts = {**kinds, "new": done.report.n_new}
    summary = _summary(counts, len(done.files), len(last), unwell)
    return {"counts": counts, "files": done.files, "unwell": unwell, "summary": summary}


def _summary(
    counts: Mapping[str, int], n_files: int, n_sources: int, unwell: Mapping[str, Mapping[str, object]]
) -> str:
    """In Markdown: a line of counts, and one for each source that is not well."""
    found = f"{counted(counts['new'], 'new page')} of {counted(n_sources, 'source')} in {counted(n_files, 'file')}"
    told = [f"- {outlet}: {said['health']}, {said['why']}" for outlet, said in unwell.items()]
    return "\n".join([f"{found}; {len(unwell):,} not well" if unwell else found, *told])


def is_harvested(day: str) -> bool:
    """Whether no harvest that began on that day is at work any more; always where nothing is harvested here."""
    if sources_file() is None:
        return True
    from pipeline.harvest.running import is_at_work

    chosen = settings.load()
    return not is_at_work(open_storage(chosen.warehouse or "", chosen.lease_seconds), date.fromisoformat(day))
