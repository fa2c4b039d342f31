"""What each page shows, as typed values: the reading layer makes them, the JSON API hands them out, the templates print them."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

Publication = Annotated[str, Field(description="Names the state of the warehouse that the answer is from.")]

_LONGEST = 2_000  # characters of what is a line: a headline, a name, a sentence, an address
_MOST = 200  # of what a list in a row has


def cut(value: Any) -> Any:
    """A value of bounded size: an article may have a headline of a megabyte."""
    if isinstance(value, str):
        return value if len(value) <= _LONGEST else f"{value[: _LONGEST - 1]}…"
    if isinstance(value, list | tuple):
        return [cut(one) for one in value[:_MOST]]
    if isinstance(value, dict):
        return {name: cut(one) for name, one in value.items()}
    return value


_bounded = BeforeValidator(cut)
Line = Annotated[str, _bounded]
Lines = Annotated[list[str], _bounded]
Changes = Annotated[list[tuple[str, str]], _bounded]
Values = Annotated[dict[str, Any], _bounded]
LeftOut = Annotated[list[date], Field(description="Days that are being replaced, or whose run broke off.")]


class Told(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(frozen=True)


class Answer(Told):
    """A whole answer, with the state of the warehouse that it is from."""

    publication: Publication


class Listing(Answer):
    """A page of a list: how many there are in all, and the cursor of the next page."""

    total: int
    next_cursor: str | None = None


class Error(Told):
    """What is told instead of an answer."""

    error: str
    detail: str


class Count(Told):
    name: Line
    n: int


class StoryLine(Told):
    story_id: str
    title: Line | None
    label: Line | None
    lead: Line | None
    first_date: date
    last_date: date
    n_articles: int
    n_copies: int
    n_copy_groups: int
    n_outlets: int
    n_newsrooms: int | None
    n_sources: int | None
    languages: Lines
    outlets: Lines
    keywords: Lines
    continues_id: str | None
    saga_id: str | None


class SnippetPart(Told):
    """A run of a text, and whether it was looked up."""

    text: str
    is_hit: bool


class Hit(Told):
    """The article of a story that fits the words best."""

    article_id: str
    title: str | None
    outlet: str | None
    url: str | None
    published_at: datetime | None
    published_precision: str | None
    language: str | None
    snippet: Annotated[
        list[SnippetPart], Field(description="A part of its text; none where that was retired.")
    ]
    n_articles: Annotated[
        int,
        Field(description="Articles of the story that have the words, later captures of pages among them."),
    ]


class StoryHit(Told):
    story: StoryLine
    best: Hit


class Searched(Told):
    """How words were looked for."""

    n_articles: Annotated[int, Field(description="Articles that have the words.")]
    is_wide: Annotated[
        bool,
        Field(
            description="Whether so many have them that only those with the words in the headline were ranked, and not all are counted in `total`."
        ),
    ]
    scanned: Annotated[
        list[date],
        Field(description="Days without a search index, which were read through: that takes longer."),
    ]


class Hits(Listing):
    items: list[StoryHit]
    searched: Searched
    left_out: LeftOut


class Stories(Listing):
    items: list[StoryLine]
    hits: Annotated[
        dict[str, Hit],
        Field(description="Where words were asked for: the best article of each item, by story_id."),
    ] = {}
    searched: Annotated[Searched | None, Field(description="Where words were asked for: how.")] = None
    languages: Annotated[
        list[Count], Field(description="Of the stories that match, the most frequent first.")
    ]
    left_out: LeftOut


class Step(Told):
    """One step of the funnel: what goes on, and what ends or turns off here."""

    name: Line
    n: int
    note: str


class Volume(Told):
    day: date
    n_raw: int
    n_articles: int
    n_rejects: int
    n_stories: int


class Day(Answer):
    day: date
    previous: date | None
    next: date | None
    funnel: list[Step]
    aside: Annotated[list[Count], Field(description="Articles that are no text of their own, by kind.")]
    rejects: list[Count]
    outlets: list[Count]
    n_outlets: int
    languages: list[Count]
    volumes: list[Volume]
    unusual: Lines
    faults: Lines
    largest: list[StoryLine]
    grown: Annotated[list[StoryLine], Field(description="Stories of earlier days that grew on this one.")]
    retired: bool


class Member(Told):
    article_id: str
    day: date
    title: Line | None
    lead: Line | None
    outlet: Line | None
    url: Line | None
    published_at: datetime | None
    published_precision: str | None
    language: str | None
    agency: Line | None
    kind: str | None
    copy_id: str | None
    matched_id: str | None
    jaccard: float | None
    containment: float | None
    story_score: float | None
    adds: Lines
    is_weakest: bool
    is_canonical: bool


class Group(Told):
    """A text with its copies."""

    head: Member
    copies: list[Member]
    n_copies: int


class Mark(Told):
    """One article on the timeline: its outlet's row, and when."""

    article_id: str
    outlet: Line
    at: datetime
    role: Annotated[str, Field(description="first, own or copy")]
    is_exact: Annotated[bool, Field(description="False where only the day is known.")]


class StoryRef(Told):
    story_id: str
    title: Line | None
    first_date: date
    last_date: date
    n_articles: int


class Story(Answer):
    story: StoryLine
    canonical_id: str
    canonical_reason: str
    canonical_title: Line | None
    canonical_text: str | None
    canonical_outlet: Line | None
    canonical_url: Line | None
    newsrooms: Lines
    mean_score: float | None
    weakest_score: float | None
    threshold: float
    groups: list[Group]
    n_groups: int
    next_cursor: str | None
    growth: list[Count]
    timeline: list[Mark]
    continues: StoryRef | None
    continued_by: list[StoryRef]
    saga: list[StoryRef]


class TakenOut(Told):
    line: Line
    why: str


class Version(Told):
    """A revision of a page."""

    article_id: str
    previous_id: str
    day: date
    number: int | None
    added: Lines
    removed: Lines
    changed: Changes
    numbers: Changes
    names: Changes
    correction: Line | None
    is_minor: bool
    is_rewritten: bool


class LinkLine(Told):
    """A compared pair."""

    article_id: str
    other_id: str
    title: Line | None
    other_title: Line | None
    kind: str | None
    jaccard: float
    containment: float
    containment_other: float
    accepted: bool
    reason: str


class Article(Answer):
    article_id: str
    day: date
    title: Line | None
    lead: Line | None
    text: str
    is_cut: Annotated[bool, Field(description="Whether the text is longer than what is shown.")]
    about: Values
    place: Values
    why: str
    story_title: Line | None
    matched_title: Line | None
    taken_out: list[TakenOut]
    versions: list[Version]
    links: list[LinkLine]
    adds: Lines


class Segment(Told):
    text: str
    is_shared: bool


class Side(Told):
    article_id: str
    title: Line | None
    lead: Line | None
    outlet: Line | None
    url: Line | None
    published_at: datetime | None
    published_precision: str | None
    language: str | None
    word_count: int
    segments: list[Segment]
    is_cut: bool
    share: float


class Pair(Answer):
    one: Side
    other: Side
    link: LinkLine | None
    decision: str
    named: Annotated[list[str], Field(description="Rare terms of their story that both texts have.")]
    same_copy: bool
    same_story: bool
    story_id: str
    other_story_id: str
    n_shared_words: int


class RejectLine(Told):
    raw_ref: Line
    day: date
    stage: str
    reason: str
    detail: Line | None


class Rejects(Listing):
    items: list[RejectLine]
    reasons: list[Count]
    left_out: LeftOut


class RejectPage(Answer):
    reject: RejectLine
    meaning: str
    head: str | None
    note: str | None
