"""Reading the texts finds what the index finds."""

from pathlib import Path

import pytest

from pipeline.search.hits import Hit, Wanted
from pipeline.search.query import parse
from pipeline.search.scan import DayScan
from tests.searched import SCRIPTS, article, holds, identifier, indexed, table

ROWS = [
    *(article(n, text, script) for n, (script, (text, _, _)) in enumerate(SCRIPTS.items())),
    article(50, "The ferry ran aground off Landego in fog.", "Ferry aground", outlet="Herald"),
    article(51, "A ferry again: the rudder did not answer. " * 3, "Rudder", domain="herald", language="en"),
    article(52, "Nothing of it. " * 20 + "ferry", None),
    article(53, "", "A headline with a f\u00aderry"),
    article(54, "x" * 500 + " " + "x" * 500 + "y", None),
]
STORIES = {row["article_id"]: row["story_id"] for row in ROWS}
QUERIES = [
    "ferry",
    "ferry rudder",
    '"ran aground"',
    "x" * 500,
    "x" * 499,
    "absent",
    "京",
    *(some[0] for _, some, _ in SCRIPTS.values()),
]


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("wanted", [Wanted(), Wanted(outlet="herald"), Wanted(language="EN")])
@pytest.mark.parametrize("wide", [False, True])
def test_a_scan_finds_what_the_index_finds(tmp_path: Path, query: str, wanted: Wanted, wide: bool) -> None:
    index, parsed = indexed(tmp_path, ROWS), parse(query)
    scan = DayScan(table(ROWS), STORIES, parsed, wanted)

    def ids(hits: list[Hit]) -> set[tuple[str, str]]:
        return {(hit.article_id, hit.story_id) for hit in hits}

    assert index.tally(parsed, wanted) == scan.tally()
    assert ids(index.hits(parsed, wanted, wide=wide)) == ids(scan.hits(wide=wide))
    if wanted == Wanted():
        assert {row["article_id"] for row in ROWS if holds(row, query)} == {
            one for one, _ in ids(scan.hits())
        }


def test_the_order_is_that_of_the_index(tmp_path: Path) -> None:
    query = parse("ferry")
    scan = DayScan(table(ROWS), STORIES, query, Wanted())
    ranks = {hit.article_id: hit.rank for hit in indexed(tmp_path, ROWS).hits(query, Wanted())}

    for hit in scan.hits():
        assert hit.rank == pytest.approx(ranks[hit.article_id], rel=0.25)
    assert sorted(ranks, key=lambda one: -ranks[one]) == [hit.article_id for hit in scan.hits()]


def test_an_article_without_a_story_is_not_told() -> None:
    scan = DayScan(table(ROWS), {identifier(50): identifier(50)}, parse("ferry"), Wanted())

    assert [identifier(50)] == [hit.article_id for hit in scan.hits()]
