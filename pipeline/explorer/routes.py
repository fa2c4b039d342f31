"""The pages. Each asks one question of the reading layer and prints the answer."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from pipeline.explorer import article, day, rejects
from pipeline.explorer.labels import LABELS, as_lines
from pipeline.explorer.parameters import (
    CursorQuery,
    DayPath,
    DayQuery,
    Id,
    Range,
    Ref,
    RejectsQuery,
    StoriesQuery,
)
from pipeline.explorer.rendering import page, static
from pipeline.explorer.snapshot import Snapshot
from pipeline.explorer.source import Source, days_of
from pipeline.model.kinds import Reject
from pipeline.model.tables import REJECTS

router = APIRouter(include_in_schema=False)
_MEDIA = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
_FLOWS = 15


def source_of(request: Request) -> Source:
    found: Source = request.app.state.source
    return found


Asked = Annotated[Source, Depends(source_of)]


@router.get("/")
def home(request: Request, source: Asked) -> Response:
    """The newest day; an empty warehouse says what to do."""
    newest, torn = source.ask(lambda snapshot: (day.latest(snapshot), snapshot.torn))
    if newest is None:
        return page(request, "empty", torn=torn)
    return RedirectResponse(f"{request.scope.get('root_path', '')}/days/{newest}", 307)


@router.get("/days/{day_}")
def show_day(request: Request, day_: DayPath, source: Asked) -> HTMLResponse:
    return page(request, "day", found=source.ask(day.day_page, day_))


@router.get("/days")
def go_to_day(request: Request, day_: Annotated[DayQuery, Query(alias="day")], source: Asked) -> Response:
    """Where the form that picks a day leads."""
    chosen = day_ or source.ask(day.latest)
    root = request.scope.get("root_path", "")
    return RedirectResponse(f"{root}/days/{chosen}" if chosen else f"{root}/", 303)


@router.get("/stories")
def list_stories(request: Request, asked: Annotated[StoriesQuery, Query()], source: Asked) -> HTMLResponse:
    found = source.stories(asked.wanted(), asked.limit, asked.cursor)
    return page(request, "stories", found=found, asked=asked)


@router.get("/stories/{story_id}")
def show_story(request: Request, story_id: Id, source: Asked, cursor: CursorQuery = None) -> HTMLResponse:
    return page(request, "story", found=source.story(story_id, cursor))


@router.get("/articles/{article_id}")
def show_article(request: Request, article_id: Id, source: Asked) -> HTMLResponse:
    return page(request, "article", found=source.ask(article.article_page, article_id))


@router.get("/articles/{article_id}/why")
def show_why(request: Request, article_id: Id, source: Asked) -> HTMLResponse:
    """The full explanation; it is computed when it is asked for."""
    source.ask(article.find, article_id)
    return page(request, "why", found=source.reasoning(article_id, None), one=article_id, other=None)


@router.get("/pairs/{one}/{other}")
def show_pair(request: Request, one: Id, other: Id, source: Asked) -> HTMLResponse:
    return page(request, "pair", found=source.pair(one, other))


@router.get("/pairs/{one}/{other}/why")
def show_pair_why(request: Request, one: Id, other: Id, source: Asked) -> HTMLResponse:
    source.ask(lambda snapshot: [article.find(snapshot, identifier) for identifier in (one, other)])
    return page(request, "why", found=source.reasoning(one, other), one=one, other=other)


@router.get("/rejects")
def list_rejects(request: Request, asked: Annotated[RejectsQuery, Query()], source: Asked) -> HTMLResponse:
    def ask(snapshot: Snapshot) -> Any:
        days = days_of(snapshot, REJECTS, asked.first, asked.last)
        return days and rejects.rejects(snapshot, days, asked.reason, asked.limit, asked.cursor)

    return page(request, "rejects", found=source.library.answer(ask), asked=asked, all=list(Reject))


@router.get("/rejects/{day_}")
def show_reject(request: Request, day_: DayPath, ref: Ref, source: Asked) -> HTMLResponse:
    return page(request, "reject", found=source.reject(day_, ref))


@router.get("/thresholds")
def show_thresholds(request: Request, asked: Annotated[Range, Query()], source: Asked) -> HTMLResponse:
    return page(
        request, "thresholds", found=source.thresholds(asked.first, asked.last), asked=asked, labels=LABELS
    )


@router.get("/thresholds/labels.jsonl")
def labelled(pair_: Annotated[list[str], Query(alias="pair", max_length=100)] = []) -> Response:  # noqa: B006 - the framework copies it
    """The judgements of the form as a file: a line a pair."""
    headers = {"content-disposition": 'attachment; filename="labels.jsonl"'}
    return Response(as_lines(pair_), media_type="application/x-ndjson", headers=headers)


@router.get("/flows")
def show_flows(request: Request, asked: Annotated[Range, Query()], source: Asked) -> HTMLResponse:
    found = source.flows(asked.first, asked.last, _FLOWS)
    return page(request, "flows", found=found, asked=asked)


@router.get("/health")
def show_health(request: Request, source: Asked) -> HTMLResponse:
    return page(request, "health", found=source.health())


@router.get("/api")
def show_api(request: Request) -> HTMLResponse:
    """What the JSON API answers, printed from its own description."""
    described = request.app.openapi()
    return page(request, "api", paths=described["paths"], info=described["info"])


@router.get("/login")
def login(request: Request) -> HTMLResponse:
    return page(request, "login")


@router.get("/static/{name}")
def give_static(name: str) -> Response:
    data = static(name)
    if data is None:
        return Response("not found", 404, media_type="text/plain")
    kept = {"cache-control": "private, max-age=3600"}
    return Response(data, media_type=_MEDIA[name.rpartition(".")[2]], headers=kept)
