"""newsfold harvest and newsfold sources, as a person meets them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.command import newsfold, records
from tests.harvesting import article, item, rss, source
from tests.web_server import HTML, RSS, Page, Server, serving


def web() -> Server:
    home = b"<html><head><link rel='alternate' type='application/rss+xml' title='News' href='/f'></head><body></body></html>"
    long = f"<html><head><title>The ferry</title></head><body><article><h1>The ferry</h1>{'<p>The ferry to the island leaves at noon, and it comes back in the evening with whoever wants to come.</p>' * 8}</article></body></html>"
    feed = Page(rss(item("/a/1", "The ferry"), item("/a/2", "Another")), headers=RSS)
    return Server(
        {
            "/": Page(home, headers=HTML),
            "/f": feed,
            "/a/1": Page(long.encode(), headers=HTML),
            "/a/2": Page(article("Another"), headers=HTML),
        }
    )


def places(folder: Path, sources: str) -> list[str]:
    (folder / "sources.toml").write_text(sources)
    return [
        "--sources",
        str(folder / "sources.toml"),
        "--landing",
        str(folder / "landing"),
        "--warehouse",
        str(folder / "warehouse"),
    ]


def test_a_harvest_fills_the_landing_zone_and_the_next_finds_nothing_new(tmp_path: Path) -> None:
    with serving(server := web()):
        asked = places(
            tmp_path, "contact = 'desk@a.example'\n" + source("A", feed=server.url + "/f", delay_seconds=0)
        )
        first = newsfold("harvest", *asked, "--json")
        assert 0 == first.returncode, first.stderr
        second = newsfold("harvest", *asked, "--all", "--verbose")
    (row,) = records(first.stdout)
    assert ("A", 3, 2, "ok") == tuple(row[name] for name in ("outlet", "n_fetched", "n_pages", "health"))
    assert 1 == len(list((tmp_path / "landing").rglob("harvest-*.warc.gz")))
    assert "not_modified" in second.stdout
    assert "new pages 0" in second.stdout
    assert 1 == server.count("/a/1")
    assert server.asked[0].headers["user-agent"].endswith("(+desk@a.example)")
    status = newsfold("status", "--warehouse", str(tmp_path / "warehouse"))
    assert status.returncode in {0, 3}, status.stderr
    assert 0 == newsfold("verify", "--warehouse", str(tmp_path / "warehouse")).returncode


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--day", "2020-01-01"], "can't be harvested"),
        (["--revisit", "6,1"], "each later than the one before"),
        (["--sources", "/nowhere/sources.toml"], "no such file"),
    ],
)
def test_what_can_not_be_is_wrong_usage(tmp_path: Path, arguments: list[str], said: str) -> None:
    asked = places(tmp_path, source("A", feed="http://127.0.0.1:9/f"))
    done = newsfold("harvest", *asked, *arguments)
    assert 2 == done.returncode
    assert said in done.stderr


def test_a_day_that_is_today_is_harvested(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    if now.hour == 23 and now.minute > 55:
        now += timedelta(minutes=10)
    with serving(server := web()):
        asked = places(tmp_path, source("A", feed=server.url + "/f", delay_seconds=0))
        assert 0 == newsfold("harvest", *asked, "--day", str(now.date())).returncode


def test_a_harvest_that_could_read_nothing_fails(tmp_path: Path) -> None:
    with serving(server := web()):
        done = newsfold("harvest", *places(tmp_path, source("A", feed=server.url + "/none", delay_seconds=0)))
    assert 1 == done.returncode
    assert "newsfold sources check says why" in done.stderr


def test_a_listing_that_fails_while_the_others_are_not_due_fails_no_run(tmp_path: Path) -> None:
    with serving(server := web()):
        asked = places(tmp_path, source("A", feed=[server.url + "/f", server.url + "/none"], delay_seconds=0))
        assert [0, 0] == [newsfold("harvest", *asked).returncode for _ in range(2)]
    assert (1, 2) == (server.count("/f"), server.count("/none"))


def test_how_each_source_is_can_be_asked_afterwards(tmp_path: Path) -> None:
    with serving(server := web()):
        server.pages |= {"/old": Page(status=301, headers={"Location": "/new"}), "/new": server.pages["/f"]}
        feeds = {"Well": "/f", "Moved": "/old", "Broken": "/none"}
        asked = places(
            tmp_path, "".join(source(n, feed=server.url + p, delay_seconds=0) for n, p in feeds.items())
        )
        assert 1 == newsfold("sources", "health", *asked[-2:]).returncode
        assert 0 == newsfold("harvest", *asked).returncode
        check = newsfold("sources", "check", *asked[:2])
    found = newsfold("sources", "health", *asked[-2:], "--json")
    assert 0 == found.returncode, found.stderr
    assert ["failing", "moved", "ok"] == [one["health"] for one in records(found.stdout)]
    told = newsfold("sources", "health", *asked[-2:]).stdout
    assert "Broken" in told
    assert "correct" in told
    assert f"{server.url}/old → (for good: correct the file) {server.url}/new" in check.stdout


def test_sources_are_checked_without_storing_anything(tmp_path: Path) -> None:
    with serving(server := web()):
        (tmp_path / "sources.toml").write_text(
            source("A", feed=[server.url + "/f", server.url + "/a/1"], delay_seconds=0)
        )
        done = newsfold("sources", "check", "--sources", str(tmp_path / "sources.toml"), "--json")
        told = newsfold("sources", "check", "--sources", str(tmp_path / "sources.toml"))
    assert 1 == done.returncode == told.returncode
    good, bad = records(done.stdout)
    assert ("rss", 2, 0) == tuple(good[name] for name in ("found", "n_items", "n_undated"))
    assert "failed:not_a_feed" == bad["outcome"]
    assert "1 of 2 listings" in told.stderr
    assert ["sources.toml"] == [path.name for path in tmp_path.iterdir()]


def test_feeds_of_an_outlet_are_found_from_its_front_page() -> None:
    with serving(server := web()):
        done = newsfold("sources", "find", server.url, "--allow-host", "127.0.0.1")
        refused = newsfold("sources", "find", server.url)
    assert 0 == done.returncode, done.stderr
    assert "[[source]]" in done.stdout
    assert f'feed = "{server.url}/f"' in done.stdout
    assert 1 == refused.returncode
    assert "refused:safety" in refused.stderr


def test_sources_are_printed_as_a_file_of_outlets(tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text(
        "[[source]]\noutlet = 'A paper'\nfeed = 'https://www.a-paper.example/f'\n"
    )
    done = newsfold("sources", "outlets", "--sources", str(tmp_path / "sources.toml"))
    assert 0 == done.returncode, done.stderr
    assert "a-paper.example" in done.stdout


def test_archives_of_the_sources_are_taken_into_the_landing_zone(tmp_path: Path) -> None:
    with serving(server := web()):
        filled = places(tmp_path, source("A", feed=server.url + "/f", delay_seconds=0))
        assert 0 == newsfold("harvest", *filled, "--quiet").returncode
    (archive,) = (tmp_path / "landing").rglob("harvest-*.warc.gz")
    (tmp_path / "other").mkdir()
    asked = places(tmp_path / "other", f"[[source]]\noutlet = 'A'\nwarc = '{archive}'\n")
    (tmp_path / "other" / "landing").mkdir()
    done = newsfold("sources", "archives", *asked, "--json")
    assert 0 == done.returncode, done.stderr
    (taken,) = records(done.stdout)
    assert 1 == taken["n_new"]


def test_a_run_may_be_given_budgets_of_requests(tmp_path: Path) -> None:
    with serving(server := web()):
        asked = places(tmp_path, source("A", feed=server.url + "/f", delay_seconds=0))
        done = newsfold("harvest", *asked, "--host-budget", "2", "--json", "--verbose")
    assert ["fetched", "fetched", "refused:budget"] == [
        one["outcome"] for one in records(done.stdout) if "outcome" in one
    ]
    for option in ("--host-budget", "--run-budget"):
        assert 2 == newsfold("harvest", *asked, option, "0").returncode
