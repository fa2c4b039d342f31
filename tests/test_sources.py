"""Sources of a story: families with a text of their own, agencies, and texts of unknown source."""

from typing import Any

import pytest

from pipeline.model.contract import Row
from tests.test_summary import at, member, origin, summarise


def counted(*rows: Row) -> tuple[Any, ...]:
    story = summarise(*rows)[0]
    return tuple(story[n] for n in ("n_newsrooms", "n_agencies", "n_sources"))


def copy(name: str, **more: Any) -> Row:
    return member(name, **{"kind": "exact", "copy_id": "a", "story_score": None} | more)


def credit(name: str, **more: Any) -> Row:
    return {"name": name, "is_sure": True, "outlet_id": None, "newsroom": None, "agency": None} | more


CASES: list[tuple[str, list[Row], tuple[int, int, int]]] = [
    ("nine editions of one house", [origin(newsroom="nord"), *(copy(f"c{n}", newsroom="nord") for n in range(8))], (1, 0, 1)),
    ("two houses that run one text", [origin(newsroom="nord"), copy("b", newsroom="sued")], (1, 0, 1)),
    ("two houses with a text each", [origin(newsroom="nord"), member("b", newsroom="sued")], (2, 0, 2)),
    ("one house with two texts", [origin(newsroom="nord"), member("b", newsroom="nord")], (1, 0, 1)),
    ("ten takers of one wire", [origin(newsroom="n0", agency="AP"), *(copy(f"c{n}", newsroom=f"n{n}", agency="AP") for n in range(9))], (0, 1, 1)),
    ("a wire and a text of one's own", [origin(newsroom="nord", agency="AP"), member("b", newsroom="sued")], (1, 1, 2)),
    ("two wires in one text", [origin(newsroom="nord", agency="AFP, dpa")], (0, 2, 2)),
    ("a wire that only a later copy names", [origin(newsroom="nord"), copy("b", newsroom="sued", agency="AP")], (0, 1, 1)),
    ("an excerpt of a wire within a text of one's own", [origin(newsroom="nord"), copy("b", kind="excerpt", jaccard=.2, containment=.9, newsroom="sued", agency="AP")], (1, 1, 2)),
    ("a text on repost sites alone", [origin(newsroom=None), copy("b", newsroom=None)], (0, 0, 1)),
    ("a repost crawled before its source", [origin(newsroom=None), copy("b", newsroom="nord")], (1, 0, 1)),
    ("two texts of unknown source", [origin(newsroom=None), member("b", newsroom=None)], (0, 0, 2)),
    ("a copy that credits a house of the file", [origin(newsroom="nord", credits=[credit("Abend", newsroom="sued")])], (1, 0, 1)),
    ("the same, with another text of that house", [origin(newsroom="nord", credits=[credit("Abend", newsroom="sued")]), member("b", newsroom="sued")], (1, 0, 1)),
    ("a copy that credits another outlet of the story by its name", [origin(newsroom="nord", credits=[credit("The B")]), member("b", newsroom="sued")], (1, 0, 1)),
    ("a copy that credits the other", [origin(newsroom="nord", credits=[credit("The B")]), copy("b", newsroom="sued")], (1, 0, 1)),
    ("a copy that credits nobody known", [origin(newsroom="nord", credits=[credit("Abend")])], (0, 0, 1)),
    ("two texts that credit the same unknown outlet", [origin(newsroom="nord", credits=[credit("Abend")]), member("b", newsroom="sued", credits=[credit("The Abend")])], (0, 0, 1)),
    ("two texts that credit one outlet of no family under two names", [origin(newsroom="nord", credits=[credit("Abend", outlet_id="x")]), member("b", newsroom="sued", credits=[credit("abend.example", outlet_id="x")])], (0, 0, 1)),
    ("copies that credit one house under three names, and others another", [origin(newsroom="n0", credits=[credit("Zeit", outlet_id="x", newsroom="nord")]), *(copy(f"c{n}", newsroom=f"n{n}", credits=[credit(name, outlet_id="x", newsroom="nord")]) for n, name in enumerate(("Die Uhr", "uhr.example"))), *(copy(f"d{n}", newsroom=f"m{n}", credits=[credit("Bay")]) for n in range(2))], (1, 0, 1)),
    ("a label that nobody knows", [origin(newsroom="nord", credits=[credit("Office of Statistics", is_sure=False)])], (1, 0, 1)),
    ("a credit of its own", [origin(newsroom="nord", credits=[credit("The A")])], (1, 0, 1)),
    ("a credit of its own by the file", [origin(newsroom="nord", outlet_id="nord-post", credits=[credit("Nord", outlet_id="nord-post", newsroom="nord")])], (1, 0, 1)),
    ("an agency that only a label names", [origin(newsroom="nord", credits=[credit("AP", is_sure=False, agency="AP")])], (1, 0, 1)),
    ("an agency where a sentence says that the text appeared first", [origin(newsroom="nord", credits=[credit("AP", agency="AP")])], (0, 1, 1)),
    ("the same in one of two copies", [origin(newsroom="nord"), copy("b", newsroom="sued", credits=[credit("AP", agency="AP")])], (0, 1, 1)),
    ("the same beside a dispatch of that agency", [origin(newsroom="nord", credits=[credit("AP", agency="AP")]), member("b", newsroom="sued", agency="AP")], (0, 1, 1)),
    ("an agency and a house that one text credits", [origin(newsroom="nord", credits=[credit("Abend", newsroom="sued"), credit("AP", agency="AP")])], (1, 0, 1)),
    ("a portal that credits a house", [origin(newsroom=None, credits=[credit("Abend", newsroom="sued")])], (1, 0, 1)),
    ("a wire that a taker credits to a paper", [origin(newsroom="nord", agency="AP", credits=[credit("Abend", newsroom="sued")])], (0, 1, 1)),
    ("a revision", [origin(newsroom="nord"), member("b", kind="revision", copy_id="a", matched_id="a", newsroom="sued", agency="AP")], (1, 0, 1)),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_copy_group_counts_for_its_source(rows: list[Row], expected: tuple[int, int, int]) -> None:
    assert expected == counted(*rows)
    assert expected == counted(*rows[::-1])


def test_each_newsroom_is_named_with_the_article_that_is_the_evidence() -> None:
    """The source is the earliest by publication, though it was crawled after its takers; an excerpt is none."""
    rows = [
        origin(newsroom="taker", published_at=at(9)),
        copy("b", newsroom="writer", published_at=at(8)),
        copy("c", kind="excerpt", newsroom="quoter", published_at=at(7), jaccard=0.3, containment=1.0),
        member("d", newsroom="another"),
    ]

    assert [
        {"newsroom": "another", "article_id": "d"},
        {"newsroom": "writer", "article_id": "b"},
    ] == summarise(*rows)[0]["newsrooms"]


def test_a_story_with_an_article_has_a_source() -> None:
    row = origin(newsroom=None, agency=None, published_at=None)

    assert 1 == summarise(row)[0]["n_sources"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"published_at": at(0), "published_precision": "day"}, {"published_at": at(20)}),
        ({"published_at": at(9), "published_precision": "minute"}, {"published_at": at(9)}),
        ({"published_at": None}, {"published_at": at(23)}),
        ({"published_at": at(9), "word_count": 80}, {"published_at": at(9), "word_count": 90}),
        ({"published_at": None, "word_count": 80}, {"published_at": None, "word_count": 90}),
    ],
    ids=["a date is the end of its day", "a minute ends later than a second", "no time comes last", "the longer of two that tie", "the longer of two without a time"],
)  # fmt: skip
def test_the_source_is_the_first_in_the_order_of_flows(one: Row, other: Row) -> None:
    rows = [origin(newsroom="nord", **one), copy("b", newsroom="sued", **other)]

    assert [{"newsroom": "sued", "article_id": "b"}] == summarise(*rows)[0]["newsrooms"]


def test_the_evidence_for_a_credited_newsroom_is_the_first_article_that_has_its_text() -> None:
    rows = [
        origin(newsroom="nord", published_at=at(9), credits=[credit("Abend", newsroom="sued")]),
        copy("b", newsroom="ost", published_at=at(8), credits=[credit("Abend", newsroom="sued")]),
    ]

    assert [{"newsroom": "sued", "article_id": "b"}] == summarise(*rows)[0]["newsrooms"]
