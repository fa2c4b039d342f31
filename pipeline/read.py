"""For consumers: read published tables while they are being replaced.

    from pipeline import read
    stories = read.table("stories", "warehouse", first=date(2026, 3, 1))   # one Arrow table
    frame = read.retrying(polars.read_parquet, "warehouse/stories/day=*/part-0.parquet")

A day is one file that is replaced at once, so a reader sees the old day or the new one. Some readers open a file
twice, and fail loudly when it is replaced in between: call them again.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Literal, TypeVar

import pyarrow as pa
from pyarrow.compute import field

from pipeline.flows.network import network
from pipeline.model.arrow import byte_strings, texts
from pipeline.model.changes_table import CHANGES, Op
from pipeline.model.contract import Contract
from pipeline.model.errors import MissingInputError
from pipeline.model.ids import day_of
from pipeline.model.internal_tables import BY_NAME, SIGNATURES
from pipeline.model.tables import ARTICLES, FLOWS, JOURNALS, PUBLISHED, STORIES
from pipeline.store.uris import open_storage
from pipeline.store.warehouse import Warehouse


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
    top = [table.sort_by(order).slice(0, limit) for table in tables]
    best = pa.concat_tables([STORIES.empty(), *top]).sort_by(order).slice(0, limit)
    rows: list[dict[str, Any]] = best.to_pylist()
    return rows


def network_of(warehouse: Warehouse, days: Sequence[date], limit: int) -> dict[str, Any]:
    """Who took texts from whom on the days (on all, when none are named): what `pipeline.flows.network` makes of `flows`, with titles.

    Raises MissingInputError where there is no table of flows at all.
    """
    if not (made := warehouse.days(FLOWS)):
        raise MissingInputError(
            f"{warehouse.storage.uri}: no published flows there; run or repair a day, or give --warehouse"
        )
    found = network(
        [row for table in warehouse.scan(FLOWS, days or made) for row in table.to_pylist()], limit
    )
    named = {one["article_id"]: day_of(one["article_id"]) for one in found["taken"]}
    titles: dict[str, str | None] = {}
    for day in sorted(set(named.values())):
        wanted = field("article_id").isin([i for i, of in named.items() if of == day])
        for table in warehouse.scan(ARTICLES, [day], ["article_id", "title"], wanted):
            titles |= dict(zip(texts(table["article_id"]), table["title"].to_pylist(), strict=True))
    found["taken"] = [{**one, "title": titles.get(one["article_id"])} for one in found["taken"]]
    return found


@dataclass(frozen=True)
class Changes:
    """What changed since a number: the newest one, from which to go on, and the last thing that happened to each row.

    `rows` has `publication`, `day`, `table`, `key` and `op`. Where `key` is empty, the whole partition is meant.
    """

    cursor: int
    rows: pa.Table


def changes(warehouse: str, since: int = 0) -> Changes:
    """The rows and partitions that changed after a publication, each with the last thing that happened to it.

    Read each row as it stands now, and take out what is not there any more: then you have the published tables, row for row. A
    partition that is meant as a whole stands for all its rows. `since` is the `cursor` of the last time. With 0, every partition that
    stands is a `load`: begin with nothing.

    Raises CursorError where the feed does not say what came after that number: begin again with 0.
    """
    store = Warehouse(open_storage(warehouse))
    if not since:
        return Changes(store.teller.feed.last(), _everything(store))
    cursor, rows = store.teller.feed.since(since)
    return Changes(cursor, _last_ops(rows))


_LAST = ["publication", "day", "table", "key", "op"]


def _everything(store: Warehouse) -> pa.Table:
    """Every partition that stands, as a load."""
    rows = [
        {"publication": 0, "day": day, "table": contract.name, "key": "", "op": Op.LOAD.value}
        for contract in PUBLISHED
        for day, version in store.versions_on(contract, store.days(contract)).items()
        if version
    ]
    fields = [CHANGES.schema.field(name).remove_metadata() for name in _LAST]
    return pa.Table.from_pylist(rows, schema=pa.schema(fields))


def _last_ops(rows: pa.Table) -> pa.Table:
    """Of each row the last thing that happened; of partitions that were loaded or went as a whole, only that."""
    names = (rows[name].to_pylist() for name in ("table", "day", "key"))
    seen = {named: n for n, named in enumerate(zip(*names, strict=True))}
    kept = [n for (table, day, key), n in seen.items() if not key or (table, day, "") not in seen]
    plain = [CHANGES.schema.field(name).remove_metadata() for name in _LAST]
    return rows.select(_LAST).take(pa.array(sorted(kept), pa.int64())).cast(pa.schema(plain))


Result = TypeVar("Result")
_PAUSE_SECONDS = 0.05


def retrying(function: Callable[..., Result], *arguments: Any, attempts: int = 5, **named: Any) -> Result:
    """Call any reader, and call it again when it fails, `attempts` times in all; the last failure is raised.

    A replacement takes an instant, so that waiting a little is enough.
    """
    for attempt in range(attempts - 1):
        try:
            return function(*arguments, **named)
        except (KeyboardInterrupt, SystemExit, MissingInputError):
            raise
        except BaseException:  # noqa: BLE001 - every reader fails in its own way; Polars' panics are not Exceptions
            time.sleep(_PAUSE_SECONDS * 2**attempt)
    return function(*arguments, **named)


def table(
    name: str,
    warehouse: str,
    first: date | None = None,
    last: date | None = None,
    columns: Sequence[str] | None = None,
) -> pa.Table:
    """The rows of a published table from `first` to `last`, with the partition's `day` as the last column.

    `warehouse` is a folder or `s3://bucket/prefix`. Each day is consistent in itself. Raises MissingInputError when
    there is no such table.
    """
    contract, store = _published(name), Warehouse(open_storage(warehouse))
    days = [d for d in store.days(contract) if (first is None or first <= d) and (last is None or d <= last)]
    wanted = list(columns) if columns else contract.names
    parts = [contract.empty().select(wanted).append_column("day", pa.array([], pa.date32()))]
    for day in filter(
        partial(store.has, contract), days
    ):  # a run that was killed leaves a folder without a file
        rows = retrying(store.read, contract, day, wanted)
        parts.append(rows.append_column("day", pa.array([day] * rows.num_rows, pa.date32())))
    return pa.concat_tables(parts).replace_schema_metadata(contract.schema.metadata)


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


def _published(name: str) -> Contract:
    contract = BY_NAME.get(name)
    if contract not in PUBLISHED + JOURNALS:
        raise MissingInputError(
            f"no published table {name!r}; there are {', '.join(c.name for c in PUBLISHED + JOURNALS)}"
        )
    return contract


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
