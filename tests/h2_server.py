"""A web server on loopback that speaks HTTP/2 over TLS: gives pages, ends streams and connections as told, remembers who asked what."""

import asyncio
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import h2.config
import h2.connection
import h2.errors
import h2.events

from tests.web_server import serving

_CHUNK_BYTES = 8_192  # below the window and the frame that every client has
_IDLE_SECONDS = 0.05


@dataclass(frozen=True)
class Page:
    """What is said to a request. How it ends: `whole`; `reset` or `goaway` after half of the body; `refused` (REFUSED_STREAM), `unseen`
    (a GOAWAY that says that the request was not looked at) or `silent` (the connection closes) before anything; whole, then a GOAWAY: with it
    `last`, or when the connection was idle for a moment `idle`.
    """

    body: bytes = b""
    status: int = 200
    headers: Sequence[tuple[str, str]] = ()
    ends: str = "whole"


@dataclass(frozen=True)
class Asked:
    path: str
    headers: Sequence[tuple[str, str]]  # with the pseudo-fields
    connection: int


class H2Server:
    """One host. A path may have several pages: one a request, the last one for good."""

    def __init__(self, pages: Mapping[str, Page | Sequence[Page]], ip: str = "127.0.0.1") -> None:
        self.pages = {path: [page] if isinstance(page, Page) else list(page) for path, page in pages.items()}
        self.asked: list[Asked] = []
        self.ip, self.port, self.scheme, self.n_connections = ip, 0, "https", 0

    @property
    def url(self) -> str:
        return f"https://{self.ip}:{self.port}"

    def next_page(self, path: str) -> Page:
        pages = self.pages.get(path) or [Page(status=404)]
        return pages.pop(0) if len(pages) > 1 else pages[0]

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number, self.n_connections = self.n_connections, self.n_connections + 1
        talk = h2.connection.H2Connection(
            h2.config.H2Configuration(client_side=False, header_encoding="utf-8")
        )
        talk.initiate_connection()
        try:
            writer.write(talk.data_to_send())
            while data := await reader.read(65_536):
                for event in talk.receive_data(data):
                    if isinstance(event, h2.events.RequestReceived):
                        fields = [(str(name), str(value)) for name, value in event.headers or []]
                        path = dict(fields)[":path"]
                        self.asked.append(Asked(path, fields, number))
                        assert event.stream_id is not None
                        page = self.next_page(path)
                        if not _answer(talk, event.stream_id, page):
                            return
                        if page.ends == "idle":
                            asyncio.get_running_loop().call_later(_IDLE_SECONDS, _leave, talk, writer)
                writer.write(talk.data_to_send())
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.write(talk.data_to_send())
            writer.close()


def _leave(talk: h2.connection.H2Connection, writer: asyncio.StreamWriter) -> None:
    talk.close_connection()
    writer.write(talk.data_to_send())
    writer.close()


def _answer(talk: h2.connection.H2Connection, stream: int, page: Page) -> bool:
    """Put an answer into what is to be sent; False where the connection is closed behind it."""
    if page.ends == "silent":
        return False
    if page.ends == "unseen":
        talk.close_connection(h2.errors.ErrorCodes.NO_ERROR, last_stream_id=max(stream - 2, 0))
        return False
    if page.ends == "refused":
        talk.reset_stream(stream, h2.errors.ErrorCodes.REFUSED_STREAM)
        return True
    talk.send_headers(stream, [(":status", str(page.status)), *page.headers], end_stream=not page.body)
    is_whole = page.ends in {"whole", "last", "idle"}
    body = page.body if is_whole else page.body[: len(page.body) // 2]
    for at in range(0, len(body), _CHUNK_BYTES):
        talk.send_data(
            stream, body[at : at + _CHUNK_BYTES], end_stream=is_whole and at + _CHUNK_BYTES >= len(body)
        )
    if page.ends == "reset":
        talk.reset_stream(stream, h2.errors.ErrorCodes.INTERNAL_ERROR)
    elif page.ends in {"goaway", "last"}:
        talk.close_connection(h2.errors.ErrorCodes.NO_ERROR, last_stream_id=stream)
        return False
    return True


@contextmanager
def serving_h2(
    server: H2Server, context: ssl.SSLContext, protocols: Sequence[str] = ("h2",)
) -> Iterator[None]:
    """Run a server in a thread; `protocols` are what it offers by ALPN."""
    context.set_alpn_protocols(list(protocols))
    with serving(server, tls={0: context}):
        yield
