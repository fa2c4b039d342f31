"""Forms: one frame filled in twice is two articles; one article with an edit is a copy."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.conftest import DAY
from tests.copied import PLACES, article, decided, placed


def test_one_template_with_other_numbers_and_names_is_not_a_copy() -> None:
    """Two match reports from one frame tell of two matches."""
    frame = (
        "{a} beat {b} {x}-{y} in the {place} district league on Saturday. {a} took the lead in the {m} minute through {p}, "
        "who scored from {d} metres after a corner. {b} levelled shortly before the break, but {q} made it {x}-{y} with {n} minutes "
        "left to play. {t} spectators watched the match. {a} are now {r}th in the table with {k} points, {b} are {s}th with {l}."
    )
    first = frame.format(
        a="Altena",
        b="Hagen",
        x=2,
        y=1,
        place="northern",
        m=12,
        p="Weber",
        d=18,
        q="Kurz",
        n=7,
        t=412,
        r=3,
        k=41,
        s=9,
        l=22,
    )
    second = frame.format(
        a="Lund",
        b="Tartu",
        x=3,
        y=2,
        place="coastal",
        m=31,
        p="Berg",
        d=25,
        q="Saar",
        n=4,
        t=958,
        r=6,
        k=33,
        s=4,
        l=38,
    )

    found = placed(article("a", first, 1), article("b", second, 2))

    assert ("origin", "b") == found["b"]


WEATHER = (
    "{day} will begin {sky} over {place}, with fog in the valleys until {hour} o'clock. In the afternoon temperatures rise to {high} degrees, "
    "on the heights around {peak} to {low}. The wind blows weakly from the {side}, in gusts at up to {gust} kilometres an hour. "
    "At night it cools down to {night} degrees, and {rain} millimetres of rain may fall by the morning. The pollen count stays {pollen}. "
    "Sunrise is at {rise}, sunset at {down}. The outlook for the coming days: little change, more clouds from the {other}."
)
MARKET = (
    "Shares in {place} closed {way} on {day}, led by {one}. The {index} index ended at {level} points, a change of {points} points or {share} percent. "
    "Of the {all} stocks in it {up} rose and {fell} fell. {one} gained {gain} percent after its results, {two} lost {loss} percent. "
    "Turnover was {turn} million, after {before} million the day before. The currency was quoted at {rate} to the dollar in late trading, "
    "and the yield of ten-year bonds stood at {bond} percent. Dealers said that investors were waiting for the figures on prices."
)
TEMPLATES = {
    "weather": (
        WEATHER,
        {
            "day": "Monday",
            "sky": "cloudy",
            "place": "Altena",
            "hour": 9,
            "high": 17,
            "peak": "Kohlberg",
            "low": 12,
            "side": "west",
        }
        | {
            "gust": 34,
            "night": 6,
            "rain": 3,
            "pollen": "low",
            "rise": "6.12",
            "down": "19.48",
            "other": "north",
        },
        {
            "day": "Friday",
            "sky": "clear",
            "place": "Siegen",
            "hour": 10,
            "high": 24,
            "peak": "Riemen",
            "low": 19,
            "side": "south",
        }
        | {
            "gust": 21,
            "night": 11,
            "rain": 8,
            "pollen": "high",
            "rise": "5.37",
            "down": "20.31",
            "other": "east",
        },
    ),
    "market": (
        MARKET,
        {
            "place": "Lund",
            "way": "higher",
            "day": "Tuesday",
            "one": "Varvet",
            "two": "Kraft",
            "index": "LSX",
            "level": 1834,
            "points": 21,
        }
        | {
            "share": 1.2,
            "all": 40,
            "up": 27,
            "fell": 13,
            "gain": 4.1,
            "loss": 2.3,
            "turn": 512,
            "before": 488,
            "rate": 9.31,
            "bond": 2.9,
        },
        {
            "place": "Porto",
            "way": "lower",
            "day": "Thursday",
            "one": "Douro",
            "two": "Ribeira",
            "index": "PGX",
            "level": 977,
            "points": 35,
        }
        | {
            "share": 3.5,
            "all": 25,
            "up": 6,
            "fell": 19,
            "gain": 1.7,
            "loss": 6.8,
            "turn": 143,
            "before": 207,
            "rate": 1.12,
            "bond": 3.4,
        },
    ),
}


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_two_bulletins_from_one_template_are_not_copies(template: str) -> None:
    frame, one, other = TEMPLATES[template]

    found = placed(article("a", frame.format(**one), 1), article("b", frame.format(**other), 2))

    assert ("origin", "b") == found["b"]


def test_a_corrected_bulletin_is_a_copy() -> None:
    """One figure put right in one text is a correction, not another bulletin."""
    frame, figures, _ = TEMPLATES["market"]

    found = placed(
        article("a", frame.format(**figures), 1), article("b", frame.format(**figures | {"turn": 521}), 2)
    )

    assert ("near", "a") == found["b"]


FIXING = (
    "The central bank entered the money market in {place} to arrange {sum} million of repurchase agreements, a spokeswoman said. "
    "Dealers said that overnight money was trading at {rate} percent when the bank began its temporary supply of reserves."
)


def test_the_next_bulletin_of_a_daily_form_is_not_a_copy() -> None:
    """A day later one other number is news; within hours the same change is a correction."""
    first, second = (FIXING.format(place="Lund", sum=number, rate=4) for number in (350, 420))

    assert ("origin", "b") == placed(article("a", first, 1), article("b", second, 26))["b"]
    assert ("near", "a") == placed(article("a", first, 1), article("b", second, 3))["b"]


ISSUE = (
    "{name} is issuing a {sum} mln dollar bond due in May 1992 paying an indicated coupon of {rate} pct and priced at par, "
    "lead manager Norden said. The issue is guaranteed by {bank} and final terms will be set on Thursday. The bond is "
    "available in denominations of 5,000 dollars and will be listed in Luxembourg. Fees comprise one pct for selling."
)
TABLE = (
    "Lund copper {time} last change may 6150 {may} june 6160 {june} july 6170 unch august 6180 unch september 6190 unch "
    "october 6200 unch december 6210 up 5 january 6220 up 10 march 6230 unch"
)
PRICES = " ".join(
    f"In {place} wheat was {{{n}}} a bushel, barley 2.{n}5 and oats 1.{n}0, with a reserve price of four for the county and its mills."
    for n, place in enumerate(PLACES)
)


@pytest.mark.parametrize("changes", [{}, {"rate": 3}])
def test_two_briefs_whose_headlines_name_others_are_two_articles(changes: dict[str, int]) -> None:
    """Two bonds in one bank's wording: the names alone tell them apart."""
    one = {"name": "Vigo Optical", "sum": 40, "bank": "Tartu Bank", "rate": 4}
    other = one | {"name": "Zadar Estate", "bank": "Riga Bank"} | changes

    found = placed(
        article("a", ISSUE.format(**one), 1, title="Vigo Optical issues bond"),
        article("b", ISSUE.format(**other), 2, title="Zadar Estate issues bond"),
    )

    assert ("origin", "Zadar Estate issues bond") == found["Zadar Estate issues bond"]


def test_a_brief_under_another_headline_is_a_copy() -> None:
    """Each outlet writes its own headline over an agency's lines, and may spell a name its own way."""
    one = {"name": "Vigo Optical", "sum": 40, "bank": "Tartu Bank", "rate": 4}

    found = placed(
        article("a", ISSUE.format(**one), 1, title="Vigo Optical issues bond"),
        article("b", ISSUE.format(**one | {"bank": "Tartubank"}), 2, title="Forty million for an optician"),
    )

    assert ("near", "Vigo Optical issues bond") == found["Forty million for an optician"]


def test_a_table_without_a_headline_is_told_apart_by_any_number() -> None:
    """The prices of noon and those of an hour later."""
    noon = TABLE.format(time="12:00", may="up 5", june="unch")
    later = TABLE.format(time="13:30", may="up 5", june="unch")

    assert ("origin", "") == placed(article("a", noon, 1, title=""), article("b", later, 2, title=""))[""]
    headed = placed(
        article("a", noon, 1, title="Lund copper"), article("b", later, 2, title="Copper in Lund")
    )
    assert ("near", "Lund copper") == headed["Copper in Lund"]


def test_a_table_without_a_headline_whose_other_has_one_number_more_is_another() -> None:
    """What was not traded at noon has a price an hour later."""
    noon = TABLE.format(time="12", may="unch", june="unch")
    later = TABLE.format(time="12", may="up 35", june="unch")

    assert ("origin", "") == placed(article("a", noon, 1, title=""), article("b", later, 2, title=""))[""]


@pytest.mark.parametrize(
    ("hours", "words", "expected"), [(71, "six", "near"), (72, "six", "origin"), (72, "seven", "exact")]
)
def test_a_brief_that_comes_again_days_later_with_changes_is_its_form(
    hours: int, words: str, expected: str
) -> None:
    """Ships in port, told weekly, with numbers that are words; word for word it is the same text, whenever it comes."""
    ships = "There were {} grain ships loading and nine waiting for a berth at the old port of Vigo this morning, the harbour master of the city said on the telephone."

    found, _ = decided(article("a", ships.format("seven"), 1), article("b", ships.format(words), 1 + hours))

    assert expected == found["kind"].to_pylist()[1]


def test_a_brief_comes_again_as_an_excerpt_or_on_its_own_page_whenever() -> None:
    """Three days later a part of it, word for word, is an excerpt, and its page with a word changed is a corrected page."""
    brief = "There were seven grain ships loading and nine waiting for a berth at the old port of Vigo this morning, the harbour master of the city said on the telephone, and more are expected once the storm off the coast has passed and the pilots sail again."
    later = datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC) + timedelta(days=4)
    page = {"canonical_url": "https://a.example/x", "published_at": later}

    part, _ = decided(
        article("a", brief, 1), article("b", brief.split(", and", maxsplit=1)[0], 2, published_at=later)
    )
    corrected, _ = decided(article("a", brief, 1), article("a2", brief.replace("seven", "six"), 2, **page))

    assert "excerpt" == part["kind"].to_pylist()[1]
    assert "near" == corrected["kind"].to_pylist()[1]


@pytest.mark.parametrize(("hour", "expected"), [(1, "near"), (23, "near"), (47, "origin")])
def test_a_date_without_an_hour_is_not_far_from_any_hour_of_it(hour: int, expected: str) -> None:
    """Neither its beginning nor its end decides whether figures were corrected or are those of the next day."""
    first = PRICES.format(*(f"3.{n}1" for n in range(12)))
    second = PRICES.format(*(f"3.{n}7" for n in range(12)))
    day = {"published_at": datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC), "published_precision": "day"}

    found = placed(
        article("a", first, 0, title="prices", **day), article("b", second, hour, title="Prices again")
    )

    kinds = sorted(kind for kind, _ in found.values())
    assert sorted(["origin", expected]) == kinds


@pytest.mark.parametrize(("hour", "expected"), [(3, "near"), (30, "origin")])
def test_a_long_form_of_a_later_day_needs_fewer_other_numbers(hour: int, expected: str) -> None:
    """Within hours they are corrected figures, a day later new ones."""
    first = PRICES.format(*(f"3.{n}1" for n in range(12)))
    second = PRICES.format(*(f"3.{n}7" for n in range(12)))

    found = placed(article("a", first, 1, title="prices"), article("b", second, hour, title="Prices again"))

    assert expected == found["Prices again"][0]
