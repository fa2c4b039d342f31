"""Cursors: what was spelt is read again, and nothing else is."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.explorer import paging
from pipeline.model.errors import SettingsError


@given(st.integers(0, 2**61), st.text("0123456789abcdef", min_size=32, max_size=32))
def test_a_cursor_holds_the_key_of_the_last_row(rank: int, story_id: str) -> None:
    cursor = paging.spell((rank, story_id))

    assert [rank, story_id] == paging.parse(cursor, (int, str))
    assert cursor.isascii()
    assert not set(cursor) & set("+/=&?#")


@given(st.text(max_size=600))
def test_anything_else_is_refused_in_words(text: str) -> None:
    if not text:
        assert paging.parse(text, (int, str)) is None
        return
    try:
        found = paging.parse(text, (int, str))
    except SettingsError as error:
        assert str(error).startswith("cursor")  # noqa: PT017 - some texts are cursors
    else:
        assert found is None or [int, str] == [type(one) for one in found]


@pytest.mark.parametrize(
    "key", [(True, "a"), (2**70, "a"), (1.5, "a"), ("1", "a"), (1,), (1, "a", 2), (1, "\ud800")]
)
def test_a_key_of_another_list_is_refused(key: tuple[Any, ...]) -> None:
    with pytest.raises(SettingsError):
        paging.parse(paging.spell(key), (int, str))
