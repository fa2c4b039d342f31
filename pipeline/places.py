"""The place of every article of a day, put together from its copy group and its story.

`placed` says which copy group an article is in (one row an article), `joined` which story a copy group that
begins today is in (one row an origin); a copy is in the story of its origin, which may be of an earlier day.
"""

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.contracts import ARTICLES, MEMBERS, MEMBERSHIPS, Kind


def alone(found: pa.Table, ids: pa.ChunkedArray, group: str) -> pa.Table:
    """`found`, which has one row an article, with a row for each of `ids` that it lacks: the origin of a group of its own.

    So an article goes on that a stage could not place, or could not read.
    """
    left = ids.filter(pc.invert(pc.is_in(ids, value_set=found["article_id"].combine_chunks())))
    if not len(left):
        return found
    columns = {name: pa.nulls(len(left), found.schema.field(name).type) for name in found.column_names}
    columns |= {"article_id": left, group: left, "kind": pa.repeat(Kind.ORIGIN.value, len(left))}
    return pa.concat_tables([found, pa.table(columns, schema=found.schema)])


def memberships(placed: pa.Table, joined: pa.Table, earlier: pa.Table, day: date) -> pa.Table:
    """MEMBERSHIPS rows of the day; `earlier` are those of the days before, for copies of earlier origins."""
    known = pa.concat_tables([t.select(["article_id", "story_id"]) for t in (joined, earlier)])
    begins = pc.equal(placed["article_id"], placed["copy_id"])
    at = pc.if_else(begins, _find(placed["article_id"], joined["article_id"]), pa.scalar(None, pa.int32()))
    columns = {name: placed[name] for name in placed.column_names}
    columns |= {name: joined[name].take(at) for name in ("story_score", "continues_id")}
    columns |= {name: pc.coalesce(joined[name].take(at), placed[name]) for name in ("kind", "matched_id")}
    columns["ingest_date"] = pa.repeat(pa.scalar(day), placed.num_rows)
    columns["story_id"] = known["story_id"].take(_find(placed["copy_id"], known["article_id"]))
    return MEMBERSHIPS.conform(pa.table(columns))


def _find(ids: pa.ChunkedArray, among: pa.ChunkedArray) -> pa.ChunkedArray:
    """The row of each id in another column; null where it is not."""
    return pc.index_in(ids, value_set=among.combine_chunks())


def members(places: pa.Table, articles: pa.Table, terms: pa.Table) -> pa.Table:
    """MEMBERS rows: the day's memberships with what a story's summary needs of each article."""
    about = [n for n in MEMBERS.names if n in ARTICLES.names and n not in MEMBERSHIPS.names]
    at = _find(places["article_id"], articles["article_id"])
    table = places
    for name in about:
        table = table.append_column(name, articles[name].take(at))
    words = terms["keywords"].take(_find(places["article_id"], terms["article_id"]))
    return table.append_column("keywords", pc.coalesce(words, pa.scalar([], words.type)))
