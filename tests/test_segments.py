"""Stored segments forget what was removed, and are read again where a removal was taken back."""

import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.day import extract, run, segments
from pipeline.landing.files import list_files
from pipeline.store import removals
from pipeline.upkeep import verify
from tests.removed_world import ADDRESS, ORIGIN, OTHERS, REMOVAL, deliver, take_down, traces
from tests.world import DAYS, World, be_quick

DAY = DAYS[0]


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """One day that was extracted, in one segment."""
    be_quick(monkeypatch)
    world = World(tmp_path)
    deliver(world, DAY, OTHERS[0], ORIGIN)
    extracted(world)
    return world


def extracted(world: World) -> list[dict[str, object]]:
    desk = world.desk()
    return extract.extract_day(desk, DAY, list_files(desk.landing, DAY)).to_pylist()


def stored(world: World) -> list[Path]:
    return sorted((world.root / "warehouse/_meta/state/extracted").rglob("*.parquet"))


def told(world: World) -> str | None:
    """What the segments tell of the documents that were removed."""
    desk = world.desk()
    files, rules = list_files(desk.landing, DAY), extract.rules_of(desk.settings)
    return segments.removed_documents(
        desk.warehouse.storage, DAY, files, removals.read(desk.warehouse.storage), rules
    )


def test_a_segment_forgets_what_was_removed_without_a_file_being_read_again(world: World) -> None:
    take_down(world, REMOVAL)
    assert told(world) is None
    world.fail(DAY, "a.jsonl", 10**9)
    rows = extracted(world)

    assert ["removed", None] == sorted((row["reason"] for row in rows), key=str, reverse=True)
    assert [] == traces(world.root / "warehouse")
    assert [] == list(verify.verify(world.desk().warehouse))
    assert told(world)


def test_what_is_taken_back_is_read_again_and_nothing_else_is_parsed_again(world: World) -> None:
    before = extracted(world)
    take_down(world, REMOVAL)
    extracted(world)
    removals.change(world.desk().warehouse.storage, lambda _: ())

    assert told(world) is None
    assert before == extracted(world)
    assert told(world) == ""


def test_segments_of_other_rules_and_of_files_that_are_gone_forget_too(world: World) -> None:
    world.settings["max_depth"] = 77
    deliver(world, DAY, OTHERS[1])
    extracted(world)
    take_down(world, REMOVAL)
    extracted(world)

    assert [] == traces(world.root / "warehouse")


def test_a_segment_that_can_not_be_read_goes_when_something_was_removed(world: World) -> None:
    (one,) = stored(world)
    shutil.copy(one, one.with_name("0123456789abcdef.parquet"))
    one.write_bytes(one.read_bytes()[:-40])
    extracted(world)
    take_down(world, REMOVAL)
    extracted(world)

    assert [] == traces(world.root / "warehouse")


def test_a_removed_day_is_not_extracted_into_anything(world: World) -> None:
    take_down(world, type(REMOVAL)(REMOVAL.target.DAY, str(DAY)))

    assert {"removed"} == {row["reason"] for row in extracted(world)}
    assert not any(pq.read_table(path)["text"].to_pylist() != [None, None] for path in stored(world))


def test_a_day_without_a_list_says_nothing_of_removals(world: World) -> None:
    run.run_day(world.desk(), DAY)

    assert told(world) == ""
    assert ADDRESS in {row["url"] for row in extracted(world)}
