"""Spans of landing files, read where their documents are parsed: in the child processes, of which only results come back."""

from collections.abc import Iterator, Sequence
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.extract import batch
from pipeline.extract.batch import Caps, extract_with, limits_of
from pipeline.extract.sandbox import guard
from pipeline.landing.record import as_reject
from pipeline.landing.spans import SPAN
from pipeline.model.arrow import equals, filled
from pipeline.model.internal_tables import EXTRACTED, RAW
from pipeline.model.kinds import Reject


def extract(raw: pa.Table, *, day: date, caps: Caps, extractor: str, columns: str) -> pa.Table:
    """RAW to EXTRACTED. A row of media `lines` becomes the rows of its records, or a `machine_fault`: the file is to be read again,
    record by record. All others are extracted as ever. `columns` is the setting of that name.
    """
    is_span = filled(equals(raw["media"], SPAN), False)
    spans, others = raw.filter(is_span).select(["raw_ref", "body"]), raw.filter(pc.invert(is_span))
    reading = guard("pipeline.day.span_reader:read_span", limits_of(caps))
    found = reading.run(spans, day=day, caps=caps, extractor=extractor, columns=columns)
    made = [EXTRACTED.empty(), *_tables(spans["raw_ref"].to_pylist(), found)]
    if others.num_rows:
        made.append(batch.extract(others, day=day, caps=caps, extractor=extractor))
    return pa.concat_tables(made)


def _tables(refs: Sequence[str | None], found: Sequence[object]) -> Iterator[pa.Table]:
    for ref, made in zip(refs, found, strict=True):
        rows = batch.with_languages(made)
        yield _unread(ref) if rows is None else rows


def _unread(ref: str | None) -> pa.Table:
    fault = as_reject(0, Reject.MACHINE_FAULT, "to be read record by record")
    return extract_with(lambda _jobs: [], RAW.table([fault | {"raw_ref": ref}]))
