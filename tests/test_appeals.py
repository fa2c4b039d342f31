"""Appeals: lines that ask the reader for something, and sentences that only speak of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text import appeals, scripts
from pipeline.text.appeals import appeal, pitches
from pipeline.text.line_kinds import LineKind


def look(line: str) -> LineKind | None:
    words = tuple(scripts.words(line.casefold()))
    return appeal(line, words, frozenset(words))


@pytest.mark.parametrize(
    "line",
    [
        "Sign up for our newsletter",
        "Subscribe to our newsletter and get the news of the day every morning",
        "Abonnieren Sie unseren Newsletter",
    ],
)
def test_a_line_that_asks_the_reader_is_an_appeal(line: str) -> None:
    assert look(line) is LineKind.APPEAL


@pytest.mark.parametrize(
    "line",
    [
        "The council approved the budget on Tuesday night after a debate of six hours.",
        "“Sign up for our newsletter,” the mayor joked when reporters asked for news.",
        "Thousands of readers wrote to the paper after the bridge was closed.",
    ],
)
def test_a_sentence_that_reports_is_none(line: str) -> None:
    """Also one that quotes an appeal and makes none itself."""
    assert look(line) is None


def test_a_quotation_alone_is_an_appeal_only_where_appeals_stand() -> None:
    assert look("“Subscribe to our newsletter") is LineKind.DOUBTFUL_APPEAL


def test_each_phrase_that_sells_is_kept_by_its_longest_word() -> None:
    """The rarest: a line without it is not looked at further."""
    for word, phrases in pitches().items():
        assert all(f" {word} " in pitch.phrase for pitch in phrases)
        assert all(len(other) <= len(word) for pitch in phrases for other in pitch.phrase.split())


_SOLD = sorted(pitch.phrase.strip() for listed in pitches().values() for pitch in listed)
_WORDS = st.sampled_from(
    sorted({word for phrase in _SOLD for word in phrase.split()} | appeals.asked_words())
)


@given(
    st.lists(_WORDS | st.sampled_from(_SOLD) | st.sampled_from(["mayor", "bridge"]), min_size=1, max_size=12)
)
def test_a_phrase_is_found_wherever_it_stands_and_nothing_else_is(parts: list[str]) -> None:
    """As a search for every phrase finds it, whatever other words are known."""
    words = tuple(" ".join(parts).split())
    line = f" {' '.join(words)} "
    is_there = any(f" {phrase} " in line for phrase in _SOLD)

    assert appeals.has_pitch(words, frozenset(words)) == is_there
    assert appeals.has_pitch(words, appeals.asked_words().intersection(words)) == is_there
