"""The list of stories: its order, its pages, its filters."""

from typing import Any

import pytest

from pipeline.explorer.snapshot import Snapshot
from pipeline.explorer.stories import Wanted, counted, stories
from pipeline.model.errors import SettingsError
from pipeline.model.tables import STORIES
from tests.explored import FIRST, HOSTILE, SECOND, Explored


@pytest.fixture(scope="module")
def snapshot(explored: Explored) -> Snapshot:
    return explored.library.snapshot()


def ids(snapshot: Snapshot, **wanted: Any) -> set[str]:
    return {one.story_id for one in stories(snapshot, Wanted(**wanted), 200).items}


def every(snapshot: Snapshot) -> list[dict[str, Any]]:
    return [row for day in snapshot.days(STORIES) for row in snapshot.read(STORIES, day).to_pylist()]


@pytest.mark.parametrize("sort", ["newsrooms", "size", "new"])
@pytest.mark.parametrize("limit", [1, 2, 3])
def test_the_pages_together_are_the_list_and_nothing_is_shown_twice(
    snapshot: Snapshot, sort: Any, limit: int
) -> None:
    whole = stories(snapshot, Wanted(sort=sort), 200)
    shown, cursor = [], None
    while True:
        page = stories(snapshot, Wanted(sort=sort), limit, cursor)
        shown += page.items
        assert whole.total == page.total
        if (cursor := page.next_cursor) is None:
            break
        assert limit == len(page.items)

    assert whole.items == shown
    assert len(every(snapshot)) == len(shown)


def test_the_order_is_by_newsrooms_by_size_or_by_the_newest(snapshot: Snapshot) -> None:
    def keys(sort: Any, *names: str) -> list[tuple[Any, ...]]:
        return [
            tuple(getattr(one, name) or 0 for name in names)
            for one in stories(snapshot, Wanted(sort=sort), 200).items
        ]

    for found in (
        keys("newsrooms", "n_newsrooms", "n_copy_groups", "n_articles"),
        keys("size", "n_articles", "n_copy_groups", "n_newsrooms"),
        [(one[0].toordinal(),) for one in keys("new", "last_date")],
    ):
        assert sorted(found, reverse=True) == found


def test_each_filter_leaves_what_it_says(snapshot: Snapshot) -> None:
    rows = every(snapshot)

    assert {r["story_id"] for r in rows if r["last_date"] >= SECOND} == ids(snapshot, first=SECOND)
    assert {r["story_id"] for r in rows if r["first_date"] <= FIRST} == ids(snapshot, last=FIRST)
    assert {r["story_id"] for r in rows if "Echo" in r["outlets"]} == ids(snapshot, outlet="echo")
    assert {r["story_id"] for r in rows if "en" in r["languages"]} == ids(snapshot, language="EN")
    assert {r["story_id"] for r in rows if r["n_articles"] >= 3} == ids(snapshot, least_articles=3)
    assert {r["story_id"] for r in rows if (r["n_newsrooms"] or 0) >= 2} == ids(snapshot, least_newsrooms=2)
    assert not ids(snapshot, outlet="Nobody")


def test_a_search_wants_every_word_in_any_case(snapshot: Snapshot) -> None:
    both = ids(snapshot, words="norrLAND timber")

    assert both
    assert both <= ids(snapshot, words="norrland")
    assert not ids(snapshot, words="norrland xylophone")
    assert ids(snapshot, words="nordkap", first=HOSTILE)


def test_signs_of_patterns_are_letters_like_others(snapshot: Snapshot) -> None:
    assert not ids(snapshot, words="n.rrland.*")
    assert not ids(snapshot, words="%")


def test_a_cursor_of_another_list_is_refused(snapshot: Snapshot) -> None:
    with pytest.raises(SettingsError):
        stories(snapshot, Wanted(), 5, "WzFd")


def test_counts_are_sorted_and_ties_go_by_name() -> None:
    assert [("b", 2), ("a", 1), ("c", 1)] == [(one.name, one.n) for one in counted(["c", "b", "a", "b"], 5)]
