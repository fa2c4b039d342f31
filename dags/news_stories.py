"""## news_stories

Runs one day of news: turns the raw documents delivered on that day into articles, finds their copies on the same day and on the days
before, groups them into stories, and publishes the day's tables as Parquet. Running a day again gives the same bytes.

- **Every day**: the schedule runs each UTC day when it is over.
- **Many days**: `airflow backfill create --dag-id news_stories --from-date 2026-03-01 --to-date 2026-03-07
  --reprocess-behavior completed --max-active-runs 1`, or *Trigger → Backfill*.
- **One day by hand**: trigger the DAG with the parameter `day` and *without* a logical date.
- **Every hour**: trigger it by hand with today's `day` and `so_far`, as often as you wish. The day is published as not complete, and the run by
  schedule completes it.

When a day's tables change, the DAG adds an event to the asset `newsfold_stories`, with the day as its partition.
Set where data is read and written with `NEWSFOLD_LANDING` and `NEWSFOLD_WAREHOUSE` in the workers' environment, or with the Airflow variables
`newsfold_landing` and `newsfold_warehouse`. If something goes wrong, see docs/operations.md.
"""

from datetime import timedelta
from typing import Any

import pendulum
from airflow.sdk import CronDataIntervalTimetable, Param, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException
from newsfold_airflow import (
    DEFAULTS,
    POOL,
    STORIES,
    accept_window,
    announce,
    check_choices,
    confirm,
    decide_day,
    deployment,
    heed,
    measure,
    tell_timeout,
    trace,
)


@task
def interval() -> str:
    """Decide which day to run. Fails unless the run has one whole UTC day that is over."""
    context = get_current_context()
    return decide_day(context["dag_run"], context["params"]["day"], so_far=context["params"]["so_far"])


@task
def batches(day: str) -> list[dict[str, int]]:
    """Check the days of the window, then split the day's files into batches."""
    from pipeline.app import tasks

    check_choices()
    with deployment():
        context = get_current_context()
        by_hand, params = context["dag_run"].run_type == "manual", context["params"]
        # The schedule also runs a day without news; a day that a person asks for may be mistyped.
        accept_window(day, tasks.begin(day, by_hand and not params["empty"]))
        return tasks.plan_batches(day, params["max_batches"])


_SHARE = "{{ task.op_kwargs['share']['batch'] + 1 }} of {{ task.op_kwargs['share']['of'] }}"


@task(multiple_outputs=False, pool=POOL, map_index_template=_SHARE)
def clean(day: str, share: dict[str, int]) -> dict[str, int]:
    from pipeline.app.engine_python import call_task

    with deployment():
        return call_task("clean_batch", day, share["batch"], share["of"])


# An empty day has no batches, and is published too.
@task(multiple_outputs=False, pool=POOL, trigger_rule="none_failed")
def cluster(day: str) -> dict[str, Any]:
    from pipeline.app.engine_python import call_task

    with deployment():
        return call_task("cluster", day, get_current_context()["params"]["so_far"])


@task
def quality(day: str, staged: dict[str, Any]) -> list[str]:
    """Compare the day with the last weeks and with what is published. To publish it anyway, mark this task as success."""
    from pipeline.app import tasks

    with deployment():
        so_far = get_current_context()["params"]["so_far"]  # a part of a day is no measure
        unusual, lost = [] if so_far else tasks.judge(day, staged["counts"]), staged["lost"]
        heeded = heed(day, unusual)
        if heeded or lost:  # a loss holds the day back even if the gate only warns
            how = tasks.hold(day, staged["key"], heeded, lost)
            found = "; ".join([*heeded, *lost])
            raise AirflowFailException(
                f"day={day} is held back: {found}; mark this task as success, or {how}"
            )
    return unusual


@task(multiple_outputs=False, max_active_tis_per_dag=1)
def publish(day: str, staged: dict[str, Any], judged: list[str] | None) -> dict[str, Any]:
    """Publish the day. If `quality` returned nothing, a person marked it as success: that is consent to what it held back."""
    from pipeline.app import tasks
    from pipeline.app.engine_python import call_task

    with deployment():
        context = get_current_context()
        cause = "backfill" if context["dag_run"].run_type == "backfill" else "run"
        so_far = context["params"]["so_far"]
        done = call_task("publish", day, staged["key"], judged is None, so_far, cause)
        trace([tasks.landing_uri()], tasks.table_uris())
    measure("day", done["counts"])
    return done


@task(outlets=[STORIES], max_active_tis_per_dag=1, retries=5, on_success_callback=confirm)
def tell(done: dict[str, Any], *, outlet_events: Any = None) -> None:
    """Announce the day to consumers, unless this version of it was announced before, or it is not complete and nobody asked for that."""
    params = get_current_context()["params"]
    if params["so_far"] and not params["tell_so_far"]:
        raise AirflowSkipException(f"day={done['day']} is not complete: not announced")
    announce(done, outlet_events)


@dag(
    dag_id="news_stories",
    schedule=CronDataIntervalTimetable("0 0 * * *", timezone="UTC"),
    start_date=pendulum.datetime(2026, 1, 1, tz="UTC"),
    catchup=False,
    max_active_runs=1,  # a day reads the days before it
    dagrun_timeout=timedelta(hours=6),
    allowed_run_types=["scheduled", "backfill", "manual"],  # an asset or another DAG has no day to give
    tags=["news"],
    doc_md=__doc__,
    params={
        # Runs by schedule need a valid default, and a date that may be missing is no required field of the form.
        "day": Param(
            "",
            type="string",
            pattern=r"^(\d{4}-\d{2}-\d{2})?$",
            description="The day to run, as 2026-03-05. Runs by hand need it; runs by schedule or backfill have their own.",
        ),
        "empty": Param(
            False,
            type="boolean",
            description="Publish the day even if nobody delivered it. For runs triggered by hand only.",
        ),
        "so_far": Param(
            False,
            type="boolean",
            description="More documents of the day are to come: publish it as not complete. For runs triggered by hand only.",
        ),
        "tell_so_far": Param(
            False, type="boolean", description="Announce the day though it is not complete."
        ),
        "max_batches": Param(
            4,
            type="integer",
            minimum=1,
            maximum=64,
            description="The most extraction tasks that run in parallel.",
        ),
        "window": Param(
            None,
            type=["null", "string"],
            enum=[None, "go_on", "fail"],
            description="If an earlier day of the window is missing or stale: go on (news_repair fixes the day later), or fail.",
        ),
        "quality": Param(
            None,
            type=["null", "string"],
            enum=[None, "warn", "stop"],
            description="If the day is far outside the range of the last weeks: warn, or stop before publishing it.",
        ),
    },
    default_args=DEFAULTS,
    on_failure_callback=tell_timeout,
)
def news_stories() -> None:
    day = interval()
    cleaned = clean.partial(day=day).expand(share=batches(day))
    staged = cluster(day)
    judged = quality(day, staged)
    done = publish(day, staged, judged)
    cleaned >> staged
    tell(done=done)


news_stories()
