"""Words of many texts at once: what `vocabulary` says of each."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.kernels.cutting import Cut
from pipeline.stories import spelling
from pipeline.stories.vocabulary import Book, Word
from tests.plain_terms import look_up

WORDS = (
    "Kestrels",
    "ferry",
    "the",
    "don't",
    "Marn's",
    "6.8",
    "38,861",
    "Erdoğan'ın",
    "東京都",
    "한국어",
    "ё",
    "ﷺ",
    "x_y",
    "_",
)
DRAWN = st.lists(st.sampled_from(WORDS) | st.from_regex(r"[A-Za-z]{1,9}", fullmatch=True), max_size=12)


@settings(max_examples=100, deadline=None)
@given(DRAWN, st.sampled_from(["en", "de", "tr", "zh", "xx", ""]))
def test_a_token_has_the_words_that_a_book_has_of_it(drawn: list[str], language: str) -> None:
    """In any language: forms, keys, capitals, rarities, and whether a gram is a word."""
    found, named = spelling.cut([" ".join(drawn), "Of another"], [language, "fr"])
    words, firsts, sizes = spelling.spell(found, named)
    spelt = list(zip(words.forms, words.keys, words.capital, words.rarities, words.is_word, strict=True))

    made = [spelt[first : first + size] for first, size in zip(firsts.tolist(), sizes.tolist(), strict=True)]

    assert _told(_distinct(found, language), language) + _told(["Of", "another"], "fr") == made


def _distinct(found: Cut, language: str) -> list[str]:
    letters, ends = found.letters.tobytes(), found.letter_ends.tolist()
    own = [letters[one:two].decode() for one, two in pairwise(ends)]
    return (
        own[: int((found.languages == found.languages[0]).sum())] if len(found.ends) and found.ends[1] else []
    )


def _told(tokens: list[str], language: str) -> list[list[tuple[object, ...]]]:
    book = Book(language)
    words = [book[token] for token in tokens]
    look_up(book)
    return [[_columns(word) for word in its] for its in words]


def _columns(word: Word) -> tuple[object, ...]:
    return word.form, word.key, word.capital, word.rarity, word.is_word


def test_words_of_plain_letters_need_no_pattern() -> None:
    """One word each, with its stem, whichever token came first."""
    found, named = spelling.cut(["6.8 Kestrels don't"], ["en"])
    words, firsts, sizes = spelling.spell(found, named)

    assert [1, 1, 0] == sizes.tolist()
    assert ["Kestrels", "6.8"] == words.forms
    assert ["kestrel", "6.8"] == words.keys
    assert [1, 0] == firsts.tolist()[:2]
