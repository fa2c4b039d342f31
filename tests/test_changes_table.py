"""The journal of changes: what it says of itself."""

from pipeline.model.changes_table import CHANGES, Cause, Op
from pipeline.model.contract import VERSION
from pipeline.model.tables import JOURNALS, PUBLISHED


def test_every_value_is_named_where_the_column_is_described() -> None:
    meanings = {column.name: column.meaning for column in CHANGES.columns}

    assert [] == [op for op in Op if f"`{op}`" not in meanings["op"]]
    assert [] == [cause for cause in Cause if f"`{cause}`" not in meanings["cause"]]


def test_a_journal_is_no_table_of_days() -> None:
    assert set() == set(JOURNALS) & set(PUBLISHED)
    assert {VERSION} == {column.since for column in CHANGES.columns}
