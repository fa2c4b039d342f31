"""State that a run reuses instead of computing it, where its manifest proves that it was made from the same inputs.

A stored partition names the published rows and the rules that it was made from. Where they are not those that the run
reads (a run broke off between two tables, another run is at work, the rules have changed, `gc` removed it), the state is
computed again in memory.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import numpy as np
import pyarrow as pa

from pipeline.copies import signatures
from pipeline.day import inputs
from pipeline.model.alike import are_same
from pipeline.model.arrow import Array, find, is_in
from pipeline.model.contract import Contract
from pipeline.model.errors import ContractError, MissingInputError
from pipeline.model.internal_tables import SIGNATURES, TERMS
from pipeline.model.tables import ARTICLES, MEMBERSHIPS
from pipeline.store.manifest import is_of_form
from pipeline.store.storage import ABSENT
from pipeline.store.view import View
from pipeline.store.warehouse import Warehouse

MADE_FROM = "made_from"  # the note in a manifest that keeps the fingerprint of a table


def state_inputs(contract: Contract, digests: Mapping[str, str]) -> dict[str, str]:
    """Inputs and rules of a state table, by name; `digests` are those of the day's published tables. None for other tables."""
    if contract is SIGNATURES:
        return {
            "articles": digests["articles"],
            "rules/copies": inputs.of_rules("copies"),
            "sketches": signatures.described(),
        }
    if contract is TERMS:
        return {name: digests[name] for name in ("articles", "memberships")} | {
            "rules/stories": inputs.of_rules("stories")
        }
    return {}


def stored_rows(view: View, contract: Contract, day: date) -> pa.Table | None:
    version = fitting(view.warehouse, contract, day, wanted_inputs(view, contract, day))
    return rows_of(view.warehouse, contract, day, version) if version else None


PIECE_ROWS = 2_000  # in memory at once: of TERMS 6 MB


def stored_pieces(view: View, contract: Contract, day: date) -> Iterator[pa.Table]:
    """The same, some rows at a time, each read when it is asked for. Raises MissingInputError or ContractError where that can't be."""
    warehouse, wanted = view.warehouse, wanted_inputs(view, contract, day)
    version, manifest = fitting(warehouse, contract, day, wanted), warehouse.manifest(contract, day)
    if not version or manifest is None:
        raise MissingInputError(f"{contract.name} of {day}: made from other tables, or by other rules")
    if manifest.n_rows <= PIECE_ROWS:  # in one piece, which the warehouse may have kept
        yield warehouse.read(contract, day, version=version)
        return
    try:
        yield from warehouse.pieces(contract, day, version, PIECE_ROWS)
    except FileNotFoundError as error:
        raise MissingInputError(f"{contract.name} of {day}: {error}") from error


def rows_of(
    warehouse: Warehouse, contract: Contract, day: date, version: str, columns: list[str] | None = None
) -> pa.Table | None:
    """The rows of that version, None when it was replaced or cleaned away meanwhile."""
    try:
        return warehouse.read(contract, day, columns, version=version)
    except (MissingInputError, ContractError):
        return None


def standing_rows(
    warehouse: Warehouse, contract: Contract, day: date, columns: list[str] | None = None
) -> pa.Table | None:
    """The rows that the manifest of a partition is about; None where it has another form, or something else stands there."""
    manifest = warehouse.manifest(contract, day)
    if manifest is None or not is_of_form(manifest, contract):
        return None
    standing = warehouse.standing(contract, day, confirm=True)
    if standing.digest != manifest.digest:
        return None
    return rows_of(warehouse, contract, day, standing.version, columns)


def among(table: pa.Table, ids: Array) -> pa.Table:
    """The rows of these articles."""
    return table.filter(is_in(table["article_id"], ids))


def unchanged(now: pa.Table, before: pa.Table, columns: Sequence[str]) -> Array:
    """The articles that have the same values in these columns of both tables, by their ids; none of them twice."""
    if not now["article_id"].equals(before["article_id"]):  # in a run that changes nothing they are equal
        at = find(now["article_id"], before["article_id"])
        now, before = now.filter(at.is_valid()), before.take(at.drop_null())
    same = np.ones(now.num_rows, np.bool_)
    for name in columns:
        same &= are_same(now[name], before[name])
    return now["article_id"].filter(pa.array(same)).combine_chunks()


def wanted_inputs(view: View, contract: Contract, day: date) -> dict[str, str]:
    return state_inputs(contract, {c.name: view.digest(c, day) for c in (ARTICLES, MEMBERSHIPS)})


def fitting(warehouse: Warehouse, contract: Contract, day: date, wanted: Mapping[str, str]) -> str:
    """The version of a stored partition if it was made from what is wanted, else ABSENT."""
    manifest = warehouse.manifest(contract, day)
    if manifest is None or not is_of_form(manifest, contract) or manifest.inputs != dict(wanted):
        return ABSENT
    standing = warehouse.standing(contract, day, confirm=True)
    return standing.version if standing.digest == manifest.digest else ABSENT
