"""Whether two captures of a page show one article."""

from datetime import UTC, datetime

import pytest

from pipeline.model.kinds import Capture
from pipeline.revisions.judge import Version, judge

FLOOD = [
    "At least 12 people died when the river Lenne burst its banks near Altena on Tuesday.",
    "Firefighters used boats to reach a retirement home where sixty people had moved upstairs.",
    "The district council opened a sports hall as a shelter and asked people to stay away.",
    "Rail traffic between Hagen and Siegen stopped because a bridge pier had been undercut.",
]
COMET = [
    "Astronomers in Chile pointed the Vera telescope at a comet that leaves the solar system.",
    "The object passed within forty million kilometres of Jupiter, the observatory reported.",
    "Its tail holds more carbon monoxide than that of any comet measured before.",
]
SLUG, NUMBERED = "https://post.example/flood-in-altena", "https://post.example/flood-in-altena-4711234"
MORNING = datetime(2026, 3, 5, 8, 12, tzinfo=UTC)


def version(
    *lines: str,
    at: str = SLUG,
    title: str | None = "Flood in Altena",
    stamp: datetime | None = None,
    precision: str = "minute",
) -> Version:
    return Version(at, title, "\n".join(lines), stamp, precision if stamp else None)


def capture(earlier: Version, later: Version) -> Capture | None:
    return judge(earlier, later).capture


def test_the_same_sentences_are_unchanged_whatever_stands_around_them() -> None:
    """Another caption or stamp is no other text."""
    around = version("Photo: Anna Berg/Reuters", *FLOOD, "Updated 5 March 2026 14:05")

    assert Capture.UNCHANGED is capture(version(*FLOOD), around)
    assert Capture.UNCHANGED is capture(version(*FLOOD), version(*FLOOD[::-1]))


def test_the_same_text_under_another_headline_says_so() -> None:
    other = version(*FLOOD, title="Altena under water")

    assert Capture.TITLE_CHANGED is capture(version(*FLOOD), other)
    assert Capture.UNCHANGED is capture(version(*FLOOD), version(*FLOOD, title="Flood in Altena!"))
    assert Capture.UNCHANGED is capture(version(*FLOOD), version(*FLOOD, title=None))


def test_a_head_is_a_part_and_what_has_more_is_fuller() -> None:
    assert Capture.PARTIAL is capture(version(*FLOOD), version(*FLOOD[:2]))
    assert Capture.FULLER is capture(version(*FLOOD[:2]), version(*FLOOD))


def test_another_number_is_a_revision() -> None:
    later = version(FLOOD[0].replace("12", "31"), *FLOOD[1:])

    assert Capture.REVISED is capture(version(*FLOOD), later)


@pytest.mark.parametrize(
    ("address", "stamp", "precision", "expected"),
    [
        (NUMBERED, None, "minute", Capture.REWRITTEN),
        (SLUG, MORNING, "minute", Capture.REWRITTEN),
        (SLUG, MORNING, "second", Capture.REWRITTEN),
        (SLUG, MORNING, "day", None),
        (SLUG, None, "minute", None),
    ],
)
def test_a_number_or_a_minute_makes_any_text_a_version(
    address: str, stamp: datetime | None, precision: str, expected: Capture | None
) -> None:
    earlier, later = (
        version(*lines, at=address, stamp=stamp, precision=precision) for lines in (FLOOD, COMET)
    )

    assert expected is capture(earlier, later)


def test_two_slugs_with_one_number_must_share_a_sentence() -> None:
    earlier = version(*FLOOD, at=NUMBERED)
    other = "https://post.example/news/19-dead-in-altena-4711234"

    assert Capture.REVISED is capture(earlier, version(FLOOD[0].replace("12", "19"), *FLOOD[1:], at=other))
    assert None is capture(earlier, version(*COMET, at=other))


def test_one_shared_sentence_among_others_is_no_version() -> None:
    """Where nothing but the text says so: an address that is used again keeps a line or two."""
    assert None is capture(version(*FLOOD), version(*COMET, FLOOD[0]))


TICKER = [f"{h}:15 Something of note was said by speaker number {h} in the hall." for h in range(9, 15)]


@pytest.mark.parametrize("at", [SLUG, NUMBERED])
def test_a_running_file_is_one_article_as_long_as_its_entries_stay(at: str) -> None:
    grown = version("15:40 The session was closed by the president.", *TICKER, at=at)
    moved_on = version("15:40 The session was closed by the president.", *TICKER[:-2], at=at)

    assert Capture.FULLER is capture(version(*TICKER, at=at), grown)
    assert None is capture(version(*TICKER, at=at), moved_on)


def test_what_is_called_live_is_one_article_as_long_as_its_sentences_stay() -> None:
    earlier = version(*FLOOD, title="Live: flood in Altena")

    assert Capture.FULLER is capture(earlier, version(COMET[0], *FLOOD, title="Live: flood in Altena"))
    assert None is capture(earlier, version(COMET[0], *FLOOD[:3], title="Live: flood in Altena"))


@pytest.mark.parametrize(
    "at", ["https://post.example/weather/altena", "https://post.example/wetter-altena-58762"]
)
def test_the_weather_of_the_next_day_is_another_article(at: str) -> None:
    today = [
        "Sunny spells over Altena with 14 degrees.",
        "Winds from the west at 20 km/h.",
        "Tonight it cools to 3 degrees.",
    ]
    next_day = [
        "Showers over Altena with 9 degrees.",
        "Winds from the north at 40 km/h.",
        "Tonight it cools to 1 degree.",
    ]

    assert None is capture(
        version(*today, at=at, title="Weather"), version(*next_day, at=at, title="Weather")
    )


def test_an_index_is_another_page_once_its_headlines_come_and_go() -> None:
    lines = [f"Council of town number {n} votes on its budget" for n in range(8)]
    later = ["Mayor resigns after vote", "River falls again", *lines[:-2]]
    at = "https://post.example/news/local"

    assert None is capture(version(*lines, at=at), version(*later, at=at))


def test_a_front_page_is_one_page_only_with_the_same_text() -> None:
    at = "https://post.example/"
    later = version(FLOOD[0].replace("12", "19"), COMET[1], *FLOOD[2:], at=at)

    assert Capture.UNCHANGED is capture(version(*FLOOD, at=at), version(*FLOOD, at=at))
    assert None is capture(version(*FLOOD, at=at), later)
