"""Days that are held back: the note is there until it is taken away, and the command line respects it."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from pipeline.model.tables import PUBLISHED
from pipeline.store import notes
from pipeline.store.local import LocalStorage
from pipeline.store.notes import Note
from pipeline.store.storage import ABSENT, filler
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


def test_a_bit_that_flipped_in_a_note_spells_no_other_note(tmp_path: Path) -> None:
    """It may have been a letter of a path, or the digest that somebody consented to."""
    storage = LocalStorage(tmp_path)
    notes.note_landing(storage, "file:///news/landing", ABSENT)
    notes.note_damaged_state(Warehouse(storage), {"_meta/state/terms/x": "12-34-56"})
    notes.hold(Warehouse(storage), DAY, ["31 articles would be lost"], "d" * 32, "o" * 32)
    for path, letter in (("landing.json", b"news"), ("damaged.json", b"12-34"), (f"held/day={DAY}", b"dddd")):
        note = tmp_path / "_meta" / path
        data = bytearray(note.read_bytes())
        data[data.index(letter)] ^= 1
        note.write_bytes(data)

    assert "" == notes.landing(storage)
    assert {} == notes.damaged_state(Warehouse(storage))
    assert Note("why is not known, the note about it is damaged") == notes.note(Warehouse(storage), DAY)
    assert 3 == len(list(notes.unreadable(Warehouse(storage))))


def test_a_note_of_an_earlier_version_has_no_check_and_is_read(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    storage.replace("_meta/landing.json", filler(b'{"landing": "file:///news/landing"}'))
    storage.replace(
        f"_meta/held/day={DAY}", filler(b'{"findings": "31 articles would be lost", "digest": "d"}')
    )

    assert "file:///news/landing" == notes.landing(storage)
    assert Note("31 articles would be lost", "d") == notes.note(Warehouse(storage), DAY)
    assert [] == list(notes.unreadable(Warehouse(storage)))
