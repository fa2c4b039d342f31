"""Joining: what keeps two events apart, and an oracle for the agglomeration."""

import datetime as dt
from itertools import combinations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model.internal_tables import TERMS
from pipeline.stories import assign, join, similarity
from pipeline.stories.field import LEAST_SHARED
from tests import story_texts as texts
from tests.placed import (
    FIRST,
    WINDOW_DAYS,
    day,
    drawn_articles,
    groups,
    joined,
    memberships,
    run_days,
    told,
    weighed,
)


def test_headlines_without_a_text_do_not_join_on_one_everyday_word() -> None:
    """Two words in common are enough."""
    rows = run_days(
        weighed(
            told(
                one=(0, ("Harbour closes", "Harbour closes")),
                two=(0, ("Harbour seals", "Harbour seals")),
                three=(0, ("Seals return", "Seals return to harbour")),
            )
        )
    )

    assert {joined("one"), joined("two", "three")} == groups(rows)


@pytest.mark.parametrize(
    ("one", "two", "language"),
    [
        (texts.WEATHER_EN_A, texts.WEATHER_EN_B, "en"),
        (texts.WEATHER_RU_A, texts.WEATHER_RU_B, "ru"),
        (texts.RESULTS_A, texts.RESULTS_B, "en"),
        (texts.CASES_A, texts.CASES_B, "en"),
    ],
    ids=["weather", "погода", "results", "cases"],
)
def test_one_form_filled_in_twice_is_two_stories(
    one: tuple[str, str], two: tuple[str, str], language: str
) -> None:
    """What two towns, companies or regions report in the same words on one day is no event of both."""
    rows = run_days(weighed(told(one=(0, one, language), two=(0, two, language))))

    assert {joined("one"), joined("two")} == groups(rows)


TARVEN_EN = (
    "Mayor Ilse Tamm opens pier in Kestrel Bay",
    "The pier cost 38,861,400 crowns, 12,719 of them for 317 lamps, and is 6.83 kilometres long. It holds 4,218 people and 596 boats.",
)
TARVEN_RU = (
    "В городе Кестрел-Бей мэр Ильзе Тамм открыла пирс",
    "Пирс обошёлся в 38 861 400 крон, из них 12719 на 317 фонарей; длина 6,83 километра. Он вмещает 4218 человек и 596 лодок.",
)


@pytest.mark.parametrize(("language", "n_stories"), [("ru", 1), ("en", 2)])
def test_nobody_is_a_stranger_for_another_alphabet(language: str, n_stories: int) -> None:
    """Names in two languages can't be compared: numbers in common suffice. In one language they part two texts."""
    rows = run_days(weighed(told(one=(0, TARVEN_EN), two=(0, TARVEN_RU, language))))

    assert n_stories == len(groups(rows))


@pytest.mark.parametrize("languages", [("en", None), (None, "en")])
@pytest.mark.parametrize("later", [0, 1])
def test_a_text_of_no_known_language_is_a_stranger_too(
    languages: tuple[str | None, str | None], later: int
) -> None:
    """One form, two towns: an article without a detected language is compared with all."""
    one, two = languages
    other = (
        texts.WEATHER_EN_B[0].replace("Dunmore", "Dunmoreham"),
        texts.WEATHER_EN_B[1].replace("Dunmore", "Dunmoreham"),
    )
    rows = run_days(weighed(told(one=(0, texts.WEATHER_EN_A, one), two=(later, other, two))))

    assert {joined("one"), joined("two")} == groups(rows)


def test_a_text_of_no_known_language_parts_no_story_of_two() -> None:
    """With it, a story speaks the languages that are known of it, and no more."""
    bits = np.array([0b01, 0b00, 0b00], np.int64)
    story, unknown = similarity.united(bits, np.array([0, 0, 1]), 2)

    assert not similarity.are_comparable(int(story), 0b10)
    assert similarity.are_comparable(int(unknown), 0b10)


def test_strangers_are_not_asked_to_join_an_open_story_either() -> None:
    """A form does not join yesterday's of the same kind, whose headline names another town."""
    rows = run_days(weighed(told(one=(0, texts.WEATHER_EN_A), two=(1, texts.WEATHER_EN_B))))

    assert 2 == len(groups(rows))


def test_a_roundup_joins_no_two_stories() -> None:
    """An article that touches five stories glues none of them together."""
    rows = run_days(
        weighed(
            told(
                peru1=(0, texts.QUAKE_A1),
                peru2=(0, texts.QUAKE_A2),
                norwood1=(0, texts.MATCH_A1),
                norwood2=(0, texts.MATCH_A2),
                roundup=(0, texts.ROUNDUP),
            )
        )
    )

    without = {group - {"roundup"} for group in groups(rows)} - {frozenset()}

    assert {joined("peru1", "peru2"), joined("norwood1", "norwood2")} == without


def test_silence_keeps_apart_what_is_alike() -> None:
    """The same words a year later, delivered on the same day, are another story."""
    later = weighed(told(later=(0, texts.QUAKE_A2)))
    at = pa.array([dt.datetime(2025, 1, 1, tzinfo=dt.UTC)], TERMS.schema.field("published_at").type)
    later = later.set_column(TERMS.names.index("published_at"), TERMS.schema.field("published_at"), at)

    assert 2 == len(groups(run_days(pa.concat_tables([weighed(told(first=(0, texts.QUAKE_A1))), later]))))


def test_two_open_stories_are_never_joined() -> None:
    """An id once given stays, also when an article comes that is near to two stories."""
    past = weighed(told(one=(0, texts.QUAKE_A1), two=(0, texts.QUAKE_A2)))
    placed = assign.assign_stories(
        weighed(told(new=(1, texts.FOLLOW))),
        past,
        TERMS.empty(),
        memberships({"one": "one", "two": "two"}),
        day=day(1),
        threshold=0.2,
        window_days=WINDOW_DAYS,
    ).to_pylist()

    assert [("new", "report")] == [(row["article_id"], row["kind"]) for row in placed]
    assert placed[0]["story_id"] in {"one", "two"}


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 25), st.integers(1, 6))
def test_a_first_day_is_joined_as_average_link_does(seed: int, n: int, n_events: int) -> None:
    """On a day without a past, where nothing may stand out, the groups are those of average link."""
    table = drawn_articles(seed, n, n_events)
    table = table.set_column(1, TERMS.schema.field(1), pa.array([FIRST] * n, pa.date32()))
    table = table.set_column(2, TERMS.schema.field(2), pa.nulls(n, TERMS.schema.field(2).type))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(similarity, "SHORT", 0)  # all vectors are of length one
        patch.setattr(join, "STAND_OUT", 1e9)
        patch.setattr(join, "LEAST", 0.0)
        placed = run_days(table.filter(pc.greater(pc.list_value_length(table["terms"]), 0)), threshold=0.4)

    assert _average_link(table, 0.4) == groups(placed)


def _average_link(table: pa.Table, threshold: float) -> set[frozenset[str]]:
    """First along near pairs: those that reach the threshold and share enough terms. A union may be near to what one of its parts is
    near to, and to nothing else. Then along all pairs: two groups may share the terms that no two of their members share.
    """
    vectors = {
        row["article_id"]: dict(zip(row["terms"], row["weights"], strict=True))
        for row in table.to_pylist()
        if row["terms"]
    }

    def similarity_of(one: frozenset[str], two: frozenset[str]) -> float:
        if len(set().union(*map(vectors.get, one)) & set().union(*map(vectors.get, two))) < LEAST_SHARED:
            return -1.0
        pairs = [(vectors[a], vectors[b]) for a in one for b in two]
        dots = [sum(weight * b.get(term, 0.0) for term, weight in a.items()) for a, b in pairs]
        return round(sum(dots) / len(dots), similarity.DECIMALS)

    found = {frozenset([name]) for name in vectors}
    for least in (threshold, 0.0):
        near = {pair: similarity_of(*pair) for pair in combinations(found, 2)}
        while near := {pair: score for pair, score in near.items() if score >= least}:
            joined = max(near, key=near.__getitem__)
            if near[joined] < threshold:
                break
            union = frozenset().union(*joined)
            beside = {group for pair in near if {*pair} & {*joined} for group in pair} - {*joined}
            near = {pair: score for pair, score in near.items() if not {*pair} & {*joined}}
            near |= {(union, group): similarity_of(union, group) for group in beside}
            found = found - {*joined} | {union}
    return found
