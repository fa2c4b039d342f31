"""Stories of the day: weigh the origins of its copy groups, join them to open stories, give every article its place."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.day import headlines, inputs
from pipeline.day.clean import outlets_of
from pipeline.day.desk import WorkDesk
from pipeline.day.result import Day
from pipeline.day.reuse import among, rows_of, standing_rows, stored_pieces, unchanged
from pipeline.engines import faults
from pipeline.engines.engine import Engine, Interpreted, Stage
from pipeline.engines.faults import Fault, Guarded
from pipeline.flows.credits import Page, credit
from pipeline.model.arrow import Array, ChunkedArray, distinct, find, is_in, whole
from pipeline.model.contract import Contract
from pipeline.model.days import window
from pipeline.model.errors import ContractError, MissingInputError
from pipeline.model.ids import is_of
from pipeline.model.internal_tables import CREDITED, LEADS, MEMBERS, TERMS
from pipeline.model.kinds import Kind
from pipeline.model.tables import ARTICLES, MEMBERSHIPS, OF_ARTICLE
from pipeline.store import parquet, spill
from pipeline.store.view import View
from pipeline.store.warehouse import MISSING, Warehouse
from pipeline.stories import terms as weighing
from pipeline.stories.summary import leads_shown
from pipeline.stories.suppliers import agencies_of
from pipeline.text.outlets import Outlets


def window_terms(
    view: View, engine: Engine[Any], days: Iterable[date], *, languages: bool
) -> Iterator[pa.Table]:
    """TERMS of each of these days that is published, a piece at a time; with the vectors of headlines, if languages are on."""
    for day in days:
        if MISSING not in {view.digest(ARTICLES, day), view.digest(MEMBERSHIPS, day)}:
            for terms in _terms_of(view, engine, day):
                yield headlines.uniform(view, engine, day, terms, languages=languages)


def _terms_of(view: View, engine: Engine[Any], day: date) -> Iterator[pa.Table]:
    """The stored TERMS of a day, some rows at a time. From where they can't be read they are made again, and are the same."""
    last = ""
    try:
        for terms in stored_pieces(view, TERMS, day):
            last = terms["article_id"][-1].as_py() if len(terms) else last
            yield terms
    except (MissingInputError, ContractError):
        made = _made_terms(view, engine, day)
        yield made.filter(pc.greater(made["article_id"], pa.scalar(last)))


@dataclass(frozen=True)
class WindowTerms:
    """TERMS of some days, a piece at a time and as often as they are asked for, never in memory together."""

    view: View
    engine: Engine[Any]
    days: Sequence[date]
    languages: bool

    def __iter__(self) -> Iterator[pa.Table]:
        return window_terms(self.view, self.engine, self.days, languages=self.languages)


def origin_terms(
    warehouse: Warehouse, engine: Engine[Any], day: date, origins: Array, articles: pa.Table
) -> pa.Table:
    """TERMS rows of some of a day's articles, by their ids; those that a run before weighed are taken from there.

    A row of TERMS follows from one article and the rules alone, whichever were origins then.
    """
    kept = _weighed_before(warehouse, day, articles, origins)
    missing = origins.filter(pc.invert(is_in(origins, whole(kept["article_id"]))))
    both = pa.concat_tables([kept, _weighed(engine, articles, missing, _weigh())])
    return TERMS.arrange(headlines.with_vectors(both, articles))


def _weigh() -> Stage:
    return Interpreted(weighing.weigh, is_light=True)


def _weighed(engine: Engine[Any], articles: pa.Table, wanted: Array, weigh: Stage) -> pa.Table:
    """TERMS of the wanted articles: only their texts are there twice, and no longer than they are read."""
    if not len(wanted):
        return TERMS.empty()
    own = engine.load(spill.chosen(articles.select(_READ), is_in(articles["article_id"], wanted)))
    return engine.collect(engine.map(weigh, own, TERMS))


_READ = ["article_id", "ingest_date", "published_at", "published_precision", "language", "title", "text"]
_TOLD = [*_READ[:-1], "text_digest"]  # the same, without reading a text


def _weighed_before(warehouse: Warehouse, day: date, articles: pa.Table, origins: Array) -> pa.Table:
    """The stored TERMS of those origins in which nothing has changed that terms follow from.

    What they were made from is read where it stands: the published articles of the day, until this run replaces them.
    """
    manifest = warehouse.manifest(TERMS, day)
    if manifest is None or manifest.inputs.get("rules/stories") != inputs.of_rules("stories"):
        return TERMS.empty()
    stored, made_from = standing_rows(warehouse, TERMS, day), manifest.inputs.get("articles")
    if stored is None:
        return TERMS.empty()
    published = warehouse.standing(ARTICLES, day)
    if made_from != published.digest:
        # Only then are the day's own articles digested: that reads all their texts.
        return among(stored, origins) if made_from == parquet.digest(articles) else TERMS.empty()
    before = rows_of(warehouse, ARTICLES, day, published.version, _TOLD)
    if before is None:
        return TERMS.empty()
    same = unchanged(articles, before, _TOLD)
    return among(stored, same.filter(is_in(same, origins)))


def _made_terms(view: View, engine: Engine[Any], day: date) -> pa.Table:
    memberships = view.read(MEMBERSHIPS, day, ["article_id", "copy_id"])
    origins = memberships.filter(pc.equal(memberships["article_id"], memberships["copy_id"]))["article_id"]
    articles, guarded = view.read(ARTICLES, day), Guarded(_weigh(), TERMS)
    terms = _weighed(engine, articles, origins.combine_chunks(), guarded)
    return TERMS.arrange(headlines.with_vectors(terms, articles))


def place_stories(desk: WorkDesk, view: View, made: Day, placed: pa.Table) -> None:
    """Give every copy group a story, and every article its place."""
    from pipeline.stories.assign import (
        assign_stories,  # late: a day of which nothing is new needs no compiled code
    )

    settings, articles = desk.settings, made.tables.articles
    days = window(made.day, settings.window_days)
    earlier = window(days[0], settings.window_days)
    origins = placed.filter(pc.equal(placed["article_id"], placed["copy_id"]))["article_id"]
    made.tables.terms, found = faults.tolerate(
        desk.engine,
        lambda e: origin_terms(desk.warehouse, e, made.day, origins.combine_chunks(), articles),
    )
    known = list(view.scan(MEMBERSHIPS, earlier + days, _PLACES))
    memberships = pa.concat_tables([MEMBERSHIPS.empty().select(_PLACES), *known])
    assign = partial(
        assign_stories,
        window=WindowTerms(view, desk.engine, days, settings.languages),
        memory=WindowTerms(view, desk.engine, earlier, settings.languages),
        memberships=memberships,
        day=made.day,
        threshold=settings.least_story_score,
        window_days=settings.window_days,
    )
    joined, lost = faults.leave_out(assign, made.tables.terms, "assign_stories")
    joined = alone(joined, origins, "story_id")
    made.faults |= found | lost
    made.tables.memberships = MEMBERSHIPS.arrange(memberships_of(placed, joined, memberships, made.day))


def describe_members(desk: WorkDesk, view: View, made: Day) -> None:
    """Say of every article whose text it is, and what the summary of its story needs of it."""
    tables, outlets = made.tables, outlets_of(desk.settings)
    tables.memberships = described(tables.memberships, tables.articles, _supplied(desk, view, made, outlets))
    before = _described_before(made)
    stage = Interpreted(partial(credit, outlets=outlets))
    others = pc.invert(is_in(tables.articles["article_id"], whole(before["article_id"])))
    new = spill.chosen(tables.articles.select(["article_id", "lead", *Page._fields]), others)
    credited, found = _of_each(
        desk.engine, stage, new.select(["article_id", *Page._fields]), CREDITED, before
    )
    shown = Interpreted(leads_shown, is_light=True)
    leads, lost = _of_each(desk.engine, shown, new.select(LEADS.names), LEADS, before)
    made.faults |= found | lost
    rows = members_of(tables.memberships, tables.articles, tables.terms, credited, leads, outlets)
    tables.members = MEMBERS.arrange(rows)


def _of_each(
    engine: Engine[Any], stage: Stage, articles: pa.Table, out: Contract, before: pa.Table
) -> tuple[pa.Table, set[Fault]]:
    """What a stage makes of each article, with what is known of others from the run before."""
    made, found = faults.tolerate(engine, lambda e: e.collect(e.map(stage, e.load(articles), out)))
    return pa.concat_tables([out.conform(before.select(out.names)), made]), found


_PLACES = ["article_id", "story_id", "saga_id"]  # what is asked of the days before


def described(places: pa.Table, articles: pa.Table, agencies: Array) -> pa.Table:
    """The day's memberships, which may be as an earlier run left them, with what follows from its articles as they are now."""
    at = find(places["article_id"], articles["article_id"])
    known = {name: articles[name].take(at) for name in OF_ARTICLE} | {"agency": agencies}
    columns = [known.get(name, places[name]) for name in MEMBERSHIPS.names]
    return pa.table(columns, schema=MEMBERSHIPS.schema)


def _described_before(made: Day) -> pa.Table:
    """Of MEMBERS, what follows from one article alone, of those that say what they said in the last run; not where that lacks credits."""
    last = made.last
    same = last.same_articles(made.tables.articles) if last else None
    members = last.table(MEMBERS, _OF_ONE) if last else None
    if same is None or members is None:
        return MEMBERS.empty().select(_OF_ONE)
    found = among(members, same)
    return found.filter(found["credits"].is_valid())


_OF_ONE = list(dict.fromkeys([*CREDITED.names, *LEADS.names]))


def _supplied(desk: WorkDesk, view: View, made: Day, outlets: Outlets) -> Array:
    """The agency of the text of each article that has a place."""
    links = made.tables.links
    links = links.filter(links["accepted"])
    found = _suppliers(made.tables.articles.select(_SUPPLIERS), outlets)
    for day in window(made.day, desk.settings.window_days):
        earlier = distinct(links["other_id"].filter(is_of(links["other_id"], day)))
        if len(earlier):
            known = view.read(ARTICLES, day, _SUPPLIERS, pc.field("article_id").isin(earlier))
            found |= _suppliers(known, outlets)
    return pa.array(agencies_of(made.tables.memberships, links, found), pa.string())


_SUPPLIERS = ["article_id", "agency", "domain", "outlet"]


def _suppliers(articles: pa.Table, outlets: Outlets) -> dict[str, str]:
    """The agency of each article that states one or is on an agency's page."""
    found = {}
    for article_id, agency, domain, named in zip(*(articles[n].to_pylist() for n in _SUPPLIERS), strict=True):
        outlet = outlets.of(domain, named)
        if supplier := (outlet.agency if outlet else None) or agency:
            found[article_id] = supplier
    return found


def alone(found: pa.Table, ids: ChunkedArray, group: str) -> pa.Table:
    """`found`, which has one row an article, with a row for each of `ids` that it lacks: the origin of a group of its own.

    So an article goes on that a stage could not place, or could not read.
    """
    left = ids.filter(pc.invert(pc.is_in(ids, value_set=found["article_id"].combine_chunks())))
    if not len(left):
        return found
    columns = {name: pa.nulls(len(left), found.schema.field(name).type) for name in found.column_names}
    columns |= {"article_id": left, group: left, "kind": pa.repeat(Kind.ORIGIN.value, len(left))}
    return pa.concat_tables([found, pa.table(columns, schema=found.schema)])


def memberships_of(placed: pa.Table, joined: pa.Table, earlier: pa.Table, day: date) -> pa.Table:
    """MEMBERSHIPS rows of the day, without what `described` adds; `earlier` are those of the days before, for copies of earlier origins."""
    known = pa.concat_tables([t.select(["article_id", "story_id", "saga_id"]) for t in (joined, earlier)])
    begins = pc.equal(placed["article_id"], placed["copy_id"])
    at = pc.if_else(begins, find(placed["article_id"], joined["article_id"]), pa.scalar(None, pa.int32()))
    columns: dict[str, Array | ChunkedArray] = {name: placed[name] for name in placed.column_names}
    columns |= {name: joined[name].take(at) for name in ("story_score", "continues_id")}
    columns |= {name: pc.coalesce(joined[name].take(at), placed[name]) for name in ("kind", "matched_id")}
    columns["ingest_date"] = pa.repeat(pa.scalar(day), placed.num_rows)
    group = find(placed["copy_id"], known["article_id"])
    columns["story_id"] = known["story_id"].take(group)
    columns["saga_id"] = pc.coalesce(known["saga_id"].take(group), columns["story_id"])
    lacking = [field for field in MEMBERSHIPS.schema if field.name in {*OF_ARTICLE, "agency"}]
    columns |= {field.name: pa.nulls(placed.num_rows, field.type) for field in lacking}
    return MEMBERSHIPS.conform(pa.table(columns))


def members_of(
    places: pa.Table,
    articles: pa.Table,
    terms: pa.Table,
    credited: pa.Table,
    leads: pa.Table,
    outlets: Outlets,
) -> pa.Table:
    """MEMBERS rows: the day's memberships with what a story's summary needs of each article, its lead as a story can show it."""
    about = [n for n in MEMBERS.names if n in ARTICLES.names and n not in MEMBERSHIPS.names and n != "lead"]
    at = find(places["article_id"], articles["article_id"])
    table = places.append_column("lead", leads["lead"].take(find(places["article_id"], leads["article_id"])))
    for name in about:
        table = table.append_column(name, articles[name].take(at))
    known = list(map(outlets.of, *(articles[name].to_pylist() for name in ("domain", "outlet"))))
    newsrooms = pa.array([outlet.newsroom if outlet else None for outlet in known], pa.string())
    own = pa.array([outlet.agency if outlet else None for outlet in known], pa.string())
    table = table.append_column("newsroom", newsrooms.take(at.combine_chunks()))
    suppliers: ChunkedArray = pc.coalesce(pa.chunked_array([own]), articles["agency"])
    table = table.append_column("supplier", suppliers.take(at))
    credits_at = find(places["article_id"], credited["article_id"])
    table = table.append_column("credits", credited["credits"].take(credits_at))
    words = terms["keywords"].take(find(places["article_id"], terms["article_id"]))
    return table.append_column("keywords", pc.coalesce(words, pa.scalar([], words.type))).select(
        MEMBERS.names
    )
