"""The journal of changes: what moved in the published tables, in the order in which readers could see it.

A journal depends on the order of runs and on the clock, so no promise about equal bytes speaks of it.
"""

from enum import StrEnum

import pyarrow as pa

from pipeline.model.contract import DATE, TEXT, Column, Contract


class Op(StrEnum):
    """What happened to one row or, where the key is empty, to a whole partition."""

    LOAD = "load"  # a whole partition: it is new, or too much of it changed to tell row by row
    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"


class Cause(StrEnum):
    """Why it happened, as the caller said."""

    RUN = "run"
    REPAIR = "repair"
    BACKFILL = "backfill"
    RETIREMENT = "retirement"
    REMOVAL = "removal"


CHANGES = Contract(
    "changes",
    "one row that changed, or one partition that did",
    ("publication", "key"),
    (
        Column(
            "publication",
            pa.int64(),
            "The number of the publication that brought it: one partition of one table. Numbers only increase, and none is used twice.",
            since=2,
        ),
        Column("day", DATE, "The day of the partition that changed, as in the path of its file.", since=2),
        Column("table", TEXT, "Its table.", since=2),
        Column(
            "key",
            TEXT,
            "The key of the row, the columns of a longer key with | between; empty where the whole partition is meant.",
            since=2,
        ),
        Column("op", TEXT, "`load`, `insert`, `update` or `delete`.", since=2),
        Column(
            "old_digest",
            TEXT,
            "Digest of the row before, or of the partition; null where there was none, or where it is not known.",
            nullable=True,
            since=2,
        ),
        Column(
            "new_digest",
            TEXT,
            "The same of what it became; null where nothing is left.",
            nullable=True,
            since=2,
        ),
        Column("cause", TEXT, "`run`, `repair`, `backfill`, `retirement` or `removal`.", since=2),
    ),
    published=True,
    partition="ranges of publications, by the first of each",
)
