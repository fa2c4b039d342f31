"""Publish a day: tables in the order in which a crash does least harm, and the row of `runs` last."""

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, BinaryIO

import pyarrow as pa

from pipeline.day import accounts, clean, reuse, segments, story_partitions
from pipeline.day.desk import Desk, WorkDesk
from pipeline.day.inputs import OWN, recipe
from pipeline.day.result import Day, RunReport
from pipeline.day.reuse import MADE_FROM
from pipeline.model.contract import VERSION, Contract
from pipeline.model.errors import (
    ConservationError,
    ContractError,
    InputChangedError,
    OvertakenError,
    PublishError,
)
from pipeline.model.internal_tables import MEMBERS, SIGNATURES, TERMS
from pipeline.model.removal import digest_of
from pipeline.model.tables import ARTICLES, MEMBERSHIPS, RUNS, STORIES
from pipeline.search import files
from pipeline.store import layout, parquet, removals
from pipeline.store.ahead import LEAST_BYTES, Ahead, MadeAhead
from pipeline.store.notes import end, release, retired_before
from pipeline.store.warehouse import Warehouse, late

log = logging.getLogger(__name__)


def publish_day(desk: WorkDesk, made: Day) -> RunReport:
    """Publish what `cluster_day` made: articles, rejects, links, revisions, flows, additions, memberships, then the stories they touch, then the run.

    Raises OvertakenError when the day was published by another run since, PublishError when it was made by other settings or rules,
    InputChangedError when something was removed, or taken back, since, or the day was retired.
    """
    warehouse, day = desk.warehouse, made.day
    with (
        made.timed("publish"),
        warehouse.storage.lock(layout.run_lock(day)),
        Ahead(desk.settings.n_workers) as ahead,
    ):
        _refuse_other_rules(desk, made)
        _refuse_other_removals(desk, made)
        _refuse_retired(warehouse, day)
        tables = made.tables.by_name() | {RUNS.name: accounts.run_table(made)}
        refuse_late(warehouse, OWN, day, tables, made.expected)
        changed, row = _publish(desk, made, ahead)
    warehouse.index_written((*OWN, STORIES))
    counted = " ".join(f"{name}={value}" for name, value in accounts.counts_of(row).items())
    log.info("published day=%s %s changed=%s", day, counted, ",".join(changed) or "nothing")
    return RunReport(day, row, made.seconds, made.peak_mb, tuple(changed))


def _publish(desk: WorkDesk, made: Day, ahead: Ahead) -> tuple[list[str], dict[str, Any]]:
    """Put the tables in their places, in the order in which a crash does least harm; returns what changed, and the row of the run.

    The run comes last, since it also lists the articles that no story could be summarised with.
    """
    warehouse, day, changed, tables = desk.warehouse, made.day, [], made.tables.by_name()
    digests = ahead.digests(tables)
    begun = _begun(warehouse, made, digests, ahead)
    shares = story_partitions.shares(made.tables.members)
    owed = story_partitions.owed(warehouse, day, shares)
    partitions = story_partitions.touched(day, owed)
    differs = story_partitions.difference(warehouse, day, made.tables.members) if owed else None

    def put(contract: Contract, notes: dict[str, Any] | None = None) -> None:
        inputs = reuse.state_inputs(contract, digests) or made.inputs | made.recipe
        name, expected = contract.name, made.expected.get(contract.name)
        known = MadeAhead(digests[name], begun.get(name))
        if warehouse.publish(contract, day, tables[name], inputs, notes, expected, known).changed:
            changed.append(contract.name)

    # In this order, so that whoever is killed leaves every document its text.
    if warehouse.standing(ARTICLES, day).digest != digests[ARTICLES.name]:
        segments.take_back_texts(warehouse.storage, day, made.tables.articles)
    shared = ahead.begin(segments.without_texts, warehouse.storage, day, made.tables.articles)
    with warehouse.teller.session(desk.cause, partitions, layout.run_lock(day)):
        for contract in _FIRST:
            put(contract, clean.manifest_notes(contract, made.fingerprints, made.faults))
        # A stage that failed may not fail again, so what it left out does not follow from what was read.
        made_from = {MADE_FROM: None if made.faults else made.fingerprints.get(MEMBERSHIPS.name)}
        put(MEMBERSHIPS, story_partitions.manifest_notes(shares, owed) | made_from)
        changed += story_partitions.publish_stories(warehouse, desk.engine, day, owed, shares, differs)
        warehouse.annotate(MEMBERSHIPS, day, story_partitions.manifest_notes(shares, []) | made_from)
        made.faults |= story_partitions.faults_of(warehouse, shares)
        searched = files.made_from(digests[ARTICLES.name], digests[MEMBERSHIPS.name])
        files.drop(warehouse.storage, day, searched)  # its words may be those of a text that was removed
        tables[RUNS.name] = run = accounts.run_table(made)
        digests[RUNS.name], row = parquet.digest(run), run.to_pylist()[0]
        put(RUNS, accounts.manifest_notes(made, row, warehouse.manifest(RUNS, day), digests))
    segments.share_texts(warehouse.storage, shared.result())
    end(warehouse, day)
    release(warehouse, day)
    return changed, row


# In this order, before memberships and the stories that these touch.
_FIRST = (*OWN[: OWN.index(MEMBERS)], SIGNATURES, TERMS, MEMBERS)


def _begun(
    warehouse: Warehouse, made: Day, digests: Mapping[str, str], ahead: Ahead
) -> dict[str, Callable[[BinaryIO], None]]:
    """What writes the files of large tables that will be replaced: threads make them, while each waits for its turn."""
    found, tables = {}, made.tables.by_name()
    for contract in (*_FIRST, MEMBERSHIPS):
        name, rows = contract.name, tables[contract.name]
        if rows.nbytes < LEAST_BYTES:
            continue
        standing = warehouse.standing(contract, made.day, confirm=True)
        if (standing.digest, standing.form) != (digests[name], contract.form):
            found[name] = ahead.write(contract, rows)
    return found


def refuse_late(
    warehouse: Warehouse,
    contracts: Iterable[Contract],
    day: date,
    tables: Mapping[str, pa.Table],
    expected: Mapping[str, str],
) -> None:
    """Raise OvertakenError when a partition is neither what it was at `expected` nor what `tables` would make it.

    Raises ContractError when a later version of the contract stands there: it would be lost.
    """
    uri = warehouse.storage.uri
    for contract in contracts:
        manifest = warehouse.manifest(contract, day)
        if manifest and manifest.contract_version > VERSION:
            raise ContractError(
                f"{uri}: {contract.name} of {day} was written by a later newsfold (contract version "
                f"{manifest.contract_version}; this one knows {VERSION}): nothing was replaced"
            )
        standing, made = warehouse.standing(contract, day), tables[contract.name]
        if standing.version != expected[contract.name] and standing.digest != parquet.digest(made):
            raise OvertakenError(late(uri, contract, day))


def _refuse_other_rules(desk: Desk, made: Day) -> None:
    now = recipe(desk.settings)
    if other := [name for name, value in made.recipe.items() if now.get(name) != value]:
        raise PublishError(
            f"day {made.day} was made with other {', '.join(other)}; run its cluster step again"
        )


def _refuse_other_removals(desk: Desk, made: Day) -> None:
    """What was removed while the day was being made may be in it."""
    if digest_of(removals.read(desk.warehouse.storage)) != made.removals:
        raise InputChangedError(
            f"day {made.day}: the list of removals changed while it was being made; run its cluster step again"
        )


def _refuse_retired(warehouse: Warehouse, day: date) -> None:
    """Texts that were retired while the day was being made would stand again."""
    if day < retired_before(warehouse):
        raise InputChangedError(f"day {day} was retired while it was being made: nothing was published")


def conserve(made: Day, n_raw: int) -> None:
    """Rows are conserved, or the run stops before anything is published."""
    n = {name: table.num_rows for name, table in made.tables.by_name().items()}
    if n_raw != n["articles"] + n["rejects"]:
        raise ConservationError(
            f"day {made.day}: {n_raw} raw documents became {n['articles']} articles and {n['rejects']} rejects"
        )
    if made.tables.articles["article_id"] != made.tables.memberships["article_id"]:
        raise ConservationError(
            f"day {made.day}: {n['articles']} articles have {n['memberships']} memberships"
        )
