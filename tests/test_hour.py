"""The harvest of an hour into a landing zone and a warehouse, and what the next one finds."""

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.harvest.clock import Clock
from pipeline.harvest.hour import Bounds, Hour, harvest_hour, refuse_other_day, spool_of, user_agent
from pipeline.harvest.run import Options
from pipeline.harvest.sources import Sources, parse_sources
from pipeline.landing.columns import Columns
from pipeline.landing.warc import read_warc
from pipeline.model.errors import SettingsError
from pipeline.model.tables import HARVEST
from pipeline.store.local import LocalStorage
from pipeline.store.warehouse import Warehouse
from tests.harvesting import LIMITS, NOW, article, item, rss, source
from tests.s3server import ENVIRONMENT, bucket
from tests.web_server import HTML, RSS, Page, Server, serving

if TYPE_CHECKING:
    from pipeline.store.storage import Storage

BOUNDS = Bounds(Options(is_adaptive=False, delay_seconds=0), LIMITS)


def web(n: int = 2) -> Server:
    pages = {f"/a/{k}": Page(article(f"Page {k}"), headers=HTML) for k in range(n)}
    return Server({"/f": Page(rss(*(item(path, path) for path in pages)), headers=RSS), **pages})


def harvest(folder: Path, sources: str, hours: float = 0) -> Hour:
    warehouse = Warehouse(LocalStorage(str(folder / "warehouse")))
    landing = LocalStorage(str(folder / "landing"))
    return harvest_hour(
        parse_sources(sources, "s"), landing, warehouse, Clock(NOW + timedelta(hours=hours)), BOUNDS
    )


def delivered(folder: Path) -> list[dict[str, Any]]:
    rows = []
    for path in sorted((folder / "landing").rglob("*.warc.gz")):
        with path.open("rb") as stream:
            rows += [
                row for row in read_warc(stream, path.name, 1 << 20, Columns()) if row.get("reason") is None
            ]
    return rows


def test_pages_go_to_the_day_of_fetching_and_each_run_leaves_new_files(tmp_path: Path) -> None:
    with serving(server := web()):
        sources = source("A", feed=server.url + "/f", country="DE", owner="Group")
        first = harvest(tmp_path, sources)
        server.pages["/f"] = Page(rss(item("/a/0"), item("/b", "News")), headers=RSS)
        server.pages["/b"] = Page(article("B"), headers=HTML)
        second = harvest(tmp_path, sources, 0.5)
    assert ["day=2026-03-10"] == [path.name for path in (tmp_path / "landing").glob("day*")]
    assert 1 == len(first.files) == len(second.files)
    assert first.files != second.files
    assert [server.url + path for path in ("/a/0", "/a/1", "/b")] == [
        row["url"] for row in delivered(tmp_path)
    ]


def test_the_journal_has_a_row_for_each_source_and_day(tmp_path: Path) -> None:
    with serving(server := web()):
        sources = source("A", feed=server.url + "/f") + source("B", feed=server.url + "/none")
        harvest(tmp_path, sources)
        harvest(tmp_path, sources, 0.5)
    found = Warehouse(LocalStorage(str(tmp_path / "warehouse"))).read(HARVEST, NOW.date())
    rows = {row["outlet"]: row for row in found.to_pylist()}
    assert (3, 1, 2, "ok") == tuple(
        rows["A"][name] for name in ("n_fetched", "n_not_modified", "n_pages", "health")
    )
    assert [{"outcome": "failed:404", "n": 2}] == rows["B"]["outcomes"]
    assert "failing" == rows["B"]["health"]
    assert rows["A"]["median_lag_seconds"] > 0


def test_a_source_that_is_not_in_the_file_any_more_keeps_its_row(tmp_path: Path) -> None:
    with serving(server := web()):
        harvest(tmp_path, source("A", feed=server.url + "/f"))
        harvest(tmp_path, source("B", feed=server.url + "/f"), 0.5)
    rows = Warehouse(LocalStorage(str(tmp_path / "warehouse"))).read(HARVEST, NOW.date())
    assert ["A", "B"] == rows["outlet"].to_pylist()


def test_what_a_killed_run_left_is_put_into_the_landing_zone_and_not_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.harvest import hour

    with serving(server := web(4)):
        sources = source("A", feed=server.url + "/f")
        with monkeypatch.context() as patched:
            patched.setattr(hour.WarcFiles, "close", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                harvest(tmp_path, sources)
        (left,) = (tmp_path / "warehouse").rglob("*.open")
        with left.open("ab") as torn:
            torn.write(b"\x1f\x8b\x08torn")
        assert [] == delivered(tmp_path)
        harvest(tmp_path, sources, 0.5)
    assert 4 == len(delivered(tmp_path))
    assert [1] * 4 == [server.count(f"/a/{n}") for n in range(4)]


def test_another_day_than_today_is_refused() -> None:
    refuse_other_day(None, Clock(NOW))
    refuse_other_day(NOW.date(), Clock(NOW))
    for day in (date(2026, 3, 9), date(2026, 3, 11)):
        with pytest.raises(SettingsError, match="today is 2026-03-10"):
            refuse_other_day(day, Clock(NOW))


def test_servers_are_told_who_asks(tmp_path: Path) -> None:
    assert user_agent(Sources((), None, "desk@a.example")).endswith("(+desk@a.example)")
    assert "Desk/1" == user_agent(Sources((), "Desk/1"))
    assert spool_of(LocalStorage(str(tmp_path))).is_relative_to(tmp_path)


def rows_of(folder: Path, day: date) -> list[dict[str, Any]]:
    warehouse = Warehouse(LocalStorage(str(folder / "warehouse")))
    return warehouse.read(HARVEST, day).to_pylist() if warehouse.has(HARVEST, day) else []


BEFORE_MIDNIGHT = 12 - 1.5 / 3600  # hours after NOW


def test_a_run_across_midnight_writes_the_rows_of_both_days(tmp_path: Path) -> None:
    with serving(server := web(3)):
        for n in range(3):
            server.pages[f"/a/{n}"] = Page(article(str(n)), headers=HTML, after=0.8)
        harvest(tmp_path, source("A", feed=server.url + "/f"), BEFORE_MIDNIGHT)
    old, new = (rows_of(tmp_path, day) for day in (date(2026, 3, 10), date(2026, 3, 11)))
    assert (1, 1) == (len(old), len(new))
    assert 4 == old[0]["n_fetched"] + new[0]["n_fetched"]
    assert 0 < new[0]["n_fetched"] < 4


def test_what_a_run_that_was_killed_before_midnight_had_counted_is_in_the_row_of_its_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.harvest import hour

    with serving(server := web(3)):
        sources = source("A", feed=server.url + "/f")
        harvest(tmp_path, sources, 10)
        server.pages |= {
            "/f": Page(rss(item("/b"), item("/a/0")), headers=RSS),
            "/b": Page(article("b"), headers=HTML),
        }
        with monkeypatch.context() as patched:
            patched.setattr(hour, "_publish", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                harvest(tmp_path, sources, 11)
        assert 3 == rows_of(tmp_path, date(2026, 3, 10))[0]["n_pages"]
        harvest(tmp_path, sources, 13)
        (row,) = rows_of(tmp_path, date(2026, 3, 10))
        assert (4, 6) == (row["n_pages"], row["n_fetched"])
        harvest(tmp_path, sources, 14)
        again = rows_of(tmp_path, date(2026, 3, 10))
    assert [row] == again, "no later run writes to a day that is past"


@pytest.mark.parametrize(("said", "n_asked"), [("host_budget = 2", 4), ("run_budget = 3", 3), ("", 8)])
def test_the_file_says_what_a_run_may_cost_servers(tmp_path: Path, said: str, n_asked: int) -> None:
    servers = [web(3), web(3)]
    servers[1].ip = "127.0.0.2"
    with serving(*servers):
        sources = "".join(source(name, feed=one.url + "/f") for name, one in zip("AB", servers, strict=True))
        done = harvest(tmp_path, f"{said}\n{sources}")
    asked = [one.path for server in servers for one in server.asked if one.path != "/robots.txt"]
    assert n_asked == len(asked)
    left = [outcome for outcome in done.report.outcomes.values() if outcome == "refused:budget"]
    assert bool(said) == bool(left)


def test_the_file_says_when_young_articles_are_looked_at_again(tmp_path: Path) -> None:
    with serving(server := web(1)):
        sources = "revisit_hours = [1]\n" + source("A", feed=server.url + "/f")
        for hours in (0, 0.5, 1.5):
            harvest(tmp_path, sources, hours)
    assert 2 == server.count("/a/0")


@pytest.mark.parametrize("kind", ["folder", "bucket"])
def test_a_machine_that_comes_back_asks_by_what_another_has_learnt_since(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, kind: str
) -> None:
    """Two machines harvest into one warehouse; the run of the first is killed before it has stored anything."""
    from pipeline.harvest import hour

    storage: Storage = LocalStorage(str(tmp_path / "warehouse"))
    if kind == "bucket":
        server_of_bucket = request.getfixturevalue("server")
        for name, value in (ENVIRONMENT | {"AWS_ENDPOINT_URL": server_of_bucket.url}).items():
            monkeypatch.setenv(name, value)
        storage = bucket(tmp_path.name)
    landing = LocalStorage(str(tmp_path / "landing"))

    def run(machine: str, hours: float) -> Hour:
        monkeypatch.setattr(hour, "spool_of", lambda _: tmp_path / machine)
        clock = Clock(NOW + timedelta(hours=hours))
        return harvest_hour(parse_sources(sources, "s"), landing, Warehouse(storage), clock, BOUNDS)

    with serving(server := web(3)):
        sources = source("A", feed=server.url + "/f")
        first = Page(rss(*(item(f"/a/{n}") for n in range(3))), headers={**RSS, "ETag": '"1"'})
        server.pages["/f"] = first
        with monkeypatch.context() as patched:
            patched.setattr(hour.WarcFiles, "close", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                run("one", 0)
        both = Page(rss(item("/a/0"), item("/b")), headers={**RSS, "ETag": '"2"'})
        server.pages |= {"/f": both, "/b": Page(article("b"), headers=HTML)}
        run("two", 1)
        run("one", 2)
        run("two", 3)
    asked = [one.headers.get("if-none-match") for one in server.asked if one.path == "/f"]
    assert [None, None, '"2"', '"2"'] == asked
    assert [2, 1, 1, 1] == [server.count(path) for path in ("/a/0", "/a/1", "/a/2", "/b")]
    found = {row["url"].removeprefix(server.url) for row in delivered(tmp_path)}
    assert {"/a/0", "/a/1", "/a/2", "/b"} == found
