"""From feeds to stories by the command line, and once more from what is on record, without the servers."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.harvest.clock import Clock
from pipeline.harvest.hour import Bounds, harvest_hour
from pipeline.harvest.run import Options
from pipeline.harvest.sources import parse_sources
from pipeline.store.local import LocalStorage
from pipeline.store.warehouse import Warehouse
from tests.command import newsfold, records
from tests.harvesting import LIMITS, NOW, item, rss, source
from tests.newsweb import EVENT
from tests.web_server import HTML, RSS, Page, Server, serving

DAY = str(NOW.date())


def _page(title: str, *extra: str) -> Page:
    text = "".join(f"<p>{sentence}</p>" for sentence in (*EVENT, *extra))
    return Page(
        f"<html lang='en'><head><title>{title}</title></head><body><article><h1>{title}</h1>{text}</article></body></html>".encode(),
        headers=HTML,
    )


def _published(folder: Path) -> dict[str, bytes]:
    found = folder.rglob(f"day={DAY}/part-0.parquet")
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in found
        if "_meta" not in path.parts and path.parts[-3] != "harvest"
    }


@pytest.mark.long
def test_what_was_harvested_becomes_stories_and_becomes_the_same_from_its_files(tmp_path: Path) -> None:
    one = Server(
        {
            "/f": Page(rss(item("/a/1", "Ferry runs aground off Brenn")), headers=RSS),
            "/a/1": _page("Ferry runs aground off Brenn"),
        }
    )
    other = Server(
        {
            "/f": Page(rss(item("/b/1", "Ferry aground")), headers=RSS),
            "/b/1": _page("Ferry aground", "Our reporter was on board."),
        },
        "127.0.0.2",
    )
    landing, warehouse = tmp_path / "landing", tmp_path / "warehouse"
    with serving(one, other):
        text = source("Kelm Post", feed=one.url + "/f", delay_seconds=0, country="GB") + source(
            "Brenn Times", feed=other.url + "/f", delay_seconds=0
        )
        for hours in (0, 0.5):
            bounds = Bounds(Options(is_adaptive=False), LIMITS)
            harvest_hour(
                parse_sources(text, "s"),
                LocalStorage(str(landing)),
                Warehouse(LocalStorage(str(warehouse))),
                Clock(NOW + timedelta(hours=hours)),
                bounds,
            )
    asked = len(one.asked) + len(other.asked)

    made = newsfold("run", "--landing", str(landing), "--warehouse", str(warehouse), "--day", DAY, "--quiet")
    assert 0 == made.returncode, made.stderr
    (story,) = records(newsfold("stories", "--warehouse", str(warehouse), "--json").stdout)
    assert 2 == story["n_articles"]

    shutil.copytree(landing, tmp_path / "copied")
    again = newsfold(
        "run",
        "--landing",
        str(tmp_path / "copied"),
        "--warehouse",
        str(tmp_path / "again"),
        "--day",
        DAY,
        "--quiet",
    )
    assert 0 == again.returncode, again.stderr
    assert _published(warehouse)
    assert _published(warehouse) == _published(tmp_path / "again")
    assert asked == len(one.asked) + len(other.asked)
    assert 0 == newsfold("verify", "--warehouse", str(warehouse)).returncode
    assert 0 == newsfold("status", "--warehouse", str(warehouse)).returncode
    kept = (warehouse / "_meta/harvest").rglob("*.z")
    assert 0 == newsfold("gc", "--warehouse", str(warehouse), "--older-than-hours", "0").returncode
    assert list(kept), "gc leaves what the harvest remembers"
