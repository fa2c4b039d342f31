"""One story: its text to read, its articles by text and by time, how it grew, how sure its members are, what it carries on."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time

import pyarrow.compute as pc

from pipeline.explorer import paging
from pipeline.explorer.models import Count, Group, Mark, Member, Story, StoryRef
from pipeline.explorer.snapshot import Snapshot
from pipeline.explorer.stories import line
from pipeline.model.arrow import equals, texts
from pipeline.model.contract import Row
from pipeline.model.errors import MissingInputError, SettingsError
from pipeline.model.ids import DIGITS, day_of
from pipeline.model.kinds import COPIES, Kind, Precision
from pipeline.model.tables import ADDITIONS, ARTICLES, MEMBERSHIPS, STORIES

ABOUT = ["title", "outlet", "domain", "url", "published_at", "published_precision", "language", "lead"]
PLACE = ["kind", "copy_id", "matched_id", "jaccard", "containment", "story_score", "agency"]
_GROUPS, _COPIES_SHOWN, _MARKS, _REFS, _TEXT = 40, 30, 400, 20, 20_000
_REF = ["title", "first_date", "last_date", "n_articles"]
_HEX = frozenset("0123456789abcdef")


def refuse_malformed(identifier: str) -> date:
    """The day of an id; raises SettingsError for what is no id."""
    try:
        if len(identifier) == DIGITS and _HEX.issuperset(identifier):
            return day_of(identifier)
    except ValueError:
        pass
    raise SettingsError(f"{identifier[:DIGITS]!r} is no id: an id is the day as yyyymmdd, then 24 hex digits")


def story_page(snapshot: Snapshot, story_id: str, threshold: float, cursor: str | None = None) -> Story:
    """Raises SettingsError for what is no id or cursor, MissingInputError where there is no such story."""
    row = find(snapshot, story_id)
    members = members_of(snapshot, row)
    groups = _groups(members)
    after = paging.parse(cursor, (int,))
    start = int(after[0]) if after else 0
    shown = groups[start : start + _GROUPS]
    more = start + _GROUPS < len(groups)
    about, text = _canonical(snapshot, row["canonical_id"])
    before = refs(snapshot, [row["continues_id"]]) if row["continues_id"] else []
    growth = Counter(str(member.day) for member in members)
    return Story(
        publication=snapshot.publication,
        story=line(row),
        **{name: row[name] for name in ("canonical_id", "canonical_reason", "mean_score", "weakest_score")},
        canonical_title=about.get("title"),
        canonical_text=text,
        canonical_outlet=about.get("outlet") or about.get("domain"),
        canonical_url=about.get("url"),
        newsrooms=[one["newsroom"] for one in row["newsrooms"] or []],
        threshold=threshold,
        groups=shown,
        n_groups=len(groups),
        next_cursor=paging.spell((start + _GROUPS,)) if more else None,
        growth=[Count(name=day, n=growth[day]) for day in sorted(growth)],
        timeline=timeline_of(members),
        continues=before[0] if before else None,
        continued_by=refs(snapshot, _carrying_on(snapshot, row)),
        saga=refs(snapshot, _saga(snapshot, row)),
    )


def find(snapshot: Snapshot, story_id: str) -> Row:
    """The row of STORIES; raises SettingsError and MissingInputError."""
    day = refuse_malformed(story_id)
    snapshot.refuse_torn(day)
    rows = snapshot.read(STORIES, day, where=pc.field("story_id") == story_id).to_pylist()
    if not rows:
        raise MissingInputError(f"no story {story_id}")
    found: Row = rows[0]
    return found


def members_of(snapshot: Snapshot, story: Row) -> list[Member]:
    """The articles of a story as they joined; of those whose day is away or whose text was retired, what is left."""
    ids: list[str] = story["members"]
    about = snapshot.rows(ARTICLES, ids, ABOUT)
    places = snapshot.rows(MEMBERSHIPS, ids, PLACE)
    adds = snapshot.rows(ADDITIONS, ids, ["adds"])
    scores = [s for place in places.values() if (s := place["story_score"]) is not None]
    weakest = min(scores, default=None) if len(scores) > 1 else None
    return [
        _member(
            one, about.get(one, {}), places.get(one, {}), adds.get(one, {}), weakest, story["canonical_id"]
        )
        for one in ids
    ]


def _member(
    article_id: str, about: Row, place: Row, adds: Row, weakest: float | None, canonical: str
) -> Member:
    score = place.get("story_score")
    return Member(
        article_id=article_id,
        day=day_of(article_id),
        **{
            n: about.get(n)
            for n in ("title", "lead", "url", "published_at", "published_precision", "language")
        },
        outlet=about.get("outlet") or about.get("domain"),
        **{name: place.get(name) for name in PLACE},
        adds=adds.get("adds") or [],
        is_weakest=score is not None and score == weakest,
        is_canonical=article_id == canonical,
    )


def _groups(members: Iterable[Member]) -> list[Group]:
    """The texts of a story in the order in which they came, each with its copies folded under it."""
    by_text: dict[str, list[Member]] = defaultdict(list)
    for member in members:
        by_text[member.copy_id or member.article_id].append(member)
    found = []
    for copy_id, some in by_text.items():
        head = next((one for one in some if one.article_id == copy_id), some[0])
        copies = [one for one in some if one is not head]
        found.append(Group(head=head, copies=copies[:_COPIES_SHOWN], n_copies=len(copies)))
    return found


def timeline_of(members: Sequence[Member]) -> list[Mark]:
    """When which outlet had it, the earliest first. A date without an hour stands at noon, and is marked so.

    The first is the earliest whose hour is known, of those of the first day; without any, the only one of that day.
    """
    at = {member.article_id: _moment(member) for member in members}
    in_order = sorted(members, key=lambda one: (at[one.article_id], one.article_id))[:_MARKS]
    early = [m for m in in_order if at[m.article_id].date() == at[in_order[0].article_id].date()]
    first = [m for m in early if _is_exact(m)][:1] or (early if len(early) == 1 else [])
    return [
        Mark(
            article_id=one.article_id,
            outlet=one.outlet or "unknown",
            at=at[one.article_id],
            role="first" if one in first else "copy" if one.kind in COPIES else "own",
            is_exact=_is_exact(one),
        )
        for one in in_order
    ]


def _is_exact(member: Member) -> bool:
    return member.published_at is not None and member.published_precision != Precision.DAY


def _moment(member: Member) -> datetime:
    if member.published_at is None:
        return datetime.combine(member.day, time(12), UTC)
    moment = member.published_at
    return datetime.combine(moment.date(), time(12), UTC) if not _is_exact(member) else moment


def _canonical(snapshot: Snapshot, article_id: str) -> tuple[Row, str | None]:
    """What is known of the article to read, and its text; none where it was retired."""
    where = pc.field("article_id") == article_id
    columns = ["article_id", "title", "outlet", "domain", "url", "text"]
    rows = snapshot.read(ARTICLES, day_of(article_id), columns, where).to_pylist()
    return (rows[0], rows[0]["text"][:_TEXT]) if rows else ({}, None)


def _carrying_on(snapshot: Snapshot, story: Row) -> list[str]:
    """The stories that carry it on."""
    later = [day for day in snapshot.days(STORIES) if day >= story["first_date"]]
    return _ids_where(snapshot, later, "continues_id", story["story_id"])[:_REFS]


def _saga(snapshot: Snapshot, story: Row) -> list[str]:
    """The other stories of its saga."""
    if not story["saga_id"]:
        return []
    whole = _ids_where(snapshot, snapshot.days(STORIES), "saga_id", story["saga_id"])
    return [one for one in whole if one != story["story_id"]][:_REFS]


def _ids_where(snapshot: Snapshot, days: Iterable[date], column: str, value: str) -> list[str]:
    tables = snapshot.scan(STORIES, days, ["story_id", column])
    found = ((table, equals(table[column], value)) for table in tables)
    return sorted(
        one
        for table, is_it in found
        if pc.any(is_it).as_py()
        for one in texts(table.filter(is_it)["story_id"])
    )


def refs(snapshot: Snapshot, ids: Sequence[str]) -> list[StoryRef]:
    """What names these stories, in this order; those that are not there are left out."""
    rows: Mapping[str, Row] = snapshot.rows(STORIES, ids, _REF, "story_id")
    return [StoryRef.model_validate(rows[one]) for one in ids if one in rows]


def role_of(kind: str | None) -> str:
    """What an article is to its story, in words."""
    return _ROLES.get(kind or "", "unknown")


_ROLES: dict[str, str] = {
    Kind.ORIGIN: "began the story",
    Kind.REPORT: "own report",
    Kind.EXACT: "exact copy",
    Kind.NEAR: "edited copy",
    Kind.EXCERPT: "excerpt",
    Kind.EXPANDED: "copy with more",
    Kind.REFETCH: "fetched again",
    Kind.REVISION: "later version",
}
