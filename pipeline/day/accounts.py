"""What a run counts: the row of `runs`, with the faults of its documents."""

import logging
from collections import Counter
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.day import clean
from pipeline.day.made import Day
from pipeline.engines.faults import as_table, refuse_broken
from pipeline.model import versions
from pipeline.model.ids import prefix_of
from pipeline.model.kinds import Kind, Reject
from pipeline.model.published import RUNS
from pipeline.text import lexicon

log = logging.getLogger(__name__)


def tell_faults(made: Day) -> None:
    """Warn of the documents on which a stage raised; raises StageError where they are most of the day."""
    if listed := _stage_faults(made):
        counts = Counter(f"{fault['stage']} {fault['error']}" for fault in listed)
        told = " ".join(f"{what.replace(' ', ':')}={n}" for what, n in sorted(counts.items()))
        log.warning("day=%s stage_faults=%d %s: see runs.stage_faults", made.day, len(listed), told)
    n_raw = made.tables.articles.num_rows + made.tables.rejects.num_rows
    refuse_broken(made.faults, n_raw, f"day {made.day}")


def _stage_faults(made: Day) -> list[dict[str, Any]]:
    """The faults of the day's own documents, by article_id where there is an article, in order.

    Those of other days are in their own runs; whether this one met them depends on what state was stored.
    """
    articles, stages = made.tables.articles, set().union(*clean.STAGES.values())
    raw = {fault.article_id for fault in made.faults if fault.stage in stages}
    known = articles.filter(pc.is_in(articles["raw_ref"], pa.array(sorted(raw), pa.string())))
    ids = {r: known["article_id"][n].as_py() for n, r in enumerate(known["raw_ref"].to_pylist())}
    named = (f._replace(article_id=ids.get(f.article_id, f.article_id)) for f in made.faults)
    mine = (f for f in named if f.article_id in raw or f.article_id.startswith(prefix_of(made.day)))
    return as_table(mine).to_pylist()  # type: ignore[no-any-return]


def run(made: Day) -> dict[str, pa.Table]:
    return {RUNS.name: RUNS.table([_run_row(made)])}


def _run_row(made: Day) -> dict[str, Any]:
    kinds = {
        row["values"]: row["counts"] for row in pc.value_counts(made.tables.memberships["kind"]).to_pylist()
    }
    reasons = {
        row["values"]: row["counts"] for row in pc.value_counts(made.tables.rejects["reason"]).to_pylist()
    }
    inputs = [(*name.split("/"), digest) for name, digest in sorted(made.inputs.items())]
    stage_faults = _stage_faults(made)
    return {
        "ingest_date": made.day,
        "n_raw": made.tables.articles.num_rows + made.tables.rejects.num_rows,
        "n_rejects": made.tables.rejects.num_rows,
        "n_articles": made.tables.articles.num_rows,
        "n_compared": made.tables.links.num_rows,
        "n_accepted": pc.sum(made.tables.links["accepted"]).as_py() or 0,
        **{
            f"n_{kind}": kinds.get(kind, 0)
            for kind in (Kind.EXACT, Kind.NEAR, Kind.EXCERPT, Kind.EXPANDED, Kind.REFETCH)
        },
        "n_copy_groups": kinds.get(Kind.ORIGIN, 0) + kinds.get(Kind.REPORT, 0),
        "n_reports": kinds.get(Kind.REPORT, 0),
        "n_stories": kinds.get(Kind.ORIGIN, 0),
        "rejects_by_reason": [{"reason": r, "n": n} for r, n in sorted(reasons.items())],
        "inputs": [{"table": t, "day": d, "digest": g} for t, d, g in inputs],
        "settings_digest": made.marks["settings"],
        "versions": [*versions.table(), {"name": "words", "version": lexicon.digest()}],
        "is_capped": bool({Reject.TIMEOUT, Reject.MEMORY} & set(reasons)),
        "n_stage_faults": len(stage_faults),
        "stage_faults": stage_faults,
    }


def faults(row: dict[str, Any]) -> int:
    """How many documents the machine failed to read."""
    return sum(r["n"] for r in row["rejects_by_reason"] if r["reason"] == Reject.MACHINE_FAULT)
