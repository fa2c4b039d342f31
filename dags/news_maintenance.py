"""## news_maintenance

Once a week, removes what crashed runs left behind and state that no run will read again; published tables stay. If
`NEWSFOLD_KEEP_DAYS` is set, it also removes the texts of older days, for good. Then it builds the search indexes that are
missing, and reports the days, rows and bytes of each table, and how many days are fresh, stale, missing or held back. Last, it
removes Airflow's own records of old runs. The task `freshness` fails where the newest published day ended longer ago than `max_age`.
"""

import os
from datetime import date, timedelta
from typing import Any

import pendulum
from airflow.sdk import CronTriggerTimetable, Param, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException
from newsfold_airflow import DEFAULTS, deployment, measure, today


@task(multiple_outputs=False)
def clean_up() -> dict[str, int]:
    from pipeline.app import tasks

    with deployment():
        gone = tasks.clean_up(get_current_context()["params"]["older_than_hours"], today())
    measure("gc", gone)
    return gone


@task(multiple_outputs=False, trigger_rule="all_done")
def retire() -> dict[str, int]:
    """Remove the texts of days older than `NEWSFOLD_KEEP_DAYS` for good; do nothing if it is not set."""
    from pipeline.app import tasks

    with deployment():
        gone = tasks.retire(today())
    measure("retired", gone)
    return gone


@task(multiple_outputs=False, trigger_rule="all_done")
def index() -> dict[str, int]:
    """Build what makes searching fast, for the days that were published since."""
    from pipeline.app import tasks

    with deployment():
        found = tasks.build_search_indexes()
    measure("search", found)
    return found


@task(multiple_outputs=False, trigger_rule="all_done")
def survey() -> dict[str, Any]:
    from pipeline.app import tasks

    with deployment():
        found = tasks.survey(today())
    measure("days", found["days"])
    for name, sizes in found["tables"].items():
        measure(f"tables.{name}", sizes)
    return found


@task(multiple_outputs=False, retries=0)  # a day that is late is not there a minute later
def freshness() -> dict[str, Any]:
    """Fail if the newest published day ended longer ago than `max_age`: somebody should look at `news_stories`."""
    from pipeline.app import watch_tasks

    with deployment():
        return watch_tasks.freshness(get_current_context()["params"]["max_age"])


_DATABASE = "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"


@task(trigger_rule="all_done")
def clean_airflow() -> None:
    """Run `airflow db clean`. Airflow keeps its database from tasks, so this works only where its URL comes from a command.

    Airflow puts a false URL into a task's environment, which would win over the command.
    """
    import subprocess
    import sys

    if f"{_DATABASE}_CMD" not in os.environ:
        raise AirflowSkipException(f"{_DATABASE}_CMD is not set: run `airflow db clean` yourself")
    before = date.fromisoformat(today()) - timedelta(days=get_current_context()["params"]["keep_runs_days"])
    blocked = (_DATABASE, "AIRFLOW__CORE__SQL_ALCHEMY_CONN")
    environment = {name: value for name, value in os.environ.items() if name not in blocked}
    command = [sys.executable, "-m", "airflow", "db", "clean", "--yes", "--skip-archive"]
    command += ["--error-on-cleanup-failure", "--clean-before-timestamp", f"{before}T00:00:00+00:00"]
    subprocess.run(command, env=environment, check=True)  # noqa: S603 - Airflow's own command


@dag(
    dag_id="news_maintenance",
    schedule=CronTriggerTimetable("0 5 * * 0", timezone="UTC"),
    start_date=pendulum.datetime(2026, 1, 1, tz="UTC"),
    catchup=False,
    max_active_runs=1,
    tags=["news"],
    doc_md=__doc__,
    params={
        "older_than_hours": Param(
            24, type="number", minimum=1, description="Keep younger files: a run may still be writing them."
        ),
        "max_age": Param(
            "26h", type="string", description="How long ago the newest published day may have ended."
        ),
        "keep_runs_days": Param(
            90, type="integer", minimum=7, description="Keep Airflow's records of the runs of so many days."
        ),
    },
    default_args=DEFAULTS,
)
def news_maintenance() -> None:
    freshness()  # beside the others: nothing waits for it, and it fails the run
    clean_up() >> retire() >> index() >> survey() >> clean_airflow()


news_maintenance()
