"""Words of texts: tokens, and what is known of each word as it is written."""

import re

from hypothesis import given
from hypothesis import strategies as st

from pipeline.stories import vocabulary
from pipeline.stories.vocabulary import Book
from pipeline.text import scripts


def test_a_token_tells_whether_another_word_follows_it_directly() -> None:
    """One space is between the words of a name; a comma, a line or two spaces part them."""
    tokens = vocabulary.tokens_of("Mara Lind, of Kestrel\nBay  said 38,861 voted.")

    assert ["Mara ", "Lind", "of ", "Kestrel", "Bay", "said ", "38,861 ", "voted"] == tokens


@given(st.from_regex(r"[A-Za-z]{1,12}", fullmatch=True), st.sampled_from(["en", "de", "tr", "xx", ""]))
def test_plain_letters_are_the_word_that_every_other_script_gives(written: str, language: str) -> None:
    """The short way for plain letters: as written, folded, and by its stem."""
    (word,) = Book(language)[written]

    assert (written, scripts.folded_word(written)) == (word.form, word.folded)
    assert (written[0].isupper(), vocabulary.key_of(word.folded, language)) == (word.capital, word.key)


@given(st.text(st.sampled_from("ab Éж'’12.,\n_-"), max_size=60))
def test_tokens_are_the_written_words(text: str) -> None:
    """The same that `written` finds, each once more with its mark."""
    tokens = vocabulary.tokens_of(vocabulary.readable(text, "en"))

    assert vocabulary.written(text, "en") == [token.removesuffix(vocabulary.FOLLOWED) for token in tokens]


def test_a_word_is_looked_at_once() -> None:
    """A book has one object for all its occurrences."""
    book = Book("en")

    assert book.words("The estuary")[1] is book.words("estuary granite")[0]


def test_shapes_of_words_are_those_of_the_standard_library_and_of_the_pinned_tables() -> None:
    """The two ways to find tokens agree on what both know."""
    text = "It's 5th, 38,861 or 12.5 in Kestrel_Bay, l’élection; жить."

    assert vocabulary._COMMON_TOKEN.findall(text) == vocabulary._EVERY_TOKEN.findall(text)
    assert isinstance(vocabulary._COMMON_TOKEN, re.Pattern)


_WRITTEN = "6,270 3.5 A320 12a 1_b don't 'tis _ to Rome 4 . , x.y 5."
_PARTS = st.sampled_from([*_WRITTEN.split(" "), " ", "\n"])


@given(st.lists(_PARTS | st.text(st.characters(max_codepoint=127), max_size=4)).map("".join))
def test_forms_of_ascii_are_those_that_the_pattern_finds(text: str) -> None:
    blanked = vocabulary.figures.blank(text, "en")
    assert vocabulary.written(text, "en") == vocabulary._COMMON_FORM.findall(blanked)
