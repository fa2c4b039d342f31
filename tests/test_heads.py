"""What the bytes of raw documents begin with."""

from pathlib import Path

from pipeline.explain import heads
from pipeline.model.contract import Row
from pipeline.model.kinds import Reject
from tests.world import DAYS, World


def row(name: str, reason: Reject = Reject.TOO_SHORT) -> Row:
    """One of REJECTS."""
    return {"ingest_date": DAYS[0], "raw_ref": f"day={DAYS[0]}/{name}", "reason": str(reason)}


def test_a_record_is_told_by_its_own_bytes_and_what_is_gone_by_a_note(tmp_path: Path) -> None:
    world = World(tmp_path / "world")
    world.put(DAYS[0], "feed.jsonl", [0, 10])
    desk = world.desk()

    head, note = heads.head_of(desk, row("feed.jsonl#1"))
    assert ("too short", None) == (head, note)

    head, note = heads.head_of(desk, row("other.jsonl#0"))
    assert head is None
    assert note is not None
    assert "not in the landing zone" in note


def test_of_a_removed_document_nothing_is_read_though_the_landing_zone_has_it(tmp_path: Path) -> None:
    world = World(tmp_path / "world")
    world.put(DAYS[0], "feed.jsonl", [0, 10])
    desk, removed = world.desk(), row("feed.jsonl#0", Reject.REMOVED)

    assert {} == heads.heads_of(desk, [removed])
    head, note = heads.head_of(desk, removed)
    assert (None, True) == (head, "newsfold remove" in str(note))
    assert (None, note) == heads.told({removed["raw_ref"]: b"known"}, removed)
    assert {row("feed.jsonl#1")["raw_ref"]} == heads.heads_of(desk, [removed, row("feed.jsonl#1")]).keys()


def test_the_head_of_a_bad_line_ends_with_it(tmp_path: Path) -> None:
    """The next line is another document: it may have been removed."""
    world = World(tmp_path / "world")
    world.put(DAYS[0], "feed.jsonl", [0])
    path = world.root / "landing" / f"day={DAYS[0]}" / "feed.jsonl"
    path.write_bytes(b"{bad\n" + path.read_bytes())

    assert ("{bad", None) == heads.head_of(world.desk(), row("feed.jsonl#0", Reject.BAD_RECORD))


def test_bytes_that_are_no_text_are_shown_as_escapes() -> None:
    one = row("x")
    assert ("\\xff\\xfeA", None) == heads.told({one["raw_ref"]: b"\xff\xfeA"}, one)
    assert heads.told({one["raw_ref"]: None}, one)[1]
