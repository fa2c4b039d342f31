"""Sagas: stories that carry on one matter, and what never happens to them."""

import random

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.stories import sagas
from tests.placed import WINDOW_DAYS, Row, day, drawn_articles, memberships, run_days, told, weighed

CHARGED = (
    "Prosecutor charges Ramon Salcedo over harbour contract",
    (
        "Ramon Salcedo, the former mayor of Kestrel Bay, was charged with bribery over the dredging contract for the eastern pier. The"
        " prosecutor said that 38,861 crowns went to an account of his sister. Salcedo denies that he took money from the contractor."
    ),
)
ELECTED = (
    "Ilse Tamm elected mayor",
    (
        "Voters chose Ilse Tamm, a marine biologist, to follow Salcedo in Kestrel Bay on Sunday. She wants free ferries for pupils, a second lock at Orlin and"
        " cheaper heating for tenants. Her rival Bruno Okello, a brewer, conceded before midnight. Turnout was the lowest since the war, which"
        " pollsters put down to snow and to a televised hockey final. Tamm takes office in April; her party holds eleven of thirty seats and"
        " will need the Greens or the Farmers' League. Neighbouring Deshka re-elected its sheriff without a challenger."
    ),
)
VERDICT = (
    "Ramon Salcedo guilty of bribery over harbour contract",
    (
        "A court found Ramon Salcedo guilty of bribery over the dredging contract for the eastern pier of Kestrel Bay. The former mayor"
        " must pay back 38,861 crowns. Salcedo, who denied that he took money from the contractor, will appeal."
    ),
)
QUAKE = (
    "Villages near Tarven shaken by quake",
    "A quake of magnitude 6.8 shook villages above Tarven at night. Roofs fell in at Orlin and Deshka, and rescuers dug for a shepherd.",
)


def placed(**articles: tuple[int, tuple[str, str]]) -> dict[str, Row]:
    return {row["article_id"]: row for row in run_days(weighed(told(**articles)))}


def test_a_story_of_the_same_actor_joins_the_saga_and_stays_a_story() -> None:
    """Nobody who speaks of something else does."""
    rows = placed(charged=(0, CHARGED), elected=(3, ELECTED), quake=(3, QUAKE))

    assert ["charged", "elected", "quake"] == [rows[n]["story_id"] for n in ("charged", "elected", "quake")]
    assert ["charged", "charged", "quake"] == [rows[n]["saga_id"] for n in ("charged", "elected", "quake")]


def test_stories_that_begin_on_one_day_may_be_of_one_saga() -> None:
    rows = placed(charged=(0, CHARGED), elected=(0, ELECTED))

    assert 2 == len({row["story_id"] for row in rows.values()})
    assert 1 == len({row["saga_id"] for row in rows.values()})


def test_a_saga_goes_on_after_a_silence_and_keeps_its_name() -> None:
    """A story that continues one of a saga is in it, however long the whole takes."""
    rows = placed(charged=(0, CHARGED), elected=(10, ELECTED), verdict=(26, VERDICT), again=(52, VERDICT))

    assert ["verdict", "again"] == [rows[n]["story_id"] for n in ("verdict", "again")]
    assert rows["again"]["continues_id"] == "verdict"
    assert {"charged"} == {row["saga_id"] for row in rows.values()}


@pytest.mark.parametrize(("n_days", "n_sagas"), [(1, 1), (WINDOW_DAYS - 1, 1), (3 * WINDOW_DAYS, 2)])
def test_silence_counts_only_beyond_one_window(n_days: int, n_sagas: int) -> None:
    """An archive that came on one day: what was published within a window of silence is as near as on the next day."""
    table = weighed(told(charged=(0, CHARGED), elected=(n_days, ELECTED)))
    delivered = pa.array([day(0)] * table.num_rows, pa.date32())
    rows = run_days(table.set_column(table.column_names.index("ingest_date"), "ingest_date", delivered))

    assert 2 == len({row["story_id"] for row in rows})
    assert n_sagas == len({row["saga_id"] for row in rows})


def test_what_is_near_to_two_sagas_joins_one_and_leaves_the_other_alone() -> None:
    """No row of an earlier day changes, so no two sagas become one."""
    known = memberships({"a": "a", "b": "b"}, {"a": "a", "b": "old"})
    today = pa.table(
        {
            "story_id": ["x", "y", "z"],
            "kind": ["origin"] * 3,
            "continues_id": pa.array([None, "b", None], pa.string()),
        }
    )

    assert ["a", "old", "old"] == sagas.sagas_of(today, pa.array(["a", "a", "y"]), known).to_pylist()


def test_a_story_of_a_day_before_there_were_sagas_is_its_own() -> None:
    today = pa.table(
        {"story_id": ["a", "x"], "kind": ["report", "origin"], "continues_id": pa.nulls(2, pa.string())}
    )

    assert ["a", "a"] == sagas.sagas_of(today, pa.array([None, "a"]), memberships({"a": "a"})).to_pylist()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 40), st.integers(1, 6))
def test_a_saga_is_named_by_its_first_story_and_all_of_a_story_are_in_it(
    seed: int, n: int, n_events: int
) -> None:
    table = drawn_articles(seed, n, n_events)
    names = [[t[0]] if t else [] for t in table["terms"].to_pylist()]
    table = table.set_column(table.column_names.index("names"), "names", pa.array(names, table["names"].type))
    rows = run_days(table)

    saga_of: dict[str, str] = {}
    for row in rows:
        assert row["saga_id"] == saga_of.setdefault(row["story_id"], row["saga_id"])
    assert all(saga_of[saga] == saga for saga in saga_of.values())
    order = list(range(table.num_rows))
    random.Random(seed).shuffle(order)
    assert rows == run_days(table.take(pa.array(order)))
