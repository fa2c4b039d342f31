"""The DAG: it parses fast, it refuses what is no day, and it publishes what the command line publishes."""

import ast
import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.model.tables import PUBLISHED
from tests.dag_runs import ROOT, parsed, run_dag, states

pytestmark = pytest.mark.xdist_group("dags")  # Airflow's database is made once

SEED_DAY = date(2026, 3, 5)


def test_the_dags_are_parsed_without_an_error(dag_file: Any) -> None:
    assert {} == dag_file.import_errors
    assert {"news_harvest", "news_stories", "news_repair", "news_maintenance", "story_report"} == set(
        dag_file.dags
    )
    dag = dag_file.dags["news_stories"]
    assert "CronDataIntervalTimetable" == type(dag.timetable).__name__
    assert (False, 1) == (dag.catchup, dag.max_active_runs)
    assert {"interval", "harvested", "batches", "clean", "cluster", "quality", "publish", "tell"} == set(
        dag.task_ids
    )


def test_publication_is_serial_over_all_runs(dag_file: Any) -> None:
    tasks = dag_file.dags["news_stories"].task_dict

    assert (1, 1) == (tasks["publish"].max_active_tis_per_dag, tasks["tell"].max_active_tis_per_dag)


@pytest.mark.parametrize("name", ["SettingsError", "ContractError", "ConservationError", "MissingInputError"])
def test_what_trying_again_cannot_mend_fails_at_once(dag_file: Any, name: str) -> None:
    from airflow.sdk import RetryAction

    from pipeline.model import errors

    policy = dag_file.dags["news_stories"].task_dict["clean"].retry_policy

    assert RetryAction.FAIL == policy.evaluate(getattr(errors, name)("no"), try_number=1, max_tries=3).action


def test_parsing_the_files_asks_neither_airflow_nor_the_pipeline_for_anything(
    dag_file: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The processor parses them all the time: no variable, no connection, no import of the pipeline."""
    from airflow.sdk import Connection, Variable

    asked: list[str] = []
    for kind in (Connection, Variable):
        monkeypatch.setattr(kind, "get", lambda name, *_, **__: asked.append(name))
    for name in [name for name in sys.modules if name.partition(".")[0] == "pipeline"]:
        monkeypatch.setitem(sys.modules, name, None)  # an import of it would be an error of the parse
    monkeypatch.setitem(sys.modules, "pipeline", None)
    monkeypatch.delitem(sys.modules, "newsfold_airflow", raising=False)
    bag = parsed()

    assert ({}, 5, []) == (bag.import_errors, len(bag.dags), asked)


class Run:
    """What `interval` sees of a run."""

    def __init__(
        self, run_type: str, start: str | None = None, end: str | None = None, logical: str | None = None
    ) -> None:
        import pendulum

        parse = lambda text: text and pendulum.parse(text)  # noqa: E731 - three uses, here only
        self.run_type, self.logical_date = run_type, parse(logical)
        self.data_interval_start, self.data_interval_end = parse(start), parse(end)


def decide(run: Run, asked: str | None = None) -> str:
    from newsfold_airflow import decide_day

    return str(decide_day(run, asked))


def test_a_run_makes_the_day_of_its_interval_and_a_run_by_hand_the_day_it_asks_for(dag_file: Any) -> None:
    interval = ("2026-03-05T00:00:00Z", "2026-03-06T00:00:00Z", "2026-03-05T00:00:00Z")

    assert "2026-03-05" == decide(Run("scheduled", *interval))
    assert "2026-03-05" == decide(Run("backfill", *interval))
    assert "2026-03-07" == decide(Run("manual"), "2026-03-07")


@pytest.mark.parametrize(
    ("run", "asked", "why"),
    [
        (("scheduled",), None, "no data interval"),
        (("scheduled", "2026-03-05T00:00:00Z", "2026-03-05T00:00:00Z"), None, "one whole UTC day"),
        (("backfill", "2026-03-05T06:00:00Z", "2026-03-06T06:00:00Z"), None, "one whole UTC day"),
        (("backfill", "2026-03-05T00:00:00Z", "2026-03-07T00:00:00Z"), None, "one whole UTC day"),
        (("scheduled", "2099-03-05T00:00:00Z", "2099-03-06T00:00:00Z"), None, "not over yet"),
        (
            ("backfill", "2026-03-05T00:00:00Z", "2026-03-06T00:00:00Z"),
            "2026-03-09",
            "for runs triggered by hand only",
        ),
        (("manual",), None, "parameter day"),
        (("manual",), "2062-01-01", "not over yet"),
        (("manual",), "0001-01-01", "days go from 1900 to 2100"),
        (("manual", None, None, "2026-03-05T00:00:00Z"), "2026-03-05", "delete this run"),
    ],
)
def test_a_run_without_a_day_of_its_own_is_refused(
    dag_file: Any, run: tuple[Any, ...], asked: str | None, why: str
) -> None:
    from airflow.sdk.exceptions import AirflowFailException

    with pytest.raises(AirflowFailException, match=why):
        decide(Run(*run), asked)


def test_nothing_heavy_is_imported_when_a_dag_is_parsed() -> None:
    """The scheduler parses the files all the time: the pipeline is imported inside tasks only."""
    nodes = [node for path in (ROOT / "dags").glob("*.py") for node in ast.parse(path.read_text()).body]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    light = {
        "airflow",
        "datetime",
        "pendulum",
        "typing",
        "newsfold_airflow",
        "logging",
        "os",
        "collections",
        "contextlib",
    }

    found = {name.split(".")[0] for name in names}
    assert {"airflow", "newsfold_airflow"} <= found <= light


def test_the_pipeline_never_imports_airflow() -> None:
    found = [
        p.name
        for p in (ROOT / "pipeline").rglob("*.py")
        if "import airflow" in p.read_text() or "from airflow" in p.read_text()
    ]

    assert [] == found


def test_the_seeds_through_airflow_are_the_seeds_through_the_command_line(
    dag_file: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One day run by Airflow gives the bytes that `newsfold run` gives."""
    from tests.conftest import published

    monkeypatch.setenv("NEWSFOLD_LANDING", str(ROOT / "seeds"))
    monkeypatch.setenv("NEWSFOLD_WAREHOUSE", str(tmp_path / "airflow"))

    run = run_dag(dag_file, str(SEED_DAY))

    assert "success" == run.state
    command = [
        sys.executable,
        "-m",
        "pipeline",
        "run",
        "-q",
        "--day",
        str(SEED_DAY),
        "--warehouse",
        str(tmp_path / "cli"),
    ]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    assert published(tmp_path / "cli") == published(tmp_path / "airflow")
    assert [] == [path for path in (tmp_path / "airflow" / "_meta" / "staging").rglob("*") if path.is_file()]


def test_an_empty_day_is_published(dag_file: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No files, no mapped task, but a valid empty partition of every table; by hand only when that is said, and never where the
    landing zone is not there.
    """
    from tests.conftest import published

    monkeypatch.setenv("NEWSFOLD_LANDING", str(tmp_path / "landing"))
    monkeypatch.setenv("NEWSFOLD_WAREHOUSE", str(tmp_path / "warehouse"))

    assert "failed" == states(run_dag(dag_file, "2026-03-06", empty=True))["batches"]
    (tmp_path / "landing").mkdir()
    assert "failed" == states(run_dag(dag_file, "2026-03-06", empty=False))["batches"]
    assert not (tmp_path / "warehouse").exists()
    assert "success" == run_dag(dag_file, "2026-03-06", empty=True).state
    assert len(PUBLISHED) == len(published(tmp_path / "warehouse"))


def test_a_day_that_is_not_over_is_refused(
    dag_file: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSFOLD_WAREHOUSE", str(tmp_path / "warehouse"))

    assert "failed" == run_dag(dag_file, "2999-01-01").state
    assert not (tmp_path / "warehouse").exists()


def test_an_earlier_day_that_is_missing_stops_a_run_that_asks_for_it(
    dag_file: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSFOLD_LANDING", str(ROOT / "seeds"))
    monkeypatch.setenv("NEWSFOLD_WAREHOUSE", str(tmp_path / "warehouse"))
    after = str(SEED_DAY + timedelta(days=1))

    assert {"batches": "failed", "publish": "upstream_failed"}.items() <= states(
        run_dag(dag_file, after, window="fail", empty=True)
    ).items()
    assert "success" == run_dag(dag_file, after, window="go_on", empty=True).state


def test_an_unusual_day_is_not_published_when_it_is_to_stop(
    dag_file: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The day is staged and waits: the task `quality` is red, and the nightly repair leaves the day alone."""
    from pipeline.app import tasks as bodies

    monkeypatch.setenv("NEWSFOLD_LANDING", str(ROOT / "seeds"))
    monkeypatch.setenv("NEWSFOLD_WAREHOUSE", str(tmp_path / "warehouse"))
    monkeypatch.setattr(bodies, "judge", lambda *_: ["copies: 99.0%, where 10.0% to 40.0% would follow"])

    found = states(run_dag(dag_file, str(SEED_DAY), quality="stop"))

    assert {"cluster": "success", "quality": "failed", "publish": "upstream_failed"}.items() <= found.items()
    assert not (tmp_path / "warehouse" / "runs").exists()
    repaired = dag_file.dags["news_repair"].test(logical_date=None)
    assert "skipped" == states(repaired)["repair"]
    assert not (tmp_path / "warehouse" / "runs").exists()
    assert "success" == run_dag(dag_file, str(SEED_DAY), quality="warn").state


def test_a_day_that_would_lose_most_is_held_back_even_where_the_gate_only_warns(
    dag_file: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The landing zone is there by half; marking `quality` as success is consent to just what was held back."""
    from tests.conftest import published

    monkeypatch.setenv("NEWSFOLD_LANDING", str(tmp_path / "landing"))
    monkeypatch.setenv("NEWSFOLD_WAREHOUSE", str(tmp_path / "warehouse"))
    folder = tmp_path / "landing" / "day=2026-03-13"
    folder.mkdir(parents=True)
    for n in range(24):
        (folder / f"{n}.txt").write_text(
            f"Boat{n} of harbour{n} met crane{n} and was sold to uncle{n} for coins{n}."
        )
    assert "success" == run_dag(dag_file, "2026-03-13").state
    before = published(tmp_path / "warehouse")
    for n in range(3, 24):
        (folder / f"{n}.txt").unlink()

    found = states(run_dag(dag_file, "2026-03-13", quality="warn"))

    assert {"quality": "failed", "publish": "upstream_failed"}.items() <= found.items()
    assert before == published(tmp_path / "warehouse")
    passed = dag_file.dags["news_stories"].test(
        logical_date=None, run_conf={"day": "2026-03-13"}, mark_success_pattern="^quality$"
    )
    assert {"quality": "success", "publish": "success"}.items() <= states(passed).items()
    assert before != published(tmp_path / "warehouse")


def test_a_repair_of_nothing_ends_without_asking(
    dag_file: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSFOLD_LANDING", str(tmp_path / "landing"))
    monkeypatch.setenv("NEWSFOLD_WAREHOUSE", str(tmp_path / "warehouse"))
    (tmp_path / "landing").mkdir()

    run = dag_file.dags["news_repair"].test(logical_date=None)

    assert {
        "plan": "success",
        "decide": "success",
        "approve": "skipped",
        "repair": "skipped",
    }.items() <= states(run).items()


def test_a_repair_of_a_few_days_runs_and_tells_those_that_are_over(
    dag_file: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.conftest import published

    monkeypatch.setenv("NEWSFOLD_LANDING", str(tmp_path / "landing"))
    monkeypatch.setenv("NEWSFOLD_WAREHOUSE", str(tmp_path / "warehouse"))
    today = str(datetime.now(UTC).date() + timedelta(days=1))  # at the latest, should midnight pass
    for day in ("2026-03-17", "2026-03-18", today, "2062-03-05"):
        folder = tmp_path / "landing" / f"day={day}"
        folder.mkdir(parents=True)
        (folder / "a.txt").write_text(
            f"The harbour council of Northport met about the dike on {day} and decided nothing."
        )

    run = dag_file.dags["news_repair"].test(logical_date=None)

    told = [str(task.state) for task in run.get_task_instances() if task.task_id == "tell"]
    assert {"approve": "skipped", "repair": "success"}.items() <= states(run).items()
    assert ["success", "success"] == told
    assert 2 * len(PUBLISHED) == len(published(tmp_path / "warehouse"))


def test_maintenance_says_what_there_is(
    dag_file: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSFOLD_LANDING", str(ROOT / "seeds"))
    monkeypatch.setenv("NEWSFOLD_WAREHOUSE", str(tmp_path / "warehouse"))

    run = dag_file.dags["news_maintenance"].test(logical_date=None)

    assert {
        "clean_up": "success",
        "retire": "success",
        "index": "success",
        "survey": "success",
        "clean_airflow": "skipped",
        "freshness": "failed",
    } == (states(run))


def test_maintenance_removes_airflows_records_of_old_runs_where_it_may(
    dag_file: Any, places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A task may not open Airflow's database by itself; the URL comes from a command, as in what this repository starts."""
    from airflow.models.dagrun import DagRun
    from airflow.utils.session import create_session
    from sqlalchemy import select

    url = os.environ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]
    monkeypatch.setenv("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_CMD", f"printf %s {url}")
    monkeypatch.setenv("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "airflow-db-not-allowed:///")  # as in a task
    now = datetime.now(UTC)
    with create_session() as session:
        for days in (1, 80, 100):
            began = now - timedelta(days=days)
            session.add(
                DagRun(
                    dag_id="news_stories",
                    run_id=f"old_{days}",
                    run_type="manual",
                    state="success",
                    run_after=began,
                    start_date=began,
                )
            )

    assert "success" == states(dag_file.dags["news_maintenance"].test(logical_date=None))["clean_airflow"]
    with create_session() as session:
        kept = set(session.scalars(select(DagRun.run_id).where(DagRun.run_id.startswith("old_"))))
    assert {"old_1", "old_80"} == kept


def test_the_places_come_from_airflows_variables_when_the_environment_has_none(
    dag_file: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The variables are read as Airflow reads them, here from `AIRFLOW_VAR_…`."""
    monkeypatch.delenv("NEWSFOLD_LANDING", raising=False)
    monkeypatch.delenv("NEWSFOLD_WAREHOUSE", raising=False)
    monkeypatch.setenv("AIRFLOW_VAR_NEWSFOLD_LANDING", str(ROOT / "seeds"))
    monkeypatch.setenv("AIRFLOW_VAR_NEWSFOLD_WAREHOUSE", str(tmp_path / "warehouse"))

    assert "success" == run_dag(dag_file, str(SEED_DAY)).state
    assert (tmp_path / "warehouse" / "runs" / f"day={SEED_DAY}").is_dir()
    assert "NEWSFOLD_WAREHOUSE" not in os.environ


def test_the_keys_of_the_store_come_from_airflows_connection(
    dag_file: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from newsfold_airflow import deployment

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NEWSFOLD_LANDING", "s3://news/landing")
    monkeypatch.setenv("NEWSFOLD_WAREHOUSE", "s3://news/warehouse")
    stored = {
        "conn_type": "aws",
        "login": "me",
        "password": "secret",
        "extra": {"endpoint_url": "http://127.0.0.1:1", "region_name": "x"},
    }
    monkeypatch.setenv("AIRFLOW_CONN_NEWSFOLD_S3", json.dumps(stored))

    with deployment():
        assert ("me", "secret") == (os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"])
        assert ("http://127.0.0.1:1", "x") == (
            os.environ["AWS_ENDPOINT_URL"],
            os.environ["AWS_DEFAULT_REGION"],
        )
    assert "AWS_ACCESS_KEY_ID" not in os.environ
