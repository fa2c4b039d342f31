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


PROSE = (
    "The council of {place} voted on Tuesday for a new bridge over the river after a debate that lasted until late in the evening. "
    "Speakers of all parties said that the old one, built by farmers to bring their grain to the mills, can no longer carry the lorries. "
    "The mayor promised that the footpath along the bank stays open while the work goes on, and that the ferry will run for free. "
    "A group of neighbours had asked for a tunnel, which engineers called too costly for a town of this size. Work begins in spring."
)
SITES = [
    (
        "Published: 28/03/2026, 10:47\nUpdated March 29, 2026 5:54 PM\n",
        "\n29 comments\nCall the desk: 020 118 22",
    ),
    (
        "Published: 3/04/2026, 7:15\nUpdated April 4, 2026 6:02 AM\n",
        "\n314 comments\nCall the desk: 0171 55 90",
    ),
]


@pytest.mark.parametrize("title", ["", "A new bridge"])
def test_stamps_of_two_sites_do_not_tell_one_text_apart(title: str) -> None:
    """Dates, clock times, telephone numbers and counters are of the site."""
    one, other = (f"{head}{PROSE.format(place='Altena')}{tail}" for head, tail in SITES)

    found, _ = decided(article("a", one, 1, title=title), article("b", other, 30, title=title))

    assert ["origin", "near"] == found["kind"].to_pylist()


def test_stamps_within_the_text_do_not_tell_it_apart_either() -> None:
    """Extraction leaves them in one line with the text."""
    stamps = ("Updated 9: 06 AM", "Updated 09 / 14 / 2013 01: 03 PM, first on 13 / 09 / 2013 07: 44 AM")
    one, other = (f"{stamp} {PROSE.format(place='Altena')}" for stamp in stamps)

    assert ("near", "a") == placed(article("a", one, 1), article("b", other, 30))["b"]


def test_an_agency_text_under_the_dates_of_two_outlets_is_one() -> None:
    heads = ("VIGO, 5 March (Norden) - ", "LUND, 6 March - ")
    one, other = (head + PROSE.format(place="Altena") for head in heads)

    assert ("near", "a") == placed(article("a", one, 1), article("b", other, 30))["b"]


@pytest.mark.parametrize("hour", [2, 30])
def test_one_number_in_prose_is_a_correction_also_without_headlines(hour: int) -> None:
    """Only tables consist of their numbers."""
    one, other = (PROSE.replace("Speakers", f"{n} speakers").format(place="Altena") for n in (24, 42))

    found, _ = decided(article("a", one, 1, title=""), article("b", other, hour, title=""))

    assert ["origin", "near"] == found["kind"].to_pylist()


def test_an_outlet_that_has_the_count_of_an_hour_later_copies() -> None:
    """Three numbers in a report are few of its words, though they are all the numbers it has."""
    report = PROSE.format(place="Altena") + " {} people died, {} were hurt and {} are missing. "
    report += PROSE.format(place="Hagen").replace("Tuesday", "Monday evening")

    found = placed(
        article("a", report.format(12, 40, 3), 1),
        article("b", report.format(19, 55, 7) + " Rescuers still search the bank with dogs.", 4),
    )

    assert ("near", "a") == found["b"]


def test_numbers_that_each_site_adds_do_not_tell_one_text_apart() -> None:
    """They stand in words of their own, not in place of each other."""
    one = (
        PROSE.format(place="Altena")
        + " This paper was founded by 3 brothers in 1871 and is read in 14 towns."
    )
    other = (
        PROSE.format(place="Altena")
        + " More than 900 members pay for what we do, join them for 5 a month at 21 places."
    )

    found, _ = decided(article("a", one, 1, title=""), article("b", other, 2, title=""))

    assert ["origin", "near"] == found["kind"].to_pylist()


OBITUARY = (
    "{q} {r}, {n}, of {p}, died on March {m} at home. A service will be held at ten on March {k} at the chapel in {o}, and burial will "
    "follow at the old cemetery. Survivors include a daughter, {d}, and three grandchildren. The family will receive friends an hour "
    "before the service. Flowers are welcome, and gifts may be made to the hospice of the county."
)


def test_a_form_with_a_few_names_and_numbers_is_two_articles() -> None:
    """Neither its numbers nor its names are many; together they are all that differs."""
    one = {"q": "Ada", "r": "Weber", "n": 81, "p": "Lund", "m": 3, "k": 9, "o": "Riga", "d": "Ines"}
    other = one | {"n": 64, "p": "Vigo", "d": "Lisa"}

    found, _ = decided(
        article("a", OBITUARY.format(**one), 1, title="Deaths"),
        article("b", OBITUARY.format(**other), 2, title="Deaths"),
    )

    assert ["origin", "origin"] == found["kind"].to_pylist()


def test_a_brief_that_only_gained_words_is_no_form_days_later() -> None:
    """Another site prints it with a credit."""
    ships = "There were seven grain ships loading and nine waiting for a berth at the old port of Vigo this morning, the harbour master of the city said on the telephone."

    found, _ = decided(article("a", ships, 1), article("b", f"{ships} Our own report was added.", 80))

    assert ["origin", "near"] == found["kind"].to_pylist()
