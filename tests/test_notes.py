"""Days that are held back: the note is there until it is taken away, and the command line respects it."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from pipeline.model.tables import PUBLISHED
from pipeline.store import notes
from pipeline.store.notes import Note
from pipeline.store.uris import open_storage
from pipeline.store.warehouse import Warehouse
from tests.conftest import published

ROOT = Path(__file__).parents[1]
DAY = date(2026, 3, 5)


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(open_storage(str(tmp_path)))


def test_what_was_found_is_kept_until_the_day_is_released(warehouse: Warehouse) -> None:
    notes.hold(warehouse, DAY, ["few documents", "many copies"], "d1", "o1")

    assert {DAY: Note("few documents; many copies", "d1", "o1")} == notes.held(warehouse)
    notes.release(warehouse, DAY)
    assert {} == notes.held(warehouse)
    notes.release(warehouse, DAY)


def test_consent_is_to_what_was_made_and_ends_when_something_else_is_held_back(warehouse: Warehouse) -> None:
    notes.allow(warehouse, DAY)
    assert {} == notes.held(warehouse)
    notes.hold(warehouse, DAY, ["few documents"], "d1")
    notes.allow(warehouse, DAY)

    assert [True, False] == [notes.held(warehouse)[DAY].allows(digest) for digest in ("d1", "d2")]
    notes.hold(warehouse, DAY, ["fewer documents"], "d2")
    assert not notes.held(warehouse)[DAY].allows("d2")


@pytest.mark.parametrize(
    "data",
    [
        b"raw documents: 1, expected 5",
        b"",
        b"\xff\xfe",
        b"null",
        b"[1]",
        b'{"findings": 3, "more": 1}',
    ],
)
def test_a_note_that_is_damaged_or_of_an_earlier_version_still_holds(
    data: bytes, tmp_path: Path, warehouse: Warehouse
) -> None:
    """And consents to nothing."""
    (tmp_path / "_meta" / "held").mkdir(parents=True)
    (tmp_path / "_meta" / "held" / f"day={DAY}").write_bytes(data)

    assert [False] == [note.is_allowed for note in notes.held(warehouse).values()]


def test_a_repair_by_hand_publishes_a_held_day_only_when_told_to(tmp_path: Path) -> None:
    target = tmp_path / "warehouse"
    notes.hold(Warehouse(open_storage(str(target))), DAY, ["few documents"])
    command = [
        sys.executable,
        "-m",
        "pipeline",
        "repair",
        "-q",
        "--landing",
        "seeds",
        "--warehouse",
        str(target),
    ]

    left = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)
    assert (4, {}) == (left.returncode, published(target))
    assert (
        f"{sys.executable} -m pipeline repair --held --day {DAY} --landing seeds --warehouse {target}"
        in left.stderr
    )
    subprocess.run([*command, "--held", "--day", str(DAY)], check=True, cwd=ROOT, capture_output=True)
    assert len(PUBLISHED) == len(published(target))
