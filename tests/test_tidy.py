"""How a text is written down: clean, one paragraph a line."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract.tidy import tidy


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("a  b\u00a0c\u3000d \n\n  e", "a b c d\ne"),
        ("cafe\u0301", "café"),
        ("Bundes\u00adregierung\u200b \ufeffa\u200eb", "Bundesregierung ab"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("a\x00b\x07c\x85d\u2028e", "abc\nd\ne"),
        ("\ud83d lone \udc00 halves", "lone halves"),
        ("- one\n- two\n• three", "one\ntwo\nthree"),
        ("-5 degrees\n- \n–", "-5 degrees\n-\n–"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "a b\n1 2"),
        ("", ""),
        (" \n\t\n", ""),
    ],
)
def test_text_is_tidied(written: str, text: str) -> None:
    assert tidy(written) == text


@given(st.text(st.characters(exclude_categories=())))
@settings(max_examples=300)
def test_tidy_text_is_clean_and_stays_as_it_is(text: str) -> None:
    tidied = tidy(text)

    lines = tidied.split("\n")
    assert tidied.encode().decode() == tidied  # no half of a pair
    assert tidied == "" or all(line == " ".join(line.split()) != "" for line in lines)
    assert not any(ord(c) < 32 for c in tidied.replace("\n", ""))
    assert tidied.splitlines() == ([] if tidied == "" else lines)
