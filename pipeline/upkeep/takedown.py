"""Takedown: see to it that nothing in the warehouse holds what was removed.

A day that holds a removed document is stale, and repair makes it again without it. A day that can't be made again, or is to stay as
it is (retired, its documents gone, held back), is struck: the rows of the document go from its tables, and its stories are summarised
again. The places of other articles stay there as they were. Of a day that was removed whole, nothing stays.
"""

import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.clean import removed
from pipeline.clean.removed import NAMED_BY, Removals
from pipeline.day import accounts, inputs, segments, story_partitions
from pipeline.day.desk import WorkDesk
from pipeline.day.result import Day, DayTables
from pipeline.day.reuse import MADE_FROM
from pipeline.engines.engine import Engine
from pipeline.model.arrow import Array, counts, distinct, is_in, texts
from pipeline.model.changes_table import Cause
from pipeline.model.contract import Contract
from pipeline.model.errors import MissingInputError
from pipeline.model.ids import day_of
from pipeline.model.internal_tables import BUCKETS, MEMBERS, SIGNATURES, TERMS
from pipeline.model.kinds import Reject
from pipeline.model.removal import days_of, digest_of
from pipeline.model.tables import (
    ADDITIONS,
    ARTICLES,
    FLOWS,
    LINKS,
    MEMBERSHIPS,
    REJECTS,
    REVISIONS,
    RUNS,
    STORIES,
)
from pipeline.search import files as search
from pipeline.store import layout, notes
from pipeline.store.local import LocalStorage
from pipeline.store.manifest import Manifest
from pipeline.store.storage import Entry, Storage
from pipeline.store.warehouse import Warehouse

log = logging.getLogger(__name__)

# The columns of a day's tables that name articles: a row goes with each of them. Members come before the stories that are summarised
# from them.
_NAMING = {
    LINKS: ("article_id", "other_id"),
    REVISIONS: ("article_id", "previous_id"),  # its sentences are those of both
    FLOWS: ("to_article_id", "from_article_id"),
    ADDITIONS: ("article_id",),
    ARTICLES: ("article_id",),
    MEMBERS: ("article_id",),
    MEMBERSHIPS: ("article_id",),
}
_DERIVED = (SIGNATURES, TERMS, BUCKETS)  # a run computes them again where they are not there
_STRIKING = "striking"  # in the place of the list's digest, while a day is being struck


# --- what holds a removed document ---------------------------------------------------------------------------------


def is_concerned(
    warehouse: Warehouse,
    listed: Removals,
    day: date,
    run: Manifest | None,
    files: Sequence[Entry],
    rules: str,
) -> bool:
    """Whether a published day holds a removed document, or lacks one that was taken back; also where that can't be told.

    `rules` are those of extraction.
    """
    if accounts.noted(run).removals == _STRIKING or named_in(warehouse, listed, day).num_rows:
        return True
    if listed and len(_quoted(warehouse, listed, day)):
        return True
    honoured = segments.removed_documents(warehouse.storage, day, files, listed, rules)
    return run is not None and honoured != run.inputs.get(inputs.removed_of(day), "")


def named_in(warehouse: Warehouse, listed: Removals, day: date, more: Sequence[str] = ()) -> pa.Table:
    """The published articles of a day that the list names: `article_id`, the columns of NAMED_BY, and `more`.

    Of a day without texts, what its stories are summarised from.
    """
    columns = ["article_id", *NAMED_BY, *more]
    parts = [_rows(warehouse, contract, day, columns) for contract in (ARTICLES, MEMBERS)]
    articles, members = (part.filter(_is_named(part, listed)) for part in parts)
    lacking = [one not in set(texts(articles["article_id"])) for one in texts(members["article_id"])]
    return pa.concat_tables([articles, members.filter(pa.array(lacking, pa.bool_()))])


def _is_named(rows: pa.Table, listed: Removals) -> Array:
    return pa.array([one is not None for one in removed.named(rows, listed)], pa.bool_())


def _rows(warehouse: Warehouse, contract: Contract, day: date, columns: list[str] | None = None) -> pa.Table:
    """The rows of a day's table; none where it is not there, or damaged."""
    with suppress(MissingInputError):
        return warehouse.read(contract, day, columns)
    return contract.empty() if columns is None else contract.empty().select(columns)


# --- a day that stays as it is ----------------------------------------------------------------------------------------


def strike(desk: WorkDesk, listed: Removals, day: date) -> None:
    """Take the removed documents out of a day that is not made again.

    Every id stays. Whoever is killed here finds the day to be struck again.
    """
    warehouse, name = desk.warehouse, layout.run_lock(day)
    with warehouse.storage.lock(name), warehouse.teller.session(Cause.REMOVAL, lock=name):
        broke_off = accounts.noted(warehouse.manifest(RUNS, day)).removals == _STRIKING
        _note(warehouse, day, _STRIKING)
        segments.honour(warehouse.storage, day, listed)
        gone = _gone(warehouse, listed, day)
        if gone or broke_off:  # its rows may be gone, its stories not yet made again
            _strike_tables(desk, day, gone)
        _strike_revisions(warehouse, listed, day)
        if gone or broke_off:
            search.drop(warehouse.storage, day)
        _recount(warehouse, day)
        _note(warehouse, day, digest_of(listed))
    log.info("struck day=%s articles=%d", day, len(gone))


def _gone(warehouse: Warehouse, listed: Removals, day: date) -> set[str]:
    """The articles to strike: those that the list names, and those that an earlier strike has left halfway."""
    named = set(texts(named_in(warehouse, listed, day)["article_id"]))
    members = set(texts(_rows(warehouse, MEMBERS, day, ["article_id"])["article_id"]))
    places = set(texts(_rows(warehouse, MEMBERSHIPS, day, ["article_id"])["article_id"]))
    return named | (places - members if members else set())


def _note(warehouse: Warehouse, day: date, honoured: str) -> None:
    """Note in the day's run what of the list it honours; and that it is not what its documents give: if they come, it is made again."""
    if run := warehouse.manifest(RUNS, day):
        warehouse.annotate(RUNS, day, {**run.notes, "removals": honoured, "landing": ""})


def _strike_tables(desk: WorkDesk, day: date, gone: set[str]) -> None:
    """Rejects first: a document is never in neither table."""
    warehouse, ids = desk.warehouse, pa.array(sorted(gone), pa.string())
    for contract in _DERIVED:
        _delete(warehouse, contract, day)
    _reject(warehouse, day, ids)
    for contract in [one for one in _NAMING if one is not MEMBERSHIPS]:
        _replace(warehouse, contract, day, _without(contract, _rows(warehouse, contract, day), ids))
    shares = story_partitions.shares(_rows(warehouse, MEMBERS, day))
    owed = story_partitions.owed(warehouse, day, shares)
    places = _without(MEMBERSHIPS, _rows(warehouse, MEMBERSHIPS, day), ids)
    _replace(warehouse, MEMBERSHIPS, day, places, story_partitions.manifest_notes(shares, owed))
    story_partitions.publish_stories(warehouse, desk.engine, day, owed, shares)
    _replace(warehouse, MEMBERSHIPS, day, places, story_partitions.manifest_notes(shares, []))


def _without(contract: Contract, rows: pa.Table, ids: Array) -> pa.Table:
    for name in _NAMING[contract]:
        rows = rows.filter(pc.invert(is_in(rows[name], ids)))
    return rows


def _reject(warehouse: Warehouse, day: date, ids: Array) -> None:
    articles = _rows(warehouse, ARTICLES, day, ["article_id", "raw_ref"])
    refs = texts(articles.filter(is_in(articles["article_id"], ids))["raw_ref"])
    plain = {"ingest_date": day, "stage": "extract", "reason": str(Reject.REMOVED)}
    more = REJECTS.table([{"raw_ref": ref, **plain} for ref in refs])
    known = _rows(warehouse, REJECTS, day)
    known = known.filter(pc.invert(is_in(known["raw_ref"], pa.array(refs, pa.string()))))
    _replace(warehouse, REJECTS, day, pa.concat_tables([known, more]))


def _replace(
    warehouse: Warehouse, contract: Contract, day: date, rows: pa.Table, said: dict[str, Any] | None = None
) -> None:
    """Publish rows in the place of what stands, as of the same run, and what its manifest says besides; no rows where nothing stands, or
    what stands is damaged.
    """
    manifest = warehouse.manifest(contract, day)
    if manifest is None:
        return
    notes = {name: value for name, value in manifest.notes.items() if name != MADE_FROM} | (said or {})
    if warehouse.digest(contract, day) == manifest.digest:
        warehouse.publish(contract, day, rows, manifest.inputs, notes)
    elif said:
        warehouse.annotate(contract, day, notes)


def _strike_revisions(warehouse: Warehouse, listed: Removals, day: date) -> None:
    gone = _quoted(warehouse, listed, day)
    if len(gone):
        _replace(warehouse, REVISIONS, day, _without(REVISIONS, _rows(warehouse, REVISIONS, day), gone))


def _quoted(warehouse: Warehouse, listed: Removals, day: date) -> Array:
    """The captures, of other days too, that the day's revisions quote, and that are to go or are gone."""
    before = texts(distinct(_rows(warehouse, REVISIONS, day, ["previous_id"])["previous_id"]))
    gone: list[str] = []
    for one in sorted(set(map(day_of, before))):
        there = set(texts(_rows(warehouse, MEMBERS, one, ["article_id"])["article_id"]))
        named = set(texts(named_in(warehouse, listed, one)["article_id"]))
        is_known = bool(there) or removed.is_day_removed(
            listed, one
        )  # else the table is lost, not the article
        gone += [p for p in before if day_of(p) == one and (p in named or (is_known and p not in there))]
    return pa.array(gone, pa.string())


def _recount(warehouse: Warehouse, day: date) -> None:
    """Count the day's row of `runs` again, from tables that all stand: of a retired day it says what its run made."""
    contracts = [one for one in inputs.OWN if one.published and one is not RUNS]
    run = _rows(warehouse, RUNS, day)
    if not run.num_rows or not all(warehouse.has(contract, day) for contract in contracts):
        return
    tables = DayTables(**{contract.name: _rows(warehouse, contract, day) for contract in contracts})
    made = Day(day, "", tables=tables)
    reasons = sorted(counts(tables.rejects["reason"]).items())
    row = run.to_pylist()[0] | accounts.count(made)
    row["rejects_by_reason"] = [{"reason": reason, "n": n} for reason, n in reasons]
    _replace(warehouse, RUNS, day, RUNS.table([row]), {"counts": accounts.counts_of(row)})


# --- days that were removed whole --------------------------------------------------------------------------------------


def clear_days(warehouse: Warehouse, engine: Engine[Any], listed: Removals) -> list[date]:
    """Remove all that stands of the days on the list; returns those of which something stood. Stories that began there and went on
    stay until the later days are made again.
    """
    days = sorted(map(date.fromisoformat, days_of(listed)))
    cleared = [day for day in days if _clear(warehouse, engine, day)]
    for day in days:
        _drop_empty_stories(warehouse, day)
    return cleared


_OF_DAY = (*inputs.OWN, *_DERIVED)


def _clear(warehouse: Warehouse, engine: Engine[Any], day: date) -> bool:
    stands = any(warehouse.has(c, day) or warehouse.manifest(c, day) for c in _OF_DAY)
    parts = [entry.path for entry in segments.segments_of(warehouse.storage, day)]
    notes.release(warehouse, day)
    notes.end(warehouse, day)
    for path in parts:
        warehouse.storage.delete(path)
    _drop_folder(warehouse.storage, layout.in_day(layout.EXTRACTED, day))
    name, own = layout.run_lock(day), story_partitions.touched(day, [])
    with warehouse.storage.lock(name), warehouse.teller.session(Cause.REMOVAL, own, name):
        if stands:
            _clear_tables(warehouse, engine, day)
        # After the tables: whoever was building an index of them waits for the lock, and finds them gone.
        search.drop(warehouse.storage, day)
        _drop_folder(warehouse.storage, layout.in_day(layout.SEARCH, day))
    return stands or bool(parts)


def _clear_tables(warehouse: Warehouse, engine: Engine[Any], day: date) -> None:
    """Memberships and runs come last: they say that there is something to clear, and in which stories."""
    last = (MEMBERSHIPS, RUNS)
    owed = story_partitions.owed(warehouse, day, {})
    for contract in _OF_DAY:
        if contract not in last:
            _delete(warehouse, contract, day)
    story_partitions.publish_stories(warehouse, engine, day, owed, {})
    for contract in last:
        _delete(warehouse, contract, day)


def _drop_empty_stories(warehouse: Warehouse, day: date) -> None:
    manifest = warehouse.manifest(STORIES, day)
    if manifest is not None and not manifest.n_rows and not manifest.inputs:
        lock = layout.partition_lock(STORIES, day)
        with warehouse.lock(STORIES, day), warehouse.teller.session(Cause.REMOVAL, lock=lock):
            _delete(warehouse, STORIES, day)


def _delete(warehouse: Warehouse, contract: Contract, day: date) -> None:
    storage = warehouse.storage
    warehouse.remove(contract, day)
    storage.delete(layout.manifest(contract, day))
    _drop_folder(storage, layout.partition_folder(contract, day))


def _drop_folder(storage: Storage, folder: str) -> None:
    """Remove a folder in which nothing stands: it would say that there is such a day."""
    if isinstance(storage, LocalStorage) and (empty := storage.emptied(folder, 0)):
        empty.remove()


# --- what else was made of tables ----------------------------------------------------------------------------------------


def sweep(storage: Storage, listed: Removals) -> None:
    """Remove what may still say what removed documents said: staged days that may not be published any more, the exported catalog with its
    older snapshots, and pages of `story_report`. All of it can be made again.
    """
    for path in [*_staged(storage, digest_of(listed)), *_made_of_tables(storage)]:
        storage.delete(path)


def _made_of_tables(storage: Storage) -> Iterator[str]:
    for folder in (layout.ICEBERG, layout.REPORTS):
        yield from [entry.path for entry in storage.walk(folder)]


def _staged(storage: Storage, honoured: str) -> Iterable[str]:
    """The files of staged days that were made by another list."""
    paths = sorted(entry.path for entry in storage.walk(layout.STAGING))
    for mark in [path for path in paths if path.endswith("/day.json")]:
        with suppress(FileNotFoundError, ValueError):  # it is published, or cleared away, meanwhile
            if json.loads(storage.read(mark)).get("removals", "") != honoured:
                folder = mark.removesuffix("day.json")
                yield from (path for path in paths if path.startswith(folder))
