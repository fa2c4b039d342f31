"""What a day is made from."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.day import inputs
from pipeline.model import versions
from pipeline.model.internal_tables import LINES
from pipeline.model.tables import ARTICLES, MEMBERSHIPS
from pipeline.settings import load
from pipeline.store.storage import Entry

DAY = date(2026, 3, 20)


@given(st.dictionaries(st.text(), st.text(), min_size=1))
def test_a_digest_of_names_and_values_does_not_depend_on_their_order(values: dict[str, str]) -> None:
    """It does on every name and value."""
    backwards = dict(reversed(values.items()))
    name, value = next(iter(values.items()))

    assert inputs.of_mapping(values) == inputs.of_mapping(backwards)
    assert inputs.of_mapping(values) != inputs.of_mapping(values | {name: value + "x"})


def test_the_listing_changes_when_a_file_is_replaced_by_one_of_the_same_size() -> None:
    one, other = (Entry(f"day={DAY}/a.jsonl", 7, version) for version in ("1", "2"))

    assert inputs.of_listing([one]) != inputs.of_listing([other])


def test_a_day_reads_two_windows_of_places_and_one_of_lines() -> None:
    """A story's memory, and the origins of copies, reach back one window more than furniture does."""
    read = inputs.read_by(load(landing="l", warehouse="w", window_days=3), DAY)

    before = [DAY - timedelta(n) for n in range(6, 0, -1)]
    assert before[3:] == [day for contract, day in read if contract is LINES]
    for contract in (ARTICLES, MEMBERSHIPS):
        assert before == [day for one, day in read if one is contract]


def test_no_day_that_reads_a_retired_one_can_be_made_again() -> None:
    chosen = load(landing="l", warehouse="w", window_days=3)
    first = inputs.closed_before(chosen, DAY)

    assert min(day for _, day in inputs.read_by(chosen, first)) == DAY
    assert date.min == inputs.closed_before(chosen, date.min)


def test_the_recipe_names_the_settings_and_the_rules_of_each_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = load(landing="l", warehouse="w")
    before = inputs.recipe(chosen)
    monkeypatch.setattr(versions, "RULES", versions.RULES | {"copies": 99})

    after = inputs.recipe(chosen)

    assert {"settings", "outlets", *(f"rules/{stage}" for stage in versions.RULES)} == set(before)
    assert {"rules/copies"} == {name for name in after if after[name] != before[name]}
