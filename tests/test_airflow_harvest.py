"""Harvests as Airflow runs them: by the schedule and by hand, killed and tried again, with a day that waits for its last one.

One Airflow serves all the tests of this module, in their order. It takes minutes: `make soak-airflow` runs it.
"""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.model.tables import HARVEST
from pipeline.store.local import LocalStorage
from pipeline.store.warehouse import Warehouse
from tests.conftest import published
from tests.live_airflow import ROOT, Airflow, airflow, postgres_programs, wait
from tests.newsweb import BROKEN, NAMES, n_asked, sources, web
from tests.web_server import Page, Server, serving

LONG = 300
SLOW_SECONDS = (
    25.0  # so long that a day can be asked for meanwhile, and not as long as a harvest waits for a byte
)

pytestmark = [
    pytest.mark.soak,  # PostgreSQL and a whole Airflow are started: minutes
    pytest.mark.skipif(postgres_programs() is None, reason="PostgreSQL's server is not installed"),
    pytest.mark.xdist_group("airflow"),
]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    for name in ("landing", "kill"):
        (folder / name).mkdir()
    return folder


@pytest.fixture(scope="module")
def outlets(world: Path) -> Iterator[list[Server]]:
    """The web, served while the tests last; the sources' file names it."""
    with serving(*(servers := web())):
        (world / "sources.toml").write_text(sources(servers))
        yield servers


@pytest.fixture(scope="module")
def service(world: Path, outlets: list[Server]) -> Iterator[Airflow]:
    environment = {
        "NEWSFOLD_SOURCES": str(world / "sources.toml"),
        "NEWSFOLD_TEST_KILL": str(world / "kill"),
        "PYTHONPATH": f"{ROOT}/tests/killer:{ROOT}",
    }
    with airflow(world, world / "landing", world / "warehouse", **environment) as running:
        yield running


def tasks(service: Airflow, dag: str, run: str) -> dict[str, Any]:
    return {task["task_id"]: task for task in service.tasks(dag, run)}


def log_of(service: Airflow, dag: str, run: str, task: str, attempt: int = 1) -> str:
    path = f"/api/v2/dags/{dag}/dagRuns/{run}/taskInstances/{task}/logs/{attempt}"
    return service.http.get(path).text


def days(world: Path) -> list[str]:
    return sorted(path.name.removeprefix("day=") for path in (world / "landing").glob("day=*"))


def test_a_backfill_is_refused(service: Airflow, outlets: list[Server]) -> None:
    asked = {"dag_id": "news_harvest", "from_date": "2026-03-01T00:00:00Z", "to_date": "2026-03-02T00:00:00Z"}
    found = service.http.post("/api/v2/backfills", json=asked | {"reprocess_behavior": "completed"})
    assert 400 <= found.status_code < 500
    assert "does not allow backfill" in found.text
    assert 0 == n_asked(outlets)


def test_a_harvest_that_was_killed_is_tried_again_and_nobody_is_asked_twice(
    service: Airflow, world: Path, outlets: list[Server]
) -> None:
    """It dies while a file goes into the landing zone; no past day is written to, and no hour before now is made up for."""
    (world / "kill/fetch").write_text(f"landing/day={datetime.now(UTC):%Y}")
    before = datetime.now(UTC).date()
    service.unpause("news_harvest")
    run = service.trigger("news_harvest")
    assert "success" == service.settled("news_harvest", run, LONG)
    runs = service.quiet("news_harvest", LONG)

    assert [] == list((world / "kill").iterdir())
    assert {"success"} == {one["state"] for one in runs}
    assert len(runs) <= 2, "of the schedule at most the hour that has just begun"
    tries = [tasks(service, "news_harvest", one["dag_run_id"])["fetch"]["try_number"] for one in runs]
    assert 1 == sum(tries) - len(runs), "one was tried again"
    pages = Counter(
        (server.ip, asked.path) for server in outlets for asked in server.asked if "/a/" in asked.path
    )
    assert {1: 2 * len(NAMES)} == Counter(pages.values())
    assert set(days(world)) <= {str(before), str(datetime.now(UTC).date())}


def test_the_log_names_the_source_that_is_not_well(service: Airflow) -> None:
    said = [
        log_of(service, "news_harvest", run["dag_run_id"], "fetch", n)
        for run in service.runs("news_harvest")
        for n in (1, 2)
    ]
    assert any(f"source {BROKEN} is failing" in text for text in said)


def test_the_event_and_the_note_of_a_run_say_how_the_sources_are(service: Airflow) -> None:
    events = service.call("GET", "/assets/events?limit=100&order_by=timestamp")["asset_events"]
    told = [event["extra"] for event in events if event["name"] == "newsfold_harvest"]
    runs = service.runs("news_harvest")
    assert len(runs) == len(told), "one for each run, not for each try"
    assert any(one["unwell"].get(BROKEN, {}).get("health") == "failing" for one in told)
    assert {one["summary"] for one in told} == {run["note"] for run in runs}


def test_a_day_waits_for_the_harvest_that_is_at_work_and_has_its_pages(
    service: Airflow, world: Path, outlets: list[Server]
) -> None:
    """By Airflow, and by the command line from the files alone: the same bytes."""
    service.unpause("news_stories")
    wait(lambda: service.runs("news_stories"), 60, "the scheduled run of yesterday")
    service.quiet("news_stories", LONG)
    server = outlets[0]
    slow = server.pages["/a/own"]
    assert isinstance(slow, Page)
    server.pages["/a/late"] = Page(
        slow.body.replace(b"choir", b"orchestra"), headers=slow.headers, after=SLOW_SECONDS
    )
    with (world / "sources.toml").open("a") as file:
        named = f"outlet = 'Late'\nallow_hosts = ['{server.ip}']\npage = '{server.url}/a/late'\ndelay_seconds = 0\n"
        file.write(f"[[source]]\n{named}")
    run = service.trigger("news_harvest")
    wait(lambda: server.count("/a/late"), LONG, "the page that is slow")
    (day,) = days(world)[-1:]
    made = service.trigger("news_stories", day=day, so_far=True)
    waiting = wait(
        lambda: tasks(service, "news_stories", made)["harvested"]["state"] == "up_for_reschedule",
        60,
        "the day",
    )
    assert waiting
    assert "success" == service.settled("news_harvest", run, LONG)
    assert "success" == service.settled("news_stories", made, LONG)

    ended = {
        dag: tasks(service, dag, one)[task]
        for dag, one, task in (("news_harvest", run, "fetch"), ("news_stories", made, "batches"))
    }
    assert ended["news_harvest"]["end_date"] < ended["news_stories"]["start_date"]
    command = [
        "run",
        "-q",
        "--day",
        day,
        "--so-far",
        "--landing",
        world / "landing",
        "--warehouse",
        world / "line",
    ]
    n = n_asked(outlets)
    subprocess.run([sys.executable, "-m", "pipeline", *command], check=True, cwd=ROOT, capture_output=True)
    assert published(world / "line") == {
        path: data
        for path, data in published(world / "warehouse").items()
        if path.split("/")[1] == f"day={day}"
    }
    warehouse = Warehouse(LocalStorage(str(world / "warehouse")))
    assert {*NAMES, BROKEN, "Late"} == {
        row["outlet"] for row in warehouse.read(HARVEST, datetime.fromisoformat(day).date()).to_pylist()
    }
    assert n == n_asked(outlets)
