"""Two articles side by side: what is marked as shared, and the decision in a sentence."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.explorer import pair
from pipeline.explorer.models import Side
from pipeline.explorer.snapshot import Snapshot
from pipeline.model.kinds import Kind
from pipeline.model.tables import ARTICLES, LINKS, MEMBERSHIPS
from tests.explored import FIRST, HOSTILE, SECOND, Explored

THRESHOLD = 0.24


@pytest.fixture(scope="module")
def snapshot(explored: Explored) -> Snapshot:
    return explored.library.snapshot()


def text_of(side: Side) -> str:
    return " ".join(" ".join(one.text for one in side.segments).split())


def pairs(snapshot: Snapshot) -> Iterable[tuple[str, str]]:
    ids = snapshot.read(ARTICLES, FIRST)["article_id"].to_pylist()
    return ((one, other) for one in ids for other in ids if one != other)


def test_the_segments_of_a_side_are_its_text(snapshot: Snapshot) -> None:
    texts = {row["article_id"]: row["text"] for row in snapshot.read(ARTICLES, FIRST).to_pylist()}
    for one, other in pairs(snapshot):
        found = pair.pair_page(snapshot, one, other, THRESHOLD)
        assert " ".join(texts[one].split()) == text_of(found.one)
        assert " ".join(texts[other].split()) == text_of(found.other)


def test_the_same_words_are_marked_on_both_sides_whichever_comes_first(snapshot: Snapshot) -> None:
    for one, other in pairs(snapshot):
        found = pair.pair_page(snapshot, one, other, THRESHOLD)
        marked = [" ".join(s.text for s in side.segments if s.is_shared) for side in (found.one, found.other)]
        assert sorted(marked[0].casefold().split()) == sorted(marked[1].casefold().split())
        assert found.link == pair.pair_page(snapshot, other, one, THRESHOLD).link


def test_the_decision_is_that_of_the_tables(snapshot: Snapshot) -> None:
    places = {row["article_id"]: row for row in snapshot.read(MEMBERSHIPS, FIRST).to_pylist()}
    said = set()
    for one, other in pairs(snapshot):
        found = pair.pair_page(snapshot, one, other, THRESHOLD)
        assert found.same_copy == (places[one]["copy_id"] == places[other]["copy_id"])
        assert found.same_story == (places[one]["story_id"] == places[other]["story_id"])
        said.add(found.decision.split(":")[0].split(" (")[0])
        assert found.decision.startswith("Two stories") == (not found.same_story)
    assert len(said) >= 2


def test_a_report_is_told_with_its_score_and_what_both_name(snapshot: Snapshot) -> None:
    reports = [row for row in snapshot.read(MEMBERSHIPS, SECOND).to_pylist() if row["kind"] == Kind.REPORT]
    assert reports
    for row in reports:
        found = pair.pair_page(snapshot, row["article_id"], row["matched_id"], THRESHOLD)
        assert f"{row['story_score']:.3f}" in found.decision
        assert found.named
        for side in (found.one, found.other):
            said = f"{side.title} {text_of(side)}".casefold()
            assert all(word.casefold() in said for word in found.named)


@pytest.mark.parametrize(
    ("score", "why"),
    [(0.2, "no other story was nearly as near"), (0.1, "nearer articles of the story connect")],
)
def test_a_score_below_the_threshold_is_explained_by_how_stories_are_joined(score: float, why: str) -> None:
    assert why in pair.below(score, THRESHOLD)
    assert ("no other story" in pair.below(score, THRESHOLD)) == (score >= THRESHOLD / 2)


def test_a_stored_link_is_shown_with_its_figures(snapshot: Snapshot) -> None:
    for row in [*snapshot.read(LINKS, FIRST).to_pylist(), *snapshot.read(LINKS, SECOND).to_pylist()]:
        link = pair.pair_page(snapshot, row["other_id"], row["article_id"], THRESHOLD).link
        assert link is not None
        assert (row["jaccard"], row["reason"]) == (link.jaccard, link.reason)


def test_a_text_of_any_length_is_compared_in_bounded_time_and_size(snapshot: Snapshot) -> None:
    ids = snapshot.read(ARTICLES, HOSTILE)["article_id"].to_pylist()
    found = pair.pair_page(snapshot, ids[0], ids[1], THRESHOLD)

    assert sum(len(s.text) for side in (found.one, found.other) for s in side.segments) < 100_000


@given(
    st.lists(
        st.sampled_from(["alpha", "beta", "\n", "gamma delta", "洪水が川を越えて町に入った", " "]),
        max_size=30,
    )
)
def test_words_joined_again_are_the_text_up_to_its_spaces(parts: list[str]) -> None:
    text = " ".join(parts)

    assert "".join(text.split()) == "".join("".join(pair.paragraphs(text)).split())


def test_letters_of_a_script_without_spaces_stand_together() -> None:
    assert "洪水が川を越えて町に入った" == pair.joined(pair.paragraphs("洪水が川を越えて町に入った")).strip()
