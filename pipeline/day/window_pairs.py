"""Pairs of a day with its window on many machines: the day goes to where its window is read, as long as it is the smaller of the two.

A window of 14 days of 20,000 took 100 seconds of tasks when its buckets were dealt out, whatever the day had.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import pyarrow as pa

from pipeline.copies import candidates as pairing
from pipeline.day.reuse import fitting, wanted_inputs
from pipeline.engines.engine import Engine
from pipeline.model.errors import InputChangedError, MissingInputError
from pipeline.model.internal_tables import CANDIDATES, SIGNATURES
from pipeline.model.tables import ARTICLES
from pipeline.store.view import View
from pipeline.store.warehouse import MISSING, Warehouse


@dataclass(frozen=True)
class Stored:
    """The signatures of a day in that version."""

    day: date
    version: str
    n_rows: int


def stored(view: View, day: date) -> Stored | None:
    """The stored signatures of a day that fit what the view pinned; None where none do."""
    version = fitting(view.warehouse, SIGNATURES, day, wanted_inputs(view, SIGNATURES, day))
    manifest = view.warehouse.manifest(SIGNATURES, day)
    return Stored(day, version, manifest.n_rows) if version and manifest else None


def looked_up(engine: Engine[Any], view: View, own: pa.Table, days: Iterable[date]) -> pa.Table | None:
    """CANDIDATES among SIGNATURES of a day, and of these with the days of its window: each is read in one piece, and met where it is
    read. None where the day or one of these is too large for that, or has no stored signatures.

    Raises InputChangedError if signatures are replaced meanwhile.
    """
    there = [stored(view, day) for day in days if view.digest(ARTICLES, day) != MISSING]
    found = [one for one in there if one and one.n_rows <= pairing.PART_ARTICLES]
    if len(found) < len(there) or own.num_rows > pairing.FEW_ARTICLES:
        return None
    lookup = pairing.Lookup(own)
    read = partial(_met, view.warehouse, lookup)
    across = engine.read(found, read, CANDIDATES, sum(one.n_rows for one in found))
    return pa.concat_tables([lookup.within(), engine.collect(across)])


def _met(warehouse: Warehouse, lookup: pairing.Lookup, other: Stored) -> Iterator[pa.Table]:
    try:
        yield lookup.across(warehouse.read(SIGNATURES, other.day, version=other.version))
    except MissingInputError as error:
        raise InputChangedError(f"{error}: it went while it was being read") from error
