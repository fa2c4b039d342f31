"""A day's articles and rejects: cleaned from what was extracted, or as they stand where that would give the same.

Cleaning follows from three things: the extracted documents, the lines that are furniture by habit, and the rules. Each table says
in its manifest what it was made from (`made_from`). A day that is run again because a day before it has changed mostly
finds the same habits; then nothing is cleaned a second time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline import clean, derived, fingerprints
from pipeline.contracts import (
    ARTICLES,
    CLEANED,
    DELIVERIES,
    LINES,
    OUTLINES,
    REJECTS,
    VERSION,
    Contract,
)
from pipeline.days import window
from pipeline.engines import Engine
from pipeline.settings import Settings
from pipeline.store import parquet
from pipeline.store.warehouse import View, Warehouse

MADE_FROM = "made_from"  # the note in a manifest


@dataclass(frozen=True)
class Habits:
    """LINES of the day, those of them that are furniture by habit, and what a table that is made from them is made from."""

    lines: pa.Table
    recurring: pa.Table
    made_from: Mapping[str, str]


def habits(view: View, engine: Engine[Any], settings: Settings, day: date, extracted: pa.Table) -> Habits:
    """What the day's documents and the window say about furniture."""
    rules = fingerprints.of_rules("clean")
    own = fingerprints.of_mapping({"extracted": parquet.digest(extracted), "rules": rules})
    lines = _published(view.warehouse, LINES, day, own)
    if lines is None:
        outlines = engine.map(clean.outline, engine.load(extracted), OUTLINES)
        lines = LINES.arrange(engine.collect(engine.map(clean.count_lines, outlines, LINES, key="source")))
    recurring = clean.recurring(lines, view.scan(LINES, window(day, settings.window_days)))
    all_of_it = {"own": own, "recurring": parquet.digest(recurring), "min_words": str(settings.min_words)}
    both = fingerprints.of_mapping(all_of_it)
    return Habits(lines, recurring, {LINES.name: own, ARTICLES.name: both, REJECTS.name: both})


def published(warehouse: Warehouse, day: date, made_from: Mapping[str, str]) -> dict[str, pa.Table] | None:
    """The published articles and rejects, by name, if they were made from this; else None."""
    found = {c.name: _published(warehouse, c, day, made_from[c.name]) for c in (ARTICLES, REJECTS)}
    return None if any(table is None for table in found.values()) else found


def clean_documents(
    engine: Engine[Any], settings: Settings, day: date, extracted: pa.Table, recurring: pa.Table
) -> pa.Table:
    """CLEANED of the day."""
    stage = partial(clean.clean, recurring=recurring, day=day, min_words=settings.min_words)
    return engine.collect(engine.map(stage, engine.load(extracted), CLEANED))


def settle(engine: Engine[Any], day: date, cleaned: pa.Table) -> dict[str, pa.Table]:
    """Part articles from rejects; what was delivered twice is one article and a reject."""
    is_article = cleaned["reason"].is_null()
    deliveries = engine.load(cleaned.select(DELIVERIES.names).filter(is_article))
    stage = partial(clean.settle, day=day)
    again = engine.collect(engine.map(stage, deliveries, REJECTS, key="article_id"))
    refused = _rejects(cleaned.filter(pc.invert(is_article)), day)
    is_again = pc.is_in(cleaned["raw_ref"], value_set=again["raw_ref"].combine_chunks())
    articles = cleaned.filter(pc.and_not(is_article, is_again)).select(ARTICLES.names)
    return {
        ARTICLES.name: ARTICLES.arrange(articles),
        REJECTS.name: REJECTS.arrange(pa.concat_tables([refused, again])),
    }


def _rejects(rows: pa.Table, day: date) -> pa.Table:
    dates = pa.array([day] * rows.num_rows, pa.date32())
    columns = rows.select(["raw_ref", "stage", "reason", "detail"]).append_column("ingest_date", dates)
    return REJECTS.conform(columns.select(REJECTS.names))


def _published(warehouse: Warehouse, contract: Contract, day: date, made_from: str) -> pa.Table | None:
    manifest = warehouse.manifest(contract, day)
    if manifest is None or (manifest.contract_version, manifest.notes.get(MADE_FROM)) != (VERSION, made_from):
        return None
    return derived.rows_of(warehouse, contract, day, manifest.version)
