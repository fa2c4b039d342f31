"""Articles and rejects of the day: cleaned from what was extracted, or taken as published where that gives the same.

Cleaning follows from three things: the extracted documents, the lines that are furniture by habit, and the rules. Each
table keeps the fingerprint of what it was made from in its manifest. A day that is run again because an earlier day has
changed mostly finds the same habits; then nothing is cleaned a second time.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, partial
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.clean import articles as cleaning
from pipeline.clean import habits
from pipeline.day import cleaned_before, headlines, inputs, reuse
from pipeline.day.cleaned_before import Before
from pipeline.day.desk import WorkDesk
from pipeline.day.documents import Documents
from pipeline.day.result import STAGES, Day
from pipeline.day.reuse import MADE_FROM
from pipeline.engines.engine import Engine, Interpreted
from pipeline.engines.faults import Backed, Fault, tolerate
from pipeline.model import sorting
from pipeline.model.arrow import Array, find, indices, is_in
from pipeline.model.contract import HEADLINE_VECTOR, TEXT, Contract
from pipeline.model.days import window
from pipeline.model.internal_tables import CLEANED, DELIVERIES, LINES, OUTLINES, WHOSE
from pipeline.model.tables import ARTICLES, REJECTS
from pipeline.settings import Settings
from pipeline.store import outlets_file, parquet, spill
from pipeline.store.manifest import is_of_form
from pipeline.store.view import View
from pipeline.store.warehouse import Warehouse
from pipeline.text.outlets import Outlets

log = logging.getLogger(__name__)


def clean_day(desk: WorkDesk, view: View, made: Day) -> None:
    """Make articles, rejects and lines of what was extracted, and release that: a day's texts are most of its memory."""
    engine, settings, documents = desk.engine, desk.settings, made.release_extracted()
    known = find_habits(view, desk, made, documents)
    standing = _standing(desk, made, known, documents)
    how = "as published" if standing else "from the documents"
    if standing:
        (articles, rejects), found = standing
    else:
        extracted = documents.rows()
        del documents
        kept = known.before and cleaned_before.kept(known.before, extracted, known.changed)
        articles, short = kept or (ARTICLES.empty(), CLEANED.empty())
        del kept
        gone = cleaned_before.refs(articles, short)
        if len(gone):  # else all texts would be copied
            extracted = extracted.filter(pc.invert(is_in(extracted["raw_ref"], gone)))
        rows, found = clean_documents(engine, settings, made.day, extracted, known.recurring)
        del extracted
        rows = spill.aside(rows)
        (articles, rejects), unread = separate_with(engine, settings, made.day, rows, articles, short)
        found |= unread
    made.tables.lines, made.tables.articles, made.tables.rejects = known.lines, articles, rejects
    made.fingerprints, made.faults = dict(known.fingerprints), made.faults | known.faults | found
    log.info("cleaned day=%s articles=%d rejects=%d %s", made.day, articles.num_rows, rejects.num_rows, how)


FAULTS = "faults"  # the note in a manifest: those of the stages that made the table

_Found = tuple[pa.Table, set[Fault]]


class Separated(NamedTuple):
    """The day's ARTICLES and its REJECTS."""

    articles: pa.Table
    rejects: pa.Table


@dataclass(frozen=True)
class Habits:
    """LINES of the day, those of them that are furniture by habit, the fingerprints of the tables made from them, and the faults."""

    lines: pa.Table
    recurring: pa.Table
    fingerprints: Mapping[str, str]
    faults: set[Fault]
    before: Before | None = None  # what the last run made of documents that are all still there
    changed: Array = field(
        default_factory=partial(pa.nulls, 0, TEXT)
    )  # sources that have other habits than in the last run


def find_habits(view: View, desk: WorkDesk, made: Day, documents: Documents) -> Habits:
    """What the day's documents and the window say about furniture."""
    settings, day, days = desk.settings, made.day, window(made.day, desk.settings.window_days)
    rules = inputs.of_rules("clean")
    own = inputs.of_mapping({"extracted": documents.digest, "rules": rules})
    standing, before = _published(view.warehouse, LINES, day, own), None
    if standing is None:
        before = cleaned_before.before(made.last, documents.rows())
    touched = cleaned_before.touched(before, documents.rows()) if before else pa.nulls(0, TEXT)
    lines, found = standing or tolerate(desk.engine, partial(_lines, documents.rows(), before, touched))
    frequent = habits.recurring(lines, view.scan(LINES, days))
    all_of_it = {"own": own, "recurring": parquet.digest(frequent), "min_words": str(settings.min_words)}
    all_of_it |= inputs.model(settings)
    both = inputs.of_mapping(all_of_it)
    prints = {LINES.name: own, ARTICLES.name: both, REJECTS.name: both}
    if before is None:
        return Habits(lines, frequent, prints, found)
    changed = cleaned_before.with_other_habits(before, lines, frequent, touched, view.scan(LINES, days))
    return Habits(lines, frequent, prints, found, before, changed)


def _lines(extracted: pa.Table, before: Before | None, touched: Array, engine: Engine[Any]) -> pa.Table:
    """LINES of the day; those of sources without a new document are the last run's."""
    if before is None:
        return _count_lines(extracted, engine)
    counted = _count_lines(cleaned_before.of_sources(extracted, touched), engine)
    others = before.lines.filter(pc.invert(is_in(before.lines["source"], touched)))
    return LINES.arrange(pa.concat_tables([others, counted]))


def _count_lines(extracted: pa.Table, engine: Engine[Any]) -> pa.Table:
    outline, count = (Interpreted(stage, is_light=True) for stage in (habits.outline, habits.count_lines))
    outlines = engine.map(outline, engine.load(extracted), OUTLINES)
    return LINES.arrange(engine.collect(engine.map(count, outlines, LINES, key="source")))


def published_tables(
    warehouse: Warehouse, day: date, fingerprints: Mapping[str, str]
) -> tuple[Separated, set[Fault]] | None:
    """The published articles and rejects, and the faults, if they were made from this; else None."""
    articles, rejects = (_published(warehouse, c, day, fingerprints[c.name]) for c in (ARTICLES, REJECTS))
    if articles is None or rejects is None:
        return None
    return Separated(articles[0], rejects[0]), articles[1]


def _standing(
    desk: WorkDesk, made: Day, known: Habits, documents: Documents
) -> tuple[Separated, set[Fault]] | None:
    """What is published, if it was made from this; where the outlets' file is another one, with the columns that follow from it."""
    standing = published_tables(desk.warehouse, made.day, known.fingerprints)
    manifest = desk.warehouse.manifest(ARTICLES, made.day)
    if standing is None or manifest is None:
        return None
    tables, found = standing
    if inputs.said(manifest.inputs, inputs.OUTLETS) == made.recipe[inputs.OUTLETS]:
        return standing
    articles = None if found else _with_outlets(desk, tables.articles, documents.rows())
    return None if articles is None else (tables._replace(articles=articles), found)


def _with_outlets(desk: WorkDesk, articles: pa.Table, extracted: pa.Table) -> pa.Table | None:
    """ARTICLES with whose they are by the outlets' file as it is now; None where a document can't be read so."""
    stage = partial(cleaning.say_whose, outlets=outlets_of(desk.settings))
    documents = extracted.filter(is_in(extracted["raw_ref"], articles["raw_ref"].combine_chunks()))
    whose, found = tolerate(desk.engine, lambda e: e.collect(e.map(stage, e.load(documents), WHOSE)))
    at = find(articles["raw_ref"], whose["raw_ref"])
    for name in WHOSE.names[1:]:
        articles = articles.set_column(ARTICLES.names.index(name), name, whose[name].take(at))
    return None if found else ARTICLES.conform(articles)


def clean_documents(
    engine: Engine[Any], settings: Settings, day: date, extracted: pa.Table, recurring: pa.Table
) -> _Found:
    """CLEANED of the day, and the faults; a document on which cleaning raises is an article with the text that was extracted."""
    outlets = outlets_of(settings)
    rules = partial(
        cleaning.clean, recurring=recurring, day=day, min_words=settings.min_words, outlets=outlets
    )
    stage = Backed(Interpreted(rules), partial(_plainly, day, outlets))
    return tolerate(engine, lambda e: e.collect(e.map(stage, e.load(extracted), CLEANED)))


def outlets_of(settings: Settings) -> Outlets:
    """The outlets of the user's file; none without one. Raises SettingsError where it is not there, or says what it must not."""
    if not settings.outlets:
        return Outlets()
    return _parsed(outlets_file.read(settings.outlets), settings.outlets)


@lru_cache(maxsize=2)  # several stages of a day ask for it
def _parsed(content: bytes, where: str) -> Outlets:
    return Outlets.parse(content, where)


def _plainly(day: date, outlets: Outlets, _good: pa.Table, bad: pa.Table) -> pa.Table:
    return cleaning.plainly(bad, day=day, outlets=outlets)


def separate_with(
    engine: Engine[Any], settings: Settings, day: date, rows: pa.Table, kept: pa.Table, short: pa.Table
) -> tuple[Separated, set[Fault]]:
    """Separate what was cleaned (CLEANED), with the ARTICLES and rejects (CLEANED) that the last run had; and the faults of headlines."""
    columns = {n: kept[n] if n in kept.column_names else pa.nulls(len(kept), TEXT) for n in CLEANED.names}
    every = [rows, CLEANED.conform(pa.table(columns)), short]
    articles, rejects = separate(engine, day, pa.concat_tables(every))
    if not settings.languages:
        return Separated(articles, rejects), set()
    was_there = is_in(articles["raw_ref"], cleaned_before.refs(kept))
    refs = articles["raw_ref"].filter(was_there)
    new, found = headlines.add_vectors(engine, articles.filter(pc.invert(was_there)))
    both = pa.concat_tables([new, kept.take(find(refs, kept["raw_ref"]))])
    return Separated(ARTICLES.arrange(both), rejects), found


def separate(engine: Engine[Any], day: date, cleaned: pa.Table) -> Separated:
    """Separate articles from rejects; what was delivered twice is one article and one reject."""
    is_article = cleaned["reason"].is_null()
    deliveries = engine.load(cleaned.select(DELIVERIES.names).filter(is_article))
    stage = partial(cleaning.reject_redelivered, day=day)
    again = engine.collect(engine.map(stage, deliveries, REJECTS, key="article_id"))
    refused = _rejects(cleaned.filter(pc.invert(is_article)), day)
    is_again = pc.is_in(cleaned["raw_ref"], value_set=again["raw_ref"].combine_chunks())
    rows = cleaned.select([n for n in ARTICLES.names if n in CLEANED.names])
    places = np.flatnonzero(pc.and_not(is_article, is_again).to_numpy(zero_copy_only=False))
    order = places[sorting.places(rows.select(ARTICLES.key).take(indices(places)), ARTICLES.key)]
    articles = spill.gathered(rows.schema, sorting.slices(rows, order))  # texts are copied once
    articles = articles.append_column("headline_vector", pa.nulls(len(articles), HEADLINE_VECTOR))
    return Separated(ARTICLES.arrange(articles), REJECTS.arrange(pa.concat_tables([refused, again])))


def _rejects(rows: pa.Table, day: date) -> pa.Table:
    dates = pa.array([day] * rows.num_rows, pa.date32())
    columns = rows.select(["raw_ref", "stage", "reason", "detail"]).append_column("ingest_date", dates)
    return REJECTS.conform(columns.select(REJECTS.names))


def manifest_notes(
    contract: Contract, fingerprints: Mapping[str, str], found: Iterable[Fault]
) -> dict[str, Any] | None:
    """Notes for the manifest of a table that cleaning made: its fingerprint and, if there are any, the faults."""
    if contract.name not in fingerprints:
        return None
    said: dict[str, Any] = {MADE_FROM: fingerprints[contract.name]}
    own = sorted(fault for fault in found if fault.stage in STAGES.get(contract.name, ()))
    return said | ({FAULTS: [list(fault) for fault in own]} if own else {})


def _published(warehouse: Warehouse, contract: Contract, day: date, fingerprint: str) -> _Found | None:
    manifest = warehouse.manifest(contract, day)
    if manifest is None or not is_of_form(manifest, contract) or manifest.notes.get(MADE_FROM) != fingerprint:
        return None
    standing = warehouse.standing(contract, day, confirm=True)
    is_it = standing.digest == manifest.digest
    rows = reuse.rows_of(warehouse, contract, day, standing.version) if is_it else None
    return None if rows is None else (rows, {Fault(*values) for values in manifest.notes.get(FAULTS, ())})
