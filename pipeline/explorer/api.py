"""The JSON API: what the pages show, for programs. Described by OpenAPI at /api/v1/openapi.json."""

from typing import Annotated, Any

import pyarrow as pa
from fastapi import APIRouter, Query, Response

from pipeline.explorer import article, day, downloads, rejects, stories, story
from pipeline.explorer.downloads import Format
from pipeline.explorer.models import Article, Day, Error, Hits, Pair, RejectPage, Rejects, Stories, Story
from pipeline.explorer.overviews import Flows, Health, Thresholds
from pipeline.explorer.parameters import (
    CursorQuery,
    DayPath,
    Id,
    Range,
    Ref,
    RejectsQuery,
    SearchQuery,
    StoriesQuery,
)
from pipeline.explorer.routes import Asked
from pipeline.explorer.snapshot import Snapshot
from pipeline.explorer.source import days_of
from pipeline.model.tables import FLOWS, REJECTS

_ERRORS: dict[int | str, dict[str, Any]] = {
    "4XX": {
        "model": Error,
        "description": "400: a parameter has a value that cannot be used; 401: the token is missing; 404: it is not there; "
        "429: too much was asked for, ask again after Retry-After.",
    },
    503: {"model": Error, "description": "The day is being replaced: ask again after Retry-After."},
}
router = APIRouter(prefix="/api/v1", tags=["explorer"], responses=_ERRORS)
_FLOWS = 100


@router.get("/days")
def list_days(source: Asked) -> dict[str, Any]:
    """The published days, oldest first, and those that are being replaced or whose run broke off."""
    from pipeline.model.tables import RUNS

    def ask(snapshot: Snapshot) -> dict[str, Any]:
        torn = {str(one): why for one, why in snapshot.torn.items()}
        return {"publication": snapshot.publication, "days": snapshot.days(RUNS), "left_out": torn}

    return source.library.answer(ask)


@router.get("/days/{day_}")
def get_day(day_: DayPath, source: Asked) -> Day:
    """One day: its funnel, rejects, outlets, volumes, largest stories, what is unusual."""
    return source.ask(day.day_page, day_)


@router.get("/stories")
def list_stories(asked: Annotated[StoriesQuery, Query()], source: Asked) -> Stories:
    """Stories by newsrooms or size, page by page."""
    return source.stories(asked.wanted(), asked.limit, asked.cursor)


@router.get("/stories.{form}", response_class=Response)
def download_stories(form: Format, asked: Annotated[StoriesQuery, Query()], source: Asked) -> Response:
    """The stories that are asked for as one file, at most 100,000."""

    def ask(snapshot: Snapshot) -> pa.Table:
        found = stories.matching(snapshot, asked.wanted())
        return stories.ordered(found, downloads.MOST_ROWS).drop_columns(["rank"])

    return _file("stories", form, source.download(ask, form))


@router.get("/search")
def search_stories(asked: Annotated[SearchQuery, Query()], source: Asked) -> Hits:
    """Stories by words of their articles, best first: each with its best article and a part of it that has the words."""
    return source.search(asked.wanted(), asked.limit, asked.cursor)


@router.get("/stories/{story_id}")
def get_story(story_id: Id, source: Asked, cursor: CursorQuery = None) -> Story:
    """One story with its articles, text by text, and its timeline."""
    return source.story(story_id, cursor)


@router.get("/stories/{story_id}/articles.{form}", response_class=Response)
def download_articles(story_id: Id, form: Format, source: Asked) -> Response:
    """All articles of a story as one file."""

    def ask(snapshot: Snapshot) -> pa.Table:
        members = story.members_of(snapshot, story.find(snapshot, story_id))
        return pa.Table.from_pylist([member.model_dump() for member in members[: downloads.MOST_ROWS]])

    return _file(f"story-{story_id}", form, source.download(ask, form))


@router.get("/articles/{article_id}")
def get_article(article_id: Id, source: Asked) -> Article:
    """One article: text, what is known of it, what was taken out, versions, compared pairs."""
    return source.ask(article.article_page, article_id)


@router.get("/pairs/{one}/{other}")
def get_pair(one: Id, other: Id, source: Asked) -> Pair:
    """Two articles: shared passages, figures of their link, the decision."""
    return source.pair(one, other)


@router.get("/rejects")
def list_rejects(asked: Annotated[RejectsQuery, Query()], source: Asked) -> Rejects:
    """What gave no article, by day and raw_ref."""

    def ask(snapshot: Snapshot) -> Rejects:
        days = days_of(snapshot, REJECTS, asked.first, asked.last)
        if not days:
            return Rejects(
                publication=snapshot.publication,
                total=0,
                items=[],
                reasons=[],
                left_out=sorted(snapshot.torn),
            )
        return rejects.rejects(snapshot, days, asked.reason, asked.limit, asked.cursor)

    return source.library.answer(ask)


@router.get("/rejects.{form}", response_class=Response)
def download_rejects(form: Format, asked: Annotated[RejectsQuery, Query()], source: Asked) -> Response:
    """Rejects as one file, at most 100,000."""

    def ask(snapshot: Snapshot) -> pa.Table:
        days = days_of(snapshot, REJECTS, asked.first, asked.last)
        return rejects.matching(snapshot, days, asked.reason) if days else REJECTS.empty()

    return _file("rejects", form, source.download(ask, form))


@router.get("/rejects/{day_}")
def get_reject(day_: DayPath, ref: Ref, source: Asked) -> RejectPage:
    """One reject, with what its bytes begin with."""
    return source.reject(day_, ref)


@router.get("/thresholds")
def get_thresholds(asked: Annotated[Range, Query()], source: Asked) -> Thresholds:
    """How many copies and reports other thresholds would give, and the pairs nearest to the line; without a range, of the newest seven days."""
    return source.thresholds(asked.first, asked.last)


@router.get("/flows")
def get_flows(asked: Annotated[Range, Query()], source: Asked) -> Flows:
    """Who takes texts from whom; without a range, on the newest seven days."""
    return source.flows(asked.first, asked.last, _FLOWS)


@router.get("/flows.{form}", response_class=Response)
def download_flows(form: Format, asked: Annotated[Range, Query()], source: Asked) -> Response:
    """The edges of the network as one file."""

    def ask(snapshot: Snapshot) -> pa.Table:
        days = days_of(snapshot, FLOWS, asked.first, asked.last)
        return pa.concat_tables([FLOWS.empty(), *snapshot.scan(FLOWS, days, FLOWS.names)])

    return _file("flows", form, source.download(ask, form))


@router.get("/health")
def get_health(source: Asked) -> Health:
    """The state of every day."""
    return source.health()


def _file(name: str, form: Format, data: bytes) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}.{form}"'}
    return Response(data, media_type=downloads.MEDIA[form], headers=headers)
