"""Queries: what is a phrase, and that nothing is an operator."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.errors import SettingsError
from pipeline.search.query import MOST_CHARACTERS, Phrase, parse, spelt
from pipeline.search.words import placed, words
from tests.searched import SCRIPTS, stands_in


def said(text: str) -> str:
    return spelt(words(text))


@pytest.mark.parametrize(
    ("written", "match"),
    [
        ("ferry aground", '"aground" AND "ferry"'),
        ("ferry Ferry FERRY", '"ferry"'),
        ('"ran aground" ferry', '"ferry" AND "ran aground"'),
        ("“ran aground” «off Landego»", '"off landego" AND "ran aground"'),
        ("covid-19 O'Neill", '"covid 19" AND "o neill"'),
        ("東京都 京", '"京"* AND "東京 京都"'),
        ('"東京 大学"', '"東京 京 大学"'),
        ('"unbalanced phrase', '"phrase" AND "unbalanced"'),
        (
            "title:x NEAR(a b) OR NOT * ^ -c",
            '"a" AND "b" AND "c" AND "near" AND "not" AND "or" AND "title x"',
        ),
        ('"" "!" *', ""),
    ],
)
def test_words_must_all_occur_and_signs_only_part_them(written: str, match: str) -> None:
    assert sorted(match.split(" AND ")) == sorted(
        parse(written.replace("NEAR(a", "NEAR (a")).match().split(" AND ")
    )


@pytest.mark.parametrize("script", sorted(SCRIPTS))
def test_a_text_is_found_by_its_words_and_not_by_what_looks_alike(script: str) -> None:
    text, found, others = SCRIPTS[script]

    assert [] == [query for query in found if not stands_in(query, text)]
    assert [] == [query for query in others if stands_in(query, text)]


@given(st.lists(st.sampled_from("abc東京都서울กา 1"), max_size=12), st.integers(0, 12), st.integers(0, 12))
def test_a_part_of_an_unspaced_text_is_found_in_it(letters: list[str], start: int, stop: int) -> None:
    """Cut between runs or inside them: a run of characters is found by any part of it."""
    text = "".join(letters)
    part = "".join(letters[start:stop]).strip()
    is_cut = any(
        0 < at < len(text) and text[at - 1] in "abc1" and text[at] in "abc1"
        for at in (start, max(start, stop))
    )
    query = f'"{part}"'

    assert is_cut or not parse(query).phrases or stands_in(query, text)


# Without brackets: a reading in kana in brackets after a Han word is no word of the text.
_SAID = st.text(st.characters(categories=["L", "M", "Nd", "Zs", "Po"]), max_size=60)


@given(st.text(max_size=MOST_CHARACTERS))
def test_any_text_is_a_query(written: str) -> None:
    assert len(parse(written).match()) < 10 * MOST_CHARACTERS


@given(_SAID, _SAID)
def test_any_query_finds_the_text_that_it_is(written: str, other: str) -> None:
    assert not parse(written).phrases or stands_in(written, f"{other}\n{written}\n", written)


def test_places_are_where_the_phrase_stands() -> None:
    text = "Die Fähre lief auf Grund. Auf Grund der Flut …"
    (phrase,) = parse('"auf Grund"').phrases

    assert ["auf Grund", "Auf Grund"] == [text[a:b] for a, b in phrase.places(list(placed(text)))]
    assert 2 == phrase.n_in(said(text))


def test_a_longer_query_is_refused_in_a_sentence() -> None:
    with pytest.raises(SettingsError, match="at most 1,000 characters"):
        parse("a" * (MOST_CHARACTERS + 1))


def test_a_quotation_mark_inside_a_phrase_stays_inside() -> None:
    assert '"a""b"' == Phrase(('a"b',)).match()
