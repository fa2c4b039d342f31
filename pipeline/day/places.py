"""Places of the day's articles as published, where they were made from what a run would make them from now.

Links, revisions and places follow from the day's articles, those of the window, their places, and the rules; whose an article is
has no part in them. So an edit of the outlets' file compares no pair of texts again. The manifest of `memberships` keeps one
fingerprint of all that, in which an earlier day stands by its own: its digest would change with the columns that are left out.
"""

import logging
from datetime import date

from pipeline.day import accounts, inputs
from pipeline.day.desk import WorkDesk
from pipeline.day.result import Day
from pipeline.day.reuse import MADE_FROM, fitting, rows_of, state_inputs
from pipeline.model.contract import VERSION, Contract
from pipeline.model.internal_tables import LINES, SIGNATURES, TERMS
from pipeline.model.tables import ARTICLES, LINKS, MEMBERSHIPS, REVISIONS, RUNS
from pipeline.settings import Settings
from pipeline.store.manifest import Manifest, is_of_form
from pipeline.store.view import View
from pipeline.store.warehouse import Warehouse

log = logging.getLogger(__name__)

_OF_PLACING = (LINKS, REVISIONS, MEMBERSHIPS)
_STATE = (SIGNATURES, TERMS)
_WITHOUT = frozenset(
    {inputs.OUTLETS, "rules/flows", "rules/additions"}
)  # of the recipe: nothing of them is in a place


def take_places(desk: WorkDesk, view: View, made: Day) -> bool:
    """Take links, revisions, places and state of the day as they are published; returns whether that would give the same.

    Agencies are as they were. Also notes what the places are made from, for the next run.
    """
    made_from = _fingerprint(view, desk.settings, made)
    if made_from is None:
        return False
    made.fingerprints[MEMBERSHIPS.name] = made_from
    found = _published(desk.warehouse, made.day, made_from)
    if found is None:
        return False
    for contract, rows in found.items():
        setattr(made.tables, contract.name, rows)
    log.info("placed day=%s articles=%d as published", made.day, made.tables.memberships.num_rows)
    return True


def _fingerprint(view: View, settings: Settings, made: Day) -> str | None:
    """None where an earlier day does not say what it was made from: a run before wrote it that did not keep that."""
    said: dict[str, str | None] = {"contract": str(VERSION), "articles": made.fingerprints[ARTICLES.name]}
    said |= {name: value for name, value in made.recipe.items() if name not in _WITHOUT}
    for contract, day in inputs.read_by(settings, made.day):
        name = f"{contract.name}/{day}"
        if contract is not LINES and name in view.digests:  # lines are in the fingerprint of the articles
            said[name] = view.note(contract, day, MADE_FROM)
    known = {name: value for name, value in said.items() if value is not None}
    return inputs.of_mapping(known) if known.keys() == said.keys() else None


def _published(warehouse: Warehouse, day: date, made_from: str) -> dict[Contract, object] | None:
    """The tables, by contract; None where they are of several runs, or a stage raised on a document of the day."""
    run = warehouse.manifest(RUNS, day)
    manifests = {c: warehouse.manifest(c, day) for c in (ARTICLES, *_OF_PLACING)}
    if run is None or accounts.recorded_counts(run).get("n_stage_faults") != 0:
        return None
    if not all(_is_of(run, contract, manifest) for contract, manifest in manifests.items()):
        return None
    there = {c: manifest for c, manifest in manifests.items() if manifest}
    if there[MEMBERSHIPS].notes.get(MADE_FROM) != made_from:
        return None
    wanted = {c: there[c].version for c in _OF_PLACING}
    digests = {c.name: manifest.digest for c, manifest in there.items()}
    wanted |= {c: fitting(warehouse, c, day, state_inputs(c, digests)) for c in _STATE}
    found = {c: rows_of(warehouse, c, day, version) if version else None for c, version in wanted.items()}
    return None if any(rows is None for rows in found.values()) else dict(found)


def _is_of(run: Manifest, contract: Contract, manifest: Manifest | None) -> bool:
    return manifest is not None and is_of_form(manifest, contract) and manifest.inputs == run.inputs
