"""The DAG: it parses fast, it refuses what is no day, and it publishes what the command line publishes."""

import ast
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
SEED_DAY = date(2026, 3, 5)


@pytest.fixture(scope="session")
def dag_file() -> Iterator[Any]:
    """The DAGs, parsed against a database of their own; Airflow reads its settings when it is first imported."""
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {
            "AIRFLOW_HOME": home,
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home}/airflow.db",
            "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
        }
        from airflow.dag_processing.dagbag import BundleDagBag
        from airflow.utils.db import initdb

        initdb()
        yield BundleDagBag(dag_folder=ROOT / "dags", bundle_path=ROOT / "dags", bundle_name="dags-folder")


def run_dag(bag: Any, day: str, **conf: Any) -> Any:
    return bag.dags["news_stories"].test(logical_date=None, run_conf={"day": day, **conf})


def test_the_dags_are_parsed_without_an_error(dag_file: Any) -> None:
    assert {} == dag_file.import_errors
    dag = dag_file.dags["news_stories"]
    assert "CronDataIntervalTimetable" == type(dag.timetable).__name__
    assert (False, 1) == (dag.catchup, dag.max_active_runs)
    assert {"interval", "batches", "clean", "cluster", "quality", "publish", "tell"} == set(dag.task_ids)
    assert [] == [t.task_id for t in dag.tasks if (t.retries < 1 or not t.execution_timeout)]


def test_nothing_heavy_is_imported_when_a_dag_is_parsed() -> None:
    """The scheduler parses the files all the time: the pipeline is imported inside tasks only."""
    for path in (ROOT / "dags").glob("*.py"):
        top = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.Import | ast.ImportFrom)]
        names = {alias.name for node in top if isinstance(node, ast.Import) for alias in node.names}
        names |= {node.module or "" for node in top if isinstance(node, ast.ImportFrom)}

        assert set() == {n for n in names if n.split(".")[0] not in {"airflow", "datetime", "pendulum", "typing", "newsfold_airflow", "logging", "os", "collections", "contextlib"}}


def test_the_pipeline_never_imports_airflow() -> None:
    found = [p.name for p in (ROOT / "pipeline").rglob("*.py") if "import airflow" in p.read_text() or "from airflow" in p.read_text()]

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
    command = [sys.executable, "-m", "pipeline", "run", "-q", "--day", str(SEED_DAY), "--warehouse", str(tmp_path / "cli")]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    assert published(tmp_path / "cli") == published(tmp_path / "airflow")
    assert [] == list((tmp_path / "airflow" / "_meta" / "staging").iterdir())


def test_an_empty_day_is_published(dag_file: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No files, no mapped task, but a valid empty partition of every table."""
    from tests.conftest import published

    monkeypatch.setenv("NEWSFOLD_LANDING", str(tmp_path / "landing"))
    monkeypatch.setenv("NEWSFOLD_WAREHOUSE", str(tmp_path / "warehouse"))

    assert "success" == run_dag(dag_file, "2026-03-06").state
    assert 6 == len(published(tmp_path / "warehouse"))


def test_a_day_that_is_not_over_is_refused(dag_file: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSFOLD_WAREHOUSE", str(tmp_path / "warehouse"))

    assert "failed" == run_dag(dag_file, "2999-01-01").state
    assert not (tmp_path / "warehouse").exists()
