"""What servers see of a harvest, promise by promise: what is never asked, what is asked anew, what is sent along."""

import base64
from collections.abc import Sequence
from ipaddress import ip_address
from itertools import pairwise
from pathlib import Path

import pytest

from pipeline.harvest.run import Options
from pipeline.harvest.targets import Number
from tests.harvesting import Desk, article, item, rss, source
from tests.web_server import HTML, RSS, Asked, Page, Server, serving

ALLOWED = [f"127.0.0.{n}" for n in (1, 2, 3)]


def feed(*links: str, n: int = 0, **headers: str) -> Page:
    """A feed whose bytes differ by `n`."""
    return Page(rss(*(item(link) for link in links), head=f"<ttl>{n}</ttl>"), headers={**RSS, **headers})


def page(title: str = "x", **headers: str) -> Page:
    return Page(article(title), headers={**HTML, **headers})


def sent(server: Server, name: str, path: str = "/f") -> list[str | None]:
    """The values of a field, in the requests for a path."""
    return [one.headers.get(name) for one in server.asked if one.path == path]


# --- robots.txt --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "says", [Page(b"User-agent: *", length=99), Page(b"x" * 9, drip=1), Page(status=599)]
)
def test_a_robots_txt_that_does_not_come_whole_forbids_all(tmp_path: Path, says: Page) -> None:
    with serving(server := Server({"/robots.txt": says, "/f": feed()})):
        report = Desk(tmp_path, source("A", feed=server.url + "/f", delay_seconds=0)).run()
    assert ["refused:robots"] == list(report.outcomes.values())
    assert [] == sent(server, "host")


def test_each_port_has_a_robots_txt_of_its_own(tmp_path: Path) -> None:
    """One host is two origins here, and one host all the same: it has one turn."""
    closed = Server({"/robots.txt": Page(b"User-agent: *\nDisallow: /"), "/f": feed()})
    with serving(closed, open_ := Server({"/f": feed()})):
        feeds = [closed.url + "/f", open_.url + "/f"]
        report = Desk(tmp_path, source("A", feed=feeds, delay_seconds=0.2)).run()
    assert ["refused:robots", "fetched"] == [report.outcomes[address] for address in feeds]
    times = sorted(one.at for one in (*closed.asked, *open_.asked))
    assert all(later - sooner >= 0.2 for sooner, later in pairwise(times))


def test_the_parts_of_an_index_and_the_hops_of_a_feed_are_asked_only_where_permitted(tmp_path: Path) -> None:
    index = Page(b"<sitemapindex><sitemap><loc>/no/s.xml</loc></sitemap></sitemapindex>")
    robots = Page(b"\xef\xbb\xbfUser-agent: *\nDisallow: /no/\n")
    moved = Page(status=301, headers={"Location": "/no/f"})
    with serving(server := Server({"/robots.txt": robots, "/s": index, "/f": moved})):
        sources = source("A", feed=server.url + "/f", sitemap=server.url + "/s", delay_seconds=0)
        report = Desk(tmp_path, sources).run()
    assert [] == [one.path for one in server.asked if one.path.startswith("/no/")]
    assert 2 == list(report.outcomes.values()).count("refused:robots")


def test_a_robots_txt_that_leads_inside_is_not_followed_and_forbids_all(tmp_path: Path) -> None:
    inside = Server({"/robots.txt": Page(b"")}, "127.0.0.9")
    with serving(inside, server := Server({"/f": feed()})):
        server.pages["/robots.txt"] = Page(status=301, headers={"Location": inside.url + "/robots.txt"})
        report = Desk(tmp_path, source("A", feed=server.url + "/f", delay_seconds=0)).run()
    assert ["refused:robots"] == list(report.outcomes.values())
    assert [] == inside.asked


# --- when a host wants to be left alone ------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [403, 429, 500, 502, 503, 520])
def test_a_host_that_says_when_is_left_alone_until_then_whatever_its_error(
    tmp_path: Path, status: int
) -> None:
    """Also by the run after one that was killed; and a day at most."""
    strained = Page(status=status, headers={"Retry-After": "864000"})
    with serving(server := Server({"/f": strained, "/g": feed()})):
        desk = Desk(tmp_path, source("A", feed=[server.url + "/f", server.url + "/g"], delay_seconds=0))
        desk.run(save=False)
        n_first = len(server.asked)
        said = [desk.run(hours).outcomes.values() for hours in (1, 23.9)]
        assert n_first == len(server.asked)
        assert [["deferred:retry_after"] * 2] * 2 == [list(outcomes) for outcomes in said]
        desk.run(24.1)
    assert len(server.asked) > n_first


# --- asking for what is new ----------------------------------------------------------------------------------------


def test_validators_come_from_whole_listings_alone_and_go_back_byte_for_byte(tmp_path: Path) -> None:
    good, html = 'W/"1 2;ü"', Page(b"<!doctype html><p>Sorry", headers={**HTML, "ETag": '"html"'})
    torn = Page(rss(item("/a/1"))[:-40], headers={**RSS, "ETag": '"torn"'})
    answers = [
        html,
        feed(ETag=good),
        html,
        torn,
        feed(n=2, ETag='"2"'),
        Page(status=500, headers={"ETag": '"5"'}),
    ]
    with serving(server := Server({"/f": lambda _: answers.pop(0), "/a/1": page()})):
        desk = Desk(tmp_path, source("A", feed=server.url + "/f", delay_seconds=0))
        for hours in range(6):
            desk.run(24 * hours)
    assert [None, None, good, good, None, '"2"'] == sent(server, "if-none-match")


def test_a_304_may_bring_another_tag_and_the_same_bytes_bring_theirs(tmp_path: Path) -> None:
    answers = [
        feed(ETag='"1"'),
        Page(status=304, headers={"ETag": '"2"'}),
        feed(ETag='"3"'),
        Page(status=304),
        feed(),
        feed(),
    ]
    with serving(server := Server({"/f": lambda _: answers.pop(0)})):
        desk = Desk(tmp_path, source("A", feed=server.url + "/f", delay_seconds=0))
        said = [next(iter(desk.run(hours).outcomes.values())) for hours in range(6)]
    assert [None, '"1"', '"2"', '"3"', '"3"', None] == sent(server, "if-none-match")
    assert ["fetched", *["not_modified"] * 5] == said


@pytest.mark.parametrize(
    "date", ["Tue, 10 Mar 2099 09:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT", "yesterday"]
)
def test_dates_of_a_wrong_clock_are_not_sent_back_and_the_bytes_decide(tmp_path: Path, date: str) -> None:
    with serving(server := Server({"/f": feed(**{"Last-Modified": date})})):
        desk = Desk(tmp_path, source("A", feed=server.url + "/f", delay_seconds=0))
        said = [next(iter(desk.run(hours).outcomes.values())) for hours in (0, 1)]
        server.pages["/f"] = feed(n=1, **{"Last-Modified": date})
        said.append(next(iter(desk.run(2).outcomes.values())))
    assert [None] * 3 == sent(server, "if-modified-since")
    assert ["fetched", "not_modified", "fetched"] == said


def test_a_tag_goes_to_the_address_that_gave_it_alone(tmp_path: Path) -> None:
    """For listings at each hop, for pages that are looked at again too."""
    moves = {f"{path}": Page(status=302, headers={"Location": f"/to{path}"}) for path in ("/f", "/a/1")}
    to = {"/to/f": feed("/a/1", ETag='"f"'), "/to/a/1": page(ETag='"a"')}
    options = Options(is_adaptive=False, delay_seconds=0, revisit_hours=(1,))
    with serving(server := Server({**moves, **to})):
        desk = Desk(tmp_path, source("A", feed=server.url + "/f", delay_seconds=0), options=options)
        for hours in (0, 1.5):
            desk.run(hours)
    assert [None, None] == sent(server, "if-none-match")
    assert [None, '"f"'] == sent(server, "if-none-match", "/to/f")
    assert [None, None] == sent(server, "if-none-match", "/a/1")
    assert {None} == set(sent(server, "if-none-match", "/to/a/1"))


def test_young_articles_are_looked_at_again_by_tag_or_by_their_bytes(tmp_path: Path) -> None:
    """A server may give up its tags between two looks; a tag that is a date of the future is none."""

    def says(asked: Asked) -> Page:
        is_second = server.count("/a/1") == 2
        return Page(status=304) if is_second and "if-none-match" in asked.headers else answers.pop(0)

    answers = [page(ETag='"1"'), page(), page("changed")]
    wrong = page(ETag='"Tue, 10 Mar 2099 09:00:00 GMT"')
    options = Options(is_adaptive=False, delay_seconds=0, revisit_hours=(1, 6, 24))
    with serving(server := Server({"/f": feed("/a/1", "/a/2"), "/a/1": says, "/a/2": wrong})):
        desk = Desk(tmp_path, source("A", feed=server.url + "/f", delay_seconds=0), options=options)
        said = [desk.run(hours).outcomes.get(server.url + "/a/1") for hours in (0, 1.1, 6.1, 24.1, 48)]
    assert ["fetched", "not_modified", "not_modified", "fetched", None] == said
    assert [None, *['"1"'] * 3] == sent(server, "if-none-match", "/a/1")
    assert [None] * 4 == sent(server, "if-none-match", "/a/2")


# --- safety ----------------------------------------------------------------------------------------------------------


def test_passwords_of_this_machine_are_not_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://me:secret@127.0.0.1:9")
    with serving(server := Server({"/f": feed(**{"Set-Cookie": "a=b"}), "/g": feed()})):
        feeds = [server.url + "/f", server.url + "/g"]
        report = Desk(tmp_path, source("A", feed=feeds, delay_seconds=0)).run()
    secret = base64.b64encode(b"me:secret").decode()
    assert ["fetched"] * 2 == list(report.outcomes.values())
    assert not any(secret in str(one.headers) or "cookie" in one.headers for one in server.asked)


def test_a_name_of_the_feed_s_host_that_leads_inside_is_refused_each_time(tmp_path: Path) -> None:
    """Whatever it leads to the next time: what was judged is what is connected to."""
    numbers = iter(["8.8.8.8", "127.0.0.1"] * 9)

    async def resolve(host: str, port: int) -> Sequence[Number]:
        return [ip_address("127.0.0.1" if host == "inside.example" else next(numbers))]

    with serving(server := Server({"/f": feed()})):
        names = [f"http://inside.example:{server.port}/f", f"http://[::ffff:127.0.0.9]:{server.port}/f"]
        report = Desk(tmp_path, source("A", feed=names, delay_seconds=0), resolve=resolve).run()
    assert ["refused:safety"] * 2 == list(report.outcomes.values())
    assert [] == server.asked


def test_a_sitemap_that_declares_entities_is_unsafe_and_its_dtd_is_not_fetched(tmp_path: Path) -> None:
    with serving(server := Server()):
        dtd = f"<!DOCTYPE urlset SYSTEM '{server.url}/x.dtd' [<!ENTITY a 'b'>]>"
        entry = "<url><loc>/a/1</loc></url>"
        server.pages["/s"] = Page(f"{dtd}<urlset>{entry}</urlset>".encode())
        server.pages["/f"] = Page(f"<!DOCTYPE rss SYSTEM '{server.url}/x.dtd'>".encode() + rss(item("/a/2")))
        sources = source("A", sitemap=server.url + "/s", feed=server.url + "/f", delay_seconds=0)
        report = Desk(tmp_path, sources).run()
    assert "failed:unsafe_xml" == report.outcomes[server.url + "/s"]
    assert "fetched" == report.outcomes[server.url + "/f"], "a DTD that is only named does no harm"
    assert 0 == server.count("/x.dtd")


@pytest.mark.parametrize("said", ["text/html", "application/octet-stream", "image/png", ""])
def test_a_listing_is_known_by_its_content_whatever_its_type_says(tmp_path: Path, said: str) -> None:
    with serving(server := Server({"/f": Page(rss(), headers={"Content-Type": said} if said else {})})):
        report = Desk(tmp_path, source("A", feed=server.url + "/f", delay_seconds=0)).run()
    assert ["fetched"] == list(report.outcomes.values())
