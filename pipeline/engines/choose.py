"""Which engine runs the stages: the one that the settings name. With that of many machines, small tables stay on this one."""

from collections.abc import Callable
from typing import Any

from pipeline.engines.embedded import EmbeddedEngine
from pipeline.engines.engine import Engine
from pipeline.model.errors import SettingsError
from pipeline.model.extras import install_command
from pipeline.settings import Settings
from pipeline.store.uris import open_storage


def open_engine(settings: Settings, watch: Callable[[str, int], None] | None = None) -> Engine[Any]:
    """The engine that the settings name; `watch` is told of each piece that is done: its table and rows."""
    if settings.engine == "spark":
        try:
            from pipeline.engines.near_and_far import NearAndFar
            from pipeline.engines.session import open_session, refuse_hopeless
            from pipeline.engines.spark import SparkEngine
        except ImportError as error:
            raise SettingsError(
                f"engine: {error.name} is not installed: {install_command('spark')}"
            ) from None
        refuse_hopeless(settings.master)

        def far() -> SparkEngine:
            return SparkEngine(open_session(settings.master), open_storage(settings.warehouse), watch)

        return NearAndFar(EmbeddedEngine(settings.n_workers, watch), far, settings.near_mb * 2**20)
    return EmbeddedEngine(settings.n_workers, watch)
