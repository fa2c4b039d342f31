"""Stories of the day: what becomes of articles that a stage could not place."""

import pyarrow as pa
import pytest

from pipeline.day import stories


@pytest.fixture
def placed() -> pa.Table:
    return pa.table({"article_id": ["a"], "copy_id": ["a0"], "kind": ["near"], "score": [0.5]})


def test_an_article_without_a_place_is_the_origin_of_a_group_of_its_own(placed: pa.Table) -> None:
    """It has no figures: nothing was compared."""
    every = pa.chunked_array([["a", "b"], ["c"]])

    rows = stories.alone(placed, every, "copy_id").to_pylist()

    assert placed.to_pylist() == rows[:1]
    assert [{"article_id": i, "copy_id": i, "kind": "origin", "score": None} for i in ("b", "c")] == rows[1:]


def test_where_every_article_has_a_place_nothing_is_added(placed: pa.Table) -> None:
    assert placed is stories.alone(placed, pa.chunked_array([["a"]]), "copy_id")
