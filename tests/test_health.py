"""The state of the days, as the explorer shows it."""

from pathlib import Path

import pytest

from pipeline.explorer.health import health
from pipeline.explorer.snapshot import Snapshot
from pipeline.model.tables import ARTICLES
from tests.explored import AFTER, FIRST, HOSTILE, SCRIPT, SECOND, Explored, client_of, empty_source


@pytest.fixture(scope="module")
def snapshot(explored: Explored) -> Snapshot:
    return explored.library.snapshot()


def test_days_are_fresh_where_a_run_would_give_the_same(explored: Explored, snapshot: Snapshot) -> None:
    found = health(snapshot, explored.source.desk(), AFTER)

    assert [FIRST, SECOND, HOSTILE] == [one.day for one in found.days]
    assert {"fresh"} == {one.state for one in found.days}
    assert found.is_checked
    assert not found.begun


def test_a_day_with_other_raw_documents_is_stale_and_says_why(explored: Explored, snapshot: Snapshot) -> None:
    desk = explored.world.desk(landing="elsewhere")

    states = {one.day: one for one in health(snapshot, desk, AFTER).days}

    assert "stale" == states[FIRST].state
    assert "all raw documents are gone" in states[FIRST].reasons


def test_without_a_landing_zone_only_what_stands_is_told(snapshot: Snapshot) -> None:
    found = health(snapshot, None, AFTER)

    assert {"published"} == {one.state for one in found.days}
    assert not found.is_checked


def test_sizes_are_those_of_the_published_files(snapshot: Snapshot) -> None:
    found = health(snapshot, None, AFTER)
    articles = sum(snapshot.size_bytes(ARTICLES, day) for day in snapshot.days(ARTICLES))

    assert articles == next(one.n for one in found.sizes if one.name == "articles") > 0
    assert sum(one.n for one in found.sizes) == sum(one.size_bytes for one in found.days)


def test_only_the_newest_days_are_shown(snapshot: Snapshot) -> None:
    assert [HOSTILE] == [one.day for one in health(snapshot, None, AFTER, 1).days]


def test_sources_come_with_their_verdicts_and_why(explored: Explored, tmp_path: Path) -> None:
    """On the page and in the API alike; names of sources are text. Without a harvest there is nothing to show."""
    client = client_of(explored.source)
    first, *_, last = client.get("/api/v1/health").json()["sources"]
    page = client.get("/health").text

    assert (SCRIPT, "other_content", str(HOSTILE)) == (first["outlet"], first["health"], first["day"])
    assert ("Herald", "ok", [1_234]) == (last["outlet"], last["health"], last["pages"])
    assert "half of them fetched within 15 min" in last["sentence"]
    for said in ('id="sources"', first["sentence"], last["sentence"], "1,234"):
        assert said in page
    assert SCRIPT not in page
    assert 'id="sources"' not in client_of(empty_source(tmp_path)).get("/health").text
