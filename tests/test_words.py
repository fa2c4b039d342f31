"""Words that are looked up: what a text gives, and where each of them stands in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.search.words import pieces, placed, words
from pipeline.text import scripts
from tests.searched import SCRIPTS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Ferry's 2 decks", ["the", "ferry", "s", "2", "decks"]),
        ("東京都", ["東京", "京都", "都"]),
        ("都", ["都"]),
        ("2020年 東京 abc京", ["2020", "年", "東京", "京", "abc", "京"]),
        ("서울에서", ["서울", "울에", "에서", "서"]),
        ("हिन्दी", ["हिन्दी"]),
        ("قَرَأَ", ["قرأ"]),
        ("İstanbul STRASSE Straße", ["istanbul", "strasse", "strasse"]),
        ("soft\u00adhyphen ＷＩＤＥ", ["softhyphen", "wide"]),
        ('\0 "*" NEAR/2 ()', ["near", "2"]),
        ("", []),
    ],
)
def test_a_text_gives_folded_words_and_pairs_of_characters(text: str, expected: list[str]) -> None:
    assert expected == words(text)


def test_very_long_words_stay_different_and_become_short() -> None:
    one, other = words("w" * 5_000 + "a"), words("w" * 5_000 + "b")

    assert one != other
    assert len(one[0]) < 100


@given(st.text())
def test_a_word_has_no_sign_that_the_index_could_part_it_at(text: str) -> None:
    """FTS5's tokeniser parts at every character of ASCII that is no letter and no figure."""
    for word in words(text):
        assert word
        assert all(c.isalnum() or not c.isascii() for c in word)


@given(st.text())
def test_a_run_of_characters_gives_one_word_for_each(text: str) -> None:
    assert len(words(text)) == sum(len(one.text) if one.is_run else 1 for one in pieces(text))


@pytest.mark.parametrize("script", sorted(SCRIPTS))
def test_a_word_with_its_place_is_the_word_of_that_place(script: str) -> None:
    text = SCRIPTS[script][0]
    found = list(placed(text))

    assert words(text) == [word.form for word in found]
    for word in found:
        written = scripts.without_points(scripts.fold(text[word.start : word.end]))
        assert word.form in written, "a character that folds to two is shown whole"
        assert len(written) <= len(word.form) + 1
    assert [word.start for word in found] == sorted(word.start for word in found)


@given(st.text())
def test_places_lie_in_the_text(text: str) -> None:
    assert all(0 <= word.start < word.end <= len(text) for word in placed(text))
