"""Whom a story comes from: newsrooms with a text of their own, agencies, and texts whose source is not known.

Nine editions of one house that run one text are one source, and so are ten takers of one wire: a copy group counts for the
family of its source, or for its agency.
"""

from collections.abc import Sequence
from itertools import groupby

from pipeline.model.contract import Row
from pipeline.model.kinds import Kind
from pipeline.model.sorting import last_moment, source_order
from pipeline.text.agencies import split as agencies_in

MOST = 0.5  # of a text's words
_WHOLE = (Kind.ORIGIN, Kind.REPORT, Kind.EXACT)


def sources_of(rows: Sequence[Row]) -> Row:
    """n_newsrooms, n_agencies, n_sources and newsrooms of a story; `rows` are its MEMBERS that count."""
    newsrooms: dict[str, str] = {}
    agencies = {name for row in rows for name in agencies_in(row["agency"])}
    n_unknown = 0
    for _, members in groupby(sorted(rows, key=lambda row: str(row["copy_id"])), lambda row: row["copy_id"]):
        group = list(members)
        source = source_of(group)
        if agency_of_text(group):
            continue
        if source["newsroom"]:
            newsrooms.setdefault(source["newsroom"], source["article_id"])
        else:
            n_unknown += 1
    named = [{"newsroom": name, "article_id": newsrooms[name]} for name in sorted(newsrooms)]
    return {
        "n_newsrooms": len(newsrooms),
        "n_agencies": len(agencies),
        "n_sources": len(newsrooms) + len(agencies) + n_unknown,
        "newsrooms": named,
    }


def source_of(group: Sequence[Row]) -> Row:
    """The article that a copy group's text is from: of those that may have written it and hold it whole, the first by the order of flows."""
    return min(
        group,
        key=lambda row: (
            row["newsroom"] is None,
            row["kind"] == Kind.EXCERPT,
            source_order(
                last_moment(row["published_at"], row["published_precision"]),
                row["word_count"],
                row["article_id"],
            ),
        ),
    )


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
