"""One request: what is sent, what comes back, what is no answer."""

import asyncio
import gzip
from collections.abc import Sequence
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any

import pytest

from pipeline.harvest.client import Client, FailedError, Limits, Reply
from pipeline.harvest.targets import Number, UnsafeAddressError, target_of
from tests.web_server import Page, Server, serving

ALLOWED = ["127.0.0.1"]
LIMITS = Limits(payload_bytes=10_000, body_bytes=20_000, request_seconds=1, connect_seconds=1, read_seconds=1)


def ask(*addresses: str, fields: Sequence[tuple[str, str]] = (), **options: Any) -> list[Reply]:
    """Ask one client for these addresses, one after the other."""

    async def run() -> list[Reply]:
        async with Client(
            "newsfold/1 (+mailto:desk@a.example)", lambda: datetime(2026, 3, 5, tzinfo=UTC), LIMITS
        ) as client:
            client.resolve = options.pop("resolve", None)
            asked = {"allow_hosts": ALLOWED, **options}
            return [await client.get(target_of(address), fields, **asked) for address in addresses]

    return asyncio.run(run())


def test_an_answer_is_kept_as_sent_and_as_read() -> None:
    packed = gzip.compress(b"<p>text</p>")
    page = Page(
        packed, headers={"Content-Type": "text/html", "content-encoding": "gzip", "ETag": '"\xe9"'}, chunk=5
    )
    with serving(server := Server({"/x%2Fy?q=1": page})):
        (reply,) = ask(server.url + "/x%2Fy?q=1#z", fields=[("If-None-Match", '"\xe9"')])

    assert (200, packed, b"<p>text</p>", "127.0.0.1") == (
        reply.status,
        reply.payload,
        reply.body,
        reply.number,
    )
    assert ("Content-Type", "content-encoding", "ETag") == tuple(name for name, _ in reply.headers[:3])
    assert '"\xe9"' == reply.get("etag") == server.asked[0].headers["if-none-match"]
    assert "newsfold/1 (+mailto:desk@a.example)" == server.asked[0].headers["user-agent"]
    assert f"127.0.0.1:{server.port}" == server.asked[0].headers["host"]
    assert not {"cookie", "authorization", "referer"} & set(server.asked[0].headers)


def test_a_redirect_is_an_answer_and_a_cookie_is_not_sent_back() -> None:
    page = Page(status=302, headers={"Location": "/y", "Set-Cookie": "a=b; Path=/"})
    with serving(server := Server({"/x": page, "/y": Page(b"y")})):
        replies = ask(server.url + "/x", server.url + "/y")

    assert [302, 200] == [reply.status for reply in replies]
    assert "cookie" not in server.asked[1].headers
    assert server.asked[0].peer == server.asked[1].peer, "the connection is kept"


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (Page(b"<rss/>", length=100), "truncated"),
        (Page(b"<rss/>", chunk=3, is_broken=True), "truncated"),
        (Page(gzip.compress(b"<rss/>" * 9)[:-4], headers={"Content-Encoding": "gzip"}), "truncated"),
        (Page(bytes(10_001)), "too_large"),
        (Page(gzip.compress(bytes(1 << 20)), headers={"Content-Encoding": "gzip"}), "too_large"),
        (Page(b"<rss>" + b" " * 100, drip=0.1), "timeout"),
        (Page(b"late", after=3), "timeout"),
    ],
)
def test_what_is_no_whole_answer_is_a_failure(page: Page, reason: str) -> None:
    with serving(server := Server({"/x": page})), pytest.raises(FailedError) as failure:
        ask(server.url + "/x")
    assert reason == failure.value.reason


def test_of_an_answer_whose_beginning_is_wanted_no_more_is_read() -> None:
    with serving(server := Server({"/x": Page(b"ab" * 50_000), "/y": Page(b"<p>" * 9, length=100)})):
        (reply,) = ask(server.url + "/x", max_bytes=8)
        assert b"abababab" == reply.body
        (reply,) = ask(server.url + "/y", max_bytes=8)
        assert b"<p><p><p" == reply.body


def test_nothing_is_sent_to_the_inside() -> None:
    with serving(server := Server({"/x": Page(b"x")})):
        for address in (
            server.url,
            f"http://localhost:{server.port}",
            f"http://[::ffff:127.0.0.1]:{server.port}",
        ):
            with pytest.raises(UnsafeAddressError):
                ask(address + "/x", allow_hosts=["a.example"])
    assert [] == server.asked


def test_a_name_is_resolved_once_so_that_it_cannot_lead_elsewhere_later() -> None:
    answers = [[ip_address("127.0.0.1")], [ip_address("127.0.0.9")]]

    async def resolve(host: str, port: int) -> Sequence[Number]:
        return answers.pop(0)

    with serving(server := Server({"/x": Page(b"x", headers={"Connection": "close"}, length=1)})):
        address = f"http://a.example:{server.port}/x"
        replies = ask(address, address, allow_hosts=["a.example"], resolve=resolve)

    assert ["127.0.0.1"] * 2 == [reply.number for reply in replies]
    assert 1 == len(answers)


def test_a_name_that_leads_inside_is_refused() -> None:
    async def resolve(host: str, port: int) -> Sequence[Number]:
        return [ip_address("127.0.0.1")]

    with serving(server := Server()), pytest.raises(UnsafeAddressError, match="inside"):
        ask(f"http://a.example:{server.port}/x", resolve=resolve)
    assert [] == server.asked


def test_a_host_that_is_not_there_is_a_failure_to_connect() -> None:
    async def resolve(host: str, port: int) -> Sequence[Number]:
        raise OSError(-2, "Name or service not known")

    with pytest.raises(FailedError, match="not known") as failure:
        ask("http://a.example/", resolve=resolve)
    assert "connect" == failure.value.reason
    with serving(server := Server()):
        closed = server.url
    with pytest.raises(FailedError) as failure:
        ask(closed)
    assert "connect" == failure.value.reason


def test_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(server := Server({"/x": Page(b"x")}), proxy := Server()):
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        (reply,) = ask(server.url + "/x")
    assert b"x" == reply.body
    assert [] == proxy.asked
