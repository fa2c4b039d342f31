"""What sources' files and archives call a language."""

import pytest

from pipeline.harvest.languages import code_of


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("de", "de"), ("de-AT", "de"), ("DE_de", "de"), ("deu", "de"), ("ger", "de"), ("deu_Latn", "de"),
        ("spa", "es"), ("por_Latn", "pt"), ("jpn", "ja"), ("cmn_Hani", "zh"), ("arb_Arab", "ar"), ("nds", "nds"),
    ],
)  # fmt: skip
def test_a_language_has_one_code_however_it_is_written(tag: str, code: str) -> None:
    assert code_of(tag) == code


@pytest.mark.parametrize("tag", ["", "und", "unknown", "x", None, 3, "e1"])
def test_what_names_no_language_has_none(tag: object) -> None:
    assert code_of(tag) is None
