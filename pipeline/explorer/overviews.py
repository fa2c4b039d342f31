"""What the pages about many days show, as typed values: thresholds, flows, the state of each day."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from pipeline.explorer.models import Answer, Count, LeftOut, LinkLine, Member, Told, Values


class AtThreshold(Told):
    threshold: float
    n: int
    is_current: bool


class Thresholds(Answer):
    first: date | None
    last: date | None
    copy_threshold: float
    story_threshold: float
    copies: Annotated[list[AtThreshold], Field(description="Near-copy pairs at other copy thresholds.")]
    reports: Annotated[
        list[AtThreshold],
        Field(description="Reports that would stay in their story at other story thresholds."),
    ]
    n_stories: int
    accepted: Annotated[list[LinkLine], Field(description="Accepted pairs nearest to the line.")]
    refused: Annotated[list[LinkLine], Field(description="Refused pairs nearest to the line.")]
    weakest: list[Member]
    left_out: LeftOut


class Flows(Answer):
    first: date | None
    last: date | None
    n_flows: int
    sources: list[Values]
    edges: list[Values]
    lags: list[Count]
    taken: list[Values]
    n_edges: int
    left_out: LeftOut


class DayState(Told):
    day: date
    state: str
    reasons: list[str]
    n_articles: int | None
    size_bytes: int


class SourceState(Told):
    outlet: str
    health: Annotated[
        str,
        Field(
            description="gone, other_content, failing, silent, moved, not_asked or ok: the worst of its listings."
        ),
    ]
    sentence: Annotated[str, Field(description="Why, for a person.")]
    day: Annotated[date, Field(description="The last day on which it was harvested.")]
    last_success_at: datetime | None
    last_new_at: datetime | None
    n_pages: Annotated[int, Field(description="New pages of that day.")]
    n_failed: Annotated[int, Field(description="Addresses that failed on that day.")]
    pages: Annotated[
        list[int],
        Field(description="New pages of the last days on which anything was harvested, oldest first."),
    ]


class Health(Answer):
    days: list[DayState]
    sizes: list[Count]
    is_checked: Annotated[bool, Field(description="Whether the landing zone was there to compare with.")]
    note: str | None
    begun: list[date]
    sources: Annotated[
        list[SourceState], Field(description="What is harvested, the worst first; empty where nothing is.")
    ]
