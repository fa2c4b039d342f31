"""One story, as the reading layer tells it."""

from typing import Any

import pytest

from pipeline.explorer.models import Member, Story
from pipeline.explorer.snapshot import Snapshot
from pipeline.explorer.stories import Wanted, stories
from pipeline.explorer.story import find, members_of, refuse_malformed, role_of, story_page, timeline_of
from pipeline.model.errors import MissingInputError, SettingsError
from pipeline.model.kinds import Kind
from tests.explored import FIRST, SECOND, Explored


@pytest.fixture(scope="module")
def snapshot(explored: Explored) -> Snapshot:
    return explored.library.snapshot()


@pytest.fixture(scope="module")
def story(snapshot: Snapshot) -> Story:
    largest = stories(snapshot, Wanted(sort="size", last=FIRST), 1).items[0]
    return story_page(snapshot, largest.story_id, 0.24)


def test_every_article_of_a_story_stands_once_under_its_text(snapshot: Snapshot, story: Story) -> None:
    row = find(snapshot, story.story.story_id)
    shown = [one for group in story.groups for one in (group.head, *group.copies)]

    assert sorted(row["members"]) == sorted(one.article_id for one in shown)
    assert row["n_copy_groups"] == len(story.groups) == story.n_groups
    for group in story.groups:
        assert {group.head.copy_id} == {one.copy_id for one in (group.head, *group.copies)}


def test_a_story_names_its_canonical_article_and_its_weakest_member(snapshot: Snapshot, story: Story) -> None:
    shown = [one for group in story.groups for one in (group.head, *group.copies)]
    scores = [one.story_score for one in shown if one.story_score is not None]

    assert [story.canonical_id] == [one.article_id for one in shown if one.is_canonical]
    assert story.canonical_text
    weakest = [one.story_score for one in shown if one.is_weakest]
    assert weakest == ([min(scores)] if len(scores) > 1 else [])


def test_the_timeline_has_one_first_and_tells_copies_from_texts_of_their_own(story: Story) -> None:
    roles = [mark.role for mark in story.timeline]

    assert "copy" in roles
    assert sorted(mark.at for mark in story.timeline) == [mark.at for mark in story.timeline]
    assert story.story.n_articles == sum(one.n for one in story.growth)


def told(**times: tuple[str, str | None]) -> list[Member]:
    """Members by article_id, each with a time and how exactly it is known."""
    none = dict.fromkeys(Member.model_fields) | {
        "day": FIRST,
        "adds": [],
        "is_weakest": False,
        "is_canonical": False,
    }
    return [
        Member.model_validate(
            none | {"article_id": one, "published_at": at, "published_precision": precision}
        )
        for one, (at, precision) in times.items()
    ]


@pytest.mark.parametrize(
    ("times", "first"),
    [
        ({"a": ("2026-03-05T09:00Z", "minute"), "b": ("2026-03-05T08:00Z", "second")}, ["b"]),
        ({"a": ("2026-03-05T00:00Z", "day"), "b": ("2026-03-05T20:00Z", "minute")}, ["b"]),
        ({"a": ("2026-03-05T00:00Z", "day"), "b": ("2026-03-06T08:00Z", "minute")}, ["a"]),
        ({"a": ("2026-03-05T00:00Z", "day"), "b": ("2026-03-05T00:00Z", "day")}, []),
        ({"a": (None, None), "b": (None, None), "c": ("2026-03-06T08:00Z", "minute")}, []),
    ],
)
def test_the_first_is_told_only_where_it_is_known(times: Any, first: list[str]) -> None:
    marks = timeline_of(told(**times))

    assert first == [mark.article_id for mark in marks if mark.role == "first"]
    assert len(times) == len(marks)


def test_what_is_no_id_and_what_is_not_there_are_told_apart(snapshot: Snapshot) -> None:
    for identifier in ("", "x" * 32, "20261345" + "0" * 24, "20260305", "2026030" + "F" * 25):
        with pytest.raises(SettingsError):
            refuse_malformed(identifier)
    with pytest.raises(MissingInputError):
        find(snapshot, f"{FIRST:%Y%m%d}" + "0" * 24)


def test_every_kind_has_a_role() -> None:
    assert all(role_of(kind) != "unknown" for kind in Kind)
    assert "unknown" == role_of(None)


def test_members_of_a_day_that_is_away_are_kept_as_ids(snapshot: Snapshot, story: Story) -> None:
    row = find(snapshot, story.story.story_id)
    gone = f"{SECOND:%Y%m%d}" + "0" * 24

    found = members_of(snapshot, row | {"members": [*row["members"], gone]})

    assert (gone, None, None) == (found[-1].article_id, found[-1].title, found[-1].kind)
