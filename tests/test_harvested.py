"""What a harvest knows of a page, as it is kept and read again."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.harvested import Harvested, read_harvested
from pipeline.model.kinds import Precision

_TEXT = st.none() | st.text(st.characters(codec="utf-8"), max_size=9)


@given(st.builds(Harvested, kind=st.text(st.characters(codec="utf-8"), max_size=9), outlet=_TEXT, title=_TEXT, guid=_TEXT, flags=st.lists(st.just("future"), max_size=2).map(tuple)))  # fmt: skip
def test_what_was_kept_is_read_again(known: Harvested) -> None:
    assert read_harvested(known.as_json()) == known


def test_what_is_not_known_takes_no_bytes() -> None:
    assert Harvested().as_json() == b'{"kind":"page"}'


@given(st.binary(max_size=60))
def test_any_bytes_are_something_known_or_nothing(block: bytes) -> None:
    found = read_harvested(block)
    assert found is None or isinstance(found, Harvested)


def test_other_types_and_names_are_passed_over() -> None:
    assert read_harvested(b'{"title": 3, "outlet": "a", "flags": "x", "later": "y"}') == Harvested(outlet="a")
    assert read_harvested(b'["title"]') is None
    assert read_harvested(b"[" * 100_000) is None


def test_a_moment_needs_its_precision_and_its_zone() -> None:
    eight = "2026-03-05T08:00:00+00:00"
    assert Harvested(published_at=eight, precision="minute").moment == (
        datetime(2026, 3, 5, 8, tzinfo=UTC),
        Precision.MINUTE,
    )
    for known in (Harvested(published_at=eight), Harvested(precision="day"), Harvested(published_at="soon", precision="day"), Harvested(published_at="2026-03-05T08:00:00", precision="day")):  # fmt: skip
        assert known.moment is None
