"""State that a run reuses instead of computing it, where its manifest proves that it was made from the same inputs.

A stored partition names the published rows and the rules that it was made from. Where they are not those that the run
reads (a run broke off between two tables, another run is at work, the rules have changed, `gc` removed it), the state is
computed again in memory.
"""

from collections.abc import Mapping
from datetime import date

import pyarrow as pa

from pipeline.copies import signatures
from pipeline.day import inputs
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


def rows_of(warehouse: Warehouse, contract: Contract, day: date, version: str) -> pa.Table | None:
    """The rows of that version, None when it was replaced or cleaned away meanwhile."""
    try:
        return warehouse.read(contract, day, version=version)
    except (MissingInputError, ContractError):
        return None


def wanted_inputs(view: View, contract: Contract, day: date) -> dict[str, str]:
    return state_inputs(contract, {c.name: view.digest(c, day) for c in (ARTICLES, MEMBERSHIPS)})


def fitting(warehouse: Warehouse, contract: Contract, day: date, wanted: Mapping[str, str]) -> str:
    """The version of a stored partition if it was made from what is wanted, else ABSENT."""
    manifest = warehouse.manifest(contract, day)
    if manifest is None or not is_of_form(manifest, contract) or manifest.inputs != dict(wanted):
        return ABSENT
    standing = warehouse.standing(contract, day, confirm=True)
    return standing.version if standing.digest == manifest.digest else ABSENT
