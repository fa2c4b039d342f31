"""Placing a day's articles in stories: the hard cases on made-up texts, the promises, and what is explained."""

import random

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model.errors import ContractError
from pipeline.model.internal_tables import TERMS
from pipeline.stories import assign, similarity, terms
from tests import story_texts as texts
from tests.placed import (
    THRESHOLD,
    WINDOW_DAYS,
    day,
    drawn_articles,
    form,
    groups,
    joined,
    memberships,
    run_days,
    told,
    weighed,
)


def test_two_earthquakes_in_one_week_are_two_stories() -> None:
    """What is said of every earthquake does not join two of them."""
    rows = run_days(
        weighed(
            told(
                peru1=(0, texts.QUAKE_A1),
                peru2=(0, texts.QUAKE_A2),
                lombok1=(3, texts.QUAKE_B1),
                lombok2=(3, texts.QUAKE_B2),
            )
        )
    )

    assert {joined("peru1", "peru2"), joined("lombok1", "lombok2")} == groups(rows)


def test_two_earthquakes_on_one_day_are_two_stories() -> None:
    """Nor does the same day."""
    rows = run_days(
        weighed(
            told(
                peru1=(0, texts.QUAKE_A1),
                peru2=(0, texts.QUAKE_A2),
                lombok1=(0, texts.QUAKE_B1),
                lombok2=(0, texts.QUAKE_B2),
            )
        )
    )

    assert {joined("peru1", "peru2"), joined("lombok1", "lombok2")} == groups(rows)


def test_two_matches_of_one_league_on_one_day_are_two_stories() -> None:
    """Clubs and scorers tell two matches of a round apart."""
    rows = run_days(
        weighed(
            told(
                norwood1=(5, texts.MATCH_A1),
                norwood2=(5, texts.MATCH_A2),
                rovers1=(5, texts.MATCH_B1),
                rovers2=(5, texts.MATCH_B2),
            )
        )
    )

    assert {joined("norwood1", "norwood2"), joined("rovers1", "rovers2")} == groups(rows)


def test_a_follow_up_three_days_later_is_the_same_story() -> None:
    """A new toll after three days is news of the story, and says so."""
    rows = run_days(
        weighed(told(first=(0, texts.QUAKE_A1), second=(0, texts.QUAKE_A2), later=(3, texts.FOLLOW)))
    )

    assert {joined("first", "second", "later")} == groups(rows)
    assert ["origin", "report", "report"] == [row["kind"] for row in rows]


@pytest.mark.parametrize(
    "text",
    [texts.LIVE, texts.CORRECTION, texts.COLUMN, texts.HEAD],
    ids=["live", "correction", "column", "headline"],
)
def test_other_forms_of_the_news_join_it(text: tuple[str, str]) -> None:
    """A live blog, a correction, a column about it and a bare headline belong to the event."""
    rows = run_days(
        weighed(
            told(
                first=(0, texts.QUAKE_A1),
                second=(0, texts.QUAKE_A2),
                other=(0, text),
                match=(0, texts.MATCH_A1),
            )
        )
    )

    assert {joined("first", "second", "other"), joined("match")} == groups(rows)


def test_a_daily_market_report_is_a_story_a_day() -> None:
    """Two reports of one day on the market are one story, the next day's is another."""
    rows = run_days(weighed(told(one=(1, texts.MARKET1), same=(1, texts.MARKET1B), next=(2, texts.MARKET2))))

    assert {joined("one", "same"), joined("next")} == groups(rows)


def test_languages_are_told_apart_by_what_they_say() -> None:
    """On a mixed day each language's reports of an event find each other, and events stay apart."""
    rows = run_days(
        weighed(
            told(
                es1=(0, texts.ES1, "es"),
                es2=(0, texts.ES2, "es"),
                de1=(0, texts.DE2, "de"),
                de2=(0, texts.DE3, "de"),
                en1=(0, texts.MATCH_A1),
                en2=(0, texts.MATCH_A2),
            )
        )
    )

    assert {joined("es1", "es2"), joined("de1", "de2"), joined("en1", "en2")} == groups(rows)


def test_a_story_closes_after_a_window_without_news() -> None:
    """What would have joined a closed story begins one that continues it."""
    rows = run_days(
        weighed(
            told(
                first=(0, texts.QUAKE_A1),
                second=(0, texts.QUAKE_A2),
                late=(20, texts.FOLLOW),
                other=(20, texts.MATCH_A1),
            )
        )
    )

    assert {"first": None, "late": "first", "other": None} == {
        row["article_id"]: row["continues_id"] for row in rows if row["kind"] == "origin"
    }


def test_news_keeps_a_story_open() -> None:
    """A story that is told again within each window goes on under its first id."""
    rows = run_days(
        weighed(told(a=(0, texts.QUAKE_A1), b=(4, texts.QUAKE_A2), c=(9, texts.FOLLOW), d=(17, texts.LIVE)))
    )

    assert ["a", "a", "a"] == [row["story_id"] for row in rows][:3]


def test_a_report_names_an_earlier_article_and_its_score() -> None:
    """Every report names an article of its story that was there before it, and reaches half the threshold."""
    table = weighed(
        told(
            z=(0, texts.QUAKE_A1),
            y=(0, texts.QUAKE_A2),
            x=(1, texts.FOLLOW),
            w=(1, texts.COLUMN),
            v=(2, texts.MATCH_A1),
        )
    )
    rows = run_days(table)
    order = {
        row["article_id"]: n
        for n, row in enumerate(sorted(rows, key=lambda r: "yzxwv".index(r["article_id"])))
    }
    reports = [row for row in rows if row["kind"] == "report"]

    assert 3 == len(reports)
    assert all(order[row["matched_id"]] < order[row["article_id"]] for row in reports)
    assert all(row["story_score"] >= THRESHOLD / 2 for row in reports)
    assert all(
        row["matched_id"] is None and row["story_score"] is None for row in rows if row["kind"] == "origin"
    )


def test_explain_adds_up_and_names_what_is_shared() -> None:
    """The parts of a score are terms of the text, and the next-best story is farther."""
    table = weighed(
        told(
            first=(0, texts.QUAKE_A1),
            second=(0, texts.QUAKE_A2),
            lombok=(0, texts.QUAKE_B1),
            later=(2, texts.FOLLOW),
        )
    )
    rows = run_days(table)
    names = terms.name_terms(*texts.FOLLOW, "en")
    found = assign.explain_story(
        "later",
        table,
        memberships({r["article_id"]: r["story_id"] for r in rows}),
        names,
        window_days=WINDOW_DAYS,
    )
    score = next(row["story_score"] for row in rows if row["article_id"] == "later")

    assert abs(score - found["score"]) < 2e-6
    assert abs(found["similarity"] * found["time_factor"] - found["score"]) < 2e-6
    assert {"Salcedo", "Caraveli"} & {part["term"] for part in found["shared_terms"]}
    assert "lombok" == found["next_best"]["story_id"]
    assert found["next_best"]["score"] < found["score"]


def test_an_origin_without_membership_is_a_broken_run() -> None:
    """A row of the window that no membership knows stops the run, by name."""
    with pytest.raises(ContractError, match=r"day 2026-03-03: 1 rows of terms .* lost"):
        assign.assign_stories(
            weighed(told(new=(1, texts.FOLLOW))),
            weighed(told(lost=(0, texts.QUAKE_A1))),
            TERMS.empty(),
            memberships({}),
            day=day(1),
            threshold=THRESHOLD,
            window_days=14,
        )


def test_an_empty_day_places_nothing() -> None:
    """No articles, no rows, whatever the window holds."""
    placed = assign.assign_stories(
        TERMS.empty(),
        weighed(told(old=(0, texts.QUAKE_A1))),
        TERMS.empty(),
        memberships({"old": "old"}),
        day=day(1),
        threshold=THRESHOLD,
        window_days=14,
    )

    assert assign.IN_STORY == placed.schema
    assert 0 == placed.num_rows


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 40), st.integers(1, 8))
def test_the_order_of_rows_does_not_matter(seed: int, n: int, n_events: int) -> None:
    """Rows in any order and in any chunks are placed the same, score for score."""
    table = drawn_articles(seed, n, n_events)
    order = list(range(n))
    random.Random(seed + 1).shuffle(order)
    mixed = pa.concat_tables([table.take(pa.array(part, pa.int64())) for part in (order[:3], order[3:])])

    assert run_days(table) == run_days(mixed)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 40), st.integers(1, 8))
def test_the_promises_of_membership_hold(seed: int, n: int, n_events: int) -> None:
    """Every article has one place; a story's id is its origin's; a report's match is an earlier member of its story."""
    rows = {row["article_id"]: row for row in run_days(drawn_articles(seed, n, n_events))}

    assert n == len(rows)
    assert all((row["kind"] == "origin") == (row["story_id"] == name) for name, row in rows.items())
    assert all(rows[row["story_id"]]["kind"] == "origin" for row in rows.values())
    for row in rows.values():
        if row["kind"] == "report":
            assert rows[row["matched_id"]]["story_id"] == row["story_id"]
            assert row["story_score"] >= THRESHOLD / 2


def test_explain_leaves_out_what_the_run_left_out() -> None:
    """The score that is explained is the score that decided, on a large day too."""
    table = TERMS.table([form(i, i // 2) for i in range(similarity.MANY)])
    rows = {row["article_id"]: row for row in run_days(table)}
    places = memberships({name: row["story_id"] for name, row in rows.items()})

    found = assign.explain_story("00001", table, places, {}, window_days=WINDOW_DAYS)

    assert ("00000", rows["00001"]["story_score"]) == (found["story_id"], found["score"])


@pytest.mark.parametrize("language", ["en", None])
def test_explain_says_that_two_forms_are_of_strangers(language: str | None) -> None:
    """Why what is near enough did not join: no headline names what the other knows. An unknown language may be the same."""
    table = weighed(told(one=(0, texts.WEATHER_EN_A, language), two=(0, texts.WEATHER_EN_B)))
    found = assign.explain_story(
        "one", table, memberships({"one": "one", "two": "two"}), {}, window_days=WINDOW_DAYS
    )

    assert found["next_best"]["are_strangers"]
    assert found["next_best"]["score"] > THRESHOLD
