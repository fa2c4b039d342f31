"""What consumers are told: each day once for each change that readers see, whatever else Airflow is busy with."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import published
from tests.dag_runs import deliver, repair, run_dag, states, text, told

pytestmark = pytest.mark.xdist_group("dags")


def test_a_day_is_told_once(dag_file: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second run changes nothing and tells nothing; one that finds another day there does."""
    monkeypatch.setenv("NEWSFOLD_LANDING", str(tmp_path / "landing"))
    monkeypatch.setenv("NEWSFOLD_WAREHOUSE", str(tmp_path / "warehouse"))

    (tmp_path / "landing").mkdir()
    told = [states(run_dag(dag_file, "2026-03-09", empty=True))["tell"] for _ in range(2)]
    folder = tmp_path / "landing" / "day=2026-03-09"
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text(
        "The harbour council of Northport met about the dike on Monday and decided nothing."
    )

    assert ["success", "skipped"] == told
    assert "success" == states(run_dag(dag_file, "2026-03-09"))["tell"]


def test_what_was_told_of_one_warehouse_is_not_told_of_another(
    dag_file: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same day with the same rows in two places: consumers of the second hear of it too, and of each once."""
    monkeypatch.setenv("NEWSFOLD_LANDING", str(tmp_path / "landing"))
    (tmp_path / "landing").mkdir()
    told = []
    for name in ("first", "second", "first"):
        monkeypatch.setenv("NEWSFOLD_WAREHOUSE", str(tmp_path / name))
        told.append(states(run_dag(dag_file, "2026-03-11", empty=True))["tell"])

    assert ["success", "success", "skipped"] == told


def test_an_event_says_of_the_day_whether_it_keeps_the_contract_and_what_it_left_out(
    dag_file: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from airflow.models.asset import AssetEvent
    from airflow.utils.session import create_session
    from sqlalchemy import select

    monkeypatch.setenv("NEWSFOLD_LANDING", str(tmp_path / "landing"))
    monkeypatch.setenv("NEWSFOLD_WAREHOUSE", str(tmp_path / "warehouse"))
    (tmp_path / "landing").mkdir()
    assert "success" == states(run_dag(dag_file, "2026-03-13", empty=True))["tell"]

    with create_session() as session:
        extra = session.scalar(select(AssetEvent.extra).order_by(AssetEvent.id.desc()).limit(1))
    assert {"n_breaches": 0, "breaches": [], "rejected_share": 0.0}.items() <= extra["quality"].items()


@contextmanager
def waiting(dag_id: str, day: str | None = None, of_the_last_event: bool = False) -> Iterator[None]:
    """A run that Airflow has made and not begun: a queued backfill of a day, or one that an event brought about."""
    from airflow.models.asset import AssetEvent
    from airflow.models.dagrun import DagRun
    from airflow.utils.session import create_session
    from sqlalchemy import select

    day_begins = datetime.fromisoformat(f"{day}T00:00:00+00:00") if day else None
    with create_session() as session:
        run = DagRun(
            dag_id=dag_id,
            run_id=f"waiting_{day}",
            run_type="backfill" if day else "asset_triggered",
            state="queued",
            logical_date=day_begins,
            run_after=datetime.now(UTC),
        )
        session.add(run)
        if of_the_last_event:
            event = session.scalar(select(AssetEvent).order_by(AssetEvent.id.desc()).limit(1))
            assert event is not None
            event.created_dagruns.append(run)
    try:
        yield
    finally:
        with create_session() as session:
            session.delete(session.get_one(DagRun, run.id))


def noon(of: int) -> datetime:
    """A logical date of its own: without one, `DAG.test` clears the tasks of all runs before."""
    return datetime(2026, 4, of, 12, tzinfo=UTC)


def test_a_consumer_that_is_still_queued_keeps_nobody_from_telling(dag_file: Any, places: Path) -> None:
    """While a run that an event made has no start date, Airflow can't list the asset's events."""
    deliver(places, "2026-04-02", text(1))
    assert "success" == states(run_dag(dag_file, "2026-04-02"))["tell"]

    with waiting("story_report", of_the_last_event=True):
        assert "skipped" == states(run_dag(dag_file, "2026-04-02"))["tell"]
        deliver(places, "2026-04-02", text(1), text(2))
        assert "success" == states(run_dag(dag_file, "2026-04-02"))["tell"]


def test_a_task_that_died_before_its_event_stood_is_made_up_for_by_the_next_run(
    dag_file: Any, places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import newsfold_airflow
    from airflow.sdk.exceptions import AirflowFailException

    def die(*_: Any) -> None:
        raise AirflowFailException("the machine is gone")

    deliver(places, "2026-04-04", text(1))
    with monkeypatch.context() as patch:
        patch.setattr(newsfold_airflow.log, "info", die)  # its last line, when the mark is there
        assert "failed" == states(run_dag(dag_file, "2026-04-04"))["tell"]

    assert ["success", "skipped"] == [states(run_dag(dag_file, "2026-04-04"))["tell"] for _ in range(2)]


def test_a_task_that_died_after_its_event_stood_is_not_repeated_by_the_next_run(
    dag_file: Any, places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It had no time to confirm the mark; its own state says that it has told."""
    deliver(places, "2026-04-06", text(1))
    with monkeypatch.context() as patch:
        patch.setattr(dag_file.dags["news_stories"].task_dict["tell"], "on_success_callback", [])
        assert "success" == states(run_dag(dag_file, "2026-04-06", noon(7)))["tell"]

    assert "skipped" == states(run_dag(dag_file, "2026-04-06", noon(8)))["tell"]


def test_nobody_is_told_of_a_day_that_only_read_other_input(dag_file: Any, places: Path) -> None:
    """A late page of the day before is nothing to this one: it runs again, and its rows are the same."""
    deliver(places, "2026-04-08", text(1))
    deliver(places, "2026-04-09", text(2))
    assert {"success"} == {states(run_dag(dag_file, day))["tell"] for day in ("2026-04-08", "2026-04-09")}
    before = published(places / "warehouse")
    deliver(places, "2026-04-08", text(1), text(3))

    repaired = repair(dag_file)

    changed = {path for path, data in published(places / "warehouse").items() if before[path] != data}
    assert "runs/day=2026-04-09/part-0.parquet" in changed
    assert "articles/day=2026-04-09/part-0.parquet" not in changed
    assert {"2026-04-08": "success", "2026-04-09": "skipped"} == told(repaired)


def test_a_repair_leaves_the_days_of_a_waiting_backfill_to_it(dag_file: Any, places: Path) -> None:
    for n, day in enumerate(("2026-04-12", "2026-04-13")):
        deliver(places, day, text(n))

    with waiting("news_stories", "2026-04-12"):
        assert {"2026-04-13": "success"} == told(repair(dag_file))
        assert not (places / "warehouse" / "runs" / "day=2026-04-12").exists()

    assert {"2026-04-12", "2026-04-13"} >= set(told(repair(dag_file)))
    assert (places / "warehouse" / "runs" / "day=2026-04-12").is_dir()


def test_a_backfill_that_began_after_the_plan_was_made_keeps_its_days(
    dag_file: Any, places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plan may have waited for an answer for hours."""
    deliver(places, "2026-04-15", text(1))
    answers = [[], ["2026-04-15"]]  # what is in work when the plan is made, and when the repair begins
    module = dag_file.dags["news_repair"].task_dict["plan"].python_callable.__globals__
    monkeypatch.setitem(module, "days_in_work", lambda *_: answers.pop(0))
    repair(dag_file)

    assert [] == answers
    assert not (places / "warehouse" / "runs" / "day=2026-04-15").exists()


def test_a_consumer_that_was_paused_catches_up_when_it_is_triggered_without_a_day(
    dag_file: Any, places: Path
) -> None:
    """Pages that are missing, and those about another version of their day, are written; the others stay."""
    days = ["2026-04-17", "2026-04-18", "2026-04-19"]
    for n, day in enumerate(days):
        deliver(places, day, text(n))
        assert "success" == run_dag(dag_file, day).state
    report = dag_file.dags["story_report"]
    pages = places / "warehouse" / "_meta" / "reports"

    assert "success" == report.test(logical_date=None).state
    both = [f"{day}.{kind}" for day in days for kind in ("html", "md")]
    assert both == sorted(page.name for page in pages.iterdir())
    assert f"({days[0]}.html)" in (pages / f"{days[0]}.md").read_text()
    assert '<span class="n">1</span>' in (pages / f"{days[1]}.html").read_text()
    (pages / f"{days[0]}.md").unlink()
    deliver(places, days[1], text(1), text(7))
    assert "success" == run_dag(dag_file, days[1]).state
    standing = (pages / f"{days[2]}.md").stat().st_mtime_ns

    assert "success" == report.test(logical_date=None).state
    assert "- articles: 1" in (pages / f"{days[0]}.md").read_text()
    assert "- articles: 2" in (pages / f"{days[1]}.md").read_text()
    assert '<span class="n">2</span>' in (pages / f"{days[1]}.html").read_text()
    assert standing == (pages / f"{days[2]}.md").stat().st_mtime_ns


def test_counts_go_out_as_statsd_gauges(monkeypatch: pytest.MonkeyPatch, dag_file: Any) -> None:
    """Through Airflow's own metrics, to a socket that listens."""
    import socket

    from airflow.sdk._shared.observability.metrics import stats
    from airflow.sdk._shared.observability.metrics.statsd_logger import SafeStatsdLogger
    from newsfold_airflow import measure
    from statsd import StatsClient

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.settimeout(5)
        monkeypatch.setattr(
            stats,
            "_backend",
            SafeStatsdLogger(StatsClient("127.0.0.1", listener.getsockname()[1], prefix="airflow")),
        )
        measure("day", {"n_raw": 5})

        assert b"airflow.newsfold.day.raw:5|g" == listener.recv(1000)
