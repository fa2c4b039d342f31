"""From what outlets list to stories, through the DAGs that harvest and that make a day; and once more from what is on record."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline import read
from pipeline.harvest.warc_files import WarcFiles
from pipeline.model.tables import HARVEST
from pipeline.store.local import LocalStorage
from pipeline.store.warehouse import Warehouse
from tests.command import newsfold
from tests.conftest import published
from tests.dag_runs import note, run_dag, states
from tests.harvesting import NOW
from tests.newsweb import BROKEN, NAMES, n_asked, sources, web
from tests.test_warc_files import write
from tests.web_server import Server, serving

pytestmark = pytest.mark.xdist_group("dags")


@pytest.fixture
def outlets(places: Path, monkeypatch: pytest.MonkeyPatch) -> list[Server]:
    """A web that is not served yet; its sources' file is where the environment says."""
    monkeypatch.setenv("NEWSFOLD_SOURCES", str(places / "sources.toml"))
    return web()


def harvest(bag: Any, places: Path, servers: list[Server], of: datetime) -> Any:
    """A run of the DAG while the web is served, as if by the schedule for the hour `of`."""
    with serving(*servers):
        (places / "sources.toml").write_text(sources(servers))
        return bag.dags["news_harvest"].test(logical_date=of)


def days_of(landing: Path) -> list[str]:
    return sorted(path.name.removeprefix("day=") for path in landing.glob("day=*"))


def accounts(places: Path) -> list[dict[str, Any]]:
    """The rows of the journal `harvest`."""
    warehouse = Warehouse(LocalStorage(str(places / "warehouse")))
    return [row for day in warehouse.days(HARVEST) for row in warehouse.read(HARVEST, day).to_pylist()]


def events() -> list[Any]:
    """What the last run added to its asset."""
    from airflow.models.asset import AssetEvent
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        asked = select(AssetEvent).where(AssetEvent.source_dag_id == "news_harvest").order_by(AssetEvent.id)
        return [event.extra for event in session.scalars(asked)][-1:]


def test_what_was_harvested_becomes_stories_and_the_same_again_from_its_files_without_the_servers(
    dag_file: Any, places: Path, outlets: list[Server]
) -> None:
    """Byte for byte, by the DAGs over a copy of the files, and by the command line."""
    ran = harvest(dag_file, places, outlets, datetime(2026, 3, 5, 7, tzinfo=UTC))
    n, days = n_asked(outlets), days_of(places / "landing")
    (day,) = days[-1:]
    assert {"fetch": "success"} == states(ran)
    made = states(run_dag(dag_file, day, so_far=True))
    assert {"harvested": "success", "publish": "success"}.items() <= made.items()

    warehouse = str(places / "warehouse")
    whose = {row["outlet"]: row for row in read.table("articles", warehouse).to_pylist()}
    assert set(NAMES) == set(whose)
    (story,) = [
        row for row in read.table("stories", warehouse).to_pylist() if row["n_articles"] >= len(NAMES)
    ]
    assert len(NAMES) == story["n_articles"]

    first = published(places / "warehouse")
    for folder in (places / "again", places / "line"):
        shutil.copytree(places / "landing", folder / "landing")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("NEWSFOLD_SOURCES")
        for name in ("landing", "warehouse"):
            patch.setenv(f"NEWSFOLD_{name.upper()}", str(places / "again" / name))
        assert "success" == states(run_dag(dag_file, day, so_far=True))["publish"]
    asked = ["--landing", str(places / "line/landing"), "--warehouse", str(places / "line/warehouse")]
    done = newsfold("run", *asked, "--day", day, "--so-far", "--quiet")
    assert 0 == done.returncode, done.stderr
    assert first
    assert first == published(places / "again/warehouse") == published(places / "line/warehouse")
    assert n == n_asked(outlets), "nobody was asked again"


def test_a_source_that_is_broken_fails_no_hour(dag_file: Any, places: Path, outlets: list[Server]) -> None:
    ran = harvest(dag_file, places, outlets, datetime(2026, 3, 5, 8, tzinfo=UTC))
    rows = {row["outlet"]: row["health"] for row in accounts(places)}
    assert "success" == str(ran.state)
    (event,) = events()
    assert {BROKEN: "failing", "Fir": "moved"} == {
        name: one["health"] for name, one in event["unwell"].items()
    }
    assert "failed:404" in event["unwell"][BROKEN]["why"]
    assert event["summary"].startswith("12 new pages of 7 sources in 6 files; 2 not well\n- Fir: moved,")
    assert event["summary"] == note(ran)
    assert {BROKEN: "failing", "Fir": "moved"} == {name: word for name, word in rows.items() if word != "ok"}


def test_a_run_that_is_tried_again_after_midnight_writes_to_the_new_day(
    dag_file: Any, places: Path, outlets: list[Server]
) -> None:
    """Its first try was killed before midnight, with a page on record; the second has the date of the first still."""
    now = datetime.now(UTC)
    yesterday = now - timedelta(days=1)
    landing, spool = LocalStorage(str(places / "landing")), places / "warehouse/_meta/harvest/open"
    killed = WarcFiles(landing, spool, "newsfold/1", "newsfold/1")
    write(killed, "/left", (yesterday - NOW).total_seconds() / 3600)
    assert 1 == len(list(spool.glob("*.open")))

    assert "success" == str(harvest(dag_file, places, outlets, yesterday).state)
    assert [] == list(spool.glob("*.open"))
    assert set(days_of(places / "landing")) <= {str(now.date()), str(datetime.now(UTC).date())}
    files = sorted((places / "landing").rglob("harvest-*.warc.gz"))
    assert len(NAMES) + 1 == len(files)
