"""A harvest: every address that is met ends in one outcome, and none is asked twice."""

from pathlib import Path

import pytest

from pipeline.harvest import run
from pipeline.harvest.run import Options
from tests.harvesting import Desk, Kept, article, item, rss, source
from tests.web_server import HTML, RSS, Asked, Page, Server, serving


def page(title: str = "x") -> Page:
    return Page(article(title), headers=HTML)


def feed(*links: str, **headers: str) -> Page:
    return Page(rss(*(item(link) for link in links)), headers={**RSS, **headers})


def sitemap(*entries: str, kind: str = "url", outer: str = "urlset") -> Page:
    inner = "".join(f"<{kind}>{entry}</{kind}>" for entry in entries)
    return Page(f"<{outer} xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{inner}</{outer}>".encode())


def loc(address: str, lastmod: str = "") -> str:
    return f"<loc>{address}</loc>" + (f"<lastmod>{lastmod}</lastmod>" if lastmod else "")


def test_feeds_sitemaps_lists_and_pages_are_all_read(tmp_path: Path) -> None:
    lists = Page(
        b'[{"link": "/a/3", "title": {"rendered": "Three"}}]', headers={"Content-Type": "application/json"}
    )
    pages = {f"/a/{n}": page(str(n)) for n in range(1, 5)}
    with serving(server := Server({"/f": feed("/a/1"), "/s": sitemap(loc("/a/2")), "/l": lists, **pages})):
        u = server.url
        report = Desk(
            tmp_path,
            source("A", feed=u + "/f", sitemap=u + "/s", list=u + "/l", page=u + "/a/4", delay_seconds=0),
        ).run()
    assert {"fetched"} == set(report.outcomes.values())
    assert 7 == len(report.outcomes)
    assert 4 == report.n_new
    assert sorted(["/robots.txt", "/f", "/s", "/l", *pages]) == sorted(one.path for one in server.asked), (
        "each once"
    )


def test_a_feed_of_two_sources_is_asked_once_and_a_page_of_two_feeds_too(tmp_path: Path) -> None:
    with serving(server := Server({"/f": feed("/a/1"), "/g": feed("/a/1"), "/a/1": page()})):
        sources = source("A", feed=[server.url + "/f", server.url + "/g"], delay_seconds=0) + source(
            "B", feed=server.url + "/f"
        )
        desk = Desk(tmp_path, sources)
        desk.run()
    assert [1, 1, 1] == [server.count(path) for path in ("/f", "/g", "/a/1")]
    assert ("A", "B") == desk.archive.kept[-1][1].outlets  # type: ignore[union-attr]


def test_a_feed_that_is_not_modified_does_not_drop_pages_that_wait(tmp_path: Path) -> None:
    def says(asked: Asked) -> Page:
        return Page(status=304) if "if-none-match" in asked.headers else feed("/a/1", "/a/2", ETag='"e"')

    answers = [Page(status=500), page("2")]
    with serving(server := Server({"/f": says, "/a/1": page("1"), "/a/2": lambda _: answers.pop(0)})):
        desk = Desk(tmp_path, source("A", feed=server.url + "/f", delay_seconds=0))
        desk.run()
        report = desk.run(0.5)
    u = server.url
    assert {u + "/f": "not_modified", u + "/a/2": "fetched"} == report.outcomes
    assert '"e"' == server.asked[-2].headers["if-none-match"] or '"e"' == server.asked[-1].headers.get(
        "if-none-match"
    )
    assert [u + "/a/1", u + "/a/2"] == desk.archive.pages


def test_a_run_that_was_killed_before_it_stored_anything_repeats_nothing(tmp_path: Path) -> None:
    with serving(server := Server({"/f": feed("/a/1", "/a/2"), "/a/1": page(), "/a/2": page()})):
        desk = Desk(
            tmp_path, source("A", feed=server.url + "/f", delay_seconds=0), options=Options(delay_seconds=0)
        )
        desk.run(save=False)
        assert {} == desk.run().outcomes
    assert 4 == len(server.asked)


def test_young_articles_are_looked_at_again_by_setting(tmp_path: Path) -> None:
    def says(asked: Asked) -> Page:
        return (
            Page(status=304)
            if "if-none-match" in asked.headers
            else Page(article("1"), headers={**HTML, "ETag": '"1"'})
        )

    texts = [article("2"), article("2"), article("two")]
    with serving(
        server := Server(
            {"/f": feed("/a/1", "/a/2"), "/a/1": says, "/a/2": lambda _: Page(texts.pop(0), headers=HTML)}
        )
    ):
        options = Options(is_adaptive=False, delay_seconds=0, revisit_hours=(1, 6))
        desk = Desk(tmp_path, source("A", feed=server.url + "/f", delay_seconds=0), options=options)
        said = [
            {path: desk_run.get(server.url + path) for path in ("/a/1", "/a/2")}
            for desk_run in (desk.run(h).outcomes for h in (0, 1.1, 2, 6.1, 7))
        ]
    assert [{"/a/1": "fetched", "/a/2": "fetched"}, {"/a/1": "not_modified", "/a/2": "not_modified"}] == said[
        :2
    ]
    none = {"/a/1": None, "/a/2": None}
    assert [none, {"/a/1": "not_modified", "/a/2": "fetched"}, none] == said[2:]
    assert 3 == len(desk.archive.pages)


def test_a_first_look_into_a_sitemap_is_no_walk_through_its_archive(tmp_path: Path) -> None:
    old = [loc(f"/a/old-{n}", "2025-01-01") for n in range(50)]
    undated = [loc(f"/a/{n}") for n in range(300)]
    with serving(
        server := Server({"/old": sitemap(*old, loc("/a/new", "2026-03-09")), "/undated": sitemap(*undated)})
    ):
        desk = Desk(
            tmp_path, source("A", sitemap=[server.url + "/old", server.url + "/undated"], delay_seconds=0)
        )
        report = desk.run()
        n_first = len(server.asked)
        desk.run(0.5)
    assert n_first < 220
    assert f"{server.url}/a/new" in report.outcomes
    assert not any("old-" in one.path for one in server.asked)
    assert not any(one.path == "/a/250" for one in server.asked), "known from the first look on"


def test_parts_of_an_index_are_read_where_they_may_have_something_new(tmp_path: Path) -> None:
    index = sitemap(
        loc("/new.xml", "2026-03-10T11:00:00Z"),
        loc("/old.xml", "2025-01-31"),
        loc("/any.xml"),
        kind="sitemap",
        outer="sitemapindex",
    )
    parts = {
        "/new.xml": sitemap(loc("/a/1")),
        "/any.xml": sitemap(loc("/a/2")),
        "/a/1": page(),
        "/a/2": page(),
    }
    with serving(server := Server({"/s": index, **parts})):
        desk = Desk(tmp_path, source("A", sitemap=server.url + "/s", delay_seconds=0))
        desk.run()
        desk.run(0.5)
    assert [2, 1, 0, 2] == [server.count(path) for path in ("/s", "/new.xml", "/old.xml", "/any.xml")]


def test_items_without_a_page_are_counted(tmp_path: Path) -> None:
    body = rss(item("/a/1"), "<item><title>None</title></item>")
    with serving(server := Server({"/f": Page(body, headers=RSS), "/a/1": page()})):
        report = Desk(tmp_path, source("A", feed=server.url + "/f", delay_seconds=0)).run()
    assert ["None"] == [one.title for one in report.skipped]


@pytest.mark.parametrize(
    ("says", "outcome", "health"),
    [
        (Page(b"<!doctype html><title>No</title>", headers=HTML), "failed:not_a_feed", "other_content"),
        (Page(b""), "failed:not_a_feed", "other_content"),
        (
            Page(b"<!DOCTYPE rss [<!ENTITY a 'b'>]><rss><channel/></rss>"),
            "failed:unsafe_xml",
            "other_content",
        ),
        (Page(status=410), "failed:410", "gone"),
        (Page(status=404), "failed:404", "failing"),
        (Page(rss(), length=9_000), "failed:truncated", "failing"),
        (feed(), "fetched", "ok"),
    ],
)
def test_each_feed_gets_its_verdict(tmp_path: Path, says: Page, outcome: str, health: str) -> None:
    with serving(server := Server({"/f": says})):
        report = Desk(tmp_path, source("A", feed=server.url + "/f", delay_seconds=0)).run()
    assert [outcome] == list(report.outcomes.values())
    assert [health] == list(report.health.values())


def test_a_fault_of_ours_costs_one_listing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = run.read_listing
    monkeypatch.setattr(
        run,
        "read_listing",
        lambda kind, reply, *rest: 1 // 0 if reply.target.path == "/f" else read(kind, reply, *rest),
    )
    with serving(server := Server({"/f": feed(), "/g": feed("/a/1"), "/a/1": page()})):
        report = Desk(
            tmp_path, source("A", feed=[server.url + "/f", server.url + "/g"], delay_seconds=0)
        ).run()
    assert ["failed:error", "fetched", "fetched"] == list(report.outcomes.values())


def test_a_listing_is_asked_when_it_is_due(tmp_path: Path) -> None:
    with serving(server := Server({"/f": feed()})):
        desk = Desk(tmp_path, source("A", feed=server.url + "/f"), options=Options(delay_seconds=0))
        for hour in range(12):
            desk.run(hour)
    assert 2 <= server.count("/f") < 8


def test_all_parts_of_a_large_index_are_read_in_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the first ones always fail."""
    monkeypatch.setattr(run, "_MAX_PARTS", 10)
    parts = {f"/s{n:02}.xml": sitemap(loc(f"/a/{n}")) if n >= 12 else Page(status=404) for n in range(25)}
    index = sitemap(*map(loc, parts), kind="sitemap", outer="sitemapindex")
    with serving(server := Server({"/s": index, **parts, "/a": page()})):
        desk = Desk(tmp_path, source("A", sitemap=server.url + "/s", delay_seconds=0))
        for hours, least in ((0, 0), (1, 0), (2, 1), (3, 1), (4, 2)):
            desk.run(hours)
            counts = [server.count(part) for part in parts]
            assert 10 * (hours + 1) == sum(counts)
            assert least == min(counts)
            assert max(counts) <= least + 1


def test_an_index_of_which_a_part_has_news_is_asked_as_a_feed_with_news(tmp_path: Path) -> None:
    index = sitemap(loc("/n.xml"), kind="sitemap", outer="sitemapindex")
    outer = sitemap(loc("/s"), kind="sitemap", outer="sitemapindex")
    with serving(server := Server({"/outer": outer, "/s": index})):
        desk = Desk(
            tmp_path,
            source("A", sitemap=[server.url + "/outer"], delay_seconds=0),
            options=Options(delay_seconds=0),
        )
        for hours in range(12):
            server.pages["/n.xml"] = sitemap(*(loc(f"/a/{n}") for n in range(hours + 1)))
            server.pages[f"/a/{hours}"] = page(str(hours))
            desk.run(hours)
        assert [12, 12] == [server.count("/outer"), server.count("/n.xml")]
        for hours in range(12, 36):
            desk.run(hours)
        assert server.count("/outer") < 24, "without news it is asked more and more rarely"
        health = desk.run(24 * 9).health
    assert ["silent"] == list(health.values())


def test_a_page_that_is_refused_is_new_once_and_fetched_when_it_is_permitted(tmp_path: Path) -> None:
    robots = Page(b"User-agent: *\nDisallow: /a/")
    with serving(server := Server({"/robots.txt": robots, "/f": feed("/a/1"), "/a/1": page()})):
        desk = Desk(tmp_path, source("A", feed=server.url + "/f", delay_seconds=0))
        u, said = server.url, []
        for hours in (0, 1, 2, 26):
            server.pages["/f"] = Page(rss(item("/a/1"), head=f"<ttl>{hours}</ttl>"), headers=RSS)
            report = desk.run(hours)
            said.append((report.outcomes[u + "/a/1"], report.n_new))
            server.pages["/robots.txt"] = Page(status=404)
    assert [("refused:robots", 1), ("refused:robots", 0), ("refused:robots", 0), ("fetched", 0)] == said


def test_a_fault_of_ours_is_a_failure_that_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page is tried five times, and its listing's verdict says what is wrong."""
    monkeypatch.setattr(Kept, "write", lambda *_: 1 // 0)
    with serving(server := Server({"/f": feed(), "/a/1": page()})):
        page_of = source("A", feed=server.url + "/f", page=server.url + "/a/1", delay_seconds=0)
        desk = Desk(tmp_path, page_of)
        reports = [desk.run(24 * n) for n in range(9)]
    assert 5 == server.count("/a/1")
    assert ["failing"] == list(reports[-1].health.values())
    assert "failed:error" == reports[0].outcomes[server.url + "/a/1"]


def test_a_feed_address_that_serves_an_index_is_followed_like_one(tmp_path: Path) -> None:
    """Its parts may be feeds."""
    index = sitemap(loc("/s.xml"), loc("/g"), kind="sitemap", outer="sitemapindex")
    pages = {f"/a/{n}": page(str(n)) for n in (1, 2)}
    with serving(
        server := Server({"/f": index, "/s.xml": sitemap(loc("/a/1")), "/g": feed("/a/2"), **pages})
    ):
        report = Desk(tmp_path, source("A", feed=server.url + "/f", delay_seconds=0)).run()
    assert 5 == len(report.outcomes)
    assert {"fetched"} == set(report.outcomes.values())


@pytest.mark.parametrize("first", ["/old", "/new"])
def test_a_feed_that_moved_to_an_address_which_another_source_states_has_moved_and_the_other_is_well(
    tmp_path: Path, first: str
) -> None:
    old = Page(status=301, headers={"Location": "/new"})
    pages = {f"/a/{n}": page(str(n)) for n in range(3)}
    with serving(server := Server({"/old": old, "/new": feed("/a/0"), **pages})):
        stated = sorted(["/old", "/new"], key=lambda path: path != first)
        text = "".join(source(path, feed=server.url + path, delay_seconds=0) for path in stated)
        desk = Desk(tmp_path, text)
        for n in (1, 2):
            server.pages["/new"] = feed("/a/0", f"/a/{n}")
            report = desk.run(n)
        report = desk.run(100)
    assert 3 == server.count("/new"), "once a run"
    assert "moved" == report.health[server.url + "/old"]
    assert "silent" == report.health[server.url + "/new"], "nothing new for four days, and that is known"
    assert {server.url + "/old", server.url + "/new"} <= set(report.outcomes)


def test_a_feed_that_is_back_is_asked_where_the_source_that_states_its_new_address_fails(
    tmp_path: Path,
) -> None:
    old = Page(status=301, headers={"Location": "/new"})
    with serving(server := Server({"/old": old, "/new": feed("/a/0"), "/a/0": page(), "/a/1": page("1")})):
        text = "".join(source(path, feed=server.url + path, delay_seconds=0) for path in ("/new", "/old"))
        desk = Desk(tmp_path, text)
        desk.run()
        server.pages |= {"/old": feed("/a/1"), "/new": Page(status=404)}
        desk.run(1)
        desk.run(2)
    assert 1 == server.count("/a/1")
