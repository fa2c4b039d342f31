"""Stories: the hard cases of joining on made-up texts, the promises, and an oracle for the agglomeration."""

import datetime as dt
import random
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model.errors import ContractError
from pipeline.model.internal_tables import TERMS
from pipeline.model.tables import ARTICLES
from pipeline.stories import assign, join, similarity, terms
from tests import story_texts as texts

Row = dict[str, Any]
Told = tuple[str, int, tuple[str, str], str]  # name, day, (title, text), language

FIRST = dt.date(2026, 3, 2)  # a Monday, as in the texts
THRESHOLD = 0.24
WINDOW_DAYS = 14


def day(n: int) -> dt.date:
    return FIRST + dt.timedelta(days=n)


def weighed(told: list[Told], *, dated: bool = True) -> pa.Table:
    names = ("article_id", "ingest_date", "published_at", "published_precision", "language", "title", "text")
    schema = pa.schema([ARTICLES.schema.field(n) for n in names])
    rows = [
        {
            "article_id": name,
            "ingest_date": day(n),
            "published_at": dt.datetime.combine(day(n), dt.time(8), dt.UTC) if dated else None,
            "language": language,
            "title": title,
            "text": text,
        }
        for name, n, (title, text), language in told
    ]
    return terms.weigh(pa.Table.from_pylist(rows, schema=schema))


def memberships(story_of: dict[str, str]) -> pa.Table:
    ids, found = pa.array(list(story_of), pa.string()), pa.array(list(story_of.values()), pa.string())
    return pa.table({"article_id": ids, "story_id": found})


def run_days(table: pa.Table, threshold: float = THRESHOLD) -> list[Row]:
    """Place a table of several days, day by day, as a pipeline does."""
    rows: list[Row] = []
    story_of: dict[str, str] = {}
    for now in sorted(set(table["ingest_date"].to_pylist())):
        open_from, old_from = (now - dt.timedelta(days=n * WINDOW_DAYS) for n in (1, 2))
        placed = assign.assign_stories(
            of_days(table, now, now + dt.timedelta(days=1)),
            of_days(table, open_from, now),
            of_days(table, old_from, open_from),
            memberships(story_of),
            day=now,
            threshold=threshold,
            window_days=WINDOW_DAYS,
        ).to_pylist()
        story_of |= {row["article_id"]: row["story_id"] for row in placed}
        rows += placed
    return rows


def of_days(table: pa.Table, first: dt.date, end: dt.date) -> pa.Table:
    date = table["ingest_date"]
    return table.filter(pc.and_(pc.greater_equal(date, pa.scalar(first)), pc.less(date, pa.scalar(end))))


def groups(rows: list[Row]) -> set[frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row["story_id"], set()).add(row["article_id"])
    return {frozenset(members) for members in found.values()}


def told(**articles: tuple[int, tuple[str, str]] | tuple[int, tuple[str, str], str]) -> list[Told]:
    return [(name, a[0], a[1], a[2] if len(a) == 3 else "en") for name, a in articles.items()]


def joined(*named: str) -> frozenset[str]:
    return frozenset(named)


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


def test_articles_without_a_date_join_by_delivery() -> None:
    """Without a publication the day of delivery stands for it."""
    table = weighed(
        told(first=(0, texts.QUAKE_A1), second=(0, texts.QUAKE_A2), later=(3, texts.FOLLOW)), dated=False
    )

    assert {joined("first", "second", "later")} == groups(run_days(table))


def test_dated_and_undated_articles_are_compared_by_delivery() -> None:
    """An archive delivered on one day, dated in part, is not torn apart."""
    dated = weighed(told(first=(0, texts.QUAKE_A1)))
    long_ago = pa.array([dt.datetime(2009, 1, 1, tzinfo=dt.UTC)], TERMS.schema.field("published_at").type)
    dated = dated.set_column(TERMS.names.index("published_at"), TERMS.schema.field("published_at"), long_ago)
    undated = weighed(told(second=(0, texts.QUAKE_A2)), dated=False)

    assert {joined("first", "second")} == groups(run_days(pa.concat_tables([dated, undated])))


def test_silence_keeps_apart_what_is_alike() -> None:
    """The same words a year later, delivered on the same day, are another story."""
    later = weighed(told(later=(0, texts.QUAKE_A2)))
    at = pa.array([dt.datetime(2025, 1, 1, tzinfo=dt.UTC)], TERMS.schema.field("published_at").type)
    later = later.set_column(TERMS.names.index("published_at"), TERMS.schema.field("published_at"), at)

    assert 2 == len(groups(run_days(pa.concat_tables([weighed(told(first=(0, texts.QUAKE_A1))), later]))))


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

    assert assign.PLACED == placed.schema
    assert 0 == placed.num_rows


def drawn_articles(seed: int, n: int, n_events: int) -> pa.Table:
    """Random articles of a few events over four days, some without terms or dates."""
    rng = random.Random(seed)
    rows = []
    for i in range(n):
        event, n_terms = rng.randrange(n_events), rng.choice([0, 3, 8, 8, 8])
        chosen = sorted(
            {rng.choice([event * 10 + rng.randrange(8), 1000 + rng.randrange(30)]) for _ in range(n_terms)}
        )
        weights = np.array([rng.random() + 0.1 for _ in chosen], dtype=np.float32)
        date = day(rng.randrange(4))
        rows.append(
            {
                "article_id": f"{i:04d}",
                "ingest_date": date,
                "published_at": rng.choice(
                    [None, dt.datetime.combine(date, dt.time(rng.randrange(24)), dt.UTC)]
                ),
                "language": "en",
                "terms": chosen,
                "weights": (weights / max(1e-9, float(np.sqrt((weights**2).sum())))).tolist(),
                "keywords": [],
                "names": [],
            }
        )
    return TERMS.table(rows)


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


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 25), st.integers(1, 6))
def test_a_first_day_is_joined_as_average_link_does(seed: int, n: int, n_events: int) -> None:
    """On a day without a past, where nothing may stand out, the groups are those of average link over pairs that share two terms."""
    table = drawn_articles(seed, n, n_events)
    table = table.set_column(1, TERMS.schema.field(1), pa.array([FIRST] * n, pa.date32()))
    table = table.set_column(2, TERMS.schema.field(2), pa.nulls(n, TERMS.schema.field(2).type))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(join, "STAND_OUT", 1e9)
        patch.setattr(join, "LEAST", 0.0)
        placed = run_days(table.filter(pc.greater(pc.list_value_length(table["terms"]), 0)), threshold=0.4)

    assert _average_link(table, 0.4) == groups(placed)


def _average_link(table: pa.Table, threshold: float) -> set[frozenset[str]]:
    vectors = {
        row["article_id"]: dict(zip(row["terms"], row["weights"], strict=True))
        for row in table.to_pylist()
        if row["terms"]
    }
    found = [[name] for name in vectors]

    def similarity_of(one: list[str], two: list[str]) -> float:
        if len(set().union(*map(vectors.get, one)) & set().union(*map(vectors.get, two))) < join.LEAST_SHARED:
            return -1.0
        dots = [sum(w * vectors[b].get(t, 0.0) for t, w in vectors[a].items()) for a in one for b in two]
        return round(sum(dots) / len(dots), similarity.DECIMALS)

    while len(found) > 1:
        score, one, two = max(
            ((similarity_of(found[i], found[j]), i, j) for j in range(len(found)) for i in range(j)),
            key=lambda f: f[0],
        )
        if score < threshold:
            break
        found[one] += found.pop(two)
    return {frozenset(names) for names in found}


def form(n: int, event: int) -> Row:
    """A made-up company's results: most of its weight lies on words that every such report has."""
    words = [*range(10), *range(1000 + 10 * event, 1010 + 10 * event)]
    weights = np.array([3.0] * 10 + [1.0] * 10, dtype=np.float32)
    return {
        "article_id": f"{n:05d}",
        "ingest_date": FIRST,
        "terms": words,
        "weights": (weights / np.sqrt((weights**2).sum())).tolist(),
        "names": [],
        "keywords": [],
    }


@pytest.mark.parametrize(("n", "expected"), [(similarity.MANY, similarity.MANY // 2), (60, 1)])
def test_a_form_that_many_share_is_no_event(n: int, expected: int) -> None:
    """On a large day what one article in twenty has joins nothing: two reports of each company's results find each other."""
    rows = run_days(TERMS.table([form(i, i // 2) for i in range(n)]))

    assert expected == len(groups(rows))


def test_explain_leaves_out_what_the_run_left_out() -> None:
    """The score that is explained is the score that decided, on a large day too."""
    table = TERMS.table([form(i, i // 2) for i in range(similarity.MANY)])
    rows = {row["article_id"]: row for row in run_days(table)}
    places = memberships({name: row["story_id"] for name, row in rows.items()})

    found = assign.explain_story("00001", table, places, {}, window_days=WINDOW_DAYS)

    assert ("00000", rows["00001"]["story_score"]) == (found["story_id"], found["score"])


def test_explain_says_that_two_forms_are_of_strangers() -> None:
    """Why what is near enough did not join: no headline names what the other knows."""
    table = weighed(told(one=(0, texts.WEATHER_EN_A), two=(0, texts.WEATHER_EN_B)))
    found = assign.explain_story(
        "one", table, memberships({"one": "one", "two": "two"}), {}, window_days=WINDOW_DAYS
    )

    assert found["next_best"]["are_strangers"]
    assert found["next_best"]["score"] > THRESHOLD
