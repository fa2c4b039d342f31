"""Servers with TLS: who they are is verified, and who can't show it is not asked again without."""

import asyncio
import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.harvest.client import Client, FailedError, Limits, Reply
from pipeline.harvest.targets import target_of
from tests.certificates import Authority
from tests.web_server import Page, Server, serving

ALLOWED = ("127.0.0.1", "127.0.0.2")


def ask(address: str, trusted: ssl.SSLContext | None) -> Reply:
    async def run() -> Reply:
        limits = Limits(request_seconds=5, connect_seconds=5, read_seconds=5)
        async with Client("newsfold/1", lambda: datetime.now(UTC), limits, trusted) as client:
            return await client.get(target_of(address), allow_hosts=ALLOWED)

    return asyncio.run(run())


def test_a_server_that_shows_who_it_is_is_read(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    server = Server({"/x": Page(b"x")})
    with serving(server, tls={0: authority.server("127.0.0.1")}):
        assert b"x" == ask(server.url + "/x", authority.trusting()).body
    assert server.url.startswith("https://")


@pytest.mark.parametrize("fault", ["unknown", "expired", "name", "old"])
def test_one_that_does_not_is_not_asked(tmp_path: Path, fault: str) -> None:
    authority = Authority(tmp_path)
    context = authority.server(
        "127.0.0.2" if fault == "name" else "127.0.0.1", days=-3 if fault == "expired" else 30
    )
    if fault == "old":
        context.maximum_version = ssl.TLSVersion.TLSv1_1
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.set_ciphers("ALL:@SECLEVEL=0")
    trusted = None if fault == "unknown" else authority.trusting()
    server = Server({"/x": Page(b"x")})
    with serving(server, tls={0: context}), pytest.raises(FailedError) as failure:
        ask(server.url + "/x", trusted)
    assert "tls" == failure.value.reason
    assert failure.value.detail
    assert [] == server.asked


class _Http2(Server):
    """Speaks HTTP/2 as far as told: frames that it sends once a request came, each lot by itself."""

    def __init__(self, *frames: bytes) -> None:
        super().__init__()
        self._frames = frames

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(24)  # the preface of a client
        writer.write(b"\0\0\0\4\0\0\0\0\0")  # settings
        await reader.read(1 << 16)
        for lot in self._frames:
            writer.write(lot)
            await writer.drain()
            await asyncio.sleep(0.1)
        await reader.read(1 << 16)
        writer.close()


HEAD = b"\0\0\1\1\4\0\0\0\1\x88"  # ":status: 200" on the first stream
ON_NO_STREAM = b"\0\0\1\0\0\0\0\0\0x"  # data that belong to no stream
WINDOW_OVERRUN = b"\0\0\4\x08\0\0\0\0\1\x7f\xff\xff\xff" * 2


@pytest.mark.parametrize(
    ("frames", "reason"),
    [
        ([ON_NO_STREAM], "protocol"),
        ([b"\0\0\1\1\4\0\0\0\1\xff"], "protocol"),  # a header that can't be unpacked
        ([WINDOW_OVERRUN], "protocol"),
        ([b"HTTP/1.1 200 OK\r\n\r\n" * 9], "protocol"),
        ([HEAD, ON_NO_STREAM], "truncated"),
        ([HEAD, HEAD, WINDOW_OVERRUN], "truncated"),
    ],
    ids=["no-stream", "no-header", "window", "no-http-2", "no-stream-in-the-body", "window-in-the-body"],
)
def test_a_server_that_breaks_http_2_gives_no_answer(
    tmp_path: Path, frames: list[bytes], reason: str
) -> None:
    authority = Authority(tmp_path)
    context = authority.server("127.0.0.1")
    context.set_alpn_protocols(["h2"])
    server = _Http2(*frames)
    with serving(server, tls={0: context}), pytest.raises(FailedError) as failure:
        ask(server.url + "/x", authority.trusting())
    assert reason == failure.value.reason
