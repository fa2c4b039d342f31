"""How old the newest published day is, in words, JSON and Prometheus' text format; nothing is run, no landing zone asked."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from pipeline.app import request
from pipeline.app.cli import app
from pipeline.day.desk import Desk
from pipeline.day.run import run_day
from pipeline.engines.embedded import EmbeddedEngine
from pipeline.model.errors import SettingsError
from pipeline.model.tables import RUNS
from pipeline.store import layout
from pipeline.store.local import LocalStorage
from pipeline.store.warehouse import Warehouse
from pipeline.upkeep.freshness import Freshness, freshness, parse_age
from tests.conftest import DAY, deliver, make_desk
from tests.world import POOL

ENDED = datetime(2026, 3, 6, tzinfo=UTC)  # the end of DAY
HOURS_26 = timedelta(hours=26)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = make_desk(tmp_path_factory.mktemp("fresh"), EmbeddedEngine(1))
    deliver(desk, DAY, POOL[0])
    run_day(desk, DAY)
    (
        Path(desk.warehouse.storage.uri) / layout.partition_folder(RUNS, DAY + timedelta(1))
    ).mkdir()  # a killed run
    return desk


def judged(desk: Desk, hours: float) -> Freshness:
    return freshness(desk.warehouse, HOURS_26, ENDED + timedelta(hours=hours))


@pytest.mark.parametrize(("hours", "is_fresh"), [(0, True), (26, True), (26.1, False), (2000, False)])
def test_a_warehouse_is_fresh_as_long_as_its_newest_day_is_young_enough(
    desk: Desk, hours: float, is_fresh: bool
) -> None:
    found = judged(desk, hours)

    assert (is_fresh, DAY, timedelta(hours=hours)) == (found.is_fresh, found.newest, found.age)
    assert (": fresh: " if is_fresh else ": late: ") in found.sentence
    assert f"ended {hours:.1f} h ago" in found.sentence


def test_a_day_that_is_not_over_counts_for_nothing(desk: Desk) -> None:
    """Nor does one of the future, by a slip: it would be fresh for years."""
    assert judged(desk, -1).newest is None


def test_without_a_day_a_warehouse_is_late(tmp_path: Path) -> None:
    found = freshness(Warehouse(LocalStorage(tmp_path)), HOURS_26, ENDED)

    assert not found.is_fresh
    assert "no day is published" in found.sentence
    assert "newsfold_fresh{" in found.as_prometheus()
    assert "age_seconds{" in found.as_prometheus()
    assert "timestamp" not in found.as_prometheus()


def test_prometheus_reads_the_gauges(desk: Desk) -> None:
    """Each with its help and type before it, and the warehouse as a label."""
    lines = judged(desk, 3).as_prometheus().splitlines()

    samples = [line for line in lines if not line.startswith("#")]
    values = {line.partition("{")[0]: float(line.rpartition(" ")[2]) for line in samples}
    assert {
        "newsfold_fresh": 1,
        "newsfold_newest_day_end_timestamp_seconds": ENDED.timestamp(),
        "newsfold_age_seconds": 3 * 3600,
        "newsfold_max_age_seconds": 26 * 3600,
    }.items() <= values.items()
    assert all(re.fullmatch(r'newsfold_\w+\{warehouse="[^"]+"\} \S+', line) for line in samples)
    assert [f"# TYPE {name} gauge" for name in values] == [line for line in lines if " TYPE " in line]


@given(st.integers(0, 99), st.integers(0, 99))
def test_an_age_is_written_with_its_units(hours: int, minutes: int) -> None:
    assert timedelta(hours=hours, minutes=minutes) == parse_age(f"{hours}h{minutes}m")


@pytest.mark.parametrize("written", ["", "26", "h", "-1h", "26 h", "1.5h", "26hours"])
def test_another_age_is_refused(written: str) -> None:
    with pytest.raises(SettingsError, match="26h"):
        parse_age(written)


def run(desk: Desk, *arguments: str) -> tuple[int, str]:
    shown = CliRunner().invoke(app, ["status", "--warehouse", desk.warehouse.storage.uri, *arguments])
    return shown.exit_code, shown.output


@pytest.mark.parametrize(("hours", "code"), [(1, 0), (30, 3)])
def test_the_command_says_it_with_its_exit_code(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, hours: int, code: int
) -> None:
    monkeypatch.setattr(request, "now", lambda: ENDED + timedelta(hours=hours))

    assert (code, judged(desk, hours).sentence) == (
        (shown := run(desk, "--max-age", "26h"))[0],
        shown[1].replace("\n", ""),
    )
    assert (code, judged(desk, hours).as_prometheus()) == run(
        desk, "--max-age", "26h", "--format", "prometheus"
    )
    exit_code, printed = run(desk, "--max-age", "26h", "--json")
    assert (code, not code) == (exit_code, json.loads(printed)["is_fresh"])


def test_prometheus_without_an_age_is_refused(desk: Desk) -> None:
    shown = CliRunner().invoke(app, ["status", "--format", "prometheus"])

    assert isinstance(shown.exception, SettingsError)
