"""One request to one server, and what came of it: bounded in bytes and in time, on a connection to a number that was judged.

It stands on httpcore, the network part of httpx: nothing that httpx adds (cookies, redirects, proxies and netrc of the environment,
another spelling of an address) is wanted here. A redirect is an answer like any other; who follows it is `visit`.
"""

import asyncio
import ssl
import time
from collections import OrderedDict, defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address
from types import TracebackType
from typing import Any, Self

import httpcore
from h2.exceptions import H2Error

from pipeline.harvest.coding import OFFERED, CutError, TooLargeError, decoded
from pipeline.harvest.targets import Number, Target, number_of, permitted

Fields = tuple[tuple[str, str], ...]  # of a header: names and values in their order, as they were sent
Resolver = Callable[[str, int], Awaitable[Sequence[Number]]]

# The words of failures.
TIMEOUT, TOO_LARGE, TRUNCATED = "timeout", "too_large", "truncated"
CONNECT, TLS = "connect", "tls"  # of the host, whatever is asked of it
PROTOCOL = "protocol"  # what came is not HTTP, or nothing came at all

_NUMBERS: ContextVar[Sequence[Number]] = ContextVar("_NUMBERS")
_MAX_OPEN = 200  # connections: systems allow a process some hundred files
_BROKEN = (httpcore.NetworkError, httpcore.ProtocolError, H2Error)  # httpcore lets some errors of h2 through
_IDLE_SECONDS = (
    30.0  # below what servers keep an idle connection for, so that few requests meet one that is being closed
)


class FailedError(Exception):
    """No whole answer came. `reason` is TIMEOUT, TOO_LARGE, TRUNCATED, CONNECT, TLS or PROTOCOL."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason, self.detail = reason, detail


@dataclass(frozen=True)
class Limits:
    """What one answer may cost."""

    payload_bytes: int = 10 << 20  # as sent; the largest news pages have 5 MB
    body_bytes: int = 50 << 20  # unpacked; 50 MiB is what a sitemap may have (sitemaps.org)
    request_seconds: float = 60.0  # from the connection to the last byte
    connect_seconds: float = 15.0
    read_seconds: float = 30.0  # without a byte


@dataclass(frozen=True)
class Reply:
    """One whole answer. `payload` is as sent, out of the transfer coding; `body` is out of the content codings, too.

    `sent` are the fields of the request, `seconds` from its beginning to the last byte.
    """

    target: Target
    sent: Fields
    version: str
    status: int
    reason: str
    headers: Fields
    payload: bytes
    body: bytes
    fetched_at: datetime
    seconds: float
    number: str = ""  # that was connected to

    def get(self, name: str) -> str | None:
        """The first field of that name."""
        return next((value for key, value in self.headers if key.lower() == name), None)


@dataclass
class Client:
    """Asks servers. Every host is resolved once, and only its judged numbers are connected to."""

    user_agent: str
    now: Callable[[], datetime]
    limits: Limits = field(default_factory=Limits)
    tls: ssl.SSLContext | None = None
    resolve: Resolver | None = None

    def __post_init__(self) -> None:
        self._found: dict[tuple[str, int], asyncio.Future[Sequence[Number]]] = {}
        self._verified = self.tls or _verifying()
        self._pools: OrderedDict[str, httpcore.AsyncConnectionPool] = OrderedDict()
        self.n_sent: dict[str, int] = defaultdict(int)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pool in self._pools.values():
            await pool.aclose()

    async def _pool_of(self, host: str) -> httpcore.AsyncConnectionPool:
        """The one connection of a host. Each has a pool of its own: a pool looks at all its connections for each request."""
        if host not in self._pools:
            self._pools[host] = httpcore.AsyncConnectionPool(
                ssl_context=self._verified,
                max_connections=1,
                keepalive_expiry=_IDLE_SECONDS,
                http2=True,
                network_backend=_Judged(),
            )
        self._pools.move_to_end(host)
        while len(self._pools) > _MAX_OPEN and (name := self._longest_idle(host)):
            await self._pools.pop(name).aclose()
        return self._pools[host]

    def _longest_idle(self, host: str) -> str | None:
        others = ((name, pool) for name, pool in self._pools.items() if name != host)
        return next((name for name, pool in others if all(one.is_idle() for one in pool.connections)), None)

    async def judge(self, target: Target, allow_hosts: Collection[str]) -> list[Number]:
        """The numbers of a host that may be connected to; raises UnsafeAddressError, and FailedError where it has none."""
        if (number := number_of(target.host)) is not None:
            return permitted(target, [number], allow_hosts)
        return permitted(target, await self._resolved(target), allow_hosts)

    async def _resolved(self, target: Target) -> Sequence[Number]:
        """Asked once in a run, so that a name can't lead elsewhere once it was judged; a failure is no answer."""
        key = target.host, target.port
        if key not in self._found:
            self._found[key] = asyncio.ensure_future((self.resolve or _resolve)(*key))
        try:
            return await asyncio.wait_for(asyncio.shield(self._found[key]), self.limits.connect_seconds)
        except TimeoutError:
            raise FailedError(CONNECT, f"no number of {target.host} in time") from None
        except (OSError, UnicodeError) as error:  # the latter: a name that can't be spelt for the resolver
            self._found.pop(key, None)
            raise FailedError(
                CONNECT, f"{target.host}: {getattr(error, 'strerror', None) or error}"
            ) from None

    async def get(
        self,
        target: Target,
        fields: Iterable[tuple[str, str]] = (),
        *,
        allow_hosts: Collection[str] = (),
        max_bytes: int | None = None,
    ) -> Reply:
        """Ask for one address, without following anything. With `max_bytes`, only the beginning of the answer is wanted.

        Raises UnsafeAddressError before anything is sent, and FailedError.
        """
        _NUMBERS.set(await self.judge(target, allow_hosts))
        sent = (
            ("Host", target.authority),
            ("User-Agent", self.user_agent),
            ("Accept", "*/*"),
            ("Accept-Encoding", OFFERED),
            *fields,
        )
        self.n_sent[target.host] += 1
        try:
            async with asyncio.timeout(self.limits.request_seconds):
                return await self._exchange(target, sent, max_bytes)
        except (TimeoutError, httpcore.TimeoutException) as error:
            raise FailedError(TIMEOUT, f"{error}" or "the whole took too long") from None

    async def _exchange(self, target: Target, sent: Fields, max_bytes: int | None) -> Reply:
        begun, fetched_at = time.monotonic(), self.now()
        request = httpcore.Request(
            b"GET",
            httpcore.URL(
                scheme=target.scheme.encode(),
                host=target.host.encode(),
                port=target.port,
                target=target.path.encode("ascii"),
            ),
            headers=[(name.encode(), _bytes_of(value)) for name, value in sent],
            extensions={"timeout": self._timeouts()},
        )
        try:
            answer = await (await self._pool_of(target.host)).handle_async_request(request)
        except httpcore.ConnectTimeout as error:
            raise FailedError(CONNECT, f"{error}" or "no connection in time") from None
        except _BROKEN as error:
            raise FailedError(_unanswered(error), _said(error)) from None
        said = answer.extensions
        number = _number_of(said.get("network_stream"))  # of a connection that is closed, nothing tells
        try:
            payload = await self._payload(answer, max_bytes)
        finally:
            await answer.aclose()
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers)
        return Reply(
            target,
            sent,
            said.get("http_version", b"HTTP/1.1").decode(),
            answer.status,
            said.get("reason_phrase", b"").decode("latin-1"),
            headers,
            payload,
            self._body(headers, payload, max_bytes),
            fetched_at,
            time.monotonic() - begun,
            number,
        )

    def _timeouts(self) -> dict[str, float]:
        limits = self.limits
        return {
            "connect": limits.connect_seconds,
            "read": limits.read_seconds,
            "write": limits.read_seconds,
            "pool": limits.request_seconds,
        }

    async def _payload(self, answer: httpcore.Response, max_bytes: int | None) -> bytes:
        most, found = max_bytes or self.limits.payload_bytes, bytearray()
        try:
            async for piece in answer.aiter_stream():
                found += piece
                if len(found) > most:
                    break
        except _BROKEN as error:
            raise FailedError(TRUNCATED, _said(error)) from None
        if len(found) > most and max_bytes is None:
            raise FailedError(TOO_LARGE, f"more than {most:,} bytes")
        return bytes(found[:most])

    def _body(self, headers: Fields, payload: bytes, max_bytes: int | None) -> bytes:
        codings = ",".join(value for name, value in headers if name.lower() == "content-encoding")
        try:
            return decoded(payload, codings, max_bytes or self.limits.body_bytes, cut=max_bytes is not None)
        except TooLargeError as error:
            raise FailedError(TOO_LARGE, str(error)) from None
        except CutError as error:
            raise FailedError(TRUNCATED, str(error)) from None


class _Judged(httpcore.AsyncNetworkBackend):
    """Connects to the numbers that were judged for this request; the name is not looked up again."""

    def __init__(self) -> None:
        self._plain = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.AsyncNetworkStream:
        failed: Exception = httpcore.ConnectError(f"{host} has no number")
        for number in _NUMBERS.get():
            try:
                return await self._plain.connect_tcp(
                    str(number), port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


async def _resolve(host: str, port: int) -> Sequence[Number]:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=1)  # SOCK_STREAM
    return [ip_address(str(address[0]).partition("%")[0]) for *_, address in found]


def _verifying() -> ssl.SSLContext:
    """The certificates of this machine; those of certifi where it has none."""
    context = ssl.create_default_context()
    if not context.cert_store_stats()["x509_ca"]:
        import certifi

        context.load_verify_locations(certifi.where())
    return context


def _bytes_of(value: str) -> bytes:
    """A field goes out as it came in: fields are bytes, kept as Latin-1."""
    return value.encode("latin-1", "replace")


def _unanswered(error: Exception) -> str:
    """Why not even the head of an answer came."""
    if _is_tls(error):
        return TLS
    return CONNECT if isinstance(error, httpcore.ConnectError) else PROTOCOL


def _is_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _said(error: BaseException) -> str:
    return str(error) or type(error).__name__


def _number_of(stream: Any) -> str:
    found = stream.get_extra_info("server_addr") if stream is not None else None
    return str(found[0]) if found else ""
