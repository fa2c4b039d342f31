"""One address asked as it should be: who was asked for what, and what was not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_address
from itertools import pairwise
from pathlib import Path

import pytest

from pipeline.harvest import pace
from pipeline.harvest.targets import Number
from pipeline.harvest.visit import Budgets
from tests.harvesting import NOW, Desk, article, item, rss, source
from tests.web_server import HTML, RSS, Page, Server, serving

SLOW = {"delay_seconds": 0.2}


def page(title: str = "x", **headers: str) -> Page:
    return Page(article(title), headers={**HTML, **headers})


def feed(*links: str, **headers: str) -> Page:
    return Page(rss(*(item(link) for link in links)), headers={**RSS, **headers})


def test_requests_to_a_host_keep_its_distance_and_one_connection(tmp_path: Path) -> None:
    with serving(
        server := Server({"/f": feed("/a/1", "/a/2", "/a/3"), "/a/1": page(), "/a/2": page(), "/a/3": page()})
    ):
        Desk(tmp_path, source("A", feed=server.url + "/f", **SLOW)).run()

    assert ["/robots.txt", "/f", "/a/1", "/a/2", "/a/3"] == [one.path for one in server.asked]
    times = [one.at for one in server.asked]
    assert all(later - sooner >= 0.2 for sooner, later in pairwise(times))
    assert 1 == server.most_open


def test_the_crawl_delay_counts_where_it_is_larger(tmp_path: Path) -> None:
    robots = Page(b"User-agent: *\nCrawl-delay: 0.4")
    with serving(server := Server({"/robots.txt": robots, "/f": feed("/a/1"), "/a/1": page()})):
        Desk(tmp_path, source("A", feed=server.url + "/f", **SLOW)).run()
    times = [one.at for one in server.asked]
    assert times[2] - times[1] >= 0.4


def test_a_crawl_delay_of_hours_means_one_request_a_run(tmp_path: Path) -> None:
    robots = Page(b"User-agent: *\nCrawl-delay: 3600")
    with serving(server := Server({"/robots.txt": robots, "/f": feed("/a/1", "/a/2"), "/a/1": page()})):
        report = Desk(tmp_path, source("A", feed=server.url + "/f", delay_seconds=0)).run()
    assert ["/robots.txt", "/f"] == [one.path for one in server.asked]
    assert ["fetched", "deferred:crawl_delay", "deferred:crawl_delay"] == list(report.outcomes.values())


def test_a_host_waits_as_long_as_it_says_across_runs(tmp_path: Path) -> None:
    answers = [Page(status=503, headers={"Retry-After": "3600"}), feed("/a/1")]
    with serving(server := Server({"/f": lambda _: answers.pop(0), "/g": feed("/a/1"), "/a/1": page()})):
        desk = Desk(tmp_path, source("A", feed=[server.url + "/f", server.url + "/g"], delay_seconds=0))
        assert ["failed:503", "deferred:retry_after"] == list(desk.run().outcomes.values())
        assert ["deferred:retry_after"] * 2 == list(desk.run(hours=0.9).outcomes.values())
        assert ["fetched"] * 3 == list(desk.run(hours=1.1).outcomes.values())
    assert 2 == server.count("/f")


def test_a_host_that_breaks_is_left_alone_and_the_others_are_not(tmp_path: Path) -> None:
    broken = Server(
        {"/f": feed(*(f"/a/{n}" for n in range(9)))} | {f"/a/{n}": Page(status=500) for n in range(9)}
    )
    sound = Server({"/f": feed("/a/1"), "/a/1": page()}, "127.0.0.2")
    with serving(broken, sound):
        sources = source("A", feed=broken.url + "/f", delay_seconds=0) + source(
            "B", feed=sound.url + "/f", delay_seconds=0
        )
        report = Desk(tmp_path, sources).run()
    outcomes = [report.outcomes[f"{broken.url}/a/{n}"] for n in range(9)]
    assert ["failed:500"] * 5 + ["deferred:backoff"] * 4 == outcomes
    assert "fetched" == report.outcomes[sound.url + "/a/1"]


def test_a_robots_txt_that_is_down_forbids_all_until_the_next_run(tmp_path: Path) -> None:
    answers = [Page(status=503), Page(status=404)]
    with serving(server := Server({"/robots.txt": lambda _: answers.pop(0), "/f": feed()})):
        desk = Desk(tmp_path, source("A", feed=server.url + "/f", delay_seconds=0))
        assert ["refused:robots"] == list(desk.run().outcomes.values())
        assert ["fetched"] == list(desk.run(0.5).outcomes.values())
        desk.run(1)
    assert 2 == server.count("/robots.txt"), "an answer holds for a day"


def test_a_page_waits_while_the_robots_txt_of_its_host_is_down(tmp_path: Path) -> None:
    """Its listing may not name it again."""
    answers = [Page(status=503), Page(status=404)]
    pages = Server({"/robots.txt": lambda _: answers.pop(0), "/a/1": page()}, "127.0.0.2")
    feeds = Server({"/f": lambda _: feed(f"{pages.url}/a/1") if pages.asked == [] else feed()})
    with serving(feeds, pages):
        desk = Desk(tmp_path, source("A", feed=feeds.url + "/f", delay_seconds=0))
        assert "deferred:backoff" == desk.run().outcomes[f"{pages.url}/a/1"]
        assert "fetched" == desk.run(1).outcomes[f"{pages.url}/a/1"]


def test_each_hop_is_judged(tmp_path: Path) -> None:
    other = Server({"/robots.txt": Page(b"User-agent: *\nDisallow: /"), "/a/2": page()}, "127.0.0.2")
    inside = Server({"/a/3": page()}, "127.0.0.3")
    with serving(other, inside):
        moves = {
            f"/a/{n}": Page(status=302, headers={"Location": f"{to}/a/{n}"})
            for n, to in ((2, other.url), (3, inside.url))
        }
        loop = {
            "/a/4": Page(status=301, headers={"Location": "/a/4?x"}),
            "/a/4?x": Page(status=301, headers={"Location": "/a/4"}),
        }
        with serving(server := Server({"/f": feed("/a/2", "/a/3", "/a/4"), **moves, **loop})):
            report = Desk(tmp_path, source("A", feed=server.url + "/f", delay_seconds=0)).run()
    assert ["fetched", "refused:robots", "refused:safety", "failed:redirects"] == list(
        report.outcomes.values()
    )
    assert ["/robots.txt"] == [one.path for one in other.asked]
    assert [] == inside.asked


def test_redirects_end_and_a_page_that_leads_to_one_that_was_asked_is_a_duplicate(tmp_path: Path) -> None:
    far = {f"/n/{n}": Page(status=302, headers={"Location": f"/n/{n + 1}"}) for n in range(30)}
    same = {"/a/2": Page(status=301, headers={"Location": "/a/1"}), "/a/1": page()}
    with serving(server := Server({"/f": feed("/n/0", "/a/1", "/a/2"), **far, **same})):
        report = Desk(tmp_path, source("A", feed=server.url + "/f", delay_seconds=0)).run()
    assert ["fetched", "failed:redirects", "fetched", "duplicate"] == list(report.outcomes.values())
    assert 6 == sum(one.path.startswith("/n/") for one in server.asked)
    assert 1 == server.count("/a/1")


@pytest.mark.parametrize(
    ("budgets", "keys", "n_pages"),
    [(Budgets(), {"budget": 2}, 2), (Budgets(of_run=3), {}, 2), (Budgets(of_host=4), {}, 3)],
)
def test_a_budget_that_is_spent_leaves_pages_for_the_next_run(
    tmp_path: Path, budgets: Budgets, keys: dict[str, int], n_pages: int
) -> None:
    pages = {f"/a/{n}": page(str(n)) for n in range(5)}
    with serving(server := Server({"/f": feed(*pages), **pages})):
        desk = Desk(tmp_path, source("A", feed=server.url + "/f", delay_seconds=0, **keys), budgets=budgets)
        said = list(desk.run().outcomes.values())
        assert ["fetched"] * (1 + n_pages) + ["refused:budget"] * (5 - n_pages) == said
        server.pages["/f"] = feed()
        for hours in (0.5, 1):
            desk.budgets = Budgets()
            desk.run(hours)
    assert sorted(pages) == sorted(one.path for one in server.asked if one.path in pages), "each once"


def test_a_feed_of_many_hosts_asks_for_no_more_robots_txt_than_the_outlet_may_have_pages(
    tmp_path: Path,
) -> None:
    """Whatever the hosts forbid; the others have their turn in the next run."""

    async def resolve(host: str, port: int) -> Sequence[Number]:
        return [ip_address("127.0.0.1")]

    with serving(server := Server({"/robots.txt": Page(b"User-agent: *\nDisallow: /a/")})):
        hosts = [f"h{n}.example" for n in range(8)]
        far = [f"http://{host}:{server.port}/a/{n}" for n, host in enumerate(hosts)]
        server.pages["/f"] = feed(*far)
        keys = {"delay_seconds": 0, "allow_hosts": ["127.0.0.1", *hosts], "budget": 3}
        desk = Desk(tmp_path, source("A", feed=server.url + "/f", **keys), resolve=resolve)
        said = desk.run().outcomes
        assert 1 + 3 == server.count("/robots.txt")
        assert ["refused:budget"] * 5 + ["refused:robots"] * 3 == sorted(said[address] for address in far)
        desk.budgets = Budgets()
        desk.run(1)
        assert 1 + 3 + 3 == server.count("/robots.txt")


def test_the_end_of_a_runs_time_defers_what_is_left(tmp_path: Path) -> None:
    with serving(server := Server({"/f": feed("/a/1")})):
        desk = Desk(
            tmp_path, source("A", feed=server.url + "/f", delay_seconds=0), budgets=Budgets(ends_at=NOW)
        )
        assert ["deferred:time"] == list(desk.run().outcomes.values())
    assert [] == server.asked


def test_a_host_that_does_not_resolve_costs_its_pages_no_try(tmp_path: Path) -> None:
    """Nothing was asked of the pages; five look-ups in a row end the host's turn."""
    is_down, looked_up = [True], []

    async def resolve(host: str, port: int) -> Sequence[Number]:
        looked_up.append(host)
        if is_down[0]:
            raise OSError(-2, "Name or service not known")
        return [ip_address("127.0.0.1")]

    with serving(server := Server({f"/a/{n}": page() for n in range(7)})):
        far = [f"http://a.example:{server.port}/a/{n}" for n in range(7)]
        server.pages["/f"] = feed(*far)
        allowed = ["127.0.0.1", "a.example"]
        sources = source("A", feed=server.url + "/f", delay_seconds=0, allow_hosts=allowed)
        desk = Desk(tmp_path, sources, resolve=resolve)
        said = desk.run().outcomes
        assert ["failed:connect"] * 5 + ["deferred:backoff"] * 2 == [said[address] for address in far]
        server.pages["/f"] = feed()
        for n in range(1, 10):
            desk.run(24 * n)
        assert 50 == len(looked_up)
        is_down[0] = False
        said = desk.run(24 * 11).outcomes
    assert ["fetched"] * 7 == [said[address] for address in far]


def test_an_address_that_another_worker_asks_meanwhile_is_not_asked_again(tmp_path: Path) -> None:
    """Both are led to it while a third has the turn of its host."""
    moves = {f"/{n}": Page(status=302, headers={"Location": "/f"}) for n in range(3)}
    others = [Server(moves, f"127.0.0.{n}") for n in (2, 3)]
    with serving(server := Server({"/slow": replace(feed(), after=0.5), "/f": feed()}), *others):
        for other in others:
            other.pages["/0"] = Page(status=302, headers={"Location": server.url + "/f"})
        feeds = [server.url + "/slow", *(other.url + "/0" for other in others)]
        allowed = ["127.0.0.1", "127.0.0.2", "127.0.0.3"]
        report = Desk(tmp_path, source("A", feed=feeds, delay_seconds=0, allow_hosts=allowed)).run()
    assert 1 == server.count("/f")
    assert ["duplicate", "fetched", "fetched"] == sorted(report.outcomes.values())


def test_a_run_does_not_wait_for_a_turn_that_comes_after_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "MAX_CRAWL_DELAY_SECONDS", 0.2)
    with serving(server := Server({"/f": feed("/a/1", "/a/2"), "/a/1": page(), "/a/2": page()})):
        desk = Desk(tmp_path, source("A", feed=server.url + "/f", delay_seconds=3600))
        for hours, asked in ((0, ["/robots.txt", "/f"]), (0.5, []), (1.1, ["/f"]), (1.5, [])):
            n_before = len(server.asked)
            desk.budgets = Budgets(ends_at=NOW + timedelta(hours=hours, minutes=20))
            said = desk.run(hours).outcomes
            assert "deferred:time" in said.values()
            assert asked == [one.path for one in server.asked[n_before:]]


def test_a_delay_of_a_day_is_one_request_a_day_and_not_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The robots.txt has to be asked for each day anew, and takes the turn of no page."""
    monkeypatch.setattr(pace, "MAX_CRAWL_DELAY_SECONDS", 0.1)
    days = []
    with serving(server := Server({"/a/1": page(), "/a/2": page(), "/a/3": page()})):
        pages = [f"{server.url}/a/{n}" for n in (1, 2, 3)]
        desk = Desk(tmp_path, source("A", page=pages, delay_seconds=86_400))
        for hours in range(0, 24 * 3 + 4, 2):
            n_before = sum(server.count(f"/a/{n}") for n in (1, 2, 3))
            desk.budgets = Budgets(ends_at=NOW + timedelta(hours=hours, minutes=50))
            desk.run(hours)
            days += [hours] * (sum(server.count(f"/a/{n}") for n in (1, 2, 3)) - n_before)
    assert 3 == len(days)
    assert all(24 <= later - sooner <= 26 for sooner, later in pairwise(days))


def test_each_host_on_the_way_to_a_robots_txt_is_asked_in_its_own_turn(tmp_path: Path) -> None:
    """Two hosts whose robots.txt stands at a third one, which has pages of its own."""
    third = Server(
        {"/f": feed("/a/1", "/a/2"), "/robots.txt": page(), "/r": Page(b""), "/a/1": page(), "/a/2": page()}
    )
    others = [
        Server({"/f": feed(), "/robots.txt": lambda _: Page(status=301, headers={"Location": third.url + "/r"})}, ip)
        for ip in ("127.0.0.2", "127.0.0.3")
    ]  # fmt: skip
    allowed = [f"127.0.0.{n}" for n in (1, 2, 3)]
    with serving(third, *others):
        feeds = [one.url + "/f" for one in (third, *others)]
        Desk(tmp_path, source("A", feed=feeds, delay_seconds=0.2, allow_hosts=allowed)).run()
    times = [one.at for one in third.asked]
    assert ["/a/1", "/a/2", "/f", "/r", "/r", "/robots.txt"] == sorted(one.path for one in third.asked)
    assert all(later - sooner >= 0.2 for sooner, later in pairwise(times))
    assert 1 == third.most_open


def test_two_robots_txt_that_lead_to_each_other_hold_up_nothing(tmp_path: Path) -> None:
    first, second = Server({"/f": feed()}), Server({"/f": feed()}, "127.0.0.2")
    with serving(first, second):
        for one, other in ((first, second), (second, first)):
            one.pages["/robots.txt"] = Page(status=302, headers={"Location": other.url + "/robots.txt"})
        feeds = [first.url + "/f", second.url + "/f"]
        report = Desk(tmp_path, source("A", feed=feeds, delay_seconds=0)).run()
    assert ["fetched"] * 2 == list(report.outcomes.values()), (
        "a robots.txt that can't be found forbids nothing"
    )


def test_a_budget_that_is_always_spent_starves_no_page(tmp_path: Path) -> None:
    with serving(server := Server({f"/{name}": page(name) for name in "abcxyz"})):
        desk = Desk(tmp_path, source("A", feed=server.url + "/f", delay_seconds=0, budget=1))
        for hours, links in enumerate((["/x", "/y", "/z"], ["/a", "/b"], ["/c"], [], [], [])):
            server.pages["/f"], desk.budgets = feed(*links), Budgets()
            desk.run(hours)
    assert ["/x", "/y", "/z", "/a", "/b", "/c"] == [
        one.path for one in server.asked if one.path[1:] in set("abcxyz")
    ]
