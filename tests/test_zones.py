"""Time zones: known ones are read, ambiguous ones by the outlet's country or language, and all others are not known."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text import zones
from pipeline.text.zones import countries_of, is_zone, local, offset

WINTER, SUMMER = datetime(2026, 1, 15, 12), datetime(2026, 7, 15, 12)  # noqa: DTZ001 - what clocks show


@pytest.mark.parametrize(
    ("written", "hours"),
    [
        *(("Z", 0), ("UTC", 0), ("gmt", 0), ("+00:00", 0), ("-0000", 0), ("WET", 0)),
        *(
            ("+01:00", 1),
            ("+0100", 1),
            ("+01", 1),
            ("GMT+0100", 1),
            ("GMT+1", 1),
            ("UTC +1", 1),
            ("UTC+01:00", 1),
        ),
        *(
            ("-500", -5),
            ("-0500", -5),
            ("-05:00", -5),
            ("UTC-5", -5),
            ("UTC–5", -5),
            ("+530", 5.5),
            ("+5:45", 5.75),
        ),
        *(("CET", 1), ("CEST", 2), ("MEZ", 1), ("MESZ", 2), ("EET", 2), ("EEST", 3), ("MSK", 3), ("SEČ", 1)),
        *(("JST", 9), ("KST", 9), ("HKT", 8), ("SGT", 8), ("ICT", 7), ("WIB", 7), ("PKT", 5), ("NPT", 5.75)),
        *(
            ("EST", -5),
            ("EDT", -4),
            ("CDT", -5),
            ("MST", -7),
            ("PST", -8),
            ("PDT", -7),
            ("BRT", -3),
            ("ART", -3),
        ),
        *(("SAST", 2), ("WAT", 1), ("EAT", 3), ("AEST", 10), ("AEDT", 11), ("NZDT", 13), ("ACST", 9.5)),
        *(
            ("мск", 3),
            ("МСК", 3),
            ("по московскому времени", 3),
            ("TSİ", 3),
            ("北京时间", 8),
            ("日本時間", 9),
            ("한국시간", 9),
        ),
        *(("Asia/Kolkata", 5.5), ("America/Argentina/Buenos_Aires", -3), ("Europe/Berlin", 1)),
        *(("GMT+0100 (Mitteleuropäische Zeit)", 1), ("+01:00[Europe/Paris]", 1), ("(CET)", 1)),
    ],
)
def test_a_known_zone_is_so_far_from_utc(written: str, hours: float) -> None:
    """In winter, whatever the country."""
    assert is_zone(written)
    assert offset(written, WINTER, ()) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("written", "winter", "summer"),
    [
        ("ET", -5, -4),
        ("PT", -8, -7),
        ("heure de Paris", 1, 2),
        ("за Києвом", 2, 3),
        ("UK time", 0, 1),
        ("CET", 1, 1),
    ],
)
def test_the_clock_of_a_place_goes_by_the_season_and_an_abbreviation_does_not(
    written: str, winter: int, summer: int
) -> None:
    """By the rules of the package alone."""
    assert offset(written, WINTER, ()) == timedelta(hours=winter)
    assert offset(written, SUMMER, ()) == timedelta(hours=summer)


@pytest.mark.parametrize(
    ("written", "host", "language", "hours"),
    [
        ("IST", "a.in", "en-US", 5.5),
        ("IST", "a.example", "en-IN", 5.5),
        ("IST", "a.example", "hi", 5.5),
        ("IST", "a.ie", "en", 1),
        ("IST", "a.co.il", None, 2),
        ("IST", "a.example", "he", 2),
        ("IST", "a.example", "en", None),
        ("CST", "a.example", "en-US", -6),
        ("CST", "a.example", "zh-TW", 8),
        ("CST", "a.com.cn", None, 8),
        ("CST", "a.cu", "es", -5),
        ("CST", "a.example", "en", None),
        ("BST", "a.co.uk", "en", 1),
        ("BST", "a.com.bd", "en", 6),
        ("BST", "a.example", "en-GB", 1),
        ("BST", "a.example", "en", None),
        ("AST", "a.ca", "en", -4),
        ("AST", "a.example", "ar-SA", 3),
        ("AST", "a.example", "ar", None),
        ("PST", "a.com.ph", "en", 8),
        ("EST", "a.com.au", "en", None),
        ("MST", "a.com.my", "ms", 8),
        ("GST", "a.ae", "ar", 4),
        ("XYT", "a.de", "de", None),
        ("local time", "a.de", "de", None),
        ("+25:00", "a.de", "de", None),
        ("+01:75", "a.de", "de", None),
        ("Europe/Nowhere", "a.de", "de", None),
        ("../../etc/passwd", "a.de", "de", None),
    ],
)
def test_an_ambiguous_zone_is_read_by_country_or_language_or_not_at_all(
    written: str, host: str, language: str | None, hours: float | None
) -> None:
    """The host's country goes before the one that the language names: many sites leave en-US as it was."""
    found = offset(written, WINTER, countries_of(host, language))

    assert found == (None if hours is None else timedelta(hours=hours))


@pytest.mark.parametrize(
    ("host", "language", "winter", "summer"),
    [
        ("a.kr", None, 9, 9),
        ("a.example", "ko", 9, 9),
        ("a.de", "tr", 1, 2),
        ("a.example", "de", 1, 2),
        ("a.co.uk", "en", 0, 1),
        ("a.example", "zh", 8, 8),
        ("a.cn", None, 8, 8),
        ("a.ua", "uk", 2, 3),
        ("a.in", "en-US", 5.5, 5.5),
        ("a.example", "fa", 3.5, 3.5),
        ("a.us", "en", None, None),  # many zones
        ("a.es", "es", None, None),  # the Canaries have another
        ("a.example", "en", None, None),
        ("a.example", "ar", None, None),
        ("a.example", "bn", None, None),  # India or Bangladesh
        ("a.tv", "pt-BR", None, None),
        ("a.tv", "ko", 9, 9),  # not of Tuvalu
        (None, None, None, None),
    ],
)
def test_the_outlets_own_time_is_known_where_its_country_has_one_zone(
    host: str | None, language: str | None, winter: float | None, summer: float | None
) -> None:
    """Or where all countries of its language agree."""
    hours = [local(clock, countries_of(host, language)) for clock in (WINTER, SUMMER)]

    assert hours == [None if n is None else timedelta(hours=n) for n in (winter, summer)]


@pytest.mark.parametrize(
    "text", ["12:00", "Uhr", "PM", "and so on", "est un", "-", "(", "Et al", "CETUS", "1"]
)
def test_what_is_no_zone_is_not_taken_for_one(text: str) -> None:
    """Words that begin like one, or are one in small letters."""
    assert not is_zone(text)


@given(st.text(max_size=40), st.text(max_size=10), st.text(max_size=10))
def test_no_text_makes_the_reader_of_zones_raise(written: str, host: str, language: str) -> None:
    """Pages state anything as a zone."""
    found = offset(written, WINTER, countries_of(host, language))

    assert found is None or abs(found) <= timedelta(hours=14)
    is_zone(written)


@given(
    st.sampled_from(["Europe/Paris", "Asia/Kathmandu", "America/St_Johns", "Australia/Lord_Howe"]),
    st.datetimes(datetime(1995, 1, 1), datetime(2035, 1, 1)),  # noqa: DTZ001 - what clocks show
)
def test_a_named_zone_is_the_one_of_the_database(name: str, clock: datetime) -> None:
    """Read from the package, as the standard library reads it from the machine."""
    expected = clock.replace(tzinfo=ZoneInfo(name)).utcoffset()

    assert offset(name, clock, ()) == expected


def test_the_machine_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two machines may know different rules; the package is one."""
    monkeypatch.setattr("zoneinfo._tzpath.find_tzfile", lambda _: pytest.fail("asked the machine"))
    zones._region.cache_clear()

    assert offset("Asia/Kolkata", WINTER, ()) == timedelta(hours=5.5)
