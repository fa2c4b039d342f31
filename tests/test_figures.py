"""Figures that say nothing of an event are blanked; those that identify stay."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.stories import figures
from pipeline.stories.figures import blank
from tests.test_terms import named


@pytest.mark.parametrize(
    "text",
    [
        "22/10", "22/10/2025", "22.10.2025", "2025-10-22", "8 / 2 / 25", "10-12 October", "2025-10-22T17:52:10",
        "October 22", "Oct. 22", "October 22nd", "22nd of October", "22 October", "22. Oktober", "22 de octubre", "1er octobre",
        "le 3 d’octobre", "22 октября", "22-го октября", "22 أكتوبر", "22 अक्टूबर", "22 ตุลาคม", "10月22日", "10월 22일",
        "17:52", "17:52:09", "9:30-10:15", "20.15 Uhr", "8 p.m.", "14h30", "午後3時20分", "오전 11시",
        "112-98", "21:19", "10–12 March",
    ],
)  # fmt: skip
def test_dates_times_and_results_are_blanked(text: str) -> None:
    """In any language, where it is not known which one a text is in."""
    assert not any(map(str.isdigit, blank(text).replace("2025", ""))), blank(text)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("18 out of 20", "en"), ("At least 14 set fires", "en"), ("11 led to prison", "en"), ("8 pro riders fell", "en"),
        ("the 31 ago 12 left", "en"), ("they set 14 fires", "en"), ("led 11 out, 12 of them hurt", "en"), ("12 lip balms", "en"),
        ("12 Sie kamen", "de"), ("11 sett, set 12", "no"), ("17 dis que", "fr"), ("Für 12 Mag und 14 Lis", "de"), ("18 mar", "ru"),
        ("At least 12 may have died", "en"), ("some 30 march on", "en"), ("hlasovalo 18 pro", "cs"), ("8 may, 9 may not", None),
    ],
)  # fmt: skip
def test_a_word_that_is_a_month_elsewhere_or_with_a_capital_leaves_a_figure(
    text: str, language: str | None
) -> None:
    assert text == blank(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("22 out", "pt"), ("em 22 de out", "pt"), ("11. led", "cs"), ("14 set", "it"), ("ago 11", "es"), ("Oct. 22", "en"),
        ("22 out 2025", "en"), ("22 de out de 2025", "en"), ("set. 14, 2025", "en"), ("le 22 octobre", "en"), ("22 октября", "en"),
        ("22 set", "ca"), ("22 maj", "sv"), ("9 мая", "ru"),
        ("12 May", "en"), ("MAY 12", "en"), ("12 may 2025", "en"), ("march 9, 2025", "en"), ("12 mars", "fr"), ("12 mar", "es"),
    ],
)  # fmt: skip
def test_a_short_month_is_one_in_its_language_or_beside_a_year(text: str, language: str) -> None:
    """So are long names anywhere, and all names in a language whose months nobody told."""
    assert not any(map(str.isdigit, blank(text, language).replace("2025", ""))), blank(text, language)


@pytest.mark.parametrize(
    "text",
    [
        "38,861 votes", "a quake of magnitude 6.8", "1.250.000 Euro", "Boeing 737", "12 dead, 40 missing", "in 2025, 12 people",
        "10 Downing Street", "34 marchers", "Article 50", "100 million", "12人が死亡", "5G", "May God",
    ],
)  # fmt: skip
def test_figures_that_identify_stay(text: str) -> None:
    assert text == blank(text)


def test_a_row_of_a_table_has_no_rare_numbers() -> None:
    """A line of figures is a row of a table; a sentence with as many is none."""
    table = "Kestrel Bay 12 34 45 56\nUpper Marn 10.2 11.5 22.6 33"
    said = "Of 412 boats 35 sank, 61 were damaged and 7 are missing, while the crews of 90 others were saved"

    assert not any(map(str.isdigit, blank(table)))
    assert said == blank(said)


def test_blanks_are_as_long_as_what_was_there() -> None:
    text = "Am 22. Oktober um 17:52 kamen 38,861 Leute, am 23/10 keine"

    assert len(text) == len(blank(text))


def test_two_texts_do_not_meet_in_a_date() -> None:
    """The date and the hour are no terms; a toll and a year are."""
    terms = named("On 22/10 at 17:52 the toll in Kestrel Bay stood at 317, as in 2019.")

    assert {"317", "2019"} <= terms.keys()
    assert not {"22", "10", "17", "52"} & terms.keys()


def test_tolls_beside_a_short_word_tell_twin_events_apart() -> None:
    """In a text whose language is known they are terms."""
    terms = named("Rescuers carried 18 out of the mine at Orlin, and 14 led dogs through the shaft.")

    assert {"18", "14"} <= terms.keys()


def test_names_with_figures_in_them_make_no_line_a_row() -> None:
    line = "boat1x0 and ferry2 left quay3 with A320, B737, F16 and F35"

    assert line == blank(line)


FIGURES = st.text(st.sampled_from("0123456789.,:/-–h \nax_²٣"), max_size=60)


@given(FIGURES)
def test_figures_are_found_as_the_plain_pattern_finds_them(text: str) -> None:
    """It is written so that the standard library is quick with it."""
    plain = re.compile(figures._RUN.pattern.replace(r"\d\d*", r"\d+", 1))

    assert plain.findall(text) == figures._RUN.findall(text)


@given(FIGURES)
def test_no_line_has_more_figures_than_runs_of_digits(line: str) -> None:
    """So that a line with few of these is no row of a table."""
    assert len(figures._FIGURE.findall(line)) <= len(figures._DIGITS.findall(line))
