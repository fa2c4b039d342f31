"""Summaries: which article stands for a story, and what is counted."""

import datetime as dt
import random
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.internal_tables import MEMBERS
from pipeline.model.tables import STORIES
from pipeline.stories import summary

Row = dict[str, Any]
DAY = dt.date(2026, 3, 5)


def member(name: str, **fields: Any) -> Row:
    row: Row = {
        "article_id": name, "ingest_date": DAY, "copy_id": name, "story_id": "a", "kind": "report", "story_score": 0.5,
        "canonical_url": f"https://{name}.example/news", "outlet": f"The {name.upper()}", "title": f"Title {name}",
        "lead": f"Lead {name}.", "language": "en", "authors": [], "word_count": 200, "is_stub": False, "keywords": [],
        "published_precision": None,
    }  # fmt: skip
    return row | fields


def origin(name: str = "a", **fields: Any) -> Row:
    return member(name, kind="origin", story_id=name, story_score=None) | fields


def summarise(*rows: Row) -> list[Row]:
    return STORIES.conform(summary.summarise(MEMBERS.table(list(rows)))).to_pylist()  # type: ignore[no-any-return]


def at(hour: int, day: int = 5) -> dt.datetime:
    return dt.datetime(2026, 3, day, hour, tzinfo=dt.UTC)


def test_reach_and_confirmation_are_counted_apart() -> None:
    """Forty pasted texts are forty articles and outlets, and one text."""
    copies = [member(f"c{n}", kind="exact", copy_id="a", story_score=None) for n in range(40)]
    story = summarise(origin(), *copies)[0]

    assert (41, 40, 1, 41) == tuple(
        story[n] for n in ("n_articles", "n_copies", "n_copy_groups", "n_outlets")
    )


def test_every_kind_of_copy_is_reach() -> None:
    """Near copies, excerpts and expansions are copies; reports are not."""
    kinds = ("exact", "near", "excerpt", "expanded")
    story = summarise(
        origin(), *(member(k, kind=k, copy_id="a", story_score=None) for k in kinds), member("r")
    )[0]

    assert (6, 4, 2) == tuple(story[n] for n in ("n_articles", "n_copies", "n_copy_groups"))


def test_refetches_are_not_counted() -> None:
    """An article fetched again is no article, no member, no outlet and not the one to read."""
    again = member(
        "0", kind="refetch", copy_id="a", outlet="Elsewhere", ingest_date=DAY + dt.timedelta(days=1)
    )
    story = summarise(origin(), again)[0]

    assert (1, ["a"], ["The A"], DAY) == tuple(
        story[n] for n in ("n_articles", "members", "outlets", "last_date")
    )


def test_an_outlet_is_counted_once_and_an_unknown_one_not() -> None:
    """Outlets are names; without one the host stands for it; without either there is none."""
    rows = [
        origin(outlet="Post"),
        member("b", outlet="Post"),
        member("c", outlet=None, canonical_url="https://www.herald.example/x"),
        member("d", outlet=None, canonical_url=None),
    ]

    assert ["Post", "herald.example"] == summarise(*rows)[0]["outlets"]


def test_members_stand_by_day_then_publication_then_id() -> None:
    """What has no publication stands at the end of its day."""
    next_day = DAY + dt.timedelta(days=1)
    rows = [
        member("d", ingest_date=next_day, published_at=at(1)),
        member("c", published_at=None),
        member("b", published_at=at(9)),
        origin(published_at=at(9)),
    ]

    assert ["a", "b", "c", "d"] == summarise(*rows)[0]["members"]


CANONICAL = [
    ("earliest", [origin(published_at=at(9)), member("b", published_at=at(8))], "b", "earliest"),
    ("the first of one date", [origin(published_at=at(0), published_precision="day"), member("b", published_at=at(0), published_precision="day")], "a", "first by day and id"),
    ("the earlier date", [origin(published_at=at(0), published_precision="day"), member("b", published_at=at(8, day=6))], "a", "earliest"),
    ("the first where no time is known", [origin(), member("b")], "a", "first by day and id"),
    ("described", [origin(published_at=at(8), title=None), member("b", published_at=at(9))], "b", "with headline, address and outlet"),
    ("described best", [origin(outlet=None, title=None, canonical_url=None), member("b", canonical_url=None)], "b", "best described"),
    ("complete before described", [origin(is_stub=True), member("b", canonical_url=None)], "b", "complete text"),
    ("the only one", [origin()], "a", "the only article"),
    ("complete", [origin(is_stub=True), member("b")], "b", "complete text"),
    ("no brief that a fuller text came after", [origin(), member("b", kind="exact", copy_id="a"), member("c", kind="expanded", copy_id="a")], "c", "complete text"),
    ("no excerpt", [origin(kind="excerpt", story_id="a"), member("b", kind="expanded", copy_id="a")], "b", "complete text"),
    ("an agency that it states", [origin(), member("b", supplier="Reuters")], "b", "agency text (Reuters)"),
    ("a stub by an agency", [origin(), member("b", supplier="AP", is_stub=True)], "a", "complete text"),
    ("an agency that only its likeness tells", [origin(), member("b", agency="Reuters")], "a", "first by day and id"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "expected", "reason"), [c[1:] for c in CANONICAL], ids=[c[0] for c in CANONICAL]
)
def test_the_article_to_read(rows: list[Row], expected: str, reason: str) -> None:
    """Complete before partial, then the agency that wrote it, then the earliest; the reason says which decided."""
    story = summarise(*rows)[0]

    assert expected == story["canonical_id"]
    assert f"Title {expected}" == story["title"]
    assert reason == story["canonical_reason"]


def test_the_title_says_whose_it_is_and_the_address_is_a_link() -> None:
    rows = [
        origin(title=None, url="https://a.example/News?utm_source=feed"),
        member("b", canonical_url=None, outlet=None, is_stub=True),
    ]
    story = summarise(*rows)[0]

    assert ("a", "https://a.example/News?utm_source=feed") == (story["canonical_id"], story["url"])
    assert ("Title b", "b", "Title b") == (story["title"], story["title_from"], story["label"])


def test_the_lead_is_a_sentence() -> None:
    """Of a paragraph, the first one; it is that of the article to read."""
    lead = "Crews of the Lisbon ferries ended their strike on Friday. Ferries sail again from Monday."

    assert lead.split(". ", maxsplit=1)[0] + "." == summarise(origin(lead=lead))[0]["lead"]
    assert summarise(origin(lead=None))[0]["lead"] is None


def test_scores_dates_and_languages() -> None:
    """Figures come from the reports, times from those who state one."""
    rows = [
        origin(published_at=at(8), continues_id="old"),
        member("b", story_score=0.4, language="es"),
        member("c", story_score=0.6, published_at=at(10), language=None, continues_id=None),
    ]
    story = summarise(*rows)[0]

    assert (0.5, 0.4) == (story["mean_score"], story["weakest_score"])
    assert (at(8), at(10)) == (story["first_published_at"], story["last_published_at"])
    assert ["en", "es"] == story["languages"]
    assert "old" == story["continues_id"]


def test_a_date_without_an_hour_is_never_the_first_of_its_day() -> None:
    """It counts as the end of its day: in the order of members, for the article to read, and for the first publication."""
    day = {"published_at": at(0), "published_precision": "day"}
    story = summarise(origin("a", **day), member("b", published_at=at(20), published_precision="minute"))[0]
    next_day = summarise(
        origin("a", **day), member("b", published_at=at(1, day=6), published_precision="minute")
    )[0]
    only_days = summarise(origin("a", **day), member("b", **day))[0]

    assert (["b", "a"], "b", at(20)) == (story["members"], story["canonical_id"], story["first_published_at"])
    assert at(20) == story["last_published_at"]
    assert (["a", "b"], at(0)) == (next_day["members"], next_day["first_published_at"])
    assert (["a", "b"], at(0), at(0)) == tuple(
        only_days[n] for n in ("members", "first_published_at", "last_published_at")
    )


def test_stories_are_summed_up_each_for_itself_in_any_order() -> None:
    """Rows of several stories in any order give the same rows."""
    rows = [
        origin(),
        member("b"),
        origin("x"),
        member("y", story_id="x"),
        member("z", story_id="x", published_at=at(3)),
    ]
    expected = summarise(*rows)
    random.Random(1).shuffle(rows)

    assert expected == summarise(*rows)
    assert [2, 3] == [story["n_articles"] for story in expected]


def test_no_members_no_stories() -> None:
    """An empty table of members, or refetches alone, give no story."""
    assert [] == summarise()
    assert [] == summarise(member("b", kind="refetch"))


def test_an_address_that_is_none_names_no_publisher() -> None:
    """A bracket that begins no IPv6 address makes the parser of addresses raise."""
    story = summarise(origin(outlet=None, canonical_url="https://[broken/news"))[0]

    assert (0, [], "https://[broken/news") == tuple(
        story[n] for n in ("n_outlets", "outlets", "canonical_url")
    )


def test_of_members_that_can_not_be_read_only_the_place_is_told() -> None:
    """They count; the others say what the story is about. If there are none, nothing does."""
    rows = MEMBERS.table([origin(language="de"), member("b", outlet=None)])
    read, unread = rows.slice(0, 1), rows.slice(1)

    (some,) = summary.plainly(read, unread).to_pylist()
    (none,) = summary.plainly(rows.slice(0, 0), rows).to_pylist()

    assert (2, ["a", "b"], "Title a", ["de"]) == tuple(
        some[n] for n in ("n_articles", "members", "title", "languages")
    )
    assert (2, ["a", "b"], None, [], "a") == tuple(
        none[n] for n in ("n_articles", "members", "title", "languages", "canonical_id")
    )


@pytest.mark.parametrize(
    "lead", [None, "", "One. Two words. And more of them. Never read.", "。", "A.\u200b B said it there."]
)
def test_of_a_lead_a_member_keeps_what_its_story_can_show(lead: str | None) -> None:
    """Articles may be retired, and a member may still become the one to read."""
    (whole,), (kept,) = (summarise(origin(lead=one)) for one in (lead, summary.lead_shown(lead)))

    assert whole == kept


LEAD = "The river rose over its banks on Monday. Nobody was hurt."


def test_the_leads_of_many_articles_are_shown_row_by_row() -> None:
    articles = pa.table({"article_id": ["a", "b", "c"], "lead": [LEAD, None, ""]})

    shown = summary.leads_shown(articles).to_pylist()

    assert [(row["article_id"], row["lead"]) for row in shown] == [
        ("a", LEAD.removesuffix(" Nobody was hurt.")),
        ("b", None),
        ("c", ""),
    ]


@given(st.text(st.sampled_from("Aab .。!\u200b1\n”")))
def test_whatever_the_lead_is_its_first_sentence_is_enough(lead: str) -> None:
    (whole,), (kept,) = (summarise(origin(lead=one)) for one in (lead, summary.lead_shown(lead)))

    assert whole == kept


def test_where_scores_alone_are_others_a_story_says_nothing_else() -> None:
    """Stories none of whose members are given stay as they are."""
    rows = [origin(), member("b"), member("c", story_score=0.7), origin("d"), member("e", story_id="d")]
    others = [
        row | ({"story_score": 0.2 + n / 7} if row["story_score"] else {}) for n, row in enumerate(rows)
    ]
    before, after = (summary.summarise(MEMBERS.table(some)) for some in (rows, others))

    assert after != before
    assert after == summary.with_scores(before, MEMBERS.table(others))
    assert after == summary.with_scores(after, MEMBERS.empty())
    own = [row for row in others if row["story_id"] == "d"]
    assert [before.slice(0, 1), after.slice(1)] == [
        summary.with_scores(before, MEMBERS.table(own)).slice(n, 1) for n in range(2)
    ]
