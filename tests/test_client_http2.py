"""Servers that speak HTTP/2: what they give, how they end, and what is kept of it."""

import asyncio
import gzip
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from http.client import HTTPResponse
from pathlib import Path
from typing import Any, cast

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType

from pipeline.harvest.client import Client, FailedError, Limits, Reply
from pipeline.harvest.clock import Clock
from pipeline.harvest.hour import Bounds, harvest_hour
from pipeline.harvest.run import Options
from pipeline.harvest.sources import parse_sources
from pipeline.harvest.targets import target_of
from pipeline.landing.columns import Columns
from pipeline.landing.warc import read_warc
from pipeline.store.local import LocalStorage
from pipeline.store.warehouse import Warehouse
from tests.certificates import Authority
from tests.h2_server import H2Server, Page, serving_h2
from tests.harvesting import LIMITS, NOW, article, item, rss, source
from tests.web_server import Page as OldPage
from tests.web_server import Server, serving

HTML, RSS = [("content-type", "text/html; charset=utf-8")], [("content-type", "application/rss+xml")]
WHOLE, LONG = Page(b"y"), b"x" * 50_000


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    (tmp_path / "keys").mkdir()
    return Authority(tmp_path / "keys")


@contextmanager
def running(server: H2Server, authority: Authority) -> Iterator[None]:
    with serving_h2(server, authority.server(server.ip)):
        yield


def ask(authority: Authority, *addresses: str, seconds: float = 0) -> list[Reply | str]:
    """Ask one client for these addresses, one after the other: answers, or reasons of failures."""

    async def run() -> list[Reply | str]:
        limits = Limits(request_seconds=5, connect_seconds=5, read_seconds=5)
        found: list[Reply | str] = []
        async with Client("newsfold/1", lambda: datetime.now(UTC), limits, authority.trusting()) as client:
            for address in addresses:
                try:
                    found.append(await client.get(target_of(address), allow_hosts=["127.0.0.1"]))
                except FailedError as error:
                    found.append(error.reason)
                await asyncio.sleep(seconds)
        return found

    return asyncio.run(run())


def statuses(found: list[Reply | str]) -> list[int | str]:
    return [one if isinstance(one, str) else one.status for one in found]


def test_a_server_that_offers_http_2_is_asked_in_it_on_one_connection(authority: Authority) -> None:
    server = H2Server({"/x": Page(LONG), "/y": WHOLE})
    with running(server, authority):
        found = ask(authority, *(server.url + path for path in ("/x", "/y", "/x", "/none")))
    first = found[0]
    assert isinstance(first, Reply)
    assert ("HTTP/2", 200, LONG, "127.0.0.1") == (first.version, first.status, first.payload, first.number)
    assert [200, 200, 200, 404] == statuses(found)
    assert [0] * 4 == [asked.connection for asked in server.asked]
    sent = dict(server.asked[0].headers)
    assert (f"127.0.0.1:{server.port}", "newsfold/1") == (sent[":authority"], sent["user-agent"])
    assert not {"host", "cookie", "connection"} & set(sent)


def test_one_that_offers_http_1_alone_is_asked_in_that(authority: Authority) -> None:
    with serving(server := Server({"/x": OldPage(b"x")}), tls={0: authority.server("127.0.0.1")}):
        (found,) = ask(authority, server.url + "/x")
    assert isinstance(found, Reply)
    assert "HTTP/1.1" == found.version


@pytest.mark.parametrize(
    ("ends", "reason", "connection"),
    [
        ("reset", "truncated", 0),  # RST_STREAM in the middle: the connection is as good as before
        ("refused", "protocol", 0),
        ("goaway", "truncated", 1),  # GOAWAY in the middle
        ("silent", "protocol", 1),
    ],
)
def test_a_stream_or_a_connection_that_breaks_is_a_failure_and_the_next_request_is_answered(
    authority: Authority, ends: str, reason: str, connection: int
) -> None:
    server = H2Server({"/x": Page(LONG, ends=ends), "/y": WHOLE})
    with running(server, authority):
        found = ask(authority, *(server.url + path for path in ("/y", "/x", "/y")))
    assert [200, reason, 200] == statuses(found)
    assert ["/y", "/x", "/y"] == [asked.path for asked in server.asked]
    assert connection == server.asked[-1].connection


@pytest.mark.parametrize("ends", ["last", "idle"])
def test_a_server_that_ends_its_connections_in_good_order_loses_no_request(
    authority: Authority, ends: str
) -> None:
    """As many do after some requests, or some seconds without one."""
    server = H2Server({"/x": Page(LONG, ends=ends)})
    with running(server, authority):
        found = ask(authority, *[server.url + "/x"] * 3, seconds=0.2)
    assert [200] * 3 == statuses(found)
    assert {0, 1, 2} == {asked.connection for asked in server.asked}


def test_a_request_that_the_server_says_it_has_not_looked_at_is_sent_again(authority: Authority) -> None:
    server = H2Server({"/y": WHOLE, "/x": [Page(ends="unseen"), Page(b"x")]})
    with running(server, authority):
        found = ask(authority, server.url + "/y", server.url + "/x")
    assert [200, 200] == statuses(found)


def test_one_that_says_so_for_ever_fails(authority: Authority) -> None:
    server = H2Server({"/x": Page(ends="unseen")})
    with running(server, authority):
        assert ["protocol"] == ask(authority, server.url + "/x")
    assert len(server.asked) <= 2


def test_what_was_fetched_is_on_record_as_http_1_has_it(
    authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Feed and pages of a harvest; one page breaks off, and stops none."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    packed = Page(gzip.compress(article("One"), mtime=0), headers=[*HTML, ("content-encoding", "gzip")])
    broken = Page(article("Two"), headers=HTML, ends="reset")
    feed = Page(rss(item("/a/1"), item("/a/2")), headers=[*RSS, ("date", format_datetime(NOW))])
    server = H2Server({"/f": feed, "/a/1": packed, "/a/2": broken})
    with running(server, authority):
        listed = parse_sources(source("A", feed=server.url + "/f", delay_seconds=0), "s")
        landing, warehouse = (LocalStorage(str(tmp_path / name)) for name in ("landing", "warehouse"))
        done = harvest_hour(
            listed, landing, Warehouse(warehouse), Clock(NOW), Bounds(Options(is_adaptive=False), LIMITS)
        )
    outcomes = {address.removeprefix(server.url): word for address, word in done.report.outcomes.items()}
    assert {"/f": "fetched", "/a/1": "fetched", "/a/2": "failed:truncated"} == outcomes
    assert {0} == {asked.connection for asked in server.asked}

    (name,) = done.files
    data = landing.read(name)
    responses = list(
        ArchiveIterator(io.BytesIO(data), record_types=WarcRecordType.response, parse_http=False)
    )
    assert ["h2", "h2"] == [record.headers["WARC-Protocol"] for record in responses]
    (row,) = [row for row in read_warc(io.BytesIO(data), name, 1 << 20, Columns()) if row.get("body")]
    assert row["body"] == article("One")
    blocks = [_block(data, number) for number in range(2)]
    for block, page in zip(blocks, (feed, packed), strict=True):
        assert block.startswith(b"HTTP/1.1 200 \r\n")
        parsed = HTTPResponse(cast("Any", _Socket(block)))
        parsed.begin()
        assert (200, page.body) == (parsed.status, parsed.read())
        assert dict(page.headers).items() <= {k.lower(): v for k, v in parsed.getheaders()}.items()
        assert b":status" not in block


def _block(data: bytes, number: int) -> bytes:
    """What stands in one of the responses."""
    found = ArchiveIterator(io.BytesIO(data), record_types=WarcRecordType.response, parse_http=False)
    return next(bytes(record.reader.read()) for n, record in enumerate(found) if n == number)


class _Socket:
    """A block of bytes as the standard library's reader of HTTP/1.1 wants it."""

    def __init__(self, block: bytes) -> None:
        self._block = block

    def makefile(self, _mode: str) -> io.BytesIO:
        return io.BytesIO(self._block)


def test_a_certificate_that_is_not_trusted_is_a_failure_of_tls(authority: Authority, tmp_path: Path) -> None:
    (tmp_path / "others").mkdir()
    other = Authority(tmp_path / "others", "Another")
    server = H2Server({"/x": WHOLE})
    with running(server, authority):
        assert ["tls"] == ask(other, server.url + "/x")
    assert [] == server.asked
