"""Answers for agents: a story and a pair with what shows why, and no more of the texts than that."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from pipeline.explorer.models import Answer, LinkLine, Member, Pair, Side, Story, StoryLine, StoryRef, Told
from pipeline.explorer.story import role_of

_TEXT = 6_000  # characters of the article to read
_PASSAGES, _PASSAGE = 20, 600  # of each kind; characters of one


class Evidence(Told):
    """One article of a story, and why it is there."""

    article_id: str
    title: str | None
    outlet: str | None
    url: str | None
    published_at: datetime | None
    language: str | None
    role: Annotated[
        str, Field(description="What it is to the story: began it, own report, a copy, a later version.")
    ]
    copy_id: Annotated[str | None, Field(description="Articles with one copy_id are one text.")]
    matched_id: Annotated[
        str | None, Field(description="The earlier article that put it there: give both to explain_pair.")
    ]
    jaccard: float | None
    containment: float | None
    story_score: Annotated[float | None, Field(description="Of a report, how near it is to the story.")]
    is_weakest: bool
    adds: Annotated[list[str], Field(description="Sentences that no earlier article of the story says.")]


class StoryEvidence(Answer):
    story: StoryLine
    canonical_id: str
    canonical_reason: str
    canonical_outlet: str | None
    canonical_url: str | None
    canonical_text: Annotated[
        str | None, Field(description="Text of the article to read; null where it was retired.")
    ]
    is_cut: Annotated[bool, Field(description="Whether that text is longer than what is here.")]
    newsrooms: list[str]
    threshold: Annotated[float, Field(description="The story_score that a report needs at least.")]
    articles: list[Evidence]
    n_texts: Annotated[int, Field(description="Different texts of the story; next_cursor leads to the rest.")]
    next_cursor: str | None
    continues: StoryRef | None
    continued_by: list[StoryRef]


class OneSide(Told):
    article_id: str
    title: str | None
    outlet: str | None
    url: str | None
    published_at: datetime | None
    language: str | None
    word_count: int
    share: Annotated[
        float, Field(description="Share of its words that stand in passages that the other has, too.")
    ]
    alone: Annotated[list[str], Field(description="Passages that only it has, the first ones.")]


class PairEvidence(Answer):
    decision: Annotated[str, Field(description="What was decided about the two, in a sentence.")]
    same_copy: bool
    same_story: bool
    story_id: str
    other_story_id: str
    link: Annotated[LinkLine | None, Field(description="The comparison, if the two were compared.")]
    n_shared_words: int
    shared: Annotated[
        list[str], Field(description="Passages of five words or more that both have, the first ones.")
    ]
    one: OneSide
    other: OneSide


def of_story(found: Story) -> StoryEvidence:
    """A story's page as evidence."""
    text = found.canonical_text
    return StoryEvidence(
        publication=found.publication,
        story=found.story,
        canonical_id=found.canonical_id,
        canonical_reason=found.canonical_reason,
        canonical_outlet=found.canonical_outlet,
        canonical_url=found.canonical_url,
        canonical_text=text and text[:_TEXT],
        is_cut=len(text or "") > _TEXT,
        newsrooms=found.newsrooms,
        threshold=found.threshold,
        articles=[_of_member(one) for group in found.groups for one in (group.head, *group.copies)],
        n_texts=found.n_groups,
        next_cursor=found.next_cursor,
        continues=found.continues,
        continued_by=found.continued_by,
    )


def _of_member(member: Member) -> Evidence:
    known = member.model_dump(include=set(Evidence.model_fields))
    return Evidence(role=role_of(member.kind), **known)


def of_pair(found: Pair) -> PairEvidence:
    """A comparison as evidence."""
    return PairEvidence(
        **{name: getattr(found, name) for name in ("publication", "decision", "same_copy", "same_story")},
        story_id=found.story_id,
        other_story_id=found.other_story_id,
        link=found.link,
        n_shared_words=found.n_shared_words,
        shared=_passages(found.one, are_shared=True),
        one=_of_side(found.one),
        other=_of_side(found.other),
    )


def _of_side(side: Side) -> OneSide:
    known = side.model_dump(include=set(OneSide.model_fields))
    return OneSide(alone=_passages(side, are_shared=False), **known)


def _passages(side: Side, *, are_shared: bool) -> list[str]:
    found = [" ".join(one.text.split())[:_PASSAGE] for one in side.segments if one.is_shared == are_shared]
    return [one for one in found if one][:_PASSAGES]
