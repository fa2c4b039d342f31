"""Other calendars and other figures."""

import unicodedata
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.calendars import JALALI_YEARS, common_year, from_han, from_jalali, with_plain_figures

# Iran's official calendar: the first days of years, and some days within.
OFFICIAL = [
    ((1354, 1, 1), "1975-03-21"),
    ((1357, 11, 22), "1979-02-11"),
    ((1370, 1, 1), "1991-03-21"),
    ((1375, 12, 30), "1997-03-20"),
    ((1376, 1, 1), "1997-03-21"),
    ((1379, 1, 1), "2000-03-20"),
    ((1388, 1, 1), "2009-03-21"),
    ((1395, 1, 1), "2016-03-20"),
    ((1399, 12, 30), "2021-03-20"),
    ((1400, 1, 1), "2021-03-21"),
    ((1403, 12, 30), "2025-03-20"),
    ((1404, 1, 1), "2025-03-21"),
    ((1404, 6, 31), "2025-09-22"),
    ((1404, 7, 1), "2025-09-23"),
    ((1404, 12, 13), "2026-03-04"),
    ((1404, 12, 29), "2026-03-20"),
    ((1405, 1, 1), "2026-03-21"),
    ((1408, 12, 30), "2030-03-20"),
]


@pytest.mark.parametrize(("jalali", "gregorian"), OFFICIAL)
def test_a_jalali_date_is_the_one_of_the_official_calendar(
    jalali: tuple[int, int, int], gregorian: str
) -> None:
    """Around the ends of years, where leap years show."""
    assert from_jalali(*jalali) == date.fromisoformat(gregorian)


def test_every_day_has_one_jalali_date() -> None:
    """No day is left out, and none is there twice, over all years."""
    days = [
        found
        for year in JALALI_YEARS
        for month in range(1, 13)
        for day in range(1, 32)
        if (found := from_jalali(year, month, day))
    ]

    assert days == [days[0] + timedelta(days=n) for n in range(len(days))]


@pytest.mark.parametrize(
    "wrong",
    [
        (1404, 12, 30),
        (1404, 7, 31),
        (1404, 13, 1),
        (1404, 0, 1),
        (1404, 1, 0),
        (1404, 1, 32),
        (1300, 1, 1),
        (2026, 3, 4),
    ],
)
def test_what_is_no_jalali_day_is_none(wrong: tuple[int, int, int]) -> None:
    """1404 is no leap year, and what lies outside the known cycle is not counted."""
    assert from_jalali(*wrong) is None


@pytest.mark.parametrize(
    ("year", "era", "common"),
    [
        (2569, None, 2026),
        (2026, None, 2026),
        (8, 2018, 2026),
        (1, 2018, 2019),
        (115, 1911, 2026),
        (2569, -543, 2026),
    ],
)
def test_years_of_eras_are_counted_from_them(year: int, era: int | None, common: int) -> None:
    """A Buddhist year is known by its number."""
    assert common_year(year, era) == common


@given(st.text(max_size=40))
def test_figures_are_plain_and_everything_stays_in_its_place(text: str) -> None:
    """A date is found where it stands in the text as written."""
    plain = with_plain_figures(text)

    assert len(plain) == len(text)
    for was, now in zip(text, plain, strict=True):
        if unicodedata.category(was) == "Nd":
            assert now == str(unicodedata.decimal(was))
        elif was.isalnum():
            assert now == was


def test_figures_of_many_scripts_are_read() -> None:
    """Arabic, Persian, Devanagari, Bengali, Thai, Tamil, Khmer, wide."""
    for figures in (
        "٠١٢٣٤٥٦٧٨٩",
        "۰۱۲۳۴۵۶۷۸۹",
        "०१२३४५६७८९",
        "০১২৩৪৫৬৭৮৯",
        "๐๑๒๓๔๕๖๗๘๙",
        "௦௧௨௩௪௫௬௭௮௯",
        "០១២៣៤៥៦៧៨៩",
        "０１２３４５６７８９",
    ):
        assert with_plain_figures(figures) == "0123456789"


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("二〇二六年三月四日", (2026, 3, 4)),
        ("于二零二五年十二月二十三日讯", (2025, 12, 23)),
        ("二〇二六年一月十日", (2026, 1, 10)),
        ("二〇二六年十月三十一日", (2026, 10, 31)),
    ],
)
def test_chinese_numerals_are_counted(written: str, parts: tuple[int, int, int]) -> None:
    """With and without tens."""
    found = from_han(written)

    assert found is not None
    assert found[1:] == parts
