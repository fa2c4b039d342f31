"""What a run counts, in one place: the row of `runs`, its counts wherever they are told, and the faults of its documents."""

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.day import inputs
from pipeline.day.result import STAGES, Day
from pipeline.engines.faults import as_table, refuse_broken
from pipeline.model import versions
from pipeline.model.arrow import counts, equals, n_true
from pipeline.model.ids import prefix_of
from pipeline.model.kinds import COPIES, Kind, Reject
from pipeline.model.tables import RUNS
from pipeline.store.manifest import Manifest
from pipeline.text import lexicon

log = logging.getLogger(__name__)


def tell_faults(made: Day) -> None:
    """Warn of the documents on which a stage raised; raises StageError where they are most of the day."""
    if listed := _stage_faults(made):
        counts = Counter(f"{fault['stage']} {fault['error']}" for fault in listed)
        told = " ".join(f"{what.replace(' ', ':')}={n}" for what, n in sorted(counts.items()))
        log.warning("day=%s stage_faults=%d %s: see runs.stage_faults", made.day, len(listed), told)
    refuse_broken(made.faults, count(made)["n_raw"], f"day {made.day}")


def _stage_faults(made: Day) -> list[dict[str, Any]]:
    """The faults of the day's own documents, by article_id where there is an article, in order.

    Those of other days are in their own runs; whether this one met them depends on what state was stored.
    """
    articles, stages = made.tables.articles, set().union(*STAGES.values())
    raw = {fault.article_id for fault in made.faults if fault.stage in stages}
    known = articles.filter(pc.is_in(articles["raw_ref"], pa.array(sorted(raw), pa.string())))
    ids = {r: known["article_id"][n].as_py() for n, r in enumerate(known["raw_ref"].to_pylist())}
    named = (f._replace(article_id=ids.get(f.article_id, f.article_id)) for f in made.faults)
    mine = (f for f in named if f.article_id in raw or f.article_id.startswith(prefix_of(made.day)))
    faults: list[dict[str, Any]] = as_table(mine).to_pylist()
    return faults


def run_table(made: Day) -> pa.Table:
    """RUNS: the one row of the day."""
    return RUNS.table([_run_row(made)])


def _run_row(made: Day) -> dict[str, Any]:
    reasons = counts(made.tables.rejects["reason"])
    read = [(*name.split("/"), digest) for name, digest in sorted(made.inputs.items())]
    stage_faults = _stage_faults(made)
    return {
        "ingest_date": made.day,
        **count(made),
        "rejects_by_reason": [{"reason": r, "n": n} for r, n in sorted(reasons.items())],
        "inputs": [{"table": t, "day": d, "digest": g} for t, d, g in read],
        "settings_digest": made.recipe["settings"],
        "versions": [
            *versions.table(),
            {"name": "words", "version": lexicon.digest()},
            {"name": inputs.OUTLETS, "version": made.recipe[inputs.OUTLETS]},
        ],
        "is_capped": bool({Reject.TIMEOUT, Reject.MEMORY} & set(reasons)),
        "n_stage_faults": len(stage_faults),
        "stage_faults": stage_faults,
        "is_complete": not made.so_far,
    }


def count(made: Day) -> dict[str, int]:
    """The counts of a day that follow from its tables, by their columns in `runs`."""
    tables, kinds = made.tables, counts(made.tables.memberships["kind"])
    return {
        "n_raw": tables.articles.num_rows + tables.rejects.num_rows,
        "n_rejects": tables.rejects.num_rows,
        "n_articles": tables.articles.num_rows,
        "n_compared": tables.links.num_rows,
        "n_accepted": n_true(tables.links["accepted"]),
        **{f"n_{kind}": kinds[kind] for kind in (*COPIES, Kind.REFETCH)},
        "n_copy_groups": kinds[Kind.ORIGIN] + kinds[Kind.REPORT],
        "n_reports": kinds[Kind.REPORT],
        "n_stories": kinds[Kind.ORIGIN],
        "n_revisions": kinds[Kind.REVISION],
        "n_flows": tables.flows.num_rows,
    }


def count_machine_faults(rejects: pa.Table) -> int:
    """Rows that stand for what the machine failed to read: a document, or the rest of a file."""
    return n_true(equals(rejects["reason"], Reject.MACHINE_FAULT))


def counts_of(row: Mapping[str, Any]) -> dict[str, int]:
    """The counts in a row of `runs`."""
    return {name: value for name, value in row.items() if name.startswith("n_")}


TRIES = 3  # runs in which a cap of the machine may strike a document; one that needs so much every time would be tried for ever


@dataclass(frozen=True)
class RunNotes:
    """What the manifest of a run notes, so that the state of a day is known without reading its tables."""

    landing: str = ""  # digest of the listing of its landing files
    capped: bool = False  # whether a cap that depends on the machine struck
    faulty: int = 0  # rejects that stand for a fault of the machine
    counts: dict[str, int] = field(default_factory=dict)
    tries: dict[str, int] = field(
        default_factory=dict
    )  # by raw_digest: in how many runs a cap struck the document
    caps: str = ""  # the caps and rules by which it was tried (extract.caps_of_machine); by others the count begins again
    removals: str = ""  # digest of the list of removals that it is known to honour
    so_far: bool = False  # whether more documents were to come
    digests: dict[str, str] = field(
        default_factory=dict
    )  # of the day's tables: a later run may break off, and leave others beside this one


def manifest_notes(
    made: Day, row: Mapping[str, Any], before: Manifest | None, digests: Mapping[str, str]
) -> dict[str, Any]:
    """RunNotes of a day that is being published, with its row of `runs`, the manifest of its last run, and the digests of its tables, as
    its manifest keeps them.
    """
    n_faulty, last = count_machine_faults(made.tables.rejects), noted(before)
    earlier = last.tries if last.caps == made.caps else {}
    tries = {document: min(TRIES, earlier.get(document, 0) + 1) for document in made.capped}
    found = (made.listing, row["is_capped"], n_faulty, counts_of(row), tries, made.caps, made.removals)
    return asdict(RunNotes(*found, made.so_far, {n: d for n, d in digests.items() if n != RUNS.name}))


def noted(run: Manifest | None) -> RunNotes:
    """What a day's last run noted; nothing without a run."""
    known = {f.name for f in fields(RunNotes)}
    return RunNotes(**{n: value for n, value in run.notes.items() if n in known}) if run else RunNotes()


def given_up(run: Manifest | None, caps: str) -> set[str]:
    """The documents, by raw_digest, that a cap struck so often that they are rejects that stay."""
    last = noted(run)
    return {document for document, n in last.tries.items() if n >= TRIES} if last.caps == caps else set()


def is_to_be_tried(run: Manifest | None, caps: str) -> bool:
    """Whether a cap struck a document that is not given up."""
    last = noted(run)
    return last.capped and not (last.tries and last.tries.keys() <= given_up(run, caps))


def recorded_counts(run: Manifest | None) -> dict[str, int]:
    """The counts of a day's last run, from its manifest; empty without a run."""
    return noted(run).counts
