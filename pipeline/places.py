"""The place of every article of a day, put together from its copy group and its story.

`placed` says which copy group an article is in (one row an article), `joined` which story a copy group that
begins today is in (one row an origin); a copy is in the story of its origin, which may be of an earlier day.
"""

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.contracts import ARTICLES, MEMBERS, MEMBERSHIPS


def memberships(placed: pa.Table, joined: pa.Table, earlier: pa.Table, day: date) -> pa.Table:
    """MEMBERSHIPS rows of the day; `earlier` are those of the days before, for copies of earlier origins."""
    story_of = dict(zip(earlier["article_id"].to_pylist(), earlier["story_id"].to_pylist(), strict=True))
    story_of |= dict(zip(joined["article_id"].to_pylist(), joined["story_id"].to_pylist(), strict=True))
    joins = {row["article_id"]: row for row in joined.to_pylist()}
    rows = []
    for row in placed.to_pylist():
        origin = joins.get(row["article_id"]) if row["article_id"] == row["copy_id"] else None
        if origin:
            row |= {name: origin[name] for name in ("kind", "matched_id", "story_score", "continues_id")}
        rows.append(row | {"ingest_date": day, "story_id": story_of[row["copy_id"]]})
    return MEMBERSHIPS.table(rows)


def members(places: pa.Table, articles: pa.Table, terms: pa.Table) -> pa.Table:
    """MEMBERS rows: the day's memberships with what a story's summary needs of each article."""
    about = [n for n in MEMBERS.names if n in ARTICLES.names and n not in MEMBERSHIPS.names]
    at = pc.index_in(places["article_id"], value_set=articles["article_id"].combine_chunks())
    table = places
    for name in about:
        table = table.append_column(name, articles[name].take(at))
    words = dict(zip(terms["article_id"].to_pylist(), terms["keywords"].to_pylist(), strict=True))
    keywords = [words.get(i, []) for i in places["article_id"].to_pylist()]
    return table.append_column("keywords", pa.array(keywords, MEMBERS.schema.field("keywords").type))
