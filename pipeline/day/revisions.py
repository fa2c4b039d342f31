"""Later captures of pages among the day's articles: bring the captures of a page together, and judge them in their order."""

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.day.desk import WorkDesk
from pipeline.day.result import Day
from pipeline.engines import faults
from pipeline.model import versions
from pipeline.model.arrow import Array, distinct, equals, find, is_in, texts
from pipeline.model.days import window
from pipeline.model.ids import DAY_DIGITS, is_of, prefix_of
from pipeline.model.internal_tables import CANDIDATES, PAGES, TRACED
from pipeline.model.kinds import CAPTURES, Capture, Kind
from pipeline.model.tables import ARTICLES, LINKS, MEMBERSHIPS, REVISIONS
from pipeline.revisions.trace import trace
from pipeline.store.view import View
from pipeline.text.pages import may_be_of, page_of, runs_of

log = logging.getLogger(__name__)

_PLACE = ["article_id", "copy_id"]
_ADDRESS = ["article_id", "canonical_url"]
_READ = [name for name in PAGES.names if name in ARTICLES.names]


def trace_day(desk: WorkDesk, view: View, made: Day) -> None:
    """Find the day's later captures of pages, and what each changed."""
    captures = _captures(view, made, window(made.day, desk.settings.window_days))
    traced, found = faults.tolerate(
        desk.engine, lambda e: e.collect(e.map(trace, e.load(captures), TRACED, key="page"))
    )
    made.traced, made.faults = TRACED.arrange(traced), made.faults | found
    made.tables.revisions = _revisions(made.traced, made.day)
    log.info("traced day=%s captures=%d later=%d", made.day, captures.num_rows, traced.num_rows)


def _captures(view: View, made: Day, days: Sequence[date]) -> pa.Table:
    """PAGES: the captures of each page that the day has one of, where there are several."""
    own = _with_pages(made.tables.articles.select(_ADDRESS))
    later, placed = _later_captures(view, days), _placed(view, days, own["page"].combine_chunks())
    before = _in_whole_groups(view, days, [_known(table, later, days[0]) for table in placed])
    n_captures: Counter[str] = Counter()
    for table in (own, *before):
        n_captures.update(texts(table["page"]))
    several = pa.array(sorted(page for page, n in n_captures.items() if n > 1), pa.string())
    found = [PAGES.empty(), _described(made.tables.articles, own, several)]
    for day, table in zip(days, before, strict=True):
        if table.num_rows and pc.any(is_in(table["page"], several)).as_py():
            named = pc.field("article_id").isin(table["article_id"].combine_chunks())
            found.append(_described(view.read(ARTICLES, day, _READ, named), table, several))
    return pa.concat_tables(found)


def _with_pages(addresses: pa.Table) -> pa.Table:
    """The rows that have an address, each with its page; that of a capture which is not later than another one is its own first."""
    known = addresses.filter(addresses["canonical_url"].is_valid())
    pages = pa.array(map(page_of, texts(known["canonical_url"])), pa.string())
    table = known.select(["article_id"]).append_column("page", pages)
    for name in ("first_id", "capture"):
        table = table.append_column(name, pa.nulls(table.num_rows, pa.string()))
    return table


def _later_captures(view: View, days: Sequence[date]) -> dict[str, tuple[str, str | None]]:
    """Of each later capture of a page among these days, the one before it, and what it is to that."""
    is_later, columns = pc.field("kind").isin(sorted(CAPTURES)), ["article_id", "matched_id", "capture"]
    return {
        article_id: (matched_id, capture)
        for table in view.scan(MEMBERSHIPS, days, columns, is_later)
        for article_id, matched_id, capture in zip(*(table[n].to_pylist() for n in columns), strict=True)
    }


def _placed(view: View, days: Sequence[date], wanted: Array) -> Iterator[pa.Table]:
    """Each day's captures of the wanted pages that have a place.

    Where a run was killed while it published the day, its articles may be newer than their memberships.
    """
    runs = runs_of(wanted)
    return (_placed_of_day(view, day, wanted, runs) for day in days)


def _placed_of_day(view: View, day: date, wanted: Array, runs: Array) -> pa.Table:
    read = view.read(ARTICLES, day, _ADDRESS)
    table = _with_pages(read.filter(may_be_of(read["canonical_url"].combine_chunks(), wanted, runs)))
    table = table.filter(is_in(table["page"], wanted))
    if not table.num_rows:
        return table
    named = pc.field("article_id").isin(table["article_id"].combine_chunks())
    placed = view.read(MEMBERSHIPS, day, ["article_id"], named)["article_id"].combine_chunks()
    return table.filter(is_in(table["article_id"], placed))


def _in_whole_groups(view: View, days: Sequence[date], before: Sequence[pa.Table]) -> list[pa.Table]:
    """Those captures whose first one has a place, in a copy group whose origin has one, which may be older than the window.

    A day that ran again without some document leaves captures and copies of it in later days, until these run, too.
    """
    read = [*window(days[0], len(days)), *days]
    firsts = _places(view, read, distinct(pa.concat_tables(before)["first_id"]))
    origins = _places(view, read, distinct(firsts["copy_id"]))["article_id"].combine_chunks()
    whole = firsts.filter(is_in(firsts["copy_id"], origins))["article_id"].combine_chunks()
    return [table.filter(is_in(table["first_id"], whole)) for table in before]


def _places(view: View, days: Sequence[date], ids: Array) -> pa.Table:
    """Of these articles the (article_id, copy_id) of those that have a place on one of the days."""
    prefixes = {article_id[:DAY_DIGITS] for article_id in texts(ids)}
    asked = [day for day in days if prefix_of(day) in prefixes]
    found = list(view.scan(MEMBERSHIPS, asked, _PLACE, pc.field("article_id").isin(ids)))
    return pa.concat_tables([MEMBERSHIPS.empty().select(_PLACE), *found])


def _known(table: pa.Table, later: Mapping[str, tuple[str, str | None]], first_day: date) -> pa.Table:
    """Of a day's captures of pages those that are no version of what came before the window, each with its first one."""
    ids = texts(table["article_id"])
    firsts = [_first(article_id, later) for article_id in ids]
    captures = [later[i][1] or str(Capture.UNCHANGED) if i in later else None for i in ids]
    columns = {"first_id": pa.array(firsts, pa.string()), "capture": pa.array(captures, pa.string())}
    for name, values in columns.items():
        table = table.set_column(table.column_names.index(name), name, values)
    return table.filter(pa.array([first >= prefix_of(first_day) for first in firsts], pa.bool_()))


def _first(article_id: str, later: Mapping[str, tuple[str, str | None]]) -> str:
    """The first capture that an article is a version of: itself, mostly."""
    while article_id in later:
        article_id, _ = later[article_id]
    return article_id


def _described(articles: pa.Table, captures: pa.Table, several: Array) -> pa.Table:
    """PAGES of those captures whose pages have several, with what `articles` say of them."""
    kept = captures.filter(is_in(captures["page"], several))
    at = find(kept["article_id"], articles["article_id"])
    said = {name: articles[name].take(at) for name in _READ if name not in kept.column_names}
    return PAGES.conform(
        pa.table([kept[n] if n in kept.column_names else said[n] for n in PAGES.names], PAGES.names)
    )


# --- what comes of it ------------------------------------------------------------------------------------------


def _revisions(traced: pa.Table, day: date) -> pa.Table:
    rows = traced.filter(equals(traced["kind"], str(Kind.REVISION)))
    columns = {name: rows[name] for name in REVISIONS.names if name in rows.column_names}
    columns |= {"previous_id": rows["other_id"], "number": rows["version"]}
    columns["ingest_date"] = pa.chunked_array([pa.repeat(pa.scalar(day), rows.num_rows)])
    return REVISIONS.arrange(pa.table([columns[n] for n in REVISIONS.names], REVISIONS.names))


def links_of(traced: pa.Table) -> pa.Table:
    """LINKS: each later capture with the one before it."""
    columns = {name: traced[name] for name in LINKS.names if name in traced.column_names}
    n = traced.num_rows
    columns["accepted"] = pa.chunked_array([pa.repeat(pa.scalar(True), n)])
    number = pa.scalar(versions.RULES["revisions"], pa.int32())
    columns["rule_version"] = pa.chunked_array([pa.repeat(number, n)])
    return LINKS.conform(pa.table([columns[name] for name in LINKS.names], LINKS.names))


def pairs(traced: pa.Table) -> pa.Table:
    """CANDIDATES: the pairs that are traced, whichever of the two has the smaller id."""
    one, other = traced["article_id"], traced["other_id"]
    return pa.concat_tables(
        [pa.table(list(ids), schema=CANDIDATES.schema) for ids in ((one, other), (other, one))]
    )


def among(traced: pa.Table, articles: pa.Table, day: date) -> pa.Table:
    """Of the later captures those that are among a day's articles, as the first ones are, if they are of the day."""
    ids = articles["article_id"].combine_chunks()
    is_earlier = pc.invert(is_of(traced["first_id"], day))
    return traced.filter(
        pc.and_(is_in(traced["article_id"], ids), pc.or_(is_earlier, is_in(traced["first_id"], ids)))
    )
