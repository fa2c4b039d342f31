"""Flows of the day: bring the articles of each copy group that the day has a part in together, and say who took the text from whom."""

import logging
from collections.abc import Iterator
from datetime import date
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.day.clean import outlets_of
from pipeline.day.desk import WorkDesk
from pipeline.day.last_run import moved
from pipeline.day.result import Day
from pipeline.day.window_texts import OF_SOURCE
from pipeline.engines import faults
from pipeline.engines.engine import Interpreted
from pipeline.flows.follow import follow
from pipeline.model.arrow import Array, distinct, equals, find, is_in, list_lengths
from pipeline.model.days import window
from pipeline.model.internal_tables import TAKEN
from pipeline.model.kinds import CAPTURES
from pipeline.model.tables import ARTICLES, FLOWS, MEMBERSHIPS
from pipeline.store.view import View
from pipeline.stories.canonical import outlet_of
from pipeline.text import agencies

log = logging.getLogger(__name__)

# Here: the name of the outlet or, without one, the host; and one agency, which articles of days before contract 2 lack.
_DECIDED = {"outlet", "agency"}
_CARRIED = [name for name in TAKEN.names if name in ARTICLES.names and name not in _DECIDED]
_READ = list(dict.fromkeys([*_CARRIED, *OF_SOURCE]))
_GROUPED = ["article_id", "copy_id", "kind"]  # of a place, what flows follow from
_COUNTED = pc.invert(pc.field("kind").isin(sorted(CAPTURES)))


def follow_day(desk: WorkDesk, view: View, made: Day) -> None:
    """Find who took the texts of the day's articles from whom. Copy groups that are as they were in the last run keep their flows."""
    others, before = moved(made, _GROUPED), made.last.table(FLOWS) if made.last else None
    if others is not None and before is not None:
        changed = others.groups("copy_id")
        kept = before.filter(pc.invert(is_in(before["copy_id"], changed)))
    else:
        changed, kept = distinct(made.tables.memberships["copy_id"]), FLOWS.empty()
    rows = _credited(
        pa.concat_tables(_taken(view, made, desk.settings.window_days, changed)), made.tables.members
    )
    taken = _with_flows(rows, made.tables.members)
    stage = Interpreted(partial(follow, outlets=outlets_of(desk.settings)), is_light=True)
    flows, found = faults.tolerate(
        desk.engine, lambda e: e.collect(e.map(stage, e.load(taken), FLOWS, key="copy_id"))
    )
    made.tables.flows = FLOWS.arrange(pa.concat_tables([kept, flows]))
    made.faults |= found
    log.info("followed day=%s articles=%d flows=%d", made.day, taken.num_rows, made.tables.flows.num_rows)


def _credited(taken: pa.Table, members: pa.Table) -> pa.Table:
    """TAKEN with the credits of the day's articles; of earlier days they are told anew."""
    known = members["credits"].take(find(taken["article_id"], members["article_id"]))
    return taken.set_column(TAKEN.names.index("credits"), TAKEN.schema.field("credits"), known)


def _with_flows(taken: pa.Table, members: pa.Table) -> pa.Table:
    """TAKEN without articles that are alone in their group and name nobody: most are, and nobody took anything there."""
    sizes = taken.group_by("copy_id").aggregate([("article_id", "count")])
    several = sizes.filter(pc.field("article_id_count") > 1)["copy_id"].combine_chunks()
    silent = equals(list_lengths(members["credits"]), 0)  # null where its credits could not be read
    names_nobody = members.filter(pc.and_(silent, members["supplier"].is_null()))["article_id"]
    is_several = is_in(taken["copy_id"], several)
    return taken.filter(
        pc.or_(is_several, pc.invert(is_in(taken["article_id"], names_nobody.combine_chunks())))
    )


def _taken(view: View, made: Day, window_days: int, groups: Array) -> Iterator[pa.Table]:
    """TAKEN: the day's articles in these copy groups, and those of the window; later captures of a page took nothing."""
    places = made.tables.memberships.filter(_COUNTED & pc.field("copy_id").isin(groups))
    yield _described(made.tables.articles.select(_READ), places, made.day, made.day)
    groups = distinct(places["copy_id"])
    for day in window(made.day, window_days):
        wanted = _COUNTED & pc.field("copy_id").isin(groups)
        for before in view.scan(MEMBERSHIPS, [day], ["article_id", "copy_id", "kind"], wanted):
            if before.num_rows:
                articles = made.window_texts.read(view, day, _READ, before["article_id"].combine_chunks())
                yield _described(articles, before, day, made.day)


def _described(articles: pa.Table, places: pa.Table, day: date, new: date) -> pa.Table:
    """TAKEN of a day's articles that have a place. Here alone it is decided what the outlet and the agency of an article are."""
    articles = articles.filter(is_in(articles["article_id"], places["article_id"].combine_chunks()))
    rows = articles.select(list(OF_SOURCE)).to_pylist()
    columns = {name: articles[name] for name in _CARRIED}
    columns["copy_id"] = places["copy_id"].take(find(articles["article_id"], places["article_id"]))
    table = pa.table(columns)
    first = (next(iter(agencies.split(row["agency"])), None) for row in rows)  # of two that are stated
    for name, values in (("outlet", map(outlet_of, rows)), ("agency", first)):
        table = table.append_column(name, pa.array(list(values), pa.string()))
    is_new = pa.array([day == new] * table.num_rows, pa.bool_())
    unknown = pa.nulls(table.num_rows, TAKEN.schema.field("credits").type)
    return TAKEN.conform(table.append_column("is_new", is_new).append_column("credits", unknown))
