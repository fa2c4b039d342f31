"""Headlines as vectors, where the setting `languages` is on: those of the day's articles, and those that the window lacks.

A run compares all headlines by vectors or none. Of a day of the window that was published without them they are made in
memory, and those of a day that was published with them are left out when the setting is off.
"""

from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.engines import faults
from pipeline.engines.engine import Engine
from pipeline.engines.faults import Backed, Fault, Guarded
from pipeline.model.arrow import find, is_in
from pipeline.model.contract import VECTOR
from pipeline.model.internal_tables import TERMS, VECTORS
from pipeline.model.tables import ARTICLES
from pipeline.store.view import View
from pipeline.stories import headline_vectors
from pipeline.stories.headline_vectors import FIRST_CHARS, encode_headlines
from pipeline.stories.sentence_encoder import LANGUAGES

READ = ["article_id", "language", "title", "text"]


def add_vectors(engine: Engine[Any], articles: pa.Table) -> tuple[pa.Table, set[Fault]]:
    """ARTICLES with their headlines' vectors, and the faults; an article on which the encoder raises has none."""
    stage = Backed(encode_headlines, _nothing)
    vectors, found = faults.tolerate(
        engine, lambda e: e.collect(e.map(stage, e.load(_headlines(articles)), VECTORS))
    )
    own = vectors["vector"].take(find(articles["article_id"], vectors["article_id"]))
    at = ARTICLES.names.index("headline_vector")
    return articles.set_column(at, ARTICLES.schema.field(at), headline_vectors.as_lists(own)), found


def with_vectors(terms: pa.Table, articles: pa.Table) -> pa.Table:
    """TERMS with the vectors of their articles."""
    own = headline_vectors.as_bytes(articles["headline_vector"])
    return _set(terms, own.take(find(terms["article_id"], articles["article_id"]).combine_chunks()))


def uniform(view: View, engine: Engine[Any], day: date, terms: pa.Table, *, languages: bool) -> pa.Table:
    """TERMS of a day of the window, all with vectors or none, whatever the setting was when the day was published."""
    if not languages:
        return (
            terms if terms["vector"].null_count == len(terms) else _set(terms, pa.nulls(len(terms), VECTOR))
        )
    lacking = terms.filter(pc.and_(terms["vector"].is_null(), is_in(terms["language"], pa.array(LANGUAGES))))
    if not len(lacking):
        return terms
    wanted = pc.field("article_id").isin(lacking["article_id"].combine_chunks())
    articles = view.read(ARTICLES, day, READ, wanted)
    stage = Guarded(Backed(encode_headlines, _nothing), VECTORS)
    made = engine.collect(engine.map(stage, engine.load(_headlines(articles)), VECTORS))
    found = made["vector"].take(find(terms["article_id"], made["article_id"]))
    return _set(terms, pc.coalesce(terms["vector"], found))


def _headlines(articles: pa.Table) -> pa.Table:
    """What is encoded of each article: its headline or, without one, its first words."""
    first = pc.utf8_slice_codeunits(articles["text"], 0, FIRST_CHARS)
    about = articles.select(["article_id", "language"])
    return about.append_column("headline", pc.coalesce(articles["title"], first))


def _set(terms: pa.Table, vectors: Any) -> pa.Table:
    at = TERMS.names.index("vector")
    return terms.set_column(at, TERMS.schema.field(at), vectors)


def _nothing(_good: pa.Table, bad: pa.Table) -> pa.Table:
    return VECTORS.table([{"article_id": article_id} for article_id in bad["article_id"].to_pylist()])
