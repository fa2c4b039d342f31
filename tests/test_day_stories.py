"""Stories of the day: what becomes of articles that a stage could not place."""

import datetime as dt

import pyarrow as pa
import pytest

from pipeline.day import stories
from pipeline.model.tables import MEMBERSHIPS


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


def test_a_copy_is_in_the_saga_of_its_origin() -> None:
    """Of an earlier day, too; where that day names none, the story is its own saga."""
    copies = {"article_id": ["new", "copy", "late", "later"], "copy_id": ["new", "new", "old", "ancient"]}
    copies |= {"kind": ["origin", "exact", "near", "near"], "matched_id": [None, "new", "old", "ancient"]}
    others = ("jaccard", "containment", "capture", "version", "agency")
    nulls = {name: pa.nulls(4, MEMBERSHIPS.schema.field(name).type) for name in others}
    placed = pa.table(copies | nulls)
    joined = pa.table(
        {"article_id": ["new"], "story_id": ["new"], "kind": ["origin"], "saga_id": ["a"]}
        | {name: pa.nulls(1, kind) for name, kind in (("matched_id", pa.string()), ("continues_id", pa.string()), ("story_score", pa.float64()))}
    )  # fmt: skip
    earlier = pa.table(
        {"article_id": ["old", "ancient"], "story_id": ["s", "ancient"], "saga_id": pa.array(["b", None])}
    )

    rows = stories.memberships_of(placed, joined, earlier, dt.date(2026, 3, 5)).to_pylist()

    assert ["a", "a", "b", "ancient"] == [row["saga_id"] for row in rows]
