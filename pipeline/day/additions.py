"""Additions of the day: bring the articles of each story that the day adds a report to together, and say what each report adds."""

import logging
from collections.abc import Iterator
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.day.desk import WorkDesk
from pipeline.day.last_run import moved
from pipeline.day.result import Day
from pipeline.engines import faults
from pipeline.engines.engine import Interpreted
from pipeline.model.arrow import Array, ChunkedArray, distinct, equals, find, is_in, texts
from pipeline.model.days import window
from pipeline.model.ids import prefix_of
from pipeline.model.internal_tables import SAID
from pipeline.model.kinds import Kind
from pipeline.model.tables import ADDITIONS, ARTICLES, MEMBERSHIPS
from pipeline.store import spill
from pipeline.store.view import View
from pipeline.stories import told_before
from pipeline.stories.additions import detect

log = logging.getLogger(__name__)

_OF_PLACE = [name for name in SAID.names if name in MEMBERSHIPS.names]
_OF_ARTICLE = [name for name in SAID.names if name in ARTICLES.names and name not in _OF_PLACE]
_WITHIN = [str(Kind.EXACT), str(Kind.EXCERPT)]
_READ = ["article_id", *_OF_ARTICLE]


def detect_day(desk: WorkDesk, view: View, made: Day) -> None:
    """Find what each of the day's reports adds to its story. Reports before which nothing has changed since the last run keep what was
    found.
    """
    kept = _kept(made)
    said = spill.gathered(SAID.schema, _said(view, made, desk.settings.window_days, kept["article_id"]))
    additions, found = faults.tolerate(
        desk.engine, lambda e: e.collect(e.map(Interpreted(detect), e.load(said), ADDITIONS, key="story_id"))
    )
    made.tables.additions = ADDITIONS.arrange(pa.concat_tables([kept, additions]))
    made.faults |= found
    log.info(
        "detected day=%s articles=%d reports=%d", made.day, said.num_rows, made.tables.additions.num_rows
    )


def _kept(made: Day) -> pa.Table:
    """ADDITIONS of the last run that are as they were."""
    others, before = moved(made, _OF_PLACE), made.last.table(ADDITIONS) if made.last else None
    if others is None or before is None:
        return ADDITIONS.empty()
    changed = others.groups("story_id")
    now, then = (t.filter(is_in(t["story_id"], changed)).select(_OF_PLACE) for t in (others.now, others.then))
    same = told_before.same_reports(now.to_pylist(), then.to_pylist(), set(texts(others.ids)))
    is_same = is_in(before["article_id"], pa.array(sorted(same), pa.string()))
    return before.filter(pc.or_(is_same, pc.invert(is_in(before["story_id"], changed))))


def _said(view: View, made: Day, window_days: int, known: ChunkedArray) -> Iterator[pa.Table]:
    """SAID: the articles of the day and the window in the stories that have a report of the day which is not among the known."""
    places, days = made.tables.memberships, window(made.day, window_days)
    known_ids = known.combine_chunks()
    is_asked = pc.and_not(equals(places["kind"], str(Kind.REPORT)), is_in(places["article_id"], known_ids))
    stories: Array = distinct(places["story_id"].filter(is_asked))
    wanted = pc.field("story_id").isin(stories) & _says_more(days[0])
    own = places.select(_OF_PLACE).filter(wanted)
    yield from _described(made.tables.articles.select(_READ), own, known_ids, is_new=True)
    for day in days if len(stories) else ():
        for before in view.scan(MEMBERSHIPS, [day], _OF_PLACE, wanted):
            if before.num_rows:
                named = pc.field("article_id").isin(before["article_id"].combine_chunks())
                yield from _described(view.read(ARTICLES, day, _READ, named), before, known_ids, is_new=False)


def _says_more(first: date) -> pc.Expression:
    """Without articles that say no more than the origin of their copy group, which is there, too: most copies are such."""
    return pc.invert(pc.field("kind").isin(_WITHIN)) | (pc.field("copy_id") < prefix_of(first))


def _described(articles: pa.Table, places: pa.Table, known: Array, *, is_new: bool) -> Iterator[pa.Table]:
    """SAID of those places whose article is there, some at a time: a run that was killed may have left places of articles that went."""
    at = find(articles["article_id"], places["article_id"])
    table = articles.append_column("is_new", pa.repeat(is_new, articles.num_rows))
    table = table.append_column("is_known", is_in(table["article_id"], known))
    for name in (n for n in _OF_PLACE if n not in _READ):
        table = table.append_column(name, places[name].take(at))
    yield from (SAID.conform(some.filter(some["story_id"].is_valid())) for some in spill.in_slices(table))
