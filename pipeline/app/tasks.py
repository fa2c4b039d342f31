"""The tasks that a scheduler calls: one function per task, with plain values in and out.

Each task is safe to repeat and safe to run twice at once. The places of the data come from the settings (`NEWSFOLD_LANDING`,
`NEWSFOLD_WAREHOUSE`, …). Results are small: counts, digests and paths, never articles.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from pipeline import read, settings
from pipeline.app.harvest_tasks import harvest, is_harvested, sources_file  # noqa: F401 - tasks, too
from pipeline.day import accounts, extract, inputs, landing_zone, run, staged
from pipeline.day.desk import Desk, WorkDesk, open_desk
from pipeline.day.publish import publish_day
from pipeline.engines.choose import open_engine
from pipeline.landing.files import has_files, list_files, pack
from pipeline.model.changes_table import Cause
from pipeline.model.contract import Contract
from pipeline.model.errors import InputChangedError, MissingInputError, PublishError
from pipeline.model.extras import without_explorer
from pipeline.model.tables import (
    ADDITIONS,
    ARTICLES,
    FLOWS,
    LINKS,
    MEMBERSHIPS,
    PUBLISHED,
    REJECTS,
    REVISIONS,
    RUNS,
)
from pipeline.search.build import build
from pipeline.store import layout, notes, parquet, removals
from pipeline.store.storage import ABSENT, Entry, Leftover, Storage, filler
from pipeline.store.view import Glance
from pipeline.upkeep import gate, gc, retention, status
from pipeline.upkeep import repair as repairing
from pipeline.upkeep.status import State

log = logging.getLogger(__name__)


_BATCH_BYTES = 64 * 2**20  # about 10 seconds of work, the least that is worth a task of its own


def begin(day: str, delivered: bool = False) -> list[dict[str, str]]:
    """Note that a run of the day begins; returns the days of its window that are missing, incomplete or stale.

    If nobody delivered the day, it is an empty day; with `delivered`, it is refused. A missing landing zone is always refused.
    """
    desk, when = _desk(), date.fromisoformat(day)
    status.warn_of_misnamed(desk)
    status.refuse_lost(desk)
    run.refuse_removed(desk, when)
    if delivered:
        status.days_to_make(desk, [when])
    landing_zone.claim(desk.warehouse.storage, desk.landing)
    notes.begin(desk.warehouse, when, delivered=has_files(desk.landing, when))
    earlier = repairing.days_between(
        desk, when - timedelta(days=desk.settings.window_days), when - timedelta(days=1)
    )
    return [
        {"day": str(step.day), "state": step.state}
        for step in repairing.plan(desk, earlier, held=True)
        if step.action == "run"
    ]


def plan_batches(day: str, max_batches: int) -> list[dict[str, int]]:
    """Split the day's landing files into at most `max_batches` equal batches; an empty day has none."""
    files = list_files(_desk().landing, date.fromisoformat(day))
    total = sum(f.size_bytes for f in files)
    n = min(max_batches, len(files), 1 + total // _BATCH_BYTES)
    log.info("planned day=%s files=%d bytes=%d batches=%d", day, len(files), total, n)
    return [{"batch": i, "of": n} for i in range(n)]


def clean_batch(day: str, batch: int, of: int) -> dict[str, int]:
    """Extract one batch of the day's landing files and keep the result for `cluster`."""
    desk, when = _work_desk(), date.fromisoformat(day)
    files = pack(list_files(desk.landing, when), of)[batch]
    extracted = extract.extract_day(desk, when, files)
    return {"files": len(files), "raw": extracted.num_rows}


def cluster(day: str, so_far: bool = False) -> dict[str, Any]:
    """Compute all tables of the day and stage them; returns the key for `publish`, the day's counts, and what publishing would lose."""
    desk = _work_desk()
    status.refuse_lost(desk)
    made = run.cluster_day(desk, date.fromisoformat(day), so_far=so_far)
    key = staged.put_down(desk.warehouse.storage, made)
    return {"key": key, "counts": gate.count(made), "lost": gate.losses(desk.warehouse, made)}


def judge(day: str, counts: dict[str, int]) -> list[str]:
    """What is unusual about a day with these counts, one sentence each; empty if nothing is."""
    return gate.judge(_desk().warehouse, date.fromisoformat(day), counts)


def hold(day: str, key: str, unusual: Sequence[str], lost: Sequence[str]) -> str:
    """Hold the staged day back until somebody decides; returns how to publish it anyway.

    `status` names the day, and `repair` leaves it alone.
    """
    desk, made = _desk(), staged.pick_up(_desk().warehouse.storage, key)
    gate.hold(desk.warehouse, made, [*unusual, *lost], is_lasting=bool(unusual))
    return gate.advice(desk, date.fromisoformat(day))


def publish(
    day: str, key: str, allowed: bool = False, so_far: bool = False, cause: str = Cause.RUN
) -> dict[str, Any]:
    """Publish a staged day; returns its counts, what changed, and the digest and path of each published table.

    If the day is no longer staged, another run may have published it: then its state is fresh, and nothing is done. Otherwise the
    day runs again. `allowed` is somebody's consent to what was held back when the day was judged. Raises HeldError when the day
    would lose most of its published articles without such consent.
    """
    desk, when = replace(_work_desk(), cause=Cause(cause)), date.fromisoformat(day)
    if allowed:
        notes.allow(desk.warehouse, when)
    try:
        made = staged.pick_up(desk.warehouse.storage, key)
        gate.admit(desk, made)
        report = publish_day(desk, made)
    except (MissingInputError, PublishError) as error:
        if status.check(desk.landing, desk.warehouse, desk.settings, when).state == State.FRESH:
            log.info("day=%s was published by another run meanwhile", day)
            return {"changed": [], **describe(desk, when)}
        log.warning("running day=%s again: %s", day, error)
        report = run.run_day(desk, when, partial(gate.admit, desk), so_far=so_far)
    staged.clear(desk.warehouse.storage, key)
    return {"changed": list(report.changed), **describe(desk, when)}


def plan_repair(today: str) -> list[dict[str, Any]]:
    """What `repair` would do, oldest first: each day with its state, the action and the reasons."""
    desk = _desk()
    status.refuse_lost(desk)
    days = repairing.days_between(desk, None, None)
    steps = repairing.plan(desk, days, today=date.fromisoformat(today))
    for step in steps:
        log.info(
            "%s day=%s state=%s because=%s",
            step.action,
            step.day,
            step.state,
            "; ".join(map(str, step.reasons)),
        )
    return [{**step.as_dict(), "day": str(step.day)} for step in steps]


def repair(
    planned: Sequence[str], today: str, stop_unusual: bool = False, busy: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """Run the days before `today` that are not fresh, oldest first; returns the planned days and those that ran, as `publish` does.

    A day that would lose most of its published articles is held back. With `stop_unusual`, so is an unusual day that was never
    published. `busy` days, which other runs are making, are left alone and are not returned.
    """
    desk = _work_desk()
    status.refuse_lost(desk)
    left = set(map(date.fromisoformat, busy))
    days = [day for day in repairing.days_between(desk, None, None) if day not in left]
    repaired = repairing.repair(desk, days, today=date.fromisoformat(today), stop_unusual=stop_unusual)
    changed = {done.day: list(done.changed) for _, done in repaired}
    told = sorted(
        changed.keys() | {d for d in map(date.fromisoformat, planned) if desk.warehouse.has(RUNS, d)} - left
    )
    return [{"changed": changed.get(day, []), **describe(desk, day)} for day in told]


def clean_up(older_than_hours: float, today: str) -> dict[str, int]:
    """Remove what crashed runs left behind and state that no run will read again."""
    desk, age, when = _desk(), older_than_hours * 3600, date.fromisoformat(today)
    heads = gc.index_of_heads(desk.warehouse)
    removed = _remove(gc.leftovers(desk.landing, desk.warehouse, desk.settings, age, when, heads))
    heads.save()
    return removed


def retire(today: str) -> dict[str, int]:
    """Remove the texts of days older than the setting `keep_days`; nothing if it is 0.

    Raises HeldError when more than a fifth of the days would lose theirs: `newsfold retire --most` gives consent.
    """
    desk = _desk()
    if not desk.settings.keep_days:
        return {"files": 0, "bytes": 0}
    first = retention.due(desk.warehouse, desk.settings, desk.settings.keep_days, date.fromisoformat(today))
    retention.refuse_most(desk.warehouse, first, desk.settings.keep_days)
    return retention.retire(desk.warehouse, first, desk.settings.window_days)


def build_search_indexes() -> dict[str, int]:
    """Build the search index of each published day that has none that fits; returns how many days were built, fit, are not whole or were retired."""
    found = Counter(str(one.outcome).replace(" ", "_") for one in build(_desk().warehouse))
    log.info("search indexes %s", " ".join(f"{outcome}={n}" for outcome, n in sorted(found.items())))
    return dict(found)


def survey(today: str) -> dict[str, Any]:
    """The warehouse in numbers: days, rows and bytes of each published table; the days that are over, by state; the days held back."""
    desk, when = _desk(), date.fromisoformat(today)
    tables = {contract.name: _sizes(desk, contract) for contract in PUBLISHED}
    states = Counter(str(found.state) for found in status.status(desk, today=when) if found.day < when)
    states.update(held=len(notes.held(desk.warehouse)))
    for name, sizes in tables.items():
        log.info("table=%s %s", name, " ".join(f"{k}={v}" for k, v in sizes.items()))
    log.info("days %s", " ".join(f"{state}={n}" for state, n in sorted(states.items())))
    return {"tables": tables, "days": dict(states)}


def days_to_report() -> list[str]:
    """The published days whose page is missing or is about another version of the day, oldest first."""
    desk = _desk()
    days = desk.warehouse.days(RUNS)
    return [str(day) for day in days if _version_line(describe(desk, day)) not in _page(desk, day)]


def _page(desk: Desk, day: date) -> list[str]:
    """The lines of a day's page; none where there is no page."""
    try:
        return desk.warehouse.storage.read(layout.report(day)).decode(errors="replace").splitlines()
    except FileNotFoundError:
        return []


def _version_line(described: dict[str, Any]) -> str:
    return f"- version: {described['digest']}"


def write_report(day: str) -> str:
    """Write a page about a published day beside the tables; returns its path. This is an example of a consumer.

    Raises InputChangedError where a table was replaced meanwhile.
    """
    desk, when = _desk(), date.fromisoformat(day)
    return _put_page(desk, layout.report(when), lambda: _report(desk, when))


def _report(desk: Desk, day: date) -> bytes:
    found = describe(desk, day)
    lines = [
        f"# {day}",
        "",
        *(f"- {name.removeprefix('n_')}: {n}" for name, n in found["counts"].items()),
        _version_line(found),
        "",
    ]
    page_path = layout.page(day)
    if desk.warehouse.storage.version(page_path) != ABSENT:
        lines.insert(1, f"\n[The day as one page]({page_path.rpartition('/')[2]})")
    top = read.largest_stories(desk.warehouse, [day], 10)
    lines += [f"1. {s['title']} ({_reach(s)})" for s in top]
    taken = read.network_of(desk.warehouse, [day], 5)["sources"] if desk.warehouse.has(FLOWS, day) else []
    lines += ["", *(f"- from {s['source']}: {_taken(s)}" for s in taken)] if taken else []
    log.info("reported day=%s stories=%d", day, found["counts"]["n_stories"])
    return "\n".join(lines).encode()


def write_page(day: str) -> str | None:
    """Write a published day as one HTML file beside its report, as `newsfold page` does; returns its path.

    Without the extra `explorer` no file is written, and the log says so. Raises InputChangedError where a table was replaced meanwhile.
    """
    try:
        from pipeline.explorer.day_file import day_file
        from pipeline.explorer.snapshot import Library
    except ImportError as error:
        log.warning("no page of day=%s: %s", day, without_explorer(error))
        return None
    desk, when = _desk(), date.fromisoformat(day)

    def make() -> bytes:
        threshold = desk.settings.least_story_score
        made = Library(desk.warehouse).answer(lambda snapshot: day_file(snapshot, when, threshold))
        log.info("wrote page of day=%s bytes=%d stories=%d", day, len(made.data), made.n_full)
        return made.data

    return _put_page(desk, layout.page(when), make)


def _put_page(desk: Desk, path: str, make: Callable[[], bytes]) -> str:
    """Write a page, and remove it again where what it was made from changed meanwhile. Who removes or retires texts takes them from the tables
    first, then looks for pages: so either finds the other.
    """
    storage = desk.warehouse.storage
    rules, files = _rules(desk), _files(storage)
    storage.replace(path, filler(make()))
    if rules != _rules(desk) or files - _files(storage):
        storage.delete(path)
        raise InputChangedError(f"{storage.uri}: tables were replaced while {path} was written")
    return f"{storage.uri}/{path}"


def _rules(desk: Desk) -> tuple[object, date]:
    """What was removed, and which days were retired."""
    return removals.read(desk.warehouse.storage), notes.retired_before(desk.warehouse)


def _files(storage: Storage) -> set[Entry]:
    return {entry for contract in PUBLISHED for entry in storage.walk(layout.table(contract))}


def _reach(story: dict[str, Any]) -> str:
    """How many reported it, and how many sources that comes from."""
    known = ("n_articles", "n_outlets", "n_newsrooms", "n_agencies", "n_sources")
    return ", ".join(f"{story[n]} {n.removeprefix('n_')}" for n in known if story[n] is not None)


def _taken(source: dict[str, Any]) -> str:
    return f"{source['n_texts']} texts, taken {source['n_taken']} times by {source['n_outlets']} outlets"


def describe(desk: Desk, day: date) -> dict[str, Any]:
    """A published day as consumers need it: counts, and the path and digest of each table.

    `digest` covers what a run of the day itself shows to readers: the tables that no other run replaces, and from `runs` the counts,
    settings and versions. It stays the same when a later day adds to one of the day's stories, and when the day runs again, on
    other input or not, and gives the same rows.
    """
    tables = {
        contract.name: {
            "path": f"{desk.warehouse.storage.uri}/{desk.warehouse.path(contract, day)}",
            "digest": desk.warehouse.digest(contract, day),
        }
        for contract in PUBLISHED
    }
    own = {
        c.name: tables[c.name]["digest"]
        for c in (ARTICLES, REJECTS, LINKS, MEMBERSHIPS, REVISIONS, FLOWS, ADDITIONS)
    }
    run_row = desk.warehouse.read(RUNS, day)
    row = run_row.to_pylist()[0]
    own["run"] = parquet.digest(
        run_row.drop_columns(["inputs"])
    )  # what it read changes with each repair of an earlier day
    digest, uri = inputs.of_mapping(own)[:16], desk.warehouse.storage.uri
    return {
        "day": str(day),
        "warehouse": uri,
        "digest": digest,
        "counts": accounts.counts_of(row),
        "is_complete": row["is_complete"] is not False,
        "tables": tables,
    }


def landing_uri() -> str:
    """The URI of the landing zone."""
    return _chosen().landing


def table_uris() -> list[str]:
    """The URIs of the published tables."""
    return [f"{_chosen().warehouse}/{layout.table(contract)}" for contract in PUBLISHED]


def _remove(found: Iterable[Leftover]) -> dict[str, int]:
    gone = Counter[str](files=0, bytes=0)
    for one in found:
        log.info("removing bytes=%d %s", one.size_bytes, one.what)
        one.remove()
        gone.update(files=1, bytes=one.size_bytes)
    return dict(gone)


def _sizes(desk: Desk, contract: Contract) -> dict[str, int]:
    days, glance = desk.warehouse.days(contract), Glance(desk.warehouse)
    glance.look((contract, day) for day in days)
    manifests = [found for day in days if (found := glance.manifest(contract, day))]
    files = list(desk.warehouse.storage.walk(layout.table(contract)))
    return {
        "days": len(days),
        "rows": sum(m.n_rows for m in manifests),
        "bytes": sum(f.size_bytes for f in files),
    }


def _desk() -> Desk:
    """A desk for tasks that only read: opening a Spark session takes half a minute."""
    return open_desk(_chosen())


def _work_desk() -> WorkDesk:
    chosen = _chosen()
    return open_desk(chosen, open_engine(chosen))


def _chosen() -> settings.Settings:
    return landing_zone.resolve(settings.load())
