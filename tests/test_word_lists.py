"""Words by rarity: the lists of the package, which is not loaded."""

import subprocess
import sys

import pytest
import wordfreq

from pipeline.text import word_lists
from pipeline.text.word_lists import LARGE, SMALL, words_by_rarity


@pytest.mark.parametrize("language", ["en", "bn", "is"])
def test_the_larger_list_of_a_language_is_the_one_that_the_package_takes(language: str) -> None:
    assert words_by_rarity(language) == wordfreq.get_frequency_list(language)


def test_every_language_has_the_lists_that_the_package_has() -> None:
    for size in (SMALL, LARGE):
        known = wordfreq.available_languages(size)
        assert all(words_by_rarity(language, (size,)) for language in known)
        assert not words_by_rarity("xx", (size,))


def test_without_any_list_no_word_counts_as_rare(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_lists, "_PACKAGE", "no_such_package")
    word_lists._files.cache_clear()

    with pytest.raises(FileNotFoundError, match="no_such_package is not installed, or without its lists"):
        words_by_rarity("en")


def test_a_list_is_read_without_the_package() -> None:
    code = (
        "import sys; from pipeline.stories.rarity import rarities_of;"
        "print(rarities_of('en', ['city']), 'wordfreq' in sys.modules, 'langcodes' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert found.stdout.endswith("} False False\n")
