"""What each report adds to its story."""

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.internal_tables import SAID
from pipeline.stories.additions import detect

Row = dict[str, Any]
DAY = dt.date(2026, 3, 5)
FIRST = "A fire destroyed a warehouse in Ostrand on Monday. Nobody was hurt."
OWNER = "The building belonged to the toymaker Halvorsen."
CAUSE = "Investigators suspect a faulty transformer."
PIANOS = "The flames consumed 86 pianos."


def article(name: str, text: str, hour: int = 9, **more: Any) -> Row:
    """A report of the day, unless `more` says otherwise; its copy group is its own."""
    return {
        "article_id": name,
        "story_id": "a",
        "copy_id": name,
        "kind": "report",
        "ingest_date": DAY,
        "published_at": dt.datetime.combine(DAY, dt.time(hour), dt.UTC),
        "published_precision": "minute",
        "language": "en",
        "title": None,
        "text": text,
        "is_new": True,
        "is_known": False,
    } | more


def added(*rows: Row) -> dict[str, Row]:
    """The rows of the reports by their ids."""
    return {row["article_id"]: row for row in detect(SAID.table(list(rows))).to_pylist()}


def adds(*rows: Row) -> dict[str, list[str]]:
    return {name: row["adds"] for name, row in added(*rows).items()}


ORIGIN = article("a", FIRST, 8, kind="origin")


def test_a_report_adds_what_nothing_before_it_says() -> None:
    found = added(ORIGIN, article("b", f"{FIRST} {OWNER}"), article("c", f"{FIRST} {OWNER} {CAUSE}", 10))

    assert {"b": [OWNER], "c": [CAUSE]} == {name: row["adds"] for name, row in found.items()}
    counts = ("n_sentences", "n_new_sentences", "new_share", "nothing_new")
    assert (4, 1, 0.25, False) == tuple(found["c"][name] for name in counts)


def test_a_report_that_repeats_what_was_said_adds_nothing() -> None:
    (row,) = added(ORIGIN, article("b", "Nobody was hurt by the fire in the Ostrand warehouse.")).values()

    assert ([], 0, 0.0, True) == (row["adds"], row["n_new_sentences"], row["new_share"], row["nothing_new"])


def test_only_reports_of_the_day_have_a_row() -> None:
    earlier = {"is_new": False, "ingest_date": DAY - dt.timedelta(1)}
    others = [
        article("c", OWNER, kind="exact", copy_id="a"),
        article("d", OWNER, kind="revision", copy_id="a"),
    ]

    assert {} == added(ORIGIN, *others)
    assert {"e"} == added(ORIGIN, article("b", OWNER, **earlier), article("e", CAUSE)).keys()


def test_the_three_sentences_with_the_most_that_is_new_are_shown_in_the_order_of_the_text() -> None:
    short = "Smoke drifted seawards."
    more = "Insurers Brandt and Okafor expect claims of 12,400 crowns."
    (row,) = added(ORIGIN, article("b", f"{short} {CAUSE} {PIANOS} {OWNER} {more}")).values()

    assert 5 == row["n_new_sentences"]
    assert 3 == len(row["adds"])
    assert row["adds"] == [s for s in (CAUSE, PIANOS, OWNER, more) if s in row["adds"]]
    assert {PIANOS, more} <= set(row["adds"])


def test_a_sentence_that_goes_on_and_on_is_shown_last() -> None:
    """It is a list, or what else lost its full stops."""
    endless = " ".join(f"Wex{a}{b} of Zor{b}{a}" for a in "abcdefg" for b in "klmnop") + "."
    text = f"{endless} {CAUSE} {PIANOS} {OWNER}"

    assert {"b": [CAUSE, PIANOS, OWNER]} == adds(ORIGIN, article("b", text))
    assert {"b": [endless, CAUSE]} == adds(ORIGIN, article("b", f"{endless} {CAUSE}"))


def test_within_a_day_the_time_of_publication_orders() -> None:
    """A date without an hour counts as its end; where no time is known, the article comes last."""
    whole = {"published_precision": "day", "published_at": dt.datetime.combine(DAY, dt.time(), dt.UTC)}
    at = {"early": {}, "of the day": whole, "at no time": {"published_at": None}}
    for first, last in [("early", "of the day"), ("early", "at no time")]:
        found = adds(ORIGIN, article("b", OWNER, 20, **at[last]), article("c", OWNER, 10, **at[first]))
        assert {"b": [], "c": [OWNER]} == found


def test_an_earlier_day_goes_before_an_earlier_time() -> None:
    """What was delivered first was read first."""
    before = {"is_new": False, "ingest_date": DAY - dt.timedelta(1)}

    assert {"c": []} == adds(ORIGIN | before, article("b", OWNER, 20, **before), article("c", OWNER, 7))


def test_a_headline_was_said_to_all_but_its_own_article() -> None:
    assert {"b": []} == adds(ORIGIN | {"title": OWNER}, article("b", OWNER))
    found = adds(ORIGIN, article("b", OWNER, title=f"{OWNER} {CAUSE}"), article("c", CAUSE, 10))
    assert {"b": [OWNER], "c": []} == found


def test_a_copy_that_is_published_before_its_report_takes_nothing_from_it() -> None:
    copy = article("c", f"{OWNER} {CAUSE}", 7, kind="expanded", copy_id="b")
    found = adds(ORIGIN, article("b", OWNER, 9), copy, article("d", CAUSE, 10))

    assert {"b": [OWNER], "d": []} == found


def test_a_later_capture_says_its_text_at_the_end_of_its_day() -> None:
    """Its time of publication is that of the first one."""
    capture = article("c", OWNER, 8, kind="revision", copy_id="a")

    assert {"b": [OWNER]} == adds(ORIGIN, capture, article("b", OWNER, 9))
    day_before = {"is_new": False, "ingest_date": DAY - dt.timedelta(1)}
    assert {"b": []} == adds(ORIGIN | day_before, capture | day_before, article("b", OWNER, 9))


def test_stories_do_not_hear_each_other() -> None:
    other = {"story_id": "x", "copy_id": "x", "article_id": "x", "kind": "origin"}

    assert {"b": [OWNER]} == adds(ORIGIN, article("x", OWNER, 7) | other, article("b", OWNER))


def test_the_first_report_in_a_language_is_compared_by_its_numbers_alone() -> None:
    """What share of it is new nobody can tell; the next one in the language is compared with it."""
    german = ["Das Feuer zerstörte 86 Klaviere.", "Die Polizei vermutet einen Defekt am Transformator."]
    found = added(
        ORIGIN,
        article("b", " ".join(german), language="de"),
        article(
            "c", " ".join([*german, "Eigentümer ist der Spielzeughersteller Halvorsen."]), 10, language="de"
        ),
    )

    assert ([german[0]], None, None, None) == tuple(
        found["b"][name] for name in ("adds", "n_new_sentences", "new_share", "nothing_new")
    )
    assert (1, False) == (found["c"]["n_new_sentences"], found["c"]["nothing_new"])


@pytest.mark.parametrize("text", ["", "\n", "…"])
def test_a_report_without_a_sentence_adds_nothing(text: str) -> None:
    (row,) = added(ORIGIN, article("b", text)).values()

    assert (0, 0.0, True) == (row["n_sentences"], row["new_share"], row["nothing_new"])


SENTENCES = (OWNER, CAUSE, PIANOS, *FIRST.split(". "))
texts = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4).map(" ".join)


@given(st.lists(texts, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_other_stories_change_nothing(said: list[str], draw: Any) -> None:
    """A report has the same row however its story's articles come, and whatever else is there."""
    rows = [ORIGIN, *(article(f"b{n}", text, 9 + n) for n, text in enumerate(said))]
    others = [
        row | {name: f"x{row[name]}" for name in ("article_id", "story_id", "copy_id")} for row in rows[::-1]
    ]
    mixed = [*rows, *others]
    draw.shuffle(mixed)

    expected, found = added(*rows), added(*mixed)

    assert expected == {name: found[name] for name in expected}
    assert len(found) == 2 * len(said)


@given(st.lists(texts, min_size=2, max_size=5))
def test_no_two_reports_of_a_story_add_the_same_sentence(said: list[str]) -> None:
    rows = (article(f"b{n}", text, 9 + n) for n, text in enumerate(said))
    told = [sentence for sentences in adds(ORIGIN, *rows).values() for sentence in sentences]

    assert len(told) == len(set(told))


def test_no_rows_make_no_rows() -> None:
    assert 0 == detect(SAID.empty()).num_rows
    assert isinstance(detect(SAID.empty()), pa.Table)
