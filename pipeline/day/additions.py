"""Additions of the day: bring the articles of each story that the day adds a report to together, and say what each report adds."""

import logging
from collections.abc import Iterator
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.day.desk import WorkDesk
from pipeline.day.last_run import changed_groups, last_run
from pipeline.day.result import Day
from pipeline.engines import faults
from pipeline.engines.engine import Interpreted
from pipeline.model.arrow import Array, both, distinct, equals, find, is_in
from pipeline.model.days import window
from pipeline.model.ids import prefix_of
from pipeline.model.internal_tables import SAID
from pipeline.model.kinds import Kind
from pipeline.model.tables import ADDITIONS, ARTICLES, MEMBERSHIPS
from pipeline.store.view import View
from pipeline.stories.additions import detect

log = logging.getLogger(__name__)

_OF_PLACE = [name for name in SAID.names if name in MEMBERSHIPS.names]
_OF_ARTICLE = [name for name in SAID.names if name in ARTICLES.names and name not in _OF_PLACE]
_WITHIN = [str(Kind.EXACT), str(Kind.EXCERPT)]
_READ = ["article_id", *_OF_ARTICLE]


def detect_day(desk: WorkDesk, view: View, made: Day) -> None:
    """Find what each of the day's reports adds to its story. Stories that are as they were in the last run keep what was found."""
    last = last_run(desk.warehouse, made)
    changed, before = changed_groups(last, made, "story_id"), last.table(ADDITIONS) if last else None
    kept = ADDITIONS.empty()
    if changed is not None and before is not None:
        kept = before.filter(pc.invert(is_in(before["story_id"], changed)))
    else:
        changed = distinct(made.tables.memberships["story_id"])
    said = pa.concat_tables([SAID.empty(), *_said(view, made, desk.settings.window_days, changed)])
    additions, found = faults.tolerate(
        desk.engine, lambda e: e.collect(e.map(Interpreted(detect), e.load(said), ADDITIONS, key="story_id"))
    )
    made.tables.additions = ADDITIONS.arrange(pa.concat_tables([kept, additions]))
    made.faults |= found
    log.info(
        "detected day=%s articles=%d reports=%d", made.day, said.num_rows, made.tables.additions.num_rows
    )


def _said(view: View, made: Day, window_days: int, among: Array) -> Iterator[pa.Table]:
    """SAID: the articles of the day and the window in those of some stories that have a report of the day."""
    places, days = made.tables.memberships, window(made.day, window_days)
    is_asked = both(equals(places["kind"], str(Kind.REPORT)), is_in(places["story_id"], among))
    stories: Array = distinct(places["story_id"].filter(is_asked))
    wanted = pc.field("story_id").isin(stories) & _says_more(days[0])
    yield _described(made.tables.articles, places.filter(wanted).select(_OF_PLACE), is_new=True)
    for day in days if len(stories) else ():
        for before in view.scan(MEMBERSHIPS, [day], _OF_PLACE, wanted):
            if before.num_rows:
                named = pc.field("article_id").isin(before["article_id"].combine_chunks())
                yield _described(view.read(ARTICLES, day, _READ, named), before, is_new=False)


def _says_more(first: date) -> pc.Expression:
    """Without articles that say no more than the origin of their copy group, which is there, too: most copies are such."""
    return pc.invert(pc.field("kind").isin(_WITHIN)) | (pc.field("copy_id") < prefix_of(first))


def _described(articles: pa.Table, places: pa.Table, *, is_new: bool) -> pa.Table:
    """SAID of those places whose article is there: a run that was killed may have left places of articles that went."""
    places = places.filter(is_in(places["article_id"], articles["article_id"].combine_chunks()))
    at = find(places["article_id"], articles["article_id"])
    table = places
    for name in _OF_ARTICLE:
        table = table.append_column(name, articles[name].take(at))
    return SAID.conform(table.append_column("is_new", pa.array([is_new] * table.num_rows, pa.bool_())))
