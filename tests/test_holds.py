"""Days that are held back: the note is there until it is taken away, and the command line respects it."""

import subprocess
import sys
from datetime import date
from pathlib import Path

from pipeline import holds
from pipeline.store.storage import open_storage
from pipeline.store.warehouse import Warehouse
from tests.conftest import published

ROOT = Path(__file__).parents[1]
DAY = date(2026, 3, 5)


def test_what_was_found_is_kept_until_the_day_is_released(tmp_path: Path) -> None:
    warehouse = Warehouse(open_storage(str(tmp_path)))
    holds.hold(warehouse, DAY, ["few documents", "many copies"])

    assert {DAY: "few documents; many copies"} == holds.held(warehouse)
    holds.release(warehouse, DAY)
    assert {} == holds.held(warehouse)
    holds.release(warehouse, DAY)


def test_a_repair_by_hand_publishes_a_held_day_only_when_told_to(tmp_path: Path) -> None:
    target = tmp_path / "warehouse"
    holds.hold(Warehouse(open_storage(str(target))), DAY, ["few documents"])
    command = [sys.executable, "-m", "pipeline", "repair", "-q", "--warehouse", str(target)]

    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    assert {} == published(target)
    subprocess.run([*command, "--held"], check=True, cwd=ROOT, capture_output=True)
    assert 6 == len(published(target))
