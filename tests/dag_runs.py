"""The DAGs against a database of their own, for the tests of tests/test_dags*.py, which share a process."""

import os
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def dag_file() -> Iterator[Any]:
    """The DAGs, parsed; Airflow reads its settings when it is first imported."""
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {
            "AIRFLOW_HOME": home,
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home}/airflow.db",
            "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
            "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
        }
        from airflow.utils.db import initdb

        initdb()
        yield parsed()


def parsed() -> Any:
    """The DAGs, parsed once more."""
    from airflow.dag_processing.dagbag import BundleDagBag

    return BundleDagBag(dag_folder=ROOT / "dags", bundle_path=ROOT / "dags", bundle_name="dags-folder")


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a landing zone without documents and a warehouse that does not exist yet; the environment names them."""
    monkeypatch.setenv("NEWSFOLD_LANDING", str(tmp_path / "landing"))
    monkeypatch.setenv("NEWSFOLD_WAREHOUSE", str(tmp_path / "warehouse"))
    (tmp_path / "landing").mkdir()
    return tmp_path


def run_dag(bag: Any, day: str, at: datetime | None = None, **conf: Any) -> Any:
    """A run by hand. What is not given is said: a DAG that was parsed once keeps what the last test asked for.

    `DAG.test` removes the last run of the same logical date, `at`; it may be left out.
    """
    no = dict.fromkeys(("empty", "so_far", "tell_so_far"), False)
    asked = {"day": day, **no, "quality": None, "window": None, **conf}
    return bag.dags["news_stories"].test(logical_date=at, run_conf=asked)


def repair(bag: Any) -> Any:
    return bag.dags["news_repair"].test(logical_date=None)


def states(run: Any) -> dict[str, str]:
    return {task.task_id: str(task.state) for task in run.get_task_instances()}


def told(run: Any) -> dict[str, str]:
    """The states of the tasks of a repair that announce, by the day."""
    tasks = [task for task in run.get_task_instances() if task.task_id == "tell"]
    return {str(task.rendered_map_index): str(task.state) for task in tasks}


def note(run: Any) -> str:
    """The note as Airflow's database has it."""
    from airflow.models.dagrun import DagRun
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        return str(session.scalar(select(DagRun).where(DagRun.run_id == run.run_id)).note)


def text(n: int) -> str:
    """A report of its own."""
    return " ".join(f"Pilot{n}x{i} moored boat{n}x{i} at quay{n}x{i} before noon." for i in range(12))


def deliver(root: Path, day: str, *texts: str) -> None:
    folder = root / "landing" / f"day={day}"
    folder.mkdir(parents=True, exist_ok=True)
    for n, words in enumerate(texts):
        (folder / f"{n}.txt").write_text(words)
