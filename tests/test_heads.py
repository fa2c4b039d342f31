"""What the bytes of raw documents begin with."""

from pathlib import Path

from pipeline.explain import heads
from tests.world import DAYS, World


def test_a_record_is_told_by_its_own_bytes_and_what_is_gone_by_a_note(tmp_path: Path) -> None:
    world = World(tmp_path / "world")
    world.put(DAYS[0], "feed.jsonl", [0, 10])
    desk = world.desk()

    head, note = heads.head_of(desk, DAYS[0], f"day={DAYS[0]}/feed.jsonl#1")
    assert ("too short", None) == (head, note)

    head, note = heads.head_of(desk, DAYS[0], f"day={DAYS[0]}/other.jsonl#0")
    assert head is None
    assert note is not None
    assert "not in the landing zone" in note


def test_bytes_that_are_no_text_are_shown_as_escapes() -> None:
    assert ("\\xff\\xfeA", None) == heads.told({"x": b"\xff\xfeA"}, "x")
    assert heads.told({"x": None}, "x")[1]
