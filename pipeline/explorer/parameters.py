"""The parameters of pages and API, each declared once: its type, its bounds, what it means."""

from datetime import date
from typing import Annotated

from fastapi import Path, Query
from pydantic import BaseModel, BeforeValidator, Field

from pipeline.explorer.stories import Sort, Wanted

_MOST_WORDS = 12


def _emptied(value: object) -> object:
    """A field of a form that was left empty is not given."""
    return None if value == "" else value


_empty = BeforeValidator(_emptied)
Id = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="An id: 32 hex digits.")]
DayPath = Annotated[date, Path(description="A day, YYYY-MM-DD.")]
OptionalDay = Annotated[date | None, _empty]
DayQuery = Annotated[OptionalDay, Query(description="A day, YYYY-MM-DD.")]
OptionalText = Annotated[str | None, _empty]
Ref = Annotated[str, Query(max_length=2_000, description="The raw_ref of a rejected document.")]
CursorQuery = Annotated[OptionalText, Query(max_length=400, description="next_cursor of the page before.")]


class Range(BaseModel):
    """From which day to which."""

    first: OptionalDay = None
    last: OptionalDay = None


class Paged(BaseModel):
    cursor: OptionalText = Field(None, max_length=400, description="next_cursor of the page before.")
    limit: int = Field(40, ge=1, le=200, description="Rows of a page.")


class StoriesQuery(Range, Paged):
    """Which stories: active from `first` to `last`, in a language, from an outlet, of a size, with these words."""

    language: OptionalText = Field(None, max_length=20, description="ISO 639-1 code.")
    outlet: OptionalText = Field(None, max_length=300)
    least_articles: int = Field(1, ge=0, le=1_000_000)
    least_newsrooms: int = Field(0, ge=0, le=1_000_000)
    words: str = Field("", max_length=200, description="Words of its headline, lead, label or keywords.")
    sort: Sort = "newsrooms"

    def wanted(self) -> Wanted:
        words = " ".join(self.words.replace("\x00", "").split()[:_MOST_WORDS])
        sizes = self.least_articles, self.least_newsrooms
        return Wanted(self.first, self.last, self.language, self.outlet, *sizes, words, self.sort)


class RejectsQuery(Range, Paged):
    """Which rejects: of these days, for this reason."""

    reason: OptionalText = Field(None, max_length=60)
