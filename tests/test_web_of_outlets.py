"""Sixty outlets on loopback, polled three times: what the servers saw, and what is on record."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from pipeline.harvest.client import Limits
from pipeline.harvest.clock import Clock
from pipeline.harvest.hour import Bounds, Hour, harvest_hour
from pipeline.harvest.run import Options
from pipeline.harvest.sources import parse_sources
from pipeline.store.local import LocalStorage
from pipeline.store.warehouse import Warehouse
from tests.harvesting import NOW
from tests.sixty_outlets import N_PAGES, Outlet, sixty
from tests.web_server import serving

LIMITS = Limits(request_seconds=4, connect_seconds=4, read_seconds=4)
BOUNDS = Bounds(Options(is_adaptive=False), LIMITS)
HOURS = (0, 0.5, 1)
Played = tuple[list[Outlet], list[Hour], Path]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    folder, outlets = tmp_path_factory.mktemp("web"), sixty()
    warehouse, landing = (
        Warehouse(LocalStorage(str(folder / "warehouse"))),
        LocalStorage(str(folder / "landing")),
    )
    with serving(*(one.server for one in outlets)):
        sources = parse_sources("".join(one.as_source() for one in outlets), "s")
        hours = [
            harvest_hour(sources, landing, warehouse, Clock(NOW + timedelta(hours=h)), BOUNDS) for h in HOURS
        ]
    return outlets, hours, folder


def test_every_listing_and_page_ends_as_it_should(played: Played) -> None:
    outlets, hours, _ = played
    said = hours[0].report.outcomes
    wrong = {
        one.name: found for one in outlets if (found := said.get(one.server.url + one.path)) != one.listing
    }
    assert {} == wrong
    for one in (one for one in outlets if one.listing == "fetched"):
        pages = [said.get(f"{one.server.url}/a/{k}") for k in range(N_PAGES)]
        right = ["fetched", "refused:robots", "fetched"] if one.page == "robots" else ["fetched"] * N_PAGES
        assert right == pages, one.name


def test_no_request_is_one_too_many(played: Played) -> None:
    outlets, _, _ = played
    for one in outlets:
        counts = Counter(asked.path for asked in one.server.asked)
        assert all(counts[f"/a/{k}"] <= 1 for k in range(N_PAGES)), one.name
        is_down = one.name.startswith("robots-down")
        assert counts["/robots.txt"] == (len(HOURS) if is_down else 1), one.name
        assert all(n <= len(HOURS) for n in counts.values()), one.name
        assert not any(counts[path] for path in one.forbidden), one.name


_LATE_SECONDS = 0.04  # a server on a busy machine reads a request later than it was sent


def test_no_request_is_too_early_and_no_host_has_two_connections(played: Played) -> None:
    outlets, _, _ = played
    for one in outlets:
        least = 0.2 if one.name.startswith("robots ") else 0.05
        gaps = [later.at - sooner.at for sooner, later in pairwise(one.server.asked[1:])]
        assert all(gap >= least - _LATE_SECONDS for gap in gaps), (one.name, gaps)
        if not one.name.startswith("slow"):  # these are cut off, and see that only when they write again
            assert one.server.most_open <= 1, one.name


def test_who_says_to_wait_or_that_it_is_gone_is_left_alone(played: Played) -> None:
    outlets, hours, _ = played
    for one in outlets:
        if one.name.startswith("strained"):
            assert 1 == one.server.count("/f")
            assert "deferred:retry_after" == hours[2].report.outcomes[one.server.url + "/f"]
        if one.name.startswith("gone"):
            assert 1 == one.server.count("/f")
            assert "refused:gone" == hours[2].report.outcomes[one.server.url + "/f"]
        if one.name.startswith("moved"):
            assert (1, len(HOURS)) == (one.server.count("/f"), one.server.count("/new"))


def test_what_did_not_change_is_not_modified(played: Played) -> None:
    outlets, hours, _ = played
    for one in (one for one in outlets if one.listing == "fetched"):
        assert "not_modified" == hours[1].report.outcomes[one.server.url + one.path], one.name
    asked = next(one for one in outlets if one.name == "conditional 0").server.asked
    assert [None, '"v"', '"v"'] == [one.headers.get("if-none-match") for one in asked if one.path == "/f"]


def test_the_journal_says_how_each_outlet_is(played: Played) -> None:
    _, hours, _ = played
    health = {str(row["outlet"]): row["health"] for row in hours[2].rows}
    assert 60 == len(health)
    assert ("ok", "moved", "gone") == (health["rss 0"], health["moved 0"], health["gone 0"])
    assert ("other_content", "other_content", "failing") == (
        health["html 1"],
        health["entities 1"],
        health["slow 1"],
    )


def test_everything_that_was_fetched_is_on_record(played: Played) -> None:
    outlets, hours, folder = played
    n_whole = sum(one.listing == "fetched" for one in outlets)
    files = [file for hour in hours for file in hour.files]
    assert len(files) == n_whole, "one file an outlet that gave something; nothing new gives none"
    assert all((folder / "landing" / file).is_file() for file in files)
