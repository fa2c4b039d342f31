"""Stems: forms of one word meet, in languages with a stemmer and in others."""

import pytest

from pipeline.stories.stems import LANGUAGES, stem, stemmer, stems


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "bridges", "bridge"),
        ("de", "brücken", "brücke"),
        ("fr", "ponts", "pont"),
        ("ru", "мосты", "моста"),
        ("nb", "broene", "broen"),
        ("hr", "mostova", "mostovi"),
    ],
)
def test_inflected_forms_have_one_stem(language: str, one: str, other: str) -> None:
    """Also in a language that has no stemmer of its own and borrows that of a near one."""
    assert stem(one, language) == stem(other, language)


@pytest.mark.parametrize(
    ("language", "written", "plain"),
    [("tr", "erdoğan", "erdogan"), ("es", "peña", "pena"), ("xx", "ёлка", "елка")],
)
def test_accents_that_some_outlets_leave_out_part_no_word(language: str, written: str, plain: str) -> None:
    assert stem(written, language) == stem(plain, language)


def test_in_vietnamese_accents_tell_words_apart() -> None:
    assert stem("má", "vi") != stem("ma", "vi")


def test_every_language_that_is_named_has_a_stemmer() -> None:
    assert all(stemmer(language) for language in LANGUAGES)
    assert stemmer("xx") is None


@pytest.mark.parametrize("language", ["en", "de", "tr", "hr", "xx"])
def test_many_words_have_the_stems_that_each_has(language: str) -> None:
    words = ["bridges", "brücken", "erdoğan", "the", "", "mostova"]

    assert [stem(word, language) for word in words] == stems(words, language)
