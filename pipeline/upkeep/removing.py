"""What a removal would take: the published articles that it names, and their copies, about which a person decides."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

import pyarrow.compute as pc

from pipeline.clean.articles import identities
from pipeline.clean.removed import NAMED_BY
from pipeline.day import segments
from pipeline.model.contract import Row
from pipeline.model.errors import MissingInputError
from pipeline.model.ids import asked_day, day_of
from pipeline.model.internal_tables import MEMBERS
from pipeline.model.removal import Removal, Target
from pipeline.model.tables import ARTICLES, MEMBERSHIPS, RUNS
from pipeline.store.storage import Storage
from pipeline.store.warehouse import Warehouse
from pipeline.upkeep import takedown


@dataclass(frozen=True)
class Taken:
    """What removals would take of a warehouse: articles that they name and, not named by them, copies and later captures of these; days."""

    articles: list[Row]
    copies: list[Row]
    days: list[date]


def taken(warehouse: Warehouse, removals: Sequence[Removal]) -> Taken:
    """The published articles that the removals name, and the others of their copy groups, in order of id."""
    whole = {date.fromisoformat(one.value) for one in removals if one.target is Target.DAY}
    named = [one for one in removals if one.target is not Target.DAY]
    by_day = dict(_named(warehouse, named)) if named else {}
    articles = [row for rows in by_day.values() for row in rows]
    ids = {row["article_id"] for row in articles}
    days = sorted(day for day in whole if warehouse.has(RUNS, day) or warehouse.has(ARTICLES, day))
    return Taken(articles, [row for row in _group(warehouse, by_day) if row["article_id"] not in ids], days)


def removals_of(warehouse: Warehouse, article_ids: Iterable[str]) -> list[Removal]:
    """The removals of articles, in order of id. Each names the same text at the same address on other days, too, where what was extracted is
    still kept.
    """
    ids = sorted(set(article_ids))
    documents: dict[str, str] = {}
    for day in sorted(set(map(day_of, ids))):
        documents |= _documents(warehouse.storage, day)
    return [Removal(Target.ARTICLE, one, documents.get(one, "")) for one in ids]


def _documents(storage: Storage, day: date) -> dict[str, str]:
    """The digest of the document of each article whose extraction is kept, by article_id."""
    kept = segments.Texts(storage, day)
    read = (
        segments.read_segment(storage, entry.path, kept)
        for entry in sorted(segments.segments_of(storage, day))
    )
    return {one: document for rows in read if rows for one, document in identities(rows, day) if one}


def find(warehouse: Warehouse, identifier: str) -> str:
    """The article_id that begins with these digits; raises SettingsError where they are none, MissingInputError where none or
    several ids do.

    An article of a day without texts is found by what is left of it.
    """
    identifier = identifier.lower()
    day = asked_day(identifier)
    ids = sorted(
        {row["article_id"] for row in _about(warehouse, day) if row["article_id"].startswith(identifier)}
    )
    if len(ids) != 1:
        number = f"{len(ids)} articles begin" if ids else "no article begins"
        raise MissingInputError(f"{warehouse.storage.uri}: {number} with {identifier} on {day}")
    return str(ids[0])


def _about(warehouse: Warehouse, day: date) -> list[Row]:
    rows = []
    for contract in (ARTICLES, MEMBERS):
        with suppress(MissingInputError):
            rows += warehouse.read(contract, day, ["article_id", *NAMED_BY, "title"]).to_pylist()
    return rows


def _named(warehouse: Warehouse, named: Sequence[Removal]) -> Iterator[tuple[date, list[Row]]]:
    for day in sorted({*warehouse.days(ARTICLES), *warehouse.days(MEMBERS)}):
        found = takedown.named_in(warehouse, tuple(named), day, ["title"]).sort_by("article_id").to_pylist()
        if found:
            yield day, found


def _group(warehouse: Warehouse, by_day: dict[date, list[Row]]) -> Iterator[Row]:
    """The articles of the copy groups of these, with their kind: every day from the first may have some."""
    groups = {place["copy_id"] for day, rows in by_day.items() for place in _places(warehouse, day, rows)}
    if not groups:
        return
    wanted = pc.field("copy_id").isin(sorted(groups))
    first = min(map(day_of, groups))
    for day in (one for one in warehouse.days(MEMBERSHIPS) if one >= first):
        kinds = {
            p["article_id"]: p["kind"]
            for t in warehouse.scan(MEMBERSHIPS, [day], where=wanted)
            for p in t.to_pylist()
        }
        about: dict[str, Row] = defaultdict(dict)
        for row in _about(warehouse, day) if kinds else ():
            about[row["article_id"]] = about[row["article_id"]] or row
        yield from ({**about[one], "article_id": one, "kind": kinds[one]} for one in sorted(kinds))


def _places(warehouse: Warehouse, day: date, rows: Sequence[Row]) -> Iterator[Row]:
    ids = [row["article_id"] for row in rows]
    for table in warehouse.scan(MEMBERSHIPS, [day], where=pc.field("article_id").isin(ids)):
        yield from table.to_pylist()
