"""A web server on loopback for tests: says what the test tells it to, breaks as told, and remembers who asked what and when."""

import asyncio
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

HTML = {"Content-Type": "text/html; charset=utf-8"}
RSS = {"Content-Type": "application/rss+xml; charset=utf-8"}


@dataclass(frozen=True)
class Page:
    """What is said to a request. `length` is the Content-Length that is claimed; `chunk` the size of chunks, sent without the last
    where `is_broken`; `drip` seconds between two bytes; `after` seconds before the first one.
    """

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    length: int | None = None
    chunk: int | None = None
    is_broken: bool = False
    drip: float | None = None
    after: float = 0.0


@dataclass(frozen=True)
class Asked:
    at: float  # time.monotonic
    path: str
    headers: Mapping[str, str]
    peer: int  # the port of the other end: one a connection


Says = Page | Callable[[Asked], Page]


class Server:
    """One host: pages by path, with the query or without it."""

    def __init__(self, pages: Mapping[str, Says] | None = None, ip: str = "127.0.0.1") -> None:
        self.pages: dict[str, Says] = dict(pages or {})
        self.asked: list[Asked] = []
        self.ip, self.port, self.scheme = ip, 0, "http"
        self.n_open = self.most_open = 0

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.ip}:{self.port}"

    def count(self, path: str) -> int:
        return sum(one.path == path for one in self.asked)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.n_open += 1
        self.most_open = max(self.most_open, self.n_open)
        try:
            while await self._exchange(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            self.n_open -= 1
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        line, *fields = head.split("\r\n")
        pairs = (one.partition(": ") for one in fields if one)
        headers = {name.lower(): value for name, _, value in pairs}
        asked = Asked(time.monotonic(), line.split(" ")[1], headers, writer.get_extra_info("peername")[1])
        self.asked.append(asked)
        says = self.pages.get(asked.path) or self.pages.get(asked.path.partition("?")[0]) or Page(status=404)
        page = says(asked) if callable(says) else says
        await asyncio.sleep(page.after)
        return await _send(page, writer)


async def _send(page: Page, writer: asyncio.StreamWriter) -> bool:
    """Returns whether the connection stays open."""
    fields = [f"HTTP/1.1 {page.status} Said", *(f"{name}: {value}" for name, value in page.headers.items())]
    if page.chunk:
        fields.append("Transfer-Encoding: chunked")
    elif page.drip is None and page.status not in {204, 304}:
        fields.append(f"Content-Length: {len(page.body) if page.length is None else page.length}")
    writer.write("\r\n".join([*fields, "\r\n"]).encode("latin-1"))
    if page.chunk:
        for at in range(0, len(page.body), page.chunk):
            piece = page.body[at : at + page.chunk]
            writer.write(b"%x\r\n%b\r\n" % (len(piece), piece))
        writer.write(b"" if page.is_broken else b"0\r\n\r\n")
    elif page.drip is not None:
        for byte in page.body:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(page.drip)
    else:
        writer.write(page.body)
    await writer.drain()
    return not page.is_broken and page.drip is None and page.length is None


class Served(Protocol):
    """A server that `serving` runs: it is told the port and the scheme that it got."""

    ip: str
    port: int
    scheme: str

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None: ...


@contextmanager
def serving(*servers: Served, tls: Mapping[int, ssl.SSLContext] | None = None) -> Iterator[None]:
    """Run servers in a thread; `tls` gives contexts by the place of a server in the list."""
    loop, started = asyncio.new_event_loop(), threading.Event()
    contexts = tls or {}

    async def begin() -> list[asyncio.Server]:
        running = []
        for n, server in enumerate(servers):
            found = await asyncio.start_server(server.talk, server.ip, server.port, ssl=contexts.get(n))
            server.port = found.sockets[0].getsockname()[1]
            server.scheme = "https" if n in contexts else "http"
            running.append(found)
        return running

    def run() -> None:
        asyncio.set_event_loop(loop)
        running = loop.run_until_complete(begin())
        started.set()
        loop.run_forever()
        for server in running:
            server.close()
        waiting = asyncio.all_tasks(loop)
        for task in waiting:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*waiting, return_exceptions=True))
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert started.wait(10)
    try:
        yield
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
