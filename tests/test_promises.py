"""What the contract promises of rows: each promise is about something that is there."""

import pytest

from pipeline.model import promises
from pipeline.model.internal_tables import BY_NAME
from pipeline.model.kinds import Kind
from pipeline.model.promises import Adds, OneOf, Promise, Refers
from pipeline.model.tables import PUBLISHED


def _column(promise: Promise) -> str:
    return "" if isinstance(promise, Adds) else promise.column.partition(".")[0]


@pytest.mark.parametrize("promise", promises.PROMISES, ids=lambda one: f"{one.table}-{one.sentence[:40]}")
def test_a_promise_is_about_a_published_table_and_its_column(promise: Promise) -> None:
    contract = BY_NAME[promise.table]

    assert contract in PUBLISHED
    assert not _column(promise) or _column(promise) in contract.names
    assert promise.sentence.endswith(".")
    if isinstance(promise, Refers):
        assert BY_NAME[promise.to].key == (promises.KEYS[promise.to],)


def test_a_table_has_its_promises_and_no_others() -> None:
    assert {"memberships"} == {one.table for one in promises.of_table("memberships")}
    assert sum(len(promises.of_table(c.name)) for c in PUBLISHED) == len(promises.PROMISES)


def test_no_two_rules_of_a_table_have_one_name() -> None:
    named = [(one.table, one.name) for one in (*promises.SUMS, *promises.EVERYWHERE)]
    assert len(named) == len(set(named))


def test_closed_sets_are_those_of_the_code() -> None:
    (kinds,) = (
        o for o in promises.VALUES if isinstance(o, OneOf) and (o.table, o.column) == ("memberships", "kind")
    )

    assert set(Kind) == set(kinds.values)


@pytest.mark.parametrize("promise", promises.PROMISES, ids=lambda one: f"{one.table}-{one.rule}")
def test_each_rule_leads_to_what_it_says(promise: Promise) -> None:
    assert promise.sentence == promises.meaning(promise.table, promise.rule)


def test_rules_of_every_table_are_explained_too() -> None:
    """Those of a column or a key by what is promised of all, those of a count by what is promised of counts."""
    assert "No key is there twice." == promises.meaning("links", "article_id, other_id: key")
    assert "A column is null only where it may be." == promises.meaning("articles", "text: not_null")
    assert promises.meaning("runs", "n_raw: counted").startswith("Each count")
