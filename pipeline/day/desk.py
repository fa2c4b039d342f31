"""What a job works with: where documents come from, where tables go, what runs the stages, by which settings."""

from dataclasses import dataclass, field
from typing import Any, overload

from pipeline.engines.engine import Engine
from pipeline.model.changes_table import Cause
from pipeline.settings import Settings
from pipeline.store.storage import Storage
from pipeline.store.uris import open_storage
from pipeline.store.warehouse import Warehouse

PROGRAM = ("newsfold",)  # under a scheduler, where nobody typed anything


@dataclass(frozen=True)
class Desk:
    """What a job reads with: where documents come from, where tables are, by which settings."""

    landing: Storage
    warehouse: Warehouse
    settings: Settings
    program: tuple[str, ...] = field(
        default=PROGRAM, kw_only=True
    )  # what to type, where a message names a command
    cause: Cause = field(default=Cause.RUN, kw_only=True)  # why days change, for the feed of changes


@dataclass(frozen=True)
class WorkDesk(Desk):
    """What a job makes days with: a desk, and what runs the stages."""

    engine: Engine[Any]


@overload
def open_desk(settings: Settings, *, program: tuple[str, ...] = PROGRAM) -> Desk: ...
@overload
def open_desk(settings: Settings, engine: Engine[Any], *, program: tuple[str, ...] = PROGRAM) -> WorkDesk: ...
def open_desk(
    settings: Settings, engine: Engine[Any] | None = None, *, program: tuple[str, ...] = PROGRAM
) -> Desk:
    """The desk that the settings describe: for reading, or with an engine for making days. `program` is how newsfold was started."""
    landing = open_storage(settings.landing)
    warehouse = Warehouse(open_storage(settings.warehouse, settings.lease_seconds))
    if engine is None:
        return Desk(landing, warehouse, settings, program=program)
    return WorkDesk(landing, warehouse, settings, engine, program=program)
