"""How each source is, as the journal of harvests says it."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.model.harvest_table import HEALTH
from pipeline.model.tables import HARVEST
from pipeline.store.local import LocalStorage
from pipeline.store.warehouse import Warehouse
from pipeline.upkeep.source_health import NOT_ASKED, sentence_of, sources
from tests.harvesting import NOW

DAY = NOW.date()


def row(outlet: str = "A", day: date = DAY, health: str = "ok", **more: Any) -> dict[str, Any]:
    counts = {name: 0 for name in HARVEST.names if name.startswith("n_")}
    known = {"outcomes": [], "last_success_at": NOW, "last_new_at": None, "median_lag_seconds": None}
    return {"ingest_date": day, "outlet": outlet, "health": health, **counts, **known, **more}


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(LocalStorage(str(tmp_path)))


def keep(warehouse: Warehouse, *rows: dict[str, Any]) -> None:
    for day in {one["ingest_date"] for one in rows}:
        warehouse.publish(HARVEST, day, HARVEST.table([one for one in rows if one["ingest_date"] == day]))


def test_the_last_verdict_of_each_counts_and_the_worst_comes_first(warehouse: Warehouse) -> None:
    before = DAY - timedelta(days=1)
    keep(
        warehouse,
        row("Well", n_pages=3),
        row("Mended", before, "gone"),
        row("Mended", n_pages=1),
        row("Quiet", health="silent"),
        row("Elsewhere", health="moved"),
        row("Broken", before, "failing"),  # not asked today, as its time has not come
        row("Changed", health="other_content"),
        row("Gone", health="gone"),
    )
    found = sources(warehouse)
    assert ["Gone", "Changed", "Broken", "Quiet", "Elsewhere", "Mended", "Well"] == [
        one.outlet for one in found
    ]
    assert ["Mended", "Well"] == [one.outlet for one in found if one.is_well]
    assert ((before, 0), (DAY, 1)) == found[5].pages


def test_a_source_that_nobody_asks_is_named_for_some_time(warehouse: Warehouse) -> None:
    keep(
        warehouse,
        row("Left", DAY - timedelta(days=3)),
        row("Long ago", DAY - timedelta(days=30)),
        row("Well"),
    )
    assert [("Left", NOT_ASKED), ("Well", "ok")] == [(one.outlet, one.health) for one in sources(warehouse)]
    assert "since 2026-03-07" in sources(warehouse)[0].sentence


def test_where_nothing_was_harvested_there_is_no_source(warehouse: Warehouse) -> None:
    assert [] == sources(warehouse)


@pytest.mark.parametrize(
    ("health", "more", "said"),
    [
        ("ok", {"n_pages": 12, "median_lag_seconds": 1500}, "12 new pages, half of them fetched within 25 min of publication"),
        ("ok", {"n_pages": 1, "median_lag_seconds": 0}, "within 1 min"),
        ("ok", {}, "nothing new on this day"),
        ("silent", {"last_new_at": NOW - timedelta(days=9)}, "no new page since 2026-03-01 12:00"),
        ("moved", {}, "elsewhere for good"),
        ("failing", {"outcomes": [{"outcome": "fetched", "n": 9}, {"outcome": "failed:503", "n": 2}, {"outcome": "failed:timeout", "n": 7}]}, "(failed:timeout 7×, failed:503 2×); the last good answer came 2026-03-10 12:00"),
        ("failing", {"last_success_at": None}, "came never"),
        ("other_content", {"outcomes": [{"outcome": "failed:not_a_feed", "n": 1}]}, "something else (failed:not_a_feed 1×)"),
        ("gone", {}, "410"),
    ],
)  # fmt: skip
def test_a_verdict_is_said_in_a_sentence(health: str, more: dict[str, Any], said: str) -> None:
    assert said in sentence_of(row(health=health, **more))


def test_every_verdict_of_the_journal_has_a_place(warehouse: Warehouse) -> None:
    keep(warehouse, *(row(health, health=health) for health in HEALTH))
    assert set(HEALTH) == {one.health for one in sources(warehouse)}
    assert "ok" == sources(warehouse)[-1].health
