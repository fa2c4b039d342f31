"""The usual questions: as SQL for DuckDB (`views.sql`), and as Arrow tables without it. Both give the same rows."""

import datetime as dt
from collections.abc import Callable
from importlib import resources
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from . import contract
from .errors import MissingError
from .places import Place, days_of, of_day, place_of
from .tables import table

_COPIES = ["exact", "near", "excerpt", "expanded"]
_CAPTURES = ["refetch", "revision"]


def sql(warehouse: str) -> str:
    """Statements for DuckDB: a view of each table that the warehouse has (a folder or `s3://bucket/prefix`), then the usual questions.

    >>> sql("warehouse").count("CREATE OR REPLACE VIEW") > 5
    True
    """
    where, place = warehouse.rstrip("/").replace("'", "''"), place_of(warehouse)
    tables = [
        f"CREATE OR REPLACE VIEW {one['name']} AS FROM read_parquet('{where}/{one['name']}/day=*/part-0.parquet',"
        f" hive_partitioning = true, hive_types = {{'day': DATE}}, union_by_name = true){_lacking(place, one)};"
        for one in contract.known()["tables"]
        if days_of(place, one["name"])
    ]
    questions = (resources.files(__package__) / "views.sql").read_text(encoding="utf-8")
    head, _, rest = questions.partition("\n\n")
    return "\n".join([head, *tables, "", rest])


def _lacking(place: Place, told: dict[str, Any]) -> str:
    """What adds, as null, the columns that no file has: all are of an earlier contract."""
    days = days_of(place, told["name"])
    newest = (place.open(of_day(told["name"], day)) for day in reversed(days))
    source = next(filter(None, newest), None)
    if source is None:
        return ""
    with source:
        there = pq.read_schema(source).names
    nulls = [f"NULL::{_duckdb(c['type'])} AS {c['name']}" for c in told["columns"] if c["name"] not in there]
    return f" UNION ALL BY NAME SELECT {', '.join(nulls)} WHERE false" if nulls else ""


def _duckdb(written: str) -> str:
    """The type of DuckDB for one that the contract writes."""
    kind = contract.type_of(written)
    if pa.types.is_list(kind) or pa.types.is_fixed_size_list(kind):
        if pa.types.is_struct(kind.value_type):
            return f"STRUCT({', '.join(f'{f.name} {_DUCKDB[str(f.type)]}' for f in kind.value_type)})[]"
        return f"{_DUCKDB[str(kind.value_type)]}[]"
    return _DUCKDB.get(str(kind), "TIMESTAMPTZ")


_DUCKDB = {
    "string": "VARCHAR",
    "bool": "BOOLEAN",
    "int8": "TINYINT",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "double": "DOUBLE",
    "date32[day]": "DATE",
}


def view(name: str, warehouse: str, **asked: Any) -> pa.Table:
    """The answer to one of the usual questions, sorted; raises MissingError for another name.

    | name | asked |
    |---|---|
    | `copied_texts` | `day`: which texts were copied by most outlets that day |
    | `first_with_story` | `day`: who was first with each story that began that day |
    | `story_growth` | `story_id`: how it grew hour by hour |
    | `outlet_articles` | `outlet_id`, and `first` and `last` day if you like: its articles with the canonical of their story |
    | `stories_about` | `language`, `words`, and `first` and `last` day if you like: the stories that have all words |

    >>> import datetime
    >>> found = view("first_with_story", "warehouse", day=datetime.date(2026, 3, 5))
    >>> found.column_names[:3]
    ['day', 'story_id', 'first_id']
    """
    if name not in VIEWS:
        raise MissingError(f"no view {name!r}; there are {', '.join(VIEWS)}")
    return VIEWS[name](warehouse, **asked)


def copied_texts(warehouse: str, *, day: dt.date) -> pa.Table:
    """Texts by how many outlets copied them that day, the most first."""
    columns = ["copy_id", "story_id", "outlet_id", "kind"]
    rows = table("memberships", warehouse, day, day, columns, pc.field("kind").isin(_COPIES))
    counted = rows.group_by(["day", "copy_id"]).aggregate(
        [("story_id", "min"), ("outlet_id", "count_distinct"), ("copy_id", "count")]
    )
    names = {"story_id_min": "story_id", "outlet_id_count_distinct": "n_outlets", "copy_id_count": "n_copies"}
    counted = counted.rename_columns([names.get(n, n) for n in counted.column_names])
    origins = _named("memberships", warehouse, counted["copy_id"], {"outlet_id": "from_outlet_id"})
    stories = _named("stories", warehouse, counted["story_id"], {"title": "title", "url": "url"})
    found = counted.join(origins, "copy_id", "article_id").join(stories, "story_id")
    order = ["day", "copy_id", "from_outlet_id", "n_outlets", "n_copies", "story_id", "title", "url"]
    return found.select(order).sort_by(
        [("n_outlets", "descending"), ("n_copies", "descending"), ("copy_id", "ascending")]
    )


def first_with_story(warehouse: str, *, day: dt.date) -> pa.Table:
    """The first member of each story that began that day, the largest story first."""
    stories = table("stories", warehouse, day, day, ["story_id", "members", "n_articles", "title", "url"])
    stories = stories.append_column("first_id", pc.list_element(stories["members"], 0))
    about = {"outlet_id": "first_outlet_id", "published_at": "published_at"}
    about["published_precision"] = "published_precision"
    firsts = _named("memberships", warehouse, stories["first_id"], about)
    found = stories.drop_columns(["members"]).join(firsts, "first_id", "article_id", join_type="inner")
    order = ["day", "story_id", "first_id", *about.values(), "n_articles", "title", "url"]
    return found.select(order).sort_by([("n_articles", "descending"), ("story_id", "ascending")])


_HOUR_US = 3_600_000_000


def story_growth(warehouse: str, *, story_id: str) -> pa.Table:
    """Articles and outlets of each hour (timestamp without a zone, UTC), and the articles so far; null for an hour that is not known."""
    own = (pc.field("story_id") == story_id) & ~pc.field("kind").isin(_CAPTURES)
    columns = ["outlet_id", "published_at", "published_precision", "story_id", "kind"]
    rows = table("memberships", warehouse, _day_of(story_id), columns=columns, where=own)
    hours: Any = pc.multiply(pc.divide(rows["published_at"].cast(pa.int64()), _HOUR_US), _HOUR_US)
    is_known: Any = pc.not_equal(rows["published_precision"], pa.scalar("day"))
    hours = pc.if_else(is_known, hours, pa.scalar(None, pa.int64())).cast(pa.timestamp("us"))
    grouped = (
        pa.table({"hour": hours, "outlet_id": rows["outlet_id"]})
        .group_by("hour")
        .aggregate([([], "count_all"), ("outlet_id", "count_distinct")])
    )
    found = grouped.select(["hour", "count_all", "outlet_id_count_distinct"]).sort_by("hour")
    found = found.rename_columns(["hour", "n_articles", "n_outlets"])
    return found.append_column("n_so_far", pc.cumulative_sum(found["n_articles"]))


def outlet_articles(
    warehouse: str, *, outlet_id: str, first: dt.date | None = None, last: dt.date | None = None
) -> pa.Table:
    """The articles of an outlet, with the canonical article of their story, in the order of days and ids."""
    columns = ["outlet_id", "article_id", "kind", "published_at", "story_id"]
    rows = table("memberships", warehouse, first, last, columns, pc.field("outlet_id") == outlet_id)
    about = {name: name for name in ("canonical_id", "n_articles", "title", "url")}
    stories = _named("stories", warehouse, rows["story_id"], about)
    found = rows.join(stories, "story_id", join_type="inner").select(["day", *columns, *about])
    return found.sort_by([("day", "ascending"), ("article_id", "ascending")])


def stories_about(
    warehouse: str, *, language: str, words: str, first: dt.date | None = None, last: dt.date | None = None
) -> pa.Table:
    """Stories in a language whose title, label or keywords have all words, the most outlets first."""
    columns = ["story_id", "n_articles", "n_outlets", "title", "label", "url", "keywords", "languages"]
    rows = table("stories", warehouse, first, last, columns)
    asked, kept = words.lower().split(" "), []
    for n, row in enumerate(rows.select(["title", "label", "keywords", "languages"]).to_pylist()):
        if language in row["languages"]:
            said = " ".join([row["title"] or "", row["label"] or "", *row["keywords"]]).lower()
            kept += [n] * all(word in said for word in asked)
    found = rows.take(pa.array(kept, pa.int64())).select(["day", *columns[:-1]])
    return found.sort_by([("n_outlets", "descending"), ("story_id", "ascending")])


def _named(name: str, warehouse: str, ids: Any, about: dict[str, str]) -> pa.Table:
    """The rows of a table with these ids, each looked up on the day that it names; `about` renames its columns."""
    key = {"stories": "story_id"}.get(name, "article_id")
    by_day: dict[dt.date, list[str]] = {}
    for one in sorted(set(ids.to_pylist())):
        by_day.setdefault(_day_of(one), []).append(one)
    parts = [
        table(name, warehouse, day, day, [key, *about], pc.field(key).isin(some))
        for day, some in by_day.items()
    ]
    schema = contract.schema(name)
    empty = pa.schema([schema.field(one).with_nullable(True) for one in (key, *about)]).empty_table()
    rows = pa.concat_tables([empty, *(part.drop_columns(["day"]).cast(empty.schema) for part in parts)])
    return rows.rename_columns([key, *about.values()])


def _day_of(identifier: str) -> dt.date:
    """The day of an id; raises MissingError where it names none."""
    try:
        return dt.datetime.strptime(identifier[:8], "%Y%m%d").date()  # noqa: DTZ007 - a date has no zone
    except ValueError:
        raise MissingError(f"{identifier!r} is no id: an id begins with its day as yyyymmdd") from None


VIEWS: dict[str, Callable[..., pa.Table]] = {
    "copied_texts": copied_texts,
    "first_with_story": first_with_story,
    "story_growth": story_growth,
    "outlet_articles": outlet_articles,
    "stories_about": stories_about,
}
