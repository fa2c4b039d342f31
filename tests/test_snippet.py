"""Snippets: a part of the text as it is written, in which what was looked up is marked as data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.search.query import parse
from pipeline.search.snippet import Part, snippet
from tests.searched import SCRIPTS

LONG = "Nothing happened here. " * 40


def marked(text: str, query: str) -> list[str]:
    return [part.text for part in snippet(text, parse(query)) if part.is_hit]


def whole(text: str, query: str) -> str:
    return "".join(part.text for part in snippet(text, parse(query)))


def test_the_words_are_marked_as_they_are_written() -> None:
    assert ["Straße", "STRASSE"] == marked("Die Straße, die STRASSE heißt.", "strasse")
    assert ["RAN  aground"] == marked("She RAN  aground, then ran.", '"ran aground"')
    assert ["東京"] == marked("今日、東京都で会見した。", "東京")
    assert ["京"] == marked("東京都", "京")


@pytest.mark.parametrize("script", sorted(SCRIPTS))
def test_each_script_is_marked_where_it_is_found_and_not_as_a_whole(script: str) -> None:
    text, found, _ = SCRIPTS[script]
    for query in found:
        assert marked(text, query), query
        assert len("".join(marked(text, query))) < len(text)


def test_the_part_with_most_of_the_words_is_shown() -> None:
    text = f"The ferry sailed. {LONG}The ferry lost its rudder off Landego. {LONG}"

    shown = whole(text, "ferry rudder landego")
    assert "lost its rudder off Landego" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(shown) < 400


def test_without_the_words_the_beginning_is_shown() -> None:
    assert whole(LONG, "absent").startswith("Nothing happened")
    assert [Part("short", False)] == snippet("short", parse("absent"))
    assert [] == snippet("", parse("absent"))


def test_a_megabyte_without_a_space_is_cut() -> None:
    assert len(whole("w" * 1_000_000, "absent")) < 400
    assert len(whole("ferry " + "w" * 1_000_000, "ferry")) < 400
    assert ["<b>ferry"[3:]] == marked("<b>ferry</b>", "ferry")


@given(
    st.text(st.sampled_from("ab 東京.\n<é"), max_size=600), st.text(st.sampled_from("ab 東京é"), max_size=8)
)
def test_a_snippet_is_a_part_of_the_text(text: str, query: str) -> None:
    shown = whole(text, query).strip("…")

    assert shown in text.replace("\n", " ")
