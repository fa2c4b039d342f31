"""What a job works with: where documents come from, where tables go, what runs the stages, by which settings."""

from dataclasses import dataclass
from typing import Any, overload

from pipeline.engines.engine import Engine
from pipeline.settings import Settings
from pipeline.store.storage import Storage
from pipeline.store.uris import open_storage
from pipeline.store.warehouse import Warehouse


@dataclass(frozen=True)
class Desk:
    """What a job reads with: where documents come from, where tables are, by which settings."""

    landing: Storage
    warehouse: Warehouse
    settings: Settings


@dataclass(frozen=True)
class WorkDesk(Desk):
    """What a job makes days with: a desk, and what runs the stages."""

    engine: Engine[Any]


@overload
def open_desk(settings: Settings) -> Desk: ...
@overload
def open_desk(settings: Settings, engine: Engine[Any]) -> WorkDesk: ...
def open_desk(settings: Settings, engine: Engine[Any] | None = None) -> Desk:
    """The desk that the settings describe: for reading, or with an engine for making days."""
    landing = open_storage(settings.landing)
    warehouse = Warehouse(open_storage(settings.warehouse, settings.lease_seconds))
    if engine is None:
        return Desk(landing, warehouse, settings)
    return WorkDesk(landing, warehouse, settings, engine)
