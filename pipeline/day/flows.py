"""Flows of the day: bring the articles of each copy group that the day has a part in together, and say who took the text from whom."""

import logging
from collections.abc import Iterator, Mapping
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
from pipeline.model.arrow import Array, both, distinct, equals, find, is_in, list_lengths
from pipeline.model.days import window
from pipeline.model.internal_tables import TAKEN
from pipeline.model.kinds import CAPTURES
from pipeline.model.tables import ARTICLES, FLOWS, MEMBERSHIPS
from pipeline.store import spill
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
    places = _with_flows(_placed(view, made, desk.settings.window_days, changed), made.tables.members)
    taken = _credited(spill.gathered(TAKEN.schema, _taken(view, made, places)), made.tables.members)
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


def _placed(view: View, made: Day, window_days: int, groups: Array) -> dict[date, pa.Table]:
    """The places of the day's articles in these copy groups, and of the window's; later captures of a page took nothing."""
    own = made.tables.memberships.select(_GROUPED).filter(_COUNTED & pc.field("copy_id").isin(groups))
    wanted = _COUNTED & pc.field("copy_id").isin(distinct(own["copy_id"]))
    days = window(made.day, window_days)
    before = {day: found for day in days for found in view.scan(MEMBERSHIPS, [day], _GROUPED, wanted)}
    return {made.day: own} | before


def _with_flows(places: Mapping[date, pa.Table], members: pa.Table) -> dict[date, pa.Table]:
    """Places without those of articles that are alone in their group and name nobody: most are, and nobody took anything there."""
    sizes = pa.concat_tables(places.values()).group_by("copy_id").aggregate([("article_id", "count")])
    several = sizes.filter(pc.field("article_id_count") > 1)["copy_id"].combine_chunks()
    silent = equals(list_lengths(members["credits"]), 0)  # null where its credits could not be read
    is_silent = both(silent, members["supplier"].is_null())
    names_nobody = members["article_id"].filter(is_silent).combine_chunks()
    says_nothing = pc.field("article_id").isin(names_nobody) & ~pc.field("copy_id").isin(several)
    return {day: of_day.filter(~says_nothing) for day, of_day in places.items()}


def _taken(view: View, made: Day, places: Mapping[date, pa.Table]) -> Iterator[pa.Table]:
    """TAKEN of the articles that have these places, some at a time."""
    for day, of_day in places.items():
        if day == made.day:
            articles = made.tables.articles.select(_READ)
        elif of_day.num_rows:
            articles = made.window_texts.read(view, day, _READ, of_day["article_id"].combine_chunks())
        else:
            continue
        group = of_day["copy_id"].take(find(articles["article_id"], of_day["article_id"]))
        for some in spill.in_slices(articles.append_column("copy_id", group)):
            yield _described(some.filter(some["copy_id"].is_valid()), is_new=day == made.day)


def _described(articles: pa.Table, *, is_new: bool) -> pa.Table:
    """TAKEN of articles with their copy groups. Here alone it is decided what the outlet and the agency of an article are."""
    rows = articles.select(list(OF_SOURCE)).to_pylist()
    table = articles.select([*_CARRIED, "copy_id"])
    first = (next(iter(agencies.split(row["agency"])), None) for row in rows)  # of two that are stated
    for name, values in (("outlet", map(outlet_of, rows)), ("agency", first)):
        table = table.append_column(name, pa.array(list(values), pa.string()))
    unknown = pa.nulls(table.num_rows, TAKEN.schema.field("credits").type)
    table = table.append_column("is_new", pa.repeat(is_new, table.num_rows))
    return TAKEN.conform(table.append_column("credits", unknown))
