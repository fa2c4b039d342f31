"""Somebody who keeps a copy of the published tables by the feed of changes, and reads nothing else."""

from datetime import date
from pathlib import Path
from typing import Any

from pipeline import read
from pipeline.model.internal_tables import BY_NAME
from pipeline.model.tables import PUBLISHED
from pipeline.store.difference import KEY_SEPARATOR
from pipeline.store.uris import open_storage
from pipeline.store.warehouse import Warehouse

Rows = dict[str, dict[str, Any]]
Tables = dict[tuple[str, date], Rows]


def standing(store: Warehouse, table: str, day: date) -> Rows:
    """The rows of a partition as they stand now, by key; none where it is not there."""
    contract = BY_NAME[table]
    if not store.has(contract, day):
        return {}
    rows = store.read(contract, day).to_pylist()
    return {KEY_SEPARATOR.join(str(row[name]) for name in contract.key): row for row in rows}


def tables(uri: str | Path) -> Tables:
    """All published rows of a warehouse; a partition without rows is as one that is not there."""
    store = Warehouse(open_storage(str(uri)))
    found = {(c.name, day): standing(store, c.name, day) for c in PUBLISHED for day in store.days(c)}
    return {partition: rows for partition, rows in found.items() if rows}


class Consumer:
    """A copy of the tables, and how far it has come."""

    def __init__(self, uri: str | Path, have: Tables | None = None, cursor: int = 0) -> None:
        self.uri, self.have, self.cursor = str(uri), dict(have or {}), cursor
        self.n_loads = 0

    def catch_up(self) -> None:
        """Apply what changed; where the feed does not tell it, load everything."""
        try:
            found = read.changes(self.uri, self.cursor)
        except read.CursorError:
            self.cursor = 0
            found = read.changes(self.uri)
        if not self.cursor:
            self.have, self.n_loads = {}, self.n_loads + 1
        store, now = Warehouse(open_storage(self.uri)), dict[tuple[str, date], Rows]()
        for row in found.rows.to_pylist():
            partition = row["table"], row["day"]
            if partition not in now:
                now[partition] = standing(store, *partition)
            self._apply(partition, row["key"], now[partition])
        self.cursor = found.cursor

    def _apply(self, partition: tuple[str, date], key: str, now: Rows) -> None:
        rows = now if not key else self.have.get(partition, {})
        if key:
            rows = {k: r for k, r in rows.items() if k != key} | ({key: now[key]} if key in now else {})
        self.have[partition] = dict(rows)
        if not rows:
            del self.have[partition]
