"""The languages of many texts: what each has alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract import languages
from pipeline.text import language, language_model
from tests.test_language import SENTENCES

_TEXTS = list(SENTENCES.values())


def _alone(texts: list[str]) -> list[str | None]:
    return [language.identify(text, None) for text in texts]


def test_many_texts_have_the_languages_that_each_has_alone() -> None:
    """Also what is in capitals, in two languages, of no letters, or has words that the model takes for its own."""
    shouted = [text.upper() for text in _TEXTS]
    mixed = [f"{one * 2} {other}" for one in _TEXTS for other in _TEXTS[:6]]
    odd = ["", " ", "12:30", "A", "</s>", "__label__de und", f"{_TEXTS[0]} </s> {_TEXTS[1]}", "BBC N\0W"]
    texts = [*_TEXTS, *shouted, *mixed, *odd, *_TEXTS]

    assert languages.identify_all(texts) == _alone(texts)


def test_what_a_text_declares_counts_as_it_does_alone() -> None:
    """Where the model is in doubt, and where there is next to no text."""
    texts = [
        *_TEXTS,
        *(text[:30] for text in _TEXTS),
        *(["", "Berlin", "12:30", "Nei takk, jeg vil ikke ha det."] * 9),
    ]
    declared = [(None, "nb-NO", "en", "de_AT", "sv", "x", "hr", "fa")[n % 8] for n in range(len(texts))]

    told = languages.identify_all(texts, declared)

    assert told == [language.identify(text, stated) for text, stated in zip(texts, declared, strict=True)]
    assert told != languages.identify_all(texts)


_PARTS = st.sampled_from([word for text in _TEXTS for word in text.split()]) | st.text(max_size=8)


@given(st.lists(st.lists(_PARTS, max_size=40).map(" ".join), max_size=4), st.booleans())
def test_texts_of_any_words_have_the_languages_that_they_have_alone(
    texts: list[str], is_shouted: bool
) -> None:
    texts = [text.upper() if is_shouted else text for text in texts if text.isascii() or text.isprintable()]
    assert languages.identify_all(texts) == _alone(texts)


def test_few_texts_are_left_to_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only where the last digits of a probability could decide."""
    asked: list[str] = []
    known = language.likeliest
    monkeypatch.setattr(language, "likeliest", lambda text: asked.append(text) or known(text))

    languages.identify_all(_TEXTS)

    assert asked == []


def test_where_the_model_is_another_one_the_package_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language_model, "languages", lambda: None)

    assert languages.identify_all(_TEXTS) == list(SENTENCES)
