"""One day: its funnel, what was refused, its outlets, its volume beside the weeks before, its largest stories, what is unusual."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.explorer.models import Count, Day, Step, StoryLine, Volume
from pipeline.explorer.snapshot import Snapshot
from pipeline.explorer.stories import LINE, Wanted, line, matching, ordered
from pipeline.model.arrow import counts, distinct
from pipeline.model.errors import MissingInputError
from pipeline.model.ids import day_of
from pipeline.model.kinds import CAPTURES, COPIES, Kind
from pipeline.model.tables import ARTICLES, MEMBERSHIPS, RUNS, STORIES
from pipeline.upkeep import quality

HISTORY_DAYS = quality.HISTORY_DAYS
_LARGEST, _OUTLETS, _LANGUAGES, _FAULTS = 8, 15, 10, 20
_SEEN = 3  # a usual outlet: on so many of the week's days before


def day_page(snapshot: Snapshot, day: date) -> Day:
    """Raises MissingInputError where the day was not published, InputChangedError where it is being replaced."""
    snapshot.refuse_torn(day)
    days = snapshot.days(RUNS)
    if day not in days:
        raise MissingInputError(f"{day}: not published")
    at = days.index(day)
    run = snapshot.slim(RUNS, day, RUNS.names).to_pylist()[0]
    before = [_counts(snapshot, d) for d in days[max(0, at - HISTORY_DAYS) : at]]
    outlets = _outlets(snapshot, day)
    kinds = _tally(snapshot, MEMBERSHIPS, day, "kind")
    return Day(
        publication=snapshot.publication,
        day=day,
        previous=days[at - 1] if at else None,
        next=days[at + 1] if at + 1 < len(days) else None,
        funnel=_funnel(run, kinds),
        aside=[Count(name=kind, n=kinds[kind]) for kind in (*COPIES, *sorted(CAPTURES)) if kinds.get(kind)],
        rejects=_sorted({one["reason"]: one["n"] for one in run["rejects_by_reason"]}),
        outlets=_sorted(outlets)[:_OUTLETS],
        n_outlets=len(outlets),
        languages=_sorted(_tally(snapshot, ARTICLES, day, "language"))[:_LANGUAGES],
        volumes=[*map(_volume, before), _volume(run)],
        unusual=[
            *map(str, quality.judge(run, before)),
            *_silent(snapshot, days[max(0, at - 7) : at], outlets),
        ],
        faults=[
            f"{f['stage']}: {f['error']} ({f['article_id']})" for f in (run["stage_faults"] or [])[:_FAULTS]
        ],
        largest=largest(snapshot, day, _LARGEST)[0],
        grown=_grown(snapshot, day),
        retired=not snapshot.has(ARTICLES, day),
    )


def latest(snapshot: Snapshot) -> date | None:
    """The newest whole day; None in an empty warehouse."""
    return max(snapshot.days(RUNS), default=None)


_COUNTED = ["ingest_date", "n_raw", "n_articles", "n_rejects", "n_stories", *(f"n_{kind}" for kind in COPIES)]


def _counts(snapshot: Snapshot, day: date) -> dict[str, Any]:
    row: dict[str, Any] = snapshot.slim(RUNS, day, _COUNTED).to_pylist()[0]
    return row


def _volume(row: Mapping[str, Any]) -> Volume:
    names = ("n_raw", "n_articles", "n_rejects", "n_stories")
    return Volume(day=row["ingest_date"], **{name: row[name] for name in names})


def _funnel(run: Mapping[str, Any], kinds: Mapping[str, int]) -> list[Step]:
    copies = sum(kinds.get(kind, 0) for kind in COPIES)
    captures = sum(kinds.get(kind, 0) for kind in CAPTURES)
    own = kinds.get(Kind.ORIGIN, 0) + kinds.get(Kind.REPORT, 0)
    return [
        Step(name="raw documents", n=run["n_raw"], note="as delivered"),
        Step(name="articles", n=run["n_articles"], note=f"{run['n_rejects']:,} gave no article"),
        Step(
            name="different articles",
            n=own + copies,
            note=_said(captures, "is a later capture of a page", "are later captures of a page"),
        ),
        Step(
            name="texts of their own",
            n=own,
            note=_said(copies, "is a copy of another text", "are copies of another text"),
        ),
        Step(
            name="new stories",
            n=kinds.get(Kind.ORIGIN, 0),
            note=_said(
                kinds.get(Kind.REPORT, 0), "reports a story that was there", "report a story that was there"
            ),
        ),
    ]


def _said(n: int, one: str, many: str) -> str:
    return f"{n:,} {one if n == 1 else many}"


def _tally(snapshot: Snapshot, contract: Any, day: date, column: str) -> dict[str, int]:
    """How many rows of the day have which value."""
    found = counts(snapshot.slim(contract, day, [column])[column])
    return {name: n for name, n in found.items() if name is not None}


def _outlets(snapshot: Snapshot, day: date) -> dict[str, int]:
    """Articles of the day by outlet or, where none is named, by host."""
    table = snapshot.slim(ARTICLES, day, ["outlet", "domain"])
    found = counts(pc.call_function("coalesce", [table["outlet"], table["domain"]]))
    return {name: n for name, n in found.items() if name}


def _silent(snapshot: Snapshot, days: list[date], now: Mapping[str, int]) -> list[str]:
    """Outlets that were there on most of the days before, with the most articles, and are not on this one."""
    if len(days) < _SEEN:
        return []
    before = [_outlets(snapshot, day) for day in days if snapshot.has(ARTICLES, day)]
    seen = {name for one in before for name in one}
    usual = {name: sum(name in one for one in before) for name in seen - now.keys()}
    gone = sorted(
        (n for n, of in usual.items() if of * 2 > len(days)),
        key=lambda n: (-sum(o.get(n, 0) for o in before), n),
    )
    return [
        f"nothing from {name}, which had articles on {usual[name]} of the {len(days)} days before"
        for name in gone[:5]
    ]


def _sorted(counts: Mapping[str, int]) -> list[Count]:
    return [Count(name=name, n=n) for name, n in sorted(counts.items(), key=lambda one: (-one[1], one[0]))]


def largest(snapshot: Snapshot, day: date, limit: int) -> tuple[list[StoryLine], int]:
    """The largest stories that have an article of the day, as known now; and how many there are in all."""
    active = matching(snapshot, Wanted(first=day, last=day))
    found = active.filter(pc.is_in(active["story_id"], _of_day(snapshot, day)))
    return [line(row) for row in ordered(found, limit).to_pylist()], found.num_rows


def _grown(snapshot: Snapshot, day: date) -> list[StoryLine]:
    """The largest of them that began before."""
    mine = _of_day(snapshot, day).to_pylist()
    older: dict[date, list[str]] = {}
    for story in mine:
        if (began := day_of(story)) < day:
            older.setdefault(began, []).append(story)
    tables = [
        table
        for began, ids in sorted(older.items())
        for table in snapshot.scan(STORIES, [began], LINE, pc.field("story_id").isin(ids))
    ]
    rows = pa.concat_tables([STORIES.empty().select(LINE), *tables]).to_pylist()
    rows.sort(key=lambda r: (-(r["n_newsrooms"] or 0), -r["n_copy_groups"], r["story_id"]))
    return [line(row) for row in rows[:_LARGEST]]


def _of_day(snapshot: Snapshot, day: date) -> Any:
    """The stories that have an article of the day. Later captures of a page don't count."""
    table = snapshot.slim(MEMBERSHIPS, day, ["story_id", "kind"])
    counted = table.filter(~pc.field("kind").isin([str(kind) for kind in CAPTURES]))
    return distinct(counted["story_id"])
