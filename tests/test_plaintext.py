"""What a document delivered as plain text says about itself."""

from datetime import UTC, date, datetime
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract import plaintext

DAY = date(2026, 3, 5)
BODY = [
    "The council voted on Tuesday to close the northern bridge for repairs until the autumn.",
    "Traffic will be led over the old ferry crossing, which the city bought in May.",
    "“We have no other choice,” the mayor said after the vote.",
]


def read(*lines: str, **hints: Any) -> tuple[Any, list[str]]:
    described, body = plaintext.read_text("\n".join(lines), hints, DAY)
    return described, body.split("\n")


def test_the_headline_is_the_first_line_when_it_is_none_of_the_text() -> None:
    """It leaves the body."""
    described, body = read("Northern bridge to close", "", *BODY)

    assert described.title == "Northern bridge to close"
    assert body == BODY


def test_a_text_that_begins_with_a_sentence_has_no_headline() -> None:
    """Nothing is made of its first line."""
    described, body = read(*BODY)

    assert described.title is None
    assert body == BODY


def test_a_breadcrumb_before_the_headline_stays_for_the_cleaning() -> None:
    """Furniture is taken out in one place only."""
    described, body = read("Home / City", "Northern bridge to close", *BODY)

    assert described.title == "Northern bridge to close"
    assert body == ["Home / City", *BODY]


def test_a_delivered_headline_wins_and_is_not_said_twice() -> None:
    """The feed knows it."""
    described, body = read("Northern bridge to close", *BODY, title="Northern Bridge to Close")
    other, other_body = read(*BODY, title="Something else")

    assert described.title == "Northern Bridge to Close"
    assert body == BODY
    assert other.title == "Something else"
    assert other_body == BODY


def test_a_text_that_is_one_headline_is_its_own_title() -> None:
    """It stays in the body too: there is nothing else."""
    described, body = read("Northern bridge to close")
    framed, framed_body = read("Home / City", "Northern bridge to close")

    assert (described.title, body) == ("Northern bridge to close", ["Northern bridge to close"])
    assert (framed.title, framed_body) == (
        "Northern bridge to close",
        ["Home / City", "Northern bridge to close"],
    )


@pytest.mark.parametrize(
    "delivered",
    [
        "Northern bridge to close - Example Report",
        "Northern Bridge to Close | Example Report",
        "Example Report – Northern bridge to close",
    ],
)
def test_a_text_that_is_the_delivered_headline_says_where_the_name_of_the_site_begins(delivered: str) -> None:
    """The title is the headline without the site's name."""
    described, body = read("Northern bridge to close", title=delivered)

    assert (described.title, body) == ("Northern bridge to close", ["Northern bridge to close"])


def test_a_brief_that_is_its_own_headline_keeps_its_sentence() -> None:
    """A feed gives an item of one sentence that sentence as its title."""
    described, body = read(BODY[0], title=BODY[0])

    assert described.title == BODY[0]
    assert body == BODY[:1]


@pytest.mark.parametrize(
    "stamp",
    [
        " date 2026-03-04 ",
        "2026-03-04 ",
        "Date: 4 March 2026 - ",
        "Published on March 4, 2026 | ",
        "Stand: 04.03.2026 ",
    ],
)
def test_a_date_stamped_before_the_first_words_is_taken_off(stamp: str) -> None:
    """And believed."""
    described, body = read(stamp + BODY[0], *BODY[1:])

    assert described.published_at == datetime(2026, 3, 4, tzinfo=UTC)
    assert described.published_at_source == "text"
    assert body == BODY


def test_a_line_that_is_only_a_date_is_believed() -> None:
    """It stays in the body for the cleaning."""
    described, _ = read("Northern bridge to close", "4 March 2026 10:15 CET", *BODY)

    assert described.published_at == datetime(2026, 3, 4, 9, 15, tzinfo=UTC)


def test_a_date_within_a_sentence_is_not_the_documents() -> None:
    """Texts speak of many days."""
    described, body = read("On 4 March 2026 the council voted to close the bridge.", *BODY)

    assert described.published_at is None
    assert len(body) == 4


def test_a_dateline_stays() -> None:
    """It carries meaning."""
    line = "LONDON, March 4, 2026 (Reuters) - The council voted to close the bridge."

    assert read(line, *BODY)[1][0] == line


def test_a_delivered_date_wins_over_the_text() -> None:
    """Unless it lies in the future."""
    when = datetime(2026, 3, 1, tzinfo=UTC)

    assert read("date 2026-03-04 " + BODY[0], published_at=when)[0].published_at == when
    late = read("date 2026-03-04 " + BODY[0], published_at=datetime(2030, 1, 1, tzinfo=UTC))[0]
    assert late.published_at == datetime(2026, 3, 4, tzinfo=UTC)
    assert late.published_at_source == "text"


def test_labelled_fields_at_the_top_are_read() -> None:
    """As archives write them."""
    head = [
        "Title: Northern bridge to close",
        "Author: Jane Doe",
        "Date: 2026-03-04",
        "URL: https://www.example.com/b-1",
    ]
    described, body = read(*head, "", *BODY)

    assert described.title == "Northern bridge to close"
    assert described.authors == ("Jane Doe",)
    assert described.published_at == datetime(2026, 3, 4, tzinfo=UTC)
    assert described.canonical_url == "https://example.com/b-1"
    assert described.domain == "example.com"
    assert body == BODY


@pytest.mark.parametrize(
    ("line", "outlet"),
    [
        (
            "Readers help support Example Report. We may get a commission if you buy through our links.",
            "Example Report",
        ),
        (
            "About the Author Jane Doe is a Digital Content Producer at ExampleMint with over 3 years of experience.",
            "ExampleMint",
        ),
        ("© 2026 Northern Herald. All rights reserved.", "Northern Herald"),
        (
            "Sign up for The Northern Herald's newsletter to get our stories in your inbox.",
            "The Northern Herald",
        ),
        ("Follow Northern Herald on Google News and subscribe to our newsletter today.", "Northern Herald"),
        ("© 2026 Reuters. All rights reserved.", None),
    ],
)
def test_an_outlet_that_names_itself_in_its_furniture_is_found(line: str, outlet: str | None) -> None:
    """An agency is no outlet."""
    assert read("Northern bridge to close", *BODY, line)[0].outlet == outlet


def test_an_outlet_named_in_the_text_is_not_its_own() -> None:
    """Papers quote each other."""
    described, _ = read(
        *BODY, "Jane Doe, a reporter at Northern Herald, was the first to tell of the cracks."
    )

    assert described.outlet is None


def test_the_delivered_outlet_wins() -> None:
    """Over all that the text says."""
    line = "Readers help support Example Report. We may get a commission if you buy through our links."

    assert read(*BODY, line, outlet="Wire")[0].outlet == "Wire"


def test_lines_broken_for_width_are_joined() -> None:
    """A paragraph is one line, whatever the width of the wire."""
    text = (
        "    The council voted on Tuesday to close the northern bridge\n"
        "for repairs that will last until the autumn, the mayor said on\n"
        "the same day after a long and loud meeting.\n"
        "    Traffic will be led over the old ferry crossing, which\n"
        "the city bought from a private owner in the month of May.\n"
    )
    body = plaintext.read_text(text, {}, DAY)[1].split("\n")

    assert len(body) == 2
    assert body[0].startswith("The council voted")
    assert body[1].endswith("in the month of May.")


def test_a_paragraph_on_each_line_stays_one() -> None:
    """Short lines that end as sentences are not broken ones."""
    lines = ["It rained.", "The bridge is closed.", "The ferry is old.", "Nobody knows why it still runs."]

    assert read(*lines)[1] == lines


@given(st.text(max_size=400), st.text(max_size=40))
def test_no_text_makes_it_raise_or_invents_words(text: str, title: str) -> None:
    """Every word of the body stands in the document."""
    described, body = plaintext.read_text(text, {"title": title}, DAY)

    assert set(body.split()) <= set(text.split())
    assert described.title is None or described.title.strip()


@given(
    st.lists(st.sampled_from([" ", "\t", "\n", "\r", "\x0c", "The ferry", "a", "\u2003"]), max_size=16).map(
        "".join
    )
)
def test_lines_lose_the_indent_that_they_share(text: str) -> None:
    """Whether or not any line has one."""
    assert plaintext._dedented(text) == dedent(text)
