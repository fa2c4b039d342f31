"""Breaches: what is published against what the contract promises, table by table and day by day.

`verify` asks whether files are as they were written; this asks whether what was written keeps the contract. Each breach is named
once a table, day and rule, with the number of rows and the first key. Tables are read a row group at a time.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.day import inputs
from pipeline.model import sorting
from pipeline.model.compatibility import type_name
from pipeline.model.contract import VERSION, Contract
from pipeline.model.errors import DamagedError, InputChangedError, MissingInputError, PublishError
from pipeline.model.promises import meaning
from pipeline.model.tables import ARTICLES, MEMBERSHIPS, PUBLISHED, RUNS
from pipeline.store import damage, layout, notes, parquet
from pipeline.store.storage import ABSENT
from pipeline.store.warehouse import Warehouse
from pipeline.upkeep import relations, row_rules, verify
from pipeline.upkeep.relations import Keys
from pipeline.upkeep.retention import TEXTS

_LOOKS = 3  # at a day that seems broken: it may be in the middle of a publication


@dataclass(frozen=True)
class Breach:
    """One rule that a table breaks on a day: how many rows do, the key of the first, and what was found."""

    table: str
    day: date
    rule: str
    n_rows: int = 0
    example: str = ""
    detail: str = ""

    @property
    def meaning(self) -> str:
        """What the rule says."""
        return meaning(self.table, self.rule)

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "meaning": self.meaning}


def breaches(
    warehouse: Warehouse, days: Sequence[date] = (), watch: Callable[[int, int], None] = lambda _n, _of: None
) -> Iterator[Breach]:
    """Yield what of these days, or of all days, breaks the contract; `watch` is told how many of how many days are read.

    Raises MissingInputError for a day of which nothing is there. Where something was removed for good, ids that lead there are no breach.
    """
    known = sorted({day for contract in PUBLISHED for day in warehouse.days(contract)})
    if lacking := sorted(set(days) - set(known)):
        raise MissingInputError(
            f"{warehouse.storage.uri}: nothing of {', '.join(map(str, lacking))} is there"
        )
    chosen = sorted(set(days)) if days else known
    keys = Keys(warehouse)
    for n, day in enumerate(chosen, 1):
        yield from _of_day(keys, day)
        watch(n, len(chosen))


def _of_day(keys: Keys, day: date) -> list[Breach]:
    """The breaches of a day that are there also when nobody publishes it."""
    found: list[Breach] = []
    for n in range(_LOOKS):
        with ExitStack() as held:
            if n:
                keys = Keys(keys.warehouse)  # what was kept may be of before
                with suppress(PublishError):  # who may not write here looks without
                    held.enter_context(keys.warehouse.storage.lock(layout.run_lock(day)))
            try:
                found = list(_look(keys, day))
            except (InputChangedError, FileNotFoundError):
                continue
            if not found or n:
                return found
    raise InputChangedError(f"{keys.warehouse.storage.uri}: {day} is being replaced all the time")


def _look(keys: Keys, day: date) -> Iterator[Breach]:
    warehouse, is_whole = keys.warehouse, True
    for contract in PUBLISHED:
        version = warehouse.version(contract, day)
        if version == ABSENT:
            yield from _lacking(warehouse, contract, day)
            continue
        for one in _of_partition(keys, contract, day, version):
            is_whole &= one.rule not in {"readable", "digest"}
            yield one
    if is_whole:
        for contract, (rule, n, example) in relations.of_day(keys, day):
            yield Breach(contract.name, day, rule, n, example)


def _lacking(warehouse: Warehouse, contract: Contract, day: date) -> Iterator[Breach]:
    """That a table is not there which a completed run made, or that no run says that the day is complete."""
    run = warehouse.manifest(RUNS, day)
    is_retired = contract in TEXTS and day < notes.retired_before(warehouse)
    if contract is RUNS:
        if warehouse.has(ARTICLES, day) or warehouse.has(MEMBERSHIPS, day):
            yield Breach(contract.name, day, "there", detail="no run says that the day is complete")
    elif run is not None and inputs.makes(run.inputs, contract) and not is_retired:
        yield Breach(contract.name, day, "there", detail="the day's run made it, and it is not there")


def _of_partition(keys: Keys, contract: Contract, day: date, version: str) -> Iterator[Breach]:
    warehouse, path = keys.warehouse, keys.warehouse.path(contract, day)
    yield from _against_manifest(warehouse, contract, day, version)
    tally = _Tally()
    try:
        with damage.named(warehouse.storage, path), warehouse.storage.open(path, version) as source:
            schema = parquet.schema(source)
            if wrong := _of_schema(contract, schema):
                yield Breach(contract.name, day, "readable", detail="; ".join(wrong))
                return
            seen: list[pa.Table] = []
            for piece in parquet.groups(source):
                tally.add_rows(contract, piece, row_rules.broken(contract, piece, day))
                tally.add(relations.unresolved(keys, contract, piece, day))
                seen.append(piece.select(list(contract.key)))
    except DamagedError as error:
        yield Breach(contract.name, day, "readable", detail=verify.why(error))
        return
    tally.add(_of_order(contract, pa.concat_tables(seen)) if seen else ())
    yield from (Breach(contract.name, day, rule, n, tally.first[rule]) for rule, n in tally.n.items())


@dataclass
class _Tally:
    """Rows that break each rule, and the key of the first."""

    n: Counter[str] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)

    def add(self, found: Iterable[relations.Broken]) -> None:
        for rule, n, example in found:
            self.n[rule] += n
            self.first.setdefault(rule, example)

    def add_rows(self, contract: Contract, piece: pa.Table, found: Iterable[row_rules.Broken]) -> None:
        keys = piece.select(list(contract.key))
        for rule, mask in found:
            rows = keys.filter(pc.fill_null(mask, False))
            if rows.num_rows:
                self.add([(rule, rows.num_rows, _key(rows, 0))])


def _key(keys: pa.Table, at: int) -> str:
    return " ".join(str(keys[name][at].as_py()) for name in keys.column_names)


def _against_manifest(warehouse: Warehouse, contract: Contract, day: date, version: str) -> Iterator[Breach]:
    try:
        manifest = warehouse.read_manifest(contract, day)
    except DamagedError as error:
        yield Breach(contract.name, day, "digest", detail=f"its manifest can't be read: {verify.why(error)}")
        return
    if manifest is None:
        yield Breach(contract.name, day, "digest", detail="it has no manifest")
    elif wrong := verify.compare(warehouse, contract, day, manifest, version):
        yield Breach(contract.name, day, "digest", detail=wrong[1])


def _of_schema(contract: Contract, found: pa.Schema) -> list[str]:
    """How the columns of a file differ from the contract of its version."""
    version = parquet.contract_version(found)
    if version > VERSION:
        return [f"it is of contract version {version}, and this newsfold knows {VERSION}"]
    declared = {c.name: c for c in contract.columns}
    wrong = [f"{name} is no column" for name in found.names if name not in declared]
    for column in contract.columns:
        if column.name not in found.names:
            # Before version 2 was released, a column may have come without another number.
            wrong += [f"{column.name} is lacking"] * (column.since == 1 <= version)
        elif type_name(found.field(column.name).type) != type_name(column.type):
            wrong.append(f"{column.name} is {found.field(column.name).type}, not {column.type}")
    return wrong


def _of_order(contract: Contract, keys: pa.Table) -> Iterator[relations.Broken]:
    if sorting.is_ordered(keys, contract.key):
        return
    order = sorting.places(keys, contract.key)
    arranged = keys.take(order)
    same: Any = pa.scalar(True)
    for name in contract.key:
        same = pc.and_(same, pc.equal(arranged[name][1:], arranged[name][:-1]))
    twice = pc.indices_nonzero(same)
    if len(twice):
        yield f"{', '.join(contract.key)}: key", len(twice), _key(arranged, twice[0].as_py())
    moved = [n for n in range(len(order)) if keys.slice(n, 1) != arranged.slice(n, 1)][:1]
    if moved:
        yield "in_order", keys.num_rows, _key(keys, moved[0])
