"""What stands before every route: who may ask, under which host name, how much; and the headers that every answer has, also one that failed."""

import hashlib
import hmac
import logging
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, quote

from pipeline.explorer.limits import Rate

log = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

HEADERS = {
    # Nothing but our own files, no script or style in a page, no frame around it but our own host's (Airflow shows it in one).
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "private, no-cache",
}
_LONGEST_QUERY, _LONGEST_PATH, _LONGEST_FORM = 8_192, 1_024, 1_024  # bytes
_MOST_FIELDS = 4  # of a form: ours has one, and an extension of a browser may add some
_COOKIE = "newsfold_explorer"
_OPEN = ("/static/", "/login")  # what may be seen without the token
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})


@dataclass(frozen=True)
class Access:
    """Who may ask: `hosts` are the names under which the explorer is asked for (none: any), `token` opens it (none: it is open)."""

    hosts: Collection[str] = LOOPBACK
    token: str | None = None
    is_framed: bool = False  # whether a page of our own host may show it in a frame

    def admits_host(self, host: str) -> bool:
        """Whether a Host header names us: another name is a page elsewhere whose name was pointed here."""
        name = host.rpartition(":")[0] if ":" in host and not host.endswith("]") else host
        return not self.hosts or name.lower() in self.hosts

    def admits(self, headers: MutableMapping[str, str]) -> bool:
        """Whether a request brings the token, in a header or as what the login left in a cookie."""
        if self.token is None:
            return True
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return _same(given.strip(), self.token)
        try:
            morsel = SimpleCookie(headers.get("cookie", "")).get(_COOKIE)
        except CookieError:
            return False
        return morsel is not None and _same(morsel.value, self.pass_of())

    def pass_of(self) -> str:
        """What the cookie holds: it opens the explorer, and does not tell the token."""
        return hashlib.blake2b(b"explorer", key=(self.token or "").encode()[:64], digest_size=32).hexdigest()

    def cookie(self, root_path: str, *, is_secure: bool) -> str:
        """What the login sets; with `is_secure`, a browser never sends it without TLS."""
        path, secure = root_path or "/", "; Secure" if is_secure else ""
        return f"{_COOKIE}={self.pass_of()}; Path={path}; HttpOnly; SameSite=Strict; Max-Age=604800{secure}"


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


class Guard:
    """An ASGI middleware. Refusals are made by `refuse`: a status, a title, and what to do."""

    def __init__(
        self,
        app: App,
        access: Access,
        refuse: Callable[[Scope, int, str, str], App],
        rate: Rate | None = None,
    ) -> None:
        self._app, self._access, self._refuse, self._rate = app, access, refuse, rate or Rate()
        ancestors = "'self'" if access.is_framed else "'none'"
        self._headers = [
            (name.encode(), value.format(ancestors=ancestors).encode()) for name, value in HEADERS.items()
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await (self._app(scope, receive, send) if scope["type"] == "lifespan" else _close(send))
            return
        is_begun = [False]

        async def sending(message: MutableMapping[str, Any]) -> None:
            is_begun[0] = True
            await send(message)

        answering = self._with_headers(sending)
        if scope["method"] == "HEAD":
            scope, answering = {**scope, "method": "GET"}, _without_body(answering)
        try:
            app = await self._choose(scope, receive)
            await app(scope, receive, answering)
        except Exception:
            if is_begun[0]:
                raise  # the server ends the connection, so that half an answer does not look whole
            log.exception("%s %s", scope["method"], scope["path"])
            failed = self._refuse(scope, 500, "It went wrong", "The log of the server says more.")
            await failed(scope, receive, answering)

    async def _choose(self, scope: Scope, receive: Receive) -> App:
        """The app, or the answer that refuses."""
        headers = {n.decode("latin-1").lower(): v.decode("latin-1") for n, v in scope["headers"]}
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        is_login = scope["method"] == "POST" and path == "/login" and self._access.token is not None
        if refusal := self._fault(scope, headers.get("host", ""), is_login=is_login):
            return self._refuse(scope, *refusal)
        if is_login:
            return await self._login(scope, receive)
        if self._access.admits(headers) or path.startswith(_OPEN):
            return self._app
        if path.startswith("/api/"):
            return self._refuse(scope, 401, "Token needed", "Send it as Authorization: Bearer TOKEN.")
        return _redirect(f"{scope.get('root_path', '')}/login")

    def _fault(self, scope: Scope, host: str, *, is_login: bool) -> tuple[int, str, str] | None:
        """What is wrong with a request, whoever asks."""
        if not self._access.admits_host(host):
            return (
                421,
                "Wrong host name",
                "Open the address that newsfold serve prints or, in Airflow, the one of its setting [api] base_url.",
            )
        if not self._rate.admits((scope.get("client") or ("",))[0]):
            return 429, "Too many requests", "Wait a moment, then ask again."
        if len(scope["query_string"]) > _LONGEST_QUERY or len(scope["path"]) > _LONGEST_PATH:
            return 414, "Address too long", "Begin again from the list of stories."
        if scope["method"] != "GET" and not is_login:
            return 405, "Only for reading", "The explorer changes nothing."
        return None

    async def _login(self, scope: Scope, receive: Receive) -> App:
        body = b""
        while len(body) <= _LONGEST_FORM:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        root = scope.get("root_path", "")
        if _same(_token_in(body[:_LONGEST_FORM]), self._access.token or ""):
            return _redirect(f"{root}/", self._access.cookie(root, is_secure=scope.get("scheme") == "https"))
        return self._refuse(
            scope, 403, "That is not the token", "Look where newsfold serve was started, and try again."
        )

    def _with_headers(self, send: Send) -> Send:
        async def sending(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                given = {name.lower() for name, _ in message.get("headers", ())}
                added = [(name, value) for name, value in self._headers if name not in given]
                message["headers"] = [*message.get("headers", ()), *added]
            await send(message)

        return sending


def _token_in(form: bytes) -> str:
    """The token that a form brings; none of a form with more fields than ours."""
    try:
        fields = parse_qs(form.decode("utf-8", "replace"), max_num_fields=_MOST_FIELDS)
    except ValueError:
        return ""
    return fields.get("token", [""])[0].strip()


def _without_body(send: Send) -> Send:
    """As HEAD is answered: the headers of GET, also its length (RFC 9110, 9.3.2)."""

    async def sending(message: MutableMapping[str, Any]) -> None:
        await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

    return sending


async def _close(send: Send) -> None:
    await send({"type": "websocket.close", "code": 1000})


def _redirect(target: str, cookie: str | None = None) -> App:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        headers = [(b"location", quote(target, safe="/").encode()), (b"content-length", b"0")]
        if cookie:
            headers.append((b"set-cookie", cookie.encode()))
        await send({"type": "http.response.start", "status": 303, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    return app
