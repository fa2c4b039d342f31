"""Stamps: what a site writes of itself into a text goes, what the news says stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.stamps import without_stamps

NEWS = "The council met and 12 of its members voted for the bridge."


@pytest.mark.parametrize(
    "line",
    [
        "Published: 28/03/2026, 10:47",
        "Updated March 23, 2026 5:54 PM",
        "29 comments",
        "Call the desk: 020 118 22",
        "Aktualisiert am 03.05.2024, 10:22 Uhr",
        "Обновлено 12.03.2026 в 10:20",
        "Publié le 12/03/2026 à 10:20 Mis à jour le 13/03/2026 à 9:00",
        "最終更新 2024年5月3日 10時22分",
    ],
)
def test_a_line_of_the_site_goes(line: str) -> None:
    assert NEWS == without_stamps(f"{line}\n{NEWS}").strip()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Updated 9: 06 AM ", ""),
        ("Updated 09 / 14 / 2013 01: 03 PM ", ""),
        ("PUBLISHED: 22: 07 GMT, 7 July 2012 UPDATED: 22: 07 GMT, 7 July 2012 ", ""),
        ("8:44AM BST 16 Sep 2013 ", ""),
        ("Publicado el 24/03/2026 a las 12:28 Actualizado el 28/03/2026 a las 9:59 ", ""),
        ("Stand: 12.03.2026, 10:20 Uhr ", ""),
        ("", " Call +49 221 987-6543 or (0221) 33 44 55."),
    ],
)
def test_a_stamp_that_ran_into_the_text_goes(before: str, after: str) -> None:
    left = without_stamps(f"{before}{NEWS}{after}")

    assert [c for c in NEWS if c.isdigit()] == [c for c in left if c.isdigit()]
    assert NEWS in left


@pytest.mark.parametrize(
    "head", ["LONDON, March 12 (Reuters) - ", "TBILISI, 17 Nov - ", "Berlin (dpa), 3. März 2026 – "]
)
def test_place_and_date_of_a_dispatch_go(head: str) -> None:
    assert NEWS == without_stamps(head + NEWS)


@pytest.mark.parametrize(
    "text",
    [
        NEWS,
        "The train of 10:30 was late on 5 May 2024, and 40 people waited.",
        "Oil rose 3.25 percent to 45.20 on April 3 and fell 1990-1995.",
        "The score was 3-2 after 0-1, with 12,345 in the stands.",
        "Am 3. März kamen um 10 Uhr 120 Menschen, jeder zahlte 12.30 Euro.",
        "N.Z. Dlr 0.5698/05 Aust Dlr 0.7076/81",
    ],
)
def test_numbers_of_the_news_stay(text: str) -> None:
    assert text == without_stamps(text)


@given(st.text(alphabet="a1 :./-+(,\n年", max_size=60))
def test_nothing_but_stamps_goes_and_nothing_comes(text: str) -> None:
    """What is left stands in the text, in its order."""
    rest = iter(text)

    assert all(c in rest for c in without_stamps(text) if not c.isspace())
