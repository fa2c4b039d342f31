"""Rules of the contract between tables: what an id refers to, what `memberships` repeats, what `runs` counts.

Ids lead to days, so each day's keys are read once and the latest few days are kept: memory does not grow with the warehouse.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from cachetools import LRUCache

from pipeline.day import accounts
from pipeline.day.result import Day, DayTables
from pipeline.model.arrow import Array, ChunkedArray, counts, distinct, flat, texts
from pipeline.model.contract import Contract
from pipeline.model.errors import MissingInputError
from pipeline.model.ids import day_of, is_of, prefixes
from pipeline.model.internal_tables import BY_NAME
from pipeline.model.kinds import CAPTURES
from pipeline.model.promises import Refers, of_table
from pipeline.model.removal import days_of, digest_of
from pipeline.model.tables import ARTICLES, FLOWS, LINKS, MEMBERSHIPS, OF_ARTICLE, REJECTS, RUNS, STORIES
from pipeline.store import removals
from pipeline.store.warehouse import Warehouse

_DAYS_KEPT = 64  # two windows and as many days of stories that went on; a day of 20,000 articles takes 1 MB
Broken = tuple[str, int, str]  # the rule, how many rows break it, the key of the first


class Keys:
    """The ids that a warehouse has, a day at a time."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse
        self._ids: LRUCache[tuple[str, date], Array] = LRUCache(_DAYS_KEPT)
        self._members: LRUCache[date, Array] = LRUCache(_DAYS_KEPT)
        listed = removals.read(warehouse.storage)
        self._gone, self._nothing = days_of(listed), digest_of([])

    def of(self, name: str, day: date) -> Array:
        """The keys of a table's day; of a day whose articles were retired, those of its memberships."""
        if (name, day) not in self._ids:
            tables = [BY_NAME[name]] + [MEMBERSHIPS] * (name == ARTICLES.name)
            found = next((ids for one in tables if (ids := self._read(one, day)) is not None), _NONE)
            self._ids[name, day] = found
        return self._ids[name, day]

    def _read(self, contract: Contract, day: date) -> Array | None:
        try:
            return distinct(self.warehouse.read(contract, day, [contract.key[0]])[contract.key[0]])
        except MissingInputError:
            return None

    def members(self, day: date) -> Array:
        """The stories that began on a day, each with each of its members, as `story member`."""
        if day not in self._members:
            try:
                rows = self.warehouse.read(STORIES, day, ["story_id", "members"])
            except MissingInputError:
                rows = STORIES.empty().select(["story_id", "members"])
            parents = pc.list_parent_indices(rows["members"].combine_chunks())
            stories = rows["story_id"].combine_chunks().take(parents)
            self._members[day] = _pairs(stories, flat(rows["members"].combine_chunks()))
        return self._members[day]

    def may_lack(self, day: date) -> bool:
        """Whether something of the day was removed for good: ids of other days may still lead to it."""
        noted = accounts.noted(self.warehouse.manifest(RUNS, day)).removals
        return str(day) in self._gone or noted not in {"", self._nothing}


_NONE = pa.array([], pa.string())


def unresolved(keys: Keys, contract: Contract, piece: pa.Table, day: date) -> Iterator[Broken]:
    """The ids of a piece of a table that lead to nothing."""
    for promise in of_table(contract.name):
        if isinstance(promise, Refers) and promise.column.partition(".")[0] in piece.column_names:
            ids = _ids_of(piece, promise.column)
            lost = [one for of, some in _by_day(ids) for one in _lost(keys, promise, some, of, day)]
            if lost:
                yield promise.rule, len(lost), lost[0]


def _ids_of(piece: pa.Table, column: str) -> ChunkedArray:
    """The ids of a column, of its lists, or of a field of its structs."""
    name, _, field = column.partition(".")
    values: Any = piece[name]
    if pa.types.is_list(values.type):
        values = flat(values)
    if field:
        values = pc.struct_field(values, field)
    found = values if isinstance(values, pa.ChunkedArray) else pa.chunked_array([values])
    return found.drop_null()


def _by_day(ids: ChunkedArray) -> Iterator[tuple[date | None, ChunkedArray]]:
    for prefix in sorted(texts(distinct(prefixes(ids)))):
        some = ids.filter(pc.starts_with(ids, prefix))
        try:
            yield day_of(prefix), some
        except ValueError:
            yield None, some


def _lost(keys: Keys, promise: Refers, ids: ChunkedArray, of: date | None, day: date) -> list[str]:
    if of is None or (promise.same_day and of != day):
        return texts(ids)
    lost = ids.filter(pc.invert(pc.is_in(ids, value_set=keys.of(promise.to, of))))
    return [] if not len(lost) or keys.may_lack(of) else texts(lost)


def of_day(keys: Keys, day: date) -> Iterator[tuple[Contract, Broken]]:
    """The rules between the tables of a day that are broken, each with the table that breaks it."""
    warehouse = keys.warehouse
    if warehouse.has(MEMBERSHIPS, day):
        places = warehouse.read(MEMBERSHIPS, day, ["article_id", "story_id", "kind", *OF_ARTICLE])
        yield from ((MEMBERSHIPS, one) for one in _places(keys, day, places))
    if warehouse.has(RUNS, day):
        yield from ((RUNS, one) for one in _counted(warehouse, day))


def _places(keys: Keys, day: date, places: pa.Table) -> Iterator[Broken]:
    if keys.warehouse.has(ARTICLES, day):
        articles = keys.warehouse.read(ARTICLES, day, ["article_id", *OF_ARTICLE])
        without = texts(articles["article_id"].filter(_not_in(articles["article_id"], places["article_id"])))
        if without:
            yield "every_article", len(without), without[0]
        elif articles.num_rows == places.num_rows:
            yield from _repeated(articles, places)
    counted = places.filter(pc.invert(pc.is_in(places["kind"], value_set=pa.array(sorted(CAPTURES)))))
    lost = []
    for first, _ in _by_day(counted["story_id"]):
        if first is not None and not keys.may_lack(first):
            own = counted.filter(is_of(counted["story_id"], first))
            pairs = _pairs(own["story_id"].combine_chunks(), own["article_id"].combine_chunks())
            lost += texts(own["article_id"].filter(_not_in(pairs, keys.members(first))))
    if lost:
        yield "in_its_story", len(lost), lost[0]


def _pairs(stories: Array, members: Array) -> Array:
    parts: list[Any] = [stories, members, pa.scalar(" ")]
    joined: Array = pc.call_function("binary_join_element_wise", parts)
    return joined


def _not_in(values: Any, among: Any) -> Any:
    known = among.combine_chunks() if isinstance(among, pa.ChunkedArray) else among
    return pc.invert(pc.is_in(values, value_set=known))


def _repeated(articles: pa.Table, places: pa.Table) -> Iterator[Broken]:
    """Columns that both tables have; files of before version 2 have none of them in memberships."""
    articles, places = (one.sort_by("article_id") for one in (articles, places))
    differs: Any = pa.scalar(False)
    for name in OF_ARTICLE:
        one, other = articles[name], places[name]
        if other.null_count < len(other):
            same: Any = pc.or_kleene(pc.equal(one, other), pc.and_(pc.is_null(one), pc.is_null(other)))
            differs = pc.or_(differs, pc.invert(pc.fill_null(same, False)))
    if isinstance(differs, pa.ChunkedArray) and (found := texts(places["article_id"].filter(differs))):
        yield "repeated", len(found), found[0]


# --- runs -----------------------------------------------------------------------------------------------------------

_COUNTED = {
    ARTICLES: ["article_id"],
    REJECTS: ["reason"],
    LINKS: ["accepted"],
    MEMBERSHIPS: ["kind"],
    FLOWS: ["copy_id"],
}


def _counted(warehouse: Warehouse, day: date) -> Iterator[Broken]:
    """What the row of a day counts otherwise than its tables do; of a day that lacks one, only what it says by itself is asked."""
    for row in warehouse.read(RUNS, day).to_pylist():
        n_faults = row["n_stage_faults"]
        if n_faults is not None and n_faults != len(row["stage_faults"] or []):
            yield "n_stage_faults: counted", 1, str(day)
        there = {c for c in _COUNTED if warehouse.has(c, day)}
        if not {*_COUNTED} - {FLOWS} <= there:
            continue
        tables = {c.name: warehouse.read(c, day, names) for c, names in _COUNTED.items() if c in there}
        for name, n in accounts.count(Day(day, "", tables=DayTables(**tables))).items():
            if row[name] is not None and row[name] != n:
                yield f"{name}: counted", 1, f"{day}: {row[name]:,}, and there are {n:,}"
        reasons = {one["reason"]: one["n"] for one in row["rejects_by_reason"]}
        if reasons != dict(counts(tables[REJECTS.name]["reason"])):
            yield "reasons", 1, str(day)
