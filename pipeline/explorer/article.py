"""One article: its text, where each thing known of it comes from, what was taken out and why, its versions, its compared pairs."""

from collections.abc import Iterator
from datetime import timedelta

import pyarrow.compute as pc

from pipeline.explain.sentences import SAYS
from pipeline.explorer import links
from pipeline.explorer.models import Article, LinkLine, TakenOut, Version
from pipeline.explorer.snapshot import Snapshot
from pipeline.explorer.story import refuse_malformed
from pipeline.model.arrow import texts
from pipeline.model.contract import Row
from pipeline.model.errors import MissingInputError
from pipeline.model.ids import day_of
from pipeline.model.kinds import Kind
from pipeline.model.tables import ADDITIONS, ARTICLES, LINKS, MEMBERSHIPS, REVISIONS, STORIES
from pipeline.text import lines
from pipeline.text.line_kinds import LineKind

TEXT_SHOWN = 50_000  # characters: nobody reads more on a page
_LINKS, _VERSIONS, _LINES, _LINE = 20, 50, 200, 500
_UNTOLD = {"text", "furniture_removed", "headline_vector", "title", "lead"}


def find(snapshot: Snapshot, article_id: str) -> Row:
    """The row of ARTICLES; raises SettingsError for what is no id, MissingInputError where there is no such article."""
    day = refuse_malformed(article_id)
    snapshot.refuse_torn(day)
    columns = [name for name in ARTICLES.names if name != "headline_vector"]
    rows = snapshot.read(ARTICLES, day, columns, pc.field("article_id") == article_id).to_pylist()
    if not rows:
        raise MissingInputError(f"no article {article_id}; its text may have been retired")
    found: Row = rows[0]
    return found


def article_page(snapshot: Snapshot, article_id: str) -> Article:
    """Raises as `find` does."""
    row = find(snapshot, article_id)
    place = place_of(snapshot, article_id)
    stories = snapshot.rows(STORIES, [place["story_id"]], ["title"], "story_id") if place else {}
    matched = place.get("matched_id")
    titles = snapshot.rows(ARTICLES, [matched], ["title"]) if matched else {}
    adds = snapshot.rows(ADDITIONS, [article_id], ["adds"]).get(article_id, {})
    return Article(
        publication=snapshot.publication,
        article_id=article_id,
        day=row["ingest_date"],
        title=row["title"],
        lead=row["lead"],
        text=row["text"][:TEXT_SHOWN],
        is_cut=len(row["text"]) > TEXT_SHOWN,
        about={
            name: value
            for name, value in row.items()
            if name not in _UNTOLD
            and value not in (None, [])
            and (name, value) != ("canonical_url", row["url"])
        },
        place={name: value for name, value in place.items() if value is not None},
        why=SAYS[Kind(place["kind"])] if place else "has no place yet: the run of its day has not ended",
        story_title=next((one["title"] for one in stories.values()), None),
        matched_title=next((one["title"] for one in titles.values()), None),
        taken_out=[TakenOut(line=one[:_LINE], why=why_out(one)) for one in row["furniture_removed"][:_LINES]],
        versions=_versions(snapshot, article_id),
        links=_links(snapshot, article_id),
        adds=adds.get("adds") or [],
    )


def place_of(snapshot: Snapshot, article_id: str) -> Row:
    """Its row of MEMBERSHIPS; empty without one."""
    return snapshot.rows(MEMBERSHIPS, [article_id], MEMBERSHIPS.names).get(article_id, {})


def why_out(line: str) -> str:
    """Why a line is no part of a text: what it is by itself or, where it could be text, by what stands around it."""
    return _WHY.get(
        lines.look(line).kind,
        "stands outside the article on its page, or in other articles of its outlet too",
    )


_WHY = {
    LineKind.LABEL: "a button, a counter, a breadcrumb or tags",
    LineKind.STAMP: "the time of publication or reading",
    LineKind.DATE: "a date",
    LineKind.CREDIT: "the credit of a picture or a source",
    LineKind.BYLINE: "a byline",
    LineKind.TEASER: "names another article",
    LineKind.TEASER_HEADING: "a heading over other articles",
    LineKind.SECTION_TEASER: "names other articles",
    LineKind.CONTACT: "a number or an address to contact",
    LineKind.ENDING: "a heading over what is not of the article",
    LineKind.SIGN_OFF: "names the agencies and editors who contributed",
    LineKind.APPEAL: "asks the reader for something: to subscribe, to donate, to accept",
    LineKind.DOUBTFUL_APPEAL: "asks the reader for something, where such lines stand",
}


def _versions(snapshot: Snapshot, article_id: str) -> list[Version]:
    """The revisions of its page that the window of the first capture knows, the earliest first."""
    own = snapshot.rows(REVISIONS, [article_id], ["first_id"])
    first = own[article_id]["first_id"] if own else article_id
    days = [day for day in snapshot.days(REVISIONS) if day >= day_of(first)]
    tables = snapshot.scan(REVISIONS, days, ["article_id", "first_id"], pc.field("first_id") == first)
    found = [one for table in tables for one in texts(table["article_id"])]
    rows = [row for one in found[:_VERSIONS] for row in _revision(snapshot, one)]
    rows.sort(key=lambda row: (row["ingest_date"], row["number"] or 0, row["article_id"]))
    return [_version(row) for row in rows]


def _revision(snapshot: Snapshot, article_id: str) -> list[Row]:
    where = pc.field("article_id") == article_id
    rows: list[Row] = snapshot.read(REVISIONS, day_of(article_id), where=where).to_pylist()
    return rows


def _version(row: Row) -> Version:
    return Version(
        **{n: row[n] for n in ("article_id", "previous_id", "number", "added", "removed", "correction")},
        day=row["ingest_date"],
        changed=list(_changes(row, "changed")),
        numbers=list(_changes(row, "numbers")),
        names=list(_changes(row, "names")),
        is_minor=row["is_minor"],
        is_rewritten=row["is_rewritten"],
    )


def _changes(row: Row, name: str) -> Iterator[tuple[str, str]]:
    yield from zip(row[f"{name}_from"], row[f"{name}_to"], strict=False)


def _links(snapshot: Snapshot, article_id: str) -> list[LinkLine]:
    """Its compared pairs, also those of the fortnight after it; accepted ones first."""
    is_it = (pc.field("article_id") == article_id) | (pc.field("other_id") == article_id)
    day = day_of(article_id)
    days = [d for d in snapshot.days(LINKS) if day <= d <= day + timedelta(14)]
    rows = [row for table in snapshot.scan(LINKS, days, links.COLUMNS, is_it) for row in table.to_pylist()]
    rows.sort(key=lambda r: (not r["accepted"], -r["jaccard"], r["other_id"], r["article_id"]))
    return links.titled(snapshot, rows[:_LINKS])
