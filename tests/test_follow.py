"""Flows of copy groups."""

import datetime as dt
from typing import Any

import pytest

from pipeline.flows import follow as following
from pipeline.flows.follow import follow
from pipeline.model.internal_tables import TAKEN
from pipeline.text.outlets import Outlets

DAY = dt.date(2026, 3, 5)
LINES = [
    f"On the {n}th evening of the strike the ferry to island {n} stayed in port {n + 3}." for n in range(20)
]


def article(
    outlet: str | None, minute: int | None, *, text: list[str] = LINES, day: int = 0, **more: Any
) -> dict[str, Any]:
    at = minute is not None and dt.datetime(2026, 3, 5, 9, tzinfo=dt.UTC) + dt.timedelta(minutes=minute)
    return {
        "article_id": f"{outlet} {minute}",
        "copy_id": "group",
        "ingest_date": DAY + dt.timedelta(day),
        "outlet": outlet,
        "published_at": at or None,
        "published_precision": "minute" if at else None,
        "word_count": len(" ".join(text).split()),
        "text": "\n".join(text),
        "furniture_removed": [],
        "authors": [],
        "is_new": day == 0,
        **more,
    }


FILE = (
    b"domain,outlet,is_agency,kind\nnord.example,Morgen,,\nsued.example,Morgen,,\n"
    b"wire.example,Norlandia Wire,true,\nportal.example,Portal,,portal\n"
)
OUTLETS = Outlets.parse(FILE, "houses.csv")


def flows(*articles: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = follow(TAKEN.table(list(articles)), OUTLETS).to_pylist()
    return found


def told(*articles: dict[str, Any]) -> list[tuple[Any, ...]]:
    names = ("from_name", "to_outlet", "kind", "lag_minutes", "confidence")
    return sorted(tuple(row[name] for name in names) for row in flows(*articles))


def test_each_outlet_has_one_row_and_the_source_none() -> None:
    times = [("Post", 0), ("Echo", 5), ("Echo", 9), ("Globe", 7), ("Post", 40)]

    assert [("Post", "Echo", "exact", 5, "earlier"), ("Post", "Globe", "exact", 7, "earlier")] == told(
        *(article(outlet, minute) for outlet, minute in times)
    )


def test_what_is_taken_is_compared_with_its_source() -> None:
    half, more = (
        LINES[:9],
        [*LINES, *(f"Harbour master {n} said that berth {n} was free." for n in range(20))],
    )
    found = told(article("Post", 0), article("Echo", 5, text=half), article("Globe", 9, text=more))

    assert ["excerpt", "expanded"] == [kind for _, _, kind, _, _ in found]
    shares = {
        row["to_outlet"]: row["share"] for row in flows(article("Post", 0), article("Echo", 5, text=half))
    }
    assert 1.0 == shares["Echo"]


def test_a_text_that_credits_is_stated_whatever_the_times_say() -> None:
    credit = ["This article first appeared in The Post."]

    assert [("Post", "Echo", "exact", -5, "stated")] == told(
        article("Post", 5), article("Echo", 0, furniture_removed=credit)
    )


def test_an_agency_gives_a_text_without_an_article_of_its_own() -> None:
    assert [("AFP", "Echo", None, None, "stated"), ("AFP", "Post", None, None, "unclear")] == told(
        article("Post", 0), article("Echo", 5, agency="AFP")
    )


def test_of_earlier_days_only_the_source_is_told() -> None:
    assert [("Post", "Echo", "exact", 5, "earlier")] == told(
        article("Post", 0, day=-1), article("Globe", 3, day=-1), article("Echo", 5)
    )


def test_a_source_that_comes_after_its_takers_is_told_of_all_of_them() -> None:
    found = flows(article("Echo", 5, day=-1), article("Post", 0))

    assert [("Post", "Echo", DAY)] == [(r["from_name"], r["to_outlet"], r["ingest_date"]) for r in found]


def test_of_outlets_without_a_name_nothing_is_said() -> None:
    assert [] == told(article(None, 0), article("Echo", 5), article(None, 9))


def test_the_order_of_the_rows_says_nothing() -> None:
    rows = [article("Post", 0), article("Echo", 5), article("Globe", 3), article("Herald", None)]

    assert follow(TAKEN.table(rows)).equals(follow(TAKEN.table(rows[::-1])))
    assert follow(TAKEN.empty()).num_rows == 0


def test_a_canonical_address_on_another_site_is_a_credit() -> None:
    """By its host, or by the outlet that the file or the host's own name says it is."""
    echo = article("Echo", 0, domain="echo.example", source_url="https://www.post.example/1/ferry")

    assert [("post.example", "Echo", None, None, "stated")] == told(echo)
    for outlet in ("post.example", "The Post"):
        source = article(outlet, 5, domain="post.example")
        assert [(outlet, "Echo", "exact", -5, "stated")] == told(echo, source)
    assert [("The Post", "Echo", "exact", -5, "stated")] == told(echo, article("The Post", 5))


def test_editions_of_one_outlet_of_the_file_take_nothing_from_each_other() -> None:
    nord, sued = (
        article("Morgen Nord", 0, domain="nord.example"),
        article("Morgen Sued", 9, domain="sued.example"),
    )
    linked = sued | {"source_url": "https://nord.example/1/ferry"}

    assert [] == told(nord, sued) == told(nord, linked) == told(linked)


def test_an_outlet_of_the_file_is_one_source_however_it_is_spelled() -> None:
    """It has one name and one id in the rows of a group."""
    said = ["Source: https://nord.example/1/ferry", "Originally published by The Morgen.", "Quelle: Morgen"]
    said += ["First published in Bay."] * 2
    takers = [article(f"Echo {n}", n, furniture_removed=[line]) for n, line in enumerate(said)]
    found = {(row["from_name"], row["from_outlet_id"]) for row in flows(*takers, article("Globe", 9))}
    silent = [
        row["from_name"] for row in flows(*takers, article("Globe", None)) if row["to_outlet"] == "Globe"
    ]

    assert {("Morgen", "Morgen"), ("Bay", None)} == found
    assert ["Morgen"] == silent


def test_an_outlet_under_two_spellings_takes_a_text_once() -> None:
    nord, sued = (article(f"Morgen {n}", 5, domain=f"{n}.example") for n in ("nord", "sued"))

    assert [("Morgen nord", "Morgen")] == [
        (row["to_outlet"], row["to_outlet_id"]) for row in flows(article("Post", 0), nord, sued)
    ]


def test_an_agency_of_the_file_is_credited_as_one_and_takes_nothing_from_itself() -> None:
    wire = article("The Norlandia Wire", 0, domain="wire.example", agency="Norlandia Wire")
    taker = article("Echo", 5, furniture_removed=["Source: Norlandia Wire"])

    assert [("Norlandia Wire", "Echo", "exact", 5, "stated")] == told(wire, taker)
    assert ["agency"] == [row["from_kind"] for row in flows(wire, taker)]


def test_a_portal_is_the_source_only_where_nobody_else_has_the_text() -> None:
    """However early it was."""
    portal, echo = article("Portal", 0, domain="portal.example"), article("Echo", 5, domain="echo.example")

    assert [("Echo", "Portal", "exact", -5, "unclear")] == told(portal, echo)
    copy = article("Portal 2", 9, domain="portal.example")
    assert [] == told(portal, copy)


def test_the_own_page_of_an_agency_is_the_agency() -> None:
    """Also where nobody states it."""
    wire, taker = article("The Norlandia Wire", 0, domain="wire.example"), article("Echo", 5)

    assert [("Norlandia Wire", "Echo", "exact", 5, "earlier")] == told(wire, taker)
    assert ["agency"] == [row["from_kind"] for row in flows(wire, taker)]


def test_credits_that_are_known_are_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """They give what reading them gives; what is null is read."""
    credit = "This article first appeared in The Post."
    rows = [article("Post", 5), article("Echo", 0, text=[*LINES, credit]), article("Globe", 9)]
    page = {"text": rows[1]["text"], "furniture_removed": [], "authors": [], "source_url": None}
    found = [one._asdict() for one in following.stated_credits(following.Page(**page), OUTLETS)]
    read = flows(*rows)

    n_read: list[object] = []
    real = following.stated_credits
    monkeypatch.setattr(following, "stated_credits", lambda *a: n_read.append(a) or real(*a))
    known = [rows[0] | {"credits": []}, rows[1] | {"credits": found}, rows[2]]
    assert flows(*known) == read
    assert len(n_read) == 1
