"""The parameters of pages and API, each declared once: its type, its bounds, what it means."""

from datetime import date
from typing import Annotated

from fastapi import Path, Query
from pydantic import BaseModel, BeforeValidator, Field

from pipeline.explorer import bounds
from pipeline.explorer.stories import Sort, Wanted


def _emptied(value: object) -> object:
    """A field of a form that was left empty is not given."""
    return None if value == "" else value


_empty = BeforeValidator(_emptied)
Id = Annotated[str, Path(pattern=bounds.ID, description="An id: 32 hex digits.")]
DayPath = Annotated[date, Path(description="A day, YYYY-MM-DD.")]
OptionalDay = Annotated[date | None, _empty]
DayQuery = Annotated[OptionalDay, Query(description="A day, YYYY-MM-DD.")]
OptionalText = Annotated[str | None, _empty]
Ref = Annotated[str, Query(max_length=2_000, description="The raw_ref of a rejected document.")]
CursorQuery = Annotated[
    OptionalText, Query(max_length=bounds.CURSOR_CHARACTERS, description="next_cursor of the page before.")
]


Words = Annotated[
    str,
    Field(
        max_length=bounds.WORDS_CHARACTERS,
        description='Words of an article, which must all occur; "a phrase" stands as it is written.',
    ),
]


class Range(BaseModel):
    """From which day to which."""

    first: OptionalDay = None
    last: OptionalDay = None


class Paged(BaseModel):
    cursor: OptionalText = Field(
        None, max_length=bounds.CURSOR_CHARACTERS, description="next_cursor of the page before."
    )
    limit: int = Field(40, ge=1, le=200, description="Rows of a page.")


class StoriesQuery(Range, Paged):
    """Which stories: active from `first` to `last`, in a language, from an outlet, of a size, with these words."""

    language: OptionalText = Field(None, max_length=bounds.LANGUAGE_CHARACTERS, description="ISO 639-1 code.")
    outlet: OptionalText = Field(None, max_length=bounds.OUTLET_CHARACTERS)
    least_articles: int = Field(1, ge=0, le=1_000_000)
    least_newsrooms: int = Field(0, ge=0, le=1_000_000)
    words: Words = ""
    sort: Annotated[Sort | None, _empty] = Field(
        None, description="Without it: match where words are asked for, else newsrooms."
    )

    def wanted(self) -> Wanted:
        words = self.words.strip()
        sizes = self.least_articles, self.least_newsrooms
        sort = self.sort or ("match" if words else "newsrooms")
        return Wanted(self.first, self.last, self.language, self.outlet, *sizes, words, sort)


class SearchQuery(Range, Paged):
    """Stories with an article of these days, of that language and outlet, that has all of the words."""

    words: Words
    language: OptionalText = Field(None, max_length=bounds.LANGUAGE_CHARACTERS, description="ISO 639-1 code.")
    outlet: OptionalText = Field(
        None, max_length=bounds.OUTLET_CHARACTERS, description="Its name or its domain."
    )

    def wanted(self) -> Wanted:
        return Wanted(self.first, self.last, self.language, self.outlet, words=self.words.strip())


class RejectsQuery(Range, Paged):
    """Which rejects: of these days, for this reason."""

    reason: OptionalText = Field(None, max_length=60)
