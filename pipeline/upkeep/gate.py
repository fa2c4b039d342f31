"""The gate between making a day and publishing it: a day that would lose most of what stands is held back.

A landing zone that is not mounted, half restored or mistyped looks like documents that were withdrawn. After a change of
settings or rules, the same documents may give other articles; then raw documents are counted instead.
"""

import shlex
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from pipeline.day import accounts, inputs
from pipeline.model.arrow import ChunkedArray, is_in, n_true, whole
from pipeline.model.contract import Contract
from pipeline.model.days import window
from pipeline.model.errors import HeldError, MissingInputError
from pipeline.model.tables import ARTICLES, REJECTS, RUNS
from pipeline.store import notes, parquet, removals
from pipeline.store.warehouse import MISSING, Warehouse
from pipeline.upkeep import quality, takedown

if TYPE_CHECKING:
    from pipeline.day.desk import Desk
    from pipeline.day.result import Day


def admit(desk: "Desk", made: "Day", *, with_range: bool = False, empty: bool = False) -> None:
    """Let a day that was made go on to publication, or hold it back and raise HeldError.

    It is held when most of what is published would be lost, unless `empty` is given and no raw document is left; with
    `with_range`, also when it is outside the range of the last weeks. It passes when somebody consented to exactly these tables.
    """
    counts = count(made)
    unusual = judge(desk.warehouse, made.day, counts) if with_range and not made.so_far else []
    lost = [] if empty and not counts["n_raw"] else losses(desk.warehouse, made)
    if not unusual and not lost:
        return
    note, digest = notes.note(desk.warehouse, made.day), digest_of(made)
    if note and note.allows(digest):
        return
    hold(desk.warehouse, made, [*unusual, *lost], is_lasting=bool(unusual))
    raise HeldError(_said(desk, made.day, "; ".join([*unusual, *lost])))


def hold(warehouse: Warehouse, made: "Day", findings: Sequence[str], *, is_lasting: bool) -> None:
    """Hold back what was made. Unless the note is lasting, the day is judged again once documents, settings or rules change, and
    by each repair if the machine failed to read some documents, or a cap that depends on the machine struck: that so often as such a
    document is tried.
    """
    origin = "" if is_lasting else inputs.origin(made.listing, made.recipe)
    before, digest = notes.note(warehouse, made.day), digest_of(made)
    n_tries = 1 + (before.n_tries if before and before.digest == digest else 0)
    is_faulty, is_capped = bool(accounts.count_machine_faults(made.tables.rejects)), bool(made.capped)
    is_passing = not is_lasting and (is_faulty or (is_capped and n_tries < accounts.TRIES))
    notes.hold(warehouse, made.day, findings, digest, origin, is_passing=is_passing, n_tries=n_tries)


def _said(desk: "Desk", day: date, findings: str) -> str:
    return f"day={day} is held back: {findings}; {advice(desk, day)}"


def advice(desk: "Desk", day: date) -> str:
    """How to publish a day that is held back: a command as newsfold was started, with the places as they were given."""
    places = ("--landing", desk.settings.landing, "--warehouse", desk.settings.warehouse)
    command = shlex.join([*desk.program, "repair", "--held", "--day", str(day), *places])
    return f"to publish it anyway: {command}"


def refuse_held(desk: "Desk", days: Sequence[date]) -> None:
    """Raise HeldError when some of the days are held back."""
    held = notes.held(desk.warehouse)
    if said := [_said(desk, day, held[day].findings) for day in days if day in held]:
        raise HeldError("\n".join(said))


def losses(warehouse: Warehouse, made: "Day") -> list[str]:
    """What publishing the day would remove, in sentences; nothing when that is little."""
    run, now = warehouse.manifest(RUNS, made.day), count(made)
    before = accounts.recorded_counts(run)
    ids, rejects = (_ids(warehouse, contract, made.day) for contract in (ARTICLES, REJECTS))
    if not now["n_raw"]:
        had = before.get("n_raw") or len(ids) + len(rejects)
        if had or _is_damaged(warehouse, made.day) or notes.was_delivered(warehouse, made.day):
            return [f"all {had:,} raw documents are gone" if had else "all raw documents are gone"]
    n_read = now["n_raw"] - accounts.count_machine_faults(made.tables.rejects)
    if run and any(run.inputs.get(name) != value for name, value in made.recipe.items()):
        found = quality.loss("raw documents", before.get("n_raw", 0), n_read)
    elif len(ids):
        if listed := removals.read(warehouse.storage):  # what somebody had removed is not lost
            named = takedown.named_in(warehouse, listed, made.day)
            ids = ids.filter(pc.invert(is_in(ids, whole(named["article_id"]))))
        kept = pc.is_in(ids, value_set=made.tables.articles["article_id"].combine_chunks())
        found = quality.loss("published articles", len(ids), n_true(kept))
    else:  # the table is lost, and its manifest is not
        found = quality.loss("published articles", before.get("n_articles", 0), now["n_articles"])
    n_left = now["n_articles"]
    left = f"{n_left:,} article" + ("" if n_left == 1 else "s")
    return [f"{found}; the day would then have {left}"] if found else []


def _ids(warehouse: Warehouse, contract: Contract, day: date) -> ChunkedArray:
    """The keys of the rows that stand there; none where the table is lost."""
    key = contract.key[0]
    try:
        return warehouse.read(contract, day, [key])[key]
    except MissingInputError:
        return contract.empty()[key]


def _is_damaged(warehouse: Warehouse, day: date) -> bool:
    """Whether a table stands there that can't be read: it may have had rows."""
    return any(
        warehouse.has(contract, day) and warehouse.digest(contract, day) == MISSING
        for contract in (ARTICLES, REJECTS)
    )


def judge(warehouse: Warehouse, day: date, counts: Mapping[str, int]) -> list[str]:
    """What is unusual about a day with these counts, in sentences. Days that are not complete are no measure."""
    earlier = warehouse.scan(RUNS, window(day, quality.HISTORY_DAYS))
    rows = [row for table in earlier for row in table.to_pylist() if row["is_complete"] is not False]
    return [str(finding) for finding in quality.judge(counts, rows)]


def digest_of(made: "Day") -> str:
    """Digest of the articles and rejects that were made: what consent is to."""
    tables = {ARTICLES: made.tables.articles, REJECTS: made.tables.rejects}
    return inputs.of_mapping({c.name: parquet.digest(c.arrange(table)) for c, table in tables.items()})


def count(made: "Day") -> dict[str, int]:
    """The counts of a day that was made, of those of its run that are judged."""
    return {name: n for name, n in accounts.count(made).items() if name in quality.JUDGED}
