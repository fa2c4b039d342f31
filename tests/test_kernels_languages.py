"""The likeliest languages of texts, against the package whose model it is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.kernels import languages
from pipeline.text import language, language_model
from tests.test_language import SENTENCES

_KNOWN = language_model.languages()
_CLOSE = 1e-5  # of a probability; the last digits are the processor's


def _tell(texts: list[str]) -> list[tuple[str, float, float]]:
    assert _KNOWN is not None
    contents = [text.encode() for text in texts]
    ends = np.cumsum([0, *map(len, contents)])
    told = languages.tell(np.frombuffer(b"".join(contents), np.uint8), ends, _KNOWN.model)
    return [(_KNOWN.codes[leaf], score, second) for leaf, score, second in zip(*told, strict=True)]


def _is_as_the_package_says(text: str, told: tuple[str, float, float]) -> bool:
    best, (code, score, second) = language.likeliest(text), told
    return abs(best.score - score) < _CLOSE and (code == best.code or score - second < _CLOSE)


def test_each_text_has_the_language_and_the_probability_that_the_package_says() -> None:
    texts = [*SENTENCES.values(), " ".join(SENTENCES.values()), "", "a"]

    for text, told in zip(texts, _tell(texts), strict=True):
        assert _is_as_the_package_says(text, told), text


def test_the_next_likeliest_is_told() -> None:
    """The two have the same probability in no text of one language."""
    assert _KNOWN is not None
    detector = language._model()
    for text in SENTENCES.values():
        found = detector.detect(text, model="lite", k=2)
        (told,) = _tell([text])
        assert told[2] == pytest.approx(found[1]["score"] if len(found) > 1 else 0, abs=_CLOSE)


_WORDS = st.text(st.characters(exclude_categories=("Cs", "Z", "Cc")), min_size=1, max_size=12).map(str.lower)
_KNOWN_WORDS = st.sampled_from(sorted({word for text in SENTENCES.values() for word in text.split()}))


@given(st.lists(st.lists(_WORDS | _KNOWN_WORDS, max_size=30).map(" ".join), max_size=5))
def test_words_of_any_script_say_what_they_say_to_the_package(texts: list[str]) -> None:
    for text, told in zip(texts, _tell(texts), strict=True):
        if "</s>" not in text and "__label__" not in text:
            assert _is_as_the_package_says(text, told), text
