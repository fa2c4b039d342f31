"""Rows of a table that the tests of the warehouse publish."""

from tests.conftest import DAY


def rows(*ids: str) -> list[dict[str, object]]:
    return [{"article_id": i, "ingest_date": DAY, "copy_id": i, "story_id": i, "kind": "origin"} for i in ids]
