"""Matching lines with phrases: the longest at the start, the sign behind it, and words as they are compared."""

import pytest

from pipeline.text import matching


def test_the_longest_phrase_at_the_start_of_a_line_counts() -> None:
    table = frozenset(["read", "read more", "More Read"])

    assert 2 == matching.opening(("read", "more", "news"), table)
    assert 1 == matching.opening(("read", "on"), table)
    assert 2 == matching.opening(("more", "read"), table), "a phrase is compared case-folded"
    assert 0 == matching.opening(("news", "read", "more"), table)


def test_a_phrase_is_compared_by_its_words_whatever_stands_between_them() -> None:
    assert {"sign up now", "strasse"} == matching.phrases(frozenset(["Sign-up  now!", "Straße"]))


@pytest.mark.parametrize(
    ("line", "n_words", "mark"),
    [
        ("Read more: the floods", 2, ":"),
        ("“Photo”: Ana", 1, ":"),
        ("Photo", 1, ""),
        ("Photo by Ana", 1, "b"),
        ("Why? | Politics", 1, "|"),
    ],
)
def test_the_sign_behind_some_words_is_found_past_spaces_and_quotation_marks(
    line: str, n_words: int, mark: str
) -> None:
    assert mark == matching.mark_after(line, n_words)


def test_words_are_counted_in_scripts_without_spaces_too() -> None:
    """Two characters are about a word; a line of both scripts has the larger count."""
    assert 4 == matching.count_words("市议会通过预算", 1) + 1
    assert 5 == matching.count_words("five words and 市", 5)


def test_folded_words_are_in_the_form_of_the_words_of_a_line() -> None:
    folded = matching.folded_words()

    assert folded.calls
    assert all(word == word.casefold() for word in folded.calls | folded.before_agencies)
