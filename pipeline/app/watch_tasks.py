"""Tasks of the DAGs that look whether all is well: how old the newest day is, and whether a day keeps the contract."""

from datetime import date
from typing import Any

from pipeline import settings
from pipeline.app import request
from pipeline.day import accounts, landing_zone
from pipeline.model.errors import NewsfoldError
from pipeline.model.tables import RUNS
from pipeline.store.uris import open_storage
from pipeline.store.warehouse import Warehouse
from pipeline.upkeep import breaches
from pipeline.upkeep import freshness as judging

_TOLD = 20  # rules in an event


class LateError(NewsfoldError):
    """The newest published day ended too long ago."""


def freshness(max_age: str) -> dict[str, Any]:
    """How old the newest published day is; raises LateError with the sentence if it ended longer ago than `max_age` (as `26h`)."""
    found = judging.freshness(_warehouse(), judging.parse_age(max_age), request.now())
    if not found.is_fresh:
        raise LateError(found.sentence)
    return {**found.as_dict(), "newest_day": str(found.newest)}


def quality(day: str) -> dict[str, Any]:
    """What a consumer may want to know of a published day before reading it: rules of the contract that it breaks, and what it left out."""
    warehouse, when = _warehouse(), date.fromisoformat(day)
    found = list(breaches.breaches(warehouse, [when]))
    (row,) = warehouse.read(RUNS, when).to_pylist()
    counts = accounts.counts_of(row)
    return {
        "n_breaches": len(found),
        "breaches": [f"{one.table}: {one.rule}" for one in found[:_TOLD]],
        "rejected_share": round(counts["n_rejects"] / counts["n_raw"], 6) if counts["n_raw"] else 0.0,
        "rejects": {one["reason"]: one["n"] for one in row["rejects_by_reason"]},
        "n_stage_faults": counts["n_stage_faults"],
        "is_capped": row["is_capped"],
    }


def _warehouse() -> Warehouse:
    return Warehouse(open_storage(landing_zone.resolve(settings.load()).warehouse))
