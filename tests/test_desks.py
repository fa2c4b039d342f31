"""The desk of a process that was started before the landing zone was known."""

import shutil
from pathlib import Path

import pytest

from pipeline.app.desks import LateDesk
from pipeline.app.request import desk as open_desk
from pipeline.day.desk import Desk
from tests.explored import Explored


def test_it_is_looked_for_until_it_is_known_and_each_reason_is_told_once(
    explored: Explored, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[str] = []

    def look() -> Desk:
        asked.append("once")
        return open_desk(warehouse=str(tmp_path / "new"))

    desk = LateDesk(look)
    assert [None, None] == [desk(), desk()]
    assert 1 == len(caplog.records)
    assert "no warehouse there" in caplog.text

    shutil.copytree(explored.world.root / "warehouse", tmp_path / "new")
    found = desk()
    assert found
    assert str(explored.world.root / "landing") in found.landing.uri
    assert found is desk()
    assert 3 == len(asked)
