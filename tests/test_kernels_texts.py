"""Compiled tokens and marks against the definition in plain Python."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.kernels.texts import NAME, NUMBER, QUOTED
from pipeline.text import tokens
from tests.readings import TEXTS, read


def marks(text: str) -> dict[str, int]:
    """What each token of a text is."""
    return dict(zip(tokens.tokenise(text), read(text).tokens.marks.tolist(), strict=True))


@settings(deadline=None, max_examples=100)
@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_tokens_are_those_of_the_definition(texts: list[str]) -> None:
    """One after the other, each text from its end of the one before."""
    found = read(*texts)

    for n, text in enumerate(texts):
        first, last = found.tokens.ends[n : n + 2]
        expected = [tokens._token_hash(token) for token in tokens.tokenise(text)]
        assert expected == found.tokens.hashes[first:last].tolist()


def test_a_word_that_begins_with_a_digit_is_a_number_and_one_with_a_capital_a_name() -> None:
    found = marks("the river Lenne rose by 12 metres near 3rd street")

    assert {"lenne": NAME, "12": NUMBER, "3rd": NUMBER} == {
        token: mark for token, mark in found.items() if mark
    }


@pytest.mark.parametrize("before", ["", "it rose. ", "it rose! ", "he said: ", "it rose\n", "he said “"])
def test_a_capital_that_opens_a_sentence_says_nothing(before: str) -> None:
    assert not marks(f"{before}Water stood")["water"] & NAME


@pytest.mark.parametrize(
    "quotation",
    ["“the dam holds”", "„the dam holds“", "»the dam holds«", '"the dam holds"', "「the dam holds」"],
)
def test_what_stands_between_quotation_marks_is_quoted(quotation: str) -> None:
    """Whichever marks a language opens and closes with."""
    found = marks(f"she said {quotation} yesterday")

    assert {"the", "dam", "holds"} == {token for token, mark in found.items() if mark & QUOTED}


def test_a_quotation_that_is_not_closed_ends_with_its_line() -> None:
    assert {"the", "dam"} == {
        token for token, mark in marks("said “the dam\nholds yet").items() if mark & QUOTED
    }
