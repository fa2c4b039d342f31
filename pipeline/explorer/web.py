"""The application: routes, the guard before them, and errors as pages (as JSON below /api/)."""

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from pipeline.explorer import api, routes
from pipeline.explorer.guard import Access, App, Guard, Scope
from pipeline.explorer.limits import BusyError, Queue, Rate
from pipeline.explorer.rendering import page
from pipeline.explorer.source import Source
from pipeline.model.errors import InputChangedError, MissingInputError, NewsfoldError, SettingsError

log = logging.getLogger(__name__)

_AT_ONCE = 8  # answers: each may hold the columns of many days
_RETRY = {"Retry-After": "2"}  # seconds
_TITLES = {
    400: "That cannot be asked",
    404: "Not found",
    429: "Too much at once",
    503: "Being replaced",
}


def create_app(source: Source, access: Access, rate: Rate | None = None) -> FastAPI:
    """The explorer over one warehouse: to serve alone, or to mount in another application. `rate`: how often each client may ask."""
    app = FastAPI(
        title="newsfold explorer",
        version="1",
        description="Stories, articles and why they are where they are. It only reads.",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # those pages load scripts from elsewhere; /api prints the same
        redoc_url=None,
    )
    app.state.source = source
    app.include_router(api.router)
    app.include_router(routes.router)
    app.add_exception_handler(NewsfoldError, _newsfold)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_middleware(Queue, at_once=_AT_ONCE)
    app.add_middleware(Guard, access=access, refuse=_refuse, rate=rate)
    return app


def _told(request: Request, status: int, title: str, text: str, **headers: str) -> Response:
    """An error as a page, or as JSON to a program."""
    root = request.scope.get("root_path", "")
    if request.scope["path"].removeprefix(root).startswith("/api/"):
        return JSONResponse({"error": title, "detail": text}, status, headers=headers)
    found = page(request, "error", status, title=title, text=text)
    found.headers.update(headers)
    return found


def _newsfold(request: Request, error: Exception) -> Response:
    if isinstance(error, InputChangedError):
        text = f"{error}. Whole days are shown, never half of one: look again in a moment. If this stays, `newsfold repair` mends it."
        return _told(request, 503, _TITLES[503], text, **_RETRY)
    if isinstance(error, BusyError):
        return _told(request, 429, _TITLES[429], f"{error}.", **_RETRY)
    if isinstance(error, MissingInputError):
        return _told(request, 404, _TITLES[404], f"{error}.")
    if isinstance(error, SettingsError):
        return _told(request, 400, _TITLES[400], f"{error}.")
    log.warning("%s", error)
    return _told(request, 500, "It went wrong", f"{error}.")


def _invalid(request: Request, error: Exception) -> Response:
    faults = error.errors() if isinstance(error, RequestValidationError) else []
    said = "; ".join(f"{fault['loc'][-1]}: {fault['msg']}" for fault in faults[:5])
    return _told(request, 400, _TITLES[400], said)


def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return _told(request, status, _TITLES.get(status, "It went wrong"), "There is no such page.")


def _refuse(scope: Scope, status: int, title: str, text: str) -> App:
    """What the guard answers instead of a route."""
    request: Any = Request(scope)
    return _told(request, status, title, text, **(_RETRY if status == 429 else {}))
