"""Dates in prose: the shapes that writers use, in many languages, calendars and figures, with clocks and zones."""

import pytest

from pipeline.text import dates, lexicon, zones
from pipeline.text.line_kinds import LineKind
from pipeline.text.lines import look

# A date that is written for readers, and what its calendar and its clock show.
SHOWN = [
    ("March 5, 2026 4:05 PM", "2026-03-05 16:05"),
    ("March 5, 2026, at 4:05 p.m.", "2026-03-05 16:05"),
    ("March 5, 2026 12:10 AM", "2026-03-05 00:10"),
    ("March 5, 2026 12:10 PM", "2026-03-05 12:10"),
    ("March 5th, 2026 at 3 pm", "2026-03-05 15:00"),
    ("5th of March 2026", "2026-03-05"),
    ("Mar. 5, 2026 | 10:05", "2026-03-05 10:05"),
    ("10:05 AM, March 5, 2026", "2026-03-05 10:05"),
    ("10:05 p.m. Thursday, March 5, 2026", "2026-03-05 22:05"),
    ("22:05, 5 March 2026", "2026-03-05 22:05"),
    ("5 Mar 26", "2026-03-05"),
    ("5 Mar '26, 10:05", "2026-03-05 10:05"),
    ("05-MAR-2026", "2026-03-05"),
    ("05-MAR-2026 10:05", "2026-03-05 10:05"),
    ("5/Mar/2026", "2026-03-05"),
    ("5.Mar.2026", "2026-03-05"),
    ("2026-Mar-05", "2026-03-05"),
    ("Mar-05-2026", "2026-03-05"),
    ("5. März 2026, 14:30 Uhr", "2026-03-05 14:30"),
    ("5.März 2026", "2026-03-05"),
    ("05.03.2026", "2026-03-05"),
    ("05.03.26", "2026-03-05"),
    ("13/03/2026", "2026-03-13"),
    ("5 mars 2026 à 12h30", "2026-03-05 12:30"),
    ("5 mars 2026 à 12 h 30", "2026-03-05 12:30"),
    ("5 de marzo de 2026, 4:05 p. m.", "2026-03-05 16:05"),
    ("5 de marzo de 2026 a las 4:05 de la tarde", "2026-03-05 16:05"),
    ("5 de março de 2026 às 16h05", "2026-03-05 16:05"),
    ("5 maart 2026", "2026-03-05"),
    ("5 Mart 2026 Perşembe, 16:05", "2026-03-05 16:05"),
    ("5 марта 2026, 16:05", "2026-03-05 16:05"),
    ("16:05, 5 березня 2026", "2026-03-05 16:05"),
    ("5. března 2026", "2026-03-05"),
    ("5. maaliskuuta 2026 klo 16.05", "2026-03-05 16:05"),
    ("2026. március 5. 16:05", "2026-03-05 16:05"),
    ("5 Μαρτίου 2026, 4:05 μ.μ.", "2026-03-05 16:05"),
    ("5 Μαρτίου 2026, 10:05 π.μ.", "2026-03-05 10:05"),
    ("10:05 05/13/2026", "2026-05-13 10:05"),
    ("ngày 5 tháng 3 năm 2026", "2026-03-05"),
    ("2026 m. kovo 5 d.", "2026-03-05"),
    ("2026 m. kovo 5 d., 16:05", "2026-03-05 16:05"),
    ("2026. gada 5. marts, 16:05", "2026-03-05 16:05"),
    ("5. märts 2026", "2026-03-05"),
    ("5. ožujka 2026.", "2026-03-05"),
    ("5. marca 2026", "2026-03-05"),
    ("5. март 2026. 16:05", "2026-03-05 16:05"),
    ("5 de març de 2026", "2026-03-05"),
    ("5 сакавіка 2026", "2026-03-05"),
    ("5 მარტი 2026", "2026-03-05"),
    ("5 մարտի 2026", "2026-03-05"),
    ("5 மார்ச் 2026", "2026-03-05"),
    ("5 Machi 2026", "2026-03-05"),
    ("Marso 5, 2026", "2026-03-05"),
    ("14 Esfand 1404", "2026-03-05"),
    ("Esfand 14, 1404 16:05", "2026-03-05 16:05"),
    ("1404 Esfand 14", "2026-03-05"),
    ("5.3.26", "2026-03-05"),
    ("ב-5.3.26", "2026-03-05"),
    ("פורסם ב-5.3.26, 16:05", "2026-03-05 16:05"),
    ("Published: 5.3.26 | 16:05", "2026-03-05 16:05"),
    ("5 марта 2026 года, 16:05", "2026-03-05 16:05"),
    ("5 марта 2026 г. в 16:05", "2026-03-05 16:05"),
    ("5 mars 2026 à 16h", "2026-03-05 16:00"),
    ("Isnin, 5 Mac 2026 4:05 PM", "2026-03-05 16:05"),
    ("June 30, 2026 23:59:60", "2026-06-30 23:59"),
    # Halves of the day before the hour.
    ("2026년 3월 5일 오후 4:05", "2026-03-05 16:05"),
    ("2026.03.05. 오전 10:05", "2026-03-05 10:05"),
    ("2026. 3. 5. 오후 4시 5분", "2026-03-05 16:05"),
    ("2026.03.05 (목) 오후 12:05", "2026-03-05 12:05"),
    ("입력 2026.03.05 오후 4:05", "2026-03-05 16:05"),
    ("입력 26.03.05 16:05", "2026-03-05 16:05"),
    ("2026年3月5日 下午4:05", "2026-03-05 16:05"),
    ("2026年03月05日16:05", "2026-03-05 16:05"),
    ("2026年3月5日 星期四 上午10时05分", "2026-03-05 10:05"),
    ("2026年3月5日(木) 午後4時5分", "2026-03-05 16:05"),
    ("2026年3月5日　凌晨12:05", "2026-03-05 00:05"),
    ("5 Mar 2026 PM 4:05", "2026-03-05 16:05"),
    # Figures of other scripts.
    ("٥ مارس ٢٠٢٦ - ١٠:٠٥", "2026-03-05 10:05"),
    ("٥ مارس ٢٠٢٦، ٤:٠٥ مساءً", "2026-03-05 16:05"),
    ("٥ مارس ٢٠٢٦م - ١٠:٠٥ ص", "2026-03-05 10:05"),
    ("৫ মার্চ ২০২৬, ০৪:০৫ পিএম", "2026-03-05 16:05"),
    ("الخميس 5 آذار 2026 الساعة 4:05 م", "2026-03-05 16:05"),
    ("٢٠٢٦/٣/٥", "2026-03-05"),
    ("15 رمضان 1447 هـ - 5 مارس 2026", "2026-03-05"),
    ("5 أوت 2025", "2025-08-05"),
    ("५ मार्च २०२६, शाम ४:०५ बजे", "2026-03-05 16:05"),
    ("৫ মার্চ ২০২৬, ১০:০৫", "2026-03-05 10:05"),
    ("৫ মার্চ ২০২৬ বিকাল ৪:০৫", "2026-03-05 16:05"),
    ("๕ มีนาคม ๒๕๖๙", "2026-03-05"),
    ("２０２６年３月５日　１６：０５", "2026-03-05 16:05"),
    ("二〇二六年三月五日", "2026-03-05"),
    ("二〇二五年十二月二十三日", "2025-12-23"),
    ("5 مارچ 2026", "2026-03-05"),
    # Prefixes and marks of direction.
    ("4 במרץ 2026, 10:24", "2026-03-04 10:24"),
    ("4 ב-מרץ 2026", "2026-03-04"),
    ("יום רביעי, 4 במרץ 2026 בשעה 10:24", "2026-03-04 10:24"),
    ("\u200f4\u200f במרס\u00a02026", "2026-03-04"),
    # Calendars and eras.
    ("۱۳ اسفند ۱۴۰۴ - ۱۰:۲۴", "2026-03-04 10:24"),
    ("چهارشنبه ۱۳ اسفند ۱۴۰۴، ساعت ۱۰:۲۴", "2026-03-04 10:24"),
    ("۱۴۰۴/۱۲/۱۳", "2026-03-04"),
    ("1404/12/13 10:24", "2026-03-04 10:24"),
    ("۱ فروردین ۱۴۰۵", "2026-03-21"),
    ("۳۰ اسفند ۱۴۰۳", "2025-03-20"),
    ("۱۳ اسفندماه ۱۴۰۴", "2026-03-04"),
    ("۱۳ اسفند\u200cماه ۱۴۰۴", "2026-03-04"),
    ("۱۲ دی ماه ۱۴۰۴", "2026-01-02"),
    ("13 حوت 1404", "2026-03-04"),
    ("4 มีนาคม 2569", "2026-03-04"),
    ("4 มีนาคม พ.ศ. 2569", "2026-03-04"),
    ("4 มี.ค. 69 10:24 น.", "2026-03-04 10:24"),
    ("4 มี.ค. 2569 เวลา 10.24 น.", "2026-03-04 10:24"),
    ("4 มีนาคม ค.ศ. 2026", "2026-03-04"),
    ("4/3/2569", "2026-03-04"),
    ("04/03/2569 10:24 น.", "2026-03-04 10:24"),
    ("令和8年3月4日", "2026-03-04"),
    ("令和８年３月４日　午前１０時２４分", "2026-03-04 10:24"),
    ("令和元年5月1日", "2019-05-01"),
    ("平成31年4月30日", "2019-04-30"),
    ("2026年(令和8年)3月4日", "2026-03-04"),
    ("中華民國115年3月4日", "2026-03-04"),
    ("民國115年3月4日 下午 2:05", "2026-03-04 14:05"),
]


@pytest.mark.parametrize(("written", "shown"), SHOWN)
def test_what_a_date_in_prose_shows_is_read(written: str, shown: str) -> None:
    """The hour wherever it stands, and whatever half of the day it is in."""
    found = dates.find(written)

    assert found is not None
    assert f"{found.when:%Y-%m-%d %H:%M}" == (shown if " " in shown else f"{shown} 00:00")
    assert found.precision == ("second" if ":60" in written else "minute" if " " in shown else "day")


# A time for readers with its zone, or of an outlet whose country or language says its zone; and the moment.
IN_UTC = [
    ("March 5, 2026 10:05 am PST by Ilse Tarn", None, "2026-03-05 18:05"),
    ("Published 10:05 a.m. ET March 5, 2026", None, "2026-03-05 15:05"),
    ("July 5, 2025 10:05 a.m. ET", None, "2025-07-05 14:05"),
    ("March 5, 2026 10:05 (GMT+8)", None, "2026-03-05 02:05"),
    ("March 5, 2026 at 10:05 UTC–3", None, "2026-03-05 13:05"),
    ("March 5, 2026 10:05 Eastern Time", None, "2026-03-05 15:05"),
    ("March 5, 2026 10:05 IST", "in", "2026-03-05 04:35"),
    ("March 5, 2026 10:05 IST", "ie", "2026-03-05 09:05"),
    ("March 5, 2026 10:05 IST", None, None),
    ("5 марта 2026, 10:05 (мск)", None, "2026-03-05 07:05"),
    ("5 марта 2026, 10:05 МСК", None, "2026-03-05 07:05"),
    ("5 березня 2026, 10:05 за Києвом", None, "2026-03-05 08:05"),
    ("5. März 2026, 10:05 Uhr (MESZ)", None, "2026-03-05 08:05"),
    ("5 mars 2026 à 10h05, heure de Paris", None, "2026-03-05 09:05"),
    ("5 de março de 2026, 10h05 (horário de Brasília)", None, "2026-03-05 13:05"),
    ("5 de marzo de 2026, 10:05 CET", None, "2026-03-05 09:05"),
    ("2026年3月5日 10:05（北京时间）", None, "2026-03-05 02:05"),
    ("2026年3月5日 北京时间10:05", None, "2026-03-05 02:05"),
    ("北京时间2026年3月5日10:05", None, "2026-03-05 02:05"),
    ("2026年3月5日 10:05 JST", None, "2026-03-05 01:05"),
    ("2026.03.05 오후 4:05 KST", None, "2026-03-05 07:05"),
    ("5 مارس 2026 10:05 بتوقيت غرينتش", None, "2026-03-05 10:05"),
    ("5 مارس 2026 4:05 مساءً بتوقيت مكة المكرمة", None, "2026-03-05 13:05"),
    ("5 Mart 2026 10:05 TSİ", None, "2026-03-05 07:05"),
    ("2026.03.05 오후 4:05", "kr", "2026-03-05 07:05"),
    ("2026年3月5日 午後4:05", "jp", "2026-03-05 07:05"),
    ("5. März 2026, 10:05 Uhr", "de", "2026-03-05 09:05"),
    ("5 July 2025 10:05", "uk", "2025-07-05 09:05"),
    ("March 5, 2026 10:05", "us", None),
    ("5 de marzo de 2026 10:05", None, None),
]


@pytest.mark.parametrize(("written", "country", "meant"), IN_UTC)
def test_a_time_has_the_zone_that_stands_beside_it_or_the_one_of_its_country(
    written: str, country: str | None, meant: str | None
) -> None:
    """Else its date is all that is known."""
    found = dates.find(written)

    assert found is not None
    moment = dates.settled(found, zones.countries_of(f"a.{country}" if country else None))
    assert f"{moment.at:%Y-%m-%d %H:%M}" == (meant or f"{found.when:%Y-%m-%d} 00:00")
    assert moment.precision == ("minute" if meant else "day")


@pytest.mark.parametrize(
    "text",
    [
        "05/03/2026",
        "1234-05-06",
        "from 12 March to 14 April",
        "the winter of 1404",
        "15/9/1447",
        "1447/9/15",
        "March 2026",
        "31 February 2026",
        "٢٠٢٦",
        "on 5 March 26 people came",
        "令和8年",
        "民國115年",
    ],
)
def test_what_is_no_whole_date_is_not_read(text: str) -> None:
    """Nor what may be two: 5/3/2026, or a year of the Islamic calendar."""
    assert dates.find(text) is None


def test_the_date_ends_where_its_time_and_zone_do() -> None:
    """What follows is the text again; a number that is no time does not belong to it."""
    for text, rest in (
        ("March 5, 2026 10:05 am PST by Ilse Tarn", " by Ilse Tarn"),
        ("March 5, 2026 25:70 a score", " 25:70 a score"),
        ("5 March 2026, 12 people came", ", 12 people came"),
    ):
        found = dates.find(text)
        assert found is not None
        assert text[found.end :] == rest


def test_a_month_is_read_in_whatever_letters_the_pattern_finds_it() -> None:
    """Turkish capitals fold to other letters than they stand for (ARALIK, HAZİRAN), and a pattern matches i with ı and ſ with s."""
    alike = {"i": "iIıİ", "ı": "iIıİ", "s": "sSſ", "k": "kK\u212a", "σ": "σςΣ", "ς": "σςΣ"}
    for number, names in enumerate(lexicon.words().months, 1):
        for name in names:
            written = {name, name.upper(), name.title(), name.casefold()}
            written |= {name.replace(letter, other) for letter in alike for other in alike[letter]}
            for month in written:
                found = dates.find(f"5 {month} 2026")
                assert found is None or (number, 5) == (found.when.month, found.when.day), month

    assert [12, 6] == [
        found.when.month for t in ("5 ARALIK 2026", "5 HAZİRAN 2026") if (found := dates.find(t))
    ]
    assert LineKind.DATE is look("5 ARALIK 2026").kind is look("5 aralık 2026").kind


@pytest.mark.parametrize(
    "text", ["version 5.3.26", "iOS 5.3.26 is out", "see 5.3.26 of the report", "Tir 5, 2026"]
)
def test_numbers_with_points_are_dates_only_where_they_stand_alone_or_behind_a_label(text: str) -> None:
    assert dates.find(text) is None


def test_persian_months_in_latin_letters_are_words_of_other_languages() -> None:
    assert not {"mehr", "tir", "dey"} & dates.month_names()
