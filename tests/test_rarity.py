"""How rare a word is: from a frequency list where a language has one, by length and kind where not."""

import pytest

from pipeline.stories import rarity
from pipeline.stories.rarity import cut_grams, rarities_of


def test_a_word_is_the_rarer_the_seldomer_its_language_has_it() -> None:
    found = rarities_of("en", ["the", "city", "council", "reservoir", "qzxv"])

    assert sorted(found.values()) == list(found.values())
    assert found["the"] <= 0 < found["city"]
    assert rarity.UNKNOWN == found["qzxv"]


def test_years_stand_in_every_other_text_and_other_numbers_do_not() -> None:
    found = rarities_of("xx", ["2026", "4173", "7", "3.5"])

    assert rarity.YEAR == found["2026"]
    assert found["7"] < found["2026"] < found["4173"] == found["3.5"]


def test_without_a_list_long_words_are_rarer_than_short_ones() -> None:
    found = rarities_of("xx", ["ab", "abcdef", "abcdefghijkl", "abcdefghijklmnop"])

    assert sorted(found.values()) == list(found.values())
    assert found["abcdefghijkl"] == found["abcdefghijklmnop"], "no longer words were measured"


@pytest.mark.parametrize(("language", "listed_as"), [("nn", "nb"), ("hr", "sh"), ("tl", "fil")])
def test_a_language_without_a_list_of_its_own_has_that_of_a_near_one(language: str, listed_as: str) -> None:
    words = [word.as_py() for word in rarity.frequency_list(listed_as)[0][:50]]

    assert rarities_of(language, words) == rarities_of(listed_as, words)


def test_of_grams_only_those_that_are_words_say_something_to_a_reader() -> None:
    assert {"京天"} == cut_grams("zh", ["北京", "京天", "天气", "abc"])
    assert set() == cut_grams("en", ["北京", "京天"]), "a language that is not cut into grams has none"
