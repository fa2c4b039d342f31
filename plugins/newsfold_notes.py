"""A note on the page of each run: of news_stories its day and its counts, from raw documents to stories; of news_harvest its new
pages, and the sources that are not well.

A task cannot write a note, but a listener can: the scheduler calls it when a run has ended, with the run in its session.
"""

import sys
from typing import TYPE_CHECKING, Any, ClassVar

from airflow.listeners import hookimpl
from airflow.plugins_manager import AirflowPlugin

if TYPE_CHECKING:
    from airflow.models.dagrun import DagRun
    from sqlalchemy.orm import Session

_FUNNEL = [
    "raw",
    "rejects",
    "articles",
    "exact",
    "near",
    "excerpt",
    "expanded",
    "refetch",
    "revisions",
    "flows",
    "reports",
    "stories",
]  # in this order: the database returns the counts in its own
_OURS = "day "  # how our own notes begin; only these are replaced, never what a person wrote


@hookimpl
def on_dag_run_success(dag_run: "DagRun") -> None:
    _note(dag_run, "")


@hookimpl
def on_dag_run_failed(dag_run: "DagRun", msg: str) -> None:
    _note(dag_run, msg)


def _note(dag_run: "DagRun", failure: str) -> None:
    """Write the note in the session that has the run. Another session would wait for its lock, or close the scheduler's own."""
    from airflow.utils.session import create_session
    from sqlalchemy.orm import object_session

    if dag_run.dag_id not in _WRITERS:
        return
    if session := object_session(dag_run):
        _WRITERS[dag_run.dag_id](session, dag_run, failure)
        return
    with create_session() as session:  # after `dag.test()` the run has no session, and nothing is locked
        _WRITERS[dag_run.dag_id](session, session.get_one(type(dag_run), dag_run.id), failure)


def _write(session: "Session", dag_run: "DagRun", failure: str) -> None:
    if not (dag_run.note or _OURS).startswith(_OURS):
        return
    made = _xcoms(session, dag_run, "return_value", ["interval", "cluster", "publish"])
    counts = (made.get("publish") or made.get("cluster") or {}).get("counts", {})
    told = ", ".join(f"{counts[f'n_{name}']} {name}" for name in _FUNNEL if f"n_{name}" in counts)
    ending = f"; failed: {_failures(session, dag_run) or failure}" if failure else ""
    dag_run.note = f"{_OURS}{made.get('interval', 'unknown')}: {told or 'no counts'}{ending}"[:1000]


def _write_harvest(session: "Session", dag_run: "DagRun", failure: str) -> None:
    """What a person wrote stays."""
    found = _xcoms(session, dag_run, "return_value", ["fetch"]).get("fetch")
    if found and not failure and not dag_run.note:
        dag_run.note = found["summary"][:1000]


_WRITERS = {"news_stories": _write, "news_harvest": _write_harvest}


def _failures(session: "Session", dag_run: "DagRun") -> str:
    """The tasks that failed, each with the reason that it left; one whose process was killed left none."""
    tasks = dag_run.get_task_instances(session=session)
    failed = sorted({task.task_id for task in tasks if task.state == "failed"})
    reasons = _xcoms(session, dag_run, "failure", failed) if failed else {}
    return "; ".join(f"{task}: {reasons[task]}" if task in reasons else task for task in failed)


def _xcoms(session: "Session", dag_run: "DagRun", key: str, tasks: list[str]) -> dict[str, Any]:
    """What the tasks of the run left under a key, by task."""
    from airflow.models.xcom import XComModel

    asked = XComModel.get_many(run_id=dag_run.run_id, dag_ids=dag_run.dag_id, key=key, task_ids=tasks)
    return {one.task_id: XComModel.deserialize_value(one) for one in session.scalars(asked)}


class Notes(AirflowPlugin):
    """Registers this module's listeners."""

    name = "newsfold_notes"
    listeners: ClassVar[list[Any]] = [sys.modules[__name__]]
