"""Controls among bytes."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.controls import n_controls


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=200))
def test_no_text_in_utf8_has_any(text: str) -> None:
    assert 0 == n_controls(text.encode())


def test_those_of_binary_content_are_counted_each_time() -> None:
    assert 4 == n_controls(b"\x01text\x01\x1f\x7f")


def test_what_lays_text_out_or_shifts_character_sets_is_none() -> None:
    """Tabs, line ends, NUL and escape, by which ISO-2022-JP shifts."""
    assert 0 == n_controls(b"\t\n\r\x0c\x00\x1b")
