"""Evidence for agents: why articles are together, in no more text than that."""

import pytest

from pipeline.explorer import evidence
from pipeline.explorer.evidence import of_pair, of_story
from pipeline.explorer.pair import pair_page
from pipeline.explorer.stories import Wanted, stories
from tests.explored import Explored


def largest(explored: Explored) -> str:
    return stories(explored.library.snapshot(), Wanted(sort="size"), 1).items[0].story_id


def test_a_story_has_every_article_once_with_why_it_is_there(explored: Explored) -> None:
    page = explored.source.story(largest(explored))
    found = of_story(page)

    shown = [one.article_id for one in found.articles]
    assert len(shown) == len(set(shown)) == sum(1 + len(group.copies) for group in page.groups)
    assert 1 == [one.role for one in found.articles].count("began the story")
    assert all(one.matched_id for one in found.articles if one.role != "began the story")
    assert found.publication == page.publication
    assert found.canonical_text == page.canonical_text


def test_a_long_text_is_cut_and_says_so(explored: Explored, monkeypatch: pytest.MonkeyPatch) -> None:
    page = explored.source.story(largest(explored))
    assert not of_story(page).is_cut
    monkeypatch.setattr(evidence, "_TEXT", 50)
    found = of_story(page)

    assert found.is_cut
    assert (page.canonical_text or "")[:50] == found.canonical_text


def test_a_pair_quotes_what_both_say_and_what_one_says_alone(explored: Explored) -> None:
    page = explored.source.story(largest(explored))
    copied = next(group for group in page.groups if group.copies)
    one, other = copied.head.article_id, copied.copies[0].article_id
    found = of_pair(explored.source.ask(pair_page, one, other, 0.2))

    assert found.same_copy
    assert found.shared
    assert (one, other) == (found.one.article_id, found.other.article_id)
    assert all(len(passage) <= evidence._PASSAGE for passage in (*found.shared, *found.one.alone))
    assert found.link is None or {one, other} == {found.link.article_id, found.link.other_id}
