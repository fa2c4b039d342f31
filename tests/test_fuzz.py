"""Texts of all scripts through every stage after extraction: none is lost, none makes a stage raise, no day is lost.

A sample, the same each time; `python -m benchmarks.fuzz` runs a hundred thousand, with the whole list of every language.
"""

import unicodedata
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from benchmarks import fuzz
from pipeline.model.tables import ARTICLES
from pipeline.stories import rarity, stems, terms, vocabulary

SMALL = 600  # words of each language's short list
STEMMED_TO_NOTHING = ("el", "ta", "tr")  # whose stemmers take everything of some words


def without_lists(_language: str) -> tuple[pa.Array, np.ndarray]:
    """As a language without a list: every word is a term, and no list has to be read."""
    return pa.array([], pa.string()), np.zeros(0)


@pytest.fixture(scope="module")
def words() -> dict[str, list[str]]:
    """Some words of each language's short list, and all of those of which a stemmer leaves nothing."""
    found = {}
    for language in fuzz.languages():
        small = fuzz.listed(language, "small")
        found[language] = small[:: len(small) // SMALL + 1]
    return {
        one: [*found[one], *of_no_stem(one)] if one in STEMMED_TO_NOTHING else found[one] for one in found
    }


def of_no_stem(language: str) -> list[str]:
    stemmer = stems.stemmer(language)
    every = fuzz.listed(language)
    return [w for w, stem in zip(every, stemmer.stemWords(every), strict=True) if not stem]


@pytest.mark.long
def test_no_text_of_any_script_is_lost(
    tmp_path: Path, words: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two days, of which the second reads the first: each run of 128 code points that has characters is among them."""
    monkeypatch.setattr(rarity, "frequency_list", without_lists)
    monkeypatch.setattr(fuzz, "DAY_TEXTS", 2 * len(fuzz.runs()))

    found = fuzz.feed(fuzz.desk(tmp_path, 2), 4 * len(fuzz.runs()), 1, words)

    assert (0, 0, 0) == (found["lost"], found["faults"], found["days lost"])
    assert 0.95 * found["texts"] < found["articles"]


def test_the_runs_have_every_character_but_private_ones() -> None:
    every = {c for c in map(chr, range(0x110000)) if unicodedata.category(c) not in {"Cn", "Cs", "Co"}}

    assert every <= set("".join(fuzz.runs()))


def test_the_texts_go_through_all_of_the_lists_and_phrases() -> None:
    """In turn: enough texts have every word; the same seed gives the same texts."""
    lists = {"en": [f"e{n}" for n in range(450)], "el": ["ιστός"], "ta": ["பற்றி"]}
    rows = list(islice(fuzz.documents(1, lists), 1_500))
    seen = set(" ".join(row["text"] for row in rows).replace(".", "").casefold().split())

    assert {word.casefold() for some in lists.values() for word in some} <= seen
    assert all(any(phrase in row["text"] for row in rows) for phrase in fuzz.phrases()[:1_000:50])
    assert rows[:40] == list(islice(fuzz.documents(1, lists), 40))


def every_word() -> Iterator[tuple[str, str]]:
    for language in STEMMED_TO_NOTHING:
        yield from ((language, word) for word in fuzz.listed(language))
    yield from ((language, mark) for language in stems.LANGUAGES for mark in "\u0301\u0336\u0361")


def test_a_word_of_which_the_stemmer_leaves_nothing_is_a_term_of_its_own() -> None:
    """Whole lists of the languages in which that happens, and words that are but a mark."""
    bare = [
        (language, word)
        for language, word in every_word()
        if not vocabulary.key_of(word.casefold(), language)
    ]
    emptied = {language: of_no_stem(language) for language in STEMMED_TO_NOTHING}

    assert [] == bare
    assert all(len(some) >= 4 for some in emptied.values())  # else nothing is shown
    for language, some in emptied.items():
        assert len(some) == len({vocabulary.key_of(word, language) for word in some})


@pytest.mark.parametrize("language", STEMMED_TO_NOTHING)
def test_an_article_may_consist_of_such_words(language: str) -> None:
    """In its headline, too: the first of them took a whole day with it."""
    some = of_no_stem(language)
    rows = [
        {
            "article_id": f"{fuzz.FIRST:%Y%m%d}{n:024x}",
            "ingest_date": fuzz.FIRST,
            "published_at": None,
            "published_precision": None,
            "language": language,
            "title": f"Abc {word.capitalize()} {word}",
            "text": f"{word} {' '.join(some)}.",
        }
        for n, word in enumerate(some)
    ]
    schema = pa.schema([ARTICLES.schema.field(n) for n in rows[0]])

    found = terms.weigh(pa.Table.from_pylist(rows, schema=schema))

    assert len(some) == found.num_rows
    assert all(len(row["terms"]) > 1 and row["keywords"] for row in found.to_pylist())
