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
