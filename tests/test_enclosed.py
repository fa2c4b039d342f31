"""Stretches from a mark to its end are left out as a pattern would do it, in linear time."""

import re
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract import tree
from pipeline.text import charsets
from pipeline.text.enclosed import without_enclosed

PIECES = st.lists(
    st.sampled_from(
        [
            "<script ",
            "<SCRIPT>",
            "<style>",
            "</script>",
            "</Style >",
            "</style",
            "<!--",
            "-->",
            "<",
            ">",
            "&amp;",
            "&",
            ";",
            "a ",
        ]
    )
).map("".join)


@given(PIECES)
def test_markup_goes_as_by_one_pattern(text: str) -> None:
    pattern = rb"<(script|style)\b.*?</\1\s*>|<[^>]*>|&#?\w+;"

    found = without_enclosed(text.encode(), charsets._MARKUP, charsets._ENDS, b" ")

    assert re.sub(pattern, b" ", text.encode(), flags=re.IGNORECASE | re.DOTALL) == found


@given(PIECES)
def test_scripts_go_as_by_one_pattern(text: str) -> None:
    pattern = r"<(script|style)\b.*?</\1|<!--.*?-->"

    found = without_enclosed(text, tree._SCRIPT, tree._SCRIPT_ENDS, "")

    assert re.sub(pattern, "", text, flags=re.IGNORECASE | re.DOTALL) == found


class _Counting:
    """A pattern that counts how many characters its searches pass over."""

    def __init__(self, pattern: re.Pattern[str], passed: Counter[str]) -> None:
        self._pattern, self._passed = pattern, passed

    def search(self, text: str, at: int) -> re.Match[str] | None:
        found = self._pattern.search(text, at)
        self._passed["characters"] += (found.end() if found else len(text)) - at
        return found


@pytest.mark.parametrize("mark", ["<script ", "<!--", "<style x</script>", "<script <style <!--"])
def test_marks_that_never_close_are_looked_at_once(mark: str) -> None:
    passed: Counter[str] = Counter()
    opening: Any = _Counting(tree._SCRIPT, passed)
    ends: Any = {
        begin: tuple(_Counting(end, passed) for end in some) for begin, some in tree._SCRIPT_ENDS.items()
    }

    without_enclosed(mark * 1_000, opening, ends, "")

    assert passed["characters"] < 6 * 1_000 * len(mark)
