"""A desk: the places, the settings and, for making days, the engine of a job."""

from dataclasses import FrozenInstanceError, fields
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from pipeline.day import extract, publish, run
from pipeline.day.desk import Desk, WorkDesk, open_desk
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.engines.engine import Engine
from pipeline.settings import load
from pipeline.upkeep import repair


def test_a_desk_has_the_places_that_the_settings_name_and_makes_neither(tmp_path: Path) -> None:
    """A mistyped place must not come into being by being looked at."""
    chosen = load(landing=str(tmp_path / "in"), warehouse=str(tmp_path / "out"))

    desk = open_desk(chosen)

    assert (chosen.landing, chosen.warehouse) == (desk.landing.uri, desk.warehouse.storage.uri)
    assert ([], []) == (desk.landing.folders(""), desk.warehouse.storage.folders(""))
    assert [] == list(tmp_path.iterdir())


def test_a_desk_stays_what_it_was_opened_with(tmp_path: Path) -> None:
    desk = open_desk(load(landing=str(tmp_path), warehouse=str(tmp_path)), EmbeddedEngine(1), program=("x",))

    with pytest.raises(FrozenInstanceError):
        desk.settings = load()  # type: ignore[misc]  # what is tested
    assert ("x",) == desk.program


def test_only_a_desk_with_an_engine_makes_days(tmp_path: Path) -> None:
    """By type, so that mypy refuses the call: whoever only reads has a desk that knows no engine, not one that is None."""
    makers = [run.run_day, run.cluster_day, extract.extract_day, publish.publish_day, repair.repair]
    chosen = load(landing=str(tmp_path), warehouse=str(tmp_path))

    assert {WorkDesk} == {get_type_hints(make)["desk"] for make in makers}
    assert Engine[Any] == get_type_hints(WorkDesk)["engine"]
    assert ["landing", "warehouse", "settings", "program", "cause"] == [field.name for field in fields(Desk)]
    assert Desk is type(open_desk(chosen))
    assert WorkDesk is type(open_desk(chosen, EmbeddedEngine(1)))
