"""Compared pairs, as the reading layer tells them."""

import pytest

from pipeline.explorer import links
from pipeline.explorer.snapshot import Snapshot
from pipeline.model.tables import ARTICLES, LINKS
from tests.explored import FIRST, Explored


@pytest.fixture(scope="module")
def snapshot(explored: Explored) -> Snapshot:
    return explored.library.snapshot()


def test_pairs_have_the_headlines_of_both(snapshot: Snapshot) -> None:
    rows = snapshot.read(LINKS, FIRST).to_pylist()
    titles = {row["article_id"]: row["title"] for row in snapshot.read(ARTICLES, FIRST).to_pylist()}

    for one in links.titled(snapshot, rows):
        assert (titles[one.article_id], titles[one.other_id]) == (one.title, one.other_title)
