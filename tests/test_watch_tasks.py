"""Tasks that look whether all is well."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.app import watch_tasks
from pipeline.app.watch_tasks import LateError
from pipeline.day.run import run_day
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.model.tables import LINKS
from tests.breached import of_first, rewrite
from tests.conftest import DAY, deliver, make_desk
from tests.world import POOL


@pytest.fixture
def warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    desk = make_desk(tmp_path, EmbeddedEngine(1))
    deliver(desk, DAY, *POOL[:3], POOL[10])
    run_day(desk, DAY)
    monkeypatch.setenv("NEWSFOLD_WAREHOUSE", str(tmp_path / "warehouse"))
    monkeypatch.setenv("NEWSFOLD_LANDING", str(tmp_path / "landing"))
    return desk.warehouse


def test_the_task_fails_where_the_newest_day_is_too_old(warehouse: object) -> None:
    with pytest.raises(LateError, match=f"late: the newest published day is {DAY}"):
        watch_tasks.freshness("26h")

    days = (datetime.now(UTC).date() - DAY).days
    assert str(DAY) == watch_tasks.freshness(f"{days + 1}d")["newest_day"]


def test_the_quality_of_a_day_is_a_few_figures(warehouse: object) -> None:
    found = watch_tasks.quality(str(DAY))

    assert (0, [], 0.25, {"too_short": 1}) == (
        found["n_breaches"],
        found["breaches"],
        found["rejected_share"],
        found["rejects"],
    )
    rewrite(warehouse, LINKS, DAY, of_first(jaccard=7.0))  # type: ignore[arg-type]
    assert ["links: jaccard: bounds"] == watch_tasks.quality(str(DAY))["breaches"]
