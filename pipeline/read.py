"""For consumers: read published tables while they are being replaced.

    from pipeline import read
    stories = read.table("stories", "warehouse", first=date(2026, 3, 1))   # one Arrow table
    copied = read.view("copied_texts", "warehouse", day=date(2026, 3, 5))
    moved = read.changes("warehouse", since=1772755200000)
    frame = read.retrying(polars.read_parquet, "warehouse/stories/day=*/part-0.parquet")

`table`, `view`, `changes`, `sql` and `retrying` are those of newsfold-read, a small distribution of its own (`pipeline/newsfold_read`).

A day is one file that is replaced at once, so a reader sees the old day or the new one. Some readers open a file
twice, and fail loudly when it is replaced in between: call them again.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

import pyarrow as pa
from pyarrow.compute import field

from pipeline.flows.network import network
from pipeline.model.arrow import byte_strings, texts
from pipeline.model.errors import MissingInputError
from pipeline.model.ids import day_of
from pipeline.model.internal_tables import SIGNATURES
from pipeline.model.tables import ARTICLES, FLOWS, STORIES
from pipeline.newsfold_read import (
    VIEWS,
    Changes,
    CursorError,
    LaterContractError,
    MissingError,
    Moved,
    changes,
    retrying,
    sql,
    table,
    view,
)
from pipeline.store.uris import open_storage
from pipeline.store.warehouse import Warehouse

__all__ = [
    "VIEWS",
    "Changes",
    "CursorError",
    "LaterContractError",
    "MissingError",
    "Moved",
    "changes",
    "largest_stories",
    "network_of",
    "retrying",
    "signatures",
    "sql",
    "table",
    "view",
]


def largest_stories(warehouse: Warehouse, days: Sequence[date], limit: int) -> list[dict[str, Any]]:
    """The largest stories that began on the days (on any, when none are named): most texts of their own, then most articles, first.

    Raises MissingInputError where there is no table of stories at all.
    """
    if not (made := warehouse.days(STORIES)):
        raise MissingInputError(
            f"{warehouse.storage.uri}: no published stories there; run a day or give --warehouse"
        )
    tables = warehouse.scan(STORIES, days or made)
    order: list[tuple[str, Literal["ascending", "descending"]]] = [
        ("n_copy_groups", "descending"),
        ("n_articles", "descending"),
        ("story_id", "ascending"),
    ]
    top = [rows.sort_by(order).slice(0, limit) for rows in tables]
    best = pa.concat_tables([STORIES.empty(), *top]).sort_by(order).slice(0, limit)
    found: list[dict[str, Any]] = best.to_pylist()
    return found


def network_of(warehouse: Warehouse, days: Sequence[date], limit: int) -> dict[str, Any]:
    """Who took texts from whom on the days (on all, when none are named): what `pipeline.flows.network` makes of `flows`, with titles.

    Raises MissingInputError where there is no table of flows at all.
    """
    if not (made := warehouse.days(FLOWS)):
        raise MissingInputError(
            f"{warehouse.storage.uri}: no published flows there; run or repair a day, or give --warehouse"
        )
    found = network([row for rows in warehouse.scan(FLOWS, days or made) for row in rows.to_pylist()], limit)
    named = {one["article_id"]: day_of(one["article_id"]) for one in found["taken"]}
    titles: dict[str, str | None] = {}
    for day in sorted(set(named.values())):
        wanted = field("article_id").isin([i for i, of in named.items() if of == day])
        for rows in warehouse.scan(ARTICLES, [day], ["article_id", "title"], wanted):
            titles |= dict(zip(texts(rows["article_id"]), rows["title"].to_pylist(), strict=True))
    found["taken"] = [{**one, "title": titles.get(one["article_id"])} for one in found["taken"]]
    return found


def signatures(warehouse: str, day: date) -> dict[str, Any]:
    """The MinHash signatures of a day's articles as datasketch objects by article_id, for its LSH indexes.

    They were made with `scheme="affine32"`, seed 1 and 128 permutations; where none are stored (any more), they
    are computed from the texts.
    """
    from datasketch import MinHash

    store = Warehouse(open_storage(warehouse))
    rows = retrying(_signed, store, day)
    return {
        article: MinHash(hashvalues=_minima(signature), seed=1, scheme="affine32", hashfunc=_hash)
        for article, signature in zip(texts(rows["article_id"]), byte_strings(rows["signature"]), strict=True)
    }


def _signed(store: Warehouse, day: date) -> pa.Table:
    from pipeline.copies.signatures import sign
    from pipeline.day import reuse
    from pipeline.engines.faults import Guarded

    standing = store.standing(ARTICLES, day)
    fits = reuse.fitting(
        store, SIGNATURES, day, reuse.state_inputs(SIGNATURES, {"articles": standing.digest})
    )
    if fits:
        return store.read(SIGNATURES, day, version=fits)
    return Guarded(sign, SIGNATURES)(store.read(ARTICLES, day, ["article_id", "text"]))


def _minima(signature: bytes) -> Any:
    import numpy as np

    return np.frombuffer(signature, "<u4").copy()


def _hash(shingle: Any) -> int:
    from pipeline.text import tokens

    return tokens.shingle_hash(shingle)
