"""The DAG that harvests: when it runs, where it writes, and that a day waits for its last harvest."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.app import harvest_tasks
from pipeline.harvest.clock import Clock
from pipeline.harvest.running import noted
from pipeline.store.local import LocalStorage
from tests.harvesting import article, item, rss, source
from tests.web_server import HTML, RSS, Page, Server, serving

pytestmark = pytest.mark.xdist_group("dags")


def test_it_runs_every_hour_and_no_past_day_can_be_asked_for(dag_file: Any) -> None:
    dag = dag_file.dags["news_harvest"]
    assert (False, 1) == (dag.catchup, dag.max_active_runs)
    assert {"scheduled", "manual"} == {str(getattr(kind, "value", kind)) for kind in dag.allowed_run_types}


def test_it_fetches_into_the_day_of_fetching(
    dag_file: Any, places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = Page(rss(item("/a/1")), headers=RSS)
    with serving(server := Server({"/f": feed, "/a/1": Page(article("One"), headers=HTML)})):
        (places / "sources.toml").write_text(source("A", feed=server.url + "/f", delay_seconds=0))
        monkeypatch.setenv("NEWSFOLD_SOURCES", str(places / "sources.toml"))
        before = datetime.now(UTC).date()
        run = dag_file.dags["news_harvest"].test(logical_date=datetime(2026, 3, 5, tzinfo=UTC))
    assert "success" == str(run.state)
    days = {path.name for path in (places / "landing").glob("day=*")}
    assert days <= {f"day={before}", f"day={datetime.now(UTC).date()}"}
    assert 1 == len(list((places / "landing").rglob("harvest-*.warc.gz")))


def test_without_sources_it_skips(dag_file: Any, places: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEWSFOLD_SOURCES", raising=False)
    run = dag_file.dags["news_harvest"].test(logical_date=datetime(2026, 3, 6, tzinfo=UTC))
    assert {"skipped"} == {str(one.state) for one in run.get_task_instances()}


def test_a_day_waits_for_its_last_harvest(places: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    storage, clock = LocalStorage(str(places / "warehouse")), Clock()
    today = str(clock.now().date())
    with noted(storage, clock):
        assert harvest_tasks.is_harvested(today), "nothing is harvested here"
        monkeypatch.setenv("NEWSFOLD_SOURCES", "sources.toml")
        assert not harvest_tasks.is_harvested(today)
    assert harvest_tasks.is_harvested(today)
