"""## news_repair

Finds the days that are missing, incomplete or stale (late documents, a changed setting, an earlier day that ran again) and
runs them, oldest first. Afterwards the warehouse is as if all days had been run once, in order.

Runs every night, or when triggered by hand. If it would run more than `approve_above` days, it asks first: *Browse → Required
actions* shows the plan. Without an answer within 20 hours it fails, and the next night makes a new plan. A day whose
scheduled or backfill run of `news_stories` is queued or running is left to that run.
"""

import logging
from datetime import timedelta
from typing import Any

import pendulum
from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import CronTriggerTimetable, Param, dag, get_current_context, task
from newsfold_airflow import (
    DEFAULTS,
    POOL,
    STORIES,
    Question,
    announce,
    check_choices,
    chosen,
    confirm,
    days_in_work,
    deployment,
    today,
    trace,
)

log = logging.getLogger(__name__)


@task(multiple_outputs=False)
def plan() -> dict[str, Any]:
    """List the days to run, and apart from them those that run only if an earlier day changes."""
    from pipeline.app import tasks

    check_choices()
    date = today()
    with deployment():
        steps = tasks.plan_repair(date)
    busy = days_in_work(get_current_context()["ti"], [s["day"] for s in steps if s["action"] != "keep"])
    lines = [f"- {s['day']} is {s['state']}: {s['action']} ({'; '.join(s['reasons'])})" for s in steps]
    if busy:
        lines.insert(0, f"- left to runs of news_stories that are queued or running: {', '.join(busy)}")
        log.info("left to news_stories days=%s", ",".join(busy))
    return {
        "today": date,  # for the whole run, however long it waits for an answer
        "run": [s["day"] for s in steps if s["action"] in {"run", "strike"} and s["day"] not in busy],
        "days": [s["day"] for s in steps if s["action"] != "keep"],
        "text": "\n".join(lines[:100]),
    }


@task.branch
def decide(planned: dict[str, Any]) -> str | None:
    limit = get_current_context()["params"]["approve_above"]
    if not planned["run"]:
        return None
    return "approve" if len(planned["run"]) > limit else "repair"


@task(pool=POOL, trigger_rule="none_failed_min_one_success", execution_timeout=timedelta(hours=18))
def repair(planned: dict[str, Any]) -> list[dict[str, Any]]:
    from pipeline.app import tasks
    from pipeline.app.engine_python import call_task

    stop_unusual = chosen("quality") == "stop"
    with deployment():
        # A backfill may have begun since the plan was made, perhaps while a person was asked.
        steps = tasks.plan_repair(planned["today"])
        busy = days_in_work(get_current_context()["ti"], [*planned["days"], *(s["day"] for s in steps)])
        trace([tasks.landing_uri()], tasks.table_uris())
        return call_task("repair", planned["days"], planned["today"], stop_unusual, busy)


@task(
    outlets=[STORIES],
    retries=5,
    map_index_template="{{ task.op_kwargs['done']['day'] }}",
    on_success_callback=confirm,
)
def tell(done: dict[str, Any], *, outlet_events: Any = None) -> None:
    announce(done, outlet_events)


@dag(
    dag_id="news_repair",
    schedule=CronTriggerTimetable(
        "0 4 * * *", timezone="UTC"
    ),  # after news_stories has run the day that has just ended
    start_date=pendulum.datetime(2026, 1, 1, tz="UTC"),
    catchup=False,
    max_active_runs=1,
    tags=["news"],
    doc_md=__doc__,
    params={
        "approve_above": Param(
            7, type="integer", minimum=0, description="If more days than this would run, ask a person first."
        ),
    },
    default_args=DEFAULTS,
)
def news_repair() -> None:
    approve = ApprovalOperator(
        task_id="approve",
        subject="Run {{ ti.xcom_pull(task_ids='plan')['run'] | length }} days?",
        body="{{ ti.xcom_pull(task_ids='plan')['text'] }}",
        response_timeout=timedelta(hours=20),
        notifiers=[Question()],
        execution_timeout=None,  # it would limit the asking, not the waiting
    )
    planned = plan()
    repaired = repair(planned)
    decided = decide(planned)
    decided >> approve >> repaired
    decided >> repaired
    tell.expand(done=repaired)


news_repair()
