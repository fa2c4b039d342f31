"""What the last run cleaned of documents that are still there, so that a late file costs what is new.

The lines of an outlet follow from its documents, an article follows from one document and from which lines are furniture by
habit in its outlet. So outlets without a new document keep their lines, and an article is cleaned again only where its outlet has
other habits. All of it holds if the documents of the last run are all there, and the window is the same (`last_run`).
"""

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.clean.habits import columns_of, recurring, sources_of
from pipeline.day import inputs
from pipeline.day.documents import NAMED_BY
from pipeline.day.last_run import LastRun
from pipeline.model.arrow import Array, ChunkedArray, both, distinct, equals, is_in
from pipeline.model.internal_tables import CLEANED, LINES
from pipeline.model.kinds import Reject
from pipeline.model.tables import ARTICLES, REJECTS

_READ = ["raw_ref", "stage", "reason", "detail"]


@dataclass(frozen=True)
class Before:
    """What the last run made of the day's documents, all of which are still there."""

    last: LastRun
    rejects: pa.Table
    lines: pa.Table
    had_text: Array  # the documents that had a text, by raw_ref


def before(last: LastRun | None, extracted: pa.Table) -> Before | None:
    """None where a document of the last run is gone or another one, or lost its text: then what it left behind is not known."""
    articles = last.table(ARTICLES, ["raw_ref"]) if last else None
    rejects, lines = (last.table(c) if last else None for c in (REJECTS, LINES))
    if last is None or articles is None or rejects is None or lines is None:
        return None
    named = extracted.select(NAMED_BY)  # no text is copied for this
    documents = named.filter(is_in(named["raw_ref"], refs(articles, rejects)))
    if inputs.of_documents(documents) != last.inputs.get(f"raw/{last.day}"):
        return None
    had_text = refs(articles, rejects.filter(equals(rejects["stage"], "clean")))
    lost = both(documents["reason"].is_valid(), is_in(documents["raw_ref"], had_text))
    return None if pc.any(lost).as_py() else Before(last, rejects, lines, had_text)


def refs(*tables: pa.Table) -> Array:
    """The documents of some tables, by raw_ref."""
    return pa.chunked_array([c for t in tables for c in t["raw_ref"].chunks], pa.string()).combine_chunks()


def touched(known: Before, extracted: pa.Table) -> Array:
    """The sources that have a document with a text which the last run did not have."""
    is_new = pc.and_not(extracted["reason"].is_null(), is_in(extracted["raw_ref"], known.had_text))
    return distinct(sources_of(extracted).filter(is_new).drop_null())


def of_sources(extracted: pa.Table, sources: Array) -> pa.Table:
    """The documents of these sources."""
    return extracted.filter(is_in(sources_of(extracted), sources))


def with_other_habits(
    known: Before, lines: pa.Table, frequent: pa.Table, sources: Array, window: Iterable[pa.Table]
) -> Array:
    """Of the sources that were touched, those whose lines that are furniture by habit are others now.

    `lines` and `frequent` (of `habits.recurring`) are the day's as they are now, `window` has the LINES of the days before.
    """
    old = known.lines.filter(is_in(known.lines["source"], sources))
    habits = recurring(old, window)
    of_touched = lines.filter(is_in(lines["source"], sources))
    now, then = (
        set(columns_of(t, "line", "is_frequent"))
        for t in (frequent.filter(is_in(frequent["line"], of_touched["line"].combine_chunks())), habits)
    )
    changed = pa.array(sorted({line for line, _ in now ^ then}), pa.int64())
    found = [t["source"].filter(is_in(t["line"], changed)).combine_chunks() for t in (old, of_touched)]
    return distinct(pa.chunked_array(found, pa.string()))


def kept(known: Before, extracted: pa.Table, changed: Array) -> tuple[pa.Table, pa.Table] | None:
    """The day's articles (ARTICLES) and rejects (CLEANED) that come out of cleaning as they did, where the habits of these sources
    have changed; None where the articles do not stand any more.

    What was delivered twice is not among them: which one stays is decided again.
    """
    others = pc.invert(is_in(sources_of(extracted), changed))
    able = extracted["raw_ref"].filter(others).combine_chunks()
    articles = known.last.table(ARTICLES)
    if articles is None:
        return None
    rejects = known.rejects.filter(_is_kept(known.rejects, able))
    return articles.filter(is_in(articles["raw_ref"], able)), _as_cleaned(rejects)


def _is_kept(rejects: pa.Table, able: Array) -> ChunkedArray:
    is_own = both(equals(rejects["stage"], "clean"), is_in(rejects["raw_ref"], able))
    is_once = pc.invert(equals(rejects["reason"], str(Reject.REDELIVERED)))
    return both(is_own, is_once)


def _as_cleaned(rejects: pa.Table) -> pa.Table:
    """CLEANED of rejects."""
    said = {name: rejects[name] for name in _READ}
    lacking = {f.name: pa.nulls(rejects.num_rows, f.type) for f in CLEANED.schema if f.name not in said}
    return CLEANED.conform(pa.table({name: (said | lacking)[name] for name in CLEANED.names}))
