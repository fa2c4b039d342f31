"""The explorer inside another web application, behind that application's login.

Each request is checked before anything of the explorer is imported, opened or asked: pages, files, the API and its description, downloads,
and what is not there. The explorer is made when it is first needed, by the settings of that moment, so that a server starts no slower
and forks before anything is open.
"""

import html
import logging
import threading
from collections.abc import Awaitable, Callable, Collection
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from pipeline import settings
from pipeline.app import request as asked
from pipeline.app.desks import LateDesk
from pipeline.day import landing_zone
from pipeline.day.desk import Desk, open_desk
from pipeline.explorer.guard import HEADERS, Access, Receive, Scope, Send
from pipeline.model.errors import NewsfoldError

if TYPE_CHECKING:
    from fastapi import FastAPI

log = logging.getLogger(__name__)


class Refusal(NamedTuple):
    """Why somebody may not look: an HTTP status, what to do in a sentence, and where to log in."""

    status: int
    text: str
    login: str | None = None


Check = Callable[[Request], Awaitable[Refusal | None]]
Places = Callable[[], AbstractContextManager[None]]


class Mounted:
    """An ASGI application: `check` decides about each request; while the explorer is made, `places` says where its data is.

    `hosts` are the host names that requests may give; empty allows any.
    """

    def __init__(self, check: Check, places: Places = nullcontext, hosts: Collection[str] = ()) -> None:
        self._check, self._places = check, places
        self._access = Access(hosts=hosts, is_framed=True)
        self._lock = threading.Lock()
        self._app: FastAPI | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
            return
        request = Request(scope)
        if refusal := await self._check(request):
            await _refused(request, refusal)(scope, receive, send)
            return
        try:
            app = await run_in_threadpool(self.explorer)
        except NewsfoldError as error:
            log.warning("the story explorer cannot be shown: %s", error)
            await _refused(request, Refusal(503, f"{error}."))(scope, receive, send)
            return
        await app(scope, receive, send)

    def explorer(self) -> "FastAPI":
        """The application behind the check. Raises SettingsError where the settings name no warehouse."""
        with self._lock:
            if self._app is None:
                with self._places():
                    self._app = _made(self._access, self._places)
            return self._app


def _made(access: Access, places: Places) -> "FastAPI":
    from pipeline.explorer import web
    from pipeline.explorer.snapshot import Library
    from pipeline.explorer.source import Source
    from pipeline.store.warehouse import Warehouse

    chosen = settings.load()
    store = Warehouse(landing_zone.open_warehouse(chosen, ()))

    def look() -> Desk:
        with places():  # also later: it may be a bucket whose key they have
            return open_desk(landing_zone.resolve(chosen))

    return web.create_app(Source(Library(store), chosen, LateDesk(look), asked.today), access)


_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>newsfold</title></head>
<body><main><h1>newsfold</h1><p>{text}</p>{link}</main></body></html>
"""


def _refused(request: Request, refusal: Refusal) -> Response:
    """A refusal as a page, or as JSON to a program."""
    headers = {name: value.format(ancestors="'self'") for name, value in HEADERS.items()}
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    if path.startswith("/api/"):
        return JSONResponse({"error": "Refused", "detail": refusal.text}, refusal.status, headers)
    link = f'<p><a href="{html.escape(refusal.login)}">Log in</a></p>' if refusal.login else ""
    page = _PAGE.format(text=html.escape(refusal.text), link=link)
    return HTMLResponse(page, refusal.status, headers)
