"""Tokens found by compiled loops: those that the patterns find."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.stories import spelling, vocabulary
from pipeline.stories.vocabulary import FOLLOWED

NEAR = "ab Éж'’12.,\n_- 東京가ªµ٣\u0301\u00ad😀"
TEXTS = st.lists(st.text(st.sampled_from(NEAR), max_size=60) | st.text(max_size=20), max_size=6)
LANGUAGES = st.sampled_from(["en", "tr", ""])


def tokens(texts: list[str], languages: list[str]) -> list[list[str]]:
    """The tokens of each text, as `vocabulary.tokens_of` writes them."""
    found, _ = spelling.cut(texts, languages)
    ends, letters = found.letter_ends.tolist(), found.letters.tobytes()
    spelt = [letters[one:two].decode() for one, two in pairwise(ends)]
    every = [
        spelt[n] + FOLLOWED * followed
        for n, followed in zip(found.tokens.tolist(), found.followed.tolist(), strict=True)
    ]
    ends = found.ends.tolist()
    return [every[one:two] for one, two in pairwise(ends)]


@settings(max_examples=300, deadline=None)
@given(TEXTS, LANGUAGES)
def test_any_texts_have_the_tokens_that_the_patterns_find(texts: list[str], language: str) -> None:
    """Of every script, many at once."""
    expected = [vocabulary.tokens_of(vocabulary.readable(text, language)) for text in texts]

    assert expected == tokens(texts, [language] * len(texts))


def test_a_number_before_a_letter_gives_back_what_the_pattern_gives_back() -> None:
    """A digit or, where it was the only one, the mark before it: what is left of it is another token."""
    text = "12a 12_a, 2.55b 7.5c (5th) 1.2.3x"

    assert [["1", "2a ", "12", "_a", "2.5", "5b ", "7", "5c", "5th", "1.2", "3x"]] == tokens([text], ["en"])
    assert [vocabulary.tokens_of(text)] == tokens([text], ["en"])


def test_each_token_of_a_language_is_there_once() -> None:
    """In the order in which they come first; the same letters in another language are another token."""
    found, named = spelling.cut(["one two one", "two", "two"], ["en", "en", "fr"])

    assert [0, 1, 0, 1, 2] == found.tokens.tolist()
    assert [True, True, False, False, False] == found.followed.tolist()
    assert ["en", "en", "fr"] == [named[n] for n in found.languages.tolist()]
    assert b"onetwotwo" == found.letters.tobytes()


def test_only_the_first_tokens_are_read() -> None:
    """Four hundred of each text."""
    assert [["a "] * vocabulary.READ_TOKENS] * 2 == tokens(["a " * 900, "a " * 401], ["en", "en"])


def test_no_texts_have_no_tokens() -> None:
    assert [] == tokens([], [])
    assert [[], []] == tokens(["", "…"], ["en", "en"])
