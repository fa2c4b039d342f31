"""Texts of extracted documents that are kept once: in `articles`.

The text of an article is that of its document without some of its lines. So where a document became an article, a segment keeps only the
lines that the article lacks, and their places. `restored` gives the document back; whether it is the same, the segment's digest says.
"""

from collections.abc import Callable
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.model.arrow import Array, both, equals, filled, find, is_in, list_lengths, texts, whole
from pipeline.model.internal_tables import EXTRACTED
from pipeline.store import spill

PLACES = "places"  # of the lines in `text`, among all lines of the document; null where `text` is all of it
_PLACES = pa.field(PLACES, pa.list_(pa.field("element", pa.int32(), nullable=False)))
SHARED = EXTRACTED.schema.append(_PLACES)
_ROWS_AT_ONCE = 20_000  # 60 MB of texts, in one chunk; a column of more than 2 GB can't be one Arrow array


def is_shared(rows: pa.Table) -> Array:
    """Of which rows the text is in `articles`."""
    if PLACES not in rows.column_names:
        return pa.repeat(False, rows.num_rows)
    return _column(rows, PLACES).is_valid()


def n_shared(rows: pa.Table) -> int:
    """How many rows have their text in `articles`."""
    return int(pc.sum(is_shared(rows)).as_py() or 0)


def shared(rows: pa.Table, articles: pa.Table) -> pa.Table:
    """EXTRACTED rows, of which some may be shared already -> SHARED rows, as many shared as can be.

    `articles` has `raw_ref` and `text` of the day's articles.
    """
    rows = rows if PLACES in rows.column_names else rows.append_column(_PLACES, _nulls(rows))
    return _made(_share, rows, articles)


def restored(rows: pa.Table, articles: pa.Table, chosen: Array | None = None) -> pa.Table:
    """SHARED rows with the whole text of those documents that are `chosen`, by their raw_ref (all).

    Raises ValueError where an article is not among `articles`.
    """
    return _made(partial(_restore, chosen=chosen), rows, articles)


def _nulls(rows: pa.Table) -> Array:
    return pa.nulls(rows.num_rows, _PLACES.type)


def _made(work: Callable[[pa.Table, pa.Table], pa.Table], rows: pa.Table, articles: pa.Table) -> pa.Table:
    """What `work` makes of rows and the articles that were made of them."""
    parts = (rows.slice(start, _ROWS_AT_ONCE) for start in range(0, rows.num_rows, _ROWS_AT_ONCE))
    return spill.gathered(SHARED, (_of_part(work, part, articles) for part in parts))


def _of_part(work: Callable[[pa.Table, pa.Table], pa.Table], part: pa.Table, articles: pa.Table) -> pa.Table:
    """The same of a part, in one chunk whatever the chunks of its rows, since a segment's bytes follow from its chunks."""
    is_one_array = sum(len(chunk) > 0 for chunk in articles["text"].chunks) == 1
    if not is_one_array:  # else no text is copied for it
        of_part = is_in(articles["raw_ref"], part["raw_ref"].combine_chunks())
        articles = articles.filter(of_part).combine_chunks()
    return pa.concat_tables([work(some, articles) for some in spill.in_slices(part)]).combine_chunks()


def _share(rows: pa.Table, articles: pa.Table) -> pa.Table:
    text, places = _column(rows, "text"), _column(rows, PLACES)
    theirs = _beside(rows, articles, places.is_null())
    wanted = both(theirs.is_valid(), text.is_valid())
    is_same = both(wanted, filled(equals(text, theirs), False))
    others: Array = pc.and_not(wanted, is_same)
    lacking = list(map(_lacking, texts(text.filter(others)), texts(theirs.filter(others))))
    found = iter([places for _, places in lacking])
    marks = zip(*(c.to_pylist() for c in (others, is_same, places)), strict=True)
    put = [next(found) if other else [] if same else kept for other, same, kept in marks]
    emptied: Array = pc.if_else(is_same, "", text)
    return _with(rows, _put(emptied, others, [lines for lines, _ in lacking]), pa.array(put, _PLACES.type))


def _lacking(text: str, article: str) -> tuple[str, list[int] | None]:
    """The lines of a text that its article lacks, and their places; all of the text where the article has other lines."""
    theirs, n, lines, places = article.split("\n"), 0, list[str](), list[int]()
    for place, line in enumerate(text.split("\n")):
        if n < len(theirs) and line == theirs[n]:
            n += 1
        else:
            lines.append(line)
            places.append(place)
    return ("\n".join(lines), places) if n == len(theirs) else (text, None)


def _restore(rows: pa.Table, articles: pa.Table, *, chosen: Array | None) -> pa.Table:
    text, places = _column(rows, "text"), _column(rows, PLACES)
    wanted: Array = places.is_valid()
    if chosen is not None:
        wanted = both(wanted, is_in(_column(rows, "raw_ref"), chosen))
    theirs = _beside(rows, articles, wanted)
    if pc.any(both(wanted, theirs.is_null())).as_py():
        raise ValueError("the article that has the text of a document is not there")
    lacks = both(wanted, pc.greater(filled(list_lengths(places), 0), pa.scalar(0)))
    columns = zip(*(column.filter(lacks).to_pylist() for column in (text, theirs, places)), strict=True)
    own = _put(text, lacks, [_whole(*one) for one in columns])  # few bytes: the others are copied once, below
    entire: Array = pc.if_else(pc.and_not(wanted, lacks), theirs, own)
    left: Array = pc.if_else(wanted, pa.scalar(None, _PLACES.type), places)
    return _with(rows, entire, left)


def _whole(lines: str, article: str, places: list[int]) -> str:
    own, theirs, is_own = iter(lines.split("\n")), iter(article.split("\n")), set(places)
    n = len(places) + article.count("\n") + 1
    return "\n".join(next(own) if place in is_own else next(theirs) for place in range(n))


def _column(rows: pa.Table, name: str) -> Array:
    return whole(rows[name])


def _beside(rows: pa.Table, articles: pa.Table, asked: Array) -> Array:
    """The text of the article of each document that is asked for; null where it has none, and of all others."""
    refs: Array = pc.if_else(asked, _column(rows, "raw_ref"), pa.scalar(None, pa.string()))
    found: Array = _column(articles, "text").take(find(refs, _column(articles, "raw_ref")))
    return found


def _put(text: Array, where: Array, values: list[str]) -> Array:
    """The text with these values in the places that are marked."""
    found: Array = pc.replace_with_mask(text, where, pa.array(values, pa.string()))
    return found


def _with(rows: pa.Table, text: Array, places: Array) -> pa.Table:
    for name, column in (("text", text), (PLACES, places)):
        rows = rows.set_column(rows.schema.get_field_index(name), SHARED.field(name), column)
    return rows.cast(SHARED)
