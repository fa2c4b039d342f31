"""One story with its articles and its timeline, or one article with its text, as published."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from pipeline.explain.explain import find_article
from pipeline.model.contract import Contract, Row
from pipeline.model.errors import MissingInputError
from pipeline.model.ids import begins, day_of
from pipeline.model.tables import ADDITIONS, ARTICLES, MEMBERSHIPS, STORIES
from pipeline.store.warehouse import Warehouse
from pipeline.text import sentences

if TYPE_CHECKING:
    from datetime import date

_OF_ARTICLE = ("title", "outlet", "url", "published_at", "language", "word_count")
_OF_PLACE = ("kind", "matched_id", "agency")


def show(warehouse: Warehouse, identifier: str, *, as_article: bool = False) -> dict[str, Any]:
    """The story that an id, or its first digits, names, with its articles in their order and what each added; else the article.

    A story has the id of its first article: `as_article` asks for that. Raises SettingsError for a malformed id,
    MissingInputError when nothing, or more than one article, has it.
    """
    found = None if as_article else _story(warehouse, identifier.lower())
    return _with_articles(warehouse, found) if found else _article(warehouse, identifier)


def _story(warehouse: Warehouse, identifier: str) -> Row | None:
    try:
        day = day_of(identifier)
    except ValueError:
        return None
    tables = warehouse.scan(STORIES, [day], where=begins("story_id", identifier))
    rows = [row for table in tables for row in table.to_pylist()]
    if len(rows) > 1:
        raise MissingInputError(f"{len(rows)} stories of {day} begin with {identifier}; give more digits")
    return rows[0] if rows else None


def _with_articles(warehouse: Warehouse, story: Row) -> dict[str, Any]:
    about, places = (_rows(warehouse, contract, story["members"]) for contract in (ARTICLES, MEMBERSHIPS))
    listed = [_listed(one, about.get(one, {}), places.get(one, {})) for one in story["members"]]
    shown = {k: v for k, v in story.items() if k != "members"}
    return {"story": shown, "articles": listed, "timeline": _timeline(warehouse, story["members"], about)}


def _timeline(warehouse: Warehouse, members: list[str], about: dict[str, Row]) -> list[Row]:
    """What the story says, in the order in which it came in: how it begins, then what each report adds; nothing where texts were retired."""
    adds = {one: row["adds"] for one, row in _rows(warehouse, ADDITIONS, members).items()}
    adds[members[0]] = list(_opening(about.get(members[0], {})))
    told = [(one, sentence) for one in members for sentence in adds.get(one, [])]
    return [{"date": day_of(one), "article_id": one, "sentence": sentence} for one, sentence in told]


def _opening(article: Row) -> Iterator[str]:
    """The first sentence of an article or, if it has none, its headline."""
    lead = article.get("lead")
    if opening := sentences.first(lead) if lead else article.get("title"):
        yield opening


def _listed(article_id: str, about: Row, place: Row) -> Row:
    """An article of a story; of one whose text was retired, what is left."""
    named = {name: about.get(name) for name in _OF_ARTICLE} | {name: place.get(name) for name in _OF_PLACE}
    return {"article_id": article_id} | {name: value for name, value in named.items() if value is not None}


def _rows(warehouse: Warehouse, contract: Contract, ids: list[str]) -> dict[str, Row]:
    """The rows of these articles, by id."""
    by_day: dict[date, list[str]] = {}
    for one in ids:
        by_day.setdefault(day_of(one), []).append(one)
    columns = ["article_id", *(n for n in (*_OF_ARTICLE, "lead", *_OF_PLACE, "adds") if n in contract.names)]
    return {
        row["article_id"]: row
        for day, of_day in by_day.items()
        for table in warehouse.scan(contract, [day], columns, pc.field("article_id").isin(of_day))
        for row in table.to_pylist()
    }


def _article(warehouse: Warehouse, identifier: str) -> dict[str, Any]:
    row = find_article(warehouse, identifier)
    own = pc.field("article_id") == row["article_id"]
    places = warehouse.scan(MEMBERSHIPS, [row["ingest_date"]], where=own)
    place = next((one for table in places for one in table.to_pylist()), {})
    about = {name: value for name, value in row.items() if name != "text" and value not in (None, [])}
    return {"article": about, "place": {n: v for n, v in place.items() if v is not None}, "text": row["text"]}
