"""Whom a story comes from: newsrooms with a text of their own, agencies, and texts whose source is not known.

Nine editions of one house that run one text are one source, and so are ten takers of one wire: a copy group counts for the
family of its source, or for its agency. The source may be an outlet that a copy credits, though the story has no article of it.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from pipeline.flows.credits import Credit, plain
from pipeline.flows.source import AGENCY, Member, Source, is_outlet, key, order
from pipeline.flows.source import source_of as source_by_rule
from pipeline.model.contract import Row
from pipeline.model.kinds import Kind
from pipeline.stories.canonical import outlet_of
from pipeline.stories.suppliers import MOST
from pipeline.text import urls
from pipeline.text.agencies import split as agencies_in

_WHOLE = (Kind.ORIGIN, Kind.REPORT, Kind.EXACT)


def sources_of(rows: Sequence[Row]) -> Row:
    """n_newsrooms, n_agencies, n_sources and newsrooms of a story; `rows` are its MEMBERS that count."""
    newsrooms: dict[str, str] = {}
    unknown: set[str] = set()  # by a name that somebody credits, else by the article
    agencies = {name for row in rows for name in agencies_in(row["agency"])}
    alone = len(rows) == 1 and not rows[0]["credits"]
    members = {} if alone else {row["article_id"]: _member(row) for row in rows}
    for _, found in groupby(sorted(rows, key=lambda row: str(row["copy_id"])), lambda row: row["copy_id"]):
        group = list(found)
        if agency_of_text(group):
            continue
        told = _told(group, rows, members)
        if told.agency:
            agencies.add(told.agency)
        elif told.newsroom:
            newsrooms.setdefault(told.newsroom, told.evidence)
        else:
            unknown.add(told.name)
    named = [{"newsroom": name, "article_id": newsrooms[name]} for name in sorted(newsrooms)]
    return {
        "n_newsrooms": len(newsrooms),
        "n_agencies": len(agencies),
        "n_sources": len(newsrooms) + len(agencies) + len(unknown),
        "newsrooms": named,
    }


class _Told(NamedTuple):
    """Whose a copy group's text is: the family or, where that is not known, a name that tells it from others; the evidence; the agency
    that supplied it, if one did.
    """

    newsroom: str | None
    name: str
    evidence: str
    agency: str | None = None


def _told(group: Sequence[Row], rows: Sequence[Row], members: Mapping[str, Member]) -> _Told:
    if len(group) == 1 and not group[0]["credits"]:  # as most are: nothing needs to be asked
        return _Told(group[0]["newsroom"], group[0]["article_id"], group[0]["article_id"])
    source, evidence = source_of(group, members)
    own = evidence["article_id"]
    if source.kind == AGENCY:
        return _Told(None, own, own, source.name)
    if source.article:
        return _Told(evidence["newsroom"], own, own)
    return _Told(_newsroom_of(source, group, rows, members), key(source), own)


def source_of(group: Sequence[Row], members: Mapping[str, Member]) -> tuple[Source, Row]:
    """Whom a copy group's text is from, by the rule of flows, and the article that is the evidence: the source's own or, where the
    group has none, the first of those that have the text.

    Portals and repost sites wrote none, and an excerpt is not the text, unless there is nothing else.
    """
    able = [row for row in group if row["newsroom"]] or list(group)
    whole = [row for row in able if row["kind"] != Kind.EXCERPT] or able
    by_id = {row["article_id"]: row for row in whole}
    source = source_by_rule([members[article_id] for article_id in by_id])
    first = source.article or min((members[article_id] for article_id in by_id), key=order)
    return source, by_id[first.article_id]


def _member(row: Row) -> Member:
    """A member as the rule of flows sees it. Which members state an agency is told before: a mere label says nothing more."""
    return Member(
        row["article_id"],
        outlet_of(row),
        urls.domain_of(row["canonical_url"]),
        None,
        row["published_at"],
        row["published_precision"],
        row["word_count"],
        [Credit(**credit) for credit in row["credits"] or () if credit["is_sure"] or not credit["agency"]],
        row["outlet_id"],
    )


def _newsroom_of(
    source: Source, group: Sequence[Row], rows: Sequence[Row], members: Mapping[str, Member]
) -> str | None:
    """The family of an outlet that has no article in the group: of an article of the story, by the outlets' file, or by its address."""
    said = [c for row in group for c in members[row["article_id"]].credits if _is_of(c, source)]
    own = (row["newsroom"] for row in rows if any(is_outlet(members[row["article_id"]], c) for c in said))
    return next((newsroom for newsroom in (*own, *(c.newsroom for c in said)) if newsroom), None)


def _is_of(credit: Credit, source: Source) -> bool:
    """Whether a credit names the outlet of a source: by its id or, where either has none, by the name."""
    if credit.outlet_id and source.outlet_id:
        return credit.outlet_id == source.outlet_id
    return plain(credit.name) == plain(source.name or "")


def agency_of_text(group: Sequence[Row]) -> str | None:
    """The agency that a copy group's text is from: that of a member which holds most of it."""
    found = [row["agency"] for row in group if row["agency"] and _holds_most(row)]
    return min(found, key=lambda name: (-found.count(name), name)) if found else None


def _holds_most(row: Row) -> bool:
    """Whether most of the text that the article was compared with stands in it."""
    if row["kind"] in _WHOLE or row["jaccard"] is None or not row["containment"]:
        return bool(row["kind"] != Kind.EXCERPT)
    # From |A∩B| / |A∪B| and |A∩B| / |A|, the size of the other in sizes of what both share: |B| / |A∩B|.
    jaccard, containment = float(row["jaccard"]), float(row["containment"])
    return jaccard > 0 and 1 + 1 / jaccard - 1 / containment <= 1 / MOST
